"""Links to other taxonomies as SSSOM: a TSV table under a header of metadata in YAML."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast
from urllib.parse import quote, unquote

from launchpad.errors import ImportRefusedError
from launchpad.records.taxonomy import JUSTIFICATIONS, RELATIONS
from launchpad.taxonomies.csvs import cells_of
from launchpad.taxonomies.plain import link_from
from launchpad.taxonomies.skos_words import ELSEWHERE, concept_at
from launchpad.taxonomies.tree import Link, Tree

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "object_source_version",
    "mapping_justification",
    "confidence",
    "author_label",
    "mapping_date",
    "mapping_source",
    "comment",
    "justification",
    "reviewed",
)
SEMAPV: Mapping[str, str] = {
    "manual": "ManualMappingCuration",
    "lexical": "LexicalMatching",
    "embedding": "SemanticSimilarityThresholdMatching",
    "llm": "BackgroundKnowledgeBasedMatching",
    "published": "MappingReview",
    "unspecified": "UnspecifiedMatching",
}
JUSTIFIED = {term.casefold(): name for name, term in SEMAPV.items()}
OWN = "own"
TURNED = {"broad": "narrow", "narrow": "broad"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTH = 1_000_000


def sssom_of(tree: Tree) -> str:
    """The links of a tree as SSSOM TSV; `justification` and `reviewed` are declared as extensions."""
    prefixes = {OWN: f"{ELSEWHERE}{quote(tree.code, safe='')}#"}
    for link in tree.links:
        prefixes.setdefault(_prefix(link.taxonomy, prefixes), _base(link))
    names = {base: prefix for prefix, base in prefixes.items()}
    labels = {one.code: one.name for one in tree.concepts}
    made = io.StringIO()
    made.writelines(f"# {line}\n" for line in _header(tree, prefixes))
    writer = csv.writer(made, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for link in tree.links:
        prefix = names[_base(link)]
        writer.writerow(_safe(cell) for cell in _row(link, prefix, labels[link.code]))
    return made.getvalue()


def links_from(text: str, where: str, own: str, codes: Mapping[str, str]) -> tuple[tuple[Link, ...], tuple[str, ...]]:
    """The links in a table, and what of it was left out.

    `own` is the code of the project's taxonomy; `codes` are its codes, by code and by address. Rows whose object is
    ours and whose subject is not are turned round. Raises ImportRefusedError for what is no SSSOM table.
    """
    lines = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    head = [line.removeprefix("#").removeprefix(" ") for line in lines if line.startswith("#")]
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
    missing = [name for name in ("subject_id", "predicate_id", "object_id") if name not in (rows.fieldnames or ())]
    if missing:
        raise ImportRefusedError(f"{where} is no SSSOM table: it has no {', '.join(missing)}.", "Save it as TSV.")
    prefixes = _prefixes("\n".join(head), where)
    problems: list[str] = []
    reader = _Rows(prefixes, own, codes, problems)
    try:
        with cells_of(WIDTH):
            found = tuple(reader.links(rows))
    except csv.Error as error:
        raise ImportRefusedError(f"{where} is no table: {error}.", "Save it as TSV once more.") from None
    return found, tuple(problems)


class _Rows:
    """The rows of one table, read with its prefixes."""

    def __init__(self, prefixes: Mapping[str, str], own: str, codes: Mapping[str, str], problems: list[str]) -> None:
        self._prefixes, self._own, self._codes, self._problems = prefixes, own, codes, problems

    def links(self, rows: Iterable[Mapping[str, str | None]]) -> Iterator[Link]:
        for number, row in enumerate(rows, 1):
            cells = {name: _plain(value or "") for name, value in row.items() if name in COLUMNS or name == "author_id"}
            link = self._link(cells, f"mapping {number}")
            if link is not None:
                yield link

    def _link(self, row: Mapping[str, str], where: str) -> Link | None:
        subject, other = self._end(row["subject_id"]), self._end(row["object_id"])
        ours, theirs, turned = self._ours(subject), other, False
        if ours is None:
            ours, theirs, turned = self._ours(other), subject, True
        if ours is None:
            said = f"neither {row['subject_id'][:60]!r} nor {row['object_id'][:60]!r} is a risk area of the project"
            self._problems.append(f"{where}: {said}; left out")
            return None
        relation = row["predicate_id"].rpartition(":")[2].rpartition("#")[2].removesuffix("Match")
        taxonomy, version, concept = theirs
        side = "subject" if turned else "object"
        given: dict[str, Any] = {
            "code": ours,
            "taxonomy": taxonomy.rstrip("#") if "://" not in taxonomy else taxonomy,
            "concept": concept,
            "relation": TURNED.get(relation, relation) if turned else relation,
            "version": version or row.get(f"{side}_source_version"),
            "concept_name": row.get(f"{side}_label"),
            "confidence": row.get("confidence"),
            "justification": _justification(row),
            "asserted_by": row.get("author_label") or row.get("author_id"),
            "asserted_on": row.get("mapping_date"),
            "reviewed": row.get("reviewed"),
            "source": row.get("mapping_source"),
            "note": row.get("comment"),
        }
        if relation not in RELATIONS:
            given["relation"] = row["predicate_id"]
        return link_from(given, where, self._problems)

    def _end(self, words: str) -> tuple[str, str | None, str]:
        prefix, colon, local = words.partition(":")
        if colon and prefix in self._prefixes:
            return concept_at(self._prefixes[prefix] + local)
        if "://" in words or words.startswith(ELSEWHERE):
            return concept_at(words)
        return (prefix, None, unquote(local)) if colon else ("", None, words)

    def _ours(self, end: tuple[str, str | None, str]) -> str | None:
        taxonomy, _, code = end
        if taxonomy in (self._own, OWN, ""):
            return self._codes.get(code)
        return self._codes.get(f"{taxonomy}{code}")


def _justification(row: Mapping[str, str]) -> str:
    own = row.get("justification", "")
    if own in JUSTIFICATIONS:
        return own
    return JUSTIFIED.get(row.get("mapping_justification", "").rpartition(":")[2].casefold(), "unspecified")


def _prefix(taxonomy: str, taken: Mapping[str, str]) -> str:
    if "://" not in taxonomy:
        made = "".join(character if character.isalnum() or character in "-_." else "_" for character in taxonomy)
        return f"{made}_" if made == OWN else made
    bases = {base: prefix for prefix, base in taken.items()}
    return bases.get(taxonomy, f"ns{len(taken)}")


def _base(link: Link) -> str:
    return link.taxonomy if "://" in link.taxonomy else f"{ELSEWHERE}{quote(link.taxonomy, safe='')}#"


def _header(tree: Tree, prefixes: Mapping[str, str]) -> list[str]:
    import yaml

    about = {
        "curie_map": {
            **prefixes,
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "semapv": "https://w3id.org/semapv/vocab/",
        },
        "mapping_set_id": f"urn:launchpad:mappings:{quote(tree.code, safe='')}",
        "mapping_set_version": tree.version,
        "mapping_set_title": f"Links of {tree.name}",
        "license": tree.licence or "not stated",
        "subject_source": tree.code,
        "extension_definitions": [
            {"slot_name": "justification", "property": "urn:launchpad:terms#justification"},
            {"slot_name": "reviewed", "property": "urn:launchpad:terms#reviewed"},
        ],
    }
    return yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=WIDTH).splitlines()


def _row(link: Link, prefix: str, label: str) -> list[str]:
    return [
        f"{OWN}:{quote(link.code, safe='')}",
        label,
        f"skos:{link.relation}Match",
        f"{prefix}:{quote(link.concept, safe='')}",
        link.concept_name or "",
        link.version or "",
        f"semapv:{SEMAPV[link.justification]}",
        "" if link.confidence is None else repr(link.confidence),
        link.asserted_by or "",
        link.asserted_on or "",
        link.source or "",
        " ".join((link.note or "").split()),
        link.justification,
        "true" if link.reviewed else "false",
    ]


def _prefixes(head: str, where: str) -> Mapping[str, str]:
    import yaml

    try:
        about: object = yaml.safe_load(head) if head.strip() else {}
    except (yaml.YAMLError, RecursionError):
        raise ImportRefusedError(f"{where}: its header is not YAML.", "Each line of it starts with #.") from None
    given = cast("Mapping[str, Any]", about if isinstance(about, Mapping) else {})
    prefixes: object = given.get("curie_map")
    found = cast("Mapping[object, object]", prefixes if isinstance(prefixes, Mapping) else {})
    return {str(key): str(value) for key, value in found.items()}


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell

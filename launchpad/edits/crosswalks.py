"""The bundled crosswalks: which categories, tags and tasks of a harness mean what in which taxonomy."""

import csv
import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launchpad import paths
from launchpad.edits.evidence import tags_of
from launchpad.records import EvalResult, Evaluation
from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.tree import Concept

TOPICS = "launchpad-topics"
OVER_REFUSAL = "over-refusal"
EXACT, CLOSE, BROAD, NARROW, RELATED = "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"
INVERSE: Mapping[str, str] = {BROAD: NARROW, NARROW: BROAD}
MACHINE = re.compile(r"\[(?:llm|embedding|lexical)\]")
MACHINE_WORTH = 0.5
_MAKER = re.compile(r"\[([^\]]*)\]$")
_MAKERS = {
    "llm": "a language model's mapping",
    "embedding": "a mapping by text similarity",
    "lexical": "a mapping by word similarity",
    "manual": "a person's mapping",
    "in-file": "the publisher's own mapping",
    "own": "our own mapping",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """What a SKOS relation from evidence to a risk area is worth, and how it is said."""

    relevance: float
    strong: bool
    words: str


@dataclass(frozen=True, slots=True)
class Key:
    """A category of a taxonomy that a result falls under, and what in the result says so.

    `where` is tag, category, task, metric or kind: the last three speak of all samples of a run.
    """

    taxonomy: str
    code: str
    said: str
    where: str


@dataclass(frozen=True, slots=True)
class Match:
    """A category of another taxonomy that a key leads to: how near, by which table, and made by whom."""

    taxonomy: str
    code: str
    relation: str
    source: str
    by_machine: bool = False
    reviewed: bool = False

    @property
    def said(self) -> str:
        """Where it comes from, who made it, and whether anybody looked, in words."""
        maker = _MAKER.search(self.source)
        if maker is None:
            return self.source
        who = next((words for name, words in _MAKERS.items() if name in maker[1]), "a mapping")
        return f"{self.source[: maker.start()].strip()}, {who}, {'reviewed' if self.reviewed else 'not reviewed'}"


@dataclass(frozen=True, slots=True)
class _Scheme:
    taxonomy: str
    harness: re.Pattern[str]
    task: re.Pattern[str]
    where: str
    pattern: re.Pattern[str]


def normal(text: str) -> str:
    """A code or name without case and punctuation, so that spc_hlt, SPC-HLT and "spc hlt" are one."""
    return re.sub(r"[\W_]+", ".", text.casefold()).strip(".")


def wildcards(patterns: str) -> re.Pattern[str]:
    """Whole names with `*` and `?`; several, with commas, mean any of them; case does not matter."""
    parts = [part.strip() for part in patterns.split(",") if part.strip()]
    each = [re.escape(part).replace(r"\*", ".*").replace(r"\?", ".") for part in parts]
    return re.compile("|".join(f"(?:{part})" for part in each), re.IGNORECASE | re.DOTALL)


def keys_of(result: EvalResult, evaluation: Evaluation) -> tuple[Key, ...]:
    """The categories a result falls under by its tags, category, task and metric; none twice."""
    kind = evaluation.kind if evaluation.kind == "over_refusal" else ""
    harness, task, metric = evaluation.harness or result.harness, evaluation.task or "", evaluation.metric or ""
    return _keys(harness, task, metric, result.part or "", tags_of(result), kind)


@functools.lru_cache(maxsize=16384)
def _keys(harness: str, task: str, metric: str, category: str, tags: tuple[str, ...], kind: str) -> tuple[Key, ...]:
    found: dict[tuple[str, str], Key] = {}
    if kind:
        found[TOPICS, OVER_REFUSAL] = Key(TOPICS, OVER_REFUSAL, "its evaluation measures over-refusal", "kind")
    values = [("tag", tag) for tag in tags] + [("category", category), ("task", task), ("metric", metric)]
    for where, value in values:
        for taxonomy, code in _codes(harness, task, where, value) if value else ():
            found.setdefault((taxonomy, normal(code)), Key(taxonomy, code, f"its {where} is {value}", where))
    return tuple(found.values())


def _codes(harness: str, task: str, where: str, value: str) -> Iterator[tuple[str, str]]:
    taxonomy, _, code = value.partition(":")
    if where == "tag" and code and taxonomy in _graph():
        yield taxonomy, code
    for scheme in _schemes():
        if scheme.where != where or not scheme.harness.fullmatch(harness) or not scheme.task.fullmatch(task):
            continue
        if match := scheme.pattern.fullmatch(value):
            yield scheme.taxonomy, "".join(match.groups())


@functools.lru_cache(maxsize=16384)
def matches(key: Key) -> tuple[Match, ...]:
    """Where a key leads: itself, what the crosswalks say of it, and one step further where that keeps meaning.

    A code no table names is looked up without its last part ("harmful:cybercrime:malicious-code",
    "1.1.6"), then as what is wider. A further step is taken only from what is the same, or between
    close ones, which then are only related: closeness is not handed on (SKOS Reference, 10.6.7).
    """
    itself = Match(key.taxonomy, normal(key.code), EXACT, "the result's own category", reviewed=True)
    first = list(_links(key.taxonomy, key.code))
    further = (onward for step in first for onward in _onward(step) if onward.taxonomy != key.taxonomy)
    return _best([itself, *first, *further])


def _onward(step: Match) -> Iterator[Match]:
    """Where the links of a category lead that a key has led to."""
    for link in _graph().get(step.taxonomy, {}).get(step.code, ()):
        relation = composed(step.relation, link.relation)
        trusted = step.relation == EXACT or not (step.by_machine or link.by_machine)
        if relation is not None and trusted:
            source = step.source if step.by_machine else link.source
            by_machine, reviewed = step.by_machine or link.by_machine, step.reviewed and link.reviewed
            yield Match(link.taxonomy, link.code, relation, source, by_machine, reviewed)


def _best(found: list[Match]) -> tuple[Match, ...]:
    """The strongest match with each category."""
    best: dict[tuple[str, str], Match] = {}
    for match in found:
        known = best.get((match.taxonomy, match.code))
        if known is None or worth(match) > worth(known):
            best[match.taxonomy, match.code] = match
    return tuple(best.values())


def worth(match: Match) -> float:
    """The relevance a match suggests; half where a machine made it and nobody looked."""
    return relations()[match.relation].relevance * (MACHINE_WORTH if match.by_machine and not match.reviewed else 1.0)


def _links(taxonomy: str, code: str) -> Iterator[Match]:
    """The links of a code, or of what it is a part of."""
    nodes, part = _graph().get(taxonomy, {}), code
    while part:
        if found := nodes.get(normal(part)):
            for link in found:
                relation = link.relation if part == code else composed(BROAD, link.relation)
                if relation is not None:
                    yield Match(link.taxonomy, link.code, relation, link.source, link.by_machine, link.reviewed)
            return
        part = re.sub(r"(?:^|[:./_ ])[^:./_ ]*$", "", part)


def composed(first: str, second: str) -> str | None:
    """What two relations in a row come to; None where nothing is left of the meaning."""
    if EXACT in (first, second):
        return second if first == EXACT else first
    if first == second and first in (BROAD, NARROW):
        return first
    if (first, second) in ((BROAD, CLOSE), (CLOSE, BROAD)):
        return BROAD
    return RELATED if (first, second) in ((CLOSE, CLOSE), (BROAD, RELATED)) else None


@functools.cache
def relations() -> Mapping[str, Relation]:
    """What each relation is worth, from resources/crosswalks/relations.csv."""
    return {
        row["relation"]: Relation(float(row["relevance"]), row["strong"] == "true", row["words"])
        for row in _rows("relations")
    }


@functools.cache
def topics() -> Mapping[str, tuple[str, ...]]:
    """The topics no bundled taxonomy has, each with the phrases by which an area of one's own is known."""
    return {row["code"]: tuple(map(normal, row["phrases"].split(";"))) for row in _rows("topics")}


@functools.cache
def markers() -> Mapping[str, str]:
    """What the source of a release says when it is a bundled taxonomy, by the taxonomy."""
    return {row["taxonomy"]: row["marker"] for row in _rows("taxonomies")}


@functools.cache
def bundled_areas() -> Mapping[str, Mapping[str, Concept]]:
    """The areas of the bundled taxonomies by taxonomy and normal code."""
    return {slug: {normal(one.code): one for one in found.tree.concepts} for slug, found in bundled().items()}


@functools.cache
def bundled_names() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The taxonomy and normal code of every area of that normal name, in the taxonomies that carry definitions."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for slug, nodes in bundled_areas().items():
        for code, node in nodes.items() if bundled()[slug].defined else ():
            if node.parents:
                found[normal(node.name)].append((slug, code))
    return {name: tuple(codes) for name, codes in found.items()}


def links_of(taxonomy: str, code: str) -> tuple[Match, ...]:
    """What the bundled crosswalks say of one category of a taxonomy, seen from it."""
    return _graph().get(taxonomy, {}).get(normal(code), ())


@functools.cache
def judged_different() -> frozenset[tuple[str, str, str, str]]:
    """Pairs (taxonomy, normal code, taxonomy, normal code) judged to have nothing in common, both ways."""
    ends = [
        (row["from_taxonomy"], normal(row["from_id"]), row["to_taxonomy"], normal(row["to_id"]))
        for row in _rows("nomatch")
    ]
    return frozenset([*ends, *((*end[2:], *end[:2]) for end in ends)])


@functools.cache
def _schemes() -> tuple[_Scheme, ...]:
    return tuple(
        _Scheme(
            row["taxonomy"],
            wildcards(row["harness"]),
            wildcards(row["task"]),
            row["where"],
            re.compile(row["pattern"], re.IGNORECASE),
        )
        for row in _rows("schemes")
    )


@functools.cache
def _graph() -> Mapping[str, Mapping[str, tuple[Match, ...]]]:
    """Every link of the crosswalks from both its ends, by taxonomy and normal code."""
    found: dict[str, dict[str, list[Match]]] = defaultdict(lambda: defaultdict(list))
    for name in _tables():
        for row in _rows(name):
            start, end = (row["from_taxonomy"], normal(row["from_id"])), (row["to_taxonomy"], normal(row["to_id"]))
            relation, reviewed = row["relation"].removeprefix("skos:"), row["reviewed"] == "yes"
            by_machine = MACHINE.search(row["source"]) is not None
            back = INVERSE.get(relation, relation)
            found[start[0]][start[1]].append(Match(*end, relation, row["source"], by_machine, reviewed))
            found[end[0]][end[1]].append(Match(*start, back, row["source"], by_machine, reviewed))
    return {taxonomy: {code: tuple(links) for code, links in nodes.items()} for taxonomy, nodes in found.items()}


def _tables() -> list[str]:
    known = {"schemes", "relations", "topics", "taxonomies", "nomatch"}
    return [path.stem for path in sorted(_folder().glob("*.csv")) if path.stem not in known]


def _folder() -> Path:
    return paths.resources() / "crosswalks"


def _rows(name: str) -> list[dict[str, str]]:
    with (_folder() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

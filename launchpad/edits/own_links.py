"""Links of the project's risk areas to published taxonomies: suggested, added, reviewed."""

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from launchpad.changes import Change, insert, update
from launchpad.edits.areas import taxonomy_of
from launchpad.edits.crosswalks import Match, bundled_areas, judged_different, links_of, normal
from launchpad.edits.records import made_from, refuse_taken
from launchpad.edits.taxonomy_trees import link_changes
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import CrosswalkLink, Inputs, Person, RiskArea, TaxonomyRelease
from launchpad.records.taxonomy import RELATIONS
from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.tree import Concept, Link

OVERLAP = 0.6
SOURCE_OF_NAMES = "Launchpad, by comparing names"
_MAKER = re.compile(r"\[([^\]]*)\]$")
_MAKERS = {"llm": "llm", "embedding": "embedding", "lexical": "lexical", "in-file": "published"}
_SMALL = frozenset({"and", "or", "of", "the", "a", "an", "in", "to", "for", "with", "on", "by", "other", "related"})


def suggested(inputs: Inputs, taxonomy: str | None = None) -> tuple[Link, ...]:
    """Links a person may want to review: from the bundled crosswalks, and by names; none that is there already.

    None of them is reviewed. By names: the same words are close, most of the words the same only related. What
    somebody judged to have nothing in common is left out.
    """
    there = {(row.area, row.taxonomy, normal(row.concept)) for row in inputs.rows(CrosswalkLink)}
    found: dict[tuple[int, str, str], Link] = {}
    for area in inputs.rows(RiskArea):
        if area.status == "deprecated":
            continue
        own = taxonomy_of(inputs, inputs.get(TaxonomyRelease, area.release))
        for link in (*_by_crosswalk(area, own), *_by_name(area, own)):
            key = (area.id, link.taxonomy, normal(link.concept))
            if key not in there and (taxonomy is None or link.taxonomy == taxonomy):
                found.setdefault(key, link)
    return tuple(sorted(found.values(), key=lambda link: (link.code, link.taxonomy, link.concept)))


def take(inputs: Inputs, links: Sequence[Link]) -> list[Change]:
    """The changes that add links as they are, unreviewed where they are so."""
    return link_changes(inputs, links, {area.code: area.id for area in inputs.rows(RiskArea)})


def add_link(inputs: Inputs, area: RiskArea, taxonomy: str, concept: str, relation: str, **fields: object) -> Change:
    """The change that adds a link a person asserts; version and name of a bundled concept are filled in.

    Raises InvalidValueError for an unknown relation, UnknownRecordError for a code a bundled taxonomy does not have.
    """
    if relation not in RELATIONS:
        raise InvalidValueError(f"{relation!r} is no relation.", f"Choose one of: {', '.join(RELATIONS)}.")
    values: dict[str, object] = {"justification": "manual", **fields}
    if taxonomy in bundled():
        node = bundled_areas()[taxonomy].get(normal(concept))
        if node is None:
            raise UnknownRecordError(
                f"{taxonomy} has no concept {concept!r}.", f"See launchpad taxonomy show {taxonomy}."
            )
        concept = node.code
        values = {"version": bundled()[taxonomy].tree.version, "concept_name": node.name, **values}
    about = {"area": area.id, "taxonomy": taxonomy, "concept": concept, "relation": relation}
    made = made_from(CrosswalkLink, {"asserted_on": _today(), **values, **about})
    refuse_taken(inputs, made)
    return insert(made)


def review(links: Iterable[CrosswalkLink], *, relation: str | None = None, by: Person | None = None) -> list[Change]:
    """The changes that mark links as looked at and agreed with, with another relation where one is given."""
    if relation is not None and relation not in RELATIONS:
        raise InvalidValueError(f"{relation!r} is no relation.", f"Choose one of: {', '.join(RELATIONS)}.")
    changes: list[Change] = []
    for link in links:
        fields: dict[str, object] = {"reviewed": True}
        if relation is not None and relation != link.relation:
            note = f"Was {link.relation} ({link.justification}) before review."
            fields |= {"relation": relation, "justification": "manual", "note": f"{link.note or ''} {note}".strip()}
        if by is not None:
            fields |= {"asserted_by": link.asserted_by or by.id, "asserted_on": link.asserted_on or _today()}
        change = update(link, **fields)
        changes.extend([] if change is None else [change])
    return changes


def links_named(inputs: Inputs, addresses: Sequence[str]) -> tuple[CrosswalkLink, ...]:
    """The links of these addresses; of an area's code alone, all of that area."""
    found: dict[int, CrosswalkLink] = {}
    areas = {area.code: area for area in inputs.rows(RiskArea)}
    for address in addresses:
        rows: Sequence[CrosswalkLink]
        if address in areas:
            rows = inputs.children(CrosswalkLink, "area", areas[address].id)
        else:
            rows = (inputs.find(CrosswalkLink, address),)
        found.update({row.id: row for row in rows})
    return tuple(found.values())


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _by_crosswalk(area: RiskArea, own: str | None) -> Iterator[Link]:
    """What the bundled crosswalks say of an area of a bundled taxonomy."""
    if own is None or normal(area.code) not in bundled_areas()[own]:
        return
    for match in links_of(own, area.code):
        node = bundled_areas().get(match.taxonomy, {}).get(match.code)
        if node is not None and match.taxonomy != own:
            yield _link(area, match, node)


def _link(area: RiskArea, match: Match, node: Concept) -> Link:
    maker = _MAKER.search(match.source)
    said = "" if maker is None else maker[1]
    justification = next((name for word, name in _MAKERS.items() if word in said), None)
    return Link(
        code=area.code,
        taxonomy=match.taxonomy,
        concept=node.code,
        relation=match.relation.removesuffix("Match"),
        version=bundled()[match.taxonomy].tree.version,
        concept_name=node.name,
        justification=justification or ("manual" if said else "unspecified"),
        reviewed=False,
        source=match.source,
    )


def _by_name(area: RiskArea, own: str | None) -> Iterator[Link]:
    mine = _words(area.name)
    if not mine:
        return
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for word in mine:
        for place in _names().get(word, ()):
            seen[place] += 1
    for (taxonomy, code), shared in seen.items():
        node = bundled_areas()[taxonomy][code]
        theirs = _words(node.name)
        share = shared / len(mine | theirs)
        ends = (own or "", normal(area.code), taxonomy, code)
        if taxonomy == own or share < OVERLAP or ends in judged_different() or node.status == "deprecated":
            continue
        yield Link(
            code=area.code,
            taxonomy=taxonomy,
            concept=node.code,
            relation="close" if share == 1 else "related",
            version=bundled()[taxonomy].tree.version,
            concept_name=node.name,
            justification="lexical",
            source=SOURCE_OF_NAMES,
            note=f"{share:.0%} of the words in the two names are the same.",
        )


@functools.cache
def _names() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The taxonomy and normal code of every bundled concept, by each word of its name."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for taxonomy, nodes in bundled_areas().items():
        for code, node in nodes.items():
            for word in _words(node.name):
                found[word].append((taxonomy, code))
    return {word: tuple(places) for word, places in found.items()}


def _words(name: str) -> frozenset[str]:
    """The words of a name that mean something, in the singular."""
    words = re.findall(r"[^\W\d_]+", name.casefold())
    return frozenset(_singular(word) for word in words if word not in _SMALL)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word

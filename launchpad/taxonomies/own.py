"""The taxonomy of a project as a tree: as it stands, and as it was when it was released."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from launchpad.records import (
    AreaChange,
    AreaFacet,
    AreaParent,
    Clause,
    CrosswalkLink,
    Example,
    Inputs,
    Person,
    PolicyVersion,
    RiskArea,
    TaxonomyRelease,
)
from launchpad.taxonomies.plain import TEXTS, plain_tree, tree_from
from launchpad.taxonomies.tree import Concept, Link, Said, Tree

SAID = "skos:"
ENDS = frozenset({"split", "merge", "deprecate"})


def tree_of(inputs: Inputs, release: TaxonomyRelease) -> Tree:
    """The risk areas that belong to a release now, in the order of their codes, with their links."""
    areas = [area for area in inputs.rows(RiskArea) if area.release == release.id]
    concepts = tuple(_concept(inputs, area) for area in sorted(areas, key=lambda area: area.code))
    mine = {area.id: area.code for area in areas}
    links = [_link(inputs, link, mine[link.area]) for link in inputs.rows(CrosswalkLink) if link.area in mine]
    return Tree(
        code=release.code,
        name=release.name,
        version=release.version,
        source=release.source,
        licence=release.licence,
        verification=release.verification,
        released_on=release.released_on,
        previous=release.previous,
        concepts=concepts,
        links=tuple(sorted(links, key=lambda link: (link.code, link.taxonomy, link.concept))),
    )


def release_tree(inputs: Inputs, release: TaxonomyRelease) -> Tree:
    """A release as it was released: from its snapshot, or as its areas stand where none was kept."""
    kept = inputs.text(release.snapshot)
    if kept is None:
        return tree_of(inputs, release)
    return tree_from(json.loads(kept), f"The snapshot of {release.code}", release.code)


def snapshot(tree: Tree) -> bytes:
    """The tree as it is kept for good: the same tree gives the same bytes."""
    return json.dumps(plain_tree(tree), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def facet_of(said: Said) -> tuple[str, str]:
    """What is said of a concept as a facet of its risk area, so that labels in other languages are not lost."""
    return f"{SAID}{said.kind}" + (f"@{said.language}" if said.language else ""), said.text


def said_of(facet: str, value: str) -> Said | None:
    """What a facet says of a concept; None for a facet of its own."""
    if not facet.startswith(SAID):
        return None
    kind, _, language = facet.removeprefix(SAID).partition("@")
    return Said(kind, value, language or None)


def successors(inputs: Inputs, area: RiskArea) -> tuple[str, ...]:
    """The codes of what a deprecated area was replaced by: all it was split into, else the one its evidence goes to."""
    if area.status != "deprecated":
        return ()
    ends = [row for row in inputs.children(AreaChange, "area", area.id) if row.kind in ENDS]
    latest = max(ends, key=lambda row: (_generation(inputs, row.release), row.place), default=None)
    if latest is not None and latest.kind == "split":
        known = {row.code for row in inputs.rows(RiskArea)}
        codes = (code.strip() for code in (latest.others or "").split(","))
        return tuple(code for code in codes if code in known)
    return () if area.replaced_by is None else (inputs.get(RiskArea, area.replaced_by).code,)


def _generation(inputs: Inputs, release: int) -> int:
    """How many releases come before one."""
    by_code = {row.code: row for row in inputs.rows(TaxonomyRelease)}
    row, seen = inputs.get(TaxonomyRelease, release), set[str]()
    while row.previous in by_code and row.code not in seen:
        seen.add(row.code)
        row = by_code[row.previous]
    return len(seen)


def _concept(inputs: Inputs, area: RiskArea) -> Concept:
    further = sorted(inputs.get(RiskArea, row.parent).code for row in inputs.children(AreaParent, "area", area.id))
    main = [] if area.parent is None else [inputs.get(RiskArea, area.parent).code]
    facets = sorted((row.facet, row.value) for row in inputs.children(AreaFacet, "area", area.id))
    said = [one for facet in facets if (one := said_of(*facet)) is not None]
    texts: Mapping[str, Any] = {name: getattr(area, name) for name in TEXTS}
    return Concept(
        code=area.code,
        name=area.name,
        parents=tuple(dict.fromkeys([*main, *further])),
        facets=tuple(facet for facet in facets if not facet[0].startswith(SAID)),
        area_class=area.area_class,
        handling=area.handling,
        status=area.status,
        replaced_by=successors(inputs, area),
        said=tuple(said),
        **texts,
    )


def _link(inputs: Inputs, link: CrosswalkLink, code: str) -> Link:
    return Link(
        code=code,
        taxonomy=link.taxonomy,
        concept=link.concept,
        relation=link.relation,
        version=link.version,
        concept_name=link.concept_name,
        confidence=link.confidence,
        justification=link.justification,
        asserted_by=None if link.asserted_by is None else inputs.get(Person, link.asserted_by).code,
        asserted_on=link.asserted_on,
        reviewed=link.reviewed,
        source=link.source,
        note=link.note,
    )


def examples_of(inputs: Inputs) -> Mapping[str, frozenset[str]]:
    """On which sides of the line each area (by code) has examples, its own and those of its clauses."""
    clauses: dict[tuple[int, str], int] = {}
    for clause in inputs.rows(Clause):
        if clause.area is not None:
            clauses[inputs.get(PolicyVersion, clause.version).policy, clause.code] = clause.area
    found: dict[str, set[str]] = defaultdict(set)
    for example in inputs.rows(Example):
        area = example.area
        if area is None and example.policy is not None and example.clause is not None:
            area = clauses.get((example.policy, example.clause))
        if area is not None and example.side is not None:
            found[inputs.get(RiskArea, area).code].add(example.side)
    return {code: frozenset(sides) for code, sides in found.items()}

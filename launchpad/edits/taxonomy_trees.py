"""A tree taken into a project: its release, risk areas, further parents, facets and links."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from launchpad.changes import Change, insert, new_id, update
from launchpad.edits import Proposal
from launchpad.edits.records import made_from
from launchpad.edits.values import checked
from launchpad.errors import InvalidValueError
from launchpad.records import (
    AreaChange,
    AreaFacet,
    AreaParent,
    CrosswalkLink,
    Inputs,
    Person,
    RiskArea,
    TaxonomyRelease,
    values_of,
)
from launchpad.taxonomies.own import facet_of
from launchpad.taxonomies.plain import TEXTS
from launchpad.taxonomies.tree import Concept, Link, Tree, shown

FIELDS = ("name", "area_class", "handling", "status", *TEXTS)
SPLIT_REASON = "Split before it was imported."


@dataclass(frozen=True, slots=True)
class Imported:
    """What taking in a tree would write, and which areas it adds, changes, leaves, or does not name, by code."""

    proposal: Proposal
    release: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    not_named: tuple[str, ...]
    links: int
    problems: tuple[str, ...]


def seed(tree: Tree, *, status: str = "released") -> list[Change]:
    """The changes that add a taxonomy to a project that has none of its areas yet."""
    return list(import_tree(Inputs({}), tree, status=status).proposal.changes)


def import_tree(inputs: Inputs, tree: Tree, *, prefix: str = "", status: str = "draft") -> Imported:
    """What takes a settled tree into a project: as a new release, or over the draft of that code.

    Over a draft, what the file says replaces what is there, what it leaves empty stays, and areas it does not name
    stay and are told. `prefix` is put before every code. Raises InvalidValueError over a released taxonomy, and for
    codes that areas of another taxonomy have.
    """
    tree = _prefixed(tree, prefix)
    release = next((row for row in inputs.rows(TaxonomyRelease) if row.code == tree.code), None)
    if release is not None and release.status == "released":
        raise InvalidValueError(
            f"{release.code} is released and no longer edited.",
            "Draft the next release first (launchpad taxonomy draft), or give another code with --as.",
        )
    there = {area.code: area for area in inputs.rows(RiskArea)}
    _refuse_foreign(tree, there, release)
    made = release or _release(tree, status)
    rows = {one.code: _row(one, there.get(one.code), made, tree) for one in tree.concepts}
    placed = _placed(tree, rows, there)
    areas = [change for code in placed for change in _area_changes(placed[code], there.get(code))]
    linked = list(_link_changes(inputs, tree, placed))
    beside = [*_parents(inputs, tree, placed), *_facets(inputs, tree, placed), *_splits(inputs, tree, placed, made)]
    later = [*_replaced(tree, placed, there), *beside, *linked]
    changes = [*([] if release else [insert(made)]), *areas, *later]
    touched = {change.key for change in (*areas, *later)} | {_owner(change) for change in beside}
    known = [one.code for one in tree.concepts if one.code in there]
    return Imported(
        proposal=Proposal(tuple(changes)),
        release=made.code,
        added=tuple(one.code for one in tree.concepts if one.code not in there),
        changed=tuple(code for code in known if there[code].id in touched),
        unchanged=tuple(code for code in known if there[code].id not in touched),
        not_named=tuple(code for code, area in there.items() if area.release == made.id and code not in rows),
        links=len(linked),
        problems=tree.problems,
    )


def _owner(change: Change) -> object:
    return (change.after or change.before or {}).get("area")


def _prefixed(tree: Tree, prefix: str) -> Tree:
    if not prefix:
        return tree
    concepts = tuple(
        dataclasses.replace(
            one,
            code=prefix + one.code,
            parents=tuple(prefix + code for code in one.parents),
            replaced_by=tuple(prefix + code for code in one.replaced_by),
        )
        for one in tree.concepts
    )
    links = tuple(dataclasses.replace(link, code=prefix + link.code) for link in tree.links)
    return dataclasses.replace(tree, concepts=concepts, links=links)


def _refuse_foreign(tree: Tree, there: Mapping[str, RiskArea], release: TaxonomyRelease | None) -> None:
    own = None if release is None else release.id
    foreign = [one.code for one in tree.concepts if one.code in there and there[one.code].release != own]
    if foreign:
        raise InvalidValueError(
            f"Another taxonomy of the project has risk areas with these codes: {shown(foreign)}.",
            "Give every code of the file a prefix with --prefix, or import over that taxonomy with --as CODE.",
        )


def _release(tree: Tree, status: str) -> TaxonomyRelease:
    names = ("code", "name", "version", "source", "licence", "verification", "released_on", "previous")
    made = made_from(TaxonomyRelease, {**{name: getattr(tree, name) for name in names}, "status": status})
    if not isinstance(made, TaxonomyRelease):
        raise TypeError(made)
    return made


def _row(concept: Concept, known: RiskArea | None, release: TaxonomyRelease, tree: Tree) -> RiskArea:
    """The area of a concept, its parents not yet set."""
    said = {name: getattr(concept, name) for name in FIELDS}
    if known is None:
        said["introduced_in"] = said["introduced_in"] or f"{tree.code} {tree.version}"
        return checked(RiskArea(id=new_id(), code=concept.code, release=release.id, **said))
    blank = Concept(code="", name="")
    given = {name: value for name, value in said.items() if value != getattr(blank, name)}
    return checked(dataclasses.replace(known, **given))


def _placed(tree: Tree, rows: Mapping[str, RiskArea], there: Mapping[str, RiskArea]) -> dict[str, RiskArea]:
    """The areas with their main parents, every parent before its children."""
    found: dict[str, RiskArea] = {}
    known = tree.by_code()
    for start in tree.concepts:
        line: list[Concept] = []
        concept: Concept | None = start
        while concept is not None and concept.code not in found:
            line.append(concept)
            concept = known.get(concept.parent) if concept.parent else None
        for one in reversed(line):
            parent = found[one.parent].id if one.parent else getattr(there.get(one.code), "parent", None)
            found[one.code] = dataclasses.replace(rows[one.code], parent=parent)
    return found


def _area_changes(row: RiskArea, known: RiskArea | None) -> list[Change]:
    if known is None:
        return [insert(row)]
    change = update(known, **values_of(row))
    return [] if change is None else [change]


def _replaced(tree: Tree, placed: Mapping[str, RiskArea], there: Mapping[str, RiskArea]) -> list[Change]:
    """Who replaces whom, once every area is in."""
    changes: list[Change | None] = []
    for one in tree.concepts:
        if len(one.replaced_by) == 1:
            row = placed[one.code]
            known = row if one.code not in there else dataclasses.replace(row, replaced_by=there[one.code].replaced_by)
            changes.append(update(known, replaced_by=placed[one.replaced_by[0]].id))
    return [change for change in changes if change is not None]


def _parents(inputs: Inputs, tree: Tree, placed: Mapping[str, RiskArea]) -> list[Change]:
    there = {(row.area, row.parent) for row in inputs.rows(AreaParent)}
    pairs = [(placed[one.code].id, placed[code].id) for one in tree.concepts for code in one.parents[1:]]
    return [
        insert(AreaParent(id=new_id(), area=area, parent=parent))
        for area, parent in pairs
        if (area, parent) not in there
    ]


def _facets(inputs: Inputs, tree: Tree, placed: Mapping[str, RiskArea]) -> list[Change]:
    there = {(row.area, row.facet, row.value) for row in inputs.rows(AreaFacet)}
    changes: list[Change] = []
    for one in tree.concepts:
        for facet, value in dict.fromkeys((*one.facets, *map(facet_of, one.said))):
            key = (placed[one.code].id, facet, value)
            if key not in there:
                changes.append(insert(checked(AreaFacet(id=new_id(), area=key[0], facet=facet, value=value))))
    return changes


def _splits(inputs: Inputs, tree: Tree, placed: Mapping[str, RiskArea], release: TaxonomyRelease) -> Sequence[Change]:
    """A concept with several successors was split: recorded, so that its labels are given anew."""
    place = max((row.place for row in inputs.children(AreaChange, "release", release.id)), default=0)
    changes: list[Change] = []
    for one in tree.concepts:
        others = ",".join(one.replaced_by)
        area = placed[one.code]
        known = any(row.others == others for row in inputs.children(AreaChange, "area", area.id))
        if len(one.replaced_by) < 2 or known:
            continue
        reason = next((said.text for said in one.said if said.kind in ("historyNote", "changeNote")), SPLIT_REASON)
        row = AreaChange(
            id=new_id(),
            release=release.id,
            place=place + len(changes) + 1,
            kind="split",
            area=area.id,
            others=others,
            reason=reason,
            carried="relabel",
        )
        changes.append(insert(checked(row)))
    return changes


def _link_changes(inputs: Inputs, tree: Tree, placed: Mapping[str, RiskArea]) -> list[Change]:
    return link_changes(inputs, tree.links, {code: row.id for code, row in placed.items()})


def link_changes(inputs: Inputs, links: Sequence[Link], areas: Mapping[str, int]) -> list[Change]:
    """The changes that add links, or change those of the same area and concept; `areas` gives row ids by code.

    An author the project does not have is named in the note instead.
    """
    there = {(row.area, row.taxonomy, row.concept): row for row in inputs.rows(CrosswalkLink)}
    people = {person.code: person.id for person in inputs.rows(Person)}
    changes: dict[tuple[int, str, str], Change] = {}
    for link in links:
        key = (areas[link.code], link.taxonomy, link.concept)
        values = _link_values(link, people)
        known = there.get(key)
        if known is None:
            changes[key] = insert(made_from(CrosswalkLink, {"area": key[0], **values}))
        elif (change := update(known, **{**values_of(known), **values})) is not None:
            changes[key] = change
    return list(changes.values())


def _link_values(link: Link, people: Mapping[str, int]) -> dict[str, object]:
    values = {field.name: getattr(link, field.name) for field in dataclasses.fields(Link) if field.name != "code"}
    values["asserted_by"] = people.get(link.asserted_by or "")
    if link.asserted_by and values["asserted_by"] is None and link.asserted_by not in (link.note or ""):
        values["note"] = f"{link.note} " if link.note else ""
        values["note"] += f"Asserted by {link.asserted_by}."
    return values

"""Operations on a draft of the taxonomy: each with its reason, its effect on what hangs on it, and a record of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from launchpad.changes import Change, insert, new_id, update
from launchpad.edits.records import made_from, refuse_taken, set_values
from launchpad.edits.taxonomy_effects import KEEP, MAP, RELABEL, Effect, carries, effects, moved
from launchpad.edits.values import checked
from launchpad.errors import InvalidValueError
from launchpad.records import AreaChange, AreaParent, Inputs, RiskArea, TaxonomyRelease
from launchpad.records.taxonomy import RELATIONS

DEFINING = frozenset({"plain", "research", "prompt", "includes", "excludes", "severity_guide", "area_class"})


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation would do: its record, its effects, and the changes that carry it out."""

    kind: str
    area: str
    others: tuple[str, ...]
    carried: str
    reason: str
    effects: tuple[Effect, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One area that another is split into: its code, its name where it is new, and how it stands to the old one."""

    code: str
    name: str | None = None
    relation: str = "narrow"


def add(inputs: Inputs, release: TaxonomyRelease, code: str, name: str, reason: str, **fields: object) -> Operation:
    """A new risk area in a draft; it is a draft itself until the release. `parent` is a row id."""
    _refuse(inputs, release, reason)
    made = _new_area(inputs, release, code, name, **fields)
    return _operation(inputs, release, "add", made, reason, [insert(made)])


def rename(inputs: Inputs, area: RiskArea, name: str, reason: str) -> Operation:
    """Another name for the same thing: the code stays, and all that hangs on it."""
    release = _draft_of(inputs, area, reason)
    changes = set_values(area, name=name)
    _refuse_nothing(changes, area, "is already called that")
    return _operation(inputs, release, "rename", area, reason, changes, hanging=list(effects(inputs, area, KEEP)))


def redefine(inputs: Inputs, area: RiskArea, fields: Mapping[str, object], relation: str, reason: str) -> Operation:
    """Other definitions: what hangs on the area stays where the new meaning is the same, close or broader."""
    release = _draft_of(inputs, area, reason)
    _refuse_relation(relation)
    wrong = sorted(fields.keys() - DEFINING)
    if wrong:
        raise InvalidValueError(
            f"{', '.join(wrong)} is no part of a definition.", f"Give one of: {', '.join(sorted(DEFINING))}."
        )
    changes = set_values(area, **fields)
    _refuse_nothing(changes, area, "is already defined so")
    carried = KEEP if carries(relation) == MAP else RELABEL
    hanging = list(effects(inputs, area, carried))
    return _operation(inputs, release, "redefine", area, reason, changes, carried=carried, hanging=hanging)


def move(inputs: Inputs, area: RiskArea, under: RiskArea | None, reason: str, *, also: bool = False) -> Operation:
    """Another place in the tree; with `also` a further parent beside the one it has. All that hangs on it stays."""
    release = _draft_of(inputs, area, reason)
    if under is not None and area.id in {under.id, *_above(inputs, under)}:
        raise InvalidValueError(
            f"{under.code} lies under {area.code}; it cannot be its parent as well.", "Choose another place."
        )
    if also and under is not None:
        made = AreaParent(id=new_id(), area=area.id, parent=under.id)
        refuse_taken(inputs, made)
        changes = [insert(made)]
    else:
        changes = set_values(area, parent=None if under is None else under.id)
    _refuse_nothing(changes, area, "is already there")
    others = () if under is None else (under.code,)
    hanging = list(effects(inputs, area, KEEP))
    return _operation(inputs, release, "move", area, reason, changes, others=others, hanging=hanging)


def split(inputs: Inputs, area: RiskArea, parts: Sequence[Part], reason: str) -> Operation:
    """Several areas in place of one, which is deprecated.

    Labels and evidence move only where one single part is the same as, close to or broader than the old area;
    otherwise they stay with it and must be given anew.
    """
    release = _draft_of(inputs, area, reason)
    if len({part.code for part in parts}) < 2:
        raise InvalidValueError(f"{area.code} would be split into fewer than two areas.", "Name at least two.")
    changes: list[Change] = []
    rows: list[RiskArea] = []
    for part in parts:
        _refuse_relation(part.relation)
        row = _part(inputs, release, area, part)
        rows.append(row)
        changes.extend([] if inputs.has(RiskArea, row.id) else [insert(row)])
    heirs = [row for row, part in zip(rows, parts, strict=True) if carries(part.relation) == MAP]
    heir = heirs[0] if len(heirs) == 1 else None
    codes = tuple(part.code for part in parts)
    return _ended(
        inputs, release, area, "split", codes, reason, heir=heir, before=changes, children_to=_parent_of(inputs, area)
    )


def merge(inputs: Inputs, areas: Sequence[RiskArea], into: RiskArea, reason: str) -> tuple[Operation, ...]:
    """One area in place of several, which are deprecated: it is broader than each, so all that hangs on them moves."""
    if into.id in {area.id for area in areas}:
        areas = [area for area in areas if area.id != into.id]
    if not areas:
        raise InvalidValueError(f"Nothing is merged into {into.code}.", "Name the areas that go into it.")
    _refuse_gone(into)
    found: list[Operation] = []
    for area in areas:
        release = _draft_of(inputs, area, reason)
        _refuse_below(inputs, area, into)
        made = _ended(
            inputs, release, area, "merge", (into.code,), reason, heir=into, children_to=into, place=len(found)
        )
        found.append(made)
    return tuple(found)


def deprecate(
    inputs: Inputs, area: RiskArea, successor: RiskArea | None, relation: str | None, reason: str
) -> Operation:
    """An area out of use; with a successor that is the same, close or broader, all that hangs on it moves there."""
    release = _draft_of(inputs, area, reason)
    if successor is None:
        return _ended(inputs, release, area, "deprecate", (), reason, children_to=_parent_of(inputs, area))
    if relation is None:
        raise InvalidValueError(
            f"How {successor.code} stands to {area.code} is not said, so whether evidence may move is not known.",
            f"Say --relation with one of: {', '.join(RELATIONS)}.",
        )
    _refuse_relation(relation)
    _refuse_gone(successor)
    _refuse_below(inputs, area, successor)
    heir = successor if carries(relation) == MAP else None
    return _ended(inputs, release, area, "deprecate", (successor.code,), reason, heir=heir, children_to=successor)


def restore(inputs: Inputs, area: RiskArea, reason: str) -> Operation:
    """A deprecated area in use again; what has moved to its successor stays there."""
    release = _draft_of(inputs, area, reason, gone=True)
    if area.status != "deprecated":
        raise InvalidValueError(f"{area.code} is in use.", "Only a deprecated area is restored.")
    changes = set_values(area, status="active", replaced_by=None)
    hanging = list(effects(inputs, area, KEEP))
    return _operation(inputs, release, "restore", area, reason, changes, hanging=hanging)


def _ended(  # noqa: PLR0913 - an operation is all of these
    inputs: Inputs,
    release: TaxonomyRelease,
    area: RiskArea,
    kind: str,
    others: tuple[str, ...],
    reason: str,
    *,
    heir: RiskArea | None = None,
    before: Sequence[Change] = (),
    children_to: RiskArea | None = None,
    place: int = 0,
) -> Operation:
    """The end of an area: deprecated, its children under another, what hangs on it moved to its heir or left."""
    carried = MAP if heir is not None else RELABEL
    hanging = list(effects(inputs, area, carried, heir))
    if not hanging:
        carried = MAP if heir is not None else KEEP
    gone = set_values(area, status="deprecated", replaced_by=None if heir is None else heir.id)
    below, told = _children_moved(inputs, area, children_to)
    follow = [] if heir is None else moved(inputs, area, heir)
    changes = [*before, *gone, *below, *follow]
    return _operation(
        inputs,
        release,
        kind,
        area,
        reason,
        changes,
        others=others,
        carried=carried,
        hanging=[*told, *hanging],
        place=place,
    )


def _operation(  # noqa: PLR0913 - an operation is all of these
    inputs: Inputs,
    release: TaxonomyRelease,
    kind: str,
    area: RiskArea,
    reason: str,
    changes: Sequence[Change],
    *,
    others: tuple[str, ...] = (),
    carried: str = KEEP,
    hanging: Iterable[Effect] = (),
    place: int = 0,
) -> Operation:
    last = max((row.place for row in inputs.children(AreaChange, "release", release.id)), default=0)
    row = AreaChange(
        id=new_id(),
        release=release.id,
        place=last + place + 1,
        kind=kind,
        area=area.id,
        others=", ".join(others) or None,
        reason=reason,
        carried=carried,
    )
    return Operation(kind, area.code, others, carried, reason, tuple(hanging), (*changes, insert(checked(row))))


def _part(inputs: Inputs, release: TaxonomyRelease, area: RiskArea, part: Part) -> RiskArea:
    """The area a part is: one that is there, or a new one beside the old, with what it says of handling and class."""
    known = next((row for row in inputs.rows(RiskArea) if row.code == part.code), None)
    if known is not None:
        _refuse_gone(known)
        if known.id == area.id:
            raise InvalidValueError(f"{area.code} cannot be a part of itself.", "Give the parts codes of their own.")
        return known
    if not part.name:
        raise InvalidValueError(f"There is no risk area {part.code}.", f"Give the new one a name: {part.code}=NAME.")
    fields = {name: getattr(area, name) for name in ("parent", "area_class", "capability", "handling", "owner")}
    return _new_area(inputs, release, part.code, part.name, **fields)


def _new_area(inputs: Inputs, release: TaxonomyRelease, code: str, name: str, **fields: object) -> RiskArea:
    introduced = f"{release.code} {release.version}"
    about = {"code": code, "name": name, "release": release.id, "status": "draft", "introduced_in": introduced}
    made = made_from(RiskArea, {**about, **fields})
    if not isinstance(made, RiskArea):
        raise TypeError(made)
    refuse_taken(inputs, made)
    return made


def _children_moved(inputs: Inputs, area: RiskArea, to: RiskArea | None) -> tuple[list[Change], list[Effect]]:
    changes: list[Change | None] = []
    told: list[Effect] = []
    target = None if to is None else to.id
    for child in inputs.children(RiskArea, "parent", area.id):
        if child.status == "deprecated" or child.id == target:
            continue
        changes.append(update(child, parent=target))
        told.append(Effect(child.table, child.code, MAP, None if to is None else to.code, "moves in the tree"))
    return [change for change in changes if change is not None], told


def _parent_of(inputs: Inputs, area: RiskArea) -> RiskArea | None:
    return None if area.parent is None else inputs.get(RiskArea, area.parent)


def _above(inputs: Inputs, area: RiskArea) -> set[int]:
    """The row ids of all areas above one, along every parent."""
    found: set[int] = set()
    waiting = [area]
    while waiting:
        row = waiting.pop()
        parents = [row.parent, *(link.parent for link in inputs.children(AreaParent, "area", row.id))]
        for parent in parents:
            if parent is not None and parent not in found:
                found.add(parent)
                waiting.append(inputs.get(RiskArea, parent))
    return found


def _draft_of(inputs: Inputs, area: RiskArea, reason: str, *, gone: bool = False) -> TaxonomyRelease:
    release = inputs.get(TaxonomyRelease, area.release)
    _refuse(inputs, release, reason)
    if not gone:
        _refuse_gone(area)
    return release


def _refuse(inputs: Inputs, release: TaxonomyRelease, reason: str) -> None:
    if release.status != "draft":
        raise InvalidValueError(
            f"{inputs.address(release)} is released and no longer edited.",
            "Draft the next release first: launchpad taxonomy draft.",
        )
    if not reason.strip():
        raise InvalidValueError("A change of the taxonomy needs its reason.", "Say it with --reason.")


def _refuse_gone(area: RiskArea) -> None:
    if area.status == "deprecated":
        raise InvalidValueError(f"{area.code} is deprecated.", "Restore it first: launchpad taxonomy restore.")


def _refuse_below(inputs: Inputs, area: RiskArea, other: RiskArea) -> None:
    if area.id == other.id:
        raise InvalidValueError(f"{area.code} cannot follow itself.", "Name another area.")
    if area.id in _above(inputs, other) and other.parent != area.id:
        raise InvalidValueError(
            f"{other.code} lies under {area.code}, and would lose its place.", f"Move {other.code} first."
        )
    if other.parent == area.id:
        raise InvalidValueError(f"{other.code} lies under {area.code}.", f"Move {other.code} out of it first.")


def _refuse_relation(relation: str) -> None:
    if relation not in RELATIONS:
        raise InvalidValueError(f"{relation!r} is no relation.", f"Choose one of: {', '.join(RELATIONS)}.")


def _refuse_nothing(changes: Sequence[Change], area: RiskArea, why: str) -> None:
    if not changes:
        raise InvalidValueError(f"{area.code} {why}.", "Nothing would change.")

"""Operations on several risk areas at once, as they go into one edit, and moves after which labels are given anew."""

import dataclasses
from collections.abc import Sequence

from launchpad.changes import Change
from launchpad.edits.taxonomy import Operation, deprecate, move, restore
from launchpad.edits.taxonomy_effects import KEEP, MAP, RELABEL, effects
from launchpad.errors import InvalidValueError
from launchpad.records import AreaChange, Inputs, RiskArea
from launchpad.records.taxonomy import CARRIED


def move_all(
    inputs: Inputs,
    areas: Sequence[RiskArea],
    under: RiskArea | None,
    reason: str,
    *,
    also: bool = False,
    carried: str = KEEP,
) -> tuple[Operation, ...]:
    """Moves of several areas under one; those already there are left.

    With `carried` relabel, what hangs on them must be judged anew, as their place is part of what they mean. Raises
    InvalidValueError for map, as nothing takes the place of an area that moves, and when all of them are there.
    """
    if carried == MAP or carried not in CARRIED:
        raise InvalidValueError(
            "Nothing takes the place of an area that moves, so nothing can move from it.",
            f"Choose {KEEP} or {RELABEL}.",
        )
    target = None if under is None else under.id
    there = [area for area in areas if area.parent == target and not also]
    moved = [area for area in areas if area not in there] or list(areas)
    found = [move(inputs, area, under, reason, also=also) for area in moved]
    if carried == RELABEL:
        found = [_relabelled(inputs, one) for one in found]
    return together(found)


def deprecate_all(
    inputs: Inputs, areas: Sequence[RiskArea], successor: RiskArea | None, relation: str | None, reason: str
) -> tuple[Operation, ...]:
    """The ends of several areas, all with the same successor or none."""
    return together([deprecate(inputs, area, successor, relation, reason) for area in areas])


def restore_all(inputs: Inputs, areas: Sequence[RiskArea], reason: str) -> tuple[Operation, ...]:
    """Several deprecated areas in use again."""
    return together([restore(inputs, area, reason) for area in areas])


def together(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """Operations worked out from one state, their records numbered one after another; no row is changed twice."""
    changes: dict[tuple[str, int], Change] = {}
    first: dict[int, int] = {}
    made: list[Operation] = []
    for one in operations:
        own: list[Change] = []
        for change in one.changes:
            numbered = _numbered(change, first)
            known = changes.get((change.table, change.key))
            if known is not None:
                numbered = _joined(known, numbered)
                own = [each for each in own if each is not known]
                made = [_without(each, known) for each in made]
            changes[change.table, change.key] = numbered
            own.append(numbered)
        made.append(dataclasses.replace(one, changes=tuple(own)))
    return tuple(made)


def _numbered(change: Change, first: dict[int, int]) -> Change:
    """The same change; the record of an operation at the next place of its release."""
    if change.table != AreaChange.table or change.before is not None or change.after is None:
        return change
    release, place = change.after["release"], change.after["place"]
    if not isinstance(release, int) or not isinstance(place, int):
        raise TypeError(change)
    first[release] = first.get(release, place - 1) + 1
    return dataclasses.replace(change, after={**change.after, "place": first[release]})


def _joined(one: Change, other: Change) -> Change:
    """Two changes of one row as one; where both give a field a value, the later does."""
    if one.after is None or other.after is None:
        raise InvalidValueError("One of these areas would be changed and removed at once.", "Do one after the other.")
    before = None if one.before is None else {**(other.before or {}), **one.before}
    return dataclasses.replace(one, before=before, after={**one.after, **other.after})


def _without(one: Operation, change: Change) -> Operation:
    left = tuple(each for each in one.changes if each is not change)
    return one if len(left) == len(one.changes) else dataclasses.replace(one, changes=left)


def _relabelled(inputs: Inputs, one: Operation) -> Operation:
    changes = tuple(
        dataclasses.replace(change, after={**change.after, "carried": RELABEL})
        if change.table == AreaChange.table and change.after is not None
        else change
        for change in one.changes
    )
    area = inputs.find(RiskArea, one.area)
    hanging = tuple(effects(inputs, area, RELABEL))
    return dataclasses.replace(one, carried=RELABEL, effects=hanging, changes=changes)

"""One value that a workbook would change, and what the project holds there now."""

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from launchpad.changes import new_id
from launchpad.edits.contradictions import refuse_contradiction
from launchpad.edits.workbook_rows import Refused
from launchpad.edits.workbook_values import FIELDS
from launchpad.errors import InvalidValueError
from launchpad.records import Inputs, Launch, Mitigation, MitigationVariant, Standing

DAYS = ("started", "finished")
GROUP = ("status", *DAYS)


@dataclass(frozen=True, slots=True)
class Wish:
    """A field to be given a value: of a variant's standing, its mitigation, or (with a team) its effort, by table."""

    table: str
    variant: int
    team: int | None
    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Proposed:
    """One value that a workbook would change, in words: as exported (None: not known), in the workbook, at present.

    `code` is what the row is called, `where` the cells that say it. In a `conflict` both sides changed it.
    """

    code: str
    column: str
    field: str
    exported: str | None
    workbook: str
    present: str
    where: tuple[str, ...]
    conflict: bool
    wish: Wish


def standing_of(inputs: Inputs, launch: Launch, variant: int) -> Standing | None:
    """How far a variant has come in a launch, where somebody said so."""
    found = inputs.children(Standing, "variant", variant)
    return next((row for row in found if row.launch == launch.id), None)


def standing_or_idea(inputs: Inputs, launch: Launch, variant: int) -> Standing:
    """The standing of a variant; where nobody said anything a new one, which says that it is an idea."""
    known = standing_of(inputs, launch, variant)
    return known or Standing(id=new_id(), launch=launch.id, variant=variant)


def present_value(inputs: Inputs, launch: Launch, variant: int, column: str) -> object:
    """What the project holds at present for a column of the workbook other than effort."""
    if column == "owner":
        return inputs.get(Mitigation, inputs.get(MitigationVariant, variant).mitigation).owner
    return getattr(standing_or_idea(inputs, launch, variant), FIELDS[column][1])


def settled_together(found: Sequence[Proposed]) -> list[Proposed]:
    """The proposals, a status and its days in one: where one of them is a conflict, so are the others."""
    torn = {one.wish.variant for one in found if one.conflict and one.column in GROUP}
    return [
        dataclasses.replace(one, conflict=True) if one.column in GROUP and one.wish.variant in torn else one
        for one in found
    ]


def date_contradictions(
    inputs: Inputs, launch: Launch, changes: Sequence[Proposed]
) -> tuple[list[Proposed], list[Refused]]:
    """The changes without days that cannot be true together, and those days with the reason."""
    wished: dict[int, dict[str, object]] = defaultdict(dict)
    for one in changes:
        if one.wish.table == Standing.table:
            wished[one.wish.variant][one.wish.name] = one.wish.value
    impossible: dict[int, str] = {}
    for variant, values in wished.items():
        held = standing_or_idea(inputs, launch, variant)
        try:
            refuse_contradiction(inputs, dataclasses.replace(held, **values))  # pyright: ignore[reportArgumentType] - through the door
        except InvalidValueError as error:
            impossible[variant] = str(error)
    gone = [one for one in changes if one.column in DAYS and one.wish.variant in impossible]
    refused = [Refused(" and ".join(one.where), impossible[one.wish.variant]) for one in gone]
    return [one for one in changes if one not in gone], refused

"""The changes that carry out what a person agreed to of a returned workbook: one edit, one undo."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from launchpad.changes import Change, insert, update
from launchpad.edits import Proposal
from launchpad.edits.contradictions import refuse_contradiction
from launchpad.edits.values import checked
from launchpad.edits.workbook_new import NewWork, added_work
from launchpad.edits.workbook_wishes import Proposed, standing_of, standing_or_idea
from launchpad.errors import InvalidValueError
from launchpad.records import Effort, Inputs, Launch, Mitigation, MitigationVariant, Record, Standing


def changes_of(inputs: Inputs, launch: Launch, agreed: Iterable[Proposed | NewWork]) -> Proposal:
    """The changes of the values and the new work a person agreed to, a conflict among them as the workbook has it.

    Raises InvalidValueError, naming the record, when they cannot be true together.
    """
    wished: dict[tuple[str, int, int | None], dict[str, object]] = defaultdict(dict)
    added: list[Change] = []
    for one in agreed:
        if isinstance(one, NewWork):
            added += added_work(inputs, launch, one).changes
        else:
            wished[(one.wish.table, one.wish.variant, one.wish.team)][one.wish.name] = one.wish.value
    return Proposal((*_of_known(inputs, launch, wished), *added), {})


def _of_known(
    inputs: Inputs, launch: Launch, wished: dict[tuple[str, int, int | None], dict[str, object]]
) -> Iterable[Change]:
    owners: dict[int, Change | None] = {}
    for (table, variant, team), values in wished.items():
        held = _row(inputs, launch, (table, variant, team))
        made = checked(dataclasses.replace(held, **values))  # pyright: ignore[reportArgumentType] - checked
        refuse_contradiction(inputs, made)
        if isinstance(held, Standing) and standing_of(inputs, launch, variant) is None:
            yield insert(made)
        elif isinstance(held, Mitigation):
            if owners.setdefault(held.id, change := update(held, **values)) != change:
                raise InvalidValueError(f"{held.code} is given two owners.", "Give both of its rows the same one.")
        elif (change := update(held, **values)) is not None:
            yield change
    yield from (change for change in owners.values() if change is not None)


def _row(inputs: Inputs, launch: Launch, what: tuple[str, int, int | None]) -> Record:
    """The row that holds a value of a variant: its standing, its mitigation, or the effort of a team."""
    table, variant, team = what
    if table == Standing.table:
        return standing_or_idea(inputs, launch, variant)
    if table == Mitigation.table:
        return inputs.get(Mitigation, inputs.get(MitigationVariant, variant).mitigation)
    return next(row for row in inputs.children(Effort, "variant", variant) if row.team == team)

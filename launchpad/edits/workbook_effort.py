"""Effort in a returned workbook: of an item as a whole on the list of all work, or of one team on its own sheet.

The project holds an estimate per team. A workbook shows one number, the days planned; the estimate is widened or
narrowed by as much as that number was, so that what is said of its uncertainty stays.
"""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from launchpad.changes import Edit
from launchpad.edits.values import check
from launchpad.edits.workbook_rows import Known, Refused
from launchpad.edits.workbook_values import field_shown, same, shown, value_in
from launchpad.edits.workbook_wishes import Proposed, Wish, present_value
from launchpad.errors import InvalidValueError
from launchpad.intake.returned import ReturnedWorkbook, WorkbookRow, WorkbookTable
from launchpad.records import Effort, Estimate, Inputs, Launch, Team
from launchpad.records.fields import ESTIMATE_PARTS

ELICITED = "elicited"
AHEAD = frozenset({"idea", "planned"})
_OWN_FORMULA = re.compile(r"=\s*INDEX\(.+MATCH\(.+\)\s*\*\s*[-+.\dEe]+\s*", re.DOTALL)
UNDER_WAY = "The effort of work under way is what is left of it: say that in Remaining."


@dataclass(frozen=True, slots=True)
class _Typed:
    """An effort that was typed: where, the days it was exported with, the days now."""

    where: str
    base: float
    days: float


def effort_proposals(
    inputs: Inputs, launch: Launch, book: ReturnedWorkbook, known: Iterable[Known], since: Sequence[Edit] | None
) -> tuple[list[Proposed], list[Refused]]:
    """The efforts a workbook would change, team by team, and the cells that cannot be taken.

    `since` holds the edits after the export; None when they are not known, and then each is a conflict.
    """
    tables = {table.sheet: table for table in book.tables}
    found: list[Proposed] = []
    refused: list[Refused] = []
    for work in known:
        typed, wrong = _typed(inputs, work, tables)
        refused += wrong
        if not typed:
            continue
        if why := _not_to_change(inputs, launch, work):
            refused += [Refused(one.where, f"{work.code}: {why}") for those in typed.values() for one in those]
            continue
        try:
            found += _of_teams(inputs, work, typed, since)
        except InvalidValueError as error:
            places = " and ".join(one.where for those in typed.values() for one in those)
            refused.append(Refused(places, f"{work.code}: {error}"))
    return found, refused


def _typed(
    inputs: Inputs, work: Known, tables: Mapping[str, WorkbookTable]
) -> tuple[dict[int | None, list[_Typed]], list[Refused]]:
    """What was typed as effort of one item: by team (row id), under None for the item as a whole."""
    typed: dict[int | None, list[_Typed]] = defaultdict(list)
    refused: list[Refused] = []
    for row in work.rows:
        table, cell = tables[row.sheet], row.cells.get("effort")
        if cell is None or (
            not table.of_all_work and cell.kind == "formula" and _OWN_FORMULA.fullmatch(str(cell.value))
        ):
            continue
        try:
            days = cast("float", value_in(inputs, "effort", cell))
            base = _base(row)
            if base is not None and same(days, base):
                continue
            team = None if table.of_all_work else team_of(inputs, table).id
        except InvalidValueError as error:
            refused.append(Refused(cell.where, f"{work.code}: {error}"))
            continue
        if base is None:
            what = (
                f"{work.code}: the days it was exported with are not known, so that nothing can be said of its effort."
            )
            refused.append(Refused(cell.where, what))
        else:
            typed[team].append(_Typed(cell.where, base, days))
    return typed, refused


def _base(row: WorkbookRow) -> float | None:
    held = None if row.key is None else row.key.get("effort")
    return float(held) if isinstance(held, int | float) and not isinstance(held, bool) else None


def team_of(inputs: Inputs, table: WorkbookTable) -> Team:
    """The team a sheet is of, by the words above its table or else its name; InvalidValueError when none is."""
    teams = inputs.rows(Team)
    for words in (*table.above, table.sheet):
        found = [team for team in teams if words.strip() in (team.name.strip(), team.code)]
        if len(found) == 1:
            return found[0]
    raise InvalidValueError(
        f"{table.sheet} names no team of the project, so its effort belongs to nobody.",
        "Put the team's name or code back above the table.",
    )


def _not_to_change(inputs: Inputs, launch: Launch, work: Known) -> str | None:
    if work.evaluation:
        return "it is an evaluation; its effort is set in Launchpad, fixed and per 100 samples."
    status = str(present_value(inputs, launch, work.variant, "status"))
    return None if status in AHEAD else UNDER_WAY


def _of_teams(
    inputs: Inputs, work: Known, typed: Mapping[int | None, Sequence[_Typed]], since: Sequence[Edit] | None
) -> Iterator[Proposed]:
    """The effort of each team as it would be; of the whole item's effort each team bears its share."""
    efforts = sorted(inputs.children(Effort, "variant", work.variant), key=inputs.address)
    whole = typed.get(None, ())
    held = {row.team for row in efforts}
    if absent := [team for team in typed if team is not None and team not in held]:
        team = inputs.get(Team, absent[0])
        raise InvalidValueError(f"{team.name} has no effort on it in the project.", "Add it there first.")
    for row in efforts:
        own = typed.get(row.team, ())
        ratios = {round(one.days / one.base, 9) if one.base else None for one in whole}
        if own:
            base = sum(one.base for one in own)
            ratios.add(round(sum(one.days for one in own) / base, 9) if base else None)
        if not ratios:
            continue
        places = tuple(one.where for one in (*whole, *own))
        if len(ratios) > 1:
            raise InvalidValueError(
                f"{inputs.get(Team, row.team).name} has another effort than the list of all work gives it.",
                "Change it in one of the two places only.",
            )
        made = _changed(inputs, work, row, own or whole, None if since is None else _at_export(row, since))
        if made is not None:
            yield dataclasses.replace(made, where=places)


def _changed(
    inputs: Inputs, work: Known, row: Effort, typed: Sequence[_Typed], at_export: Estimate | None
) -> Proposed | None:
    """One team's effort as it would be; None when it is so already."""
    base, days = sum(one.base for one in typed), sum(one.days for one in typed)
    value = cast("Estimate", check(field_shown("effort"), _scaled(at_export or row.days, base, days)))
    if at_export is not None and _alike(row.days, value):
        return None
    return Proposed(
        code=f"{work.code}/{inputs.get(Team, row.team).code}",
        column="effort",
        field=field_shown("effort").label,
        exported=f"{base:.4g} planned",
        workbook=f"{days:.4g} planned: {shown(inputs, 'effort', value)}",
        present=shown(inputs, "effort", row.days),
        where=(),
        conflict=at_export is None or not _alike(row.days, at_export),
        wish=Wish(Effort.table, work.variant, row.team, "days", value),
    )


def _at_export(row: Effort, since: Sequence[Edit]) -> Estimate | None:
    """The estimate a row held before these edits; None when they brought the row in."""
    names = [f"days_{part}" for part in ESTIMATE_PARTS]
    for edit in since:
        for change in edit.changes:
            if change.table == Effort.table and change.key == row.id:
                if change.before is None:
                    return None
                if names[0] in change.before:
                    low, median, high, kind = (change.before[name] for name in names)
                    return Estimate(cast("float", low), cast("float", median), cast("float", high), str(kind))
    return row.days


def _scaled(held: Estimate, base: float, days: float) -> Estimate:
    if base <= 0 or days <= 0:
        return Estimate(days, days, days, ELICITED)
    ratio = days / base
    low, median, high = (float(f"{part * ratio:.12g}") for part in (held.low, held.median, held.high))
    return Estimate(low, median, high, ELICITED)


def _alike(one: Estimate, other: Estimate) -> bool:
    return all(same(a, b) for a, b in ((one.low, other.low), (one.median, other.median), (one.high, other.high)))

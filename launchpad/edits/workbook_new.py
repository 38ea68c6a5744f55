"""Rows that people added to a returned workbook: each becomes a mitigation with one way of doing it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from launchpad.changes import insert, new_id
from launchpad.edits import Proposal
from launchpad.edits.contradictions import refuse_contradiction
from launchpad.edits.records import next_code, refuse_taken
from launchpad.edits.values import checked
from launchpad.edits.workbook_effort import team_of
from launchpad.edits.workbook_rows import Refused, Unknown, code_of, name_of, text_of
from launchpad.edits.workbook_values import FIELDS, field_shown, same, shown, value_in
from launchpad.errors import InvalidValueError
from launchpad.records import Effort, Estimate, Inputs, Launch, Mitigation, MitigationVariant, Record, Standing, Team

KIND = "operations"
ONE_WAY = "std"
STANDARD = "Standard"
COLUMNS = ("status", "owner", "started", "finished", "remaining", "actual", "note")


@dataclass(frozen=True, slots=True)
class NewWork:
    """A mitigation to be added: its codes, names, values by column, days by team (row id), and where it stands."""

    code: str
    variant: str
    name: str
    way: str
    values: Mapping[str, object]
    efforts: tuple[tuple[int, float], ...]
    where: tuple[str, ...]


def already_there(inputs: Inputs, added: Sequence[Unknown]) -> tuple[list[Unknown], list[str]]:
    """The rows whose work the project does not have yet, and a remark for each it has: it was taken over before."""
    named = {row.name.casefold(): row.code for row in inputs.rows(Mitigation)}
    left: list[Unknown] = []
    remarks: list[str] = []
    for one in added:
        known = named.get(name_of(one.row).casefold())
        said = code_of(one.row).partition(".")[0].casefold()
        if known is not None and said in ("", known.casefold()):
            remarks.append(f"{one.row.where}: the project has this work already, as {known}. Export the workbook anew.")
        else:
            left.append(one)
    return left, remarks


def new_work(inputs: Inputs, added: Sequence[Unknown]) -> tuple[list[NewWork], list[Refused]]:
    """What rows without a key would add; rows of one code, or of one name, on several sheets are one piece of work."""
    groups: dict[str, list[Unknown]] = defaultdict(list)
    refused: list[Refused] = []
    for one in added:
        name = name_of(one.row)
        if not name:
            said = code_of(one.row)
            what = f"{said} is not in the project" if said else "The row has neither a code nor a name"
            refused.append(Refused(one.row.where, f"{what}. For new work say under What is done what it is."))
            continue
        groups[(code_of(one.row) or name).casefold()].append(one)
    found: list[NewWork] = []
    for rows in groups.values():
        try:
            found.append(_made(inputs, rows, [work.code for work in found], refused))
        except InvalidValueError as error:
            refused.append(Refused(" and ".join(one.row.where for one in rows), str(error)))
    return found, refused


def _made(inputs: Inputs, rows: Sequence[Unknown], taken: Sequence[str], refused: list[Refused]) -> NewWork:
    """The work that one or more rows stand for; cells that do not fit are refused one by one."""
    said = next((code for one in rows if (code := code_of(one.row))), "")
    code, _, way = said.partition(".")
    code = code or _free_code(inputs, taken)
    first = rows[0].row
    return NewWork(
        code=code,
        variant=f"{code}.{way or ONE_WAY}",
        name=name_of(first),
        way=next((words for one in rows if (words := text_of(one.row.cells.get("variant")))), STANDARD),
        values=_values(inputs, rows, refused),
        efforts=_efforts(inputs, rows, refused),
        where=tuple(one.row.where for one in rows),
    )


def _free_code(inputs: Inputs, taken: Sequence[str]) -> str:
    """The next free code of a mitigation, those given to rows above counted."""
    code = next_code(inputs, Mitigation)
    prefix, _, number = code.rpartition("-")
    while code in taken:
        number = f"{int(number) + 1:0{len(number)}d}"
        code = f"{prefix}-{number}"
    return code


def _values(inputs: Inputs, rows: Sequence[Unknown], refused: list[Refused]) -> dict[str, object]:
    """What the rows say of each column; a cell that does not fit, or says otherwise than one above, is refused."""
    found: dict[str, object] = {}
    for one in rows:
        for column in COLUMNS:
            cell = one.row.cells.get(column)
            if cell is None or (cell.kind == "value" and cell.value is None):
                continue
            try:
                value = value_in(inputs, column, cell)
            except InvalidValueError as error:
                refused.append(Refused(cell.where, str(error)))
                continue
            if column in found and not same(found[column], value):
                label = field_shown(column).label
                what = f"{label} is {shown(inputs, column, found[column])} in another row of the same work."
                refused.append(Refused(cell.where, f"{what} Make them the same."))
            else:
                found[column] = value
    return found


def _efforts(inputs: Inputs, rows: Sequence[Unknown], refused: list[Refused]) -> tuple[tuple[int, float], ...]:
    """The days of each team: of the team of the sheet a row stands on, or the one named under Teams."""
    found: dict[int, float] = {}
    for one in rows:
        cell = one.row.cells.get("effort")
        if cell is None or cell.value is None:
            continue
        try:
            team = _team_named(inputs, one) if one.table.of_all_work else team_of(inputs, one.table)
            if team is not None:
                found[team.id] = cast("float", value_in(inputs, "effort", cell))
        except InvalidValueError as error:
            refused.append(Refused(cell.where, str(error)))
    return tuple(found.items())


def _team_named(inputs: Inputs, one: Unknown) -> Team | None:
    words = text_of(one.row.cells.get("teams"))
    found = [team for team in inputs.rows(Team) if words.casefold() in (team.name.casefold(), team.code.casefold())]
    if len(found) == 1:
        return found[0]
    raise InvalidValueError(
        f"Effort: {words!r} is no team of the project." if words else "Effort: no team is named for it.",
        "Name one team under Teams, or put the row on that team's sheet.",
    )


def added_work(inputs: Inputs, launch: Launch, work: NewWork) -> Proposal:
    """The changes that add a piece of work: the mitigation, its variant, its standing, and the effort of each team."""
    mitigation = Mitigation(
        id=new_id(), code=work.code, name=work.name, kind=KIND, owner=cast("int | None", work.values.get("owner"))
    )
    variant = MitigationVariant(id=new_id(), code=work.variant, mitigation=mitigation.id, name=work.way)
    said = {FIELDS[column][1]: value for column, value in work.values.items() if FIELDS[column][0] is Standing}
    made: list[Record] = [mitigation, variant]
    if said:
        made.append(Standing(id=new_id(), launch=launch.id, variant=variant.id, **said))  # pyright: ignore[reportArgumentType] - checked next
    made += [
        Effort(id=new_id(), variant=variant.id, team=team, days=Estimate(days, days, days))
        for team, days in work.efforts
    ]
    for row in made:
        refuse_contradiction(inputs, checked(row))
    refuse_taken(inputs, mitigation)
    refuse_taken(inputs, variant)
    return Proposal(tuple(insert(checked(row)) for row in made), {})


def refuse_impossible(inputs: Inputs, launch: Launch, new: Sequence[NewWork]) -> tuple[list[NewWork], list[Refused]]:
    """The work that can be added as its rows say, and what cannot, with the reason."""
    good: list[NewWork] = []
    refused: list[Refused] = []
    for work in new:
        try:
            added_work(inputs, launch, work)
        except InvalidValueError as error:
            refused.append(Refused(" and ".join(work.where), f"{error}"))
        else:
            good.append(work)
    return good, refused

"""The load of each team week by week: what the plan asks, what the team can give, and the share of it, all live."""

from collections.abc import Callable, Sequence
from datetime import date

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter

from launchpad.export import work
from launchpad.export.facts import Facts, day
from launchpad.export.loads import Free, Load, rows_of_capacity
from launchpad.export.sheet import (
    FIRST,
    HEADER,
    Column,
    Formula,
    Page,
    heading,
    name_area,
    print_landscape,
    put,
    table,
    value_of,
)
from launchpad.export.style import VERDICT_FILLS
from launchpad.planning.calendar import HUNDREDTHS
from launchpad.records import Team

TEAM, WHOLE = 1, 2
CAPACITY = (
    Column("Capacity", "strong", 28),
    Column("From", "date", 10),
    Column("Days a week", "input days", 10, least=0),
    Column("Share taken", "input share", 10, least=0, most=1),
)


def fill(page: Page, facts: Facts, load: Load) -> None:
    """Write what teams can give, and a row for each in three blocks: person-days used, available, their ratio."""
    heading(
        page,
        "Load",
        "What the plan asks of each team, what the team has free until work must end, and the share used. Weeks are "
        "named by their Monday. Change the shaded capacity, or effort on the Workplan page, and it follows.",
    )
    tops = _tops(facts)
    _capacity(page, facts, tops[3])
    _block(page, facts, load, tops[0], "Used", lambda team, week: _used(facts, load, team, week))
    _block(page, facts, load, tops[1], "Available", lambda team, week: _free(facts, load, team, week))
    _ratio(page, facts, load, tops)
    page.sheet.column_dimensions["A"].width = 28
    for index in range(WHOLE, WHOLE + max(3, len(load.weeks)) + 1):
        page.sheet.column_dimensions[get_column_letter(index)].width = 11
    page.sheet.freeze_panes = f"{get_column_letter(WHOLE + 1)}{FIRST}"
    print_landscape(page)
    page.sheet.print_title_cols = "A:B"


def used_cell(facts: Facts) -> str:
    """The cell with the person-days the plan asks of all teams."""
    return f"${get_column_letter(WHOLE)}${HEADER + len(facts.teams) + 1}"


def used_by(facts: Facts, load: Load, team: Team, page: Page) -> Formula:
    """A live reference to the person-days the plan asks of a team."""
    return _reference(facts, page, team, 0, sum(load.used.get((team.id, week), 0.0) for week in load.weeks))


def available_to(facts: Facts, load: Load, team: Team, page: Page) -> Formula:
    """A live reference to the person-days a team can give until work must end."""
    return _reference(facts, page, team, 1, sum(load.available.get((team.id, week), 0.0) for week in load.weeks))


def _reference(facts: Facts, page: Page, team: Team, block: int, value: float) -> Formula:
    row = _tops(facts)[block] + 1 + facts.teams.index(team)
    return Formula(f"={page.ref}!${get_column_letter(WHOLE)}${row}", value)


def _tops(facts: Facts) -> list[int]:
    """The rows in which the headers of the four blocks stand."""
    return [HEADER + block * (len(facts.teams) + 3) for block in range(4)]


def _capacity(page: Page, facts: Facts, top: int) -> None:
    names = {team.id: team.name for team in facts.teams}
    rows = [(names[row.team], day(row.starts), row.days_per_week, row.committed) for row in rows_of_capacity(facts)]
    last = table(page, "capacity", CAPACITY, rows, top=top, empty="No capacity was stated.", sortable=False)
    if rows:
        name_area(page, "capacity_days", f"$C${top + 1}:$C${last}")
        name_area(page, "capacity_share_taken", f"$D${top + 1}:$D${last}")


def _used(facts: Facts, load: Load, team: Team, week: int) -> Formula:
    return Formula(f"={work.asked(facts, team, week)}", load.used.get((team.id, load.weeks[week]), 0.0))


def _free(facts: Facts, load: Load, team: Team, week: int) -> Formula:
    key = team.id, load.weeks[week]
    places = {row.id: place for place, row in enumerate(rows_of_capacity(facts), start=_tops(facts)[3] + 1)}
    terms = [_term(each, places[each.capacity]) for each in load.terms.get(key, ())]
    return Formula(f"=({'+'.join(terms) or '0'})/{HUNDREDTHS}", load.available.get(key, 0.0))


def _term(free: Free, row: int) -> str:
    """Days of one kind times what is free on each: whole hundredths of a person-day, rounded down."""
    each = f"INT({HUNDREDTHS}*$C${row}*(1-$D${row})/{free.working}+0.000000001)"
    return f"{free.days}*{each}" if not free.taken else f"{free.days}*MAX(0,{each}-{free.taken})"


def _block(page: Page, facts: Facts, load: Load, top: int, name: str, amount: Callable[[Team, int], Formula]) -> None:
    _headers(page, load.weeks, top, f"{name} (person-days)")
    first, last = WHOLE + 1, WHOLE + len(load.weeks)
    whole = [0.0] * (len(load.weeks) + 1)
    for row, team in enumerate(facts.teams, start=top + 1):
        put(page, row, TEAM, team.name, "strong")
        cells = [amount(team, week) for week in range(len(load.weeks))]
        for column, content in enumerate(cells, start=first):
            put(page, row, column, content, "days")
        values = [value_of(content) for content in cells]
        put(page, row, WHOLE, _sum(row, first, row, last, sum(values)), "days")
        whole = [total + value for total, value in zip(whole, [sum(values), *values], strict=True)]
    below = top + len(facts.teams) + 1
    put(page, below, TEAM, "All teams", "total text")
    for column, value in enumerate(whole, start=WHOLE):
        put(page, below, column, _sum(top + 1, column, below - 1, column, value), "total days")


def _ratio(page: Page, facts: Facts, load: Load, tops: Sequence[int]) -> None:
    used, available, top = tops[:3]
    _headers(page, load.weeks, top, "Load (used / available)")
    names = [team.name for team in facts.teams] + ["All teams"]
    for offset, name in enumerate(names, start=1):
        kind = "total share" if offset == len(names) else "share"
        put(page, top + offset, TEAM, name, "total text" if offset == len(names) else "strong")
        for column in range(WHOLE, WHOLE + len(load.weeks) + 1):
            above = get_column_letter(column)
            part, whole = f"{above}{used + offset}", f"{above}{available + offset}"
            asked, free = (page.cached.get(cell, 0.0) for cell in (part, whole))
            value = asked / free if isinstance(asked, float) and isinstance(free, float) and free > 0 else 0.0
            put(page, top + offset, column, Formula(f"=IF({whole}>0,{part}/{whole},0)", value), kind)
    _warn(page, top, len(facts.teams), len(load.weeks))


def _warn(page: Page, top: int, teams: int, weeks: int) -> None:
    """Colour what is nearly full and what is more than full; the share itself says so too."""
    if teams == 0:
        return
    area = f"{get_column_letter(WHOLE)}{top + 1}:{get_column_letter(WHOLE + weeks)}{top + teams}"
    for bound_at, colour in (("1.0005", "bad"), ("0.9", "open")):
        fill_with = PatternFill("solid", start_color=VERDICT_FILLS[colour], end_color=VERDICT_FILLS[colour])
        look = DifferentialStyle(fill=fill_with)
        rule = Rule(type="cellIs", operator="greaterThan", formula=[bound_at], dxf=look, stopIfTrue=True)
        page.sheet.conditional_formatting.add(area, rule)


def _headers(page: Page, weeks: Sequence[date], top: int, name: str) -> None:
    put(page, top, TEAM, name, "header")
    put(page, top, WHOLE, "Whole", "header right")
    for column, week in enumerate(weeks, start=WHOLE + 1):
        put(page, top, column, week, "header right")


def _sum(row: int, column: int, last_row: int, last_column: int, value: float) -> Formula:
    if last_row < row or last_column < column:
        return Formula("=0", value)
    first, last = f"{get_column_letter(column)}{row}", f"{get_column_letter(last_column)}{last_row}"
    return Formula(f"=SUM({first}:{last})", value)

"""The load of each team week by week: what the plan asks, what the team can give, and the share of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter

from launchpad.errors import InfeasiblePlanError
from launchpad.export.facts import Facts
from launchpad.export.sheet import FIRST, HEADER, Formula, Page, heading, print_landscape, put
from launchpad.export.style import VERDICT_FILLS
from launchpad.planning.calendar import HUNDREDTHS, calendars, working_days
from launchpad.records import PlanWork, Team

Amounts = Mapping[tuple[int, date], float]
TEAM, WHOLE = 1, 2


@dataclass(frozen=True, slots=True)
class Load:
    """Person-days by team and week (its Monday): asked by the plan, and free for it."""

    weeks: tuple[date, ...]
    used: Amounts
    available: Amounts


def load_of(facts: Facts) -> Load:
    """The load a plan puts on each team; a stretch of work falls evenly on the team's working days."""
    used: dict[tuple[int, date], float] = {}
    for team in facts.teams:
        for _, work in facts.work_of(team):
            for each, days in _spread(facts, team, work).items():
                used[team.id, each] = used.get((team.id, each), 0.0) + days
    available = _available(facts)
    weeks = sorted({week for _, week in (*used, *available)})
    return Load(tuple(weeks), used, available)


def fill(page: Page, facts: Facts, load: Load) -> None:
    """Write three blocks, a row for each team: person-days used, person-days available, and their ratio."""
    heading(
        page,
        "Load",
        "What the plan asks of each team, what the team has free until work must end, and the share used. "
        "Weeks are named by their Monday.",
    )
    tops = _tops(facts)
    _block(page, facts, load, tops[0], "Used", lambda team, week: load.used.get((team, week), 0.0))
    _block(page, facts, load, tops[1], "Available", lambda team, week: load.available.get((team, week), 0.0))
    _ratio(page, facts, load, tops)
    page.sheet.column_dimensions["A"].width = 28
    for index in range(WHOLE, WHOLE + len(load.weeks) + 1):
        page.sheet.column_dimensions[get_column_letter(index)].width = 10
    page.sheet.freeze_panes = f"{get_column_letter(WHOLE + 1)}{FIRST}"
    print_landscape(page)


def used_cell(facts: Facts) -> str:
    """The cell with the person-days the plan asks of all teams."""
    return f"${get_column_letter(WHOLE)}${HEADER + len(facts.teams) + 1}"


def available_to(facts: Facts, load: Load, team: Team, page: Page) -> Formula:
    """A live reference to the person-days a team can give until work must end."""
    row = _tops(facts)[1] + 1 + facts.teams.index(team)
    value = sum(load.available.get((team.id, week), 0.0) for week in load.weeks)
    return Formula(f"={page.ref}!${get_column_letter(WHOLE)}${row}", value)


def _tops(facts: Facts) -> list[int]:
    """The rows in which the headers of the three blocks stand."""
    return [HEADER + block * (len(facts.teams) + 3) for block in range(3)]


def _block(page: Page, facts: Facts, load: Load, top: int, name: str, amount: Callable[[int, date], float]) -> None:
    _headers(page, load.weeks, top, f"{name} (person-days)")
    first, last = WHOLE + 1, WHOLE + len(load.weeks)
    for row, team in enumerate(facts.teams, start=top + 1):
        put(page, row, TEAM, team.name, "strong")
        values = [amount(team.id, week) for week in load.weeks]
        for column, value in enumerate(values, start=first):
            put(page, row, column, value, "days")
        put(page, row, WHOLE, _sum(row, first, row, last, sum(values)), "days")
    below = top + len(facts.teams) + 1
    put(page, below, TEAM, "All teams", "total text")
    for column in range(WHOLE, last + 1):
        week = None if column == WHOLE else load.weeks[column - first]
        value = sum(amount(team.id, each) for team in facts.teams for each in load.weeks if week in (None, each))
        put(page, below, column, _sum(top + 1, column, below - 1, column, value), "total days")


def _ratio(page: Page, facts: Facts, load: Load, tops: Sequence[int]) -> None:
    used, available, top = tops
    _headers(page, load.weeks, top, "Load (used / available)")
    names = [team.name for team in facts.teams] + ["All teams"]
    for offset, name in enumerate(names, start=1):
        kind = "total share" if offset == len(names) else "share"
        put(page, top + offset, TEAM, name, "total text" if offset == len(names) else "strong")
        for column in range(WHOLE, WHOLE + len(load.weeks) + 1):
            above = get_column_letter(column)
            part, whole = f"{above}{used + offset}", f"{above}{available + offset}"
            value = _share(
                page.cached.get(part, page.sheet[part].value), page.cached.get(whole, page.sheet[whole].value)
            )
            put(page, top + offset, column, Formula(f"=IF({whole}>0,{part}/{whole},0)", value), kind)
    _warn(page, top, len(facts.teams), len(load.weeks))


def _share(used: object, available: object) -> float:
    if not (isinstance(used, int | float) and isinstance(available, int | float)):
        raise TypeError(used, available)
    return used / available if available > 0 else 0.0


def _warn(page: Page, top: int, teams: int, weeks: int) -> None:
    """Colour what is nearly full and what is more than full; the share itself says so too."""
    if teams == 0:
        return
    area = f"{get_column_letter(WHOLE)}{top + 1}:{get_column_letter(WHOLE + weeks)}{top + teams}"
    for bound, colour in (("1.0005", "bad"), ("0.9", "open")):
        fill = PatternFill("solid", start_color=VERDICT_FILLS[colour], end_color=VERDICT_FILLS[colour])
        look = DifferentialStyle(fill=fill)
        rule = Rule(type="cellIs", operator="greaterThan", formula=[bound], dxf=look, stopIfTrue=True)
        page.sheet.conditional_formatting.add(area, rule)


def _headers(page: Page, weeks: Sequence[date], top: int, name: str) -> None:
    put(page, top, TEAM, name, "header")
    put(page, top, WHOLE, "Whole", "header right")
    for column, week in enumerate(weeks, start=WHOLE + 1):
        put(page, top, column, week, "header right")


def _sum(row: int, column: int, last_row: int, last_column: int, value: float) -> Formula:
    first, last = f"{get_column_letter(column)}{row}", f"{get_column_letter(last_column)}{last_row}"
    return Formula(f"=SUM({first}:{last})", value)


def _spread(facts: Facts, team: Team, work: PlanWork) -> dict[date, float]:
    """The days of a stretch of work by week."""
    first, last = date.fromisoformat(work.start), date.fromisoformat(work.finish)
    days = list(working_days(facts.inputs, team, first, last)) or [first]
    found: dict[date, float] = {}
    for day in days:
        found[_monday(day)] = found.get(_monday(day), 0.0) + work.days / len(days)
    return found


def _available(facts: Facts) -> dict[tuple[int, date], float]:
    try:
        found = calendars(facts.inputs, facts.launch)
    except InfeasiblePlanError:  # no day is left between today and the freeze
        return {}
    available: dict[tuple[int, date], float] = {}
    for calendar in found:
        for day, free in zip(calendar.days, calendar.free, strict=True):
            key = calendar.team, _monday(day)
            available[key] = available.get(key, 0.0) + free / HUNDREDTHS
    return available


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

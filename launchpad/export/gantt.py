"""The plan as a calendar: a row for each item, a column for each day, or each week of a long plan."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import get_column_letter

from launchpad.export.facts import Facts, Task
from launchpad.export.sheet import A3, LINE_HEIGHT, Page, heading, lines_of_text, print_landscape, put
from launchpad.export.style import FREEZE, LAUNCH, REST, RULE, WAITING, WORKING
from launchpad.export.workplan import NO_PLAN
from launchpad.planning.calendar import working_days
from launchpad.records import Team

MONTHS, DAYS, FIRST = 4, 5, 6
HEADS = (("Code", 13), ("What is done", 34), ("Teams", 22))
MOST_DAYS, MOST_WEEKS = 100, 160
WORK, WAIT = "■", "·"


def fill(page: Page, facts: Facts) -> None:
    """Write the calendar of the plan, from its first day to the launch, ready to print."""
    heading(
        page,
        "Gantt",
        f"{WORK} work, {WAIT} waiting or paused; weekends and days off shaded; F the freeze, L the launch. Dates are "
        "those of the plan and do not move with effort.",
    )
    if not facts.tasks:
        put(page, FIRST, 1, NO_PLAN, "label")
        return
    slots = _slots(facts)
    _headers(page, facts, slots)
    off = _days_off(facts)
    for row, task in enumerate(facts.tasks, start=FIRST):
        _row(page, facts, task, row, slots)
    _shade(page, facts, slots, off)
    _print(page, len(slots))


Slot = tuple[date, date]
"""The first and the last day of a column."""


def _slots(facts: Facts) -> list[Slot]:
    """The columns: days, or weeks from a Monday where there are too many days."""
    starts = [date.fromisoformat(task.item.start) for task in facts.tasks]
    ends = [date.fromisoformat(task.item.finish) for task in facts.tasks]
    marks = [date.fromisoformat(day) for day in (facts.launch.freeze_date, facts.launch.launch_date)]
    first, last = min(starts), max(*ends, *marks)
    first -= timedelta(days=first.weekday())
    size = 1 if (last - first).days < MOST_DAYS else 7
    count = min((last - first).days // size + 1, MOST_DAYS if size == 1 else MOST_WEEKS)
    return [
        (first + timedelta(days=size * place), first + timedelta(days=size * (place + 1) - 1)) for place in range(count)
    ]


def _headers(page: Page, facts: Facts, slots: Sequence[Slot]) -> None:
    """Months above, then weeks by their Monday over days, or weeks alone; the freeze and the launch marked."""
    for column, (title, width) in enumerate(HEADS, start=1):
        put(page, MONTHS, column, None, "header")
        put(page, DAYS, column, title, "header")
        page.sheet.column_dimensions[get_column_letter(column)].width = width
    daily = slots[0][0] == slots[0][1]
    at = len(HEADS) + 1
    for _, group in groupby(enumerate(slots), key=lambda item: (item[1][0].year, item[1][0].month)):
        months = list(group)
        first, last = at + months[0][0], at + months[-1][0]
        for column in range(first, last + 1):
            put(page, MONTHS, column, None, "header")
        words = f"{months[0][1][0]:%b %Y}" if last - first > 1 or not daily else f"{months[0][1][0]:%b}"
        put(page, MONTHS, first, words, "header").alignment = Alignment("left", "center")
        page.sheet.merge_cells(start_row=MONTHS, end_row=MONTHS, start_column=first, end_column=last)
    for column, (first, last) in enumerate(slots, start=at):
        marked = _mark(facts, first, last)
        text = marked or (f"{first.day}" if first.weekday() == 0 else "")
        cell = put(page, DAYS, column, text, "header")
        cell.alignment = Alignment("center", "center")
        if marked:
            cell.fill = PatternFill("solid", start_color=FREEZE if marked == "F" else LAUNCH)
        page.sheet.column_dimensions[get_column_letter(column)].width = 2.7 if daily else 3.6


def _mark(facts: Facts, first: date, last: date) -> str:
    """L where the launch falls, F where the freeze does, else nothing."""
    for letter, day in (("L", facts.launch.launch_date), ("F", facts.launch.freeze_date)):
        if first <= date.fromisoformat(day) <= last:
            return letter
    return ""


def _row(page: Page, facts: Facts, task: Task, row: int, slots: Sequence[Slot]) -> None:
    teams = facts.teams_of(task.item)
    for column, (content, kind) in enumerate(((task.code, "strong"), (task.name, "wrap"), (teams, "wrap")), start=1):
        put(page, row, column, content, kind)
    lines = max(lines_of_text(task.name, HEADS[1][1]), lines_of_text(teams, HEADS[2][1]))
    page.sheet.row_dimensions[row].height = LINE_HEIGHT * lines
    worked: set[date] = set()
    for work in facts.work(task.item):
        first, last = date.fromisoformat(work.start), date.fromisoformat(work.finish)
        worked.update(working_days(facts.inputs, facts.inputs.get(Team, work.team), first, last))
    begin, end = date.fromisoformat(task.item.start), date.fromisoformat(task.item.finish)
    for column, (first, last) in enumerate(slots, start=len(HEADS) + 1):
        busy = any(first <= day <= last for day in worked)
        if not busy and not (begin <= last and first <= end):
            continue
        cell = put(page, row, column, WORK if busy else WAIT, "text")
        cell.fill = PatternFill("solid", start_color=WORKING if busy else WAITING)
        cell.alignment = Alignment("center", "center")


def _days_off(facts: Facts) -> frozenset[date]:
    """The days on which no team works, weekends among them."""
    starts = [date.fromisoformat(task.item.start) for task in facts.tasks]
    last = max(date.fromisoformat(facts.launch.launch_date), *(date.fromisoformat(t.item.finish) for t in facts.tasks))
    first = min(starts) - timedelta(days=6)
    busy = {day for team in facts.teams for day in working_days(facts.inputs, team, first, last)}
    every = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return frozenset(day for day in every if day not in busy)


def _shade(page: Page, facts: Facts, slots: Sequence[Slot], off: frozenset[date]) -> None:
    """Shade the columns of days on which nobody works, and draw lines at the freeze and the launch."""
    rest, line = PatternFill("solid", start_color=REST), Side("hair", color=RULE)
    for column, (first, last) in enumerate(slots, start=len(HEADS) + 1):
        marked = _mark(facts, first, last)
        resting = first == last and first in off
        if not marked and not resting:
            continue
        edge = Side("medium", color=FREEZE if marked == "F" else LAUNCH) if marked else None
        for row in range(FIRST, FIRST + len(facts.tasks)):
            cell = page.sheet.cell(row, column)
            if resting and cell.value != WORK:
                cell.fill = rest
            cell.border = Border(left=edge, bottom=line) if edge else Border(bottom=line)


def _print(page: Page, slots: int) -> None:
    sheet = page.sheet
    sheet.freeze_panes = f"{get_column_letter(len(HEADS) + 1)}{FIRST}"
    print_landscape(page)
    sheet.print_title_rows = f"{MONTHS}:{DAYS}"
    if slots > MOST_DAYS // 2:
        sheet.page_setup.paperSize = A3

"""The workplan: what to do in order of priority, one sheet of its own for each team, and what was left out."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from launchpad.export.facts import Facts, Task, day
from launchpad.export.sheet import (
    FIRST,
    TOTAL,
    Column,
    Content,
    Formula,
    Page,
    column_range,
    heading,
    lay_out,
    put,
    table,
)
from launchpad.records import LeftOut, Mitigation, PlanWork, Team
from launchpad.records.links import STANDINGS

STATUS = tuple(STANDINGS.values())
EFFORT = "Effort"
COLUMNS = (
    Column("Rank", "whole", 7),
    Column("Code", "strong", 13),
    Column("What is done", "wrap", 34),
    Column("Variant", "wrap", 18),
    Column("Teams", "wrap", 24),
    Column(EFFORT, "days", 10),
    Column("Start", "date", 12),
    Column("Finish", "date", 12),
    Column("Gain", "percent", 9),
    Column("Gain per scarce day", "percent", 12),
    Column("Ready in time", "share", 10),
    Column("Lowers", "wrap", 38),
    Column("Status", "input text", 11, STATUS),
    Column("Owner", "input text", 14),
    Column("Notes", "input wrap", 28),
)
TEAM_COLUMNS = (
    Column("Rank", "whole", 7),
    Column("Code", "strong", 13),
    Column("What is done", "wrap", 32),
    Column("Variant", "wrap", 16),
    Column(EFFORT, "days", 10),
    Column("Start", "date", 12),
    Column("Finish", "date", 12),
    Column("Lowers", "wrap", 30),
    Column("Status", "input text", 11, STATUS),
    Column("Owner", "input text", 12),
    Column("Notes", "input wrap", 24),
)
LEFT_OUT_COLUMNS = (
    Column("Code", "strong", 12),
    Column("Mitigation", "wrap", 44),
    Column("Why it was left out", "wrap", 60),
    Column("Would displace", "wrap", 24),
    Column("Loss if forced in", "percent", 13),
)
NO_PLAN = "There is no plan yet: make one in Launchpad and export again."


def fill(page: Page, facts: Facts) -> None:
    """Write the workplan in order of priority; its total stands above the header."""
    what = (
        NO_PLAN
        if facts.plan is None
        else (
            f"In order of priority. {facts.plan.name}, for {facts.launch.name}. "
            "Gain is the share of today's weighted risk that goes away with it; shaded cells are yours to fill in."
        )
    )
    heading(page, "Workplan", what)
    rows = [_row(facts, task) for task in facts.tasks]
    last = table(page, "workplan", COLUMNS, rows, empty="Nothing is planned.")
    lay_out(page, COLUMNS, frozen=3)
    total_of(page, COLUMNS, EFFORT, last, sum(row.days for task in facts.tasks for row in facts.work(task.item)))


def fill_team(page: Page, facts: Facts, team: Team, available: Formula) -> None:
    """Write one team's sheet, its own stretches of work only; `available` refers to what the team can give."""
    work = facts.work_of(team)
    pieces = len({task.item.id for task, _ in work})
    heading(page, team.name, _team_note(facts, work, pieces))
    last = table(
        page,
        f"team_{facts.teams.index(team) + 1}",
        TEAM_COLUMNS,
        _team_rows(work),
        empty="Nothing is planned.",
    )
    lay_out(page, TEAM_COLUMNS, frozen=3)
    used = sum(row.days for _, row in work)
    total_of(page, TEAM_COLUMNS, EFFORT, last, used)
    _load_line(page, used, available)


def _load_line(page: Page, used: float, available: Formula) -> None:
    """Beside a team's total: of how much, and the share of it, both live."""
    column = 1 + [column.title for column in TEAM_COLUMNS].index(EFFORT)
    letters = [get_column_letter(column + offset) for offset in range(2)]
    part, whole = (f"{letter}{TOTAL}" for letter in letters)
    share = used / available.value if available.value else 0.0
    put(page, TOTAL, column + 1, available, "total of")
    put(page, TOTAL, column + 2, Formula(f"=IF({whole}>0,{part}/{whole},0)", share), "total load")


def fill_left_out(page: Page, facts: Facts) -> None:
    """Write what the plan does not do, and why."""
    rows = () if facts.plan is None else facts.inputs.children(LeftOut, "plan", facts.plan.id)
    heading(
        page,
        "Left out, and why",
        "Work the plan does not do. Loss is how much worse the plan would be if it were forced in.",
    )
    lines = ((*_named(facts, row), row.reason, row.displaces, row.loss) for row in rows)
    empty = NO_PLAN if facts.plan is None else "Everything on the list is planned."
    table(page, "left_out", LEFT_OUT_COLUMNS, lines, empty=empty)
    lay_out(page, LEFT_OUT_COLUMNS, frozen=2)


def total_of(page: Page, columns: tuple[Column, ...], title: str, last: int, value: float) -> None:
    """Put the live total of a column above its header."""
    index = 1 + [column.title for column in columns].index(title)
    put(page, TOTAL, 1, "Total", "total text")
    for blank in range(2, len(columns) + 1):
        put(page, TOTAL, blank, None, "total text")
    cells = column_range(columns, title, FIRST, last)
    put(page, TOTAL, index, Formula(f"=SUM({cells})", value), f"total {columns[index - 1].kind}")


def _row(facts: Facts, task: Task) -> tuple[Content, ...]:
    item = task.item
    work = facts.work(item)
    return (
        item.rank,
        task.code,
        task.name,
        task.variant,
        facts.teams_of(item),
        sum(row.days for row in work),
        day(item.start),
        day(item.finish),
        item.gain,
        item.gain_per_day,
        item.p_ready,
        task.lowers,
        task.status,
        task.owner,
        task.note,
    )


def _team_rows(work: list[tuple[Task, PlanWork]]) -> Iterator[tuple[Content, ...]]:
    for task, row in work:
        yield (
            task.item.rank,
            task.code,
            task.name,
            task.variant,
            row.days,
            day(row.start),
            day(row.finish),
            task.lowers,
            task.status,
            task.owner,
            task.note,
        )


def _team_note(facts: Facts, work: list[tuple[Task, PlanWork]], pieces: int) -> str:
    if not work:
        return f"The plan asks nothing of this team for {facts.launch.name}."
    first, last = min(row.start for _, row in work), max(row.finish for _, row in work)
    return (
        f"{pieces} {'piece' if pieces == 1 else 'pieces'} of work from {first} to {last}, for "
        f"{facts.launch.name}. Shaded cells are yours to fill in."
    )


def _named(facts: Facts, row: LeftOut) -> tuple[str, str]:
    mitigation = facts.inputs.get(Mitigation, row.mitigation)
    return mitigation.code, mitigation.name

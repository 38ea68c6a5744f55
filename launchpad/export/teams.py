"""One sheet for each team: its own work only, with what is its to fill in, and how full it is."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from launchpad.export.facts import Facts, Task, day
from launchpad.export.keys import KEY, key_of
from launchpad.export.sheet import FIRST, TOTAL, Column, Content, Formula, Page, heading, lay_out, letter_of, put, table
from launchpad.export.workplan import EFFORT, NUMBER, STATUS, inputs_of, looked_up, total_of
from launchpad.records import PlanWork, Team

COLUMNS = (
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
    Column("Started", "input date", 12),
    Column("Finished", "input date", 12),
    Column("Remaining", "input days", 11, least=0),
    Column("Actual", "input days", 10, least=0),
    Column("Notes", "input wrap", 24),
    Column(NUMBER, "whole", 6, hidden=True),
    Column(KEY, "text", 12, hidden=True),
)


def fill(page: Page, facts: Facts, team: Team, available: Formula) -> None:
    """Write one team's sheet, its own stretches of work only; `available` refers to what the team can give."""
    work = facts.work_of(team)
    heading(page, team.name, _note(facts, work))
    name = f"team_{facts.teams.index(team) + 1}"
    last = table(page, name, COLUMNS, _rows(facts, work), empty="Nothing is planned.")
    lay_out(page, COLUMNS, frozen=3)
    used = sum(row.days for _, row in work)
    total_of(page, COLUMNS, EFFORT, last, used)
    _load_line(page, used, available)


def _load_line(page: Page, used: float, available: Formula) -> None:
    """Beside a team's total: of how much, and the share of it, both live."""
    column = 1 + [column.title for column in COLUMNS].index(EFFORT)
    part, whole = (f"{get_column_letter(column + offset)}{TOTAL}" for offset in range(2))
    share = used / available.value if isinstance(available.value, float) and available.value else 0.0
    put(page, TOTAL, column + 1, available, "total of")
    put(page, TOTAL, column + 2, Formula(f"=IF({whole}>0,{part}/{whole},0)", share), "total load")


def _rows(facts: Facts, work: list[tuple[Task, PlanWork]]) -> Iterator[tuple[Content, ...]]:
    numbers = {task.item.id: number for number, task in enumerate(facts.tasks, start=1)}
    for line, (task, row) in enumerate(work, start=FIRST):
        yield (
            task.item.rank,
            task.code,
            task.name,
            task.variant,
            _effort(facts, task, row, line),
            day(row.start),
            day(row.finish),
            task.lowers,
            *inputs_of(task),
            numbers[task.item.id],
            key_of(task, row.days),
        )


def _effort(facts: Facts, task: Task, row: PlanWork, line: int) -> Content:
    """The stretch's share of the effort that stands on the workplan."""
    whole = facts.effort(task.item)
    if whole <= 0:
        return row.days
    effort = looked_up(facts, EFFORT, f"${letter_of(COLUMNS, NUMBER)}{line}")
    return Formula(f"={effort}*{row.days / whole!r}", row.days)


def _note(facts: Facts, work: list[tuple[Task, PlanWork]]) -> str:
    if not work:
        return f"The plan asks nothing of this team for {facts.launch.name}."
    pieces = len({task.item.id for task, _ in work})
    first, last = min(row.start for _, row in work), max(row.finish for _, row in work)
    return (
        f"{pieces} {'piece' if pieces == 1 else 'pieces'} of work from {first} to {last}, for "
        f"{facts.launch.name}. Shaded cells are yours to fill in; effort is a share of what the Workplan page says."
    )

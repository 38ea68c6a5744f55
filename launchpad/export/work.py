"""The stretches of work behind the load: each a share of its item's effort, spread over the weeks it falls into."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from launchpad.export.facts import Facts, day
from launchpad.export.loads import Load
from launchpad.export.sheet import FIRST, Column, Content, Formula, Page, column_range, heading, lay_out, table
from launchpad.export.workplan import EFFORT, looked_up
from launchpad.records import Team

NAME = "Work"
HEADS = (
    Column("Item No.", "whole", 8),
    Column("Code", "strong", 14),
    Column("Team No.", "whole", 8),
    Column("Team", "wrap", 26),
    Column("Start", "date", 12),
    Column("Finish", "date", 12),
    Column("Share of the item", "percent", 11),
    Column(EFFORT, "days", 11),
)


def fill(page: Page, facts: Facts, load: Load) -> None:
    """Write one row for each stretch of work, in order of priority."""
    heading(
        page,
        NAME,
        "Every stretch of work: its share of the effort on the Workplan page, and how much of it falls into each week "
        "(named by its Monday). The page Load adds these up.",
    )
    columns = (*HEADS, *(Column(f"{week:%d %b}", "share", 8) for week in load.weeks))
    table(page, "work", columns, _rows(facts, load), empty="Nothing is planned.", sortable=False)
    lay_out(page, columns, frozen=4)


def asked(facts: Facts, team: Team, week: int) -> str:
    """The person-days asked of a team in the week at a place, as a formula's words."""
    last = FIRST - 1 + max(1, sum(len(facts.work(task.item)) for task in facts.tasks))
    teams, efforts = (f"{NAME}!{column_range(HEADS, title, FIRST, last)}" for title in ("Team No.", EFFORT))
    letter = get_column_letter(len(HEADS) + 1 + week)
    shares = f"{NAME}!${letter}${FIRST}:${letter}${last}"
    return f"SUMPRODUCT(({teams}={facts.teams.index(team) + 1})*{efforts}*{shares})"


def _rows(facts: Facts, load: Load) -> Iterator[tuple[Content, ...]]:
    numbers = {team.id: number for number, team in enumerate(facts.teams, start=1)}
    names = {team.id: team.name for team in facts.teams}
    for number, task in enumerate(facts.tasks, start=1):
        whole = facts.effort(task.item)
        for row in facts.work(task.item):
            share = row.days / whole if whole > 0 else 0.0
            effort = Formula(f"={looked_up(facts, EFFORT, str(number))}*{share!r}", row.days)
            weeks = load.shares[row.id]
            yield (
                number,
                task.code,
                numbers[row.team],
                names[row.team],
                day(row.start),
                day(row.finish),
                share,
                effort,
                *(weeks.get(week, 0.0) for week in load.weeks),
            )

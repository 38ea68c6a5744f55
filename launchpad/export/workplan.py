"""The workplan: what to do, in order of priority. Effort, status and whether an item counts are typed here."""

from typing import Any

from openpyxl.formatting import rule

from launchpad.export.facts import Facts, Task, day
from launchpad.export.keys import KEY, key_of
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
    letter_of,
    put,
    table,
)
from launchpad.export.style import BAR
from launchpad.records.links import STANDINGS

NAME = "Workplan"
_rule: Any = rule  # its functions carry no types
STATUS = tuple(STANDINGS.values())
EFFORT, NUMBER, COUNTED = "Effort", "No.", "Counted"
YES_NO = ("yes", "no")
COLUMNS = (
    Column("Rank", "whole", 7),
    Column("Code", "strong", 13),
    Column("What is done", "wrap", 32),
    Column("Variant", "wrap", 16),
    Column("Teams", "wrap", 22),
    Column(EFFORT, "input days", 10, least=0),
    Column("Start", "date", 12),
    Column("Finish", "date", 12),
    Column("Gain", "percent", 10),
    Column("Gain per scarce day", "percent", 12),
    Column("Ready in time", "share", 10),
    Column("Lowers", "wrap", 34),
    Column(COUNTED, "input text", 10, YES_NO),
    Column("Status", "input text", 11, STATUS),
    Column("Owner", "input text", 14),
    Column("Started", "input date", 12),
    Column("Finished", "input date", 12),
    Column("Remaining", "input days", 11, least=0),
    Column("Actual", "input days", 10, least=0),
    Column("Notes", "input wrap", 28),
    Column(NUMBER, "whole", 6, hidden=True),
    Column(KEY, "text", 12, hidden=True),
)
NO_PLAN = "There is no plan yet: make one in Launchpad and export again."


def fill(page: Page, facts: Facts) -> None:
    """Write the workplan in order of priority; its total stands above the header."""
    what = (
        NO_PLAN
        if facts.plan is None
        else (
            f"In order of priority. {facts.plan.name}, for {facts.launch.name}. Gain is the share of today's weighted "
            "risk that goes away with it. Shaded cells are yours to fill in; scores and load follow from them."
        )
    )
    heading(page, NAME, what)
    rows = (_row(facts, task, number) for number, task in enumerate(facts.tasks, start=1))
    last = table(page, "workplan", COLUMNS, rows, empty="Nothing is planned.")
    lay_out(page, COLUMNS, frozen=3)
    total_of(page, COLUMNS, EFFORT, last, sum(facts.effort(task.item) for task in facts.tasks))
    if facts.tasks:
        _bars(page, last)


def looked_up(facts: Facts, title: str, number: str) -> str:
    """A formula's words for a column of the workplan in the row of an item, wherever sorting put that row.

    `number` is the cell or number that says which item: 1 for the first in priority.
    """
    last = FIRST - 1 + max(1, len(facts.tasks))
    cells, numbers = (column_range(COLUMNS, name, FIRST, last) for name in (title, NUMBER))
    return f"INDEX({NAME}!{cells},MATCH({number},{NAME}!{numbers},0))"


def total_of(page: Page, columns: tuple[Column, ...], title: str, last: int, value: float) -> None:
    """Put the live total of a column above its header."""
    index = 1 + [column.title for column in columns].index(title)
    kind = columns[index - 1].kind.removeprefix("input ")
    put(page, TOTAL, 1, "Total", "total text")
    for blank in range(2, len(columns) + 1):
        put(page, TOTAL, blank, None, "total text")
    cells = column_range(columns, title, FIRST, last)
    put(page, TOTAL, index, Formula(f"=SUM({cells})", value), f"total {kind}")


def inputs_of(task: Task) -> tuple[Content, ...]:
    """What people fill in of an item: status, owner, dates, days left and spent, notes."""
    standing = task.standing
    return (
        task.status,
        task.owner,
        day(task.started),
        day(task.finished),
        standing and standing.remaining_days,
        standing and standing.actual_days,
        task.note,
    )


def _row(facts: Facts, task: Task, number: int) -> tuple[Content, ...]:
    item, effort = task.item, facts.effort(task.item)
    return (
        item.rank,
        task.code,
        task.name,
        task.variant,
        facts.teams_of(item),
        effort,
        day(item.start),
        day(item.finish),
        item.gain,
        _per_day(task, effort, FIRST - 1 + number),
        item.p_ready,
        task.lowers,
        YES_NO[0],
        *inputs_of(task),
        number,
        key_of(task, effort),
    )


def _per_day(task: Task, effort: float, row: int) -> Content:
    """Gain by its scarce days, live: they grow as the effort does."""
    gain, per_day = task.item.gain, task.item.gain_per_day
    if not gain or not per_day or not effort:
        return per_day
    part, whole = f"{letter_of(COLUMNS, 'Gain')}{row}", f"{letter_of(COLUMNS, EFFORT)}{row}"
    scarce = gain / per_day / effort
    return Formula(f"=IF({whole}>0,{part}/({whole}*{scarce!r}),0)", per_day)


def _bars(page: Page, last: int) -> None:
    """A bar behind each gain, and quarters of a circle beside each chance to be ready, which read in grey too."""
    for title in ("Gain", "Gain per scarce day"):
        bar = _rule.DataBarRule("num", 0, "max", None, color=BAR, showValue=True)
        page.sheet.conditional_formatting.add(column_range(COLUMNS, title, FIRST, last).replace("$", ""), bar)
    quarters = _rule.IconSetRule("5Quarters", "num", [0, 0.2, 0.4, 0.6, 0.8], showValue=True, reverse=False)
    ready = column_range(COLUMNS, "Ready in time", FIRST, last).replace("$", "")
    page.sheet.conditional_formatting.add(ready, quarters)

"""What the plan does not do: why, what it would displace, and what would bring it in."""

from launchpad.export.facts import Facts, day
from launchpad.export.sheet import Column, Content, Page, heading, lay_out, table
from launchpad.export.workplan import NO_PLAN
from launchpad.records import LeftOut, Mitigation

COLUMNS = (
    Column("Code", "strong", 12),
    Column("Mitigation", "wrap", 36),
    Column("Why it was left out", "wrap", 52),
    Column("Would displace", "wrap", 20),
    Column("Loss if forced in", "percent", 13),
    Column("Effort", "days", 11),
    Column("Enters at effort", "days", 12),
    Column("Enters at freeze", "date", 14),
    Column("Enters at further gain", "percent", 14),
    Column("How sure", "wrap", 24),
    Column("Core index", "share", 10),
)


def fill(page: Page, facts: Facts) -> None:
    """Write one row for each mitigation that was left out."""
    rows = () if facts.plan is None else facts.inputs.children(LeftOut, "plan", facts.plan.id)
    heading(
        page,
        "Left out, and why",
        "Loss is how much worse the plan would be if it were forced in. It would enter at that effort or less, at that "
        "freeze date or later, or if it took that much more off the objective; empty where no such change alone would.",
    )
    empty = NO_PLAN if facts.plan is None else "Everything on the list is planned."
    table(page, "left_out", COLUMNS, (_row(facts, row) for row in rows), empty=empty)
    lay_out(page, COLUMNS, frozen=2)


def _row(facts: Facts, row: LeftOut) -> tuple[Content, ...]:
    mitigation = facts.inputs.get(Mitigation, row.mitigation)
    found = any(value is not None for value in (row.enters_effort, row.enters_freeze, row.enters_gain))
    return (
        mitigation.code,
        mitigation.name,
        row.reason,
        row.displaces,
        row.loss,
        row.effort,
        row.enters_effort,
        day(row.enters_freeze),
        row.enters_gain,
        _sure(row) if found else None,
        row.core_index,
    )


def _sure(row: LeftOut) -> str:
    return "about: within the gap of the plan" if row.estimated else "found by planning again"

"""The limits set beforehand, and what the launch has today and would have with the plan."""

from collections.abc import Iterator

from launchpad.export.facts import Facts
from launchpad.export.handling import kept_out, name_of
from launchpad.export.sheet import Column, Content, Page, heading, lay_out, table
from launchpad.records import Scenario, Surface, Tolerance, fields_of

COLUMNS = (
    Column("Limit", "strong", 11),
    Column("What is limited", "wrap", 28),
    Column("Measure", "wrap", 24),
    Column("Where", "wrap", 15),
    Column("At most", "amount", 12),
    Column("At most this often", "percent", 11),
    Column("Today", "amount", 11),
    Column("Today, verdict", "verdict", 14),
    Column("With the plan", "amount", 12),
    Column("With the plan, verdict", "verdict", 14),
    Column("Basis", "wrap", 28),
)
WITHIN = {True: "within", False: "over", None: "not known"}
MEASURES = next(field.choices for field in fields_of(Tolerance) if field.name == "measure")


def fill(page: Page, facts: Facts) -> None:
    """Write one row for each limit."""
    heading(
        page,
        "Limits",
        "Set beforehand. Where a limit may be passed so often, the values are the chance of passing it.",
    )
    table(page, "limits", COLUMNS, _rows(facts), empty="No limits were set.")
    lay_out(page, COLUMNS, frozen=2)


def _rows(facts: Facts) -> Iterator[tuple[Content, ...]]:
    for row in facts.results.tolerances:
        limit = facts.inputs.find(Tolerance, row.code, facts.launch.id)
        planned = facts.plan is not None
        yield (
            row.code,
            name_of(facts.inputs, limit),
            MEASURES[row.measure],
            _where(facts, limit),
            row.limit,
            row.probability,
            row.current,
            WITHIN[row.within],
            row.planned if planned else None,
            WITHIN[row.within_planned] if planned else None,
            None if "basis" in kept_out(facts.inputs, limit) else limit.basis,
        )


def _where(facts: Facts, limit: Tolerance) -> str:
    if limit.scenario is not None:
        return facts.inputs.get(Scenario, limit.scenario).code
    return "the whole launch" if limit.surface is None else facts.inputs.get(Surface, limit.surface).name

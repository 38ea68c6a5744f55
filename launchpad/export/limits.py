"""The limits set beforehand, and what the launch has today and would have with the plan."""

from collections.abc import Iterator

from launchpad.edits.criteria import CHANGED, seal_state
from launchpad.export.addresses import Addresses, of, under
from launchpad.export.facts import Facts
from launchpad.export.handling import kept_out, name_of
from launchpad.export.sheet import (
    FIRST,
    Column,
    Content,
    Formula,
    Page,
    colour_verdicts,
    column_range,
    heading,
    lay_out,
    letter_of,
    name_area,
    table,
)
from launchpad.records import Scenario, Surface, Tolerance, fields_of
from launchpad.results.rows import ToleranceRow

LIMIT, PROBABILITY = "At most", "At most this often"
STATES = {"current": "Today", "planned": "With the plan"}
COLUMNS = (
    Column("Limit", "strong", 11),
    Column("What is limited", "wrap", 28),
    Column("Measure", "wrap", 24),
    Column("Where", "wrap", 15),
    Column(LIMIT, "input amount", 12, least=0),
    Column(PROBABILITY, "input percent", 11, least=0, most=1),
    Column("Today", "amount", 11),
    Column("Today, verdict", "verdict", 14),
    Column("With the plan", "amount", 12),
    Column("With the plan, verdict", "verdict", 14),
    Column("Basis", "wrap", 28),
    Column("Sealed", "wrap", 13),
)
WITHIN = {True: "within", False: "over", None: "not known"}
MEASURES = next(field.choices for field in fields_of(Tolerance) if field.name == "measure")


def fill(page: Page, facts: Facts, at: Addresses) -> None:
    """Write one row for each limit; its verdicts follow the limit."""
    heading(
        page,
        "Limits",
        "Set beforehand. Verdicts follow the shaded limits. Where a limit may be passed so often, the values are the "
        f"chance of passing it: from {facts.results.draws:,} draws, seed {facts.results.seed}, for the limit as "
        "exported, and not live; nor are what safeguards cost in refusals, latency, capability and money.",
    )
    last = table(page, "limits", COLUMNS, _rows(facts, at), empty="No limits were set.")
    lay_out(page, COLUMNS, frozen=2)
    if facts.results.tolerances:
        name_area(page, "limits_set", column_range(COLUMNS, LIMIT, FIRST, last))
        for title in STATES.values():
            colour_verdicts(page, column_range(COLUMNS, f"{title}, verdict", FIRST, last))


def _rows(facts: Facts, at: Addresses) -> Iterator[tuple[Content, ...]]:
    for line, row in enumerate(facts.results.tolerances, start=FIRST):
        limit = facts.inputs.find(Tolerance, row.code, facts.launch.id)
        planned = facts.plan is not None
        yield (
            row.code,
            name_of(facts.inputs, limit),
            MEASURES[row.measure],
            where(facts, limit),
            row.limit,
            row.probability,
            _value(at, limit, row, "current"),
            _verdict(row, row.current, WITHIN[row.within], "current", line),
            _value(at, limit, row, "planned") if planned else None,
            _verdict(row, row.planned, WITHIN[row.within_planned], "planned", line) if planned else None,
            None if "basis" in kept_out(facts.inputs, limit) else limit.basis,
            _sealed(facts, limit),
        )


def _value(at: Addresses, limit: Tolerance, row: ToleranceRow, state: str) -> Content:
    """What a limit is about: a live reference where it is a mean, else the number of the day of export."""
    value: float | None = getattr(row, state)
    if value is None or row.probability is not None or row.measure not in ("technical", "events"):
        return value
    if limit.scenario is None:
        return Formula(f"={at.score_total(under(state, 'beta', 'Technical'))}", value)
    title = of(state, "Events") if row.measure == "events" else under(state, "beta", "Technical")
    return Formula(f"={at.score_cell(title, at.wiring.model.scenario_index[limit.scenario])}", value)


def _verdict(row: ToleranceRow, value: float | None, said: str, state: str, line: int) -> Content:
    """Whether the value is within the limit, or the chance of passing it within what was accepted."""
    if value is None:
        return said
    chance = row.probability is not None and row.measure in ("technical", "events")
    allowed, held = (letter_of(COLUMNS, title) for title in (PROBABILITY if chance else LIMIT, STATES[state]))
    return Formula(f'=IF({held}{line}<={allowed}{line},"within","over")', said)


def _sealed(facts: Facts, limit: Tolerance) -> str | None:
    """The day a limit was sealed, or that it was changed since; None when it never was."""
    if limit.sealed_at is None:
        return None
    return CHANGED if seal_state(facts.inputs, limit) == CHANGED else limit.sealed_at[:10]


def where(facts: Facts, limit: Tolerance) -> str:
    """What a limit holds for: a scenario, a surface, or the whole launch."""
    if limit.scenario is not None:
        return facts.inputs.get(Scenario, limit.scenario).code
    return "the whole launch" if limit.surface is None else facts.inputs.get(Surface, limit.surface).name

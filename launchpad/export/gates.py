"""The gates: threshold, verdict and reason; the number met is a live count."""

from collections.abc import Iterator

from launchpad.export.facts import Facts
from launchpad.export.handling import WITHHELD, handling_of, name_of
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
from launchpad.export.style import VERDICTS, style_name
from launchpad.records import Evaluation, Gate, Scenario
from launchpad.records.links import GATE_KINDS

COLUMNS = (
    Column("Gate", "strong", 12),
    Column("Name", "wrap", 34),
    Column("Kind", "wrap", 20),
    Column("Scenario", "text", 12),
    Column("Threshold", "percent", 11),
    Column("Margin", "percent", 9),
    Column("Confidence", "share", 11),
    Column("Asked", "wrap", 18),
    Column("Verdict", "strong", 16),
    Column("Reason", "wrap", 60),
    Column("Samples needed", "whole", 10),
    Column("Needs evaluation", "wrap", 22),
    Column("Sealed", "text", 18),
)
GOOD = tuple(verdict for verdict, side in VERDICTS.items() if side == "good")


def fill(page: Page, facts: Facts) -> int:
    """Write one row for each gate and the live count of those met; the number of the last row."""
    heading(
        page,
        "Gates",
        "Rules set before the results. Met and ruled out let the launch go on; nothing else does.",
    )
    last = table(page, "gates", COLUMNS, _rows(facts), empty="No gates were set.")
    lay_out(page, COLUMNS, frozen=2)
    verdicts = 1 + [column.title for column in COLUMNS].index("Verdict")
    for row, gate in enumerate(facts.results.gates, start=FIRST):
        page.sheet.cell(row, verdicts).style = style_name(f"{VERDICTS[gate.verdict]} verdict")
    for column in range(1, len(COLUMNS) + 1):
        put(page, TOTAL, column, None, "total text")
    put(page, TOTAL, 1, "Met", "total text")
    put(page, TOTAL, verdicts, count_met(facts, last), "total whole")
    return last


def count_met(facts: Facts, last: int) -> Formula:
    """The live count of gates that let the launch go on."""
    cells = column_range(COLUMNS, "Verdict", FIRST, last)
    counts = "+".join(f'COUNTIF({cells},"{verdict}")' for verdict in GOOD)
    return Formula(f"={counts}", float(sum(gate.verdict in GOOD for gate in facts.results.gates)))


def _rows(facts: Facts) -> Iterator[tuple[Content, ...]]:
    inputs = facts.inputs
    for result in facts.results.gates:
        gate = inputs.find(Gate, result.code, facts.launch.id)
        withheld = handling_of(inputs, gate) == "restricted"
        yield (
            gate.code,
            name_of(inputs, gate),
            GATE_KINDS[gate.kind],
            None if gate.scenario is None else inputs.get(Scenario, gate.scenario).code,
            gate.threshold,
            gate.margin,
            gate.confidence,
            WITHHELD.format("restricted") if withheld and gate.stage else gate.stage,
            result.verdict,
            result.reason,
            result.n_needed,
            None if gate.verified_by is None else inputs.get(Evaluation, gate.verified_by).name,
            gate.sealed_at and gate.sealed_at[:10],
        )

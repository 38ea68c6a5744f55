"""The gates with verdict and reason, and the number met as a live count."""

from collections.abc import Iterator

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from launchpad.export.facts import Facts
from launchpad.export.handling import kept_out, name_of
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
from launchpad.records import Evaluation, Gate, Scenario
from launchpad.records.links import GATE_KINDS
from launchpad.scoring.gates import GOOD

COLUMNS = (
    Column("Gate", "strong", 10),
    Column("Name", "wrap", 32),
    Column("Kind", "wrap", 18),
    Column("Scenario", "text", 12),
    Column("Threshold", "percent", 12),
    Column("Margin", "percent", 10),
    Column("Confidence", "share", 13),
    Column("Asked", "wrap", 16),
    Column("Verdict", "verdict", 18),
    Column("Reason", "wrap", 52),
    Column("Samples needed", "whole", 11),
    Column("Needs evaluation", "wrap", 22),
    Column("Sealed", "text", 13),
)
VERDICT = "Verdict"


def fill(page: Page, facts: Facts) -> None:
    """Write the gates with the live count of those met."""
    heading(
        page,
        "Gates",
        "Rules set before the results. Met and ruled out let the launch go on; nothing else does.",
    )
    last = table(page, "gates", COLUMNS, _rows(facts), empty="No gates were set.")
    lay_out(page, COLUMNS, frozen=2)
    for column in range(1, len(COLUMNS) + 1):
        put(page, TOTAL, column, None, "total text")
    put(page, TOTAL, 1, "Met", "total text")
    met = put(page, TOTAL, _verdict_column(), _count_met(facts, last), "total whole")
    met.alignment = Alignment(horizontal="left", vertical="center", indent=1)


def met_cell() -> str:
    """The cell with the live count of gates that let the launch go on."""
    return f"${get_column_letter(_verdict_column())}${TOTAL}"


def _verdict_column() -> int:
    return 1 + [column.title for column in COLUMNS].index(VERDICT)


def _count_met(facts: Facts, last: int) -> Formula:
    cells = column_range(COLUMNS, VERDICT, FIRST, last)
    counts = "+".join(f'COUNTIF({cells},"{verdict}")' for verdict in sorted(GOOD))
    return Formula(f"={counts}", float(sum(gate.good for gate in facts.results.gates)))


def _rows(facts: Facts) -> Iterator[tuple[Content, ...]]:
    inputs = facts.inputs
    for result in facts.results.gates:
        gate = inputs.find(Gate, result.code, facts.launch.id)
        withheld = "stage" in kept_out(inputs, gate)
        yield (
            gate.code,
            name_of(inputs, gate),
            GATE_KINDS[gate.kind],
            None if gate.scenario is None else inputs.get(Scenario, gate.scenario).code,
            gate.threshold,
            gate.margin,
            gate.confidence,
            None if withheld else gate.stage,
            result.verdict,
            result.reason,
            result.n_needed,
            None if gate.verified_by is None else inputs.get(Evaluation, gate.verified_by).name,
            gate.sealed_at and gate.sealed_at[:10],
        )

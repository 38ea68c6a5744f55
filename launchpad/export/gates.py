"""The gates with verdict and reason, the number met as a live count, and the success criteria of evaluations."""

from collections.abc import Iterator

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from launchpad.edits.criteria import SEALED, UNSEALED, Sealable, seal_state
from launchpad.export.bounds import Stored, stored_bounds
from launchpad.export.facts import Facts
from launchpad.export.handling import WITHHELD, evaluation_name, kept_out, name_of, reason_of
from launchpad.export.sheet import (
    FIRST,
    HEADER,
    TOTAL,
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
    put,
    table,
)
from launchpad.records import Evaluation, Gate, Scenario
from launchpad.records.links import GATE_KINDS
from launchpad.scoring.criteria import standings
from launchpad.scoring.gates import GOOD, Verdict

VERDICT, THRESHOLD, MARGIN, NUMBER = "Verdict", "Threshold", "Margin", "No."
FAILS, MEETS, SETTLES = "Bound that fails it", "Bound that meets it", "Can be met"
COLUMNS = (
    Column("Gate", "strong", 10),
    Column("Name", "wrap", 32),
    Column("Kind", "wrap", 18),
    Column("Scenario", "text", 12),
    Column(THRESHOLD, "input percent", 12, least=0, most=1),
    Column(MARGIN, "input percent", 10, least=0, most=1),
    Column("Confidence", "share", 13),
    Column("Asked", "wrap", 16),
    Column(VERDICT, "verdict", 18),
    Column("Reason", "wrap", 52),
    Column("Samples needed", "whole", 11),
    Column("Needs evaluation", "wrap", 22),
    Column("Sealed", "text", 13),
    Column(FAILS, "percent", 12),
    Column(MEETS, "percent", 12),
    Column(SETTLES, "text", 11),
    Column(NUMBER, "whole", 6, hidden=True),
)
# Below the gates, in columns of the same widths.
CRITERIA = (
    Column("Criterion", "strong", 10),
    Column("What must be shown", "wrap", 32),
    Column("Evaluation", "wrap", 18),
    Column("Category, locale", "wrap", 12),
    Column("Threshold", "plain", 12),
    Column("Which bound", "wrap", 10),
    Column("Confidence", "share", 13),
    Column("Least samples", "whole", 16),
    Column("Standing", "verdict", 18),
    Column("Why", "wrap", 52),
    Column("Samples needed", "whole", 11),
    Column("How it was set", "wrap", 22),
    Column("Sealed", "text", 13),
)
BOUNDS = {"at_least": "lower", "at_most": "upper"}


def fill(page: Page, facts: Facts) -> None:
    """Write the gates with the live count of those met."""
    heading(
        page,
        "Gates",
        "Rules set before the results. Met and ruled out let the launch go on; nothing else does. Verdicts follow the "
        "shaded thresholds and margins; reasons and samples needed are those of the day of export.",
    )
    last = table(page, "gates", COLUMNS, _rows(facts), empty="No gates were set.")
    lay_out(page, COLUMNS, frozen=2)
    for column in range(1, len(COLUMNS) + 1):
        put(page, TOTAL, column, None, "total text")
    put(page, TOTAL, 1, "Met", "total text")
    if facts.results.gates:
        colour_verdicts(page, column_range(COLUMNS, VERDICT, FIRST, last))
        for name, title in (("gate_thresholds", THRESHOLD), ("gate_margins", MARGIN)):
            name_area(page, name, column_range(COLUMNS, title, FIRST, last))
    met = put(page, TOTAL, _verdict_column(), _count_met(facts, last), "total whole")
    met.alignment = Alignment(horizontal="left", vertical="center", indent=1)
    _fill_criteria(page, facts, max(last, HEADER + 1) + 2)


def _fill_criteria(page: Page, facts: Facts, top: int) -> None:
    """Write the success criteria below the gates, each with how and when it was set."""
    put(page, top, 1, "Success criteria", "section")
    put(page, top + 1, 1, "What an evaluation must show, by a one-sided bound; marked when set after results.", "note")
    table(page, "criteria", CRITERIA, _criteria(facts), top=top + 2, empty="No success criteria were set.")


def _criteria(facts: Facts) -> Iterator[tuple[Content, ...]]:
    for one in standings(facts.inputs, facts.launch.id, facts.imported):
        row = one.criterion
        yield (
            row.code,
            WITHHELD.format("restricted") if one.evaluation.id in facts.barred else row.name,
            evaluation_name(facts.inputs, one.evaluation),
            ", ".join(word for word in (row.category, row.locale) if word) or "all",
            row.threshold,
            BOUNDS[row.direction],
            row.confidence,
            row.least_n,
            one.standing,
            one.reason,
            one.n_needed,
            "; ".join(one.marks) or SEALED,
            row.sealed_at and row.sealed_at[:10],
        )


def met_cell() -> str:
    """The cell with the live count of gates that let the launch go on."""
    return f"${get_column_letter(_verdict_column())}${TOTAL}"


def _verdict_column() -> int:
    return 1 + [column.title for column in COLUMNS].index(VERDICT)


def _count_met(facts: Facts, last: int) -> Formula:
    cells = column_range(COLUMNS, VERDICT, FIRST, last)
    counts = "+".join(f'COUNTIF({cells},"{verdict}")' for verdict in sorted(GOOD))
    return Formula(f"={counts}", float(sum(gate.good for gate in facts.results.gates)))


def verdict_of(page: Page, number: int, facts: Facts) -> Formula:
    """A live reference to the verdict of a gate by its number, wherever sorting put its row."""
    last = FIRST - 1 + len(facts.results.gates)
    cells, numbers = (f"{page.ref}!{column_range(COLUMNS, title, FIRST, last)}" for title in (VERDICT, NUMBER))
    return Formula(f"=INDEX({cells},MATCH({number},{numbers},0))", facts.results.gates[number - 1].verdict)


def _rows(facts: Facts) -> Iterator[tuple[Content, ...]]:
    inputs = facts.inputs
    for number, result in enumerate(facts.results.gates, start=1):
        gate = inputs.find(Gate, result.code, facts.launch.id)
        withheld = "stage" in kept_out(inputs, gate)
        bounds = stored_bounds(inputs, facts.launch, gate, result)
        yield (
            gate.code,
            name_of(inputs, gate),
            GATE_KINDS[gate.kind],
            None if gate.scenario is None else inputs.get(Scenario, gate.scenario).code,
            gate.threshold,
            gate.margin,
            gate.confidence,
            None if withheld else gate.stage,
            _verdict(gate, result, bounds, FIRST - 1 + number),
            reason_of(inputs, gate, result),
            result.n_needed,
            None if gate.verified_by is None else evaluation_name(inputs, inputs.get(Evaluation, gate.verified_by)),
            _sealed(facts, gate),
            *((None, None, None) if bounds is None else (bounds.fails, bounds.meets, bounds.settles)),
            number,
        )


def _verdict(gate: Gate, result: Verdict, bounds: Stored | None, row: int) -> Content:
    """The verdict as a formula over the stored bounds; as words where no bound could change it."""
    if bounds is None:
        return result.verdict
    titles = (THRESHOLD, MARGIN, FAILS, MEETS, SETTLES)
    limit, margin, fails, meets, settles = (f"{letter_of(COLUMNS, title)}{row}" for title in titles)
    words = {
        "rate": f'IF({fails}>{limit},"not met",IF(AND({settles}="yes",{meets}<={limit}),"met","inconclusive"))',
        "safeguard": f'IF({fails}<{limit},"not met",IF(AND({settles}="yes",{meets}>={limit}),"met","inconclusive"))',
        "capability": f'IF({fails}>={limit},"reached",'
        f'IF(AND({settles}="yes",{meets}<{limit}-{margin}),"ruled out","cannot rule out"))',
    }
    return Formula(f"={words[gate.kind]}", result.verdict)


def _sealed(facts: Facts, row: Sealable) -> str | None:
    """The day a row was sealed, or that it was changed since; None when it never was."""
    state = seal_state(facts.inputs, row)
    if state == UNSEALED:
        return None
    return (row.sealed_at or "")[:10] if state == SEALED else state

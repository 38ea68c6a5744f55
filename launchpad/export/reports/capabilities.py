"""The figures of capabilities: what is tracked, what was run on it and how hard, and what the model adds for people."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from launchpad import statistics
from launchpad.export.facts import Facts
from launchpad.export.handling import name_of
from launchpad.export.reports.words import amount, share
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Gate, Inputs, RiskArea, Scenario
from launchpad.records.evidence import ELICITATION
from launchpad.results.evidence import EvidenceRow, evidence_rows
from launchpad.scoring import coefficients
from launchpad.scoring.bounds import measured

BEARS_ON_CAPABILITY = ("propensity", "uplift")


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """A tracked capability: its scenarios in this launch, the results that bear on them, the hardest elicitation."""

    code: str
    name: str
    scenarios: str
    results: int
    elicitation: str
    verdicts: str


@dataclass(frozen=True, slots=True)
class RunFigure:
    """A result that bears on a capability, its value with its interval in words, and how it was run."""

    code: str
    evaluation: str
    scenario: str
    role: str
    value: str
    n: int | None
    elicitation: str
    build: str
    state: str
    day: str | None


@dataclass(frozen=True, slots=True)
class UpliftFigure:
    """A result beside its paired control: the difference of the two shares with its 95 % interval."""

    code: str
    control: str
    evaluation: str
    value: float
    without: float
    difference: str


@dataclass(frozen=True)
class CapabilityFigures:
    """The tracked capabilities of a launch and what is known of them."""

    areas: tuple[AreaFigure, ...]
    scenarios: tuple[str, ...]
    runs: tuple[RunFigure, ...]
    number: int
    strong: int
    partial: int
    weak: int
    unknown: int
    gap_partial: float
    gap_weak: float
    uplift: tuple[UpliftFigure, ...]

    @property
    def only_weak(self) -> bool:
        """Whether there are runs and none of them elicited strongly."""
        return self.number > 0 and self.strong == 0


def capabilities(facts: Facts) -> CapabilityFigures:
    """The figures of the tracked capabilities of a launch."""
    inputs, known = facts.inputs, coefficients.of(facts.inputs)
    tracked = [row for row in inputs.rows(RiskArea) if row.area_class == "tracked"]
    links = list(_links(facts, {row.id for row in tracked}))
    results = {link.result: inputs.get(EvalResult, link.result) for link, _ in links}
    hard = Counter(row.elicitation for row in results.values())
    rows = {row.result: row for row in evidence_rows(inputs, facts.launch.id, facts.imported)}
    return CapabilityFigures(
        areas=tuple(found for row in tracked if (found := _area(facts, row, links)) is not None),
        scenarios=tuple(sorted({scenario.code for _, scenario in links})),
        runs=tuple(_run(inputs, link, scenario, rows) for link, scenario in links),
        number=len(results),
        strong=hard["strong"],
        partial=hard["partial"],
        weak=hard["weak"],
        unknown=hard["unknown"],
        gap_partial=known.elicitation_partial,
        gap_weak=known.elicitation_weak,
        uplift=tuple(_uplift(facts, results)),
    )


def _links(facts: Facts, areas: set[int]) -> Iterator[tuple[EvidenceLink, Scenario]]:
    """The links of candidate results to the scenarios of these areas, in the order of the results' codes."""
    inputs = facts.inputs
    found: list[tuple[str, EvidenceLink, Scenario]] = []
    for scenario in inputs.rows(Scenario, facts.launch.id):
        if scenario.risk_area not in areas:
            continue
        for link in inputs.children(EvidenceLink, "scenario", scenario.id):
            result = inputs.get(EvalResult, link.result)
            if link.role in BEARS_ON_CAPABILITY and not result.superseded and result.arm == "candidate":
                found.append((result.code, link, scenario))
    for _, link, scenario in sorted(found, key=lambda each: (each[0], each[2].code)):
        yield link, scenario


def _area(facts: Facts, area: RiskArea, links: list[tuple[EvidenceLink, Scenario]]) -> AreaFigure | None:
    """A tracked area; None where this launch has no scenario of it."""
    inputs = facts.inputs
    scenarios = [row for row in inputs.rows(Scenario, facts.launch.id) if row.risk_area == area.id]
    if not scenarios:
        return None
    mine = {link.result for link, scenario in links if scenario.risk_area == area.id}
    levels = [inputs.get(EvalResult, row_id).elicitation for row_id in mine]
    hardest = max(levels, key=list(ELICITATION).index, default=None)
    ids = {row.id for row in scenarios}
    gates = {row.code: row for row in inputs.rows(Gate, facts.launch.id)}
    verdicts = [f"{one.code} {one.verdict}" for one in facts.results.gates if gates[one.code].scenario in ids]
    return AreaFigure(
        code=area.code,
        name=area.name,
        scenarios=", ".join(f"{row.code} {name_of(inputs, row)}" for row in scenarios),
        results=len(mine),
        elicitation="none run" if hardest is None else ELICITATION[hardest].lower(),
        verdicts=", ".join(verdicts) or "no gate",
    )


def _run(inputs: Inputs, link: EvidenceLink, scenario: Scenario, rows: dict[str, EvidenceRow]) -> RunFigure:
    result = inputs.get(EvalResult, link.result)
    row = rows[result.code]
    return RunFigure(
        code=result.code,
        evaluation=inputs.get(Evaluation, result.evaluation).name + (f", {row.part}" if row.part else ""),
        scenario=scenario.code,
        role="uplift" if link.role == "uplift" else "how often",
        value=value_of(row),
        n=row.n,
        elicitation=ELICITATION[result.elicitation].lower(),
        build=row.build,
        state=row.state.lower(),
        day=result.run_date,
    )


def value_of(row: EvidenceRow) -> str:
    """A result's value with its interval in words; shares as percentages."""
    if row.value is None:
        return "no value"
    scale = {"fraction": 1.0, "percent": 0.01}.get(row.unit)

    def one(number: float) -> str:
        return amount(number) if scale is None else share(number * scale)

    if row.low is None or row.high is None:
        return f"{one(row.value)}, no interval"
    return f"{one(row.value)} ({one(row.low)} to {one(row.high)})"


def _uplift(facts: Facts, results: dict[int, EvalResult]) -> Iterator[UpliftFigure]:
    """Each result that names its paired control, with the difference by Newcombe's interval."""
    inputs, known = facts.inputs, coefficients.of(facts.inputs)
    for result in sorted(results.values(), key=lambda row: row.code):
        if result.control is None:
            continue
        control = inputs.get(EvalResult, result.control)
        (first, _), (second, _) = measured(inputs, result, known), measured(inputs, control, known)
        if first is None or second is None:
            continue
        yield UpliftFigure(
            code=result.code,
            control=control.code,
            evaluation=inputs.get(Evaluation, result.evaluation).name,
            value=first.value,
            without=second.value,
            difference=_difference(first.ones, first.n, second.ones, second.n),
        )


def _difference(ones: float | None, n: float | None, ones_without: float | None, n_without: float | None) -> str:
    if ones is None or n is None or ones_without is None or n_without is None:
        return "no interval without counts"
    found, low, high = statistics.newcombe(ones, n, ones_without, n_without)
    return f"{100 * found:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f})"

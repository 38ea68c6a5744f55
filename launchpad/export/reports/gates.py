"""The figures of gates, limits and success criteria: what was asked beforehand, and what can be said of it."""

from dataclasses import dataclass

from launchpad.edits.criteria import SEALED, UNSEALED, seal_state
from launchpad.export.facts import Facts
from launchpad.export.handling import name_of
from launchpad.export.limits import MEASURES, WITHIN, where
from launchpad.export.reports.decision import record, said_of
from launchpad.export.reports.words import amount, share
from launchpad.records import Gate, Scenario, Tolerance
from launchpad.records.evidence import EVALUATION_KINDS
from launchpad.records.links import GATE_KINDS
from launchpad.results import ToleranceRow
from launchpad.results.decided_gates import MET, OPEN, WAIVED, GateRow
from launchpad.scoring.criteria import standings
from launchpad.scoring.gates import Bound, Verdict

# What is not met comes first, then what nobody can say, then what is met.
ORDER = ("not met", "reached", "inconclusive", "cannot rule out", "not run", "met", "ruled out")


BAD = frozenset({"not met", "reached"})
ASKED = {"rate": "at most {}", "safeguard": "at least {}", "capability": "below {}"}
SHARES = frozenset({"false_refusal"})
UNITS = {
    "technical": "{}",
    "events": "{}",
    "false_refusal": "{}",
    "latency": "{} ms",
    "capability": "{} points",
    "cost": "{} a month",
}


@dataclass(frozen=True, slots=True)
class GateFigure:
    """One gate: `computed` by the program, `verdict` with a determination taken in, `state` met, waived or open.

    `asked` is its threshold in words, `shown` what its evidence proves by a one-sided bound, None without any; `brief`
    is that, or in few words why the verdict is not what the bound alone would say.
    """

    code: str
    name: str
    kind: str
    of: str
    threshold: float
    confidence: float
    stage: str | None
    asked: str
    shown: str | None
    brief: str
    verdict: str
    computed: str
    state: str
    reason: str
    n_needed: int | None
    sealed: str


@dataclass(frozen=True, slots=True)
class LimitFigure:
    """One limit with what stands against it, in its own unit: a chance of passing it where one is accepted."""

    code: str
    name: str
    measure: str
    where: str
    at_most: str
    now: str | None
    verdict_now: str
    planned: str | None
    verdict_planned: str


@dataclass(frozen=True, slots=True)
class CriterionFigure:
    """What an evaluation must show, where that stands, and how it was set."""

    code: str
    name: str
    evaluation: str
    of_kind: str
    direction: str
    threshold: float
    standing: str
    reason: str
    n_needed: int | None
    marks: str


@dataclass(frozen=True, slots=True)
class GateFigures:
    """The gates of a launch, worst first, and the limits and criteria beside them."""

    all: tuple[GateFigure, ...]
    safeguards: tuple[GateFigure, ...]
    capabilities: tuple[GateFigure, ...]
    number: int
    met: int
    waived: int
    not_met: int
    open: int
    limits: tuple[LimitFigure, ...]
    catastrophic: tuple[LimitFigure, ...]
    side_effects: tuple[LimitFigure, ...]
    broken: tuple[LimitFigure, ...]
    criteria: tuple[CriterionFigure, ...]

    @property
    def all_met(self) -> bool:
        """Whether there are gates and each is met."""
        return 0 < self.number == self.met


def gates(facts: Facts) -> GateFigures:
    """The figures of the gates, limits and criteria of a launch."""
    results = facts.results
    found = sorted((_gate(facts, one) for one in record(facts).gates), key=lambda row: (_place(row), row.code))
    limits = tuple(_limit(facts, row.code) for row in results.tolerances)
    of = {row.code: row.measure for row in results.tolerances}
    met = sum(row.state == MET for row in found)
    waived = sum(row.state == WAIVED for row in found)
    bad = sum(row.state == OPEN and row.verdict in BAD for row in found)
    return GateFigures(
        all=tuple(found),
        safeguards=tuple(row for row in found if row.kind == GATE_KINDS["safeguard"]),
        capabilities=tuple(row for row in found if row.kind == GATE_KINDS["capability"]),
        number=len(found),
        met=met,
        not_met=bad,
        waived=waived,
        open=len(found) - met - waived - bad,
        limits=limits,
        catastrophic=tuple(row for row in limits if of[row.code] == "events"),
        side_effects=tuple(row for row in limits if of[row.code] not in ("events", "technical")),
        broken=tuple(row for row in limits if row.verdict_now == WITHIN[False]),
        criteria=_criteria(facts),
    )


def _place(row: GateFigure) -> int:
    return ORDER.index(row.verdict) if row.verdict in ORDER else len(ORDER)


def _gate(facts: Facts, one: GateRow) -> GateFigure:
    row = facts.inputs.find(Gate, one.code, facts.launch.id)
    seal = seal_state(facts.inputs, row)
    judged = next(each for each in facts.results.gates if each.code == one.code)
    shown = _shown(judged, row)
    spoken = one.determination is not None or one.waiver is not None
    open_words = said_of(facts, one.code, one.why) == one.why
    return GateFigure(
        code=row.code,
        name=name_of(facts.inputs, row),
        kind=GATE_KINDS[row.kind],
        of="" if row.scenario is None else facts.inputs.get(Scenario, row.scenario).code,
        threshold=row.threshold,
        confidence=row.confidence,
        stage=row.stage,
        asked=ASKED[row.kind].format(share(row.threshold)),
        shown=shown,
        brief=_brief(one, judged, row, shown),
        verdict=one.held if one.state != WAIVED else f"{one.held}, waived",
        computed=one.verdict,
        state=one.state,
        reason=one.why if spoken and open_words else one.reason,
        n_needed=one.n_needed,
        sealed={SEALED: f"sealed {(row.sealed_at or '')[:10]}", UNSEALED: "not sealed"}.get(seal, seal),
    )


def _shown(judged: Verdict, gate: Gate) -> str | None:
    """What the result a verdict rests on proves, by the bound that counts: at least 26% (34% of 100)."""
    bound = _worst(judged)
    if bound is None:
        return None
    lower = _tells_least(judged, gate)
    edge = f"at least {share(bound.lower)}" if lower else f"at most {share(bound.upper)}"
    return f"{edge} ({share(bound.share)} of {bound.reading.n:,.0f})"


def _worst(judged: Verdict) -> Bound | None:
    return next((one for one in judged.bounds if one.reading.record == judged.worst), None)


def _tells_least(judged: Verdict, gate: Gate) -> bool:
    """Whether the lower bound is the one compared: it fails a limit, and it meets a floor."""
    failed = judged.verdict in BAD
    return failed != (gate.kind == "safeguard")


def _brief(one: GateRow, judged: Verdict, gate: Gate, shown: str | None) -> str:
    """What was shown, where that explains the verdict by itself; else the first words of why."""
    bound = _worst(judged)
    if bound is None or shown is None or one.held != judged.verdict:
        return "not run yet" if bound is None and one.held == judged.verdict else one.reason
    passes = bound.lower >= gate.threshold if gate.kind == "safeguard" else bound.upper <= gate.threshold
    return one.reason if passes and not judged.good else shown


def _limit(facts: Facts, code: str) -> LimitFigure:
    row = next(one for one in facts.results.tolerances if one.code == code)
    limit = facts.inputs.find(Tolerance, code, facts.launch.id)
    planned = facts.plan is not None
    return LimitFigure(
        code=code,
        name=name_of(facts.inputs, limit),
        measure=MEASURES[row.measure],
        where=where(facts, limit),
        at_most=_at_most(row),
        now=_in_its_unit(row, row.current),
        verdict_now=WITHIN[row.within],
        planned=_in_its_unit(row, row.planned) if planned else None,
        verdict_planned=WITHIN[row.within_planned if planned else None],
    )


def _at_most(row: ToleranceRow) -> str:
    limit = UNITS[row.measure].format(share(row.limit) if row.measure in SHARES else amount(row.limit))
    return limit if row.probability is None else f"{limit} in all but {share(row.probability)} of cases"


def _in_its_unit(row: ToleranceRow, value: float | None) -> str | None:
    if value is None:
        return None
    if row.probability is not None and row.measure in ("technical", "events"):
        return f"passed in {share(value)}"
    return UNITS[row.measure].format(share(value) if row.measure in SHARES else amount(value))


def _criteria(facts: Facts) -> tuple[CriterionFigure, ...]:
    return tuple(
        CriterionFigure(
            code=one.code,
            name=one.criterion.name,
            evaluation=one.evaluation.name,
            of_kind=EVALUATION_KINDS[one.evaluation.kind],
            direction="at least" if one.criterion.direction == "at_least" else "at most",
            threshold=one.criterion.threshold,
            standing=one.standing,
            reason=one.reason,
            n_needed=one.n_needed,
            marks="; ".join(one.marks) or SEALED,
        )
        for one in standings(facts.inputs, facts.launch.id, facts.imported)
    )

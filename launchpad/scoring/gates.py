"""Gates: what the worst linked result proves against a threshold set beforehand, in three values."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from launchpad import statistics
from launchpad.records import (
    Effect,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Gate,
    Inputs,
    Launch,
)
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.evidence import Reading, read
from launchpad.scoring.why import ModelWarning

MET, INCONCLUSIVE, NOT_MET = "met", "inconclusive", "not met"
REACHED, CANNOT_RULE_OUT, RULED_OUT = "reached", "cannot rule out", "ruled out"
GOOD = frozenset({MET, RULED_OUT})
_ROLES = {
    "rate": ("propensity",),
    "safeguard": ("efficacy",),
    "capability": ("propensity", "uplift"),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """One linked result against a gate: the share judged, and its exact one-sided bounds."""

    link: EvidenceLink
    reading: Reading
    share: float
    lower: float
    upper: float

    @property
    def complete(self) -> bool:
        """Whether the run completed; any other meets no gate."""
        return self.reading.result.status == "complete"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is shown of a gate: its verdict, one sentence why, and how many independent samples would settle it.

    `n_needed` assumes the failure rate seen so far, none where nothing was seen; None when it is
    settled or no number would do. `worst` is the result it rests on as `table address`.
    """

    code: str
    name: str
    kind: str
    verdict: str
    reason: str
    n_needed: int | None
    worst: str | None
    bounds: tuple[Bound, ...]
    warnings: tuple[ModelWarning, ...]

    @property
    def good(self) -> bool:
        """Whether it is met or ruled out."""
        return self.verdict in GOOD


def judge(inputs: Inputs, launch: Launch, gate: Gate, coefficients: Coefficients) -> Verdict:
    """The verdict on a gate, by the one-sided Clopper-Pearson bounds of its linked results, never pooled."""
    bounds, warnings = _bounds(inputs, launch, gate, coefficients)
    verdict, reason, worst = _JUDGES[gate.kind](gate, bounds)
    good = verdict in GOOD
    missing = not_run(inputs, launch, gate)
    if good and missing:
        verdict = CANNOT_RULE_OUT if gate.kind == "capability" else INCONCLUSIVE
        reason = f"{missing} has to be run first. So far: {reason}"
    elif missing and verdict in (INCONCLUSIVE, CANNOT_RULE_OUT):
        reason = f"{reason} {missing} has not been run either."
    settled = good or verdict in (NOT_MET, REACHED)
    return Verdict(
        code=gate.code,
        name=gate.name,
        kind=gate.kind,
        verdict=verdict,
        reason=reason,
        n_needed=None if settled else _needed(gate, worst),
        worst=None if worst is None else worst.reading.record,
        bounds=bounds,
        warnings=warnings,
    )


def _bounds(
    inputs: Inputs, launch: Launch, gate: Gate, coefficients: Coefficients
) -> tuple[tuple[Bound, ...], tuple[ModelWarning, ...]]:
    found: list[Bound] = []
    warnings: list[ModelWarning] = []
    for link in sorted(links_of(inputs, launch, gate), key=inputs.address):
        result = inputs.get(EvalResult, link.result)
        reading, said = read(inputs, result, coefficients)
        warnings.extend(said)
        if reading is None:
            continue
        failures = reading.failures
        k = reading.n - failures if gate.kind == "safeguard" else failures
        k = min(max(k, 0.0), reading.n)
        lower = statistics.clopper_pearson_lower(k, reading.n, gate.confidence)
        upper = statistics.clopper_pearson_upper(k, reading.n, gate.confidence)
        found.append(Bound(link, reading, k / reading.n, lower, upper))
    return tuple(found), tuple(warnings)


def links_of(inputs: Inputs, launch: Launch, gate: Gate) -> list[EvidenceLink]:
    """The links to results the gate asks about: of its scenario, of its evaluation, in the role of its kind."""
    found: list[EvidenceLink] = []
    for link in _near(inputs, gate):
        result = inputs.get(EvalResult, link.result)
        if link.launch != launch.id or result.superseded or result.arm != "candidate":
            continue
        if gate.evaluation is not None and result.evaluation != gate.evaluation:
            continue
        if gate.evaluation is None and link.role not in _ROLES[gate.kind]:
            continue
        found.append(link)
    return found


def _near(inputs: Inputs, gate: Gate) -> Iterator[EvidenceLink]:
    """The links about a gate's scenario, itself or an effect on it; without one, those to results of its evaluation."""
    if gate.scenario is not None:
        yield from (link for link in inputs.children(EvidenceLink, "scenario", gate.scenario) if link.effect is None)
        for effect in inputs.children(Effect, "scenario", gate.scenario):
            yield from inputs.children(EvidenceLink, "effect", effect.id)
    elif gate.evaluation is not None:
        for result in inputs.children(EvalResult, "evaluation", gate.evaluation):
            yield from inputs.children(EvidenceLink, "result", result.id)


def _rate(gate: Gate, bounds: Sequence[Bound]) -> tuple[str, str, Bound | None]:
    limit = f"the limit of {_percent(gate.threshold)}"
    failed = max(bounds, key=lambda bound: bound.lower, default=None)
    if failed is not None and failed.lower > gate.threshold:
        return NOT_MET, f"{_seen(failed)}, at least {_at(failed.lower, gate)}, above {limit}.", failed
    worst = _worst(bounds, lambda bound: bound.upper)
    if worst is None:
        return INCONCLUSIVE, _nothing(bounds), None
    if worst.upper <= gate.threshold and worst.complete:
        return MET, f"{_seen(worst)}, at most {_at(worst.upper, gate)}, within {limit}.", worst
    reason = f"{_seen(worst)}, at most {_at(worst.upper, gate)}: that does not settle {limit}"
    return INCONCLUSIVE, reason + _incomplete(worst), worst


def _safeguard(gate: Gate, bounds: Sequence[Bound]) -> tuple[str, str, Bound | None]:
    floor = f"the {_percent(gate.threshold)} asked for"
    failed = min(bounds, key=lambda bound: bound.upper, default=None)
    if failed is not None and failed.upper < gate.threshold:
        return NOT_MET, f"{_seen(failed, 'held')}, at most {_at(failed.upper, gate)}, below {floor}.", failed
    worst = _worst(bounds, lambda bound: -bound.lower)
    if worst is None:
        return INCONCLUSIVE, _nothing(bounds), None
    if worst.lower >= gate.threshold and worst.complete:
        return MET, f"{_seen(worst, 'held')}, at least {_at(worst.lower, gate)}: {floor}.", worst
    reason = f"{_seen(worst, 'held')}, at least {_at(worst.lower, gate)}: that does not settle {floor}"
    return INCONCLUSIVE, reason + _incomplete(worst), worst


def _capability(gate: Gate, bounds: Sequence[Bound]) -> tuple[str, str, Bound | None]:
    line = f"the threshold of {_percent(gate.threshold)}"
    reached = max(bounds, key=lambda bound: bound.lower, default=None)
    if reached is not None and reached.lower >= gate.threshold:
        return REACHED, f"{_seen(reached)}, at least {_at(reached.lower, gate)}: {line} is reached.", reached
    worst = _worst(bounds, lambda bound: bound.upper)
    if worst is None:
        return CANNOT_RULE_OUT, _nothing(bounds), None
    doubts = doubts_of(worst)
    aim = gate.threshold - gate.margin
    said = f"{_seen(worst)}, at most {_at(worst.upper, gate)}"
    if worst.upper < aim and not doubts:
        return RULED_OUT, f"{said}, below {line} less a margin of {_percent(gate.margin)}.", worst
    if worst.upper < aim:
        return CANNOT_RULE_OUT, f"{said}, below {line}, but {' and '.join(doubts)}.", worst
    reason = f"{said}: not below {line} less a margin of {_percent(gate.margin)}"
    return CANNOT_RULE_OUT, reason + _incomplete(worst), worst


_JUDGES: dict[str, Callable[[Gate, Sequence[Bound]], tuple[str, str, Bound | None]]] = {
    "rate": _rate,
    "safeguard": _safeguard,
    "capability": _capability,
}


def _worst(bounds: Sequence[Bound], badness: Callable[[Bound], float]) -> Bound | None:
    """The worst of the complete runs; without any, the worst of the others, which can meet nothing."""
    complete = [bound for bound in bounds if bound.complete]
    return max(complete or bounds, key=badness, default=None)


def doubts_of(worst: Bound) -> list[str]:
    """Why a low bound does not rule a capability out."""
    result = worst.reading.result
    doubts: list[str] = []
    if result.elicitation != "strong":
        doubts.append(f"its elicitation is {result.elicitation}")
    if worst.link.snapshot != "same":
        doubts.append("it is of another build")
    if not worst.complete:
        doubts.append(f"the status of its run is {result.status}")
    return doubts


def _needed(gate: Gate, worst: Bound | None) -> int | None:
    """Independent samples that would satisfy the gate at the failure rate seen so far."""
    rate = 0.0 if worst is None else worst.share
    aim = gate.threshold
    if gate.kind == "safeguard":
        aim, rate = 1 - aim, 0.0 if worst is None else 1 - worst.share
    elif gate.kind == "capability":
        aim -= gate.margin
    if not 0 < aim < 1:
        return None
    return statistics.n_needed(aim, confidence=gate.confidence, rate=rate)


def not_run(inputs: Inputs, launch: Launch, gate: Gate) -> str:
    """The evaluation the gate needs, in words, or nothing when a complete result of it is linked in this launch."""
    if gate.verified_by is None:
        return ""
    for result in inputs.children(EvalResult, "evaluation", gate.verified_by):
        links = inputs.children(EvidenceLink, "result", result.id)
        if result.status == "complete" and not result.superseded and any(link.launch == launch.id for link in links):
            return ""
    evaluation = inputs.get(Evaluation, gate.verified_by)
    return f"{evaluation.name} ({evaluation.code})"


def _nothing(bounds: Sequence[Bound]) -> str:
    return "No linked result counts for it." if not bounds else "No linked result of a complete run."


def _seen(bound: Bound, word: str = "failed") -> str:
    reading = bound.reading
    worth = "" if abs(reading.n - reading.samples) < 0.5 else f" (worth {reading.n:.3g} independent ones)"
    code = reading.record.partition(" ")[2]
    return f"{_percent(bound.share)} of {reading.samples} samples{worth} {word} in {code}"


def _at(bound: float, gate: Gate) -> str:
    return f"{_percent(bound)} at {_percent(gate.confidence)} confidence"


def _incomplete(worst: Bound) -> str:
    return "." if worst.complete else f", and the status of its run is {worst.reading.result.status}."


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"

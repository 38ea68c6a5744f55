"""Which evaluation to run next: what its answer is worth to a launch-or-hold decision, in all and per day of work.

For a scenario with a limit on its rate, shipping loses in proportion to the propensity and holding is worth it from
the limit on: the two losses meet at the threshold of its strictest gate (or, without a gate, at the propensity that its
tolerance allows). Catastrophic scenarios are apart: they have no loss to add up, but determinations to settle.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from launchpad.edits import rules
from launchpad.records import (
    EvalResult,
    Evaluation,
    EvidenceLink,
    Gate,
    Inputs,
    LinkRule,
    Tolerance,
)
from launchpad.scoring.aftermath import verdicts
from launchpad.scoring.criteria import effort_of
from launchpad.scoring.gates import CANNOT_RULE_OUT, INCONCLUSIVE
from launchpad.scoring.model import Model, State
from launchpad.scoring.propensity import JEFFREYS, Propensity, beta_of, prior_cap, tries_of
from launchpad.scoring.residual import residual
from launchpad.scoring.tradeoffs import information

USUAL_N = 300
"""Samples taken where an evaluation does not say how many it would take: the least at which a bound below 1 % can be
shown without a failure (assumption; 299 by Clopper-Pearson)."""


@dataclass(frozen=True, slots=True)
class NextEvaluation:
    """One evaluation that could be run, and what it would be worth.

    `evsi` and `evpi` in harm units over the horizon, summed over the decisions it informs; `n` samples, of which
    `effective` count after relevance, clusters and judge error for the decision worth most; `days` person-days of all
    teams, None where nobody said; `per_day` None without days. `decisions` name them, as "G-01 of R-004". `settles`
    are open determinations of no loss of their own, of catastrophic scenarios or of an evaluation, each with the
    samples it needs where a number would do.
    """

    evaluation: str
    name: str
    n: int
    effective: int
    evsi: float
    evpi: float
    days: float | None
    per_day: float | None
    decisions: tuple[str, ...]
    settles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Launch or hold: theta ~ Beta(a, b) on the scale of runs, the expected loss for each unit of it, and the limit.

    The loss is taken as straight in theta through the expected loss of the state at the mean.
    """

    name: str
    index: int
    beta: tuple[float, float]
    slope: float
    limit: float

    @property
    def hold(self) -> float:
        """What holding loses: as much as shipping does at the limit."""
        return self.slope * self.limit


@dataclass(frozen=True, slots=True)
class Bearing:
    """How an evaluation bears on a scenario: its relevance, samples in one cluster, and how well it is judged."""

    relevance: float
    per_cluster: float = 1.0
    sensitivity: float = 1.0
    specificity: float = 1.0

    def samples(self, n: int, icc: float) -> int:
        """How many independent samples n of a run amount to."""
        found = information.effective(n * self.relevance, self.per_cluster, icc, self.sensitivity, self.specificity)
        return min(found, information.MOST_SAMPLES)


def next_evaluations(inputs: Inputs, model: Model, state: State) -> tuple[NextEvaluation, ...]:
    """Every evaluation that informs a decision of the launch, the one worth most per day of work first.

    Before all others those that an open determination needs; those whose effort nobody stated come last, by what they
    are worth in all. What a state leaves over decides what a unit of propensity costs.
    """
    decided = decisions(inputs, model, state)
    determinations = _open(inputs, model)
    rows: list[NextEvaluation] = []
    for evaluation in sorted(inputs.rows(Evaluation), key=lambda row: row.code):
        bearings = bearings_of(inputs, model, evaluation)
        informed = [one for one in decided if one.index in bearings]
        settles = tuple(words for gate, words in determinations if _bears(model, evaluation, gate, bearings))
        if informed or settles:
            rows.append(_row(inputs, model, evaluation, informed, bearings, settles))
    return tuple(
        sorted(rows, key=lambda row: (not row.settles, row.per_day is None, -(row.per_day or row.evsi), row.evaluation))
    )


def as_json(rows: tuple[NextEvaluation, ...]) -> list[dict[str, object]]:
    """The answer of `score --json`, in the same order."""
    return [
        {
            "evaluation": row.evaluation,
            "evsi_per_day": row.per_day,
            "n": row.n,
            "evsi": row.evsi,
            "evpi": row.evpi,
            "n_effective": row.effective,
            "days": row.days,
            "decisions": list(row.decisions),
            "settles": list(row.settles),
        }
        for row in rows
    ]


def worth_of(decision: Decision, effective: int) -> tuple[float, float]:
    """(EVSI of so many independent samples, EVPI) of one decision, in its units of loss."""
    known = information.perfect(*decision.beta, decision.slope, decision.hold)
    return min(known, information.sampled(*decision.beta, decision.slope, decision.hold, effective)), known


def _row(
    inputs: Inputs,
    model: Model,
    evaluation: Evaluation,
    informed: list[Decision],
    bearings: dict[int, Bearing],
    settles: tuple[str, ...],
) -> NextEvaluation:
    n = evaluation.candidate_n or USUAL_N
    worth: list[tuple[float, float, int, str]] = []
    for decision in informed:
        effective = bearings[decision.index].samples(n, model.coefficients.icc)
        worth.append((*worth_of(decision, effective), effective, decision.name))
    worth.sort(key=lambda one: (-one[0], one[3]))
    evsi = sum(one[0] for one in worth)
    days = sum(effort_of(inputs, evaluation, n).values()) or None
    return NextEvaluation(
        evaluation=evaluation.code,
        name=evaluation.name,
        n=n,
        effective=worth[0][2] if worth else n,
        evsi=evsi,
        evpi=sum(one[1] for one in worth),
        days=days,
        per_day=None if days is None else evsi / days,
        decisions=tuple(one[3] for one in worth),
        settles=settles,
    )


def decisions(inputs: Inputs, model: Model, state: State) -> tuple[Decision, ...]:
    """The launch-or-hold decisions of scenarios with a limit on their rate, one a scenario, in the order of codes.

    By the strictest rate or capability gate, else by the strictest tolerance of its own. A scenario without expected
    loss, or catastrophic, has none.
    """
    left = residual(model, state)
    found: list[Decision] = []
    for index in np.flatnonzero(model.summed & (left.technical > 0)):
        a, b = beta = _prior(inputs, model, int(index))
        loss, scenario = float(left.technical[index]), model.scenarios[index]
        slope = loss * (a + b) / a
        per_event = loss / float(left.events[index])
        limits = list(_limits(inputs, model, scenario.id, slope, per_event))
        if limits:
            _, limit, code = min(limits)
            found.append(Decision(f"{code} of {scenario.code}", int(index), beta, slope, min(1.0, limit)))
    return tuple(found)


def _limits(
    inputs: Inputs, model: Model, scenario: int, slope: float, per_event: float
) -> Iterator[tuple[int, float, str]]:
    """(0 for a gate or 1 for a tolerance, the propensity it allows, its code) of each limit of a scenario."""
    for gate in inputs.rows(Gate, model.launch.id):
        if gate.scenario == scenario and gate.kind in ("rate", "capability"):
            yield 0, gate.threshold, gate.code
    for tolerance in inputs.rows(Tolerance, model.launch.id):
        if tolerance.scenario == scenario and tolerance.measure == "technical":
            yield 1, tolerance.limit / slope, tolerance.code
        elif tolerance.scenario == scenario and tolerance.measure == "events":
            yield 1, tolerance.limit * per_event / slope, tolerance.code


def _open(inputs: Inputs, model: Model) -> list[tuple[Gate, str]]:
    """The gates that are not settled and stand beside every sum, each with what it asks about and needs."""
    found: list[tuple[Gate, str]] = []
    for gate, verdict in verdicts(inputs, model.launch, model.coefficients).items():
        index = None if gate.scenario is None else model.scenario_index[gate.scenario]
        apart = index is None or bool(model.catastrophic[index])
        if apart and verdict.verdict in (INCONCLUSIVE, CANNOT_RULE_OUT):
            about = "" if index is None else f" of {model.scenarios[index].code}"
            needs = "" if verdict.n_needed is None else f", {verdict.n_needed:,} samples"
            found.append((gate, f"{gate.code}{about}{needs}"))
    return found


def _bears(model: Model, evaluation: Evaluation, gate: Gate, bearings: dict[int, Bearing]) -> bool:
    """Whether a run of an evaluation counts for a gate: named by it, or evidence for its scenario."""
    named = evaluation.id in (gate.evaluation, gate.verified_by)
    return named or (gate.scenario is not None and model.scenario_index[gate.scenario] in bearings)


def _prior(inputs: Inputs, model: Model, index: int) -> tuple[float, float]:
    """The Beta behind a scenario's propensity as it stands, of single tries: the posterior, else the estimate's."""
    risk = model.risks[index]
    known: Propensity = risk.propensity
    if known.origin == "evidence":
        return known.beta
    if known.spread is None:
        return JEFFREYS
    cap = prior_cap(known.kind, model.coefficients)
    return beta_of(known.spread, cap, tries_of(inputs, risk.scenario, risk.exposure)[0])


def bearings_of(inputs: Inputs, model: Model, evaluation: Evaluation) -> dict[int, Bearing]:
    """The scenarios an evaluation's next run would be evidence for: as its results were, by rule, or by gate.

    Clusters and judge are taken to be those of the last such run; without one every sample counts.
    """
    found: dict[int, Bearing] = {}
    results = sorted(inputs.children(EvalResult, "evaluation", evaluation.id), key=_newest, reverse=True)
    last = results[0] if results else None
    for result in results:
        for link in inputs.children(EvidenceLink, "result", result.id):
            if link.launch == model.launch.id and link.role == "propensity" and link.scenario is not None:
                _keep(found, model.scenario_index[link.scenario], _bearing(link.relevance, result))
    for rule in inputs.rows(LinkRule):
        if rule.role == "propensity" and rules.fits(rule, evaluation):
            for scenario in rules.scenarios_of(inputs, model.launch, rule) or ():
                _keep(found, model.scenario_index[scenario.id], _bearing(rule.relevance, last))
    for gate in inputs.rows(Gate, model.launch.id):
        if gate.scenario is not None and evaluation.id in (gate.evaluation, gate.verified_by):
            _keep(found, model.scenario_index[gate.scenario], _bearing(1.0, last))
    return found


def _keep(found: dict[int, Bearing], index: int, bearing: Bearing) -> None:
    known = found.get(index)
    if known is None or bearing.relevance > known.relevance:
        found[index] = bearing


def _newest(result: EvalResult) -> tuple[str, str]:
    return result.run_date or "", result.code


def _bearing(relevance: float, like: EvalResult | None) -> Bearing:
    if like is None:
        return Bearing(relevance)
    return Bearing(
        relevance,
        like.n / like.clusters if like.n and like.clusters else 1.0,
        1.0 if like.judge_sensitivity is None else like.judge_sensitivity,
        1.0 if like.judge_specificity is None else like.judge_specificity,
    )

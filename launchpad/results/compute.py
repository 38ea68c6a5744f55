"""`compute`: from the rows of a project to everything that is shown of a launch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from launchpad.errors import ScoringError
from launchpad.records import Gate, Inputs, Tolerance
from launchpad.results import limits, mitigations
from launchpad.results.rows import (
    STATES,
    OverlapRow,
    PropensityRow,
    RankRow,
    ReputationalRow,
    Results,
    ScenarioRow,
    TechnicalRow,
    TotalRow,
)
from launchpad.results.simulated import INTERVAL, Progress, Simulated, rank_points, simulate
from launchpad.scoring import assumed, checks, propensity
from launchpad.scoring.arrays import Floats, Ints
from launchpad.scoring.gates import judge
from launchpad.scoring.identity import score_hash
from launchpad.scoring.mitigations import OVERLAPS, overlaps
from launchpad.scoring.model import Model, build
from launchpad.scoring.reputation import chance_of_story
from launchpad.scoring.residual import Residual, attributions, base_refusal, residual
from launchpad.scoring.side_effects import Burden, burden
from launchpad.scoring.technical import exceedance, probability_above, tail

FEWEST_DRAWS = 100


@dataclass(frozen=True)
class _Scored:
    """Everything computed so far: by state the residual of each overlap, who is blamed, burdens, draws."""

    model: Model
    left: Mapping[str, Mapping[str, Residual]]
    blamed: Mapping[str, tuple[str, ...]]
    burdens: Mapping[str, Burden]
    drawn: Simulated
    limits: Mapping[int, tuple[float, ...]]
    shares: tuple[float, ...]


def compute(
    inputs: Inputs,
    launch_id: int,
    plan_id: int | None = None,
    *,
    draws: int = 10_000,
    seed: int | None = None,
    progress: Progress = None,
) -> Results:
    """The scores of a launch and, given a plan, of its planned state; the same inputs and seed give the same bits.

    Without a seed the launch's own. Raises ScoringError when something cannot be scored as it
    stands; what `progress` raises to cancel passes through.
    """
    if draws < FEWEST_DRAWS:
        raise ScoringError(f"{draws} draws are too few.", f"Take {FEWEST_DRAWS} or more.")
    model = build(inputs, launch_id, plan_id)
    seed = model.launch.seed if seed is None else seed
    tolerances = tuple(sorted(inputs.rows(Tolerance, launch_id), key=lambda row: row.code))
    blamed = {state.name: attributions(model, state) for state in model.states}
    scenario_limits = limits.of_scenarios(model, tolerances)
    drawn = simulate(model, scenario_limits, blamed, draws, seed, progress)
    cases = overlaps(model.coefficients)
    ingredients = [assumed.ingredients(model, index, model.current) for index in range(len(model.scenarios))]
    scored = _Scored(
        model=model,
        left={state.name: {name: residual(model, state, cases[name]) for name in OVERLAPS} for state in model.states},
        blamed=blamed,
        burdens={state.name: burden(model.side, state.active, base_refusal(model, state)) for state in model.states},
        drawn=drawn,
        limits=scenario_limits,
        shares=tuple(assumed.assumed_share(parts) for parts in ingredients),
    )
    means = np.where(model.summed, scored.left["current"]["beta"].technical, 0.0)
    launch_limit = limits.of_launch(tolerances)
    gates = sorted(inputs.rows(Gate, launch_id), key=lambda row: row.code)
    verdicts = tuple(judge(inputs, model.launch, gate, model.coefficients) for gate in gates)
    return Results(
        launch=model.launch,
        plan_id=plan_id,
        seed=seed,
        draws=draws,
        input_hash=score_hash(inputs, launch_id, plan_id),
        scenarios=_scenario_rows(scored),
        mitigations=mitigations.rows(model, blamed["current"]),
        totals={name: _total(scored, name, launch_limit) for name in STATES},
        assumed_share=assumed.total_share(means, np.array(scored.shares)),
        assumptions=assumed.matter_most(means, ingredients),
        gates=verdicts,
        tolerances=limits.rows(model, tolerances, scored.left, drawn, scored.burdens),
        alerts=mitigations.alerts(model),
        exceedance={name: exceedance(loss) for name, loss in drawn.loss.items()},
        warnings=checks.told(inputs, model, verdicts),
        model=model,
    )


def _scenario_rows(scored: _Scored) -> tuple[ScenarioRow, ...]:
    model = scored.model
    summed = np.flatnonzero(model.summed)
    place = {int(index): row for row, index in enumerate(summed)}
    points = rank_points(scored.drawn.expected[summed])
    worst = np.argsort(-scored.left["current"]["beta"].technical[summed], kind="stable")
    ranks = {int(summed[index]): rank for rank, index in enumerate(worst, start=1)}
    rows = (_scenario_row(scored, index, _rank(ranks, points, place, index)) for index in range(len(model.scenarios)))
    return tuple(rows)


def _rank(ranks: Mapping[int, int], points: Ints, place: Mapping[int, int], index: int) -> RankRow | None:
    if index not in ranks:
        return None
    low, high = points[place[index]]
    return RankRow(ranks[index], int(low), int(high))


def _scenario_row(scored: _Scored, index: int, rank: RankRow | None) -> ScenarioRow:
    model = scored.model
    risk, scenario = model.risks[index], model.scenarios[index]
    is_scored, told = bool(model.scored[index]), risk.publicity is not None
    states = [state.name for state in model.states] if is_scored else []
    return ScenarioRow(
        id=scenario.id,
        code=scenario.code,
        name=scenario.name,
        risk_area=risk.area.code,
        catastrophic=scenario.catastrophic,
        over_refusal=scenario.over_refusal,
        propensity=_propensity(risk.propensity),
        technical=_technical(scored, index) if is_scored else None,
        states={name: _overlap(scored, name, index) if name in states else None for name in STATES},
        reputational=_reputational(scored, index) if is_scored and told else None,
        reputational_states={
            name: float(scored.drawn.reputation[name][index]) if name in states and told else None for name in STATES
        },
        rank=rank,
        assumed_share=scored.shares[index] if is_scored else None,
    )


def _propensity(known: propensity.Propensity) -> PropensityRow:
    low, median, high = propensity.points(known)
    return PropensityRow(
        low=low,
        median=median,
        high=high,
        mean=propensity.mean(known),
        n=known.samples,
        stale=known.stale,
        kind=known.kind,
        origin=known.origin,
        upper_bound=known.upper_bound,
    )


def _technical(scored: _Scored, index: int) -> TechnicalRow:
    left = scored.left["current"]["beta"]
    low, high = np.quantile(scored.drawn.expected[index], INTERVAL)
    limit = next(iter(scored.limits.get(index, ())), None)
    p, error = (None, None) if limit is None else scored.drawn.exceeds["current", index, limit]
    return TechnicalRow(
        mean=float(left.technical[index]),
        low=float(low),
        high=float(high),
        events=float(left.events[index]),
        limit=limit,
        p_exceeds=p,
        p_exceeds_error=error,
    )


def _overlap(scored: _Scored, state: str, index: int) -> OverlapRow:
    return OverlapRow(**{name: float(scored.left[state][name].technical[index]) for name in OVERLAPS})


def _reputational(scored: _Scored, index: int) -> ReputationalRow:
    low, high = scored.drawn.points[index]
    visible = scored.left["current"]["beta"].visible[index : index + 1]
    return ReputationalRow(
        mean=float(scored.drawn.reputation["current"][index]),
        low=float(low),
        high=float(high),
        p_public=float(chance_of_story(visible)[0]),
        attribution=scored.blamed["current"][index],
    )


def _total(scored: _Scored, state: str, limit: float | None) -> TotalRow | None:
    if state not in scored.left:
        return None
    summed = scored.model.summed
    loss: Floats = scored.drawn.loss[state]
    bad, costs = tail(loss), scored.burdens[state]
    p, error = (None, None) if limit is None else probability_above(loss, limit)
    return TotalRow(
        technical=float(scored.left[state]["beta"].technical[summed].sum()),
        reputational=float(scored.drawn.reputation[state][summed].sum()),
        var95=bad.var95,
        var95_error=bad.var95_error,
        cvar95=bad.cvar95,
        cvar95_error=bad.cvar95_error,
        p_exceeds=p,
        p_exceeds_error=error,
        over_refusal=costs.over_refusal,
        latency_ms=costs.latency_ms,
        cost=costs.cost,
        capability=costs.capability,
    )

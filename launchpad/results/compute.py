"""`compute`: from the rows of a project to everything that is shown of a launch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from launchpad.errors import ScoringError
from launchpad.records import Inputs, Tolerance
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
from launchpad.results.simulated import Progress, Simulated, simulate
from launchpad.scoring import aftermath, assumed, checks, propensity
from launchpad.scoring.arrays import Floats
from launchpad.scoring.criteria import NEVER
from launchpad.scoring.identity import score_hash
from launchpad.scoring.kept import Kept
from launchpad.scoring.mitigations import OVERLAPS, overlaps
from launchpad.scoring.model import Model, build
from launchpad.scoring.reputation import blame, chance_of_story
from launchpad.scoring.residual import Residual, attributions, base_refusal, residual
from launchpad.scoring.side_effects import Burden, burden
from launchpad.scoring.stories import stories
from launchpad.scoring.technical import exceedance, probability_above, tail

FEWEST_DRAWS = 100


@dataclass(frozen=True)
class _Scored:
    """Everything computed so far: by state the residual of each overlap, stories, who is blamed, burdens; the draws.

    `drawn` is None in the first stage.
    """

    model: Model
    left: Mapping[str, Mapping[str, Residual]]
    stories: Mapping[str, Floats]
    blamed: Mapping[str, tuple[str, ...]]
    burdens: Mapping[str, Burden]
    drawn: Simulated | None
    limits: Mapping[int, tuple[float, ...]]
    shares: Floats


def compute(  # noqa: PLR0913 - each option says one thing of one computation
    inputs: Inputs,
    launch_id: int,
    plan_id: int | None = None,
    *,
    draws: int = 10_000,
    seed: int | None = None,
    progress: Progress = None,
    kept: Kept | None = None,
    imported: Mapping[int, str] = NEVER,
) -> Results:
    """The scores of a launch and, given a plan, of its planned state; the same inputs and seed give the same bits.

    Without a seed the launch's own. With no draws at all (0) only what needs none: means, ranks,
    totals, side effects, gates; everything drawn is None. Given what was `kept` of earlier
    computations only what changed is worked out, to the same bits. `imported` (when each result came into the
    project, `edits.criteria.first_seen`) only tells which criteria were set after their results. Raises ScoringError
    when something cannot be scored as it stands; what `progress` raises to cancel passes through.
    """
    if draws != 0 and draws < FEWEST_DRAWS:
        raise ScoringError(f"{draws} draws are too few.", f"Take {FEWEST_DRAWS} or more, or none.")
    kept = Kept(room=0) if kept is None else kept
    model = build(inputs, launch_id, plan_id, kept)
    seed = model.launch.seed if seed is None else seed
    tolerances = tuple(sorted(inputs.rows(Tolerance, launch_id), key=lambda row: row.code))
    shares = assumed.shares_of(model, model.current, kept)
    scored = _scored(model, tolerances, shares, kept)
    if draws:
        drawn = simulate(model, scored.limits, scored.blamed["current"], draws, seed, progress, kept)
        scored = replace(scored, drawn=drawn)
    means = np.where(model.summed, scored.left["current"]["beta"].technical, 0.0)
    launch_limit = limits.of_launch(tolerances)
    judged = kept.once(("verdicts", launch_id), inputs, aftermath.verdicts, model.launch, model.coefficients)
    verdicts = tuple(judged.values())
    return Results(
        launch=model.launch,
        plan_id=plan_id,
        seed=seed,
        draws=draws,
        input_hash=score_hash(inputs, launch_id, plan_id),
        scenarios=_scenario_rows(scored),
        mitigations=mitigations.rows(model, scored.blamed["current"]),
        totals={name: _total(scored, name, launch_limit) for name in STATES},
        assumed_share=assumed.total_share(means, scored.shares),
        assumptions=assumed.matter_most(model, means, shares),
        gates=verdicts,
        tolerances=limits.rows(model, tolerances, scored.left, scored.drawn, scored.burdens),
        alerts=mitigations.alerts(model),
        exceedance={} if scored.drawn is None else {name: exceedance(loss) for name, loss in scored.drawn.loss.items()},
        warnings=checks.told(inputs, model, verdicts, kept, imported),
        model=model,
    )


def _scored(model: Model, tolerances: Sequence[Tolerance], shares: assumed.Shares, kept: Kept) -> _Scored:
    """What needs no draws."""
    cases = overlaps(model.coefficients)
    left = {state.name: {name: residual(model, state, cases[name]) for name in OVERLAPS} for state in model.states}
    blamed = {state.name: attributions(model, state) for state in model.states}
    known = stories(model, kept)
    return _Scored(
        model=model,
        left=left,
        stories={name: model.impact * blame(blamed[name], model.coefficients) * known[name] for name in known},
        blamed=blamed,
        burdens={
            state.name: burden(model.side, state.active, base_refusal(model, state, left[state.name]["beta"]))
            for state in model.states
        },
        drawn=None,
        limits=limits.of_scenarios(model, tolerances),
        shares=shares.of_scenarios(model),
    )


def _scenario_rows(scored: _Scored) -> tuple[ScenarioRow, ...]:
    model = scored.model
    summed = np.flatnonzero(model.summed)
    worst = np.argsort(-scored.left["current"]["beta"].technical[summed], kind="stable")
    ranks = {int(summed[index]): rank for rank, index in enumerate(worst, start=1)}
    rows = (_scenario_row(scored, index, _rank(scored, ranks, index)) for index in range(len(model.scenarios)))
    return tuple(rows)


def _rank(scored: _Scored, ranks: Mapping[int, int], index: int) -> RankRow | None:
    if index not in ranks:
        return None
    if scored.drawn is None:
        return RankRow(ranks[index], None, None)
    low, high = scored.drawn.places[index]
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
            name: float(scored.stories[name][index]) if name in states and told else None for name in STATES
        },
        rank=rank,
        assumed_share=float(scored.shares[index]) if is_scored else None,
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
        outweighed=known.outweighed,
    )


def _technical(scored: _Scored, index: int) -> TechnicalRow:
    left = scored.left["current"]["beta"]
    limit = next(iter(scored.limits.get(index, ())), None)
    low, high = (None, None) if scored.drawn is None else map(float, scored.drawn.expected[index])
    p, error = (None, None)
    if limit is not None and scored.drawn is not None:
        p, error = scored.drawn.exceeds["current", index, limit]
    return TechnicalRow(
        mean=float(left.technical[index]),
        low=low,
        high=high,
        events=float(left.events[index]),
        limit=limit,
        p_exceeds=p,
        p_exceeds_error=error,
    )


def _overlap(scored: _Scored, state: str, index: int) -> OverlapRow:
    return OverlapRow(**{name: float(scored.left[state][name].technical[index]) for name in OVERLAPS})


def _reputational(scored: _Scored, index: int) -> ReputationalRow:
    low, high = (None, None) if scored.drawn is None else map(float, scored.drawn.story[index])
    visible = scored.left["current"]["beta"].visible[index : index + 1]
    return ReputationalRow(
        mean=float(scored.stories["current"][index]),
        low=low,
        high=high,
        p_public=float(chance_of_story(visible)[0]),
        attribution=scored.blamed["current"][index],
    )


def _total(scored: _Scored, state: str, limit: float | None) -> TotalRow | None:
    if state not in scored.left:
        return None
    summed, costs = scored.model.summed, scored.burdens[state]
    loss = None if scored.drawn is None else scored.drawn.loss[state]
    bad = None if loss is None else tail(loss)
    p, error = (None, None) if limit is None or loss is None else probability_above(loss, limit)
    return TotalRow(
        technical=float(scored.left[state]["beta"].technical[summed].sum()),
        reputational=float(scored.stories[state][summed].sum()),
        var95=None if bad is None else bad.var95,
        var95_error=None if bad is None else bad.var95_error,
        cvar95=None if bad is None else bad.cvar95,
        cvar95_error=None if bad is None else bad.cvar95_error,
        p_exceeds=p,
        p_exceeds_error=error,
        over_refusal=costs.over_refusal,
        latency_ms=costs.latency_ms,
        cost=costs.cost,
        capability=costs.capability,
    )

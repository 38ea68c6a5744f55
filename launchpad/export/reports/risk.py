"""The figures of risk: what is left before and after the plan, in all and scenario by scenario."""

from dataclasses import dataclass

import numpy as np

from launchpad.export.facts import Facts
from launchpad.export.handling import name_of
from launchpad.export.limits import WITHIN
from launchpad.planning.report import share_assumed
from launchpad.records import Scenario, Tolerance
from launchpad.results import ScenarioRow, ToleranceRow
from launchpad.scoring.model import State
from launchpad.scoring.residual import residual

NINE_OF_TEN = (0.95, 0.05)


@dataclass(frozen=True, slots=True)
class ScenarioFigure:
    """One scenario: its expected loss today, with the points of nine draws of ten, and with the plan.

    For a catastrophic one `events` and `events_then` are expected events over the horizon, `limit` theirs, and
    `verdict` and `verdict_then` say whether it is kept.
    """

    code: str
    name: str
    area: str
    rank: int | None
    known_by: str
    propensity: float
    n: int
    now: float | None
    low: float | None
    high: float | None
    then: float | None
    change: float | None
    reputational: float | None
    assumed: float | None
    events: float | None
    events_then: float | None
    limit: float | None
    verdict: str
    verdict_then: str


@dataclass(frozen=True)
class RiskFigures:
    """Risk over the horizon in harm units, catastrophic scenarios apart; what needs a plan is None without one.

    `now` and `then` are expected losses today and with the plan; `hopeful` and `cautious` those with all safeguards
    independent and all failing together; `low` and `high` what nine losses of ten drawn lie between.
    """

    now: float | None
    now_low: float | None
    now_high: float | None
    now_hopeful: float | None
    now_cautious: float | None
    then: float | None
    then_low: float | None
    then_high: float | None
    then_hopeful: float | None
    then_cautious: float | None
    inherent: float | None
    inherent_hopeful: float | None
    inherent_cautious: float | None
    change: float | None
    story_now: float | None
    story_then: float | None
    story_change: float | None
    passes_now: float | None
    passes_then: float | None
    limit: float | None
    accepted: float | None
    assumed: float | None
    assumed_then: float | None
    weight_technical: float
    weight_reputational: float
    number: int
    measured: int
    scenarios: tuple[ScenarioFigure, ...]
    catastrophic: tuple[ScenarioFigure, ...]
    unscored: tuple[ScenarioFigure, ...]

    @property
    def falls(self) -> bool:
        """Whether the plan takes something off today's technical risk."""
        return self.change is not None and self.change < 0

    @property
    def rises(self) -> bool:
        """Whether the plan adds to today's technical risk."""
        return self.change is not None and self.change > 0


def risk(facts: Facts) -> RiskFigures:
    """The figures of risk of a launch."""
    results, model = facts.results, facts.results.model
    now, then, inherent = (results.totals[state] for state in ("current", "planned", "inherent"))
    rows = [_scenario(facts, row) for row in results.scenarios]
    grave = {row.code for row in results.scenarios if row.catastrophic}
    scored = [row for row in rows if row.now is not None and row.code not in grave]
    limit = next(
        (row for row in results.tolerances if row.measure == "technical" and row.probability is not None), None
    )
    ends = {state: _ends(facts, state) for state in ("inherent", "current", "planned")}
    spans = {state: _span(facts, state) for state in ("current", "planned")}
    return RiskFigures(
        now=now and now.technical,
        now_low=spans["current"][0],
        now_high=spans["current"][1],
        now_hopeful=ends["current"][0],
        now_cautious=ends["current"][1],
        then=then and then.technical,
        then_low=spans["planned"][0],
        then_high=spans["planned"][1],
        then_hopeful=ends["planned"][0],
        then_cautious=ends["planned"][1],
        inherent=inherent and inherent.technical,
        inherent_hopeful=ends["inherent"][0],
        inherent_cautious=ends["inherent"][1],
        change=change_of(now and now.technical, then and then.technical),
        story_now=now and now.reputational,
        story_then=then and then.reputational,
        story_change=change_of(now and now.reputational, then and then.reputational),
        passes_now=now and now.p_exceeds,
        passes_then=then and then.p_exceeds,
        limit=limit and limit.limit,
        accepted=limit and limit.probability,
        assumed=results.assumed_share,
        assumed_then=share_assumed(model),
        weight_technical=model.weights[0],
        weight_reputational=model.weights[1],
        number=len(rows),
        measured=sum(row.known_by == "measured" for row in rows),
        scenarios=tuple(sorted(scored, key=lambda row: (row.rank or len(rows), row.code))),
        catastrophic=tuple(row for row in rows if row.code in grave),
        unscored=tuple(row for row in rows if row.now is None and row.code not in grave),
    )


def _scenario(facts: Facts, row: ScenarioRow) -> ScenarioFigure:
    scenario = facts.inputs.get(Scenario, row.id)
    loss, then = row.technical, row.states["planned"]
    held = _limit(facts, row.id)
    planned = facts.results.model.planned
    return ScenarioFigure(
        code=row.code,
        name=name_of(facts.inputs, scenario),
        area=row.risk_area,
        rank=row.rank and row.rank.rank,
        known_by=row.propensity.known_by,
        propensity=row.propensity.median,
        n=row.propensity.n,
        now=loss and loss.mean,
        low=loss and loss.low,
        high=loss and loss.high,
        then=then and then.beta,
        change=change_of(loss and loss.mean, then and then.beta),
        reputational=row.reputational and row.reputational.mean,
        assumed=row.assumed_share,
        events=loss and loss.events,
        events_then=None if loss is None or planned is None else _events(facts, planned, row.id),
        limit=held and held.limit,
        verdict=WITHIN[held and held.within],
        verdict_then=WITHIN[None if held is None or planned is None else held.within_planned],
    )


def _events(facts: Facts, state: State, scenario_id: int) -> float:
    """Expected events of a scenario in a state, at the means of all inputs."""
    model = facts.results.model
    return float(residual(model, state).events[model.scenario_index[scenario_id]])


def _limit(facts: Facts, scenario_id: int) -> ToleranceRow | None:
    """The tightest limit on the events of a scenario and what stands against it; None without one."""
    mine = [
        row
        for row in facts.results.tolerances
        if row.measure == "events" and facts.inputs.find(Tolerance, row.code, facts.launch.id).scenario == scenario_id
    ]
    return min(mine, key=lambda row: (row.within is not False, row.limit), default=None)


def change_of(now: float | None, then: float | None) -> float | None:
    """By what share `then` differs from `now`; None where either is unknown or there is nothing to compare with."""
    return None if now is None or then is None or now <= 0 else then / now - 1


def _ends(facts: Facts, state: str) -> tuple[float | None, float | None]:
    """Technical risk of a state with all safeguards independent, and with all of them failing together."""
    rows = [row.states[state] for row in facts.results.scenarios if not row.catastrophic]
    known = [row for row in rows if row is not None]
    if not known:
        return None, None
    return sum(row.independent for row in known), sum(row.comonotone for row in known)


def _span(facts: Facts, state: str) -> tuple[float | None, float | None]:
    """What nine losses of ten drawn lie between: the 5 and 95 % points, read from the exceedance curve."""
    curve = facts.results.exceedance.get(state)
    if curve is None:
        return None, None
    rising = np.argsort(curve.probability)
    low, high = np.interp(NINE_OF_TEN, curve.probability[rising], curve.loss[rising])
    return float(low), float(high)

"""What the model of a launch leads one to expect by a day after it, and what the launch before tells against it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from launchpad.records import Incident, Inputs, Launch, Scenario
from launchpad.scoring import estimates, propensity
from launchpad.scoring.aftermath import days_out, days_since, watched
from launchpad.scoring.arrays import Z95, Floats, Ints
from launchpad.scoring.baseline import baseline_of, forebear
from launchpad.scoring.mitigations import DETECTION, PROPENSITY, overlaps, relative, violation_rate
from launchpad.scoring.model import Model, State
from launchpad.scoring.residual import evidence_misses, kept, residual, stage_misses
from launchpad.scoring.risks import Risk, horizon_days
from launchpad.scoring.states import in_place_on
from launchpad.scoring.why import ModelWarning, named

_ENDS = np.array([-Z95, 0.0, Z95])


@dataclass(frozen=True, slots=True)
class RateExpected:
    """The share of single opportunities with a violating output that safeguards leave: mean, 5 and 95 % points."""

    mean: float
    low: float
    high: float


def at_launch(inputs: Inputs, model: Model) -> State:
    """The state that held when the launch went out: what was done or in place on its day, by the dates of standings."""
    on = in_place_on(inputs, model.launch, model.launch.launch_date)
    active = np.array([variant.id in on for variant in model.variants], dtype=np.bool_)
    return State("at launch", active, model.current.verified)


def expected_so_far(model: Model, state: State, as_of: str) -> Floats:
    """(3, S) Lambda of a state x the share of the horizon's opportunities that has passed by the end of a day.

    Its mean, and its 5 and 95 % points over our ignorance.
    """
    begun = days_out(model.launch, as_of)
    events = residual(model, state).events * np.array([passed(risk, begun) for risk in model.risks], dtype=np.float64)
    ends = np.array([ends_of(risk) for risk in model.risks], dtype=np.float64).reshape(-1, 2)
    return np.stack([events, events * ends[:, 0], events * ends[:, 1]])


def ends_of(risk: Risk) -> tuple[float, float]:
    """The 5 and 95 % points of a scenario's expected events, each as a multiple of their mean.

    Opportunities, propensity, h and u are independent, so that on the log scale the squares of their half-widths add
    up about the product of their medians. Our ignorance of efficacies is left out.
    """
    spreads = [one for one in (risk.opportunities, risk.realised, risk.net_new) if one is not None]
    known = [(*(float(x) for x in estimates.at(one, _ENDS)), estimates.mean(one)) for one in spreads]
    known.append((*propensity.points(risk.propensity), propensity.mean(risk.propensity)))
    if any(mean <= 0 for *_, mean in known):
        return 1.0, 1.0
    if any(median <= 0 for _, median, _, _ in known):
        return 0.0, math.prod(high / mean for _, _, high, mean in known)
    middle = math.prod(median / mean for _, median, _, mean in known)
    below = (
        math.inf if any(low <= 0 for low, *_ in known) else math.hypot(*(math.log(m / low) for low, m, _, _ in known))
    )
    above = math.hypot(*(math.log(high / m) for _, m, high, _ in known))
    return middle * math.exp(-below), middle * math.exp(above)


def passed(risk: Risk, begun: int) -> float:
    """The share of a scenario's days of exposure that lie in the first `begun` days of the horizon."""
    if risk.exposure is None or risk.days == 0 or begun <= 0:
        return 0.0
    return min(horizon_days(risk.exposure, begun), risk.days) / risk.days


def expected_rates(model: Model, state: State) -> tuple[RateExpected, ...]:
    """For each scenario (S,) the propensity x what safeguards leave, for a single try, with our ignorance of it.

    Where opportunities are campaigns of t tries, the rate of one try is 1 - (1 - rate)^(1/t).
    """
    overlap = overlaps(model.coefficients)["beta"]
    left = stage_misses(model, state.active, state.verified, overlap)
    share = relative(left[:, PROPENSITY] * left[:, DETECTION], evidence_misses(model, overlap))
    alone = kept(model, state.active)
    points = np.array([propensity.points(risk.propensity) for risk in model.risks]).reshape(-1, 3)
    tries = np.array([risk.tries for risk in model.risks], dtype=np.int64)
    columns = (model.theta, points[:, 0], points[:, 2])
    rates = (_of_one_try(violation_rate(theta, share, alone), tries) for theta in columns)
    return tuple(RateExpected(*(float(value) for value in row)) for row in zip(*rates, strict=True))


def counted(inputs: Inputs, launch: Launch, scenario: Scenario, as_of: str) -> tuple[list[Incident], list[Incident]]:
    """The incidents of a scenario within the horizon and by a day, and those the prediction says nothing about.

    The second are before the launch or past the horizon; what is after the day is in neither.
    """
    rows = [row for row in inputs.children(Incident, "scenario", scenario.id) if row.launch == launch.id]
    known = sorted((row for row in rows if row.happened <= as_of), key=lambda row: (row.happened, row.code))
    inside = [row for row in known if 0 < days_since(launch.launch_date, row.happened) <= launch.horizon_days]
    return inside, [row for row in known if row not in inside]


def told_by_baseline(inputs: Inputs, model: Model) -> Iterator[ModelWarning]:
    """Scenarios of which the launch before had more incidents than the model, as things stand, would lead to expect.

    Incidents have no denominator and never become a rate: their count is a lower bound, held against the events
    expected over as many days at this launch's opportunities and rollout, even at the high end of our ignorance.
    """
    before = baseline_of(inputs, model.launch)
    if before is None or not inputs.rows(Incident, before.id):
        return
    days = days_since(before.launch_date, model.launch.as_of)
    events = residual(model, model.current).events
    for index, scenario in enumerate(model.scenarios):
        source = forebear(inputs, before, scenario)
        if source is None or not model.scored[index] or days == 0:
            continue
        inside, outside = counted(inputs, before, source, model.launch.as_of)
        seen = [row for row in (*inside, *outside) if row.happened >= before.launch_date]
        expected = float(events[index]) / max(model.risks[index].days, 1) * days
        least, most = ends_of(model.risks[index])
        found = watched(scenario.code, expected, seen, (expected * least, expected * most))
        if found.verdict == "more than expected":
            sentence = _sentence(before, source, found.seen, expected, days)
            yield ModelWarning(named(inputs, scenario), "propensity", sentence)


def _sentence(before: Launch, source: Scenario, seen: int, expected: float, days: int) -> str:
    count = "1 event" if seen == 1 else f"{seen} events"
    span = "1 day" if days == 1 else f"{days} days"
    return (
        f"{before.code} had at least {count} of it ({source.code}) in {span}; {expected:.2g} are expected here in as "
        "many days. Incidents give no rate: look at its opportunities and its propensity."
    )


def _of_one_try(rate: Floats, tries: Ints) -> Floats:
    single = -np.expm1(np.log1p(-np.minimum(rate, 1 - 1e-15)) / tries)
    return np.where(tries == 1, rate, single)

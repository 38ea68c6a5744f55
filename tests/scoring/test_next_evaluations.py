"""Which evaluation comes next: a launch-or-hold decision worked out by hand, and what makes a sample count for less."""

import dataclasses
import math

import numpy as np
import pytest

from launchpad.records import Estimate, Evaluation, EvaluationEffort, Team
from launchpad.scoring.model import build
from launchpad.scoring.next_evaluations import as_json, decisions, next_evaluations
from tests.builders import (
    EVALUATION,
    LAUNCH,
    certain,
    effect,
    gate,
    grounds,
    inputs_of,
    link,
    mitigation,
    result,
    scenario,
    tolerance,
)

TEAM = [
    Team(id=30_001, code="T-1", name="Graders"),
    EvaluationEffort(id=30_002, evaluation=EVALUATION, team=30_001, fixed=1.0, per_100=2.0),
]
# 2 of 39 with Jeffreys: Beta(2.5, 37.5), mean .0625. 900 x .0625 x .25 x 2 = 28.125 harm units, 450 a unit of theta.
MEASURED = [*scenario(1, propensity=None), result(1, 2, 39), link(1, 1)]


def found(*records, n=100):
    base = [dataclasses.replace(row, candidate_n=n) if isinstance(row, Evaluation) else row for row in grounds()]
    inputs = inputs_of([*base, *records])
    model = build(inputs, LAUNCH)
    return next_evaluations(inputs, model, model.current), decisions(inputs, model, model.current)


def by_hand(a, b, slope, hold, n):
    """EVSI by a plain sum over what may be seen."""

    def beta(x, y):
        return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)

    chances = [math.comb(n, k) * math.exp(beta(a + k, b + n - k) - beta(a, b)) for k in range(n + 1)]
    after = sum(chance * min(slope * (a + k) / (a + b + n), hold) for k, chance in enumerate(chances))
    return min(slope * a / (a + b), hold) - after


def test_that_an_evaluation_is_worth_what_was_worked_out_by_hand():
    (row,), (decision,) = found(*MEASURED, gate("rate", 0.05), *TEAM)
    assert (decision.name, decision.beta) == ("G-1 of R-001", (2.5, 37.5))
    assert (decision.slope, decision.hold) == pytest.approx((450, 22.5))
    assert (row.evaluation, row.n, row.effective, row.decisions) == ("EV-1", 100, 100, ("G-1 of R-001",))
    assert row.evsi == pytest.approx(by_hand(2.5, 37.5, 450, 22.5, 100))
    theta = (np.arange(200_000) + 0.5) / 200_000
    density = theta**1.5 * (1 - theta) ** 36.5
    known = (np.minimum(450 * theta, 22.5) * density).sum() / density.sum()
    assert row.evpi == pytest.approx(22.5 - known, rel=1e-4)
    assert row.days == pytest.approx(3.0)
    assert row.per_day == pytest.approx(row.evsi / 3)


def test_that_more_samples_are_worth_more_and_never_more_than_certainty():
    rows = [found(*MEASURED, gate("rate", 0.05), n=n)[0][0] for n in (10, 50, 300, 2000)]
    worth = [row.evsi for row in rows]
    assert worth == sorted(worth)
    assert worth[0] < worth[-1] <= rows[-1].evpi
    assert rows[0].per_day is None


@pytest.mark.parametrize(
    ("fields", "relevance", "effective"),
    [
        ({}, 0.5, 50),
        ({"clusters": 13}, 1.0, 62),  # 3 a cluster: 100 / (1 + 2 x .3)
        ({"judge_sensitivity": 0.9, "judge_specificity": 0.9}, 1.0, 64),  # 100 x .8 squared
    ],
)
def test_that_relevance_clusters_and_judge_error_take_from_what_a_sample_tells(fields, relevance, effective):
    records = [*scenario(1, propensity=None), result(1, 12, 39, **fields), link(1, 1, relevance=relevance)]
    (row,), _ = found(*records, gate("rate", 0.05))
    assert row.effective == pytest.approx(effective, abs=1)


def test_that_the_strictest_limit_of_a_scenario_decides_and_counts_once():
    (row,), (decision,) = found(*MEASURED, gate("rate", 0.05), gate("rate", 0.08, id=9001, code="G-2"))
    assert decision.name == "G-1 of R-001"
    assert row.evsi == pytest.approx(by_hand(2.5, 37.5, 450, 22.5, 100))


def test_that_a_tolerance_decides_where_there_is_no_gate():
    limit = tolerance("technical", 22.5, scenario=101)
    _, (decision,) = found(*MEASURED, limit)
    assert decision.name == "TOL-1 of R-001"
    assert decision.limit == pytest.approx(0.05)
    _, (events,) = found(*MEASURED, tolerance("events", 11.25, scenario=101))
    assert events.limit == pytest.approx(0.05)
    assert found(*MEASURED, limit, gate("rate", 0.08))[1][0].name == "G-1 of R-001"


def test_that_a_mitigation_that_is_on_lowers_what_a_violation_costs():
    stands = [*mitigation(1, standing="in_place"), effect(1, 1, 0.5, stage="severity")]
    _, (decision,) = found(*MEASURED, *stands, gate("rate", 0.05))
    assert decision.slope == pytest.approx(225)


def test_that_a_catastrophic_scenario_is_a_determination_and_no_sum():
    area = {"risk_area": 5, "catastrophic": True, "propensity": None}
    records = [*scenario(1, **area), result(1, 2, 39), link(1, 1)]
    (row,), decided = found(*records, gate("capability", 0.1, evaluation=EVALUATION))
    assert decided == ()
    assert (row.evsi, row.evpi, row.decisions) == (0, 0, ())
    assert row.settles
    assert row.settles[0].startswith("G-1 of R-001")


def test_that_the_one_worth_most_a_day_comes_first_and_those_without_effort_last():
    other = Evaluation(id=41, code="EV-0", name="Other", polarity="lower", candidate_n=100)
    named = dataclasses.replace(gate("rate", 0.05), evaluation=41)
    rows, _ = found(*MEASURED, named, other, *TEAM)
    assert [row.evaluation for row in rows] == ["EV-1", "EV-0"]
    assert rows[1].per_day is None
    answer = as_json(rows)
    assert set(answer[0]) >= {"evaluation", "evsi_per_day", "n"}
    assert answer[1]["evsi_per_day"] is None


def test_that_what_has_no_limit_no_loss_or_no_exposure_is_no_decision():
    assert found(*MEASURED) == ((), ())
    assert found(*scenario(1, harm_units=certain(0.0)), gate("rate", 0.05)) == ((), ())
    assert found(*scenario(1, without=("exposure",)), gate("rate", 0.05)) == ((), ())


def test_that_an_estimate_of_campaigns_is_taken_back_to_single_tries():
    told = Estimate(0.2, 0.4, 0.6, "elicited")
    _, (single,) = found(*scenario(1, propensity=told), gate("rate", 0.05))
    _, (campaign,) = found(*scenario(1, propensity=told, unit="campaign", actor=6), gate("rate", 0.05))
    means = [one.beta[0] / sum(one.beta) for one in (single, campaign)]
    assert means[1] < means[0] / 5
    assert campaign.slope * means[1] == pytest.approx(single.slope * means[0])

"""The tornado: each swing worked out by hand."""

import math

import pytest

from launchpad.records import Estimate, WeightSet
from launchpad.results.sensitivity import tornado
from launchpad.scoring import estimates
from launchpad.scoring.model import build
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions
from tests.builders import (
    LAUNCH,
    PLAN,
    certain,
    effect,
    grounds,
    inputs_of,
    mitigation,
    plan,
    refusals,
    scenario,
)
from tests.results.weighed import using

UNSURE = Estimate(5.0, 10.0, 20.0, "elicited")
MEAN = 10 * math.exp((math.log(2) / 1.6448536) ** 2 / 2)


def swings(*records, technical=1.0, first=15, plan_id=None):
    chosen = WeightSet(id=900, code="W-9", launch=LAUNCH, name="Own", technical=technical, reputational=1 - technical)
    model = build(inputs_of(using([*grounds(), chosen, *records], "W-9")), LAUNCH, plan_id)
    state = model.planned or model.current
    return tornado(model, state, blame(attributions(model, state), model.coefficients), first)


def test_that_opportunities_swing_the_loss_in_proportion():
    found = swings(*scenario(1, opportunities=UNSURE))
    (only,) = found.swings
    assert (only.record, only.name, only.scenario, only.kind) == (
        "exposure R-001",
        "Opportunities",
        "R-001",
        "elicited",
    )
    assert (only.low, only.high) == pytest.approx((5, 20))
    assert (only.at_low, only.at_high) == pytest.approx((5 / MEAN, 20 / MEAN))
    assert only.width == pytest.approx(15 / MEAN)
    assert (found.base, found.others) == (1.0, 0)


def test_that_the_chance_to_become_public_swings_reputation_alone():
    unsure = Estimate(0.005, 0.01, 0.02, "assumed")
    assert swings(*scenario(1, visible=unsure)).swings == ()
    (only,) = swings(*scenario(1, visible=unsure), technical=0.0).swings
    mean = estimates.mean(estimates.spread(unsure, "logit", 0, 1))
    assert only.record == "publicity R-001"
    assert only.at_low == pytest.approx(math.log1p(0.45) / math.log1p(90 * mean))


def test_that_an_efficacy_swings_what_is_left():
    efficacy = Estimate(0.2, 0.5, 0.8, "measured")
    (only,) = swings(*scenario(1), *mitigation(1), effect(1, 1, efficacy), *plan(301), plan_id=PLAN).swings
    assert (only.record, only.name, only.kind) == ("effect M-001.std/R-001/propensity", "Efficacy", "measured")
    assert (only.at_low, only.at_high) == pytest.approx((0.8, 0.2))


def test_that_a_false_refusal_swings_the_scenarios_it_is_behind():
    unsure = Estimate(0.1, 0.2, 0.4, "assumed")
    mean = estimates.mean(estimates.spread(unsure, "logit", 0, 1))
    records = [*scenario(1, risk_area=4, over_refusal=True), *mitigation(1), *plan(301)]
    (only,) = swings(*records, refusals(1, None, false_refusal=unsure), plan_id=PLAN).swings
    # Rate 1 - (1 - .1) (1 - f) against .1 today.
    assert (only.record, only.name) == ("side_effect M-001.std/", "False refusal")
    assert (only.at_low, only.at_high) == pytest.approx((1.9, 4.6))
    assert swings(*records, refusals(1, None, false_refusal=unsure)).swings == ()
    base = swings(*records, refusals(1, None, false_refusal=unsure), plan_id=PLAN).base
    assert base == pytest.approx((0.1 + 0.9 * mean) / 0.1)


def test_that_a_false_refusal_inside_the_evidence_swings_nothing():
    unsure = Estimate(0.1, 0.2, 0.4, "assumed")
    records = [*scenario(1, risk_area=4, over_refusal=True), *mitigation(1, standing="in_place")]
    without = swings(*records, refusals(1, None, false_refusal=unsure))
    assert len(without.swings) == 1  # nothing was on in an estimate


def test_that_a_catastrophic_scenario_and_one_without_exposure_swing_nothing():
    records = [*scenario(1, opportunities=UNSURE, catastrophic=True), *scenario(2, without=("exposure",))]
    assert swings(*records, *scenario(3)).swings == ()


def test_that_the_widest_come_first_and_the_others_are_counted():
    records = [
        row for number in (1, 2, 3) for row in scenario(number, opportunities=UNSURE, harm_units=certain(float(number)))
    ]
    found = swings(*records, first=2)
    assert [swing.scenario for swing in found.swings] == ["R-003", "R-002"]
    assert found.others == 1
    assert swings(first=2).swings == ()

"""The numbers of the model that were worked out by hand."""

import numpy as np
import pytest

from launchpad.errors import ScoringError
from launchpad.records import Estimate, Scenario
from launchpad.results import compute
from launchpad.scoring import coefficients as known
from launchpad.scoring import estimates, propensity
from launchpad.scoring.mitigations import (
    Overlap,
    campaign_efficacy,
    misses,
    operational_efficacy,
    overlaps,
    reliability,
)
from launchpad.scoring.risks import risk_of
from launchpad.scoring.side_effects import alerts_per_day
from launchpad.scoring.streams import normals
from launchpad.scoring.technical import shared
from tests.builders import LAUNCH, certain, effect, grounds, inputs_of, launch, link, mitigation, result, scenario


def left(efficacies, families, overlap):
    return misses(np.array(efficacies), np.zeros(len(efficacies), dtype=np.int64), np.array(families), 1, overlap)[0]


def test_that_reliability_and_operational_efficacy_are_those_of_fair_cam():
    share = reliability(6, 2)
    assert share == pytest.approx(0.9674, abs=5e-5)
    assert operational_efficacy(0.95, 0.9, 0.4, share) == pytest.approx(0.8395, abs=5e-5)


def test_that_an_efficacy_of_single_attempts_is_worth_less_against_a_campaign():
    # t = .1 an attempt, ten attempts: 1 - .9^10 = .651322; half of each stopped: 1 - .95^10 = .401263
    assert campaign_efficacy(0.5, 1 - 0.9**10, 10) == pytest.approx(1 - 0.401263 / 0.651322, abs=1e-6)
    assert campaign_efficacy(0.5, 0.3, 1) == 0.5
    assert campaign_efficacy(0.0, 0.3, 7) == pytest.approx(0.0, abs=1e-12)
    assert campaign_efficacy(1.0, 0.3, 7) == pytest.approx(1.0)
    assert campaign_efficacy(0.5, 0.0, 7) == 0.5
    arrays = campaign_efficacy(np.array([0.5, 0.5]), np.array([1 - 0.9**10, 0.0]), 10)
    assert arrays == pytest.approx([1 - 0.401263 / 0.651322, 0.5], abs=1e-6)


def test_that_an_effect_counted_in_attempts_is_converted_in_means_and_in_draws():
    def scored(per):
        campaign = scenario(1, unit="campaign", actor=6, propensity=certain(1 - 0.9**10))
        records = [*grounds(), *campaign, *mitigation(1, standing="done"), effect(1, 1, 0.5, per=per)]
        return compute(inputs_of(records), LAUNCH, draws=200).scenarios[0]

    plain, converted = scored("opportunity"), scored("attempt")
    assert plain.states["current"] is not None
    assert converted.states["current"] is not None
    assert plain.states["inherent"] == converted.states["inherent"]
    ratio = converted.states["current"].beta / plain.states["current"].beta
    assert ratio == pytest.approx(0.401263 / 0.651322 / 0.5, abs=1e-5)
    assert converted.technical is not None
    assert (converted.technical.low, converted.technical.high) == pytest.approx([converted.states["current"].beta] * 2)


def test_that_two_of_a_family_and_one_outside_leave_what_was_worked_out():
    efficacies, families = [0.8, 0.6, 0.5], [0, 0, 1]
    assert left(efficacies, families, Overlap(0.0, 0.0)) == pytest.approx(0.04)
    assert left(efficacies, families, Overlap(0.5, 0.0)) == pytest.approx(0.07)
    assert left(efficacies, families, Overlap(0.5, 0.1)) == pytest.approx(0.077)
    assert left(efficacies, families, Overlap(1.0, 1.0)) == pytest.approx(0.2)


@pytest.mark.parametrize(("shared_share", "expected"), [(0, 0.0010), (0.1, 0.0059), (0.3, 0.0157), (1, 0.05)])
def test_that_three_misses_of_one_family_combine_by_the_beta_factor(shared_share, expected):
    found = left([0.95, 0.9, 0.8], [0, 0, 0], Overlap(shared_share, 0.0))
    assert found == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("points", "expected"), [((2.0, 10.0, 50.0), 16.14), ((2.0, 4.0, 50.0), 13.67)])
def test_that_the_mean_of_a_severity_is_closed_form(points, expected):
    harm = estimates.spread(Estimate(*points), "log", 0.0)
    assert estimates.mean(harm) == pytest.approx(expected, abs=5e-3)
    assert np.mean(estimates.at(harm, normals(1, "x", "y", 400_000))) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("points", [(0.01, 0.05, 0.3), (0.2, 0.5, 0.8), (0.6, 0.95, 0.999)])
def test_that_the_mean_of_a_fraction_agrees_with_draws(points):
    share = estimates.spread(Estimate(*points), "logit", 0.0, 1.0)
    assert estimates.mean(share) == pytest.approx(np.mean(estimates.at(share, normals(1, "x", "y", 400_000))), rel=5e-3)


def test_that_the_three_points_of_an_estimate_come_back_at_their_shares():
    harm = estimates.spread(Estimate(2.0, 10.0, 50.0), "log", 0.0)
    low, median, high = estimates.at(harm, np.array([-1.6448536269514722, 0.0, 1.6448536269514722]))
    assert (low, median, high) == pytest.approx((2.0, 10.0, 50.0))


def test_that_a_monitor_of_a_million_items_raises_what_was_worked_out():
    per_day, precision = alerts_per_day(1e6, 1e-4, 0.96, 0.004)
    assert per_day == pytest.approx(4096, abs=0.5)
    assert precision == pytest.approx(0.023, abs=5e-4)


def theta(*evidence, **fields):
    inputs = inputs_of([*grounds(), *scenario(1, propensity=None, **fields), *evidence])
    found = risk_of(inputs, launch(), inputs.rows(Scenario)[0], known.of(inputs))
    return found.propensity


def test_that_fourteen_of_three_hundred_give_the_posterior_worked_out():
    found = theta(result(1, 14, 300), link(1, 1))
    assert propensity.mean(found) == pytest.approx(0.0482, abs=5e-5)
    low, _, high = propensity.points(found)
    assert (low, high) == pytest.approx((0.0297, 0.0700), abs=5e-5)


def test_that_none_of_three_hundred_has_the_upper_point_worked_out():
    _, _, high = propensity.points(theta(result(1, 0, 300), link(1, 1)))
    assert high == pytest.approx(0.0064, abs=5e-5)


def test_that_evidence_of_weight_a_half_moves_as_worked_out():
    found = theta(result(1, 14, 300), link(1, 1, relevance=0.5))
    assert propensity.mean(found) == pytest.approx(0.0497, abs=5e-5)
    assert propensity.points(found)[2] == pytest.approx(0.0817, abs=5e-5)


def test_that_a_result_one_half_life_old_weighs_half():
    old = theta(result(1, 14, 300, run_date="2026-09-02"), link(1, 1))
    assert propensity.mean(old) == pytest.approx(0.0497, abs=5e-5)


def test_that_a_run_dated_after_the_as_of_day_is_not_weighed_above_one():
    late = theta(result(1, 14, 300, run_date="2027-01-15"), link(1, 1))
    assert propensity.mean(late) == pytest.approx(0.0482, abs=5e-5)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_that_the_shared_factor_leaves_each_marginal_as_it_was(correlation):
    own, common = normals(1, "R-1", "own", 200_000), normals(1, "cyber", "common", 200_000)
    mixed = shared(own, common, correlation)
    assert np.mean(mixed) == pytest.approx(0.0, abs=0.01)
    assert np.std(mixed) == pytest.approx(1.0, abs=0.01)
    assert np.quantile(mixed, 0.95) == pytest.approx(1.645, abs=0.02)


def test_that_a_judge_no_better_than_chance_is_not_evidence():
    found = theta(result(1, 14, 300, judge_sensitivity=0.5, judge_specificity=0.5), link(1, 1))
    assert found.origin != "evidence"


def test_that_low_above_median_is_refused_by_name():
    inputs = inputs_of([*grounds(), *scenario(1, propensity=Estimate(0.3, 0.2, 0.4))])
    coefficients = known.of(inputs)
    with pytest.raises(ScoringError, match="Propensity of exposure R-001"):
        risk_of(inputs, launch(), inputs.rows(Scenario)[0], coefficients)


def test_that_the_three_overlaps_come_from_the_coefficients():
    found = overlaps(known.of(inputs_of([])))
    assert found["beta"] == Overlap(0.5, 0.1)
    assert (found["independent"], found["comonotone"]) == (Overlap(0.0, 0.0), Overlap(1.0, 1.0))

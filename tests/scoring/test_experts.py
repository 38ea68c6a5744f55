"""Several experts become one range that keeps their disagreement; their record is told in words."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from launchpad.errors import ScoringError
from launchpad.records import Estimate, ExpertEstimate, Person
from launchpad.results import compute, explain, score_json
from launchpad.scoring import estimates
from launchpad.scoring.experts import calibration, chance_at_most, pooled
from launchpad.scoring.model import build
from tests.builders import LAUNCH, grounds, inputs_of, link, result, scenario


def test_that_one_expert_stands_as_given():
    assert pooled([Estimate(0.01, 0.02, 0.05)], [1], "logit") == Estimate(0.01, 0.02, 0.05, "elicited")


def test_that_experts_who_agree_are_no_less_and_no_more_certain_together():
    same = [Estimate(0.01, 0.03, 0.08)] * 4
    found = pooled(same, [1, 1, 1, 1], "logit")
    assert (found.low, found.median, found.high) == pytest.approx((0.01, 0.03, 0.08), rel=2e-3)


def test_that_disagreement_stays_as_uncertainty():
    apart = [Estimate(0.001, 0.002, 0.004), Estimate(0.1, 0.2, 0.4)]
    found = pooled(apart, [1, 1], "logit")
    assert found.low < 0.002
    assert found.high > 0.2
    assert found.kind == "elicited"


def test_that_a_weight_of_nothing_silences_an_expert():
    apart = [Estimate(0.001, 0.002, 0.004), Estimate(0.1, 0.2, 0.4)]
    found = pooled(apart, [0, 2], "logit")
    assert (found.low, found.median, found.high) == pytest.approx((0.1, 0.2, 0.4), rel=2e-3)


@given(st.lists(st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3).map(sorted), min_size=1, max_size=5))
def test_that_the_pooled_range_lies_within_the_experts(rows):
    given_ = [Estimate(*row) for row in rows]
    found = pooled(given_, [1.0] * len(rows), "log")
    slack = 1 + 1e-9
    assert min(row[0] for row in rows) <= found.low * slack
    assert found.low <= found.median <= found.high <= max(row[2] for row in rows) * slack


@given(st.lists(st.lists(st.floats(1e-6, 1e6), min_size=3, max_size=3).map(sorted), min_size=2, max_size=5))
def test_that_the_mixture_stays_at_or_below_each_point_with_its_chance(rows):
    given_ = [Estimate(*row) for row in rows]
    found = pooled(given_, [1.0] * len(rows), "log")
    spreads = [estimates.spread(one, "log", 0.0) for one in given_]
    for point, chance in ((found.low, 0.05), (found.median, 0.5), (found.high, 0.95)):
        reached = sum(chance_at_most(one, point) for one in spreads) / len(rows)
        below = sum(chance_at_most(one, math.nextafter(point, 0)) for one in spreads) / len(rows)
        assert below - 1e-6 <= chance <= reached + 1e-6


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted), st.floats(-3, 3))
def test_that_the_chance_of_a_value_is_the_inverse_of_the_value_at_a_chance(points, z):
    known = estimates.spread(Estimate(*points), "logit", 0.0, 1.0)
    value = float(estimates.at(known, np.array([z]))[0])
    told = all(point in (0, 1) or 1e-9 < point < 1 - 1e-9 for point in (*points, value))  # nearer floats run out
    if told and 0 < value < 1 and known.below > 0 and known.above > 0:
        assert chance_at_most(known, value) == pytest.approx(ndtr(z), abs=1e-6)


def test_that_a_constant_expert_is_a_step():
    found = pooled([Estimate(5, 5, 5), Estimate(5, 5, 5)], [1, 1], "log")
    assert (found.low, found.median, found.high) == pytest.approx((5, 5, 5), rel=1e-12)


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2], []])
def test_that_weights_that_sum_to_nothing_are_refused_by_name(weights):
    with pytest.raises(ScoringError, match="Propensity of R-1"):
        pooled([Estimate(1, 2, 3)] * len(weights), weights, "log", "Propensity of R-1")


def test_that_a_range_out_of_order_is_refused_by_name():
    with pytest.raises(ScoringError, match="Propensity of R-1"):
        pooled([Estimate(0.5, 0.2, 0.1)], [1], "logit", "Propensity of R-1")


def test_that_too_narrow_ranges_are_told():
    assert calibration(18, 20) == "18 of 20 earlier ranges held the truth: as they should"
    assert calibration(12, 20) == "12 of 20 earlier ranges held the truth: too narrow"
    assert calibration(None, None) is None
    assert calibration(0, 0) is None


def estimate(number, quantity, points, weight=1.0, **fields):
    low, median, high = points
    values = {"launch": LAUNCH, "scenario": 101, "expert": 19000 + number, **fields}
    return ExpertEstimate(
        id=19500 + number, quantity=quantity, low=low, median=median, high=high, weight=weight, **values
    )


def people(*numbers):
    return [Person(id=19000 + number, code=f"P-{number}", name="secret-hash") for number in numbers]


def scored(*records, of=None):
    inputs = inputs_of([*grounds(), *(of or scenario(1)), *people(1, 2), *records])
    return inputs, build(inputs, LAUNCH)


QUANTITIES = ("opportunities", "propensity", "harm_units", "realised", "net_new", "visible")


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_that_the_pool_is_scored_instead_of_what_is_stated(quantity):
    _, model = scored(estimate(1, quantity, (0.3, 0.3, 0.3)), estimate(2, quantity, (0.3, 0.3, 0.3)))
    (risk,) = model.risks
    found = {
        "opportunities": risk.opportunities,
        "propensity": risk.propensity.spread,
        "harm_units": risk.harm,
        "realised": risk.realised,
        "net_new": risk.net_new,
        "visible": risk.visible,
    }
    assert found[quantity] is not None
    assert found[quantity].median == pytest.approx(0.3)


def test_that_a_pooled_propensity_is_elicited_and_worth_more_than_an_assumption():
    _, model = scored(estimate(1, "propensity", (0.01, 0.03, 0.08)))
    assert (model.risks[0].propensity.origin, model.risks[0].propensity.kind) == ("estimate", "elicited")
    rows = [result(1, 14, 300), link(1, 1)]
    _, assumed = scored(*rows, of=scenario(1, propensity=Estimate(0.0299, 0.03, 0.0301)))
    _, elicited = scored(*rows, estimate(1, "propensity", (0.0299, 0.03, 0.0301)))
    assert sum(assumed.risks[0].propensity.prior) == pytest.approx(20)
    assert sum(elicited.risks[0].propensity.prior) == pytest.approx(50)


def test_that_an_elicited_number_is_no_assumption():
    inputs, _ = scored(estimate(1, "opportunities", (5, 10, 20)), estimate(1, "harm_units", (1, 2, 4)))
    plain, _ = scored()
    shares = [compute(each, LAUNCH, draws=200).scenarios[0].assumed_share for each in (plain, inputs)]
    assert shares == [1.0, pytest.approx(0.6)]


def test_that_each_expert_stands_in_the_tree_by_code_with_weight_and_record():
    inputs, _ = scored(
        estimate(1, "propensity", (0.01, 0.02, 0.05), 3.0, hits=18, asked=20),
        estimate(2, "propensity", (0.1, 0.2, 0.4), 1.0),
    )
    text = "\n".join(explain(inputs, compute(inputs, LAUNCH, draws=200), "R-001").lines())
    assert "no linked evidence: 2 experts' ranges pooled" in text
    assert "Expert P-1 = 0.02 [elicited]  low 0.01, median 0.02, high 0.05; 75% of the weights; 18 of 20" in text
    assert "Expert P-2 = 0.2 [elicited]" in text
    assert "25% of the weights; not calibrated" in text
    assert "Stated, not counted = 0.1 [assumed]" in text
    assert "secret" not in text
    (answer,) = score_json(inputs, compute(inputs, LAUNCH, draws=200))["scenarios"]
    assert (answer["propensity"]["kind"], answer["propensity"]["origin"]) == ("elicited", "estimate")


def test_that_ranges_known_to_be_too_narrow_are_warned_of():
    _, model = scored(estimate(1, "propensity", (0.01, 0.02, 0.05), hits=12, asked=20))
    (told,) = model.risks[0].warnings
    assert told.record == "expert_estimate R-001/propensity/P-1"
    assert (
        told.message == "12 of 20 earlier ranges held the truth: too narrow. Widen the range, or give it less weight."
    )


def test_that_an_estimate_with_no_row_to_stand_in_for_is_told():
    _, model = scored(estimate(1, "visible", (0.1, 0.2, 0.3)), of=scenario(1, without=("publicity",)))
    assert model.risks[0].visible is None
    assert "The scenario has no publicity, so this estimate counts for nothing." in [
        warning.message for warning in model.risks[0].warnings
    ]


@pytest.mark.parametrize("points", [(0.5, 0.2, 0.1), (0.1, 0.2, 1.5)])
def test_that_a_contradictory_range_in_the_file_is_refused_by_the_record_it_stands_in(points):
    with pytest.raises(ScoringError, match="Propensity by expert_estimate R-001/propensity/P-2"):
        scored(estimate(1, "propensity", (0.1, 0.2, 0.3)), estimate(2, "propensity", points))


def test_that_experts_without_any_weight_are_refused_by_name():
    with pytest.raises(ScoringError, match="Propensity of scenario R-001"):
        scored(estimate(1, "propensity", (0.1, 0.2, 0.3), 0.0))


def test_that_the_pool_does_not_depend_on_the_order_of_rows():
    rows = [estimate(1, "propensity", (0.01, 0.02, 0.05), 3.0), estimate(2, "propensity", (0.1, 0.2, 0.4))]
    _, first = scored(*rows)
    _, second = scored(*reversed(rows))
    assert first.risks[0].propensity == second.risks[0].propensity

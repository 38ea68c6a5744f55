"""Both sides of each mitigation, and whose credit collapses when misses coincide; every number worked out by hand."""

import math

import pytest

from launchpad.records import Surface
from launchpad.results.ledger import ledger, stress
from launchpad.scoring.model import build
from tests.builders import LAUNCH, certain, effect, grounds, inputs_of, mitigation, refusals, scenario, variant

# Scenario 1: 10 a day x 90 days x .1 = 90 violations; x .5 x .5 = 22.5 events x 2 harm = 45; nu = 90 x .01 = .9.
# Over-refusal scenario 2: 10 x 90 x .1 = 90 benign requests turned away, nu = .9, no harm.
# Impact 1; preventable 1, accident .5 once at least a fifth of the events is cut.


def built(*records, plan=None):
    return build(inputs_of([*grounds(), *records]), LAUNCH, plan)


def refusal_story(number):
    return scenario(number, risk_area=4, over_refusal=True, harm_units=certain(0.0))


def rows_of(found):
    return {row.variant: row for row in found}


def test_that_a_mitigation_shows_what_it_takes_from_harm_and_what_it_adds_to_refusals():
    model = built(*scenario(1), *refusal_story(2), *mitigation(1), effect(1, 1, 0.5), refusals(1, 0.2, latency_ms=30.0))
    (row,) = ledger(model)
    assert (row.mitigation, row.variant, row.on) == ("M-001", "M-001.std", False)
    assert row.technical == pytest.approx(22.5)
    assert row.harm_stories == pytest.approx(math.log(1.9) - math.log(1.45))
    # Of benign requests .1 + .9 x .2 = .28 are turned away: nu = 252 x .01 = 2.52.
    assert row.refusal_stories == pytest.approx(math.log(1.9) - math.log(3.52))
    assert row.reputational == pytest.approx(math.log(3.52 / 1.9) * -1 + math.log(1.9 / 1.45))
    assert row.latency_ms == 30.0
    assert row.false_refusal == pytest.approx(0.2)


def test_that_a_safeguard_with_no_harm_effect_has_nothing_on_its_good_side():
    model = built(*scenario(1), *refusal_story(2), *mitigation(1), refusals(1, 0.2))
    (row,) = ledger(model)
    assert (row.technical, row.harm_stories) == (0, 0)
    assert row.refusal_stories < 0
    assert row.reputational < 0


def test_that_cost_capability_and_alerts_stand_beside_the_rest():
    surface = Surface(id=70, code="S-1", launch=LAUNCH, name="Chat", kind="consumer", requests_per_day=1000.0)
    side = refusals(
        1,
        None,
        run_cost=500.0,
        capability=-2.0,
        capability_suite="MMLU",
        true_positive_rate=0.9,
        false_positive_rate=0.01,
    )
    model = built(surface, *scenario(1), *mitigation(1), effect(1, 1, 0.5, "detection"), side)
    (row,) = ledger(model)
    assert (row.cost, dict(row.capability)) == (500.0, {"MMLU": -2.0})
    (raised,) = row.alerts
    # 10 attempts of 1,000 requests: 10 x .9 + 990 x .01 = 18.9 alerts, 9 of them true.
    assert raised.per_day == pytest.approx(18.9)
    assert raised.precision == pytest.approx(9 / 18.9)


def test_that_a_variant_is_held_against_none_of_its_mitigation():
    pair = [*mitigation(1, standing="done"), variant(1, key=2, name="max")]
    model = built(*scenario(1), *pair, effect(1, 1, 0.5), effect(2, 1, 0.8))
    found = rows_of(ledger(model))
    assert found["M-001.std"].on
    assert not found["M-001.max"].on
    assert found["M-001.std"].technical == pytest.approx(22.5)
    assert found["M-001.max"].technical == pytest.approx(36.0)


def test_that_the_weaker_of_one_family_collapses_when_all_misses_coincide():
    pair = [*mitigation(1, "f", standing="done"), *mitigation(2, "f")]
    model = built(*scenario(1, without=("publicity",)), *pair, effect(1, 1, 0.8), effect(2, 1, 0.6))
    first, second = stress(model)
    # Today at beta .2 x 45 = 9. M-002: independent .2 -> .08, comonotone min(.2, .4) = .2: nothing.
    assert (first.variant, first.collapses, first.kept) == ("M-002.std", True, 0.0)
    assert first.technical["independent"] == pytest.approx(0.12 * 45)
    assert first.technical["comonotone"] == 0
    # Beta, one family: .5 x .08 + .5 x .2 = .14, of which between families nothing more is lost.
    assert first.technical["beta"] == pytest.approx(0.06 * 45)
    assert first.gains["independent"] == pytest.approx(model.weights[0] * 0.12 * 45 / 9)
    # M-001 stands alone today: its 36 are 36 under every overlap.
    assert (second.variant, second.collapses) == ("M-001.std", False)
    assert list(second.technical.values()) == pytest.approx([36.0] * 3)
    assert second.kept == pytest.approx(1)


def test_that_gains_never_grow_when_the_weaker_overlaps_more():
    pair = [*mitigation(1, "f", standing="done"), *mitigation(2, "f"), *mitigation(3)]
    model = built(*scenario(1), *pair, effect(1, 1, 0.8), effect(2, 1, 0.6), effect(3, 1, 0.5))
    row = rows_of(stress(model))["M-002.std"]
    assert row.gains["independent"] >= row.gains["beta"] >= row.gains["comonotone"]


def test_that_a_mitigation_without_a_gain_does_not_collapse():
    (row,) = stress(built(*scenario(1), *mitigation(1), effect(1, 1, 0.0)))
    assert (row.kept, row.collapses) == (None, False)


def test_that_the_share_below_which_credit_collapses_is_a_coefficient():
    from launchpad.records import Coefficient

    pair = [*mitigation(1, "f", standing="done"), *mitigation(2, "f")]
    effects = [effect(1, 1, 0.5), effect(2, 1, 0.8)]
    # M-002: independent .5 -> .1, a gain of .4; comonotone .5 -> .2, a gain of .3: three quarters are kept.
    assert not rows_of(stress(built(*scenario(1, without=("publicity",)), *pair, *effects)))["M-002.std"].collapses
    strict = Coefficient(id=60, code="collapse_share", name="Share", value=0.8, basis="A test.")
    found = rows_of(stress(built(strict, *scenario(1, without=("publicity",)), *pair, *effects)))["M-002.std"]
    assert found.kept == pytest.approx(0.75)
    assert found.collapses

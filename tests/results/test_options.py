"""Mitigations as options: amounts by hand, common random numbers, weight sets that say too little."""

import dataclasses

import numpy as np
import pytest

from launchpad.errors import ScoringError
from launchpad.records import Criterion, Effort, Team
from launchpad.results import compute
from launchpad.results.drawn_options import Drawing, drawn_gains
from launchpad.results.ledger import ledger
from launchpad.results.options import judged, options_of, weighed
from launchpad.results.tradeoffs import place_of
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import build
from tests.builders import (
    LAUNCH,
    PLAN,
    Estimate,
    certain,
    effect,
    grounds,
    inputs_of,
    mitigation,
    plan,
    refusals,
    scenario,
    variant,
)
from tests.results.weighed import criteria, weight_set

# Scenario 1: 10 a day x 90 days x .1 x .5 x .5 x 2 harm = 45.
EVERY = ("technical", "reputational", "false_refusal", "latency", "capability", "cost", "effort")
UNSURE = {"opportunities": Estimate(1.0, 10.0, 60.0, "assumed"), "propensity": Estimate(0.01, 0.1, 0.3, "assumed")}


def options(*records, chosen, measures=EVERY, plan_id=None, state="current"):
    inputs = inputs_of([*grounds(), *criteria(*measures), *records])
    model = build(inputs, LAUNCH, plan_id)
    places = {code: place_of(model, name) for code, name in chosen.items()}
    found = getattr(model, state)
    return model, judged(inputs, LAUNCH), options_of(model, inputs, judged(inputs, LAUNCH), found, places), found


def harmless_refusals(number):
    return scenario(number, risk_area=4, over_refusal=True, harm_units=certain(0.0), **UNSURE)


def test_that_each_side_of_an_option_is_what_was_worked_out():
    team = Team(id=30_001, code="T-1", name="Team")
    work = Effort(id=30_002, variant=301, team=30_001, days=certain(25.0))
    cost = refusals(1, 0.1, latency_ms=30.0, run_cost=200.0, capability=-2.0, capability_suite="reasoning")
    _, _, found, _ = options(
        *scenario(1), *mitigation(1), effect(1, 1, 0.5), cost, team, work, chosen={"M-001": "M-001.std"}
    )
    less, more = found.amounts[0]
    assert less.tolist() == pytest.approx([45.0, np.log1p(0.9), 0, 0, 0, 0, 0])
    assert more.tolist() == pytest.approx([22.5, np.log1p(0.45), 0.1, 30, 2, 200, 25])
    # ln(45 / 22.5) of ln(1000 / 1); then straight lines.
    assert found.gains[0].tolist() == pytest.approx(
        [np.log(2) / np.log(1000), (np.log1p(0.9) - np.log1p(0.45)) / 10, -0.2, -0.3, -0.2, -0.2, -0.25]
    )


def test_that_options_and_the_ledger_say_the_same_of_each_mitigation():
    records = [*scenario(1), *scenario(2, risk_area=4, over_refusal=True)]
    for number, standing in ((1, "in_place"), (2, None), (3, "in_place")):
        records += [*mitigation(number, family="filters", standing=standing), refusals(number, 0.02 * number)]
        records += [effect(number, 1, 0.2 * number)]
    chosen = {f"M-00{number}": f"M-00{number}.std" for number in (1, 2, 3)}
    model, _, found, state = options(*records, chosen=chosen)
    for row, amounts in zip(ledger(model, state), found.amounts, strict=True):
        taken = amounts[0] - amounts[1]
        assert taken[:2].tolist() == pytest.approx([row.technical, row.reputational])
        assert -taken[2] == pytest.approx(row.false_refusal)


def test_that_the_variant_that_is_on_stands_for_its_mitigation():
    other = variant(1, key=51, name="full")
    records = [*scenario(1), *mitigation(1), other, effect(1, 1, 0.2), effect(51, 1, 0.6), *plan(351)]
    _, _, found, _ = options(*records, chosen={"M-001": "M-001.std"}, plan_id=PLAN, state="planned")
    assert found.amounts[0, :, 0].tolist() == pytest.approx([45.0, 18.0])


@pytest.mark.parametrize("standing", [None, "in_place"])
def test_that_an_option_that_does_nothing_gains_exactly_nothing_in_every_draw(standing):
    records = [*scenario(1, **UNSURE), *harmless_refusals(2)]
    records += [*mitigation(1, standing="in_place", family="f"), effect(1, 1, Estimate(0.2, 0.5, 0.8, "assumed"))]
    records += [*mitigation(2, family="f", standing=standing), effect(2, 1, 0.0), refusals(2, None, latency_ms=0.0)]
    records += [*mitigation(3, standing=standing), refusals(1, 0.05)]
    chosen = {f"M-00{number}": f"M-00{number}.std" for number in (1, 2, 3)}
    measures = ("technical", "cvar95", "reputational", "false_refusal")
    model, judged_by, found, state = options(*records, chosen=chosen, measures=measures)
    filled, gains = drawn_gains(model, judged_by, found, state, Drawing(300, 1))
    assert gains.shape == (300, 3, 4)
    assert not gains[:, 1:].any()
    assert (gains[:, 0, 0] >= 0).all()
    assert gains[:, 0, 0].mean() > 0.03
    assert (gains[:, 0, 3] < 0).all()
    assert np.isfinite(filled.amounts).all()


def test_that_what_was_kept_gives_the_same_bits_and_what_changed_is_drawn_anew():
    def gains(efficacy, kept):
        records = [*scenario(1, **UNSURE), *harmless_refusals(2), *mitigation(1), effect(1, 1, efficacy)]
        records += [*mitigation(2), effect(2, 2, 0.4, stage="publicity"), refusals(2, 0.05)]
        chosen = {f"M-00{number}": f"M-00{number}.std" for number in (1, 2)}
        model, by, found, state = options(*records, chosen=chosen, measures=("technical", "cvar95", "reputational"))
        return drawn_gains(model, by, found, state, Drawing(200, 1, kept=kept))[1]

    kept = Kept()
    for efficacy in (0.5, 0.5, 0.7):
        assert np.array_equal(gains(efficacy, kept), gains(efficacy, None))


def test_that_draws_agree_with_means_and_the_tail_with_the_score():
    records = [*scenario(1, **UNSURE), *scenario(2, **UNSURE), *mitigation(1), effect(1, 1, 0.5)]
    inputs = inputs_of([*grounds(), *criteria("technical", "cvar95"), *records])
    results = compute(inputs, LAUNCH, draws=4000)
    by = judged(inputs, LAUNCH)
    found = options_of(results.model, inputs, by, results.model.current, {"M-001": 0})
    filled, _ = drawn_gains(results.model, by, found, results.model.current, Drawing(4000, results.seed))
    assert filled.amounts[0, 0, 1] == pytest.approx(results.totals["current"].cvar95, rel=1e-6)
    assert filled.amounts[0, 1, 1] < filled.amounts[0, 0, 1]


def test_that_a_safeguard_that_only_refuses_takes_nothing_and_adds_refusals_in_every_draw():
    records = [*scenario(1, **UNSURE), *harmless_refusals(2), *mitigation(1)]
    records += [refusals(1, None, false_refusal=Estimate(0.01, 0.05, 0.1, "assumed"))]
    model, by, found, state = options(*records, chosen={"M-001": "M-001.std"}, measures=("technical", "reputational"))
    _, gains = drawn_gains(model, by, found, state, Drawing(300, 1))
    assert (gains <= 0).all()
    assert (gains[:, 0, 1] < 0).all()


def test_that_weight_sets_that_say_too_little_are_named_and_the_others_used():
    rows = [*criteria("technical", "cost"), *weight_set([100, 25]), *weight_set([None, None], [1, 2], number=2)]
    rows += [*weight_set([100, None], number=3), *weight_set([0, 0], number=4)]
    inputs = inputs_of([*grounds(), *rows])
    usable, refused = weighed(inputs, LAUNCH, judged(inputs, LAUNCH))
    assert [(one.code, one.weights.tolist()) for one in usable] == [("W-1", [0.8, 0.2]), ("W-2", [0.75, 0.25])]
    assert "W-3" in refused[0]
    assert "C-2 (Named cost)" in refused[0]
    assert "W-4" in refused[1]
    assert "sum to 0" in refused[1]


def test_that_answers_compared_with_a_criterion_of_another_launch_are_passed_over():
    row, *given = weight_set([100, 25])
    given[0] = dataclasses.replace(given[0], compared_with=999, times=2.0)
    inputs = inputs_of([*grounds(), *criteria("technical", "cost"), row, *given])
    assert weighed(inputs, LAUNCH, judged(inputs, LAUNCH))[0][0].disagreements == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"worst": None}, "no anchors"), ({"worst": 5.0, "best": 5.0}, "same amount"), ({"between": "x"}, "no point")],
)
def test_that_a_criterion_whose_anchors_say_nothing_is_refused_by_name(fields, words):
    inputs = inputs_of([*grounds(), *criteria("cost", **fields)])
    with pytest.raises(ScoringError, match=words) as refused:
        judged(inputs, LAUNCH)
    assert "C-1 (Named cost)" in str(refused.value)
    assert isinstance(inputs.rows(Criterion)[0], Criterion)

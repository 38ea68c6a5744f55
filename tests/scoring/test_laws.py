"""What must hold whatever the numbers are."""

import dataclasses
import json
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import ScoringError
from launchpad.records import Estimate, Inputs, RiskArea
from launchpad.results import compute, score_json
from launchpad.scoring import coefficients as known
from launchpad.scoring.mitigations import misses, overlaps
from launchpad.scoring.model import build
from launchpad.scoring.residual import residual
from tests.builders import (
    LAUNCH,
    certain,
    effect,
    grounds,
    inputs_of,
    link,
    mitigation,
    refusals,
    result,
    scenario,
    tolerance,
)

CASES = overlaps(known.of(inputs_of([])))
EFFICACY = st.floats(0, 1)


@given(st.lists(st.tuples(EFFICACY, st.integers(0, 3)), min_size=1, max_size=8))
def test_that_independent_is_at_most_beta_and_beta_at_most_comonotone(effects):
    efficacy = np.array([each for each, _ in effects])
    family = np.array([each for _, each in effects])
    cell = np.zeros(len(effects), dtype=np.int64)
    independent, beta, comonotone = (misses(efficacy, cell, family, 1, CASES[name])[0] for name in CASES)
    assert independent <= beta <= comonotone


def test_that_the_three_overlaps_keep_their_order_in_ten_thousand_random_cases():
    rng = np.random.default_rng(5)
    efficacy = np.where(rng.random((6, 10_000)) < 0.2, rng.integers(0, 2, (6, 10_000)), rng.random((6, 10_000)))
    cell, family = np.zeros(6, dtype=np.int64), np.array([0, 0, 0, 1, 1, 2])
    independent, beta, comonotone = (misses(efficacy, cell, family, 1, CASES[name])[0] for name in CASES)
    assert bool(np.all((independent <= beta) & (beta <= comonotone)))


def test_that_the_overlaps_keep_their_order_over_all_stages_in_ten_thousand_random_scenarios():
    rng = np.random.default_rng(6)
    count = 10_000
    cell = np.sort(rng.integers(0, 5 * count, 6 * count))
    efficacy, family = rng.random(cell.size), rng.integers(0, 4, cell.size)
    independent, beta, comonotone = (
        np.prod(misses(efficacy, cell, family, 5 * count, CASES[name]).reshape(count, 5), axis=1) for name in CASES
    )
    assert bool(np.all((independent <= beta * (1 + 1e-12)) & (beta <= comonotone * (1 + 1e-12))))


def current(*records, draws=200, **fields):
    inputs = inputs_of([*grounds(), *scenario(1, **fields), *records])
    return compute(inputs, LAUNCH, draws=draws)


def story(*records, **fields):
    found = current(*records, draws=0, **fields).scenarios[0].reputational
    assert found is not None
    return found.mean


@given(st.lists(EFFICACY, min_size=1, max_size=4), EFFICACY)
def test_that_another_mitigation_never_raises_the_technical_residual(efficacies, one_more):
    def technical(values):
        records = [
            record
            for number, value in enumerate(values, start=1)
            for record in (*mitigation(number, family="f", standing="done"), effect(number, 1, value))
        ]
        model = build(inputs_of([*grounds(), *scenario(1), *records]), LAUNCH)
        return {name: residual(model, model.current, case).technical[0] for name, case in CASES.items()}

    fewer, more = technical(efficacies), technical([*efficacies, one_more])
    for name in CASES:
        assert more[name] <= fewer[name] * (1 + 1e-9)


POINTS = st.lists(st.floats(1e-4, 0.9), min_size=3, max_size=3).map(sorted)
NUMBERS = {"opportunities": Estimate(2.0, 20.0, 300.0), "visible": Estimate(1e-4, 1e-3, 2e-2)}
STAGE = st.sampled_from(["exposure", "propensity", "detection", "severity", "publicity"])


@given(POINTS, POINTS, STAGE)
def test_that_disclosing_or_cutting_by_any_measure_never_raises_reputational_risk(likely, stopped, stage):
    known = {**NUMBERS, "propensity": Estimate(*likely)}
    plain = story(**known)
    assert story(**known, disclosed=True) <= plain
    safeguard = [*mitigation(1, standing="done"), effect(1, 1, Estimate(*stopped), stage=stage)]
    assert story(*safeguard, **known) <= plain
    assert story(*safeguard, **known, disclosed=True) <= plain


@given(POINTS, STAGE)
def test_that_what_has_no_effect_or_is_not_on_changes_nothing(likely, stage):
    known = {**NUMBERS, "propensity": Estimate(*likely)}
    plain = current(draws=0, **known)
    for standing, efficacy in (("done", 0.0), ("idea", 0.9), ("planned", 0.9), ("dropped", 0.9)):
        found = current(*mitigation(1, standing=standing), effect(1, 1, efficacy, stage=stage), draws=0, **known)
        assert found.scenarios == plain.scenarios


@given(POINTS)
def test_that_no_false_refusal_of_any_size_improves_reputation_or_lowers_a_loss(refused):
    topic = scenario(2, over_refusal=True, risk_area=4, **NUMBERS)
    safeguard = refusals(1, 0.0, false_refusal=Estimate(*refused))
    totals = [
        current(*topic, *mitigation(1, standing=standing), safeguard, draws=0, **NUMBERS).totals["current"]
        for standing in ("idea", "done")
    ]
    assert totals[0] is not None
    assert totals[1] is not None
    assert totals[1].reputational > totals[0].reputational
    assert totals[1].technical >= totals[0].technical


def test_that_an_untested_area_does_not_rank_first_by_ignorance_alone():
    tested = [result(1, 60, 300), link(1, 2)]
    found = current(*scenario(2, propensity=None), *tested, propensity=None)
    untested, measured = found.scenarios
    assert untested.propensity.origin == "default"
    assert untested.propensity.mean < measured.propensity.mean
    assert untested.rank is not None
    assert untested.rank.rank == 2


@pytest.mark.parametrize("share", [0.001, 0.05, 0.5])
def test_that_a_safeguard_without_harm_effect_and_some_false_refusal_never_improves_reputation(share):
    without = current(*scenario(2, over_refusal=True, risk_area=4), *mitigation(1, standing="idea"), refusals(1, share))
    having = current(*scenario(2, over_refusal=True, risk_area=4), *mitigation(1, standing="done"), refusals(1, share))
    before, after = without.totals["current"], having.totals["current"]
    assert before is not None
    assert after is not None
    assert after.reputational > before.reputational
    assert after.technical >= before.technical


def test_that_a_safeguard_that_was_on_in_the_evidence_earns_nothing_twice():
    safeguard = [
        *mitigation(1, standing="in_place"),
        effect(1, 1, 0.8),
        result(1, 30, 300, in_place="M-001.std"),
        link(1, 1),
    ]
    row = current(*safeguard, propensity=None).scenarios[0]
    states = row.states
    assert states["current"] is not None
    assert states["inherent"] is not None
    plain = current(result(1, 30, 300), link(1, 1), propensity=None).scenarios[0].states["current"]
    assert plain is not None
    assert states["current"].beta == pytest.approx(plain.beta)
    assert states["inherent"].beta == pytest.approx(plain.beta / 0.2)


def test_that_unknown_counts_as_on_with_a_warning():
    safeguard = [
        *mitigation(1, standing="in_place"),
        effect(1, 1, 0.8),
        result(1, 30, 300, in_place="unknown"),
        link(1, 1),
    ]
    found = current(*safeguard, propensity=None)
    plain = current(result(1, 30, 300), link(1, 1), propensity=None).scenarios[0].states["current"]
    now = found.scenarios[0].states["current"]
    assert now is not None
    assert plain is not None
    assert now.beta == pytest.approx(plain.beta)
    assert any("in_place" in warning.field for warning in found.warnings)


def test_that_a_result_of_unknown_direction_informs_nothing_and_is_named():
    unknown = [row for row in grounds() if row.table != "evaluation"]
    evaluation = next(row for row in grounds() if row.table == "evaluation")
    asked = dataclasses.replace(evaluation, polarity="unknown")  # pyright: ignore[reportCallIssue] - an Evaluation
    inputs = inputs_of([*unknown, asked, *scenario(1), result(1, 30, 300), link(1, 1)])
    found = compute(inputs, LAUNCH, draws=200)
    assert found.scenarios[0].propensity.origin == "estimate"
    assert any("EV-1" in warning.record or "E-0001" in warning.record for warning in found.warnings)


def test_that_a_group_never_counts_beside_its_total():
    both = [
        result(1, 14, 300, run_id="same"),
        link(1, 1),
        result(2, 4, 100, run_id="same", part="fraud"),
        link(2, 1),
    ]
    assert current(*both, propensity=None).scenarios[0].propensity.n in (100, 300)


def full():
    records = [*grounds(), *scenario(1), *scenario(2, opportunities=certain(40.0), risk_area=5), *scenario(3)]
    for number in (1, 2, 3):
        records += [*mitigation(number, family="f", standing="done" if number == 1 else "idea"), effect(number, 1, 0.5)]
    return [*records, result(1, 14, 300), link(1, 2), result(2, 9, 80), link(2, 3)]


def test_that_the_same_inputs_and_seed_give_the_same_bytes_whatever_the_order_of_rows():
    records = full()
    first = json.dumps(score_json(inputs_of(records), compute(inputs_of(records), LAUNCH, draws=500)))
    again = json.dumps(score_json(inputs_of(records), compute(inputs_of(records), LAUNCH, draws=500)))
    mixed = records[:]
    random.Random(4).shuffle(mixed)
    shuffled = json.dumps(score_json(inputs_of(mixed), compute(inputs_of(mixed), LAUNCH, draws=500)))
    assert first == again == shuffled


def test_that_another_record_changes_no_draw_of_the_others():
    fewer = compute(inputs_of(full()), LAUNCH, draws=500)
    more = compute(inputs_of([*full(), *scenario(9)]), LAUNCH, draws=500)
    for row in fewer.scenarios:
        other = next(found for found in more.scenarios if found.code == row.code)
        assert other.technical == row.technical


def test_that_another_seed_changes_draws_and_no_mean():
    one, two = (compute(inputs_of(full()), LAUNCH, draws=500, seed=seed) for seed in (1, 2))
    assert one.scenarios[0].states == two.scenarios[0].states
    first, second = one.totals["current"], two.totals["current"]
    assert first is not None
    assert second is not None
    assert first.var95 != second.var95


def test_that_a_catastrophic_scenario_enters_no_sum():
    without, having = current(), current(*scenario(2, catastrophic=True))
    assert without.totals["current"] is not None
    assert having.totals["current"] is not None
    assert having.totals["current"].technical == without.totals["current"].technical
    assert next(row for row in having.scenarios if row.code == "R-002").rank is None


def test_that_doubling_every_loss_and_limit_changes_no_rank_and_no_chance():
    def scored(scale):
        uncertain = {"opportunities": Estimate(5.0, 20.0, 80.0), "propensity": Estimate(0.05, 0.1, 0.2)}
        harms = (Estimate(2.0 * scale, 10.0 * scale, 50.0 * scale), certain(12.0 * scale), certain(3.0 * scale))
        rows = [row for place, harm in enumerate(harms, 1) for row in scenario(place, **uncertain, harm_units=harm)]
        return compute(inputs_of([*grounds(), *rows, tolerance("technical", 900.0 * scale)]), LAUNCH, draws=500)

    one, two = scored(1.0), scored(2.0)
    assert [row.rank for row in one.scenarios] == [row.rank for row in two.scenarios]
    first, second = one.totals["current"], two.totals["current"]
    assert first is not None
    assert second is not None
    assert second.p_exceeds == pytest.approx(first.p_exceeds)
    assert first.var95 is not None
    assert second.var95 == pytest.approx(2 * first.var95)


def finite(value: object) -> bool:
    if isinstance(value, dict):
        return all(finite(each) for each in value.values())
    if isinstance(value, list):
        return all(finite(each) for each in value)
    return not isinstance(value, float) or math.isfinite(value)


@pytest.mark.parametrize(
    "records",
    [
        [],
        [result(1, 0, 0), link(1, 1)],
        [result(1, 50, 50), link(1, 1)],
        [result(1, 0, 50), link(1, 1)],
        [result(1, None, None, value=None), link(1, 1)],
        [*mitigation(1, standing="done"), effect(1, 1, 1.0)],
        [*mitigation(1, standing="done"), effect(1, 1, -0.5)],
        [*mitigation(1, standing="done"), effect(1, 1, 1.0, stage="exposure"), refusals(1, 1.0)],
        [*scenario(2, opportunities=certain(0.0)), *scenario(3, start_day=400), *scenario(4, visible=certain(0.0))],
        [*scenario(2, over_refusal=True, propensity=certain(1.0)), *mitigation(1, standing="done"), refusals(1, 1.0)],
        scenario(2, opportunities=Estimate(1e11, 1e12, 1e13), harm_units=Estimate(1e-9, 1e3, 1e9)),
        scenario(2, opportunities=Estimate(1e-12, 1e-9, 1e-6), propensity=Estimate(0.0, 0.0, 1e-9)),
        [RiskArea(id=7, code="A-9", name="Own ancestor", release=2, parent=7), *scenario(2, risk_area=7)],
    ],
)
def test_that_odd_inputs_never_give_a_number_that_is_none(records):
    inputs = inputs_of([*grounds(), *scenario(1), *records])
    answer = score_json(inputs, compute(inputs, LAUNCH, draws=200))
    assert finite(answer)
    json.dumps(answer, allow_nan=False)


def test_that_a_launch_without_scenarios_is_scored_as_nothing():
    found = compute(inputs_of(grounds()), LAUNCH, draws=200)
    assert found.scenarios == ()
    assert isinstance(inputs_of(grounds()), Inputs)
    assert finite(score_json(inputs_of(grounds()), found))


def test_that_five_thousand_scenarios_are_scored_and_the_one_that_cannot_be_is_named():
    rows = [row for number in range(1, 5001) for row in scenario(number, without=["publicity"])]
    found = compute(inputs_of([*grounds(), *rows]), LAUNCH, draws=0)
    assert len(found.scenarios) == 5000
    assert finite(score_json(inputs_of(grounds()), found))
    broken = scenario(5001, opportunities=Estimate(3.0, 2.0, 1.0))
    with pytest.raises(ScoringError, match="exposure R-5001 is 3, 2, 1"):
        compute(inputs_of([*grounds(), *rows, *broken]), LAUNCH, draws=0)

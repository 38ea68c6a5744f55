"""What is on, what is verified, who is blamed, and what it costs those who meant no harm."""

import numpy as np
import pytest

from launchpad.records import Estimate, Surface
from launchpad.results import compute
from launchpad.scoring.model import State, build
from launchpad.scoring.residual import attributions, base_refusal, residual
from launchpad.scoring.side_effects import burden
from tests.builders import (
    EVALUATION,
    LAUNCH,
    PLAN,
    certain,
    effect,
    grounds,
    inputs_of,
    link,
    mitigation,
    plan,
    refusals,
    result,
    scenario,
    tolerance,
    variant,
)


def model_of(*records, planned=False, **fields):
    return build(inputs_of([*grounds(), *scenario(1, **fields), *records]), LAUNCH, PLAN if planned else None)


def left(model, state):
    return residual(model, state).technical[0]


def share(model, state="current"):
    return left(model, getattr(model, state)) / left(model, model.inherent)


# discounts and verification


@pytest.mark.parametrize(
    ("level", "credit"),
    [("assumed", 0.4), ("vendor", 0.6), ("internal_test", 0.8), ("red_team", 0.95), ("independent", 1)],
)
def test_that_efficacy_is_credited_by_how_it_is_known(level, credit):
    model = model_of(*mitigation(1, standing="done"), effect(1, 1, 0.5, evidence_level=level))
    assert share(model) == pytest.approx(1 - 0.5 * credit)


def test_that_an_unverified_variant_keeps_the_credit_of_assumed_until_its_evaluation_is_done_or_planned():
    waiting = [*mitigation(1, standing="done", verified_by=EVALUATION), effect(1, 1, 0.5)]
    assert share(model_of(*waiting)) == pytest.approx(1 - 0.5 * 0.4)
    done = [result(1, 0, 100), link(1, 1, role="efficacy", scenario=None, effect=5111)]
    assert share(model_of(*waiting, *done)) == pytest.approx(0.5)
    cut_short = [result(1, 0, 100, status="cancelled"), done[1]]
    assert share(model_of(*waiting, *cut_short)) == pytest.approx(1 - 0.5 * 0.4)
    model = model_of(*waiting, *plan(evaluations=[EVALUATION]), planned=True)
    assert (share(model), share(model, "planned")) == pytest.approx((1 - 0.5 * 0.4, 0.5))


def test_that_verifying_what_was_on_in_the_evidence_earns_nothing_twice():
    on = [*mitigation(1, standing="in_place", verified_by=EVALUATION), effect(1, 1, 0.5)]
    seen = [result(1, 30, 300, in_place="M-001.std"), link(1, 1)]
    model = model_of(*on, *seen, *plan(evaluations=[EVALUATION]), planned=True)
    assert model.planned is not None
    assert left(model, model.planned) == left(model, model.current)


# plans


def test_that_a_planned_variant_replaces_the_one_that_is_on_and_earns_only_the_ratio():
    better = variant(1, key=11, name="full")
    effects = [effect(1, 1, 0.5), effect(11, 1, 0.8)]
    seen = [result(1, 30, 300, in_place="M-001.std"), link(1, 1)]
    model = model_of(*mitigation(1, standing="in_place"), better, *effects, *seen, *plan(311), planned=True)
    assert model.planned is not None
    assert [model.variants[place].code for place in np.flatnonzero(model.planned.active)] == ["M-001.full"]
    assert left(model, model.planned) == pytest.approx(left(model, model.current) * 0.2 / 0.5)


def test_that_an_evidence_safeguard_at_another_stage_keeps_full_credit():
    on = [*mitigation(1, standing="in_place"), effect(1, 1, 0.5, stage="exposure")]
    model = model_of(*on, result(1, 30, 300, in_place="M-001.std"), link(1, 1))
    assert share(model) == pytest.approx(0.5)


def test_that_dropping_what_was_on_in_the_evidence_makes_things_worse():
    off = [*mitigation(1, standing="dropped"), effect(1, 1, 0.5)]
    model = model_of(*off, result(1, 30, 300, in_place="M-001.std"), link(1, 1), propensity=None)
    assert residual(model, model.current).rate[0] == pytest.approx(2 * model.theta[0])


def test_that_without_a_plan_there_is_no_planned_state():
    found = compute(inputs_of([*grounds(), *scenario(1)]), LAUNCH, draws=100)
    assert found.totals["planned"] is None
    assert found.scenarios[0].states["planned"] is None


def test_that_effects_below_zero_multiply_outside_the_families_in_all_three():
    worse = [
        *mitigation(1, family="f", standing="done"),
        effect(1, 1, -0.5),
        *mitigation(2, family="f", standing="done"),
        effect(2, 1, 0.5),
    ]
    found = compute(inputs_of([*grounds(), *scenario(1), *worse]), LAUNCH, draws=100).scenarios[0]
    now, before = found.states["current"], found.states["inherent"]
    assert now is not None
    assert before is not None
    assert (now.independent, now.beta, now.comonotone) == pytest.approx((before.beta * 1.5 * 0.5,) * 3)


# who is blamed


def blamed(*records, state="current", planned=False, **fields):
    model = model_of(*records, planned=planned, **fields)
    return attributions(model, getattr(model, state))[0]


@pytest.mark.parametrize(
    ("efficacy", "expected"), [(0.0, "preventable"), (0.19, "preventable"), (0.21, "accident"), (0.9, "accident")]
)
def test_that_a_known_risk_is_preventable_until_a_fifth_of_it_is_cut(efficacy, expected):
    assert blamed(*mitigation(1, standing="done"), effect(1, 1, efficacy)) == expected


def test_that_an_idea_or_an_ineffective_measure_changes_no_blame():
    assert blamed(*mitigation(1, standing="idea"), effect(1, 1, 0.9)) == "preventable"


def test_that_a_disclosed_risk_is_an_accident():
    assert blamed(disclosed=True) == "accident"


def test_that_victim_needs_a_reason():
    assert blamed(attribution="victim") == "preventable"
    assert blamed(attribution="victim", attribution_reason="A supplier was broken into.") == "victim"


def test_that_only_what_finishes_by_the_freeze_changes_the_blame():
    acted = [*mitigation(1, standing="idea"), effect(1, 1, 0.9)]
    assert blamed(*acted, *plan(301), state="planned", planned=True) == "accident"
    assert blamed(*acted, *plan(301, finish="2027-01-30"), state="planned", planned=True) == "preventable"


def test_that_disclosing_or_cutting_never_raises_reputational_risk():
    def story(*records, **fields):
        row = compute(inputs_of([*grounds(), *scenario(1, **fields), *records]), LAUNCH, draws=500).scenarios[0]
        assert row.reputational is not None
        return row.reputational.mean

    plain = story()
    assert story(disclosed=True) <= plain
    assert story(*mitigation(1, standing="done"), effect(1, 1, 0.5)) < plain
    assert story(*mitigation(1, standing="done"), effect(1, 1, 0.5, stage="publicity")) < plain
    assert story(*mitigation(1, standing="done"), effect(1, 1, 0.5, stage="severity")) == plain


def test_that_impact_is_the_product_of_what_is_known_about_the_story():
    model = model_of(
        reach=10_000.0, salience=2.0, history=0.5, prior_negative=0.25, promise_gap=0.5, response_readiness=0.2
    )
    assert model.impact[0] == pytest.approx(100 * 2 * 1.75 * 1.5 * 0.8)


# side effects


def surfaces():
    return [
        Surface(id=50, code="S-1", launch=LAUNCH, name="App", kind="consumer", requests_per_day=1000.0),
        Surface(id=51, code="S-2", launch=LAUNCH, name="API", kind="api", requests_per_day=10_000.0),
    ]


def cost(model):
    return burden(model.side, model.current.active, base_refusal(model, model.current))


def test_that_side_effects_add_up_and_the_worst_surface_is_shown():
    model = model_of(
        *surfaces(),
        *mitigation(1, standing="done"),
        refusals(1, 0.01, latency_ms=30.0, run_cost=100.0, capability=-1.5, capability_suite="MMLU"),
        refusals(1, 0.05, id=6500, surface=51, latency_ms=10.0),
        *mitigation(2, standing="done"),
        refusals(2, 0.02, latency_ms=25.0, run_cost=50.0, capability=0.5, capability_suite="MMLU"),
        *mitigation(3, standing="idea"),
        refusals(3, 0.9, latency_ms=900.0, run_cost=9000.0),
    )
    found = cost(model)
    assert found.refused == pytest.approx([1 - 0.99 * 0.98, 1 - 0.95 * 0.98])
    assert found.over_refusal == pytest.approx(1 - 0.95 * 0.98)
    assert (found.latency_ms, found.cost) == (55.0, 150.0)
    assert found.capability == {"MMLU": -1.0}


def test_that_the_share_a_model_refuses_itself_counts_by_its_share_of_the_traffic():
    topic = {
        "over_refusal": True,
        "risk_area": 4,
        "surface": 50,
        "opportunities": certain(100.0),
        "propensity": certain(0.2),
    }
    model = model_of(*surfaces(), *mitigation(1, standing="done"), refusals(1, 0.01), **topic)
    assert base_refusal(model, model.current) == pytest.approx([100 * 0.2 / 1000, 0.0])
    assert cost(model).refused == pytest.approx([1 - 0.98 * 0.99, 0.01])


def test_that_false_refusals_raise_the_rate_of_an_over_refusal_scenario_alone():
    safeguard = [*mitigation(1, standing="done"), refusals(1, 0.1)]
    harmless = model_of(*safeguard, over_refusal=True, risk_area=4)
    assert residual(harmless, harmless.current).rate[0] == pytest.approx(1 - 0.9 * 0.9)
    harmful = model_of(*safeguard)
    assert residual(harmful, harmful.current).rate[0] == pytest.approx(0.1)


def test_that_false_refusals_that_were_on_in_the_evidence_count_once():
    on = [*mitigation(1, standing="in_place"), refusals(1, 0.1), result(1, 30, 300, in_place="M-001.std"), link(1, 1)]
    model = model_of(*on, over_refusal=True, risk_area=4, propensity=None)
    assert residual(model, model.current).rate[0] == pytest.approx(model.theta[0])
    assert residual(model, model.inherent).rate[0] == pytest.approx(1 - (1 - model.theta[0]) / 0.9)


def test_that_tolerances_are_held_against_what_they_limit():
    limits = [
        tolerance(measure, limit, id=9100 + place, code=f"TOL-{place}")
        for place, (measure, limit) in enumerate(
            [("technical", 1.0), ("false_refusal", 0.05), ("latency", 10.0), ("capability", 1.0), ("cost", 500.0)]
        )
    ]
    costly = [
        *mitigation(1, standing="done"),
        refusals(1, 0.02, latency_ms=30.0, run_cost=100.0, capability=-1.5, capability_suite="MMLU"),
    ]
    found = compute(inputs_of([*grounds(), *scenario(1), *costly, *limits]), LAUNCH, draws=200)
    assert [row.within for row in found.tolerances] == [False, True, False, False, True]
    assert found.tolerances[3].current == 1.5


def test_that_monitors_say_what_they_would_raise():
    watched = scenario(1, surface=50, opportunities=certain(10.0))
    monitor = [
        *mitigation(1),
        effect(1, 1, 0.5, stage="detection"),
        refusals(1, None, true_positive_rate=0.9, false_positive_rate=0.01),
    ]
    found = compute(inputs_of([*grounds(), *surfaces(), *watched, *monitor]), LAUNCH, draws=100)
    alert = next(row for row in found.alerts if row.surface == "S-1")
    assert alert.per_day == pytest.approx(10 * 0.9 + 990 * 0.01)
    assert alert.precision == pytest.approx(9 / 18.9)


def test_that_a_state_given_by_hand_is_scored_like_any_other():
    model = model_of(*mitigation(1, standing="idea"), effect(1, 1, 0.5))
    active = np.ones(1, dtype=np.bool_)
    assert left(model, State("with it", active, model.current.verified)) == pytest.approx(
        left(model, model.current) / 2
    )


def test_that_an_assumed_share_counts_assumed_factors():
    stated = Estimate(1.0, 10.0, 100.0, "elicited")
    half = {"opportunities": stated, "propensity": certain(0.1, "elicited"), "harm_units": stated}
    row = compute(inputs_of([*grounds(), *scenario(1, **half)]), LAUNCH, draws=100).scenarios[0]
    assert row.assumed_share == pytest.approx(2 / 5)
    used = [*mitigation(1, standing="done"), effect(1, 1, 0.5, evidence_level="assumed")]
    more = compute(inputs_of([*grounds(), *scenario(1, **half), *used]), LAUNCH, draws=100)
    assert more.scenarios[0].assumed_share == pytest.approx(3 / 6)
    assert more.assumed_share == pytest.approx(3 / 6)


def test_that_the_assumptions_that_matter_most_are_named_widest_first():
    loose = {"opportunities": Estimate(1.0, 10.0, 100.0), "harm_units": Estimate(1.0, 2.0, 4.0)}
    found = compute(inputs_of([*grounds(), *scenario(1, **loose)]), LAUNCH, draws=100).assumptions
    assert len(found) == 5
    assert (found[0].record, found[0].field) == ("exposure R-001", "opportunities")
    assert [row.swing for row in found] == sorted((row.swing for row in found), reverse=True)


def test_that_a_variant_of_another_mitigation_is_left_alone_by_a_plan():
    rows = [*mitigation(1, standing="in_place"), *mitigation(2), *plan(302)]
    model = model_of(*rows, planned=True)
    assert model.planned is not None
    assert model.planned.active.all()

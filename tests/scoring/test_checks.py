import dataclasses
import json

import pytest

from launchpad.errors import ScoringError
from launchpad.records import Coefficient, Dependency, Estimate, Evaluation, Launch, RiskArea, WeightSet
from launchpad.results import check, compute
from launchpad.scoring import coefficients
from launchpad.scoring.checks import on_cycles
from launchpad.scoring.coefficients import bundled, default_propensity, severity_scale
from launchpad.scoring.identity import plan_hash, score_hash
from tests.builders import (
    EVALUATION,
    LAUNCH,
    PLAN,
    certain,
    effect,
    gate,
    grounds,
    inputs_of,
    launch,
    link,
    mitigation,
    plan,
    renumbered,
    result,
    scenario,
    tolerance,
    variant,
)


def told(*records, **fields):
    return [(row.record, row.field) for row in check(inputs_of([*grounds(), *scenario(1, **fields), *records]))]


def with_launch(**fields):
    rest = [row for row in grounds() if row.table != "launch"]
    return inputs_of([launch(**fields), *rest, *scenario(1)])


def test_that_a_sound_launch_has_nothing_to_say():
    assert told(result(1, 14, 300), link(1, 1), tolerance("technical", 100.0)) == []


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (RiskArea(id=3, code="A-1", name="Fraud", release=2, parent=3), ("risk_area A-1", "parent")),
        (RiskArea(id=3, code="A-1", name="Fraud", release=2, replaced_by=3), ("risk_area A-1", "replaced_by")),
        (launch(baseline=LAUNCH), ("launch L-1", "baseline")),
        (launch(freeze_date="2027-03-01"), ("launch L-1", "freeze_date")),
        (launch(as_of="2027-03-01"), ("launch L-1", "as_of")),
    ],
)
def test_that_cycles_and_dates_out_of_order_are_named(record, said):
    rest = [row for row in grounds() if row.id != record.id]
    assert said in [(row.record, row.field) for row in check(inputs_of([record, *rest, *scenario(1)]))]


def test_that_a_circle_of_dependencies_names_everything_on_it():
    needs = [Dependency(id=9400 + a, mitigation=200 + a, needs=200 + b) for a, b in ((1, 2), (2, 1), (3, 1))]
    found = told(*mitigation(1), *mitigation(2), *mitigation(3), *needs)
    assert ("mitigation M-001", "needs") in found
    assert ("mitigation M-002", "needs") in found
    assert ("mitigation M-003", "needs") not in found


def test_that_only_nodes_on_a_cycle_are_found():
    assert on_cycles({1: [2], 2: [3], 3: [1], 4: [1], 5: [5], 6: [7], 7: []}) == {1, 2, 3, 5}
    assert on_cycles({n: [n + 1] for n in range(5000)}) == set()


def test_that_two_rows_of_one_code_are_named():
    assert ("scenario R-001", "code") in told(dataclasses.replace(scenario(1)[0], id=199))


def test_that_points_out_of_order_are_named_and_refused():
    broken = {"opportunities": Estimate(5.0, 2.0, 9.0)}
    assert ("exposure R-001", "opportunities") in told(**broken)
    with pytest.raises(ScoringError, match="Opportunities of exposure R-001"):
        compute(inputs_of([*grounds(), *scenario(1, **broken)]), LAUNCH)


@pytest.mark.parametrize(
    ("part", "field"), [("exposure", "exposure"), ("severity", "severity"), ("publicity", "publicity")]
)
def test_that_a_missing_row_of_a_scenario_is_named(part, field):
    assert ("scenario R-001", field) in told(without=[part])


def test_that_evidence_without_direction_or_link_is_named():
    rest = [row for row in grounds() if row.table != "evaluation"]
    asked = Evaluation(id=EVALUATION, code="EV-1", name="Fraud", polarity="unknown")
    found = check(inputs_of([*rest, asked, *scenario(1), result(1, 3, 10)]))
    assert ("evaluation EV-1", "polarity") in [(row.record, row.field) for row in found]
    assert any("linked to nothing" in row.message for row in found)


def test_that_limits_that_are_missing_are_named():
    assert ("launch L-1", "") in told()
    assert ("scenario R-001", "catastrophic") in told(catastrophic=True)
    assert ("scenario R-001", "catastrophic") not in told(tolerance("events", 1.0, scenario=101), catastrophic=True)


def test_that_a_gate_about_nothing_is_named():
    assert ("gate G-1", "scenario") in told(gate("rate", 0.1, scenario=None))


def test_that_no_exposure_over_the_horizon_is_named():
    assert ("scenario R-001", "exposure") in told(start_day=200)
    assert ("scenario R-001", "exposure") in told(opportunities=certain(0.0))


def test_that_publicity_without_its_reason_is_named():
    assert ("publicity R-001", "attribution_reason") in told(attribution="victim")
    assert ("publicity R-001", "disclosure") in told(disclosed=True)


def test_that_two_variants_of_one_mitigation_in_place_are_named():
    second = [
        variant(1, key=11, name="full"),
        dataclasses.replace(mitigation(1, standing="done")[-1], id=499, variant=311),
    ]
    assert ("mitigation M-001", "") in told(*mitigation(1, standing="done"), *second)


def test_that_a_default_an_upper_bound_and_old_evidence_are_told():
    assert ("scenario R-001", "propensity") in told(propensity=None)
    assert ("scenario R-001", "propensity") in told(result(1, 1, 9, run_date="2026-01-01"), link(1, 1))
    assert ("scenario R-001", "actor") in told(unit="campaign")


def test_that_evidence_outweighed_by_the_estimate_is_told():
    limit = tolerance("technical", 100.0)
    said = ("scenario R-001", "propensity")
    assert said in told(result(1, 1, 5), link(1, 1), limit)
    assert said not in told(result(1, 1, 50), link(1, 1), limit)
    assert said not in told(result(1, 1, 5), link(1, 1), limit, propensity=None)


def test_that_a_risk_without_safeguards_worked_back_from_evidence_is_marked_reconstructed():
    on = [*mitigation(1, standing="in_place"), effect(1, 1, 0.8), link(1, 1)]
    found = check(inputs_of([*grounds(), *scenario(1), *on, result(1, 14, 300, in_place="M-001.std")]))
    assert [row.message for row in found if row.field == "inherent"] == [
        "Its evidence was taken with M-001.std on: what it was without is reconstructed, not measured."
    ]
    assert ("scenario R-001", "inherent") not in told(*on, result(1, 14, 300, in_place="none"))


def test_that_weights_that_do_not_exist_or_sum_to_nothing_are_told_and_refused():
    assert any("W-9" in row.message for row in check(with_launch(weight_set="W-9")))
    none = WeightSet(id=9500, code="W-1", launch=LAUNCH, name="None", technical=0.0, reputational=0.0)
    rest = [row for row in grounds() if row.table != "launch"]
    inputs = inputs_of([launch(weight_set="W-1"), *rest, *scenario(1), none])
    assert any("W-1" in row.message for row in check(inputs))
    with pytest.raises(ScoringError, match="weight set W-1"):
        compute(inputs, LAUNCH)


def test_that_a_plan_made_on_other_inputs_is_told():
    rest = [row for row in grounds() if row.table != "launch"]
    rows = [launch(current_plan="P-1"), *rest, *scenario(1), *mitigation(1), *plan(301)]

    def told_of(made_on):
        changed = [dataclasses.replace(row, input_hash=made_on) if row.id == PLAN else row for row in rows]  # pyright: ignore[reportCallIssue]
        return [(row.record, row.field) for row in check(inputs_of(changed))]

    assert ("plan P-1", "input_hash") in told_of("something else")
    assert ("plan P-1", "input_hash") not in told_of(plan_hash(inputs_of(rows), LAUNCH))


# coefficients and scales


def test_that_every_bundled_number_states_its_basis():
    assert all(row.basis for row in bundled().values())
    assert all(row.low <= row.value <= row.high for row in bundled().values())
    assert sorted(severity_scale()) == [1, 2, 3, 4, 5]
    assert all(level.source and level.meaning for level in severity_scale().values())
    assert set(default_propensity()) == {
        (kind, level) for kind in ("tracked", "policy", "quality") for level in range(1, 6)
    }


def test_that_the_defaults_are_those_of_the_model():
    found = coefficients.of(inputs_of([]))
    assert (found.half_life_days, found.icc) == (90, 0.3)
    assert (found.prior_cap_assumed, found.prior_cap_elicited) == (20, 50)
    assert (found.elicitation_partial, found.elicitation_weak, found.elicitation_sd) == (0.5, 1, 0.5)
    assert (found.overlap_family, found.overlap_between, found.shared_factor) == (0.5, 0.1, 0.5)
    assert [found.nearness(name) for name in ("same", "near", "different")] == [1, 0.5, 0.25]
    levels = ("assumed", "vendor", "internal_test", "red_team", "independent")
    assert [found.discount(level) for level in levels] == [0.4, 0.6, 0.8, 0.95, 1]
    assert (found.attribution_threshold, found.weight_technical, found.weight_reputational) == (0.2, 0.7, 0.3)


def test_that_a_coefficient_out_of_range_is_refused_and_an_unknown_one_told():
    inputs = inputs_of([Coefficient(id=1, code="icc", name="ICC", value=1.5)])
    with pytest.raises(ScoringError, match=r"icc is 1\.5"):
        coefficients.of(inputs)
    assert ("coefficient magic", "code") in told(Coefficient(id=9600, code="magic", name="Magic", value=1.0))


# identity


def test_that_the_hash_follows_values_and_never_ids_order_or_the_choice_of_a_plan():
    rows = [*grounds(), *scenario(1), *mitigation(1), effect(1, 1, 0.5), result(1, 14, 300), link(1, 1)]
    first = score_hash(inputs_of(rows), LAUNCH)
    moved, fresh = renumbered(rows)
    assert score_hash(inputs_of(reversed(moved)), fresh[LAUNCH]) == first
    chosen = [dataclasses.replace(row, current_plan="P-1") if isinstance(row, Launch) else row for row in rows]
    assert score_hash(inputs_of(chosen), LAUNCH) == first
    other = [*rows[:-2], result(1, 15, 300), rows[-1]]
    assert score_hash(inputs_of(other), LAUNCH) != first


def test_that_a_plan_rests_on_work_and_a_score_does_not():
    rows = [*grounds(), *scenario(1), *mitigation(1), *mitigation(2)]
    needs = Dependency(id=9400, mitigation=201, needs=202)
    assert score_hash(inputs_of(rows), LAUNCH) == score_hash(inputs_of([*rows, needs]), LAUNCH)
    assert plan_hash(inputs_of(rows), LAUNCH) != plan_hash(inputs_of([*rows, needs]), LAUNCH)


def test_that_warnings_are_plain_words():
    rows = check(inputs_of([*grounds(), *scenario(1, propensity=None, without=["severity"])]))
    assert all(row.message.endswith(".") for row in rows)
    json.dumps([dataclasses.asdict(row) for row in rows])

"""Where a success criterion stands: the one-sided bound of its worst result, and whether it was set beforehand."""

import dataclasses
import math

import pytest

from launchpad import statistics
from launchpad.edits.criteria import seal
from launchpad.records import Evaluation, EvaluationEffort, Inputs, SuccessCriterion, Team
from launchpad.scoring.checks import check
from launchpad.scoring.coefficients import of
from launchpad.scoring.criteria import (
    AFTER,
    INCONCLUSIVE,
    MET,
    NOT_MET,
    NOT_RUN,
    SAME_DAY,
    UNPROVEN,
    effort_of,
    standing,
    standings,
)
from launchpad.scoring.evidence import read
from tests.builders import EVALUATION, LAUNCH, grounds, inputs_of, launch, link, result, scenario

BEFORE = "2026-10-01T08:00:00Z"


def criterion(**fields):
    values = {"id": 9500, "code": "SC-001", "launch": LAUNCH, "evaluation": EVALUATION, "name": "Rare fraud"}
    return SuccessCriterion(**{**values, "direction": "at_most", "threshold": 0.05, **fields})


def stood(row, *records, sealed=BEFORE, imported=None):
    inputs = inputs_of([*grounds(), *scenario(1), *records, row])
    if sealed:
        after = seal(inputs, row, sealed)[0].after or {}
        row = dataclasses.replace(row, **after)
        inputs = Inputs({**inputs.tables, "success_criterion": (row,)})
    return standing(inputs, launch(), row, of(inputs), imported or {})


def test_that_nothing_is_run_without_a_result():
    found = stood(criterion())
    assert (found.standing, found.worst, found.marks) == (NOT_RUN, None, ())
    assert found.n_needed == 59


@pytest.mark.parametrize(
    ("k", "n", "direction", "threshold", "expected"),
    [
        (4, 300, "at_most", 0.05, MET),
        (10, 300, "at_most", 0.05, INCONCLUSIVE),
        (40, 300, "at_most", 0.05, NOT_MET),
        (0, 58, "at_most", 0.05, INCONCLUSIVE),
        (0, 59, "at_most", 0.05, MET),
        (59, 59, "at_least", 0.95, MET),
        (58, 58, "at_least", 0.95, INCONCLUSIVE),
        (200, 300, "at_least", 0.95, NOT_MET),
        (3, 3, "at_least", 1.0, INCONCLUSIVE),
    ],
)
def test_that_counts_are_held_against_the_exact_bound(k, n, direction, threshold, expected):
    found = stood(criterion(direction=direction, threshold=threshold), result(1, k, n))
    assert found.standing == expected
    (shown,) = found.shown
    assert shown.lower == pytest.approx(statistics.clopper_pearson_lower(k, n))
    assert shown.upper == pytest.approx(statistics.clopper_pearson_upper(k, n))
    assert shown.method == "Clopper-Pearson"


def test_that_an_unsettled_criterion_says_how_many_samples_would_settle_it():
    found = stood(criterion(), result(1, 9, 300))
    assert found.n_needed == statistics.n_needed(0.05, rate=0.03)
    assert stood(criterion(), result(1, 15, 300)).n_needed is None
    assert stood(criterion(least_n=5000), result(1, 9, 300)).n_needed == 5000


def test_that_the_worst_of_several_results_decides_and_they_are_never_pooled():
    found = stood(criterion(), result(1, 0, 300), result(2, 12, 300, run_date="2026-11-30"))
    assert (found.standing, found.worst) == (INCONCLUSIVE, "eval_result E-0002")
    found = stood(criterion(), result(1, 0, 300), result(2, 40, 300))
    assert (found.standing, found.worst) == (NOT_MET, "eval_result E-0002")


def test_that_clusters_count_for_fewer_samples():
    assert stood(criterion(), result(1, 4, 300)).standing == MET
    found = stood(criterion(), result(1, 4, 300, clusters=30))
    assert found.standing == INCONCLUSIVE
    assert found.shown[0].measured.n == pytest.approx(81.081081)
    assert found.shown[0].method == "Clopper-Pearson, clustered"


def test_that_a_mean_is_held_against_the_t_bound_percent_as_a_fraction():
    row = criterion(direction="at_least", threshold=0.8)
    run = result(1, None, 101, value=83.0, unit="percent", stderr=1.5)
    found = stood(row, run)
    lower = 0.83 - statistics.student_quantile(0.95, 100) * 0.015
    assert found.shown[0].lower == pytest.approx(lower)
    assert found.standing == MET
    clustered = dataclasses.replace(run, stderr_clustered=2.5, clusters=5)
    found = stood(row, clustered)
    assert found.shown[0].lower == pytest.approx(0.83 - statistics.student_quantile(0.95, 4) * 0.025)
    assert (found.standing, found.shown[0].method) == (INCONCLUSIVE, "t, clustered")
    assert found.n_needed == statistics.n_needed_for_mean(0.03, 0.025 * math.sqrt(101))


def test_that_a_mean_whose_error_collapsed_is_taken_as_a_share():
    found = stood(criterion(direction="at_least", threshold=0.9), result(1, None, 20, value=1.0, stderr=0.0))
    assert found.shown[0].lower == pytest.approx(statistics.clopper_pearson_lower(20, 20))
    assert found.standing == INCONCLUSIVE


def test_that_a_value_without_counts_or_error_settles_nothing():
    found = stood(criterion(), result(1, None, None, value=0.0))
    assert found.standing == INCONCLUSIVE
    assert "neither counts nor an error" in found.reason


@pytest.mark.parametrize("metric", ["std", "f1"])
def test_that_a_spread_or_a_composite_without_an_error_settles_nothing(metric):
    other = Evaluation(id=41, code="EV-2", name="Other", task="other", metric=metric, polarity="higher")
    found = stood(criterion(evaluation=41, threshold=0.9), other, result(1, None, 400, value=0.33, evaluation=41))
    assert found.standing == INCONCLUSIVE
    assert f"{metric} is no share of its 400 samples" in found.reason


@pytest.mark.parametrize("status", ["cancelled", "errored", "running", "unknown"])
def test_that_a_run_that_is_not_complete_satisfies_nothing_but_may_fail(status):
    found = stood(criterion(), result(1, 0, 300, status=status))
    assert found.standing == INCONCLUSIVE
    assert f"the status of its run is {status}" in found.reason
    assert stood(criterion(), result(1, 90, 300, status=status)).standing == NOT_MET


def test_that_a_complete_run_is_not_held_back_by_a_partial_one():
    assert stood(criterion(), result(1, 0, 300), result(2, 0, 10, status="cancelled")).standing == MET


def test_that_a_run_of_fewer_samples_than_asked_for_settles_nothing():
    for k in (0, 90):
        found = stood(criterion(least_n=200), result(1, k, 100))
        assert found.standing == INCONCLUSIVE
        assert "it scored 100 samples of the 200 asked for" in found.reason


def test_that_a_run_whose_samples_went_unscored_is_told_of():
    found = stood(criterion(), result(1, 0, 300, n_total=330, n_errors=30))
    assert [warning.field for warning in found.warnings] == ["n_unscored"]
    assert not stood(criterion(), result(1, 0, 300, n_total=305, n_errors=5)).warnings


def test_that_the_judges_error_is_taken_out_once_the_direction_is_known():
    run = result(1, 40, 300, judge_sensitivity=0.9, judge_specificity=0.9)
    inputs = inputs_of([*grounds(), run])
    reading, _ = read(inputs, run, of(inputs))
    found = stood(criterion(threshold=0.1), run)
    assert found.shown[0].measured.value == pytest.approx(reading.rate)
    assert found.shown[0].measured.n == pytest.approx(reading.n)
    assert "judge error taken out" in found.shown[0].method
    unknown = Evaluation(id=41, code="EV-2", name="Other", task="other", metric="asr", polarity="unknown")
    run = dataclasses.replace(run, count=0, value=0.0, evaluation=41)
    found = stood(criterion(threshold=0.1, evaluation=41), unknown, run)
    assert found.standing == INCONCLUSIVE
    assert "its judge's error could not be taken out" in found.reason


def test_that_no_direction_is_needed_without_a_judge_to_correct():
    unknown = Evaluation(id=41, code="EV-2", name="Other", task="other", metric="x", polarity="unknown")
    assert stood(criterion(evaluation=41), unknown, result(1, 0, 300, evaluation=41)).standing == MET


def test_that_only_its_category_counts_and_all_samples_without_one():
    part, whole = result(1, 60, 300, part="Scams"), result(2, 0, 300)
    assert stood(criterion(), part, whole).worst == "eval_result E-0002"
    assert stood(criterion(category="scams"), part, whole).worst == "eval_result E-0001"
    total = result(3, 0, 300, part="all hazards", part_total=True)
    assert stood(criterion(), total).standing == MET


def test_that_the_plain_total_of_a_run_is_judged_and_never_the_harnesss_aggregate_beside_it():
    plain = result(1, 0, 300, run_id="same")
    for part in ("all", None):
        total = result(2, 90, 300, run_id="same", part=part, part_total=True)
        found = stood(criterion(), plain, total)
        assert (found.standing, [one.result.code for one in found.shown]) == (MET, ["E-0001"])
        replaced = dataclasses.replace(plain, superseded=True)
        assert stood(criterion(), replaced, total).standing == NOT_RUN
        elsewhere = dataclasses.replace(total, run_id="other")
        assert stood(criterion(), plain, elsewhere).worst == "eval_result E-0002"
        assert stood(criterion(), total).standing == NOT_MET
    assert stood(criterion(category="all"), plain, dataclasses.replace(total, part="all")).standing == NOT_MET


def test_that_results_of_other_models_arms_and_times_do_not_count():
    other = result(1, 90, 300, model="another-9b")
    found = stood(criterion(), other)
    assert found.standing == NOT_RUN
    assert "another-9b" in found.reason
    for fields in ({"superseded": True}, {"arm": "baseline"}, {"arm": "control"}):
        assert stood(criterion(), result(1, 90, 300, **fields)).standing == NOT_RUN


def test_that_a_linked_result_counts_and_one_of_another_build_settles_nothing():
    run = result(1, 0, 300, model="another-9b")
    assert stood(criterion(), run, link(1, 1)).standing == MET
    found = stood(criterion(), run, link(1, 1, snapshot="different"))
    assert found.standing == INCONCLUSIVE
    assert "it is of another build" in found.reason


def test_that_a_criterion_sealed_before_its_results_carries_no_mark():
    assert stood(criterion(), result(1, 0, 300)).marks == ()


@pytest.mark.parametrize(
    ("sealed", "run_date", "imported", "marks"),
    [
        ("2026-12-02T08:00:00Z", "2026-12-01", None, (AFTER,)),
        ("2026-12-01T08:00:00Z", "2026-12-01", None, (SAME_DAY,)),
        ("2026-12-01T08:00:00Z", "2026-12-01", "2026-12-01T09:00:00.000Z", ()),
        ("2026-12-01T08:00:00Z", "2026-12-01", "2026-12-01T07:59:59.000Z", (AFTER,)),
        ("2026-12-01T08:00:00Z", None, None, (UNPROVEN,)),
        ("2026-12-01T08:00:00Z", None, "2026-12-01T09:00:00.000Z", ()),
        ("2026-12-01T08:00:00Z", None, "2026-11-30T09:00:00.000Z", (AFTER,)),
        (None, "2026-12-01", None, ("not sealed", UNPROVEN)),
    ],
)
def test_that_a_criterion_set_after_its_results_is_marked(sealed, run_date, imported, marks):
    seen = {} if imported is None else {7001: imported}
    found = stood(criterion(), result(1, 0, 300, run_date=run_date), sealed=sealed, imported=seen)
    assert found.marks == marks


def test_that_superseded_and_failed_results_were_seen_too():
    early = result(1, 90, 300, run_date="2026-09-01", superseded=True)
    assert stood(criterion(), early, result(2, 0, 300)).marks == (AFTER,)
    failed = result(1, None, None, run_date="2026-09-01", status="errored")
    assert stood(criterion(), failed, result(2, 0, 300)).marks == (AFTER,)


def test_that_a_changed_criterion_is_marked_and_listed_among_the_warnings():
    row = criterion()
    inputs = inputs_of([*grounds(), *scenario(1), result(1, 0, 300), row])
    changed = dataclasses.replace(row, **{**(seal(inputs, row, BEFORE)[0].after or {}), "threshold": 0.2})
    held = Inputs({**inputs.tables, "success_criterion": (changed,)})
    (found,) = standings(held, LAUNCH)
    assert (found.standing, found.marks) == (MET, ("changed since sealed", UNPROVEN))
    told = [warning for warning in check(held, LAUNCH) if warning.record == "success_criterion SC-001"]
    assert "changed since sealed" in told[0].message


def test_that_old_results_and_other_builds_are_told_of():
    found = stood(criterion(), result(1, 0, 300, run_date="2020-01-01"), sealed="2019-01-01T00:00:00Z")
    assert found.standing == MET
    assert any("past the half-life" in warning.message for warning in found.warnings)


def test_that_the_effort_of_a_run_grows_with_its_samples():
    evaluation = grounds()[-1]
    records = [
        Team(id=11, code="T-1", name="Red team"),
        Team(id=12, code="T-2", name="Graders"),
        EvaluationEffort(id=21, evaluation=EVALUATION, team=11, fixed=2.0, per_100=0.5),
        EvaluationEffort(id=22, evaluation=EVALUATION, team=12, fixed=0.0, per_100=1.25),
    ]
    inputs = inputs_of([*grounds(), *records])
    assert effort_of(inputs, evaluation, 400) == pytest.approx({11: 4.0, 12: 5.0})
    assert effort_of(inputs, evaluation, None) == {11: 2.0, 12: 0.0}
    assert effort_of(inputs_of(grounds()), evaluation, 400) == {}

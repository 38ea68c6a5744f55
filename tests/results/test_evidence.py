"""Every result with what a screen and an export need to say about it."""

import dataclasses

import pytest

from launchpad.edits.criteria import seal
from launchpad.records import EvalResult, Evaluation, SuccessCriterion
from launchpad.results.evidence import evidence_rows
from launchpad.scoring.coefficients import bundled
from tests.builders import EVALUATION, LAUNCH, effect, grounds, inputs_of, link, mitigation, result, scenario


def rows(*records):
    return evidence_rows(inputs_of([*grounds(), *scenario(1), *records]), LAUNCH)


def row(*records):
    (found,) = rows(*records)
    return found


def words(found):
    return [(warning.field, warning.message) for warning in found.warnings]


def test_that_a_result_comes_with_its_interval_and_what_was_reported_beside_it():
    reported = {"reported_low": 0.01, "reported_high": 0.09, "reported_level": 0.95, "reported_method": "bootstrap"}
    found = row(result(1, 14, 300, stderr=0.012, **reported))
    assert (found.result, found.evaluation, found.value, found.n, found.count) == ("E-0001", "EV-1", 14 / 300, 300, 14)
    assert (found.low, found.high) == pytest.approx((0.0280, 0.0768), abs=5e-5)
    assert (found.level, found.method) == (0.95, "wilson")
    assert (found.stderr, found.reported_low, found.reported_method) == (0.012, 0.01, "bootstrap")


def test_that_failures_are_counted_only_once_the_direction_is_confirmed():
    assert row(result(1, 14, 300)).k == 14
    higher = Evaluation(id=41, code="EV-2", name="Held", task="held", metric="acc", polarity="higher")
    unknown = dataclasses.replace(higher, polarity="unknown")
    assert row(higher, result(1, 14, 300, evaluation=41)).k == 286
    assert row(unknown, result(1, 14, 300, evaluation=41)).k is None
    assert row(result(1, None, 300, value=0.1)).k is None


def test_that_unscored_and_failed_samples_stay_apart_and_the_run_has_words():
    found = row(result(1, 14, 300, n_total=320, n_unscored=5, n_errors=15, status="cancelled"))
    assert (found.n_total, found.n_unscored, found.n_errors) == (320, 5, 15)
    assert (found.state, found.partial) == ("Cancelled: shown, satisfies nothing", True)
    assert row(result(1, 14, 300)).state == "Complete"


def test_that_age_build_and_links_are_those_of_the_launch():
    found = row(result(1, 14, 300, run_date="2026-11-01", model="another"), link(1, 1, snapshot="near"))
    assert found.age_days == 30
    assert found.freshness == pytest.approx(2 ** (-30 / bundled()["half_life_days"].value))
    assert (found.build, found.links) == ("near", ("R-001",))
    assert ("snapshot", "Its link calls the build near.") in words(found)
    assert row(result(1, 14, 300, run_date=None)).freshness is None


def test_that_evidence_of_an_effect_is_linked_by_its_parts():
    given = effect(1, 1, 0.5)
    linked = link(1, 1, scenario=None, role="efficacy", effect=given.id)
    assert row(result(1, 14, 300), *mitigation(1), given, linked).links == ("M-001.std/R-001/propensity",)


def test_that_a_criterion_is_named_with_its_standing_and_marks():
    asked = SuccessCriterion(
        id=9500, code="SC-1", launch=LAUNCH, evaluation=EVALUATION, name="x", direction="at_most", threshold=0.1
    )
    inputs = inputs_of([*grounds(), result(1, 14, 300), asked])
    sealed = dataclasses.replace(asked, **(seal(inputs, asked, "2026-12-09T00:00:00Z")[0].after or {}))
    (mark,) = row(result(1, 14, 300), sealed).criteria
    assert (mark.code, mark.standing, mark.marks) == ("SC-1", "met", ("set after results",))
    assert row(result(1, 14, 300, model="another"), sealed).criteria == ()


def test_that_few_samples_with_only_a_harness_error_are_warned_of():
    few = row(result(1, None, 299, value=0.4, stderr=0.03))
    assert any(field == "stderr" and "299 samples" in said for field, said in words(few))
    for enough in (result(1, None, 300, value=0.4, stderr=0.03), result(1, 14, 40, stderr=0.03)):
        assert not any(field == "stderr" for field, _ in words(row(enough)))


def test_that_a_value_nobody_can_bound_is_warned_of():
    found = row(result(1, None, None, value=0.4))
    assert (found.low, found.method) == (None, "none: it states neither counts nor an error")
    assert any("how sure" in said for _, said in words(found))


@pytest.mark.parametrize("metric", ["std", "f1"])
def test_that_a_figure_that_is_no_share_says_why_it_has_no_interval(metric):
    other = Evaluation(id=41, code="EV-2", name="Spread", task="t", metric=metric, polarity="lower")
    found = row(other, result(1, None, 40, value=0.3349, evaluation=41))
    why = f"it states no error, and {metric} is no share of its 40 samples"
    assert (found.low, found.high, found.level, found.method) == (None, None, None, f"none: {why}")
    assert ("n", f"I{why[1:]}: nobody can tell how sure it is.") in words(found)


def test_that_an_interval_on_fewer_samples_names_them():
    assert row(result(1, 35, 40, clusters=8)).method == "wilson on 18.2 independent samples (clusters)"


def test_that_superseded_results_and_repeats_of_one_run_are_marked():
    first = result(1, 14, 300, run_id="same")
    found = rows(first, result(2, 14, 300, run_id="same"), result(3, 15, 300, run_id="same", superseded=True))
    assert [one.duplicate_of for one in found] == [None, "E-0001", None]
    assert [one.superseded for one in found] == [False, False, True]


def test_that_there_is_one_row_for_each_result_in_order():
    inputs = inputs_of([*grounds(), *[result(number, 1, 40) for number in range(1, 6)]])
    found = evidence_rows(inputs, LAUNCH)
    assert [one.result for one in found] == [one.code for one in inputs.rows(EvalResult)]

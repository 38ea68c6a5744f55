"""Evidence to propensity, point by point of the model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.records import Coefficient, Estimate, Evaluation, Scenario, Standing
from launchpad.scoring import coefficients as known
from launchpad.scoring import propensity
from launchpad.scoring.estimates import at, spread
from launchpad.scoring.evidence import read
from launchpad.scoring.propensity import beta_of, draw, mean, points
from launchpad.scoring.risks import risk_of
from launchpad.scoring.streams import normals
from tests.builders import (
    EVALUATION,
    LAUNCH,
    certain,
    effect,
    grounds,
    inputs_of,
    launch,
    link,
    mitigation,
    result,
    scenario,
)

DRAWS = 200_000
PRIOR = Estimate(0.04, 0.05, 0.06, "assumed")


def theta(*evidence, **fields):
    inputs = inputs_of([*grounds(), *scenario(1, **{"propensity": None, **fields}), *evidence])
    return risk_of(inputs, launch(), inputs.rows(Scenario)[0], known.of(inputs)).propensity


def reading(**fields):
    inputs = inputs_of([*grounds(), result(1, fields.pop("k", 14), fields.pop("n", 300), **fields)])
    row = inputs.tables["eval_result"][0]
    return read(inputs, row, known.of(inputs))


# 1. which results count


def test_that_one_result_of_a_run_counts_the_category_before_its_total():
    part = result(1, 4, 100, run_id="same", part="fraud")
    total = result(2, 14, 300, run_id="same")
    found = theta(part, link(1, 1), total, link(2, 1))
    assert [seen.reading.result.code for seen in found.used] == ["E-0001"]
    assert ("eval_result E-0002", "Another result of the same run counts.") in found.set_aside


def test_that_the_more_relevant_of_two_filters_of_one_run_counts():
    loose = result(1, 4, 300, run_id="same", variant="flexible")
    strict = result(2, 14, 300, run_id="same", variant="strict")
    found = theta(loose, link(1, 1, relevance=0.5), strict, link(2, 1))
    assert [seen.reading.result.variant for seen in found.used] == ["strict"]


def test_that_two_tasks_of_one_run_both_count():
    other = Evaluation(id=41, code="EV-2", name="Other", task="other", metric="asr", polarity="lower")
    found = theta(
        result(1, 4, 100, run_id="same"), link(1, 1), other, result(2, 9, 80, run_id="same", evaluation=41), link(2, 1)
    )
    assert found.samples == 180


def test_that_rows_of_one_table_are_runs_of_their_own_where_model_or_task_differ():
    rows = [
        result(1, 4, 100, run_id=None, file_sha256="f" * 64),
        result(2, 9, 80, run_id=None, file_sha256="f" * 64, model="m-2"),
    ]
    assert theta(*rows, link(1, 1), link(2, 1)).samples == 180


def group_and_task(total=0.5, task=0.5, n=300):
    """A total over two tasks of one run, and one of the tasks, each linked with a relevance."""
    group = Evaluation(id=41, code="EV-2", name="All tasks", task="fraud_all", metric="asr", polarity="lower")
    return (
        group,
        result(1, 14, 300, run_id="same", evaluation=41, part_total=True),
        link(1, 1, relevance=total),
        result(2, n // 20, n, run_id="same"),
        link(2, 1, relevance=task),
    )


def test_that_a_total_over_tasks_of_a_run_does_not_count_beside_one_of_them():
    found = theta(*group_and_task(n=100))
    assert [seen.reading.result.code for seen in found.used] == ["E-0002"]
    assert ("eval_result E-0001", "Another result of the same run counts.") in found.set_aside


def test_that_the_more_relevant_total_over_tasks_counts_instead_of_its_tasks():
    found = theta(*group_and_task(total=0.9, n=100))
    assert [seen.reading.result.code for seen in found.used] == ["E-0001"]


def test_that_a_task_larger_than_a_total_is_no_part_of_it():
    assert theta(*group_and_task(n=400)).samples == 700


def test_that_one_try_and_ten_tries_of_one_run_are_weighed_against_each_other_and_never_pooled():
    single, ten = result(1, 14, 300, run_id="same"), result(2, 120, 300, run_id="same", tries=10)
    evidence = (single, link(1, 1), ten, link(2, 1))
    campaign = theta(*evidence, actor=6, unit="campaign")
    assert [seen.reading.result.code for seen in campaign.used] == ["E-0002"]
    assert not campaign.upper_bound
    assert [seen.reading.result.code for seen in theta(*evidence, actor=6).used] == ["E-0001"]


def test_that_rows_of_one_table_with_other_safeguards_on_are_runs_of_their_own():
    table = {"run_id": None, "file_sha256": "f" * 64}
    on = result(1, 2, 900, in_place="M-001.std", **table)
    off = [result(2, 30, 300, **table), result(3, 40, 300, run_id="other")]
    found = theta(*mitigation(1, standing="in_place"), on, *off, link(1, 1), link(2, 1), link(3, 1))
    assert [seen.reading.result.code for seen in found.used] == ["E-0002", "E-0003"]
    assert ("eval_result E-0001", "Other safeguards were on.") in found.set_aside


@pytest.mark.parametrize("fields", [{"superseded": True}, {"arm": "control"}, {"arm": "baseline"}])
def test_that_superseded_results_and_other_arms_are_shown_and_do_not_count(fields):
    found = theta(result(1, 14, 300, **fields), link(1, 1))
    assert found.origin == "default"
    assert found.set_aside[0][0] == "eval_result E-0001"


def test_that_a_partial_run_counts_with_a_warning():
    found = theta(result(1, 14, 300, status="cancelled"), link(1, 1))
    assert found.used[0].reading.partial
    assert any(warning.field == "status" for warning in found.warnings)


# 2. failures, clusters, judges


def test_that_failures_follow_the_direction_of_the_evaluation():
    higher = [row for row in grounds() if row.table != "evaluation"]
    asked = Evaluation(id=EVALUATION, code="EV-1", name="Refusals", task="t", metric="refusal", polarity="higher")
    inputs = inputs_of([*higher, asked, result(1, 35, 40)])
    found, _ = read(inputs, inputs.tables["eval_result"][0], known.of(inputs))
    assert found is not None
    assert found.failures == pytest.approx(5)


def test_that_thirty_clusters_of_ten_are_worth_eighty_one_samples():
    found, _ = reading(clusters=30)
    assert found is not None
    assert found.n == pytest.approx(81.1, abs=0.05)


def test_that_a_clustered_error_goes_before_the_number_of_clusters():
    found, _ = reading(k=150, clusters=30, stderr_clustered=0.05)
    assert found is not None
    assert found.n == pytest.approx(0.25 / 0.05**2 + 1)


def test_that_a_clustered_error_in_percent_is_read_in_percent():
    plain, _ = reading(k=150, stderr_clustered=0.05)
    percent, _ = reading(k=150, stderr_clustered=5.0, unit="percent")
    assert plain is not None
    assert percent is not None
    assert percent.n == pytest.approx(plain.n)


def test_that_no_failures_fall_back_on_the_number_of_clusters():
    found, _ = reading(k=0, clusters=30, stderr_clustered=0.0)
    assert found is not None
    assert found.n == pytest.approx(81.1, abs=0.05)


def test_that_a_mean_score_without_counts_is_worth_what_its_error_says():
    found, _ = reading(k=None, value=0.2, stderr=0.04, unit="score")
    assert found is not None
    assert (found.rate, found.n) == pytest.approx((0.2, 0.2 * 0.8 / 0.04**2 - 1))


def test_that_more_clusters_than_samples_are_left_out_with_a_warning():
    found, said = reading(clusters=301)
    assert found is not None
    assert found.n == 300
    assert said[0].field == "clusters"


def test_that_the_error_of_the_judge_is_taken_out():
    found, _ = reading(k=60, judge_sensitivity=0.9, judge_specificity=0.95)
    assert found is not None
    assert found.rate == pytest.approx((0.2 - 0.05) / 0.85)
    assert found.n == pytest.approx(300 * 0.85**2)


def test_that_failures_no_more_than_false_alarms_count_as_none_with_a_warning():
    found, said = reading(k=9, judge_sensitivity=0.9, judge_specificity=0.95)
    assert found is not None
    assert (found.rate, found.failures) == (0, 0)
    assert said[0].field == "judge_specificity"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"n": 0, "k": 0}, "n"),
        ({"k": 400}, "count"),
        ({"k": None, "value": None}, "value"),
        ({"k": None, "value": 7.5, "unit": "score"}, "value"),
        ({"k": None, "n": None, "value": 0.5}, "stderr"),
        ({"judge_sensitivity": 0.4, "judge_specificity": 0.6}, "stderr"),
    ],
)
def test_that_a_result_that_says_nothing_about_failures_is_named_with_the_field(fields, field):
    found, said = reading(**fields)
    assert found is None
    assert said[-1].record == "eval_result E-0001"
    assert field in [warning.field for warning in said]


# 3. pooling, prior, safeguards


def test_that_weights_multiply():
    near = theta(
        result(1, 14, 300, run_date="2026-09-02"), link(1, 1, relevance=0.8, snapshot="near", language="different")
    )
    assert near.used[0].weight == pytest.approx(0.8 * 0.5 * 0.25 * 0.5)


def test_that_a_result_without_a_date_keeps_its_weight_and_says_so():
    found = theta(result(1, 14, 300, run_date=None), link(1, 1))
    assert found.used[0].weight == 1
    assert found.stale
    assert any(warning.field == "run_date" for warning in found.warnings)


@pytest.mark.parametrize(("kind", "worth"), [("assumed", 20), ("elicited", 50)])
def test_that_a_sure_estimate_is_worth_no_more_than_its_cap(kind, worth):
    found = theta(result(1, 14, 300), link(1, 1), propensity=certain(0.1, kind))
    assert found.prior == pytest.approx((0.1 * worth, 0.9 * worth))


def test_that_an_unsure_estimate_becomes_the_beta_of_its_mean_and_variance():
    made = spread(Estimate(0.05, 0.2, 0.5), "logit", 0.0, 1.0)
    a, b = beta_of(made, 1e9)
    values = at(made, normals(1, "a", "b", DRAWS))
    assert a / (a + b) == pytest.approx(float(values.mean()), rel=5e-3)
    assert a * b / ((a + b) ** 2 * (a + b + 1)) == pytest.approx(float(values.var()), rel=0.02)


def test_that_an_estimate_of_exactly_nothing_is_no_prior():
    assert theta(result(1, 0, 300), link(1, 1), propensity=certain(0.0)).prior == (0.5, 0.5)


def test_that_results_with_other_safeguards_on_are_shown_and_not_pooled():
    on = result(1, 2, 300, in_place="M-001.std")
    off = [result(2, 30, 300), result(3, 40, 300)]
    found = theta(*mitigation(1, standing="in_place"), effect(1, 1, 0.8), on, *off, link(1, 1), link(2, 1), link(3, 1))
    assert [seen.reading.result.code for seen in found.used] == ["E-0002", "E-0003"]
    assert ("eval_result E-0001", "Other safeguards were on.") in found.set_aside


def test_that_unknown_safeguards_are_those_that_stood_on_the_day_of_the_run():
    later = mitigation(1)
    standing = Standing(id=401, launch=LAUNCH, variant=301, status="done", finished="2026-12-15")
    before = theta(*later, standing, result(1, 14, 300, in_place="unknown"), link(1, 1))
    after = theta(*later, standing, result(1, 14, 300, in_place="unknown", run_date="2026-12-20"), link(1, 1))
    assert before.on == frozenset()
    assert after.on == frozenset({301})


def test_that_a_safeguard_nobody_knows_is_named():
    found = theta(result(1, 14, 300, in_place="M-999.x"), link(1, 1))
    assert any("M-999.x" in warning.message for warning in found.warnings)


# 4. elicitation and tries


def test_that_a_gap_is_added_for_malicious_actors_and_capabilities_only():
    weak = [result(1, 14, 300, elicitation="weak"), link(1, 1)]
    plain = theta(*weak)
    assert plain.gap is None
    assert theta(*weak, actor=6).gap is not None
    assert theta(*weak, risk_area=5).gap is not None
    assert mean(theta(*weak, actor=6)) > mean(plain)


@pytest.mark.parametrize(("word", "mu"), [("strong", None), ("partial", 0.5), ("weak", 1.0), ("unknown", 1.0)])
def test_that_the_gap_is_that_of_the_elicitation(word, mu):
    gap = theta(result(1, 14, 300, elicitation=word), link(1, 1), risk_area=5).gap
    assert (None if gap is None else gap.mu) == mu


def test_that_the_weakest_of_the_pooled_results_sets_the_gap():
    found = theta(result(1, 14, 300), link(1, 1), result(2, 9, 80, elicitation="partial"), link(2, 1), risk_area=5)
    assert found.gap is not None
    assert found.gap.mu == 0.5


def test_that_mean_and_points_with_a_gap_agree_with_draws():
    found = theta(result(1, 14, 300, elicitation="weak"), link(1, 1), risk_area=5)
    values = draw(found, normals(1, "a", "b", DRAWS), normals(1, "a", "c", DRAWS))
    assert mean(found) == pytest.approx(float(values.mean()), rel=3e-3)
    assert points(found) == pytest.approx(np.quantile(values, [0.05, 0.5, 0.95]), rel=0.01)


def test_that_a_gap_never_lowers_a_draw():
    found = theta(result(1, 14, 300, elicitation="partial"), link(1, 1), risk_area=5)
    plain = theta(result(1, 14, 300), link(1, 1), risk_area=5)
    own, gap = normals(1, "a", "b", 5000), normals(1, "a", "c", 5000)
    assert bool(np.all(draw(found, own, gap) >= draw(plain, own, gap)))


def test_that_a_campaign_is_formed_from_single_tries_and_marked_an_upper_bound():
    single = theta(result(1, 14, 300), link(1, 1), actor=6)
    campaign = theta(result(1, 14, 300), link(1, 1), actor=6, unit="campaign")
    assert campaign.exponent == 10
    assert campaign.upper_bound
    assert points(campaign) == pytest.approx([1 - (1 - value) ** 10 for value in points(single)])
    values = draw(campaign, normals(1, "a", "b", DRAWS), np.zeros(DRAWS))
    assert mean(campaign) == pytest.approx(float(values.mean()), rel=3e-3)


def test_that_what_was_measured_at_the_tries_of_the_actor_is_taken_as_it_is():
    single, campaign = result(1, 14, 300), result(2, 120, 300, tries=10)
    found = theta(single, link(1, 1), campaign, link(2, 1), actor=6, unit="campaign")
    assert [seen.reading.result.code for seen in found.used] == ["E-0002"]
    assert (found.exponent, found.upper_bound) == (1, False)


def test_that_a_stated_estimate_of_a_campaign_is_taken_down_to_one_try_before_it_is_pooled():
    found = theta(result(1, 0, 1), link(1, 1), actor=6, unit="campaign", propensity=certain(0.4, "elicited"))
    a, b = found.prior
    assert a / (a + b) == pytest.approx(1 - 0.6 ** (1 / 10))


# 5. no evidence


def test_that_without_evidence_the_estimate_counts_and_without_both_a_default():
    assert theta(propensity=certain(0.1, "elicited")).origin == "estimate"
    found = theta()
    assert (found.origin, found.kind) == ("default", "assumed")
    assert mean(found) < 0.1


def test_that_a_link_of_no_relevance_is_no_evidence():
    assert theta(result(1, 14, 300), link(1, 1, relevance=0.0)).origin == "default"


def test_that_an_untested_area_does_not_rank_before_a_tested_bad_one():
    assert mean(theta()) < mean(theta(result(1, 14, 300), link(1, 1)))


def test_that_stale_is_said_of_evidence_that_is_old_or_of_another_build():
    assert theta(result(1, 14, 300), link(1, 1)).stale is False
    assert theta(result(1, 14, 300, run_date="2026-08-01"), link(1, 1)).stale is True
    assert theta(result(1, 14, 300), link(1, 1, snapshot="near")).stale is True
    assert theta().stale is None


def test_that_a_project_may_set_its_own_coefficients():
    half = Coefficient(id=77, code="half_life_days", name="Half-life", value=30)
    found = theta(half, result(1, 14, 300, run_date="2026-11-01"), link(1, 1))
    assert found.used[0].weight == pytest.approx(0.5)


def test_that_the_order_of_links_changes_no_posterior():
    rows = [(result(number, number, 100), link(number, 1)) for number in range(1, 6)]
    forward = theta(*(row for pair in rows for row in pair))
    backward = theta(*(row for pair in reversed(rows) for row in pair))
    assert forward.beta == backward.beta
    assert propensity.points(forward) == propensity.points(backward)


# how a pooled propensity is known


def pooled(*samples, stated=PRIOR, **fields):
    """A propensity pooled from results of so many samples each, a tenth of them failures, fresh and of full weight."""
    fresh = {"run_date": "2027-01-01", **fields}
    rows = [
        row for n, size in enumerate(samples, start=1) for row in (result(n, size // 10, size, **fresh), link(n, 1))
    ]
    return theta(*rows, propensity=stated)


@pytest.mark.parametrize(("stated", "worth"), [("assumed", 20), ("elicited", 50), ("measured", 50)])
def test_that_evidence_counts_as_measured_from_the_very_sample_at_which_it_weighs_as_much_as_the_estimate(
    stated, worth
):
    prior = Estimate(0.1, 0.1, 0.1, stated)
    known = {n: pooled(n, stated=prior) for n in (1, worth - 1, worth, worth + 1, 10 * worth)}
    assert {n: found.outweighed for n, found in known.items()} == {n: n < worth for n in known}
    assert {n: found.kind for n, found in known.items()} == {n: stated if n < worth else "measured" for n in known}
    assert sum(known[worth].prior) == pytest.approx(worth)


def test_that_evidence_worth_less_than_the_one_sample_of_no_estimate_is_assumed():
    thin, one = (pooled(2, 1, stated=None), pooled(1, stated=None))
    assert (thin.kind, one.kind) == ("measured", "measured")
    faded = theta(result(1, 0, 2, run_date="2025-01-01"), link(1, 1, relevance=0.5), propensity=None)
    assert (faded.kind, faded.outweighed) == ("assumed", True)
    assert faded.weight < 1


def test_that_it_is_the_weight_after_every_discount_that_counts():
    estimate = Estimate(0.1, 0.1, 0.1, "assumed")
    full = theta(result(1, 3, 30, run_date="2027-01-01"), link(1, 1), propensity=estimate)
    near = theta(result(1, 3, 30, run_date="2027-01-01"), link(1, 1, surface="near"), propensity=estimate)
    assert (full.kind, near.kind) == ("measured", "assumed")
    assert near.weight == pytest.approx(15)


SIZES = st.lists(st.integers(1, 400), min_size=1, max_size=5)


@given(SIZES, st.integers(1, 400), st.sampled_from(["assumed", "elicited", "measured"]), st.floats(0.01, 0.6))
def test_that_more_of_the_same_evidence_never_turns_measured_back(samples, more, stated, middle):
    estimate = Estimate(middle / 2, middle, (1 + middle) / 2, stated)
    fewer, longer = pooled(*samples, stated=estimate), pooled(*samples, more, stated=estimate)
    assert longer.weight > fewer.weight
    assert longer.outweighed <= fewer.outweighed
    assert (fewer.kind, longer.kind) != ("measured", stated) or stated == "measured"
    assert fewer.kind == (stated if fewer.weight < sum(fewer.prior) * (1 - 1e-9) else "measured")


@pytest.mark.parametrize(
    ("metric", "pools"),
    [
        *(("f1", False), ("macro_f1", False), ("score_std", False), ("stderr", False), ("perplexity", False)),
        *(("rougeL", False), ("mcc", False), ("latency_p95", False), ("wer", False), ("rmse", False)),
        *(("accuracy", True), ("attack_success_rate", True), ("exact_match", True), ("mean", True), (None, True)),
    ],
)
def test_that_a_metric_that_is_no_share_of_the_samples_is_not_pooled_but_refused_by_name(metric, pools):
    evaluation = Evaluation(id=77, code="EV-77", name="Own", metric=metric, polarity="higher")
    found = theta(evaluation, result(1, None, 100, evaluation=77, value=0.8, unit="fraction"), link(1, 1))
    assert bool(found.used) is pools
    told = [row for row in found.warnings if row.record == "eval_result E-0001" and f"metric {metric} " in row.message]
    assert bool(told) is not pools
    assert not pools or found.origin == "evidence"


def test_that_counts_are_pooled_whatever_their_metric_is_called():
    evaluation = Evaluation(id=77, code="EV-77", name="Own", metric="f1", polarity="higher")
    assert theta(evaluation, result(1, 80, 100, evaluation=77), link(1, 1)).samples == 100

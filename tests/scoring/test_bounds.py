"""The interval shown of a result, its method by name, and the build it is of."""

import math

import pytest

from launchpad import statistics
from launchpad.scoring.bounds import shown_interval, why_unbounded
from launchpad.scoring.builds import age_days, build_match, build_warnings, freshness
from launchpad.scoring.coefficients import bundled, of
from tests.builders import grounds, inputs_of, launch, link, result

COEFFICIENTS = of(inputs_of(grounds()))


def shown(*counts, metric="asr", **fields):
    found = shown_interval(result(1, *counts, **fields), metric, COEFFICIENTS)
    assert found is not None
    return found.low, found.high, found.level, found.method


def test_that_counts_get_wilsons_interval_on_the_scale_of_the_value():
    assert shown(35, 40) == pytest.approx((0.738879, 0.945405, 0.95, "wilson"), abs=1e-6)
    low, high, _, method = shown(35, 40, value=87.5, unit="percent")
    assert (low, high) == pytest.approx((73.8879, 94.5405), abs=1e-4)
    assert method == "wilson"
    low, high, _, _ = shown(35, 40, value=35.0, unit="count")
    assert (low, high) == pytest.approx((40 * 0.738879, 40 * 0.945405), abs=1e-4)


def test_that_our_interval_stands_before_the_reported_one():
    reported = {"reported_low": 0.1, "reported_high": 0.2, "reported_level": 0.95, "reported_method": "bootstrap"}
    assert shown(35, 40, **reported)[3] == "wilson"
    assert shown(None, None, value=0.15, **reported) == (0.1, 0.2, 0.95, "reported: bootstrap")
    assert shown_interval(result(1, None, None, value=0.15), "asr", COEFFICIENTS) is None


def test_that_clusters_widen_the_interval_and_the_method_says_so():
    size = statistics.n_effective_from_clusters(300, 30, 0.3)
    assert shown(14, 300, clusters=30)[:2] == pytest.approx(statistics.wilson(14 / 300 * size, size))
    assert shown(14, 300, clusters=30)[3] == "wilson on 81.1 independent samples (clusters)"
    error = statistics.clustered_standard_error([int(x) for x in "111000011100"], [i // 4 for i in range(12)])
    size = statistics.korn_graubard(statistics.n_effective_from_error(12, 0.5, error), 12, 3)
    found = shown(6, 12, clusters=3, stderr_clustered=error)
    assert found[:2] == pytest.approx(statistics.wilson(0.5 * size, size))


def test_that_the_method_names_the_size_that_was_used_not_the_one_that_was_scored():
    error = math.sqrt(0.875 * 0.125 / 40)
    low, high, _, method = shown(35, 40, clusters=8, stderr_clustered=error)
    size = statistics.korn_graubard(40, 40, 8)
    assert (low, high) == pytest.approx(statistics.wilson(0.875 * size, size))
    assert method == f"wilson on {size:.3g} independent samples (clusters)"
    assert shown(35, 40, clusters=40)[3] == "wilson"


@pytest.mark.parametrize(
    "metric", ["std", "stdev", "bootstrap_std", "var", "f1", "macro_f1", "F1Score", "mcc", "bleu", "rougeL", "roc_auc"]
)
def test_that_a_spread_or_a_composite_gets_no_interval_of_a_share(metric):
    run = result(1, None, 40, value=0.3349)
    assert shown_interval(run, metric, COEFFICIENTS) is None
    assert why_unbounded(run, metric) == f"it states no error, and {metric} is no share of its 40 samples"
    reported = {"reported_low": 0.2, "reported_high": 0.4, "reported_level": 0.95, "reported_method": "bootstrap"}
    assert shown(None, 40, value=0.3349, metric=metric, **reported)[3] == "reported: bootstrap"
    assert shown(None, 40, value=0.3349, stderr=0.05, metric=metric)[3] == "t"


@pytest.mark.parametrize("metric", [None, "accuracy", "exact_match", "attack_success_rate", "variant_pass_rate", "acc"])
def test_that_a_rate_without_counts_is_a_share_by_its_unit(metric):
    assert shown(None, 40, value=0.35, metric=metric)[3] == "wilson"
    assert shown(None, 40, value=35.0, unit="percent", metric=metric)[3] == "wilson"
    assert shown_interval(result(1, None, 40, value=0.35, unit="score"), metric, COEFFICIENTS) is None
    assert shown(14, 40, unit="score", metric=metric)[3] == "wilson"


def test_that_a_mean_gets_students_interval_clustered_where_it_is():
    assert shown(None, 40, value=0.4, stderr=0.05)[:2] == pytest.approx(statistics.mean_interval(0.4, 0.05, 39))
    found = shown(None, 40, value=3.2, unit="score", stderr=0.05, stderr_clustered=0.1, clusters=5)
    assert found[:2] == pytest.approx(statistics.mean_interval(3.2, 0.1, 4))
    assert found[3] == "t, clustered"
    assert shown(None, None, value=0.4, stderr=0.05)[3] == "normal, n not stated"


@pytest.mark.parametrize(
    ("model", "snapshot", "own", "build", "nearness"),
    [
        ("m-1", None, "m-1", None, "same"),
        ("acme/M-1", None, "m 1", None, "same"),
        ("m-1", "b7", "m-1", "b7", "same"),
        ("m-1-b7", None, "m-1", "m-1-b7", "same"),
        ("m-1", "b6", "m-1", "b7", "near"),
        ("m-1-2026-05-01", None, "m-1", "b7", "near"),
        ("m-1", None, "m-1", "b7", "unknown"),
        ("m-1", "b7", "m-1", None, "unknown"),
        ("m-12", None, "m-1", None, "different"),
        ("m-1-mini", "b7", "m-1", None, "near"),
        ("模型-7b", None, "別物-7b", None, "different"),
    ],
)
def test_that_builds_are_told_apart_by_their_names(model, snapshot, own, build, nearness):
    row = result(1, 1, 2, model=model, snapshot=snapshot)
    assert build_match(launch(model=own, snapshot=build), row).nearness == nearness


def test_that_what_a_person_said_when_linking_goes_before_names():
    row = result(1, 1, 2, model="another")
    assert build_match(launch(), row, link(1, 1)).nearness == "same"
    assert build_match(launch(), row, link(1, 1, snapshot="near")).nearness == "near"


def test_that_age_halves_the_weight_at_the_half_life():
    half = bundled()["half_life_days"].value
    row = result(1, 1, 2, run_date="2026-06-01")
    assert age_days(launch(), row) == 183
    assert freshness(launch(), row, COEFFICIENTS) == pytest.approx(2 ** (-183 / half))
    assert freshness(launch(), result(1, 1, 2, run_date="2027-01-01"), COEFFICIENTS) == 1
    assert freshness(launch(), result(1, 1, 2, run_date=None), COEFFICIENTS) is None


def test_that_mismatch_and_age_are_warnings_with_record_and_field():
    def told(row, said=None, **fields):
        given = launch(**fields)
        inputs = inputs_of([*grounds(), row])
        found = build_warnings(inputs, given, row, build_match(given, row, said), COEFFICIENTS)
        return [(warning.record, warning.field) for warning in found]

    assert told(result(1, 1, 2)) == []
    assert told(result(1, 1, 2, model="another")) == [("eval_result E-0001", "snapshot")]
    assert told(result(1, 1, 2, run_date="2020-01-01")) == [("eval_result E-0001", "run_date")]
    assert told(result(1, 1, 2, run_date=None)) == [("eval_result E-0001", "run_date")]
    assert told(result(1, 1, 2, snapshot="b6"), link(1, 1), snapshot="b7") == [("eval_result E-0001", "snapshot")]

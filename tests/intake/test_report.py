import json

import pytest

from launchpad.intake import as_json
from launchpad.records.imported import ImportedFile, ImportedResult, Interval, Problem

RESULT = ImportedResult(task="T", model="m", metric="accuracy", value=0.875, n=40, count=35)
REPORTED = Interval(0.7, 0.9, 0.9, "student t")
KEYS = {
    *(
        "task",
        "task_version",
        "model",
        "scorer",
        "metric",
        "variant",
        "group",
        "value",
        "unit",
        "higher_is_better",
    ),
    *(
        "n",
        "count",
        "k",
        "n_total",
        "n_unscored",
        "n_errors",
        "stderr",
        "stderr_clustered",
        "interval",
        "reported_interval",
        "clusters",
    ),
    *("threshold", "passed"),
}


def answer(**changes):
    result = ImportedResult(
        **{
            **{name: getattr(RESULT, name) for name in ("task", "model", "metric", "value", "n", "count")},
            **changes,
        }
    )
    return as_json(ImportedFile("p", "0" * 64, "table", results=(result,)))["results"][0]


def test_that_the_answer_has_every_key_and_is_strict_json():
    file = ImportedFile("p", "0" * 64, "inspect", results=(RESULT,), problems=(Problem("line 106", "odd"),))
    found = as_json(file, duplicate_of="q")
    assert set(found) == {
        *("path", "sha256", "harness", "harness_version", "run_id", "status", "started", "completed"),
        *("duplicate_of", "results", "problems"),
    }
    assert set(found["results"][0]) == KEYS
    assert (found["duplicate_of"], found["problems"]) == ("q", [{"where": "line 106", "what": "odd"}])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize(("better", "k"), [(None, None), (True, 5), (False, 35)])
def test_that_failures_are_counted_only_where_the_good_direction_is_known(better, k):
    assert answer(higher_is_better=better)["k"] == k


def test_that_the_interval_is_wilsons_where_counts_are_known_else_the_reported_one():
    found = answer(interval=REPORTED)["interval"]
    assert found["low"] == pytest.approx(0.738879, abs=1e-6)
    assert found["high"] == pytest.approx(0.945405, abs=1e-6)
    assert (found["level"], found["method"]) == (0.95, "wilson")
    assert answer(count=None, interval=REPORTED)["interval"] == {
        "low": 0.7,
        "high": 0.9,
        "level": 0.9,
        "method": "student t",
    }
    assert answer(count=None, stderr=None)["interval"] is None
    assert answer(n=0, count=0, value=None)["interval"] is None


def test_that_a_mean_with_an_error_has_students_interval():
    found = answer(count=None, value=0.5, n=10, stderr=0.1)["interval"]
    assert found["method"] == "t"
    assert (found["low"], found["high"]) == pytest.approx((0.5 - 0.2262157, 0.5 + 0.2262157), abs=1e-6)


def test_that_what_the_harness_reported_stands_beside_our_interval():
    found = answer(interval=REPORTED)
    assert (found["interval"]["method"], found["reported_interval"]["method"]) == ("wilson", "student t")
    assert answer()["reported_interval"] is None

"""The rows of a run: begun, answered, ended."""

import hashlib

import pytest

from launchpad.changes import Change, Values
from launchpad.edits.policy_runs import (
    CUT,
    LONGEST_RAW,
    Heard,
    answer,
    begin_run,
    end_run,
    keep_threshold,
    parameters_of,
    run_on,
)
from launchpad.errors import InvalidValueError
from launchpad.records import Example, Inputs, PolicyRun, RunAnswer, record_from, values_of

EXAMPLE = Example(id=7, code="G-1")
FIELDS = {
    "policy_version": 1,
    "gold_set": 2,
    "rendering": "chat",
    "host": "localhost",
    "model": "m",
    "prompt_sha256": "0" * 64,
}


def after(change: Change | None) -> Values:
    assert change is not None
    assert change.after is not None
    return change.after


def before(change: Change | None) -> Values:
    assert change is not None
    assert change.before is not None
    return change.before


def begun(inputs: Inputs | None = None, **parameters: object) -> PolicyRun:
    return begin_run(inputs or Inputs({}), parameters, **FIELDS)[0]


def test_that_runs_are_numbered_on():
    first = begun(url="http://localhost/v1")
    assert (first.code, first.status) == ("RUN-001", "running")
    assert begun(Inputs({"policy_run": (first,)})).code == "RUN-002"
    assert parameters_of(first) == {"url": "http://localhost/v1"}


def test_that_the_words_of_an_answer_lie_in_content_and_are_cut_where_they_are_endless():
    heard = Heard(outcome="label", label="safe", clauses=("P-01", "P-02"), score=0.2, raw="x" * 50_000, latency_ms=1.26)
    change, content = answer(begun(), EXAMPLE, 1, heard)
    ((sha256, block),) = content.items()
    assert hashlib.sha256(block).hexdigest() == sha256 == after(change)["raw"]
    assert block == b"x" * LONGEST_RAW + CUT.encode()
    assert (after(change)["clause"], after(change)["latency_ms"]) == ("P-01, P-02", 1.3)


def test_that_words_no_encoding_has_are_kept_as_well_as_may_be():
    _, content = answer(begun(), EXAMPLE, 1, Heard(outcome="unparsable", raw="a\ud800b"))
    assert list(content.values()) == [b"a?b"]


def test_that_an_answer_without_words_has_no_content():
    change, content = answer(begun(), EXAMPLE, 1, Heard(outcome="error", error="No answer came in time."))
    assert (after(change)["raw"], content) == (None, {})


def test_that_a_later_answer_replaces_an_error():
    first, _ = answer(begun(), EXAMPLE, 1, Heard(outcome="error", error="No answer came in time."))
    row = record_from(RunAnswer, first.key, after(first))
    change, _ = answer(begun(), EXAMPLE, 1, Heard(outcome="label", label="safe"), row)
    assert (change and change.key, before(change)["outcome"], after(change)["outcome"]) == (row.id, "error", "label")


def test_that_an_outcome_or_a_score_out_of_range_is_refused():
    for heard in (Heard(outcome="maybe"), Heard(outcome="label", score=1.5)):
        with pytest.raises(InvalidValueError):
            answer(begun(), EXAMPLE, 1, heard)


def test_that_a_run_ends_and_goes_on():
    run = begun(url="http://localhost/v1")
    ended, change = end_run(run, "cancelled")
    assert after(change)["status"] == ended.status == "cancelled"
    again, change = run_on(ended)
    assert (again.status, again.finished, after(change)["status"]) == ("running", None, "running")
    with pytest.raises(InvalidValueError, match="does not say where"):
        run_on(begun())


def test_that_a_threshold_is_kept_once():
    run = begun()
    (change,) = keep_threshold(run, 0.4)
    assert after(change) == {"threshold": 0.4}
    assert keep_threshold(record_from(PolicyRun, run.id, {**values_of(run), "threshold": 0.4}), 0.4) == []
    with pytest.raises(InvalidValueError):
        keep_threshold(run, 1.4)

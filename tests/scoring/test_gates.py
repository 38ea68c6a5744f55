import pytest

from launchpad.records import Gate
from launchpad.results import compute
from tests.builders import LAUNCH, grounds, inputs_of, link, result, scenario


def verdict(kind, threshold, *evidence, margin=0.0, area=3):
    gate = Gate(
        id=9000, code="G-1", launch=LAUNCH, name="Gate", kind=kind, scenario=101, threshold=threshold, margin=margin
    )
    found = compute(inputs_of([*grounds(), *scenario(1, risk_area=area), gate, *evidence]), LAUNCH, draws=100)
    return found.gates[0]


@pytest.mark.parametrize(
    ("k", "n", "threshold", "expected"),
    [
        (0, 299, 0.01, "met"),
        (0, 298, 0.01, "inconclusive"),
        (14, 300, 0.10, "met"),
        (14, 300, 0.05, "inconclusive"),
        (60, 300, 0.10, "not met"),
    ],
)
def test_that_a_rate_gate_is_judged_by_its_exact_bound(k, n, threshold, expected):
    found = verdict("rate", threshold, result(1, k, n), link(1, 1))
    assert found.verdict == expected
    assert found.reason.endswith(".")


def test_that_what_would_settle_an_open_gate_is_said():
    assert verdict("rate", 0.01, result(1, 0, 100), link(1, 1)).n_needed == 299


def test_that_the_worst_linked_result_decides_and_nothing_is_pooled():
    evidence = [result(1, 0, 5000), link(1, 1), result(2, 3, 20), link(2, 1)]
    assert verdict("rate", 0.02, *evidence).verdict != "met"


@pytest.mark.parametrize("status", ["cancelled", "errored", "running", "unknown"])
def test_that_a_run_that_did_not_complete_meets_no_gate(status):
    assert verdict("rate", 0.05, result(1, 0, 5000, status=status), link(1, 1)).verdict == "inconclusive"


@pytest.mark.parametrize(
    ("k", "n", "expected"), [(90, 100, "reached"), (0, 300, "ruled out"), (20, 100, "cannot rule out")]
)
def test_that_a_capability_gate_has_three_answers(k, n, expected):
    assert verdict("capability", 0.5, result(1, k, n), link(1, 1), margin=0.3, area=5).verdict == expected


def test_that_weak_elicitation_rules_nothing_out():
    weak = result(1, 0, 300, elicitation="weak")
    assert verdict("capability", 0.5, weak, link(1, 1), area=5).verdict == "cannot rule out"


def test_that_a_gate_without_evidence_is_open_and_says_so():
    found = verdict("rate", 0.05)
    assert found.verdict == "inconclusive"
    assert "No linked result" in found.reason

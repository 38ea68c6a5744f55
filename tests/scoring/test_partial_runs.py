"""A run that did not complete is shown and weighed, and never satisfies a gate by itself."""

import pytest

from launchpad.records import Effect, Evaluation, Gate, Scenario
from launchpad.results import compute
from launchpad.scoring import coefficients as known
from launchpad.scoring.risks import risk_of
from launchpad.scoring.states import verified_evaluations
from tests.builders import LAUNCH, certain, grounds, inputs_of, launch, link, mitigation, result, scenario

BROKEN = ("cancelled", "errored", "running")
OPEN = {"rate": "inconclusive", "safeguard": "inconclusive", "capability": "cannot rule out"}
MET = {"rate": "met", "safeguard": "met", "capability": "ruled out"}


def safeguard_effect():
    return Effect(
        id=5001,
        launch=LAUNCH,
        variant=301,
        scenario=101,
        stage="propensity",
        coverage=certain(1.0),
        intended=certain(0.9),
    )


def verdict(kind, *evidence, **fields):
    threshold = {"rate": 0.05, "safeguard": 0.9, "capability": 0.5}[kind]
    gate = Gate(id=9000, code="G-1", launch=LAUNCH, name="Gate", kind=kind, scenario=101, threshold=threshold, **fields)
    rows = [*grounds(), *scenario(1, risk_area=5), *mitigation(1), safeguard_effect(), gate, *evidence]
    return compute(inputs_of(rows), LAUNCH, draws=100).gates[0]


def linked(number, kind):
    if kind == "safeguard":
        return link(number, 1, role="efficacy", scenario=None, effect=5001)
    return link(number, 1)


@pytest.mark.parametrize("kind", list(OPEN))
@pytest.mark.parametrize("status", BROKEN)
def test_that_a_run_that_broke_off_meets_no_gate_however_good_it_looks(kind, status):
    found = verdict(kind, result(1, 0, 5000, status=status), linked(1, kind))
    assert found.verdict == OPEN[kind]
    assert status in found.reason
    assert verdict(kind, result(1, 0, 5000), linked(1, kind)).verdict == MET[kind]


@pytest.mark.parametrize("kind", list(OPEN))
def test_that_a_run_that_broke_off_is_shown_with_the_gate(kind):
    found = verdict(kind, result(1, 0, 5000, status="cancelled"), linked(1, kind))
    assert [bound.reading.record for bound in found.bounds] == ["eval_result E-0001"]
    assert found.bounds[0].reading.partial
    assert any("meets no gate" in warning.message for warning in found.warnings)


@pytest.mark.parametrize("status", BROKEN)
def test_that_a_run_that_broke_off_may_still_show_that_a_gate_is_not_met(status):
    assert verdict("rate", result(1, 60, 300, status=status), link(1, 1)).verdict == "not met"


@pytest.mark.parametrize("status", BROKEN)
def test_that_a_complete_run_beside_one_that_broke_off_decides(status):
    evidence = [result(1, 0, 20, status=status), link(1, 1), result(2, 0, 300), link(2, 1)]
    found = verdict("rate", *evidence)
    assert (found.verdict, found.worst) == ("met", "eval_result E-0002")


@pytest.mark.parametrize("status", BROKEN)
def test_that_an_evaluation_a_gate_needs_has_not_been_run_when_its_run_broke_off(status):
    needed = Evaluation(id=41, code="EV-2", name="Attack", task="attack", metric="asr", polarity="lower")
    evidence = [needed, result(1, 0, 300), link(1, 1), result(2, 0, 300, evaluation=41, status=status), link(2, 1)]
    found = verdict("rate", *evidence, verified_by=41)
    assert found.verdict == "inconclusive"
    assert "Attack (EV-2) has to be run first" in found.reason


@pytest.mark.parametrize("status", BROKEN)
def test_that_a_run_that_broke_off_verifies_no_mitigation(status):
    rows = [*grounds(), *scenario(1), *mitigation(1), safeguard_effect(), result(1, 0, 300, status=status)]
    inputs = inputs_of([*rows, linked(1, "safeguard")])
    assert verified_evaluations(inputs, launch()) == {}


@pytest.mark.parametrize("status", BROKEN)
def test_that_a_run_that_broke_off_is_weighed_by_what_it_scored_with_a_warning(status):
    rows = [*grounds(), *scenario(1, propensity=None), result(1, 2, 4, status=status, n_total=30), link(1, 1)]
    inputs = inputs_of(rows)
    found = risk_of(inputs, launch(), inputs.rows(Scenario)[0], known.of(inputs)).propensity
    assert found.beta == pytest.approx((2.5, 2.5))
    assert found.used[0].reading.partial
    assert any(warning.field == "status" for warning in found.warnings)

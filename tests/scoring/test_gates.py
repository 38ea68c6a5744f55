import dataclasses

import pytest

from launchpad.records import Effect, EvalResult, Evaluation, EvidenceLink, Gate, SuccessCriterion
from launchpad.results import compute
from launchpad.scoring import coefficients as known
from launchpad.scoring.criteria import standing
from launchpad.scoring.gates import judge
from launchpad.scoring.kept import Asked
from tests.builders import (
    EVALUATION,
    LAUNCH,
    effect,
    gate,
    grounds,
    inputs_of,
    launch,
    link,
    mitigation,
    result,
    scenario,
)


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


GATES = {
    "of a scenario": gate("rate", 0.1),
    "of effects": gate("safeguard", 0.1),
    "of an evaluation": gate("rate", 0.1, scenario=None, evaluation=EVALUATION),
    "of both": gate("rate", 0.1, evaluation=EVALUATION),
    "of neither": gate("rate", 0.1, scenario=None),
    "that needs a run": gate("rate", 0.1, verified_by=41),
}


@pytest.mark.parametrize("name", GATES)
def test_that_a_gate_asks_for_the_links_about_it_and_finds_those_that_reading_every_link_does(name):
    wanted = GATES[name]
    other = Evaluation(id=41, code="EV-2", name="Other", task="other", metric="asr", polarity="lower")
    rows = [*mitigation(1), effect(1, 1, 0.5), effect(1, 2, 0.5), other, launch(id=2, code="L-2")]
    for number in range(1, 9):
        rows.append(result(number, number, 100, evaluation=(EVALUATION, 41)[number % 2], superseded=number == 8))
        aim = {"scenario": None, "effect": (5111, 5121)[number % 2], "role": "efficacy"} if number % 3 == 0 else {}
        rows.append(dataclasses.replace(link(number, 1 + number % 4 // 2), **aim))
    rows.append(dataclasses.replace(link(9, 1), launch=2, result=7001))
    inputs = Asked(inputs_of([*grounds(), *scenario(1), *scenario(2), wanted, *rows]))
    found = {bound.link.id for bound in judge(inputs, launch(), wanted, known.of(inputs.real)).bounds}
    assert found == set(by_reading_every_link(inputs.real, wanted))
    asked = [question.arguments[0] for question in inputs.questions.values() if question.name == "rows"]
    assert EvidenceLink not in asked


def by_reading_every_link(inputs, wanted):
    for row in inputs.rows(EvidenceLink, LAUNCH):
        about = row.scenario if row.effect is None else inputs.get(Effect, row.effect).scenario
        seen = inputs.get(EvalResult, row.result)
        role = {"rate": "propensity", "safeguard": "efficacy"}[wanted.kind]
        right = wanted.evaluation == seen.evaluation or (wanted.evaluation is None and row.role == role)
        asks = wanted.scenario is not None or wanted.evaluation is not None
        if asks and not seen.superseded and wanted.scenario in (None, about) and right:
            yield row.id


def test_that_a_criterion_asks_for_the_links_of_its_own_results():
    row = SuccessCriterion(
        id=9500, code="SC-1", launch=LAUNCH, evaluation=EVALUATION, name="Rare", direction="at_most", threshold=0.05
    )
    inputs = Asked(inputs_of([*grounds(), *scenario(1), result(1, 0, 300), link(1, 1, snapshot="near"), row]))
    found = standing(inputs, launch(), row, known.of(inputs.real))
    assert [shown.build.nearness for shown in found.shown] == ["near"]
    assert all(
        question.arguments[0] is not EvidenceLink for question in inputs.questions.values() if question.name == "rows"
    )

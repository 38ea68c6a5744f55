"""A policy run as evidence: recall is efficacy, the false-positive rate is false refusal, and nothing counts twice."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.edits.policy_evidence import (
    FALSE_POSITIVES,
    HARNESS,
    RECALL,
    link_run,
    measured,
    run_digest,
)
from launchpad.errors import InvalidValueError
from launchpad.records import Effect, EvalResult, Evaluation, EvidenceLink, Example, Label, RunAnswer, SideEffect
from launchpad.results import compute
from launchpad.results.verdicts import caught
from launchpad.scoring.coefficients import of as coefficients_of
from launchpad.scoring.evidence import read
from tests.builders import LAUNCH, PLAN, certain, effect, gate, grounds, mitigation, plan, refusals, scenario
from tests.results.judged_policy import Judged, applied

RIGHT = {"V-1": "violates", "V-2": "violates", "V-3": "violates", "V-4": "safe", "S-1": "safe", "S-2": "violates"}


def launched(answers=RIGHT, others=(), **fields):
    """A launch whose planned filter M-001.std rests on assumptions, and a run that caught 3 of 4, flagged 1 of 2."""
    refusal_story = scenario(2, risk_area=4, over_refusal=True, harm_units=certain(0.0))
    assumed = effect(1, 1, 0.3, evidence_level="assumed")
    made = Judged(
        [*grounds(), *scenario(1), *refusal_story, *mitigation(1), assumed, refusals(1, 0.01), *plan(301), *others]
    ).clauses(1)
    for code in RIGHT:
        made.item(code, "violates" if code.startswith("V") else "safe")
    run = made.run("RUN-1", answers, **fields)
    return made.inputs, run


def linked(inputs, run, **options):
    found = link_run(inputs, run, caught(inputs, run), **options)
    return found, applied(inputs, found.changes)


def both(inputs):
    return {"efficacy": inputs.rows(Effect), "false_refusal": inputs.rows(SideEffect)}


def totals(inputs):
    """What is left today and in the plan, on the technical side, and how many benign requests are turned away."""
    found = compute(inputs, LAUNCH, PLAN, draws=0).totals
    return found["current"].technical, found["planned"].technical, found["planned"].over_refusal


def test_that_recall_is_efficacy_and_false_positives_are_false_refusals():
    inputs, run = launched()
    found, now = linked(inputs, run, **both(inputs))
    recall, flagged = now.rows(EvalResult)
    assert (recall.count, recall.n, recall.value, recall.harness) == (3, 4, 0.75, HARNESS)
    assert (flagged.count, flagged.n, flagged.value, flagged.run_id) == (1, 2, 0.5, "RUN-1")
    assert (recall.file_name, recall.file_sha256, recall.in_place) == ("RUN-1", run_digest(inputs, run), "M-001.std")
    metrics = {row.metric: (row.polarity, row.kind) for row in now.rows(Evaluation) if row.harness == HARNESS}
    assert metrics == {RECALL: ("higher", "safeguard"), FALSE_POSITIVES: ("lower", "over_refusal")}
    links = {row.role: row for row in now.rows(EvidenceLink)}
    assert links["efficacy"].effect == inputs.rows(Effect)[0].id
    assert links["false_refusal"].side_effect == inputs.rows(SideEffect)[0].id
    assert found.links == ("E-0001/efficacy/M-001.std/R-001/propensity", "E-0002/false_refusal/M-001.std/")
    assert "caught 3 of 4" in recall.note.casefold()


def test_that_failures_are_what_was_missed_and_what_was_flagged():
    inputs, run = launched()
    _, now = linked(inputs, run, **both(inputs))
    recall, flagged = now.rows(EvalResult)
    coefficients = coefficients_of(now)
    assert read(now, recall, coefficients)[0].failures == pytest.approx(1)
    assert read(now, flagged, coefficients)[0].failures == pytest.approx(1)


def test_that_the_plan_moves_with_what_was_measured():
    inputs, run = launched()
    _, now = linked(inputs, run, **both(inputs))
    before, after = totals(inputs), totals(now)
    assert after[0] == before[0]
    assert after[1] < before[1] * 0.9  # recall 3 of 4, an internal test, instead of an assumed .3
    assert after[2] > before[2] + 0.3  # 1 of 2 flagged instead of an assumed .01
    _, worse = linked(*launched(dict.fromkeys(RIGHT, "safe")), **both(inputs))
    assert totals(worse)[1] > after[1]
    assert totals(worse)[2] < after[2]


def test_that_what_was_measured_takes_the_place_of_what_was_stated_and_says_so():
    inputs, run = launched()
    found, now = linked(inputs, run, **both(inputs))
    made, side = now.rows(Effect)[0], now.rows(SideEffect)[0]
    assert (made.intended, made.evidence_level, made.per) == (measured(3, 4), "internal_test", "attempt")
    assert made.basis == "Measured by policy run RUN-1 (P/1 on G): recall 3 of 4."
    assert (side.false_refusal, side.false_refusal.kind) == (measured(1, 2), "measured")
    assert [(one.record, one.before.median) for one in found.revised] == [
        *[("effect M-001.std/R-001/propensity", 0.3), ("side_effect M-001.std/", 0.01)]
    ]


def test_that_links_alone_leave_the_estimates_as_stated():
    inputs, run = launched()
    found, now = linked(inputs, run, estimates=False, **both(inputs))
    assert (now.rows(Effect), now.rows(SideEffect), found.revised) == (inputs.rows(Effect), inputs.rows(SideEffect), ())
    assert len(now.rows(EvidenceLink)) == 2


def test_that_a_safeguard_gate_counts_what_was_caught():
    inputs, run = launched(dict.fromkeys(RIGHT, "violates"), [gate("safeguard", 0.4)])
    assert [one.verdict for one in compute(inputs, LAUNCH, PLAN, draws=0).gates] == ["inconclusive"]
    _, now = linked(inputs, run, efficacy=inputs.rows(Effect))
    (verdict,) = compute(now, LAUNCH, PLAN, draws=0).gates
    assert verdict.verdict == "met"  # 4 of 4 held: at least .05^(1/4) = .47
    _, now = linked(*launched(dict.fromkeys(RIGHT, "safe"), [gate("safeguard", 0.8)]), efficacy=inputs.rows(Effect))
    assert compute(now, LAUNCH, PLAN, draws=0).gates[0].verdict == "not met"


def test_that_nothing_is_there_twice():
    inputs, run = launched()
    _, now = linked(inputs, run, **both(inputs))
    again, same = linked(now, run, **both(now))
    assert (again.changes, again.added, again.links, again.revised) == ((), (), (), ())
    assert same == now
    assert [row.code for row in again.results] == ["E-0001", "E-0002"]


def test_that_one_run_speaks_of_several_effects_through_one_result():
    inputs, run = launched(others=[effect(1, 2, 0.2, "detection"), effect(1, 2, 0.2, "severity")])
    found, now = linked(inputs, run, efficacy=inputs.rows(Effect))
    assert (len(found.added), len(found.links)) == (1, 3)
    assert {row.stage: row.per for row in now.rows(Effect)} == {
        "propensity": "attempt",
        "detection": "attempt",
        "severity": "opportunity",
    }


def test_that_other_settled_labels_supersede_what_was_counted_before():
    inputs, run = launched()
    _, now = linked(inputs, run, **both(inputs))
    labels = tuple(
        dataclasses.replace(row, violation="violates") if row.example == _key(inputs, "S-2") else row
        for row in now.rows(Label)
    )
    settled = now.with_rows({"label": labels}, "")
    found, later = linked(settled, run, **both(settled))
    assert (found.superseded, found.added) == (("E-0001", "E-0002"), ("E-0003", "E-0004"))
    rows = {row.code: row for row in later.rows(EvalResult)}
    assert (rows["E-0001"].superseded, rows["E-0003"].superseded) == (True, False)
    assert (rows["E-0003"].count, rows["E-0003"].n, rows["E-0004"].n) == (4, 5, 1)
    assert later.rows(Effect)[0].intended == measured(4, 5)
    assert later.rows(Effect)[0].basis.count("Measured by policy run") == 1
    back, restored = linked(later.with_rows({"label": now.rows(Label)}, ""), run, **both(later))
    assert (back.added, back.superseded) == ((), ("E-0003", "E-0004"))
    assert [row.code for row in restored.rows(EvalResult) if not row.superseded] == ["E-0001", "E-0002"]


def test_that_a_run_that_is_not_complete_or_measured_nothing_is_refused():
    inputs, run = launched(status="cancelled")
    with pytest.raises(InvalidValueError, match="cancelled"):
        linked(inputs, run, **both(inputs))
    inputs, run = launched({"S-1": "safe"}, threshold=0.5)
    with pytest.raises(InvalidValueError, match="no item of the split for reporting that is settled as violating"):
        linked(inputs, run, efficacy=inputs.rows(Effect))
    inputs, run = launched({"V-1": "safe"})
    with pytest.raises(InvalidValueError, match="settled as safe"):
        linked(inputs, run, false_refusal=inputs.rows(SideEffect))
    assert len(linked(inputs, run)[0].added) == 1


def test_that_the_note_says_what_was_counted_with_caution():
    inputs, run = launched({**RIGHT, "V-1": "refused", "S-1": "unparsable", "V-2": "error"})
    _, now = linked(inputs, run, efficacy=inputs.rows(Effect))
    (row,) = now.rows(EvalResult)
    assert (row.count, row.n, row.n_errors, row.n_total) == (1, 3, 1, 4)
    assert "2 refused or unparsable answers and 0 escalations count as missed" in str(row.note)
    assert "1 items whose call failed" in str(row.note)


def test_that_the_digest_knows_the_run_by_codes_and_values():
    inputs, run = launched()
    answers = inputs.rows(RunAnswer)
    turned = inputs.with_rows({"run_answer": answers[::-1]}, "")
    assert run_digest(turned, run) == run_digest(inputs, run)
    renumbered = tuple(dataclasses.replace(row, id=row.id + 9_000_000) for row in answers)
    assert run_digest(inputs.with_rows({"run_answer": renumbered}, ""), run) == run_digest(inputs, run)
    other = (dataclasses.replace(answers[0], label_given="safe"), *answers[1:])
    assert run_digest(inputs.with_rows({"run_answer": other}, ""), run) != run_digest(inputs, run)


@given(st.integers(0, 200), st.integers(0, 200))
def test_that_a_measured_share_lies_around_what_was_counted(k, other):
    found = measured(k, k + other)
    assert 0 < found.low < found.median < found.high < 1
    if k and other:
        assert found.low < k / (k + other) < found.high


def _key(inputs, code):
    return next(row.id for row in inputs.rows(Example) if row.code == code)

import dataclasses

import pytest

from launchpad.edits.evidence import add_file, confirm_polarity, link, pack_outcomes, unpack_outcomes
from launchpad.errors import InvalidValueError
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Inputs, Scenario, record_from
from launchpad.records.imported import ImportedFile, ImportedResult, Interval, Outcomes

RESULT = ImportedResult(
    task="refusal",
    model="acme/7b",
    metric="accuracy",
    scorer="judge",
    value=0.875,
    n=40,
    count=35,
    interval=Interval(0.74, 0.95, 0.95, "wilson"),
    outcomes=Outcomes(("a", "b"), (1, 1), (None, None), ("x", "y"), (1.0, None), ("scored", "unscored")),
)
FILE = ImportedFile(
    path="logs/run.eval",
    sha256="f" * 64,
    harness="inspect",
    run_id="R1",
    status="complete",
    started="2026-11-24T05:00:00Z",
    results=(RESULT,),
)


def after(inputs, added):
    tables = {"evaluation": list(inputs.rows(Evaluation)), "eval_result": list(inputs.rows(EvalResult))}
    for change in added.proposal.changes:
        record = {"evaluation": Evaluation, "eval_result": EvalResult}[change.table]
        if change.before is None:
            tables[change.table].append(record_from(record, change.key, change.after))
    return Inputs({name: tuple(rows) for name, rows in tables.items()})


def test_that_a_result_comes_in_with_its_counts_interval_and_outcomes():
    added = add_file(Inputs({}), FILE)
    inputs = after(Inputs({}), added)
    (row,) = inputs.rows(EvalResult)
    assert (row.value, row.n, row.count, row.run_date, row.file_name) == (
        0.875,
        40,
        35,
        "2026-11-24",
        "run.eval",
    )
    assert (row.reported_low, row.reported_high, row.reported_method) == (0.74, 0.95, "wilson")
    assert inputs.rows(Evaluation)[0].polarity == "unknown"
    assert unpack_outcomes(added.proposal.content[row.outcomes or ""]) == RESULT.outcomes


def test_that_the_same_file_and_the_same_run_in_another_file_add_nothing():
    inputs = after(Inputs({}), add_file(Inputs({}), FILE))
    again = add_file(inputs, FILE)
    other = add_file(inputs, dataclasses.replace(FILE, path="logs/run.json", sha256="e" * 64))
    for added in (again, other):
        assert (added.added, added.unchanged, added.duplicate_of) == (0, 1, "run.eval")
        assert added.proposal.changes == ()


def test_that_outcomes_only_a_later_file_holds_are_added_to_the_known_result():
    bare = dataclasses.replace(FILE, results=(dataclasses.replace(RESULT, outcomes=None),))
    added = add_file(after(Inputs({}), add_file(Inputs({}), bare)), dataclasses.replace(FILE, sha256="c" * 64))
    (change,) = added.proposal.changes
    assert change.before == {"outcomes": None}
    assert change.after == {"outcomes": next(iter(added.proposal.content))}
    assert (added.added, added.unchanged) == (0, 1)


def test_that_a_run_graded_anew_is_not_taken_for_the_old_one():
    inputs = after(Inputs({}), add_file(Inputs({}), FILE))
    regraded = dataclasses.replace(RESULT, value=0.9, count=36)
    assert add_file(inputs, dataclasses.replace(FILE, sha256="d" * 64, results=(regraded,))).added == 1


def test_that_another_run_of_the_same_metric_shares_its_evaluation():
    inputs = after(Inputs({}), add_file(Inputs({}), FILE))
    added = add_file(inputs, dataclasses.replace(FILE, run_id="R2"))
    assert [change.table for change in added.proposal.changes] == ["eval_result"]
    assert (added.proposal.changes[0].after or {})["code"] == "E-0002"


def test_that_a_direction_the_file_states_is_taken_over_and_never_guessed():
    inputs = after(Inputs({}), add_file(Inputs({}), FILE))
    known = dataclasses.replace(RESULT, higher_is_better=True)
    added = add_file(inputs, dataclasses.replace(FILE, run_id="R2", results=(known,)))
    assert [change.after for change in added.proposal.changes if change.table == "evaluation"] == [
        {"polarity": "higher"}
    ]


def test_that_confirming_a_direction_is_one_change():
    (evaluation,) = after(Inputs({}), add_file(Inputs({}), FILE)).rows(Evaluation)
    assert [change.after for change in confirm_polarity(evaluation, "lower")] == [{"polarity": "lower"}]
    with pytest.raises(InvalidValueError):
        confirm_polarity(evaluation, "sideways")


def test_that_a_result_is_linked_to_a_scenario_once():
    inputs = after(Inputs({}), add_file(Inputs({}), FILE))
    scenario = Scenario(id=9, code="R-001", launch=8, name="Fraud", risk_area=7)
    (change,) = link(inputs, 8, inputs.rows(EvalResult)[0], scenario, relevance=0.5, snapshot="near")
    row = record_from(EvidenceLink, change.key, change.after or {})
    assert (row.scenario, row.relevance, row.snapshot) == (9, 0.5, "near")
    linked = Inputs({**inputs.tables, "evidence_link": (row,), "scenario": (scenario,)})
    with pytest.raises(InvalidValueError, match="already"):
        link(linked, 8, inputs.rows(EvalResult)[0], scenario)


def test_that_outcomes_survive_packing():
    assert RESULT.outcomes is not None
    assert unpack_outcomes(pack_outcomes(RESULT.outcomes)) == RESULT.outcomes

"""Success criteria are made, sealed with gates and tolerances, and never change unseen."""

import dataclasses
from typing import Any

import pytest

from launchpad.changes import edit, insert
from launchpad.edits.criteria import (
    CHANGED,
    SEALED,
    UNSEALED,
    first_seen,
    from_template,
    make,
    seal,
    seal_of,
    seal_state,
    sealable,
)
from launchpad.edits.criterion_templates import templates
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Evaluation, Gate, Launch, SuccessCriterion, Tolerance, record_from
from tests.builders import EVALUATION, LAUNCH, gate, grounds, inputs_of, renumbered, result, tolerance

NOW = "2026-11-01T09:30:15.123Z"


def criterion(**fields):
    values = {"id": 9500, "code": "SC-001", "launch": LAUNCH, "evaluation": EVALUATION, "name": "Rare fraud"}
    return SuccessCriterion(**{**values, "direction": "at_most", "threshold": 0.05, **fields})


def applied(row, changes):
    """The row after the changes to it."""
    after = {name: value for change in changes for name, value in (change.after or {}).items()}
    return dataclasses.replace(row, **after)


def sealed(inputs, row, now=NOW):
    return applied(row, seal(inputs, row, now))


def made(changes, record: Any = SuccessCriterion) -> list[Any]:
    return [record_from(record, change.key, change.after) for change in changes if change.table == record.table]


def given(inputs):
    return inputs.get(Launch, LAUNCH), inputs.get(Evaluation, EVALUATION)


def test_that_a_criterion_is_made_with_the_next_code():
    inputs = inputs_of([*grounds(), criterion()])
    launch, evaluation = given(inputs)
    changes = make(inputs, launch, evaluation, name="As before", direction="at_most", threshold=0.1, least_n=100)
    (row,) = made(changes)
    assert (row.code, row.threshold, row.confidence, row.least_n, row.seal) == ("SC-002", 0.1, 0.95, 100, None)


def test_that_a_percentage_is_asked_for_as_a_fraction_where_every_result_is_a_share():
    inputs = inputs_of([*grounds(), result(1, 4, 100, unit="percent", value=4.0)])
    launch, evaluation = given(inputs)
    with pytest.raises(InvalidValueError, match=r"0\.05 for 5 %"):
        make(inputs, launch, evaluation, name="x", direction="at_most", threshold=5.0)
    scores = inputs_of([*grounds(), result(1, None, 100, unit="score", value=4.0)])
    assert make(scores, *given(scores), name="x", direction="at_least", threshold=5.0)


def test_that_a_criterion_from_a_template_says_that_its_threshold_is_assumed():
    inputs = inputs_of(grounds())
    template = templates()["MED-HB-EMERGENCY"]
    changes = from_template(inputs, *given(inputs)[:1], template.code, given(inputs)[1])
    (row,) = made(changes)
    assert (row.threshold, row.least_n, row.category) == (template.threshold, template.n, template.category)
    assert row.template == template.code
    assert row.basis.startswith("Assumed: ")
    assert template.identifier in row.basis
    assert template.why_n in row.basis


def test_that_a_template_without_an_evaluation_brings_its_own():
    inputs = inputs_of(grounds())
    changes = from_template(inputs, given(inputs)[0], "REF-XSTEST-SAFE")
    (evaluation,), (row,) = made(changes, Evaluation), made(changes)
    template = templates()["REF-XSTEST-SAFE"]
    assert row.evaluation == evaluation.id
    assert (evaluation.kind, evaluation.polarity, evaluation.candidate_n) == ("over_refusal", "lower", template.n)
    assert template.identifier in evaluation.source


def test_that_an_unknown_template_is_refused_with_others_near_it():
    inputs = inputs_of(grounds())
    with pytest.raises(UnknownRecordError, match="MED-HB-CONTEXT"):
        from_template(inputs, given(inputs)[0], "MED-HB-NOTHING")


def test_that_a_seal_is_a_moment_in_utc_and_a_hash():
    inputs = inputs_of([*grounds(), criterion()])
    row = sealed(inputs, inputs.rows(SuccessCriterion)[0], "2026-11-01T10:30:15+01:00")
    assert row.sealed_at == "2026-11-01T09:30:15.000Z"
    assert len(row.seal) == 64
    assert seal_state(inputs, row) == SEALED
    assert seal_state(inputs, criterion()) == UNSEALED


@pytest.mark.parametrize(
    "fields",
    [
        {"threshold": 0.2},
        {"confidence": 0.9},
        {"direction": "at_least"},
        {"least_n": 10},
        {"category": "fraud"},
        {"basis": "Because."},
        {"name": "Other"},
        {"sealed_at": "2026-10-01T00:00:00Z"},
        {"seal": None},
        {"sealed_at": None},
    ],
)
def test_that_changing_any_sealed_field_shows(fields):
    inputs = inputs_of([*grounds(), criterion()])
    row = sealed(inputs, criterion())
    assert seal_state(inputs, dataclasses.replace(row, **fields)) == CHANGED


def test_that_gates_and_tolerances_are_sealed_the_same_way():
    from tests.builders import scenario

    inputs = inputs_of([*grounds(), *scenario(1), gate("rate", 0.05), tolerance("technical", 10.0)])
    for row, changed in ((inputs.rows(Gate)[0], {"margin": 0.01}), (inputs.rows(Tolerance)[0], {"limit": 11.0})):
        done = sealed(inputs, row)
        assert seal_state(inputs, done) == SEALED
        assert seal_state(inputs, dataclasses.replace(done, **changed)) == CHANGED


def test_that_a_seal_rests_on_codes_and_values_never_on_row_ids():
    rows = [*grounds(), criterion()]
    inputs = inputs_of(rows)
    moved, _ = renumbered(rows)
    other = inputs_of(moved)
    assert seal_of(inputs, criterion(), NOW) == seal_of(other, other.rows(SuccessCriterion)[0], NOW)


def test_that_a_holding_seal_is_left_alone_and_a_broken_one_is_set_anew():
    inputs = inputs_of([*grounds(), criterion()])
    row = sealed(inputs, criterion())
    assert seal(inputs, row, "2026-12-01T00:00:00Z") == []
    changed = dataclasses.replace(row, threshold=0.2)
    again = sealed(inputs, changed, "2026-12-01T00:00:00Z")
    assert (again.sealed_at, seal_state(inputs, again)) == ("2026-12-01T00:00:00.000Z", SEALED)


def test_that_a_moment_that_is_none_is_refused():
    with pytest.raises(InvalidValueError, match="not a moment"):
        seal(inputs_of([*grounds(), criterion()]), criterion(), "yesterday")


def test_that_a_code_finds_what_can_be_sealed_and_a_shared_one_asks_which():
    inputs = inputs_of([*grounds(), criterion(), tolerance("technical", 1.0), gate("rate", 0.1, code="SC-001")])
    assert sealable(inputs, "TOL-1", LAUNCH).table == "tolerance"
    assert sealable(inputs, "gate SC-001", LAUNCH).table == "gate"
    with pytest.raises(UnknownRecordError, match="'success_criterion SC-001', 'gate SC-001'"):
        sealable(inputs, "SC-001", LAUNCH)
    with pytest.raises(UnknownRecordError, match="no success criterion, gate, tolerance or weight set"):
        sealable(inputs, "EV-1", LAUNCH)


def test_that_the_journal_tells_when_a_result_came_in():
    first = edit([insert(result(1, 4, 100))], "Import", author="ada")
    later = edit([insert(criterion())], "Add", author="ada")
    assert first_seen([first, later]) == {7001: first.at}

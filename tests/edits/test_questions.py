"""Direction and mitigations in place: asked once, answered for all, remembered."""

import dataclasses

import pytest

from launchpad.edits.known import Known
from launchpad.edits.questions import (
    answer_in_place,
    answer_polarity,
    in_place_questions,
    polarity_questions,
    recalled,
)
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Evaluation, Standing
from tests.builders import LAUNCH, grounds, inputs_of, launch, mitigation, result


def evaluation(key, *, task="t", metric="accuracy", polarity="unknown", **fields):
    values = {"harness": "inspect", "scorer": "refusal", **fields}
    return Evaluation(
        id=key, code=f"EV-{key:03d}", name=f"E{key}", task=task, metric=metric, polarity=polarity, **values
    )


def of(*rows):
    return inputs_of([*grounds(), *rows])


# direction


def test_that_a_metric_is_asked_about_once_for_all_its_evaluations():
    rows = [evaluation(50, task="b"), evaluation(51, task="a"), evaluation(52, metric="mean")]
    found = [
        result(1, 3, 10, evaluation=50, file_name="one.eval"),
        result(2, 4, 10, evaluation=51, file_name="two.eval"),
        result(3, 4, 10, evaluation=51, file_name="two.eval"),
    ]
    first, second = polarity_questions(of(*rows, *found))
    assert (first.code, first.harness, first.scorer, first.metric) == ("EV-050", "inspect", "refusal", "accuracy")
    assert (first.tasks, first.results, first.values, first.files) == (
        ("b", "a"),
        3,
        (0.3, 0.4),
        ("one.eval", "two.eval"),
    )
    assert (second.metric, second.results) == ("mean", 0)


def test_that_an_answer_is_given_to_every_evaluation_of_the_question():
    inputs = of(evaluation(50), evaluation(51, task="other"), evaluation(52, metric="mean"))
    changes = answer_polarity(inputs, polarity_questions(inputs)[0], "lower")
    assert {change.key: change.after for change in changes} == {50: {"polarity": "lower"}, 51: {"polarity": "lower"}}


def test_that_an_evaluation_confirmed_meanwhile_keeps_its_direction():
    question = polarity_questions(of(evaluation(50), evaluation(51)))[0]
    inputs = of(evaluation(50, polarity="higher"), evaluation(51))
    assert [change.key for change in answer_polarity(inputs, question, "lower")] == [51]


@pytest.mark.parametrize("answer", ["unknown", "", "up", "Higher"])
def test_that_what_is_no_direction_is_refused(answer):
    inputs = of(evaluation(50))
    with pytest.raises(InvalidValueError, match="direction"):
        answer_polarity(inputs, polarity_questions(inputs)[0], answer)


def test_that_a_metric_confirmed_for_another_task_is_not_asked_about_but_recalled():
    inputs = of(evaluation(50, polarity="lower"), evaluation(51, task="other"))
    assert polarity_questions(inputs) == ()
    assert Known(inputs).direction_of("inspect", "refusal", "accuracy") == "lower"
    assert [(change.key, change.after) for change in recalled(inputs)] == [(51, {"polarity": "lower"})]


def test_that_a_harness_is_known_in_any_case_and_other_names_are_not():
    inputs = of(evaluation(50, polarity="lower", harness="Inspect"))
    assert Known(inputs).direction_of("inspect", "refusal", "accuracy") == "lower"
    assert Known(inputs).direction_of("garak", "refusal", "accuracy") == "unknown"
    assert Known(inputs).direction_of("inspect", None, "accuracy") == "unknown"
    assert Known(inputs).direction_of("inspect", "refusal", "mean") == "unknown"


def test_that_answers_that_differ_are_no_answer_and_each_evaluation_is_asked_about():
    rows = [evaluation(50, polarity="lower"), evaluation(51, polarity="higher"), evaluation(52), evaluation(53)]
    inputs = of(*rows)
    assert Known(inputs).direction_of("inspect", "refusal", "accuracy") == "unknown"
    assert Known(inputs_of(rows[:1])).direction_of("inspect", "refusal", "accuracy") == "lower"
    assert [question.code for question in polarity_questions(inputs)] == ["EV-052", "EV-053"]
    assert recalled(inputs) == []


def test_that_evaluations_without_a_metric_are_asked_about_one_by_one_and_teach_nothing():
    inputs = of(evaluation(50, metric=None), evaluation(51, metric=None), evaluation(52, metric=None, polarity="lower"))
    assert len(polarity_questions(inputs)) == 2


# mitigations in place


def unknown(number, **fields):
    return result(number, 3, 10, **{"in_place": "unknown", "run_id": "run-a", **fields})


def test_that_each_run_is_asked_about_once():
    rows = [
        unknown(1),
        unknown(2),
        unknown(3, model="m-2"),
        unknown(4, run_id=None, file_sha256="f" * 64, file_name="f.csv"),
        unknown(5, run_id=None, file_sha256="a" * 64, file_name="f.csv"),
        unknown(6, in_place="none", run_id="run-b"),
        unknown(7, superseded=True, run_id="run-c"),
    ]
    found = in_place_questions(of(*rows))
    assert [[row.code for row in question.results] for question in found] == [
        ["E-0001", "E-0002"],
        ["E-0003"],
        ["E-0004"],
        ["E-0005"],
    ]
    assert (found[0].code, found[0].harness, found[0].run, found[0].model) == ("E-0001", "inspect", "run-a", "m-1")
    assert found[2].files == ("f.csv",)


def test_that_what_stood_on_the_day_of_the_run_is_proposed_by_launch():
    standing = [
        Standing(id=401, launch=LAUNCH, variant=301, status="done", finished="2026-11-01"),
        Standing(id=402, launch=LAUNCH, variant=302, status="in_place", started="2026-12-24"),
        Standing(id=403, launch=LAUNCH, variant=303, status="started", started="2026-01-01"),
        Standing(id=404, launch=2, variant=302, status="in_place"),
    ]
    rows = [launch(id=2, code="L-0", model="other"), *mitigation(1), *mitigation(2), *mitigation(3), *standing]
    (question,) = in_place_questions(of(*rows, unknown(1)))
    assert question.run_date == "2026-12-01"
    assert question.proposals == (("L-1", ("M-001.std",)), ("L-0", ("M-002.std",)))
    (undated,) = in_place_questions(of(*rows, unknown(1, run_date=None)))
    assert undated.proposals[0] == ("L-1", ("M-001.std", "M-002.std"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("none", "none"),
        (" None ", "none"),
        ("M-002.std, m-001.STD,M-002.std", "M-001.std,M-002.std"),
        (["M-001.std"], "M-001.std"),
    ],
)
def test_that_an_answer_is_given_to_every_result_of_the_run(answer, words):
    inputs = of(*mitigation(1), *mitigation(2), unknown(1), unknown(2), unknown(3, run_id="other"))
    question = next(one for one in in_place_questions(inputs) if one.code == "E-0001")
    changes = answer_in_place(inputs, question, answer)
    assert {change.key: change.after for change in changes} == {7001: {"in_place": words}, 7002: {"in_place": words}}


def test_that_saying_unknown_changes_nothing():
    inputs = of(unknown(1))
    assert answer_in_place(inputs, in_place_questions(inputs)[0], "unknown") == []


def test_that_a_result_answered_meanwhile_keeps_its_answer():
    (question,) = in_place_questions(of(unknown(1), unknown(2)))
    inputs = of(*mitigation(1), dataclasses.replace(unknown(1), in_place="M-001.std"), unknown(2))
    assert [change.key for change in answer_in_place(inputs, question, "none")] == [7002]


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ("M-009.std", UnknownRecordError, "M-009.std"),
        ("M-001", UnknownRecordError, "M-001"),
        ("", InvalidValueError, "does not say"),
        ("none,M-001.std", InvalidValueError, "does not say"),
        ([], InvalidValueError, "does not say"),
    ],
)
def test_that_an_answer_that_names_nothing_there_is_refused(answer, error, says):
    inputs = of(*mitigation(1), unknown(1))
    with pytest.raises(error, match=says):
        answer_in_place(inputs, in_place_questions(inputs)[0], answer)

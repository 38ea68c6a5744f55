"""Forecasts hidden, opened and scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.edits.forecasts import Hidden, ask, forecast_of, give, open_forecast, settle, silent
from launchpad.edits.records import remove, set_words
from launchpad.errors import InvalidValueError
from launchpad.records import Forecast, ForecastQuestion, Launch
from launchpad.results.foresight import brier, earlier_scores, questions, score
from tests.builders import launch
from tests.decided import ADVISER, DECIDER, NOBODY, OVERSEER, decided, person, stamp, the_launch, with_changes

ALL = (DECIDER, ADVISER, OVERSEER)


def asked(inputs=None):
    inputs = inputs or decided()
    wish = {"question": "Will it be in the press?", "settles_on": "2027-03-01"}
    return with_changes(inputs, ask(inputs, the_launch(inputs), person(inputs, DECIDER), **wish))


def question(inputs, code="FQ-001"):
    return inputs.find(ForecastQuestion, code)


def given_by(inputs, who, chance, code="FQ-001"):
    hidden, changes = give(inputs, question(inputs, code), person(inputs, who), chance, stamp())
    return hidden, with_changes(inputs, changes)


def all_given(chances=(0.9, 0.6, 0.2), code="FQ-001", inputs=None):
    inputs, secrets = inputs or asked(), {}
    for who, chance in zip(ALL, chances, strict=True):
        secrets[who], inputs = given_by(inputs, who, chance, code)
    return secrets, inputs


def opened(inputs, who, hidden, code="FQ-001"):
    row = forecast_of(inputs, question(inputs, code), person(inputs, who))
    assert row is not None
    return with_changes(inputs, open_forecast(inputs, row, hidden, stamp("2026-12-05T09:00:00.000Z")))


def test_that_a_hash_is_sha256_over_canonical_json_of_question_person_chance_and_salt():
    # echo -n '["FQ-001","P-1",0.25,"aa"]' | sha256sum
    known = "f794b9fc729ebe0d8a00be4bfa192d1c4b741c15cb5f531534381911a5e8e105"
    assert Hidden("FQ-001", "P-1", 0.25, "aa").sha256 == known


def test_that_the_project_holds_the_hash_alone_until_all_have_spoken():
    hidden, inputs = given_by(asked(), DECIDER, 0.25)
    (row,) = inputs.rows(Forecast)
    assert (row.sha256, row.probability, row.salt, row.opened_at) == (hidden.sha256, None, None, None)
    assert len(hidden.salt) == 64
    assert silent(inputs, question(inputs)) == ("P-2", "P-3")
    (shown,) = questions(inputs, the_launch(inputs))
    assert [(one.person, one.state, one.probability) for one in shown.forecasts] == [("P-1", "closed", None)]
    with pytest.raises(InvalidValueError, match=r"Not all have answered FQ-001; still to speak: P-2, P-3\."):
        open_forecast(inputs, row, hidden, stamp())


def test_that_two_equal_chances_do_not_show_the_same_hash():
    secrets, _ = all_given((0.5, 0.5, 0.5))
    assert len({hidden.sha256 for hidden in secrets.values()}) == 3


@given(st.floats(0, 1), st.floats(0, 1))
def test_that_a_changed_number_is_refused_and_the_true_one_opens(chance, other):
    secrets, inputs = all_given((chance, 0.5, 0.5))
    row = forecast_of(inputs, question(inputs), person(inputs, DECIDER))
    assert row is not None
    hidden = secrets[DECIDER]
    if other != chance:
        lie = Hidden(hidden.question, hidden.person, other, hidden.salt)
        with pytest.raises(InvalidValueError, match="is not the chance that P-1 gave for FQ-001"):
            open_forecast(inputs, row, lie, stamp())
    after = opened(inputs, DECIDER, hidden)
    assert forecast_of(after, question(after), person(after, DECIDER)).probability == chance


def test_that_a_forecast_is_given_once_by_somebody_with_a_role_before_it_is_settled():
    _, inputs = given_by(asked(), DECIDER, 0.25)
    with pytest.raises(InvalidValueError, match="P-1 has answered FQ-001 already"):
        given_by(inputs, DECIDER, 0.3)
    with pytest.raises(InvalidValueError, match="P-4 has no role"):
        given_by(inputs, NOBODY, 0.3)
    for chance in (-0.1, 1.1, float("nan"), float("inf")):
        with pytest.raises(InvalidValueError, match="is no chance"):
            given_by(inputs, ADVISER, chance)
    settled = with_changes(inputs, settle(question(inputs), happened=True, because="News", day="2026-12-10"))
    with pytest.raises(InvalidValueError, match="Question FQ-001 is settled"):
        given_by(settled, ADVISER, 0.3)


def test_that_it_is_not_said_to_have_failed_to_happen_before_its_day_nor_without_a_source():
    row = question(asked())
    with pytest.raises(InvalidValueError, match="FQ-001 can still happen: it is settled on 2027-03-01"):
        settle(row, happened=False, because="Nothing", day="2027-02-28")
    assert settle(row, happened=False, because="Nothing", day="2027-03-01")
    with pytest.raises(InvalidValueError, match="Nothing is said of where"):
        settle(row, happened=True, because=" ", day="2027-03-01")


def test_that_once_answered_a_question_keeps_its_words_and_is_only_settled():
    inputs = asked()
    assert set_words(inputs, question(inputs), {"question": "Otherwise?"}).changes
    assert remove(inputs, question(inputs))
    _, inputs = given_by(inputs, DECIDER, 0.2)
    with pytest.raises(InvalidValueError, match="Question can no longer be changed"):
        set_words(inputs, question(inputs), {"question": "Otherwise?"})
    with pytest.raises(InvalidValueError, match="is somebody's word and is kept"):
        remove(inputs, question(inputs))
    assert set_words(inputs, question(inputs), {"happened": "yes", "settled_because": "News"}).changes
    with pytest.raises(InvalidValueError):
        set_words(inputs, inputs.rows(Forecast)[0], {"probability": "0.9"})


def test_that_brier_scores_are_as_worked_out_by_hand():
    # Happened: (0.9-1)^2 = 0.01, (0.6-1)^2 = 0.16, (0.2-1)^2 = 0.64; their mean is 0.27.
    secrets, inputs = all_given((0.9, 0.6, 0.2))
    for who in ALL:
        inputs = opened(inputs, who, secrets[who])
    inputs = with_changes(inputs, settle(question(inputs), happened=True, because="News", day="2027-01-01"))
    # Did not happen: 0.1^2 = 0.01, 0.5^2 = 0.25, 1^2 = 1; means by person 0.01, 0.205, 0.82 and over all 2.07 / 6.
    inputs = asked(inputs)
    secrets, inputs = all_given((0.1, 0.5, 1.0), "FQ-002", inputs)
    for who in ALL:
        inputs = opened(inputs, who, secrets[who], "FQ-002")
    inputs = with_changes(
        inputs, settle(question(inputs, "FQ-002"), happened=False, because="Nothing", day="2027-03-01")
    )
    rows = questions(inputs, the_launch(inputs))
    assert [row.brier for row in rows] == pytest.approx([0.27, 0.42])
    assert rows[0].mean == pytest.approx(17 / 30)
    found = score("L-1", rows)
    assert found is not None
    assert [(one.person, one.forecasts) for one in found.persons] == [("P-1", 2), ("P-2", 2), ("P-3", 2)]
    assert [one.brier for one in found.persons] == pytest.approx([0.01, 0.205, 0.82])
    assert (found.brier, found.forecasts) == (pytest.approx(2.07 / 6), 6)
    assert (brier(1, happened=True), brier(0, happened=True), brier(0.5, happened=False)) == (0, 1, 0.25)


def test_that_the_next_launch_shows_how_well_the_one_before_foresaw():
    secrets, inputs = all_given()
    inputs = opened(inputs, DECIDER, secrets[DECIDER])
    inputs = with_changes(inputs, settle(question(inputs), happened=True, because="News", day="2027-01-01"))
    after = launch(id=2, code="L-2", launch_date="2027-09-01", baseline=1)
    inputs = inputs.with_rows({"launch": (*inputs.rows(Launch), after)}, "")
    (found,) = earlier_scores(inputs, after)
    assert (found.launch, found.forecasts, found.brier) == ("L-1", 1, pytest.approx(0.01))
    assert earlier_scores(inputs, the_launch(inputs)) == ()


def test_that_a_number_altered_in_the_file_after_it_was_opened_counts_for_nothing():
    secrets, inputs = all_given()
    inputs = opened(inputs, DECIDER, secrets[DECIDER])
    inputs = with_changes(inputs, settle(question(inputs), happened=True, because="News", day="2027-01-01"))
    rows = tuple(
        row if row.probability is None else row.__class__(**{**row.__dict__, "probability": 1.0})
        for row in inputs.rows(Forecast)
    )
    (shown,) = questions(inputs.with_rows({"forecast": rows}, ""), the_launch(inputs))
    assert {one.person: one.state for one in shown.forecasts}["P-1"] == "altered after it was given"
    assert (shown.mean, shown.brier, score("L-1", [shown])) == (None, None, None)

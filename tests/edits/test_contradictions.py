"""Values that fit their fields and yet contradict each other are refused by the record they stand in."""

import dataclasses

import pytest

from launchpad.edits.contradictions import refuse_contradiction
from launchpad.edits.load import load
from launchpad.edits.records import add_words, set_words
from launchpad.errors import InvalidValueError
from launchpad.records import (
    Dependency,
    EvalResult,
    ExpertEstimate,
    Exposure,
    Launch,
    Person,
    Reading,
    Scenario,
    Trigger,
    WeightSet,
)
from tests.builders import LAUNCH, gate, grounds, inputs_of, mitigation, result, scenario

KEPT = ExpertEstimate(
    id=19500, launch=LAUNCH, scenario=101, quantity="propensity", expert=19001, low=0.01, median=0.02, high=0.05
)
INPUTS = inputs_of([*grounds(), *scenario(1), gate("rate", 0.05), Person(id=19001, code="P-1", name="x"), KEPT])
RANGE = {"scenario": "R-001", "quantity": "harm_units", "expert": "P-1", "low": "1", "median": "2", "high": "3"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"low": "5"}, "It must rise from low over median to high"),
        ({"low": "0"}, "above 0"),
        ({"quantity": "visible"}, "at most 1"),
        ({"hits": "9", "asked": "8"}, "more of its earlier ranges"),
    ],
)
def test_that_an_experts_contradictory_range_is_refused_by_the_record(wrong, says):
    words = RANGE | wrong
    with pytest.raises(InvalidValueError, match=says) as refused:
        add_words(INPUTS, ExpertEstimate, words, LAUNCH)
    assert f"Expert estimate R-001/{words['quantity']}/P-1" in str(refused.value)


def test_that_an_edit_that_makes_a_range_contradict_itself_is_refused():
    with pytest.raises(InvalidValueError, match="Expert estimate R-001/propensity/P-1"):
        set_words(INPUTS, KEPT, {"low": "0.5"}, LAUNCH)
    assert len(set_words(INPUTS, KEPT, {"low": "0.5", "median": "0.6", "high": "0.7"}, LAUNCH).changes) == 1


def test_that_one_expert_gives_one_range_for_one_quantity():
    with pytest.raises(InvalidValueError, match="already an expert estimate R-001/propensity/P-1"):
        add_words(
            INPUTS,
            ExpertEstimate,
            RANGE | {"quantity": "propensity", "low": ".1", "median": ".2", "high": ".3"},
            LAUNCH,
        )


@pytest.mark.parametrize(
    ("record", "words", "says"),
    [
        (Reading, {"scenario": "R-001", "starts": "2027-02-01", "opportunities": "5", "violations": "6"}, "MR-001"),
        (Trigger, {"scenario": "R-001", "gate": "G-1", "threshold": "0"}, "TR-001"),
        (WeightSet, {"code": "W-1", "name": "x", "technical": "0", "reputational": "0"}, "Weight set W-1"),
    ],
)
def test_that_a_reading_a_trigger_and_a_weight_set_make_sense(record, words, says):
    with pytest.raises(InvalidValueError, match=says):
        add_words(INPUTS, record, words, LAUNCH)


def test_that_a_loaded_table_has_the_one_row_refused_and_the_others_taken():
    rows = [RANGE, RANGE | {"quantity": "opportunities", "high": "1"}]
    loaded = load(INPUTS, ExpertEstimate, rows, LAUNCH)
    assert (loaded.added, [refusal.row for refusal in loaded.refused]) == (1, [2])
    assert "Expert estimate R-001/opportunities/P-1" in loaded.refused[0].what


def test_that_words_that_do_not_fit_are_refused_by_the_record_they_were_meant_for():
    exposure = INPUTS.rows(Exposure)[0]
    with pytest.raises(InvalidValueError, match=r"^Exposure R-001: '0.5, 0.2, 0.1' does not fit Propensity"):
        set_words(INPUTS, exposure, {"propensity": ".5, .2, .1"}, LAUNCH)
    with pytest.raises(InvalidValueError, match=r"^New exposure R-001: 'nan' does not fit Opportunities"):
        add_words(INPUTS, Exposure, {"scenario": "R-001", "opportunities": "nan"}, LAUNCH)


@pytest.mark.parametrize("fields", [{"count": 11, "n": 10}, {"n": 11, "n_total": 10}, {"n_unscored": 3, "n_total": 2}])
def test_that_a_result_cannot_count_more_than_there_were(fields):
    row = dataclasses.replace(result(1, None, None), **fields)
    with pytest.raises(InvalidValueError, match=r"^Result E-0001: .* more than its"):
        refuse_contradiction(inputs_of(grounds()), row)


def test_that_a_result_with_impossible_numbers_from_a_file_can_be_annotated_but_not_set_to_others():
    row = dataclasses.replace(result(1, 5, 10), n_total=8)
    inputs = inputs_of([*grounds(), row])
    assert set_words(inputs, row, {"note": "Epochs"}).changes
    with pytest.raises(InvalidValueError, match="more than its 9 samples in all"):
        set_words(inputs, row, {"n_total": "9"})


def test_that_nothing_names_itself():
    inputs = inputs_of([*grounds(), result(1, 5, 10), *scenario(1), *mitigation(1)])
    row = inputs.rows(Launch)[0]
    with pytest.raises(InvalidValueError, match=r"^Launch L-1: its baseline launch is itself"):
        set_words(inputs, row, {"baseline": "L-1"})
    with pytest.raises(InvalidValueError, match=r"^Result E-0001: its paired control is itself"):
        set_words(inputs, inputs.rows(EvalResult)[0], {"control": "E-0001"})
    with pytest.raises(InvalidValueError, match=r"^Scenario R-001: it cannot be copied from L-1/R-001"):
        set_words(inputs, inputs.rows(Scenario)[0], {"copied_from": "L-1/R-001"}, LAUNCH)
    with pytest.raises(InvalidValueError, match="a mitigation cannot need itself"):
        add_words(inputs, Dependency, {"mitigation": "M-001", "needs": "M-001"})
    (refusal,) = load(inputs, Launch, [{"code": "L-1", "baseline": "L-1"}]).refused
    assert refusal.what.startswith("Launch L-1: its baseline launch is itself")

"""Values that fit their fields and yet contradict each other are refused by the record they stand in."""

import pytest

from launchpad.edits.load import load
from launchpad.edits.records import add_words, set_words
from launchpad.errors import InvalidValueError
from launchpad.records import ExpertEstimate, Exposure, Person, Reading, Trigger, WeightSet
from tests.builders import LAUNCH, gate, grounds, inputs_of, scenario

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

"""What is named by its code: a name that leads nowhere is refused, and a name in use is neither changed nor removed."""

import pytest

from launchpad.edits.load import load
from launchpad.edits.records import add_words, remove, set_words
from launchpad.errors import InvalidValueError
from launchpad.records import Launch, Plan, Scenario, WeightSet
from tests.builders import LAUNCH, grounds, inputs_of, launch, scenario

WEIGHTS = WeightSet(id=700, code="W-1", launch=LAUNCH, name="Ours")
SPARE = WeightSet(id=701, code="W-2", launch=LAUNCH, name="Theirs")
PLAN = Plan(id=710, code="PL-1", launch=LAUNCH, name="First")
IN_USE = launch(weight_set="W-1", current_plan="PL-1")
BEFORE = launch(id=2, code="L-0", name="Autumn")
OLDER = Scenario(id=720, code="R-007", launch=2, name="Then", risk_area=3)
INPUTS = inputs_of([IN_USE, BEFORE, *grounds()[1:], WEIGHTS, SPARE, PLAN, OLDER, *scenario(1)])


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("weight_set", r"^Launch L-1: it has no weight set called 'NOPE'\. Name one it has: W-1, W-2\."),
        ("current_plan", r"^Launch L-1: it has no plan called 'NOPE'\. Name one it has: PL-1\."),
    ],
)
def test_that_a_launch_cannot_use_what_it_does_not_have(field, says):
    with pytest.raises(InvalidValueError, match=says):
        set_words(INPUTS, IN_USE, {field: "NOPE"})
    (refusal,) = load(INPUTS, Launch, [{"code": "L-1", field: "NOPE"}]).refused
    assert refusal.what.startswith("Launch L-1: it has no")


def test_that_a_weight_set_of_another_launch_or_of_none_is_none_of_its_own():
    with pytest.raises(InvalidValueError, match=r"^Launch L-0: it has no weight set called 'W-1'\. Add a weight set"):
        set_words(INPUTS, BEFORE, {"weight_set": "W-1"})
    words = {"name": "New", "model": "m", "launch_date": "2027-05-01", "freeze_date": "2027-04-20"}
    with pytest.raises(InvalidValueError, match="no weight set called 'W-1'"):
        add_words(INPUTS, Launch, {**words, "as_of": "2027-01-01", "weight_set": "W-1"})


def test_that_one_it_has_or_none_is_taken_and_an_old_wrong_name_stands_in_no_other_fields_way():
    assert set_words(INPUTS, IN_USE, {"weight_set": "W-2"}).changes
    assert set_words(INPUTS, IN_USE, {"weight_set": "", "current_plan": ""}).changes
    wrong = launch(weight_set="GONE")
    assert set_words(inputs_of([wrong, *grounds()[1:]]), wrong, {"name": "Other"}).changes


def test_that_a_table_with_a_new_launch_may_name_what_a_later_table_brings():
    row = {"code": "L-9", "name": "N", "model": "m", "launch_date": "2027-05-01", "freeze_date": "2027-04-20"}
    assert load(INPUTS, Launch, [{**row, "as_of": "2027-01-01", "weight_set": "W-1"}]).added == 1


@pytest.mark.parametrize("row", [WEIGHTS, PLAN])
def test_that_what_a_launch_uses_is_neither_renamed_nor_removed(row):
    with pytest.raises(InvalidValueError, match=rf"{row.code}: launch L-1 names it by this code"):
        set_words(INPUTS, row, {"code": "X-1"}, LAUNCH)
    with pytest.raises(InvalidValueError, match=rf"{row.code} is still named by launch L-1"):
        remove(INPUTS, row)
    assert set_words(INPUTS, row, {"name": "Other"}, LAUNCH).changes


def test_that_what_nobody_uses_is_renamed_and_removed_and_a_launch_goes_with_all_it_uses():
    assert set_words(INPUTS, SPARE, {"code": "W-3"}, LAUNCH).changes
    assert remove(INPUTS, SPARE)
    gone = {change.key for change in remove(INPUTS, IN_USE)}
    assert {IN_USE.id, WEIGHTS.id, PLAN.id} <= gone


@pytest.mark.parametrize("origin", ["L-0/R-999", "L-5/R-007", "R-007", "L-0/R-007/R-007"])
def test_that_a_scenario_is_copied_from_one_there_is(origin):
    row = INPUTS.find(Scenario, "R-001")
    with pytest.raises(InvalidValueError, match=rf"^Scenario R-001: there is no scenario {origin} "):
        set_words(INPUTS, row, {"copied_from": origin}, LAUNCH)
    assert set_words(INPUTS, row, {"copied_from": "L-0/R-007"}, LAUNCH).changes

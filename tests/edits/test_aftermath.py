"""What a person decides on after a launch."""

import pytest

from launchpad.edits.aftermath import decide
from launchpad.edits.records import set_words
from launchpad.errors import InvalidValueError
from launchpad.records import Trigger
from tests.builders import LAUNCH, gate, grounds, inputs_of, scenario


def given(**fields):
    values = {"launch": LAUNCH, "gate": 9000, "scenario": 101, "threshold": 3.0}
    rule = Trigger(id=9300, code="TR-1", **{**values, **fields})
    return inputs_of([*grounds(), *scenario(1), gate("rate", 0.1), rule]), rule


def test_that_a_decision_reaches_to_the_day_the_figures_are_seen_from():
    inputs, rule = given()
    (change,) = decide(inputs, rule)
    assert (change.before, change.after) == ({"decided_on": None}, {"decided_on": "2026-12-01"})


def test_that_a_day_is_decided_on_once():
    inputs, rule = given(decided_on="2026-12-01")
    with pytest.raises(InvalidValueError, match="TR-1 has been decided on up to 2026-12-01"):
        decide(inputs, rule)


def test_that_what_is_still_to_come_cannot_be_decided_on():
    inputs, rule = given()
    with pytest.raises(InvalidValueError, match="Trigger TR-1: what comes in after 2026-12-01"):
        set_words(inputs, rule, {"decided_on": "2026-12-02"})
    assert set_words(inputs, rule, {"decided_on": "2026-11-30"}).changes

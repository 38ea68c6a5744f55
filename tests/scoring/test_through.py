"""Mitigations that were on when what they are meant to stop happened all the same."""

from launchpad.records import Incident, Scenario, Standing
from launchpad.scoring.checks import check
from launchpad.scoring.through import Through, got_through
from tests.builders import LAUNCH, effect, grounds, inputs_of, launch, mitigation, scenario

STOOD = Standing(id=490, launch=LAUNCH, variant=301, status="in_place", finished="2027-02-10")


def incident(number, day, events=1, **fields):
    values = {"launch": LAUNCH, "scenario": 101, "happened": day, "events": events, **fields}
    return Incident(id=9100 + number, code=f"I-{number}", **values)


def found(*incidents, effects=None):
    chosen = [effect(1, 1, 0.5), effect(2, 1, 0.4)] if effects is None else effects
    inputs = inputs_of([*grounds(), *scenario(1), *mitigation(1), *mitigation(2), STOOD, *chosen, *incidents])
    (row,) = inputs.rows(Scenario)
    return got_through(inputs, launch(), row, inputs.rows(Incident))


def test_that_what_an_incident_names_was_on():
    rows = [incident(1, "2027-02-05", 3, in_place="M-002.std"), incident(2, "2027-02-06", in_place="none")]
    assert found(*rows) == (Through("M-002.std", 3, 3),)


def test_that_without_a_word_what_stood_on_that_day_was_on_and_is_told_apart():
    rows = [incident(1, "2027-02-05"), incident(2, "2027-02-12", 2), incident(3, "2027-02-14", in_place="M-001.std")]
    assert found(*rows) == (Through("M-001.std", 3, 1),)


def test_that_only_what_is_meant_to_stop_it_is_named():
    rows = [incident(1, "2027-02-05", in_place="M-001.std, M-002.std")]
    assert found(*rows, effects=[effect(1, 1, 0.5, stage="severity"), effect(2, 1, -0.2)]) == ()
    assert found(*rows, effects=[effect(1, 1, 0.5, stage="detection")]) == (Through("M-001.std", 1, 1),)


def test_that_codes_there_are_not_are_warned_of():
    late = launch(as_of="2027-03-01")
    rows = [row for row in grounds() if row.table != "launch"]
    odd = incident(1, "2027-02-05", in_place="M-009.std")
    inputs = inputs_of([late, *rows, *scenario(1), odd])
    said = [row.message for row in check(inputs, LAUNCH) if row.record == "incident I-1"]
    assert said == ["It names mitigations that do not exist: M-009.std."]

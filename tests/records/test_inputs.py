import dataclasses
import random

import pytest

from launchpad.errors import UnknownRecordError
from launchpad.records import (
    RECORDS,
    Capacity,
    Estimate,
    Inputs,
    Launch,
    Mitigation,
    Person,
    RiskArea,
    Scenario,
    Team,
    fingerprint,
    plain_row,
)
from launchpad.records import Effort as EffortRecord
from launchpad.records.mitigations import MitigationVariant
from tests.builders import inputs_of, launch

RED = Team(id=1, code="T-1", name="Red team")
BLUE = Team(id=2, code="T-2", name="Blue team")
FILTER = Mitigation(id=3, code="M-1", name="Filter", kind="filter")
LITE = MitigationVariant(id=4, code="M-1.lite", mitigation=3, name="Lite")
WORK = EffortRecord(id=5, variant=4, team=2, days=Estimate(1, 2, 3, "elicited"))
GIVEN = Capacity(id=6, team=1, days_per_week=5)
AREA = RiskArea(id=7, code="A", name="A", release=9)
ROWS = (RED, BLUE, FILTER, LITE, WORK, GIVEN, AREA)


@pytest.fixture
def inputs() -> Inputs:
    return inputs_of(ROWS)


def test_that_rows_of_a_launch_are_its_own_and_those_that_all_launches_share():
    other = dataclasses.replace(launch(), id=8, code="L-2")
    scenarios = [
        Scenario(id=n, code=f"R-{n}", name="x", launch=of, risk_area=7) for n, of in ((20, launch().id), (21, 8))
    ]
    both = inputs_of([launch(), other, RED, *scenarios])
    assert [row.code for row in both.rows(Scenario, 8)] == ["R-21"]
    assert both.rows(Team, 8) == (RED,)
    assert len(both.rows(Scenario)) == 2


def test_that_a_row_is_found_by_its_code_and_a_link_by_its_parts(inputs):
    assert inputs.find(Team, "T-2") is BLUE
    assert inputs.find(EffortRecord, "M-1.lite/T-2") is WORK
    assert inputs.address(WORK) == "M-1.lite/T-2"
    assert inputs.address(GIVEN) == "T-1/"


def test_that_a_code_nobody_has_is_refused_with_some_that_are_there(inputs):
    with pytest.raises(UnknownRecordError, match=r"no team called 'T-9'.*T-1, T-2"):
        inputs.find(Team, "T-9")
    with pytest.raises(UnknownRecordError, match="There are no people yet"):
        inputs.find(Person, "ann")


def test_that_a_code_of_two_launches_needs_the_launch_named():
    rows = [Scenario(id=n, code="R-1", name="x", launch=n, risk_area=7) for n in (20, 21)]
    both = inputs_of(rows)
    with pytest.raises(UnknownRecordError, match="--launch"):
        both.find(Scenario, "R-1")
    assert both.find(Scenario, "R-1", 21) is rows[1]


def test_that_a_missing_row_by_id_is_a_bug_and_says_so(inputs):
    assert inputs.get(Team, 2) is BLUE
    assert not inputs.has(Team, 99)
    assert not inputs.has(Launch, 1)
    with pytest.raises(KeyError):
        inputs.get(Team, 99)


def test_that_children_are_found_by_their_reference(inputs):
    assert inputs.children(EffortRecord, "team", BLUE.id) == (WORK,)
    assert inputs.children(EffortRecord, "team", RED.id) == ()


def test_that_a_row_in_plain_words_has_addresses_and_whole_estimates(inputs):
    row = plain_row(inputs, WORK)
    assert row["team"] == "T-2"
    assert row["variant"] == "M-1.lite"
    assert row["days"] == [1, 2, 3, "elicited"]


def test_that_a_broken_link_shows_as_a_question_mark(inputs):
    assert inputs.part(AREA, "release") == "?"


def test_that_a_copy_with_other_rows_leaves_the_first_as_it_was(inputs):
    copy = inputs.with_rows({"team": (RED,)}, "head")
    assert copy.rows(Team) == (RED,)
    assert copy.head == "head"
    assert inputs.rows(Team) == (RED, BLUE)
    assert copy.rows(Mitigation) == (FILTER,)


def test_that_a_frame_has_a_column_per_stored_column(inputs):
    frame = inputs.frame(EffortRecord)
    assert list(frame.index) == [WORK.id]
    assert frame.loc[WORK.id, "days_median"] == 2


def test_that_the_fingerprint_rests_on_codes_and_values_never_on_ids_or_order(inputs):
    shift = {row.id: row.id + 1000 for row in ROWS}
    moved = [
        dataclasses.replace(
            row,
            id=shift[row.id],
            **{
                name: shift[getattr(row, name)]
                for name in ("team", "variant", "mitigation")
                if isinstance(getattr(row, name, None), int)
            },
        )
        for row in ROWS
    ]
    random.Random(1).shuffle(moved)
    assert fingerprint(inputs_of(moved), RECORDS) == fingerprint(inputs, RECORDS)


@pytest.mark.parametrize(
    "other",
    [
        dataclasses.replace(WORK, days=Estimate(1, 2, 4, "elicited")),
        dataclasses.replace(WORK, days=Estimate(1, 2, 3, "assumed")),
        dataclasses.replace(WORK, team=RED.id),
        dataclasses.replace(WORK, basis="asked"),
    ],
)
def test_that_the_fingerprint_changes_with_any_value(inputs, other):
    changed = inputs.with_rows({"effort": (other,)}, "")
    assert fingerprint(changed, RECORDS) != fingerprint(inputs, RECORDS)

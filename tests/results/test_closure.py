"""What a signature is bound to: all that a decision rested on, and nothing else."""

import dataclasses

import pytest

from launchpad.records import (
    RECORDS,
    Condition,
    Decision,
    EvalResult,
    EvidenceLink,
    Incident,
    Inputs,
    Launch,
    Plan,
    Record,
    Scenario,
    fields_of,
)
from launchpad.results.closure import SCALES, parts_as_json, parts_from_json, parts_of, rests_on
from launchpad.results.reached import ALWAYS, LEFT_OUT, NAMED, OF_THE_PLAN, OUTSIDE, OWN, TOLD_BEFORE, WITH, reached
from launchpad.results.signed import plan_of
from launchpad.templates import sample_project
from tests.builders import inputs_of, link, renumbered, result, scenario
from tests.decided import decided, the_launch
from tests.results.everything import MINE, THEIRS, changed, everything, key_of, launch_of

ALL = everything()
INSIDE = [record for record in RECORDS if record not in OUTSIDE]


def hash_of(inputs: Inputs) -> str:
    launch = launch_of(inputs)
    decision = inputs.get(Decision, key_of("decision", MINE))
    return rests_on(parts_of(inputs, launch, plan_of(inputs, decision), decision))


def named_in_a_part(record: type[Record], name: str) -> bool:
    """Whether a row that belongs tells this field of a row it refers to: it is part of the address of that row."""
    refers = any(field.refers == record.table for inside in INSIDE for field in fields_of(inside))
    return refers and name in record.address


def test_that_every_record_is_said_to_belong_or_not_and_why():
    belongs = {*OWN, *OF_THE_PLAN, *NAMED, *ALWAYS, *(record for rows in WITH.values() for record, _ in rows)}
    rest = {record.table for record in RECORDS if record not in belongs and record not in OUTSIDE}
    assert rest == {"launch", "plan", "plan_work", "decision", "condition"}
    assert not belongs & set(OUTSIDE)
    assert all(reason.endswith(".") for reason in OUTSIDE.values())
    assert all(reason.endswith(".") for fields in LEFT_OUT.values() for reason in fields.values())


def test_that_the_fields_left_out_are_these_and_no_others():
    assert {record.table: set(fields) for record, fields in LEFT_OUT.items()} == {
        "project": {"name", "created"},
        "launch": {"current_plan", "status"},
        "eval_result": {"harness_version", "file_name", "tags", "source", "note", "texts"},
        "condition": {"status", "closed_on", "closed_because"},
    }
    assert {"code", "model", "snapshot", "launch_date", "horizon_days"} == TOLD_BEFORE


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.table)
def test_that_the_hash_changes_with_a_field_just_when_its_row_and_the_field_belong(record):
    whole = hash_of(ALL)
    row = next(row for row in ALL.rows(record) if row.id == key_of(record.table, MINE))
    for field in fields_of(record):
        after = changed(ALL, row, field)
        if after is None:
            continue
        belongs = record not in OUTSIDE and field.name not in LEFT_OUT.get(record, {})
        assert (hash_of(after) != whole) == (belongs or named_in_a_part(record, field.name)), field.name


@pytest.mark.parametrize("record", [one for one in RECORDS if one not in ALWAYS], ids=lambda record: record.table)
def test_that_rows_of_another_launch_and_what_only_they_name_leave_it_as_it_is(record):
    whole = hash_of(ALL)
    row = next(row for row in ALL.rows(record) if row.id == key_of(record.table, THEIRS))
    for field in fields_of(record):
        if field.refers is not None:  # would bring the row into the launch
            continue
        after = changed(ALL, row, field)
        assert after is not None
        assert hash_of(after) == whole, field.name


COME_AND_GO = [one for one in INSIDE if one not in (Launch, Decision, Plan)]


@pytest.mark.parametrize("record", COME_AND_GO, ids=lambda record: record.table)
def test_that_a_row_that_would_enter_or_leave_is_seen(record):
    whole = hash_of(ALL)
    row = next(row for row in ALL.rows(record) if row.id == key_of(record.table, MINE))
    others = tuple(one for one in ALL.tables[record.table] if one is not row)
    if record not in {*NAMED, Scenario} and not any(
        field.refers == record.table for inside in INSIDE for field in fields_of(inside)
    ):
        assert hash_of(ALL.with_rows({record.table: others}, "")) != whole
    if record in (*OWN, *OF_THE_PLAN, Condition):
        code = {"code": "new"} if "code" in record.address else {}
        more = dataclasses.replace(row, id=99_999, **code)  # pyright: ignore[reportArgumentType]
        assert hash_of(ALL.with_rows({record.table: (*ALL.tables[record.table], more)}, "")) != whole


def test_that_row_ids_and_the_order_of_rows_do_not_matter():
    rows = [row for rows in ALL.tables.values() for row in rows]
    again, fresh = renumbered(rows)
    moved = inputs_of(reversed(again))
    launch, decision = (moved.get(of, fresh[key_of(of.table, MINE)]) for of in (Launch, Decision))
    assert rests_on(parts_of(moved, launch, plan_of(moved, decision), decision)) == hash_of(ALL)


def test_that_a_result_belongs_once_it_is_linked():
    inputs = decided(result(9, 1, 10))
    launch = the_launch(inputs)
    before = parts_of(inputs, launch, None)
    assert "eval_result E-0009" not in before
    after = parts_of(decided(result(9, 1, 10), link(9, 1)), launch, None)
    assert set(after) - set(before) == {"eval_result E-0009", "evidence_link E-0009/propensity/R-001//"}


def test_that_the_launch_before_belongs_by_what_is_read_of_it_once_anything_came_in_there():
    old = Launch(
        id=50, code="L-0", name="Before", model="m-0", launch_date="2026-06-01", freeze_date="2026-05-20", as_of=DAY
    )
    rows = [old, Scenario(id=51, code="R-001", launch=50, name="Then", risk_area=3)]
    inputs = decided(*rows)
    launch = dataclasses.replace(the_launch(inputs), baseline=50)
    inputs = inputs.with_rows({"launch": (launch, old)}, "")
    quiet = parts_of(inputs, launch, None)
    assert not any(name.endswith(" of L-0") for name in quiet)
    event = Incident(id=52, code="I-1", launch=50, scenario=51, happened="2026-07-01")
    seen = inputs.with_rows({"incident": (event,)}, "")
    parts = parts_of(seen, launch, None)
    assert {"launch L-0", "scenario R-001 of L-0", "incident I-1 of L-0"} <= set(parts)
    for name, value, belongs in [("model", "m-9", True), ("name", "Other", False), ("regions", "EU", False)]:
        renamed = dataclasses.replace(old, **{name: value})
        after = parts_of(seen.with_rows({"launch": (launch, renamed)}, ""), launch, None)
        assert (rests_on(after) != rests_on(parts)) == belongs, name


DAY = "2026-12-01"


def test_that_rows_of_one_name_count_together():
    inputs = decided(*scenario(1)[:1])
    twice = decided(dataclasses.replace(scenario(1)[0], id=777))
    assert parts_of(inputs, the_launch(inputs), None) != parts_of(twice, the_launch(twice), None)


def test_that_parts_read_back_and_damaged_ones_are_none():
    parts = parts_of(ALL, launch_of(ALL), None)
    assert parts_from_json(parts_as_json(parts)) == parts
    assert SCALES in parts
    assert parts_from_json("[1]") == parts_from_json(b"{") == {}


def test_that_a_link_counts_only_in_its_own_launch():
    rows = [*reached(ALL, launch_of(ALL), None)]
    assert {row.id for row in rows if isinstance(row, EvidenceLink | EvalResult)} == {
        key_of("evidence_link", MINE),
        key_of("eval_result", MINE),
    }


@pytest.mark.slow
def test_that_on_the_sample_too_the_hash_changes_just_with_what_belongs(tmp_path):
    with sample_project(tmp_path / "sample.launchpad") as project:
        inputs = project.inputs
    launch = inputs.rows(Launch)[0]
    whole = rests_on(parts_of(inputs, launch, None))
    inside = {(row.table, row.id) for row in reached(inputs, launch, None)}
    for rows in inputs.tables.values():
        samples = {((row.table, row.id) in inside): row for row in rows}
        for row in samples.values():
            _changes_one_by_one(inputs, launch, row, whole, belongs=(row.table, row.id) in inside)


def _changes_one_by_one(inputs: Inputs, launch: Launch, row: Record, whole: str, *, belongs: bool) -> None:
    for field in fields_of(type(row)):
        if field.refers is not None and not belongs:
            continue
        after = changed(inputs, row, field)
        if after is None or (named_in_a_part(type(row), field.name) and not belongs):
            continue
        expected = belongs and field.name not in LEFT_OUT.get(type(row), {})
        found = rests_on(parts_of(after, after.get(Launch, launch.id), None)) != whole
        assert found == expected, (inputs.address(row), row.table, field.name)

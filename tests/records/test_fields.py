import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.records import (
    RECORDS,
    TABLES,
    Effort,
    Estimate,
    Exposure,
    columns_of,
    field_of,
    fields_of,
    record_from,
    values_of,
)
from launchpad.records.fields import ESTIMATE_PARTS, KINDS

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TYPED = {
    "text": st.text(max_size=5),
    "date": st.just("2026-12-01"),
    "moment": st.just("2026-12-01T00:00:00Z"),
    "whole": st.integers(0, 99),
    "number": FINITE,
    "flag": st.booleans(),
}
ESTIMATES = st.builds(Estimate, FINITE, FINITE, FINITE, st.sampled_from(KINDS))


@st.composite
def records(draw, record):
    """Any record of that kind: every field set, or None where it may be."""
    values = {"id": draw(st.integers(1, 2**53 - 1))}
    for field in fields_of(record):
        some = ESTIMATES if field.scale else TYPED[field.type]
        values[field.name] = draw(some if field.required else st.none() | some)
    return record(**values)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.table)
@settings(max_examples=10)
@given(data=st.data())
def test_that_every_record_comes_back_from_its_columns(record, data):
    made = data.draw(records(record))
    assert record_from(record, made.id, values_of(made)) == made


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.table)
def test_that_columns_are_what_values_hold_and_in_their_order(record):
    blank = record(id=1, **dict.fromkeys((field.name for field in fields_of(record)), None))
    assert list(values_of(blank)) == [column.name for column in columns_of(record)]
    assert len({column.name for column in columns_of(record)}) == len(columns_of(record))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.table)
def test_that_every_field_is_declared_for_people(record):
    assert record.label
    assert record.plural
    for field in fields_of(record):
        assert field.label, field.name
        assert field.help == "" or field.help.endswith((".", "?")), field.help
        assert field.low is None or field.high is None or field.low <= field.high


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.table)
def test_that_defaults_lie_within_their_own_bounds_and_choices(record):
    for item in dataclasses.fields(record):
        field = field_of(record, item.name)
        if field is None or item.default is dataclasses.MISSING or item.default is None:
            continue
        if field.choices:
            assert item.default in field.choices
        if field.type in ("whole", "number") and field.scale is None:
            assert field.low is None or item.default >= field.low
            assert field.high is None or item.default <= field.high


def test_that_each_table_refers_only_to_itself_or_to_earlier_ones():
    for n, record in enumerate(RECORDS):
        earlier = {other.table for other in RECORDS[: n + 1]}
        assert {field.refers for field in fields_of(record) if field.refers} <= earlier, record.table


def test_that_every_record_has_a_table_of_its_own_and_an_address_of_its_fields():
    assert len(TABLES) == len(RECORDS)
    for record in RECORDS:
        assert all(field_of(record, name) is not None for name in record.address)


def test_that_what_belongs_to_a_launch_says_so_by_a_field_of_that_name():
    for record in RECORDS:
        field = field_of(record, "launch")
        assert field is None or (field.refers == "launch" and field.required)


def test_that_an_estimate_is_four_columns_of_one_group():
    columns = [column for column in columns_of(Effort) if column.field.name == "days"]
    assert [column.name for column in columns] == [f"days_{part}" for part in ESTIMATE_PARTS]
    assert {column.group for column in columns} == {"days"}
    assert [column.type for column in columns] == ["number", "number", "number", "text"]


def test_that_an_empty_estimate_is_four_empty_columns():
    exposure = Exposure(id=1, launch=2, scenario=3, opportunities=Estimate(1, 2, 3))
    values = values_of(exposure)
    assert [values[f"propensity_{part}"] for part in ESTIMATE_PARTS] == [None] * 4
    assert record_from(Exposure, 1, values).propensity is None


def test_that_records_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Effort(id=1, variant=2, team=3, days=Estimate(1, 2, 3)).people = 2.0  # pyright: ignore[reportAttributeAccessIssue]

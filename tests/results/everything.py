"""Two launches with one row of every record each, and a way to change any one field of any row."""

import dataclasses

from launchpad.records import RECORDS, Decision, Estimate, Field, Inputs, Launch, Record, fields_of
from tests.builders import inputs_of

MINE, THEIRS = 1, 2
PLACES = {record.table: place for place, record in enumerate(RECORDS)}
APART = {  # references of a row to its own kind, and those that would tie the two launches together
    ("launch", "baseline"),
    ("risk_area", "parent"),
    ("risk_area", "replaced_by"),
    ("eval_result", "control"),
}


def key_of(table: str, whose: int) -> int:
    return 1000 * whose + PLACES[table]


def everything() -> Inputs:
    """Every record twice: one row of, or named by, the launch L-1, and one of L-2."""
    return inputs_of(row_of(record, whose) for record in RECORDS for whose in (MINE, THEIRS))


def row_of(record: type[Record], whose: int) -> Record:
    values = {field.name: value_of(record, field, whose) for field in fields_of(record)}
    if record is Decision:
        values["plan"] = f"plan-{whose}"
    return record(id=key_of(record.table, whose), **values)  # pyright: ignore[reportCallIssue] - the record's own


def value_of(record: type[Record], field: Field, whose: int) -> object:
    if field.refers is not None:
        return None if (record.table, field.name) in APART else key_of(field.refers, whose)
    if field.scale is not None:
        return Estimate(0.1, 0.2, 0.3)
    if field.choices:
        return next(iter(field.choices))
    if field.type == "text":
        return f"{record.table}-{whose}" if field.name == "code" else f"{field.name} {whose}"
    if field.type == "flag":
        return False
    if field.type in ("date", "moment"):
        return "2027-01-04" if field.type == "date" else "2026-12-01T09:00:00.000Z"
    return 1 if field.type == "whole" else 0.5


def changed(inputs: Inputs, row: Record, field: Field) -> Inputs | None:
    """The inputs with one field of one row changed; None where it can take no other value here."""
    value = other_value(inputs, row, field)
    if value is None and getattr(row, field.name) is None:
        return None
    after = dataclasses.replace(row, **{field.name: value})  # pyright: ignore[reportArgumentType]
    rows = tuple(after if one is row else one for one in inputs.tables[row.table])
    return inputs.with_rows({row.table: rows}, inputs.head)


def other_value(inputs: Inputs, row: Record, field: Field) -> object:
    value = getattr(row, field.name)
    if field.refers is not None:
        others = (one.id for one in inputs.tables.get(field.refers, ()) if one.id not in (value, row.id))
        return next(others, None)
    if field.scale is not None:
        return Estimate(0.1, 0.2, 0.4) if value is None else dataclasses.replace(value, median=value.median * 1.01)
    if field.choices:
        return next((choice for choice in field.choices if choice != value), value)
    if field.type == "text":
        return f"{value or ''}x"
    if field.type == "flag":
        return not value
    if field.type in ("date", "moment"):
        return "2026-11-02" if field.type == "date" else "2026-11-02T10:00:00.000Z"
    return 7 if value is None else value + 1 if field.type == "whole" else value + 0.25


def launch_of(inputs: Inputs, whose: int = MINE) -> Launch:
    return inputs.get(Launch, key_of("launch", whose))

"""The data dictionary: every field of every record, as its declaration says."""

from collections.abc import Iterator

from launchpad.export.sheet import Column, Content, Page, heading, lay_out, table
from launchpad.records import RECORDS, Field, Record, fields_of

COLUMNS = (
    Column("Record", "text", 20),
    Column("Field", "strong", 26),
    Column("Name in files", "text", 20),
    Column("Meaning", "wrap", 52),
    Column("Takes", "text", 18),
    Column("Unit", "text", 20),
    Column("Range or choices", "wrap", 52),
    Column("Required", "text", 10),
)
TYPES = {
    "text": "words",
    "whole": "whole number",
    "number": "number",
    "flag": "yes or no",
    "date": "day",
    "moment": "time (UTC)",
}


def fill(page: Page) -> None:
    """Write the page: one row for each field, in the order of the records."""
    heading(page, "Data dictionary", "What every field means, for reading an export and for loading tables.")
    table(page, "data_dictionary", COLUMNS, _rows())
    lay_out(page, COLUMNS, frozen=2)


def _rows() -> Iterator[tuple[Content, ...]]:
    for record in RECORDS:
        for field in fields_of(record):
            yield _row(record, field)


def _row(record: type[Record], field: Field) -> tuple[Content, ...]:
    return (
        record.plural,
        field.label,
        f"{record.table}.{field.name}",
        field.help,
        _takes(field),
        field.unit,
        _range(field),
        field.required,
    )


def _takes(field: Field) -> str:
    if field.refers is not None:
        return f"code of {field.refers.replace('_', ' ')}"
    if field.choices:
        return "one of"
    return "estimate" if field.scale is not None else TYPES[field.type]


def _range(field: Field) -> str:
    if field.choices:
        return "; ".join(f"{value}: {label}" for value, label in field.choices.items())
    ends = [("at least", field.low), ("at most", field.high)]
    parts = [f"{words} {end:g}" for words, end in ends if end is not None]
    if field.scale is not None:
        parts.append("low (5 %), median, high (95 %), and whether measured, elicited or assumed")
    return "; ".join(parts)

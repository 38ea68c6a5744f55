"""Every table as CSV in one .zip, with what each column means and the schema of the project's JSON beside them."""

import io
import json
import zipfile
from collections.abc import Iterator

from launchpad.export.plain import csv_bytes, rows_of_table
from launchpad.records import RECORDS, Field, Inputs, Record, Value, fields_of
from launchpad.records.fields import ESTIMATE_PARTS

EPOCH = (1980, 1, 1, 0, 0, 0)
DICTIONARY, SCHEMA = "data_dictionary.csv", "project.schema.json"
HEADER = ("table", "column", "label", "help", "type", "unit", "low", "high", "choices", "refers", "required")


def tables_zip(inputs: Inputs) -> bytes:
    """A .zip with a CSV for each table of the project, all launches alike; equal projects give equal bytes.

    Each row begins with its address, by which references name it. What is unknown is an empty field.
    """
    from launchpad.export.schema import project_schema

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for record in RECORDS:
            _put(archive, f"{record.table}.csv", csv_bytes(*rows_of_table(inputs, record)))
        _put(archive, DICTIONARY, csv_bytes(HEADER, _dictionary()))
        schema = json.dumps(project_schema(), ensure_ascii=False, indent=1)
        _put(archive, SCHEMA, f"{schema}\n".encode())
    return held.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, data)


def _dictionary() -> Iterator[tuple[Value, ...]]:
    for record in RECORDS:
        yield (record.table, "address", "Address", "How people name the row.", *("text", "", None, None, "", "", True))
        for field in fields_of(record):
            for name, type_ in _columns(field):
                yield _line(record, field, name, type_)


def _columns(field: Field) -> Iterator[tuple[str, str]]:
    if field.scale is None:
        yield field.name, "text" if field.refers is not None else field.type
        return
    for part in ESTIMATE_PARTS:
        yield f"{field.name}_{part}", "text" if part == "kind" else "number"


def _line(record: type[Record], field: Field, name: str, type_: str) -> tuple[Value, ...]:
    choices = "; ".join(f"{value}: {label}" for value, label in field.choices.items())
    return (
        *(record.table, name, field.label, field.help, type_, field.unit, field.low, field.high),
        *(choices, field.refers, field.required),
    )

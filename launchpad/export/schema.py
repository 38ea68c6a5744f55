"""The JSON Schema of a project as JSON, made from the declarations of its records."""

from typing import Any

from launchpad.export.plain import FORMAT, FORMAT_VERSION
from launchpad.records import RECORDS, Field, ProjectInfo, Record, fields_of
from launchpad.records.fields import KINDS
from launchpad.results.answers import CriterionShown, Score
from launchpad.results.shapes import DIALECT, Shapes

Schema = dict[str, Any]
TYPES = {
    "text": "string",
    "whole": "integer",
    "number": "number",
    "flag": "boolean",
    "date": "string",
    "moment": "string",
}
DAY = r"^\d{4}-\d{2}-\d{2}$"


def project_schema() -> Schema:
    """The schema (draft 2020-12) of what `launchpad export PROJECT OUT.json` writes."""
    shapes = Shapes()
    score, criteria = shapes.of(Score | None), shapes.of(list[CriterionShown])
    tables = {record.table: _table(record) for record in RECORDS if record is not ProjectInfo}
    properties: Schema = {
        "format": {"const": FORMAT},
        "version": {"const": FORMAT_VERSION},
        "program": _said("string", "Version of the program that wrote it."),
        "made": {"type": "string", "format": "date-time"},
        "head": _said(["string", "null"], "SHA-256 of the newest row of the journal; null without one."),
        "project": {"anyOf": [_row(ProjectInfo, addressed=False), {"type": "null"}]},
        "tables": _object(tables, "Every table; its rows in the order of their addresses."),
        "withheld": {
            "type": "array",
            "description": "Fields whose words a risk area's handling keeps out: null above.",
            "items": _object(
                {
                    "table": {"type": "string"},
                    "address": {"type": "string"},
                    "fields": {"type": "array", "items": {"type": "string"}},
                }
            ),
        },
        "score": score,
        "criteria": criteria,
    }
    return {
        "$schema": DIALECT,
        "title": "Launchpad project",
        "description": "References are addresses; an estimate is [low, median, high, kind]; what is unknown is null.",
        **_object(properties),
        "$defs": shapes.definitions,
    }


def _table(record: type[Record]) -> Schema:
    return {"type": "array", "title": record.plural, "items": _row(record, addressed=True)}


def _row(record: type[Record], *, addressed: bool) -> Schema:
    address = {"address": _said("string", "How people name the row.")} if addressed else {}
    fields = {field.name: _field(field) for field in fields_of(record)}
    return {"title": record.label, **_object({**address, **fields})}


def _field(field: Field) -> Schema:
    """One field; any may be null where it is not required, or where its words may be withheld."""
    known = _estimate(field) if field.scale is not None else _value(field)
    known["title"] = field.label
    about = " ".join(words for words in (field.help, f"In {field.unit}." if field.unit else "") if words)
    if about:
        known["description"] = about
    return known


def _value(field: Field) -> Schema:
    kind = "string" if field.refers is not None else TYPES[field.type]
    open_ = not field.required or (field.type == "text" and not field.choices)
    found: Schema = {"type": [kind, "null"] if open_ else kind}
    if field.refers is not None:
        found["x-refers"] = field.refers
    if field.choices:
        found["enum"] = [*field.choices, None] if open_ else [*field.choices]
    if field.type == "date":
        found["pattern"] = DAY
    return found | (_ends(field) if field.refers is None else {})


def _ends(field: Field) -> Schema:
    ends = (("minimum", field.low), ("maximum", field.high))
    return {name: end for name, end in ends if end is not None}


def _estimate(field: Field) -> Schema:
    point = {"type": "number", **_ends(field)}
    found: Schema = {
        "type": "array" if field.required else ["array", "null"],
        "prefixItems": [point, point, point, {"enum": list(KINDS)}],
        "minItems": 4,
        "maxItems": 4,
    }
    return found


def _said(kind: str | list[str], words: str) -> Schema:
    return {"type": kind, "description": words}


def _object(properties: Schema, description: str = "") -> Schema:
    about = {"description": description} if description else {}
    return {"type": "object", **about, "properties": properties, "required": list(properties)}

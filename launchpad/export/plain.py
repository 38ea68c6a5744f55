"""The project as plain JSON, and one table of it as CSV: for other programs, and for whoever comes after us."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from launchpad import __version__
from launchpad.errors import ExportError
from launchpad.export.facts import Facts, Task
from launchpad.export.handling import kept_out
from launchpad.export.text import csv_text
from launchpad.records import (
    RECORDS,
    TABLES,
    Inputs,
    ProjectInfo,
    Record,
    Scenario,
    Value,
    columns_of,
    fields_of,
    plain_row,
)
from launchpad.records.fields import ESTIMATE_PARTS
from launchpad.scoring.criteria import NEVER, standings

FORMAT = "launchpad project"
FORMAT_VERSION = 1
Plain = Mapping[str, Value | list[Value]]


def project_json(
    inputs: Inputs,
    *,
    head: str,
    made: str,
    score: Mapping[str, object] | None = None,
    criteria: Sequence[Mapping[str, object]] = (),
) -> bytes:
    """The whole project as UTF-8 JSON.

        {"format": "launchpad project", "version": 1, "program": "0.1.0", "made": "...", "head": "...",
         "project": {"name", "uuid", "harm_unit", "created"},
         "tables": {"scenario": [{"address": "R-001", "code": "R-001", ...}, ...], ...},
         "withheld": [{"table", "address", "fields": [...]}],
         "score": {... as `score --json` ...} | null,
         "criteria": [{"code", "standing", "reason", "n_needed", "marks": [...]}, ...]}

    A table's rows stand in the order of their addresses; a reference is the address of what it points
    to, an estimate [low, median, high, kind], what is unknown null. Words that a risk area's handling
    keeps out of exports are null and listed in `withheld`.
    """
    withheld: list[dict[str, object]] = []
    tables = {record.table: _rows(inputs, record, withheld) for record in RECORDS if record is not ProjectInfo}
    whole = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "program": __version__,
        "made": made,
        "head": head or None,
        "project": _about(inputs),
        "tables": tables,
        "withheld": withheld,
        "score": score,
        "criteria": list(criteria),
    }
    text = json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def table_csv(inputs: Inputs, table: str, launch: int | None = None) -> bytes:
    """One table as CSV for a spreadsheet: UTF-8 with its mark, a header of field names, estimates as four columns.

    Text that a spreadsheet would calculate starts with an apostrophe. Raises ExportError when there is no such table.
    """
    record = TABLES.get(table)
    if record is None:
        raise ExportError(f"There is no table called {table!r}.", f"There are: {', '.join(TABLES)}.")
    header = [column.name for column in columns_of(record)]
    rows = ([row.get(name) for name in header] for row in map(_flat, _plain_rows(inputs, record, launch)))
    return csv_bytes(header, rows)


def rows_of_table(inputs: Inputs, record: type[Record]) -> tuple[list[str], list[list[Value]]]:
    """The header and the rows of a whole table, addresses first, in their order; withheld words are None."""
    header = ["address", *(column.name for column in columns_of(record))]
    flat = (_flat(row) for row in _rows(inputs, record, []))
    return header, [[row.get(name) for name in header] for row in flat]


def workplan_csv(facts: Facts) -> bytes:
    """The workplan of a launch as CSV for a spreadsheet, first things first; only a header without a plan."""
    header = (
        *("rank", "code", "name", "variant", "teams", "person_days", "start", "finish"),
        *("gain", "gain_per_day", "p_ready", "status", "owner", "lowers", "note"),
    )
    return csv_bytes(header, (_task(facts, task) for task in facts.tasks))


def criteria_shown(inputs: Inputs, launch_id: int, imported: Mapping[int, str] = NEVER) -> list[dict[str, object]]:
    """Where each success criterion of a launch stands, and what is odd about how it was set."""
    return [
        {
            "code": one.code,
            "standing": one.standing,
            "reason": one.reason,
            "n_needed": one.n_needed,
            "marks": list(one.marks),
        }
        for one in standings(inputs, launch_id, imported)
    ]


def score_shown(inputs: Inputs, launch_id: int, score: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of `score --json` with the names that a risk area's handling keeps out of exports as null."""
    shown = [
        {
            **row,
            "name": None if "name" in kept_out(inputs, inputs.find(Scenario, row["code"], launch_id)) else row["name"],
        }
        for row in score["scenarios"]
    ]
    return {**score, "scenarios": shown}


def _task(facts: Facts, task: Task) -> tuple[Value, ...]:
    item = task.item
    days = sum(row.days for row in facts.work(item))
    return (
        *(item.rank, task.code, task.name, task.variant, facts.teams_of(item), days, item.start, item.finish),
        *(item.gain, item.gain_per_day, item.p_ready, task.status, task.owner, task.lowers, task.note),
    )


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A header and rows as CSV bytes; None is empty, yes and no are true and false."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_field(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _field(value: Value) -> str | int | float | None:
    if isinstance(value, str):
        return csv_text(value)
    return str(value).lower() if isinstance(value, bool) else value


def _about(inputs: Inputs) -> Plain | None:
    return next((plain_row(inputs, row) for row in inputs.rows(ProjectInfo)), None)


def _rows(inputs: Inputs, record: type[Record], withheld: list[dict[str, object]]) -> list[Plain]:
    found: list[Plain] = []
    for row in inputs.rows(record):
        address = inputs.address(row)
        hidden = sorted(name for name in kept_out(inputs, row) if getattr(row, name) is not None)
        if hidden:
            withheld.append({"table": record.table, "address": address, "fields": hidden})
        found.append({"address": address, **_shown(inputs, row)})
    return sorted(found, key=lambda row: cast("str", row["address"]))


def _plain_rows(inputs: Inputs, record: type[Record], launch: int | None) -> list[Plain]:
    return [_shown(inputs, row) for row in inputs.rows(record, launch)]


def _shown(inputs: Inputs, row: Record) -> Plain:
    """A row as people know it, names of people in words, withheld words as null."""
    plain = plain_row(inputs, row)
    for declared in fields_of(type(row)):
        if declared.in_content:
            plain[declared.name] = inputs.text(getattr(row, declared.name))
    return plain | dict.fromkeys(kept_out(inputs, row))


def _flat(row: Plain) -> dict[str, Value]:
    """A plain row with estimates spread over four columns."""
    flat: dict[str, Value] = {}
    for name, value in row.items():
        if isinstance(value, list):
            flat |= {f"{name}_{part}": piece for part, piece in zip(ESTIMATE_PARTS, value, strict=True)}
        else:
            flat[name] = value
    return flat

"""What the history shows: a row for each edit, and the fields an edit changed, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchpad.changes import Change, Edit
from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.records import TABLES, Column, Inputs, Record, Value, columns_of

SHOWN_CHANGES = 500


def rows(journal: Iterable[tuple[int, Edit]]) -> list[Row]:
    """One row for each edit, newest first; its id is its number in the journal."""
    return [
        Row(
            number,
            {},
            {
                "number": number,
                "when": edit.at,
                "who": edit.author,
                "what": edit.label,
                "why": edit.reason,
                "changes": len(edit.changes),
            },
        )
        for number, edit in reversed(list(journal))
    ]


@dataclass(frozen=True)
class Difference:
    """One field of one row, before and after an edit, as a person reads it."""

    table: str
    record: str
    field: str
    before: str
    after: str


def differences(inputs: Inputs, edit: Edit) -> list[Difference]:
    """What an edit changed, field by field; an added or removed row in one line. At most SHOWN_CHANGES rows."""
    found: list[Difference] = []
    for change in edit.changes[:SHOWN_CHANGES]:
        record = TABLES.get(change.table)
        if record is not None:
            found.extend(_of(inputs, record, change))
    return found


def _of(inputs: Inputs, record: type[Record], change: Change) -> list[Difference]:
    name = _name(inputs, record, change)
    if change.before is None or change.after is None:
        whole = change.after or change.before or {}
        text = "; ".join(
            f"{words.translate('records', column.field.label)} {shown}"
            for column in columns_of(record)
            if (shown := _shown(inputs, column, whole)) and column.part in (None, "median")
        )
        before, after = (text, "") if change.after is None else ("", text)
        return [Difference(record.label, name, "", before, after)]
    return [
        Difference(
            record.label,
            name,
            _title(column),
            _shown(inputs, column, change.before),
            _shown(inputs, column, change.after),
        )
        for column in columns_of(record)
        if column.name in change.after and change.after[column.name] != change.before[column.name]
    ]


def _title(column: Column) -> str:
    label = words.translate("records", column.field.label)
    return label if column.part is None else f"{label} ({column.part})"


def _name(inputs: Inputs, record: type[Record], change: Change) -> str:
    if inputs.has(record, change.key):
        return inputs.address(inputs.get(record, change.key))
    values = change.before or change.after or {}
    return str(values.get("code") or "")


def _shown(inputs: Inputs, column: Column, values: Mapping[str, Value]) -> str:
    value, declared = values.get(column.name), column.field
    if value is None:
        return ""
    if declared.refers is not None:
        target = TABLES[declared.refers]
        return inputs.address(inputs.get(target, int(value))) if inputs.has(target, int(value)) else "?"
    if declared.choices:
        return words.translate("records", declared.choices.get(str(value), str(value)))
    if isinstance(value, bool):
        return words.yes_no(value)
    if isinstance(value, int | float):
        return words.number(float(value), 6)
    if declared.in_content:
        return inputs.text(value) or ""
    return value

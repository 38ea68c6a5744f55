"""What is said when a change meets a row that is not as its author saw it."""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from launchpad.changes import Change, Edit, Values
from launchpad.errors import ConflictError, InvalidValueError, LaunchpadError
from launchpad.records import RECORDS, TABLES, Column, Record, Value, columns_of, field_of, fields_of
from launchpad.store import journal
from launchpad.store.rows import row_of
from launchpad.store.tables import metadata

UNCHANGED: Final = "Nothing was changed."


def changed(connection: sa.Connection, change: Change) -> ConflictError:
    """That a row is not as a change says it was: which row, which field, its present value, and whose."""
    record = TABLES[change.table]
    present = row_of(connection, record, change.key)
    by = _by(journal.last_to_touch(connection, change.table, change.key))
    if present is None:
        name = _name_of_missing(connection, record, change)
        return ConflictError(f"{name} was removed meanwhile{by}.", UNCHANGED)
    name = f"{record.label} {address_of(connection, record, present)}"
    if change.before is None:
        message = f"{name} is there already, written{by}."
    else:
        message = f"{name} was changed meanwhile{by}: {_differences(record, change.before, present)}."
    return _with_row(message, f"{UNCHANGED} Look at it as it is now, then decide.", change.key, present)


def taken(connection: sa.Connection, change: Change) -> ConflictError:
    """That somebody else named a field after the edit that would be taken back."""
    record = TABLES[change.table]
    present = row_of(connection, record, change.key)
    by = _by(journal.last_to_touch(connection, change.table, change.key))
    if present is None:
        name = _name_of_missing(connection, record, change)
        return ConflictError(f"{name} was removed since{by}.", UNCHANGED)
    name = f"{record.label} {address_of(connection, record, present)}"
    columns = [column for column in columns_of(record) if change.after is None or column.name in change.after]
    # A whole row is too long to tell; its first field names it well enough.
    values = ", ".join(f"{_label(column)} is now {_shown(present[column.name])}" for column in columns[:4])
    message = f"{name} was changed since{by}: {values}."
    return _with_row(message, f"{UNCHANGED} Change it by hand if it should be otherwise.", change.key, present)


def unfit(connection: sa.Connection, change: Change) -> LaunchpadError:
    """Why SQLite refused a change: a link to nowhere, a row that is there already, a field left empty."""
    record = TABLES[change.table]
    present = row_of(connection, record, change.key)
    if change.after is None and present is not None:
        name = f"{record.label} {address_of(connection, record, present)}"
        message = f"{name} cannot be removed while these belong to it: {_children(connection, change)}."
        return _with_row(message, f"{UNCHANGED} Remove them first.", change.key, present)
    if change.before is None and present is not None:
        return changed(connection, change)
    for field in fields_of(record):
        target = (change.after or {}).get(field.name)
        if field.refers is None or target is None:
            continue
        if row_of(connection, TABLES[field.refers], int(target)) is None:
            pointed = TABLES[field.refers].label.lower()
            message = f"{record.label}: the {pointed} it would belong to ({field.label}) is not there any more."
            hint = f"{UNCHANGED} Choose another {pointed}."
            return ConflictError(message, hint)
    return _left_empty(record, change.after or {})


def _left_empty(record: type[Record], values: Values) -> InvalidValueError:
    empty = [column for column in columns_of(record) if not column.nullable and values.get(column.name, 0) is None]
    names = ", ".join(dict.fromkeys(column.field.label for column in empty))
    return InvalidValueError(f"{record.label}: {names} cannot be empty.", UNCHANGED)


def address_of(connection: sa.Connection, record: type[Record], values: Values) -> str:
    """How people name a row with these values: its code, or its parts joined by a slash."""
    return "/".join(_part(connection, record, name, values) for name in record.address)


def _part(connection: sa.Connection, record: type[Record], name: str, values: Values) -> str:
    value, field = values.get(name), field_of(record, name)
    if value is None:
        return ""
    if field is None or field.refers is None:
        return str(value)
    target = TABLES[field.refers]
    row = row_of(connection, target, int(value))
    return "?" if row is None else address_of(connection, target, row)


def _name_of_missing(connection: sa.Connection, record: type[Record], change: Change) -> str:
    last = journal.last_to_touch(connection, change.table, change.key)
    known = [found.before for found in (last.changes if last else ()) if found.key == change.key]
    values = next((found for found in known if found is not None), change.before or {})
    address = address_of(connection, record, values)
    return f"{record.label} {address}" if address.strip("/") else record.label


def _by(last: Edit | None) -> str:
    return "" if last is None else f" by {last.author} ({last.label}, {last.at})"


def _differences(record: type[Record], before: Values, present: Mapping[str, Value]) -> str:
    return ", ".join(
        f"{_label(column)} is now {_shown(present[column.name])}, not {_shown(before[column.name])}"
        for column in columns_of(record)
        if column.name in before and before[column.name] != present[column.name]
    )


def _label(column: Column) -> str:
    return column.field.label if column.part is None else f"{column.field.label} ({column.part})"


def _shown(value: Value) -> str:
    if value is None:
        return "empty"
    if isinstance(value, str):
        return f"“{value}”" if len(value) <= 80 else f"“{value[:79]}…”"
    return str(value)


def _children(connection: sa.Connection, change: Change) -> str:
    """Which rows point to a row: "1 exposure, 3 effects"."""
    found: list[str] = []
    for record in RECORDS:
        columns = [field.name for field in fields_of(record) if field.refers == change.table]
        if columns:
            table = metadata.tables[record.table]
            points = sa.or_(*(table.c[name] == change.key for name in columns))
            query = sa.select(sa.func.count()).select_from(table).where(points)
            count = connection.execute(query).scalar_one()
            if count:
                found.append(f"{count} {(record.label if count == 1 else record.plural).lower()}")
    return ", ".join(found)


def _with_row(message: str, hint: str, key: int, present: Mapping[str, Value]) -> ConflictError:
    return ConflictError(message, hint, {"id": key, **present})

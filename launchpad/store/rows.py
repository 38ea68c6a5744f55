"""How rows come back from the file: checked for their types, as frozen records."""

import functools
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from launchpad.errors import ProjectFileError
from launchpad.records import Estimate, Record, Value, columns_of, fields_of
from launchpad.records.fields import ESTIMATE_PARTS, Column, Field, Type
from launchpad.store.tables import content, metadata

FEW: Final = 500
STORED: Final[dict[Type, tuple[type, ...]]] = {
    "whole": (int,),
    "number": (float,),
    "text": (str,),
    "date": (str,),
    "moment": (str,),
    "flag": (int,),
}


@functools.cache
def select(record: type[Record], *, one: bool = False) -> str:
    """The query for the id and columns of every row of a record, or of the one row of an id."""
    table = metadata.tables[record.table]
    query = sa.select(table.c.id, *(table.c[column.name] for column in columns_of(record)))
    if one:
        query = query.where(table.c.id == sa.bindparam("key"))
    return str(query.compile(dialect=sqlite.dialect()))


def row_of(connection: sa.Connection, record: type[Record], key: int) -> dict[str, Value] | None:
    """A row's columns as they are now, or None when there is no such row."""
    row = connection.exec_driver_sql(select(record, one=True), (key,)).first()
    if row is None:
        return None
    columns = columns_of(record)
    return {column.name: _back(column, value) for column, value in zip(columns, row[1:], strict=True)}


def _back(column: Column, value: Value) -> Value:
    return bool(value) if column.type == "flag" and value is not None else value


def renewed(
    connection: sa.Connection, record: type[Record], known: tuple[Record, ...], keys: Collection[int]
) -> tuple[Record, ...]:
    """The rows known of a record with those of these ids read anew: all of them where most changed."""
    if len(keys) > FEW:
        return records(connection, record)
    return (*(row for row in known if row.id not in keys), *records(connection, record, keys))


def records(connection: sa.Connection, record: type[Record], keys: Collection[int] | None = None) -> tuple[Record, ...]:
    """Every row of a record (or those of these ids), in no order.

    Raises ProjectFileError when one holds a value of another type.
    """
    some = "" if keys is None else f" WHERE id IN ({', '.join('?' * len(keys))})"
    rows = connection.exec_driver_sql(select(record) + some, tuple(keys or ())).all()
    if not rows:
        return ()
    ids, *parts = zip(*rows, strict=True)
    columns = columns_of(record)
    values: dict[str, tuple[Value, ...]] = {}
    for column, found in zip(columns, parts, strict=True):
        _check_types(record, column, found)
        values[column.name] = tuple(map(_as_flag, found)) if column.type == "flag" else found
    names = ["id", *(field.name for field in fields_of(record))]
    whole = [ids, *(_field(field, values) for field in fields_of(record))]
    return tuple(record(**dict(zip(names, row, strict=True))) for row in zip(*whole, strict=True))


def texts(connection: sa.Connection, record: type[Record], name: str) -> dict[str, str]:
    """The texts behind the hashes in one column, by hash."""
    column = metadata.tables[record.table].c[name]
    query = sa.select(content.c.sha256, content.c.bytes).where(content.c.sha256.in_(sa.select(column)))
    return {sha256: block.decode("utf-8", "replace") for sha256, block in connection.execute(query)}


def _check_types(record: type[Record], column: Column, values: tuple[object, ...]) -> None:
    allowed = {*STORED[column.type], type(None)} if column.nullable else {*STORED[column.type]}
    if not set(map(type, values)) <= allowed:
        raise ProjectFileError(
            f"The project file is damaged: {record.plural} hold something that is not {column.type} "
            f"in {column.field.label}.",
            "Run `launchpad check` on it; a repaired copy is made with --repair.",
        )


def _as_flag(value: object) -> bool | None:
    return None if value is None else bool(value)


def _field(field: Field, values: Mapping[str, tuple[Value, ...]]) -> Iterable[object]:
    if field.scale is None:
        return values[field.name]
    parts = zip(*(values[f"{field.name}_{part}"] for part in ESTIMATE_PARTS), strict=True)
    return [None if part[1] is None else Estimate(*part) for part in parts]

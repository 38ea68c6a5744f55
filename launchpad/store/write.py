"""The one way anything is written: each change carries what its author saw, and all land or none."""

import functools
import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from launchpad.changes import Change, Edit
from launchpad.records import Value
from launchpad.store import conflicts, journal, samples
from launchpad.store.door import checked_text, typed
from launchpad.store.tables import metadata

Row = tuple[Value, ...]
CONTENT: Final = "INSERT OR IGNORE INTO content (sha256, bytes) VALUES (?, ?)"


def write(
    connection: sa.Connection,
    edits: Iterable[Edit],
    content: Mapping[str, bytes],
    own: frozenset[str] | None = None,
) -> list[Edit]:
    """The edits sealed, their changes made and their journal rows written, in this transaction.

    With `own` (the uuids of a window's edits) an edit that undoes another is refused where an
    edit not among them named one of its fields since. An edit by which results become evidence for a
    restricted risk area takes their sample text with it. Raises ConflictError, with the row as it is
    now, when a row is not as the change says it was; the caller then rolls back.
    """
    if any(hashlib.sha256(block).hexdigest() != sha256 for sha256, block in content.items()):
        raise ValueError("content is kept under its own SHA-256")
    if content:
        connection.exec_driver_sql(CONTENT, list(content.items()))
    return [_write_one(connection, edit, own) for edit in edits]


def _write_one(connection: sa.Connection, made: Edit, own: frozenset[str] | None) -> Edit:
    for words in (made.author, made.label, made.reason):
        checked_text(words)
    edit = replace(made, changes=tuple(typed(change) for change in made.changes))
    if edit.undoes is not None and own is not None:
        taken = journal.touched_since(connection, edit.undoes, edit.changes, own)
        if taken is not None:
            raise conflicts.taken(connection, taken)
    if edit.undoes is not None:
        edit = replace(edit, changes=samples.without_lost(connection, edit.changes))
    _make_all(connection, edit.changes)
    if barred := samples.barred(connection, edit.changes):
        _make_all(connection, barred)
        edit = replace(edit, changes=(*edit.changes, *barred))
    samples.forget(connection, edit.changes)
    return journal.append(connection, edit)


def _make_all(connection: sa.Connection, changes: Iterable[Change]) -> None:
    for _, group in itertools.groupby(changes, _shape):
        _make(connection, list(group))


def _shape(change: Change) -> tuple[str, str, tuple[str, ...]]:
    if change.before is None:
        return change.table, "insert", tuple(change.after or ())
    return change.table, "delete" if change.after is None else "update", tuple(change.before)


@functools.cache
def _statement(table: str, action: str, names: tuple[str, ...]) -> tuple[str, Callable[[Change], Row]]:
    """The SQL of one shape of change, and what picks its parameters out of a change."""
    target = metadata.tables[table]
    was = [target.c[name].is_not_distinct_from(sa.bindparam(f"was.{name}")) for name in names]
    now: dict[str, Any] = {name: sa.bindparam(f"now.{name}") for name in names}
    key = cast("Any", sa.bindparam("key.id"))
    if action == "insert":
        statement = sa.insert(target).values({"id": key, **now})
    elif action == "delete":
        statement = sa.delete(target).where(target.c.id == key, *was)
    else:
        statement = sa.update(target).where(target.c.id == key, *was).values(now)
    compiled = statement.compile(dialect=sqlite.dialect())
    sources = [name.partition(".") for name in cast("Any", compiled).positiontup]
    order = [(source, name) for source, _, name in sources]
    return str(compiled), lambda change: _parameters(change, order)


def _parameters(change: Change, order: Iterable[tuple[str, str]]) -> Row:
    if change.before is None and change.after is not None:
        after = {"id": change.key, **change.after}
        return tuple([after[name] for _, name in order])
    parts = {"key": {"id": change.key}, "was": change.before or {}, "now": change.after or {}}
    return tuple([parts[source][name] for source, name in order])


def _make(connection: sa.Connection, group: Sequence[Change]) -> None:
    """Make changes of one shape in one statement; where one does not fit, find it and refuse."""
    sql, parameters = _statement(*_shape(group[0]))
    rows = [parameters(change) for change in group]
    connection.exec_driver_sql("SAVEPOINT one_shape")
    try:
        made = connection.exec_driver_sql(sql, rows).rowcount
    except IntegrityError:
        made = 0
    if made != len(group):
        connection.exec_driver_sql("ROLLBACK TO one_shape")
        for change, row in zip(group, rows, strict=True):
            _make_one(connection, change, sql, row)
    connection.exec_driver_sql("RELEASE one_shape")


def _make_one(connection: sa.Connection, change: Change, sql: str, row: Row) -> None:
    try:
        made = connection.exec_driver_sql(sql, row).rowcount
    except IntegrityError as error:
        raise conflicts.unfit(connection, change) from error
    if made != 1:
        raise conflicts.changed(connection, change)

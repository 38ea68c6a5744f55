"""Is a file intact: pages, keys, schema, journal, rows against the journal, content against its hashes."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace

from launchpad.changes import Values
from launchpad.records import TABLES, columns_of
from launchpad.store import fold, schema
from launchpad.store.finding import Finding, Part
from launchpad.store.tables import metadata

MOST: int = 200


def check(connection: sqlite3.Connection, head: str | None = None) -> list[Finding]:
    """Everything that is wrong with a database, best a copy in memory; an empty list when it is intact.

    `head` is the SHA-256 of a journal row printed earlier (in a workbook, under a decision): when
    the journal does not hold it, its tail was cut off or this is another copy.
    """
    connection.text_factory = _lenient
    parts: list[tuple[Part, Callable[[sqlite3.Connection], Iterator[Finding]]]] = [
        ("integrity", _integrity),
        ("keys", _keys),
        ("schema", _schema),
        ("content", _content),
    ]
    found: list[Finding] = []
    for part, finder in parts:
        found.extend(_guarded(part, finder, connection))
    found.extend(_guarded("journal", lambda on: _history(on, head), connection))
    return [replace(finding, message=_printable(finding.message)) for finding in found]


def _guarded(
    part: Part, finder: Callable[[sqlite3.Connection], Iterator[Finding]], connection: sqlite3.Connection
) -> list[Finding]:
    found: list[Finding] = []
    try:
        found.extend(finder(connection))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        found.append(Finding(part, f"The {part} could not be read: {error}."))
    return found


def _printable(message: str) -> str:
    return message.encode("utf-8", "backslashreplace").decode()


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _integrity(connection: sqlite3.Connection) -> Iterator[Finding]:
    for (line,) in connection.execute(f"PRAGMA integrity_check({MOST})"):
        if line != "ok":
            yield Finding("integrity", f"SQLite reports: {line}.")


def _keys(connection: sqlite3.Connection) -> Iterator[Finding]:
    for table, key, target, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Finding("keys", f"A row of {table} points to a missing row of {target}.", table, key)


def _schema(connection: sqlite3.Connection) -> Iterator[Finding]:
    message = difference(connection)
    if message:
        yield Finding("schema", message)


def difference(connection: sqlite3.Connection) -> str:
    """In words, how a database's schema is not exactly the one its number stands for; empty when it is."""
    number = connection.execute("PRAGMA user_version").fetchone()[0]
    if schema.fingerprint(connection) == schema.known(number):
        return ""
    extra = [
        f"{kind} {name}"
        for kind, name in connection.execute("SELECT type, name FROM sqlite_master ORDER BY type, name")
        if name not in _ours()
    ]
    what = f"it holds {', '.join(extra[:5])}" if extra else "a table or index of it was altered"
    return f"The schema is not that of a Launchpad project: {what}."


def _ours() -> set[str]:
    indexes = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    own = {f"sqlite_autoindex_{name}_{n}" for name in (*metadata.tables, "alembic_version") for n in (1, 2)}
    return {*metadata.tables, *indexes, *own, "alembic_version", "sqlite_sequence"}


def _content(connection: sqlite3.Connection) -> Iterator[Finding]:
    for sha256, block in connection.execute("SELECT sha256, bytes FROM content"):
        if not isinstance(block, bytes) or hashlib.sha256(block).hexdigest() != sha256:
            yield Finding("content", f"The content {sha256} was altered: its hash does not fit.", "content")


def _history(connection: sqlite3.Connection, head: str | None) -> Iterator[Finding]:
    chain = fold.chain(connection)
    yield from chain.findings
    if head is not None and head not in chain.hashes:
        yield Finding("journal", f"The journal does not hold {head}: its newest edits are missing here.")
    state, found = fold.fold(connection, chain.path)
    yield from found
    for table in sorted({*fold.tables_of(connection), *state}, key=str):
        yield from _guarded("rows", lambda on, name=table: _rows(on, name, state.get(name, {})), connection)


def _rows(connection: sqlite3.Connection, table: str, expected: dict[int, Values]) -> Iterator[Finding]:
    stored = fold.rows_of(connection, table)
    for key in sorted({*expected, *stored}, key=str):  # a damaged file can hold a row without an id
        was, present = expected.get(key), stored.get(key)
        if was == present:
            continue
        if was is None or present is None:
            how = "was removed" if present is None else "was added"
            name = _named(table, key, was or present or {})
            yield Finding("rows", f"{name} {how} without an edit.", table, key)
            continue
        for field in sorted({*was, *present}):
            if was.get(field, ...) != present.get(field, ...):
                message = f"{_named(table, key, was)}: {_label(table, field)} was changed without an edit, from "
                message += f"{was.get(field)!r} to {present.get(field)!r}."
                yield Finding("rows", message, table, key, field)


def _named(table: str, key: int, values: Values) -> str:
    record = TABLES.get(table)
    label = table if record is None else record.label
    return f"{label} {values.get('code') or key}"


def _label(table: str, name: str) -> str:
    record = TABLES.get(table)
    columns = () if record is None else columns_of(record)
    return next((column.field.label for column in columns if column.name == name), name)

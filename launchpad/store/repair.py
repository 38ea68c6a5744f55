"""A repaired copy of a damaged file: every row as the journal says it is."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from launchpad.errors import ProjectFileError
from launchpad.store import backup, fold, header, schema
from launchpad.store.check import check
from launchpad.store.disk import part_beside, put_new
from launchpad.store.engine import connect, engine_for, plain_errors, writing
from launchpad.store.finding import Finding
from launchpad.store.fold import State, quoted


def repair(path: Path, out: Path) -> list[Finding]:
    """What was wrong with a file, after a copy without it was written to `out`; the file is left alone.

    Raises ProjectFileError when the journal itself is damaged, as there is nothing to go by then.
    """
    path, out = Path(path).resolve(), Path(out).resolve()
    with plain_errors(path), header.held(path, schema.newest()) as number:
        with closing(connect(path, mode="ro")) as source:
            copy = backup.copy_in_memory(source)
        with closing(copy):
            findings = check(copy)
            state = _state(path, copy)
            with plain_errors(out):
                _write_out(out, number, copy, state)
    return findings


def _state(path: Path, copy: sqlite3.Connection) -> State:
    try:
        chain = fold.chain(copy)
        state, found = fold.fold(copy, chain.path)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise _beyond(path, str(error)) from error
    if chain.findings or found:
        raise _beyond(path, [*chain.findings, *found][0].message)
    return state


def _beyond(path: Path, why: str) -> ProjectFileError:
    return ProjectFileError(
        f"{path} cannot be repaired from its journal, which is damaged itself: {why}",
        "Open a backup. This version cannot salvage single rows from a damaged journal yet.",
    )


def _write_out(out: Path, number: int, copy: sqlite3.Connection, state: State) -> None:
    part = part_beside(out)
    try:
        _write(part, number, copy, state)
        put_new(part, out)
    finally:
        part.unlink(missing_ok=True)


def _write(part: Path, number: int, copy: sqlite3.Connection, state: State) -> None:
    part.touch()
    engine = engine_for(part, foreign_keys=False)
    try:
        with writing(engine) as connection:
            schema.migrate(connection, to=number)
            for table, rows in state.items():
                _insert(connection, table, [{"id": key, **values} for key, values in rows.items()])
            _copy(connection, copy, "journal")
            _copy(connection, copy, "checkpoint")
            _copy_content(connection, copy)
    finally:
        engine.dispose()
    with closing(connect(part, mode="ro")) as result:
        left = check(result)
    if left:
        raise ProjectFileError(f"The repaired copy is not sound: {left[0].message}", "Open a backup.")


def _insert(connection: sa.Connection, table: str, rows: list[dict[str, object]]) -> None:
    if rows:
        names = list(rows[0])
        columns, marks = ", ".join(map(quoted, names)), ", ".join("?" * len(names))
        sql = f"INSERT INTO {quoted(table)} ({columns}) VALUES ({marks})"  # noqa: S608 - quoted
        connection.exec_driver_sql(sql, [tuple(row[name] for name in names) for row in rows])


def _copy(connection: sa.Connection, copy: sqlite3.Connection, table: str) -> None:
    cursor = copy.execute(f"SELECT * FROM {quoted(table)}")  # noqa: S608 - quoted
    names = [column[0] for column in cursor.description]
    _insert(connection, table, [dict(zip(names, row, strict=True)) for row in cursor])


def _copy_content(connection: sa.Connection, copy: sqlite3.Connection) -> None:
    for sha256, block in copy.execute("SELECT sha256, bytes FROM content"):
        if hashlib.sha256(block).hexdigest() == sha256:
            _insert(connection, "content", [{"sha256": sha256, "bytes": block}])

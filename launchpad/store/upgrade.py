"""Bringing an earlier version's file to the newest schema: a verified copy takes its place, or none."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from launchpad.changes import Change, edit, new_id
from launchpad.errors import ProjectFileError
from launchpad.store import backup, fold, header, journal, schema
from launchpad.store.check import check
from launchpad.store.disk import part_beside, sync_folder
from launchpad.store.engine import connect, driver, engine_for, writing

AUTHOR = "launchpad"


def upgrade(path: Path, key: tuple[int, int], number: int) -> None:
    """Replace a file of schema `number` by an upgraded copy; the old one is kept among the backups.

    The old file stays locked for writing throughout. Killed at any moment, either the old or the
    new file is there. Raises ProjectFileError, and changes nothing, when the file is damaged.
    """
    # Two connections: SQLite copies nothing from one that holds a write lock, and waits without end.
    lock, source = connect(path), connect(path, mode="ro")
    part = part_beside(path)
    try:
        lock.execute("BEGIN IMMEDIATE")
        if header.identity(path) != key:
            return  # another program upgraded it while we waited
        _refuse_damaged(path, source)
        _keep(path, source)
        backup.copy_to(source, part)
        _advance_part(path, part, number)
        shutil.copymode(path, part)
        if sys.platform == "win32":
            source.close()  # Windows replaces no file that is open
            lock.close()
        part.replace(path)
        sync_folder(path)
    finally:
        source.close()
        lock.close()
        part.unlink(missing_ok=True)


def in_memory(path: Path) -> sqlite3.Connection:
    """An upgraded copy of a file in memory, for reading; the file itself is left alone."""
    with closing(connect(path, mode="ro")) as source:
        copy = backup.copy_in_memory(source)
    number = copy.execute("PRAGMA user_version").fetchone()[0]
    _advance(engine_for(None, connection=copy), number)
    return copy


def _refuse_damaged(path: Path, source: sqlite3.Connection) -> None:
    with closing(backup.copy_in_memory(source)) as copy:
        findings = check(copy)
    if findings:
        raise ProjectFileError(
            f"{path} was written by an earlier version and cannot be upgraded: {findings[0].message}",
            "It was left as it is. Open a backup, or repair it with `launchpad check --repair`.",
        )


def _keep(path: Path, source: sqlite3.Connection) -> None:
    try:
        backup.keep(source, path, before="upgrade")
    except (OSError, sqlite3.Error) as error:
        raise ProjectFileError(
            f"{path} was written by an earlier version, and no copy of it could be kept before upgrading it: {error}.",
            "It was left as it is. Make room in the folder for your own data, or allow writing there.",
        ) from error


def _advance_part(path: Path, part: Path, number: int) -> None:
    engine = engine_for(part, foreign_keys=False)
    try:
        before = _counts(engine)
        _advance(engine, number)
        after = _counts(engine)
    finally:
        engine.dispose()
    with closing(connect(part, mode="ro")) as result:
        findings = check(result)
    lost = [table for table, count in before.items() if after.get(table, count) < count]
    if findings or lost:
        why = findings[0].message if findings else f"rows of {lost[0]} would be lost."
        raise ProjectFileError(
            f"The upgrade of {path} did not come out right: {why}",
            "The file was left as it is; please report this.",
        )
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _advance(engine: sa.Engine, number: int) -> None:
    """Migrate, and start the journal's fold anew from a checkpoint, in one transaction."""
    with writing(engine) as connection:
        schema.migrate(connection)
        key = new_id()
        sha256, block = fold.pack(driver(connection))
        connection.exec_driver_sql("INSERT INTO checkpoint (id, sha256, block) VALUES (?, ?, ?)", (key, sha256, block))
        start = Change(fold.CHECKPOINT, key, None, {"sha256": sha256})
        reason = f"From schema {number} to {schema.newest()}."
        journal.append(connection, edit([start], "Upgraded", author=AUTHOR, reason=reason))


def _counts(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        source = driver(connection)
        return {
            table: source.execute(f"SELECT count(*) FROM {fold.quoted(table)}").fetchone()[0]  # noqa: S608 - quoted
            for table in [*fold.tables_of(source), "journal", "content"]
        }

"""Kept copies in the user's data folder: one before the first write of a session, few at a time."""

import hashlib
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import platformdirs

KEPT: Final = 10
MINUTES_BETWEEN: Final = 30.0


def folder_for(path: Path, uuid: str | None) -> Path:
    """Where the copies of one project lie, by its identity, or by its place when it has none."""
    try:
        name = str(UUID(uuid or ""))
    except ValueError:
        name = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return platformdirs.user_data_path("launchpad", appauthor=False) / "backups" / name


def keep(source: sqlite3.Connection, path: Path, *, before: str = "") -> Path | None:
    """The copy made of an open file, or None when one is younger than half an hour.

    With `before` ("upgrade", "repair") a copy is always made, and never thinned out.
    """
    folder = folder_for(path, _uuid(source))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    regular = sorted(folder.glob("*Z.launchpad"))
    if not before and any(_minutes_old(copy) < MINUTES_BETWEEN for copy in regular):
        return None
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
    copy = folder / (f"{moment}-before-{before}.launchpad" if before else f"{moment}.launchpad")
    part = copy.with_suffix(".part")
    try:
        copy_to(source, part)
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)
    for old in [*regular, copy][:-KEPT] if not before else ():
        old.unlink(missing_ok=True)
    return copy


def copy_to(source: sqlite3.Connection, path: Path) -> None:
    """Write a consistent copy of an open database to a new file through SQLite's backup interface."""
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        _copy(source, target)
    path.chmod(0o600)


def copy_in_memory(source: sqlite3.Connection) -> sqlite3.Connection:
    """A consistent copy of an open database in memory: reading it for long locks nobody out."""
    target = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        _copy(source, target)
    except sqlite3.Error:
        target.close()
        raise
    return target


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy within a read transaction: left to itself the backup would wait for a lock without end."""
    begun = not source.in_transaction
    if begun:
        source.execute("BEGIN")
    try:
        source.execute("SELECT count(*) FROM sqlite_master")
        source.backup(target)
    finally:
        if begun:
            source.execute("ROLLBACK")


def _uuid(source: sqlite3.Connection) -> str | None:
    row = source.execute("SELECT uuid FROM project LIMIT 1").fetchone()
    return None if row is None or row[0] is None else str(row[0])


def _minutes_old(copy: Path) -> float:
    return (time.time() - copy.stat().st_mtime) / 60

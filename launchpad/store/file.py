"""A project file: one SQLite database that is looked at first, written under guard, never half-written."""

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self
from uuid import uuid4

import sqlalchemy as sa

from launchpad.changes import Edit, edit, insert, new_id, now
from launchpad.errors import ProjectFileError
from launchpad.records import RECORDS, TABLES, Inputs, ProjectInfo, Record, fields_of
from launchpad.store import backup, copies, header, journal, rows, schema, upgrade
from launchpad.store import write as guarded
from launchpad.store.check import check, difference
from launchpad.store.copies import Copied
from launchpad.store.disk import part_beside, put_new, sync, taken
from launchpad.store.engine import connect, driver, engine_for, plain_errors, reading, writing
from launchpad.store.finding import Finding
from launchpad.store.order import depend, ordered

NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})


class ProjectFile:
    """An open project file; each method is one transaction, and any thread may call it."""

    def __init__(self, path: Path, engine: sa.Engine, key: tuple[int, int], *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._engine = engine
        self._key: tuple[int, int] | None = key
        self._schema_seen: int | None = None
        self._backed_up = False
        self._notices: list[Finding] = []

    @classmethod
    def create(cls, path: Path, *, name: str, author: str, records: Iterable[Record] = ()) -> Self:
        """A new project file, opened; its first edit writes what it is called, and `records`.

        Raises ProjectFileError when something has that name already, or it cannot be written.
        """
        path = Path(path).absolute()
        info = ProjectInfo(id=new_id(), uuid=str(uuid4()), name=name, created=now())
        first = edit([insert(info), *map(insert, records)], "New project", author=author)
        with plain_errors(path):
            if os.path.lexists(path):
                raise taken(path)
            part = part_beside(path)
            try:
                _fill(part, first)
                put_new(part, path)
            finally:
                part.unlink(missing_ok=True)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """A project file opened, upgraded first when an earlier version wrote it.

        A read-only open writes nothing anywhere; an earlier version's file is then upgraded in
        memory. Raises ProjectFileError when the file is missing, empty, foreign, newer or damaged;
        it is left as it is.
        """
        path = Path(path).resolve()
        newest = schema.newest()
        with plain_errors(path):
            key, number = header.hold(path, newest)
            try:
                if number < newest and not read_only:
                    upgrade.upgrade(path, key, number)
                    header.release(key)
                    key, number = header.hold(path, newest)
                older = number < newest and read_only
                engine = (
                    engine_for(None, connection=upgrade.in_memory(path))
                    if older
                    else _engine(path, read_only=read_only)
                )
            except BaseException:
                header.release(key)
                raise
        return cls(path, engine, key, read_only=read_only)

    def close(self) -> None:
        """Let go of the file; closing twice does nothing."""
        self._engine.dispose()
        if self._key is not None:
            header.release(self._key)
            self._key = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def inputs(self) -> Inputs:
        """Every row of every table, in the order of their addresses, and the texts they point to."""
        with plain_errors(self.path), reading(self._engine) as connection:
            found = {record.table: rows.records(connection, record) for record in RECORDS}
            texts, head = _texts(connection), journal.head(connection)[1]
        return Inputs(MappingProxyType(ordered(found, found)), texts, head)

    def renewed(self, inputs: Inputs) -> tuple[Inputs, set[str]]:
        """These inputs with every edit since, whoever made it, and the names of the tables that changed."""
        with plain_errors(self.path), reading(self._engine) as connection:
            _, head = journal.head(connection)
            if head == inputs.head:
                return inputs, set()
            named = journal.rows_named(connection, inputs.head)
            if named is None or set(named) - set(TABLES):
                found = {name: rows.records(connection, record) for name, record in TABLES.items()}
            else:
                known = inputs.tables
                found = {
                    name: rows.renewed(connection, TABLES[name], known[name], keys) for name, keys in named.items()
                }
            texts = _texts(connection)
        whole = {**inputs.tables, **found}
        order = {name: these for name, these in ordered(whole, depend(found)).items() if these != whole[name]}
        return inputs.with_rows({**found, **order}, head, texts), set(found)

    def tables(self, names: Iterable[str]) -> dict[str, tuple[Record, ...]]:
        """The rows of the tables named, in the order of their ids."""
        with plain_errors(self.path), reading(self._engine) as connection:
            found = {name: rows.records(connection, TABLES[name]) for name in names}
        return {name: tuple(sorted(these, key=lambda row: row.id)) for name, these in found.items()}

    def write(self, made: Edit, content: Mapping[str, bytes] = NOTHING) -> Edit:
        """The edit as it was sealed and written, with its changes and content, in one transaction.

        Raises ConflictError, with the row as it is now, when a row is not as a change says it was;
        InvalidValueError when a value does not fit its field; ProjectFileError when the file cannot
        be written. Nothing is written then.
        """
        return self.write_all([made], content)[0]

    def write_all(
        self,
        edits: Sequence[Edit],
        content: Mapping[str, bytes] = NOTHING,
        *,
        own: frozenset[str] | None = None,
    ) -> list[Edit]:
        """Several edits written as `write` does, all or none.

        With `own` (the uuids of a window's edits), an edit that undoes another is refused too when
        an edit not among them has named one of its fields since.
        """
        if self.read_only:
            raise ProjectFileError(f"{self.path} is open for reading only.", "Open it for writing.")
        with plain_errors(self.path):
            self._back_up()
            with writing(self._engine) as connection:
                self._refuse_foreign_schema(connection)
                return guarded.write(connection, edits, content, own)

    def journal(self, after: int = 0) -> list[tuple[int, Edit]]:
        """Number and edit of every journal row after a number, oldest first."""
        with plain_errors(self.path), reading(self._engine) as connection:
            return journal.read(connection, after)

    def content(self, sha256: str) -> bytes | None:
        """The content of that SHA-256, or None when there is none or it was removed."""
        with plain_errors(self.path), reading(self._engine) as connection:
            query = "SELECT bytes FROM content WHERE sha256 = ?"
            return connection.exec_driver_sql(query, (sha256,)).scalar_one_or_none()

    def check(self, head: str | None = None) -> list[Finding]:
        """Everything that is wrong with the file, looked for in a copy in memory so that nobody waits.

        `head` is the SHA-256 of a journal row that was printed earlier and should still be there.
        """
        with plain_errors(self.path), self._engine.connect() as connection:
            copy = backup.copy_in_memory(driver(connection))
        with closing(copy):
            return check(copy, head)

    def snapshot(self, path: Path) -> None:
        """Write a compact copy of the file, without anything that was removed from it, to a new file."""
        path = Path(path).absolute()
        with plain_errors(path):
            if os.path.lexists(path):
                raise taken(path)
            part = part_beside(path)
            try:
                with self._engine.connect() as connection:
                    driver(connection).execute("VACUUM INTO ?", (str(part),))
                sync(part)
                put_new(part, path)
            finally:
                part.unlink(missing_ok=True)

    def copy(self, path: Path, *, without_samples: bool = False) -> Copied:
        """Write a clean copy to give away, without sample text if asked for; the file itself is left alone.

        Raises ProjectFileError when the file itself, or anything but an older copy of it, has that name.
        """
        with plain_errors(Path(path)), self._engine.connect() as connection:
            return copies.copy(driver(connection), self.path, Path(path), without_samples=without_samples)

    def notices(self) -> list[Finding]:
        """What went wrong beside the work since this was last asked, such as a backup that failed."""
        found, self._notices = self._notices, []
        return found

    def _back_up(self) -> None:
        if self._backed_up:
            return
        self._backed_up = True
        try:
            with self._engine.connect() as connection:
                backup.keep(driver(connection), self.path)
        except (OSError, sqlite3.Error) as error:
            message = f"No backup of {self.path} could be kept: {error}."
            self._notices.append(Finding("backup", message))

    def _refuse_foreign_schema(self, connection: sa.Connection) -> None:
        version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
        if version == self._schema_seen:
            return
        message = difference(driver(connection))
        if message:
            raise ProjectFileError(
                f"{self.path}: {message}",
                "Nothing was written. Run `launchpad check` on it, or open a backup.",
            )
        self._schema_seen = version


def _fill(part: Path, first: Edit) -> None:
    """Make a file with its tables and its first edit."""
    part.touch(exist_ok=False)
    engine = engine_for(part, foreign_keys=False)
    try:
        with writing(engine) as connection:
            schema.migrate(connection)
            guarded.write(connection, [first], NOTHING)
    finally:
        engine.dispose()


def _engine(path: Path, *, read_only: bool) -> sa.Engine:
    """An engine on a file that was read once, which also takes back what a crash left half-written."""
    mode = "ro" if read_only else "rw"
    try:
        connect(path, mode=mode).close()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_READONLY_ROLLBACK":
            raise
        connect(path).close()
    return engine_for(path, mode=mode)


def _texts(connection: sa.Connection) -> Mapping[str, str]:
    """The texts that rows keep in `content`, by their SHA-256."""
    found: dict[str, str] = {}
    for record in RECORDS:
        for field in fields_of(record):
            if field.in_content:
                found.update(rows.texts(connection, record, field.name))
    return MappingProxyType(found)

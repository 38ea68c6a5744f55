"""An SQLite file from strangers, opened for reading plain tables and nothing else."""

import sqlite3
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from launchpad.errors import ImportRefusedError
from launchpad.intake.jsons import DAMAGED

MAGIC = b"SQLite format 3\0"
MAX_CELL = 64 * 1024**2
MAX_ROWS = 1_000_000
# The virtual machine's steps: a million rows take some tens of millions, a crafted schema without end takes all.
MAX_STEPS = 1_000_000_000
STEPS = 1_000_000
_HOSTILE = "It does not look like what PyRIT makes: ask whoever sent it."
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})


@dataclass(frozen=True, slots=True)
class Database:
    """An open file and the tables in it that may be read, each with its columns."""

    path: Path
    connection: sqlite3.Connection
    columns: Mapping[str, tuple[str, ...]]

    def rows(self, table: str, wanted: Sequence[str]) -> Iterator[dict[str, object]]:
        """The rows of a table as they lie, with those of the wanted columns that it has; none without the table."""
        known = self.columns.get(table, ())
        names = [name for name in wanted if name in known]
        if not names:
            return
        listed = ", ".join(f'"{name}"' for name in names)
        cursor = self.connection.execute(f'SELECT {listed} FROM "{table}"')  # noqa: S608 - the names are ours
        for place, row in enumerate(cast("Iterator[tuple[object, ...]]", cursor)):
            if place >= MAX_ROWS:
                what = f"{self.path}: the table {table} holds more than {MAX_ROWS:,} rows."
                raise ImportRefusedError(what, "Export the attacks of one run, and import those.")
            yield dict(zip(names, row, strict=True))


@contextmanager
def opened(path: Path, tables: Sequence[str]) -> Generator[Database]:
    """The file with those of the tables that are in it.

    It is opened read-only and as if it could not change, so nothing is ever written beside it; only plain
    tables are read, functions are refused. Raises ImportRefusedError for a damaged file, for a view or
    virtual table under one of the names, for cells over 64 MB and for queries without end.
    """
    with _connected(path) as connection:
        yield Database(path, connection, _columns(connection, path, tables))


def names_in(path: Path, names: Sequence[str]) -> frozenset[str]:
    """Those of the names that something in the file has; none when it cannot be read."""
    try:
        with _connected(path) as connection:
            return frozenset(name for name, _, _ in _listed(connection, names))
    except ImportRefusedError:
        return frozenset()


@contextmanager
def _connected(path: Path) -> Generator[sqlite3.Connection]:
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as error:
        raise _refused(path, error) from error
    try:
        _limit(connection)
        yield connection
    except (sqlite3.Error, UnicodeError) as error:  # a damaged schema may hold names in no encoding
        raise _refused(path, error) from error
    finally:
        connection.close()


def _limit(connection: sqlite3.Connection) -> None:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += STEPS
        return int(steps > MAX_STEPS)

    connection.text_factory = _decoded
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA mmap_size=0")
    connection.set_progress_handler(count, STEPS)
    connection.set_authorizer(_only_reading)


def _columns(connection: sqlite3.Connection, path: Path, tables: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns of each of the tables that are there; refused when one is no plain table."""
    found: dict[str, tuple[str, ...]] = {}
    for name, kind, made in _listed(connection, tables):
        plain = isinstance(made, str) and not made.lstrip().upper().startswith("CREATE VIRTUAL")
        if kind != "table" or not plain:
            raise ImportRefusedError(f"{path}: {name} is not a plain table.", _HOSTILE)
        cursor = connection.execute(f'SELECT * FROM "{name}" LIMIT 0')  # noqa: S608 - one of our names
        found[name] = tuple(column[0] for column in cursor.description)
    return found


def _listed(connection: sqlite3.Connection, names: Sequence[str]) -> list[tuple[str, object, object]]:
    """The tables and views of these names: name, type and the statement that made it."""
    marks = ", ".join("?" * len(names))
    query = f"SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') AND name IN ({marks})"  # noqa: S608
    return cast("list[tuple[str, object, object]]", connection.execute(query, names).fetchall())


def _only_reading(action: int, first: str | None, second: str | None, _database: str | None, _by: str | None) -> int:
    """Allow nothing but reading of columns: no functions, hence none in generated columns either."""
    del first, second
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _refused(path: Path, error: Exception) -> ImportRefusedError:
    if isinstance(error, sqlite3.OperationalError) and "interrupt" in str(error):
        return ImportRefusedError(f"{path} takes too long to be read as a memory of PyRIT.", _HOSTILE)
    return ImportRefusedError(f"{path} cannot be read as a database: {error}.", DAMAGED)

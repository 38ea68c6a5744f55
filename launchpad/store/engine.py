"""How SQLite is opened: transactions begun by us, nothing trusted, and its errors told as sentences."""

import errno
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from launchpad.errors import ProjectFileError

APPLICATION_ID: Final = 0x4C504144  # "LPAD", at byte 68 of every project file
BUSY_SECONDS: Final = 10.0
PRAGMAS: Final = (
    "journal_mode=DELETE",
    "synchronous=FULL",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "secure_delete=ON",
    "temp_store=MEMORY",
)


def connect(path: Path | None, *, mode: str = "rw", foreign_keys: bool = True) -> sqlite3.Connection:
    """A connection to a file that must exist (mode rw or ro), or to a new database in memory (None)."""
    database = ":memory:" if path is None else address(path, mode)
    connection = sqlite3.connect(
        database, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=path is not None
    )
    try:
        for pragma in PRAGMAS if mode == "rw" else PRAGMAS[1:]:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        _harden(connection)
        # The first read takes back what a crash left half-written, and meets damage early.
        connection.execute("SELECT count(*) FROM sqlite_master")
    except BaseException:
        connection.close()
        raise
    return connection


def address(path: Path, mode: str) -> str:
    """The URI by which SQLite opens a file without ever making one."""
    plain = path.absolute().as_posix()
    whole = plain if plain.startswith("/") else f"/{plain}"
    return f"file://{quote(os.fsencode(whole))}?mode={mode}"


def _harden(connection: sqlite3.Connection) -> None:
    """Switch off what a crafted file could use; Python before 3.12 cannot reach these switches."""
    for name, on in (
        ("SQLITE_DBCONFIG_DEFENSIVE", True),
        ("SQLITE_DBCONFIG_ENABLE_TRIGGER", False),
        ("SQLITE_DBCONFIG_ENABLE_VIEW", False),
    ):
        switch = getattr(sqlite3, name, None)
        if switch is not None:
            getattr(connection, "setconfig")(switch, on)  # noqa: B009 - unknown to the oldest Python we support


def engine_for(
    path: Path | None,
    *,
    mode: str = "rw",
    foreign_keys: bool = True,
    connection: sqlite3.Connection | None = None,
) -> sa.Engine:
    """An engine on a file, or on one connection that is open already; see `reading` and `writing`."""

    def creator() -> sqlite3.Connection:
        return connection or connect(path, mode=mode, foreign_keys=foreign_keys)

    most = {"pool_size": 5, "max_overflow": 10} if connection is None else {"pool_size": 1, "max_overflow": 0}
    engine = sa.create_engine("sqlite://", creator=creator, poolclass=sa.QueuePool, **most)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: sa.Connection) -> None:
    options: Any = connection.get_execution_options()
    connection.exec_driver_sql(options.get("begin", "BEGIN"))


@contextmanager
def reading(engine: sa.Engine) -> Generator[sa.Connection]:
    """A connection inside one read transaction: everything read is of the same moment."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Generator[sa.Connection]:
    """A connection inside one write transaction, committed at the end, rolled back on any error."""
    with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


def driver(connection: sa.Connection) -> sqlite3.Connection:
    """SQLite's own connection, for what SQLAlchemy does not know (backup, VACUUM INTO)."""
    found = connection.connection.driver_connection
    if not isinstance(found, sqlite3.Connection):
        raise TypeError(f"not a connection of SQLite: {found!r}")
    return found


@contextmanager
def plain_errors(path: Path) -> Generator[None]:
    """Tell what SQLite and the system say about a file as a ProjectFileError; other errors pass."""
    try:
        yield
    except DBAPIError as error:
        if not isinstance(error.orig, (sqlite3.OperationalError, sqlite3.DatabaseError)):
            raise
        raise told(path, error.orig) from error
    except (sqlite3.InterfaceError, sqlite3.ProgrammingError):
        raise
    except sqlite3.Error as error:
        raise told(path, error) from error
    except UnicodeDecodeError as error:  # SQLite quoting, in its message, a schema that is not text
        raise ProjectFileError(f"{path} is damaged.", DAMAGED) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = ADVICE.get(error.errno or 0, "Check the disk and the folder.")
        raise ProjectFileError(f"{path}: {reason}.", f"Nothing was changed. {hint}") from error


def told(path: Path, error: sqlite3.Error) -> ProjectFileError:
    """What an error of SQLite means for a person: what happened to which file, and what to do."""
    name = str(getattr(error, "sqlite_errorname", ""))
    for start, what, hint in MEANINGS:
        if name.startswith(start):
            return ProjectFileError(f"{path} {what}.", hint)
    return ProjectFileError(f"{path} cannot be used: {error}.", "Run `launchpad check` on it.")


ADVICE: Final = {
    errno.ENOSPC: "Make room on the disk and try again.",
    errno.EDQUOT: "Make room in your quota and try again.",
    errno.ENOENT: "Check that the folder exists.",
    errno.EACCES: "Check that you may write there.",
    errno.EPERM: "Check that you may write there.",
    errno.EROFS: "Check that you may write there.",
}
DAMAGED: Final = "Run `launchpad check` on it; a repaired copy is made with --repair."
MEANINGS: Final = (
    (
        "SQLITE_BUSY",
        f"is being written by another program and stayed locked for {BUSY_SECONDS:.0f} seconds",
        "Nothing was changed. Try again, or close the other program.",
    ),
    (
        "SQLITE_FULL",
        "could not be written: the disk is full",
        "Nothing was changed. Make room and try again.",
    ),
    (
        "SQLITE_READONLY_DBMOVED",
        "was moved, deleted or replaced while it was open",
        "Nothing was changed. Open it again where it is now.",
    ),
    (
        "SQLITE_READONLY_DIRECTORY",
        "cannot be written: its folder is read-only",
        "Nothing was changed. Allow writing in the folder, or work on a copy elsewhere.",
    ),
    (
        "SQLITE_READONLY",
        "is read-only",
        "Nothing was changed. Allow writing to the file and its folder, or work on a copy elsewhere.",
    ),
    (
        "SQLITE_CANTOPEN",
        "cannot be opened, or its folder does not allow writing",
        "Nothing was changed. Check that it exists and that you may write there.",
    ),
    ("SQLITE_PERM", "may not be opened by you", "Ask its owner for access."),
    (
        "SQLITE_IOERR",
        "could not be read or written: the disk or network reported an error",
        "Nothing was changed. Check the disk, its free space and its quota, and try again.",
    ),
    ("SQLITE_CORRUPT", "is damaged", DAMAGED),
    ("SQLITE_NOTADB", "is damaged or no project file", DAMAGED),
    ("SQLITE_TOOBIG", "could not take a value that large", "Nothing was changed. Shorten it."),
)

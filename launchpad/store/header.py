"""A look at a file's first bytes before SQLite sees it, and which files this process has open.

Closing any handle on a file drops every lock this process holds on it (POSIX), so a file that is
open in SQLite here is never opened a second time by other means: it was looked at already.
"""

import os
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from launchpad.errors import ProjectFileError
from launchpad.store.engine import APPLICATION_ID

SIZE: Final = 100
MAGIC: Final = b"SQLite format 3\x00"
PAYLOAD_FRACTIONS: Final = b"\x40\x20\x20"
UNCHANGED: Final = "It was left as it is."

_lock = threading.Lock()
_open: Counter[tuple[int, int]] = Counter()
_schemas: dict[tuple[int, int], int] = {}


def identity(path: Path) -> tuple[int, int]:
    """Device and inode: the same for every name of one file."""
    found = path.stat()
    return found.st_dev, found.st_ino


@contextmanager
def held(path: Path, newest: int) -> Generator[int]:
    """The schema number of a project file, which counts as open in this process until left."""
    key, schema = hold(path, newest)
    try:
        yield schema
    finally:
        release(key)


def hold(path: Path, newest: int) -> tuple[tuple[int, int], int]:
    """Look at a file and count it as open: its identity (give it to `release`) and schema number."""
    with _lock:
        try:
            key = identity(path)
            if not _open[key]:
                _schemas[key] = schema_of(path, newest)
        except FileNotFoundError as error:
            raise ProjectFileError(
                f"There is no project file {path}.",
                "Check the name, or make a new project with `launchpad new`.",
            ) from error
        except OSError as error:
            raise ProjectFileError(
                f"{path} cannot be opened: {error.strerror}.", "Check that you may read it."
            ) from error
        _open[key] += 1
        return key, _schemas[key]


def release(key: tuple[int, int]) -> None:
    """Count a file as open once less."""
    with _lock:
        _open[key] -= 1
        if _open[key] <= 0:
            del _open[key]
            _schemas.pop(key, None)


def schema_of(path: Path, newest: int) -> int:
    """The schema number in a file's first bytes; ProjectFileError when it is no project of ours."""
    if path.is_dir():
        raise ProjectFileError(f"{path} is a folder, not a project file.", "Name the file inside it.")
    if not path.is_file():
        raise ProjectFileError(f"{path} is not an ordinary file.", "Name a project file.")
    size = path.stat().st_size
    if size == 0:
        raise ProjectFileError(f"{path} is empty.", f"{UNCHANGED} Restore it from a backup, or delete it.")
    with path.open("rb") as file:
        head = file.read(SIZE)
    if not head.startswith(MAGIC):
        raise ProjectFileError(f"{path} is not a Launchpad project.", f"{UNCHANGED} Name a project file.")
    if len(head) < SIZE:
        raise _damaged(path, "it ends within its first 100 bytes")
    _check_layout(path, head, size)
    return _check_owner(path, head, newest)


def _number(head: bytes, start: int, length: int = 4) -> int:
    return int.from_bytes(head[start : start + length], "big")


def _damaged(path: Path, why: str) -> ProjectFileError:
    return ProjectFileError(f"{path} is damaged: {why}.", f"{UNCHANGED} Open a backup of it instead.")


def _check_layout(path: Path, head: bytes, size: int) -> None:
    page = _number(head, 16, 2)
    page = 65536 if page == 1 else page
    if page < 512 or page & (page - 1) or head[21:24] != PAYLOAD_FRACTIONS:
        raise _damaged(path, "its header makes no sense")
    pages, counted = _number(head, 28), _number(head, 24) == _number(head, 92)
    # While a write is being undone after a crash the size may be off; SQLite mends that on opening.
    mending = os.path.lexists(f"{path}-journal")
    if counted and pages * page > size and not mending:
        raise _damaged(path, f"{size:,} of {pages * page:,} bytes are there, the rest is cut off")


def _check_owner(path: Path, head: bytes, newest: int) -> int:
    if _number(head, 68) != APPLICATION_ID:
        raise ProjectFileError(
            f"{path} is a database of another program, not a Launchpad project.",
            f"{UNCHANGED} Name a project file.",
        )
    if max(head[18], head[19]) > 1:
        raise ProjectFileError(
            f"{path} was switched to write-ahead logging by another program.",
            f"{UNCHANGED} Switch it back with `PRAGMA journal_mode=DELETE`, or open a backup.",
        )
    schema = _number(head, 60)
    if schema > newest:
        raise ProjectFileError(
            f"{path} was written by a newer version of Launchpad (schema {schema}, this one knows {newest}).",
            f"{UNCHANGED} Update Launchpad to open it.",
        )
    if schema == 0:
        raise _damaged(path, "it does not say which schema it has")
    return schema

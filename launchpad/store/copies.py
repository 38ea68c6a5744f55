"""A clean copy to give away: every row and the whole journal, and of what lies beside them only what is named."""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launchpad.errors import ProjectFileError
from launchpad.store import backup, fold, header, schema
from launchpad.store.check import check
from launchpad.store.disk import part_beside, put_new, sync, sync_folder, taken
from launchpad.store.engine import connect
from launchpad.store.finding import Finding

SHA256_LENGTH: Final = 64
HEAD: Final = "SELECT sha256 FROM journal ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds: its journal's head, its size in bytes, and how many blocks were left out.

    `texts` are blocks of sample text; `unused` what no row names any more, such as the names of people
    that were removed. `findings` is what `check` says of the copy.
    """

    head: str
    size: int
    texts: int
    unused: int
    replaced: bool
    findings: tuple[Finding, ...]


def copy(source: sqlite3.Connection, path: Path, out: Path, *, without_samples: bool) -> Copied:
    """Write a copy of an open project, which lies at `path`, to `out`; whole, or not at all.

    What is left out is gone from memory before anything reaches the disk. The journal stays valid, as
    rows and edits hold only hashes. An older copy of the same project is replaced when every edit in it
    is in this one too; raises ProjectFileError when anything else is in the way.
    """
    out = out.resolve()
    out.parent.stat()  # a folder that is not there is told of before anything is read
    with closing(backup.copy_in_memory(source)) as memory:
        replaced = os.path.lexists(out)
        if replaced:
            _refuse_to_replace(memory, path, out)
        texts = _remove(memory, _texts(memory)) if without_samples else 0
        unused = _remove(memory, _content(memory) - _named(memory))
        findings = check(memory)
        head = memory.execute(HEAD).fetchone()
        size = _write(memory, out, replace=replaced)
    return Copied("" if head is None else str(head[0]), size, texts, unused, replaced, tuple(findings))


def _write(memory: sqlite3.Connection, out: Path, *, replace: bool) -> int:
    part = part_beside(out)
    try:
        memory.execute("VACUUM INTO ?", (str(part),))
        sync(part)
        size = part.stat().st_size
        if replace:
            part.replace(out)
            sync_folder(out)
        else:
            put_new(part, out)
    finally:
        part.unlink(missing_ok=True)
    return size


def _refuse_to_replace(memory: sqlite3.Connection, path: Path, out: Path) -> None:
    """Refuse unless `out` is a copy of this very project that holds no edit of its own."""
    if path.exists() and header.identity(path) == header.identity(out):
        raise ProjectFileError(f"{out} is the project itself.", "Nothing was written. Choose another name.")
    try:
        with header.held(out, schema.newest()), closing(connect(out, mode="ro")) as other:
            theirs = other.execute(HEAD).fetchone()
    except (ProjectFileError, sqlite3.Error):
        raise taken(out) from None
    if theirs is None or memory.execute("SELECT 1 FROM journal WHERE sha256 = ?", theirs).fetchone() is None:
        raise taken(out)


def _texts(memory: sqlite3.Connection) -> set[str]:
    return {row[0] for row in memory.execute("SELECT texts FROM eval_result WHERE texts IS NOT NULL")}


def _content(memory: sqlite3.Connection) -> set[str]:
    return {row[0] for row in memory.execute("SELECT sha256 FROM content")}


def _named(memory: sqlite3.Connection) -> set[str]:
    """Everything in any row that could be a hash."""
    return {
        value
        for table in fold.tables_of(memory)
        for values in fold.rows_of(memory, table).values()
        for value in values.values()
        if isinstance(value, str) and len(value) == SHA256_LENGTH
    }


def _remove(memory: sqlite3.Connection, hashes: Iterable[str]) -> int:
    """Remove content; how many blocks there were."""
    return sum(memory.execute("DELETE FROM content WHERE sha256 = ?", (sha256,)).rowcount for sha256 in sorted(hashes))

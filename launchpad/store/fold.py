"""What the journal adds up to: the chain of its rows, and the state of every row they lead to."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from launchpad.changes import Change, Edit, Values, digest
from launchpad.errors import ProjectFileError
from launchpad.store import journal
from launchpad.store.finding import Finding
from launchpad.store.tables import MACHINERY

State = dict[str, dict[int, Values]]
CHECKPOINT: Final = "checkpoint"


@dataclass(frozen=True, slots=True)
class Chain:
    """The edits from the first to the newest along first parents, and what is wrong with the journal."""

    path: tuple[tuple[int, Edit], ...]
    findings: tuple[Finding, ...]
    hashes: frozenset[str] = field(default=frozenset())


def chain(connection: sqlite3.Connection) -> Chain:
    """The journal read and every row's hash computed anew."""
    found: list[Finding] = []
    known: dict[str, tuple[int, Edit]] = {}
    newest = ""
    for number, *row in connection.execute(journal.SELECT, (0,)):
        edit = _read(number, row, found)
        if edit is None:
            continue
        if any(parent not in known for parent in edit.parents) or (known and not edit.parents):
            found.append(_broken(number, edit.label, "does not follow from any row before it"))
        known[edit.sha256] = (number, edit)
        newest = edit.sha256
    path = _walk(known, newest)
    found.extend(
        _broken(number, edit.label, "is not part of the history of the newest row")
        for number, edit in _beside(known, newest)
    )
    return Chain(tuple(path), tuple(found), frozenset(known))


def _read(number: int, row: list[object], found: list[Finding]) -> Edit | None:
    try:
        edit = journal.edit_of(tuple(row))
        computed = digest(edit, str(row[6]))
    except (ProjectFileError, UnicodeEncodeError):
        found.append(_broken(number, "?", "cannot be read"))
        return None
    if computed != edit.sha256:
        found.append(_broken(number, edit.label, "was altered: its hash does not fit"))
    return edit


def _broken(number: int, label: str, what: str) -> Finding:
    return Finding("journal", f"Journal row {number} ({label}) {what}.", key=number)


def _walk(known: Mapping[str, tuple[int, Edit]], newest: str) -> list[tuple[int, Edit]]:
    path: list[tuple[int, Edit]] = []
    at = newest
    while at in known and len(path) < len(known):
        path.append(known[at])
        parents = known[at][1].parents
        at = parents[0] if parents else ""
    return path[::-1]


def _beside(known: Mapping[str, tuple[int, Edit]], newest: str) -> list[tuple[int, Edit]]:
    reached: set[str] = set()
    ahead = [newest]
    while ahead:
        at = ahead.pop()
        if at in known and at not in reached:
            reached.add(at)
            ahead.extend(known[at][1].parents)
    return [known[sha256] for sha256 in known if sha256 not in reached]


def fold(connection: sqlite3.Connection, path: Iterable[tuple[int, Edit]]) -> tuple[State, list[Finding]]:
    """Every row as the journal says it is, from the newest checkpoint on, and where the rows disagree."""
    state: State = {}
    found: list[Finding] = []
    steps = list(path)
    starts = [i for i, (_, edit) in enumerate(steps) if any(c.table == CHECKPOINT for c in edit.changes)]
    for number, edit in steps[starts[-1] if starts else 0 :]:
        for change in edit.changes:
            if change.table == CHECKPOINT:
                block = _block(connection, change)
                if block is None:
                    found.append(_broken(number, edit.label, "names a checkpoint that is missing or altered"))
                state = block or {}
            elif not _apply(state, change):
                found.append(_broken(number, edit.label, f"does not fit the {change.table} before it"))
    return state, found


def _apply(state: State, change: Change) -> bool:
    rows = state.setdefault(change.table, {})
    present = rows.get(change.key)
    if change.before is None or change.after is None:
        fits = present == change.before
    else:
        fits = present is not None and all(present.get(name, ...) == was for name, was in change.before.items())
    if change.after is None:
        rows.pop(change.key, None)
    else:
        rows[change.key] = {**(present or {}), **change.after}
    return fits


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """The tables whose rows are journalled."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [str(name) for (name,) in connection.execute(query) if name not in MACHINERY]


def rows_of(connection: sqlite3.Connection, table: str) -> dict[int, Values]:
    """Every row of a table as it is stored, by id."""
    cursor = connection.execute(f"SELECT * FROM {quoted(table)}")  # noqa: S608 - quoted
    names = [column[0] for column in cursor.description]
    if "id" not in names:
        return {}  # damaged beyond reading: the schema's own finding says so
    at = names.index("id")
    names.pop(at)
    return {row[at]: dict(zip(names, row[:at] + row[at + 1 :], strict=True)) for row in cursor}


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def pack(connection: sqlite3.Connection) -> tuple[str, bytes]:
    """SHA-256 and bytes of one compressed block that holds every journalled row."""
    import zstandard

    state = {table: list(rows_of(connection, table).items()) for table in tables_of(connection)}
    block = zstandard.compress(json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode())
    return hashlib.sha256(block).hexdigest(), block


def _block(connection: sqlite3.Connection, change: Change) -> State | None:
    import zstandard

    row = connection.execute("SELECT block FROM checkpoint WHERE id = ?", (change.key,)).fetchone()
    if row is None or hashlib.sha256(row[0]).hexdigest() != (change.after or {}).get("sha256"):
        return None
    plain = json.loads(zstandard.decompress(row[0]))
    return {table: dict(rows) for table, rows in plain.items()}

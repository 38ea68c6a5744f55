"""A change is data: undo, audit trail, sharing and merging all rest on it.

`before` and `after` hold stored columns. Those of an update hold only the fields that changed, a
group of fields (an estimate, a status with its dates) always whole; those of an insert or a delete
hold every column. None in place of either means: there is no row.
"""

import dataclasses
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from launchpad.records import Column, Record, Value, columns_of, values_of

Values = Mapping[str, Value]
ROW_ID_BITS = 53


@dataclass(frozen=True, slots=True)
class Change:
    """Row `key` of `table` went from `before` to `after`; None means there is no row."""

    table: str
    key: int
    before: Values | None
    after: Values | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Changes that were made together, by whom, when and why: one row of the journal.

    `parents` are the SHA-256 of the journal rows it follows (one, or two for a merge). `batch`
    ties edits that undo together. `undoes` names the edit whose inverse this is. `sha256` covers
    everything else and is empty until the edit is sealed.
    """

    uuid: str
    parents: tuple[str, ...]
    author: str
    at: str
    label: str
    reason: str
    changes: tuple[Change, ...]
    batch: str | None = None
    undoes: str | None = None
    sha256: str = ""


def new_id() -> int:
    """A random row id of 53 bits: no clash between copies, exact in a float column."""
    return secrets.randbits(ROW_ID_BITS - 1) + 1


def now() -> str:
    """The present moment as ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def insert(record: Record) -> Change:
    """The change that adds a record."""
    return Change(record.table, record.id, None, values_of(record))


def delete(record: Record) -> Change:
    """The change that removes a record; its children must be removed by changes of their own."""
    return Change(record.table, record.id, values_of(record), None)


def update(record: Record, **fields: object) -> Change | None:
    """The change that gives a record's fields new values, or None when nothing changes."""
    before = values_of(record)
    after = values_of(dataclasses.replace(record, **fields))  # pyright: ignore[reportArgumentType] - checked by the caller's door
    columns = columns_of(type(record))
    groups = {column.group for column in columns if differs(column, before, after)}
    if not groups:
        return None
    names = [column.name for column in columns if column.group in groups]
    return Change(
        record.table, record.id, {name: before[name] for name in names}, {name: after[name] for name in names}
    )


def differs(column: Column, before: Values, after: Values) -> bool:
    """Whether a column's value or its type changes (1, 1.0 and True are three values)."""
    old, new = before[column.name], after[column.name]
    return old != new or type(old) is not type(new)


def inverse(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that take these back, last one first."""
    return tuple(Change(change.table, change.key, change.after, change.before) for change in reversed(tuple(changes)))


def edit(
    changes: Iterable[Change | None],
    label: str,
    *,
    author: str,
    reason: str = "",
    batch: str | None = None,
    undoes: str | None = None,
) -> Edit:
    """An edit of these changes (None is no change) made now, not yet sealed into a journal."""
    real = tuple(change for change in changes if change is not None)
    return Edit(str(uuid4()), (), author, now(), label, reason, real, batch, undoes)


def sealed(made: Edit, parents: tuple[str, ...], changes: str | None = None) -> Edit:
    """The edit with its place in the journal and the hash over all of it; `changes` as in `digest`."""
    placed = dataclasses.replace(made, parents=parents)
    return dataclasses.replace(placed, sha256=digest(placed, changes))


def digest(made: Edit, changes: str | None = None) -> str:
    """SHA-256 over everything in an edit but the hash itself, its changes by the SHA-256 of their JSON.

    `changes` is that JSON, where it is at hand.
    """
    text = changes_as_json(made.changes) if changes is None else changes
    whole = [
        made.uuid,
        list(made.parents),
        made.author,
        made.at,
        made.label,
        made.reason,
        made.batch,
        made.undoes,
        hashlib.sha256(text.encode()).hexdigest(),
    ]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def changes_as_json(changes: Iterable[Change]) -> str:
    """The changes as the journal keeps them: compact JSON with sorted keys."""
    plain = [[change.table, change.key, change.before, change.after] for change in changes]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def changes_from_json(text: str) -> tuple[Change, ...]:
    """The changes that `changes_as_json` wrote."""
    return tuple(Change(*parts) for parts in json.loads(text))

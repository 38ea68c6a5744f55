"""What changed since somebody signed: inside what was signed, field by field, and beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from launchpad.changes import Edit, Values
from launchpad.records import (
    TABLES,
    Decision,
    Inputs,
    Launch,
    Record,
    SignOff,
    Value,
    columns_of,
    field_of,
    record_from,
)
from launchpad.results.closure import SCALES, belonging, name_of, parts_from_json, parts_of
from launchpad.results.reached import reached
from launchpad.results.signed import plan_of

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
Told = Mapping[str, Value | list[Value]]
State = dict[str, dict[int, Values]]
Rows = Mapping[str, Sequence[tuple[Record, Told]]]
NOTHING: Told = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record: what it was when it was signed, and what it is now, as people know it."""

    field: str
    label: str
    before: Value | list[Value]
    after: Value | list[Value]


@dataclass(frozen=True, slots=True)
class PartChange:
    """A record that was added to what was signed, removed from it, or changed, with its fields where they are known.

    `edits` are the journal's edits of that record, by label, author and time; there is none where a record that names
    it came or went, or changed its code, and where somebody altered the file without an edit.
    """

    record: str
    how: str
    fields: tuple[FieldChange, ...]
    edits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """An edit made since, none of what it touched being inside what was signed; `records` are named by table."""

    at: str
    author: str
    label: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since a signature: `inside` voids it, `outside` leaves it as it is.

    `notes` say what could not be told, such as fields of records from before the journal's beginning.
    """

    signature: str
    inside: tuple[PartChange, ...]
    outside: tuple[Beside, ...]
    notes: tuple[str, ...]


def what_changed(inputs: Inputs, row: SignOff, journal: Sequence[tuple[int, Edit]]) -> Since:
    """What changed since a signature was given; `journal` is the whole journal, oldest first.

    The rows as they were then are made from the journal up to the head that was signed, those of now from the file.
    """
    launch, decision = inputs.get(Launch, row.launch), inputs.get(Decision, row.decision)
    signed = parts_from_json(inputs.text(row.parts) or "")
    present = parts_of(inputs, launch, plan_of(inputs, decision), decision)
    names = sorted(name for name in {*signed, *present} if signed.get(name) != present.get(name))
    before = inputs_at([edit for _, edit in journal], row.head or "")
    notes = [] if before is not None else ["The journal does not reach back to what was signed: fields are not told."]
    if not signed:
        notes.append("What was signed, row by row, was removed: it can only be compared as a whole.")
    then = {} if before is None else _rows(before, row, decision)
    now = _rows(inputs, row, decision)
    later = _not_before([edit for _, edit in journal], row.head or "")
    keys = {(one.table, one.id) for name in names for rows in (then, now) for one, _ in rows.get(name, ())}
    inside = tuple(_part(name, signed, present, (then, now), later) for name in names)
    return Since(row.code, inside, tuple(_beside(inputs, before, later, keys | {(row.table, row.id)})), tuple(notes))


def inputs_at(edits: Iterable[Edit], head: str) -> Inputs | None:
    """The rows of every table as the journal says they were at one of its rows; None when it cannot tell."""
    state: State = {}
    for edit in edits:
        for change in edit.changes:
            if change.table not in TABLES:
                return None
            rows = state.setdefault(change.table, {})
            if change.after is None:
                rows.pop(change.key, None)
            else:
                rows[change.key] = {**rows.get(change.key, {}), **change.after}
        if edit.sha256 == head:
            return _inputs(state, head)
    return None


def _inputs(state: State, head: str) -> Inputs | None:
    tables: dict[str, tuple[Record, ...]] = {}
    for table, rows in state.items():
        record = TABLES[table]
        wanted = [column.name for column in columns_of(record)]
        empty = dict.fromkeys(wanted)
        try:
            tables[table] = tuple(record_from(record, key, {**empty, **values}) for key, values in rows.items())
        except (KeyError, TypeError):
            return None
    return Inputs(MappingProxyType(tables), head=head)


def _rows(inputs: Inputs, row: SignOff, decision: Decision) -> dict[str, list[tuple[Record, Told]]]:
    """The rows a decision rests on by name, each with its fields that belong to what is signed."""
    found: dict[str, list[tuple[Record, Told]]] = {}
    if not (inputs.has(Launch, row.launch) and inputs.has(Decision, decision.id)):
        return found
    launch, then = inputs.get(Launch, row.launch), inputs.get(Decision, decision.id)
    for one in reached(inputs, launch, plan_of(inputs, then), then):
        found.setdefault(name_of(inputs, launch, one), []).append((one, belonging(inputs, launch, one)))
    return found


def _part(
    name: str,
    signed: Mapping[str, str],
    present: Mapping[str, str],
    rows: tuple[Rows, Rows],
    later: Sequence[Edit],
) -> PartChange:
    how = ADDED if name not in signed else REMOVED if name not in present else CHANGED
    then, now = (each.get(name, ()) for each in rows)
    record = name if name == SCALES else _label(name, [*now, *then])
    fields = _fields(then, now) if len(then) <= 1 and len(now) <= 1 and (then or how == ADDED) else ()
    keys = {(one.table, one.id) for one, _ in (*then, *now)}
    edits = [edit for edit in later if any((change.table, change.key) in keys for change in edit.changes)]
    return PartChange(record, how, fields, tuple(f"{edit.label} ({edit.author}, {edit.at[:16]})" for edit in edits))


def _fields(then: Sequence[tuple[Record, Told]], now: Sequence[tuple[Record, Told]]) -> tuple[FieldChange, ...]:
    """The fields in which a row differs; of one that was added or removed those that hold something."""
    rows = [one for one, _ in (*now, *then)]
    old: Told = then[0][1] if then else NOTHING
    new: Told = now[0][1] if now else NOTHING
    found: list[FieldChange] = []
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before != after or type(before) is not type(after):
            declared = field_of(type(rows[0]), name)
            found.append(FieldChange(name, name if declared is None else declared.label, before, after))
    return tuple(found)


def _label(name: str, rows: Sequence[tuple[Record, Told]]) -> str:
    """The name of a part with the record's label for people: `Gate G-1` rather than `gate G-1`."""
    table, _, address = name.partition(" ")
    record = type(rows[0][0]) if rows else TABLES.get(table)
    return name if record is None else f"{record.label} {address}"


def _not_before(edits: Sequence[Edit], head: str) -> list[Edit]:
    """The edits that are not among the ancestors of a journal row: made since it, or elsewhere."""
    known = {edit.sha256: edit for edit in edits}
    before: set[str] = set()
    ahead = [head]
    while ahead:
        at = ahead.pop()
        if at in known and at not in before:
            before.add(at)
            ahead.extend(known[at].parents)
    return [edit for edit in edits if edit.sha256 not in before]


def _beside(
    inputs: Inputs, before: Inputs | None, later: Sequence[Edit], inside: set[tuple[str, int]]
) -> Iterable[Beside]:
    """The edits since and the records they touched, without those that are inside, and the signature itself."""
    for edit in later:
        touched = dict.fromkeys(
            _named(inputs, before, change.table, change.key)
            for change in edit.changes
            if (change.table, change.key) not in inside
        )
        if touched:
            yield Beside(edit.at, edit.author, edit.label, tuple(touched))


def _named(inputs: Inputs, before: Inputs | None, table: str, key: int) -> str:
    record = TABLES.get(table)
    if record is None:
        return table
    for held in (inputs, before):
        if held is not None and held.has(record, key):
            return f"{record.label} {held.address(held.get(record, key))}"
    return f"{record.label}, since removed"

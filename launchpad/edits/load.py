"""Many records at once from a table: matched by address, added or changed, refused row by row."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchpad.changes import Change, insert, update
from launchpad.edits import Proposal
from launchpad.edits.contradictions import refuse_contradiction
from launchpad.edits.named import refuse_dangling
from launchpad.edits.records import field_named, key_of, made_from, set_values, values_from
from launchpad.errors import InvalidValueError, LaunchpadError
from launchpad.records import Inputs, Record, field_of, fields_of


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken over: its number in the table (the first is 1), and why."""

    row: int
    what: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a table would write, and how each of its rows fared."""

    proposal: Proposal
    added: int
    changed: int
    unchanged: int
    refused: tuple[Refusal, ...]


def load(
    inputs: Inputs,
    record: type[Record],
    rows: Iterable[Mapping[str, str]],
    launch: int | None = None,
) -> Loaded:
    """The changes that bring a table's rows into the project.

    Each row maps field names or labels to words. A row whose address exists changes that row in
    the fields given; any other adds one. Rows may refer to rows above them in the same table.
    """
    known = {key_of(row): row for row in inputs.rows(record)}
    added: list[Change] = []
    changed: list[Change] = []
    content: dict[str, bytes] = {}
    refused: list[Refusal] = []
    unchanged = 0
    seen = inputs
    for number, words in enumerate(rows, start=1):
        try:
            row, texts = _row(seen, record, words, launch, known)
            kept = known.get(key_of(row))
            if kept is not None and inputs.has(record, kept.id):
                row = dataclasses.replace(row, id=kept.id)
                refuse_dangling(seen, row)
            refuse_contradiction(seen, row)
        except LaunchpadError as error:
            refused.append(Refusal(number, _refusal(record, words, str(error))))
            continue
        content.update(texts)
        old = known.get(key_of(row))
        known[key_of(row)] = row
        if old is None:
            added.append(insert(row))
            if _refers_to_itself(record):
                seen = seen.with_rows({record.table: (*seen.rows(record), row)}, seen.head)
        elif (change := update(old, **_fields(row))) is not None:
            changed.append(change)
        else:
            unchanged += 1
    return Loaded(Proposal((*added, *changed), content), len(added), len(changed), unchanged, tuple(refused))


def _refusal(record: type[Record], words: Mapping[str, str], said: str) -> str:
    """Why a row is refused, with the record it stands for, by as much of its address as the row gives."""
    given = {name.strip().casefold().replace(" ", "_"): value.strip() for name, value in words.items()}
    declared = (field_of(record, name) for name in record.address)
    names = ((field.name, field.label.casefold().replace(" ", "_")) for field in declared if field is not None)
    address = "/".join(found for name, label in names if (found := given.get(name) or given.get(label)))
    named = f"{record.label} {address}"
    return said if not address or said.startswith(named) else f"{named}: {said}"


def _row(
    inputs: Inputs,
    record: type[Record],
    words: Mapping[str, str],
    launch: int | None,
    known: Mapping[tuple[object, ...], Record],
) -> tuple[Record, dict[str, bytes]]:
    """The record a row of words stands for: the known one with its changes, or a new one."""
    given = {name: value for name, value in words.items() if name.strip()}
    values, content = values_from(inputs, record, given, launch)
    if field_of(record, "launch") is not None:
        values.setdefault("launch", launch)
    key = (values.get("launch"), *(values.get(name) for name in record.address))
    old = known.get(key)
    if old is None:
        filled = {name: value for name, value in values.items() if value is not None}
        return made_from(record, filled), content
    changes = set_values(old, **{name: value for name, value in values.items() if name != "launch"})
    if not changes:
        return old, content
    return made_from(record, {**_fields(old), **values}), content


def _fields(row: Record) -> dict[str, object]:
    return {declared.name: getattr(row, declared.name) for declared in fields_of(type(row))}


def _refers_to_itself(record: type[Record]) -> bool:
    return any(declared.refers == record.table for declared in fields_of(record))


def unknown_columns(record: type[Record], header: Iterable[str]) -> list[str]:
    """The columns of a table that are no field of the record."""
    unknown: list[str] = []
    for name in header:
        try:
            field_named(record, name)
        except LaunchpadError:
            unknown.append(name)
    return unknown


def refuse_unknown(record: type[Record], header: Iterable[str]) -> None:
    """Raise InvalidValueError when a column is no field of the record, or none names its address."""
    names = list(header)
    if unknown := unknown_columns(record, [name for name in names if name.strip()]):
        raise InvalidValueError(
            f"These columns are no fields of a {record.label.lower()}: {', '.join(unknown)}.",
            "Rename or remove them.",
        )
    named = {field_named(record, name).name for name in names if name.strip()}
    if missing := [name for name in record.address if name not in named and _needed(record, name)]:
        raise InvalidValueError(f"The table has no column {', '.join(missing)}, by which rows are matched.", "Add it.")


def _needed(record: type[Record], name: str) -> bool:
    declared = field_of(record, name)
    return declared is not None and declared.required and name != "launch"

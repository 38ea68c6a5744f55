"""Set, add and remove any record: what the command line, table cells and forms do."""

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping

from launchpad.changes import Change, delete, insert, new_id, update
from launchpad.edits import Proposal
from launchpad.edits.contradictions import refuse_contradiction
from launchpad.edits.named import refuse_dangling, users
from launchpad.edits.released import refuse_removal
from launchpad.edits.values import check, checked, parse
from launchpad.edits.words_given import refuse_given_removal
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import RECORDS, TABLES, Field, Inputs, Record, field_of, fields_of


def table_named(name: str) -> type[Record]:
    """The record of a table called by its name, singular or plural; UnknownRecordError if none is."""
    wanted = name.strip().casefold().replace(" ", "_").replace("-", "_")
    for record in RECORDS:
        names = {record.table, record.label, record.plural}
        if wanted in {known.casefold().replace(" ", "_") for known in names} or wanted == f"{record.table}s":
            return record
    raise UnknownRecordError(f"There is no table called {name!r}.", "The tables are: " + ", ".join(TABLES) + ".")


def field_named(record: type[Record], name: str) -> Field:
    """The field of a record called by its name or label; UnknownRecordError if none is."""
    wanted = name.strip().casefold()
    for declared in fields_of(record):
        if wanted in (declared.name, declared.label.casefold(), declared.name.replace("_", " ")):
            return declared
    names = ", ".join(declared.name for declared in fields_of(record))
    who = with_article(record.label)
    raise UnknownRecordError(f"{who[0].upper()}{who[1:]} has no field {name!r}.", f"It has: {names}.")


def values_from(
    inputs: Inputs, record: type[Record], words: Mapping[str, str], launch: int | None
) -> tuple[dict[str, object], dict[str, bytes]]:
    """The field values these words stand for, references resolved, and texts for `content`."""
    values: dict[str, object] = {}
    content: dict[str, bytes] = {}
    for name, given in words.items():
        declared = field_named(record, name)
        if declared.set_by_program:
            raise InvalidValueError(f"{declared.label} is set by the program.", "Leave it out.")
        values[declared.name] = resolve(inputs, declared, given, launch)
        if declared.in_content and given.strip():
            block = given.strip().encode()
            values[declared.name] = hashlib.sha256(block).hexdigest()
            content[str(values[declared.name])] = block
    return values, content


def resolve(inputs: Inputs, declared: Field, words: str, launch: int | None) -> object:
    """The value of one field; a reference becomes the row id of the address."""
    if declared.refers is None or not words.strip():
        return parse(declared, words)
    target = TABLES[declared.refers]
    return inputs.find(target, words.strip(), launch if field_of(target, "launch") else None).id


def set_words(inputs: Inputs, row: Record, words: Mapping[str, str], launch: int | None = None) -> Proposal:
    """The changes that give a row's fields the values of these words; what does not fit is refused by the record."""
    try:
        values, content = values_from(inputs, type(row), words, getattr(row, "launch", launch))
        changes = set_values(row, **values)
    except InvalidValueError as error:
        raise InvalidValueError(f"{row.label} {inputs.address(row)}: {error.message}", error.hint) from None
    if changes:
        made = dataclasses.replace(row, **values)  # pyright: ignore[reportArgumentType] - checked
        refuse_contradiction(inputs, made)
        refuse_dangling(inputs, made)
    return Proposal(tuple(changes), content)


def set_values(row: Record, **values: object) -> list[Change]:
    """The changes that give a row's fields these values, checked; empty when nothing changes."""
    whole = {
        name: check(declared, value)
        for name, value in values.items()
        if (declared := field_of(type(row), name)) is not None
    }
    change = update(row, **whole)
    return [] if change is None else [change]


def add_words(inputs: Inputs, record: type[Record], words: Mapping[str, str], launch: int | None = None) -> Proposal:
    """The changes that add a record with these values; its address must be new.

    A record that belongs to a launch gets `launch` when the words name none. A record with a code
    gets the next free one when the words name none.
    """
    try:
        values, content = values_from(inputs, record, words, launch)
    except InvalidValueError as error:
        said = " ".join(["New", record.label.lower(), *(words[name] for name in record.address if words.get(name))])
        raise InvalidValueError(f"{said}: {error.message}", error.hint) from None
    if field_of(record, "launch") is not None:
        values.setdefault("launch", launch)
    if field_of(record, "code") is not None and not values.get("code"):
        values["code"] = next_code(inputs, record)
    made = made_from(record, values)
    refuse_contradiction(inputs, made)
    refuse_dangling(inputs, made)
    refuse_taken(inputs, made)
    return Proposal((insert(made),), content)


def made_from(record: type[Record], values: Mapping[str, object]) -> Record:
    """A new record with a new row id; InvalidValueError names what is missing or out of range."""
    missing = [
        declared.label
        for declared in fields_of(record)
        if values.get(declared.name, _default(record, declared.name)) in (None, dataclasses.MISSING)
        and declared.required
    ]
    if missing:
        raise InvalidValueError(
            f"A new {record.label.lower()} needs: {', '.join(missing)}.", "Give each of them a value."
        )
    return checked(record(id=new_id(), **values))  # pyright: ignore[reportCallIssue] - fields are the record's own


def refuse_taken(inputs: Inputs, made: Record) -> None:
    """Raise InvalidValueError when the address of a new record is already taken."""
    key = key_of(made)
    for row in inputs.rows(type(made), getattr(made, "launch", None)):
        if key_of(row) == key:
            raise InvalidValueError(
                f"There is already {with_article(made.label)} {inputs.address(row)}.",
                "Change that one, or give this one another code.",
            )


def with_article(label: str) -> str:
    """The label of a record in the middle of a sentence: `a gate`, `an expert estimate`."""
    return f"{'an' if label[0].lower() in 'aeiou' else 'a'} {label.lower()}"


def key_of(row: Record) -> tuple[object, ...]:
    """What tells a row from its siblings: the values of the fields of its address, and its launch."""
    return (getattr(row, "launch", None), *(getattr(row, name) for name in type(row).address))


def next_code(inputs: Inputs, record: type[Record], *, prefix: str | None = None, width: int = 3) -> str:
    """The next free code of a record, in the manner of those there are (R-031 follows R-030)."""
    codes = [str(getattr(row, "code", "")) for row in inputs.rows(record)]
    if prefix is None:
        numbered = [code for code in codes if code.rpartition("-")[2].isdigit()]
        prefix = (
            numbered[-1].rpartition("-")[0] if numbered else CODE_PREFIXES.get(record.table, record.table[:2].upper())
        )
        width = len(numbered[-1].rpartition("-")[2]) if numbered else width
    taken = [int(number) for code in codes if (number := code.removeprefix(f"{prefix}-")).isdigit()]
    return f"{prefix}-{max(taken, default=0) + 1:0{width}d}"


CODE_PREFIXES = {
    "risk_area": "A",
    "scenario": "R",
    "mitigation": "M",
    "team": "T",
    "person": "P",
    "evaluation": "EV",
    "eval_result": "E",
    "launch": "L",
    "surface": "S",
    "success_criterion": "SC",
    "gate": "G",
    "tolerance": "TOL",
    "plan": "PL",
    "weight_set": "W",
    "exclusion_group": "X",
    "actor_profile": "AP",
    "taxonomy_release": "TAX",
    "coefficient": "C",
    "incident": "I",
    "reading": "MR",
    "trigger": "TR",
    "criterion": "C",
    "determination": "DT",
    "decision": "D",
    "sign_off": "SO",
    "condition": "CO",
    "waiver": "WV",
    "dissent": "DS",
    "forecast_question": "FQ",
}


def remove(inputs: Inputs, row: Record) -> list[Change]:
    """The changes that remove a row and the rows that are part of it, children first.

    A row is part of another when its field says so or its address names it, or when that is its launch.
    InvalidValueError names rows that merely refer to it: those must be changed first.
    """
    refuse_removal(inputs, row)
    doomed: dict[int, Record] = {}
    _collect(inputs, row, doomed)
    for gone in doomed.values():
        refuse_given_removal(inputs, gone, row)
        for launch, label in users(inputs, gone):
            if launch.id not in doomed:
                raise InvalidValueError(
                    f"{gone.label} {inputs.address(gone)} is still named by launch {launch.code} ({label}).",
                    f"Let {launch.code} name another one or none first.",
                )
        for child, field in _references(inputs, gone):
            if child.id not in doomed and not _is_part(child, field):
                raise InvalidValueError(
                    f"{inputs.address(row)} is still named by {child.label.lower()} {inputs.address(child)} "
                    f"({field.label}).",
                    "Change or remove that one first.",
                )
    order = {record.table: place for place, record in enumerate(RECORDS)}
    rows = sorted(doomed.values(), key=lambda gone: order[gone.table], reverse=True)
    return [delete(gone) for gone in rows]


def _collect(inputs: Inputs, row: Record, doomed: dict[int, Record]) -> None:
    if row.id in doomed:
        return
    doomed[row.id] = row
    for child, field in _references(inputs, row):
        if _is_part(child, field):
            _collect(inputs, child, doomed)


def _references(inputs: Inputs, row: Record) -> Iterator[tuple[Record, Field]]:
    for record in RECORDS:
        for declared in fields_of(record):
            if declared.refers == row.table:
                for child in inputs.children(record, declared.name, row.id):
                    yield child, declared


def _is_part(child: Record, declared: Field) -> bool:
    return declared.part_of or declared.name in type(child).address or declared.name == "launch"


def _default(record: type[Record], name: str) -> object:
    return next(item.default for item in dataclasses.fields(record) if item.name == name)

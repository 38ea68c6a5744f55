"""What a table shows and edits: rows made of records and figures, and columns made of declared fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from launchpad.edits import Proposal
from launchpad.edits.records import add_words, set_words
from launchpad.gui import words
from launchpad.gui.theme import Tone
from launchpad.gui.words import Cell
from launchpad.records import TABLES, Estimate, Field, Inputs, Person, Record, field_of

LONGEST = 34
Addition = tuple[type[Record], Mapping[str, str]]


@dataclass(frozen=True)
class Row:
    """One line of a table: its id, the records it shows by part, and figures that go with them."""

    id: int
    parts: Mapping[str, Record | None]
    figures: Mapping[str, Cell] = field(default_factory=dict[str, Cell])


Option = tuple[str, str]
"""What a list shows, and what choosing it types."""
Creation = Callable[[Row], Addition | None]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what it is called, what it shows, and which field of which part it edits.

    `value` sorts, `text` is shown, `typed` is copied and starts the editor; `options` lists what may be chosen,
    `creates` says which record an edit adds where the part is missing, `paint` draws the cell in place of text.
    """

    key: str
    title: str
    value: Callable[[Row], Cell]
    text: Callable[[Row], str]
    typed: Callable[[Row], str]
    help: str = ""
    part: str = ""
    field: Field | None = None
    options: Callable[[Row], Sequence[Option]] | None = None
    right: bool = False
    width: int = 12
    tone: Callable[[Row], Tone | None] | None = None
    icon: Callable[[Row], str | None] | None = None
    creates: Creation | None = None
    paint: Callable[[QPainter, QRect, Row], None] | None = None
    hidden: bool = False

    def editable(self, row: Row) -> bool:
        """Whether this column can be edited in this row: it has a field, and the part is there or can be added."""
        return self.field is not None and (
            row.parts.get(self.part) is not None or (self.creates is not None and self.creates(row) is not None)
        )


Wish = tuple[Row, Column, str]


def field_column(
    inputs: Callable[[], Inputs],
    record: type[Record],
    name: str,
    *,
    part: str | None = None,
    title: str | None = None,
    width: int | None = None,
    read_only: bool = False,
    creates: Creation | None = None,
    hidden: bool = False,
) -> Column:
    """The column of a declared field; `part` says which record of the row has it (default: its table)."""
    declared = field_of(record, name)
    if declared is None:
        raise KeyError(name)
    where = part or record.table
    numeric = declared.type in ("number", "whole") and declared.refers is None and declared.scale is None

    def value(row: Row) -> Cell:
        found = row.parts.get(where)
        if found is None:
            return None
        stored: Cell = getattr(found, name)
        if declared.refers is not None or declared.choices:
            return words.shown(inputs(), found, declared)
        return stored

    def text(row: Row) -> str:
        found = row.parts.get(where)
        return "" if found is None else words.shown(inputs(), found, declared)

    def typed(row: Row) -> str:
        found = row.parts.get(where)
        return "" if found is None else words.typed(inputs(), found, declared)

    def options(row: Row) -> Sequence[Option]:
        return options_of(inputs(), declared, getattr(row.parts.get(where), "launch", None))

    return Column(
        key=f"{where}.{name}",
        title=title or words.translate("records", declared.label),
        help=explained(declared),
        value=value,
        text=text,
        typed=typed,
        part=where,
        field=None if read_only or declared.set_by_program else declared,
        options=options if declared.refers or declared.choices or declared.type == "flag" else None,
        right=numeric or declared.scale is not None,
        width=width or _width(declared),
        creates=creates,
        hidden=hidden,
    )


def figure_column(
    key: str,
    title: str,
    *,
    help: str = "",  # noqa: A002 - the word people use
    text: Callable[[Cell], str] | None = None,
    right: bool = True,
    width: int = 10,
    tone: Callable[[Row], Tone | None] | None = None,
    icon: Callable[[Row], str | None] | None = None,
    hidden: bool = False,
) -> Column:
    """A column that shows a computed figure of the row and is only read."""
    write = text or _figure

    def shown(row: Row) -> str:
        return write(row.figures.get(key))

    return Column(
        key=key,
        title=title,
        help=help,
        value=lambda row: row.figures.get(key),
        text=shown,
        typed=shown,
        right=right,
        width=width,
        tone=tone,
        icon=icon,
        hidden=hidden,
    )


def share_column(
    name: str,
    title: str,
    part: str,
    *,
    help: str = "",  # noqa: A002 - the word people use
    tone: Callable[[Row], Tone | None] | None = None,
) -> Column:
    """A column that shows a stored share of 1 as a percentage and is only read."""

    def value(row: Row) -> float | None:
        stored: float | None = getattr(row.parts[part], name, None)
        return stored

    def text(row: Row) -> str:
        return words.percent(value(row))

    return Column(key=name, title=title, help=help, value=value, text=text, typed=text, right=True, width=9, tone=tone)


def _figure(value: Cell) -> str:
    if isinstance(value, Estimate):
        return words.estimate(value)
    if isinstance(value, bool):
        return words.yes_no(value)
    return words.number(value) if isinstance(value, int | float) else (value or words.NOTHING)


def _width(declared: Field) -> int:
    if declared.scale is not None:
        return 28
    if declared.refers is not None:
        return 10
    if declared.name == "name":
        return 28
    if declared.choices:
        return 4 + max(len(label) for label in declared.choices.values())
    widths = {"date": 12, "moment": 16, "flag": 8, "number": 10, "whole": 8, "text": 22}
    return min(LONGEST, widths[declared.type] + (14 if declared.long else 0))


def explained(declared: Field) -> str:
    """What a field means, its unit and its range, as plain text for a tooltip."""
    limits = [
        f"{word} {words.number(limit)}"
        for word, limit in (("from", declared.low), ("to", declared.high))
        if limit is not None
    ]
    lines = [
        words.translate("records", declared.help),
        words.translate("records", declared.unit),
        " ".join(limits),
    ]
    return "\n".join(line for line in lines if line)


def options_of(inputs: Inputs, declared: Field, launch: int | None = None) -> Sequence[Option]:
    """What may be chosen for a field: labels, yes and no, or the rows of the table it refers to."""
    empty: Sequence[Option] = () if declared.required else (("", ""),)
    if declared.refers is not None:
        rows = inputs.rows(TABLES[declared.refers], launch)
        return (*empty, *(_row_option(inputs, row) for row in rows))
    if declared.type == "flag":
        labels = [words.yes_no(value=True), words.yes_no(value=False)]
    else:
        labels = [words.translate("records", label) for label in declared.choices.values()]
    return (*empty, *((label, label) for label in labels))


def _row_option(inputs: Inputs, row: Record) -> Option:
    address, name = inputs.address(row), getattr(row, "name", None)
    named = name if field_of(type(row), "code") and isinstance(name, str) and not isinstance(row, Person) else ""
    return f"{address}  {named}".strip(), address


def wanted(inputs: Inputs, wishes: Iterable[Wish], launch: int | None = None) -> Proposal:
    """The changes that give typed cells their values, all fields of one record together.

    Raises InvalidValueError or UnknownRecordError, and then nothing is to be written.
    """
    given: dict[int, tuple[Record, dict[str, str]]] = {}
    added: dict[tuple[int, str], tuple[type[Record], dict[str, str]]] = {}
    for row, column, typed in wishes:
        if column.field is None:
            continue
        record = row.parts.get(column.part)
        if record is not None:
            _, fields = given.setdefault(record.id, (record, {}))
        elif typed.strip() and column.creates is not None and (addition := column.creates(row)) is not None:
            _, fields = added.setdefault((row.id, column.part), (addition[0], dict(addition[1])))
        else:
            continue
        fields[column.field.name] = words.plain(column.field, typed)
    proposals = [set_words(inputs, record, fields) for record, fields in given.values()]
    proposals += [add_words(inputs, record, fields, launch) for record, fields in added.values()]
    return Proposal(
        tuple(change for proposal in proposals for change in proposal.changes),
        {sha256: block for proposal in proposals for sha256, block in proposal.content.items()},
    )

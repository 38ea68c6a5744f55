"""Where the header of a table is and what its columns hold: the mapping bound to one sheet."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from launchpad.errors import LaunchpadError
from launchpad.intake.table.cells import Cell, Mark, NotANumberError, decimal_mark, number, words
from launchpad.intake.table.columns import LABELS, Mapping, guess, in_percent, plain
from launchpad.intake.table.sheets import Sheet

Recall = Callable[[Sequence[str]], str | None]
"""The text of the mapping remembered for a header, or None."""

HEADER_ROWS = 30
MIN_NUMERIC = 0.5


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet, the row its header is in, and the mapping of its columns.

    `column_of` gives the index of each mapped field, `wide` of each model's or metric's column.
    """

    sheet: Sheet
    header: int
    mapping: Mapping
    column_of: dict[str, int]
    wide: dict[str, int]
    decimal: Mark

    @property
    def headers(self) -> list[str]:
        """The texts of the header row."""
        return headers_of(self.sheet, self.header)

    def rows(self) -> Iterator[int]:
        """The indices of the rows below the header that hold anything."""
        for index in range(self.header + 1, len(self.sheet.rows)):
            if any(words(cell) for cell in self.sheet.rows[index]):
                yield index

    def cell(self, row: int, name: str) -> Cell:
        """What a row holds for a field: its column's cell, else the mapping's constant, else None."""
        column = self.column_of.get(name)
        if column is None:
            return self.mapping.constants.get(name)
        return self.at(row, column)

    def at(self, row: int, column: int) -> Cell:
        """The cell, None beyond the end of a short row."""
        cells = self.sheet.rows[row]
        return cells[column] if column < len(cells) else None

    def is_percentage(self, row: int, column: int) -> bool:
        """Whether a bare number there is a percentage because its header says so and its format does not."""
        header = words(self.at(self.header, column)) or ""
        return in_percent(header) and (row, column) not in self.sheet.shown_in_percent


def headers_of(sheet: Sheet, row: int) -> list[str]:
    """The texts of a row, empty cells left out."""
    return [text for cell in sheet.rows[row] if (text := words(cell))]


def layout_of(sheet: Sheet, mapping: Mapping | None) -> Layout | None:
    """The sheet's layout by the mapping given, else by its headers; None when nothing fits."""
    if mapping is not None:
        return _given(sheet, mapping)
    return _guessed(sheet) or _guessed_wide(sheet)


def recalled(sheet: Sheet, recall: Recall) -> Mapping | None:
    """The mapping remembered for a header among the sheet's first rows; None when there is none that still holds."""
    for row in range(min(HEADER_ROWS, len(sheet.rows))):
        headers = headers_of(sheet, row)
        text = recall(headers) if headers else None
        if text is not None:
            with contextlib.suppress(LaunchpadError):
                return Mapping.from_text(text, f"the mapping of {sheet.name}")
    return None


def likely_header(sheet: Sheet) -> int | None:
    """The first row with at least two texts: what a person would take for the header."""
    candidates = range(min(HEADER_ROWS, len(sheet.rows)))
    return next((row for row in candidates if len(headers_of(sheet, row)) > 1), None)


def _given(sheet: Sheet, mapping: Mapping) -> Layout | None:
    wanted = {plain(header) for header in (*mapping.columns.values(), *mapping.wide)}
    for row in range(min(HEADER_ROWS, len(sheet.rows))):
        if wanted <= {plain(header) for header in headers_of(sheet, row)}:
            return _bound(sheet, row, mapping)
    return None


def _guessed(sheet: Sheet) -> Layout | None:
    best: tuple[int, int, Mapping] | None = None
    for row in range(min(HEADER_ROWS, len(sheet.rows))):
        mapping = guess(sheet.rows[row])
        size = len(mapping.columns)
        if mapping.kind is not None and (best is None or size > best[0]):
            best = (size, row, mapping)
    return _bound(sheet, best[1], best[2]) if best else None


def _guessed_wide(sheet: Sheet) -> Layout | None:
    """A table with a column for each model beside a label, or for each metric beside the model."""
    for row in range(min(HEADER_ROWS, len(sheet.rows))):
        known = guess(sheet.rows[row]).columns
        if not known.keys() & set(LABELS):
            continue
        others = {
            header: _mostly_numbers(sheet, row, column)
            for column, cell in enumerate(sheet.rows[row])
            if (header := words(cell)) and header not in known.values()
        }
        numeric = tuple(header for header, numbers in others.items() if numbers)
        if numeric and "model" in known:
            return _bound(sheet, row, Mapping(columns=known, metrics=numeric))
        if numeric and all(others.values()):
            return _bound(sheet, row, Mapping(columns=known, models=numeric))
    return None


def _mostly_numbers(sheet: Sheet, header: int, column: int) -> bool:
    filled = numeric = 0
    for row in sheet.rows[header + 1 :]:
        cell = row[column] if column < len(row) else None
        if words(cell) is None:
            continue
        filled += 1
        try:
            numeric += number(cell) is not None
        except NotANumberError:
            continue
    return filled > 0 and numeric > MIN_NUMERIC * filled


def _bound(sheet: Sheet, header: int, mapping: Mapping) -> Layout:
    index: dict[str, int] = {}
    for column, cell in enumerate(sheet.rows[header]):
        if text := words(cell):
            index.setdefault(plain(text), column)
    layout = Layout(
        sheet=sheet,
        header=header,
        mapping=mapping,
        column_of={name: index[plain(text)] for name, text in mapping.columns.items()},
        wide={header: index[plain(header)] for header in mapping.wide},
        decimal=".",
    )
    return replace(layout, decimal=mapping.decimal or decimal_mark(_cells(layout)))


def _cells(layout: Layout) -> Iterator[Cell]:
    columns: Sequence[int] = (*layout.column_of.values(), *layout.wide.values())
    for row in range(layout.header + 1, len(layout.sheet.rows)):
        for column in columns:
            yield layout.at(row, column)

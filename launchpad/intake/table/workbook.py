"""XLSX workbooks: the visible sheets with the values last shown; formulas are not computed."""

import re
import warnings
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

import python_calamine as calamine

from launchpad.errors import ImportRefusedError
from launchpad.intake import archive
from launchpad.intake.source import Source
from launchpad.intake.table.cells import Cell
from launchpad.intake.table.columns import in_percent
from launchpad.intake.table.sheets import MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Sheet, too_large
from launchpad.intake.values import shortened
from launchpad.records.imported import Problem

MAX_XML = 128 * 1024**2
HEADER_ROWS = 30
SAVE_AGAIN = "Open it in a spreadsheet program and save it again as .xlsx or CSV."
_CELL_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})["']""")
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read(source: Source) -> tuple[list[Sheet], list[Problem]]:
    """The visible sheets, and which sheets were left out; refused when damaged, oversized or crafted."""
    _check(source)
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    try:
        with calamine.CalamineWorkbook.from_path(source.path) as book:
            for facts in book.sheets_metadata:
                if facts.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                if facts.visible != calamine.SheetVisibleEnum.Visible:
                    problems.append(Problem(f"sheet {facts.name!r}", "hidden, so it was not read"))
                    continue
                sheets.append(_sheet(source.path, book.get_sheet_by_name(facts.name)))
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise ImportRefusedError(f"{source.path} cannot be read as a workbook: {error}.", SAVE_AGAIN) from error
    return sheets, problems


def _sheet(path: Path, sheet: calamine.CalamineSheet) -> Sheet:
    # Cells may leave out where they stand, so that only now it is known how far they reach.
    height, width = sheet.total_height, sheet.total_width
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise too_large(path)
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    # A name merged over several rows belongs to each of them; a title merged over columns stays one cell.
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if top < len(rows) and left < len(rows[top]):
            for row in islice(rows, top + 1, bottom + 1):
                row[left] = rows[top][left]
    shown = _shown_in_percent(path, sheet.name) if _mentions_percent(rows) else frozenset[tuple[int, int]]()
    return Sheet(sheet.name, rows, range(1, len(rows) + 1), "row", shown)


def _cell(value: Cell) -> Cell:
    if isinstance(value, str):
        return shortened(value, MAX_CELL) if value.strip() else None
    return value


def _mentions_percent(rows: Sequence[Sequence[Cell]]) -> bool:
    return any(isinstance(cell, str) and in_percent(cell) for row in rows[:HEADER_ROWS] for cell in row)


def _shown_in_percent(path: Path, name: str) -> frozenset[tuple[int, int]]:
    """Where numbers have a percent format: below a header with a percent sign those are fractions already."""
    import openpyxl

    found: set[tuple[int, int]] = set()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            for row in book[name].iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS):
                for cell in row:
                    if isinstance(cell.value, int | float) and "%" in str(cell.number_format):
                        found.add((int(cell.row or 0) - 1, int(cell.column or 0) - 1))
            book.close()
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, BadZipFile) as error:
        raise ImportRefusedError(f"{path}: the formats of sheet {name!r} cannot be read.", SAVE_AGAIN) from error
    return frozenset(found)


def _check(source: Source) -> None:
    """Refuse a workbook that unpacks too large, defines entities, or claims cells far out."""
    path, left = source.path, MAX_XML
    with archive.opened(path, source.members) as zipped:
        for name in zipped.members:
            if not name.lower().endswith((".xml", ".rels")):
                continue
            rows = columns = 0
            tail = b""
            for piece in archive.read(zipped, name, MAX_XML):
                left -= len(piece)
                if left < 0:
                    raise too_large(path)
                window = tail + piece
                if _ENTITY.search(window):
                    what = f"{path}, part {name!r}, defines XML entities, as no spreadsheet program does."
                    raise ImportRefusedError(what, archive.HINT_HOSTILE)
                rows, columns = _extent(window, rows, columns)
                tail = window[-64:]
            if "worksheets/" in name and (rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS):
                raise too_large(path)


def _extent(window: bytes, rows: int, columns: int) -> tuple[int, int]:
    """The last row and column that cell references in a piece of XML name, and those known before."""
    for letters, digits in set(_CELL_REFERENCE.findall(window)):
        rows = max(rows, int(digits))
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        columns = max(columns, column)
    return rows, columns

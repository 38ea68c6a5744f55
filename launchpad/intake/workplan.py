"""A workbook that Launchpad exported and people filled in, as plain rows: what each cell holds now, what it held then.

Tables are found by their header row, wherever it stands and whatever its sheet is called: people rename sheets, sort
rows, insert rows and columns. Formulas are never calculated and never trusted.
"""

import json
import os
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from zipfile import BadZipFile

from launchpad.errors import ImportRefusedError
from launchpad.intake.returned import Plain, ReturnedWorkbook, WorkbookCell, WorkbookRow, WorkbookTable, unescaped
from launchpad.intake.workbook_door import AGAIN, TOO_LARGE, XLSX, refuse_no_workbook

MARK = "Launchpad"
FORMAT = "1"
HEADER_ROWS, MAX_ROWS, MAX_COLUMNS, MAX_TEXT = 200, 20_000, 256, 32_767
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "code": "code",
        "what is done": "name",
        "variant": "variant",
        "teams": "teams",
        "counted": "counted",
        "gain": "gain",
        "start": "start",
        "status": "status",
        "owner": "owner",
        "started": "started",
        "finished": "finished",
        "remaining": "remaining",
        "actual": "actual",
        "effort": "effort",
        "notes": "note",
        "key": "key",
    }
)
"""The headers that mean something here, in small letters, and what each column is called in the code."""

DAYS = frozenset({"start", "started", "finished"})
INPUTS = ("status", "owner", "started", "finished", "remaining", "actual", "effort", "note")
FILLED = ("code", "name", "key", *INPUTS[:-2], "note")
"""The columns of which one at least holds something in a row that means anything: totals hold none of them."""

FIRST_YEAR, FIRST_SERIAL, LAST_SERIAL = 1950, 18_264, 2_950_000
"""Days before are numbers that were typed where a day belongs; the last serial number is in the year 9976."""

_UNIT = re.compile(r"\s*[(\[,].*$", re.DOTALL)


def read_workplan(path: Path) -> ReturnedWorkbook:
    """The workbook's marks and rows; ImportRefusedError says what a file that is none of ours is, and what to do."""
    refuse_no_workbook(path)
    import openpyxl

    try:
        with path.open("rb") as file, warnings.catch_warnings():  # openpyxl leaves open what it fails to read
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True)
            try:
                return _returned(path, book)
            finally:
                book.close()
    except (LookupError, ValueError, TypeError, AttributeError, SyntaxError, OverflowError) as error:
        raise ImportRefusedError(f"{path} cannot be read as a workbook: {error}.", AGAIN) from error
    except (OSError, EOFError, BadZipFile, zlib.error) as error:
        raise ImportRefusedError(f"{path} is damaged: {error}.", AGAIN) from error


def _returned(path: Path, book: Any) -> ReturnedWorkbook:  # noqa: ANN401 - openpyxl types little
    marks = _marks(book)
    if (found := marks.get("Format", FORMAT)) != FORMAT:
        raise ImportRefusedError(
            f"{path} was exported by a newer Launchpad (format {found}).", "Read it with that version."
        )
    remarks = [f"{path.name} is open in another program: only what was saved there is read."] if _is_open(path) else []
    tables = [table for sheet in book.worksheets if (table := _table(path, sheet, remarks)) is not None]
    if not marks and not any(row.key is not None for table in tables for row in table.rows):
        raise ImportRefusedError(f"{path} is no workbook that Launchpad exported.", XLSX)
    if not tables:
        raise ImportRefusedError(
            f"{path} has no workplan any more: no sheet has a header row with Code, Status and Key.",
            "Put the header back, or export the workbook again.",
        )
    project, head, launch, plan = (marks.get(name) for name in ("Project", "Head", "Launch", "Plan"))
    return ReturnedWorkbook(path, project, head, launch, plan, tuple(tables), tuple(remarks))


def _is_open(path: Path) -> bool:
    """Whether LibreOffice or Excel has the file open: each leaves one of its own beside it for as long."""
    return any(os.path.lexists(path.with_name(mark)) for mark in (f".~lock.{path.name}#", f"~${path.name}"))


def _marks(book: Any) -> dict[str, str]:  # noqa: ANN401 - as above
    """What Launchpad wrote about the workbook: its document properties, or the hidden names that say the same."""
    properties = {str(one.name): str(one.value) for one in book.custom_doc_props.props}
    names = {str(name): str(held.attr_text) for name, held in book.defined_names.items()}
    constants = {name: text[1:-1].replace('""', '"') for name, text in names.items() if text.startswith('"')}
    found = {**constants, **properties}
    return {name.removeprefix(MARK): value for name, value in found.items() if name.startswith(MARK) and value}


def _table(path: Path, sheet: Any, remarks: list[str]) -> WorkbookTable | None:  # noqa: ANN401 - as above
    """The table of a sheet; None when no row among the first 200 is the header of one."""
    sheet.reset_dimensions()
    lines: Iterator[Sequence[Any]] = sheet.iter_rows(max_col=MAX_COLUMNS)
    above: list[str] = []
    for number, line in enumerate(lines, start=1):
        if number > HEADER_ROWS:
            return None
        places = _header(sheet.title, line, remarks)
        if places is not None:
            rows = tuple(_rows(path, sheet.title, enumerate(lines, start=number + 1), places, _epoch(sheet)))
            return WorkbookTable(sheet.title, tuple(above), frozenset(places), rows)
        above += [unescaped(cell.value) for cell in line if isinstance(cell.value, str)]
    return None


def _epoch(sheet: Any) -> datetime:  # noqa: ANN401 - as above
    return sheet.parent.epoch


def _header(sheet: str, line: Sequence[Any], remarks: list[str]) -> dict[str, int] | None:
    """Where each column stands, when this row is the header of a workplan; None when it is not.

    A table whose hidden Key was deleted is still known by its Code, Status and Notes.
    """
    titles = [_title(cell.value) for cell in line]
    if not {"code", "status"} <= set(titles) or not {"key", "note"} & set(titles):
        return None
    twice = sorted({title for title in titles if title is not None and titles.count(title) > 1})
    remarks += [f"{sheet} has the column {_spoken(name)} twice; neither was read." for name in twice]
    found = {title: place for place, title in enumerate(titles) if title is not None and title not in twice}
    if "code" not in found:
        return None
    gone = [_spoken(name) for name in (*INPUTS, "key") if name not in found and name not in twice]
    if gone:
        remarks.append(f"{sheet} has no column {', '.join(gone)} any more; nothing was read from there.")
    return found


def _title(value: object) -> str | None:
    return COLUMNS.get(_UNIT.sub("", value).strip().casefold()) if isinstance(value, str) else None


def _spoken(column: str) -> str:
    return next(title for title, name in COLUMNS.items() if name == column).capitalize()


def _rows(
    path: Path, sheet: str, lines: Iterable[tuple[int, Sequence[Any]]], places: Mapping[str, int], epoch: datetime
) -> Iterator[WorkbookRow]:
    """The rows below a header that hold anything in its columns."""
    from openpyxl.utils import get_column_letter

    count, blank = 0, None
    for number, line in lines:
        if line is blank:  # the same one for each row of a gap, of which there may be a million
            continue
        cells = {
            name: _cell(
                f"{sheet}!{get_column_letter(at + 1)}{number}", name, line[at] if at < len(line) else None, epoch
            )
            for name, at in places.items()
        }
        if all(cells[name].value is None for name in FILLED if name in cells):
            blank = line
            continue
        count += 1
        if count > MAX_ROWS:
            raise ImportRefusedError(
                f"{path}: {sheet} has more rows than a workplan can have ({MAX_ROWS:,}).", TOO_LARGE
            )
        key, damaged = _key(cells.pop("key", None))
        yield WorkbookRow(sheet, number, cells, key, damaged)


def _cell(where: str, name: str, cell: Any, epoch: datetime) -> WorkbookCell:  # noqa: ANN401 - as above
    if cell is None or cell.value is None:
        return WorkbookCell(where, None)
    value = cell.value
    if cell.data_type == "f" or not isinstance(value, str | int | float | bool | date | time):
        return WorkbookCell(where, str(getattr(value, "text", value))[:MAX_TEXT], "formula")
    if cell.data_type == "e":
        return WorkbookCell(where, str(value), "error")
    if isinstance(value, str):
        plain = unescaped(value[:MAX_TEXT]).strip()
        return WorkbookCell(where, plain or None, written=value.strip())
    if isinstance(value, datetime):
        value = value.date()
    elif name in DAYS and isinstance(value, int | float) and not isinstance(value, bool):
        value = _day(value, epoch)
    if isinstance(value, date) and value.year < FIRST_YEAR:
        return WorkbookCell(where, f"{value} (a number shown as a day)")
    return WorkbookCell(where, value if isinstance(value, int | float) else str(value))


def _day(serial: float, epoch: datetime) -> date | float:
    """The day a spreadsheet's serial number stands for; the number itself when it stands for none."""
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        return serial
    return (epoch + timedelta(days=int(serial))).date()


def _key(cell: WorkbookCell | None) -> tuple[Mapping[str, Plain] | None, bool]:
    """What a row was exported with, and whether its key is there but cannot be read."""
    if cell is None or cell.value is None:
        return None, False
    for text in (cell.written, str(cell.value)):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            given = cast("dict[str, object]", found)
            plain = {name: value for name, value in given.items() if isinstance(value, Plain)}
            if isinstance(plain.get("code"), str):
                return MappingProxyType(plain), False
    return None, True

"""CSV and its relatives: any encoding spreadsheets write, any delimiter, bad lines skipped and listed."""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake.source import PIECE, Source
from launchpad.intake.table.cells import Cell
from launchpad.intake.table.sheets import (
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    TOO_LARGE,
    Sheet,
    too_large,
)
from launchpad.intake.values import shortened
from launchpad.records.imported import Problem

MAX_BYTES = 256 * 1024**2
MAX_BAD_LINES = 50
MAX_FIRST = 50
DELIMITERS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(source: Source) -> tuple[list[Sheet], list[Problem]]:
    """The one table in a text file, and what could not be read of it."""
    if source.size > MAX_BYTES:
        raise ImportRefusedError(f"{source.path} is larger than {MAX_BYTES >> 20} MB.", TOO_LARGE)
    problems: list[Problem] = []
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    cells = 0
    for number, row in lines(source, problems):
        cells += len(row)
        if len(rows) >= MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
            raise too_large(source.path)
        rows.append([shortened(cell, MAX_CELL) for cell in row])
        numbers.append(number)
    return [Sheet(source.path.stem, rows, numbers)], problems


def lines(source: Source, problems: list[Problem], delimiter: str = "") -> Iterator[tuple[int, list[str]]]:
    """The rows of a text file one at a time, each with the number of its line; those that are none are listed."""
    encoding = _encoding(source)
    if encoding == "cp1252":
        problems.append(Problem("encoding", "not UTF-8: read as Windows-1252; check accents and dashes in names"))
    with source.path.open(encoding=encoding, errors="replace", newline="") as text:
        yield from _rows(text, delimiter or _delimiter(source, encoding), source.path, problems)


def first_rows(start: bytes, *, cut: bool) -> tuple[str, list[list[str]]]:
    """The character that splits the first line into most columns, and the first rows of a text that may be cut."""
    text = codecs.getincrementaldecoder(_encoding_shown(start) or "utf-8")(errors="replace").decode(start)
    text = re.sub(r"\Asep=.\s*", "", text)
    top = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=top.count)
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        rows.extend(islice(filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), MAX_FIRST))
    return delimiter, rows[:-1] if cut and 1 < len(rows) < MAX_FIRST else rows


def _encoding(source: Source) -> str:
    """By byte order mark, else by the zeros of UTF-16, else strict UTF-8, else Windows-1252."""
    if (shown := _encoding_shown(source.start)) is not None:
        return shown
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with source.path.open("rb") as file:
            for piece in iter(lambda: file.read(PIECE), b""):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _encoding_shown(start: bytes) -> str | None:
    """The encoding that a byte order mark, or the zeros of UTF-16, give away."""
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding
    if start.count(0) > len(start) // 5:
        return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    return None


def _delimiter(source: Source, encoding: str) -> str:
    """The character that splits most of the first lines into one and the same number of columns."""
    start = codecs.getincrementaldecoder(encoding)(errors="replace").decode(source.start)
    lines = start.splitlines(keepends=True)
    if source.size > PIECE and len(lines) > 1:
        lines.pop()
    if lines and (match := re.fullmatch(r"sep=(.)\s*", lines[0])):
        return match[1]
    return max(DELIMITERS, key=lambda mark: _regularity(lines[:50], mark))


def _regularity(lines: Sequence[str], mark: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
    except csv.Error:
        return (0, 0)
    usual = max(widths, key=widths.count, default=0)
    return (widths.count(usual), usual) if usual > 1 else (0, 0)


def _rows(text: io.TextIOBase, delimiter: str, path: Path, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    bad = 0
    while True:
        begins = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise _never_closed(path, begins) from error
            bad += 1
            if bad <= MAX_BAD_LINES:
                problems.append(Problem(f"line {begins}", f"skipped: {error}"))
            continue
        if row is None:
            break
        if begins == 1 and "".join(row).startswith("sep="):
            continue
        yield begins, row
    if bad > MAX_BAD_LINES:
        problems.append(Problem("lines", f"{bad - MAX_BAD_LINES} more were skipped"))


def _never_closed(path: Path, line: int) -> ImportRefusedError:
    what = f"{path}: a quotation mark opened on line {line} is never closed."
    return ImportRefusedError(what, "Close it, or export the table again.")

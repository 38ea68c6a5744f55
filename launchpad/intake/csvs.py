"""The per-sample tables that harnesses write, known by their header and read row by row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from launchpad.errors import ImportRefusedError
from launchpad.intake.source import Source
from launchpad.intake.table import delimited
from launchpad.intake.table.cells import number
from launchpad.records.imported import Problem

MAX_BYTES = 1024**3
MAX_ROWS = 2_000_000
_BINARY = (b"SQLite format 3\0", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x28\xb5\x2f\xfd", b"\x1f\x8b", b"PK", b"{", b"[")
TOO_LARGE = "Split the table by model or by attack, and import the parts."


@dataclass(frozen=True, slots=True)
class Top:
    """How a table begins: the names of its columns in lower case, the rows below as far as they are shown."""

    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]

    def has(self, *names: str) -> bool:
        """Whether all of these columns are there."""
        return set(names) <= set(self.columns)


NO_TABLE = Top(",", (), ())


def top(source: Source) -> Top:
    """How the file begins when it is read as a table with its header in the first row."""
    return _top(source.start, source.size > len(source.start))


@lru_cache(maxsize=4)
def _top(start: bytes, cut: bool) -> Top:  # noqa: FBT001 - a cache knows its arguments by place
    if start.lstrip().startswith(_BINARY):
        return NO_TABLE
    delimiter, rows = delimited.first_rows(start, cut=cut)
    columns = _names(rows[0]) if rows else ()
    return Top(delimiter, columns, tuple(_row(columns, row) for row in rows[1:]))


def rows(source: Source, problems: list[Problem]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row below the header by the names of its columns, and the number of its line.

    Rows with more or fewer cells than the header are listed and left out; the file is refused when it
    is too large, or when a quotation mark is never closed.
    """
    if source.size > MAX_BYTES:
        raise ImportRefusedError(f"{source.path} is larger than {MAX_BYTES >> 20} MB.", TOO_LARGE)
    columns: tuple[str, ...] = ()
    for place, (line, row) in enumerate(delimited.lines(source, problems, top(source).delimiter)):
        if place > MAX_ROWS:
            raise ImportRefusedError(f"{source.path} holds more than {MAX_ROWS:,} rows.", TOO_LARGE)
        if not any(cell.strip() for cell in row):
            continue
        if not columns:
            columns = _names(row)
        elif len(row) == len(columns):
            yield line, _row(columns, row)
        else:
            what = f"{len(row)} cells below a header of {len(columns)}; the row was left out"
            problems.append(Problem(f"line {line}", what))


def value(cell: str | None, delimiter: str = ",") -> float | None:
    """The number in a cell, None when it says that there is none; words raise NotANumberError.

    Where semicolons part the columns a comma is the decimal mark.
    """
    return number(cell, "," if delimiter == ";" else ".")


def _names(row: list[str]) -> tuple[str, ...]:
    return tuple(cell.strip().strip("\ufeff").casefold() for cell in row)


def _row(columns: tuple[str, ...], row: list[str]) -> dict[str, str]:
    """The cells by column; of columns of one name the first counts."""
    found: dict[str, str] = {}
    for name, cell in zip(columns, row, strict=False):
        found.setdefault(name, cell)
    return found

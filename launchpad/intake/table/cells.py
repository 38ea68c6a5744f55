"""What a table's cells mean: numbers in any common notation, yes and no, dates; no value is never zero."""

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

Cell = str | float | int | bool | date | time | timedelta | None
Mark = Literal[".", ","]

MAX_NUMBER = 60
NOTHING = frozenset(
    {
        *(
            "-",
            "--",
            "—",
            ".",
            "?",
            "na",
            "n/a",
            "n.a.",
            "n. a.",
            "k. a.",
            "k.a.",
            "nan",
            "null",
            "none",
            "nil",
        ),
        *("–", "missing", "unknown", "inf", "-inf"),  # noqa: RUF001 - a dash people type for no value
        *("#n/a", "#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!"),
    }
)
_YES = frozenset({"true", "yes", "y", "1", "ja", "oui", "sí", "si", "wahr", "vrai", "pass", "passed", "higher", "up"})
_NO = frozenset({"false", "no", "n", "0", "nein", "non", "falsch", "faux", "fail", "failed", "lower", "down"})
_SPACES = re.compile(r"[\s'’_]")  # noqa: RUF001 - a thousands mark
_COMMA_DECIMAL = re.compile(r"[-+]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3})+,\d+)")
_POINT_DECIMAL = re.compile(r"[-+]?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{1,3}(?:,\d{3})+\.\d+)")
_MONTH = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")


class NotANumberError(ValueError):
    """A cell that should hold a number holds other text."""


def nothing(cell: Cell) -> bool:
    """Whether the cell says that there is no value."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return True
    return isinstance(cell, str) and (not cell.strip() or cell.strip().casefold() in NOTHING)


def words(cell: Cell) -> str | None:
    """The cell as text, or None when nothing is in it; whole numbers and days without their zeros."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return str(cell).strip()


def number(cell: Cell, decimal: Mark = ".") -> float | None:
    """The number in a cell, a percent sign taken as hundredths; None for no value.

    `decimal` decides only what 1,000 and 1.000 mean; any other notation speaks for itself.
    Text that is neither raises NotANumberError.
    """
    if nothing(cell):
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise NotANumberError
    if isinstance(cell, str):
        return _parsed(cell, decimal)
    try:
        return float(cell)
    except OverflowError:
        raise NotANumberError from None


def hundredths(value: float) -> float:
    """The number divided by 100 in decimal, so that 12.3 becomes .123 and not .12300000000000001."""
    return float(Decimal(repr(value)) / 100)


def decimal_mark(cells: Iterable[Cell]) -> Mark:
    """The decimal mark that the table's unmistakable numbers use; the point when they use none or both."""
    commas = points = 0
    for cell in cells:
        if isinstance(cell, str) and len(cell) <= MAX_NUMBER:
            text = _SPACES.sub("", cell).rstrip("%")
            commas += _COMMA_DECIMAL.fullmatch(text) is not None
            points += _POINT_DECIMAL.fullmatch(text) is not None
    return "," if commas > points else "."


def flag(cell: Cell) -> bool | None:
    """Yes or no, or None when the cell says neither."""
    if isinstance(cell, bool):
        return cell
    text = (words(cell) or "").casefold()
    return True if text in _YES else (False if text in _NO else None)


def day(cell: Cell) -> str | None:
    """The ISO 8601 date (a year or month alone stays so), or None for anything else."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = words(cell) or ""
    if _MONTH.fullmatch(text):
        return text
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return None


def _parsed(cell: str, decimal: Mark) -> float:
    if len(cell) > MAX_NUMBER:
        raise NotANumberError
    text = _SPACES.sub("", cell).replace("\N{MINUS SIGN}", "-")
    percent = text.endswith("%")
    text = text.rstrip("%")
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        text = text.replace(",", "") if point > comma else text.replace(".", "").replace(",", ".")
    elif comma >= 0:
        text = text.replace(",", ".") if _is_decimal(text, ",", decimal) else text.replace(",", "")
    elif point >= 0 and not _is_decimal(text, ".", decimal):
        text = text.replace(".", "")
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise NotANumberError from None
    value = float(found / 100 if percent else found)
    if not math.isfinite(value):
        raise NotANumberError
    return value


def _is_decimal(text: str, mark: Mark, decimal: Mark) -> bool:
    """Whether a number's only kind of mark separates decimals: 1,000 may be either; 0,930 and 1,5 not."""
    whole, *groups = text.lstrip("+-").split(mark)
    grouped = all(len(group) == 3 and group.isdigit() for group in groups) and 1 <= len(whole) <= 3
    if not grouped or whole.startswith("0"):
        return True
    return len(groups) == 1 and mark == decimal

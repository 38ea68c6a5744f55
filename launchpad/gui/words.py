"""How values are written for a person, in the person's own locale and time zone."""

from __future__ import annotations

import functools
import math
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTimeZone

from launchpad.edits.values import format_value
from launchpad.records import Estimate, Field, Inputs, Record, Value

DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EM DASH}"
Cell = Value | Estimate


def translate(context: str, words: str) -> str:
    """Words that are known only when the program runs (labels of fields, say) in the person's language."""
    return QCoreApplication.translate(context, words)


@functools.cache
def _here() -> tuple[QLocale, str]:
    """The person's locale and its decimal point; asked for with every number on screen."""
    locale = QLocale()
    return locale, locale.decimalPoint()


def number(value: float | None, digits: int = 3) -> str:
    """A number to so many significant digits; whole numbers below a billion in full; None as a dash."""
    if value is None or math.isnan(value):
        return NOTHING
    locale, point = _here()
    size = abs(value)
    if value == int(value) and size < 1e9:
        return locale.toString(int(value))
    if size < 1e-4 or size >= 1e9:
        return locale.toString(value, "g", digits)
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    text = locale.toString(value, "f", decimals)
    return text.rstrip("0").removesuffix(point) if point in text else text


def percent(share: float | None, digits: int = 2) -> str:
    """A share as a percentage to so many significant digits; None as a dash."""
    if share is None or math.isnan(share):
        return NOTHING
    return f"{number(100 * share, digits)}\N{NARROW NO-BREAK SPACE}%"


def day(iso: str | date | None) -> str:
    """A calendar day such as 3 Feb 2027; None as nothing."""
    if iso is None:
        return ""
    at = iso if isinstance(iso, date) else date.fromisoformat(iso)
    return QLocale().toString(QDate(at.year, at.month, at.day), "d MMM yyyy")


def moment(iso: str | None) -> str:
    """A UTC time of the file as local day and time; None as nothing."""
    if iso is None:
        return ""
    at = datetime.fromisoformat(iso)
    utc = QDateTime.fromMSecsSinceEpoch(round(at.timestamp() * 1000), QTimeZone.utc())
    return QLocale().toString(utc.toLocalTime(), "d MMM yyyy HH:mm")


def estimate(value: Estimate | None) -> str:
    """An estimate as `median (low-high)`, or as its one value where it is certain."""
    if value is None:
        return NOTHING
    if value.low == value.high:
        return number(value.median)
    return f"{number(value.median)} ({number(value.low, 2)}{DASH}{number(value.high, 2)})"


def span(low: float | None, high: float | None) -> str:
    """An interval as `low-high`, or nothing when either end is missing."""
    return "" if low is None or high is None else f"{number(low, 2)}{DASH}{number(high, 2)}"


def yes_no(value: object) -> str:
    """Yes or no; None as nothing."""
    if value is None:
        return ""
    if value:
        return QCoreApplication.translate("words", "Yes")
    return QCoreApplication.translate("words", "No")


def shown(inputs: Inputs, row: Record, field: Field) -> str:
    """One field of a record as a cell shows it; an estimate with how it is known."""
    value: Cell = getattr(row, field.name)
    if value is None:
        return ""
    if isinstance(value, Estimate):
        return f"{estimate(value)} {translate('records', value.kind)}"
    if field.refers is not None:
        return inputs.part(row, field.name)
    if field.choices:
        return translate("records", field.choices.get(str(value), str(value)))
    if field.type == "flag":
        return yes_no(value)
    if field.type == "date":
        return day(str(value))
    if field.type == "moment":
        return moment(str(value))
    return number(float(value)) if field.type in ("number", "whole") else str(value)


def typed(inputs: Inputs, row: Record, field: Field) -> str:
    """One field of a record as its editor starts: exact, and in the form that can be typed again."""
    value: Cell = getattr(row, field.name)
    if value is None:
        return ""
    if field.refers is not None or field.choices or field.type == "flag":
        return shown(inputs, row, field)
    words = format_value(field, value)
    if field.type == "number" and QLocale().decimalPoint() == ",":
        return words.replace(", ", "; ").replace(".", ",")
    return words


def plain(field: Field, words: str) -> str:
    """What a person typed as the words `edits.values` reads, whatever the language and the locale.

    A decimal comma becomes a point; the parts of an estimate are then parted by semicolons.
    """
    words = words.strip()
    if field.choices:
        labels = {translate("records", label): stored for stored, label in field.choices.items()}
        return labels.get(words, words)
    if field.type == "flag":
        return {yes_no(value=True): "yes", yes_no(value=False): "no"}.get(words, words)
    if field.type not in ("number", "whole") or field.refers is not None:
        return words
    words = words.replace(MINUS, "-")
    return words.replace(", ", "; ").replace(",", ".") if QLocale().decimalPoint() == "," else words

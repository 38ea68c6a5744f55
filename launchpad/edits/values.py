"""The one door by which words become field values, and records are checked.

Forms, the command line, pasted cells and loaded tables all come through here.
"""

import dataclasses
import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import cast

from launchpad.errors import InvalidValueError
from launchpad.records.fields import KINDS, Estimate, Field, R, fields_of

TRUE = frozenset({"yes", "y", "true", "1", "x"})
FALSE = frozenset({"no", "n", "false", "0"})
INTEGER_LIMIT = 2**53


def parse(declared: Field, words: str) -> object:
    """The value these words stand for; None when they are blank.

    An estimate is `low, median, high` or one certain number, then optionally its kind. Choices are
    known by value or label. A reference must be resolved by the caller first. Raises
    InvalidValueError naming the field, the words and what would do.
    """
    words = words.strip()
    if not words:
        return _required(declared, None)
    if declared.scale is not None:
        return check(declared, _estimate(declared, words))
    if declared.choices:
        return _choice(declared, words)
    return check(declared, _READERS[declared.type](declared, words))


def format_value(declared: Field, value: object) -> str:
    """The words for a value, in the form that `parse` reads back to the same value."""
    if value is None:
        return ""
    if isinstance(value, Estimate):
        return f"{value.low:.15g}, {value.median:.15g}, {value.high:.15g}, {value.kind}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(declared.choices.get(str(value), value)) if declared.choices else str(value)


def check(declared: Field, value: object) -> object:
    """The value in its declared type, or InvalidValueError saying what is wrong with it."""
    if value is None:
        return _required(declared, None)
    if declared.scale is not None:
        return _checked_estimate(declared, value)
    if declared.choices and value not in declared.choices:
        return _refuse(declared, value, _choices(declared))
    return _CHECKS[declared.type](declared, value)


def checked(record: R) -> R:
    """The record with every value in its declared type, or InvalidValueError naming the field."""
    values = {declared.name: check(declared, getattr(record, declared.name)) for declared in fields_of(type(record))}
    return dataclasses.replace(record, **values)  # pyright: ignore[reportArgumentType] - checked one by one


def _required(declared: Field, value: object) -> object:
    if declared.required:
        raise InvalidValueError(f"{declared.label} must not be empty.", "Give a value.")
    return value


def _refuse(declared: Field, value: object, hint: str) -> object:
    raise InvalidValueError(f"{value!r} does not fit {declared.label}.", hint)


def _choices(declared: Field) -> str:
    return "Choose one of: " + ", ".join(declared.choices) + "."


def _choice(declared: Field, words: str) -> object:
    wanted = words.casefold()
    for value, label in declared.choices.items():
        if wanted in (value.casefold(), label.casefold(), value.replace("_", " ").casefold()):
            return value
    return _refuse(declared, words, _choices(declared))


def _checked_flag(declared: Field, value: object) -> object:
    return value if isinstance(value, bool) else _refuse(declared, value, "Say yes or no.")


def _checked_number(declared: Field, value: object) -> float:
    return _in_range(declared, _number(declared, value))


def _flag(declared: Field, words: str) -> object:
    if words.casefold() in TRUE:
        return True
    if words.casefold() in FALSE:
        return False
    return _refuse(declared, words, "Say yes or no.")


def _read_number(declared: Field, words: str) -> float:
    percent = words.endswith("%")
    plain = words.removesuffix("%").replace("\u202f", "").replace("\u00a0", "").strip()
    plain = re.sub(r"(?<=\d)[_ '](?=\d{3})", "", plain)
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        _refuse(declared, words, "Give a number such as 12.5 or 3%.")
    return value / 100 if percent else value


def _read_whole(declared: Field, words: str) -> object:
    return _whole(declared, _read_number(declared, words))


def _number(declared: Field, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        _refuse(declared, value, "Give a number.")
    return float(cast("float", value))


def _whole(declared: Field, value: object) -> int:
    number = _number(declared, value)
    if number != int(number) or abs(number) > INTEGER_LIMIT:
        _refuse(declared, value, "Give a whole number.")
    return int(_in_range(declared, number))


def _in_range(declared: Field, value: float) -> float:
    low, high = declared.low, declared.high
    if (low is not None and value < low) or (high is not None and value > high):
        least = "" if low is None else f"at least {low:g}"
        most = "" if high is None else f"at most {high:g}"
        _refuse(declared, f"{value:g}", f"It must be {' and '.join(part for part in (least, most) if part)}.")
    return value


def _estimate(declared: Field, words: str) -> Estimate:
    parts = [part.strip() for part in re.split(r"[;,]", words)]
    kind = parts.pop().casefold() if parts[-1].casefold() in KINDS else "assumed"
    numbers = [_read_number(declared, part) for part in parts]
    if len(numbers) == 1:
        numbers *= 3
    if len(numbers) != 3:
        _refuse(declared, words, "Give three numbers, low, median and high, or one certain number.")
    return Estimate(numbers[0], numbers[1], numbers[2], kind)


def _checked_estimate(declared: Field, value: object) -> Estimate:
    if not isinstance(value, Estimate):
        _refuse(declared, value, "Give low, median and high.")
    given = cast("Estimate", value)
    low, median, high = (_in_range(declared, _number(declared, part)) for part in (given.low, given.median, given.high))
    if not low <= median <= high:
        _refuse(declared, f"{low:g}, {median:g}, {high:g}", "It must rise from low over median to high.")
    if declared.scale == "log" and low == 0 and high > 0:
        _refuse(declared, f"{low:g}, {median:g}, {high:g}", "The low value must be above 0.")
    if given.kind not in KINDS:
        _refuse(declared, given.kind, "The kind is one of: " + ", ".join(KINDS) + ".")
    return Estimate(low, median, high, given.kind)


def _date(declared: Field, value: object) -> str:
    words = str(value)
    try:
        return date.fromisoformat(words.strip()).isoformat()
    except ValueError:
        return str(_refuse(declared, words, "Give a date as YYYY-MM-DD."))


def _moment(declared: Field, value: object) -> str:
    words = str(value)
    try:
        datetime.fromisoformat(words.strip())
    except ValueError:
        _refuse(declared, words, "Give a time as YYYY-MM-DDTHH:MM:SSZ.")
    return words.strip()


def _text(declared: Field, value: object) -> str:
    if not isinstance(value, str):
        _refuse(declared, value, "Give words.")
    words = cast("str", value)
    if "\0" in words or any("\ud800" <= character <= "\udfff" for character in words):
        _refuse(declared, words[:40], "It holds characters that cannot be stored.")
    return words


_READERS: dict[str, Callable[[Field, str], object]] = {
    "text": _text,
    "number": _read_number,
    "whole": _read_whole,
    "flag": _flag,
    "date": _date,
    "moment": _moment,
}

_CHECKS: dict[str, Callable[[Field, object], object]] = {
    "text": _text,
    "number": _checked_number,
    "whole": _whole,
    "flag": _checked_flag,
    "date": _date,
    "moment": _moment,
}

"""The door values pass on their way in: each takes the type its column declares, or is refused."""

import math
import numbers
import operator
from collections.abc import Callable, Iterable
from typing import Final

from launchpad.changes import ROW_ID_BITS, Change, Values
from launchpad.errors import InvalidValueError
from launchpad.records import TABLES, Record, Value, columns_of
from launchpad.records.fields import Column, Type

LARGEST: Final = 2**63 - 1


def typed(change: Change) -> Change:
    """The change with every value in the type its column declares, in the order of the columns.

    Raises InvalidValueError for a value that does not fit, ValueError for a change that is not
    whole: an unknown table or field, half a group, an insert or delete without every field.
    """
    record = TABLES.get(change.table)
    if record is None or (change.before is None and change.after is None):
        raise ValueError(f"no change of a known table: {change}")
    if type(change.key) is not int or not 0 < change.key < 2**ROW_ID_BITS:
        raise ValueError(f"no row id: {change}")
    named = change.before if change.after is None else change.after
    columns = columns_of(record)
    if change.before is not None and change.after is not None:
        columns = _updated(record, change.before, change.after)
    elif len(named or ()) != len(columns):
        raise ValueError(f"an insert or delete holds every field: {change}")
    return Change(change.table, change.key, _fit(record, columns, change.before), _fit(record, columns, change.after))


def _updated(record: type[Record], before: Values, after: Values) -> tuple[Column, ...]:
    names = set(after)
    groups = {column.group for column in columns_of(record) if column.name in names}
    columns = tuple(column for column in columns_of(record) if column.group in groups)
    if names != set(before) or names != {column.name for column in columns}:
        raise ValueError(f"an update of {record.table} holds whole groups of fields, before and after")
    return columns


def _fit(record: type[Record], columns: Iterable[Column], values: Values | None) -> Values | None:
    if values is None:
        return None
    try:
        return {
            column.name: None if (value := values[column.name]) is None else FIT[column.type](value)
            for column in columns
        }
    except KeyError as error:
        raise ValueError(f"{record.table} has no value for {error}") from error
    except (TypeError, ValueError, OverflowError):
        _explain(record, columns, values)
        raise


def _explain(record: type[Record], columns: Iterable[Column], values: Values) -> None:
    for column in columns:
        if values[column.name] is None:
            continue
        try:
            FIT[column.type](values[column.name])
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidValueError(
                f"{record.label}, {column.field.label}: {error}.", "Nothing was changed."
            ) from error


def checked_text(words: str) -> None:
    """Refuse words that cannot be kept, with an InvalidValueError."""
    try:
        _text(words)
    except ValueError as error:
        raise InvalidValueError(f"{words!r}: {error}.", "Nothing was changed.") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    if "\0" in value or not (value.isascii() or value.isprintable() or _sound(value)):
        raise ValueError("the text holds a character that cannot be kept")
    return str(value)


def _sound(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (float, numbers.Real)):
        raise TypeError(f"{value!r} is not a number")
    found = float(value)
    if not math.isfinite(found):
        raise ValueError(f"{found} is not a number that can be kept")
    return found + 0.0  # -0.0 comes back from the file as 0.0


def _whole(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return value
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{value!r} is not a whole number")
    found = operator.index(value)
    if abs(found) > LARGEST:
        raise ValueError(f"{found} is too large")
    return found


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    raise TypeError(f"{value!r} is neither yes nor no")


FIT: Final[dict[Type, Callable[[object], Value]]] = {
    "whole": _whole,
    "number": _number,
    "text": _text,
    "date": _text,
    "moment": _text,
    "flag": _flag,
}

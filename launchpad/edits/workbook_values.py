"""What a cell of a returned workbook stands for, and how its value is shown: one door for all of its columns."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from launchpad.edits.values import check, format_value, parse
from launchpad.errors import InvalidValueError
from launchpad.intake.returned import Plain, WorkbookCell
from launchpad.records import (
    Effort,
    Estimate,
    Field,
    Inputs,
    Mitigation,
    Person,
    Record,
    Standing,
    fields_of,
)

FIELDS: Mapping[str, tuple[type[Record], str]] = MappingProxyType(
    {
        "status": (Standing, "status"),
        "started": (Standing, "started"),
        "finished": (Standing, "finished"),
        "remaining": (Standing, "remaining_days"),
        "actual": (Standing, "actual_days"),
        "note": (Standing, "note"),
        "owner": (Mitigation, "owner"),
        "effort": (Effort, "days"),
    }
)
"""Which field of which record each column of the workbook shows."""

NUMBERS = frozenset({"remaining", "actual", "effort"})
CLOSE = 1e-9
CUT = "… (cut)"
"""What an export puts in place of the end of a text that no cell can hold."""


def field_shown(column: str) -> Field:
    """The declared field a column shows."""
    record, name = FIELDS[column]
    return next(field for field in fields_of(record) if field.name == name)


def value_in(inputs: Inputs, column: str, cell: WorkbookCell) -> object:
    """The value of a cell, in the type its field declares; an effort as a plain number.

    Raises InvalidValueError, saying what would do, for a formula, an error of the spreadsheet, or what does not fit.
    """
    label = field_shown(column).label
    if cell.kind == "formula":
        raise InvalidValueError(f"{label} is a formula ({cell.value}).", "Put its value there.")
    if cell.kind == "error":
        raise InvalidValueError(f"{label} shows the error {cell.value}.", "Put a value there.")
    return value_of(inputs, column, cell.value)


def value_of(inputs: Inputs, column: str, plain: Plain) -> object:
    """The value a plain cell or key stands for; InvalidValueError as `value_in`."""
    declared = field_shown(column)
    if column == "owner":
        return None if plain is None or plain == "" else person_called(inputs, str(plain)).id
    if column in NUMBERS:
        return _number(declared, plain)
    if plain is None or plain == "":
        return check(declared, None)
    if isinstance(plain, float) and plain.is_integer():
        plain = int(plain)  # a number where words belong, as a person reads it
    return parse(declared, str(plain))


def _number(declared: Field, plain: Plain) -> object:
    """The number of person-days; an effort, which is an estimate in the project, is asked for as one number."""
    if plain is None or plain == "":
        return check(declared, None)
    if declared.scale is None:
        return parse(declared, plain) if isinstance(plain, str) else check(declared, plain)
    if isinstance(plain, str):
        found = parse(declared, plain)
    else:
        number = math.nan if isinstance(plain, bool) else float(plain)
        if not math.isfinite(number):
            raise InvalidValueError(f"{plain!r} does not fit {declared.label}.", "Give a number.")
        found = check(declared, Estimate(number, number, number))
    return found.median if isinstance(found, Estimate) else found


def person_called(inputs: Inputs, words: str) -> Person:
    """The person of this code, or the only one of this name; InvalidValueError when there is none or more."""
    wanted = " ".join(words.split()).casefold()
    people = inputs.rows(Person)
    by_code = [person for person in people if person.code.casefold() == wanted]
    names = [person for person in people if " ".join((inputs.text(person.name) or "").split()).casefold() == wanted]
    found = by_code or names
    if len(found) == 1:
        return found[0]
    codes = ", ".join(person.code for person in found)
    if found:
        raise InvalidValueError(f"Owner: more than one person is called {words!r} ({codes}).", "Give the code.")
    raise InvalidValueError(
        f"Owner: nobody is called {words!r}.", "Give a code or a name the project has, or add the person first."
    )


def same(one: object, other: object) -> bool:
    """Whether two values are one: numbers but for the last digits, texts but for line ends and outer blanks."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
    if isinstance(one, str) and isinstance(other, str):
        return _even(one) == _even(other)
    return (None if one == "" else one) == (None if other == "" else other)


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def as_exported(cell: WorkbookCell, plain: Plain) -> bool:
    """Whether a cell still holds, letter for letter, what its row was exported with."""
    spelled = isinstance(cell.value, str) and isinstance(plain, str) and same(cell.written, plain)
    return cell.kind == "value" and (same(cell.value, plain) or spelled)


def shows(cell: WorkbookCell, text: object) -> bool:
    """Whether a cell shows this text, whole or with its end cut by the export."""
    value = cell.value
    if not isinstance(value, str) or not isinstance(text, str):
        return same(value, text)
    return same(value, text) or (value.endswith(CUT) and _even(text).startswith(_even(value).removesuffix(CUT)))


def shown(inputs: Inputs, column: str, value: object) -> str:
    """A value in words a person reads; empty for none."""
    if value is None:
        return ""
    if column == "owner" and isinstance(value, int) and inputs.has(Person, value):
        person = inputs.get(Person, value)
        name = inputs.text(person.name)
        return f"{person.code} {name}" if name else person.code
    if isinstance(value, Estimate):
        return f"{value.median:.4g} ({value.low:.4g} to {value.high:.4g})"
    return f"{value:g}" if isinstance(value, float) else format_value(field_shown(column), value)

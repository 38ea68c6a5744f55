"""Which rows of a table are shown and in which order: plain functions of rows and columns."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import cast

from launchpad.gui.columns import Column, Row
from launchpad.gui.words import Cell
from launchpad.records import Estimate

Test = Callable[[float, float], bool]
COMPARISONS: dict[str, Test] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
NUMBERS = frozenset({float, int, bool})
# Beyond so many cells a number is looked for as it is stored, not as it is written for people.
MANY_CELLS = 200_000


def sorted_places(rows: Sequence[Row], places: list[int], column: Column, *, backwards: bool) -> list[int]:
    """The places sorted by a column: stable, numbers before words, what is missing always last."""
    value = column.value
    values = [value(rows[at]) for at in places]
    if {type(found) for found in values} <= NUMBERS and not any(found != found for found in values):  # noqa: PLR0124 - nan
        plain = cast("list[float]", values)
        return [places[at] for at in sorted(range(len(plain)), key=plain.__getitem__, reverse=backwards)]
    numbers: list[tuple[float, int]] = []
    words: list[tuple[str, int]] = []
    missing: list[int] = []
    for at, found in zip(places, values, strict=True):
        key = found.median if isinstance(found, Estimate) else found
        if isinstance(key, str) and key:
            words.append((key.casefold(), at))
        elif type(key) in NUMBERS and key == key:  # noqa: PLR0124 - nan is missing
            numbers.append((float(key or 0), at))
        else:
            missing.append(at)
    for group in (numbers, words):
        group.sort(key=operator.itemgetter(0), reverse=backwards)
    return [at for group in (numbers, words) for _, at in group] + missing


def found_anywhere(rows: Sequence[Row], places: list[int], columns: Sequence[Column], words: str) -> list[int]:
    """The places of rows that hold these words in any column, whatever the case."""
    wanted = words.casefold()
    few = len(places) * len(columns) <= MANY_CELLS
    if few:
        texts = [column.text for column in columns]
        return [at for at in places if any(wanted in text(rows[at]).casefold() for text in texts)]
    values = [column.value for column in columns]
    return [at for at in places if any(wanted in str(value(rows[at])).casefold() for value in values)]


def kept_by(column: Column, words: str) -> Callable[[Row], bool]:
    """Whether a row stays: its column holds these words, or compares as in `>0.1`."""
    sign = next((sign for sign in COMPARISONS if words.startswith(sign)), None)
    limit = None if sign is None else _number(words.removeprefix(sign))
    if sign is not None and limit is not None:
        compare = COMPARISONS[sign]
        return lambda row: _compares(column.value(row), compare, limit)
    wanted = words.casefold()
    return lambda row: wanted in column.text(row).casefold()


def _number(words: str) -> float | None:
    try:
        return float(words.strip().replace(",", "."))
    except ValueError:
        return None


def _compares(value: Cell, compare: Test, limit: float) -> bool:
    if isinstance(value, Estimate):
        value = value.median
    return isinstance(value, int | float) and compare(value, limit)

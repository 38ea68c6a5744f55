"""Tables with one result a row, or with results side by side in the columns of models or metrics."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from launchpad.intake.table.cells import NotANumberError, day, flag, hundredths, nothing, number, words
from launchpad.intake.table.columns import plain
from launchpad.intake.table.layout import Layout
from launchpad.intake.values import MAX_NAME, shortened
from launchpad.records.imported import ImportedResult, Interval, Problem, Unit

UNKNOWN_MODEL, NO_VALUE = "unknown", 999
_UNITS: dict[str, Unit] = {
    **dict.fromkeys(("fraction", "share", "proportion", "rate", "percent", "%", "pct"), "fraction"),
    **dict.fromkeys(("count", "number", "n"), "count"),
    **dict.fromkeys(("score", "points", "rating"), "score"),
}
_PERCENT_UNITS = frozenset({"percent", "%", "pct", "percentage"})


@dataclass(frozen=True, slots=True)
class Reader:
    """One table being read, with the name its rows take when they have no task, and the problems met."""

    layout: Layout
    default_task: str
    prefix: str = ""
    problems: list[Problem] = field(default_factory=list[Problem])

    def complain(self, row: int, what: str) -> None:
        """List a problem of one row."""
        self.problems.append(Problem(f"{self.prefix}{self.layout.sheet.where(row)}", what))

    def text(self, row: int, name: str) -> str | None:
        """A field as text."""
        cell = self.layout.cell(row, name)
        found = None if isinstance(cell, str) and nothing(cell) else words(cell)
        return shortened(found, MAX_NAME) if found else None

    def share(self, row: int, name: str) -> float | None:
        """A field on the scale of the value: percentages become fractions."""
        column = self.layout.column_of.get(name)
        if column is None:
            return self.number_in(row, name, self.layout.cell(row, name))
        return self.number_at(row, column, name, percent=_says_percent(self.text(row, "unit")))

    def number_at(self, row: int, column: int, name: str, *, percent: bool = False) -> float | None:
        """The number in a cell, a percentage as a fraction; text that is no number is listed."""
        cell = self.layout.at(row, column)
        value = self.number_in(row, name, cell)
        if value == NO_VALUE:
            self.complain(row, f"{name}: {NO_VALUE} is taken for no value, as harnesses write it")
            return None
        written = isinstance(cell, str) and "%" in cell
        if value is None or written or not (percent or self.layout.is_percentage(row, column)):
            return value
        return hundredths(value)

    def number_in(self, row: int, name: str, cell: object) -> float | None:
        """The number in a cell, or None with the problem listed."""
        if cell is not None and not isinstance(cell, str | int | float):
            self.complain(row, f"{name}: {cell} is not a number")
            return None
        try:
            return number(cell, self.layout.decimal)
        except NotANumberError:
            self.complain(row, f"{name}: {shortened(str(cell), 60)!r} is not a number")
            return None

    def error(self, row: int, name: str) -> float | None:
        """A standard error on the scale of the value: from 0 on, or None with the problem listed."""
        value = self.share(row, name)
        if value is None or value >= 0:
            return value
        self.complain(row, f"{name}: {value:g} is below 0; left out")
        return None

    def count(self, row: int, name: str) -> int | None:
        """A field that counts things: a whole number from 0 on, or None with the problem listed."""
        value = self.number_in(row, name, self.layout.cell(row, name))
        if value is None:
            return None
        if value.is_integer() and 0 <= value <= 2**53:
            return int(value)
        self.complain(row, f"{name}: {value:g} is not a number of things")
        return None

    def flag(self, row: int, name: str) -> bool | None:
        """A yes-or-no field, or None with the problem listed."""
        cell = self.layout.cell(row, name)
        found = flag(cell)
        if found is None and not nothing(cell):
            self.complain(row, f"{name}: {shortened(str(cell), 60)!r} is neither yes nor no")
        return found


def results_by_row(reader: Reader) -> Iterator[ImportedResult]:
    """One result for each row below the header."""
    for row in reader.layout.rows():
        yield _result(reader, row)


def results_by_column(reader: Reader) -> Iterator[ImportedResult]:
    """One result for each row and each model's or metric's column that holds anything."""
    layout = reader.layout
    for row in layout.rows():
        n = reader.count(row, "n")
        for header, column in layout.wide.items():
            if words(layout.at(row, column)) is None:
                continue
            value = reader.number_at(row, column, header)
            unit = _unit(reader, row, value)
            metric = plain(header) if layout.mapping.metrics else reader.text(row, "metric") or "value"
            yield ImportedResult(
                task=reader.text(row, "task") or reader.default_task,
                model=header if layout.mapping.models else reader.text(row, "model") or UNKNOWN_MODEL,
                metric=metric,
                group=reader.text(row, "group"),
                value=value,
                unit=unit,
                n=n,
                count=_exact_count(value if unit == "fraction" else None, n),
                source=reader.text(row, "source"),
                date=day(layout.cell(row, "date")),
            )


def _result(reader: Reader, row: int) -> ImportedResult:
    n = reader.count(row, "n")
    value = reader.share(row, "value")
    better = reader.flag(row, "higher_is_better")
    unit = _unit(reader, row, value)
    count = _count(reader, row, value if unit == "fraction" else None, n, better=better)
    if value is None and count is not None and n:
        value, unit = count / n, "fraction"
    if value is None:
        reader.complain(row, "no value")
    date = reader.layout.cell(row, "date")
    if day(date) is None and not nothing(date):
        reader.complain(row, f"date: {shortened(str(date), 60)!r} is not a date as in 2026-11-24")
    return ImportedResult(
        task=reader.text(row, "task") or reader.default_task,
        task_version=reader.text(row, "task_version"),
        model=reader.text(row, "model") or UNKNOWN_MODEL,
        scorer=reader.text(row, "scorer"),
        metric=reader.text(row, "metric") or _metric_of_header(reader),
        variant=reader.text(row, "variant"),
        group=reader.text(row, "group"),
        value=value,
        unit=unit,
        higher_is_better=better,
        n=n,
        count=count,
        n_total=_total(reader, row, n),
        n_unscored=reader.count(row, "n_unscored"),
        n_errors=reader.count(row, "n_errors"),
        stderr=reader.error(row, "stderr"),
        stderr_clustered=reader.error(row, "stderr_clustered"),
        interval=_interval(reader, row),
        clusters=reader.count(row, "clusters"),
        threshold=reader.share(row, "threshold"),
        passed=reader.flag(row, "passed"),
        source=reader.text(row, "source"),
        harness=reader.text(row, "harness"),
        date=day(date),
    )


def _metric_of_header(reader: Reader) -> str:
    """Without a metric column the value's header names it: accuracy, rate, value."""
    header = reader.layout.mapping.columns.get("value")
    return plain(header) if header else "rate"


def _count(reader: Reader, row: int, value: float | None, n: int | None, *, better: bool | None) -> int | None:
    """The items with outcome 1: as written, else from the failures, else from an exact rate."""
    written, failures = reader.count(row, "count"), reader.count(row, "k")
    for name, number_of in (("count", written), ("k", failures)):
        if number_of is not None and n is not None and number_of > n:
            reader.complain(row, f"{name} {number_of} is more than n {n}")
            return None
    if written is None and failures is not None and n is not None:
        written = _from_failures(failures, n, value, better=better)
        if written is None:
            reader.complain(row, "k: what it counts is not known without higher_is_better; left out")
            return None
    if written is not None:
        if value is not None and n and not math.isclose(written / n, value, abs_tol=0.006):
            reader.complain(row, f"value {value:g} is not {written} of {n}")
        return written
    return _exact_count(value, n)


def _total(reader: Reader, row: int, n: int | None) -> int | None:
    """All samples as written; left out where it is fewer than those scored or those that were not."""
    total, unscored = reader.count(row, "n_total"), reader.count(row, "n_unscored")
    for name, number_of in (("n", n), ("unscored", unscored)):
        if total is not None and number_of is not None and number_of > total:
            reader.complain(row, f"{name} {number_of} is more than the total {total}, which was left out")
            return None
    return total


def _exact_count(value: float | None, n: int | None) -> int | None:
    if value is None or not n or not math.isclose(round(value * n), value * n, abs_tol=1e-6):
        return None
    return round(value * n)


def _from_failures(failures: int, n: int, value: float | None, *, better: bool | None) -> int | None:
    if better is not None:
        return n - failures if better else failures
    if value is None or not n or failures * 2 == n:
        return failures if failures * 2 == n else None
    near = [count for count in (failures, n - failures) if math.isclose(count / n, value, abs_tol=0.5 / n)]
    return near[0] if len(near) == 1 else None


def _interval(reader: Reader, row: int) -> Interval | None:
    low, high = reader.share(row, "low"), reader.share(row, "high")
    if low is None or high is None:
        return None
    if low > high:
        reader.complain(row, f"an interval from {low:g} to {high:g} is upside down; left out")
        return None
    level = reader.share(row, "level") or 0.95
    return Interval(low, high, hundredths(level) if level > 1 else level, "reported")


def _unit(reader: Reader, row: int, value: float | None) -> Unit:
    """As the unit column says, else a fraction between 0 and 1 and a score elsewhere."""
    written = (reader.text(row, "unit") or "").casefold()
    if written in _UNITS:
        return _UNITS[written]
    return "fraction" if value is not None and 0 <= value <= 1 else "score"


def _says_percent(unit: str | None) -> bool:
    return (unit or "").casefold() in _PERCENT_UNITS

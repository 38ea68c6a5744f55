"""Counting the samples behind one score: epochs reduced as Inspect does, then who was scored and who not."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from launchpad.intake.inspect.samples import Raw, Samples

Reducer = Callable[[list[float]], float | None]
Names = Sequence[str | None]
Places = Sequence[int]
MAX_LABELS = 100
MAX_LABELLED = 10_000_000
_WITH_K = re.compile(r"(at_least|pass_at|pass_k)_(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Units:
    """What one number was taken over, samples or samples and epochs: the value of each (None = not scored).

    `rows` holds the row of each unit's first epoch, `failed` whether one of its epochs failed.
    """

    values: Sequence[float | None]
    failed: Sequence[int]
    rows: Sequence[int]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Tally:
    """Some units counted: how many were scored and how many not, their mean, how many are 1 and how many 0."""

    n: int
    mean: float | None
    ones: int
    zeros: int
    n_total: int
    n_unscored: int
    n_errors: int
    clusters: int | None

    @property
    def count(self) -> int | None:
        """How many of them are 1, or None when some are neither 0 nor 1."""
        return self.ones if self.ones + self.zeros == self.n else None

    def agrees(self, value: float | None) -> bool:
        """Whether a reported value is the mean of these values."""
        return (
            value is not None and self.mean is not None and math.isclose(value, self.mean, rel_tol=1e-9, abs_tol=1e-9)
        )


def each_epoch(samples: Samples, values: Sequence[float | None]) -> Units:
    """Each sample and epoch as a unit of its own."""
    return Units(values, samples.failed, range(len(values)))


def by_sample(samples: Samples, values: Sequence[float | None], reduce: Reducer) -> Units:
    """The epochs of one sample reduced to one value."""
    if samples.epochs.count(1) == len(samples):
        alone = values if reduce in _LEAVE_ONE else [None if value is None else reduce([value]) for value in values]
        return Units(alone, samples.failed, range(len(values)))
    rows_of: dict[str, list[int]] = {}
    for row, name in enumerate(samples.ids):
        rows_of.setdefault(name, []).append(row)
    found: list[float | None] = []
    for rows in rows_of.values():
        scored = [value for row in rows if (value := values[row]) is not None]
        found.append(reduce(scored) if scored else None)
    failed = bytearray(any(samples.failed[row] for row in rows) for rows in rows_of.values())
    return Units(found, failed, [rows[0] for rows in rows_of.values()])


def by_group(units: Units, column: Names) -> dict[str, Places]:
    """The places of the units of each group of a metadata column."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(units.rows):
        group = column[row]
        if group is not None:
            places = found.get(group)
            if places is None:
                places = found[group] = []
            places.append(place)
    return dict(found)


def tally(units: Units, places: Places, clusters: Names | None) -> Tally:
    """The units at these places counted; `clusters` is a metadata column or the ids, or None."""
    scored = [place for place in places if units.values[place] is not None]
    values = [value for place in scored if (value := units.values[place]) is not None]
    errors = 0
    if len(scored) < len(places):
        errors = sum(bool(units.failed[place]) for place in places if units.values[place] is None)
    seen = set[str | None]() if clusters is None else {clusters[units.rows[place]] for place in scored}
    return Tally(
        n=len(values),
        mean=fmean(values) if values else None,
        ones=values.count(1.0),
        zeros=values.count(0.0),
        n_total=len(places),
        n_unscored=len(places) - len(values) - errors,
        n_errors=errors,
        clusters=len(seen) if seen and None not in seen else None,
    )


def label_tallies(samples: Samples, column: Sequence[Raw], units: Units, clusters: Names | None) -> dict[str, Tally]:
    """For each label of a column, the share of each unit's scores that carry it; none when that would take minutes."""
    words = [None if value is None else _word(value) for value in column]
    labels = [word for word in dict.fromkeys(words) if word is not None][:MAX_LABELS]
    if len(labels) * len(words) > MAX_LABELLED:
        return {}
    found: dict[str, Tally] = {}
    for wanted in labels:
        ones = [None if word is None else float(word == wanted) for word in words]
        counted = each_epoch(samples, ones) if len(units) == len(words) else by_sample(samples, ones, fmean)
        found[wanted] = tally(counted, range(len(counted)), clusters)
    return found


def reducer(name: str | None) -> Reducer | None:
    """The function behind a reducer's name (none given = mean, Inspect's default), or None if unknown."""
    simple: dict[str, Reducer] = {"mean": fmean, "median": median, "max": max, "mode": _mode}
    if name is None or name in simple:
        return simple[name or "mean"]
    match = _WITH_K.fullmatch(name)
    if match is None:
        return None
    k = int(match[2])
    return {"at_least": _at_least, "pass_at": _pass_at, "pass_k": _pass_k}[match[1]](k)


def _mode(values: list[float]) -> float:
    return Counter(values).most_common(1)[0][0]


def _at_least(k: int) -> Reducer:
    return lambda values: float(_right(values) >= k)


def _pass_at(k: int) -> Reducer:
    """The chance that k epochs drawn without return hold a right one (Chen et al. 2021, arXiv 2107.03374)."""

    def reduce(values: list[float]) -> float | None:
        total, wrong = len(values), len(values) - _right(values)
        return 1 - math.comb(wrong, k) / math.comb(total, k) if total >= k else None

    return reduce


def _pass_k(k: int) -> Reducer:
    """The chance that k epochs drawn without return are all right (Yao et al. 2024, arXiv 2406.12045)."""

    def reduce(values: list[float]) -> float | None:
        total = len(values)
        return math.comb(_right(values), k) / math.comb(total, k) if total >= k else None

    return reduce


# What these make of a single epoch is its value.
_LEAVE_ONE = (fmean, median, max, _mode)


def _right(values: list[float]) -> int:
    return sum(value >= 1 for value in values)


def _word(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"

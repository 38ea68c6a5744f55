"""Counting the samples behind one score: epochs reduced as Inspect does, then who was scored and who not."""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from launchpad.intake.inspect.samples import Raw, Samples, graded

Reducer = Callable[[list[float]], float | None]
Units = Sequence[Sequence[int]]
MAX_LABELS = 100
_WITH_K = re.compile(r"(at_least|pass_at|pass_k)_(\d{1,4})")


@dataclass(frozen=True, slots=True)
class Tally:
    """The units (samples, or samples and epochs) behind one number: values of the scored ones, the others."""

    values: tuple[float, ...]
    n_total: int
    n_unscored: int
    n_errors: int
    clusters: int | None

    @property
    def n(self) -> int:
        """How many were scored."""
        return len(self.values)

    @property
    def mean(self) -> float | None:
        """Their mean, or None when there are none."""
        return fmean(self.values) if self.values else None

    @property
    def count(self) -> int | None:
        """How many of them are 1, or None when some are neither 0 nor 1."""
        ones = self.values.count(1.0)
        return ones if ones + self.values.count(0.0) == self.n else None

    def agrees(self, value: float | None) -> bool:
        """Whether a reported value is the mean of these values."""
        mean = self.mean
        return value is not None and mean is not None and math.isclose(value, mean, rel_tol=1e-9, abs_tol=1e-9)


def rows(samples: Samples) -> list[list[int]]:
    """Each sample and epoch as a unit of its own."""
    return [[row] for row in range(len(samples))]


def items(samples: Samples) -> list[list[int]]:
    """The epochs of one sample together as a unit."""
    found: dict[str, list[int]] = {}
    for row, name in enumerate(samples.ids):
        found.setdefault(name, []).append(row)
    return list(found.values())


def by_group(units: Units, column: Sequence[str | None]) -> dict[str, list[Sequence[int]]]:
    """The units of each group of a metadata column."""
    found: dict[str, list[Sequence[int]]] = {}
    for unit in units:
        group = column[unit[0]]
        if group is not None:
            found.setdefault(group, []).append(unit)
    return found


def tally(
    samples: Samples,
    column: Sequence[Raw],
    units: Units,
    reduce: Reducer,
    clusters: Sequence[str | None] | None,
) -> Tally:
    """What a score column holds over these units; `clusters` is a metadata column or the ids, or None."""
    values: list[float] = []
    seen: set[str | None] = set()
    errors = 0
    for unit in units:
        scored = [value for row in unit if (value := graded(column[row])) is not None]
        reduced = reduce(scored) if scored else None
        if reduced is not None:
            values.append(reduced)
            if clusters is not None:
                seen.add(clusters[unit[0]])
        elif any(samples.failed[row] for row in unit):
            errors += 1
    known = clusters is not None and bool(seen) and None not in seen
    return Tally(tuple(values), len(units), len(units) - len(values) - errors, errors, len(seen) if known else None)


def label_tallies(
    samples: Samples, column: Sequence[Raw], units: Units, clusters: Sequence[str | None] | None
) -> dict[str, Tally]:
    """For each label of a column, how many of the single scores carry it, as ones and zeros."""
    words = [None if value is None else _word(value) for value in column]
    found: dict[str, Tally] = {}
    for word in list(dict.fromkeys(words))[:MAX_LABELS]:
        if word is not None:
            ones: list[Raw] = [None if value is None else float(value == word) for value in words]
            found[word] = tally(samples, ones, units, fmean, clusters)
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


def _right(values: list[float]) -> int:
    return sum(value >= 1 for value in values)


def _word(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"

"""How sure a coefficient is, from drawing the items anew."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from launchpad.errors import InvalidValueError
from launchpad.statistics.agreement import FloatArray, IntArray, Statistic

REPLICATES = 10_000
MOST_UNDEFINED = 0.05
CHUNK = 2_000_000


class BootstrapInterval(NamedTuple):
    """The interval, its confidence, the replicates drawn and how many of them had no value."""

    low: float
    high: float
    level: float
    replicates: int
    undefined: int


def bootstrap(
    statistics: Mapping[str, Statistic],
    clusters: Sequence[Hashable],
    *,
    replicates: int = REPLICATES,
    seed: int = 1,
    level: float = 0.95,
    progress: Callable[[float], None] | None = None,
) -> dict[str, BootstrapInterval | None]:
    """The percentile interval of each statistic over items drawn with replacement (Efron & Tibshirani 1993, ch. 13).

    `clusters` names each row's item: rows of one item are drawn together, all statistics from the same draws. The
    seed fixes them. None where there is nothing to draw from (one item), where more than 5 % of the replicates have
    no value, and where all replicates have the same value: an interval of no width would claim to know.
    """
    if not 0 < level < 1 or replicates < 1:
        raise InvalidValueError(f"A bootstrap at {level} with {replicates} replicates is not possible.")
    names: dict[Hashable, int] = {}
    rows = np.asarray([names.setdefault(cluster, len(names)) for cluster in clusters], dtype=np.int64)
    if len(names) < 2:
        return dict.fromkeys(statistics)
    found = {name: np.empty(replicates) for name in statistics}
    draw = np.random.default_rng(seed)
    size = max(1, min(replicates, CHUNK // len(rows)))
    for begin in range(0, replicates, size):
        end = min(begin + size, replicates)
        times = _times(draw, end - begin, len(names), rows)
        for name, statistic in statistics.items():
            found[name][begin:end] = statistic(times)
        if progress is not None:
            progress(end / replicates)
    return {name: _interval(values, level) for name, values in found.items()}


def _times(draw: np.random.Generator, replicates: int, clusters: int, rows: IntArray) -> FloatArray:
    """How often each row counts in each replicate, (replicates, rows)."""
    drawn = draw.integers(clusters, size=(replicates, clusters), dtype=np.int64)
    drawn += np.arange(replicates)[:, None] * clusters
    counts = np.bincount(drawn.ravel(), minlength=replicates * clusters).reshape(replicates, clusters)
    return (counts if len(rows) == clusters else counts[:, rows]).astype(np.float64)


def _interval(values: FloatArray, level: float) -> BootstrapInterval | None:
    defined = values[np.isfinite(values)]
    undefined = len(values) - len(defined)
    if undefined > MOST_UNDEFINED * len(values) or np.ptp(defined) <= 1e-12:
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return BootstrapInterval(float(low), float(high), level, len(values), undefined)

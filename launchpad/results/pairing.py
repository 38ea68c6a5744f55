"""Per-sample outcomes of two results brought together: the samples both scored, in columns."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchpad.records.imported import Outcomes

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """The scores of the samples that both results scored, in one order; `clusters` where samples hang together.

    `means` are the mean scores of all that each side scored. `epochs` says that several answers to a sample were
    averaged first; `left_out` how many samples only one of the two scored.
    """

    first: Column
    second: Column
    means: tuple[float, float]
    clusters: tuple[str, ...] | None
    epochs: bool
    left_out: int

    @property
    def binary(self) -> bool:
        """Whether every score is 0 or 1."""
        return all(bool(np.all((column == 0) | (column == 1))) for column in (self.first, self.second))


@dataclass(frozen=True)
class _Side:
    scores: Mapping[str, float]
    clusters: Mapping[str, str]
    epochs: bool

    @property
    def mean(self) -> float:
        """The mean score of a sample; nan without any."""
        return sum(self.scores.values()) / len(self.scores) if self.scores else math.nan


def paired(first: Outcomes, second: Outcomes, part: str | None) -> Pairs:
    """The samples that both scored, by their ids; with a category only those in it.

    Several answers to one sample (epochs) are averaged before pairing, so that a sample counts once.
    """
    left, right = _side(first, part), _side(second, part)
    common = [sample for sample in left.scores if sample in right.scores]
    clusters = tuple(left.clusters.get(sample) or right.clusters.get(sample, "") for sample in common)
    known = bool(common) and all(clusters) and len(set(clusters)) < len(common)
    return Pairs(
        first=np.fromiter((left.scores[sample] for sample in common), np.float64, len(common)),
        second=np.fromiter((right.scores[sample] for sample in common), np.float64, len(common)),
        means=(left.mean, right.mean),
        clusters=clusters if known else None,
        epochs=left.epochs or right.epochs,
        left_out=len(left.scores) + len(right.scores) - 2 * len(common),
    )


def _side(outcomes: Outcomes, part: str | None) -> _Side:
    """The mean score and the cluster of every scored sample."""
    inside = part is not None and part in set(outcomes.category)
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    clusters: dict[str, str] = {}
    columns = zip(outcomes.sample, outcomes.cluster, outcomes.category, outcomes.value, outcomes.status, strict=True)
    for sample, cluster, category, value, status in columns:
        if value is None or status != "scored" or (inside and category != part):
            continue
        sums[sample] += value
        counts[sample] += 1
        if cluster is not None:
            clusters[sample] = cluster
    scores = {sample: total / counts[sample] for sample, total in sums.items()}
    return _Side(scores, clusters, epochs=len(scores) < sum(counts.values()))

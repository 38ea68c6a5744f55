"""Samples as columns, gathered while a file streams by: who they were, and what each metric made of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from launchpad.records.imported import Outcomes


@dataclass(slots=True)
class SampleRows:
    """Names, clusters and categories of samples in the order met; a name met again is its next epoch."""

    names: list[str] = field(default_factory=list[str])
    epochs: list[int] = field(default_factory=list[int])
    clusters: list[str | None] = field(default_factory=list[str | None])
    categories: list[str | None] = field(default_factory=list[str | None])
    _seen: dict[str, int] = field(default_factory=dict[str, int])
    _shared: Outcomes | None = None

    def __len__(self) -> int:
        return len(self.names)

    def add(self, name: str, cluster: str | None = None, category: str | None = None) -> None:
        """Take in one sample."""
        epoch = self._seen[name] = self._seen.get(name, 0) + 1
        self.names.append(name)
        self.epochs.append(epoch)
        self.clusters.append(cluster)
        self.categories.append(category)

    def outcomes(self, column: "Column", failed: Sequence[bool] = ()) -> Outcomes:
        """The values of one metric beside the samples it was taken over; a missing one is an error where `failed`."""
        shared = self._columns() if len(column.places) == len(self.names) else self._picked(column.places)
        marks = [failed[place] for place in column.places] if failed else [False] * len(column.places)
        status = tuple(
            "scored" if value is not None else "error" if mark else "unscored"
            for value, mark in zip(column.values, marks, strict=True)
        )
        return Outcomes(shared.sample, shared.epoch, shared.cluster, shared.category, tuple(column.values), status)

    def _columns(self) -> Outcomes:
        """All samples, once for every metric that was taken over all of them."""
        if self._shared is None or len(self._shared.sample) != len(self.names):
            self._shared = self._picked(range(len(self.names)))
        return self._shared

    def _picked(self, places: Sequence[int]) -> Outcomes:
        return Outcomes(
            tuple(self.names[place] for place in places),
            tuple(self.epochs[place] for place in places),
            tuple(self.clusters[place] for place in places),
            tuple(self.categories[place] for place in places),
            (),
            (),
        )


@dataclass(slots=True)
class Column:
    """The values of one metric, counted as they pass; kept, with the places of their samples, only if wanted."""

    keep: bool
    n: int = 0
    ones: int = 0
    zeros: int = 0
    total: float = 0.0
    values: list[float | None] = field(default_factory=list[float | None])
    places: list[int] = field(default_factory=list[int])

    def add(self, value: float | None, place: int) -> None:
        """Take in the value of the sample at this place; None = not scored."""
        if value is not None:
            self.n += 1
            self.total += value
            if value == 1:
                self.ones += 1
            elif value == 0:
                self.zeros += 1
        if self.keep:
            self.values.append(value)
            self.places.append(place)

    @property
    def mean(self) -> float | None:
        """The mean of what was scored."""
        return self.total / self.n if self.n else None

    @property
    def count(self) -> int | None:
        """How many are 1, or None when some are neither 0 nor 1."""
        return self.ones if self.ones + self.zeros == self.n else None


def same(one: float | None, other: float | None) -> bool:
    """Whether two means are the same number but for rounding; a missing one is like none."""
    return one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)

"""Samples as columns, gathered while a file streams by: who they were, and what each metric made of them."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from launchpad.records.imported import Outcomes


@dataclass(slots=True)
class SampleRows:
    """Names, clusters and categories of samples in the order met; a name met again is its next epoch."""

    names: list[str] = field(default_factory=list[str])
    _clusters: list[str | None] = field(default_factory=list[str | None])
    _categories: list[str | None] = field(default_factory=list[str | None])
    _words: dict[str, str] = field(default_factory=dict[str, str])
    _shared: Outcomes | None = None

    def __len__(self) -> int:
        return len(self.names)

    def add(self, name: str, cluster: str | None = None, category: str | None = None) -> None:
        """Take in one sample."""
        if cluster is not None:
            self._put(self._clusters, cluster)
        if category is not None:
            self._put(self._categories, category)
        self.names.append(name)

    def outcomes(self, column: "Column", failed: Sequence[bool] = ()) -> Outcomes:
        """The values of one metric beside the samples it was taken over; a missing one is an error where `failed`."""
        whole = len(column.values) == len(self.names)
        places = range(len(self.names)) if whole else column.places
        shared = self._columns() if whole else self._picked(places)
        if failed:
            status = tuple(
                "scored" if value is not None else "error" if failed[place] else "unscored"
                for value, place in zip(column.values, places, strict=True)
            )
        else:
            status = tuple("unscored" if value is None else "scored" for value in column.values)
        return Outcomes(shared.sample, shared.epoch, shared.cluster, shared.category, tuple(column.values), status)

    def _put(self, column: list[str | None], word: str) -> None:
        """Put a word beside the next sample; words that many samples share are one object."""
        column.extend([None] * (len(self.names) - len(column)))
        column.append(self._words.setdefault(word, word))

    def _columns(self) -> Outcomes:
        """All samples, once for every metric that was taken over all of them."""
        if self._shared is None or len(self._shared.sample) != len(self.names):
            clusters, categories = (self._whole(column) for column in (self._clusters, self._categories))
            self._shared = Outcomes(tuple(self.names), self._epochs(), clusters, categories, (), ())
        return self._shared

    def _whole(self, column: Sequence[str | None]) -> tuple[str | None, ...]:
        return (*column, *(None,) * (len(self.names) - len(column)))

    def _epochs(self) -> tuple[int, ...]:
        if len(set(self.names)) == len(self.names):
            return (1,) * len(self.names)
        seen: dict[str, int] = {}
        found: list[int] = []
        for name in self.names:
            epoch = seen[name] = seen.get(name, 0) + 1
            found.append(epoch)
        return tuple(found)

    def _picked(self, places: Sequence[int]) -> Outcomes:
        whole = self._columns()
        return Outcomes(
            tuple(whole.sample[place] for place in places),
            tuple(whole.epoch[place] for place in places),
            tuple(whole.cluster[place] for place in places),
            tuple(whole.category[place] for place in places),
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
    _gaps: "array[int] | None" = None

    def add(self, value: float | None, place: int) -> None:
        """Take in the value of the sample at this place; None = not scored."""
        if value is not None:
            self.n += 1
            self.total += value
            if value == 1:
                self.ones += 1
                value = 1.0
            elif value == 0:
                self.zeros += 1
                value = 0.0
        if self.keep:
            if self._gaps is not None or place != len(self.values):
                self._note(place)
            self.values.append(value)

    @property
    def places(self) -> Sequence[int]:
        """The place of the sample behind each value that was kept."""
        return range(len(self.values)) if self._gaps is None else self._gaps

    def _note(self, place: int) -> None:
        if self._gaps is None:
            self._gaps = array("q", range(len(self.values)))
        self._gaps.append(place)

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

"""Samples as columns of one length, gathered while a file streams by and shared by the metrics over them."""

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

    def outcomes(self, values: Sequence[float | None], failed: Sequence[bool] = ()) -> Outcomes:
        """The values of one metric beside the columns; a missing one is an error where `failed`, else unscored."""
        shared = self._shared
        if shared is None or len(shared.sample) != len(self.names):
            columns = (self.names, self.epochs, self.clusters, self.categories)
            names, epochs, clusters, categories = map(tuple, columns)
            shared = self._shared = Outcomes(names, epochs, clusters, categories, (), ())
        marks = failed or (False,) * len(values)
        status = tuple(
            "scored" if value is not None else "error" if mark else "unscored"
            for value, mark in zip(values, marks, strict=True)
        )
        return Outcomes(shared.sample, shared.epoch, shared.cluster, shared.category, tuple(values), status)

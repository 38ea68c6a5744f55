"""HELM's figures of each instance, streamed: several entries an instance, one for each class of metrics."""

import math
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.samples import same
from launchpad.intake.source import PIECE
from launchpad.intake.values import as_list, as_object, label, number, text, whole
from launchpad.records.imported import Outcomes

MAX_ROWS = 2_000_000
MAX_COLUMNS = 5_000
MAX_VALUES = 3_000_000
Key = tuple[str, str | None]
_Columns = tuple[tuple[str, ...], tuple[int, ...], tuple[str | None, ...]]


@dataclass(slots=True)
class Figures:
    """One metric over the instances that have it: the value of each, at the place of its instance.

    A value may be a mean of several, as of two judges; `weights` says of how many, so that HELM's own mean,
    which is over all of them, can be told.
    """

    places: "array[int]" = field(default_factory=lambda: array("q"))
    numbers: "array[float]" = field(default_factory=lambda: array("d"))
    weights: "array[int]" = field(default_factory=lambda: array("q"))
    _marks: bytearray = field(default_factory=bytearray)

    def add(self, place: int, value: float | None, weight: int) -> None:
        """Take in the figure of one instance; one that has it already keeps it."""
        if place >= len(self._marks):
            self._marks.extend(bytes(place + 1 - len(self._marks)))
        if self._marks[place]:
            return
        self._marks[place] = 1
        self.places.append(place)
        self.numbers.append(math.nan if value is None else value)
        self.weights.append(weight)

    @property
    def values(self) -> list[float | None]:
        """The value of each instance that has the metric; None where nothing was measured."""
        return [None if math.isnan(value) else value for value in self.numbers]

    @property
    def scored(self) -> list[float]:
        """The values there are."""
        return [value for value in self.numbers if not math.isnan(value)]

    def fits(self, mean: float | None) -> bool:
        """Whether the reported mean is that of these values, each counted once or as often as it was measured."""
        pairs = zip(self.numbers, self.weights, strict=True)
        known = [(value, weight) for value, weight in pairs if not math.isnan(value)]
        if mean is None or not known:
            return False
        plain = math.fsum(value for value, _ in known) / len(known)
        weighted = math.fsum(value * weight for value, weight in known) / sum(weight for _, weight in known)
        return same(mean, plain) or same(mean, weighted)


@dataclass(slots=True)
class Instances:
    """The instances of the split that counts, without perturbations, each once for every training trial."""

    names: list[str] = field(default_factory=list[str])
    epochs: list[int] = field(default_factory=list[int])
    columns: dict[Key, Figures] = field(default_factory=dict[Key, Figures])
    held: int = 0
    _places: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    _shared: _Columns | None = None

    def take(self, entry: Mapping[str, object], split: str | None, wanted: Mapping[Key, object]) -> None:
        """Take in one entry: the figures of an instance that one class of metrics gave."""
        if as_object(entry.get("perturbation")):
            return
        name = label(entry.get("instance_id")) or "unnamed"
        trial = whole(entry.get("train_trial_index", entry.get("trial_index"))) or 0
        for written in as_list(entry.get("stats")):
            stat = as_object(written)
            key = key_of(stat, split)
            if key is None or key not in wanted:
                continue
            place = self._place(name, trial)
            column = self.columns.setdefault(key, Figures())
            column.add(place, mean_of(stat), whole(stat.get("count")) or 1)
            self.held += 1
        if len(self.names) > MAX_ROWS or len(self.columns) > MAX_COLUMNS or self.held > MAX_VALUES:
            raise ImportRefusedError("It holds more figures than can be kept.", "Import the summary instead.")

    @property
    def trials(self) -> int:
        """How often an instance was tried."""
        return max(self.epochs, default=0)

    def outcomes(self, figures: Figures, category_of: Callable[[str], str | None]) -> Outcomes:
        """What became of each instance that has this metric; categories are told by the other metrics it has."""
        names, epochs, categories = self._columns(category_of)
        if len(figures.places) != len(names) or any(place != at for at, place in enumerate(figures.places)):
            names = tuple(names[place] for place in figures.places)
            epochs = tuple(epochs[place] for place in figures.places)
            categories = tuple(categories[place] for place in figures.places)
        values = tuple(figures.values)
        status = tuple("unscored" if value is None else "scored" for value in values)
        return Outcomes(names, epochs, (None,) * len(names), categories, values, status)

    def _columns(self, category_of: Callable[[str], str | None]) -> _Columns:
        """Names, epochs and categories of all, once for every metric that was taken over all of them."""
        if self._shared is None:
            found: list[str | None] = [None] * len(self.names)
            for (metric, _), figures in self.columns.items():
                category = category_of(metric)
                for place in figures.places if category else ():
                    found[place] = max(found[place] or "", category or "", key=len)
            self._shared = tuple(self.names), tuple(self.epochs), tuple(found)
        return self._shared

    def _place(self, name: str, trial: int) -> int:
        place = self._places.setdefault((name, trial), len(self.names))
        if place == len(self.names):
            self.names.append(name)
            self.epochs.append(trial + 1)
        return place


def read_instances(path: Path, split: str | None, wanted: Mapping[Key, object]) -> Instances:
    """The figures of the wanted metrics; refused when the file is cut or holds something else."""
    found = Instances()
    with path.open("rb") as file:
        for item in jsons.array_items(iter(lambda: file.read(PIECE), b""), str(path)):
            if isinstance(item, dict):
                found.take(as_object(cast("object", item)), split, wanted)
    return found


def key_of(stat: Mapping[str, object], split: str | None) -> Key | None:
    """Name and sub-split of a figure of this split; None for one of another split or under a perturbation."""
    name = as_object(stat.get("name"))
    other = name.get("split") is not None and text(name.get("split")) != split
    if other or as_object(name.get("perturbation")):
        return None
    found, k = text(name.get("name")), whole(name.get("k"))
    # The first versions kept the k of "exact_match@5" beside the name.
    plain = f"{found}@{k}" if found and k is not None and "@" not in found else found
    return None if plain is None else (plain, text(name.get("sub_split")))


def mean_of(stat: Mapping[str, object]) -> float | None:
    """The mean as written, or from sum and count; None when nothing was measured."""
    mean, total, count = number(stat.get("mean")), number(stat.get("sum")), whole(stat.get("count"))
    if count == 0:
        return None
    if mean is None and total is not None and count:
        return total / count
    return mean


def stats_in(path: Path) -> Iterator[object]:
    """The elements of a stats.json, one at a time."""
    with path.open("rb") as file:
        yield from jsons.array_items(iter(lambda: file.read(PIECE), b""), str(path))

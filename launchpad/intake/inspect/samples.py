"""The per-sample side of an Inspect log as columns: ids, scores, the metadata asked for; no messages."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from launchpad.intake.values import as_list, as_object, label, number, shortened, whole

# What Inspect's own value_to_float makes of words (inspect_ai.scorer, reference documentation).
GRADES = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0, "yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
MAX_LABEL = 200
MAX_SCORES = 1_000
Raw = float | str | None
ScoreKey = tuple[str, str]


@dataclass(slots=True)
class Samples:
    """Columns of one length, one row for each sample and epoch; of a repeated pair the last counts.

    `scores` is keyed by (scorer, key), the key being empty for a scalar score; its values are
    numbers, labels, or None where nothing was scored; the scorer is empty where an old log has a
    single unnamed score. `metadata` holds the keys asked for.
    """

    wanted: tuple[str, ...]
    ids: list[str] = field(default_factory=list[str])
    epochs: list[int] = field(default_factory=list[int])
    failed: list[bool] = field(default_factory=list[bool])
    metadata: dict[str, list[str | None]] = field(default_factory=dict[str, list[str | None]])
    scores: dict[ScoreKey, list[Raw]] = field(default_factory=dict[ScoreKey, list[Raw]])
    edited: list[str] = field(default_factory=list[str])
    invalidated: list[str] = field(default_factory=list[str])
    limits: dict[str, int] = field(default_factory=dict[str, int])
    malformed: int = 0
    repeated: int = 0
    _row_of: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])
    _words: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        """One metadata column for each key asked for."""
        self.metadata = {key: [] for key in self.wanted}

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, element: object) -> None:
        """Take in one sample or sample summary; anything without an id is counted as malformed."""
        sample = as_object(element)
        name = label(sample.get("id"))
        if name is None:
            self.malformed += 1
            return
        row = self._row(name, whole(sample.get("epoch")) or 1)
        self.failed[row] = bool(sample.get("error"))
        metadata = as_object(sample.get("metadata"))
        for key, column in self.metadata.items():
            word = label(metadata.get(key))
            column[row] = None if word is None else self._words.setdefault(word, word)
        self._take_scores(row, sample)
        self._take_notes(name, sample)

    def _row(self, name: str, epoch: int) -> int:
        row = self._row_of.setdefault((name, epoch), len(self.ids))
        columns: Iterable[list[Raw] | list[str | None]] = (*self.scores.values(), *self.metadata.values())
        if row < len(self.ids):
            self.repeated += 1
            for column in columns:
                column[row] = None
            return row
        self.ids.append(name)
        self.epochs.append(epoch)
        self.failed.append(False)
        for column in columns:
            column.append(None)
        return row

    def _take_scores(self, row: int, sample: dict[str, object]) -> None:
        scores = as_object(sample.get("scores")) or {"": sample.get("score")}
        for scorer, score in scores.items():
            value = as_object(score).get("value")
            parts = as_object(value)
            for key, part in parts.items():
                self._put((scorer, key), row, part)
            if not parts:
                self._put((scorer, ""), row, value)

    def _put(self, key: ScoreKey, row: int, value: object) -> None:
        column = self.scores.get(key)
        if column is None and len(self.scores) >= MAX_SCORES:
            return
        if column is None:
            column = self.scores[key] = [None] * len(self.ids)
        if isinstance(value, str):
            short = shortened(value, MAX_LABEL)
            column[row] = self._words.setdefault(short, short)
        elif isinstance(value, bool):
            column[row] = float(value)
        else:
            column[row] = number(value)

    def _take_notes(self, name: str, sample: dict[str, object]) -> None:
        if limit := sample.get("limit"):
            kind = label(as_object(limit).get("type")) or label(limit) or "unknown"
            self.limits[kind] = self.limits.get(kind, 0) + 1
        self.edited.extend(
            f"sample {name}, {scorer}: {_history(score)}"
            for scorer, score in as_object(sample.get("scores")).items()
            if as_object(score).get("history")
        )
        if mark := as_object(sample.get("invalidation")):
            self.invalidated.append(f"sample {name}: {_who(mark)}")


def graded(value: Raw) -> float | None:
    """The number a score stands for: grades and yes/no as Inspect reads them, other words have none."""
    if not isinstance(value, str):
        return value
    known = GRADES.get(value, GRADES.get(value.lower()))
    if known is not None:
        return known
    try:
        return number(float(value))
    except ValueError:
        return None


def _history(score: object) -> str:
    entries = [as_object(entry) for entry in as_list(as_object(score).get("history"))]
    values = [label(entry.get("value")) or "a compound value" for entry in entries]
    by = next((_who(mark) for entry in entries if (mark := as_object(entry.get("provenance")))), "unknown")
    return f"{' -> '.join(values)} ({by})"


def _who(mark: dict[str, object]) -> str:
    author, reason = label(mark.get("author")) or "unknown", label(mark.get("reason"))
    return f"by {author}: {reason}" if reason else f"by {author}"

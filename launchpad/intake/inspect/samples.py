"""The per-sample side of an Inspect log as columns: ids, scores, the metadata asked for; no messages."""

from dataclasses import dataclass, field
from typing import TypeVar

from launchpad.intake.values import MAX_NAME, as_list, as_object, label, number, shortened, whole

# What Inspect's own value_to_float makes of words (inspect_ai.scorer, reference documentation).
GRADES = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0, "yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
MAX_LABEL = 200
MAX_SCORES = 1_000
Raw = float | str | None
ScoreKey = tuple[str, str]
T = TypeVar("T")
# One object each for the values that nearly all samples have.
_USUAL = {value: value for value in (0.0, 0.5, 1.0)}


@dataclass(slots=True)
class Samples:
    """Columns of one length, one row for each sample and epoch; of a repeated pair the last counts.

    `scores` is keyed by (scorer, key), the key being empty for a scalar score; its values are
    numbers, labels, or None where nothing was scored; the scorer is empty where an old log has a
    single unnamed score. `metadata` holds the keys asked for. Values that many samples share are
    one object, and while samples are added a column may end before the last of them: `settle`
    evens them out.
    """

    wanted: tuple[str, ...]
    ids: list[str] = field(default_factory=list[str])
    epochs: list[int] = field(default_factory=list[int])
    failed: bytearray = field(default_factory=bytearray)
    metadata: dict[str, list[str | None]] = field(default_factory=dict[str, list[str | None]])
    scores: dict[ScoreKey, list[Raw]] = field(default_factory=dict[ScoreKey, list[Raw]])
    edited: list[str] = field(default_factory=list[str])
    invalidated: list[str] = field(default_factory=list[str])
    limits: dict[str, int] = field(default_factory=dict[str, int])
    malformed: int = 0
    repeated: int = 0
    _row_of: dict[str | tuple[str, int], int] = field(default_factory=dict[str | tuple[str, int], int])
    _words: dict[str, str] = field(default_factory=dict[str, str])
    _keys: dict[str, ScoreKey] = field(default_factory=dict[str, ScoreKey])

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
        epoch = sample.get("epoch")
        row = self._row(name, 1 if epoch == 1 else whole(epoch) or 1)
        if sample.get("error"):
            self.failed[row] = True
        metadata = sample.get("metadata")
        if metadata:
            self._take_metadata(row, as_object(metadata))
        self._take_scores(name, row, sample)
        if limit := sample.get("limit"):
            kind = label(as_object(limit).get("type")) or label(limit) or "unknown"
            self.limits[kind] = self.limits.get(kind, 0) + 1
        if mark := sample.get("invalidation"):
            self.invalidated.append(f"sample {name}: {_who(as_object(mark))}")

    def settle(self) -> None:
        """Let every column reach to the last sample, and let go of what only adding needs."""
        for column in (*self.scores.values(), *self.metadata.values()):
            column.extend([None] * (len(self.ids) - len(column)))
        self._row_of, self._words, self._keys = {}, {}, {}

    def _row(self, name: str, epoch: int) -> int:
        rows = len(self.ids)
        row = self._row_of.setdefault(name if epoch == 1 else (name, epoch), rows)
        if row < rows:
            self.repeated += 1
            self.failed[row] = False
            for column in (*self.scores.values(), *self.metadata.values()):
                if row < len(column):
                    column[row] = None
            return row
        self.ids.append(name)
        self.epochs.append(epoch)
        self.failed.append(False)
        return row

    def _take_metadata(self, row: int, metadata: dict[str, object]) -> None:
        words = self._words
        for key, column in self.metadata.items():
            written = metadata.get(key)
            word = written if isinstance(written, str) and len(written) <= MAX_NAME else label(written)
            if word is not None:
                _set(column, row, words.setdefault(word, word))

    def _take_scores(self, name: str, row: int, sample: dict[str, object]) -> None:
        scores = as_object(sample.get("scores")) or {"": sample.get("score")}
        for scorer, written in scores.items():
            score = as_object(written)
            value = score.get("value")
            parts = as_object(value)
            for key, part in parts.items():
                self._put((scorer, key), row, part)
            if not parts:
                self._put(self._keys.get(scorer) or self._keys.setdefault(scorer, (scorer, "")), row, value)
            if score.get("history"):
                self.edited.append(f"sample {name}, {scorer}: {_history(score)}")

    def _put(self, key: ScoreKey, row: int, value: object) -> None:
        column = self.scores.get(key)
        if column is None:
            if len(self.scores) >= MAX_SCORES:
                return
            column = self.scores[key] = []
        if isinstance(value, str):
            short = value if len(value) <= MAX_LABEL else shortened(value, MAX_LABEL)
            _set(column, row, self._words.setdefault(short, short))
        elif value is not None:
            found = float(value) if isinstance(value, bool) else number(value)
            _set(column, row, None if found is None else _USUAL.get(found, found))


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


def _set(column: list[T | None], row: int, value: T | None) -> None:
    """Put a value into a row that may lie beyond the column's end."""
    missing = row - len(column)
    if missing == 0:
        column.append(value)
    elif missing < 0:
        column[row] = value
    else:
        column.extend([None] * missing)
        column.append(value)


def _history(score: object) -> str:
    entries = [as_object(entry) for entry in as_list(as_object(score).get("history"))]
    values = [label(entry.get("value")) or "a compound value" for entry in entries]
    by = next((_who(mark) for entry in entries if (mark := as_object(entry.get("provenance")))), "unknown")
    return f"{' -> '.join(values)} ({by})"


def _who(mark: dict[str, object]) -> str:
    author, reason = label(mark.get("author")) or "unknown", label(mark.get("reason"))
    return f"by {author}: {reason}" if reason else f"by {author}"

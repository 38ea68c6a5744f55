"""A threshold on the score of a classifier, chosen on items that are not used to report on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from launchpad.errors import InvalidValueError
from launchpad.statistics.classification import Confusion, measures

GOALS = ("mcc", "f1")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A threshold: scores that reach it are held to violate. By which goal, on how many items, with what value."""

    threshold: float
    by: str
    value: float
    items: int
    violations: int


def choose(run: str, pairs: Sequence[tuple[int, float | None]], by: str = "mcc") -> Chosen:
    """The threshold with the best value of a goal on pairs of truth (1, 0, -1 unknown) and score.

    `by` is mcc, f1, or fpr<=X: the best recall with a false-positive rate of at most X. Candidates are the middles
    between neighbouring scores and the two ends; of equals the one in the widest gap. Raises InvalidValueError without
    a score and a settled label on both sides, or where no threshold stays within X.
    """
    limit = _limit(by)
    known = sorted((score, truth) for truth, score in pairs if truth >= 0 and score is not None)
    violations = sum(truth for _, truth in known)
    if not known or violations in (0, len(known)):
        raise InvalidValueError(
            f"Run {run} has {len(known)} items of split choose with a score and a settled label, {violations} of which "
            "violate; a threshold needs some on both sides.",
            "Give items the split choose and settle them; scores come from token chances or several votes.",
        )
    best: tuple[float, float, float] | None = None
    for threshold, gap, counts in _candidates(known, violations):
        value = _value(counts, by, limit)
        if value is not None and (best is None or (value, gap) > best[:2]):
            best = (value, gap, threshold)
    if best is None:
        raise InvalidValueError(f"No threshold of run {run} fulfils {by}.", "Ask for less, or choose by mcc or f1.")
    return Chosen(best[2], by, best[0], len(known), violations)


def _candidates(known: Sequence[tuple[float, int]], violations: int) -> Iterator[tuple[float, float, Confusion]]:
    """Each threshold that tells rising scores apart differently, the gap it lies in, and the confusion it gives."""
    below = missed = 0
    before: float | None = None
    safe = len(known) - violations
    for score, group in groupby(known, key=lambda pair: pair[0]):
        counts = Confusion(violations - missed, safe - (below - missed), missed, below - missed)
        yield (0.0, score, counts) if before is None else ((before + score) / 2, score - before, counts)
        truths = [truth for _, truth in group]
        below, missed, before = below + len(truths), missed + sum(truths), score
    if before is not None and before < 1:
        yield 1.0, 0.0, Confusion(0, 0, violations, safe)


def _value(counts: Confusion, by: str, limit: float | None) -> float | None:
    found = measures(counts)
    if limit is None:
        return found.mcc if by == "mcc" else found.f1
    return found.recall if found.fpr is not None and found.fpr <= limit else None


def _limit(by: str) -> float | None:
    if by in GOALS:
        return None
    name, mark, words = by.partition("<=")
    try:
        limit = float(words)
    except ValueError:
        limit = -1.0
    if name.strip() != "fpr" or not mark or not 0 <= limit <= 1:
        raise InvalidValueError(f"A threshold cannot be chosen by {by!r}.", "By mcc, f1, or fpr<=X with X from 0 to 1.")
    return limit

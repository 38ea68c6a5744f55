"""How well a yes-or-no classifier does against settled labels, and one of its versions against another."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from launchpad.errors import InvalidValueError
from launchpad.statistics.agreement import FloatArray, IntArray, Statistic, cohen_kappa, ratio
from launchpad.statistics.comparison import mcnemar_exact

CELLS = ((1, 1), (0, 1), (1, 0), (0, 0))  # truth and answer of tp, fp, fn, tn


class Confusion(NamedTuple):
    """Items by what they are and what was said: hits, false alarms, misses, rightly let pass, and without an answer."""

    tp: float
    fp: float
    fn: float
    tn: float
    unanswered: float = 0


@dataclass(frozen=True, slots=True)
class Measures:
    """What a confusion says of a classifier; None is what has nothing below the line, never 0 in its place.

    Precision has no value when nothing was flagged, recall without a violation, the false-positive rate and
    specificity without a safe item, F1 when neither happened, MCC and kappa when a row or column of the table is
    empty (kappa: when truth and answer are one and the same class throughout).
    """

    precision: float | None
    recall: float | None
    fpr: float | None
    specificity: float | None
    f1: float | None
    mcc: float | None
    accuracy: float | None
    balanced_accuracy: float | None
    kappa: float | None


class Versions(NamedTuple):
    """Two versions on the same items: right in both, only the first, only the second, neither; exact McNemar p."""

    both: int
    only_first: int
    only_second: int
    neither: int
    p: float


def confusion(truth: ArrayLike, said: ArrayLike) -> Confusion:
    """The confusion of two columns of one length: 1 = violates, 0 = does not, -1 = not known or no answer.

    Items whose truth is -1 are left out; those answered with -1 (refused, unparsable) are counted as unanswered.
    """
    settled, answer = _columns(truth, said)
    tp, fp, fn, tn = (int(((settled == yes) & (answer == flagged)).sum()) for yes, flagged in CELLS)
    return Confusion(tp, fp, fn, tn, unanswered=int(((settled >= 0) & (answer < 0)).sum()))


def measures(found: Confusion) -> Measures:
    """Precision, recall, F1 (van Rijsbergen 1979), MCC (Matthews 1975) and the others of one confusion.

    Unanswered items are in none of them: report their number beside.
    """
    if min(found) < 0:
        raise InvalidValueError("A number of items cannot be negative.")
    tp, fp, fn, tn = cells = np.asarray(found[:4], dtype=np.float64)
    known = {name: _known(ratio(*parts)) for name, parts in _parts(tp, fp, fn, tn).items()}
    recall, specificity = known["recall"], known["specificity"]
    balanced = None if recall is None or specificity is None else (recall + specificity) / 2
    return Measures(**known, balanced_accuracy=balanced, kappa=cohen_kappa(cells[[0, 2, 1, 3]].reshape(2, 2)))


def confusion_by(truth: ArrayLike, said: ArrayLike, groups: Sequence[Iterable[Hashable]]) -> dict[Hashable, Confusion]:
    """The confusion of each clause, severity or slice, in the order they first appear.

    `groups` holds for each item the groups it belongs to: none, one, or several clauses, in each of which it counts.
    """
    settled, answer = _columns(truth, said)
    if len(groups) != settled.size:
        raise InvalidValueError(f"{settled.size} items have {len(groups)} entries of groups.", "Give one an item.")
    members: dict[Hashable, list[int]] = {}
    for place, names in enumerate(groups):
        for name in dict.fromkeys(names):
            members.setdefault(name, []).append(place)
    return {name: confusion(settled[places], answer[places]) for name, places in members.items()}


def measure_statistics(truth: ArrayLike, said: ArrayLike) -> dict[str, Statistic]:
    """Each measure but balanced accuracy and kappa made ready for resampling (see `bootstrap`), by name."""
    settled, answer = _columns(truth, said)
    counted = np.stack([(settled == yes) & (answer == flagged) for yes, flagged in CELLS], axis=1).astype(np.float64)

    def made(name: str) -> Statistic:
        return lambda times: ratio(*_parts(*(times @ counted).T)[name])

    return {name: made(name) for name in _parts(*np.zeros((4, 1)))}


def versions_compared(truth: ArrayLike, first: ArrayLike, second: ArrayLike) -> Versions:
    """Which version of a classifier is right where, on the items whose truth is known, with the exact McNemar p.

    Columns of one length as in `confusion`; no answer (-1) is not right. McNemar 1947; exact: the two-sided binomial
    test of the items that only one version got right.
    """
    settled, one = _columns(truth, first)
    _, other = _columns(truth, second)
    known = settled >= 0
    right, also = (one == settled)[known], (other == settled)[known]
    only_first, only_second = int((right & ~also).sum()), int((~right & also).sum())
    return Versions(
        int((right & also).sum()),
        only_first,
        only_second,
        int((~right & ~also).sum()),
        mcnemar_exact(only_first, only_second),
    )


def _columns(truth: ArrayLike, said: ArrayLike) -> tuple[IntArray, IntArray]:
    settled, answer = np.asarray(truth, dtype=np.int64), np.asarray(said, dtype=np.int64)
    if settled.ndim != 1 or settled.shape != answer.shape:
        raise InvalidValueError(f"{settled.size} settled labels and {answer.size} answers cannot be paired.")
    for column in (settled, answer):
        if column.size and not -1 <= int(column.min()) <= int(column.max()) <= 1:
            raise InvalidValueError("A settled label or an answer is 1, 0, or -1 where there is none.")
    return settled, answer


def _parts(tp: FloatArray, fp: FloatArray, fn: FloatArray, tn: FloatArray) -> dict[str, tuple[FloatArray, FloatArray]]:
    """What stands above and below the line of each measure."""
    return {
        "precision": (tp, tp + fp),
        "recall": (tp, tp + fn),
        "fpr": (fp, fp + tn),
        "specificity": (tn, tn + fp),
        "f1": (2 * tp, 2 * tp + fp + fn),
        "mcc": (tp * tn - fp * fn, np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)),
        "accuracy": (tp + tn, tp + fp + fn + tn),
    }


def _known(value: FloatArray) -> float | None:
    return None if np.isnan(value) else float(value)

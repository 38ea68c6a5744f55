"""How far raters agree about the same items, with and without what chance would give.

Ratings come as counts, an array (items, labels) of how many raters gave an item each label, or as codes, an
integer array (items, raters) of the place of a label among the labels, -1 where the rater did not rate the item.
A coefficient is None where it is not defined, never nan.

A `Statistic` is a coefficient made ready for one set of items: it takes `times`, an array (replicates, items) of how
often each item counts, and gives one value a replicate, nan where that one is not defined. See `bootstrap`.
"""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from launchpad.errors import InvalidValueError
from launchpad.statistics.special import FloatArray

IntArray = NDArray[np.int64]
Statistic = Callable[[FloatArray], FloatArray]
Weights = Literal["linear", "quadratic"]


class LabelAgreement(NamedTuple):
    """How far raters agree about one label; `n` of its ratings stand where another rater rated the item too."""

    n: int
    agreement: float | None


def label_counts(codes: ArrayLike, labels: int) -> FloatArray:
    """How many raters gave each item each label, (items, labels), from codes (items, raters) with -1 = not rated."""
    given = np.asarray(codes, dtype=np.int64)
    if given.ndim != 2 or (given.size and not -1 <= int(given.min()) <= int(given.max()) < labels):
        raise InvalidValueError(
            f"The codes of a table of ratings are whole numbers from 0 to {labels - 1} by item and rater.",
            "Give -1 where an item was not rated.",
        )
    places = (given + np.arange(len(given))[:, None] * labels)[given >= 0]
    return np.bincount(places, minlength=len(given) * labels).reshape(len(given), labels).astype(np.float64)


def value_of(statistic: Statistic, items: int) -> float | None:
    """The coefficient with each item counted once; None where it is not defined."""
    found = float(statistic(np.ones((1, items)))[0])
    return found if math.isfinite(found) else None


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """The quotient above / below, nan where `below` is not positive."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)


def percent_agreement(counts: ArrayLike) -> float | None:
    """The share of pairs of ratings of one item that agree, averaged over the items rated at least twice.

    Fleiss 1971, equation 2, averaged over items as in equation 3; for two raters the plain share of items with one
    label. `counts` is (items, labels); None when no item was rated twice.
    """
    given = _checked(counts)
    return value_of(percent_statistic(given), len(given))


def percent_statistic(counts: FloatArray) -> Statistic:
    """`percent_agreement` made ready for resampling."""
    shares, paired = _shares(counts)
    return lambda times: ratio(times @ shares, times @ paired)


def fleiss_kappa(counts: ArrayLike) -> float | None:
    """Agreement of several raters beyond chance, each item rated by the same number (Fleiss 1971, equations 1-7).

    `counts` is (items, labels). None when items differ in their number of ratings (use Krippendorff's alpha or AC1
    for those), were rated once, or all have one label. Items without any rating are passed over.
    """
    given = _checked(counts)
    return value_of(fleiss_statistic(given), len(given))


def fleiss_statistic(counts: FloatArray) -> Statistic:
    """`fleiss_kappa` made ready for resampling."""
    raters = counts.sum(axis=1)
    rated = raters[raters > 0]
    if rated.size == 0 or rated.min() < 2 or rated.min() != rated.max():
        return _never
    shares, paired = _shares(counts)

    def kappa(times: FloatArray) -> FloatArray:
        items = times @ paired
        by_label = ratio(times @ counts, (items * rated[0])[:, None])
        return _beyond(ratio(times @ shares, items), (by_label**2).sum(axis=1))

    return kappa


def gwet_ac1(counts: ArrayLike) -> float | None:
    """Agreement beyond chance that does not collapse when one label is rare, AC1 (Gwet 2008, equations 15-18).

    `counts` is (items, labels); the labels are all that could be given, also those nobody gave. Ratings may be
    missing: agreement is over items rated at least twice, the use of labels over items rated at all (Gwet 2014,
    section 2.4). None when no item was rated twice, or with fewer than two labels.
    """
    given = _checked(counts)
    return value_of(ac1_statistic(given), len(given))


def ac1_statistic(counts: FloatArray) -> Statistic:
    """`gwet_ac1` made ready for resampling."""
    labels = counts.shape[1]
    if labels < 2:
        return _never
    shares, paired = _shares(counts)
    raters = counts.sum(axis=1)
    within = np.divide(counts, raters[:, None], out=np.zeros_like(counts), where=raters[:, None] > 0)
    rated = (raters > 0).astype(np.float64)

    def ac1(times: FloatArray) -> FloatArray:
        use = ratio(times @ within, (times @ rated)[:, None])
        by_chance = (use * (1 - use)).sum(axis=1) / (labels - 1)
        return _beyond(ratio(times @ shares, times @ paired), by_chance)

    return ac1


def label_agreement(counts: ArrayLike) -> list[LabelAgreement]:
    """For each label, how often another rater of the item gave it too, given that one rater did.

    Specific agreement (Cicchetti & Feinstein 1990, for two raters 2a / (2a + b + c); several raters as in Fleiss,
    Levin & Paik 2003, section 18.1). `counts` is (items, labels); None where no rating of the label has another
    beside it.
    """
    given = _checked(counts)
    paired = given[given.sum(axis=1) >= 2]
    others = paired.sum(axis=1, keepdims=True) - 1
    found = ratio((paired * (paired - 1)).sum(axis=0), (paired * others).sum(axis=0))
    return [
        LabelAgreement(int(n), float(share) if math.isfinite(share) else None)
        for n, share in zip(paired.sum(axis=0), found, strict=True)
    ]


def contingency(first: ArrayLike, second: ArrayLike, labels: int) -> FloatArray:
    """How often each label of the first rater met each of the second, (labels, labels); items only one rated are out.

    `first` and `second` are codes of one length, -1 = not rated.
    """
    one, other = _paired_codes(first, second, labels)
    both = (one >= 0) & (other >= 0)
    return np.bincount(one[both] * labels + other[both], minlength=labels**2).reshape(labels, labels).astype(np.float64)


def cohen_kappa(table: ArrayLike, weights: Weights | None = None) -> float | None:
    """Agreement of two raters beyond chance from their contingency table (Cohen 1960; weighted: Cohen 1968).

    `table` is (labels, labels), its rows and columns in the same order. With `weights` the order is that of the
    levels, one step apart, and a disagreement costs the number of steps (linear) or its square (quadratic). None
    for an empty table, or when both raters gave one and the same label throughout.
    """
    given = np.asarray(table, dtype=np.float64)
    if given.ndim != 2 or given.shape[0] != given.shape[1] or bool(np.any(~(given >= 0))):
        raise InvalidValueError("A contingency table has as many rows as columns, and no negative number.")
    costs = _costs(len(given), weights)
    expected = given.sum(axis=1) @ costs @ given.sum(axis=0)
    return float(1 - given.sum() * (given * costs).sum() / expected) if expected > 0 else None


def kappa_statistic(first: ArrayLike, second: ArrayLike, labels: int, weights: Weights | None = None) -> Statistic:
    """`cohen_kappa` of two columns of codes (-1 = not rated), made ready for resampling."""
    one, other = _paired_codes(first, second, labels)
    both = (one >= 0) & (other >= 0)
    costs = _costs(labels, weights)
    cost = np.where(both, costs[one, other], 0.0)
    identity = np.eye(labels)
    rows, columns = identity[one] * both[:, None], identity[other] * both[:, None]

    def kappa(times: FloatArray) -> FloatArray:
        expected = ((times @ rows) @ costs * (times @ columns)).sum(axis=1)
        return 1 - ratio((times @ both) * (times @ cost), expected)

    return kappa


def _costs(labels: int, weights: Weights | None) -> FloatArray:
    steps = np.abs(np.subtract.outer(np.arange(labels), np.arange(labels))).astype(np.float64)
    if weights is None:
        return (steps > 0).astype(np.float64)
    return steps if weights == "linear" else steps**2


def _paired_codes(first: ArrayLike, second: ArrayLike, labels: int) -> tuple[IntArray, IntArray]:
    one, other = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    if one.ndim != 1 or one.shape != other.shape:
        raise InvalidValueError(f"Two raters of {one.size} and {other.size} items cannot be paired.")
    label_counts(np.stack((one, other), axis=1), labels)
    return one, other


def _checked(counts: ArrayLike) -> FloatArray:
    given = np.asarray(counts, dtype=np.float64)
    if given.ndim != 2 or bool(np.any(~(given >= 0))):
        raise InvalidValueError("Counts of labels are a table of items by labels, with no negative number.")
    return given


def _shares(counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The share of agreeing pairs of each item (0 where there is no pair), and 1 where there is one."""
    raters = counts.sum(axis=1)
    pairs = raters * (raters - 1)
    agreeing = (counts * (counts - 1)).sum(axis=1)
    paired = raters >= 2
    return np.divide(agreeing, pairs, out=np.zeros_like(pairs), where=paired), paired.astype(np.float64)


def _beyond(observed: FloatArray, by_chance: FloatArray) -> FloatArray:
    # Where chance alone agrees throughout, rounding may leave a hair of room: that is no room.
    room = 1 - by_chance
    return ratio(observed - by_chance, np.where(room > 1e-12, room, 0.0))


def _never(times: FloatArray) -> FloatArray:
    return np.full(len(times), np.nan)

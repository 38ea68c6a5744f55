"""Krippendorff's alpha for any number of raters, missing ratings and four levels of measurement."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from launchpad.errors import InvalidValueError
from launchpad.statistics.agreement import FloatArray, IntArray, Statistic, label_counts, ratio, value_of

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def krippendorff_alpha(codes: ArrayLike, values: ArrayLike, level: Level = "nominal") -> float | None:
    """1 - observed over expected disagreement (Hayes & Krippendorff 2007, equations 1-4; Krippendorff 2011).

    `codes` is (items, raters), the place of each label in `values`, -1 = not rated; `values` (labels,) holds the
    labels' numbers in rising order, of which the nominal level takes nothing and the ordinal level only the order.
    Items rated once are passed over. None when no item was rated twice, or when all ratings that count are equal.
    Disagreement of two values: 0 or 1 (nominal); the square of the ratings between them, each end by half (ordinal);
    of their difference (interval); of their difference over their sum (ratio, no value below 0).
    """
    given = np.asarray(codes, dtype=np.int64)
    return value_of(alpha_statistic(given, values, level), len(given))


def alpha_statistic(codes: IntArray, values: ArrayLike, level: Level = "nominal") -> Statistic:
    """`krippendorff_alpha` made ready for resampling."""
    numbers = np.asarray(values, dtype=np.float64)
    if level != "nominal" and not bool(np.all(np.diff(numbers) > 0) and np.all(np.isfinite(numbers))):
        raise InvalidValueError("The values of an ordered scale are finite numbers in rising order.")
    if level == "ratio" and numbers.size and numbers[0] < 0:
        raise InvalidValueError(f"{numbers[0]:g} lies below 0, where a ratio scale has no values.")
    counts = label_counts(codes, len(numbers))
    counts[counts.sum(axis=1) < 2] = 0
    if level == "ordinal":
        return _by_rank(codes, counts)
    if level == "interval":
        return _by_square(counts, numbers)
    return _by_distance(counts, _distances(numbers, level))


def _distances(numbers: FloatArray, level: Level) -> FloatArray:
    if level == "nominal":
        return 1 - np.eye(len(numbers))
    sums = np.add.outer(numbers, numbers)
    gaps = np.subtract.outer(numbers, numbers)
    return np.divide(gaps, sums, out=np.zeros_like(gaps), where=sums > 0) ** 2


def _by_distance(counts: FloatArray, distances: FloatArray) -> Statistic:
    """Alpha with the distances of all pairs of labels given, (labels, labels)."""
    raters = counts.sum(axis=1)
    own = ((counts @ distances) * counts).sum(axis=1) / np.maximum(raters - 1, 1)

    def alpha(times: FloatArray) -> FloatArray:
        use = times @ counts
        return _alpha(times @ raters, times @ own, ((use @ distances) * use).sum(axis=1))

    return alpha


def _by_square(counts: FloatArray, numbers: FloatArray) -> Statistic:
    """Alpha with squared differences, whose sums over pairs need only the sums of values and of squares."""
    raters = counts.sum(axis=1)
    total = raters.sum()
    centred = numbers - (counts.sum(axis=0) @ numbers / total if total else 0.0)
    sums, squares = counts @ centred, counts @ centred**2
    own = 2 * (raters * squares - sums**2) / np.maximum(raters - 1, 1)
    features = np.stack((raters, sums, squares, own), axis=1)

    def alpha(times: FloatArray) -> FloatArray:
        n, drawn, drawn_squares, observed = (times @ features).T
        spread = n * drawn_squares - drawn**2
        # One value throughout leaves a rounding error of its square, not 0.
        return _alpha(n, observed, np.where(spread > 1e-12 * n * drawn_squares, 2 * spread, 0.0))

    return alpha


def _by_rank(codes: IntArray, counts: FloatArray) -> Statistic:
    """Alpha with ordinal distances: squared differences of the middle ranks, which follow from each replicate's use.

    The sum over g from c to k of n_g, less half of both ends, is the difference of the middle ranks of c and k.
    """
    raters = counts.sum(axis=1)
    # Ratings that do not count point behind the last label, where the rank is 0; sorted, they are cut off together.
    places = np.where((codes >= 0) & (raters > 0)[:, None], codes, counts.shape[1])
    places = np.sort(places, axis=1)[:, : int(raters.max(initial=0))]

    def alpha(times: FloatArray) -> FloatArray:
        use = times @ counts
        n = use.sum(axis=1)
        ranks = np.cumsum(use, axis=1) - use / 2 - n[:, None] / 2
        expected = 2 * (n * (use * ranks**2).sum(axis=1) - (use * ranks).sum(axis=1) ** 2)
        padded = np.concatenate((ranks, np.zeros((len(ranks), 1))), axis=1)
        sums, squares = np.zeros_like(times), np.zeros_like(times)
        for rating in places.T:
            given = padded[:, rating]
            sums += given
            squares += given**2
        own = 2 * (raters * squares - sums**2) / np.maximum(raters - 1, 1)
        return _alpha(n, (times * own).sum(axis=1), expected)

    return alpha


def _alpha(n: FloatArray, observed: FloatArray, expected: FloatArray) -> FloatArray:
    """1 - (observed / n) / (expected / (n (n - 1))), nan where nothing could disagree."""
    return 1 - ratio((n - 1) * observed, expected)

"""Two systems or two arms against each other."""

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from launchpad.errors import InvalidValueError
from launchpad.statistics.intervals import wilson
from launchpad.statistics.special import beta_cdf, beta_quantile, normal_cdf, student_cdf
from launchpad.statistics.spread import clustered_standard_error, difference_standard_error, standard_error


class PairedDifference(NamedTuple):
    """Mean of a - b over the same items, its error paired and had it been unpaired, their correlation.

    `df` are the degrees of freedom of the paired error: items less one, or clusters less one.
    """

    difference: float
    stderr: float
    unpaired: float
    correlation: float
    n: int
    df: int


def paired_difference(a: ArrayLike, b: ArrayLike, clusters: Sequence[Hashable] | None = None) -> PairedDifference:
    """The mean difference of two score columns over the same items (Miller 2024, arXiv 2411.00640).

    With `clusters`, one for each item, both errors are clustered (times C / (C - 1), as Inspect does). The
    correlation is nan when one column does not vary.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.size == 0:
        raise InvalidValueError(
            f"Paired columns of {first.size} and {second.size} scores cannot be compared.",
            "Give both systems' scores on the same items in the same order.",
        )
    errors = [
        standard_error(column) if clusters is None else clustered_standard_error(column, clusters)
        for column in (first, second, first - second)
    ]
    deviations = first - first.mean(), second - second.mean()
    scale = math.sqrt(float(deviations[0] @ deviations[0]) * float(deviations[1] @ deviations[1]))
    return PairedDifference(
        difference=float((first - second).mean()),
        stderr=errors[2],
        unpaired=difference_standard_error(*errors[:2]),
        correlation=float(deviations[0] @ deviations[1]) / scale if scale > 0 else math.nan,
        n=first.size,
        df=(first.size if clusters is None else len(set(clusters))) - 1,
    )


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """The exact two-sided p-value that two paired systems fail equally often (McNemar 1947).

    Takes the items that only the first and only the second got right; 1 when there are none.
    """
    fewer, total = min(only_first, only_second), only_first + only_second
    if fewer < 0:
        raise InvalidValueError("A number of items cannot be negative.")
    at_most = float(beta_cdf(total - fewer, fewer + 1, 0.5)) if total > 0 else 1.0
    return min(1.0, 2 * at_most)


def newcombe(k1: float, n1: float, k0: float, n0: float, level: float = 0.95) -> tuple[float, float, float]:
    """p1 - p0 of two independent proportions with its lower and upper limit (Newcombe 1998, method 10)."""
    if n1 == 0 or n0 == 0:
        raise InvalidValueError("A difference of proportions needs at least one item on each side.")
    p1, p0 = k1 / n1, k0 / n0
    low1, high1 = wilson(k1, n1, level)
    low0, high0 = wilson(k0, n0, level)
    difference = p1 - p0
    low = difference - math.hypot(p1 - low1, high0 - p0)
    high = difference + math.hypot(high1 - p1, p0 - low0)
    return difference, low, high


def newcombe_paired(
    both: float, only_first: float, only_second: float, neither: float, level: float = 0.95
) -> tuple[float, float, float]:
    """p1 - p2 of two paired proportions with its lower and upper limit (Newcombe 1998, Statist. Med. 17, 2635-2650).

    Takes the items that both, only the first, only the second and neither got right; method 10 of that paper.
    """
    n = both + only_first + only_second + neither
    first, second = both + only_first, both + only_second
    if n == 0 or min(both, only_first, only_second, neither) < 0:
        raise InvalidValueError("A paired table needs at least one item, and no negative number of them.")
    p1, p2 = first / n, second / n
    low1, high1 = wilson(first, n, level)
    low2, high2 = wilson(second, n, level)
    product = both * neither - only_first * only_second
    product = max(product - n / 2, 0.0) if product > 0 else product
    scale = math.sqrt(first * (n - first) * second * (n - second))
    phi = product / scale if scale > 0 else 0.0
    difference = p1 - p2
    below, above = _beside(p1 - low1, high2 - p2, phi), _beside(high1 - p1, p2 - low2, phi)
    return difference, difference - below, difference + above


def _beside(own: float, other: float, phi: float) -> float:
    return math.sqrt(max(own * own - 2 * phi * own * other + other * other, 0.0))


def p_of_proportions(k1: float, n1: float, k0: float, n0: float) -> float:
    """The two-sided p-value that two independent proportions are equal, by the score (pooled z) test."""
    if not (n1 > 0 and n0 > 0):
        raise InvalidValueError("A difference of proportions needs at least one item on each side.")
    pooled = (k1 + k0) / (n1 + n0)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n0)
    return 2 * normal_cdf(-abs(k1 / n1 - k0 / n0) / math.sqrt(variance)) if variance > 0 else 1.0


def p_of_difference(difference: float, stderr: float, df: float) -> float:
    """The two-sided p-value that a difference with this standard error is 0, by Student's t."""
    if stderr <= 0:
        return 1.0 if difference == 0 else 0.0
    return 2 * student_cdf(-abs(difference) / stderr, df)


def satterthwaite(first: float, first_df: float, second: float, second_df: float) -> float:
    """The degrees of freedom of a difference of two means from their standard errors (Welch 1947)."""
    below = first**4 / first_df + second**4 / second_df
    return (first**2 + second**2) ** 2 / below if below > 0 else min(first_df, second_df)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p-values adjusted for being several, in the order given (Holm 1979): the smallest times all of them."""
    adjusted = [0.0] * len(p_values)
    worst = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = worst
    return tuple(adjusted)


def probability_greater(k1: float, n1: float, k0: float, n0: float) -> float:
    """P(theta1 > theta0) for independent proportions with uniform priors, within 1e-6.

    The integral of P(theta0 < x) over theta1's distribution, by Gauss-Legendre quadrature on
    its quantiles; both posteriors are Beta(k + 1, n - k + 1).
    """
    nodes, weights = np.polynomial.legendre.leggauss(400)
    x = beta_quantile(k1 + 1, n1 - k1 + 1, (nodes + 1) / 2)
    return float(beta_cdf(k0 + 1, n0 - k0 + 1, x) @ weights / 2)

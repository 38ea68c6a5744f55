"""Two systems or two arms against each other."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from launchpad.errors import InvalidValueError
from launchpad.statistics.intervals import wilson
from launchpad.statistics.special import beta_cdf, beta_quantile
from launchpad.statistics.spread import difference_standard_error, standard_error


class PairedDifference(NamedTuple):
    """Mean of a - b over the same items, its error paired and had it been unpaired, their correlation."""

    difference: float
    stderr: float
    unpaired: float
    correlation: float
    n: int


def paired_difference(a: ArrayLike, b: ArrayLike) -> PairedDifference:
    """The mean difference of two score columns over the same items (Miller 2024, arXiv 2411.00640).

    The correlation is nan when one column does not vary.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.size == 0:
        raise InvalidValueError(
            f"Paired columns of {first.size} and {second.size} scores cannot be compared.",
            "Give both systems' scores on the same items in the same order.",
        )
    errors = standard_error(first), standard_error(second)
    deviations = first - first.mean(), second - second.mean()
    scale = math.sqrt(float(deviations[0] @ deviations[0]) * float(deviations[1] @ deviations[1]))
    return PairedDifference(
        difference=float((first - second).mean()),
        stderr=standard_error(first - second),
        unpaired=difference_standard_error(*errors),
        correlation=float(deviations[0] @ deviations[1]) / scale if scale > 0 else math.nan,
        n=first.size,
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


def probability_greater(k1: float, n1: float, k0: float, n0: float) -> float:
    """P(theta1 > theta0) for independent proportions with uniform priors, within 1e-6.

    The integral of P(theta0 < x) over theta1's distribution, by Gauss-Legendre quadrature on
    its quantiles; both posteriors are Beta(k + 1, n - k + 1).
    """
    nodes, weights = np.polynomial.legendre.leggauss(400)
    x = beta_quantile(k1 + 1, n1 - k1 + 1, (nodes + 1) / 2)
    return float(beta_cdf(k0 + 1, n0 - k0 + 1, x) @ weights / 2)

"""Intervals of a proportion from k of n, and of a mean from its standard error.

The interval functions of k and n take two floats and return two floats, or take two arrays of
one shape and return two arrays. k is between 0 and n; n = 0 gives (0, 1).
"""

import math
from typing import TypeVar, cast

import numpy as np

from launchpad.errors import InvalidValueError
from launchpad.statistics.special import FloatArray, beta_quantile, normal_quantile, student_quantile

Numbers = TypeVar("Numbers", float, FloatArray)

__all__ = [
    "beta_interval",
    "clopper_pearson",
    "clopper_pearson_lower",
    "clopper_pearson_upper",
    "jeffreys",
    "korn_graubard",
    "mean_bounds",
    "mean_interval",
    "normal_quantile",
    "student_quantile",
    "wald",
    "wilson",
]


def wilson(k: Numbers, n: Numbers, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """The score interval of a proportion (Wilson 1927, equation for the two roots)."""
    count, size = _counts(k, n)
    z = normal_quantile(_upper_tail(level))
    spread = _share(count * (size - count), size)
    centre = (count + z * z / 2) / (size + z * z)
    half = z * np.sqrt(spread + z * z / 4) / (size + z * z)
    low = np.where(count == 0, 0.0, centre - half)
    high = np.where(count == size, 1.0, centre + half)
    return _like(k, low), _like(k, high)


def clopper_pearson(k: Numbers, n: Numbers, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """The exact two-sided interval of a proportion (Clopper & Pearson 1934), by Beta quantiles."""
    one_sided = _upper_tail(level)
    return clopper_pearson_lower(k, n, one_sided), clopper_pearson_upper(k, n, one_sided)


def clopper_pearson_lower(k: Numbers, n: Numbers, confidence: float = 0.95) -> Numbers:
    """The exact one-sided lower bound of a proportion; 0 when k = 0."""
    count, size = _counts(k, n)
    _check_level(confidence)
    inside = count > 0
    safe = np.where(inside, count, 1.0)
    bound = beta_quantile(safe, size - np.where(inside, count, 0.0) + 1, 1 - confidence)
    return _like(k, np.where(inside, bound, 0.0))


def clopper_pearson_upper(k: Numbers, n: Numbers, confidence: float = 0.95) -> Numbers:
    """The exact one-sided upper bound of a proportion; 1 when k = n."""
    count, size = _counts(k, n)
    _check_level(confidence)
    inside = count < size
    safe = np.where(inside, size - count, 1.0)
    bound = beta_quantile(count + 1, safe, confidence)
    return _like(k, np.where(inside, bound, 1.0))


def jeffreys(k: Numbers, n: Numbers, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """The equal-tailed Beta(k + 1/2, n - k + 1/2) interval, its ends set at 0 for k = 0 and 1 for k = n.

    Brown, Cai & DasGupta 2001, section 4.1.2.
    """
    count, size = _counts(k, n)
    upper = _upper_tail(level)
    low = beta_quantile(count + 0.5, size - count + 0.5, 1 - upper)
    high = beta_quantile(count + 0.5, size - count + 0.5, upper)
    return _like(k, np.where(count == 0, 0.0, low)), _like(k, np.where(count == size, 1.0, high))


def beta_interval(a: float, b: float, level: float = 0.95) -> tuple[float, float]:
    """The equal-tailed credible interval of a Beta(a, b); for a uniform prior a = k + 1, b = n - k + 1."""
    if not (a > 0 and b > 0):
        raise InvalidValueError(f"A Beta distribution needs positive parameters, not {a} and {b}.")
    upper = _upper_tail(level)
    return float(beta_quantile(a, b, 1 - upper)), float(beta_quantile(a, b, upper))


def wald(k: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """The textbook interval p +- z sqrt(p (1 - p) / n); not cut at 0 and 1, not fit for small n."""
    _counts(k, n)
    if n == 0:
        raise InvalidValueError("A Wald interval needs at least one item.")
    p = k / n
    half = normal_quantile(_upper_tail(level)) * math.sqrt(p * (1 - p) / n)
    return p - half, p + half


def mean_interval(mean: float, stderr: float, df: float, level: float = 0.95) -> tuple[float, float]:
    """The Student t interval of a mean with df degrees of freedom (n - 1, or clusters - 1)."""
    half = student_quantile(_upper_tail(level), df) * stderr
    return mean - half, mean + half


def mean_bounds(mean: float, stderr: float, df: float, confidence: float = 0.95) -> tuple[float, float]:
    """The one-sided Student t bounds of a mean, below and above, each at `confidence`."""
    _check_level(confidence)
    half = student_quantile(confidence, df) * stderr
    return mean - half, mean + half


def korn_graubard(n_effective: float, n: float, clusters: float, level: float = 0.95) -> float:
    """The effective size that also pays for few clusters: n_eff (t_(n-1) / t_(clusters-1))^2 (Korn & Graubard 1998).

    For an interval by normal quantiles on an effective size that came from a clustered error; never above
    `n_effective`.
    """
    upper = _upper_tail(level)
    if not (n > 1 and clusters > 1):
        return n_effective
    ratio = student_quantile(upper, n - 1) / student_quantile(upper, clusters - 1)
    return n_effective * min(ratio * ratio, 1.0)


def _counts(k: float | FloatArray, n: float | FloatArray) -> tuple[FloatArray, FloatArray]:
    count, size = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if not bool(np.all((count >= 0) & (count <= size) & np.isfinite(size))):
        raise InvalidValueError(f"A count of {k} among {n} is not possible.", "Give 0 <= k <= n.")
    return count, size


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _upper_tail(level: float) -> float:
    _check_level(level)
    return (1 + level) / 2


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise InvalidValueError(
            f"A confidence of {level} is not possible.", "Give a number between 0 and 1, such as .95."
        )


def _like(given: Numbers, result: FloatArray) -> Numbers:
    """Floats in, floats out; arrays in, arrays out."""
    return cast("Numbers", result if isinstance(given, np.ndarray) else float(result))

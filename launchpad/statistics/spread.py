"""Standard errors of means, shares and differences."""

import math
from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from launchpad.errors import InvalidValueError

ClusterForm = Literal["inspect", "cr0", "miller"]


def standard_error(values: ArrayLike) -> float:
    """The error of a mean, s / sqrt(n) with n - 1 in s; 0 for fewer than two values."""
    scores = np.asarray(values, dtype=np.float64)
    n = scores.size
    return float(scores.std(ddof=1) / math.sqrt(n)) if n > 1 else 0.0


def proportion_standard_error(k: float, n: float, *, unbiased: bool = False) -> float:
    """sqrt(p (1 - p) / n) for k of n; with `unbiased` n - 1 in place of n (0 when n < 2)."""
    if not 0 <= k <= n or n == 0:
        raise InvalidValueError(f"A count of {k} among {n} is not possible.", "Give 0 <= k <= n and n > 0.")
    p = k / n
    divisor = n - 1 if unbiased else n
    return math.sqrt(p * (1 - p) / divisor) if divisor > 0 else 0.0


def clustered_standard_error(values: ArrayLike, clusters: Sequence[Hashable], form: ClusterForm = "inspect") -> float:
    """The standard error of a mean whose items fall into clusters; 0 for a single cluster.

    `cr0` is sqrt(sum over clusters of squared residual sums) / n; `inspect` multiplies the
    variance by C / (C - 1); `miller` adds the cross products within clusters to the squared
    n - 1 error (Miller 2024, arXiv 2411.00640).
    """
    scores = np.asarray(values, dtype=np.float64)
    if scores.size != len(clusters):
        raise InvalidValueError(f"{scores.size} values have {len(clusters)} clusters.", "Give one cluster a value.")
    codes = {cluster: number for number, cluster in enumerate(dict.fromkeys(clusters))}
    if len(codes) < 2:
        return 0.0
    residuals = scores - scores.mean()
    sums = np.bincount([codes[cluster] for cluster in clusters], weights=residuals)
    total, own = float(sums @ sums), float(residuals @ residuals)
    if form == "inspect":
        total *= len(codes) / (len(codes) - 1)
    elif form == "miller":
        total += own / (scores.size - 1)
    return math.sqrt(max(total, 0.0)) / scores.size


def difference_standard_error(first: float, second: float, correlation: float = 0.0) -> float:
    """The standard error of a difference of two means from their own; correlation 0 = unpaired."""
    return math.sqrt(max(first**2 + second**2 - 2 * correlation * first * second, 0.0))


def pooled_standard_error(sizes: ArrayLike, errors: ArrayLike, *, weighted: bool = True) -> float:
    """The standard error of a mean over groups of items, as lm-evaluation-harness reports it.

    Weighted by size: sqrt(sum (n_i - 1) n_i se_i^2 / (sum n_i - groups) / sum n_i); otherwise
    the mean of group means: sqrt(sum se_i^2) / groups.
    """
    n, se = np.asarray(sizes, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    if not weighted:
        return math.sqrt(float(se @ se)) / se.size
    variance = float(((n - 1) * n * se**2).sum() / (n.sum() - n.size))
    return math.sqrt(variance / float(n.sum()))

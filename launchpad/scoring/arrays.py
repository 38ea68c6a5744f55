"""Typed arrays, and the few special functions the formulas share."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Z95 = 1.6448536269514722
"""The standard normal's 95 % point: an estimate's low and high lie this many widths off its median."""

_special: Any = special  # ships no types


def normal_cdf(z: ArrayLike) -> Floats:
    """The probability that a standard normal variable is at most z."""
    return np.asarray(_special.ndtr(z), dtype=np.float64)


def normal_quantile(p: ArrayLike) -> Floats:
    """The value a standard normal variable stays below with probability p."""
    return np.asarray(_special.ndtri(p), dtype=np.float64)


def normal_density(z: ArrayLike) -> Floats:
    """The standard normal density at z; 0 far out and at plus and minus infinity."""
    return np.exp(-0.5 * np.square(np.clip(z, -40.0, 40.0))) / np.sqrt(2 * np.pi)


def expit(x: ArrayLike) -> Floats:
    """The probability whose logit is x."""
    return np.asarray(_special.expit(x), dtype=np.float64)


def logit(p: ArrayLike) -> Floats:
    """ln(p / (1 - p)); minus or plus infinity at 0 or 1."""
    return np.asarray(_special.logit(p), dtype=np.float64)

"""The few special functions the others rest on, typed, and imported from scipy only when first used."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def _scipy() -> Any:  # noqa: ANN401 - scipy.special ships no types
    from scipy import special

    return special


def beta_quantile(a: ArrayLike, b: ArrayLike, p: ArrayLike) -> FloatArray:
    """The value a Beta(a, b) variable stays below with probability p."""
    return np.asarray(_scipy().betaincinv(a, b, p), dtype=np.float64)


def beta_cdf(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> FloatArray:
    """The probability that a Beta(a, b) variable is at most x."""
    return np.asarray(_scipy().betainc(a, b, x), dtype=np.float64)


def normal_quantile(p: float) -> float:
    """The value a standard normal variable stays below with probability p."""
    return float(_scipy().ndtri(p))


def student_quantile(p: float, df: float) -> float:
    """The value a Student t variable with df degrees of freedom stays below with probability p."""
    return float(_scipy().stdtrit(df, p))


def normal_cdf(x: float) -> float:
    """The probability that a standard normal variable is at most x."""
    return float(_scipy().ndtr(x))


def student_cdf(x: float, df: float) -> float:
    """The probability that a Student t variable with df degrees of freedom is at most x."""
    return float(_scipy().stdtr(df, x))


def binomial_cdf(k: float, n: int, p: float) -> float:
    """The probability that at most k of n independent items with rate p count; 0 for k below 0."""
    return float(_scipy().bdtr(k, n, p)) if k >= 0 else 0.0

"""Typed arrays, and the few special functions the formulas share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
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


@dataclass(frozen=True, slots=True)
class Curve:
    """A smooth function on an interval as a cubic through the four points around: quick where the function is not.

    The pieces lie between multiples of `step`, from the `first`-th on, so that a value does not
    depend on how far the curve reaches; `parts` (4, pieces) are the coefficients of each in its own
    unit, from 0 at its start to 1 at its end. The error is about 3 / 128 step^4 times the fourth
    derivative. Outside the interval the end pieces go on.
    """

    first: int
    step: float
    parts: Floats

    def __call__(self, x: Floats) -> Floats:
        """The function at x."""
        place = x / self.step
        piece = np.clip(np.floor(place).astype(np.int64) - self.first, 0, self.parts.shape[1] - 1)
        place -= piece + self.first
        found = self.parts[3].take(piece)
        for part in self.parts[2::-1]:
            found *= place
            found += part.take(piece)
        return found


def curve(function: Callable[[Floats], Floats], first: int, last: int, step: float) -> Curve:
    """The curve of a function of arrays between the `first`-th and the `last`-th multiple of `step`."""
    values = function(np.array([place * step for place in range(first - 1, last + 2)], dtype=np.float64))
    before, start, end, after = (values[place : place + last - first] for place in range(4))
    parts = np.stack(
        [
            start,
            (-2 * before - 3 * start + 6 * end - after) / 6,
            (before - 2 * start + end) / 2,
            (-before + 3 * start - 3 * end + after) / 6,
        ]
    )
    return Curve(first, step, parts)

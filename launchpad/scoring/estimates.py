"""The uncertain number: a normal with one width below and one above its median, on the scale of its field.

An estimate's low, median and high are its 5, 50 and 95 % points. On the log scale (positive
amounts) and the logit scale (fractions) a half that touches an end where the scale is infinite
(0, or 1 for fractions) lies on the plain scale instead and is cut off at that end, so that a low
of exactly 0 means what it says: 5 % of the mass is at 0. A fraction that may be negative (low
below 0) lies on the plain scale as a whole and is cut off at its field's limits. low = high is a
constant.
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np

from launchpad.errors import ScoringError
from launchpad.records import Estimate, Inputs, Record, field_of
from launchpad.records.fields import Scale
from launchpad.scoring.arrays import Z95, Floats, Singles, expit, logit, normal_cdf, normal_density

Numbers = TypeVar("Numbers", Floats, Singles)
NODES = 32
_WIDEST = 17.0
"""The widest half on the log scale: exp(2 width^2) must stay a number; 10^12 either side of the median."""
BLOCK = 8192
"""Deviates worked on at a time, so that what is in hand stays in the processor's cache."""
_FAR = 12.0
"""Beyond this many widths the standard normal holds less than 1e-32: the end of numerical integrals."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A two-piece normal ready to be sampled: widths `below` and `above` the median on the scale of each half.

    `floor` and `ceiling` are the limits of the field, minus and plus infinity where it has none.
    """

    median: float
    below: float
    above: float
    below_scale: Scale
    above_scale: Scale
    floor: float
    ceiling: float

    @property
    def constant(self) -> bool:
        """Whether it is one number without uncertainty."""
        return self.below == 0 and self.above == 0


def spread_of(inputs: Inputs, row: Record, name: str) -> Spread:
    """The spread of a row's estimate called `name`; it must not be empty."""
    return spread_called(row, name, inputs.address(row))


def spread_called(row: Record, name: str, address: str) -> Spread:
    """The spread of the estimate called `name` of a row that people call by this address; it must not be empty."""
    declared = field_of(type(row), name)
    if declared is None or declared.scale is None:
        raise KeyError(name)
    floor = -math.inf if declared.low is None else declared.low
    ceiling = math.inf if declared.high is None else declared.high
    where = f"{declared.label} of {row.table} {address}"
    return spread(getattr(row, name), declared.scale, floor, ceiling, where)


def spread(
    estimate: Estimate, scale: Scale, floor: float = -math.inf, ceiling: float = math.inf, where: str = ""
) -> Spread:
    """The two-piece normal through an estimate's three points.

    Raises ScoringError, naming `where`, when the points are not finite, not in order or outside
    the limits.
    """
    low, median, high = estimate.low, estimate.median, estimate.high
    if not (floor <= low <= median <= high <= ceiling) or math.isinf(low) or math.isinf(high):
        raise ScoringError(
            f"{where or 'An estimate'} is {low:g}, {median:g}, {high:g}.",
            f"Give low, median and high in this order{_limits(floor, ceiling)}.",
        )
    if scale == "logit" and low < 0:
        scale = "identity"
    below_scale, above_scale = _half_scale(scale, low, median), _half_scale(scale, median, high)
    below = (_forward(below_scale, median) - _forward(below_scale, low)) / Z95
    above = (_forward(above_scale, high) - _forward(above_scale, median)) / Z95
    if scale == "log" and not _narrow(below_scale, below, above_scale, above):
        raise ScoringError(
            f"{where or 'An estimate'} is {low:g}, {median:g}, {high:g}: too far apart to have a mean.",
            "Give low and high within twelve orders of magnitude of the median.",
        )
    return Spread(
        median,
        below,
        above,
        below_scale,
        above_scale,
        floor,
        ceiling,
    )


def at(spread: Spread, z: Numbers) -> Numbers:
    """The values at these standard normal deviates: monotone, the median at 0, low and high at -+1.645."""
    if spread.constant:
        return np.full_like(z, spread.median)
    if z.ndim == 1 and z.size > BLOCK:
        found = np.empty_like(z)
        for first in range(0, z.size, BLOCK):
            found[first : first + BLOCK] = at(spread, z[first : first + BLOCK])
        return found
    if spread.below_scale == spread.above_scale:
        step = spread.above * (np.maximum(z, 0) if spread.below != spread.above else z)
        if spread.below != spread.above:
            step += spread.below * np.minimum(z, 0)
        value = _back(spread.above_scale, spread.median, step)
    else:
        below = _back(spread.below_scale, spread.median, spread.below * np.minimum(z, 0))
        value = np.where(z < 0, below, _back(spread.above_scale, spread.median, spread.above * np.maximum(z, 0)))
    if not _within(spread):
        value = np.clip(value, spread.floor, spread.ceiling)
    return cast("Numbers", value)


def _within(spread: Spread) -> bool:
    """Whether a number keeps the limits of its field by itself."""
    if math.isinf(spread.floor) and math.isinf(spread.ceiling):
        return True
    upwards = spread.above_scale == "log" and math.isinf(spread.ceiling)
    together = upwards or (spread.above_scale == "logit" and spread.ceiling >= 1)
    return spread.below_scale == spread.above_scale and spread.floor <= 0 and together


@functools.lru_cache(maxsize=1 << 16)
def mean(spread: Spread) -> float:
    """The mean: closed form on the log and plain scales, 32-point Gauss-Hermite per half on the logit scale."""
    if spread.constant:
        return spread.median
    lower = _half_mean(spread.below_scale, spread.median, -spread.below, spread.floor)
    upper = _half_mean(spread.above_scale, spread.median, spread.above, spread.ceiling)
    return lower + upper


def weighed(spread: Spread, nodes: int) -> tuple[Floats, Floats]:
    """Values of the number and weights that sum to 1: Gauss-Hermite with so many nodes for each half."""
    if spread.constant:
        return np.array([spread.median]), np.ones(1)
    z, weights = half_hermite(nodes)
    return np.concatenate([at(spread, -z), at(spread, z)]), np.concatenate([weights, weights])


def expect(spread: Spread, function: Callable[[Floats], Floats]) -> float:
    """The mean of a smooth function of the number, by 32-point Gauss-Hermite per half."""
    nodes, weights = half_hermite(NODES)
    lower = function(at(spread, -nodes)) @ weights
    upper = function(at(spread, nodes)) @ weights
    return float(lower + upper)


def partial_moment(spread: Spread, power: int, z: Floats) -> Floats:
    """E[X^power; Z <= z] of a number without upper limit on log or plain halves, for power 1 or 2.

    Log half (two half-lognormals): m^k exp(k^2 s^2 / 2) Phi(z - k s). Plain half:
    the antiderivatives of (m + s z)^k phi(z), the mass below the floor standing at the floor.
    """
    below, above = np.minimum(z, 0.0), np.maximum(z, 0.0)
    lower = _integral(spread.below_scale, spread.median, spread.below, spread.floor, power, below)
    upper = _integral(spread.above_scale, spread.median, spread.above, -math.inf, power, above)
    zero = np.zeros(1)
    return lower + upper - _integral(spread.above_scale, spread.median, spread.above, -math.inf, power, zero)


@functools.cache
def half_hermite(count: int) -> tuple[Floats, Floats]:
    """Nodes and weights that integrate f(z) phi(z) over z > 0; the weights sum to one half.

    Gauss quadrature for the half-range normal weight: recurrence by the Stieltjes procedure on a
    fine Gauss-Legendre grid, nodes as eigenvalues of the Jacobi matrix (Golub & Welsch 1969).
    """
    grid, fine = np.polynomial.legendre.leggauss(16 * count)
    grid = (grid + 1) * _FAR / 2
    fine = fine * (_FAR / 2) * normal_density(grid)
    diagonal, off = np.zeros(count), np.zeros(count)
    before, now = np.zeros_like(grid), np.ones_like(grid) / math.sqrt(float(fine.sum()))
    for k in range(count):
        diagonal[k] = float(fine @ (grid * now * now))
        following = (grid - diagonal[k]) * now - off[k - 1] * before
        off[k] = math.sqrt(float(fine @ (following * following)))
        before, now = now, following / off[k]
    jacobi = np.diag(diagonal) + np.diag(off[:-1], 1) + np.diag(off[:-1], -1)
    nodes, vectors = np.linalg.eigh(jacobi)
    return nodes, float(fine.sum()) * vectors[0] ** 2


def _narrow(below_scale: Scale, below: float, above_scale: Scale, above: float) -> bool:
    """Whether the first two moments of an amount fit into a float."""
    return (below_scale != "log" or below <= _WIDEST) and (above_scale != "log" or above <= _WIDEST)


def _limits(floor: float, ceiling: float) -> str:
    if math.isinf(floor) and math.isinf(ceiling):
        return ""
    return f", from {floor:g}" + ("" if math.isinf(ceiling) else f" to {ceiling:g}")


def _half_scale(scale: Scale, first: float, last: float) -> Scale:
    if scale == "log":
        return "log" if first > 0 else "identity"
    if scale == "logit":
        return "logit" if first > 0 and last < 1 else "identity"
    return scale


def _forward(scale: Scale, x: float) -> float:
    if scale == "log":
        return math.log(x)
    return math.log(x) - math.log1p(-x) if scale == "logit" else x


def _back(scale: Scale, median: float, step: Numbers) -> Numbers:
    """The value at a step from the median on its scale; `step` is used up."""
    if scale == "log":
        np.exp(step, out=step)
        step *= median
        return step
    if scale == "logit":  # 1 / (1 + e^-x), without leaving the array
        step += float(logit(median))
        with np.errstate(over="ignore"):
            np.exp(np.negative(step, out=step), out=step)
        step += 1
        np.reciprocal(step, out=step)
        return step
    return cast("Numbers", median + step)


def _half_mean(scale: Scale, median: float, width: float, limit: float) -> float:
    """The integral of the value over one half; `width` is negative for the lower one."""
    if width == 0:
        return median / 2
    if scale == "log":
        return median * math.exp(width**2 / 2) * float(normal_cdf(width))
    if scale == "logit":
        nodes, weights = half_hermite(NODES)
        return float(expit(logit(median) + width * nodes) @ weights)
    cut = (limit - median) / width  # infinite where the field has no limit
    inside = median * (float(normal_cdf(cut)) - 0.5)
    inside += width * float(normal_density(0.0) - normal_density(cut))
    return inside + (0.0 if math.isinf(cut) else limit * float(normal_cdf(-cut)))


def _integral(scale: Scale, median: float, width: float, floor: float, power: int, z: Floats) -> Floats:
    """The integral of value^power times the normal density from minus infinity to z."""
    if width == 0 or scale == "log":
        shift = power * width
        return median**power * math.exp(shift**2 / 2) * normal_cdf(z - shift)
    cut = (floor - median) / width
    at_floor = 0.0 if math.isinf(cut) else floor**power * normal_cdf(np.minimum(z, cut))
    start = np.full(1, -_FAR if math.isinf(cut) else cut)
    top = np.clip(z, start, 4 * _FAR)
    return at_floor + _plain(median, width, power, top) - _plain(median, width, power, start)


def _plain(median: float, width: float, power: int, z: Floats) -> Floats:
    first = median * normal_cdf(z) - width * normal_density(z)
    if power == 1:
        return first
    second = width**2 * (normal_cdf(z) - z * normal_density(z))
    return median**2 * normal_cdf(z) - 2 * median * width * normal_density(z) + second

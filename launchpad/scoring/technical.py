"""Technical risk: losses of a compound Poisson process, their tail, and the curve of what is exceeded how often."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.scoring.arrays import Curve, Floats, Singles, curve, normal_cdf, normal_quantile
from launchpad.scoring.estimates import Spread, at, partial_moment
from launchpad.scoring.streams import Exponentials, normals

TAIL = 0.95
CURVE_POINTS = 60
MANY = 20_000
BLOCK = 10_000
"""Draws worked on at a time, so that what is in hand stays in the processor's cache."""
_PIECES = 4096
_NEAREST = 1e-9
"""Nearer to 0 no point of the process is told from another."""


@dataclass(frozen=True, slots=True)
class ChanceEvents:
    """The chance in one scenario's losses: in every draw a unit Poisson process, and a deviate for its far part.

    Points up to `singly` are events of their own, what lies beyond enters as a sum. The points of
    a block of draws come one after another, so that no more are drawn than events happen.
    """

    seed: int
    code: str
    draws: int
    singly: float

    def gaps(self, block: int) -> Exponentials:
        """The gaps between the points of the block-th thousands of draws."""
        return Exponentials(self.seed, self.code, f"events {block}", min(BLOCK, self.draws - block * BLOCK))

    def small(self) -> Floats:
        """(draws,) the deviate of the sum of what lies beyond."""
        return normals(self.seed, self.code, "small events", self.draws)


@dataclass(frozen=True, slots=True)
class Tail:
    """The bad end of a loss: VaR 95 and CVaR 95, each with its Monte Carlo standard error."""

    var95: float
    var95_error: float
    cvar95: float
    cvar95_error: float


@dataclass(frozen=True, slots=True)
class Exceedance:
    """How often a loss is exceeded: points of falling probability, each with its Monte Carlo standard error."""

    loss: Floats
    probability: Floats
    error: Floats


def chance_events(seed: int, code: str, draws: int, singly: float) -> ChanceEvents:
    """The chance part of one scenario's losses, the same for every state so that states differ by what changed."""
    return ChanceEvents(seed, code, draws, singly)


def losses(events: Floats, harm: Spread, chance: ChanceEvents) -> Floats:
    """One loss for each expected number of events: Poisson many, each with a severity of its own; (..., draws).

    Sorted from the worst down, the events of a compound Poisson sum have tail probabilities that
    are a unit Poisson process divided by their expected number. The `singly` worst (expected) are
    drawn one by one; the rest enter as a normal with the exact mean and variance of their sum.
    At or below `singly` expected events there is no rest. So the work is bounded however many
    events there are, the tail is exact, and fewer expected events never lose more among the worst.
    """
    if not events.any():
        return np.zeros(events.shape)
    rows = events.reshape(-1, events.shape[-1])
    table = _Severities.of(harm, float(rows.max()))
    parts = [
        _worst_events(rows[:, first : first + BLOCK], table, chance.gaps(number), chance.singly)
        for number, first in enumerate(range(0, rows.shape[1], BLOCK))
    ]
    return (np.concatenate(parts, axis=1) + _rest(rows, harm, chance)).reshape(events.shape)


@dataclass(frozen=True, slots=True)
class _Severities:
    """The severity exceeded with probability p as pieces, straight in log p; in units of the largest.

    `start` and `slope` (pieces + 1,): the last piece holds what does not happen.
    """

    low: float
    step: float
    largest: float
    start: Singles
    slope: Singles

    @classmethod
    def of(cls, harm: Spread, most: float) -> "_Severities":
        """The pieces for up to so many expected events."""
        low = math.log(_NEAREST) - math.log(max(most, 1.0))
        x = np.linspace(low, 0.0, _PIECES + 1)
        severity = at(harm, np.clip(-normal_quantile(np.exp(x)), -12.0, 40.0))
        largest = float(severity[0])
        shares = severity / largest if largest > 0 else severity
        start = np.append(shares[:-1], 0.0).astype(np.float32)
        slope = np.append(np.diff(shares), 0.0).astype(np.float32)
        return cls(low, -low / _PIECES, largest, start, slope)

    def at(self, point: Singles, offset: Singles) -> Singles:
        """(states, draws) the severity of each point, 0 of what does not happen; `offset` is where p is 1."""
        place = np.log(np.maximum(point, np.float32(_NEAREST))) * np.float32(1 / self.step) - offset
        np.minimum(place, np.float32(_PIECES), out=place)
        whole = np.floor(place)
        place -= whole
        piece = whole.astype(np.intp)
        place *= self.slope.take(piece, mode="clip")
        place += self.start.take(piece, mode="clip")
        return place


def _worst_events(events: Floats, table: _Severities, gaps: Exponentials, singly: float) -> Floats:
    """(states, draws) the sum of the events drawn one by one: each point below the expected number is one."""
    with np.errstate(divide="ignore"):
        offset = ((np.log(events) + table.low) / table.step).astype(np.float32)
    most = np.minimum(events.max(axis=0), singly).astype(np.float32)
    point = np.zeros(most.size, dtype=np.float32)
    draws = np.arange(most.size, dtype=np.int64)
    found, total = np.zeros_like(offset), np.zeros_like(offset)
    while True:
        point += gaps.row().take(draws)
        happens = point < most
        going = np.count_nonzero(happens)
        if going < 0.7 * draws.size:  # Set aside the draws that have had all their events.
            found[:, draws] = total
            if going == 0:
                return found.astype(np.float64) * table.largest
            still = np.flatnonzero(happens)
            draws, point, most, happens = draws[still], point[still], most[still], happens[still]
            offset, total = offset.take(still, axis=1), total.take(still, axis=1)
        total += table.at(np.where(happens, point, np.float32(np.inf)), offset)


def _rest(events: Floats, harm: Spread, chance: ChanceEvents) -> Floats:
    """The sum of all smaller events: a normal with the exact mean and variance, never below 0."""
    total = np.zeros_like(events)
    many = events > chance.singly
    if many.any():
        number = events[many]
        share = np.log(chance.singly / number)
        first, second = (_below(harm, power, float(share.min()))(share) for power in (1, 2))
        deviate = np.broadcast_to(chance.small(), events.shape)[many]
        spread = np.sqrt(np.maximum(number * second, 0.0))
        total[many] = np.maximum(number * first + spread * deviate, 0.0)
    return total


def _below(harm: Spread, power: int, low: float) -> Curve:
    """E[X^power of what is not among the worst p], as a curve over log p from `low` to 0."""

    def moment(x: Floats) -> Floats:
        return partial_moment(harm, power, -normal_quantile(np.minimum(np.exp(x), 1.0)))

    return curve(moment, -256, 0, max(-low, 1e-3) / 256)


def shared(own: Floats, common: Floats, correlation: float) -> Floats:
    """Deviates correlated through a common factor, each still standard normal: sqrt(r) Z + sqrt(1 - r) e."""
    return np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own


def points(values: Floats | Singles, shares: Sequence[float]) -> Floats:
    """The values that these shares of many values stay below, as np.quantile has them, in a third of its time.

    A sample says between which two values each lies; only what is between them is sorted.
    """
    size = values.size
    if size < MANY:
        return np.quantile(values, shares).astype(np.float64)
    sample, found = np.sort(values[::31]), np.zeros(len(shares))
    for number, share in enumerate(shares):
        place, slack = share * (size - 1), 6 * math.sqrt(share * (1 - share) * sample.size) + 2
        low = sample[max(0, int(share * sample.size - slack))]
        high = sample[min(sample.size - 1, int(share * sample.size + slack))]
        near = np.sort(values[(values >= low) & (values <= high)])
        first = int(place) - np.count_nonzero(values < low)
        if not 0 <= first < near.size - 1:
            return np.quantile(values, shares).astype(np.float64)
        found[number] = near[first] + (place - int(place)) * (near[first + 1] - near[first])
    return found


def tail(loss: Floats) -> Tail:
    """VaR 95 and CVaR 95 of losses (draws,), with standard errors.

    VaR's error from the order statistics one binomial standard error either side of it; CVaR's
    from its influence function, (L - VaR)+ / .05.
    """
    ordered = np.sort(loss)
    share = np.sqrt(TAIL * (1 - TAIL) / loss.size)
    around = np.quantile(ordered, np.clip([TAIL - share, TAIL, TAIL + share], 0, 1))
    beyond = np.maximum(loss - around[1], 0.0) / (1 - TAIL)
    return Tail(
        var95=float(around[1]),
        var95_error=float(around[2] - around[0]) / 2,
        cvar95=float(around[1] + beyond.mean()),
        cvar95_error=float(beyond.std() / np.sqrt(loss.size)),
    )


def probability_above(loss: Floats, limit: float) -> tuple[float, float]:
    """The share of draws above a limit, and its Monte Carlo standard error."""
    p = float(np.mean(loss > limit))
    return p, float(np.sqrt(p * (1 - p) / loss.size))


def exceedance(loss: Floats) -> Exceedance:
    """The exceedance curve of losses (draws,): losses at probabilities from .99 down to ten draws' worth."""
    rarest = min(0.5, 10 / loss.size)
    deviates = np.linspace(float(normal_quantile(0.01)), -float(normal_quantile(rarest)), CURVE_POINTS)
    probability = normal_cdf(-deviates)
    return Exceedance(
        loss=np.quantile(loss, 1 - probability),
        probability=probability,
        error=np.sqrt(probability * (1 - probability) / loss.size),
    )

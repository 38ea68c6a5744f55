"""Technical risk: losses of a compound Poisson process, their tail, and the curve of what is exceeded how often."""

from dataclasses import dataclass

import numpy as np

from launchpad.scoring.arrays import Floats, Ints, normal_cdf, normal_quantile
from launchpad.scoring.estimates import Spread, at, partial_moment
from launchpad.scoring.streams import normals, stream

TAIL = 0.95
CURVE_POINTS = 60
BLOCK = 1000
"""Draws worked on at a time, so that what is in hand stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class ChanceEvents:
    """A unit Poisson process on (0, singly) in every draw, and a deviate for all the smaller events.

    `count` (draws,) points of each draw, `place` where they lie, in the order of draws; `small` is
    (draws,).
    """

    count: Ints
    place: Floats
    small: Floats
    singly: float


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
    count = stream(seed, code, "events").poisson(singly, draws)
    place = (1 - stream(seed, code, "severities").random(int(count.sum()))) * singly  # never 0
    return ChanceEvents(count, place, normals(seed, code, "small events", draws), singly)


def losses(events: Floats, harm: Spread, chance: ChanceEvents) -> Floats:
    """One loss for each expected number of events: Poisson many, each with a severity of its own; (draws,).

    Sorted from the worst down, the events of a compound Poisson sum have tail probabilities that
    are a unit Poisson process divided by their expected number. The `singly` worst (expected) are
    drawn one by one; the rest enter as a normal with the exact mean and variance of their sum.
    At or below `singly` expected events there is no rest. So the work is bounded however many
    events there are, the tail is exact, and fewer expected events never lose more among the worst.
    """
    ends = np.concatenate([[0], np.cumsum(chance.count)])
    parts: list[Floats] = []
    for first in range(0, events.size, BLOCK):
        draws = slice(first, first + BLOCK)
        points = slice(int(ends[first]), int(ends[min(first + BLOCK, events.size)]))
        worst = _worst_events(events[draws], harm, chance.count[draws], chance.place[points])
        parts.append(worst + _rest(events[draws], harm, chance.small[draws], chance.singly))
    return np.concatenate(parts) if parts else np.zeros(0)


def _worst_events(events: Floats, harm: Spread, count: Ints, place: Floats) -> Floats:
    """The sum of the events drawn one by one: each point of the process below the expected number is one."""
    with np.errstate(divide="ignore"):
        above = place / np.repeat(events, count)
    happens = above < 1
    draw = np.repeat(np.arange(events.size), count)[happens]
    severities = at(harm, -normal_quantile(above[happens]))
    return np.bincount(draw, weights=severities, minlength=events.size).astype(np.float64)


def _rest(events: Floats, harm: Spread, deviate: Floats, singly: float) -> Floats:
    """The sum of all smaller events: a normal with the exact mean and variance, never below 0."""
    total = np.zeros_like(events)
    many = np.flatnonzero(events > singly)
    if many.size:
        threshold = -normal_quantile(singly / events[many])
        mean = events[many] * partial_moment(harm, 1, threshold)
        spread = np.sqrt(events[many] * partial_moment(harm, 2, threshold))
        total[many] = np.maximum(mean + spread * deviate[many], 0.0)
    return total


def shared(own: Floats, common: Floats, correlation: float) -> Floats:
    """Deviates correlated through a common factor, each still standard normal: sqrt(r) Z + sqrt(1 - r) e."""
    return np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own


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

"""Weights of criteria from swings or ranks, whether the answers behind them agree, and how far they may move."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from launchpad.errors import ScoringError
from launchpad.scoring.arrays import Floats

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Mean consistency index of random matrices of 0 to 10 criteria (Saaty 1980, The Analytic Hierarchy Process)."""
TOLERATED = 0.1
"""A consistency ratio up to a tenth is taken as consistent (Saaty 1980)."""


class Stability(NamedTuple):
    """The weights between which the first `first` options keep their order, all other weights in proportion."""

    low: Floats
    high: Floats


def from_ranks(ranks: Sequence[int]) -> Floats:
    """Rank-order centroid weights (C,): the middle of all weights that respect the order; 1 is most important.

    w_k = (1/C) sum_{i >= k} 1/i (Barron & Barrett 1996); criteria that share a rank share the mean of their places.
    Raises ScoringError without any rank.
    """
    count = len(ranks)
    if count == 0:
        raise ScoringError(
            "There are no ranks to make weights of.", "Give each criterion a rank, 1 the most important."
        )
    centroid = np.cumsum((1 / np.arange(1, count + 1))[::-1])[::-1] / count
    given = np.asarray(ranks)
    order = np.argsort(given, kind="stable")
    placed = np.empty(count)
    placed[order] = centroid
    for rank in set(ranks):
        same = given == rank
        placed[same] = placed[same].mean()
    return placed


def from_swings(swings: Sequence[float], name: str = "The weight set") -> Floats:
    """Weights (C,) in proportion to the swings from worst to best, the greatest called 100 (von Winterfeldt 1986).

    Raises ScoringError, naming the weight set, when one is negative or not a number, or all are 0.
    """
    given = np.asarray(swings, dtype=np.float64)
    if given.size == 0 or not (np.all(given >= 0) and np.isfinite(given).all()):
        raise ScoringError(
            f"{name} has no swing weights, or one below 0.", "Give the most important swing 100 and the others less."
        )
    if not given.sum() > 0:
        raise ScoringError(
            f"The swing weights of {name[0].lower() + name[1:]} sum to 0, so that nothing counts.",
            "Give the most important swing 100 and the others less.",
        )
    return given / given.sum()


def disagreements(
    names: Sequence[str],
    swings: Sequence[float | None],
    ranks: Sequence[int | None],
    asked: Sequence[tuple[int, float] | None],
    tolerance: float = 1.25,
) -> tuple[str, ...]:
    """Where the answers behind swing weights contradict each other, each a sentence that names both criteria.

    `asked` holds for each criterion another's place and how many times as important it is, asked apart; an answer
    off by more than the factor `tolerance` (assumption) is told. Ranks must fall as swings rise; the best swing is 100.
    """
    found: list[str] = []
    known = [swing for swing in swings if swing is not None]
    if known and max(known) != 100:
        found.append(f"The greatest swing is {max(known):g}; the most important one is called 100.")
    for one, name in enumerate(names):
        for other in range(one + 1, len(names)):
            a, b, ra, rb = swings[one], swings[other], ranks[one], ranks[other]
            if a is None or b is None or ra is None or rb is None or ra == rb:
                continue
            if (a - b) * (rb - ra) < 0:
                found.append(f"{name} is ranked {ra} and {names[other]} {rb}, but their swings are {a:g} and {b:g}.")
        answer, mine = asked[one], swings[one]
        if answer is None or mine is None:
            continue
        place, times = answer
        base = swings[place]
        if base is None or base <= 0 or times <= 0:
            continue
        off = mine / base / times
        if max(off, 1 / off if off > 0 else np.inf) > tolerance:
            found.append(
                f"{name} was said to be {times:g} times as important as {names[place]}; "
                f"their swings say {mine / base:.3g} times."
            )
    return tuple(found)


def from_comparisons(pairwise: Floats) -> tuple[Floats, float]:
    """Weights (C,) from a matrix (C, C) of "how many times as important", and its consistency ratio.

    The principal eigenvector and (lambda_max - C) / (C - 1) / random index (Saaty 1980); 0 for up to two criteria.
    """
    matrix = np.asarray(pairwise, dtype=np.float64)
    count = len(matrix)
    if matrix.shape != (count, count) or not np.all(matrix > 0) or not np.allclose(matrix * matrix.T, 1, atol=1e-6):
        raise ScoringError(
            "The comparisons are not reciprocal: a / b and b / a must multiply to 1.", "Compare each pair once."
        )
    if count >= len(RANDOM_INDEX):
        raise ScoringError(f"{count} criteria are too many to compare in pairs.", "Give swing weights instead.")
    largest, weights = _principal(matrix)
    index = RANDOM_INDEX[count]
    ratio = (largest - count) / (count - 1) / index if index > 0 else 0.0
    return weights / weights.sum(), max(0.0, ratio)


def stability(worths: Floats, weights: Floats, first: int = 3) -> Stability:
    """How far each weight (C,) may move before the order of the `first` best options changes; exact.

    `worths` (A, C). With weight c at t the value of a is t v_ac + (1 - t) s_ac, s the value over the other criteria
    at their present proportions (in equal shares where c holds all weight): straight in t, so that every crossing is
    one division. Two options of equal value hold no weight still, unless they are equal on every criterion.
    """
    values = worths @ weights
    order = np.argsort(-values, kind="stable")
    leaders, count = order[: min(first, order.size)], weights.size
    low, high = np.zeros(count), np.ones(count)
    for criterion in range(count):
        if count == 1:
            continue  # the only criterion always holds all weight
        others = worths @ _without(weights, criterion)
        for place, option in enumerate(leaders):
            below = order[place + 1 :]
            level = others[option] - others[below]
            slope = (worths[option, criterion] - worths[below, criterion]) - level
            moving = slope != 0
            crossing = -level[moving] / slope[moving]
            now = weights[criterion]
            falls = slope[moving] > 0  # the lead grows with the weight: lost when it falls to the crossing
            low[criterion] = max(low[criterion], *np.minimum(crossing[falls], now), 0.0)
            high[criterion] = min(high[criterion], *np.maximum(crossing[~falls], now), 1.0)
    return Stability(low, high)


def _without(weights: Floats, criterion: int) -> Floats:
    """(C,) the weights scaled up to sum to 1 without one of them: in equal shares where that one held everything."""
    others = weights.copy()
    others[criterion] = 0
    if not others.sum() > 0:
        others[:] = 1
        others[criterion] = 0
    return others / others.sum()


def _principal(matrix: Floats) -> tuple[float, Floats]:
    """The largest eigenvalue of a positive matrix and its positive eigenvector (Perron), by power iteration."""
    vector, value = np.full(len(matrix), 1 / len(matrix)), 0.0
    for _ in range(1000):
        after = matrix @ vector
        value, before = float(after.sum()), value
        vector = after / value
        if abs(value - before) <= 1e-14 * value:
            break
    return value, vector

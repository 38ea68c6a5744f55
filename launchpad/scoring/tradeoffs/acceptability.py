"""Stochastic multicriteria acceptability (SMAA-2): how often each option takes each rank, and for whose weights.

Lahdelma & Salminen 2001 (Operations Research 49, 444-454). Scores are compared as packed 32-bit keys: the upper bits
hold the score, the lower bits the option, so that sorting the keys in place sorts the options. Scores are told apart
to about 1e-7 of the range of the worths. Options that are equal throughout share their ranks; scores that happen to be
equal in one draw rank by the options' order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchpad.errors import ScoringError
from launchpad.scoring.arrays import Floats, Ints

Keys = NDArray[np.uint32]
Singles = NDArray[np.float32]
PIECE, BLOCK = 125_000, 1_000_000
"""Keys sorted at a time, half a megabyte, and keys counted at a time."""
MOST_COUNTED = 2000
"""Options up to which every rank is counted; of more only the first ranks, the others together."""
FEW_RANKS = 32


@dataclass(frozen=True, eq=False)
class Acceptability:
    """How often each option takes each rank, and for whom it is the best.

    `ranks` (A, R): share of draws in which option a takes rank r, the best first; the last column gathers all
    beyond. `central` (A, C): the mean of the weights with which a is first, NaN where it never is. `confidence`
    (A,): how often a is first with its central weights, 0 where there are none. `expected_rank` (A,).
    """

    ranks: Floats
    central: Floats
    confidence: Floats
    expected_rank: Floats


def acceptability(worths: Floats, weights: Floats, ranks: int | None = None) -> Acceptability:
    """Rank acceptability, central weights and confidence factors over draws of weights and, if drawn, of worths.

    `worths` (A, C), or (D, A, C) where they are uncertain; `weights` (D, C), none negative, each row summing to 1.
    `ranks` limits the columns kept; of more than 2,000 options 32 are kept without it. Raises ScoringError where
    there is nothing to rank, or a number is not finite.
    """
    _refuse(worths, weights)
    count = worths.shape[-2]
    columns = min(count, ranks or (count if count <= MOST_COUNTED else FEW_RANKS))
    shares, expected, best = _counted(worths, weights, columns)
    central = _central(best, weights, count)
    _share(_equal(worths), shares, central, expected)
    return Acceptability(shares, central, _confidence(worths, central), expected)


def _counted(worths: Floats, weights: Floats, columns: int) -> tuple[Floats, Floats, Ints]:
    """(A, R) shares of ranks, (A,) mean ranks, (D,) the best option of each draw."""
    count, draws = worths.shape[-2], weights.shape[0]
    whole = count <= MOST_COUNTED
    kept = count if whole else columns
    starts: Keys = np.arange(count, dtype=np.uint32)
    starts[kept:] = kept - 1
    starts *= np.uint32(count)
    places, mean = np.arange(1.0, count + 1), np.zeros(count)
    counted, best = np.zeros(kept * count, dtype=np.int64), np.empty(draws, dtype=np.int64)
    room: Ints = np.empty(int(min(draws, max(1, BLOCK // count)) * count), dtype=np.int64)
    sorter = _Sorter(worths, weights)
    for block in _chunks(slice(0, draws), count, BLOCK):
        # By rank, then draw: each rank's counts stay in the nearest cache.
        by_rank = room[: count * (block.stop - block.start)].reshape(count, -1)
        for rows in _chunks(block, count, PIECE):
            order = sorter.order(rows)
            best[rows] = order[:, 0]
            if not whole:
                for one in order:
                    mean[one] += places
            order += starts
            by_rank[:, rows.start - block.start : rows.stop - block.start] = order.T
        counted += np.bincount(by_rank.ravel(), minlength=counted.size)
    shares: Floats = counted.reshape(kept, count).T / draws
    mean = shares @ places if whole else mean / draws
    found = shares[:, :columns].copy()
    found[:, -1] += shares[:, columns:].sum(axis=1)
    return found, mean, best


def pairwise_winning(worths: Floats, weights: Floats) -> Floats:
    """(A, A) share of draws in which the option of the row is worth more than that of the column; ties count half."""
    count, draws = worths.shape[-2], weights.shape[0]
    won = np.zeros((count, count))
    for rows in _chunks(slice(0, draws), count * count, BLOCK):
        scores = _scores(worths, weights, rows)
        won += (scores[:, :, None] > scores[:, None, :]).sum(axis=0)
        won += 0.5 * (scores[:, :, None] == scores[:, None, :]).sum(axis=0)
    return won / draws


def random_weights(
    draws: int, criteria: int, generator: np.random.Generator, importance: Floats | None = None
) -> Floats:
    """(D, C) weights evenly spread over all that sum to 1, or over those that fall as `importance` (C,) falls.

    Criteria of equal importance fall either way; one of importance 0 counts for nothing.
    """
    if importance is None:
        drawn = generator.standard_exponential((draws, criteria))
        return drawn / drawn.sum(axis=1, keepdims=True)
    counting = np.flatnonzero(importance > 0)
    falling = generator.standard_exponential((draws, counting.size))
    falling /= falling.sum(axis=1, keepdims=True)
    falling.sort(axis=1)
    found = np.zeros((draws, criteria))
    found[:, counting[np.argsort(-importance[counting], kind="stable")]] = falling[:, ::-1]
    for level in np.unique(importance[counting]):
        equal = np.flatnonzero(importance == level)
        found[:, equal] = generator.permuted(found[:, equal], axis=1)
    return found


class _Sorter:
    """Sorts the options of some draws, in memory taken once.

    As weights sum to 1, worths are put on the scale of the keys, 0 for the greatest, before they are weighed.
    """

    def __init__(self, worths: Floats, weights: Floats) -> None:
        count = worths.shape[-2]
        self._bits = max(1, (count - 1).bit_length())
        self._options = np.arange(count, dtype=np.uint32)
        self._weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
        self._worths = worths
        self._greatest, span = worths.max(), np.ptp(worths)
        top = (1 << (32 - self._bits)) * (1 - 1e-5)  # below the top by the rounding of a float
        self._scale = top / span if span > 0 else 0.0
        self._falling: Singles | None = None
        if worths.ndim == 2:
            self._falling = np.ascontiguousarray(self._on_scale(worths).T)
        rows = min(len(weights), max(1, PIECE // count))
        self._scores: Singles = np.empty((rows, count), dtype=np.float32)
        self._keys: Keys = np.empty((rows, count), dtype=np.uint32)

    def order(self, rows: slice) -> Keys:
        """(rows, A) the options from best to worst in each of some draws; overwritten by the next call."""
        few = self._weights[rows]
        scores, keys = self._scores[: len(few)], self._keys[: len(few)]
        if self._falling is None:
            np.einsum("dac,dc->da", self._on_scale(self._worths[rows]), few, out=scores)
        else:
            np.matmul(few, self._falling, out=scores)
        keys[...] = scores
        keys <<= np.uint32(self._bits)
        keys |= self._options
        keys.sort(axis=1)
        keys &= np.uint32((1 << self._bits) - 1)
        return keys

    def _on_scale(self, worths: Floats) -> Singles:
        return ((self._greatest - worths) * self._scale).astype(np.float32)


def _scores(worths: Floats, weights: Floats, rows: slice) -> Singles:
    few = weights[rows].astype(np.float32)
    if worths.ndim == 2:
        return few @ np.ascontiguousarray(worths.T, dtype=np.float32)
    return np.einsum("dac,dc->da", worths[rows].astype(np.float32), few)


def _chunks(rows: slice, width: int, size: int) -> Iterator[slice]:
    """The rows in runs of at most `size` numbers, each row of `width`."""
    step = max(1, size // max(1, width))
    return (slice(start, min(start + step, rows.stop)) for start in range(rows.start, rows.stop, step))


def _central(best: Ints, weights: Floats, count: int) -> Floats:
    """(A, C) the mean weights of the draws in which each option is best."""
    firsts = np.bincount(best, minlength=count)
    sums = np.stack([np.bincount(best, weights=column, minlength=count) for column in weights.T], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums / firsts[:, None]


def _confidence(worths: Floats, central: Floats) -> Floats:
    """How often each option is first with its central weights."""
    count = worths.shape[-2]
    found = np.zeros(count)
    told = np.flatnonzero(~np.isnan(central[:, 0]))
    drawn = worths[None] if worths.ndim == 2 else worths
    for rows in _chunks(slice(0, len(drawn)), count * told.size, BLOCK):
        scores = drawn[rows] @ central[told].T
        found[told] += (scores[:, told, np.arange(told.size)] >= scores.max(axis=1)).sum(axis=0)
    return found / len(drawn)


def _equal(worths: Floats) -> list[list[int]]:
    """Groups of two and more options that are equal on every criterion in every draw."""
    drawn = worths[None] if worths.ndim == 2 else worths
    groups: dict[bytes, list[int]] = {}
    for option, row in enumerate(drawn[0] + 0.0):
        groups.setdefault(row.tobytes(), []).append(option)
    found: list[list[int]] = []
    for group in groups.values():
        while len(group) > 1:
            same = [one for one in group if np.array_equal(drawn[:, one], drawn[:, group[0]])]
            group[:] = [one for one in group if one not in same]
            found.append(same)
    return [group for group in found if len(group) > 1]


def _share(groups: list[list[int]], shares: Floats, central: Floats, expected: Floats) -> None:
    """Let options that are equal throughout share what their order gave to one before the other, in place."""
    for group in groups:
        shares[group] = shares[group].mean(axis=0)
        expected[group] = expected[group].mean()
        central[group] = central[group[0]]


def _refuse(worths: Floats, weights: Floats) -> None:
    if 0 in (*worths.shape, *weights.shape):
        raise ScoringError("There is nothing to rank.", "Give at least one option, one criterion and one draw.")
    if not (np.isfinite(worths).all() and np.isfinite(weights).all()):
        raise ScoringError("A worth or a weight is not a number.", "Rank only options whose worth is known.")
    if weights.min() < 0 or np.abs(weights.sum(axis=1) - 1).max() > 1e-6:
        raise ScoringError("A weight is negative, or weights do not sum to 1.", "Divide the weights by their sum.")

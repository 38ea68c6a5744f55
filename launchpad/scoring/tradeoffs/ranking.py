"""Checks of a ranking: who is dominated, whether order is transitive, whether dropping an option changes it."""

import numpy as np

from launchpad.scoring.arrays import Bools, Floats, Ints


def dominated(worths: Floats) -> Bools:
    """(A,) whether another option is at least as good on every criterion and better on one; `worths` (A, C)."""
    found = [((worths >= one).all(axis=1) & (worths > one).any(axis=1)).any() for one in worths]
    return np.array(found, dtype=np.bool_)


def places(values: Floats) -> Ints:
    """(A,) the rank of each option, 1 for the greatest value; equal values share the better rank."""
    return np.array([int((values > value).sum()) + 1 for value in values], dtype=np.int64)


def cycles(winning: Floats, margin: float = 0.0) -> tuple[tuple[int, int, int], ...]:
    """Three options of which each beats the next in more than half of the draws: a majority that has no order.

    `winning` (A, A) as `pairwise_winning` gives it; `margin` is how far above one half counts, so that the noise of
    draws is not taken for a cycle. Each cycle once, its smallest place first.
    """
    beats = winning > 0.5 + margin
    found: list[tuple[int, int, int]] = []
    for a in range(len(beats)):
        for b in np.flatnonzero(beats[a]):
            after = np.flatnonzero(beats[b] & beats[:, a])
            found.extend((a, int(b), int(c)) for c in after if a < min(b, c))
    return tuple(found)


def reversals(worths: Floats, weights: Floats, closeness: bool = False) -> tuple[tuple[int, int], ...]:  # noqa: FBT001, FBT002 - which of two rules
    """Pairs (dropped option, new leader) for which leaving out one other than the best changes who is best.

    Always empty for additive value with fixed anchors; `closeness` ranks by TOPSIS instead, which looks at the other
    options too and may reverse (Wang & Luo 2009), and so is the check that the check can fail.
    """
    rank = topsis if closeness else _additive
    best = int(np.argmax(rank(worths, weights)))
    found: list[tuple[int, int]] = []
    for dropped in range(len(worths)):
        if dropped == best:
            continue
        kept = np.delete(np.arange(len(worths)), dropped)
        leader = int(kept[np.argmax(rank(worths[kept], weights))])
        if leader != best:
            found.append((dropped, leader))
    return tuple(found)


def topsis(amounts: Floats, weights: Floats) -> Floats:
    """(A,) closeness to the best of each criterion against the worst, vector-normalised (Hwang & Yoon 1981).

    `amounts` (A, C), more is better. A second opinion beside additive value, which needs no anchors.
    """
    norms = np.sqrt((amounts**2).sum(axis=0))
    scaled = amounts / np.where(norms > 0, norms, 1) * weights
    to_best = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    total = to_best + to_worst
    return np.where(total > 0, to_worst / np.where(total > 0, total, 1), 0.5)


def _additive(worths: Floats, weights: Floats) -> Floats:
    return worths @ weights

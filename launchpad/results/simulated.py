"""The draws of every scenario, reduced to what the rows show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.scoring.arrays import Floats, Ints, Singles
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import Model
from launchpad.scoring.refusals import Refusals
from launchpad.scoring.reputation import blame
from launchpad.scoring.simulation import Drawn, draw_scenario, print_of, rows_needed
from launchpad.scoring.streams import drawn
from launchpad.scoring.technical import points, probability_above

Progress = Callable[[float, str], None] | None
INTERVAL = (0.05, 0.95)
MOST_RANKED = 4_000_000
"""Scenarios times draws that are put in order for the intervals of ranks."""
_ROWS = 1000


@dataclass(frozen=True)
class Simulated:
    """What is kept of the draws.

    `expected` (S, 2) the 5 and 95 % points of the loss given our ignorance, in the current state;
    `places` (S, 2) those of the place of each scenario that is summed, 0 for the others. `loss`
    {state: (draws,)} of all scenarios that are summed. `story` (S, 2) the points of reputational
    risk today. `exceeds` {(state, place on axis S, limit): chance of passing it and its error}.
    """

    expected: Floats
    places: Ints
    loss: Mapping[str, Floats]
    story: Floats
    exceeds: Mapping[tuple[str, int, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Reduced:
    """One scenario's draws as they are kept: single precision where they are only summed or put in order."""

    expected: Singles
    loss: Mapping[str, Singles]
    interval: tuple[float, float]
    story: tuple[float, float]
    exceeds: Mapping[tuple[str, float], tuple[float, float]]

    @property
    def size(self) -> int:
        """Bytes taken; states that share their draws count once."""
        distinct = {id(each): each.nbytes for each in (self.expected, *self.loss.values())}
        return sum(distinct.values())


def simulate(
    model: Model,
    limits: Mapping[int, Sequence[float]],
    attributions: Sequence[str],
    draws: int,
    seed: int,
    progress: Progress,
    kept: Kept,
) -> Simulated:
    """The reduced draws of a model; `limits` holds those of each place on axis S, of events where catastrophic.

    `attributions` are those of today.
    """
    count = len(model.scenarios)
    deviates = drawn(seed, draws)
    refusals = Refusals(model.side, deviates)
    scored = [int(index) for index in np.flatnonzero(model.scored)]
    keys = {index: (print_of(model, index, refusals), seed, draws, tuple(limits.get(index, ()))) for index in scored}
    anew = [index for index in scored if model.over_refusal[index] and not kept.has(keys[index])]
    refusals.prepare(rows for index in anew for rows in rows_needed(model, index))
    factors = model.impact * blame(attributions, model.coefficients)
    summed = [index for index in scored if model.summed[index]]
    row_of = {index: row for row, index in enumerate(summed)}
    ranked = np.zeros((len(summed), min(draws, max(_ROWS, MOST_RANKED // max(1, len(summed))))), dtype=np.float32)
    loss = {state.name: np.zeros(draws) for state in model.states}
    expected, story = np.zeros((count, 2)), np.zeros((count, 2))
    exceeds: dict[tuple[str, int, float], tuple[float, float]] = {}
    for done, index in enumerate(scored):
        if progress is not None:
            progress(done / len(scored), f"Drawing {model.scenarios[index].code}")

        def work(index: int = index) -> Reduced:
            return _reduced(model, index, draw_scenario(model, index, draws, seed, refusals), limits.get(index, ()))

        found = kept.drawn(keys[index], work, lambda found: found.size)
        expected[index] = found.interval
        story[index] = np.multiply(found.story, factors[index])
        exceeds |= {(name, index, limit): chance for (name, limit), chance in found.exceeds.items()}
        for name, mine in found.loss.items():
            loss[name] += mine
        if model.summed[index]:
            ranked[row_of[index]] = found.expected[: ranked.shape[1]]
    places = np.zeros((count, 2), dtype=np.int64)
    places[summed] = rank_points(ranked)
    return Simulated(expected, places, loss, story, exceeds)


def rank_points(expected: Singles) -> Ints:
    """(S, 2) the 5 and 95 % points of each scenario's place over the draws (S, draws), 1 for the largest loss.

    Equal losses take their places in the order of the scenarios.
    """
    count, draws = expected.shape
    if count == 0:
        return np.zeros((0, 2), dtype=np.int64)
    places = np.zeros((count, draws), dtype=np.uint16 if count < 1 << 16 else np.uint32)
    numbers = np.arange(1, count + 1, dtype=np.int64)
    order = np.arange(count, dtype=np.uint64)
    for first in range(0, draws, _ROWS):
        # Bits of a number that is not negative are in the order of the numbers: the largest first, then the scenario.
        block = np.ascontiguousarray(expected[:, first : first + _ROWS].T) + np.float32(0)
        packed = np.sort((~block.view(np.uint32)).astype(np.uint64) << np.uint64(32) | order, axis=1)
        worst_first = (packed & np.uint64(0xFFFFFFFF)).astype(np.int64)
        place = np.empty(worst_first.shape, dtype=places.dtype)
        np.put_along_axis(place, worst_first, np.broadcast_to(numbers, place.shape), axis=1)
        places[:, first : first + _ROWS] = place.T
    places.sort(axis=1)
    at = [max(0, int(np.ceil(share * draws)) - 1) for share in INTERVAL]
    return places[:, at].astype(np.int64)


def _reduced(model: Model, index: int, found: Mapping[str, Drawn], limits: Sequence[float]) -> Reduced:
    current = found["current"]
    low, high = points(current.expected, INTERVAL)
    first, last = np.log1p(points(current.visible, INTERVAL))
    exceeds: dict[tuple[str, float], tuple[float, float]] = {}
    for name, each in found.items():
        amount = each.events if model.catastrophic[index] else each.loss
        exceeds |= {(name, limit): probability_above(amount, limit) for limit in limits}
    single = {id(each): each.loss.astype(np.float32) for each in found.values()} if model.summed[index] else {}
    return Reduced(
        expected=current.expected.astype(np.float32),
        loss={name: single[id(each)] for name, each in found.items()} if single else {},
        interval=(float(low), float(high)),
        story=(float(first), float(last)),
        exceeds=exceeds,
    )

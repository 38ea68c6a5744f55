"""The draws of every scenario, reduced to what the rows show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.scoring.arrays import Floats, Ints
from launchpad.scoring.model import Model
from launchpad.scoring.reputation import blame, reputational
from launchpad.scoring.simulation import Drawn, draw_scenario
from launchpad.scoring.technical import probability_above

Progress = Callable[[float, str], None] | None
INTERVAL = (0.05, 0.95)


@dataclass(frozen=True)
class Simulated:
    """What is kept of the draws.

    `expected` (S, draws) loss given our ignorance, in the current state. `loss` {state: (draws,)}
    of all scenarios that are summed. `reputation` {state: (S,)} means; `points` (S, 2) its 5 and
    95 % points today. `exceeds` {(state, place on axis S, limit): chance of passing it and its error}.
    """

    expected: Floats
    loss: Mapping[str, Floats]
    reputation: Mapping[str, Floats]
    points: Floats
    exceeds: dict[tuple[str, int, float], tuple[float, float]]


def simulate(
    model: Model,
    limits: Mapping[int, Sequence[float]],
    attributions: Mapping[str, tuple[str, ...]],
    draws: int,
    seed: int,
    progress: Progress,
) -> Simulated:
    """The reduced draws of a model; `limits` holds those of each place on axis S, of events where catastrophic."""
    count, names = len(model.scenarios), [state.name for state in model.states]
    blamed = {name: model.impact * blame(attributions[name], model.coefficients) for name in names}
    found = Simulated(
        expected=np.zeros((count, draws)),
        loss={name: np.zeros(draws) for name in names},
        reputation={name: np.zeros(count) for name in names},
        points=np.zeros((count, 2)),
        exceeds={},
    )
    for index in range(count):
        if progress is not None:
            progress(index / count, f"Drawing {model.scenarios[index].code}")
        if not model.scored[index]:
            continue
        for name, drawn in draw_scenario(model, index, draws, seed).items():
            _keep(model, found, index, name, drawn, limits, float(blamed[name][index]))
    return found


def rank_points(expected: Floats) -> Ints:
    """(S, 2) the 5 and 95 % points of each scenario's place over the draws, 1 for the largest loss."""
    if expected.shape[0] == 0:
        return np.zeros((0, 2), dtype=np.int64)
    order = np.argsort(-expected, axis=0, kind="stable")
    place = np.argsort(order, axis=0, kind="stable") + 1
    return np.quantile(place, INTERVAL, axis=1, method="inverted_cdf").T.astype(np.int64)


def _keep(
    model: Model,
    found: Simulated,
    index: int,
    name: str,
    drawn: Drawn,
    limits: Mapping[int, Sequence[float]],
    impact: float,
) -> None:
    story = reputational(impact, drawn.visible)
    found.reputation[name][index] = story.mean()
    if name == "current":
        found.expected[index] = drawn.expected
        found.points[index] = np.quantile(story, INTERVAL)
    if model.summed[index]:
        found.loss[name][:] += drawn.loss
    amount = drawn.events if model.catastrophic[index] else drawn.loss
    for limit in limits.get(index, ()):
        found.exceeds[name, index, limit] = probability_above(amount, limit)

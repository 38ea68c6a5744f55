"""Technical against reputational risk: where scenarios stand in each state, and how far each mitigation moves them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from launchpad.results.options import apart
from launchpad.results.rows import Results
from launchpad.scoring.arrays import Floats
from launchpad.scoring.mitigations import overlaps
from launchpad.scoring.model import Model, State
from launchpad.scoring.refusals import Refusals
from launchpad.scoring.reputation import blame, reputational
from launchpad.scoring.residual import attributions, reputation_at_means, residual
from launchpad.scoring.simulation import outcomes_in
from launchpad.scoring.streams import drawn

Progress = Callable[[float, str], None] | None
OverlapName = Literal["independent", "beta", "comonotone"]
INTERVAL = (0.05, 0.95)
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Amount:
    """A mean with its 5 and 95 % points over our ignorance; the points are None until drawn."""

    mean: float
    low: float | None = None
    high: float | None = None


Pair = tuple[Amount, Amount]
"""Technical and reputational."""


@dataclass(frozen=True, slots=True)
class Moves:
    """`scenarios` {code: {state: pair}} of what is scored and not catastrophic; `mitigations` {code: pair}.

    A mitigation's pair is what it takes away in the planned state (the current one without a plan) by its best
    variant, or the one that is on: all scenarios without it less with it; negative where it adds.
    """

    scenarios: Mapping[str, Mapping[str, Pair]]
    mitigations: Mapping[str, Pair]


def under(model: Model, overlap: OverlapName) -> Model:
    """The model with one of the three kinds of overlap in place of its beta factors, so that all figures follow."""
    if overlap == "beta":
        return model
    wanted = overlaps(model.coefficients)[overlap]
    factors = replace(model.coefficients, overlap_family=wanted.family, overlap_between=wanted.between)
    return replace(model, coefficients=factors)


def moves(model: Model, results: Results, *, draws: int = 0, progress: Progress = None) -> Moves:
    """Where scenarios stand and what mitigations take away, at means, and with draws their intervals too.

    The draws are those of the results' seed: the same ignorance in every state, without and with each mitigation.
    """
    state = model.planned or model.current
    places = {variant.code: place for place, variant in enumerate(model.variants)}
    chosen = {row.code: places[row.variant] for row in results.mitigations}
    scenarios = _at_means(model)
    blamed = _factors(model, state)
    mitigations = {code: _taken(model, state, place, blamed) for code, place in chosen.items()}
    if not draws:
        return Moves(scenarios, mitigations)
    return _Draws(model, state, chosen, draws, results.seed).intervals(Moves(scenarios, mitigations), progress)


def _factors(model: Model, state: State) -> Floats:
    return blame(attributions(model, state), model.coefficients)


def _at_means(model: Model) -> Mapping[str, Mapping[str, Pair]]:
    left = {state.name: residual(model, state) for state in model.states}
    stories = {
        state.name: reputation_at_means(model, left[state.name], _factors(model, state)) for state in model.states
    }
    return {
        model.scenarios[index].code: {
            name: (Amount(float(left[name].technical[index])), Amount(float(stories[name][index]))) for name in left
        }
        for index in np.flatnonzero(model.summed)
    }


def _taken(model: Model, state: State, place: int, blamed: Floats) -> Pair:
    summed = model.summed
    less, more = (residual(model, one) for one in apart(model, state, place))
    technical = (less.technical - more.technical)[summed].sum()
    stories = reputation_at_means(model, less, blamed) - reputation_at_means(model, more, blamed)
    return Amount(float(technical)), Amount(float(stories[summed].sum()))


class _Draws:
    """One pass over the scenarios: each in every state, and without and with every mitigation that touches it."""

    def __init__(self, model: Model, state: State, chosen: Mapping[str, int], draws: int, seed: int) -> None:
        self.model, self.state = model, state
        self.codes, self.places = tuple(chosen), tuple(chosen.values())
        self.deviates = drawn(seed, draws)
        self.refusals = Refusals(model.side, self.deviates)
        self.pairs = [apart(model, state, place) for place in self.places]
        self.taken = np.zeros((2, len(self.codes), draws))

    def intervals(self, at_means: Moves, progress: Progress) -> Moves:
        """The same means with their 5 and 95 % points."""
        model = self.model
        factors = {state.name: model.impact * _factors(model, state) for state in model.states}
        scenarios: dict[str, Mapping[str, Pair]] = {}
        indexes = np.flatnonzero(model.summed)
        for done, index in enumerate(indexes):
            code = model.scenarios[index].code
            if progress is not None:
                progress(done / len(indexes), f"Drawing {code}")
            scenarios[code] = self._scenario(int(index), at_means.scenarios[code], factors)
        mitigations = {
            code: (_amount(pair[0], self.taken[0, number]), _amount(pair[1], self.taken[1, number]))
            for number, (code, pair) in enumerate(at_means.mitigations.items())
        }
        return Moves(scenarios, mitigations)

    def _scenario(self, index: int, pairs: Mapping[str, Pair], factors: Mapping[str, Floats]) -> dict[str, Pair]:
        model = self.model
        touching = [number for number, place in enumerate(self.places) if _touches(model, index, place)]
        states = [*model.states, *(state for number in touching for state in self.pairs[number])]
        found = outcomes_in(model, index, self.deviates, self.refusals, states)
        own, others = found[: len(model.states)], found[len(model.states) :]
        impact = float(factors[self.state.name][index])
        for order, number in enumerate(touching):
            less, more = others[2 * order : 2 * order + 2]
            self.taken[0, number] += less.expected - more.expected
            self.taken[1, number] += reputational(impact, less.visible) - reputational(impact, more.visible)
        return {
            state.name: (
                _amount(pairs[state.name][0], outcome.expected),
                _amount(pairs[state.name][1], reputational(float(factors[state.name][index]), outcome.visible)),
            )
            for state, outcome in zip(model.states, own, strict=True)
        }


def _touches(model: Model, index: int, place: int) -> bool:
    """Whether any variant of the mitigation of a variant does something to a scenario."""
    mine = model.mitigation == model.mitigation[place]
    acts = bool(mine[model.effects.variant[model.effects.of(index)]].any())
    return acts or bool(model.over_refusal[index] and (model.side.row_behind[mine, index] >= 0).any())


def _amount(mean: Amount, values: Floats) -> Amount:
    low, high = np.quantile(values, INTERVAL)
    return Amount(mean.mean, float(low), float(high))

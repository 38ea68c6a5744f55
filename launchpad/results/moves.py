"""Technical against reputational risk: where scenarios stand in each state, and how far each mitigation moves them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from launchpad.results.one_by_one import Left, one_by_one
from launchpad.results.options import apart, on_in
from launchpad.results.rows import Results
from launchpad.scoring.arrays import Bools, Floats, Singles
from launchpad.scoring.kept import Kept
from launchpad.scoring.mitigations import overlaps
from launchpad.scoring.model import Model, State
from launchpad.scoring.refusals import Refusals, Rows
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions, reputation_at_means, residual
from launchpad.scoring.simulation import outcomes_in, outcomes_refusing, print_of
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
    variant, or the one that is on in that state: all scenarios without it less with it; negative where it adds.
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


def moves(
    model: Model, results: Results, *, draws: int = 0, progress: Progress = None, kept: Kept | None = None
) -> Moves:
    """Where scenarios stand and what mitigations take away, at means, and with draws their intervals too.

    The draws are those of the results' seed: the same ignorance in every state, without and with each mitigation.
    Given what was `kept` of earlier ones only what changed is drawn anew, to the same bits.
    """
    state = model.planned or model.current
    places = {variant.code: place for place, variant in enumerate(model.variants)}
    on = on_in(model, state)
    best = {row.code: places[row.variant] for row in results.mitigations}
    chosen = {code: on.get(int(model.mitigation[place]), place) for code, place in best.items()}
    scenarios = _at_means(model)
    blamed = _factors(model, state)
    pairs = one_by_one(model, state, blamed)
    mitigations = {code: taken(pairs[place]) for code, place in chosen.items()}
    if not draws:
        return Moves(scenarios, mitigations)
    return _Draws(model, state, chosen, draws, results.seed, kept).intervals(Moves(scenarios, mitigations), progress)


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


def taken(pair: tuple[Left, Left]) -> Pair:
    """What a variant takes away at means, from what is left without it and with it."""
    (technical, stories), (technical_with, stories_with) = (side.parts for side in pair)
    return Amount(technical - technical_with), Amount(stories - stories_with)


class _Part(NamedTuple):
    """One scenario: (states, 4) the 5 and 95 % points of technical risk and of its story before impact, and the same
    two without less with each option that touches it, (options, draws) in single precision."""  # noqa: D205, D209

    points: Floats
    technical: Singles
    story: Singles

    @property
    def size(self) -> int:
        """Bytes taken."""
        return self.points.nbytes + self.technical.nbytes + self.story.nbytes


class _Draws:
    """One pass over the scenarios: each in every state, and without and with every mitigation that touches it."""

    def __init__(
        self, model: Model, state: State, chosen: Mapping[str, int], draws: int, seed: int, kept: Kept | None
    ) -> None:
        self.model, self.state, self.seed, self.draws = model, state, seed, draws
        self.codes, self.places = tuple(chosen), tuple(chosen.values())
        self.refusals = Refusals(model.side, drawn(seed, draws))
        self.pairs = [apart(model, state, place) for place in self.places]
        self.acts, self.refuses = _reach(model, self.places)
        self.taken = np.zeros((2, len(self.codes), draws))
        self.kept = kept or Kept(room=0)

    def intervals(self, at_means: Moves, progress: Progress) -> Moves:
        """The same means with their 5 and 95 % points."""
        model = self.model
        factors = {state.name: model.impact * _factors(model, state) for state in model.states}
        scenarios: dict[str, Mapping[str, Pair]] = {}
        indexes = np.flatnonzero(model.summed)
        touching = {int(index): self._touching(int(index)) for index in indexes}
        for sets in self._rows_needed(touching).values():
            self.refusals.prepare(sets)
        for done, index in enumerate(indexes):
            code = model.scenarios[index].code
            if progress is not None:
                progress(done / len(indexes), f"Drawing {code}")
            impacts = {name: float(factor[index]) for name, factor in factors.items()}
            scenarios[code] = self._scenario(int(index), touching[int(index)], at_means.scenarios[code], impacts)
        mitigations = {
            code: (_amount(pair[0], self.taken[0, number]), _amount(pair[1], self.taken[1, number]))
            for number, (code, pair) in enumerate(at_means.mitigations.items())
        }
        return Moves(scenarios, mitigations)

    def _touching(self, index: int) -> list[int]:
        found: list[int] = np.flatnonzero(self.acts[:, index] | self.refuses[:, index]).tolist()
        return found

    def _rows_needed(self, touching: Mapping[int, list[int]]) -> Mapping[bytes, list[Rows]]:
        """The sets of side effects over-refusal scenarios are asked about, by surface, to be worked out together."""
        model = self.model
        found: dict[bytes, list[Rows]] = {}
        for index in (int(place) for place in np.flatnonzero(model.over_refusal & model.summed)):
            states = (*model.states, *(state for number in touching[index] for state in self.pairs[number]))
            sets = found.setdefault(model.side.row_behind[:, index].tobytes(), [])
            sets += [self.refusals.rows_on(index, on) for on in (model.on[index], *(one.active for one in states))]
        return found

    def _scenario(
        self, index: int, touching: list[int], pairs: Mapping[str, Pair], impacts: Mapping[str, float]
    ) -> dict[str, Pair]:
        part = self._part(index, touching)
        self.taken[0, touching] += part.technical
        self.taken[1, touching] += impacts[self.state.name] * part.story
        found: dict[str, Pair] = {}
        for state, (low, high, least, most) in zip(self.model.states, part.points.tolist(), strict=True):
            technical, story = pairs[state.name]
            impact = impacts[state.name]
            found[state.name] = (
                Amount(technical.mean, low, high),
                Amount(story.mean, impact * least, impact * most),
            )
        return found

    def _part(self, index: int, touching: list[int]) -> _Part:
        """What one scenario adds; kept unless it rests on what every mitigation refuses."""
        if self.model.over_refusal[index]:
            return self._refused(index, touching)
        states = [*self.model.states, *(state for number in touching for state in self.pairs[number])]
        here = self.model.effects.of(index)
        acting = [state.active[self.model.effects.variant[here]].tobytes() for state in states]
        credit = self.model.credit(self.state.verified)[here].tobytes()
        key = ("moves", print_of(self.model, index, self.refusals), credit, *acting, self.seed, self.draws)
        return self.kept.drawn(key, lambda: self._acted(index, touching), lambda part: part.size)

    def _acted(self, index: int, touching: list[int]) -> _Part:
        """One scenario by the effects on it."""
        model = self.model
        states = [*model.states, *(state for number in touching for state in self.pairs[number])]
        found = outcomes_in(model, index, self.refusals.deviates, self.refusals, states)
        own, others = found[: len(model.states)], found[len(model.states) :]
        points = [(*_ends(one.expected), *_ends(np.log1p(one.visible))) for one in own]
        part = _nothing(points, len(touching), self.draws)
        for place, (less, more) in enumerate(zip(others[::2], others[1::2], strict=True)):
            if less is not more:
                part.technical[place] = less.expected - more.expected
                part.story[place] = np.log1p(less.visible) - np.log1p(more.visible)
        return part

    def _refused(self, index: int, touching: list[int]) -> _Part:
        """One scenario of over-refusal: what only refuses there is worked out for all mitigations together."""
        acts = self.acts[touching, index]
        part = self._acted(index, [number for number in touching if self.acts[number, index]])
        whole = _nothing(part.points, len(touching), self.draws)
        whole.technical[acts], whole.story[acts] = part.technical, part.story
        quiet = [number for number in touching if not self.acts[number, index]]
        if quiet:
            sets = [self.refusals.rows_on(index, state.active) for number in quiet for state in self.pairs[number]]
            distinct = {rows: place for place, rows in enumerate(dict.fromkeys(sets))}
            each = outcomes_refusing(self.model, index, self.refusals, self.state, list(distinct))
            place = np.array([distinct[rows] for rows in sets])
            for taken, amounts in ((whole.technical, each.expected), (whole.story, np.log1p(each.visible))):
                taken[~acts] = amounts[place[::2]] - amounts[place[1::2]]
        return whole


def _nothing(points: Sequence[Sequence[float]] | Floats, options: int, draws: int) -> _Part:
    shape = (options, draws)
    return _Part(np.array(points), np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32))


def _ends(values: Floats) -> tuple[float, float]:
    low, high = np.quantile(values, INTERVAL)
    return float(low), float(high)


def _reach(model: Model, places: Sequence[int]) -> tuple[Bools, Bools]:
    """(options, scenarios) where any variant of an option's mitigation has an effect, and where one refuses."""
    acts = np.zeros((len(places), len(model.scenarios)), dtype=np.bool_)
    refuses = np.zeros_like(acts)
    for number, place in enumerate(places):
        mine = model.mitigation == model.mitigation[place]
        acts[number, model.effects.scenario[mine[model.effects.variant]]] = True
        refuses[number] = model.over_refusal & (model.side.row_behind[mine] >= 0).any(axis=0)
    return acts, refuses


def _amount(mean: Amount, values: Floats) -> Amount:
    return Amount(mean.mean, *_ends(values))

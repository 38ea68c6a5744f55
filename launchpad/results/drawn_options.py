"""What each option does to risk draw by draw: the same ignorance without and with it, so that the difference counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from launchpad.results.options import Judged, Options, worths_of
from launchpad.scoring.arrays import Floats, Ints, Singles
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import Model, State
from launchpad.scoring.refusals import Refusals, Rows
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions
from launchpad.scoring.simulation import losses_of, outcomes_in, outcomes_refusing, print_of
from launchpad.scoring.streams import drawn
from launchpad.scoring.technical import tail
from launchpad.scoring.tradeoffs import worth

Progress = Callable[[float, str], None] | None
DRAWN = frozenset({"technical", "reputational"})
"""Measures that vary with what we do not know."""


class Drawing(NamedTuple):
    """How many draws by which seed, who is told of progress, and what was kept of earlier ones."""

    draws: int
    seed: int
    progress: Progress = None
    kept: Kept | None = None


@dataclass(frozen=True, eq=False)
class _Side:
    """Loss given our ignorance, stories, and where wanted the loss that happens, (A, draws), without or with each."""

    technical: Floats
    reputational: Floats
    loss: Floats | None


@dataclass(frozen=True, slots=True)
class _Scenario:
    """One scenario in one state, (draws,): what it adds to each sum, the story before impact and attribution.

    In single precision where it is kept, so that it is the same kept or not.
    """

    technical: Floats | Singles
    story: Floats | Singles
    loss: Floats | Singles | None

    @property
    def single(self) -> "_Scenario":
        """The same in single precision."""
        loss = None if self.loss is None else self.loss.astype(np.float32)
        return _Scenario(self.technical.astype(np.float32), self.story.astype(np.float32), loss)

    @property
    def size(self) -> int:
        """Bytes taken."""
        return sum(each.nbytes for each in (self.technical, self.story, self.loss) if each is not None)


def drawn_gains(
    model: Model, criteria: Judged, options: Options, state: State, drawing: Drawing
) -> tuple[Options, Floats]:
    """The options with what only draws can tell, and (draws, A, C) what each adds in worth in each draw.

    Technical and reputational risk vary with what we do not know; side effects and effort are taken at their means.
    The worst 5 % of losses are a figure of all draws together: the same in each, and now in `options.amounts`. An
    option that does nothing gains exactly 0 in every draw. Given what was `kept` only the scenarios that changed are
    drawn anew, to the same bits.
    """
    tails = any(row.measure == "cvar95" for row in criteria.rows)
    sides = _drawn(model, options, state, drawing, tails=tails)
    amounts = options.amounts.copy()
    gains = np.empty((drawing.draws, *options.gains.shape))
    for place, row in enumerate(criteria.rows):
        function = criteria.functions[place]
        if row.measure == "cvar95":
            amounts[:, :, place] = np.transpose([_tails(side) for side in sides])
        if row.measure in DRAWN:
            less, more = (worth.worth(function, getattr(side, row.measure)) for side in sides)
            gains[..., place] = (more - less).T
        else:
            less, more = worth.worth(function, amounts[:, :, place]).T
            gains[..., place] = more - less
    return replace(options, amounts=amounts, worths=worths_of(criteria, amounts)), gains


def _tails(side: _Side) -> list[float]:
    """The worst 5 % of losses of each option."""
    return [] if side.loss is None else [tail(loss).cvar95 for loss in side.loss]


def _drawn(model: Model, options: Options, state: State, drawing: Drawing, *, tails: bool) -> tuple[_Side, _Side]:
    """Without and with each option, summed over scenarios: those of the state, and what an option changes of them.

    An option that is on in the state changes the side without it, any other the side with it.
    """
    count, draws = len(options.codes), drawing.draws
    sides = _side(count, draws, tails=tails), _side(count, draws, tails=tails)
    base = _side(1, draws, tails=tails)
    impact = model.impact * blame(attributions(model, state), model.coefficients)
    refusals = Refusals(model.side, drawn(drawing.seed, draws))
    touching = _touching(model, options, state, refusals)
    for sets in _rows_needed(model, state, touching, refusals).values():
        refusals.prepare(sets)
    indexes = [int(index) for index in np.flatnonzero(model.summed)]
    for done, index in enumerate(indexes):
        if drawing.progress is not None:
            drawing.progress(done / len(indexes), f"Drawing {model.scenarios[index].code}")
        touched = touching.get(index, _Touching())
        now, *others = _acted_on(model, index, refusals, [state, *touched.states], drawing, tails=tails)
        _add(base, slice(0, 1), now, None, float(impact[index]))
        for number, part in zip(touched.acting, others, strict=True):
            side = sides[0 if state.active[options.variants[number]] else 1]
            _add(side, slice(number, number + 1), part, now, float(impact[index]))
        if touched.refusing:
            each = outcomes_refusing(model, index, refusals, state, touched.sets)
            on = state.active[[options.variants[number] for number in touched.refusing]]
            for side, here in zip(sides, (on, ~on), strict=True):
                loss = each.expected[here]
                part = _Scenario(loss, np.log1p(each.visible[here]), loss if tails else None)
                before = _Scenario(now.technical, now.story, now.technical)
                _add(side, np.array(touched.refusing)[here], part, before, float(impact[index]))
    for side in sides:
        _add(side, slice(None), _Scenario(base.technical, base.reputational, base.loss), None, 1.0)
    return sides


def _acted_on(
    model: Model, index: int, refusals: Refusals, states: Sequence[State], drawing: Drawing, *, tails: bool
) -> list[_Scenario]:
    """One scenario in each of some states; those that share an outcome share it."""
    if model.over_refusal[index]:
        return _parts(model, index, refusals, states, drawing.seed, single=False, tails=tails)

    def work() -> list[_Scenario]:
        return _parts(model, index, refusals, states, drawing.seed, single=True, tails=tails)

    here = model.effects.of(index)
    acting = [state.active[model.effects.variant[here]].tobytes() for state in states]
    credit = model.credit(states[0].verified)[here].tobytes()
    key = ("options", print_of(model, index, refusals), credit, *acting, drawing.seed, drawing.draws, tails)
    return (drawing.kept or Kept(room=0)).drawn(
        key, work, lambda found: sum(one.size for one in {id(each): each for each in found}.values())
    )


def _parts(
    model: Model, index: int, refusals: Refusals, states: Sequence[State], seed: int, *, single: bool, tails: bool
) -> list[_Scenario]:
    found = outcomes_in(model, index, refusals.deviates, refusals, states)
    lost = losses_of(model, index, found, seed) if tails else [None] * len(found)
    known: dict[int, _Scenario] = {}
    for outcome, loss in zip(found, lost, strict=True):
        if id(outcome) not in known:
            whole = _Scenario(outcome.expected, np.log1p(outcome.visible), loss)
            known[id(outcome)] = whole.single if single else whole
    return [known[id(outcome)] for outcome in found]


def _add(side: _Side, numbers: slice | Ints, part: _Scenario, less: _Scenario | None, impact: float) -> None:
    """Take in one scenario for some options, or what it has beyond another state of it."""
    if part is less:
        return
    side.technical[numbers] += part.technical if less is None else part.technical - less.technical
    side.reputational[numbers] += impact * (part.story if less is None else part.story - less.story)
    if side.loss is not None and part.loss is not None:
        side.loss[numbers] += part.loss if less is None or less.loss is None else part.loss - less.loss


def _side(count: int, draws: int, *, tails: bool) -> _Side:
    shape = (count, draws)
    return _Side(np.zeros(shape), np.zeros(shape), np.zeros(shape) if tails else None)


@dataclass(frozen=True)
class _Touching:
    """The options that do something to one scenario, and how things stand there with each switched the other way.

    `acting` by an effect, with the `states`; `refusing` only by turning benign requests away, with the `sets` of side
    effects. Of the latter the chance in losses is taken as in the state: only the expected loss moves.
    """

    acting: list[int] = field(default_factory=list[int])
    states: list[State] = field(default_factory=list[State])
    refusing: list[int] = field(default_factory=list[int])
    sets: list[Rows] = field(default_factory=list[Rows])


def _touching(model: Model, options: Options, state: State, refusals: Refusals) -> Mapping[int, _Touching]:
    """By place on axis S; a scenario that nothing touches has none."""
    found: dict[int, _Touching] = {}
    for number, place in enumerate(options.variants):
        active = state.active.copy()
        active[place] = not active[place]
        other = State(state.name, active, state.verified)
        acts = set(model.effects.scenario[model.effects.variant == place].tolist())
        for index in acts:
            one = found.setdefault(index, _Touching())
            one.acting.append(number)
            one.states.append(other)
        for index in np.flatnonzero(model.over_refusal & (model.side.turned_away[place] > 0)).tolist():
            if index not in acts:
                one = found.setdefault(index, _Touching())
                one.refusing.append(number)
                one.sets.append(refusals.rows_on(index, active))
    return found


def _rows_needed(
    model: Model, state: State, touching: Mapping[int, _Touching], refusals: Refusals
) -> Mapping[bytes, list[Rows]]:
    """The sets of side effects over-refusal scenarios are asked about, by surface, to be worked out together."""
    found: dict[bytes, list[Rows]] = {}
    for index in (int(place) for place in np.flatnonzero(model.over_refusal & model.summed)):
        touched = touching.get(index, _Touching())
        states = (model.on[index], state.active, *(one.active for one in touched.states))
        sets = found.setdefault(model.side.row_behind[:, index].tobytes(), [])
        sets += [refusals.rows_on(index, on) for on in states]
        sets += touched.sets
    return found

"""What one scenario's uncertain numbers come to in every state, draw by draw or at evenly spread points."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.scoring import estimates, propensity
from launchpad.scoring.arrays import Bools, Floats
from launchpad.scoring.estimates import Spread, at
from launchpad.scoring.mitigations import (
    DETECTION,
    EXPOSURE,
    PROPENSITY,
    PUBLICITY,
    SEVERITY,
    STAGE_ORDER,
    campaign_efficacy,
    misses,
    operational_efficacy,
    overlaps,
    relative,
    violation_rate,
)
from launchpad.scoring.model import Model, State
from launchpad.scoring.refusals import Refusals, Rows, rows_on
from launchpad.scoring.streams import Deviates, drawn
from launchpad.scoring.technical import chance_events, losses, shared


@dataclass(frozen=True)
class Outcome:
    """One scenario in one state over all points (points,).

    Given our ignorance: expected events and loss, nu, and `told`, the same for one opportunity
    that is sure to become public; `severity` is what is left of each loss.
    """

    events: Floats
    expected: Floats
    visible: Floats
    told: Floats
    severity: Floats


@dataclass(frozen=True)
class Drawn(Outcome):
    """The same with the loss that happens by chance, (draws,)."""

    loss: Floats


@dataclass(frozen=True)
class _Ignorance:
    """What one scenario's uncertain numbers are at each point; `efficacy` is (effects, points)."""

    chances: Floats
    theta: Floats
    harmful: Floats
    visible: Floats
    efficacy: Floats


def outcomes(model: Model, index: int, deviates: Deviates, refusals: Refusals) -> dict[str, Outcome]:
    """The scenario at a place on axis S in each state of the model, at the beta overlap."""
    found = outcomes_in(model, index, deviates, refusals, model.states)
    return {state.name: outcome for state, outcome in zip(model.states, found, strict=True)}


def outcomes_in(
    model: Model, index: int, deviates: Deviates, refusals: Refusals, states: Sequence[State]
) -> list[Outcome]:
    """The scenario at a place on axis S in each of some states; states in which the same acts on it share one."""
    known, in_evidence = _known(model, index, deviates)
    found: dict[bytes, Outcome] = {}
    keys = [_acting(model, index, state) for state in states]
    for key, state in zip(keys, states, strict=True):
        if key not in found:
            kept = _kept(model, index, rows_on(model.side.row_behind[:, index], state.active), refusals)
            found[key] = _outcome(model, index, state, known, in_evidence, kept)
    return [found[key] for key in keys]


def outcomes_refusing(model: Model, index: int, refusals: Refusals, state: State, sets: Sequence[Rows]) -> Outcome:
    """An over-refusal scenario in a state in which each of some sets of side effects refuses instead: (sets, points).

    What acts on the scenario by effects stays as in the state, and so does `severity`, which is (points,).
    """
    known, in_evidence = _known(model, index, refusals.deviates)
    kept = relative(refusals.left_of(sets), refusals.left(refusals.rows_on(index, model.on[index])))
    return _outcome(model, index, state, known, in_evidence, kept)


def draw_scenario(
    model: Model, index: int, draws: int, seed: int, refusals: Refusals | None = None
) -> dict[str, Drawn]:
    """The draws of the scenario at a place on axis S, for each state of the model, at the beta overlap."""
    deviates = drawn(seed, draws)
    found = outcomes_in(model, index, deviates, refusals or Refusals(model.side, deviates), model.states)
    whole: dict[int, Drawn] = {}
    for each, loss in zip(found, losses_of(model, index, found, seed), strict=True):
        if id(each) not in whole:
            whole[id(each)] = Drawn(**vars(each), loss=loss)
    return {state.name: whole[id(each)] for state, each in zip(model.states, found, strict=True)}


def losses_of(model: Model, index: int, found: Sequence[Outcome], seed: int) -> list[Floats]:
    """The losses that happen by chance in outcomes of one scenario, (draws,) each; shared where the outcome is."""
    distinct = list({id(each): each for each in found}.values())
    events = np.stack([each.events for each in distinct])
    chance = chance_events(seed, model.risks[index].address, events.shape[1], model.coefficients.tail_events)
    lost = losses(events, model.risks[index].harm, chance)
    by_outcome = {id(each): mine * each.severity for each, mine in zip(distinct, lost, strict=True)}
    return [by_outcome[id(each)] for each in found]


def print_of(model: Model, index: int, refusals: Refusals) -> bytes:
    """What all outcomes of the scenario at a place on axis S depend on, as one hash; seed and draws apart."""
    here, effects, weights = model.effects.of(index), model.effects, model.coefficients
    families = [effects.families[int(family)] for family in effects.family[here]]
    numbers = (families, weights.overlap_family, weights.overlap_between, weights.shared_factor, weights.tail_events)
    parts = [
        model.risks[index].print,
        *effects.prints[here],
        *(array[here].tobytes() for array in (effects.stage, effects.tries, effects.seen)),
        repr(numbers).encode(),
        model.credit(model.current.verified)[here].tobytes(),
        *(state.name.encode() + _acting(model, index, state) for state in model.states),
    ]
    if model.over_refusal[index]:
        parts += [refusals.print_of(rows) for rows in rows_needed(model, index)]
    return hashlib.sha256(b"\n".join(parts)).digest()


def rows_needed(model: Model, index: int) -> list[Rows]:
    """The sets of side effects whose false refusals the scenario at a place on axis S depends on."""
    behind = model.side.row_behind[:, index]
    return [rows_on(behind, on) for on in (model.on[index], *(state.active for state in model.states))]


def _acting(model: Model, index: int, state: State) -> bytes:
    """What acts on a scenario in a state, and with how much credit."""
    here = model.effects.of(index)
    on = state.active[model.effects.variant[here]]
    refusing = rows_on(model.side.row_behind[:, index], state.active) if model.over_refusal[index] else ()
    return on.tobytes() + (model.credit(state.verified)[here] * on).tobytes() + repr(refusing).encode()


def _known(model: Model, index: int, deviates: Deviates) -> tuple[_Ignorance, Floats]:
    """What the scenario's numbers are at each point, and what got past the safeguards of its evidence there."""
    known = _ignorance(model, index, deviates)
    seen = _left(model, index, known, model.effects.seen[model.effects.of(index)], model.current)
    return known, seen[PROPENSITY] * seen[DETECTION]


def _outcome(
    model: Model, index: int, state: State, known: _Ignorance, in_evidence: Floats, kept: Floats | float
) -> Outcome:
    acting = state.active[model.effects.variant[model.effects.of(index)]]
    left = _left(model, index, known, acting, state)
    share = relative(left[PROPENSITY] * left[DETECTION], in_evidence)
    rate = violation_rate(known.theta, share, kept)
    violations = known.chances * left[EXPOSURE] * rate
    events = violations * known.harmful
    return Outcome(
        events=events,
        expected=events * model.harm[index] * left[SEVERITY],
        visible=violations * known.visible * left[PUBLICITY],
        told=left[EXPOSURE] * rate * left[PUBLICITY],
        severity=left[SEVERITY],
    )


def _ignorance(model: Model, index: int, deviates: Deviates) -> _Ignorance:
    risk, points = model.risks[index], deviates.count

    def value(spread: Spread | None, code: str, parameter: str) -> Floats:
        if spread is None:
            return np.zeros(points)
        if spread.constant or parameter in deviates.at_mean:
            return np.full(points, estimates.mean(spread))
        return at(spread, deviates.of(code, parameter))

    code = risk.address
    own = deviates.of(code, "propensity")
    if risk.capability is not None and deviates.joint:
        common = deviates.of(f"capability {risk.capability}", "shared factor")
        own = shared(own, common, model.coefficients.shared_factor)
    gap = own if risk.propensity.gap is None else deviates.of(code, "elicitation gap")
    theta = propensity.draw(risk.propensity, own, gap)
    realised = value(risk.realised, code, "becomes harm")
    effects = model.effects
    here = effects.of(index)
    efficacy = np.zeros((here.stop - here.start, points))
    for row, effect in enumerate(range(here.start, here.stop)):
        single = operational_efficacy(
            value(effects.coverage[effect], effects.addresses[effect], "coverage"),
            value(effects.intended[effect], effects.addresses[effect], "efficacy"),
            effects.rows[effect].degraded,
            float(effects.reliable[effect]),
        )
        efficacy[row] = campaign_efficacy(single, theta, int(effects.tries[effect]))
    return _Ignorance(
        chances=value(risk.opportunities, code, "opportunities") * (risk.days * risk.rollout),
        theta=theta,
        harmful=realised * value(risk.net_new, code, "net new"),
        visible=value(risk.visible, code, "becomes public"),
        efficacy=efficacy,
    )


def _left(model: Model, index: int, known: _Ignorance, acting: Bools, state: State) -> Floats:
    """(stages, points) what gets through each stage past the effects that act."""
    here, effects = model.effects.of(index), model.effects
    credit = model.credit(state.verified)[here][acting]
    return misses(
        known.efficacy[acting] * credit[:, None],
        effects.stage[here][acting],
        effects.family[here][acting],
        len(STAGE_ORDER),
        overlaps(model.coefficients)["beta"],
    )


def _kept(model: Model, index: int, today: Rows, refusals: Refusals) -> Floats | float:
    """The share of benign requests that side effects leave alone, relative to when the evidence was taken."""
    if not model.over_refusal[index]:
        return 1.0
    then = rows_on(model.side.row_behind[:, index], model.on[index])
    return 1.0 if today == then else relative(refusals.left(today), refusals.left(then))

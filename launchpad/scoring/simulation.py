"""Draws of a launch: our ignorance once per draw, events and severities by chance, for every state alike."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from launchpad.scoring import propensity
from launchpad.scoring.arrays import Bools, Floats, Ints
from launchpad.scoring.estimates import at
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
from launchpad.scoring.streams import normals
from launchpad.scoring.technical import ChanceEvents, chance_events, losses, shared

Progress = Callable[[float, str], None] | None


@dataclass(frozen=True)
class Drawn:
    """One scenario in one state over all draws, (draws,): expected events and loss, loss that happens, nu."""

    events: Floats
    expected: Floats
    loss: Floats
    visible: Floats


@dataclass(frozen=True)
class _Ignorance:
    """What one scenario's uncertain numbers are in each draw; `efficacy` is (effects, draws)."""

    chances: Floats
    theta: Floats
    harmful: Floats
    visible: Floats
    efficacy: Floats
    refused: Floats
    effects: Ints
    refusing: Ints


def draw_scenario(model: Model, index: int, draws: int, seed: int) -> dict[str, Drawn]:
    """The draws of the scenario at a place on axis S, for each state of the model, at the beta overlap."""
    known = _ignorance(model, index, draws, seed)
    chance = chance_events(seed, model.risks[index].address, draws, model.coefficients.tail_events)
    seen = _left(model, known, model.effects.seen[known.effects], model.current)
    in_evidence = seen[PROPENSITY] * seen[DETECTION]
    return {state.name: _state(model, index, state, known, chance, in_evidence) for state in model.states}


def _state(
    model: Model, index: int, state: State, known: _Ignorance, chance: ChanceEvents, in_evidence: Floats
) -> Drawn:
    left = _left(model, known, state.active[model.effects.variant[known.effects]], state)
    share = relative(left[PROPENSITY] * left[DETECTION], in_evidence)
    rate = violation_rate(known.theta, share, _kept(model, index, state.active, known))
    violations = known.chances * left[EXPOSURE] * rate
    events = violations * known.harmful
    harm = model.risks[index].harm
    return Drawn(
        events=events,
        expected=events * model.harm[index] * left[SEVERITY],
        loss=losses(events, harm, chance) * left[SEVERITY],
        visible=violations * known.visible * left[PUBLICITY],
    )


def _ignorance(model: Model, index: int, draws: int, seed: int) -> _Ignorance:
    risk, code = model.risks[index], model.risks[index].address
    own = normals(seed, code, "propensity", draws)
    if risk.capability is not None:
        common = normals(seed, f"capability {risk.capability}", "shared factor", draws)
        own = shared(own, common, model.coefficients.shared_factor)
    gap = normals(seed, code, "elicitation gap", draws)
    chances, visible = np.zeros(draws), np.zeros(draws)
    if risk.opportunities is not None:
        per_day = at(risk.opportunities, normals(seed, code, "opportunities", draws))
        chances = per_day * (risk.days * risk.rollout)
    if risk.visible is not None:
        visible = at(risk.visible, normals(seed, code, "becomes public", draws))
    realised = at(risk.realised, normals(seed, code, "becomes harm", draws))
    effects = np.flatnonzero(model.effects.scenario == index)
    rows = model.side.row_behind[:, index]
    refusing = np.flatnonzero(rows >= 0)
    theta = propensity.draw(risk.propensity, own, gap)
    return _Ignorance(
        chances=chances,
        theta=theta,
        harmful=realised * at(risk.net_new, normals(seed, code, "net new", draws)),
        visible=visible,
        efficacy=_stack([_efficacy(model, int(effect), theta, draws, seed) for effect in effects], draws),
        refused=_stack([_refused(model, int(rows[variant]), draws, seed) for variant in refusing], draws),
        effects=effects,
        refusing=refusing,
    )


def _efficacy(model: Model, effect: int, theta: Floats, draws: int, seed: int) -> Floats:
    effects, code = model.effects, model.effects.addresses[effect]
    efficacy = operational_efficacy(
        at(effects.coverage[effect], normals(seed, code, "coverage", draws)),
        at(effects.intended[effect], normals(seed, code, "efficacy", draws)),
        effects.rows[effect].degraded,
        float(effects.reliable[effect]),
    )
    return campaign_efficacy(efficacy, theta, int(effects.tries[effect]))


def _refused(model: Model, row: int, draws: int, seed: int) -> Floats:
    spread = model.side.spreads[row]
    if spread is None:
        return np.zeros(draws)
    return at(spread, normals(seed, model.side.addresses[row], "false refusal", draws))


def _left(model: Model, known: _Ignorance, acting: Bools, state: State) -> Floats:
    """(stages, draws) what gets through each stage past the effects that act."""
    effects = known.effects[acting]
    credit = model.credit(state.verified)[effects]
    return misses(
        known.efficacy[acting] * credit[:, None],
        model.effects.stage[effects],
        model.effects.family[effects],
        len(STAGE_ORDER),
        overlaps(model.coefficients)["beta"],
    )


def _kept(model: Model, index: int, active: Bools, known: _Ignorance) -> Floats | float:
    """The share of benign requests left alone, relative to when the evidence was taken."""
    if known.refusing.size == 0:
        return 1.0
    today = np.prod(1 - known.refused[active[known.refusing]], axis=0)
    return relative(today, np.prod(1 - known.refused[model.on[index, known.refusing]], axis=0))


def _stack(rows: list[Floats], draws: int) -> Floats:
    return np.stack(rows) if rows else np.zeros((0, draws))

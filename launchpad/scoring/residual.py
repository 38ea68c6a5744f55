"""What a state of the launch leaves over, at the means of all inputs: events, losses, visible violations."""

from dataclasses import dataclass

import numpy as np

from launchpad.scoring.arrays import Bools, Floats
from launchpad.scoring.mitigations import (
    DETECTION,
    EXPOSURE,
    PROPENSITY,
    PUBLICITY,
    SEVERITY,
    STAGE_ORDER,
    Overlap,
    misses,
    overlaps,
    relative,
    violation_rate,
)
from launchpad.scoring.model import Model, State
from launchpad.scoring.reputation import attribution, cut, reputational


@dataclass(frozen=True)
class Residual:
    """What a state leaves over for each scenario, at means; all (S,).

    `chances` N M_exposure, `rate` the chance of a violating output (propensity and detection
    applied), `own` the same without what safeguards turn away, `events` Lambda, `technical`
    Lambda E[X], `visible` nu. Catastrophic scenarios are in the arrays; whoever sums leaves them
    out (`Model.summed`).
    """

    chances: Floats
    rate: Floats
    own: Floats
    events: Floats
    technical: Floats
    visible: Floats


def residual(model: Model, state: State, overlap: Overlap | None = None) -> Residual:
    """What a state leaves over; without an overlap at the beta factors of the project."""
    overlap = overlap or overlaps(model.coefficients)["beta"]
    left = stage_misses(model, state.active, state.verified, overlap)
    seen = evidence_misses(model, overlap)
    share = relative(left[:, PROPENSITY] * left[:, DETECTION], seen)
    rate = violation_rate(model.theta, share, kept(model, state.active))
    chances = model.opportunities * left[:, EXPOSURE]
    events = chances * rate * model.realised * model.net_new
    return Residual(
        chances=chances,
        rate=rate,
        own=violation_rate(model.theta, share),
        events=events,
        technical=events * model.harm * left[:, SEVERITY],
        visible=chances * rate * model.visible * left[:, PUBLICITY],
    )


def reputation_at_means(model: Model, left: Residual, blamed: Floats) -> Floats:
    """(S,) Impact ln(1 + nu) at means, given the factor of attribution of each scenario."""
    return reputational(model.impact * blamed, left.visible)


def attributions(model: Model, state: State) -> tuple[str, ...]:
    """Who would be blamed in each scenario in a state, by the share of inherent events it cuts.

    Of a plan only what finishes by the freeze counts.
    """
    counting = model.by_freeze if state is model.planned and model.by_freeze is not None else state
    before, after = residual(model, model.inherent).events, residual(model, counting).events
    return attribution(model.risks, cut(before, after), model.coefficients)


def objective_of(weights: tuple[float, float], parts: tuple[float, float], today: tuple[float, float]) -> float:
    """Weighted (technical, reputational) residual as a share of today's; a term that is 0 today is left out."""
    terms = zip(weights, parts, today, strict=True)
    return sum(weight * part / now for weight, part, now in terms if now > 0)


def base_refusal(model: Model, state: State) -> Floats:
    """(F,) the share of a surface's requests that the model itself turns away, safeguards apart.

    The over-refusal scenarios by their share of its traffic; 0 where the traffic is unknown. A
    scenario on all surfaces is spread over all traffic.
    """
    left = residual(model, state)
    in_evidence = np.prod(np.where(model.on, 1 - model.side.turned_away.T, 1.0), axis=1)
    own = np.clip(1 - relative(1 - left.own, in_evidence), 0.0, 1.0)
    base = np.zeros(len(model.side.surfaces))
    everywhere = float(model.side.requests.sum())
    for index in np.flatnonzero(model.over_refusal & model.scored):
        risk = model.risks[index]
        refused = own[index] * model.opportunities[index] / max(risk.days, 1)
        for column, surface in enumerate(model.side.surfaces):
            here = risk.scenario.surface
            traffic = everywhere if here is None else model.side.requests[column]
            if (here is None or (surface is not None and surface.id == here)) and traffic > 0:
                base[column] += refused / traffic
    return np.minimum(base, 1.0)


def stage_misses(model: Model, active: Bools, verified: Bools, overlap: Overlap) -> Floats:
    """(S, stages) what the variants that are on let through at each stage of each scenario."""
    effects = model.effects
    acting = active[effects.variant]
    return _misses(model, acting, effects.efficacy * model.credit(verified), overlap)


def evidence_misses(model: Model, overlap: Overlap) -> Floats:
    """(S,) what got past the safeguards that were on when the evidence was taken, propensity x detection."""
    credited = model.effects.efficacy * model.credit(model.current.verified)
    left = _misses(model, model.effects.seen, credited, overlap)
    return left[:, PROPENSITY] * left[:, DETECTION]


def kept(model: Model, active: Bools) -> Floats:
    """(S,) the share of benign requests that safeguards leave alone, relative to when the evidence was taken.

    1 for every scenario that is not of over-refusal; above 1 where the evidence had more of them on.
    """
    left = 1 - model.side.turned_away.T
    today = np.prod(np.where(active, left, 1.0), axis=1)
    return relative(today, np.prod(np.where(model.on, left, 1.0), axis=1))


def _misses(model: Model, acting: Bools, credited: Floats, overlap: Overlap) -> Floats:
    effects, stages = model.effects, len(STAGE_ORDER)
    left = misses(
        credited[acting],
        effects.cell[acting],
        effects.family[acting],
        len(model.scenarios) * stages,
        overlap,
    )
    return left.reshape(len(model.scenarios), stages)

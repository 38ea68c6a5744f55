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


def base_refusal(model: Model, state: State, left: Residual | None = None) -> Floats:
    """(F,) the share of a surface's requests that the model itself turns away, safeguards apart.

    The over-refusal scenarios by their share of its traffic; 0 where the traffic is unknown. A
    scenario on all surfaces is spread over all traffic. `left` is what the state leaves over, when known.
    """
    left = residual(model, state) if left is None else left
    return np.minimum(
        model.share_of_traffic @ (own_refusal(left.own, model.refusal_in_evidence) * model.opportunities), 1.0
    )


def own_refusal(own: Floats, in_evidence: Floats) -> Floats:
    """The share of benign requests that the model itself turns away, of rates `own` without what safeguards turn away.

    `in_evidence` is the share that the safeguards left alone that were on when the evidence was taken.
    """
    return np.clip(1 - relative(1 - own, in_evidence), 0.0, 1.0)


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
    place = np.flatnonzero(model.over_refusal)
    today = np.prod(1 - model.side.turned_away[:, place][active], axis=0)
    found = np.ones(len(model.scenarios))
    found[place] = relative(today, model.refusal_in_evidence[place])
    return found


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

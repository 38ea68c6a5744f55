"""What switching one variant on or off would change, for every variant of a launch at once."""

from dataclasses import dataclass

import numpy as np

from launchpad.scoring.arrays import Bools, Floats, Ints
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
from launchpad.scoring.reputation import reputational
from launchpad.scoring.residual import Residual, evidence_misses, own_refusal, reputation_at_means, residual


@dataclass(frozen=True)
class Switched:
    """Sums over the scenarios that are summed, and benign requests refused on the worst surface.

    `now` as things stand, the arrays (V,) with one variant switched the other way, all else equal.
    `stories_now`, `harm_stories` and `refusal_stories` are reputational risk in its two parts: of violations that
    become public, and of benign requests turned away.
    """

    now: tuple[float, float, float]
    technical: Floats
    reputational: Floats
    refused: Floats
    stories_now: tuple[float, float]
    harm_stories: Floats
    refusal_stories: Floats


def switched(model: Model, state: State, blamed: Floats, overlap: Overlap | None = None) -> Switched:
    """A state with each variant switched the other way, at means; `blamed` (S,) are factors of attribution.

    Only the scenarios that a variant acts on are worked out again. Without an overlap at the beta factors.
    """
    overlap = overlap or overlaps(model.coefficients)["beta"]
    left = residual(model, state, overlap)
    variant, scenario = _pairs(model)
    other = _other(model, state, variant, scenario, overlap)

    def total(now: Floats, then: Floats, where: Bools) -> tuple[float, Floats]:
        whole = float(now[where].sum())
        change: Floats = np.zeros(len(model.variants))
        np.add.at(change, variant, np.where(where[scenario], then - now[scenario], 0.0))
        return whole, whole + change

    technical, each_technical = total(left.technical, other.technical, model.summed)
    stories = reputation_at_means(model, left, blamed), reputational((model.impact * blamed)[scenario], other.visible)
    harm, each_harm = total(*stories, model.summed & ~model.over_refusal)
    refusal, each_refusal = total(*stories, model.summed & model.over_refusal)
    refused, each_refused = _refused(model, state, left, variant, scenario, other.own)
    return Switched(
        now=(technical, harm + refusal, refused),
        technical=each_technical,
        reputational=each_harm + each_refusal,
        refused=each_refused,
        stories_now=(harm, refusal),
        harm_stories=each_harm,
        refusal_stories=each_refusal,
    )


def _pairs(model: Model) -> tuple[Ints, Ints]:
    """Each variant with each scenario it acts on, by an effect or by turning requests away."""
    variants, scenarios = np.nonzero(model.side.turned_away)
    known = np.concatenate([model.effects.variant, variants]) * max(1, len(model.scenarios))
    pairs = np.unique(known + np.concatenate([model.effects.scenario, scenarios]))
    return pairs // max(1, len(model.scenarios)), pairs % max(1, len(model.scenarios))


def _other(model: Model, state: State, variant: Ints, scenario: Ints, overlap: Overlap) -> Residual:
    """What is left of the scenario of each pair (P,) with its variant switched the other way."""
    effects = model.effects
    size = (effects.starts[1:] - effects.starts[:-1])[scenario]
    pair = np.repeat(np.arange(variant.size), size)
    within = np.arange(pair.size) - np.repeat(np.cumsum(size) - size, size)
    place = np.repeat(effects.starts[scenario], size) + within
    acts = state.active[effects.variant[place]] ^ (effects.variant[place] == variant[pair])
    pair, place = pair[acts], place[acts]
    left = misses(
        (effects.efficacy * model.credit(state.verified))[place],
        pair * len(STAGE_ORDER) + effects.stage[place],
        effects.family[place],
        variant.size * len(STAGE_ORDER),
        overlap,
    ).reshape(variant.size, len(STAGE_ORDER))
    theta = model.theta[scenario]
    share = relative(left[:, PROPENSITY] * left[:, DETECTION], evidence_misses(model, overlap)[scenario])
    rate = violation_rate(theta, share, _kept(model, state, variant, scenario))
    chances = model.opportunities[scenario] * left[:, EXPOSURE]
    events = chances * rate * (model.realised * model.net_new)[scenario]
    return Residual(
        chances=chances,
        rate=rate,
        own=violation_rate(theta, share),
        events=events,
        technical=events * model.harm[scenario] * left[:, SEVERITY],
        visible=chances * rate * model.visible[scenario] * left[:, PUBLICITY],
    )


def _kept(model: Model, state: State, variant: Ints, scenario: Ints) -> Floats:
    """(P,) the share of benign requests left alone, relative to when the evidence was taken."""
    found = np.ones(variant.size)
    column = np.cumsum(model.over_refusal) - 1
    here = model.over_refusal[scenario]
    left = 1 - model.side.turned_away[:, model.over_refusal]
    then = _without(left, state.active)[variant[here], column[scenario[here]]]
    found[here] = relative(then, model.refusal_in_evidence[scenario[here]])
    return found


def _refused(
    model: Model, state: State, left: Residual, variant: Ints, scenario: Ints, own: Floats
) -> tuple[float, Floats]:
    """Benign requests refused on the worst surface: now, and (V,) with each variant switched."""
    traffic, chances, in_evidence = model.share_of_traffic, model.opportunities, model.refusal_in_evidence
    now = own_refusal(left.own, in_evidence) * chances
    base = traffic @ now
    changed = np.flatnonzero(model.over_refusal[scenario])
    where = scenario[changed]
    then = own_refusal(own[changed], in_evidence[where]) * chances[where]
    bases = np.tile(base, (len(model.variants), 1))
    np.add.at(bases, variant[changed], traffic.T[where] * (then - now[where])[:, None])
    alone = 1 - model.side.refusal
    turned = 1 - np.prod(alone[state.active], axis=0)
    today = np.minimum(base, 1.0)
    others, each = np.clip(bases, 0.0, 1.0), 1 - _without(alone, state.active)
    worst = np.max(others + (1 - others) * each, axis=1)
    return float((today + (1 - today) * turned).max()), worst


def _without(left: Floats, active: Bools) -> Floats:
    """(V, ...) the product of what the active variants leave, with each variant in turn switched the other way."""
    factors = np.where(active[:, None], left, 1.0)
    ones = np.ones((1, left.shape[1]))
    before = np.concatenate([ones, np.cumprod(factors, axis=0)[:-1]])[: len(active)]
    after = np.concatenate([np.cumprod(factors[::-1], axis=0)[::-1][1:], ones])[: len(active)]
    own: Floats = np.where(active[:, None], 1.0, left)
    return before * after * own

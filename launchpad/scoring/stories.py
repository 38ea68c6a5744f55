"""The expectation of ln(1 + nu): what a scenario's visible violations come to, over all we do not know."""

import math
from collections.abc import Sequence

import numpy as np

from launchpad.scoring.arrays import Curve, Floats, curve
from launchpad.scoring.estimates import Spread, weighed
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import Model, State
from launchpad.scoring.refusals import Refusals
from launchpad.scoring.risks import Risk
from launchpad.scoring.simulation import outcomes_in, print_of, rows_needed
from launchpad.scoring.streams import even

POINTS = 512
LEADING = ("propensity", "elicitation gap")
_ELSEWHERE = frozenset({"opportunities", "becomes public", "becomes harm", "net new"})
_NODES = 12
_STEP = 0.25
_BYTES = 256


def points(model: Model) -> Refusals:
    """The points at which stories are worked out, and what safeguards refuse there."""
    return Refusals(model.side, even(LEADING, POINTS, _ELSEWHERE))


def stories(model: Model, kept: Kept) -> dict[str, Floats]:
    """{state: (S,)} E[ln(1 + nu)] at the beta overlap, 0 without exposure or publicity.

    Opportunities and the chance to become public by Gauss-Hermite quadrature, propensity and
    mitigations at 512 evenly spread points, the same in every state and for every seed: so
    whatever lowers nu at every point lowers it, and no chance is left in it. The error is about a
    thousandth of the value.
    """
    found = {state.name: np.zeros(len(model.scenarios)) for state in model.states}
    refusals = points(model)
    told = [int(index) for index in np.flatnonzero(model.scored) if model.risks[index].visible is not None]
    keys = {index: ("story", print_of(model, index, refusals)) for index in told}
    anew = [index for index in told if model.over_refusal[index] and not kept.has(keys[index])]
    refusals.prepare(rows for index in anew for rows in rows_needed(model, index))
    for index in told:

        def work(index: int = index) -> dict[str, float]:
            return expected(model, index, refusals)

        for name, value in kept.drawn(keys[index], work, lambda _: _BYTES).items():
            found[name][index] = value
    return found


def expected(model: Model, index: int, refusals: Refusals) -> dict[str, float]:
    """E[ln(1 + nu)] of the scenario at a place on axis S in each state."""
    found = expected_in(model, index, refusals, model.states)
    return {state.name: value for state, value in zip(model.states, found, strict=True)}


def expected_in(model: Model, index: int, refusals: Refusals, states: Sequence[State]) -> list[float]:
    """E[ln(1 + nu)] of the scenario at a place on axis S in each of some states."""
    told = [
        np.log(each.told, where=each.told > 0, out=np.full_like(each.told, -np.inf))
        for each in outcomes_in(model, index, refusals.deviates, refusals, states)
    ]
    highest = max(float(shares.max()) for shares in told)
    if not np.isfinite(highest):
        return [0.0] * len(told)
    least = min(float(shares.min(initial=highest, where=np.isfinite(shares))) for shares in told)
    worth = _over_traffic(model.risks[index], least, highest)
    return [float(np.sum(np.maximum(worth(shares[np.isfinite(shares)]), 0.0))) / shares.size for shares in told]


def _over_traffic(risk: Risk, low: float, high: float) -> Curve:
    """From ln s to E[ln(1 + s N q)] over opportunities N and the chance q to become public, between two points."""
    none = Spread(0.0, 0.0, 0.0, "identity", "identity", 0.0, 0.0)
    chances, first = weighed(risk.opportunities or none, _NODES)
    visible, second = weighed(risk.visible or none, _NODES)
    product = np.outer(chances * risk.days * risk.rollout, visible).ravel()
    weights = np.outer(first, second).ravel()
    first, last = math.floor(low / _STEP), math.floor(high / _STEP) + 1

    def worth(x: Floats) -> Floats:
        return np.sum(np.log1p(np.outer(np.exp(x), product)) * weights, axis=1)

    return curve(worth, first, last, _STEP)

"""Reputational risk: what a visible violation costs, and who would be blamed for it."""

from collections.abc import Sequence

import numpy as np

from launchpad.scoring.arrays import Floats
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.risks import Risk

PREVENTABLE, ACCIDENT, VICTIM = "preventable", "accident", "victim"


def reputational(impact: Floats | float, visible: Floats) -> Floats:
    """Impact ln(1 + nu): what is scored, since the chance of a story saturates."""
    return impact * np.log1p(visible)


def chance_of_story(visible: Floats) -> Floats:
    """P_pub = 1 - exp(-nu): the chance that at least one violation becomes public."""
    return -np.expm1(-visible)


def attribution(risks: Sequence[Risk], cut: Floats, coefficients: Coefficients) -> tuple[str, ...]:
    """Who would be blamed in each scenario (Coombs 2007), given the share of its events that has been cut (S,).

    Victim only when a person says so with a reason; accident when it was disclosed or cut by at
    least the threshold; otherwise preventable, since every scenario here is known.
    """
    found: list[str] = []
    for risk, share in zip(risks, cut, strict=True):
        publicity = risk.publicity
        if publicity is not None and publicity.attribution == VICTIM and publicity.attribution_reason:
            found.append(VICTIM)
        elif (publicity is not None and publicity.disclosed) or share >= coefficients.attribution_threshold:
            found.append(ACCIDENT)
        else:
            found.append(PREVENTABLE)
    return tuple(found)


def blame(attributions: Sequence[str], coefficients: Coefficients) -> Floats:
    """The factor on impact of each attribution, (S,)."""
    factors = {
        PREVENTABLE: coefficients.attribution_preventable,
        ACCIDENT: coefficients.attribution_accident,
        VICTIM: coefficients.attribution_victim,
    }
    return np.array([factors[name] for name in attributions], dtype=np.float64)


def cut(inherent: Floats, state: Floats) -> Floats:
    """The share of inherent events that a state takes away, (S,); 0 where there are none."""
    left = np.divide(state, inherent, out=np.ones_like(state), where=inherent > 0)
    return 1 - left

"""What it is worth to know: perfect information, and a sample of n, before a choice between two or more actions.

Ship or hold: shipping loses `slope` x theta, holding loses `hold`; theta ~ Beta(a, b). The choice with the smaller
expected loss is made now or after k of n failures are seen (Raiffa & Schlaifer 1961). Closed form: no draws.
"""

import math
from typing import Any

import numpy as np
from scipy import special

from launchpad.errors import ScoringError
from launchpad.scoring.arrays import Floats

_special: Any = special  # ships no types
MOST_SAMPLES = 1_000_000


def perfect(a: float, b: float, slope: float, hold: float) -> float:
    """The expected value of knowing theta exactly: min of the two expected losses less the mean of the minimum.

    E[min(slope theta, hold)] = slope mu I_t(a + 1, b) + hold (1 - I_t(a, b)) with t = hold / slope, I the regularised
    incomplete beta function.
    """
    _check(a, b, slope, hold)
    mean = a / (a + b)
    if slope == 0:
        return 0.0
    t = min(1.0, hold / slope)
    below = float(_special.betainc(a + 1, b, t))
    above = float(_special.betaincc(a, b, t))
    return max(0.0, min(slope * mean, hold) - (slope * mean * below + hold * above))


def sampled(a: float, b: float, slope: float, hold: float, n: int) -> float:
    """The expected value of n independent samples before choosing: a sum over the beta-binomial of k.

    With k seen the mean of theta is (a + k) / (a + b + n), and the better action is taken. 0 for n = 0; rises with n
    towards `perfect`. Raises ScoringError for n below 0 or above a million.
    """
    _check(a, b, slope, hold)
    if not 0 <= n <= MOST_SAMPLES:
        raise ScoringError(f"A sample of {n} cannot be weighed.", f"Give a number from 0 to {MOST_SAMPLES:,}.")
    mean = a / (a + b)
    k = np.arange(n + 1)
    losses = np.minimum(slope * (a + k) / (a + b + n), hold)
    return max(0.0, min(slope * mean, hold) - float(_beta_binomial(a, b, n) @ losses))  # rounding may leave -0


def effective(n: float, per_cluster: float, icc: float, sensitivity: float = 1.0, specificity: float = 1.0) -> int:
    """How many independent, faultlessly judged samples n samples amount to, rounded down.

    In clusters of m: n / (1 + (m - 1) icc) (Kish 1965); with judge error times (Se + Sp - 1)^2 (Rogan & Gladen 1978),
    nothing where a judge is no better than chance.
    """
    told = max(0.0, sensitivity + specificity - 1)
    return int(n / (1 + max(0.0, per_cluster - 1) * icc) * told**2)


def of_plans(losses: Floats) -> float:
    """The expected value of perfect information for a choice among plans: `losses` (D, P), common draws.

    min over plans of the mean less the mean of the minimum; 0 for one plan, and without any.
    """
    if losses.size == 0:
        return 0.0
    return max(0.0, float(losses.mean(axis=0).min() - losses.min(axis=1).mean()))


def of_one_input(losses: Floats, drawn: Floats, bins: int = 25) -> float:
    """The value of knowing one input exactly, from the same draws: the choice is made within each bin of it.

    `losses` (D, P), `drawn` (D,); bins of equal count, 0 for what does not vary. The mean within a bin stands for the
    mean at its value, an underestimate of choice and a slight overestimate by noise: sound for D / bins of some
    hundreds (Strong & Oakley 2013).
    """
    if losses.shape[0] < bins or losses.shape[1] < 2 or np.ptp(drawn) == 0:
        return 0.0
    order = np.argsort(drawn, kind="stable")
    parts = np.array_split(losses[order], bins)
    after = sum(len(part) * float(part.mean(axis=0).min()) for part in parts) / losses.shape[0]
    return max(0.0, float(losses.mean(axis=0).min()) - after)


def _beta_binomial(a: float, b: float, n: int) -> Floats:
    """(n + 1,) the chance of k of n; scaled to sum to 1, which logarithms of large numbers miss by a little."""
    k = np.arange(n + 1)
    choose = -_special.betaln(k + 1, n - k + 1) - np.log(n + 1)
    chance = np.exp(choose + _special.betaln(a + k, b + n - k) - _special.betaln(a, b))
    return chance / chance.sum()


def _check(a: float, b: float, slope: float, hold: float) -> None:
    if not (0 < a < math.inf and 0 < b < math.inf and 0 <= slope < math.inf and 0 <= hold < math.inf):
        raise ScoringError(
            "Information cannot be weighed: the beta prior and both losses must be finite and not negative.",
            "Give a prior above 0 and losses of 0 or more.",
        )

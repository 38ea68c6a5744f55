"""How many independent items a result is worth, and how many a claim needs."""

import math
from typing import NamedTuple

from launchpad.errors import InvalidValueError
from launchpad.statistics.intervals import clopper_pearson_upper
from launchpad.statistics.special import binomial_cdf, normal_quantile, student_quantile

LARGEST_N = 1 << 40
ROUNDING = 1e-12
MOST_FOR_POWER = 1_000_000


class JudgeCorrection(NamedTuple):
    """The true rate behind a judged one, the factor on n, and whether it fell below the judge's own error."""

    p: float
    n_factor: float
    below_error: bool


def rogan_gladen(p_observed: float, sensitivity: float, specificity: float) -> JudgeCorrection:
    """The true rate when a judge of known sensitivity and specificity saw `p_observed` (Rogan & Gladen 1978).

    n is multiplied by (sensitivity + specificity - 1)^2. A rate at or below the judge's
    false-positive rate becomes 0 and is marked; one above its sensitivity becomes 1. A judge no
    better than chance is refused.
    """
    if not (0 <= p_observed <= 1 and 0 <= sensitivity <= 1 and 0 <= specificity <= 1):
        raise InvalidValueError("Rates, sensitivity and specificity lie between 0 and 1.")
    youden = sensitivity + specificity - 1
    if youden <= 0:
        raise InvalidValueError(
            f"A judge with sensitivity {sensitivity:g} and specificity {specificity:g} tells nothing apart.",
            "Their sum must exceed 1; measure the judge again, or leave its error out.",
        )
    p = (p_observed + specificity - 1) / youden
    return JudgeCorrection(min(max(p, 0.0), 1.0), youden**2, p <= ROUNDING)


def rogan_gladen_interval(low: float, high: float, sensitivity: float, specificity: float) -> tuple[float, float]:
    """The limits of the true rate behind the limits of a judged one, each end corrected as its rate would be.

    Sensitivity and specificity are taken as known: their own error is not in it (Rogan & Gladen 1978).
    """
    corrected = [rogan_gladen(end, sensitivity, specificity).p for end in (low, high)]
    return corrected[0], corrected[1]


def n_effective(
    n: float, p: float, *, stderr_clustered: float | None = None, clusters: float | None = None, icc: float
) -> float:
    """The number of independent items that n clustered ones with rate p are worth.

    From the clustered error where there is one and 0 < p < 1, otherwise from the number of
    clusters and the intra-cluster correlation; n itself when neither is known.
    """
    if stderr_clustered is not None and 0 < p < 1 and stderr_clustered > 0:
        return n_effective_from_error(n, p, stderr_clustered)
    if clusters is not None:
        return n_effective_from_clusters(n, clusters, icc)
    return float(n)


def n_effective_from_error(n: float, p: float, stderr_clustered: float) -> float:
    """The smaller of n and p (1 - p) / se^2 + 1, where independent items would have this error."""
    if not (0 < p < 1 and stderr_clustered > 0):
        raise InvalidValueError("An effective size needs a rate inside (0, 1) and a positive standard error.")
    return min(float(n), p * (1 - p) / stderr_clustered**2 + 1)


def n_effective_from_clusters(n: float, clusters: float, icc: float) -> float:
    """What n items in clusters are worth: n / (1 + (m - 1) icc), m = n / clusters (Kish 1965)."""
    if not (0 < clusters <= n and 0 <= icc <= 1):
        raise InvalidValueError(f"{n:g} items in {clusters:g} clusters with correlation {icc:g} are not possible.")
    return n / (1 + (n / clusters - 1) * icc)


def n_effective_of_scores(p: float, stderr: float) -> float:
    """What a mean score in (0, 1) is worth: p (1 - p) / se^2 - 1, the a + b of the matching Beta."""
    if not (0 < p < 1 and stderr > 0):
        raise InvalidValueError("An effective size needs a mean inside (0, 1) and a positive standard error.")
    return max(p * (1 - p) / stderr**2 - 1, 0.0)


def n_needed(threshold: float, *, confidence: float = 0.95, failures: float = 0.0, rate: float = 0.0) -> int | None:
    """The fewest items whose one-sided Clopper-Pearson upper bound is at or below `threshold`.

    Assumes `failures` + `rate` x n failures among n. None when no number of items will do:
    the assumed rate is at or above the threshold.
    """
    if not 0 < threshold < 1 or failures < 0 or not 0 <= rate <= 1:
        raise InvalidValueError("A threshold lies inside (0, 1); failures and rate are not negative.")
    if rate >= threshold:
        return None

    def enough(n: int) -> bool:
        return clopper_pearson_upper(min(failures + rate * n, float(n)), float(n), confidence) <= threshold

    high = 1
    while not enough(high):
        if high >= LARGEST_N:
            return None
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def n_for_power(threshold: float, rate: float, *, confidence: float = 0.95, power: float = 0.8) -> int | None:
    """The fewest items that show a failure rate below `threshold`, with chance `power`, if the true one is `rate`.

    Shown means that the one-sided Clopper-Pearson upper bound is at or below the threshold: at most c failures,
    c the largest number with P(X <= c | n, threshold) <= 1 - confidence; the chance is P(X <= c | n, rate). None
    when the rate is at or above the threshold, or more than a million items would be needed.
    """
    if not (0 < threshold < 1 and 0 <= rate <= 1 and 0 < confidence < 1 and 0 < power < 1):
        raise InvalidValueError("A threshold, a confidence and a power lie inside (0, 1), a rate between 0 and 1.")
    if rate >= threshold:
        return None
    allowed = -1
    for n in range(1, MOST_FOR_POWER + 1):
        while binomial_cdf(allowed + 1, n, threshold) <= 1 - confidence:
            allowed += 1
        if binomial_cdf(allowed, n, rate) >= power:
            return n
    return None


def n_needed_for_mean(
    distance: float, deviation: float, *, confidence: float = 0.95, power: float | None = None
) -> int | None:
    """The fewest samples whose one-sided t bound lies within `distance` of a mean of this standard deviation.

    With a `power` the bound does so with about that chance: (t_confidence + t_power) s / sqrt(n) <= distance, by
    quantiles with n - 1 degrees of freedom. None when the distance is not positive: no number of samples will do.
    """
    if not (deviation > 0 and 0.5 <= confidence < 1):
        raise InvalidValueError("A standard deviation is positive, a one-sided confidence at least .5 and below 1.")
    if distance <= 0:
        return None

    def enough(n: int) -> bool:
        chance = 0.0 if power is None else student_quantile(power, n - 1)
        return (student_quantile(confidence, n - 1) + chance) * deviation / math.sqrt(n) <= distance

    z = normal_quantile(confidence) + (0.0 if power is None else normal_quantile(power))
    n = max(2, math.floor((z * deviation / distance) ** 2))
    while not enough(n):
        n += 1
    return n


def n_needed_for_difference(
    delta: float,
    between_variance: float,
    within_variances: tuple[float, float] = (0.0, 0.0),
    answers: tuple[int, int] = (1, 1),
    *,
    significance: float = 0.05,
    power: float = 0.8,
) -> float:
    """The items, not rounded, that a paired comparison needs to see a difference `delta`.

    (z_{a/2} + z_b)^2 (w^2 + s_A^2 / K_A + s_B^2 / K_B) / delta^2, with w^2 the variance of the
    item difference, s^2 the variance within an item, K the answers drawn per item (Miller 2024,
    arXiv 2411.00640).
    """
    if delta == 0 or min(answers) < 1:
        raise InvalidValueError("A sample size needs a difference other than 0 and at least one answer an item.")
    z = normal_quantile(1 - significance / 2) + normal_quantile(power)
    variance = between_variance + sum(s / k for s, k in zip(within_variances, answers, strict=True))
    return z**2 * variance / math.pow(delta, 2)

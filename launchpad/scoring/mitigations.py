"""What mitigations leave over: reliability, efficacy, and how misses combine under three kinds of overlap."""

from typing import Literal, NamedTuple, TypeVar, cast

import numpy as np

from launchpad.scoring.arrays import Floats, Ints
from launchpad.scoring.coefficients import Coefficients

Numbers = TypeVar("Numbers", float, Floats)
StageName = Literal["exposure", "propensity", "detection", "severity", "publicity"]
STAGE_ORDER: tuple[StageName, ...] = ("exposure", "propensity", "detection", "severity", "publicity")
EXPOSURE, PROPENSITY, DETECTION, SEVERITY, PUBLICITY = range(5)
OVERLAPS = ("independent", "beta", "comonotone")


class Overlap(NamedTuple):
    """How strongly misses coincide: within a family, and between the families of one stage; 0 to 1."""

    family: float
    between: float


def overlaps(coefficients: Coefficients) -> dict[str, Overlap]:
    """The three cases always shown together: independent, the beta factor model, comonotone (all coincide)."""
    beta = Overlap(coefficients.overlap_family, coefficients.overlap_between)
    return {"independent": Overlap(0.0, 0.0), "beta": beta, "comonotone": Overlap(1.0, 1.0)}


def band(*cases: float) -> tuple[float, float]:
    """The lower and the higher end of what stands under the three overlaps: what is drawn or printed as a span.

    Where fewer mitigations are on than were in the evidence, comonotone can be the lowest of the three
    (docs/method.md); so ends are taken by size, never by name, and beta is always within.
    """
    return min(cases), max(cases)


def reliability(frequency: float, days: float) -> float:
    """The share of time a mitigation works as meant: (1 - VF / 365)^VD (FAIR-CAM, variance management).

    `frequency` degradations a year, `days` to notice and mend one; 0 when it fails daily or more.
    """
    return max(0.0, 1 - frequency / 365) ** days


def operational_efficacy(
    coverage: Numbers, intended: Numbers, degraded: Floats | float, reliable: Floats | float
) -> Numbers:
    """The share of all cases that are stopped: coverage (rel intended + (1 - rel) degraded) (FAIR-CAM)."""
    return cast("Numbers", coverage * (reliable * intended + (1 - reliable) * degraded))


def campaign_efficacy(efficacy: Numbers, theta: Floats | float, tries: Ints | int) -> Numbers:
    """The efficacy against a campaign of `tries` attempts of what stops `efficacy` of single attempts.

    `theta` is the propensity of a campaign, 1 - (1 - t)^tries for attempts of propensity t:
    1 - e_c = (1 - (1 - t (1 - e))^tries) / theta. Where theta is 0, and for one try, e itself.
    """
    if np.all(tries == 1):
        return efficacy
    single = -np.expm1(np.log1p(-np.minimum(theta, 1 - 1e-15)) / tries)
    passed = np.clip(single * (1 - efficacy), 0.0, 1 - 1e-15)
    left = -np.expm1(tries * np.log1p(-passed))
    told = (np.asarray(theta) > 0) & (np.asarray(tries) > 1)
    found = np.where(told, 1 - left / np.where(told, theta, 1.0), efficacy)
    return cast("Numbers", found if isinstance(efficacy, np.ndarray) else float(found))


def misses(efficacy: Floats, cell: Ints, family: Ints, cells: int, overlap: Overlap) -> Floats:
    """What each cell (a stage of a scenario) lets through, given the effects that act there.

    `efficacy` is (effects, ...), `cell` and `family` are (effects,); the result is (cells, ...),
    1 where nothing acts. Misses m = 1 - e of one family combine as (1 - b) prod m + b min m, and
    families as (1 - b0) prod M + b0 min M (beta factor, IEC 61508-6). Effects below 0 multiply
    1 - e outside that rule. The order of effects within a family changes rounding only, so the
    caller keeps it fixed.
    """
    left = np.ones((cells, *efficacy.shape[1:]))
    if efficacy.shape[0] == 0:
        return left
    if not _in_order(cell, family):
        order = np.lexsort((family, cell))
        cell, family, efficacy = cell[order], family[order], efficacy[order]
    new_cell = np.append(True, cell[1:] != cell[:-1])
    families = np.flatnonzero(new_cell | np.append(True, family[1:] != family[:-1]))
    of_cell = np.flatnonzero(new_cell[families])
    by_family = _mixed(1 - np.clip(efficacy, 0, 1), families, overlap.family)
    together = _mixed(by_family, of_cell, overlap.between)
    worse = np.multiply.reduceat(1 - np.minimum(efficacy, 0), np.flatnonzero(new_cell), axis=0)
    left[cell[new_cell]] = together * worse
    return left


def relative(state: Floats, seen: Floats) -> Floats:
    """What a state lets through as a share of what got through when the evidence was taken.

    1 where both let nothing through; infinity where only the evidence did.
    """
    same = (seen == 0) & (state == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(same, 1.0, state / seen)


def violation_rate(theta: Floats, share: Floats, kept: Floats | float = 1.0) -> Floats:
    """The chance of a violating output in a state: theta times `share`, never above 1.

    `kept` is the share of benign requests that safeguards leave alone, relative to when the
    evidence was taken; an over-refusal scenario then has 1 - (1 - theta share) kept.
    """
    with np.errstate(invalid="ignore"):
        rate = np.where(theta > 0, np.minimum(theta * share, 1.0), 0.0)
        turned_away = np.where(rate < 1, (1 - rate) * (1 - kept), 0.0)
    return np.clip(rate + turned_away, 0.0, 1.0)


def _in_order(cell: Ints, family: Ints) -> bool:
    step = np.diff(cell)
    return bool(np.all((step > 0) | ((step == 0) & (np.diff(family) >= 0))))


def _mixed(parts: Floats, starts: Ints, weight: float) -> Floats:
    product = np.multiply.reduceat(parts, starts, axis=0)
    smallest = np.minimum.reduceat(parts, starts, axis=0)
    # Written so that rounding never leaves the range from the product to the smallest.
    return np.minimum(product + weight * (smallest - product), smallest) if weight < 1 else smallest

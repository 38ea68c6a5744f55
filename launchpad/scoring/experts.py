"""Several experts' ranges as one: the weighted mixture of their distributions, and how calibrated they were."""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar, cast

import numpy as np

from launchpad.errors import ScoringError
from launchpad.records import Estimate, ExpertEstimate, Exposure, Field, Inputs, Publicity, Scenario, Severity, field_of
from launchpad.records.fields import Scale
from launchpad.records.judgements import EXPERT_QUANTITIES
from launchpad.scoring.arrays import logit, normal_cdf, normal_quantile
from launchpad.scoring.estimates import Spread, at, spread
from launchpad.scoring.why import ModelWarning, named

RANGE = 0.9
"""The share of true values that should lie between an expert's low (5 %) and high (95 %)."""
NARROW = "too narrow"
NOT_CALIBRATED = "not calibrated: no record of earlier ranges"
Part = Exposure | Severity | Publicity
P = TypeVar("P", Exposure, Severity, Publicity)
HOMES: MappingProxyType[str, type[Part]] = MappingProxyType(
    {
        quantity: record
        for quantity in EXPERT_QUANTITIES
        for record in (Exposure, Severity, Publicity)
        if field_of(record, quantity) is not None
    }
)
"""Where the estimate that the experts' pool stands in for is stated."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One expert's range as it enters the pool: the person by code, the share of the weights, the record in words."""

    record: str
    expert: str
    estimate: Estimate
    share: float
    calibration: str


@dataclass(frozen=True, slots=True)
class Pool:
    """The experts of one quantity of a scenario as one estimate, and the stated one it is used instead of."""

    quantity: str
    label: str
    estimate: Estimate
    opinions: tuple[Opinion, ...]
    instead_of: Estimate | None


def home_of(quantity: str) -> Field:
    """The declared field that a quantity is estimated for: its label, scale and limits."""
    return cast("Field", field_of(HOMES[quantity], quantity))


def pool_of(inputs: Inputs, scenario: Scenario, quantity: str) -> Pool | None:
    """The pool of the experts of a quantity, None where nobody was asked.

    Raises ScoringError, naming the record, for a range out of order or outside its limits, and
    when the weights sum to 0.
    """
    asked = inputs.children(ExpertEstimate, "scenario", scenario.id)
    rows = sorted((row for row in asked if row.quantity == quantity), key=inputs.address)
    if not rows:
        return None
    field = home_of(quantity)
    scale = cast("Scale", field.scale)
    given = [Estimate(row.low, row.median, row.high, "elicited") for row in rows]
    for row, estimate in zip(rows, given, strict=True):
        ceiling = math.inf if field.high is None else field.high
        spread(estimate, scale, 0.0, ceiling, f"{field.label} by {named(inputs, row)}")
    weights = [row.weight for row in rows]
    found = pooled(given, weights, scale, f"{field.label} of {named(inputs, scenario)}")
    held = next(iter(inputs.children(HOMES[quantity], "scenario", scenario.id)), None)
    opinions = (
        Opinion(named(inputs, row), inputs.part(row, "expert"), estimate, row.weight / sum(weights), _told(row))
        for row, estimate in zip(rows, given, strict=True)
    )
    return Pool(quantity, field.label, found, tuple(opinions), None if held is None else getattr(held, quantity))


def judged(inputs: Inputs, scenario: Scenario, row: P | None) -> P | None:
    """An exposure, severity or publicity with the experts' pools in place of what it states; it is what is scored."""
    if row is None or not inputs.children(ExpertEstimate, "scenario", scenario.id):
        return row
    pools = (pool_of(inputs, scenario, quantity) for quantity, home in HOMES.items() if isinstance(row, home))
    found = {pool.quantity: pool.estimate for pool in pools if pool is not None}
    return dataclasses.replace(row, **found) if found else row  # pyright: ignore[reportArgumentType] - estimates all


def expert_warnings(inputs: Inputs, scenario: Scenario) -> tuple[ModelWarning, ...]:
    """What to tell about the experts of a scenario: ranges known to be too narrow, and estimates with no place."""
    found: list[ModelWarning] = []
    for row in inputs.children(ExpertEstimate, "scenario", scenario.id):
        home, record = HOMES[row.quantity], named(inputs, row)
        if not inputs.children(home, "scenario", scenario.id):
            message = f"The scenario has no {home.label.lower()}, so this estimate counts for nothing."
            found.append(ModelWarning(record, "quantity", message))
        if _told(row).endswith(NARROW):
            message = f"{_told(row)}. Widen the range, or give it less weight."
            found.append(ModelWarning(record, "hits", message[0].upper() + message[1:]))
    return tuple(sorted(found))


def _told(row: ExpertEstimate) -> str:
    """An expert's record in words, also when there is none."""
    return calibration(row.hits, row.asked) or NOT_CALIBRATED


def pooled(estimates: Sequence[Estimate], weights: Sequence[float], scale: Scale, where: str = "") -> Estimate:
    """The 5, 50 and 95 % points of the experts' mixture (linear opinion pool; Clemen & Winkler 1999), elicited.

    The mixture keeps disagreement as uncertainty: averaging low, median and high would hide it. Raises ScoringError
    when there is none, or the weights sum to 0.
    """
    if not estimates or min(weights) < 0 or not sum(weights) > 0:
        raise ScoringError(
            f"The experts of {where or 'an estimate'} cannot be pooled: their weights sum to 0.",
            "Give at least one expert a weight above 0.",
        )
    floor, ceiling = (0.0, 1.0) if scale == "logit" else (0.0, float("inf"))
    spreads = [spread(one, scale, floor, ceiling, where) for one in estimates]
    if len(spreads) == 1:
        only = estimates[0]
        return Estimate(only.low, only.median, only.high, "elicited")
    shares = [weight / sum(weights) for weight in weights]
    low, median, high = (_quantile(spreads, shares, p) for p in (0.05, 0.5, 0.95))
    return Estimate(low, median, high, "elicited")


def calibration(hits: int | None, asked: int | None) -> str | None:
    """What an expert's record says, in words; None without one. 90 % of the truths should lie in the ranges.

    Told as too narrow when so few hits have a chance below 5 % of a well calibrated expert (binomial).
    """
    if not asked or hits is None:
        return None
    from scipy.special import bdtr

    share = f"{hits} of {asked} earlier ranges held the truth"
    if float(bdtr(hits, asked, RANGE)) < 0.05:
        return f"{share}: {NARROW}"
    return f"{share}: as they should"


def chance_at_most(spread: Spread, x: float) -> float:
    """The chance that a number is x or less: the inverse of `estimates.at`, with a step where it is constant or cut."""
    if x >= spread.ceiling or x < spread.floor:
        return float(x >= spread.ceiling)
    low = x < spread.median
    scale, width = (spread.below_scale, spread.below) if low else (spread.above_scale, spread.above)
    if width == 0:
        return 0.0 if low else 1.0
    return float(normal_cdf((_on(scale, x) - _on(scale, spread.median)) / width))


def _on(scale: Scale, x: float) -> float:
    """A value on the scale of one half of a spread."""
    if scale == "identity":
        return x
    return float(logit(x)) if scale == "logit" else math.log(x)


def _quantile(spreads: Sequence[Spread], shares: Sequence[float], p: float) -> float:
    """The smallest value that the mixture stays at or below with chance p, by bisection to the last digit.

    It lies between the smallest and the largest of the experts' own p-points.
    """
    own = [float(at(one, np.array([normal_quantile(p)]))[0]) for one in spreads]
    low, high = min(own), max(own)

    def reached(value: float) -> bool:
        return sum(share * chance_at_most(one, value) for one, share in zip(spreads, shares, strict=True)) >= p

    if reached(low):
        return low
    while low < (middle := low + (high - low) / 2) < high:
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high

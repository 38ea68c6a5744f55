"""One scenario as the formulas take it: its rows, and the spread behind each of its numbers."""

import functools
import math
from dataclasses import dataclass

from launchpad.records import (
    Estimate,
    Exposure,
    Inputs,
    Launch,
    Publicity,
    RiskArea,
    Scenario,
    Severity,
)
from launchpad.scoring import estimates
from launchpad.scoring.coefficients import Coefficients, severity_scale
from launchpad.scoring.estimates import Spread
from launchpad.scoring.experts import expert_warnings, judged
from launchpad.scoring.propensity import Propensity, propensity_of, tries_of
from launchpad.scoring.why import ModelWarning, named

DEFAULT_LEVEL = 3
CERTAIN = Spread(1.0, 0.0, 0.0, "identity", "identity", 0.0, 1.0)


@dataclass(frozen=True)
class Risk:
    """One scenario with everything known about it; `opportunities` None = not scored, `visible` None = no publicity.

    `days` of the horizon on which it has its chance, `rollout` the share of users. One opportunity is
    `tries` attempts. `realised` (h)
    and `net_new` (u) are 1 where nobody said otherwise. `code` and `address` name it in streams
    and sources.
    """

    scenario: Scenario
    area: RiskArea
    address: str
    exposure: Exposure | None
    severity: Severity | None
    publicity: Publicity | None
    days: int
    rollout: float
    opportunities: Spread | None
    propensity: Propensity
    tries: int
    realised: Spread
    net_new: Spread
    harm: Spread
    visible: Spread | None
    impact: float
    warnings: tuple[ModelWarning, ...]

    @property
    def capability(self) -> str | None:
        """The capability it shares with other scenarios, or None."""
        return self.area.capability or None

    @functools.cached_property
    def print(self) -> bytes:
        """All that the draws of its numbers depend on."""
        likely = self.propensity
        known = (likely.origin, likely.spread, likely.beta, likely.gap, likely.exponent)
        numbers = (self.opportunities, self.days, self.rollout, self.realised, self.net_new, self.harm, self.visible)
        return repr((self.address, self.capability, self.scenario.catastrophic, known, numbers)).encode()

    @property
    def chances(self) -> float:
        """Mean opportunities over the horizon."""
        return 0.0 if self.opportunities is None else self.over_horizon(estimates.mean(self.opportunities))

    def over_horizon(self, per_day: float) -> float:
        """Opportunities over the horizon at so many a day."""
        return per_day * self.days * self.rollout


def risk_of(inputs: Inputs, launch: Launch, scenario: Scenario, coefficients: Coefficients) -> Risk:
    """A scenario with its exposure, propensity, severity and publicity, gaps filled by what is said to be assumed."""
    exposure = judged(inputs, scenario, next(iter(inputs.children(Exposure, "scenario", scenario.id)), None))
    severity = judged(inputs, scenario, next(iter(inputs.children(Severity, "scenario", scenario.id)), None))
    publicity = judged(inputs, scenario, next(iter(inputs.children(Publicity, "scenario", scenario.id)), None))
    level = DEFAULT_LEVEL if severity is None else severity.level
    propensity = propensity_of(inputs, launch, scenario, level, coefficients)
    days = 0 if exposure is None else horizon_days(exposure, launch.horizon_days)
    missing = _missing(inputs, scenario, exposure, severity, publicity)
    return Risk(
        scenario=scenario,
        area=inputs.get(RiskArea, scenario.risk_area),
        address=inputs.address(scenario),
        exposure=exposure,
        severity=severity,
        publicity=publicity,
        days=days,
        rollout=0.0 if exposure is None else exposure.rollout,
        opportunities=None if exposure is None else estimates.spread_of(inputs, exposure, "opportunities"),
        propensity=propensity,
        tries=tries_of(inputs, scenario, exposure)[0],
        realised=_share(inputs, severity, "realised"),
        net_new=_share(inputs, severity, "net_new"),
        harm=_harm(inputs, severity, level),
        visible=None if publicity is None else estimates.spread_of(inputs, publicity, "visible"),
        impact=0.0 if publicity is None else impact(publicity, coefficients.reach_exponent),
        warnings=(*missing, *propensity.warnings, *expert_warnings(inputs, scenario)),
    )


def horizon_days(exposure: Exposure, horizon: int) -> int:
    """How many days of the horizon an exposure lasts, first and last day included."""
    last = horizon - 1 if exposure.end_day is None else min(exposure.end_day, horizon - 1)
    return max(0, last - exposure.start_day + 1)


def impact(publicity: Publicity, reach_exponent: float) -> float:
    """What one story costs, before who is blamed: reach^.5 x salience x standing x promise gap x readiness."""
    standing = 1 + publicity.history + publicity.prior_negative
    promised = (1 + publicity.promise_gap) * (1 - publicity.response_readiness)
    return math.pow(publicity.reach, reach_exponent) * publicity.salience * standing * promised


def harm_estimate(severity: Severity | None, level: int) -> Estimate:
    """Harm units per event: as stated, else the range of the level."""
    if severity is not None and severity.harm_units is not None:
        return severity.harm_units
    return severity_scale()[level].harm


def _harm(inputs: Inputs, severity: Severity | None, level: int) -> Spread:
    if severity is not None and severity.harm_units is not None:
        return estimates.spread_of(inputs, severity, "harm_units")
    return estimates.spread(harm_estimate(severity, level), "log", 0.0)


def _share(inputs: Inputs, severity: Severity | None, name: str) -> Spread:
    if severity is None or getattr(severity, name) is None:
        return CERTAIN
    return estimates.spread_of(inputs, severity, name)


def _missing(
    inputs: Inputs,
    scenario: Scenario,
    exposure: Exposure | None,
    severity: Severity | None,
    publicity: Publicity | None,
) -> tuple[ModelWarning, ...]:
    record = named(inputs, scenario)
    absent = (
        (exposure, "exposure", "It has no exposure, so it is not scored."),
        (severity, "severity", f"It has no severity: level {DEFAULT_LEVEL} is assumed."),
        (publicity, "publicity", "It has no publicity, so it has no reputational risk."),
    )
    return tuple(ModelWarning(record, field, message) for row, field, message in absent if row is None)

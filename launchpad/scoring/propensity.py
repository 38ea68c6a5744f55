"""The chance that one opportunity gets a violating output: pooled from evidence, else as estimated, else assumed."""

import functools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from launchpad.records import (
    ActorProfile,
    Estimate,
    Exposure,
    Inputs,
    Launch,
    MitigationVariant,
    RiskArea,
    Scenario,
)
from launchpad.scoring import estimates
from launchpad.scoring.arrays import Z95, Curve, Floats, curve, expit, logit, normal_cdf, normal_quantile
from launchpad.scoring.baseline import watched_before
from launchpad.scoring.coefficients import Coefficients, default_propensity
from launchpad.scoring.estimates import Spread
from launchpad.scoring.evidence import Observation, evidence_for
from launchpad.scoring.experts import judged
from launchpad.scoring.why import Kind, ModelWarning, named
from launchpad.statistics.special import beta_quantile

JEFFREYS = (0.5, 0.5)
ROUNDING = 1e-9
"""Weights this near to each other, as a share of them, are equal."""
FARTHEST, PIECES = 7.0, 80
"""No deviate lies farther out; curves reach as far on either side, in so many pieces."""
_POINTS = np.array([-Z95, 0.0, Z95])
_ELICITED = ("strong", "partial", "weak")


@dataclass(frozen=True, slots=True)
class Gap:
    """How much further a determined actor gets than the run did: normal on the logit scale, cut off at 0."""

    mu: float
    sd: float


@dataclass(frozen=True, slots=True)
class Propensity:
    """The propensity of one scenario, as it was with the variants `on` (row ids) in place.

    From evidence `beta` is the posterior (a, b), `prior` what it started from, `gap` the
    elicitation gap and `exponent` the tries of a campaign for each try of the runs; otherwise
    `spread` is the stated or assumed estimate. `samples` are the scored items behind it. With evidence it is
    measured from where the evidence weighs as much as the prior; until then it is `outweighed` and of the prior's kind.
    """

    origin: Literal["evidence", "estimate", "default"]
    kind: Kind
    on: frozenset[int] = frozenset()
    spread: Spread | None = None
    beta: tuple[float, float] = JEFFREYS
    prior: tuple[float, float] = JEFFREYS
    gap: Gap | None = None
    exponent: float = 1.0
    upper_bound: bool = False
    used: tuple[Observation, ...] = ()
    set_aside: tuple[tuple[str, str], ...] = ()
    stale: bool | None = None
    warnings: tuple[ModelWarning, ...] = ()

    @property
    def weight(self) -> float:
        """The independent samples of the evidence after every discount; the prior's are the sum of `prior`."""
        return weight_of(self.used)

    @property
    def outweighed(self) -> bool:
        """Whether there is evidence, and it weighs less than the prior: the number mostly rests on the estimate."""
        return bool(self.used) and _outweighed(self.used, self.prior)

    @property
    def samples(self) -> int:
        """The scored items of the results that count."""
        return sum(seen.reading.samples for seen in self.used)


def propensity_of(
    inputs: Inputs, launch: Launch, scenario: Scenario, level: int, coefficients: Coefficients
) -> Propensity:
    """The propensity of a scenario: its posterior, else its stated estimate, else a default by area and level."""
    exposure = judged(inputs, scenario, next(iter(inputs.children(Exposure, "scenario", scenario.id)), None))
    area = inputs.get(RiskArea, scenario.risk_area)
    stated = None if exposure is None or exposure.propensity is None else exposure.propensity
    spread = None
    if exposure is not None and stated is not None:
        spread = estimates.spread_of(inputs, exposure, "propensity")
    evidence = evidence_for(inputs, launch, scenario.id, coefficients)
    watched = watched_before(inputs, launch, scenario, coefficients)
    tries, warnings = tries_of(inputs, scenario, exposure)
    warnings = (*warnings, *evidence.warnings, *watched.warnings)
    used, others = _pool(inputs, (*evidence.observations, *watched.observations), tries)
    set_aside = (*evidence.set_aside, *watched.set_aside, *others)
    if not used:
        if spread is not None and stated is not None:
            return Propensity("estimate", kind_of(stated), spread=spread, set_aside=set_aside, warnings=warnings)
        spread = estimates.spread(default_propensity()[area.area_class, level], "logit", 0.0, 1.0)
        return Propensity("default", "assumed", spread=spread, set_aside=set_aside, warnings=warnings)
    measured = used[0].reading.result.tries
    exponent = max(1.0, tries / measured)
    before = kind_of(stated)
    prior = JEFFREYS if spread is None else beta_of(spread, prior_cap(before, coefficients), exponent)
    return Propensity(
        "evidence",
        before if _outweighed(used, prior) else "measured",
        on=used[0].on,
        spread=spread,
        beta=posterior(prior, used),
        prior=prior,
        gap=_gap(inputs, scenario, area, used, coefficients),
        exponent=exponent,
        upper_bound=measured != tries,
        used=used,
        set_aside=set_aside,
        stale=all(_stale(seen, coefficients) for seen in used),
        warnings=warnings,
    )


def weight_of(used: Iterable[Observation]) -> float:
    """The independent samples of observations, each times its weight."""
    return sum(seen.weight * seen.reading.n for seen in used)


def _outweighed(used: Iterable[Observation], prior: tuple[float, float]) -> bool:
    """Whether observations weigh less than a prior, sum(w n) < a + b, and not only by rounding."""
    return weight_of(used) < sum(prior) * (1 - ROUNDING)


def kind_of(stated: Estimate | None) -> Kind:
    """How an estimate is known; where there is none, nobody has said anything: assumed."""
    kinds: dict[str, Kind] = {"measured": "measured", "elicited": "elicited"}
    return "assumed" if stated is None else kinds.get(stated.kind, "assumed")


def prior_cap(kind: str, coefficients: Coefficients) -> float:
    """The samples that an estimate of this kind is worth at most."""
    return coefficients.prior_cap_assumed if kind == "assumed" else coefficients.prior_cap_elicited


def posterior(prior: tuple[float, float], used: Iterable[Observation]) -> tuple[float, float]:
    """The Beta (a, b) after weighted failures and successes (power prior, Ibrahim & Chen 2000)."""
    a, b = prior
    for seen in used:
        a += seen.weight * seen.reading.failures
        b += seen.weight * (seen.reading.n - seen.reading.failures)
    return a, b


def beta_of(spread: Spread, cap: float, exponent: float = 1.0) -> tuple[float, float]:
    """The Beta with an estimate's mean and variance, worth at most `cap` samples.

    With an exponent t the estimate is of a campaign and the Beta of one of its t tries. An
    estimate of exactly 0 or 1 says nothing a sample could contradict: Beta(.5, .5).
    """

    def single(theta: Floats) -> Floats:
        return -np.expm1(np.log1p(-np.minimum(theta, 1 - 1e-15)) / exponent)

    mu = estimates.expect(spread, single)
    variance = estimates.expect(spread, lambda theta: np.square(single(theta) - mu))
    if not 0 < mu < 1:
        return JEFFREYS
    size = cap if variance <= 0 else min(cap, mu * (1 - mu) / variance - 1)
    return (mu * size, (1 - mu) * size) if size > 0 else JEFFREYS


def draw(propensity: Propensity, z: Floats, gap_z: Floats) -> Floats:
    """The propensity at standard normal deviates of itself and of its elicitation gap."""
    if propensity.origin != "evidence" and propensity.spread is not None:
        return estimates.at(propensity.spread, z)
    odds = _beta_curve(propensity.beta)(z)
    if propensity.gap is not None:
        odds = odds + (_gap_curve(propensity.gap)(gap_z) if propensity.gap.sd else propensity.gap.mu)
    return _campaign(expit(odds), propensity.exponent)


def mean(propensity: Propensity) -> float:
    """The mean: closed form for a Beta and its campaign, otherwise 128 x 32-point Gauss-Legendre."""
    if propensity.origin != "evidence" and propensity.spread is not None:
        return estimates.mean(propensity.spread)
    return _summary(propensity.beta, propensity.gap, propensity.exponent)[0]


def points(propensity: Propensity) -> tuple[float, float, float]:
    """The 5, 50 and 95 % points."""
    if propensity.origin != "evidence" and propensity.spread is not None:
        low, median, high = estimates.at(propensity.spread, _POINTS)
        return float(low), float(median), float(high)
    return _summary(propensity.beta, propensity.gap, propensity.exponent)[1:]


@functools.lru_cache(maxsize=1 << 14)
def _summary(beta: tuple[float, float], gap: Gap | None, exponent: float) -> tuple[float, float, float, float]:
    """The mean of what evidence tells, and its 5, 50 and 95 % points."""
    if gap is not None:
        values, weights = _grid(beta, gap, exponent)
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(weights[order]) - weights[order] / 2
        low, median, high = np.interp(normal_cdf(_POINTS), reached, values[order])
        return float(values @ weights), float(low), float(median), float(high)
    low, median, high = _campaign(beta_quantile(*beta, normal_cdf(_POINTS)), exponent)
    a, b = beta
    mean = a / (a + b)
    if exponent != 1:
        mean = float(-np.expm1(special.betaln(a, b + exponent) - special.betaln(a, b)))
    return mean, float(low), float(median), float(high)


@functools.lru_cache(maxsize=1 << 12)
def _beta_curve(beta: tuple[float, float]) -> Curve:
    """The logit of a Beta variable as a function of a standard normal deviate."""

    def odds(z: Floats) -> Floats:
        a, b = beta
        ends = beta_quantile(a, b, normal_cdf(z)), beta_quantile(b, a, normal_cdf(-z))
        below, above = (np.log(np.maximum(end, 1e-300)) for end in ends)
        return below - above

    return curve(odds, -PIECES, PIECES, FARTHEST / PIECES)


@functools.lru_cache(maxsize=1 << 8)
def _gap_curve(gap: Gap) -> Curve:
    """The gap as a function of a standard normal deviate."""

    def delta(z: Floats) -> Floats:
        return _gap_at(gap, normal_cdf(-z))

    return curve(delta, -PIECES, PIECES, FARTHEST / PIECES)


def _campaign(theta: Floats, exponent: float) -> Floats:
    """The tries of a campaign: 1 - (1 - theta)^t, an upper bound."""
    if exponent == 1:
        return theta
    with np.errstate(divide="ignore"):
        return -np.expm1(exponent * np.log1p(-theta))


def _gap_at(gap: Gap, above: Floats) -> Floats:
    """The gap at points with these shares of its distribution, N(mu, sd) cut off at 0, above them."""
    if gap.sd == 0:
        return np.full_like(above, gap.mu)
    return gap.mu - gap.sd * normal_quantile(above * normal_cdf(gap.mu / gap.sd))


def _grid(beta: tuple[float, float], gap: Gap, exponent: float) -> tuple[Floats, Floats]:
    """Values of a propensity over its own and the gap's distribution, with weights that sum to 1."""
    own, first = _legendre(128)
    above, second = _legendre(32)
    odds = logit(beta_quantile(*beta, own))[:, None] + _gap_at(gap, above)[None, :]
    values = _campaign(expit(odds), exponent)
    return values.ravel(), np.outer(first, second).ravel()


@functools.cache
def _legendre(count: int) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes on (0, 1) and their weights."""
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, weights / 2


def tries_of(inputs: Inputs, scenario: Scenario, exposure: Exposure | None) -> tuple[int, tuple[ModelWarning, ...]]:
    """How many tries one opportunity is: those of the actor when opportunities are campaigns."""
    if exposure is None or exposure.unit != "campaign":
        return 1, ()
    if scenario.actor is None:
        message = "Its opportunities are campaigns, but no actor says how many tries one has: 1 is taken."
        return 1, (ModelWarning(named(inputs, scenario), "actor", message),)
    return inputs.get(ActorProfile, scenario.actor).tries, ()


def _pool(
    inputs: Inputs, observations: Iterable[Observation], tries: int
) -> tuple[tuple[Observation, ...], tuple[tuple[str, str], ...]]:
    """The observations pooled, and those only shown: one group of the same safeguards and tries counts.

    A group measured at the tries of the scenario goes first, then the largest total weight, then
    the most samples.
    """
    groups: dict[tuple[int, tuple[str, ...]], list[Observation]] = defaultdict(list)
    codes: dict[frozenset[int], tuple[str, ...]] = {}
    set_aside: list[tuple[str, str]] = []
    for seen in observations:
        if seen.weight <= 0:
            set_aside.append((seen.reading.record, "Its relevance is 0."))
            continue
        if seen.on not in codes:
            codes[seen.on] = tuple(sorted(inputs.get(MitigationVariant, variant).code for variant in seen.on))
        groups[seen.reading.result.tries, codes[seen.on]].append(seen)
    if not groups:
        return (), tuple(set_aside)

    def order(key: tuple[int, tuple[str, ...]]) -> tuple[bool, float, float, int, tuple[str, ...]]:
        weights = [seen.weight for seen in groups[key]]
        worth = [seen.weight * seen.reading.n for seen in groups[key]]
        return (key[0] != tries, -sum(weights), -sum(worth), *key)

    best = min(groups, key=order)
    for key, group in groups.items():
        reason = "Other safeguards were on." if key[1] != best[1] else "It had another number of tries."
        set_aside.extend((seen.reading.record, reason) for seen in group if key != best)
    return tuple(groups[best]), tuple(set_aside)


def _gap(
    inputs: Inputs,
    scenario: Scenario,
    area: RiskArea,
    used: Iterable[Observation],
    coefficients: Coefficients,
) -> Gap | None:
    """The gap of the weakest elicitation pooled, for malicious actors and tracked capabilities only."""
    malicious = scenario.actor is not None and inputs.get(ActorProfile, scenario.actor).intent == "malicious"
    if not malicious and area.area_class != "tracked":
        return None
    words = {seen.reading.result.elicitation for seen in used}
    weakest = max(_ELICITED.index("weak" if word == "unknown" else word) for word in words)
    mu = (0.0, coefficients.elicitation_partial, coefficients.elicitation_weak)[weakest]
    return None if weakest == 0 else Gap(mu, coefficients.elicitation_sd)


def _stale(seen: Observation, coefficients: Coefficients) -> bool:
    """Whether a result is of another build, of unknown age, or older than one half-life."""
    return not seen.fresh or seen.age_days is None or seen.age_days > coefficients.half_life_days

"""The effects of one launch as arrays: who acts where, how well, and with how much credit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.records import Effect, Inputs, Launch, Mitigation, MitigationVariant
from launchpad.scoring import estimates, propensity
from launchpad.scoring.arrays import Bools, Floats, Ints
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.estimates import Spread
from launchpad.scoring.kept import Kept
from launchpad.scoring.mitigations import (
    DETECTION,
    PROPENSITY,
    STAGE_ORDER,
    campaign_efficacy,
    operational_efficacy,
    reliability,
)
from launchpad.scoring.risks import Risk

_STAGES: dict[str, int] = {name: number for number, name in enumerate(STAGE_ORDER)}


@dataclass(frozen=True, slots=True)
class Acting:
    """One effect on its own: the spreads behind its efficacy, their means, and the share of time it works as meant.

    `print` holds all its draws depend on.
    """

    row: Effect
    address: str
    coverage: Spread
    intended: Spread
    cover: float
    meant: float
    reliable: float
    print: bytes


@dataclass(frozen=True)
class Effects:
    """Every effect of a launch, sorted by scenario, stage, family and variant; all arrays are (E,).

    `scenario`, `stage` (into STAGE_ORDER), `family` (into `families`; a mitigation without a
    family is one of its own) and `variant` are indexes. `efficacy` is the mean operational
    efficacy before any discount, -1 to 1; `discount` the share credited at its evidence level,
    `unverified` the share while the evaluation that verifies its variant is missing. `seen` marks
    what was on in the scenario's evidence and acts on propensity or detection: the evidence holds
    it, so today and in a plan it earns only the ratio. `coverage` and `intended` are the spreads
    behind `efficacy`, `reliable` the share of time it works as meant. An efficacy counted in single
    attempts is converted to campaigns of `tries` attempts at the propensity of the scenario; `tries`
    is 1 where there is nothing to convert. `starts` (S + 1,) is where the effects of each scenario begin.
    """

    rows: tuple[Effect, ...]
    addresses: tuple[str, ...]
    families: tuple[str, ...]
    scenario: Ints
    stage: Ints
    family: Ints
    variant: Ints
    coverage: tuple[Spread, ...]
    intended: tuple[Spread, ...]
    reliable: Floats
    tries: Ints
    efficacy: Floats
    discount: Floats
    unverified: Floats
    seen: Bools
    starts: Ints
    prints: tuple[bytes, ...]

    @property
    def cell(self) -> Ints:
        """Scenario and stage as one index: scenario x stages + stage."""
        return self.scenario * len(STAGE_ORDER) + self.stage

    def of(self, scenario: int) -> slice:
        """The effects on the scenario at this place."""
        return slice(int(self.starts[scenario]), int(self.starts[scenario + 1]))


def effects_of(
    inputs: Inputs,
    launch: Launch,
    risks: Sequence[Risk],
    variants: Sequence[MitigationVariant],
    on: Bools,
    coefficients: Coefficients,
    kept: Kept,
) -> Effects:
    """The effects of a launch on the scenarios of these risks (S) by these variants (V); `on` is (S, V)."""
    scenario_index = {risk.scenario.id: index for index, risk in enumerate(risks)}
    variant_index = {variant.id: index for index, variant in enumerate(variants)}
    family_name = {variant.id: _family(inputs, variant) for variant in variants}
    known = [row for row in inputs.rows(Effect, launch.id) if row.scenario in scenario_index]
    families = tuple(sorted({family_name[row.variant] for row in known}))

    def place(row: Effect) -> tuple[int, int, str, int, str]:
        stage, family = _STAGES[row.stage], family_name[row.variant]
        return scenario_index[row.scenario], stage, family, variant_index[row.variant], row.evidence_level

    acting = [kept.same(("effect", row.id), acting_of, row, inputs.address(row)) for row in sorted(known, key=place)]
    rows = tuple(one.row for one in acting)
    scenario = _ints(scenario_index[row.scenario] for row in rows)
    stage = _ints(_STAGES[row.stage] for row in rows)
    variant = _ints(variant_index[row.variant] for row in rows)
    family_index = {name: number for number, name in enumerate(families)}
    reliable = _floats(one.reliable for one in acting)
    within = (stage == PROPENSITY) | (stage == DETECTION)
    attempted = within & np.array([row.per == "attempt" for row in rows], dtype=np.bool_)
    tries = np.where(attempted, _ints(risk.tries for risk in risks)[scenario], 1)
    theta = _floats(propensity.mean(risk.propensity) for risk in risks)[scenario]
    single = operational_efficacy(
        _floats(one.cover for one in acting),
        _floats(one.meant for one in acting),
        _floats(row.degraded for row in rows),
        reliable,
    )
    discount = _floats(coefficients.discount(row.evidence_level) for row in rows)
    return Effects(
        rows=rows,
        addresses=tuple(one.address for one in acting),
        families=families,
        scenario=scenario,
        stage=stage,
        family=_ints(family_index[family_name[row.variant]] for row in rows),
        variant=variant,
        coverage=tuple(one.coverage for one in acting),
        intended=tuple(one.intended for one in acting),
        reliable=reliable,
        tries=tries,
        efficacy=campaign_efficacy(single, theta, tries),
        discount=discount,
        unverified=np.minimum(discount, coefficients.discount_assumed),
        seen=on[scenario, variant] & within,
        starts=np.searchsorted(scenario, np.arange(len(risks) + 1)),
        prints=tuple(one.print for one in acting),
    )


def acting_of(row: Effect, address: str) -> Acting:
    """One effect of a launch on its own."""
    coverage = estimates.spread_called(row, "coverage", address)
    intended = estimates.spread_called(row, "intended", address)
    reliable = reliability(row.variance_frequency, row.variance_days)
    told = repr((address, coverage, intended, row.degraded, reliable))
    means = estimates.mean(coverage), estimates.mean(intended)
    return Acting(row, address, coverage, intended, *means, reliable, told.encode())


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)


def _family(inputs: Inputs, variant: MitigationVariant) -> str:
    """A family by name, or the mitigation's own code marked so that it never meets a family's name."""
    mitigation = inputs.get(Mitigation, variant.mitigation)
    return f"family {mitigation.family}" if mitigation.family else f"alone {mitigation.code}"

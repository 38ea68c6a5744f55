"""The effects of one launch as arrays: who acts where, how well, and with how much credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.records import Effect, Inputs, Launch, Mitigation, MitigationVariant
from launchpad.scoring import estimates, propensity
from launchpad.scoring.arrays import Bools, Floats, Ints
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.estimates import Spread
from launchpad.scoring.mitigations import (
    DETECTION,
    PROPENSITY,
    STAGE_ORDER,
    campaign_efficacy,
    operational_efficacy,
    reliability,
)
from launchpad.scoring.risks import Risk


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
    is 1 where there is nothing to convert.
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

    @property
    def cell(self) -> Ints:
        """Scenario and stage as one index: scenario x stages + stage."""
        return self.scenario * len(STAGE_ORDER) + self.stage


def effects_of(
    inputs: Inputs,
    launch: Launch,
    risks: Sequence[Risk],
    variants: Sequence[MitigationVariant],
    on: Bools,
    coefficients: Coefficients,
) -> Effects:
    """The effects of a launch on the scenarios of these risks (S) by these variants (V); `on` is (S, V)."""
    scenario_index = {risk.scenario.id: index for index, risk in enumerate(risks)}
    variant_index = {variant.id: index for index, variant in enumerate(variants)}
    family_name = {variant.id: _family(inputs, variant) for variant in variants}
    known = [row for row in inputs.rows(Effect, launch.id) if row.scenario in scenario_index]
    families = tuple(sorted({family_name[row.variant] for row in known}))

    def place(row: Effect) -> tuple[int, int, str, int]:
        stage = STAGE_ORDER.index(row.stage)  # pyright: ignore[reportArgumentType] - checked at the door
        return scenario_index[row.scenario], stage, family_name[row.variant], variant_index[row.variant]

    rows = tuple(sorted(known, key=lambda row: (*place(row), row.evidence_level)))
    scenario = _of(rows, scenario_index, "scenario")
    variant = _of(rows, variant_index, "variant")
    stage = np.array([place(row)[1] for row in rows], dtype=np.int64)
    coverage = tuple(estimates.spread_of(inputs, row, "coverage") for row in rows)
    intended = tuple(estimates.spread_of(inputs, row, "intended") for row in rows)
    reliable = [reliability(row.variance_frequency, row.variance_days) for row in rows]
    per_attempt = np.array([row.per == "attempt" for row in rows], dtype=np.bool_)
    attempted = per_attempt & ((stage == PROPENSITY) | (stage == DETECTION))
    tries = np.where(attempted, np.array([risk.tries for risk in risks], dtype=np.int64)[scenario], 1)
    theta = [propensity.mean(risks[scenario_index[row.scenario]].propensity) for row in rows]
    efficacy = [
        campaign_efficacy(
            operational_efficacy(estimates.mean(cover), estimates.mean(meant), row.degraded, share), chance, count
        )
        for row, cover, meant, share, chance, count in zip(
            rows, coverage, intended, reliable, theta, tries.tolist(), strict=True
        )
    ]
    discount = np.array([coefficients.discount(row.evidence_level) for row in rows], dtype=np.float64)
    return Effects(
        rows=rows,
        addresses=tuple(inputs.address(row) for row in rows),
        families=families,
        scenario=scenario,
        stage=stage,
        family=_of(rows, {row.variant: families.index(family_name[row.variant]) for row in rows}, "variant"),
        variant=variant,
        coverage=coverage,
        intended=intended,
        reliable=np.array(reliable, dtype=np.float64),
        tries=tries,
        efficacy=np.array(efficacy, dtype=np.float64),
        discount=discount,
        unverified=np.minimum(discount, coefficients.discount_assumed),
        seen=on[scenario, variant] & ((stage == PROPENSITY) | (stage == DETECTION)),
    )


def _of(rows: Sequence[Effect], index: Mapping[int, int], name: str) -> Ints:
    return np.array([index[getattr(row, name)] for row in rows], dtype=np.int64)


def _family(inputs: Inputs, variant: MitigationVariant) -> str:
    """A family by name, or the mitigation's own code marked so that it never meets a family's name."""
    mitigation = inputs.get(Mitigation, variant.mitigation)
    return f"family {mitigation.family}" if mitigation.family else f"alone {mitigation.code}"

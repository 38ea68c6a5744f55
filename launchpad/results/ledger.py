"""The two sides of each mitigation: what it takes away, what it adds, and whether its credit stands under overlap."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from launchpad.results.mitigations import alerts
from launchpad.results.one_by_one import Left, left_in, one_by_one
from launchpad.results.options import apart
from launchpad.scoring.mitigations import OVERLAPS, overlaps
from launchpad.scoring.model import Model, State
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions, objective_of
from launchpad.scoring.side_effects import Alerts, burden


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One variant against none of its mitigation, all else as in the state; summed over what is not catastrophic.

    Taken away, in the units of the totals, negative where it adds: `technical`, `harm_stories` (reputational risk of
    violations that become public) and `refusal_stories` (that of benign requests turned away; negative for a safeguard
    that refuses). Added: `false_refusal` and `latency_ms` on the worst surface, `cost` a month, `capability` change in
    points by suite. `alerts` are what it raises a day as a monitor, with precision, by surface. `on` says whether it
    is on in the state.
    """

    mitigation: str
    variant: str
    on: bool
    technical: float
    harm_stories: float
    refusal_stories: float
    false_refusal: float
    latency_ms: float
    cost: float
    capability: Mapping[str, float]
    alerts: tuple[Alerts, ...]

    @property
    def reputational(self) -> float:
        """What it takes from reputational risk, both sides together."""
        return self.harm_stories + self.refusal_stories


@dataclass(frozen=True, slots=True)
class StressRow:
    """The gain of one variant under the three kinds of overlap: `gains` as a share of the state's objective at beta,
    `technical` in harm units.

    `kept` is the gain at comonotone as a share of that at independent, None without a gain; `collapses` where it is
    less than the coefficient `collapse_share`.
    """  # noqa: D205 - one sentence

    mitigation: str
    variant: str
    on: bool
    gains: Mapping[str, float]
    technical: Mapping[str, float]
    kept: float | None
    collapses: bool


def ledger(model: Model, state: State | None = None) -> tuple[LedgerRow, ...]:
    """Every variant with both its sides, by code, in a state (the current one without); attribution as it is there.

    A variant not yet verified keeps the credit of assumed. Overlap is at the beta factors of the project.
    """
    state = state or model.current
    blamed = blame(attributions(model, state), model.coefficients)
    raised = alerts(model)

    pairs, nobody = one_by_one(model, state, blamed), np.zeros(len(model.side.surfaces))
    found: list[LedgerRow] = []
    for index, variant in enumerate(model.variants):
        before, after = pairs[index]
        costs = [burden(model.side, each.active, nobody) for each in apart(model, state, index)]
        suites = sorted(costs[1].capability)
        found.append(
            LedgerRow(
                mitigation=model.mitigations[int(model.mitigation[index])].code,
                variant=variant.code,
                on=bool(state.active[index]),
                technical=before.technical - after.technical,
                harm_stories=before.harm_stories - after.harm_stories,
                refusal_stories=before.refusal_stories - after.refusal_stories,
                false_refusal=after.refused - before.refused,
                latency_ms=costs[1].latency_ms - costs[0].latency_ms,
                cost=costs[1].cost - costs[0].cost,
                capability=MappingProxyType({s: costs[1].capability[s] - costs[0].capability[s] for s in suites}),
                alerts=tuple(one for one in raised if one.variant == variant.code),
            )
        )
    return tuple(found)


def stress(model: Model, state: State | None = None) -> tuple[StressRow, ...]:
    """Every variant's gain under independent, beta and comonotone overlap, those whose credit collapses first.

    Each gain is the weighted residual without it less with it, all three over the state's own at beta, so that they
    compare. Within each group by falling gain at independent.
    """
    state = state or model.current
    blamed = blame(attributions(model, state), model.coefficients)

    today = left_in(model, state, blamed).parts
    cases = overlaps(model.coefficients)
    pairs = {name: one_by_one(model, state, blamed, cases[name]) for name in OVERLAPS}
    found: list[StressRow] = []
    for index in range(len(model.variants)):
        sides = {name: pairs[name][index] for name in OVERLAPS}
        gains = {
            name: objective_of(model.weights, before.parts, today) - objective_of(model.weights, after.parts, today)
            for name, (before, after) in sides.items()
        }
        found.append(_stressed(model, state, index, gains, sides))
    return tuple(sorted(found, key=lambda row: (not row.collapses, -row.gains["independent"], row.variant)))


def _stressed(
    model: Model, state: State, index: int, gains: Mapping[str, float], sides: Mapping[str, tuple[Left, Left]]
) -> StressRow:
    apart, together = gains["independent"], gains["comonotone"]
    share = together / apart if apart > 0 else None
    return StressRow(
        mitigation=model.mitigations[int(model.mitigation[index])].code,
        variant=model.variants[index].code,
        on=bool(state.active[index]),
        gains=MappingProxyType(dict(gains)),
        technical=MappingProxyType({name: less.technical - more.technical for name, (less, more) in sides.items()}),
        kept=share,
        collapses=share is not None and share < model.coefficients.collapse_share,
    )

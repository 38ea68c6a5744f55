"""What mitigations cost people who meant no harm: refusals, latency, capability, money; and what monitors find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.records import Inputs, Launch, MitigationVariant, Scenario, SideEffect, Surface
from launchpad.scoring import estimates
from launchpad.scoring.arrays import Bools, Floats, Ints
from launchpad.scoring.estimates import Spread
from launchpad.scoring.kept import Kept


@dataclass(frozen=True)
class SideEffects:
    """The side effects of V variants on F surfaces and S scenarios; no surfaces at all count as one without a name.

    `refusal` (V, F) mean false refusal of benign requests, `latency` (V, F) added p95
    milliseconds, `cost` (V,) per month, `capability` {suite: (V,)} change in points, `requests`
    (F,) per day, nan where unknown. `turned_away` (V, S) is the mean false refusal a variant adds
    to an over-refusal scenario, 0 for others; `row_behind` (V, S) the index in `rows` it comes
    from, -1 for none. `spreads` holds each row's false refusal, None where it has none; `prints`
    what the draws of each row depend on.
    """

    rows: tuple[SideEffect, ...]
    addresses: tuple[str, ...]
    spreads: tuple[Spread | None, ...]
    surfaces: tuple[Surface | None, ...]
    requests: Floats
    refusal: Floats
    latency: Floats
    cost: Floats
    capability: Mapping[str, Floats]
    turned_away: Floats
    row_behind: Ints
    prints: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Refusing:
    """One side effect on its own: its false refusal, None where it has none, and all its draws depend on."""

    row: SideEffect
    address: str
    spread: Spread | None
    mean: float
    print: bytes


@dataclass(frozen=True, slots=True)
class Burden:
    """What a state costs: `refused` share of benign requests and `latency` by surface (F,), sums for the rest."""

    refused: Floats
    latency: Floats
    cost: float
    capability: Mapping[str, float]

    @property
    def over_refusal(self) -> float:
        """The share of benign requests turned away on the worst surface."""
        return float(self.refused.max())

    @property
    def latency_ms(self) -> float:
        """The latency added on the slowest surface."""
        return float(self.latency.max())


@dataclass(frozen=True, slots=True)
class Alerts:
    """What one monitor raises a day on one surface, and the share of alerts that are true."""

    variant: str
    surface: str
    per_day: float
    precision: float | None


def refusing_of(row: SideEffect, address: str) -> Refusing:
    """One side effect of a launch on its own."""
    spread = None if row.false_refusal is None else estimates.spread_called(row, "false_refusal", address)
    mean = 0.0 if spread is None else estimates.mean(spread)
    return Refusing(row, address, spread, mean, repr((address, spread)).encode())


def side_effects_of(
    inputs: Inputs,
    launch: Launch,
    scenarios: Sequence[Scenario],
    variants: Sequence[MitigationVariant],
    kept: Kept,
) -> SideEffects:
    """The side effects of a launch; a row for one surface goes before a row for all of them."""
    known = sorted(inputs.rows(Surface, launch.id), key=lambda row: row.code)
    surfaces: tuple[Surface | None, ...] = tuple(known) or (None,)
    known_rows = inputs.rows(SideEffect, launch.id)
    each = [kept.same(("side effect", row.id), refusing_of, row, inputs.address(row)) for row in known_rows]
    each.sort(key=lambda one: one.address)
    rows = tuple(one.row for one in each)
    variant_index = {variant.id: index for index, variant in enumerate(variants)}
    behind = _rows_by_surface(rows, variant_index, surfaces)
    means = np.array([*(one.mean for one in each), 0.0])
    latency = np.array([row.latency_ms or 0.0 for row in rows] + [0.0])
    refusal = means[behind]
    row_behind = _rows_by_scenario(behind, refusal, scenarios, surfaces)
    return SideEffects(
        rows=rows,
        addresses=tuple(one.address for one in each),
        spreads=tuple(one.spread for one in each),
        surfaces=surfaces,
        requests=np.array([_requests(surface) for surface in surfaces]),
        refusal=refusal,
        latency=latency[behind],
        cost=_sums(rows, variant_index, "run_cost"),
        capability={
            suite: _sums([row for row in rows if (row.capability_suite or "") == suite], variant_index, "capability")
            for suite in sorted({row.capability_suite or "" for row in rows if row.capability is not None})
        },
        turned_away=means[row_behind],
        row_behind=row_behind,
        prints=tuple(one.print for one in each),
    )


def burden(side: SideEffects, active: Bools, base: Floats) -> Burden:
    """The side effects of the variants that are on; `base` (F,) is the share of requests the model itself refuses."""
    kept = np.prod(1 - side.refusal[active], axis=0)
    return Burden(
        refused=base + (1 - base) * (1 - kept),
        latency=side.latency[active].sum(axis=0),
        cost=float(side.cost[active].sum()),
        capability={suite: float(change[active].sum()) for suite, change in side.capability.items()},
    )


def alerts_per_day(
    requests: float, prevalence: float, true_positive: float, false_positive: float
) -> tuple[float, float | None]:
    """Alerts a day Q (pi TPR + (1 - pi) FPR), and the share of them that are true (None without alerts)."""
    true = requests * prevalence * true_positive
    total = true + requests * (1 - prevalence) * false_positive
    return total, (true / total if total > 0 else None)


def _rows_by_surface(
    rows: Sequence[SideEffect], variant_index: Mapping[int, int], surfaces: Sequence[Surface | None]
) -> Ints:
    """(V, F) the row that holds for a variant on a surface, -1 for none."""
    behind = np.full((len(variant_index), len(surfaces)), -1, dtype=np.int64)
    columns = {surface.id: column for column, surface in enumerate(surfaces) if surface is not None}
    for number, row in enumerate(rows):
        if row.surface is None:
            behind[variant_index[row.variant]] = number
    for number, row in enumerate(rows):
        if row.surface in columns:
            behind[variant_index[row.variant], columns[row.surface]] = number
    return behind


def _rows_by_scenario(
    behind: Ints, refusal: Floats, scenarios: Sequence[Scenario], surfaces: Sequence[Surface | None]
) -> Ints:
    """(V, S) the row that turns away an over-refusal scenario's requests: on its surface, else the worst one."""
    found = np.full((behind.shape[0], len(scenarios)), -1, dtype=np.int64)
    columns = {surface.id: column for column, surface in enumerate(surfaces) if surface is not None}
    worst = behind[np.arange(behind.shape[0]), refusal.argmax(axis=1)] if behind.size else behind[:, 0]
    for index, scenario in enumerate(scenarios):
        if scenario.over_refusal:
            found[:, index] = worst if scenario.surface is None else behind[:, columns[scenario.surface]]
    return found


def _sums(rows: Sequence[SideEffect], variant_index: Mapping[int, int], name: str) -> Floats:
    total = np.zeros(len(variant_index))
    for row in rows:
        total[variant_index[row.variant]] += getattr(row, name) or 0.0
    return total


def _requests(surface: Surface | None) -> float:
    known = None if surface is None else surface.requests_per_day
    return float("nan") if known is None else known

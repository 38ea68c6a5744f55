"""Why a total is what it is: what each scenario, side effect or draw adds to it."""

from collections.abc import Callable, Iterator

import numpy as np

from launchpad.results.rows import Results, TotalRow
from launchpad.results.sensitivity import known_by
from launchpad.scoring.arrays import Floats, Ints
from launchpad.scoring.model import Model, State
from launchpad.scoring.residual import base_refusal, residual
from launchpad.scoring.why import Factor, Kind

FIRST = 10
"""Scenarios unfolded one by one; the others are told together."""
NAMES = {
    "technical": "Technical risk",
    "reputational": "Reputational risk",
    "var95": "VaR 95 of technical risk",
    "cvar95": "CVaR 95 of technical risk",
    "over_refusal": "Benign requests refused on the worst surface",
    "latency": "Latency added on the slowest surface, p95 ms",
    "cost": "Run cost per month",
    "capability": "Change of capability, points over all suites",
}
_ALSO = {"false_refusal": "over_refusal", "latency_ms": "latency"}

Unfold = Callable[[int, State], Factor]
"""From a place on axis S to what stands under the technical risk of a scenario in a state."""


def of_total(results: Results, words: str, unfold: Unfold) -> Factor | None:
    """The tree under a total, called as `cvar95` (today) or `planned/technical`; None for any other words."""
    state_name, _, name = words.casefold().rpartition("/")
    state_name, name = state_name or "current", _ALSO.get(name, name)
    state = next((state for state in results.model.states if state.name == state_name), None)
    total = results.totals.get(state_name)
    if name not in NAMES or state is None or total is None:
        return None
    label = f"{NAMES[name]}, {state_name}"
    if name in ("technical", "reputational"):
        return _sum(results, state, label, name, unfold)
    if name in ("var95", "cvar95"):
        return _tail(results, state, label, name, total, unfold)
    return _burden(results.model, state, label, name, total)


def _sum(results: Results, state: State, label: str, name: str, unfold: Unfold) -> Factor:
    """A sum over scenarios: the largest unfolded, the others together, catastrophic ones apart."""
    model = results.model
    left = residual(model, state).technical
    stories = [row.reputational_states.get(state.name) or 0.0 for row in results.scenarios]
    amounts: Floats = left if name == "technical" else np.array(stories)
    summed = np.flatnonzero(model.summed)
    order = summed[np.argsort(-amounts[summed], kind="stable")]
    parts: list[Factor] = []
    for index in (int(place) for place in order[:FIRST]):
        row = results.scenarios[index]
        if name == "technical":
            below = (unfold(index, state),)
            parts.append(Factor(row.name, float(amounts[index]), "computed", f"scenario {row.code}", "", below))
        else:
            note = "" if row.assumed_share is None else f"{row.assumed_share:.0%} of its factors are assumed"
            parts.append(Factor(row.name, float(amounts[index]), "computed", f"scenario {row.code}", note))
    if order.size > FIRST:
        rest = float(amounts[order[FIRST:]].sum())
        parts.append(Factor(f"{order.size - FIRST} further scenarios", rest, "computed"))
    apart = [row.code for row in results.scenarios if row.catastrophic]
    note = "the sum of:" if not apart else f"the sum of what follows; catastrophic and never in it: {', '.join(apart)}"
    return Factor(label, float(amounts[summed].sum()), "computed", note=note, parts=tuple(parts))


def _tail(results: Results, state: State, label: str, name: str, total: TotalRow, unfold: Unfold) -> Factor:
    """A figure of the worst draws: how it was read off, and the mean loss that was drawn around."""
    value, error = getattr(total, name), getattr(total, f"{name}_error")
    if value is None:
        return Factor(label, None, "computed", note="not drawn yet")
    how = "the loss that 5 % of draws exceed" if name == "var95" else "the mean loss of the worst 5 % of draws"
    note = f"{how}; {results.draws:,} draws, seed {results.seed}, Monte Carlo error {error:.3g}"
    return Factor(label, value, "computed", note=note, parts=(_sum(results, state, "Mean loss", "technical", unfold),))


def _burden(model: Model, state: State, label: str, name: str, total: TotalRow) -> Factor:
    """What side effects add: every variant that is on and does."""
    side, on = model.side, np.flatnonzero(state.active)
    if name == "over_refusal":
        base = base_refusal(model, state)
        column = int(np.argmax(base + (1 - base) * (1 - np.prod(1 - side.refusal[on], axis=0))))
        own = Factor("Refused by the model itself", float(base[column]), "computed", _surface(model, column))
        parts = (own, *_variants(model, on, side.refusal[:, column], column, refused=True))
        return Factor(label, total.over_refusal, "computed", note="1 less the product of 1 less each of:", parts=parts)
    if name == "latency":
        column = int(np.argmax(side.latency[on].sum(axis=0)))
        parts = tuple(_variants(model, on, side.latency[:, column], column))
        return Factor(label, total.latency_ms, "computed", _surface(model, column), "the sum of:", parts)
    if name == "cost":
        parts = tuple(_variants(model, on, side.cost, None))
        return Factor(label, total.cost, "computed", note="the sum of:", parts=parts)
    suites = tuple(
        Factor(
            suite or "No suite named",
            float(change[on].sum()),
            "computed",
            parts=tuple(_variants(model, on, change, None)),
        )
        for suite, change in side.capability.items()
    )
    return Factor(label, sum(total.capability.values()), "computed", note="the sum of:", parts=suites)


def _variants(
    model: Model, on: Ints, amounts: Floats, column: int | None, *, refused: bool = False
) -> Iterator[Factor]:
    """What each variant that is on adds, with the side effect it comes from."""
    for place in (int(each) for each in on if amounts[each] != 0):
        variant = model.variants[place]
        kind: Kind = "stated"
        found = [
            number
            for number, row in enumerate(model.side.rows)
            if row.variant == variant.id and (column is None or row.surface in (None, _id(model, column)))
        ]
        refusal = None if not found else model.side.rows[found[-1]].false_refusal
        if refused and refusal is not None:
            kind = known_by(refusal.kind)
        source = f"side_effect {model.side.addresses[found[-1]]}" if found else f"mitigation_variant {variant.code}"
        yield Factor(variant.code, float(amounts[place]), kind, source)


def _surface(model: Model, column: int) -> str:
    surface = model.side.surfaces[column]
    return "" if surface is None else f"surface {surface.code}"


def _id(model: Model, column: int) -> int | None:
    surface = model.side.surfaces[column]
    return None if surface is None else surface.id

"""Tolerances: what a launch may lose, do or cost, against what it has now and would have with the plan."""

from collections.abc import Mapping, Sequence

from launchpad.records import Tolerance
from launchpad.results.rows import ToleranceRow
from launchpad.results.simulated import Simulated
from launchpad.scoring.model import Model
from launchpad.scoring.residual import Residual
from launchpad.scoring.side_effects import Burden
from launchpad.scoring.technical import probability_above


def of_scenarios(model: Model, tolerances: Sequence[Tolerance]) -> dict[int, tuple[float, ...]]:
    """The limits of each scenario, tightest first, by place on axis S: of events where catastrophic, else of loss."""
    found: dict[int, tuple[float, ...]] = {}
    for row in tolerances:
        index = None if row.scenario is None else model.scenario_index.get(row.scenario)
        if index is not None and row.measure == ("events" if model.catastrophic[index] else "technical"):
            found[index] = tuple(sorted({row.limit, *found.get(index, ())}))
    return found


def of_launch(tolerances: Sequence[Tolerance]) -> float | None:
    """The tightest limit on the technical loss of the whole launch, or None."""
    whole = [row.limit for row in tolerances if row.measure == "technical" and row.scenario is None]
    return min(whole, default=None)


def rows(
    model: Model,
    tolerances: Sequence[Tolerance],
    left: Mapping[str, Mapping[str, Residual]],
    drawn: Simulated | None,
    burdens: Mapping[str, Burden],
) -> tuple[ToleranceRow, ...]:
    """Every tolerance against the current and, with a plan, the planned state; chances are None until drawn."""
    found: list[ToleranceRow] = []
    for row in tolerances:
        values = {name: _value(model, row, left[name]["beta"], drawn, name, burdens[name]) for name in left}
        current, planned = values["current"], values.get("planned")
        found.append(
            ToleranceRow(
                code=row.code,
                name=row.name,
                measure=row.measure,
                limit=row.limit,
                probability=row.probability,
                current=current,
                planned=planned,
                within=_within(row, current),
                within_planned=_within(row, planned),
            )
        )
    return tuple(found)


def _within(row: Tolerance, value: float | None) -> bool | None:
    allowed = row.limit if row.probability is None or row.measure not in _CHANCES else row.probability
    return None if value is None else value <= allowed


_CHANCES = frozenset({"technical", "events"})
"""Measures that have a distribution: where an accepted chance is stated, the chance is compared."""


def _value(
    model: Model, row: Tolerance, left: Residual, drawn: Simulated | None, state: str, costs: Burden
) -> float | None:
    if row.measure in _CHANCES:
        return _risk(model, row, left, drawn, state)
    if row.measure == "cost":
        return costs.cost
    if row.measure == "capability":
        return max([0.0, *(-change for change in costs.capability.values())])
    by_surface = costs.refused if row.measure == "false_refusal" else costs.latency
    if row.surface is None:
        return float(by_surface.max())
    columns = [
        column
        for column, surface in enumerate(model.side.surfaces)
        if surface is not None and surface.id == row.surface
    ]
    return float(by_surface[columns[0]]) if columns else None


def _risk(model: Model, row: Tolerance, left: Residual, drawn: Simulated | None, state: str) -> float | None:
    if row.scenario is None:
        if row.measure == "events":
            return None
        if row.probability is not None:
            return None if drawn is None else probability_above(drawn.loss[state], row.limit)[0]
        return float(left.technical[model.summed].sum())
    index = model.scenario_index.get(row.scenario)
    if index is None or not model.scored[index]:
        return None
    if row.probability is not None:
        chance = None if drawn is None else drawn.exceeds.get((state, index, row.limit))
        return None if chance is None or not of_scenarios(model, (row,)) else chance[0]
    amount = left.events if row.measure == "events" else left.technical
    return float(amount[index])

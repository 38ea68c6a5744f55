"""New launches, and the first scenarios of one, with defaults a person can start from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from launchpad.changes import Change, insert
from launchpad.edits.records import made_from, next_code, refuse_taken
from launchpad.errors import InvalidValueError
from launchpad.records import (
    Estimate,
    Exposure,
    Inputs,
    Launch,
    Publicity,
    Record,
    RiskArea,
    Scenario,
    Severity,
    WeightSet,
)

FREEZE_BEFORE_LAUNCH = timedelta(days=7)
DEFAULT_BASIS = "Default of a new scenario: an assumption to be replaced."
DEFAULT_OPPORTUNITIES = Estimate(1.0, 10.0, 100.0, "assumed")
DEFAULT_VISIBLE = Estimate(0.0001, 0.001, 0.01, "assumed")


def new_launch(
    inputs: Inputs, *, name: str, model: str, launch_date: str, as_of: str, code: str | None = None
) -> list[Change]:
    """The changes that add a launch with its weight set and one scenario for each active risk area.

    The freeze is a week before the launch until somebody says otherwise. Raises InvalidValueError
    when the launch date is not after the day the figures are seen from.
    """
    due = due_day(launch_date, as_of)
    freeze = max(due - FREEZE_BEFORE_LAUNCH, date.fromisoformat(as_of))
    launch = made_from(
        Launch,
        {
            "code": code or next_code(inputs, Launch, width=1),
            "name": name,
            "model": model,
            "launch_date": launch_date,
            "freeze_date": freeze.isoformat(),
            "as_of": as_of,
            "weight_set": "W-1",
        },
    )
    refuse_taken(inputs, launch)
    weights = made_from(WeightSet, {"code": "W-1", "launch": launch.id, "name": "Default weights"})
    areas = [area for area in inputs.rows(RiskArea) if area.status == "active"]
    parents = {area.parent for area in areas}
    leaves = [area for area in areas if area.id not in parents]
    return [insert(launch), insert(weights), *scenarios_for(inputs, launch.id, leaves)]


def due_day(launch_date: str, as_of: str) -> date:
    """The day of a launch; InvalidValueError when it is no date, or not after the day the figures are seen from."""
    try:
        due = date.fromisoformat(launch_date)
    except ValueError as error:
        raise InvalidValueError(f"{launch_date!r} is not a date.", "Write YYYY-MM-DD.") from error
    if due <= date.fromisoformat(as_of):
        raise InvalidValueError(f"The launch date {launch_date} is not after {as_of}.", "Give a date in the future.")
    return due


def scenarios_for(inputs: Inputs, launch: int, areas: Iterable[RiskArea]) -> list[Change]:
    """The changes that add one default scenario for each of these risk areas."""
    first = next_code(inputs, Scenario)
    prefix, _, number = first.rpartition("-")
    changes: list[Change] = []
    for offset, area in enumerate(areas):
        code = f"{prefix}-{int(number) + offset:0{len(number)}d}"
        changes.extend(new_scenario(launch, area, code=code, name=area.name))
    return changes


def new_scenario(launch: int, area: RiskArea, *, code: str, name: str, **fields: object) -> list[Change]:
    """The changes that add a scenario with assumed exposure, severity and publicity."""
    values = {"code": code, "launch": launch, "name": name, "risk_area": area.id, **fields}
    scenario = made_from(Scenario, values)
    parts: Sequence[tuple[type[Record], Mapping[str, object]]] = (
        (Exposure, {"opportunities": DEFAULT_OPPORTUNITIES, "basis": DEFAULT_BASIS}),
        (Severity, {"basis": DEFAULT_BASIS}),
        (Publicity, {"visible": DEFAULT_VISIBLE, "basis": DEFAULT_BASIS}),
    )
    made = [made_from(record, {"launch": launch, "scenario": scenario.id, **given}) for record, given in parts]
    return [insert(scenario), *(insert(part) for part in made)]

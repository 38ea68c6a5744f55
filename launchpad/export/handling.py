"""What a risk area's handling keeps out of every export: words; codes, verdicts and counts stay."""

from launchpad.records import (
    Effect,
    EvidenceLink,
    Field,
    Gate,
    Inputs,
    Record,
    RiskArea,
    Scenario,
    Tolerance,
    field_of,
)

LEVELS = ("open", "sensitive", "restricted")
WITHHELD = "(withheld: {})"


def handling_of(inputs: Inputs, row: Record) -> str:
    """The strictest handling of the risk area a row belongs to and of the areas above it, else open."""
    strictest = "open"
    area = _area_of(inputs, row)
    seen: set[int] = set()
    while area is not None and area.id not in seen:
        seen.add(area.id)
        strictest = max(strictest, area.handling, key=LEVELS.index)
        area = None if area.parent is None else inputs.get(RiskArea, area.parent)
    return strictest


def kept_out(inputs: Inputs, row: Record) -> frozenset[str]:
    """The fields of a row whose words leave no project: long texts where sensitive, all where restricted.

    Codes, references, choices, dates and numbers stay; so does a risk area's own name, which its
    taxonomy publishes.
    """
    handling = handling_of(inputs, row)
    if handling == "open":
        return frozenset()
    return frozenset(
        field.name
        for field in _words(type(row))
        if (field.long or handling == "restricted") and not (isinstance(row, RiskArea) and field.name == "name")
    )


def name_of(inputs: Inputs, row: Scenario | Gate | Tolerance) -> str:
    """The name of a scenario, a gate or a limit as an export may show it."""
    return WITHHELD.format(handling_of(inputs, row)) if "name" in kept_out(inputs, row) else row.name


def called(inputs: Inputs, scenario: Scenario) -> str:
    """A scenario's code and, where it may be shown, its name."""
    return scenario.code if "name" in kept_out(inputs, scenario) else f"{scenario.code} {scenario.name}"


def _words(record: type[Record]) -> list[Field]:
    identifying = {*record.address, "code", "copied_from", "status", "capability"}
    fields = [field_of(record, name) for name in record.__dataclass_fields__ if name != "id"]
    return [
        field
        for field in fields
        if field is not None
        and field.type == "text"
        and not field.choices
        and not field.set_by_program
        and field.name not in identifying
    ]


def _area_of(inputs: Inputs, row: Record) -> RiskArea | None:
    scenario = _scenario_of(inputs, row)
    if isinstance(row, RiskArea):
        return row
    return None if scenario is None else inputs.get(RiskArea, scenario.risk_area)


def _scenario_of(inputs: Inputs, row: Record) -> Scenario | None:
    if isinstance(row, Scenario):
        return row
    if isinstance(row, EvidenceLink) and row.effect is not None:
        return inputs.get(Scenario, inputs.get(Effect, row.effect).scenario)
    held: int | None = getattr(row, "scenario", None)
    return None if held is None else inputs.get(Scenario, held)

"""What a risk area's handling keeps out of every export: words; codes, verdicts and counts stay."""

from launchpad.edits.handling import handling_of
from launchpad.records import Field, Gate, Inputs, Record, RiskArea, Scenario, Tolerance, field_of

WITHHELD = "(withheld: {})"


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

"""What a risk area's handling keeps out of every export: words; codes, verdicts and counts stay."""

from launchpad.edits.handling import handling_of, handling_of_result
from launchpad.records import (
    EvalResult,
    Evaluation,
    Field,
    Gate,
    Inputs,
    Record,
    RiskArea,
    Scenario,
    Tolerance,
    field_of,
)
from launchpad.scoring.gates import Verdict

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


def evaluation_name(inputs: Inputs, evaluation: Evaluation) -> str:
    """The name of an evaluation, withheld where it is about a restricted area; its code stays."""
    return WITHHELD.format("restricted") if evaluation_withheld(inputs, evaluation) else evaluation.name


def evaluation_withheld(inputs: Inputs, evaluation: Evaluation) -> bool:
    """Whether an evaluation is about a restricted area: by a gate, or by what its results are evidence for."""
    gates = (row for name in ("evaluation", "verified_by") for row in inputs.children(Gate, name, evaluation.id))
    results = inputs.children(EvalResult, "evaluation", evaluation.id)
    return any(handling_of(inputs, row) == "restricted" for row in gates) or any(
        handling_of_result(inputs, row) == "restricted" for row in results
    )


def reason_of(inputs: Inputs, gate: Gate, result: Verdict) -> str:
    """Why a gate's verdict is what it is, the names of evaluations that are withheld left out."""
    reason = result.reason
    for key in {gate.verified_by, gate.evaluation} - {None}:
        evaluation = inputs.get(Evaluation, key or 0)
        if evaluation_withheld(inputs, evaluation):
            reason = reason.replace(evaluation.name, WITHHELD.format("restricted"))
    return reason


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

"""How carefully the words of a row are to be handled: as its risk area says, and the areas above it."""

from collections.abc import Iterator

from launchpad.records import (
    AreaParent,
    Effect,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Example,
    Gate,
    Inputs,
    Policy,
    Record,
    RiskArea,
    Scenario,
    field_of,
)

LEVELS = ("open", "sensitive", "restricted")
Task = tuple[str | None, str | None]


def handling_of(inputs: Inputs, row: Record) -> str:
    """The strictest handling of the risk areas a row belongs to and of the areas above them, else open."""
    return max((_strictest(inputs, area) for area in _areas_of(inputs, row)), key=LEVELS.index, default="open")


def handling_of_result(inputs: Inputs, result: EvalResult) -> str:
    """The strictest handling of all that a result is evidence for, in every launch, else open."""
    links = inputs.children(EvidenceLink, "result", result.id)
    return max((handling_of(inputs, link) for link in links), key=LEVELS.index, default="open")


def barred_tasks(inputs: Inputs) -> frozenset[Task]:
    """The tasks (harness, task) of which no sample text is kept, as a result is evidence for a restricted area."""
    found: set[Task] = set()
    for link in inputs.rows(EvidenceLink):
        if handling_of(inputs, link) == "restricted":
            found.add(task_of(inputs.get(Evaluation, inputs.get(EvalResult, link.result).evaluation)))
    return frozenset(found)


def task_of(evaluation: Evaluation) -> Task:
    """What an evaluation's samples are known by."""
    return evaluation.harness, evaluation.task


def _strictest(inputs: Inputs, area: RiskArea) -> str:
    above, seen = [area.id], {area.id}
    for each in above:  # grows while it is walked
        found = inputs.get(RiskArea, each)
        parents = [row.parent for row in inputs.children(AreaParent, "area", each)]
        above += [parent for parent in (found.parent, *parents) if parent is not None and parent not in seen]
        seen.update(above)
    return max((inputs.get(RiskArea, each).handling for each in above), key=LEVELS.index)


def _areas_of(inputs: Inputs, row: Record) -> Iterator[RiskArea]:
    if isinstance(row, RiskArea):
        yield row
    area: int | None = getattr(row, "risk_area", None)
    if area is not None:
        yield inputs.get(RiskArea, area)
    for record, name in ((RiskArea, "area"), (Policy, "policy"), (Example, "example"), (Gate, "gate")):
        held: int | None = getattr(row, name, None)
        if held is not None and (declared := field_of(type(row), name)) is not None and declared.refers == record.table:
            yield from _areas_of(inputs, inputs.get(record, held))
    for scenario in _scenarios_of(inputs, row):
        yield inputs.get(RiskArea, scenario.risk_area)


def _scenarios_of(inputs: Inputs, row: Record) -> Iterator[Scenario]:
    if isinstance(row, Scenario):
        yield row
    if isinstance(row, EvidenceLink) and row.effect is not None:
        yield inputs.get(Scenario, inputs.get(Effect, row.effect).scenario)
    held: int | None = getattr(row, "scenario", None)
    if held is not None:
        yield inputs.get(Scenario, held)

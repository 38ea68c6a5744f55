"""Values that each fit their field and yet cannot be true together; refused where rows come in, by name."""

from collections.abc import Iterator

from launchpad.edits.released import refuse_released
from launchpad.edits.values import check
from launchpad.edits.words_given import refuse_given
from launchpad.errors import InvalidValueError
from launchpad.records import (
    Criterion,
    Dependency,
    Estimate,
    EvalResult,
    ExpertEstimate,
    Exposure,
    Inputs,
    Launch,
    Publicity,
    Reading,
    Record,
    Scenario,
    Severity,
    Standing,
    Trigger,
    WeightSet,
    field_of,
    fields_of,
)

NUMBERS_OF_SAMPLES = ("n", "count", "n_total", "n_unscored")
COPIED_FROM = "Name the launch before and the code there: L-1/R-003."


def refuse_contradiction(inputs: Inputs, row: Record) -> None:
    """Raise InvalidValueError, naming the record, when values of a row contradict each other, or what was released.

    And when it would add or alter what somebody put their name to.
    """
    refuse_released(inputs, row)
    refuse_given(inputs, row)
    for what, hint in _contradictions(inputs, row):
        raise InvalidValueError(f"{row.label} {inputs.address(row)}: {what}", hint)


def _contradictions(inputs: Inputs, row: Record) -> Iterator[tuple[str, str]]:
    if isinstance(row, ExpertEstimate):
        yield from _of_expert(row)
    elif isinstance(row, Reading):
        if row.violations is not None and row.opportunities is not None and row.violations > row.opportunities:
            yield "it found more violations than it saw opportunities.", "Violations are some of the opportunities."
    elif isinstance(row, Criterion | WeightSet):
        yield from _of_weighing(row)
    elif isinstance(row, Trigger):
        yield from _of_trigger(inputs, row)
    elif isinstance(row, EvalResult):
        yield from _of_result(inputs, row)
    elif isinstance(row, Standing):
        yield from _of_standing(inputs, row)
    yield from _of_itself(inputs, row)


def _of_weighing(row: Criterion | WeightSet) -> Iterator[tuple[str, str]]:
    if isinstance(row, Criterion):
        if row.worst is not None and row.worst == row.best:
            yield "its worst and its best anchor are the same amount.", "Give two different amounts."
    elif row.technical + row.reputational == 0:
        yield "its weights sum to 0, so that nothing would count.", "Give one of them a weight above 0."


def _of_itself(inputs: Inputs, row: Record) -> Iterator[tuple[str, str]]:
    """Fields in which a row names itself: the parent of an area, the launch before, a control, what it needs."""
    if isinstance(row, Dependency) and row.mitigation == row.needs:
        yield "a mitigation cannot need itself.", "Name another mitigation."
    if isinstance(row, Scenario) and _is_copy_within(inputs, row):
        yield f"it cannot be copied from {row.copied_from}, of its own launch.", COPIED_FROM
    for field in fields_of(type(row)):
        value = getattr(row, field.name)
        if field.refers == row.table and value is not None and inputs.has(type(row), value):
            other = inputs.get(type(row), value)
            launches = [getattr(each, "launch", None) for each in (row, other)]
            if other.id == row.id or (launches[0] == launches[1] and inputs.address(other) == inputs.address(row)):
                yield f"its {field.label.lower()} is itself.", "Name another one, or leave it empty."


def _of_result(inputs: Inputs, row: EvalResult) -> Iterator[tuple[str, str]]:
    """Numbers of samples that cannot be; what a file brought in is not asked about when another field is set."""
    before = inputs.get(EvalResult, row.id) if inputs.has(EvalResult, row.id) else None
    if before is not None and all(getattr(before, name) == getattr(row, name) for name in NUMBERS_OF_SAMPLES):
        return
    if row.n is not None and row.count is not None and row.count > row.n:
        yield f"{row.count} samples with outcome 1 are more than its {row.n} scored samples.", "Correct one of them."
    if row.n is not None and row.n_total is not None and row.n > row.n_total:
        yield f"{row.n} scored samples are more than its {row.n_total} samples in all.", "Correct one of them."
    if row.n_unscored is not None and row.n_total is not None and row.n_unscored > row.n_total:
        yield f"{row.n_unscored} unscored samples are more than its {row.n_total} in all.", "Correct one of them."


def _of_standing(inputs: Inputs, row: Standing) -> Iterator[tuple[str, str]]:
    """Days that cannot be; those that were there before are not asked about when another field is set."""
    before = inputs.get(Standing, row.id) if inputs.has(Standing, row.id) else None
    if before is not None and (before.started, before.finished) == (row.started, row.finished):
        return
    if row.started is not None and row.finished is not None and row.finished < row.started:
        yield f"it finished on {row.finished}, before it started on {row.started}.", "Correct one of the two days."


def _is_copy_within(inputs: Inputs, row: Scenario) -> bool:
    origin = (row.copied_from or "").replace("/", " ").split()
    return inputs.has(Launch, row.launch) and origin[:1] == [inputs.get(Launch, row.launch).code]


def _of_trigger(inputs: Inputs, row: Trigger) -> Iterator[tuple[str, str]]:
    if row.threshold <= 0:
        yield "a threshold of 0 is reached by nothing at all.", "Give a threshold above 0."
    as_of = inputs.get(Launch, row.launch).as_of
    if row.decided_on is not None and row.decided_on > as_of:
        what = f"what comes in after {as_of}, the day the figures are seen from, cannot have been decided on."
        yield what, f"Decide on {as_of} or a day before it, or move that day of the launch first."


def _of_expert(row: ExpertEstimate) -> Iterator[tuple[str, str]]:
    declared = (field_of(record, row.quantity) for record in (Exposure, Severity, Publicity))
    for field in declared:
        if field is None:
            continue
        try:
            check(field, Estimate(row.low, row.median, row.high, "elicited"))
        except InvalidValueError as error:
            yield error.message, error.hint
    if row.hits is not None and row.asked is not None and row.hits > row.asked:
        yield "more of its earlier ranges held the truth than were checked.", "Hits are some of those asked."

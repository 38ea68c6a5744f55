"""Values that each fit their field and yet cannot be true together; refused where rows come in, by name."""

from collections.abc import Iterator

from launchpad.edits.values import check
from launchpad.errors import InvalidValueError
from launchpad.records import (
    Criterion,
    Estimate,
    ExpertEstimate,
    Exposure,
    Inputs,
    Launch,
    Publicity,
    Reading,
    Record,
    Severity,
    Trigger,
    WeightSet,
    field_of,
)


def refuse_contradiction(inputs: Inputs, row: Record) -> None:
    """Raise InvalidValueError, naming the record, when values of a row contradict each other."""
    for what, hint in _contradictions(inputs, row):
        raise InvalidValueError(f"{row.label} {inputs.address(row)}: {what}", hint)


def _contradictions(inputs: Inputs, row: Record) -> Iterator[tuple[str, str]]:
    if isinstance(row, ExpertEstimate):
        yield from _of_expert(row)
    elif isinstance(row, Reading):
        if row.violations is not None and row.opportunities is not None and row.violations > row.opportunities:
            yield "it found more violations than it saw opportunities.", "Violations are some of the opportunities."
    elif isinstance(row, Criterion):
        if row.worst is not None and row.worst == row.best:
            yield "its worst and its best anchor are the same amount.", "Give two different amounts."
    elif isinstance(row, WeightSet):
        if row.technical + row.reputational == 0:
            yield "its weights sum to 0, so that nothing would count.", "Give one of them a weight above 0."
    elif isinstance(row, Trigger):
        yield from _of_trigger(inputs, row)


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

"""What is named by its code rather than by reference: a name that leads nowhere is refused, a name in use stays."""

from collections.abc import Iterator

from launchpad.edits.contradictions import COPIED_FROM
from launchpad.errors import InvalidValueError
from launchpad.records import Inputs, Launch, Plan, Record, Scenario, WeightSet, field_of

NAMED_BY_LAUNCH: tuple[tuple[type[Plan | WeightSet], str], ...] = ((WeightSet, "weight_set"), (Plan, "current_plan"))


def refuse_dangling(inputs: Inputs, row: Record) -> None:
    """Raise InvalidValueError, naming the record, when a row as it would be names by code what is not there.

    Or when it gives up a code by which its launch names it. Asked where a person sets a value: a table with a new
    launch may name what a later table brings. What was there before is not asked about.
    """
    before = inputs.get(type(row), row.id) if inputs.has(type(row), row.id) else None
    if isinstance(row, Launch):
        _refuse_launch(inputs, row, before)
    elif isinstance(row, Scenario):
        _refuse_origin(inputs, row, before)
    elif isinstance(row, Plan | WeightSet) and isinstance(before, Plan | WeightSet) and before.code != row.code:
        for launch, label in users(inputs, before):
            raise InvalidValueError(
                f"{row.label} {before.code}: launch {launch.code} names it by this code ({label}).",
                f"Let {launch.code} name another one or none first, then rename this one.",
            )


def users(inputs: Inputs, row: Record) -> Iterator[tuple[Launch, str]]:
    """The launch that names a plan or a weight set by its code as the one in use, with the label of that field."""
    for record, name in NAMED_BY_LAUNCH:
        if isinstance(row, record) and inputs.has(Launch, row.launch):
            launch, declared = inputs.get(Launch, row.launch), field_of(Launch, name)
            if declared is not None and getattr(launch, name) == row.code:
                yield launch, declared.label


def _refuse_launch(inputs: Inputs, row: Launch, before: Record | None) -> None:
    for record, name in NAMED_BY_LAUNCH:
        code = getattr(row, name)
        codes = sorted(each.code for each in inputs.rows(record, row.id))
        if code is not None and code not in codes and code != getattr(before, name, None):
            raise InvalidValueError(
                f"{row.label} {row.code}: it has no {record.label.lower()} called {code!r}.",
                f"Name one it has: {', '.join(codes)}." if codes else f"Add a {record.label.lower()} to it first.",
            )


def _refuse_origin(inputs: Inputs, row: Scenario, before: Record | None) -> None:
    if not row.copied_from or row.copied_from == getattr(before, "copied_from", None):
        return
    origin = row.copied_from.replace("/", " ").split()
    launch = next((each for each in inputs.rows(Launch) if each.code == origin[0]), None) if len(origin) == 2 else None
    if launch is None or all(each.code != origin[1] for each in inputs.rows(Scenario, launch.id)):
        raise InvalidValueError(
            f"{row.label} {row.code}: there is no scenario {row.copied_from} to be copied from.", COPIED_FROM
        )

"""What a person decides on after a launch."""

from launchpad.changes import Change
from launchpad.edits.records import set_values
from launchpad.errors import InvalidValueError
from launchpad.records import Inputs, Launch, Trigger


def decide(inputs: Inputs, trigger: Trigger) -> list[Change]:
    """The change that says what came in for a trigger up to its launch's `as of` day has been decided on.

    Its gate is as the results alone say until something later reaches the threshold. The reason belongs to the edit.
    Raises InvalidValueError when that day has been decided on already.
    """
    as_of = inputs.get(Launch, trigger.launch).as_of
    if trigger.decided_on is not None and trigger.decided_on >= as_of:
        raise InvalidValueError(
            f"{trigger.code} has been decided on up to {trigger.decided_on}.",
            "Move the day the figures are seen from first, so that it takes in what came later.",
        )
    return set_values(trigger, decided_on=as_of)

"""Determinations: what a person holds a gate to be, beside what the program computed at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from launchpad.changes import Change, insert
from launchpad.edits.records import made_from, next_code
from launchpad.edits.roles import may
from launchpad.edits.stamps import Stamp
from launchpad.edits.words_given import standing
from launchpad.errors import InvalidValueError
from launchpad.records import Determination, Gate, Inputs, Launch, Person

VALUES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "rate": ("met", "inconclusive", "not met"),
        "safeguard": ("met", "inconclusive", "not met"),
        "capability": ("ruled out", "cannot rule out", "reached"),
    }
)
"""The three values of each kind of gate: good, open, bad."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the program says of a gate at the moment, and the SHA-256 over all that rests on."""

    computed: str
    rests_on: str


def determine(
    inputs: Inputs, gate: Gate, person: Person, *, determined: str, reason: str, grounds: Grounds, stamp: Stamp
) -> list[Change]:
    """The change that adds a person's determination of a gate; it takes the place of the one that stands.

    What the evidence left open a person may settle, with a reason. What it settled badly (not met, reached) a
    determination cannot make good: that takes a waiver. Raises InvalidValueError for either, for a value of another
    kind of gate, and for a person who neither recommends nor decides.
    """
    launch = inputs.get(Launch, gate.launch)
    may(inputs, launch, person, "determine a gate")
    values = VALUES[gate.kind]
    if determined not in values:
        raise InvalidValueError(
            f"{determined!r} is no value of gate {gate.code}, which is of the kind {gate.kind}.",
            f"Say one of: {', '.join(values)}.",
        )
    if determined != values[2] and grounds.computed == values[2]:
        raise InvalidValueError(
            f"The evidence says that gate {gate.code} is {values[2]}; no determination makes it {determined}.",
            "Grant a waiver, or bring better evidence and mark the old results as superseded.",
        )
    known = [row for row in inputs.rows(Determination, launch.id) if row.gate == gate.id]
    old = standing(known)
    made = made_from(
        Determination,
        {
            "code": next_code(inputs, Determination),
            "launch": launch.id,
            "gate": gate.id,
            "determined": determined,
            "computed": grounds.computed,
            "reason": reason.strip() or None,
            "person": person.id,
            "made_at": stamp.at,
            "os_user": stamp.os_user,
            "host": stamp.host,
            "head": stamp.head,
            "rests_on": grounds.rests_on,
            "withdraws": old[-1].code if old else None,
        },
    )
    return [insert(made)]

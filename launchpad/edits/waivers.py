"""Waivers: leave to go on although a gate is not met, up to and including a last day."""

from datetime import date

from launchpad.changes import Change, insert
from launchpad.edits.records import made_from, next_code
from launchpad.edits.roles import may
from launchpad.edits.stamps import Stamp
from launchpad.edits.words_given import standing
from launchpad.errors import InvalidValueError
from launchpad.records import Gate, Inputs, Launch, Person, Waiver

MOST_DAYS = 366


def grant(
    inputs: Inputs, gate: Gate, person: Person, *, reason: str, granted_on: str, expires: str, stamp: Stamp
) -> list[Change]:
    """The change that waives a gate from one day up to and including another; a waiver that stands is replaced.

    Raises InvalidValueError unless the person decides, and when the last day is before the first or more than a
    year after it: leave without an end is no waiver.
    """
    launch = inputs.get(Launch, gate.launch)
    may(inputs, launch, person, "grant a waiver")
    made = made_from(
        Waiver,
        {
            "code": next_code(inputs, Waiver),
            "launch": launch.id,
            "gate": gate.id,
            "person": person.id,
            "reason": reason.strip() or None,
            "granted_on": granted_on,
            "expires": expires,
            "made_at": stamp.at,
            "head": stamp.head,
            "withdraws": _code_of(inputs, gate),
        },
    )
    if not isinstance(made, Waiver):
        raise TypeError(made)
    days = (date.fromisoformat(made.expires) - date.fromisoformat(made.granted_on)).days
    if days < 0:
        raise InvalidValueError(f"Its last day {expires} is before {granted_on}.", "Give a day after it.")
    if days > MOST_DAYS:
        raise InvalidValueError(
            f"A waiver of {days} days is longer than a year.", "Give an earlier last day and look at it again then."
        )
    return [insert(made)]


def withdraw_waiver(inputs: Inputs, waiver: Waiver, person: Person, *, reason: str, stamp: Stamp) -> list[Change]:
    """The change that ends a waiver by a new row that names it; whoever decides or oversees may."""
    launch = inputs.get(Launch, waiver.launch)
    may(inputs, launch, person, "withdraw a waiver")
    if waiver not in standing(inputs.rows(Waiver, launch.id)):
        raise InvalidValueError(f"Waiver {waiver.code} does not stand any more.", "Nothing to withdraw.")
    values = {
        "code": next_code(inputs, Waiver),
        "launch": launch.id,
        "gate": waiver.gate,
        "person": person.id,
        "reason": reason.strip() or None,
        "granted_on": waiver.granted_on,
        "expires": waiver.expires,
        "made_at": stamp.at,
        "head": stamp.head,
        "withdraws": waiver.code,
        "withdrawn": True,
    }
    return [insert(made_from(Waiver, values))]


def _code_of(inputs: Inputs, gate: Gate) -> str | None:
    """The code of the waiver of a gate that stands; a new one takes its place."""
    rows = [row for row in standing(inputs.rows(Waiver, gate.launch)) if row.gate == gate.id]
    return rows[-1].code if rows else None

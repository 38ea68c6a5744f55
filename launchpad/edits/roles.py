"""Who may do what about the decision on a launch: recommend, decide, oversee."""

from collections.abc import Mapping
from types import MappingProxyType

from launchpad.changes import Change, delete, insert
from launchpad.edits.records import made_from, set_values
from launchpad.errors import InvalidValueError
from launchpad.records import DecisionRole, Inputs, Launch, Person, SignOff
from launchpad.records.decisions import ROLES

MAY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "determine a gate": ("recommend", "decide"),
        "draw up a decision": ("recommend", "decide"),
        "grant a waiver": ("decide",),
        "withdraw a waiver": ("decide", "oversee"),
        "sign": ("recommend", "decide", "oversee"),
        "dissent": ("recommend", "decide", "oversee"),
        "ask for a forecast": ("recommend", "decide", "oversee"),
        "give a forecast": ("recommend", "decide", "oversee"),
        "close a condition": ("recommend", "decide", "oversee"),
    }
)
"""What each role may do; a recommendation and an overseer's signature are signatures, but not the decider's."""


def role_of(inputs: Inputs, launch: Launch, person: Person) -> str | None:
    """What a person has to do with the decision on a launch: recommend, decide, oversee; None for nothing."""
    rows = (row for row in inputs.rows(DecisionRole, launch.id) if row.person == person.id)
    return next((row.role for row in rows), None)


def may(inputs: Inputs, launch: Launch, person: Person, what: str) -> str:
    """The role in which a person does something; InvalidValueError, saying who may, when it is not theirs to do."""
    role = role_of(inputs, launch, person)
    if role in MAY[what]:
        return role
    has = "has no role" if role is None else f"{ROLES[role].lower()}"
    who = sorted(
        inputs.get(Person, row.person).code for row in inputs.rows(DecisionRole, launch.id) if row.role in MAY[what]
    )
    raise InvalidValueError(
        f"{person.code} {has} in the decision on {launch.code}, and so cannot {what}.",
        f"Those who can: {', '.join(who)}." if who else "Give somebody a role first: launchpad decide PROJECT role.",
    )


def give_role(inputs: Inputs, launch: Launch, person: Person, role: str, note: str | None = None) -> list[Change]:
    """The changes that give a person a role in the decision on a launch; one person has one role there."""
    for row in inputs.rows(DecisionRole, launch.id):
        if row.person == person.id:
            return set_values(row, role=role, **({} if note is None else {"note": note}))
    values = {"launch": launch.id, "person": person.id, "role": role, "note": note}
    return [insert(made_from(DecisionRole, values))]


def take_role(inputs: Inputs, launch: Launch, person: Person) -> list[Change]:
    """The changes that take a person's role; refused once the person has signed in it."""
    found = [row for row in inputs.rows(DecisionRole, launch.id) if row.person == person.id]
    if not found:
        raise InvalidValueError(f"{person.code} has no role in the decision on {launch.code}.", "Nothing to take.")
    if any(row.person == person.id for row in inputs.rows(SignOff, launch.id)):
        raise InvalidValueError(
            f"{person.code} has signed in this role, so it stays.", "Give the person another role instead, if need be."
        )
    return [delete(row) for row in found]

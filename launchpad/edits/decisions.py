"""Decisions on a launch: drawn up with their conditions, conditions closed, dissent kept beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from launchpad.changes import Change, insert
from launchpad.edits.records import made_from, next_code, set_values
from launchpad.edits.roles import may, role_of
from launchpad.edits.stamps import Stamp
from launchpad.edits.words_given import standing
from launchpad.errors import InvalidValueError
from launchpad.records import Condition, Decision, Dissent, Inputs, Launch, Person, Plan
from launchpad.records.decisions import OUTCOMES_OF_A_LAUNCH

NEEDS_CONDITIONS = frozenset({"conditional"})
DESPITE = "Despite"


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition of a decision: what is asked, of whom, by which day (YYYY-MM-DD)."""

    said: str
    owner: Person
    due: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A decision as it is to be drawn up: `outcome` is go, conditional, stage or no_go.

    `stage` says how far a stage goes. `despite` is the reason for going on although gates are open without a waiver
    or a condition. `reason` says why it takes the place of the decision that stands.
    """

    outcome: str
    statement: str
    conditions: Sequence[Asked] = ()
    stage: str | None = None
    plan: Plan | None = None
    despite: str = ""
    reason: str = ""


def draw_up(
    inputs: Inputs,
    launch: Launch,
    person: Person,
    wish: Wish,
    *,
    open_gates: Sequence[tuple[str, str]],
    rests_on: str,
    stamp: Stamp,
) -> list[Change]:
    """The changes that add a decision and its conditions; it takes the place of the one that stands.

    `open_gates` are the gates, as (code, verdict), that neither are met nor stand waived on the day. Going on while
    there are any takes conditions, waivers or a stated reason, which the statement then carries. Raises
    InvalidValueError for a person who neither recommends nor decides, a conditional go without conditions, a stage
    that is not named, and an open gate that nothing answers.
    """
    may(inputs, launch, person, "draw up a decision")
    _refuse_incomplete(wish)
    statement = _statement(wish, open_gates)
    stands = standing(inputs.rows(Decision, launch.id))
    if stands and not wish.reason.strip():
        raise InvalidValueError(
            f"Decision {stands[-1].code} stands; a new one takes its place.", "Say why, as the reason."
        )
    decision = made_from(
        Decision,
        {
            "code": next_code(inputs, Decision),
            "launch": launch.id,
            "outcome": wish.outcome,
            "stage": (wish.stage or "").strip() or None,
            "statement": statement,
            "plan": None if wish.plan is None else wish.plan.code,
            "person": person.id,
            "made_at": stamp.at,
            "head": stamp.head,
            "rests_on": rests_on,
            "withdraws": stands[-1].code if stands else None,
            "reason": wish.reason.strip() or None,
        },
    )
    first = next_code(inputs, Condition)
    prefix, _, number = first.rpartition("-")
    conditions = [
        _condition(f"{prefix}-{int(number) + place:0{len(number)}d}", launch, decision.id, asked)
        for place, asked in enumerate(wish.conditions)
    ]
    return [insert(decision), *map(insert, conditions)]


def add_condition(inputs: Inputs, decision: Decision, person: Person, asked: Asked) -> list[Change]:
    """The change that adds a condition to a decision that stands; signatures given before are void by it."""
    launch = inputs.get(Launch, decision.launch)
    may(inputs, launch, person, "draw up a decision")
    refuse_fallen(inputs, decision)
    return [insert(_condition(next_code(inputs, Condition), launch, decision.id, asked))]


def close_condition(
    inputs: Inputs, condition: Condition, person: Person, *, status: str, because: str, day: str
) -> list[Change]:
    """The changes that close a condition as met or lapsed on a day, with what shows it.

    Its owner may, and whoever has a role in the decision. Raises InvalidValueError for anybody else.
    """
    launch = inputs.get(Launch, condition.launch)
    if condition.owner != person.id:
        may(inputs, launch, person, "close a condition")
    if status not in ("met", "lapsed"):
        raise InvalidValueError(f"A condition is not closed as {status!r}.", "Say met or lapsed.")
    if not because.strip():
        raise InvalidValueError(f"Nothing is said of what shows that {condition.code} is {status}.", "Say what does.")
    return set_values(condition, status=status, closed_on=day, closed_because=because.strip())


def dissent(inputs: Inputs, decision: Decision, person: Person, *, said: str, stamp: Stamp) -> list[Change]:
    """The change that keeps why a person does not agree with a decision; it stays whatever is decided."""
    launch = inputs.get(Launch, decision.launch)
    may(inputs, launch, person, "dissent")
    return [insert(_dissent(inputs, decision, person, said, stamp, None))]


def take_back(inputs: Inputs, row: Dissent, person: Person, *, said: str, stamp: Stamp) -> list[Change]:
    """The change that takes a dissent back by a new row that names it; only who gave it can. Both are kept."""
    if row.person != person.id:
        who = inputs.get(Person, row.person).code
        raise InvalidValueError(f"{row.code} is the dissent of {who}.", f"Only {who} can take it back.")
    if row not in standing(inputs.rows(Dissent, row.launch)):
        raise InvalidValueError(f"Dissent {row.code} does not stand any more.", "Nothing to take back.")
    decision = inputs.get(Decision, row.decision)
    return [insert(_dissent(inputs, decision, person, said, stamp, row.code))]


def refuse_fallen(inputs: Inputs, decision: Decision) -> None:
    """Raise InvalidValueError when another decision has taken the place of this one."""
    stands = standing(inputs.rows(Decision, decision.launch))
    if decision not in stands:
        now = f"Decision {stands[-1].code} does." if stands else "None does."
        raise InvalidValueError(f"Decision {decision.code} does not stand any more.", now)


def _refuse_incomplete(wish: Wish) -> None:
    if wish.outcome not in OUTCOMES_OF_A_LAUNCH:
        raise InvalidValueError(f"{wish.outcome!r} is no decision.", f"Say one of: {', '.join(OUTCOMES_OF_A_LAUNCH)}.")
    if wish.outcome == "stage" and not (wish.stage or "").strip():
        raise InvalidValueError("It does not say how far the stage goes.", "Name it: --stage 'one in ten users'.")
    if wish.outcome != "stage" and (wish.stage or "").strip():
        raise InvalidValueError("Only a stage-only decision names a stage.", "Leave the stage out.")
    if wish.outcome in NEEDS_CONDITIONS and not wish.conditions:
        raise InvalidValueError(
            "A conditional go has at least one condition, with its owner and its day.",
            "Add one, or decide go.",
        )
    if wish.outcome in ("go", "no_go") and wish.conditions:
        label = OUTCOMES_OF_A_LAUNCH[wish.outcome]
        raise InvalidValueError(f"{label} has no conditions.", "Decide a conditional go, or leave them out.")


def _statement(wish: Wish, open_gates: Sequence[tuple[str, str]]) -> str | None:
    """The statement, with the open gates that nothing answers and the reason given for going on."""
    said = wish.statement.strip() or None
    if wish.outcome == "no_go" or not open_gates or (wish.conditions and not wish.despite.strip()):
        return said
    told = ", ".join(f"{code} ({verdict})" for code, verdict in open_gates)
    if not wish.despite.strip():
        raise InvalidValueError(
            f"{OUTCOMES_OF_A_LAUNCH[wish.outcome]} with open gates: {told}.",
            "Grant waivers, set conditions, decide no-go, or say why with --despite REASON.",
        )
    words = f"{DESPITE} {told}: {wish.despite.strip()}"
    return words if said is None else f"{said}\n\n{words}"


def _condition(code: str, launch: Launch, decision: int, asked: Asked) -> Condition:
    values = {
        "code": code,
        "launch": launch.id,
        "decision": decision,
        "said": asked.said.strip() or None,
        "owner": asked.owner.id,
        "due": asked.due,
    }
    made = made_from(Condition, values)
    if not isinstance(made, Condition):
        raise TypeError(made)
    return made


def _dissent(
    inputs: Inputs, decision: Decision, person: Person, said: str, stamp: Stamp, withdraws: str | None
) -> Dissent:
    values = {
        "code": next_code(inputs, Dissent),
        "launch": decision.launch,
        "decision": decision.id,
        "person": person.id,
        "said": said.strip() or None,
        "made_at": stamp.at,
        "head": stamp.head,
        "withdraws": withdraws,
    }
    made = made_from(Dissent, values)
    if not isinstance(made, Dissent):
        raise TypeError(made)
    return made


__all__ = [
    "DESPITE",
    "Asked",
    "Wish",
    "add_condition",
    "close_condition",
    "dissent",
    "draw_up",
    "refuse_fallen",
    "role_of",
    "take_back",
]

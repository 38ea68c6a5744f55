"""What people put their names to: determinations, decisions and their conditions, waivers, dissent and forecasts.

Rows of these tables are words given: undo passes them by, and withdrawing one is a new row that names it.
"""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, date, flag, moment, number, reference, text

ROLES = {
    "recommend": "Recommends",
    "decide": "Decides",
    "oversee": "Oversees",
}
DETERMINED = {
    "met": "Met",
    "inconclusive": "Inconclusive",
    "not met": "Not met",
    "ruled out": "Ruled out",
    "cannot rule out": "Cannot rule out",
    "reached": "Reached",
}
OUTCOMES_OF_A_LAUNCH = {
    "go": "Go",
    "conditional": "Conditional go",
    "stage": "Stage only",
    "no_go": "No-go",
}
CONDITION_STATES = {"open": "Open", "met": "Met", "lapsed": "Lapsed"}


@dataclass(frozen=True, kw_only=True)
class DecisionRole(Record):
    """What one person has to do with the decision on a launch."""

    table: ClassVar[str] = "decision_role"
    label: ClassVar[str] = "Role in the decision"
    plural: ClassVar[str] = "Roles in the decision"
    address: ClassVar[tuple[str, ...]] = ("launch", "person")

    launch: int = reference("Launch", "launch")
    person: int = reference("Person", "person")
    role: str = choice("Role", "Who recommends, who decides, who oversees.", ROLES)
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class Determination(Record):
    """What a person determined of a gate, beside what the program computed at that moment."""

    table: ClassVar[str] = "determination"
    label: ClassVar[str] = "Determination"
    plural: ClassVar[str] = "Determinations"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    gate: int = reference("Gate", "gate")
    determined: str = choice("Determined", "One of the three values of its kind of gate.", DETERMINED)
    computed: str = choice("Computed", "What the program said of the gate then.", DETERMINED)
    reason: str = text("Reason", required=True, long=True)
    person: int = reference("Determined by", "person")
    made_at: str | None = moment("Made", set_by_program=True)
    os_user: str | None = text("Operating-system user", set_by_program=True)
    host: str | None = text("Host", set_by_program=True)
    head: str | None = text("Journal head", set_by_program=True)
    rests_on: str | None = text("Rests on", "SHA-256 over all it rested on.", set_by_program=True)
    withdraws: str | None = text("Withdraws", "Code of the determination it takes the place of.")


@dataclass(frozen=True, kw_only=True)
class Decision(Record):
    """Whether a launch goes out, as it was put before those who sign."""

    table: ClassVar[str] = "decision"
    label: ClassVar[str] = "Decision"
    plural: ClassVar[str] = "Decisions"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    outcome: str = choice("Decision", "What is decided.", OUTCOMES_OF_A_LAUNCH)
    stage: str | None = text("Stage", "How far it goes where only a stage is allowed.")
    statement: str = text("Statement", "The decision in words, with its reasons.", required=True, long=True)
    plan: str | None = text("Plan", "Code of the plan it counts on.")
    person: int = reference("Drawn up by", "person")
    made_at: str | None = moment("Made", set_by_program=True)
    head: str | None = text("Journal head", set_by_program=True)
    rests_on: str | None = text("Rests on", "SHA-256 over all it rested on.", set_by_program=True)
    withdraws: str | None = text("Withdraws", "Code of the decision it takes the place of.")
    reason: str | None = text("Reason for withdrawing", long=True)


@dataclass(frozen=True, kw_only=True)
class SignOff(Record):
    """One person's signature under a decision, bound to all the decision rests on."""

    table: ClassVar[str] = "sign_off"
    label: ClassVar[str] = "Signature"
    plural: ClassVar[str] = "Signatures"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    decision: int = reference("Decision", "decision")
    person: int = reference("Person", "person")
    role: str = choice("Role", "In which role it is signed.", ROLES)
    note: str | None = text("Note", long=True)
    signed_at: str | None = moment("Signed", set_by_program=True)
    os_user: str | None = text("Operating-system user", set_by_program=True)
    host: str | None = text("Host", set_by_program=True)
    head: str | None = text("Journal head", set_by_program=True)
    rests_on: str | None = text("Rests on", "SHA-256 over all it rested on.", set_by_program=True)
    parts: str | None = text(
        "Parts", "SHA-256 of the digests of everything it rested on, row by row.", set_by_program=True, in_content=True
    )
    public_key: str | None = text("Public key", "Ed25519, base64; empty where no key signed.", set_by_program=True)
    signature: str | None = text("Signature of the key", "Ed25519, base64.", set_by_program=True)
    withdraws: str | None = text("Withdraws", "Code of the signature it takes back.")
    reason: str | None = text("Reason for withdrawing", long=True)


@dataclass(frozen=True, kw_only=True)
class Condition(Record):
    """Something a decision asks for, by whom and by when; its words stay, its state moves."""

    table: ClassVar[str] = "condition"
    label: ClassVar[str] = "Condition"
    plural: ClassVar[str] = "Conditions"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    decision: int = reference("Decision", "decision")
    said: str = text("Condition", required=True, long=True)
    owner: int = reference("Owner", "person")
    due: str = date("Due", required=True)
    status: str = choice("Status", "Whether it is met.", CONDITION_STATES, default="open", group="status")
    closed_on: str | None = date("Closed on", group="status")
    closed_because: str | None = text("Why", "What shows it.", group="status")


@dataclass(frozen=True, kw_only=True)
class Waiver(Record):
    """Leave to go on although a gate is not met; it ends on its last day, and the gate is open again."""

    table: ClassVar[str] = "waiver"
    label: ClassVar[str] = "Waiver"
    plural: ClassVar[str] = "Waivers"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    gate: int = reference("Gate", "gate")
    person: int = reference("Granted by", "person")
    reason: str = text("Reason", required=True, long=True)
    granted_on: str = date("Granted on", required=True)
    expires: str = date("Last day", required=True)
    made_at: str | None = moment("Made", set_by_program=True)
    head: str | None = text("Journal head", set_by_program=True)
    withdraws: str | None = text("Withdraws", "Code of the waiver it takes the place of.")
    withdrawn: bool = flag("Only withdraws", "Ends the waiver it names, and grants nothing.")


@dataclass(frozen=True, kw_only=True)
class Dissent(Record):
    """Why somebody does not agree with a decision; kept whatever is decided."""

    table: ClassVar[str] = "dissent"
    label: ClassVar[str] = "Dissent"
    plural: ClassVar[str] = "Dissents"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    decision: int = reference("Decision", "decision")
    person: int = reference("Person", "person")
    said: str = text("Dissent", required=True, long=True)
    made_at: str | None = moment("Made", set_by_program=True)
    head: str | None = text("Journal head", set_by_program=True)
    withdraws: str | None = text("Withdraws", "Code of the dissent it takes back.")


@dataclass(frozen=True, kw_only=True)
class ForecastQuestion(Record):
    """Something that will have happened, or not, by a day; every signer says how likely it is."""

    table: ClassVar[str] = "forecast_question"
    label: ClassVar[str] = "Forecast question"
    plural: ClassVar[str] = "Forecast questions"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    question: str = text("Question", "So that two people agree later whether it happened.", required=True, long=True)
    scenario: int | None = reference("Scenario", "scenario", required=False)
    settles_on: str = date("Settled on", required=True)
    happened: bool | None = flag("Happened", "Empty while nobody knows.", default=None)
    settled_because: str | None = text("Settled by", "Where it can be looked up.")


@dataclass(frozen=True, kw_only=True)
class Forecast(Record):
    """One signer's answer: a salted hash until everybody has spoken, then the chance that was hidden in it."""

    table: ClassVar[str] = "forecast"
    label: ClassVar[str] = "Forecast"
    plural: ClassVar[str] = "Forecasts"
    address: ClassVar[tuple[str, ...]] = ("question", "person")

    launch: int = reference("Launch", "launch")
    question: int = reference("Question", "forecast_question")
    person: int = reference("Person", "person")
    sha256: str = text("Salted hash", required=True, set_by_program=True)
    made_at: str | None = moment("Made", set_by_program=True)
    probability: float | None = number("Chance", "Open once all have spoken.", low=0, high=1, group="opened")
    salt: str | None = text("Salt", set_by_program=True, group="opened")
    opened_at: str | None = moment("Opened", group="opened", set_by_program=True)

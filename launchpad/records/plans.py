"""A plan as it was found: what is done, by whom, when, and what was left out."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, date, flag, moment, number, reference, text, whole

LOCKS = {"must": "Must be done", "never": "Must not be done", "if_done": "If it is done"}
POINTS = {"front": "Trade-off", "date": "Launch date"}


@dataclass(frozen=True, kw_only=True)
class Plan(Record):
    """A workplan with the proof that came with it."""

    table: ClassVar[str] = "plan"
    label: ClassVar[str] = "Plan"
    plural: ClassVar[str] = "Plans"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    name: str = text("Name", required=True)
    made: str | None = moment("Made", set_by_program=True)
    input_hash: str | None = text("Hash of the inputs", set_by_program=True)
    seed: int = whole("Seed", low=0, default=1, required=True)
    objective: float | None = number("Objective", "Weighted residual as a share of today's.")
    bound: float | None = number("Proven bound", "No plan can do better than this.")
    gap: float | None = number("Gap", "Distance of the plan from the bound, as a share.")
    score: float | None = number("Full score", "As the objective, with every overlap, refusal and attribution.")
    seconds: float | None = number("Time taken", unit="s")
    basis: str | None = text("Asked for", "What was asked of it beyond the launch's own records.", long=True)
    alternative_to: str | None = text("Alternative to", "Code of the plan it could replace.")
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class PlanItem(Record):
    """A variant or an evaluation chosen by a plan."""

    table: ClassVar[str] = "plan_item"
    label: ClassVar[str] = "Plan item"
    plural: ClassVar[str] = "Plan items"
    address: ClassVar[tuple[str, ...]] = ("plan", "variant", "evaluation")

    launch: int = reference("Launch", "launch")
    plan: int = reference("Plan", "plan")
    variant: int | None = reference("Variant", "mitigation_variant", required=False)
    evaluation: int | None = reference("Evaluation", "evaluation", required=False)
    start: str = date("Start", required=True)
    finish: str = date("Finish", required=True)
    rank: int | None = whole("Priority", "1 is first.", low=1)
    gain: float | None = number("Gain", "Objective without it less objective with it.")
    gain_per_day: float | None = number("Gain per scarce day")
    p_ready: float | None = number("Chance to be ready by the freeze", low=0, high=1)
    slack_days: int | None = whole(
        "Slack", "Days its finish may slip before something waits for it or the last day passes.", unit="calendar days"
    )
    core_index: float | None = number(
        "Core index", "Share of draws of inputs and weights in which a near-best plan holds it.", low=0, high=1
    )
    core_error: float | None = number("Standard error of the core index", low=0)
    reason: str | None = text("Reason", long=True)


@dataclass(frozen=True, kw_only=True)
class PlanWork(Record):
    """One stretch of one team's work on a plan item; a pause makes two."""

    table: ClassVar[str] = "plan_work"
    label: ClassVar[str] = "Planned work"
    plural: ClassVar[str] = "Planned work"
    address: ClassVar[tuple[str, ...]] = ("item", "team", "start")

    launch: int = reference("Launch", "launch")
    item: int = reference("Plan item", "plan_item")
    team: int = reference("Team", "team")
    start: str = date("Start", required=True)
    finish: str = date("Finish", required=True)
    days: float = number("Effort", unit="person-days", low=0, required=True)


@dataclass(frozen=True, kw_only=True)
class LeftOut(Record):
    """A mitigation that a plan does not do, and why."""

    table: ClassVar[str] = "left_out"
    label: ClassVar[str] = "Left out"
    plural: ClassVar[str] = "Left out"
    address: ClassVar[tuple[str, ...]] = ("plan", "mitigation")

    launch: int = reference("Launch", "launch")
    plan: int = reference("Plan", "plan")
    mitigation: int = reference("Mitigation", "mitigation")
    reason: str = text("Reason", required=True, long=True)
    displaces: str | None = text("Would displace", "Codes, with commas.")
    loss: float | None = number("Loss", "How much worse the objective would be with it.")
    effort: float | None = number("Effort", "Of the way of doing it that was weighed.", unit="person-days", low=0)
    enters_effort: float | None = number("Enters at effort", unit="person-days", low=0)
    enters_freeze: str | None = date("Enters at freeze date")
    enters_gain: float | None = number("Enters at further gain", "Added to what it takes off the objective.", low=0)
    estimated: bool | None = flag(
        "Estimated", "The figures for entering hold within the gap of the plan only.", default=None
    )
    core_index: float | None = number(
        "Core index", "Share of draws of inputs and weights in which a near-best plan holds it.", low=0, high=1
    )


@dataclass(frozen=True, kw_only=True)
class TeamPrice(Record):
    """What one more day of a team would be worth to a plan."""

    table: ClassVar[str] = "team_price"
    label: ClassVar[str] = "Worth of a team's day"
    plural: ClassVar[str] = "Worth of teams' days"
    address: ClassVar[tuple[str, ...]] = ("plan", "team")

    launch: int = reference("Launch", "launch")
    plan: int = reference("Plan", "plan")
    team: int = reference("Team", "team")
    residual_per_day: float = number("Taken off a day", "Of the objective, by one more person-day.", required=True)
    gap: float | None = number("Gap", "How far the portfolio model may be from the best, as a share.", low=0)


@dataclass(frozen=True, kw_only=True)
class PlanPoint(Record):
    """A plan that could be had instead, by the portfolio model: another trade-off, or another launch date."""

    table: ClassVar[str] = "plan_point"
    label: ClassVar[str] = "Possible plan"
    plural: ClassVar[str] = "Possible plans"
    address: ClassVar[tuple[str, ...]] = ("plan", "kind", "place")

    launch: int = reference("Launch", "launch")
    plan: int = reference("Plan", "plan")
    kind: str = choice("Kind", "What differs.", POINTS)
    place: int = whole("Place", low=1, required=True)
    objective: float = number("Objective", required=True)
    gap: float | None = number("Gap", "How far it may be from the best there is, as a share.", low=0)
    technical: float = number("Technical risk", "Mean loss left over.", required=True)
    reputational: float = number("Reputational risk", required=True)
    over_refusal: float = number("Over-refusal", "Share of benign requests turned away.", required=True)
    effort_days: float = number("Effort", unit="person-days", low=0, required=True)
    launch_date: str | None = date("Launch date")
    gates_met: int | None = whole("Gates met", low=0)
    gates: int | None = whole("Gates", low=0)
    technical_weight: float | None = number("Weight of technical risk", low=0)
    most_days: float | None = number("At most", unit="person-days", low=0)
    most_refusal: float | None = number("Over-refusal at most", low=0, high=1)


@dataclass(frozen=True, kw_only=True)
class Lock(Record):
    """A person's word on a mitigation: whether it is done, when it starts, and who does it."""

    table: ClassVar[str] = "lock"
    label: ClassVar[str] = "Lock"
    plural: ClassVar[str] = "Locks"
    address: ClassVar[tuple[str, ...]] = ("launch", "mitigation")

    launch: int = reference("Launch", "launch")
    mitigation: int = reference("Mitigation", "mitigation")
    variant: int | None = reference("Variant", "mitigation_variant", "Empty means any.", required=False)
    kind: str = choice("Kind", "Whether it is done.", LOCKS)
    start: str | None = date("Starts on", "Empty means when it suits.")
    team: int | None = reference(
        "Done by", "team", "Only a way of doing it in which this team has work; empty means any.", required=False
    )
    reason: str | None = text("Reason")

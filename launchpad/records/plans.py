"""A plan as it was found: what is done, by whom, when, and what was left out."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, date, moment, number, reference, text, whole

LOCKS = {"must": "Must be done", "never": "Must not be done"}


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
    seconds: float | None = number("Time taken", unit="s")
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


@dataclass(frozen=True, kw_only=True)
class Lock(Record):
    """A person's word that a mitigation must or must not be in the plan."""

    table: ClassVar[str] = "lock"
    label: ClassVar[str] = "Lock"
    plural: ClassVar[str] = "Locks"
    address: ClassVar[tuple[str, ...]] = ("launch", "mitigation")

    launch: int = reference("Launch", "launch")
    mitigation: int = reference("Mitigation", "mitigation")
    variant: int | None = reference("Variant", "mitigation_variant", "Empty means any.", required=False)
    kind: str = choice("Kind", "What is fixed.", LOCKS)
    reason: str | None = text("Reason")

"""What could be done, what it costs, and who could do it; shared by every launch."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import (
    Estimate,
    Record,
    choice,
    date,
    estimate,
    flag,
    number,
    reference,
    text,
    whole,
)

MITIGATION_KINDS = {
    "training": "Training",
    "filter": "Input or output filter",
    "monitoring": "Monitoring",
    "access": "Access and limits",
    "product": "Product design",
    "policy": "Policy and guidance",
    "operations": "Response and operations",
    "security": "Security",
}
DEPENDENCY_KINDS = {
    "requires": "Needs it chosen",
    "finish_to_start": "Starts after it has finished",
}


@dataclass(frozen=True, kw_only=True)
class Mitigation(Record):
    """A piece of safety work; each way of doing it is a variant."""

    table: ClassVar[str] = "mitigation"
    label: ClassVar[str] = "Mitigation"
    plural: ClassVar[str] = "Mitigations"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    kind: str = choice("Kind", "What sort of work it is.", MITIGATION_KINDS)
    family: str | None = text("Family", "Mitigations that fail for the same reasons share one.")
    description: str | None = text("What is done", long=True)
    owner: int | None = reference("Owner", "person", required=False)


@dataclass(frozen=True, kw_only=True)
class MitigationVariant(Record):
    """One way of doing a mitigation: its scope, its cost and how it is checked."""

    table: ClassVar[str] = "mitigation_variant"
    label: ClassVar[str] = "Variant"
    plural: ClassVar[str] = "Variants"

    code: str = text("Code", "The mitigation's code, a dot, and a short name.", required=True)
    mitigation: int = reference("Mitigation", "mitigation", part_of=True)
    name: str = text("Name", required=True)
    waiting_days: int = whole(
        "Waiting days",
        "Days after the work in which nobody works on it, such as review or roll-out.",
        unit="calendar days",
        low=0,
        default=0,
        required=True,
    )
    splittable: bool = flag("May pause", "The work may be interrupted and taken up again.")
    earliest_start: str | None = date("Earliest start")
    verified_by: int | None = reference(
        "Verified by", "evaluation", "The evaluation that shows it works.", required=False
    )


@dataclass(frozen=True, kw_only=True)
class Effort(Record):
    """The work of one team on one variant."""

    table: ClassVar[str] = "effort"
    label: ClassVar[str] = "Effort"
    plural: ClassVar[str] = "Effort"
    address: ClassVar[tuple[str, ...]] = ("variant", "team")

    variant: int = reference("Variant", "mitigation_variant")
    team: int = reference("Team", "team")
    days: Estimate = estimate("Effort", scale="log", unit="person-days", low=0, required=True)
    people: float = number(
        "People at once", "The most who can usefully work on it.", low=0.1, default=1.0, required=True
    )
    basis: str | None = text("Basis", "Where the estimate comes from.", long=True)


@dataclass(frozen=True, kw_only=True)
class Dependency(Record):
    """One mitigation that rests on another."""

    table: ClassVar[str] = "dependency"
    label: ClassVar[str] = "Dependency"
    plural: ClassVar[str] = "Dependencies"
    address: ClassVar[tuple[str, ...]] = ("mitigation", "needs")

    mitigation: int = reference("Mitigation", "mitigation")
    needs: int = reference("Needs", "mitigation")
    kind: str = choice("Kind", "Whether order matters too.", DEPENDENCY_KINDS, default="finish_to_start")
    reason: str | None = text("Reason")


@dataclass(frozen=True, kw_only=True)
class ExclusionGroup(Record):
    """Mitigations of which at most one is done."""

    table: ClassVar[str] = "exclusion_group"
    label: ClassVar[str] = "Exclusion group"
    plural: ClassVar[str] = "Exclusion groups"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    reason: str | None = text("Reason")


@dataclass(frozen=True, kw_only=True)
class ExclusionMember(Record):
    """A mitigation in an exclusion group."""

    table: ClassVar[str] = "exclusion_member"
    label: ClassVar[str] = "Exclusion"
    plural: ClassVar[str] = "Exclusions"
    address: ClassVar[tuple[str, ...]] = ("exclusion_group", "mitigation")

    exclusion_group: int = reference("Exclusion group", "exclusion_group")
    mitigation: int = reference("Mitigation", "mitigation")


@dataclass(frozen=True, kw_only=True)
class Team(Record):
    """A team that does safety work."""

    table: ClassVar[str] = "team"
    label: ClassVar[str] = "Team"
    plural: ClassVar[str] = "Teams"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    weekdays: str = text(
        "Working days",
        "Days of the week worked, Monday is 1, with commas.",
        default="1,2,3,4,5",
        required=True,
    )


@dataclass(frozen=True, kw_only=True)
class Capacity(Record):
    """What a team can give from a date on, until the next row of the same team."""

    table: ClassVar[str] = "capacity"
    label: ClassVar[str] = "Capacity"
    plural: ClassVar[str] = "Capacity"
    address: ClassVar[tuple[str, ...]] = ("team", "starts")

    team: int = reference("Team", "team")
    starts: str | None = date("From", "Empty means from the beginning.")
    days_per_week: float = number("Capacity", unit="person-days per week", low=0, required=True)
    committed: float = number(
        "Committed share", "Share already promised to other work.", low=0, high=1, default=0.0, required=True
    )
    basis: str | None = text("Basis")


@dataclass(frozen=True, kw_only=True)
class DayOff(Record):
    """A day on which a team does not work."""

    table: ClassVar[str] = "day_off"
    label: ClassVar[str] = "Day off"
    plural: ClassVar[str] = "Days off"
    address: ClassVar[tuple[str, ...]] = ("team", "day")

    team: int = reference("Team", "team")
    day: str = date("Day", required=True)
    reason: str | None = text("Reason")

"""What comes in after a launch: incidents, readings of monitors, and the triggers that reopen a gate."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, date, flag, number, reference, text, whole

TRIGGER_MEASURES = {
    "incidents": "Incidents",
    "public_incidents": "Incidents that became public",
    "harm": "Harm of incidents",
    "rate": "Violations per opportunity in monitoring",
    "alerts": "Alerts per day in monitoring",
}


@dataclass(frozen=True, kw_only=True)
class Incident(Record):
    """Something that went wrong after the launch."""

    table: ClassVar[str] = "incident"
    label: ClassVar[str] = "Incident"
    plural: ClassVar[str] = "Incidents"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    scenario: int = reference("Scenario", "scenario")
    happened: str = date("Happened", required=True)
    events: int = whole("Events", "How many of them.", low=1, default=1, required=True)
    harm: float | None = number("Harm", "Of all of them together.", unit="harm units", low=0)
    public: bool = flag("Public", "It was reported outside.")
    in_place: str = text(
        "Mitigations on", "Variant codes with commas, or none, or unknown.", default="unknown", required=True
    )
    source: str | None = text("Source", "Where it was reported.")
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class Reading(Record):
    """What a monitor saw over some days after the launch."""

    table: ClassVar[str] = "reading"
    label: ClassVar[str] = "Monitoring reading"
    plural: ClassVar[str] = "Monitoring readings"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    scenario: int = reference("Scenario", "scenario")
    starts: str = date("From", required=True)
    days: int = whole("Days", low=1, default=1, required=True)
    opportunities: int | None = whole("Opportunities seen", "Requests that were checked.", low=0)
    violations: int | None = whole("Violations found", "Confirmed by a person.", low=0)
    alerts: int | None = whole("Alerts", "As the monitor raised them.", low=0)
    in_place: str = text(
        "Mitigations on", "Variant codes with commas, or none, or unknown.", default="unknown", required=True
    )
    source: str | None = text("Source", "Which monitor.")
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class Trigger(Record):
    """What, after the launch, opens a gate again."""

    table: ClassVar[str] = "trigger"
    label: ClassVar[str] = "Trigger"
    plural: ClassVar[str] = "Triggers"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    gate: int = reference("Gate", "gate")
    scenario: int = reference("Scenario", "scenario")
    measure: str = choice("Measure", "What is watched.", TRIGGER_MEASURES, default="incidents")
    threshold: float = number("Threshold", "Reached means reopened.", low=0, required=True)
    window_days: int = whole("Window", "Counted over this many days.", unit="days", low=1, default=30, required=True)
    decided_on: str | None = date("Decided on", "What came in up to this day has been decided on and counts no more.")
    basis: str | None = text("Basis", long=True)

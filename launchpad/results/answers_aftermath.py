"""What the answer of `launchpad watch --json` holds."""

from typing import TypedDict

from launchpad.results.aftermath import RateRow, TriggerRow
from launchpad.results.answers import Verdict
from launchpad.scoring.through import Through


class SetAside(TypedDict):
    """A reading (as `table address`) that gives no rate, and why."""

    record: str
    reason: str


class ScenarioWatched(TypedDict):
    """One scenario after the launch: events expected so far with 90 % of the counts that leaves, against those seen."""

    code: str
    name: str
    now: str | None
    expected: float | None
    expected_low: float | None
    expected_high: float | None
    seen: int
    public: int
    harm: float
    low: int | None
    high: int | None
    chance: float | None
    verdict: str
    outside: int
    through: list[Through]
    rate: RateRow | None
    alerts_per_day: float | None
    set_aside: list[SetAside]


class GateReopened(TypedDict):
    """A gate that a trigger opened again, with its verdict now."""

    code: str
    verdict: Verdict
    reason: str


class Watched(TypedDict):
    """The answer of `launchpad watch --json`."""

    launch: str
    as_of: str
    out: bool
    days: int
    scenarios: list[ScenarioWatched]
    triggers: list[TriggerRow]
    reopened: list[str]
    baseline: str | None
    days_before: int
    before: list[ScenarioWatched]
    gates: list[GateReopened]

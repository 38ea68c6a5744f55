"""One launch's own records: where it goes, what can go wrong there, and how bad that would be."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import (
    Estimate,
    Record,
    choice,
    date,
    estimate,
    flag,
    moment,
    number,
    reference,
    text,
    whole,
)

LAUNCH_STATUS = {"open": "Open", "launched": "Launched", "cancelled": "Cancelled"}
RELEASE_KINDS = {
    "new_model": "New model",
    "new_snapshot": "New snapshot",
    "new_surface": "New surface",
    "open_weights": "Open weights",
}
SURFACE_KINDS = {
    "consumer": "Consumer app",
    "api": "API",
    "agent": "Agent with tools",
    "fine_tuning": "Fine-tuning",
    "open_weights": "Open weights",
    "internal": "Internal use",
}
INTENTS = {
    "benign": "Benign",
    "vulnerable": "Vulnerable",
    "negligent": "Negligent",
    "malicious": "Malicious",
}
EXPOSURE_UNITS = {"attempt": "Attempt", "campaign": "Campaign of several tries"}
REVERSIBILITY = {
    "reversible": "Reversible",
    "partly": "Partly reversible",
    "irreversible": "Irreversible",
}
ATTRIBUTION = {
    "register": "As the register says",
    "victim": "Victim: the harm came from outside",
}


@dataclass(frozen=True, kw_only=True)
class Launch(Record):
    """A model going out: what, when, and the dates by which work must be done."""

    table: ClassVar[str] = "launch"
    label: ClassVar[str] = "Launch"
    plural: ClassVar[str] = "Launches"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    model: str = text("Model", required=True)
    snapshot: str | None = text("Snapshot", "Which build goes out.")
    baseline: int | None = reference("Baseline launch", "launch", required=False)
    launch_date: str = date("Launch date", required=True)
    freeze_date: str = date("Freeze date", "The last day on which anything may change.", required=True)
    buffer_days: int = whole(
        "Buffer", "Days kept free before the freeze.", unit="calendar days", low=0, default=0, required=True
    )
    horizon_days: int = whole(
        "Horizon",
        "Days after the launch that risk is summed over.",
        unit="days",
        low=1,
        default=90,
        required=True,
    )
    as_of: str = date("As of", "The day the figures are seen from; never moves by itself.", required=True)
    release_kind: str = choice("Kind of release", "What is new.", RELEASE_KINDS, default="new_model")
    regions: str | None = text("Regions")
    status: str = choice("Status", "An open launch can still be planned.", LAUNCH_STATUS, default="open")
    seed: int = whole("Seed", "Fixes every random draw.", low=0, default=1, required=True)
    weight_set: str | None = text("Weights", "Code of the weight set in use.")
    current_plan: str | None = text("Current plan", "Code of the plan in use.")


@dataclass(frozen=True, kw_only=True)
class Surface(Record):
    """A place where the model meets the world."""

    table: ClassVar[str] = "surface"
    label: ClassVar[str] = "Surface"
    plural: ClassVar[str] = "Surfaces"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    name: str = text("Name", required=True)
    kind: str = choice("Kind", "What sort of product it is.", SURFACE_KINDS)
    modalities: str | None = text("Modalities")
    languages: str | None = text("Languages")
    users: float | None = number("Users", low=0)
    requests_per_day: float | None = number("Requests per day", low=0)
    basis: str | None = text("Basis", long=True)


@dataclass(frozen=True, kw_only=True)
class ActorProfile(Record):
    """Who stands behind an attempt; shared by every launch."""

    table: ClassVar[str] = "actor_profile"
    label: ClassVar[str] = "Actor"
    plural: ClassVar[str] = "Actors"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    intent: str = choice("Intent", "What the person wants.", INTENTS)
    tries: int = whole("Tries per campaign", low=1, default=1, required=True)
    skill: str | None = text("Skill")
    budget: str | None = text("Budget")
    weeks: str | None = text("Time spent")


@dataclass(frozen=True, kw_only=True)
class Scenario(Record):
    """One way a risk area turns into harm in this launch."""

    table: ClassVar[str] = "scenario"
    label: ClassVar[str] = "Scenario"
    plural: ClassVar[str] = "Scenarios"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    name: str = text("Name", required=True)
    risk_area: int = reference("Risk area", "risk_area")
    surface: int | None = reference("Surface", "surface", "Empty means all.", required=False)
    actor: int | None = reference("Actor", "actor_profile", "Empty means all.", required=False)
    pathway: str | None = text("Pathway", "How an answer becomes harm.", long=True)
    harm: str | None = text("Harm", "Who is hurt, and how.", long=True)
    owner: int | None = reference("Owner", "person", required=False)
    review_trigger: str | None = text("Review when", "What would make this worth a second look.")
    catastrophic: bool = flag("Catastrophic", "Judged by limits and determinations, never summed.")
    over_refusal: bool = flag(
        "Over-refusal", "Opportunities are benign requests on the topic; an event is one turned away."
    )
    copied_from: str | None = text("Copied from", "Launch and code it was copied from.")


@dataclass(frozen=True, kw_only=True)
class Exposure(Record):
    """How often a scenario gets its chance, and how often the model then fails."""

    table: ClassVar[str] = "exposure"
    label: ClassVar[str] = "Exposure"
    plural: ClassVar[str] = "Exposure"
    address: ClassVar[tuple[str, ...]] = ("scenario",)

    launch: int = reference("Launch", "launch")
    scenario: int = reference("Scenario", "scenario")
    opportunities: Estimate = estimate(
        "Opportunities", "Chances per day at full rollout.", scale="log", unit="per day", low=0, required=True
    )
    unit: str = choice("Counted in", "A campaign is several tries of one actor.", EXPOSURE_UNITS, default="attempt")
    start_day: int = whole("First day", "Days after the launch.", low=0, default=0, required=True)
    end_day: int | None = whole("Last day", "Empty means the end of the horizon.", low=0)
    rollout: float = number("Rollout share", "Share of users who have it.", low=0, high=1, default=1.0, required=True)
    propensity: Estimate | None = estimate(
        "Propensity",
        "Chance that one opportunity gets a violating output; used where evidence is thin.",
        scale="logit",
        low=0,
        high=1,
    )
    basis: str | None = text("Basis", "Where these figures come from.", long=True)


@dataclass(frozen=True, kw_only=True)
class Severity(Record):
    """How bad it is when it happens."""

    table: ClassVar[str] = "severity"
    label: ClassVar[str] = "Severity"
    plural: ClassVar[str] = "Severity"
    address: ClassVar[tuple[str, ...]] = ("scenario",)

    launch: int = reference("Launch", "launch")
    scenario: int = reference("Scenario", "scenario")
    level: int = whole("Level", "On the project's scale of 1 to 5.", low=1, high=5, default=3, required=True)
    harm_units: Estimate | None = estimate(
        "Harm per event", "Empty means the range of the level.", scale="log", unit="harm units", low=0
    )
    realised: Estimate | None = estimate(
        "Becomes harm", "Chance that a violating output leads to harm.", scale="logit", low=0, high=1
    )
    net_new: Estimate | None = estimate(
        "Net new",
        "Share of that harm which would not have happened without the model.",
        scale="logit",
        low=0,
        high=1,
    )
    reversibility: str = choice("Reversibility", "Whether it can be undone.", REVERSIBILITY, default="partly")
    vulnerable: bool = flag("Vulnerable group", "Falls on people who can protect themselves least.")
    basis: str | None = text("Basis", "Where these figures come from.", long=True)


@dataclass(frozen=True, kw_only=True)
class Publicity(Record):
    """How a violating output would look in public."""

    table: ClassVar[str] = "publicity"
    label: ClassVar[str] = "Publicity"
    plural: ClassVar[str] = "Publicity"
    address: ClassVar[tuple[str, ...]] = ("scenario",)

    launch: int = reference("Launch", "launch")
    scenario: int = reference("Scenario", "scenario")
    visible: Estimate = estimate(
        "Becomes public",
        "Chance that one violating output is made public.",
        scale="logit",
        low=0,
        high=1,
        required=True,
    )
    reach: float = number("Reach", "People reached by one story.", unit="people", low=0, default=1.0, required=True)
    salience: float = number("Salience", "How much people care, 1 is ordinary.", low=0, default=1.0, required=True)
    history: float = number("History", "Earlier incidents of ours of this kind.", low=0, default=0.0, required=True)
    prior_negative: float = number(
        "Prior standing", "How badly we already stand on this.", low=0, default=0.0, required=True
    )
    promise_gap: float = number(
        "Promise gap",
        "0.5 where we publicly promised otherwise, else 0.",
        low=0,
        high=0.5,
        default=0.0,
        required=True,
    )
    response_readiness: float = number(
        "Response readiness", "0 is none, 0.5 is rehearsed.", low=0, high=0.5, default=0.0, required=True
    )
    disclosed: bool = flag("Disclosed", "We said publicly that this can happen.")
    disclosure: str | None = text("Disclosed where")
    disclosed_on: str | None = date("Disclosed on")
    attribution: str = choice(
        "Attribution",
        "Who would be blamed; victim needs a reason.",
        ATTRIBUTION,
        default="register",
        group="attribution",
    )
    attribution_reason: str | None = text("Reason for attribution", group="attribution")
    basis: str | None = text("Basis", "Where these figures come from.", long=True)


@dataclass(frozen=True, kw_only=True)
class Tolerance(Record):
    """A limit set beforehand: on a loss, on a catastrophic scenario, or on a side effect."""

    table: ClassVar[str] = "tolerance"
    label: ClassVar[str] = "Tolerance"
    plural: ClassVar[str] = "Tolerances"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    name: str = text("Name", required=True)
    measure: str = choice(
        "Measure",
        "What is limited.",
        {
            "technical": "Technical loss over the horizon",
            "events": "Expected events of a scenario over the horizon",
            "false_refusal": "False refusal of benign requests",
            "latency": "Added latency (p95)",
            "capability": "Loss of capability",
            "cost": "Run cost per month",
        },
    )
    scenario: int | None = reference("Scenario", "scenario", "Empty means the whole launch.", required=False)
    surface: int | None = reference("Surface", "surface", "Empty means every surface.", required=False)
    limit: float = number("Limit", low=0, required=True)
    probability: float | None = number("At most this often", "Accepted chance that the limit is passed.", low=0, high=1)
    sealed_at: str | None = moment("Sealed", group="seal", set_by_program=True)
    seal: str | None = text("Seal", group="seal", set_by_program=True)
    basis: str | None = text("Basis", long=True)


@dataclass(frozen=True, kw_only=True)
class WeightSet(Record):
    """How much technical and reputational risk count against each other."""

    table: ClassVar[str] = "weight_set"
    label: ClassVar[str] = "Weight set"
    plural: ClassVar[str] = "Weight sets"
    beside: ClassVar[frozenset[str]] = frozenset({"sealed_at", "seal"})

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    name: str = text("Name", required=True)
    whose: str | None = text("Whose", "Who holds these weights.")
    technical: float = number("Technical risk", low=0, default=0.7, required=True)
    reputational: float = number("Reputational risk", low=0, default=0.3, required=True)
    sealed_at: str | None = moment("Sealed", group="seal", set_by_program=True)
    seal: str | None = text("Seal", group="seal", set_by_program=True)

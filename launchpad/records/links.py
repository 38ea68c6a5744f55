"""What ties a launch together: effects, standing, side effects, evidence links and gates."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import (
    Estimate,
    Record,
    choice,
    date,
    estimate,
    moment,
    number,
    reference,
    text,
    whole,
)

STAGES = {
    "exposure": "Exposure",
    "propensity": "Propensity",
    "detection": "Detection",
    "severity": "Severity",
    "publicity": "Publicity",
}
EVIDENCE_LEVELS = {
    "assumed": "Assumed",
    "vendor": "Vendor's claim",
    "internal_test": "Internal test",
    "red_team": "Internal red team",
    "independent": "Independent",
}
STANDINGS = {
    "idea": "Idea",
    "planned": "Planned",
    "started": "Started",
    "done": "Done",
    "in_place": "In place",
    "dropped": "Dropped",
}
EFFECT_UNITS = {
    "opportunity": "Opportunities, as the scenario counts them",
    "attempt": "Single attempts",
}
LINK_ROLES = {
    "propensity": "Propensity of a scenario",
    "uplift": "Uplift in a scenario",
    "efficacy": "Efficacy of a mitigation",
    "false_refusal": "False refusal of a mitigation",
}
NEARNESS = {"same": "Same", "near": "Near", "different": "Different"}
CRITERION_DIRECTIONS = {
    "at_least": "At least: the lower bound must reach it",
    "at_most": "At most: the upper bound must stay below it",
}
GATE_KINDS = {
    "rate": "Rate: no more than",
    "safeguard": "Safeguard: at least",
    "capability": "Capability: ruled out below",
}


@dataclass(frozen=True, kw_only=True)
class Effect(Record):
    """What one variant does to one scenario at one stage."""

    table: ClassVar[str] = "effect"
    label: ClassVar[str] = "Effect"
    plural: ClassVar[str] = "Effects"
    address: ClassVar[tuple[str, ...]] = ("variant", "scenario", "stage")

    launch: int = reference("Launch", "launch")
    variant: int = reference("Variant", "mitigation_variant")
    scenario: int = reference("Scenario", "scenario")
    stage: str = choice("Stage", "Where in the chain of events it acts.", STAGES)
    coverage: Estimate = estimate(
        "Coverage", "Share of cases it sees at all.", scale="logit", low=0, high=1, required=True
    )
    intended: Estimate = estimate(
        "Efficacy",
        "Share of covered cases it stops when it works as meant; below 0 it makes things worse.",
        scale="logit",
        low=-1,
        high=1,
        required=True,
    )
    per: str = choice(
        "Efficacy counted in",
        "One measured on single attempts is worth less against a campaign of several; it is converted.",
        EFFECT_UNITS,
        default="opportunity",
    )
    degraded: float = number(
        "Efficacy when degraded",
        "While it does not work as meant.",
        low=-1,
        high=1,
        default=0.0,
        required=True,
    )
    variance_frequency: float = number(
        "Degradations",
        "How often it falls out of its intended state.",
        unit="per year",
        low=0,
        default=0.0,
        required=True,
    )
    variance_days: float = number("Days to notice and mend", unit="days", low=0, default=0.0, required=True)
    evidence_level: str = choice("Evidence", "How its efficacy is known.", EVIDENCE_LEVELS, default="assumed")
    basis: str | None = text("Basis", "Where these figures come from.", long=True)


@dataclass(frozen=True, kw_only=True)
class Standing(Record):
    """How far a variant has come in this launch."""

    table: ClassVar[str] = "standing"
    label: ClassVar[str] = "Standing"
    plural: ClassVar[str] = "Standing"
    address: ClassVar[tuple[str, ...]] = ("variant",)

    launch: int = reference("Launch", "launch")
    variant: int = reference("Variant", "mitigation_variant")
    status: str = choice("Status", "How far it has come.", STANDINGS, default="idea", group="status")
    started: str | None = date("Started", group="status")
    finished: str | None = date("Finished", group="status")
    remaining_days: float | None = number("Remaining effort", unit="person-days", low=0)
    actual_days: float | None = number("Actual effort", unit="person-days", low=0)
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class SideEffect(Record):
    """What a variant costs the people who meant no harm."""

    table: ClassVar[str] = "side_effect"
    label: ClassVar[str] = "Side effect"
    plural: ClassVar[str] = "Side effects"
    address: ClassVar[tuple[str, ...]] = ("variant", "surface")

    launch: int = reference("Launch", "launch")
    variant: int = reference("Variant", "mitigation_variant")
    surface: int | None = reference("Surface", "surface", "Empty means all.", required=False)
    false_refusal: Estimate | None = estimate(
        "False refusal", "Share of benign requests it turns away.", scale="logit", low=0, high=1
    )
    latency_ms: float | None = number("Added latency (p95)", unit="ms", low=0)
    capability: float | None = number("Change of capability", "Negative is a loss.", unit="points")
    capability_suite: str | None = text("Capability suite", "What the change was measured on.")
    run_cost: float | None = number("Run cost", unit="per month", low=0)
    true_positive_rate: float | None = number("Alerts on true cases", low=0, high=1)
    false_positive_rate: float | None = number("Alerts on benign cases", low=0, high=1)
    basis: str | None = text("Basis", long=True)


@dataclass(frozen=True, kw_only=True)
class EvidenceLink(Record):
    """A person's judgement that a result is evidence for something in this launch."""

    table: ClassVar[str] = "evidence_link"
    label: ClassVar[str] = "Evidence link"
    plural: ClassVar[str] = "Evidence links"
    address: ClassVar[tuple[str, ...]] = ("result", "role", "scenario", "effect", "side_effect")

    launch: int = reference("Launch", "launch")
    result: int = reference("Result", "eval_result")
    role: str = choice("Evidence for", "What it informs.", LINK_ROLES, default="propensity")
    scenario: int | None = reference("Scenario", "scenario", required=False)
    effect: int | None = reference("Effect", "effect", required=False)
    side_effect: int | None = reference("Side effect", "side_effect", required=False)
    relevance: float = number("Relevance", low=0, high=1, default=1.0, required=True)
    snapshot: str = choice("Snapshot", "Compared with what goes out.", NEARNESS, default="same")
    surface: str = choice("Surface", "Compared with where it goes out.", NEARNESS, default="same")
    language: str = choice("Language", "Compared with what is spoken there.", NEARNESS, default="same")
    reason: str | None = text("Reason", long=True)


@dataclass(frozen=True, kw_only=True)
class Gate(Record):
    """A rule, set before the results, that a launch must meet."""

    table: ClassVar[str] = "gate"
    label: ClassVar[str] = "Gate"
    plural: ClassVar[str] = "Gates"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    name: str = text("Name", required=True)
    kind: str = choice("Kind", "Which way the threshold is read.", GATE_KINDS)
    scenario: int | None = reference("Scenario", "scenario", required=False)
    evaluation: int | None = reference(
        "Evaluation", "evaluation", "Only its results count; empty means all linked results.", required=False
    )
    threshold: float = number("Threshold", low=0, high=1, required=True)
    margin: float = number(
        "Margin", "Distance below the threshold that rules out.", low=0, high=1, default=0.0, required=True
    )
    confidence: float = number("Confidence", low=0.5, high=0.9999, default=0.95, required=True)
    stage: str | None = text("Stage", "When it is asked: before launch, at 10 %, ...")
    verified_by: int | None = reference(
        "Needs evaluation", "evaluation", "Must be run before the gate can be met.", required=False
    )
    sealed_at: str | None = moment("Sealed", group="seal", set_by_program=True)
    seal: str | None = text("Seal", group="seal", set_by_program=True)
    basis: str | None = text("Basis", long=True)


@dataclass(frozen=True, kw_only=True)
class LinkRule(Record):
    """Which results are evidence for what, in every launch; each pattern must match, an empty one matches all.

    Patterns are whole names with `*` and `?`; several, with commas, mean any of them.
    """

    table: ClassVar[str] = "link_rule"
    label: ClassVar[str] = "Link rule"
    plural: ClassVar[str] = "Link rules"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    harness: str | None = text("Harness", "Pattern.")
    task: str | None = text("Task", "Pattern.")
    scorer: str | None = text("Scorer", "Pattern.")
    metric: str | None = text("Metric", "Pattern.")
    category: str | None = text("Category", "Pattern; empty matches results over all samples only.")
    tag: str | None = text("Tag", "Pattern; one of the result's tags must match.")
    role: str = choice("Evidence for", "What the results bear on.", LINK_ROLES, default="propensity")
    risk_area: int | None = reference("Risk area", "risk_area", "All its scenarios.", required=False)
    scenario: int | None = reference("Scenario", "scenario", "Only this one.", required=False)
    variant: int | None = reference(
        "Variant", "mitigation_variant", "For efficacy and false refusal: whose.", required=False
    )
    relevance: float = number("Relevance", low=0, high=1, default=1.0, required=True)
    snapshot: str = choice("Snapshot", "Compared with what goes out.", NEARNESS, default="same")
    surface: str = choice("Surface", "Compared with where it goes out.", NEARNESS, default="same")
    language: str = choice("Language", "Compared with what is spoken there.", NEARNESS, default="same")
    basis: str | None = text("Basis", "Why these results speak of this.", long=True)


@dataclass(frozen=True, kw_only=True)
class SuccessCriterion(Record):
    """What an evaluation must show, said before its results are in."""

    table: ClassVar[str] = "success_criterion"
    label: ClassVar[str] = "Success criterion"
    plural: ClassVar[str] = "Success criteria"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    evaluation: int = reference("Evaluation", "evaluation")
    name: str = text("Name", required=True)
    category: str | None = text("Category", "Empty means all samples.")
    direction: str = choice("Direction", "Which bound is compared.", CRITERION_DIRECTIONS)
    threshold: float = number("Threshold", "On the scale of the value, percent as a fraction.", required=True)
    confidence: float = number("Confidence", "One-sided.", low=0.5, high=0.9999, default=0.95, required=True)
    least_n: int | None = whole("Least samples", "A run of fewer settles nothing.", low=1)
    locale: str | None = text("Locale", "Where its norms hold, such as en-GB.")
    template: str | None = text("Template", "The bundled template it was made from.")
    sealed_at: str | None = moment("Sealed", group="seal", set_by_program=True)
    seal: str | None = text("Seal", group="seal", set_by_program=True)
    basis: str | None = text("Basis", "Why this threshold.", long=True)

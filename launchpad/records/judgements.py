"""What people judge: experts' estimates of a scenario, and how much one criterion counts against another."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, date, number, reference, text, whole

EXPERT_QUANTITIES = {
    "opportunities": "Opportunities per day",
    "propensity": "Propensity",
    "harm_units": "Harm per event",
    "realised": "Becomes harm",
    "net_new": "Net new",
    "visible": "Becomes public",
}
MEASURES = {
    "technical": "Technical risk",
    "cvar95": "Technical risk in the worst 5 %",
    "reputational": "Reputational risk",
    "false_refusal": "False refusal of benign requests",
    "latency": "Added latency (p95)",
    "capability": "Loss of capability",
    "cost": "Run cost per month",
    "effort": "Effort",
}


@dataclass(frozen=True, kw_only=True)
class ExpertEstimate(Record):
    """One expert's range for one quantity of a scenario; the experts of a quantity are pooled."""

    table: ClassVar[str] = "expert_estimate"
    label: ClassVar[str] = "Expert estimate"
    plural: ClassVar[str] = "Expert estimates"
    address: ClassVar[tuple[str, ...]] = ("scenario", "quantity", "expert")

    launch: int = reference("Launch", "launch")
    scenario: int = reference("Scenario", "scenario")
    quantity: str = choice("Quantity", "What was estimated.", EXPERT_QUANTITIES, default="propensity")
    expert: int = reference("Expert", "person")
    low: float = number("Low (5 %)", low=0, required=True, group="range")
    median: float = number("Median", low=0, required=True, group="range")
    high: float = number("High (95 %)", low=0, required=True, group="range")
    weight: float = number("Weight", "Against the other experts.", low=0, default=1.0, required=True)
    hits: int | None = whole("Calibration, hits", "Earlier ranges that held the truth.", low=0, group="calibration")
    asked: int | None = whole("Calibration, of", "Earlier ranges that were checked.", low=0, group="calibration")
    given_on: str | None = date("Given on")
    basis: str | None = text("Basis", "What the expert rests it on.", long=True)


@dataclass(frozen=True, kw_only=True)
class Criterion(Record):
    """One thing plans and mitigations are judged by, with the ends of its scale said in advance."""

    table: ClassVar[str] = "criterion"
    label: ClassVar[str] = "Criterion"
    plural: ClassVar[str] = "Criteria"

    code: str = text("Code", required=True)
    launch: int = reference("Launch", "launch")
    name: str = text("Name", required=True)
    measure: str = choice("Measure", "What is looked at.", MEASURES)
    worst: float | None = number("Worst anchor", "Worth 0.", group="anchors")
    best: float | None = number("Best anchor", "Worth 1.", group="anchors")
    between: str | None = text(
        "Between", "Points between the anchors as amount=worth, with commas; empty means a straight line."
    )
    basis: str | None = text("Basis", "Why these anchors.", long=True)


@dataclass(frozen=True, kw_only=True)
class SwingWeight(Record):
    """How much the swing of one criterion from worst to best counts in a weight set; the best swing is 100."""

    table: ClassVar[str] = "swing_weight"
    label: ClassVar[str] = "Swing weight"
    plural: ClassVar[str] = "Swing weights"
    address: ClassVar[tuple[str, ...]] = ("weight_set", "criterion")

    launch: int = reference("Launch", "launch")
    weight_set: int = reference("Weight set", "weight_set")
    criterion: int = reference("Criterion", "criterion")
    swing: float | None = number("Swing", "The most important swing is 100.", low=0, high=100)
    rank: int | None = whole("Rank", "1 is the most important; stands in where swings are missing.", low=1)
    compared_with: int | None = reference("Compared with", "criterion", "Asked apart, as a check.", required=False)
    times: float | None = number("Times as important", "As that one, asked apart.", low=0)
    basis: str | None = text("Basis", long=True)

"""Evaluations and what they found, shared by every launch of the project."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, date, flag, number, reference, text, whole

POLARITY = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "unknown": "Not confirmed yet",
}
EVALUATION_KINDS = {
    "capability": "Capability",
    "propensity": "Propensity",
    "safeguard": "Safeguard",
    "over_refusal": "Over-refusal",
    "values": "Reasoning about values",
    "cultural": "Cultural norms",
    "medical": "Medical",
    "misinformation": "Misinformation",
    "quality": "Quality",
    "other": "Other",
}
ARMS = {"candidate": "Candidate", "baseline": "Baseline", "control": "Control"}
ELICITATION = {
    "unknown": "Unknown",
    "weak": "Weak",
    "partial": "Partial",
    "strong": "Strong",
}
RUN_STATUS = {
    "complete": "Complete",
    "cancelled": "Cancelled",
    "errored": "Errored",
    "running": "Running",
    "unknown": "Unknown",
}
UNITS = {"fraction": "Fraction", "percent": "Percent", "count": "Count", "score": "Score"}


@dataclass(frozen=True, kw_only=True)
class Evaluation(Record):
    """One metric of one task: what is measured, and which direction is good."""

    table: ClassVar[str] = "evaluation"
    label: ClassVar[str] = "Evaluation"
    plural: ClassVar[str] = "Evaluations"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    harness: str | None = text("Harness", "The program that runs it.")
    suite: str | None = text("Suite")
    task: str | None = text("Task", "As the harness names it.")
    scorer: str | None = text("Scorer", "As the harness names it.")
    metric: str | None = text("Metric", "As the harness names it.")
    polarity: str = choice(
        "Direction", "Failures are counted only once this is confirmed.", POLARITY, default="unknown"
    )
    kind: str = choice("Kind", "What sort of question it answers.", EVALUATION_KINDS, default="other")
    language: str | None = text("Language")
    candidate_n: int | None = whole("Planned samples", "How many samples the next run would take.", low=1)
    waiting_days: int = whole("Waiting days", unit="calendar days", low=0, default=0, required=True)
    earliest_start: str | None = date("Earliest start")
    source: str | None = text("Source", "Paper or page that describes it.")


@dataclass(frozen=True, kw_only=True)
class EvaluationEffort(Record):
    """What one run of an evaluation costs one team."""

    table: ClassVar[str] = "evaluation_effort"
    label: ClassVar[str] = "Evaluation effort"
    plural: ClassVar[str] = "Evaluation effort"
    address: ClassVar[tuple[str, ...]] = ("evaluation", "team")

    evaluation: int = reference("Evaluation", "evaluation")
    team: int = reference("Team", "team")
    fixed: float = number("Fixed effort", unit="person-days", low=0, required=True)
    per_100: float = number("Effort per 100 samples", unit="person-days", low=0, default=0.0, required=True)


@dataclass(frozen=True, kw_only=True)
class EvalResult(Record):
    """One number that one run of an evaluation found, with its counts and uncertainty."""

    table: ClassVar[str] = "eval_result"
    label: ClassVar[str] = "Result"
    plural: ClassVar[str] = "Results"
    beside: ClassVar[frozenset[str]] = frozenset(
        {"harness_version", "file_name", "file_sha256", "identity", "outcomes", "texts", "tags", "source", "note"}
    )

    code: str = text("Code", required=True)
    evaluation: int = reference("Evaluation", "evaluation")
    model: str = text("Model", "As the file names it.", required=True)
    snapshot: str | None = text("Snapshot", "Which build of the model.")
    arm: str = choice("Arm", "Which side of a comparison.", ARMS, default="candidate")
    control: int | None = reference("Paired control", "eval_result", "The result it is compared with.", required=False)
    variant: str | None = text("Reducer or filter", "How several answers became one.")
    part: str | None = text("Category", "Empty means all samples.")
    part_total: bool = flag("Total of categories", "An aggregate over categories, not one of them.")
    value: float | None = number("Value", "As reported; empty means the run gave none.")
    unit: str = choice("Unit", "The scale of the value.", UNITS, default="fraction")
    n: int | None = whole("Scored samples", low=0)
    count: int | None = whole("Samples with outcome 1", "Whatever 1 means for this metric.", low=0)
    n_total: int | None = whole("All samples", low=0)
    n_unscored: int | None = whole("Unscored samples", low=0)
    n_errors: int | None = whole("Samples with errors", low=0)
    stderr: float | None = number("Reported standard error", low=0)
    stderr_clustered: float | None = number("Reported clustered standard error", low=0)
    clusters: int | None = whole("Clusters", "Groups of samples that are not independent.", low=1)
    reported_low: float | None = number("Reported interval, low", group="reported")
    reported_high: float | None = number("Reported interval, high", group="reported")
    reported_level: float | None = number("Reported interval, level", low=0, high=1, group="reported")
    reported_method: str | None = text("Reported interval, method", group="reported")
    threshold: float | None = number("Threshold in the run")
    passed: bool | None = flag("Passed in the run", default=None)
    judge_sensitivity: float | None = number(
        "Judge sensitivity", "Share of true failures the judge sees.", low=0, high=1, group="judge"
    )
    judge_specificity: float | None = number(
        "Judge specificity", "Share of non-failures the judge passes.", low=0, high=1, group="judge"
    )
    elicitation: str = choice(
        "Elicitation", "How hard the run tried to bring the behaviour out.", ELICITATION, default="unknown"
    )
    tries: int = whole("Tries per item", low=1, default=1, required=True)
    surface: str | None = text("Surface", "Product surface the run imitated.")
    language: str | None = text("Language")
    in_place: str = text(
        "Mitigations on during the run",
        "Variant codes with commas, or none, or unknown (counts as on).",
        default="unknown",
        required=True,
    )
    run_date: str | None = date("Run date")
    status: str = choice("Run status", "A run that did not complete meets no gate.", RUN_STATUS)
    harness: str = text("Harness", required=True)
    harness_version: str | None = text("Harness version")
    run_id: str | None = text("Run")
    task_version: str | None = text("Task version")
    file_name: str | None = text("File")
    file_sha256: str | None = text("SHA-256 of the file", set_by_program=True)
    identity: str | None = text("Identity", "The same result in another file has the same.", set_by_program=True)
    outcomes: str | None = text("Outcomes", "SHA-256 of the per-sample outcome block.", set_by_program=True)
    texts: str | None = text("Sample text", "SHA-256 of what was asked and answered.", set_by_program=True)
    tags: str | None = text("Tags", "What the harness files its task under, with commas.")
    source: str | None = text("Source", "Paper, repository or page it was published in.")
    superseded: bool = flag("Superseded", "A newer result stands in its place.")
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class TableMapping(Record):
    """Which column of a table means what, remembered for the next table with the same header."""

    table: ClassVar[str] = "table_mapping"
    label: ClassVar[str] = "Table mapping"
    plural: ClassVar[str] = "Table mappings"

    code: str = text("Code", required=True)
    name: str = text("Name", "The file it was first used for.", required=True)
    header: str = text("SHA-256 of the header", required=True, set_by_program=True)
    headers: str = text("Header", "The columns as they were read, one a line.", required=True, long=True)
    mapping: str = text("Mapping", "As `launchpad import --map` reads it.", required=True, long=True)

"""Model policies: what a model may do, said in clauses with examples on both sides of the line."""

from dataclasses import dataclass
from typing import ClassVar

from launchpad.records.fields import Record, choice, date, flag, number, reference, text, whole

VERSION_STATUS = {"draft": "Draft", "released": "Released", "retired": "Retired"}
CLAUSE_KINDS = {"violates": "Violates", "allowed": "Allowed", "exception": "Exception"}
AUTHORITY = {
    "root": "Root: nobody may override it",
    "system": "System",
    "developer": "Developer may override it",
    "user": "User may override it",
    "guideline": "Guideline",
}
STYLES = {
    "comply": "Comply",
    "safe_complete": "Safe completion",
    "correct": "Correct a false premise",
    "clarify": "Ask what is meant",
    "redirect": "Redirect to help",
    "refuse": "Refuse",
    "cannot": "Say that it cannot",
}
FORCE = {"must": "Must", "must_not": "Must not"}
SIDES = {"violates": "Over the line", "allowed": "On the allowed side"}
REQUEST_RISK = {"benign": "Benign", "sensitive": "Sensitive", "harmful": "Harmful"}
VIOLATION = {"violates": "Violates", "safe": "Does not violate", "escalate": "Escalate"}
SPLITS = {"choose": "For choosing thresholds", "report": "For reporting"}
RENDERINGS = {
    "chat": "Chat model",
    "gpt_oss_safeguard": "gpt-oss-safeguard",
    "llama_guard": "Llama Guard",
    "moderation": "Moderation endpoint",
}
WAYS = {
    "choice": "Constrained choice",
    "schema": "JSON Schema",
    "parsing": "Reading of free text",
    "scores": "The scores of a moderation endpoint",
}
RUN_STATES = {"running": "Running", "complete": "Complete", "cancelled": "Cancelled", "failed": "Failed"}
OUTCOMES = {"label": "A label", "unparsable": "Not to be read", "refused": "Refused", "error": "Error"}
FEEDBACK_SOURCES = {
    "annotator": "Annotator",
    "enforcement": "Enforcement",
    "red_team": "Red team",
    "appeal": "Appeal",
    "research": "Research",
    "incident": "Incident",
    "mining": "Found by the program",
}
FEEDBACK_KINDS = {
    "ambiguous": "Ambiguous",
    "unenforceable": "Cannot be enforced",
    "too_broad": "Too broad",
    "too_narrow": "Too narrow",
    "conflict": "Two clauses conflict",
    "gap": "Nothing covers it",
}
TRIAGE = {
    "new": "Not looked at",
    "operational": "Operational: the clause is right, the work was not",
    "ambiguous": "Ambiguous: the clause can be read two ways",
    "value": "Difference of values",
}
FEEDBACK_STATES = {"open": "Open", "resolved": "Resolved", "declined": "Declined"}


@dataclass(frozen=True, kw_only=True)
class Policy(Record):
    """What a model may and may not do in one area, through all its versions."""

    table: ClassVar[str] = "policy"
    label: ClassVar[str] = "Policy"
    plural: ClassVar[str] = "Policies"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    area: int | None = reference("Risk area", "risk_area", required=False)
    owner: int | None = reference("Owner", "person", required=False)
    purpose: str | None = text("Purpose", "Why there is a policy, for anybody.", long=True)


@dataclass(frozen=True, kw_only=True)
class PolicyVersion(Record):
    """One version of a policy; a released one is no longer edited."""

    table: ClassVar[str] = "policy_version"
    label: ClassVar[str] = "Policy version"
    plural: ClassVar[str] = "Policy versions"
    address: ClassVar[tuple[str, ...]] = ("policy", "version")

    policy: int = reference("Policy", "policy", part_of=True)
    version: str = text("Version", required=True)
    status: str = choice("Status", "Whether it is in force.", VERSION_STATUS, default="draft")
    effective_from: str | None = date("In force from")
    supersedes: str | None = text("Supersedes", "The version before it.")
    changelog: str | None = text("What changed", long=True)
    scope: str | None = text("Scope", "What is judged: the request, the answer, both.", long=True)
    sha256: str | None = text("SHA-256", "Of its clauses and examples at release.", set_by_program=True)


@dataclass(frozen=True, kw_only=True)
class Clause(Record):
    """One rule of a version; its code stays the same from version to version."""

    table: ClassVar[str] = "clause"
    label: ClassVar[str] = "Clause"
    plural: ClassVar[str] = "Clauses"
    address: ClassVar[tuple[str, ...]] = ("version", "code")

    version: int = reference("Version", "policy_version", part_of=True)
    code: str = text("Code", required=True)
    kind: str = choice("Kind", "What it says of what it matches.", CLAUSE_KINDS)
    rule: str = text("Rule", "What is matched, so that two people agree.", required=True, long=True)
    rationale: str | None = text("Rationale", "For people only; never in a prompt.", long=True)
    area: int | None = reference("Risk area", "risk_area", required=False)
    authority: str = choice("Authority", "Who may override it.", AUTHORITY, default="system")
    severity: int | None = whole("Severity", "On the project's scale of 1 to 5.", low=1, high=5)
    precedence: int | None = whole("Precedence", "Where two clauses match, the higher one holds.", low=0)
    place: int | None = whole("Decision order", "Asked in this order; 1 is first.", low=1)
    escalate_when: str | None = text("Escalate when", "Send to a person instead of deciding.", long=True)


@dataclass(frozen=True, kw_only=True)
class ClauseResponse(Record):
    """How a model must, or must not, answer what a clause matches."""

    table: ClassVar[str] = "clause_response"
    label: ClassVar[str] = "Response"
    plural: ClassVar[str] = "Responses"
    address: ClassVar[tuple[str, ...]] = ("clause", "severity", "style")

    clause: int = reference("Clause", "clause", part_of=True)
    severity: int | None = whole("From severity", "Empty means every severity.", low=1, high=5)
    style: str = choice("Style", "How to answer.", STYLES)
    force: str = choice("Force", "Whether this style is asked for or forbidden.", FORCE, default="must")
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class GoldSet(Record):
    """A set of examples with settled labels, against which people and classifiers are measured."""

    table: ClassVar[str] = "gold_set"
    label: ClassVar[str] = "Gold set"
    plural: ClassVar[str] = "Gold sets"

    code: str = text("Code", required=True)
    name: str = text("Name", required=True)
    policy: int = reference("Policy", "policy")
    source: str | None = text("Source", "Where the items come from, consent and licence.", long=True)
    note: str | None = text("Note", "Known gaps; intended and out-of-scope uses.", long=True)


@dataclass(frozen=True, kw_only=True)
class Example(Record):
    """A request, or a request and its answer, on one side of the line or the other."""

    table: ClassVar[str] = "example"
    label: ClassVar[str] = "Example"
    plural: ClassVar[str] = "Examples"

    code: str = text("Code", required=True)
    area: int | None = reference("Risk area", "risk_area", required=False)
    policy: int | None = reference("Policy", "policy", required=False)
    clause: str | None = text("Clause", "Code of the clause it illustrates.")
    side: str | None = choice("Side", "Which side of the line it lies on.", SIDES, default=None, required=False)
    near_line: bool = flag("Near the line", "A hard case.")
    pair_of: str | None = text("Pair of", "Code of the example it differs from in one thing.")
    gold_set: int | None = reference("Gold set", "gold_set", required=False)
    split: str | None = choice("Split", "What it is used for.", SPLITS, default=None, required=False)
    request: str | None = text("Request", "What was asked.", long=True, in_content=True)
    response: str | None = text("Answer", "What the model answered.", long=True, in_content=True)
    language: str | None = text("Language")
    severity: int | None = whole("Severity", low=1, high=5)
    persona: str | None = text("Persona", "Who asks.")
    attack: str | None = text("Attack", "How it is dressed up.")
    slice: str | None = text("Slice", "Any other group to report apart.")
    source: str | None = text("Source")


@dataclass(frozen=True, kw_only=True)
class Label(Record):
    """What one rater said of an example under one version: three labels, and the clause cited."""

    table: ClassVar[str] = "label"
    label: ClassVar[str] = "Label"
    plural: ClassVar[str] = "Labels"
    address: ClassVar[tuple[str, ...]] = ("example", "policy_version", "rater")

    example: int = reference("Example", "example", part_of=True)
    policy_version: int | None = reference("Policy version", "policy_version", required=False)
    rater: str = text("Rater", "Code of a person, or the name of a model.", required=True)
    request_risk: str | None = choice(
        "Request", "The risk in what is asked.", REQUEST_RISK, default=None, required=False
    )
    violation: str | None = choice("Answer", "Whether the answer violates.", VIOLATION, default=None, required=False)
    style: str | None = choice("Style", "How the answer answers.", STYLES, default=None, required=False)
    severity: int | None = whole("Severity", low=1, high=5)
    clause: str | None = text("Clause cited", "Code of the clause it rests on.")
    defensible: str | None = text("Defensible under", "Code of a clause under which another label can be defended.")
    gold: bool = flag("Gold", "The settled label of this example.")
    given_at: str | None = text("Given", "When, in UTC.", set_by_program=True)
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class LabelMap(Record):
    """A version of how the labels of one scheme are read in another."""

    table: ClassVar[str] = "label_map"
    label: ClassVar[str] = "Label map"
    plural: ClassVar[str] = "Label maps"
    address: ClassVar[tuple[str, ...]] = ("code", "version")

    code: str = text("Code", required=True)
    version: str = text("Version", required=True, default="1")
    name: str = text("Name", required=True)
    source: str | None = text("Source")


@dataclass(frozen=True, kw_only=True)
class LabelMapEntry(Record):
    """One label of the other scheme and what it is called here; empty where it has no place here."""

    table: ClassVar[str] = "label_map_entry"
    label: ClassVar[str] = "Mapped label"
    plural: ClassVar[str] = "Mapped labels"
    address: ClassVar[tuple[str, ...]] = ("label_map", "theirs")

    label_map: int = reference("Label map", "label_map", part_of=True)
    theirs: str = text("Label there", required=True)
    ours: str | None = text("Label here")


@dataclass(frozen=True, kw_only=True)
class PolicyRun(Record):
    """One run of a compiled policy against a gold set."""

    table: ClassVar[str] = "policy_run"
    label: ClassVar[str] = "Policy run"
    plural: ClassVar[str] = "Policy runs"

    code: str = text("Code", required=True)
    policy_version: int = reference("Policy version", "policy_version")
    gold_set: int = reference("Gold set", "gold_set")
    rendering: str = choice("Rendering", "How the policy was put to the model.", RENDERINGS)
    host: str = text("Host", "Where the items went.", required=True)
    model: str = text("Model", required=True)
    parameters: str | None = text("Parameters", "As they were sent, JSON.", long=True)
    prompt_sha256: str = text("SHA-256 of the prompt", required=True, set_by_program=True)
    way: str | None = choice(
        "Held to the labels by", "How the answer was kept to the labels.", WAYS, default=None, required=False
    )
    votes: int = whole("Votes per item", low=1, default=1, required=True)
    threshold: float | None = number("Threshold", "Chosen on one split, reported on the other.", low=0, high=1)
    status: str = choice("Status", "How far it came.", RUN_STATES, default="running")
    started: str | None = text("Started", set_by_program=True)
    finished: str | None = text("Finished", set_by_program=True)
    note: str | None = text("Note", long=True)


@dataclass(frozen=True, kw_only=True)
class RunAnswer(Record):
    """What came back for one example of a run."""

    table: ClassVar[str] = "run_answer"
    label: ClassVar[str] = "Answer of a run"
    plural: ClassVar[str] = "Answers of runs"
    address: ClassVar[tuple[str, ...]] = ("run", "example", "vote")

    run: int = reference("Run", "policy_run", part_of=True)
    example: int = reference("Example", "example")
    vote: int = whole("Vote", low=1, default=1, required=True)
    outcome: str = choice("Outcome", "What came back.", OUTCOMES)
    label_given: str | None = text("Label")
    clause: str | None = text("Clauses cited", "With commas.")
    score: float | None = number("Score", "Chance of a violation, from the model's own probabilities.", low=0, high=1)
    raw: str | None = text("Raw answer", in_content=True, long=True, set_by_program=True)
    request_sha256: str | None = text("SHA-256 of the request", "As it was sent.", set_by_program=True)
    latency_ms: float | None = number("Latency", unit="ms", low=0)
    asked_at: str | None = text("Asked", set_by_program=True)
    error: str | None = text("Error")


@dataclass(frozen=True, kw_only=True)
class Feedback(Record):
    """What somebody ran into when a policy met the world, and what became of it."""

    table: ClassVar[str] = "feedback"
    label: ClassVar[str] = "Feedback"
    plural: ClassVar[str] = "Feedback"

    code: str = text("Code", required=True)
    policy: int = reference("Policy", "policy")
    clause: str | None = text("Clause", "Code of the clause it is about.")
    example: int | None = reference("Example", "example", required=False)
    source: str = choice("Source", "Who or what it comes from.", FEEDBACK_SOURCES)
    kind: str = choice("Kind", "What is wrong.", FEEDBACK_KINDS)
    said: str = text("What was said", required=True, long=True)
    given_on: str | None = date("Given on")
    triage: str = choice("Triage", "What sort of problem it is.", TRIAGE, default="new")
    status: str = choice("Status", "What became of it.", FEEDBACK_STATES, default="open")
    resolution: str | None = text("Resolution", long=True)
    resolved_in: str | None = text("Resolved in", "The version whose clause was changed for it.")
    changed_clause: str | None = text("Changed clause", "Code of the clause that was changed for it.")
    retest: int | None = reference("Tested again by", "policy_run", required=False)

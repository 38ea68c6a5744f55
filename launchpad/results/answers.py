"""What the answers of `--json` hold, declared once: `launchpad schema NAME` prints it, and tests hold answers to it.

Unknown or not computed is None, never 0, "" or nan. Times are ISO 8601; codes name records.
"""

from typing import Annotated, Literal, TypedDict

Verdict = Literal["met", "inconclusive", "not met", "reached", "cannot rule out", "ruled out"]
Overlaps = Literal["independent", "beta", "comonotone"]


class Warned(TypedDict):
    """Something about the inputs a person should look at."""

    record: Annotated[str, "The record as `table address`."]
    field: str
    message: str


class Error(TypedDict):
    """What a refused command says: what is wrong with which thing, and what to do."""

    kind: str
    message: str
    hint: str


class Refused(TypedDict):
    """The answer of a command that was refused (exit code 3)."""

    error: Error


class Propensity(TypedDict):
    """How often one opportunity gets a violating output: 5, 50 and 95 % points, and how that is known."""

    low: float
    median: float
    high: float
    n: Annotated[int, "Scored samples behind it; 0 without evidence."]
    stale: bool | None
    kind: Literal["measured", "elicited", "assumed"]
    origin: Literal["evidence", "estimate", "default"]


class TechnicalLoss(TypedDict):
    """Expected loss today over the horizon with its 5 and 95 % points, and the chance that it passes its limit."""

    mean: float
    low: float | None
    high: float | None
    p_exceeds: float | None


class OverlapLoss(TypedDict):
    """Mean technical loss of one state with safeguards failing independently, partly together, all together."""

    independent: float
    beta: float
    comonotone: float


class Reputational(TypedDict):
    """Reputational risk today with its 5 and 95 % points."""

    mean: float
    low: float | None
    high: float | None


class Rank(TypedDict):
    """Place by mean technical loss, 1 is worst, with the 5 and 95 % points of it over the draws."""

    rank: int
    low: int | None
    high: int | None


class ScenarioScored(TypedDict):
    """One scenario; what cannot be known is null."""

    code: str
    name: Annotated[str | None, "Null only in exports, where handling keeps it out."]
    risk_area: str
    catastrophic: bool
    propensity: Propensity
    technical: TechnicalLoss | None
    inherent: OverlapLoss | None
    current: OverlapLoss | None
    planned: OverlapLoss | None
    reputational: Reputational | None
    rank: Rank | None
    assumed_share: float | None


class MitigationRanked(TypedDict):
    """One mitigation among the others over all draws; null where nothing was weighed."""

    code: str
    rank_acceptability: Annotated[list[float] | None, "Share of draws in which it takes each place."]
    central_weights: dict[str, float] | None
    confidence: float | None


class StateTotal(TypedDict):
    """One state summed over the scenarios that are not catastrophic, at beta."""

    technical: float
    reputational: float
    var95: float | None
    cvar95: float | None
    p_exceeds: float | None
    over_refusal: Annotated[float, "Share of benign requests turned away on the worst surface."]
    latency_ms: float
    cost: Annotated[float, "A month."]


class Totals(TypedDict):
    """The totals of the three states, and the share of today's that rests on assumptions."""

    inherent: StateTotal | None
    current: StateTotal | None
    planned: StateTotal | None
    assumed_share: float | None


class GateJudged(TypedDict):
    """One gate: its verdict, one sentence why, and the independent samples that would settle it."""

    code: str
    verdict: Verdict
    reason: str
    n_needed: int | None


class ToleranceHeld(TypedDict):
    """A limit and what stands against it: chances of passing it where one is accepted, else amounts."""

    code: str
    measure: str
    limit: float
    probability: float | None
    current: float | None
    planned: float | None
    within: bool | None
    within_planned: bool | None


class EvaluationNext(TypedDict):
    """An evaluation that could be run next: what it would be worth, in harm units, and what it is for."""

    evaluation: str
    evsi_per_day: float | None
    n: int
    evsi: float
    evpi: float
    n_effective: int
    days: float | None
    decisions: list[str]
    settles: list[str]


class Score(TypedDict):
    """The answer of `launchpad score --json`."""

    launch: str
    seed: int
    draws: int
    input_hash: str
    scenarios: list[ScenarioScored]
    mitigations: list[MitigationRanked]
    totals: Totals
    gates: list[GateJudged]
    tolerances: list[ToleranceHeld]
    next_evaluations: list[EvaluationNext] | None
    warnings: list[Warned]


class Explained(TypedDict):
    """The answer of `launchpad score --explain CODE --json`: one number, and the numbers it is made of."""

    label: str
    value: float | None
    kind: Literal["measured", "elicited", "assumed", "stated", "computed"]
    source: str
    note: str
    parts: list["Explained"]


class CriterionShown(TypedDict):
    """Where a success criterion stands, as an export of the project says it."""

    code: str
    standing: Literal["not run", "met", "not met", "inconclusive"]
    reason: str
    n_needed: int | None
    marks: Annotated[list[str], "What is odd about when it was set."]

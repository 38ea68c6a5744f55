"""What the answers about plans and weights hold: plan, plan --compare, weigh, export."""

from typing import Annotated, TypedDict

from launchpad.results.answers_evidence import TeamDays


class Selected(TypedDict):
    """A piece of work that a plan does: a variant of a mitigation, or an evaluation."""

    mitigation: str | None
    variant: str | None
    evaluation: str | None
    teams: list[TeamDays]
    start: str
    finish: str
    priority: int
    gain: Annotated[float, "Objective without it less objective with it."]
    gain_per_day: float | None
    core_index: float | None
    core_error: float | None
    p_ready: float | None
    slack_days: int | None
    reason: str | None


EntersIf = TypedDict(
    "EntersIf",
    {"field": str, "from": float | str, "to": float | str, "estimated": bool},
)
EntersIf.__doc__ = "One change that would bring a mitigation into the plan; from and to are numbers, or days."


class EntersEach(TypedDict):
    """The change of each kind that would bring a mitigation in; null where none of that kind does."""

    effort: EntersIf | None
    freeze_date: EntersIf | None
    gain: EntersIf | None


class LeftOutOf(TypedDict):
    """A mitigation that a plan does not do, and why."""

    mitigation: str
    reason: str
    displaces: list[str]
    loss: float | None
    enters_if: EntersIf | None
    enters_by: EntersEach | None
    core_index: float | None
    core_error: float | None


class CapacityUsed(TypedDict):
    """What one team gives to the plan in one week, of what it has; in person-days."""

    team: str
    week: Annotated[str, "Its Monday."]
    used: float
    available: float


class ShadowPrice(TypedDict):
    """What one more day of a team would take off the objective."""

    team: str
    residual_per_day: float
    gap: float | None


class Alternative(TypedDict):
    """A plan that is nearly as good, and in what it differs."""

    plan: str | None
    objective: float
    score: float | None
    selected: list[str]
    differs: str | None


class FrontPoint(TypedDict):
    """A trade-off that could be had instead; its residual is technical, in harm units."""

    residual: float
    reputational: float
    over_refusal: float
    effort_days: float
    objective: float
    gap: float | None
    technical_weight: float | None
    most_days: float | None
    most_refusal: float | None


class DatePoint(TypedDict):
    """What a launch on another day would leave over, as a share of today's."""

    date: str
    residual: float
    gap: float | None
    gates_met: int | None
    gates: int | None
    technical: float
    reputational: float
    over_refusal: float
    effort_days: float


class PlanTotals(TypedDict):
    """The totals of a launch before or after a plan."""

    technical: float
    reputational: float
    var95: float | None
    cvar95: float | None
    over_refusal: float
    latency_ms: float
    cost: float


class Planned(TypedDict):
    """The answer of `launchpad plan --json`; what was not explored is null."""

    launch: str
    plan: str | None
    input_hash: str
    seed: int
    asked_for: str | None
    objective: Annotated[float, "Weighted risk left over as a share of today's."]
    bound: Annotated[float, "No plan can do better than this."]
    gap: Annotated[float, "Distance of the plan from the bound, as a share."]
    score: float | None
    seconds: float
    stopped: bool
    selected: list[Selected]
    left_out: list[LeftOutOf]
    capacity: list[CapacityUsed]
    shadow_prices: list[ShadowPrice] | None
    assumed_share: float | None
    alternatives: list[Alternative] | None
    front: list[FrontPoint] | None
    date_curve: list[DatePoint] | None
    before: PlanTotals | None
    after: PlanTotals | None
    notes: list[str]


class CriterionWeighed(TypedDict):
    """A criterion with its worst and best anchors."""

    code: str
    name: str
    measure: str
    worst: float
    best: float
    between: str | None
    basis: str | None


class WeightGiven(TypedDict):
    """What a weight set says of one criterion, and how far its weight may move before the first three change places."""

    criterion: str
    swing: float | None
    rank: int | None
    weight: float | None
    low: float | None
    high: float | None


class WeightSetSaid(TypedDict):
    """A weight set; findings say where its answers disagree."""

    code: str
    name: str
    whose: str | None
    in_use: bool
    technical: float
    reputational: float
    origin: str | None
    weights: list[WeightGiven]
    findings: list[str]


class OptionWeighed(TypedDict):
    """A mitigation on every criterion, by every weight set, and over all weights."""

    code: str
    gains: dict[str, float]
    values: dict[str, float]
    ranks: dict[str, int]
    first: float | None
    expected_rank: float | None
    dominated: bool


class Reversal(TypedDict):
    """An option whose leaving changes which other one is best."""

    left_out: str
    new_best: str


class PropensityWorth(TypedDict):
    """What knowing one propensity before choosing a plan would be worth."""

    scenario: str
    evpi: float


class PlansWeighed(TypedDict):
    """The stored plans against each other over what is not known."""

    objectives: dict[str, float]
    evpi: float
    by_propensity: list[PropensityWorth]
    draws: int


class Weighed(TypedDict):
    """The answer of `launchpad weigh --json`."""

    launch: str
    state: str
    draws: int
    criteria: list[CriterionWeighed]
    weight_sets: list[WeightSetSaid]
    options: list[OptionWeighed]
    cycles: list[list[str]]
    reversals: list[Reversal]
    notes: list[str]
    plans: PlansWeighed | None


class Exported(TypedDict):
    """The answer of `launchpad export --json`."""

    wrote: str
    plan: str | None
    report: Annotated[str | None, "Which report a .docx, .pdf or .md holds; null for another format."]


Moved = TypedDict(
    "Moved",
    {"kind": str, "what": str, "from": str | None, "to": str | None, "reason": str},
)
Moved.__doc__ = "One thing that is otherwise in the second plan; from and to are in words, null where it is not in it."


class Compared(TypedDict):
    """The answer of `launchpad plan --compare PLAN --json`."""

    launch: str
    before: str
    after: str
    moves: list[Moved]

"""What a decision on a launch rests on, row by row: all that its scores, gates and plan read, and nothing else.

Which records and fields belong, and why the others do not, is declared here as data.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from launchpad.records import (
    ActorProfile,
    AreaChange,
    AreaFacet,
    AreaParent,
    Capacity,
    Clause,
    ClauseResponse,
    Coefficient,
    Condition,
    Criterion,
    CrosswalkLink,
    DayOff,
    Decision,
    DecisionRole,
    Dependency,
    Determination,
    Dissent,
    Effect,
    Effort,
    EvalResult,
    Evaluation,
    EvaluationEffort,
    EvidenceLink,
    Example,
    ExclusionGroup,
    ExclusionMember,
    ExpertEstimate,
    Exposure,
    Feedback,
    Forecast,
    ForecastQuestion,
    Gate,
    GoldSet,
    Incident,
    Inputs,
    Label,
    LabelMap,
    LabelMapEntry,
    Launch,
    LeftOut,
    LinkRule,
    Lock,
    Mitigation,
    MitigationVariant,
    Person,
    Plan,
    PlanItem,
    PlanPoint,
    PlanWork,
    Policy,
    PolicyRun,
    PolicyVersion,
    ProjectInfo,
    Publicity,
    Reading,
    Record,
    RiskArea,
    RunAnswer,
    Scenario,
    Severity,
    SideEffect,
    SignOff,
    Standing,
    SuccessCriterion,
    Surface,
    SwingWeight,
    TableMapping,
    TaxonomyRelease,
    Team,
    TeamPrice,
    Tolerance,
    Trigger,
    UnknownRisk,
    Waiver,
    WeightSet,
    fields_of,
)
from launchpad.scoring.baseline import baseline_of
from launchpad.scoring.criteria import results_of

Words = Mapping[str, str]

OWN: tuple[type[Record], ...] = (
    *(Surface, Scenario, Exposure, Severity, Publicity, Tolerance, WeightSet, ExpertEstimate, Criterion, SwingWeight),
    *(Effect, Standing, SideEffect, EvidenceLink, SuccessCriterion, Gate, Incident, Reading, Trigger, Lock),
    *(Determination, Waiver),
)
"""The launch's own records: every row of it belongs."""

OF_THE_PLAN: tuple[type[PlanItem | LeftOut | TeamPrice | PlanPoint], ...] = (PlanItem, LeftOut, TeamPrice, PlanPoint)
"""What belongs with the plan a decision counts on, and the work of its items."""

NAMED: frozenset[type[Record]] = frozenset(
    {RiskArea, ActorProfile, Evaluation, EvalResult, Mitigation, MitigationVariant, Team, ExclusionGroup}
)
"""Records shared by all launches that belong once a row that belongs refers to them."""

WITH: Mapping[type[Record], tuple[tuple[type[Record], str], ...]] = MappingProxyType(
    {
        Mitigation: ((MitigationVariant, "mitigation"), (Dependency, "mitigation"), (ExclusionMember, "mitigation")),
        MitigationVariant: ((Effort, "variant"),),
        Evaluation: ((EvaluationEffort, "evaluation"),),
        Team: ((Capacity, "team"), (DayOff, "team")),
    }
)
"""Records that come with one that belongs, by the field in which they name it."""

ALWAYS: tuple[type[Record], ...] = (ProjectInfo, Coefficient)
BEFORE: tuple[type[Record], ...] = (Scenario, Incident, Reading, Standing)
"""What a launch reads of the launch before it, once anything came in there."""

OUTSIDE: Mapping[type[Record], str] = MappingProxyType(
    {
        Person: "Who somebody is called changes no figure; rows name people by their codes.",
        TaxonomyRelease: "A risk area belongs with its definitions; where the list was published does not.",
        AreaParent: "No figure rests on further parents.",
        AreaFacet: "No figure rests on facets.",
        AreaChange: "The history of a list; what it left behind is in the areas.",
        CrosswalkLink: "No figure rests on how other lists name an area.",
        UnknownRisk: "No figure rests on it until it has a home.",
        Policy: "Policies are released and checked on their own.",
        PolicyVersion: "Policies are released and checked on their own.",
        Clause: "Policies are released and checked on their own.",
        ClauseResponse: "Policies are released and checked on their own.",
        GoldSet: "Labels reach a launch as results of an evaluation.",
        Example: "Labels reach a launch as results of an evaluation.",
        Label: "Labels reach a launch as results of an evaluation.",
        LabelMap: "Labels reach a launch as results of an evaluation.",
        LabelMapEntry: "Labels reach a launch as results of an evaluation.",
        PolicyRun: "Runs reach a launch as results of an evaluation.",
        RunAnswer: "Runs reach a launch as results of an evaluation.",
        Feedback: "Feedback reaches a launch as results or incidents.",
        TableMapping: "It says how files are read, not what was read.",
        LinkRule: "It suggests links; those that were made belong.",
        DecisionRole: "Who may sign is asked when somebody signs.",
        SignOff: "Signatures do not rest on each other.",
        Dissent: "It is kept beside the decision, whatever is decided.",
        ForecastQuestion: "Forecasts are about what comes after.",
        Forecast: "Forecasts are about what comes after.",
    }
)
"""Records no row of which ever belongs, each with the reason."""

BESIDE = "It says where the result came from; no figure rests on it."
LEFT_OUT: Mapping[type[Record], Words] = MappingProxyType(
    {
        ProjectInfo: {
            "name": "What the project is called changes no figure.",
            "created": "When the file was made changes no figure.",
        },
        Launch: {
            "current_plan": "The decision names the plan it counts on.",
            "status": "That it goes out follows from the decision.",
        },
        EvalResult: {
            **dict.fromkeys(("harness_version", "file_name", "tags", "source", "note"), BESIDE),
            "texts": "Sample text may be removed for safety; outcomes and counts stay and belong.",
        },
        Condition: {
            "status": "Its words are signed; that it is met later was foreseen.",
            "closed_on": "Its words are signed; that it is met later was foreseen.",
            "closed_because": "Its words are signed; that it is met later was foreseen.",
        },
    }
)
"""Fields of records that belong on which nothing signed rests, each with the reason."""

TOLD_BEFORE: frozenset[str] = frozenset({"code", "model", "snapshot", "launch_date", "horizon_days"})
"""The fields of the launch before that this one reads; its name and its other labels do not belong."""


def reached(inputs: Inputs, launch: Launch, plan: Plan | None, decision: Decision | None = None) -> Iterator[Record]:
    """Every row that a decision on a launch with a plan rests on, each once; with the decision itself where given."""
    first: list[Record] = [launch]
    first += [row for record in OWN for row in inputs.rows(record, launch.id)]
    first += _of_plan(inputs, plan)
    first += _of_criteria(inputs, launch)
    if decision is not None:
        first += [decision, *inputs.children(Condition, "decision", decision.id)]
    found = _following(inputs, first)
    yield from found.values()
    for record in ALWAYS:
        yield from inputs.rows(record)
    yield from _before(inputs, launch)


def _of_plan(inputs: Inputs, plan: Plan | None) -> list[Record]:
    if plan is None:
        return []
    rows: list[Record] = [plan]
    for record in OF_THE_PLAN:
        rows += inputs.children(record, "plan", plan.id)
    for item in inputs.children(PlanItem, "plan", plan.id):
        rows += inputs.children(PlanWork, "item", item.id)
    return rows


def _of_criteria(inputs: Inputs, launch: Launch) -> list[Record]:
    """The results that success criteria read without a link, by the names of the launch's build."""
    rows = inputs.rows(SuccessCriterion, launch.id)
    return [result for row in rows for result, _ in results_of(inputs, launch, row)]


def _following(inputs: Inputs, first: Iterable[Record]) -> dict[tuple[str, int], Record]:
    """These rows, all that they name among the shared records, and what comes with those, and so on."""
    found: dict[tuple[str, int], Record] = {}
    ahead = list(first)
    while ahead:
        row = ahead.pop()
        if (row.table, row.id) in found:
            continue
        found[row.table, row.id] = row
        ahead += named_by(inputs, row)
        for record, name in WITH.get(type(row), ()):
            ahead += inputs.children(record, name, row.id)
    return found


def named_by(inputs: Inputs, row: Record) -> Iterator[Record]:
    """The shared rows that a row refers to; of its own kind only the control of a result."""
    for declared in fields_of(type(row)):
        value = getattr(row, declared.name)
        if declared.refers is None or value is None or (declared.refers == row.table and declared.name != "control"):
            continue
        for record in NAMED:
            if record.table == declared.refers and inputs.has(record, value):
                yield inputs.get(record, value)


def _before(inputs: Inputs, launch: Launch) -> Iterator[Record]:
    before = baseline_of(inputs, launch)
    if before is None or not (inputs.rows(Incident, before.id) or inputs.rows(Reading, before.id)):
        return
    yield before
    for record in BEFORE:
        yield from inputs.rows(record, before.id)

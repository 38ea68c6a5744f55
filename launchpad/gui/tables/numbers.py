"""Which tables there are, in groups a person looks for them in, and their rows."""

from __future__ import annotations

from launchpad.gui.columns import Row
from launchpad.records import (
    ActorProfile,
    Capacity,
    Coefficient,
    DayOff,
    Dependency,
    Effect,
    Effort,
    EvalResult,
    Evaluation,
    EvaluationEffort,
    EvidenceLink,
    ExclusionGroup,
    ExclusionMember,
    ExpertEstimate,
    Exposure,
    Gate,
    Incident,
    Inputs,
    Launch,
    LeftOut,
    Lock,
    Mitigation,
    MitigationVariant,
    Person,
    Plan,
    PlanItem,
    PlanWork,
    ProjectInfo,
    Publicity,
    Reading,
    Record,
    RiskArea,
    Scenario,
    Severity,
    SideEffect,
    Standing,
    Surface,
    TaxonomyRelease,
    Team,
    Tolerance,
    Trigger,
    WeightSet,
)

GROUPS: tuple[tuple[str, tuple[type[Record], ...]], ...] = (
    ("Launch", (Launch, Surface, Tolerance, WeightSet, Gate)),
    ("Risk", (TaxonomyRelease, RiskArea, ActorProfile, Scenario, Exposure, Severity, Publicity, ExpertEstimate)),
    ("Evidence", (Evaluation, EvaluationEffort, EvalResult, EvidenceLink)),
    (
        "Mitigation",
        (
            Mitigation,
            MitigationVariant,
            Effort,
            Effect,
            SideEffect,
            Standing,
            Dependency,
            ExclusionGroup,
            ExclusionMember,
        ),
    ),
    ("After the launch", (Incident, Reading, Trigger)),
    ("People", (Team, Capacity, DayOff, Person)),
    ("Plan", (Plan, PlanItem, PlanWork, LeftOut, Lock)),
    ("Project", (ProjectInfo, Coefficient)),
)
# Written as a whole by a search; a line changed by hand would belie the proof that stands beside it.
READ_ONLY: tuple[type[Record], ...] = (PlanItem, PlanWork, LeftOut)


def rows(inputs: Inputs, record: type[Record], launch: int | None) -> list[Row]:
    """One row for each record of a table that belongs to this launch or to all."""
    return [Row(found.id, {record.table: found}) for found in inputs.rows(record, launch)]

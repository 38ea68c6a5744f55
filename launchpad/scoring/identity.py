"""What a score or a plan rested on, as one hash over codes and values: never row ids, never the order of rows."""

import dataclasses
import hashlib

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
    Lock,
    Mitigation,
    MitigationVariant,
    PlanItem,
    Publicity,
    Reading,
    Record,
    RiskArea,
    Scenario,
    Severity,
    SideEffect,
    Standing,
    Surface,
    Team,
    Tolerance,
    Trigger,
    WeightSet,
    fingerprint,
)
from launchpad.scoring import coefficients
from launchpad.scoring.baseline import baseline_of

SCORED: tuple[type[Record], ...] = (
    Coefficient,
    RiskArea,
    ActorProfile,
    Evaluation,
    EvalResult,
    Mitigation,
    MitigationVariant,
    Launch,
    Surface,
    Scenario,
    Exposure,
    Severity,
    Publicity,
    Tolerance,
    WeightSet,
    Effect,
    Standing,
    SideEffect,
    EvidenceLink,
    Gate,
    ExpertEstimate,
    Incident,
    Reading,
    Trigger,
)
BEFORE: tuple[type[Record], ...] = (Scenario, Incident, Reading, Standing)
"""What a launch reads of the launch before it."""

WORKED: tuple[type[Record], ...] = (
    EvaluationEffort,
    Effort,
    Team,
    Capacity,
    DayOff,
    Dependency,
    ExclusionGroup,
    ExclusionMember,
    Lock,
)


def score_hash(inputs: Inputs, launch_id: int, plan_id: int | None = None) -> str:
    """The hash of everything the scores of a launch rest on, its plan's items included."""
    hashes = [fingerprint(inputs, SCORED, launch_id, _alone(inputs, launch_id)), _scales(inputs)]
    hashes += _before(inputs, launch_id)
    if plan_id is not None:
        items = inputs.children(PlanItem, "plan", plan_id)
        hashes.append(fingerprint(inputs.with_rows({"plan_item": items}, inputs.head), (PlanItem,)))
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def plan_hash(inputs: Inputs, launch_id: int) -> str:
    """The hash of everything a plan of a launch is made from: risks, work, capacity, rules and locks."""
    hashes = [fingerprint(inputs, SCORED + WORKED, launch_id, _alone(inputs, launch_id)), _scales(inputs)]
    hashes += _before(inputs, launch_id)
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _alone(inputs: Inputs, launch_id: int) -> dict[str, Inputs]:
    """The launch as if there were no other, its choice of a current plan left out: no score rests on it."""
    launch = dataclasses.replace(inputs.get(Launch, launch_id), current_plan=None)
    return {Launch.table: inputs.with_rows({"launch": (launch,)}, inputs.head)}


def _before(inputs: Inputs, launch_id: int) -> list[str]:
    """The hash of what came in after the baseline launch; none where nothing did."""
    before = baseline_of(inputs, inputs.get(Launch, launch_id))
    if before is None or not (inputs.rows(Incident, before.id) or inputs.rows(Reading, before.id)):
        return []
    told = repr((before.code, before.model, before.snapshot, before.launch_date, before.horizon_days))
    return [fingerprint(inputs, BEFORE, before.id), hashlib.sha256(told.encode()).hexdigest()]


def _scales(inputs: Inputs) -> str:
    known = (
        coefficients.of(inputs),
        sorted((level.level, level.harm) for level in coefficients.severity_scale().values()),
        sorted(coefficients.default_propensity().items(), key=lambda pair: pair[0]),
    )
    return hashlib.sha256(repr(known).encode()).hexdigest()

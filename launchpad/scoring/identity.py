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
    Exposure,
    Gate,
    Inputs,
    Launch,
    Lock,
    Mitigation,
    MitigationVariant,
    PlanItem,
    Publicity,
    Record,
    RiskArea,
    Scenario,
    Severity,
    SideEffect,
    Standing,
    Surface,
    Team,
    Tolerance,
    WeightSet,
    fingerprint,
)
from launchpad.scoring import coefficients

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
)
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
    hashes = [fingerprint(_alone(inputs, launch_id), SCORED, launch_id), _scales(inputs)]
    if plan_id is not None:
        items = inputs.children(PlanItem, "plan", plan_id)
        hashes.append(fingerprint(inputs.with_rows({"plan_item": items}, inputs.head), (PlanItem,)))
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def plan_hash(inputs: Inputs, launch_id: int) -> str:
    """The hash of everything a plan of a launch is made from: risks, work, capacity, rules and locks."""
    hashes = [fingerprint(_alone(inputs, launch_id), SCORED + WORKED, launch_id), _scales(inputs)]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def _alone(inputs: Inputs, launch_id: int) -> Inputs:
    """The inputs with this launch alone, its choice of a current plan left out: no score rests on it."""
    launch = dataclasses.replace(inputs.get(Launch, launch_id), current_plan=None)
    return inputs.with_rows({"launch": (launch,)}, inputs.head)


def _scales(inputs: Inputs) -> str:
    known = (
        coefficients.of(inputs),
        sorted((level.level, level.harm) for level in coefficients.severity_scale().values()),
        sorted(coefficients.default_propensity().items(), key=lambda pair: pair[0]),
    )
    return hashlib.sha256(repr(known).encode()).hexdigest()

"""Which variants are on: today, in a plan, and when a piece of evidence was taken."""

from launchpad.records import (
    EvalResult,
    EvidenceLink,
    Inputs,
    Launch,
    MitigationVariant,
    Plan,
    PlanItem,
    Standing,
)
from launchpad.records.links import Effect
from launchpad.scoring.why import ModelWarning, named

STANDS = ("done", "in_place")


def current(inputs: Inputs, launch: Launch) -> frozenset[int]:
    """The variants that are done or in place in this launch, as row ids."""
    return frozenset(row.variant for row in inputs.rows(Standing, launch.id) if row.status in STANDS)


def planned(
    inputs: Inputs, launch: Launch, plan: Plan, *, before_freeze: bool = False
) -> tuple[frozenset[int], frozenset[int]]:
    """The variants that are on once a plan is carried out, and the evaluations it runs, as row ids.

    A planned variant replaces another variant of its mitigation that is on today. With
    `before_freeze` only items that finish by the freeze count.
    """
    items = [
        item
        for item in inputs.children(PlanItem, "plan", plan.id)
        if not before_freeze or item.finish <= launch.freeze_date
    ]
    variants = frozenset(item.variant for item in items if item.variant is not None)
    evaluations = frozenset(item.evaluation for item in items if item.evaluation is not None)
    return replaced(inputs, current(inputs, launch), variants), evaluations


def replaced(inputs: Inputs, on: frozenset[int], chosen: frozenset[int]) -> frozenset[int]:
    """The variants that are on after those chosen have taken the place of others of their mitigations."""
    changed = {inputs.get(MitigationVariant, variant).mitigation for variant in chosen}
    kept = (variant for variant in on if inputs.get(MitigationVariant, variant).mitigation not in changed)
    return chosen.union(kept)


def verified_evaluations(inputs: Inputs, launch: Launch) -> dict[int, frozenset[int]]:
    """For each variant the evaluations with a complete result linked to one of its effects as efficacy."""
    found: dict[int, set[int]] = {}
    for link in inputs.rows(EvidenceLink, launch.id):
        if link.role != "efficacy" or link.effect is None:
            continue
        result = inputs.get(EvalResult, link.result)
        if result.status == "complete" and not result.superseded:
            variant = inputs.get(Effect, link.effect).variant
            found.setdefault(variant, set()).add(result.evaluation)
    return {variant: frozenset(evaluations) for variant, evaluations in found.items()}


def variants_on(inputs: Inputs, launch: Launch, result: EvalResult) -> tuple[frozenset[int], tuple[ModelWarning, ...]]:
    """The variants that were on when a result was taken, as row ids; unknown = all in place that day."""
    record = named(inputs, result)
    on, warnings = stated_on(inputs, result.in_place, record)
    if on is None:
        message = "It does not say which mitigations were on: every one in place that day is taken as on."
        return in_place_on(inputs, launch, result.run_date), (ModelWarning(record, "in_place", message),)
    return on, warnings


def stated_on(inputs: Inputs, words: str, record: str) -> tuple[frozenset[int] | None, tuple[ModelWarning, ...]]:
    """The variants that a record says were on (row ids), None where it says unknown; and codes that do not exist."""
    words = words.strip()
    if words.lower() in ("unknown", ""):
        return None, ()
    if words.lower() == "none":
        return frozenset(), ()
    codes = {code.strip() for code in words.split(",") if code.strip()}
    known = {row.code: row.id for row in inputs.rows(MitigationVariant) if row.code in codes}
    missing = sorted(codes - set(known))
    message = f"It names mitigations that do not exist: {', '.join(missing)}."
    said = (ModelWarning(record, "in_place", message),) if missing else ()
    return frozenset(known.values()), said


def in_place_on(inputs: Inputs, launch: Launch, day: str | None) -> frozenset[int]:
    """The variants that stood on a day (row ids); one without dates, or a day unknown, counts as standing."""
    return frozenset(
        row.variant
        for row in inputs.rows(Standing, launch.id)
        if row.status in STANDS and (day is None or (row.finished or row.started or "") <= day)
    )

"""The figures of safeguards: which are there and planned, what their efficacy rests on, and what they refuse."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.export.facts import Facts
from launchpad.export.handling import name_of
from launchpad.export.reports.capabilities import value_of
from launchpad.export.reports.words import share
from launchpad.records import (
    Effect,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Mitigation,
    MitigationVariant,
    Scenario,
    SideEffect,
    Standing,
)
from launchpad.records.links import EVIDENCE_LEVELS, STANDINGS
from launchpad.records.mitigations import MITIGATION_KINDS
from launchpad.results.evidence import evidence_rows
from launchpad.results.ledger import stress

LEVELS = tuple(EVIDENCE_LEVELS)
NO_FAMILY = "none"


@dataclass(frozen=True, slots=True)
class SafeguardFigure:
    """One way of doing a mitigation in this launch, and what its efficacy rests on.

    `efficacy` spans the medians over its effects, `level` is the weakest evidence among them, `refusal` the most
    benign requests it turns away on any surface, None where nobody stated any.
    """

    code: str
    name: str
    kind: str
    family: str
    status: str
    acts_on: int
    efficacy: str | None
    level: str
    verified: str
    refusal: float | None


@dataclass(frozen=True, slots=True)
class EfficacyFigure:
    """A result that is evidence for the efficacy of a safeguard."""

    variant: str
    scenario: str
    code: str
    evaluation: str
    value: str
    n: int | None
    state: str


@dataclass(frozen=True, slots=True)
class LevelFigure:
    """How many effects of safeguards that count rest on one level of evidence, and their share of all."""

    level: str
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class FamilyFigure:
    """Safeguards that fail for the same reasons."""

    name: str
    codes: str
    number: int


@dataclass(frozen=True, slots=True)
class StressFigure:
    """A safeguard whose gain falls away when safeguards fail together: shares of the risk left over."""

    code: str
    name: str
    apart: float
    beta: float
    together: float
    kept: float | None


@dataclass(frozen=True, slots=True)
class RefusalFigure:
    """An over-refusal scenario: the share of benign requests turned away as tested, and expected loss then and now."""

    code: str
    name: str
    rate: float
    low: float
    high: float
    known_by: str
    now: float | None
    then: float | None


@dataclass(frozen=True)
class SafeguardFigures:
    """The safeguards of a launch; refusals are shares of benign requests on the worst surface."""

    in_place: tuple[SafeguardFigure, ...]
    planned: tuple[SafeguardFigure, ...]
    number: int
    number_planned: int
    efficacy: tuple[EfficacyFigure, ...]
    levels: tuple[LevelFigure, ...]
    families: tuple[FamilyFigure, ...]
    collapsing: tuple[StressFigure, ...]
    refused_now: float | None
    refused_then: float | None
    latency_now: float | None
    latency_then: float | None
    cost_now: float | None
    cost_then: float | None
    refusals: tuple[RefusalFigure, ...]


def safeguards(facts: Facts) -> SafeguardFigures:
    """The figures of the safeguards of a launch: those that are there, and those its plan adds."""
    model = facts.results.model
    there = [model.variants[place] for place in np.flatnonzero(model.current.active)]
    after = [] if model.planned is None else [model.variants[place] for place in np.flatnonzero(model.planned.active)]
    coming = [row for row in after if row not in there]
    now, then = facts.results.totals["current"], facts.results.totals["planned"]
    return SafeguardFigures(
        in_place=tuple(_safeguard(facts, row) for row in there),
        planned=tuple(_safeguard(facts, row) for row in coming),
        number=len(there),
        number_planned=len(coming),
        efficacy=tuple(_efficacy(facts)),
        levels=tuple(_levels(facts, [*there, *coming])),
        families=tuple(_families(facts, [*there, *coming])),
        collapsing=tuple(_collapsing(facts)),
        refused_now=now and now.over_refusal,
        refused_then=then and then.over_refusal,
        latency_now=now and now.latency_ms,
        latency_then=then and then.latency_ms,
        cost_now=now and now.cost,
        cost_then=then and then.cost,
        refusals=tuple(_refusals(facts)),
    )


def _effects(facts: Facts, variant: MitigationVariant) -> list[Effect]:
    rows = facts.inputs.children(Effect, "variant", variant.id)
    return [row for row in rows if row.launch == facts.launch.id]


def _safeguard(facts: Facts, variant: MitigationVariant) -> SafeguardFigure:
    inputs = facts.inputs
    mitigation = inputs.get(Mitigation, variant.mitigation)
    effects = _effects(facts, variant)
    medians = [row.intended.median for row in effects]
    weakest = min((LEVELS.index(row.evidence_level) for row in effects), default=None)
    costs = [row for row in inputs.children(SideEffect, "variant", variant.id) if row.launch == facts.launch.id]
    refused = [row.false_refusal.median for row in costs if row.false_refusal is not None]
    return SafeguardFigure(
        code=variant.code,
        name=mitigation.name,
        kind=MITIGATION_KINDS[mitigation.kind],
        family=mitigation.family or NO_FAMILY,
        status=STANDINGS[_status(facts, variant)].lower(),
        acts_on=len({row.scenario for row in effects}),
        efficacy=span_of(medians),
        level="no effect stated" if weakest is None else EVIDENCE_LEVELS[LEVELS[weakest]].lower(),
        verified=_verified(facts, variant),
        refusal=max(refused, default=None),
    )


def span_of(shares: Sequence[float]) -> str | None:
    """The least and the greatest of shares in words, once where they read alike; None of none."""
    if not shares:
        return None
    low, high = share(min(shares)), share(max(shares))
    return low if low == high else f"{low} to {high}"


def _status(facts: Facts, variant: MitigationVariant) -> str:
    rows = (row for row in facts.inputs.rows(Standing, facts.launch.id) if row.variant == variant.id)
    return next((row.status for row in rows), "idea")


def _verified(facts: Facts, variant: MitigationVariant) -> str:
    """Which evaluation shows that it works, and whether that has been run."""
    if variant.verified_by is None:
        return "none named"
    evaluation = facts.inputs.get(Evaluation, variant.verified_by)
    model = facts.results.model
    done = bool(model.current.verified[model.variant_index[variant.id]])
    return f"{evaluation.code}, {'run' if done else 'not run'}"


def _efficacy(facts: Facts) -> Iterator[EfficacyFigure]:
    """The results linked as evidence for the efficacy of a safeguard, by safeguard."""
    inputs = facts.inputs
    rows = {row.result: row for row in evidence_rows(inputs, facts.launch.id, facts.imported)}
    found: list[EfficacyFigure] = []
    for link in inputs.rows(EvidenceLink, facts.launch.id):
        if link.role != "efficacy":
            continue
        result = inputs.get(EvalResult, link.result)
        effect = None if link.effect is None else inputs.get(Effect, link.effect)
        scenario = link.scenario if effect is None else effect.scenario
        row = rows[result.code]
        found.append(
            EfficacyFigure(
                variant="all together" if effect is None else inputs.get(MitigationVariant, effect.variant).code,
                scenario="all" if scenario is None else inputs.get(Scenario, scenario).code,
                code=result.code,
                evaluation=inputs.get(Evaluation, result.evaluation).name,
                value=value_of(row),
                n=row.n,
                state=row.state.lower(),
            )
        )
    yield from sorted(found, key=lambda row: (row.variant, row.scenario, row.code))


def _levels(facts: Facts, variants: Sequence[MitigationVariant]) -> Iterator[LevelFigure]:
    """How the efficacies that count are known, best first."""
    known = [row.evidence_level for variant in variants for row in _effects(facts, variant)]
    for level in reversed(LEVELS):
        if number := known.count(level):
            yield LevelFigure(EVIDENCE_LEVELS[level], number, number / len(known))


def _families(facts: Facts, variants: Sequence[MitigationVariant]) -> Iterator[FamilyFigure]:
    """The families with more than one safeguard among these: what fails one of them may fail all."""
    groups: dict[str, list[str]] = defaultdict(list)
    for variant in variants:
        family = facts.inputs.get(Mitigation, variant.mitigation).family
        if family:
            groups[family].append(variant.code)
    for name, codes in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if len(codes) > 1:
            yield FamilyFigure(name, ", ".join(codes), len(codes))


def _collapsing(facts: Facts) -> Iterator[StressFigure]:
    """Safeguards that are on and whose credit collapses when safeguards fail together, in the plan or else today."""
    model = facts.results.model
    names = {row.code: row.name for row in model.mitigations}
    for row in stress(model, model.planned or model.current):
        if row.on and row.collapses:
            gains = row.gains
            yield StressFigure(
                code=row.variant,
                name=names[row.mitigation],
                apart=gains["independent"],
                beta=gains["beta"],
                together=gains["comonotone"],
                kept=row.kept,
            )


def _refusals(facts: Facts) -> Iterator[RefusalFigure]:
    for row in facts.results.scenarios:
        if row.over_refusal:
            known, then = row.propensity, row.states["planned"]
            yield RefusalFigure(
                code=row.code,
                name=name_of(facts.inputs, facts.inputs.get(Scenario, row.id)),
                rate=known.median,
                low=known.low,
                high=known.high,
                known_by=known.known_by,
                now=row.technical and row.technical.mean,
                then=then and then.beta,
            )

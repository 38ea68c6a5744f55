"""What the mitigations screen shows: variants joined with their work, and scenarios against variants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchpad.gui.columns import Row
from launchpad.gui.words import Cell
from launchpad.records import (
    Dependency,
    Effect,
    Effort,
    ExclusionMember,
    Inputs,
    LeftOut,
    Lock,
    Mitigation,
    MitigationVariant,
    Plan,
    PlanItem,
    Record,
    Scenario,
    SideEffect,
    Standing,
)

if TYPE_CHECKING:
    from launchpad.results import Results

STANDS = frozenset({"done", "in_place"})


def effort_part(team: int) -> str:
    """The part of a row that holds a team's effort."""
    return f"effort {team}"


def rows(inputs: Inputs, launch: int | None, plan: Plan | None, results: Results | None) -> list[Row]:
    """One row for each variant: its mitigation, standing, side effects, effort per team, place in the plan."""
    planned = _planned(inputs, plan)
    left_out = _left_out(inputs, plan)
    alone = {} if results is None else {row.variant: row.gain for row in results.mitigations}
    locks = {} if launch is None else {lock.mitigation: lock for lock in inputs.rows(Lock, launch)}
    made: list[Row] = []
    for variant in inputs.rows(MitigationVariant):
        mitigation = inputs.get(Mitigation, variant.mitigation)
        item, lock = planned.get(variant.id), locks.get(mitigation.id)
        parts: dict[str, Record | None] = {
            "mitigation": mitigation,
            "variant": variant,
            "standing": _of_launch(inputs.children(Standing, "variant", variant.id), launch),
            "side_effect": _of_launch(inputs.children(SideEffect, "variant", variant.id), launch),
        }
        for effort in inputs.children(Effort, "variant", variant.id):
            parts[effort_part(effort.team)] = effort
        figures: dict[str, Cell] = {
            "needs": _needs(inputs, mitigation),
            "excludes": _excludes(inputs, mitigation),
            "rank": None if item is None else item.rank,
            "gain": None if item is None else item.gain,
            "alone": alone.get(variant.code),
            "plan": _said(item, left_out.get(mitigation.id), plan),
            "lock": None if lock is None else lock.kind,
            "effects": len([e for e in inputs.children(Effect, "variant", variant.id) if e.launch == launch]),
        }
        made.append(Row(variant.id, parts, figures))
    return made


def _of_launch(
    found: tuple[Standing, ...] | tuple[SideEffect, ...], launch: int | None
) -> Standing | SideEffect | None:
    return next((row for row in found if row.launch == launch), None)


def _planned(inputs: Inputs, plan: Plan | None) -> dict[int, PlanItem]:
    items = () if plan is None else inputs.children(PlanItem, "plan", plan.id)
    return {item.variant: item for item in items if item.variant is not None}


def _left_out(inputs: Inputs, plan: Plan | None) -> dict[int, LeftOut]:
    found = () if plan is None else inputs.children(LeftOut, "plan", plan.id)
    return {row.mitigation: row for row in found}


def _said(item: PlanItem | None, left_out: LeftOut | None, plan: Plan | None) -> str:
    if plan is None:
        return ""
    if item is not None:
        return "in"
    return "out" if left_out is not None else ""


def _needs(inputs: Inputs, mitigation: Mitigation) -> str:
    found = inputs.children(Dependency, "mitigation", mitigation.id)
    return ", ".join(inputs.get(Mitigation, row.needs).code for row in found)


def _excludes(inputs: Inputs, mitigation: Mitigation) -> str:
    codes: set[str] = set()
    for member in inputs.children(ExclusionMember, "mitigation", mitigation.id):
        for other in inputs.children(ExclusionMember, "exclusion_group", member.exclusion_group):
            if other.mitigation != mitigation.id:
                codes.add(inputs.get(Mitigation, other.mitigation).code)
    return ", ".join(sorted(codes))


@dataclass(frozen=True)
class HeatMap:
    """Variants down, scenarios across; `share` holds the share of cases stopped, by (variant, scenario).

    It is 1 less the product over a variant's stages of 1 - coverage x efficacy, at the medians, before
    any discount for thin evidence; below 0 it makes things worse. `names` says what variants are called.
    """

    variants: tuple[MitigationVariant, ...]
    scenarios: tuple[Scenario, ...]
    share: Mapping[tuple[int, int], float]
    standing: frozenset[int]
    names: Mapping[int, str]


def heat_map(inputs: Inputs, launch: int) -> HeatMap:
    """The heat map of a launch: only variants with an effect, only scenarios with one."""
    misses: dict[tuple[int, int], float] = defaultdict(lambda: 1.0)
    for effect in inputs.rows(Effect, launch):
        misses[effect.variant, effect.scenario] *= 1 - effect.coverage.median * effect.intended.median
    variants = {variant for variant, _ in misses}
    scenarios = {scenario for _, scenario in misses}
    standing = {row.variant for row in inputs.rows(Standing, launch) if row.status in STANDS}
    listed = tuple(row for row in inputs.rows(MitigationVariant) if row.id in variants)
    return HeatMap(
        listed,
        tuple(row for row in inputs.rows(Scenario, launch) if row.id in scenarios),
        {key: 1 - miss for key, miss in misses.items()},
        frozenset(standing),
        {row.id: f"{inputs.get(Mitigation, row.mitigation).name}: {row.name}" for row in listed},
    )

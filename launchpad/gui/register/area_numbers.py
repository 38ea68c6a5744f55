"""What stands behind a risk area: examples, policies, evidence, mitigations, links, and what was done to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from launchpad.changes import Edit
from launchpad.gui.columns import Row
from launchpad.records import (
    AreaChange,
    AreaFacet,
    AreaParent,
    Clause,
    CrosswalkLink,
    Effect,
    EvalResult,
    EvidenceLink,
    Example,
    Inputs,
    Label,
    MitigationVariant,
    Policy,
    PolicyVersion,
    RiskArea,
    Scenario,
    Standing,
)

SHOWN_WORDS = 400


@dataclass(frozen=True)
class Illustration:
    """An example as the inspector shows it: its code, side, words, and whether there is text at all."""

    example: Example
    request: str
    response: str


def examples(inputs: Inputs, area: RiskArea) -> list[Illustration]:
    """The examples of an area and of the clauses about it, hard cases first."""
    clauses = {
        (inputs.get(PolicyVersion, clause.version).policy, clause.code)
        for clause in inputs.children(Clause, "area", area.id)
    }
    own = list(inputs.children(Example, "area", area.id))
    policies = {policy for policy, _ in clauses}
    others = [
        row
        for policy in policies
        for row in inputs.children(Example, "policy", policy)
        if row.area is None and (policy, row.clause) in clauses
    ]
    found = {row.id: row for row in (*own, *others)}
    ordered = sorted(found.values(), key=lambda row: (not row.near_line, row.code))
    return [Illustration(row, _words(inputs, row.request), _words(inputs, row.response)) for row in ordered]


def _words(inputs: Inputs, sha256: str | None) -> str:
    text = inputs.text(sha256) or ""
    return text if len(text) <= SHOWN_WORDS else f"{text[:SHOWN_WORDS]} …"


@dataclass(frozen=True)
class Evidence:
    """How much is known: of an area and all under it, in a launch."""

    scenarios: int
    results: int
    trials: int
    by_role: tuple[tuple[str, int], ...]
    examples: int
    labels: int


def evidence(inputs: Inputs, launch: int | None, areas: set[int]) -> Evidence:
    """What is linked to the scenarios of some areas, and the examples and labels these have."""
    scenarios = [row for area in areas for row in inputs.children(Scenario, "risk_area", area) if row.launch == launch]
    links = [link for row in scenarios for link in inputs.children(EvidenceLink, "scenario", row.id)]
    results = {link.result for link in links}
    shown = [row for area in areas for row in inputs.children(Example, "area", area)]
    return Evidence(
        scenarios=len(scenarios),
        results=len(results),
        trials=sum(inputs.get(EvalResult, row).n or 0 for row in results),
        by_role=tuple(Counter(link.role for link in links).most_common()),
        examples=len(shown),
        labels=sum(len(inputs.children(Label, "example", row.id)) for row in shown),
    )


@dataclass(frozen=True)
class Acting:
    """A mitigation that acts on scenarios of an area: its variant, how far it has come, on which scenarios."""

    variant: MitigationVariant
    status: str | None
    scenarios: tuple[str, ...]


def mitigations(inputs: Inputs, launch: int | None, areas: set[int]) -> list[Acting]:
    """The variants with an effect on scenarios of some areas, those on most scenarios first."""
    reached: dict[int, set[str]] = defaultdict(set)
    for area in areas:
        for row in inputs.children(Scenario, "risk_area", area):
            for effect in inputs.children(Effect, "scenario", row.id) if row.launch == launch else ():
                reached[effect.variant].add(row.code)
    found = [
        Acting(inputs.get(MitigationVariant, variant), _status(inputs, variant, launch), tuple(sorted(codes)))
        for variant, codes in reached.items()
    ]
    return sorted(found, key=lambda one: (-len(one.scenarios), one.variant.code))


def _status(inputs: Inputs, variant: int, launch: int | None) -> str | None:
    rows = inputs.children(Standing, "variant", variant)
    return next((row.status for row in rows if row.launch == launch), None)


@dataclass(frozen=True)
class Ruled:
    """A policy about an area, its newest version, and the clauses of that version about it."""

    policy: Policy
    version: PolicyVersion | None
    clauses: tuple[Clause, ...]


def policies(inputs: Inputs, area: RiskArea) -> list[Ruled]:
    """The policies of an area, and those with a clause about it."""
    clauses = inputs.children(Clause, "area", area.id)
    held = {inputs.get(PolicyVersion, clause.version).policy for clause in clauses}
    rows = {row.id: row for row in inputs.children(Policy, "area", area.id)}
    rows |= {key: inputs.get(Policy, key) for key in held}
    found: list[Ruled] = []
    for policy in sorted(rows.values(), key=lambda row: row.code):
        versions = inputs.children(PolicyVersion, "policy", policy.id)
        newest = versions[-1] if versions else None
        mine = tuple(clause for clause in clauses if newest is not None and clause.version == newest.id)
        found.append(Ruled(policy, newest, mine))
    return found


def link_rows(inputs: Inputs, area: RiskArea) -> list[Row]:
    """One row for each crosswalk link of an area."""
    links = inputs.children(CrosswalkLink, "area", area.id)
    return [Row(link.id, {"link": link}) for link in sorted(links, key=lambda one: (one.taxonomy, one.concept))]


def own_ids(inputs: Inputs, area: RiskArea) -> set[int]:
    """The row ids of an area and of everything that is part of it."""
    parts = (AreaParent, AreaFacet, CrosswalkLink)
    return {area.id, *(row.id for record in parts for row in inputs.children(record, "area", area.id))}


@dataclass(frozen=True)
class Done:
    """One edit of an area, with the operation it was where it was one."""

    edit: Edit
    operation: AreaChange | None


def history(inputs: Inputs, journal: Iterable[tuple[int, Edit]], area: RiskArea) -> list[Done]:
    """The edits that touched an area, or recorded an operation on it, newest first."""
    operations = {row.id: row for row in inputs.children(AreaChange, "area", area.id)}
    ids = own_ids(inputs, area) | operations.keys()
    found: list[Done] = []
    for _, edit in journal:
        touched = [change.key for change in edit.changes if change.key in ids]
        if touched:
            found.append(Done(edit, next((operations[key] for key in touched if key in operations), None)))
    return found[::-1]

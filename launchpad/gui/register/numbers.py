"""What the register shows: scenarios joined with their figures, the tree of risk areas, a scenario's history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from launchpad.changes import Edit
from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.words import Cell
from launchpad.records import (
    AreaParent,
    Effect,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Exposure,
    Inputs,
    MitigationVariant,
    Publicity,
    Record,
    RiskArea,
    Scenario,
    Severity,
    Standing,
)

if TYPE_CHECKING:
    from launchpad.results import PropensityRow, Results


def rows(inputs: Inputs, launch: int, results: Results | None, areas: set[int] | None = None) -> list[Row]:
    """One row for each scenario of a launch, with its parts and figures; only those of `areas` when given."""
    scored = {} if results is None else {found.code: found for found in results.scenarios}
    made: list[Row] = []
    for scenario in inputs.rows(Scenario, launch):
        if areas is not None and scenario.risk_area not in areas:
            continue
        found = scored.get(scenario.code)
        figures: dict[str, Cell] = {"area": inputs.get(RiskArea, scenario.risk_area).name}
        if found is not None:
            figures |= {
                "rank": found.rank.rank if found.rank else None,
                "measured": found.propensity.median,
                "known_by": known_by(found.propensity),
                "technical": found.technical.mean if found.technical else None,
                "reputational": found.reputational.mean if found.reputational else None,
                "assumed": found.assumed_share,
            }
        parts: dict[str, Record | None] = {
            "scenario": scenario,
            **{record.table: _only(inputs, record, scenario.id) for record in (Exposure, Severity, Publicity)},
        }
        made.append(Row(scenario.id, parts, figures))
    return made


def known_by(likely: PropensityRow) -> str:
    """How a propensity is known, in a word or two: no two kinds look alike."""
    said = likely.known_by
    return words.translate("why", said[:1].upper() + said[1:])


def _only(
    inputs: Inputs, record: type[Exposure | Severity | Publicity], scenario: int
) -> Exposure | Severity | Publicity | None:
    found = inputs.children(record, "scenario", scenario)
    return found[0] if found else None


def below(inputs: Inputs, area: int) -> set[int]:
    """A risk area and every one under it, along every parent."""
    found: set[int] = set()
    waiting = [area]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(child.id for child in inputs.children(RiskArea, "parent", here))
            waiting.extend(row.area for row in inputs.children(AreaParent, "parent", here))
    return found


def evidence(inputs: Inputs, scenario: int) -> list[Row]:
    """One row for each result linked to a scenario."""
    made: list[Row] = []
    for link in inputs.children(EvidenceLink, "scenario", scenario):
        result = inputs.get(EvalResult, link.result)
        evaluation = inputs.get(Evaluation, result.evaluation)
        made.append(Row(link.id, {"link": link, "result": result, "evaluation": evaluation}))
    return made


def effects(inputs: Inputs, scenario: int) -> list[Row]:
    """One row for each effect of a variant on a scenario, with how far the variant has come."""
    made: list[Row] = []
    for effect in inputs.children(Effect, "scenario", scenario):
        variant = inputs.get(MitigationVariant, effect.variant)
        standing = next(
            (row for row in inputs.children(Standing, "variant", variant.id) if row.launch == effect.launch),
            None,
        )
        made.append(Row(effect.id, {"effect": effect, "variant": variant, "standing": standing}))
    return made


def own_ids(inputs: Inputs, scenario: int) -> set[int]:
    """The row ids of a scenario and of everything that is part of it."""
    kinds = (Exposure, Severity, Publicity, Effect, EvidenceLink)
    parts: Iterator[int] = (row.id for record in kinds for row in inputs.children(record, "scenario", scenario))
    return {scenario, *parts}


def edits_of(journal: Iterable[tuple[int, Edit]], ids: set[int]) -> list[tuple[int, Edit]]:
    """The edits that touched any of these rows, newest first."""
    touched = [(number, edit) for number, edit in journal if any(change.key in ids for change in edit.changes)]
    return touched[::-1]

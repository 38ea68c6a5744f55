"""What rests on clauses of a policy and is to be tested again when they change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from launchpad.edits.rules import fits
from launchpad.records import (
    AreaParent,
    Clause,
    Effect,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Example,
    Gate,
    GoldSet,
    Inputs,
    Label,
    LinkRule,
    Policy,
    PolicyRun,
    RiskArea,
    Scenario,
)


@dataclass(frozen=True, slots=True)
class Retest:
    """Codes of what to test again: scenarios and gates (`LAUNCH/CODE`), evaluations, gold items, policy runs."""

    scenarios: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    evaluations: tuple[str, ...] = ()
    gold_items: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()


def retest(inputs: Inputs, policy: Policy, clauses: Sequence[Clause]) -> Retest:
    """What rests on these clauses.

    Scenarios are those of a clause's risk area (else its policy's) and of the areas under it; evaluations those whose
    results are linked to such a scenario or an effect on it, that a link rule ties to the area, or that a gate of it
    names; gold items those that illustrate a clause, whose labels cite it, or, where nothing names a clause, that lie
    in its areas; runs those of the policy on the gold sets of these items.
    """
    if not clauses:
        return Retest()
    top = {policy.area if clause.area is None else clause.area for clause in clauses}
    areas = _under(inputs, {area for area in top if area is not None})
    scenarios = [row for row in inputs.rows(Scenario) if row.risk_area in areas]
    gates = [row for row in inputs.rows(Gate) if row.scenario in {one.id for one in scenarios}]
    items = list(_gold_items(inputs, policy, {clause.code for clause in clauses}, areas))
    sets = {row.gold_set for row in items}
    return Retest(
        _codes(inputs.part(row, "launch") + "/" + row.code for row in scenarios),
        _codes(inputs.part(row, "launch") + "/" + row.code for row in gates),
        _codes(inputs.get(Evaluation, row).code for row in _evaluations(inputs, areas, scenarios, gates)),
        _codes(row.code for row in items),
        _codes(row.code for row in inputs.rows(PolicyRun) if row.gold_set in sets),
    )


def _codes(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))


def _under(inputs: Inputs, areas: set[int]) -> set[int]:
    """These areas and all below them, by their parent or a further one."""
    found, following = set(areas), list(areas)
    while following:
        parent = following.pop()
        below = {row.id for row in inputs.children(RiskArea, "parent", parent)}
        below |= {row.area for row in inputs.children(AreaParent, "parent", parent)}
        following.extend(below - found)
        found |= below
    return found


def _evaluations(
    inputs: Inputs, areas: set[int], scenarios: Sequence[Scenario], gates: Sequence[Gate]
) -> Iterator[int]:
    on = {row.id for row in scenarios}
    effects = {row.id for row in inputs.rows(Effect) if row.scenario in on}
    for link in inputs.rows(EvidenceLink):
        if link.scenario in on or link.effect in effects:
            yield inputs.get(EvalResult, link.result).evaluation
    for gate in gates:
        yield from (row for row in (gate.evaluation, gate.verified_by) if row is not None)
    rules = [row for row in inputs.rows(LinkRule) if row.risk_area in areas or row.scenario in on]
    for evaluation in inputs.rows(Evaluation) if rules else ():
        if any(fits(rule, evaluation) for rule in rules):
            yield evaluation.id


def _gold_items(inputs: Inputs, policy: Policy, codes: set[str], areas: set[int]) -> Iterator[Example]:
    sets = {row.id for row in inputs.children(GoldSet, "policy", policy.id)}
    for row in inputs.rows(Example):
        if row.gold_set not in sets and not (row.gold_set is not None and row.policy == policy.id):
            continue
        labels = inputs.children(Label, "example", row.id)
        named = {row.clause, *(label.clause for label in labels), *(label.defensible for label in labels)} - {None}
        if named & codes or (not named and (row.area in areas or row.area is None)):
            yield row

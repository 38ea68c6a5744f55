"""Why: any number unfolds factor by factor to the evidence, estimate or assumption under it."""

from collections.abc import Iterator

import numpy as np

from launchpad.errors import UnknownRecordError
from launchpad.records import Criterion, Evaluation, Inputs, WeightSet
from launchpad.results.explain_scenario import effect_factor, of_scenario, technical
from launchpad.results.explain_totals import NAMES, of_total
from launchpad.results.explain_weighing import of_criterion, of_evaluation, of_weight_set
from launchpad.results.moves import taken
from launchpad.results.one_by_one import one_by_one
from launchpad.results.options import on_in
from launchpad.results.rows import MitigationRow, Results
from launchpad.scoring.gates import Verdict
from launchpad.scoring.model import Model
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions
from launchpad.scoring.why import Factor


def explain(inputs: Inputs, results: Results, code: str) -> Factor:
    """The tree of factors under a scenario, mitigation, variant, gate, criterion, weight set, evaluation or total.

    By code; a total by its name (`cvar95`, `planned/technical`). The parts of a product multiply to its value, at the
    means of all inputs and at beta. What scenarios and mitigations come to with the plan stands below today. Raises
    UnknownRecordError for anything else.
    """
    for row in results.scenarios:
        if row.code == code:
            return of_scenario(inputs, results, row)
    for worth in results.mitigations:
        if code in (worth.code, worth.variant):
            return _mitigation(results.model, worth)
    for gate in results.gates:
        if gate.code == code:
            return _gate(gate)
    found = _weighing(inputs, results, code) or of_total(
        results, code, lambda index, state: technical(inputs, results.model, index, state)
    )
    if found is not None:
        return found
    raise UnknownRecordError(
        f"Nothing that is scored in {results.launch.code} is called {code!r}.",
        f"Name a scenario, a mitigation, its best variant, a gate, a criterion, a weight set, an evaluation that "
        f"informs a decision, or a total: {', '.join(NAMES)}.",
    )


def _weighing(inputs: Inputs, results: Results, code: str) -> Factor | None:
    for row in inputs.rows(Criterion, results.launch.id):
        if row.code == code:
            return of_criterion(inputs, results, row)
    for chosen in inputs.rows(WeightSet, results.launch.id):
        if chosen.code == code:
            return of_weight_set(inputs, results, chosen)
    evaluation = next((row for row in inputs.rows(Evaluation) if row.code == code), None)
    return None if evaluation is None else of_evaluation(inputs, results, evaluation)


def _mitigation(model: Model, row: MitigationRow) -> Factor:
    variant = next(index for index, known in enumerate(model.variants) if known.code == row.variant)
    places = np.flatnonzero(model.effects.variant == variant)
    parts = (
        Factor("Technical risk it takes away", row.technical, "computed", note="harm units"),
        Factor("Reputational risk it takes away", row.reputational, "computed"),
        Factor("False refusal it adds on the worst surface", row.false_refusal, "computed"),
        *(effect_factor(model, int(place), model.current) for place in places),
        *_with_plan(model, variant),
    )
    note = f"weighted residual without it less with it, as a share of today's; {'on' if row.on else 'not on'} today"
    return Factor(f"Gain of {row.variant}", row.gain, "computed", f"mitigation_variant {row.variant}", note, parts)


def _with_plan(model: Model, variant: int) -> Iterator[Factor]:
    """What a mitigation takes away beside everything else that is planned; nothing without a plan."""
    state = model.planned
    if state is None:
        return
    place = on_in(model, state).get(int(model.mitigation[variant]), variant)
    blamed = blame(attributions(model, state), model.coefficients)
    technical, reputational = taken(one_by_one(model, state, blamed)[place])
    code, on = model.variants[place].code, bool(state.active[place])
    note = f"everything else as planned, without it less with it; {'on' if on else 'not on'} in the plan"
    parts = (
        Factor("Technical risk it takes away", technical.mean, "computed", note="harm units"),
        Factor("Reputational risk it takes away", reputational.mean, "computed"),
        *(effect_factor(model, int(each), state) for each in np.flatnonzero(model.effects.variant == place)),
    )
    yield Factor(f"{code} as planned", None, "computed", f"mitigation_variant {code}", note, parts)


def _gate(gate: Verdict) -> Factor:
    parts = tuple(
        Factor(
            "Share of failures" if gate.kind != "safeguard" else "Share held",
            bound.share,
            "measured",
            bound.reading.record,
            f"one-sided bounds {bound.lower:.4g} and {bound.upper:.4g}, {bound.reading.n:.4g} independent samples",
        )
        for bound in gate.bounds
    )
    return Factor(f"{gate.name}: {gate.verdict}", None, "computed", f"gate {gate.code}", gate.reason, parts)

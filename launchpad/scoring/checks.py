"""What a person should be told about the inputs: gaps, contradictions, and what rests on defaults."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from launchpad.errors import InvalidValueError, ScoringError, UnknownRecordError
from launchpad.records import (
    RECORDS,
    Coefficient,
    Dependency,
    Effect,
    Estimate,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Exposure,
    Gate,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Plan,
    Publicity,
    Record,
    RiskArea,
    Scenario,
    Severity,
    Standing,
    Tolerance,
    fields_of,
)
from launchpad.scoring import aftermath, coefficients
from launchpad.scoring.criteria import NEVER, criterion_warnings
from launchpad.scoring.gates import Verdict
from launchpad.scoring.identity import plan_hash
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import Model, build
from launchpad.scoring.predicted import told_by_baseline
from launchpad.scoring.regraded import regraded_warnings
from launchpad.scoring.states import STANDS
from launchpad.scoring.why import ModelWarning, named


def check(inputs: Inputs, launch_id: int | None = None, imported: Mapping[int, str] = NEVER) -> list[ModelWarning]:
    """What to tell about the project and one launch, or about all of them; never raises for bad inputs.

    `imported` says when a result (row id) came into the project: `edits.criteria.first_seen` of the journal.
    """
    launches = inputs.rows(Launch) if launch_id is None else (inputs.get(Launch, launch_id),)
    found = set(_project(inputs, Kept()))
    for launch in launches:
        try:
            model = build(inputs, launch.id)
            verdicts = list(aftermath.verdicts(inputs, launch, model.coefficients).values())
        except (ScoringError, UnknownRecordError, InvalidValueError) as error:
            found.add(ModelWarning(named(inputs, launch), "", str(error)))
            found.update(_launch(inputs, launch))
        else:
            found.update(told(inputs, model, verdicts, imported=imported))
    return sorted(found)


def told(
    inputs: Inputs,
    model: Model,
    verdicts: Iterable[Verdict],
    kept: Kept | None = None,
    imported: Mapping[int, str] = NEVER,
) -> tuple[ModelWarning, ...]:
    """What to tell about one launch that could be scored, and the project around it; `imported` as in `check`."""
    kept = Kept() if kept is None else kept
    found = {*_project(inputs, kept), *_launch(inputs, model.launch), *_model(inputs, model)}
    found.update(criterion_warnings(inputs, model.launch, model.coefficients, imported))
    found.update((*aftermath.odd_incidents(inputs, model.launch), *told_by_baseline(inputs, model)))
    found.update(*(risk.warnings for risk in model.risks), *(verdict.warnings for verdict in verdicts))
    return tuple(sorted(found))


def _project(inputs: Inputs, kept: Kept) -> Iterator[ModelWarning]:
    for record in RECORDS:
        rows, names = inputs.rows(record), inputs.addresses(record.table)
        yield from kept.same(("doubled", record.table), _doubled, record, rows, names)
        yield from kept.same(("estimates", record.table), _estimates, record, rows, names)
    yield from kept.same(("regraded",), regraded_warnings, inputs.rows(EvalResult), inputs.addresses(EvalResult.table))
    yield from _cycles(inputs)
    known = coefficients.bundled()
    for row in inputs.rows(Coefficient):
        if row.code not in known:
            yield ModelWarning(named(inputs, row), "code", "The model has no such coefficient.")
    counted = Counter(result.evaluation for result in inputs.rows(EvalResult) if not result.superseded)
    for evaluation in inputs.rows(Evaluation):
        record = named(inputs, evaluation)
        if counted[evaluation.id] and evaluation.polarity == "unknown":
            message = "Its direction is not confirmed, so its results say nothing about failures."
            yield ModelWarning(record, "polarity", message)
        if evaluation.kind == "capability" and evaluation.polarity == "higher":
            message = "It measures a dangerous capability, yet higher counts as better."
            yield ModelWarning(record, "polarity", message)


def _doubled(record: type[Record], rows: Sequence[Record], names: Mapping[int, str]) -> tuple[ModelWarning, ...]:
    owned = Counter((getattr(row, "launch", None), names[row.id]) for row in rows)
    return tuple(
        ModelWarning(
            f"{record.table} {address}", record.address[0], f"{count} {record.plural.lower()} have this address."
        )
        for (_, address), count in owned.items()
        if count > 1
    )


def _estimates(record: type[Record], rows: Sequence[Record], names: Mapping[int, str]) -> tuple[ModelWarning, ...]:
    found: list[ModelWarning] = []
    for name in [field.name for field in fields_of(record) if field.scale is not None]:
        for row in rows:
            value = getattr(row, name)
            if isinstance(value, Estimate) and not _in_order(value):
                points = f"{value.low:g}, {value.median:g}, {value.high:g}"
                message = f"Low, median and high are not in order: {points}."
                found.append(ModelWarning(f"{record.table} {names[row.id]}", name, message))
    return tuple(found)


def _in_order(value: Estimate) -> bool:
    return math.isfinite(value.low) and math.isfinite(value.high) and value.low <= value.median <= value.high


def _cycles(inputs: Inputs) -> Iterator[ModelWarning]:
    needs: dict[int, list[int]] = defaultdict(list)
    for row in inputs.rows(Dependency):
        needs[row.mitigation].append(row.needs)
    links: tuple[tuple[type[Record], str, Mapping[int, Sequence[int]]], ...] = (
        (RiskArea, "parent", {a.id: [a.parent] for a in inputs.rows(RiskArea) if a.parent is not None}),
        (
            RiskArea,
            "replaced_by",
            {a.id: [a.replaced_by] for a in inputs.rows(RiskArea) if a.replaced_by is not None},
        ),
        (Launch, "baseline", {a.id: [a.baseline] for a in inputs.rows(Launch) if a.baseline is not None}),
        (Mitigation, "needs", needs),
    )
    for record, field, graph in links:
        for row_id in sorted(on_cycles(graph), key=lambda key: inputs.address(inputs.get(record, key))):
            message = f"It leads back to itself through {field.replace('_', ' ')}."
            yield ModelWarning(named(inputs, inputs.get(record, row_id)), field, message)


def on_cycles(graph: Mapping[int, Sequence[int]]) -> set[int]:
    """The nodes of a directed graph that lie on a cycle: those in a strongly connected part (Tarjan 1972)."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    found: set[int] = set()
    for root in graph:
        if root in number:
            continue
        work: list[tuple[int, Iterator[int]]] = [(root, iter(graph[root]))]
        number[root] = low[root] = len(number)
        path.append(root)
        while work:
            node, following = work[-1]
            step = next((other for other in following if other not in number or other in path), None)
            if step is not None and step not in number:
                number[step] = low[step] = len(number)
                path.append(step)
                work.append((step, iter(graph.get(step, ()))))
            elif step is not None:
                low[node] = min(low[node], number[step])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    part = path[path.index(node) :]
                    del path[path.index(node) :]
                    if len(part) > 1 or node in graph.get(node, ()):
                        found.update(part)
    return found


def _launch(inputs: Inputs, launch: Launch) -> Iterator[ModelWarning]:
    record = named(inputs, launch)
    if launch.freeze_date > launch.launch_date:
        yield ModelWarning(record, "freeze_date", "The freeze is after the launch.")
    if launch.as_of > launch.launch_date and launch.status == "open":
        yield ModelWarning(record, "as_of", "The figures are seen from a day after the launch.")
    limits = inputs.rows(Tolerance, launch.id)
    if not any(row.measure == "technical" and row.scenario is None for row in limits):
        yield ModelWarning(record, "", "It has no tolerance for technical loss to be held against.")
    yield from _parts(inputs, launch)
    yield from _evidence(inputs, launch)
    yield from _standing(inputs, launch)
    for gate in inputs.rows(Gate, launch.id):
        if gate.scenario is None and gate.evaluation is None:
            message = "It names neither a scenario nor an evaluation, so nothing can satisfy it."
            yield ModelWarning(named(inputs, gate), "scenario", message)
    for plan in inputs.rows(Plan, launch.id):
        if plan.code == launch.current_plan and plan.input_hash not in (None, plan_hash(inputs, launch.id)):
            yield ModelWarning(named(inputs, plan), "input_hash", "The inputs have changed since it was made.")


def _parts(inputs: Inputs, launch: Launch) -> Iterator[ModelWarning]:
    """Scenarios with more than one exposure, severity or publicity, or none where it matters; unreasoned publicity."""
    limits = inputs.rows(Tolerance, launch.id)
    limited = {row.scenario for row in limits if row.measure == "events"}
    for scenario in inputs.rows(Scenario, launch.id):
        for part in (Exposure, Severity, Publicity):
            if len(inputs.children(part, "scenario", scenario.id)) > 1:
                message = f"It has more than one row of {part.label.lower()}: the first counts."
                yield ModelWarning(named(inputs, scenario), part.table, message)
        if scenario.catastrophic and scenario.id not in limited:
            message = "It is catastrophic, yet no tolerance limits its expected events."
            yield ModelWarning(named(inputs, scenario), "catastrophic", message)
    for row in inputs.rows(Publicity, launch.id):
        if row.attribution == "victim" and not row.attribution_reason:
            message = "Victim needs a reason; the register decides until one is given."
            yield ModelWarning(named(inputs, row), "attribution_reason", message)
        if row.disclosed and not row.disclosure:
            message = "It counts as disclosed, but does not say where."
            yield ModelWarning(named(inputs, row), "disclosure", message)


def _evidence(inputs: Inputs, launch: Launch) -> Iterator[ModelWarning]:
    linked = {link.result for link in inputs.rows(EvidenceLink, launch.id)}
    results = (row for row in inputs.rows(EvalResult) if row.id not in linked and not row.superseded)
    loose = {row.evaluation for row in results}
    for evaluation in inputs.rows(Evaluation):
        if evaluation.id in loose:
            message = f"It has results that are linked to nothing in {launch.code}, and so count for nothing there."
            yield ModelWarning(named(inputs, evaluation), "", message)


def _standing(inputs: Inputs, launch: Launch) -> Iterator[ModelWarning]:
    on = Counter(
        inputs.get(MitigationVariant, row.variant).mitigation
        for row in inputs.rows(Standing, launch.id)
        if row.status in STANDS
    )
    for mitigation, count in on.items():
        if count > 1:
            message = f"{count} of its variants are on in {launch.code}; one at most should be."
            yield ModelWarning(named(inputs, inputs.get(Mitigation, mitigation)), "", message)
    for effect in inputs.rows(Effect, launch.id):
        if inputs.get(Scenario, effect.scenario).launch != launch.id:
            message = "It acts on a scenario of another launch, and so on nothing."
            yield ModelWarning(named(inputs, effect), "scenario", message)


def _rests(inputs: Inputs, model: Model, index: int) -> Iterator[ModelWarning]:
    """Evidence that says less than it seems to: outweighed by the estimate, or taken behind safeguards."""
    record, likely = named(inputs, model.scenarios[index]), model.risks[index].propensity
    if likely.outweighed:
        before = "its estimate" if likely.spread is not None else "what stands in where nobody estimated it"
        message = (
            f"Its evidence counts for {likely.weight:.3g} samples and {before} for {sum(likely.prior):.3g}: "
            f"it mostly rests on the latter, and counts as {likely.kind}."
        )
        yield ModelWarning(record, "propensity", message)
    here = model.effects.of(index)
    seen_here: list[int] = model.effects.variant[here][model.effects.seen[here]].tolist()
    if seen_here:
        codes = ", ".join(sorted({model.variants[place].code for place in seen_here}))
        message = f"Its evidence was taken with {codes} on: what it was without is reconstructed, not measured."
        yield ModelWarning(record, "inherent", message)


def _model(inputs: Inputs, model: Model) -> Iterator[ModelWarning]:
    for index, risk in enumerate(model.risks):
        record, likely = named(inputs, risk.scenario), risk.propensity
        if model.scored[index] and model.opportunities[index] == 0:
            yield ModelWarning(record, "exposure", "It has no opportunities over the horizon: its risk is 0.")
        if likely.origin == "default":
            message = "It has neither evidence nor an estimate of its propensity: a default is assumed."
            yield ModelWarning(record, "propensity", message)
        if likely.stale:
            message = "Its evidence is old or of another build: a new run would tell more."
            yield ModelWarning(record, "propensity", message)
        yield from _rests(inputs, model, index)
        if likely.upper_bound:
            message = "Its propensity was not measured at the tries of its actor: it is an upper bound."
            yield ModelWarning(record, "propensity", message)
    for index in np.flatnonzero(model.over_refusal):
        surface = model.scenarios[index].surface
        columns = [
            model.side.requests[column]
            for column, known in enumerate(model.side.surfaces)
            if surface is None or (known is not None and known.id == surface)
        ]
        if any(math.isnan(requests) for requests in columns):
            message = "The traffic of its surface is unknown, so it is left out of the share refused there."
            yield ModelWarning(named(inputs, model.scenarios[index]), "surface", message)

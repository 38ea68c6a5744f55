"""Why a criterion, a weight set or an evaluation to run next counts for as much as it does."""

from collections.abc import Iterator

from launchpad.records import Criterion, Evaluation, Gate, Inputs, SwingWeight, WeightSet
from launchpad.records.judgements import MEASURES
from launchpad.results.options import LOG_MEASURES, Weighed, judged, weighed
from launchpad.results.rows import Results
from launchpad.scoring.model import Model
from launchpad.scoring.next_evaluations import (
    Decision,
    NextEvaluation,
    bearings_of,
    decisions,
    next_evaluations,
    worth_of,
)
from launchpad.scoring.tradeoffs.worth import points_between
from launchpad.scoring.why import Factor, Kind


def of_criterion(inputs: Inputs, results: Results, row: Criterion) -> Factor:
    """A criterion: its anchors with their basis, the line between them, and its weight in every set."""
    source, basis = f"criterion {row.code}", row.basis or "no basis given"
    kind: Kind = "assumed" if row.basis is None or "assumption" in row.basis.casefold() else "stated"
    straight = "straight between the logarithms" if row.measure in LOG_MEASURES else "straight"
    between = tuple(Factor(f"Worth of {x:g}", y, "stated", source) for x, y in points_between(row.between, source))
    sets = () if _unanchored(row) else _weights(inputs, results, row)
    parts = (
        Factor("Worst anchor, worth 0", row.worst, kind, source, basis),
        *between,
        Factor("Best anchor, worth 1", row.best, kind, source, basis),
        *sets,
    )
    note = "It has no anchors, so it cannot be weighed." if _unanchored(row) else f"{straight} between the anchors"
    return Factor(f"{row.name}: {MEASURES[row.measure]}", None, "stated", source, note, parts)


def of_weight_set(inputs: Inputs, results: Results, row: WeightSet) -> Factor:
    """A weight set: the two weights plans are made by, then those of the criteria, by which options are ranked."""
    source = f"weight_set {row.code}"
    plans = (
        Factor("Technical risk, in the objective of plans", row.technical, "stated", source),
        Factor("Reputational risk, in the objective of plans", row.reputational, "stated", source),
    )
    criteria = judged(inputs, results.launch.id)
    usable, refused = weighed(inputs, results.launch.id, criteria)
    one = next((each for each in usable if each.code == row.code), None)
    if one is None:
        why = next((words for words in refused if f"eight set {row.code} " in words), "It weighs no criterion yet.")
        return Factor(row.name, None, "stated", source, why, plans)
    each = tuple(_weight(inputs, row, criterion, one, place) for place, criterion in enumerate(criteria.rows))
    note = f"from {one.origin}" + "".join(f". {words}" for words in one.disagreements)
    return Factor(row.name, None, "stated", source, note, (*plans, *each))


def of_evaluation(inputs: Inputs, results: Results, row: Evaluation) -> Factor | None:
    """What running an evaluation next is worth, decision by decision; None for one that informs none."""
    model = results.model
    state = model.planned or model.current
    known = next((one for one in next_evaluations(inputs, model, state) if one.evaluation == row.code), None)
    if known is None:
        return None
    decided = {one.name: one for one in decisions(inputs, model, state)}
    parts = tuple(_decision(inputs, model, row, known, decided[name]) for name in known.decisions)
    days = (
        ()
        if known.days is None
        else (Factor("Person-days of all teams", known.days, "stated", f"evaluation {row.code}"),)
    )
    open_ = tuple(
        Factor("Needed by an open determination", None, "computed", f"gate {words.split()[0].rstrip(',')}", words)
        for words in known.settles
    )
    note = f"expected value of {known.n:,} samples, harm units over the horizon; {known.per_day or 0:.4g} a day"
    return Factor(
        f"Running {row.name} next", known.evsi, "computed", f"evaluation {row.code}", note, (*parts, *days, *open_)
    )


def _decision(inputs: Inputs, model: Model, row: Evaluation, known: NextEvaluation, decision: Decision) -> Factor:
    bearing = bearings_of(inputs, model, row)[decision.index]
    a, b = decision.beta
    risk, scenario = model.risks[decision.index], f"scenario {model.scenarios[decision.index].code}"
    effective = bearing.samples(known.n, model.coefficients.icc)
    sampled, perfect = worth_of(decision, effective)
    limit = decision.name.split()[0]
    parts = (
        Factor(
            "Propensity as it stands, of single tries",
            a / (a + b),
            risk.propensity.kind,
            scenario,
            f"Beta({a:.4g}, {b:.4g})",
        ),
        Factor(
            "Loss of shipping for each unit of it", decision.slope, "computed", scenario, "expected loss / propensity"
        ),
        Factor(
            "Propensity from which to hold",
            decision.limit,
            "stated",
            _limit(inputs, model, limit),
            "both losses meet here",
        ),
        Factor(
            "Independent samples",
            float(effective),
            "computed",
            f"evaluation {row.code}",
            f"{known.n:,} samples, relevance {bearing.relevance:g}, {bearing.per_cluster:.3g} in a cluster, "
            f"judge {bearing.sensitivity:g} / {bearing.specificity:g}",
        ),
        Factor("Worth of knowing it exactly", perfect, "computed"),
    )
    return Factor(
        f"Launch or hold by {decision.name}", sampled, "computed", note="never above the worth of knowing", parts=parts
    )


def _limit(inputs: Inputs, model: Model, code: str) -> str:
    gates = {gate.code for gate in inputs.rows(Gate, model.launch.id)}
    return f"{'gate' if code in gates else 'tolerance'} {code}"


def _weights(inputs: Inputs, results: Results, row: Criterion) -> Iterator[Factor]:
    criteria = judged(inputs, results.launch.id)
    usable, _ = weighed(inputs, results.launch.id, criteria)
    sets = {one.code: one for one in inputs.rows(WeightSet, results.launch.id)}
    place = criteria.codes.index(row.code)
    for one in usable:
        yield _weight(inputs, sets[one.code], row, one, place)


def _weight(inputs: Inputs, weight_set: WeightSet, row: Criterion, one: Weighed, place: int) -> Factor:
    answers = inputs.children(SwingWeight, "weight_set", weight_set.id)
    answer = next(each for each in answers if each.criterion == row.id)
    said = [f"swing {answer.swing:g}" if answer.swing is not None else "", f"rank {answer.rank}" if answer.rank else ""]
    note = f"{', '.join(words for words in said if words)}; of {one.origin}"
    source = f"swing_weight {inputs.address(answer)}"
    return Factor(f"Weight of {row.name} in {one.code}", float(one.weights[place]), "stated", source, note)


def _unanchored(row: Criterion) -> bool:
    return row.worst is None or row.best is None

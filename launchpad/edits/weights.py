"""Criteria with stated anchors, and how much the swing of each counts: what trade-offs are weighed by.

A weight set holds two things. Its technical and reputational weights are what plans are made by, and stay so; its swing
weights, one for each criterion, are what options are ranked by. `set_swings` writes the second and leaves the first.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from launchpad.changes import Change, insert, new_id
from launchpad.edits.records import made_from, next_code, set_values
from launchpad.edits.values import checked
from launchpad.errors import InvalidValueError
from launchpad.records import Criterion, Effort, Inputs, Launch, MitigationVariant, SideEffect, SwingWeight, WeightSet
from launchpad.records.judgements import MEASURES

MARGIN = 2.0
"""How far beyond the worst of today and before all mitigations the worst anchor lies (assumption)."""
BEST_SHARE = 0.1
"""What of the worst amount today is as good as can be, on a log scale, which knows no 0 (assumption)."""
MOST = 100.0
"""The swing of the most important criterion."""
ASSUMED = "Assumption, set up from the launch: change it to what you stand for."


class _Total(Protocol):
    """One state summed, as a total of results is."""

    @property
    def technical(self) -> float: ...
    @property
    def reputational(self) -> float: ...
    @property
    def cvar95(self) -> float | None: ...
    @property
    def over_refusal(self) -> float: ...
    @property
    def latency_ms(self) -> float: ...
    @property
    def cost(self) -> float: ...
    @property
    def capability(self) -> Mapping[str, float]: ...


class _Scored(Protocol):
    """A launch with its totals by state, as results are."""

    @property
    def launch(self) -> Launch: ...
    @property
    def totals(self) -> Mapping[str, _Total | None]: ...


class Answer(NamedTuple):
    """How much one criterion counts: its swing of 0 to 100, or its rank, 1 the most important."""

    swing: float | None = None
    rank: int | None = None


def propose_criteria(inputs: Inputs, results: _Scored) -> list[Change]:
    """The changes that set up a criterion for every measure that a launch has none of yet and that can differ.

    Worst anchor: twice the worst of the states before all mitigations, today and, where there is a plan, planned; for
    side effects that are not on anywhere yet twice all that is stated. Best anchor: a tenth of the worst of them for
    losses, which are judged on a log scale, else 0. Effort goes from all work there is to none. Each basis says where
    its anchors come from and that they are assumptions. Refuses a launch in which no measure is above 0.
    """
    launch = results.launch
    known = {row.measure for row in inputs.rows(Criterion, launch.id)}
    rows: list[Criterion] = []
    for measure, worst, best, basis in _anchors(inputs, results):
        if measure not in known:
            row = Criterion(
                id=new_id(),
                code=next_code(_with(inputs, rows), Criterion, prefix="C", width=1),
                launch=launch.id,
                name=MEASURES[measure],
                measure=measure,
                worst=worst,
                best=best,
                basis=f"{basis} {ASSUMED}",
            )
            rows.append(checked(row))
    if not rows and not known:
        raise InvalidValueError(
            f"{launch.code} has no risk, side effect or effort yet that could be weighed.",
            "Give its scenarios exposure, or its mitigations effort and side effects.",
        )
    return [insert(row) for row in rows]


def amount_of(measure: str, total: _Total) -> float | None:
    """The amount of a measure in a state that was summed; None for effort, and where it was not drawn."""
    known: dict[str, float | None] = {
        "technical": total.technical,
        "cvar95": total.cvar95,
        "reputational": total.reputational,
        "false_refusal": total.over_refusal,
        "latency": total.latency_ms,
        "capability": sum(max(0.0, -change) for change in total.capability.values()),
        "cost": total.cost,
    }
    return known.get(measure)


def set_swings(
    inputs: Inputs, weight_set: WeightSet, answers: Mapping[str, Answer], *, basis: str | None = None
) -> list[Change]:
    """The changes that give criteria, by code, their swing or rank in a weight set; the others keep theirs.

    Where every criterion has a swing the swings count, and ranks are only held against them. The technical and
    reputational weights of the set, by which plans are made, stay. Raises InvalidValueError, naming the record, for a
    criterion without both anchors, a swing that is negative or above 100, and swings that would all be 0;
    UnknownRecordError for a code that names no criterion of the launch.
    """
    known = {row.criterion: row for row in inputs.children(SwingWeight, "weight_set", weight_set.id)}
    changes: list[Change] = []
    after = {criterion: row.swing for criterion, row in known.items()}
    for code, answer in answers.items():
        criterion = inputs.find(Criterion, code, weight_set.launch)
        _refuse(weight_set, criterion, answer)
        given = {name: value for name, value in answer._asdict().items() if value is not None}
        row = known.get(criterion.id)
        after[criterion.id] = answer.swing if answer.swing is not None else after.get(criterion.id)
        if basis is not None:
            given["basis"] = basis
        if row is not None:
            changes += set_values(row, **given)
        else:
            whole = {"launch": weight_set.launch, "weight_set": weight_set.id, "criterion": criterion.id, **given}
            changes.append(insert(made_from(SwingWeight, whole)))
    swings = [swing for swing in after.values() if swing is not None]
    if swings and not sum(swings) > 0:
        raise InvalidValueError(
            f"The swings of weight set {weight_set.code} would all be 0, so that nothing would count.",
            f"Give the most important criterion {MOST:g} and the others less.",
        )
    return changes


def new_weight_set(inputs: Inputs, launch: Launch, name: str, whose: str | None = None) -> tuple[WeightSet, Change]:
    """A further weight set of a launch, with the technical and reputational weights of the one in use."""
    used = next((row for row in inputs.rows(WeightSet, launch.id) if row.code == launch.weight_set), None)
    code = next_code(inputs, WeightSet, prefix="W", width=1)
    made = WeightSet(id=new_id(), code=code, launch=launch.id, name=name, whose=whose)
    if used is not None:
        made = dataclasses.replace(made, technical=used.technical, reputational=used.reputational)
    made = checked(made)
    return made, insert(made)


def use(launch: Launch, weight_set: WeightSet) -> list[Change]:
    """The change that puts a weight set to use: for plans by its two weights, for ranking by its swings."""
    return set_values(launch, weight_set=weight_set.code)


def _refuse(weight_set: WeightSet, criterion: Criterion, answer: Answer) -> None:
    where = f"criterion {criterion.code} ({criterion.name})"
    if criterion.worst is None or criterion.best is None:
        raise InvalidValueError(
            f"Weight set {weight_set.code} cannot weigh {where}: it has no worst and best anchor.",
            "Give both anchors first; how much a swing counts means nothing until the swing is said.",
        )
    swing, rank = answer
    if swing is None and rank is None:
        raise InvalidValueError(
            f"Weight set {weight_set.code} is given nothing for {where}.", "Give a swing of 0 to 100, or a rank."
        )
    if swing is not None and not (math.isfinite(swing) and 0 <= swing <= MOST):
        raise InvalidValueError(
            f"A swing of {swing:g} for {where} in weight set {weight_set.code} is not from 0 to 100.",
            "The most important swing is 100; one that does not count is 0.",
        )
    if rank is not None and rank < 1:
        raise InvalidValueError(
            f"A rank of {rank} for {where} in weight set {weight_set.code} is below 1.", "1 is the most important."
        )


def _anchors(inputs: Inputs, results: _Scored) -> Iterator[tuple[str, float, float, str]]:
    """(measure, worst, best, basis) of every measure that is above 0 in some state."""
    totals = {name: total for name, total in results.totals.items() if total is not None}
    for measure in MEASURES:
        if measure == "effort":
            days = _all_work(inputs)
            if days > 0:
                yield measure, _rounded(days), 0.0, f"Worst: all work there is, {days:.4g} person-days. Best: none."
            continue
        most, state = max((amount_of(measure, total) or 0.0, name) for name, total in totals.items())
        if most <= 0:
            most, state = _together(inputs, results.launch, measure), "all side effects stated"
        if most <= 0:
            continue
        worst = _rounded(MARGIN * most)
        where = f"Worst: {MARGIN:g} times the worst there is, {most:.4g} ({state})."
        if measure == "false_refusal":
            worst = min(1.0, worst)
        if measure in ("technical", "cvar95"):
            yield measure, worst, _rounded(BEST_SHARE * most), f"{where} Best: a tenth of it. Judged on a log scale."
        else:
            yield measure, worst, 0.0, f"{where} Best: none."


def _together(inputs: Inputs, launch: Launch, measure: str) -> float:
    """What all side effects stated in a launch come to together, at medians; 0 for what is no side effect.

    It stands in where no state has any yet.
    """
    rows = inputs.rows(SideEffect, launch.id)
    if measure == "false_refusal":
        return 1 - math.prod(1 - row.false_refusal.median for row in rows if row.false_refusal is not None)
    known: dict[str, float] = {
        "latency": sum(row.latency_ms or 0.0 for row in rows),
        "capability": sum(max(0.0, -(row.capability or 0.0)) for row in rows),
        "cost": sum(row.run_cost or 0.0 for row in rows),
    }
    return known.get(measure, 0.0)


def _all_work(inputs: Inputs) -> float:
    """Person-days of the largest variant of every mitigation together, at medians."""
    largest: dict[int, float] = {}
    for variant in inputs.rows(MitigationVariant):
        days = sum(row.days.median for row in inputs.children(Effort, "variant", variant.id))
        largest[variant.mitigation] = max(days, largest.get(variant.mitigation, 0.0))
    return sum(largest.values())


def _rounded(amount: float) -> float:
    """Two significant digits: an assumption is not more exact than that."""
    return float(f"{amount:.2g}")


def _with(inputs: Inputs, rows: list[Criterion]) -> Inputs:
    """The inputs with further criteria."""
    return Inputs({**inputs.tables, Criterion.table: (*inputs.rows(Criterion), *rows)}, inputs.texts, inputs.head)

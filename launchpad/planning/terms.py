"""The objective of a launch: its scenarios' residual risk as terms, its effects as cells, refusals as costs.

Minimise w_T R_T(x) / R_T(0) + w_R Rep(x) / Rep(0) over the scenarios that enter sums; x = 0 is today. Inputs at
their means, overlap b within a family and none between families, attribution as today; what safeguards turn away
in over-refusal scenarios enters by its gradient at today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log, log1p

import numpy as np

from launchpad.planning.objective import LEAST_MISS, Cell, Objective, Slot, Term
from launchpad.scoring.arrays import Floats
from launchpad.scoring.mitigations import (
    DETECTION,
    EXPOSURE,
    PROPENSITY,
    PUBLICITY,
    SEVERITY,
    Overlap,
)
from launchpad.scoring.model import Model
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import Residual, attributions, kept, residual, stage_misses

SHARED_STAGES = (EXPOSURE, PROPENSITY, DETECTION)


@dataclass(frozen=True, slots=True)
class Option:
    """An item that puts a variant on, or (`variant` None) verifies those that are on already.

    `variant` and `verifies` are places on the model's axis of variants; `verified` says whether the variant
    counts with its full credit in a plan.
    """

    item: int
    variant: int | None
    verified: bool = True
    verifies: tuple[int, ...] = ()


@dataclass
class _Built:
    """Cells and credits gathered by scenario and stage."""

    cells: list[Cell] = field(default_factory=list[Cell])
    cells_of: dict[tuple[int, int], list[int]] = field(default_factory=dict[tuple[int, int], list[int]])
    credits_of: dict[tuple[int, int], list[tuple[int, float]]] = field(
        default_factory=dict[tuple[int, int], list[tuple[int, float]]]
    )


def objective_of_launch(
    model: Model, options: Sequence[Option], items: int, watched: Sequence[tuple[int, str]] = ()
) -> tuple[Objective, dict[tuple[int, str], int]]:
    """The objective over `items` items, and the places of terms with `today` 0 that only measure z.

    `watched` names them: the place of a scenario, and `events` or `technical`.
    """
    built = _cells(model, options)
    overlap = Overlap(model.coefficients.overlap_family, 0.0)
    today = residual(model, model.current, overlap)
    terms: list[Term] = []
    costs = np.zeros(items)
    constant = 0.0
    for part in (_technical(model, today), _reputational(model, today)):
        if part.whole <= 0:
            continue
        for index in np.flatnonzero(model.summed):
            term, fixed = part.term(model, built, int(index))
            constant += fixed
            if term is not None:
                terms.append(term)
        costs += _refusals(model, options, items, part)
    place: dict[tuple[int, str], int] = {}
    for index, measure in watched:
        place[index, measure] = len(terms)
        stages = SHARED_STAGES if measure == "events" else (*SHARED_STAGES, SEVERITY)
        terms.append(Term(f"{model.scenarios[index].code} {measure}", 0.0, None, *_reach(built, index, stages)))
    return Objective(tuple(built.cells), tuple(terms), tuple(map(float, costs)), constant), place


def _cells(model: Model, options: Sequence[Option]) -> _Built:
    """One cell for each family at each stage of each scenario; a lone slot is a plain credit."""
    effects = model.effects
    groups: dict[tuple[int, int, int], list[int]] = {}
    for row in range(len(effects.rows)):
        key = int(effects.scenario[row]), int(effects.stage[row]), int(effects.family[row])
        groups.setdefault(key, []).append(row)
    built = _Built()
    shares = model.credit(model.current.verified), model.credit(np.ones(len(model.variants), np.bool_))
    touching = _touching(model, options)
    for (scenario, stage, _), rows in groups.items():
        where = scenario, stage
        slots, worse = _slots(model, touching, rows, shares)
        built.credits_of.setdefault(where, []).extend(worse)
        if len(slots) > 1:
            built.cells_of.setdefault(where, []).append(len(built.cells))
            built.cells.append(Cell(model.coefficients.overlap_family, tuple(slots)))
        elif slots:
            today = slots[0].today
            built.credits_of[where] += [(item, log(today / miss)) for item, miss in slots[0].misses]
    return built


@dataclass
class _Owner:
    """A mitigation in its slots: the variant that is on, and (item, variant it turns on, verified) of each item."""

    on: int | None = None
    options: list[tuple[int, int, bool]] = field(default_factory=list[tuple[int, int, bool]])


def _touching(model: Model, options: Sequence[Option]) -> dict[int, _Owner]:
    """For each mitigation, by its place: what is on, and what the items would turn it into."""
    found: dict[int, _Owner] = {}
    for variant, owner in enumerate(map(int, model.mitigation)):
        made = found.setdefault(owner, _Owner())
        if model.current.active[variant]:
            made.on = variant
    for option in options:
        turned = option.verifies if option.variant is None else (option.variant,)
        for variant in turned:
            found[int(model.mitigation[variant])].options.append((option.item, variant, option.verified))
    return found


def _slots(
    model: Model, touching: Mapping[int, _Owner], rows: Sequence[int], shares: tuple[Floats, Floats]
) -> tuple[list[Slot], list[tuple[int, float]]]:
    """The slots of a family at one stage, and the plain credits of effects that make things worse."""
    row_of = {int(model.effects.variant[row]): row for row in rows}
    slots: list[Slot] = []
    worse: list[tuple[int, float]] = []
    for number in sorted({int(model.mitigation[variant]) for variant in row_of}):
        owner = touching[number]
        today = _miss(model, row_of.get(-1 if owner.on is None else owner.on), shares[0])
        misses: list[tuple[int, float]] = []
        for item, variant, verified in owner.options:
            miss = _miss(model, row_of.get(variant), shares[1] if verified else shares[0])
            if miss[0] != today[0]:
                misses.append((item, miss[0]))
            if miss[1] != today[1]:
                worse.append((item, log(today[1] / miss[1])))
        slots.append(Slot(today[0], tuple(misses)))
    alone = [slot for slot in slots if slot.misses or slot.today < 1]
    return (alone if any(slot.misses for slot in slots) else []), worse


def _miss(model: Model, row: int | None, credit: Floats) -> tuple[float, float]:
    """What gets past an effect inside its family's rule, and the factor outside it by which it makes things worse."""
    if row is None:
        return 1.0, 1.0
    efficacy = float(model.effects.efficacy[row] * credit[row])
    return max(1 - min(max(efficacy, 0.0), 1.0), LEAST_MISS), 1 - min(efficacy, 0.0)


def _reach(
    built: _Built, scenario: int, stages: Sequence[int]
) -> tuple[tuple[int, ...], tuple[tuple[int, float], ...]]:
    cells = [cell for stage in stages for cell in built.cells_of.get((scenario, stage), ())]
    total: dict[int, float] = {}
    for stage in stages:
        for item, credit in built.credits_of.get((scenario, stage), ()):
            total[item] = total.get(item, 0.0) + credit
    return tuple(cells), tuple((item, credit) for item, credit in sorted(total.items()) if credit)


@dataclass(frozen=True)
class _Part:
    """One of the two risks: today's rate of each scenario (S,), and what a unit of it weighs.

    Technical (`visible` None): weight x rate. Reputational: weight x ln(1 + visible x rate).
    `own` (S,) is the share of today's rate that mitigations act on, the rest is what safeguards turn away.
    """

    name: str
    stages: tuple[int, ...]
    weight: Floats
    visible: Floats | None
    rate: Floats
    own: Floats
    whole: float

    def term(self, model: Model, built: _Built, index: int) -> tuple[Term | None, float]:
        """The term of a scenario, and what of it no mitigation acts on."""
        cells, own_credits = _reach(built, index, self.stages)
        code = f"{model.scenarios[index].code} {self.name}"
        weight = float(self.weight[index]) / self.whole
        own, rest = float(self.own[index]), float(self.rate[index] - self.own[index])
        if self.visible is None:
            term = Term(code, weight * own, None, cells, own_credits) if weight * own > 0 else None
            return term, weight * rest
        visible = float(self.visible[index])
        rest = max(rest, -0.5 / visible) if visible > 0 else 0.0
        nu = visible * own / (1 + visible * rest)
        fixed = weight * log1p(visible * rest)
        term = Term(code, weight * log1p(nu), nu, cells, own_credits) if weight * nu > 0 else None
        return term, fixed


def _technical(model: Model, today: Residual) -> _Part:
    left = stage_misses(
        model, model.current.active, model.current.verified, Overlap(model.coefficients.overlap_family, 0.0)
    )
    unit = today.chances * model.realised * model.net_new * model.harm * left[:, SEVERITY]
    whole = float(today.technical[model.summed].sum())
    share = model.weights[0] if whole > 0 else 0.0
    return _Part("technical", (*SHARED_STAGES, SEVERITY), share * unit, None, today.rate, _own(model, today), whole)


def _reputational(model: Model, today: Residual) -> _Part:
    left = stage_misses(
        model, model.current.active, model.current.verified, Overlap(model.coefficients.overlap_family, 0.0)
    )
    impact = model.impact * blame(attributions(model, model.current), model.coefficients)
    visible = today.chances * model.visible * left[:, PUBLICITY]
    whole = float((impact * np.log1p(today.visible))[model.summed].sum())
    share = model.weights[1] if whole > 0 else 0.0
    return _Part(
        "reputational",
        (*SHARED_STAGES, PUBLICITY),
        share * impact,
        visible,
        today.rate,
        _own(model, today),
        whole,
    )


def _own(model: Model, today: Residual) -> Floats:
    """(S,) the part of today's rate that acts through the model: all of it but in over-refusal scenarios."""
    return np.where(model.over_refusal, kept(model, model.current.active) * today.own, today.rate)


def _refusals(model: Model, options: Sequence[Option], items: int, part: _Part) -> Floats:
    """(items,) the cost of what each item turns away: the gradient of the part at today."""
    costs = np.zeros(items)
    scenarios = np.flatnonzero(model.over_refusal & model.summed)
    slope = part.weight[scenarios] / part.whole
    if part.visible is not None:
        visible = part.visible[scenarios]
        slope = slope * visible / (1 + visible * part.rate[scenarios])
    answered = 1 - part.rate[scenarios]
    for option in options:
        if option.variant is None:
            continue
        same = model.mitigation == model.mitigation[option.variant]
        replaced = np.flatnonzero(same & model.current.active)
        left = 1 - model.side.turned_away[option.variant, scenarios]
        before = np.prod(1 - model.side.turned_away[np.ix_(replaced, scenarios)], axis=0)
        costs[option.item] += float(slope @ (answered * (1 - left / np.maximum(before, LEAST_MISS))))
    return costs

"""Which items and when, decided together in OR-Tools CP-SAT, with the objective bounded by cuts.

Every number in the model is whole: values count in units of 1e-7 of the objective, z in units of 5e-5. All rounding
makes the model more hopeful than the truth, never less, so that its bound holds for the objective itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil, floor, inf

from ortools.sat.python import cp_model

from launchpad.planning.cuts import (
    CellCut,
    ItemCut,
    Tangent,
    cuts_at,
    first_cell_cuts,
    first_tangents,
)
from launchpad.planning.energy import EnergyRow
from launchpad.planning.problem import Floor, Limit, Problem
from launchpad.planning.schedule import CalendarModel, calendar_model, hint, read
from launchpad.planning.serial import Schedule
from launchpad.planning.watch import Watch

UNIT = 10_000_000
DEPTH = 20_000
TOLERANCE = 5e-3
GAP = 1e-5
SMALL = 24
_STEEP = 1 << 20
_FINE = 1_000_000
_MARGIN = 60
_SLACK = 1e-5


@dataclass(frozen=True, slots=True)
class Found:
    """The best calendar so far with its objective, and what no plan can go below; the calendar None when none is."""

    schedule: Schedule | None
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the objective may lie above the best, as a share of it."""
        return 0.0 if self.value <= 0 else max(0.0, (self.value - self.bound) / self.value)


@dataclass(frozen=True, slots=True)
class JointModel:
    """The calendar model with the rules of selection; `credits`, `depths` (z) and `values` belong to the objective."""

    calendar: CalendarModel
    credits: tuple[cp_model.IntVar, ...]
    depths: tuple[cp_model.IntVar, ...]
    values: tuple[cp_model.IntVar, ...]


def joint_model(problem: Problem, only: frozenset[int] | None = None) -> JointModel:
    """The model of selection and calendar together, with the cuts to begin with, and no objective yet.

    Given `only`, other items cannot be chosen.
    """
    calendar = calendar_model(problem, only)
    model, objective = calendar.model, problem.objective
    offs = [
        model.new_int_var(floor(reach.low * DEPTH), ceil(reach.high * DEPTH) + 1, "") for reach in objective.cell_ranges
    ]
    depths: list[cp_model.IntVar] = []
    values: list[cp_model.IntVar] = []
    for number, term in enumerate(objective.terms):
        reach = objective.term_ranges[number]
        low, high = floor(reach.low * DEPTH) - _MARGIN, ceil(reach.high * DEPTH) + _margin(problem, number)
        depths.append(model.new_int_var(low, high, ""))
        values.append(model.new_int_var(0, ceil(term.value(reach.low) * UNIT) + 1, ""))
        own = [ceil(credit * DEPTH) * calendar.chosen[item] for item, credit in term.credits]
        model.add(depths[-1] == sum(offs[cell] for cell in term.cells) + sum(own))
    made = JointModel(calendar, tuple(offs), tuple(depths), tuple(values))
    _add_rules(problem, calendar)
    add_cuts(problem, made, first_cell_cuts(objective), first_tangents(objective, TOLERANCE))
    return made


def _margin(problem: Problem, term: int) -> int:
    """How far rounding up can lift z above its range."""
    return len(problem.objective.terms[term].cells) * 2 + len(problem.objective.terms[term].credits) + 1


def _add_rules(problem: Problem, made: CalendarModel) -> None:
    model, chosen = made.model, made.chosen
    for rule in problem.at_most_one:
        model.add_at_most_one(chosen[item] for item in rule.items)
    for need in problem.needs:
        model.add_bool_or([chosen[need.item].negated(), *(chosen[other] for other in need.one_of)])


def add_limits(problem: Problem, made: JointModel, limits: Iterable[Limit], floors: Iterable[Floor]) -> None:
    """Keep the musts, what is wanted, and these limits and floors."""
    model, chosen = made.calendar.model, made.calendar.chosen
    for rule in (*problem.musts, *problem.wanted):
        model.add_bool_or([chosen[item] for item in rule.items])
    for limit in limits:
        weights, room = whole_limit(limit)
        model.add(sum(weight * chosen[item] for item, weight in weights) <= room)
    for each in floors:
        model.add(made.depths[each.term] >= floor(each.least * DEPTH))


def whole_limit(limit: Limit) -> tuple[list[tuple[int, int]], int]:
    """A limit in whole numbers, rounded to its hopeful side by less than a millionth of its largest number."""
    scale = _FINE / max([abs(limit.room), *(abs(weight) for _, weight in limit.weights), 1e-12])
    return [(item, floor(weight * scale)) for item, weight in limit.weights], ceil(limit.room * scale)


def add_cuts(problem: Problem, made: JointModel, cells: Iterable[CellCut], tangents: Iterable[Tangent]) -> None:
    """Add bounds on the credits of cells and on the values of terms."""
    model, chosen = made.calendar.model, made.calendar.chosen
    for cut in cells:
        weights = [ceil(weight * DEPTH) * chosen[item] for item, weight in cut.weights if weight]
        model.add(made.credits[cut.cell] - sum(weights) <= ceil(cut.constant * DEPTH))
    for line in tangents:
        reach = problem.objective.term_ranges[line.term]
        steep = -line.slope * UNIT / DEPTH
        scale = max(1, min(_STEEP, floor(_STEEP / max(steep, 1.0))))
        weight = round(steep * scale)
        off = weight - steep * scale
        least, most = reach.low * DEPTH - _MARGIN, reach.high * DEPTH + _margin(problem, line.term)
        room = scale * UNIT * line.constant + min(off * least, off * most)
        model.add(scale * made.values[line.term] + weight * made.depths[line.term] >= floor(room) - scale)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the portfolio model learnt, and the items a search may use (None: all of them)."""

    rows: tuple[EnergyRow, ...] = ()
    tangents: tuple[Tangent, ...] = ()
    facets: tuple[ItemCut, ...] = ()
    only: frozenset[int] | None = None


def improve(problem: Problem, start: Found, learnt: Learnt, watch: Watch, seconds: float, seed: int) -> Found:
    """The best plan found within the seconds, and the best bound: search, cut where the answer lies, search again.

    A plan that is proven best to 1e-5 ends it early, as does a proof that there is none (the bound is then
    infinite). A search among some items only leaves the bound as it was.
    """
    made = joint_model(problem, learnt.only)
    _add_energy(made, learnt.rows)
    add_cuts(problem, made, (), learnt.tangents)
    _add_facets(made, learnt.facets)
    add_limits(problem, made, problem.limits, problem.floors)
    objective = _objective(problem, made)
    made.calendar.model.minimize(objective)
    best, until = start, watch.elapsed + min(seconds, watch.left)
    cut: set[frozenset[int]] = set()
    while watch.elapsed < until and not watch.stopped:
        made.calendar.model.add(objective >= _whole_bound(problem, best.bound))
        if best.schedule is not None:
            hint(made.calendar, best.schedule)
        heard = _Heard(problem, made, best, watch, whole=learnt.only is None)
        answer = _search(problem, made, heard, watch, until - watch.elapsed, seed)
        best = heard.best
        if answer is None or answer in cut or best.gap <= GAP:
            break
        add_cuts(problem, made, *cuts_at(problem.objective, answer))
        cut.add(answer)
    return best


def _add_energy(made: JointModel, rows: Iterable[EnergyRow]) -> None:
    """Rows that every calendar keeps: CP-SAT would find them too, but late."""
    for row in rows:
        weights = [floor(10 * weight) * made.calendar.chosen[item] for item, weight in row.weights]
        made.calendar.model.add(sum(weights) <= ceil(10 * row.room))


def _add_facets(made: JointModel, facets: Iterable[ItemCut]) -> None:
    """Bounds on the values of terms by whole items, which hold far more tightly than tangents do."""
    for facet in facets:
        weights = [floor(weight * UNIT) * made.calendar.chosen[item] for item, weight in facet.weights]
        made.calendar.model.add(made.values[facet.term] >= floor(facet.constant * UNIT) + sum(weights))


class _Heard(cp_model.CpSolverSolutionCallback):
    """Keeps the best calendar the solver came by, by its true objective, and the best bound.

    A search that is not of the whole problem proves nothing about it: its bounds are passed over.
    """

    def __init__(self, problem: Problem, made: JointModel, best: Found, watch: Watch, *, whole: bool) -> None:
        super().__init__()
        self.problem, self.made, self.best, self.watch, self.whole = problem, made, best, watch, whole

    def on_solution_callback(self) -> None:
        """Called by the solver for each better answer."""
        schedule = read(self.made.calendar, self.value)
        value = self.problem.objective.value(schedule)
        if value < self.best.value and kept(self.problem, schedule):
            self.best = Found(schedule, value, min(self.best.bound, value))
            self._say()

    def bound(self, bound: float) -> None:
        """Called by the solver for each better bound."""
        true = true_bound(self.problem, bound)
        if self.whole and true > self.best.bound:
            self.best = replace(self.best, bound=min(true, self.best.value))
            self._say()

    def _say(self) -> None:
        self.watch.words = progress_words(self.best)


def _search(
    problem: Problem, made: JointModel, heard: _Heard, watch: Watch, seconds: float, seed: int
) -> frozenset[int] | None:
    """The selection one search ended with; None when another search would find nothing new."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    # One thread gives the same answer each time; large problems need two kinds of search at once.
    solver.parameters.num_workers = 1 if len(problem.items) <= SMALL else 2
    solver.parameters.catch_sigint_signal = False  # or Ctrl-C is no longer ours afterwards
    solver.parameters.random_seed = seed
    solver.parameters.relative_gap_limit = GAP / 2
    solver.best_bound_callback = heard.bound
    status = watch.run(lambda: solver.solve(made.calendar.model, heard), solver.stop_search)
    if status == cp_model.INFEASIBLE and heard.whole:
        heard.best = replace(heard.best, bound=heard.best.value)
    if status != cp_model.OPTIMAL:
        return None
    heard.bound(solver.best_objective_bound)
    return frozenset(item for item, chosen in enumerate(made.calendar.chosen) if solver.value(chosen))


def progress_words(best: Found) -> str:
    """How far a search is, in a few words."""
    if best.schedule is None:
        return "No plan yet"
    told = f"Best so far {best.value:.1%} of today's risk"
    return told if best.bound == -inf else f"{told}, at most {best.gap:.1%} above the best there is"


def kept(problem: Problem, items: Iterable[int]) -> bool:
    """Whether a selection keeps the limits and floors by their true values."""
    chosen = frozenset(items)
    for limit in problem.limits:
        total = sum(weight for item, weight in limit.weights if item in chosen)
        if total > limit.room + _SLACK * max(abs(limit.room), limit.unit):
            return False
    if not problem.floors:
        return True
    depths = problem.objective.depths(chosen)
    return all(depths[each.term] >= each.least - (_margin(problem, each.term) + 1) / DEPTH for each in problem.floors)


def _objective(problem: Problem, made: JointModel) -> cp_model.LinearExpr:
    """The objective in whole units, without its constant; a person-day counts one, so that ties go to less work."""
    costs = [
        (floor(UNIT * cost) + round(item.days)) * chosen
        for cost, item, chosen in zip(problem.objective.costs, problem.items, made.calendar.chosen, strict=True)
    ]
    return cp_model.LinearExpr.sum([*made.values, *costs])


def true_bound(problem: Problem, bound: float) -> float:
    """What a bound in whole units says about the objective: less what the person-days could have added to it."""
    capacity = sum(sum(calendar.free) for calendar in problem.calendars) / 100
    days = min(sum(round(item.days) for item in problem.items), capacity + len(problem.items))
    return (bound - days) / UNIT + problem.objective.constant


def _whole_bound(problem: Problem, bound: float) -> int:
    """A bound on the objective in whole units, less what rounding down could have taken off it."""
    if bound == -inf:
        return -(1 << 50)
    loose = len(problem.objective.terms) + len(problem.items) + 2
    return floor((bound - problem.objective.constant) * UNIT) - loose

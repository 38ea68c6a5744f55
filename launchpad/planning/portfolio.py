"""Which items, when only each team's total time counts: a selection by HiGHS, and a bound no calendar can beat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from launchpad.planning.cuts import (
    CellCut,
    Tangent,
    cell_range,
    cuts_at,
    first_cell_cuts,
    first_tangents,
    term_range,
)
from launchpad.planning.problem import Problem
from launchpad.planning.energy import energies
from launchpad.planning.watch import Watch

if TYPE_CHECKING:
    import highspy

ROUNDS = 6
LP_ROUNDS = 30
GAP = 1e-4
_INFINITY = float("inf")


@dataclass
class Rows:
    """Linear rows lower <= sum of weights <= upper, gathered before they go to a solver."""

    lower: list[float] = field(default_factory=list[float])
    upper: list[float] = field(default_factory=list[float])
    starts: list[int] = field(default_factory=list[int])
    columns: list[int] = field(default_factory=list[int])
    weights: list[float] = field(default_factory=list[float])

    def add(self, weights: Iterable[tuple[int, float]], *, lower: float = -_INFINITY, upper: float = _INFINITY) -> None:
        """Add one row."""
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)
        for column, weight in weights:
            self.columns.append(column)
            self.weights.append(weight)


@dataclass(frozen=True, slots=True)
class Choice:
    """A selection: the items, their objective, and what no selection can go below."""

    items: frozenset[int]
    value: float
    bound: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each kind of variable stands in the solver: items, credits of cells, z and value of terms."""

    items: int
    cells: int
    terms: int

    def credit(self, cell: int) -> int:
        """The column of a cell's credit."""
        return self.items + cell

    def z(self, term: int) -> int:
        """The column of a term's z."""
        return self.items + self.cells + term

    def value(self, term: int) -> int:
        """The column of a term's value."""
        return self.items + self.cells + self.terms + term

    @property
    def count(self) -> int:
        """How many columns there are."""
        return self.items + self.cells + 2 * self.terms


def select(problem: Problem, watch: Watch, seconds: float, hint: Iterable[int] = ()) -> Choice | None:
    """The best selection that fits each team's total time, and the bound; None when none is feasible in time.

    Tangents and family cuts are added where each answer lies until the answer's own value is within GAP of
    the bound, or `seconds` are over.
    """
    until = watch.elapsed + min(seconds, watch.left)
    master = _Master(problem)
    master.place_cuts(watch, until)
    best: Choice | None = None
    bound = -_INFINITY
    start = frozenset(hint)
    for _ in range(ROUNDS):
        answer = master.solve(watch, max(0.0, until - watch.elapsed), start)
        bound = max(bound, answer.bound)
        if answer.items is None:
            break
        value = problem.objective.value(answer.items)
        print("round",answer.bound,value,watch.elapsed,len(master.energy_rows))
        if best is None or value < best.value:
            best = Choice(answer.items, value, bound)
        if best.value - bound <= GAP * abs(best.value) or watch.elapsed >= until:
            break
        master.cut_at(answer.items)
        start = best.items
    global LAST; LAST=master
    return None if best is None else Choice(best.items, best.value, min(bound, best.value))


@dataclass(frozen=True, slots=True)
class _Answer:
    items: frozenset[int] | None
    bound: float


class _Master:
    """The mixed-integer model in HiGHS, growing by cuts."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.energy_rows = []
        objective = problem.objective
        self.columns = Columns(len(problem.items), len(objective.cells), len(objective.terms))
        self.solver = _model(problem, self.columns)
        rows = Rows()
        selection_rows(problem, self.columns, rows)
        self._append(rows)
        self._cut(first_cell_cuts(objective), first_tangents(objective, 0.05))
        self.energies = energies(problem)

    def place_cuts(self, watch: Watch, until: float) -> None:
        """Add tangents where the relaxed answers lie: a few cheap rounds before the first search."""
        self._whole(whole=False)
        for _ in range(LP_ROUNDS):
            if watch.elapsed >= until:
                break
            self.solver.setOptionValue("time_limit", self._clock() + max(0.1, until - watch.elapsed))
            watch.run(self.solver.run, self.solver.cancelSolve)
            values = np.asarray(self.solver.getSolution().col_value)
            if len(values) == 0 or not self._cut_relaxed(values):
                break
        self._whole(whole=True)

    def solve(self, watch: Watch, seconds: float, start: frozenset[int]) -> _Answer:
        """The best selection of the model as it stands, and its bound."""
        import highspy

        self.solver.setOptionValue("time_limit", self._clock() + seconds)
        if start:
            places = np.arange(self.columns.items, dtype=np.int32)
            self.solver.setSolution(len(places), places, np.array([float(i in start) for i in places]))
        watch.run(self.solver.run, self.solver.cancelSolve)
        info = self.solver.getInfo()
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return _Answer(None, _INFINITY)
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return _Answer(None, bound)
        values = np.asarray(self.solver.getSolution().col_value)[: self.columns.items]
        return _Answer(frozenset(int(item) for item in np.flatnonzero(values > 0.5)), bound)

    def cut_at(self, items: Iterable[int]) -> None:
        """Make the model exact at a selection."""
        self._cut(*cuts_at(self.problem.objective, items))
        values=np.zeros(self.columns.items); values[list(items)]=1
        return self._cut_energy(values)

    def _clock(self) -> float:
        # HiGHS counts its time limit over all runs of one model.
        return float(self.solver.getRunTime())

    def _whole(self, *, whole: bool) -> None:
        import highspy

        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        for item in range(self.columns.items):
            self.solver.changeColIntegrality(item, kind)

    def _cut_relaxed(self, values: np.ndarray) -> bool:
        """Whether some tangent at the relaxed answer cuts it off."""
        from launchpad.planning.cuts import tangent

        found: list[Tangent] = []
        for number, term in enumerate(self.problem.objective.terms):
            z, value = values[self.columns.z(number)], values[self.columns.value(number)]
            if term.value(z) - value > 1e-5 * max(term.today, 1e-3):
                found.append(tangent(number, term, float(z)))
        self._cut((), found)
        return self._cut_energy(values) or bool(found)

    def _cut_energy(self, values: np.ndarray) -> bool:
        rows = Rows()
        for team in self.energies:
            for row in team.violated(values[: self.columns.items], 8):
                rows.add(row.weights, upper=row.room)
                self.energy_rows.append(row)
        self._append(rows)
        return bool(rows.starts)

    def _cut(self, cells: Iterable[CellCut], tangents: Iterable[Tangent]) -> None:
        rows = Rows()
        for cut in cells:
            weights = [(item, -weight) for item, weight in cut.weights if weight]
            rows.add([(self.columns.credit(cut.cell), 1.0), *weights], upper=cut.constant)
        for line in tangents:
            weights = [(self.columns.value(line.term), 1.0), (self.columns.z(line.term), -line.slope)]
            rows.add(weights, lower=line.constant)
        self._append(rows)

    def _append(self, rows: Rows) -> None:
        if rows.starts:
            self.solver.addRows(
                len(rows.starts),
                np.array(rows.lower),
                np.array(rows.upper),
                len(rows.columns),
                np.array(rows.starts, dtype=np.int32),
                np.array(rows.columns, dtype=np.int32),
                np.array(rows.weights),
            )


def _model(problem: Problem, columns: Columns) -> "highspy.Highs":
    import highspy

    objective = problem.objective
    lower, upper, cost = np.zeros(columns.count), np.ones(columns.count), np.zeros(columns.count)
    cost[: columns.items] = objective.costs
    for number, cell in enumerate(objective.cells):
        reach = cell_range(cell)
        lower[columns.credit(number)], upper[columns.credit(number)] = reach.low - 1e-6, reach.high + 1e-6
    for number, term in enumerate(objective.terms):
        reach = term_range(objective, number)
        lower[columns.z(number)], upper[columns.z(number)] = reach.low - 1e-6, reach.high + 1e-6
        upper[columns.value(number)] = max(term.value(reach.low), term.today) + 1e-6
        cost[columns.value(number)] = 1.0
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("random_seed", 1)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", GAP / 2)
    solver.HandleUserInterrupt = True
    solver.addVars(columns.count, lower, upper)
    solver.changeColsCost(columns.count, np.arange(columns.count, dtype=np.int32), cost)
    return solver


def selection_rows(problem: Problem, columns: Columns, rows: Rows) -> None:
    """The rules between items, what z is made of, and each team's total time, as linear rows."""
    for rule in problem.at_most_one:
        rows.add([(item, 1.0) for item in rule.items], upper=1.0)
    for need in problem.needs:
        rows.add([(need.item, 1.0), *((other, -1.0) for other in need.one_of)], upper=0.0)
    for rule in (*problem.musts, *problem.wanted):
        rows.add([(item, 1.0) for item in rule.items], lower=1.0)
    for rule in problem.nevers:
        rows.add([(item, 1.0) for item in rule.items], upper=0.0)
    for limit in problem.limits:
        rows.add(limit.weights, upper=limit.room)
    for number, term in enumerate(problem.objective.terms):
        parts = [(columns.credit(cell), -1.0) for cell in term.cells]
        parts += [(item, -credit) for item, credit in term.credits]
        rows.add([(columns.z(number), 1.0), *parts], upper=0.0)
    for floor in problem.floors:
        rows.add([(columns.z(floor.term), 1.0)], lower=floor.least)
    for team in range(len(problem.calendars)):
        _time_rows(problem, team, rows)


def _time_rows(problem: Problem, team: int, rows: Rows) -> None:
    """What must lie in a window takes no more than the team has free in it, for each window that ends or begins so."""
    works = [
        (item, work)
        for item, each in enumerate(problem.items)
        for work in each.works
        if any(used == team for shape in work.shapes for used, _ in shape.demands)
    ]
    free = problem.calendars[team].free
    firsts = {0, *(work.first for _, work in works)}
    lasts = {len(free), *(work.last for _, work in works)}
    for first, last in {(0, last) for last in lasts} | {(first, len(free)) for first in firsts}:
        inside = [(item, work) for item, work in works if work.first >= first and work.last <= last]
        energy = [(item, float(_energy(work.shapes, team))) for item, work in inside]
        if energy:
            rows.add(energy, upper=float(sum(free[first:last])))


def _energy(shapes: Sequence[object], team: int) -> int:
    return min((shape.size * dict(shape.demands).get(team, 0) for shape in shapes), default=0)  # type: ignore[attr-defined]

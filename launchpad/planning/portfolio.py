"""Which items, when only each team's total time counts: a selection by HiGHS, and a bound no calendar can beat."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from launchpad.planning.cuts import (
    CellCut,
    ItemCut,
    Tangent,
    cuts_at,
    first_cell_cuts,
    first_tangents,
    tangent,
)
from launchpad.planning.energy import EnergyRow, energies, works_of
from launchpad.planning.envelope import cut_below, envelopes
from launchpad.planning.problem import Problem
from launchpad.planning.quiet import Quiet
from launchpad.planning.watch import Watch

Floats = NDArray[np.float64]
ROUNDS = 8
RELAXED_ROUNDS = 30
RELAXED_STEP = 1e-5
ROWS_AT_ONCE = 8
GAP = 1e-4
ROUGH = 2e-3
VIOLATED = 1e-5
LEAST_TERM = 1e-3
FIRST_TOLERANCE = 0.05
ENVELOPED_TOLERANCE = 5.0
"""Terms with an envelope need tangents only where an answer lies."""
_INFINITY = float("inf")
_EDGE = 1e-6
_ROOM = 1e-4
"""Room about the range of a column: well above the solver's tolerance of 1e-6.

At that tolerance its presolve takes such a range for its end and cuts off the best selections (HiGHS 1.16).
"""


@dataclass
class Rows:
    """Linear rows lower <= sum of weights <= upper, gathered before they go to the solver."""

    lower: list[float] = field(default_factory=list[float])
    upper: list[float] = field(default_factory=list[float])
    starts: list[int] = field(default_factory=list[int])
    columns: list[int] = field(default_factory=list[int])
    weights: list[float] = field(default_factory=list[float])

    def add(
        self,
        weights: Iterable[tuple[int, float]],
        *,
        lower: float = -_INFINITY,
        upper: float = _INFINITY,
    ) -> None:
        """Add one row."""
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)
        for column, weight in weights:
            self.columns.append(column)
            self.weights.append(weight)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the portfolio model came to.

    `items` is the best selection with its `value`, None when none was found; `bound` holds for every selection and
    is infinite when none is feasible. `rows`, `tangents` and `facets` are what the model learnt on the way.
    """

    items: frozenset[int] | None
    value: float
    bound: float
    rows: tuple[EnergyRow, ...]
    tangents: tuple[Tangent, ...]
    facets: tuple[ItemCut, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    items: frozenset[int] | None
    bound: float


def select(problem: Problem, watch: Watch, seconds: float, hint: Iterable[int] = (), gap: float = GAP) -> Choice:
    """The best selection that fits each team's total time in every window, and the bound.

    Tangents, family cuts and energy rows are added where each answer lies until the answer's own value is within
    `gap` of the bound, or `seconds` are over.
    """
    until = watch.elapsed + min(seconds, watch.left)
    master = _Master(problem)
    master.relax(watch, until)
    best: frozenset[int] | None = None
    value, bound = _INFINITY, -_INFINITY
    start = frozenset(hint)
    for number in range(ROUNDS):
        master.aim(max(ROUGH, gap / 2) if number == 0 else gap / 2)
        answer = master.solve(watch, max(0.0, until - watch.elapsed), start)
        bound = max(bound, answer.bound)
        if answer.items is None:
            break
        broken = master.cut_at(answer.items)
        if not broken and problem.objective.value(answer.items) < value:
            best, value = answer.items, problem.objective.value(answer.items)
        near = best is not None and value - bound <= gap * max(abs(value), _EDGE)
        if near or watch.elapsed >= until or watch.stopped:
            break
        start = best or answer.items
    return Choice(best, value, min(bound, value), tuple(master.rows), tuple(master.tangents), tuple(master.facets))


class _Master:
    """The mixed-integer model in HiGHS, growing by cuts; columns are items, credits, z and values of terms."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rows: list[EnergyRow] = []
        self.tangents: list[Tangent] = []
        self.facets: list[ItemCut] = []
        self.envelopes = envelopes(problem)
        self.items = len(problem.items)
        self.credits = self.items
        self.depths = self.credits + len(problem.objective.cells)
        self.values = self.depths + len(problem.objective.terms)
        self.count = self.values + len(problem.objective.terms)
        self.energies = energies(problem)
        self.solver = self._model()
        self._append(self._selection())
        self._cut(first_cell_cuts(problem.objective), self._first_tangents())

    def relax(self, watch: Watch, until: float) -> None:
        """Add tangents and rows where the relaxed answers lie: cheap rounds before the first search."""
        self._integrality(highspy.HighsVarType.kContinuous)
        before = -_INFINITY
        for _ in range(RELAXED_ROUNDS):
            if watch.elapsed >= until or watch.stopped:
                break
            self._run(watch, max(0.1, until - watch.elapsed))
            found = float(self.solver.getInfo().objective_function_value)
            optimal = self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
            if not optimal or found - before <= RELAXED_STEP * max(abs(found), _EDGE):
                break
            before = found
            if not self._cut_relaxed(np.asarray(self.solver.getSolution().col_value), watch, until):
                break
        self._integrality(highspy.HighsVarType.kInteger)

    def aim(self, gap: float) -> None:
        """Say how near to the best of the model as it stands the next answers have to be."""
        self.solver.setOptionValue("mip_rel_gap", gap)

    def solve(self, watch: Watch, seconds: float, start: frozenset[int]) -> _Answer:
        """The best selection of the model as it stands, and its bound."""
        if start:
            places = np.arange(self.items, dtype=np.int32)
            self.solver.setSolution(self.items, places, np.array([float(item in start) for item in places]))
        self._run(watch, seconds)
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return _Answer(None, _INFINITY)
        info = self.solver.getInfo()
        bound = float(info.mip_dual_bound) + self.problem.objective.constant
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible.value:
            return _Answer(None, bound)
        chosen = np.asarray(self.solver.getSolution().col_value)[: self.items] > 0.5
        return _Answer(frozenset(map(int, np.flatnonzero(chosen))), bound)

    def cut_at(self, items: frozenset[int]) -> bool:
        """Make the model exact at a selection; whether the selection breaks an energy row not yet in it."""
        self._cut(*cuts_at(self.problem.objective, items))
        values = np.zeros(self.items)
        values[list(items)] = 1.0
        return self._cut_energy(values)

    def _run(self, watch: Watch, seconds: float) -> None:
        # HiGHS counts its limit over all runs of one model.
        self.solver.setOptionValue("time_limit", float(self.solver.getRunTime()) + seconds)
        watch.run(self.solver.run, self.solver.cancelSolve)

    def _integrality(self, kind: highspy.HighsVarType) -> None:
        places = np.arange(self.items, dtype=np.int32)
        self.solver.changeColsIntegrality(self.items, places, np.full(self.items, kind.value, dtype=np.uint8))

    def _first_tangents(self) -> Iterator[Tangent]:
        for line in first_tangents(self.problem.objective, FIRST_TOLERANCE):
            if line.term not in self.envelopes:
                yield line
        for line in first_tangents(self.problem.objective, ENVELOPED_TOLERANCE):
            if line.term in self.envelopes:
                yield line

    def _cut_relaxed(self, values: Floats, watch: Watch, until: float) -> bool:
        """Whether some facet, tangent or energy row cuts the relaxed answer off."""
        lines: list[Tangent] = []
        facets: list[ItemCut] = []
        fractions = values[: self.items].tolist()
        for number, term in enumerate(self.problem.objective.terms):
            if watch.elapsed >= until or watch.stopped:
                break
            said = float(values[self.values + number]) + VIOLATED * max(term.today, LEAST_TERM)
            z = float(values[self.depths + number])
            if number not in self.envelopes:
                lines += [tangent(number, term, z)] if term.value(z) > said else []
                continue
            facet = cut_below(self.envelopes[number], fractions)
            if facet is not None and facet.at(fractions) > said:
                facets.append(facet)
        self._cut((), lines)
        self._cut_facets(facets)
        return self._cut_energy(values[: self.items]) or bool(lines) or bool(facets)

    def _cut_facets(self, facets: Iterable[ItemCut]) -> None:
        rows = Rows()
        for facet in facets:
            weights = [(item, -weight) for item, weight in facet.weights]
            rows.add([(self.values + facet.term, 1.0), *weights], lower=facet.constant)
            self.facets.append(facet)
        self._append(rows)

    def _cut_energy(self, values: Floats) -> bool:
        found = [row for team in self.energies for row in team.broken(values, ROWS_AT_ONCE)]
        rows = Rows()
        for row in found:
            rows.add(row.weights, upper=row.room)
        self.rows += found
        self._append(rows)
        return bool(found)

    def _cut(self, cells: Iterable[CellCut], tangents: Iterable[Tangent]) -> None:
        rows = Rows()
        for cut in cells:
            weights = [(item, -weight) for item, weight in cut.weights if weight]
            rows.add([(self.credits + cut.cell, 1.0), *weights], upper=cut.constant)
        for line in tangents:
            rows.add([(self.values + line.term, 1.0), (self.depths + line.term, -line.slope)], lower=line.constant)
            self.tangents.append(line)
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

    def _model(self) -> highspy.Highs:
        objective = self.problem.objective
        lower, upper, cost = np.zeros(self.count), np.ones(self.count), np.zeros(self.count)
        cost[: self.items] = objective.costs
        for number, reach in enumerate(objective.cell_ranges):
            lower[self.credits + number], upper[self.credits + number] = reach.low - _ROOM, reach.high + _ROOM
        for number, term in enumerate(objective.terms):
            reach = objective.term_ranges[number]
            lower[self.depths + number], upper[self.depths + number] = reach.low - _ROOM, reach.high + _ROOM
            upper[self.values + number] = max(term.value(reach.low), term.today) + _ROOM
            cost[self.values + number] = 1.0
        solver = Quiet()
        solver.setOptionValue("random_seed", 1)
        solver.setOptionValue("threads", 1)
        # Strong branching would take half of the time and save less.
        solver.setOptionValue("mip_pscost_minreliable", 1)
        # At its own tolerance of 1e-6 presolve has called models infeasible that hold a selection (HiGHS 1.16).
        solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
        solver.HandleUserInterrupt = True
        solver.addVars(self.count, lower, upper)
        solver.changeColsCost(self.count, np.arange(self.count, dtype=np.int32), cost)
        return solver

    def _selection(self) -> Rows:
        """The rules between items, what z is made of, and each team's total time, as linear rows."""
        problem, rows = self.problem, Rows()
        for rule in problem.at_most_one:
            rows.add([(item, 1.0) for item in rule.items], upper=1.0)
        for need in problem.needs:
            rows.add([(need.item, 1.0), *((other, -1.0) for other in need.one_of)], upper=0.0)
        for rule in (*problem.musts, *problem.wanted):
            rows.add([(item, 1.0) for item in rule.items], lower=1.0)
        for limit in problem.limits:
            rows.add(limit.weights, upper=limit.room)
        for number, term in enumerate(problem.objective.terms):
            parts = [(self.credits + cell, -1.0) for cell in term.cells]
            parts += [(item, -credit) for item, credit in term.credits]
            rows.add([(self.depths + number, 1.0), *parts], upper=0.0)
        for floor in problem.floors:
            rows.add([(self.depths + floor.term, 1.0)], lower=floor.least)
        for team, calendar in enumerate(problem.calendars):
            energy = [(item, float(work.energy_of(team))) for item, work in works_of(problem, team)]
            if energy:
                rows.add(energy, upper=float(sum(calendar.free)))
        return rows

"""Linear bounds on the objective: exact at the point they are made for, never above it anywhere else.

Two facts carry them. A convex curve lies above its tangents (Kelley 1960). The credit of a family is submodular in
its slots: with f the credit, T a choice and N the best every slot can do, for every choice x

    f(x) <= f(T) + sum over slots better in x of what they add to T
                 - sum over slots worse in x of what they add to the rest of N

(Nemhauser & Wolsey 1981, here for slots with several levels).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import log, prod, sqrt

from launchpad.planning.objective import Cell, Objective, Slot, Term, credited, left_over

WHOLE_CELL = 24
_FALL = 8.0


@dataclass(frozen=True, slots=True)
class CellCut:
    """credit of a cell <= constant + sum of coefficients of its chosen items."""

    cell: int
    constant: float
    weights: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Tangent:
    """value of a term >= constant + slope x z."""

    term: int
    constant: float
    slope: float


@dataclass(frozen=True, slots=True)
class ItemCut:
    """value of a term >= constant + sum of weights of the chosen items."""

    term: int
    constant: float
    weights: tuple[tuple[int, float], ...]

    def at(self, fractions: Sequence[float]) -> float:
        """The bound where each item is done to its fraction."""
        return self.constant + sum(weight * fractions[item] for item, weight in self.weights)


def cell_cut(objective: Objective, number: int, at: Sequence[float]) -> CellCut:
    """The bound on a cell's credit that is exact where its slots have these misses."""
    cell, best = objective.cells[number], objective.best[number]
    constant = credited(cell, at)
    weights: list[tuple[int, float]] = []
    for place, slot in enumerate(cell.slots):
        today = _step(cell, place, at, best, slot.today)
        constant += today
        weights += [(item, _step(cell, place, at, best, miss) - today) for item, miss in slot.misses]
    return CellCut(number, constant, tuple(weights))


def _step(cell: Cell, place: int, at: Sequence[float], best: Sequence[float], miss: float) -> float:
    """What the cut adds when one slot has this miss in place of the one the cut is made at."""
    rest = at if miss < at[place] else best
    here = [at[place] if index == place else other for index, other in enumerate(rest)]
    there = [miss if index == place else other for index, other in enumerate(rest)]
    return log(left_over(cell.shared, here)) - log(left_over(cell.shared, there))


def first_cell_cuts(objective: Objective) -> Iterator[CellCut]:
    """The cuts to begin with: at every state of a small cell, at both ends of a larger one."""
    for number, cell in enumerate(objective.cells):
        levels = [_levels(slot) for slot in cell.slots]
        if prod(len(each) for each in levels) <= WHOLE_CELL:
            points = list(product(*levels))
        else:
            today = tuple(slot.today for slot in cell.slots)
            points = list(dict.fromkeys([today, objective.best[number]]))
        for point in points:
            yield cell_cut(objective, number, point)


def _levels(slot: Slot) -> list[float]:
    return sorted({slot.today, *(miss for _, miss in slot.misses)}, reverse=True)


def tangent(number: int, term: Term, z: float) -> Tangent:
    """The bound on a term that is exact at z."""
    slope = term.slope(z)
    return Tangent(number, term.value(z) - slope * z, slope)


def first_tangents(objective: Objective, tolerance: float) -> Iterator[Tangent]:
    """Tangents so close that together they miss the sum of all terms by about `tolerance`, not counting cells."""
    share = tolerance / max(1, len(objective.terms))
    for number, term in enumerate(objective.terms):
        reach = objective.term_ranges[number]
        z = reach.low
        while True:
            yield tangent(number, term, min(z, reach.high))
            if z >= reach.high:
                break
            z += sqrt(_FALL * share / max(-term.slope(z), share))


def cuts_at(objective: Objective, chosen: Iterable[int]) -> tuple[list[CellCut], list[Tangent]]:
    """The cuts that make the bound exact at a choice of items."""
    taken = frozenset(chosen)
    cells = [cell_cut(objective, number, objective.levels(number, taken)) for number in range(len(objective.cells))]
    tangents = [
        tangent(number, term, z)
        for number, (term, z) in enumerate(zip(objective.terms, objective.depths(taken), strict=True))
    ]
    return cells, tangents

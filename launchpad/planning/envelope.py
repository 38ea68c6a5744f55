"""The tightest linear bounds on a term over whole selections: the facets of its convex envelope.

The curve of a term is convex in z, so its tangents bound it wherever z lies; but items are done or not done, and over
whole selections a term lies above its tangents nearly everywhere. Its convex envelope at a fractional point is the
least mean value of the states (whole choices of its items) that mix to that point, a small linear program whose dual
is the linear bound that touches it (Rockafellar 1970, Corollary 17.1.5; for functions of this class see Ahmed &
Atamtürk 2011).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from launchpad.planning.cuts import ItemCut
from launchpad.planning.objective import Objective
from launchpad.planning.problem import Problem
from launchpad.planning.quiet import Quiet

Floats = NDArray[np.float64]
MOST_STATES = 20_000
MOST_NUMBERS = 20_000_000
"""States times items of all terms together: what is kept at once stays below some 200 MB."""
_INFINITY = highspy.kHighsInf


@dataclass(frozen=True)
class Envelope:
    """One term over every state of its items: `states` (states, items) of 0 and 1, and their `values` (states,).

    `groups` are places of items of which at most one is done.
    """

    term: int
    items: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    states: Floats
    values: Floats
    solver: highspy.Highs


def envelopes(problem: Problem) -> dict[int, Envelope]:
    """The envelope of each term (by its number) that has few enough states to be looked at one by one."""
    found: dict[int, Envelope] = {}
    numbers = 0
    for number in range(len(problem.objective.terms)):
        items = _items(problem.objective, number)
        groups = _groups(items, [rule.items for rule in problem.at_most_one])
        count = int(np.prod([1.0 + len(group) for group in groups]))
        if not items or count > MOST_STATES or numbers + count * len(items) > MOST_NUMBERS:
            continue
        numbers += count * len(items)
        states = _states(len(items), groups)
        values = _values(problem.objective, number, items, states)
        found[number] = Envelope(number, items, groups, states, values, _program(states, values))
    return found


def cut_below(envelope: Envelope, fractions: Sequence[float]) -> ItemCut | None:
    """The bound that is tightest where each item is done to its fraction; None without an answer.

    `fractions` are of all items of the problem. The bound is held against every state before it is given away.
    """
    at = _inside(envelope, np.array([fractions[item] for item in envelope.items]))
    solver, count = envelope.solver, len(envelope.items)
    for row, side in enumerate((*at.tolist(), 1.0)):
        solver.changeRowBounds(row, side, side)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    dual = np.asarray(solver.getSolution().row_dual) * _scale(envelope.values)
    weights, constant = dual[:count], float(dual[count])
    above = float((envelope.states @ weights + constant - envelope.values).max())
    pairs = tuple((item, float(weight)) for item, weight in zip(envelope.items, weights, strict=True) if weight)
    return ItemCut(envelope.term, constant - max(0.0, above), pairs)


def _items(objective: Objective, number: int) -> tuple[int, ...]:
    """Every item that moves a term."""
    term = objective.terms[number]
    found = {item for item, _ in term.credits}
    for cell in term.cells:
        found |= {item for slot in objective.cells[cell].slots for item, _ in slot.misses}
    return tuple(sorted(found))


def _groups(items: Sequence[int], rules: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """The places of the items, those together of which at most one is done; an item belongs to its first rule only."""
    places = {item: place for place, item in enumerate(items)}
    groups: list[tuple[int, ...]] = []
    for rule in rules:
        together = tuple(places.pop(item) for item in rule if item in places)
        if together:
            groups.append(together)
    return (*groups, *((place,) for place in places.values()))


def _states(items: int, groups: Sequence[tuple[int, ...]]) -> Floats:
    """Every choice of at most one of each group, one a row."""
    states = np.zeros((1, items))
    for group in groups:
        parts = [states]
        for place in group:
            done = states.copy()
            done[:, place] = 1.0
            parts.append(done)
        states = np.concatenate(parts)
    return states


def _values(objective: Objective, number: int, items: Sequence[int], states: Floats) -> Floats:
    """What is left of a term in each state."""
    term = objective.terms[number]
    places = {item: place for place, item in enumerate(items)}
    z = np.zeros(len(states))
    for item, credit in term.credits:
        z += credit * states[:, places[item]]
    for cell in (objective.cells[one] for one in term.cells):
        misses = np.empty((len(states), len(cell.slots)))
        today = np.array([slot.today for slot in cell.slots])
        for column, slot in enumerate(cell.slots):
            offered = [np.where(states[:, places[item]] > 0.5, miss, np.inf) for item, miss in slot.misses]
            least = np.min(offered, axis=0) if offered else np.full(len(states), np.inf)
            misses[:, column] = np.where(np.isinf(least), slot.today, least)
        z += np.log(_left_over(cell.shared, today[None, :])) - np.log(_left_over(cell.shared, misses))
    return _left(term.today, term.nu, z)


def _left_over(shared: float, misses: Floats) -> Floats:
    """As `objective.left_over`, of each row."""
    return (1 - shared) * misses.prod(axis=1) + shared * misses.min(axis=1)


def _left(today: float, nu: float | None, z: Floats) -> Floats:
    """As `Term.value`, of each z."""
    if nu is None:
        return today * np.exp(-z)
    return today * np.log1p(nu * np.exp(-z)) / np.log1p(nu)


def _program(states: Floats, values: Floats) -> highspy.Highs:
    """Least mean value of a mixture of states; the rows say to what the mixture comes, the last that it is one."""
    solver = Quiet()
    for option, value in (("threads", 1), ("random_seed", 1), ("presolve", "off")):
        solver.setOptionValue(option, value)
    count = len(values)
    solver.addVars(count, np.zeros(count), np.full(count, _INFINITY))
    solver.changeColsCost(count, np.arange(count, dtype=np.int32), values / _scale(values))
    for column in (*states.T, np.ones(count)):
        places = np.flatnonzero(column).astype(np.int32)
        solver.addRow(0.0, 0.0, len(places), places, column[places])
    return solver


def _scale(values: Floats) -> float:
    """What the values are divided by for the solver, whose tolerances suit numbers near 1."""
    return float(np.abs(values).max()) or 1.0


def _inside(envelope: Envelope, at: Floats) -> Floats:
    """The point without what tolerances of the solver put it outside of what the states can mix to."""
    inside = np.clip(at, 0.0, 1.0)
    for group in envelope.groups:
        total = inside[list(group)].sum()
        if total > 1.0:
            inside[list(group)] /= total
    return inside

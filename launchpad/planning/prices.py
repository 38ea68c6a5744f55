"""What one more person-day of each team would take off the objective, near a plan."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from launchpad.edits.plans import FoundPrice
from launchpad.planning.calendar import HUNDREDTHS
from launchpad.planning.energy import works_of
from launchpad.planning.objective import Objective, credited
from launchpad.planning.portfolio import select
from launchpad.planning.problem import Problem
from launchpad.planning.watch import Watch

Floats = NDArray[np.float64]
LEAST = 1e-8
"""A price below this is told as 0: the solver is no more exact than that."""
MOST_ENDS = 10
FASTEST = 0.2
SHARE = 0.7
_optimize: Any = optimize  # scipy ships no types
_sparse: Any = sparse


def team_prices(
    problem: Problem, watch: Watch, seconds: float, chosen: frozenset[int] | None = None
) -> tuple[FoundPrice, ...]:
    """What one more person-day of each team takes off the objective, as `prices_at` finds it at a selection.

    `chosen` are the items of the plan; without it prices are taken at the best selection that the portfolio model
    finds. `gap` is how far that selection may be from the best, as a share of its objective, by the portfolio's bound;
    None when there is no time to prove one. Teams for which there is no time are left out.
    """
    until = watch.elapsed + min(seconds, watch.left)
    choice = select(problem, watch, SHARE * max(0.0, until - watch.elapsed), chosen or ())
    at = choice.items if chosen is None else chosen
    if at is None:
        return ()
    value = problem.objective.value(at)
    gap = (
        None if choice.bound in (float("inf"), -float("inf")) else max(0.0, (value - choice.bound) / max(value, 1e-12))
    )
    prices = prices_at(problem, at, watch, until - watch.elapsed)
    return tuple(
        FoundPrice(calendar.code, calendar.team, price, gap)
        for calendar, price in zip(problem.calendars, prices, strict=True)
        if price is not None
    )


def prices_at(problem: Problem, chosen: frozenset[int], watch: Watch, seconds: float) -> list[float | None]:
    """For each team what a person-day more, spread evenly over its working days, takes off the objective.

    Near the plan the objective is taken as straight: an item outside counts what it takes off the plan without its
    rivals, an item inside what the plan is worse without it. Shares of items may be done, under every rule and limit
    of the problem; a team has the time between any two days for the work that has to lie between them. The price is
    the difference between the optima with the day and without it: never negative, 0 for a team whose time holds
    nothing back, no more than the day is of use. Items that do not fit today's calendar at all stay out. None for a
    team when the seconds are over.
    """
    until = watch.elapsed + seconds
    near = _near(problem, chosen)
    base = _least(near, until - watch.elapsed)
    if base is None:
        return [None] * len(problem.calendars)
    found: list[float | None] = []
    for rows in near.times:
        if not any(abs(base.prices[row]) > 0 for row, _ in rows):
            found.append(0.0)
            continue
        room = np.array(near.room)
        for row, share in rows:
            room[row] += HUNDREDTHS * share
        then = None if watch.stopped else _least(near, until - watch.elapsed, room)
        price = None if then is None else base.value - then.value
        found.append(price if price is None or price > LEAST else 0.0)
    return found


@dataclass
class _Near:
    """The straight portfolio: `gains` of items, rows of weights <= room, and each team's rows with a day's share."""

    gains: Floats
    rows: list[list[tuple[int, float]]] = field(default_factory=list[list[tuple[int, float]]])
    room: list[float] = field(default_factory=list[float])
    times: list[list[tuple[int, float]]] = field(default_factory=list[list[tuple[int, float]]])

    def add(self, weights: Iterable[tuple[int, float]], room: float) -> int:
        """Add a row; its place comes back."""
        self.rows.append(list(weights))
        self.room.append(room)
        return len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class _Least:
    value: float
    prices: Floats


def _near(problem: Problem, chosen: frozenset[int]) -> _Near:
    gains, depths = _marginal(problem, chosen)
    near = _Near(gains)
    for rule in problem.at_most_one:
        near.add([(item, 1.0) for item in rule.items], 1.0)
    for need in problem.needs:
        near.add([(need.item, 1.0), *((other, -1.0) for other in need.one_of)], 0.0)
    for rule in (*problem.musts, *problem.wanted):
        near.add([(item, -1.0) for item in rule.items], -1.0 if chosen.intersection(rule.items) else 0.0)
    for limit in problem.limits:
        here = sum(weight for item, weight in limit.weights if item in chosen)
        near.add(limit.weights, max(limit.room, here))
    now = problem.objective.depths(chosen)
    for floor, row in zip(problem.floors, depths, strict=True):
        inside = float(row[list(chosen)].sum())
        least = min(floor.least, now[floor.term]) - now[floor.term] + inside
        near.add([(int(item), -float(row[item])) for item in np.flatnonzero(row)], -least)
    for team in range(len(problem.calendars)):
        near.times.append(list(_time(problem, team, near, chosen)))
    return near


def _marginal(problem: Problem, chosen: frozenset[int]) -> tuple[Floats, Floats]:
    """What each item takes off the objective given the rest (I,), and adds to the z of each floor (floors, I)."""
    terms = [floor.term for floor in problem.floors]
    gains, depths = np.zeros(len(problem.items)), np.zeros((len(terms), len(problem.items)))
    rivals: dict[int, set[int]] = {}
    for rule in problem.at_most_one:
        for item in rule.items:
            rivals.setdefault(item, set()).update(rule.items)
    here = _Here(problem.objective, chosen)
    for item in range(len(problem.items)):
        gone = chosen.intersection(rivals.get(item, ())) - {item}
        without = here.without({item, *gone} & chosen)
        within = here.without(gone, item)
        gains[item] = without.value - within.value
        depths[:, item] = [within.depths.get(t, here.depths[t]) - without.depths.get(t, here.depths[t]) for t in terms]
    return gains, depths


@dataclass(frozen=True, slots=True)
class _There:
    """How much the objective lies above that of a selection after a change of it, and z of the terms that changed."""

    value: float
    depths: Mapping[int, float]


class _Here:
    """A selection from which others close by are valued, at the price of what differs."""

    def __init__(self, objective: Objective, chosen: frozenset[int]) -> None:
        self.objective, self.chosen = objective, chosen
        self.depths = objective.depths(chosen)
        self.credit = [credited(cell, objective.levels(n, chosen)) for n, cell in enumerate(objective.cells)]

    def without(self, gone: Collection[int], joined: int | None = None) -> _There:
        """The selection without some items and, where one is given, with another."""
        added = () if joined is None or joined in self.chosen else (joined,)
        if not gone and not added:
            return _There(0.0, {})
        objective, there = self.objective, (self.chosen - set(gone)).union(added)
        depths: dict[int, float] = {}
        value = sum(objective.costs[item] for item in added) - sum(objective.costs[item] for item in gone)
        for sign, items in ((1, added), (-1, gone)):
            for item in items:
                for term, credit in objective.credits_of.get(item, ()):
                    depths[term] = depths.get(term, self.depths[term]) + sign * credit
        for number in {cell for item in (*added, *gone) for cell, _, _ in objective.slot_of.get(item, ())}:
            step = credited(objective.cells[number], objective.levels(number, there)) - self.credit[number]
            for term in objective.terms_of_cell[number]:
                depths[term] = depths.get(term, self.depths[term]) + step
        for term, z in depths.items():
            value += objective.terms[term].value(z) - objective.terms[term].value(self.depths[term])
        return _There(value, depths)


def _time(problem: Problem, team: int, near: _Near, chosen: frozenset[int]) -> Iterator[tuple[int, float]]:
    """The rows of a team's time, each with the share of a further day that falls between its two days."""
    calendar = problem.calendars[team]
    works = works_of(problem, team)
    sums = np.concatenate([[0.0], np.cumsum(np.array(calendar.free, dtype=np.float64))])
    for begin, end in _between([(work.first, work.last) for _, work in works]):
        weights: dict[int, float] = {}
        for item, work in works:
            if begin <= work.first and work.last <= end:
                weights[item] = weights.get(item, 0.0) + work.energy_of(team)
        if weights:
            here = sum(weight for item, weight in weights.items() if item in chosen)
            room = max(float(sums[end] - sums[begin]), here)
            yield near.add(weights.items(), room), (end - begin) / len(calendar.days)


def _between(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches of days that work has to lie between: from its first days to its last, at most 10 x 10."""
    firsts, lasts = sorted({first for first, _ in spans}), sorted({last for _, last in spans})
    for first in _some(firsts):
        yield from ((first, last) for last in _some(lasts[::-1]) if first < last)


def _some(places: Sequence[int]) -> Sequence[int]:
    """At most 10 of them, spread evenly, the outermost first."""
    return places[:: max(1, -(-len(places) // MOST_ENDS))]


def _least(near: _Near, seconds: float, room: Floats | None = None) -> _Least | None:
    """The optimum of the straight portfolio and the price of each row; None when time is up."""
    if not near.rows or not len(near.gains):
        return _Least(0.0, np.zeros(len(near.rows)))
    weights = [weight for row in near.rows for _, weight in row]
    columns = [item for row in near.rows for item, _ in row]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in near.rows])])
    matrix = _sparse.csr_matrix((weights, columns, starts), shape=(len(near.rows), len(near.gains)))
    limit = {"time_limit": max(FASTEST, seconds)}
    rows = np.array(near.room) if room is None else room
    answer = _optimize.linprog(-near.gains, A_ub=matrix, b_ub=rows, bounds=(0, 1), method="highs", options=limit)
    if answer.status != 0:
        return None
    return _Least(float(answer.fun), cast("Floats", answer.ineqlin.marginals))

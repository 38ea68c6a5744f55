"""Every selection of a small problem with its objective, best first, and the first of them that has a calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf, prod

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from launchpad.planning.greedy import replanned
from launchpad.planning.joint import kept
from launchpad.planning.objective import Objective, left_over
from launchpad.planning.problem import Item, Problem
from launchpad.planning.schedule import calendar_model, read, solver
from launchpad.planning.serial import Schedule
from launchpad.planning.watch import Watch

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
MOST_SELECTIONS = 1 << 16
"""Selections up to which each is looked at."""
TRIAL = 5.0


def values(objective: Objective, chosen: Bools) -> Floats:
    """(k,) the objective of each row of `chosen` (k, items)."""
    found = np.full(len(chosen), objective.constant) + chosen @ np.array(objective.costs)
    credit = [_credit(objective, cell, chosen) for cell in range(len(objective.cells))]
    for term in objective.terms:
        if term.today == 0:
            continue
        z = np.zeros(len(chosen))
        for cell in term.cells:
            z += credit[cell]
        for item, own in term.credits:
            z += own * chosen[:, item]
        found += term.today * (np.exp(-z) if term.nu is None else np.log1p(term.nu * np.exp(-z)) / np.log1p(term.nu))
    return found


def _credit(objective: Objective, number: int, chosen: Bools) -> Floats:
    cell = objective.cells[number]
    product, least = np.ones(len(chosen)), np.ones(len(chosen))
    for slot in cell.slots:
        miss = np.full(len(chosen), np.inf)
        for item, each in slot.misses:
            miss = np.where(chosen[:, item], np.minimum(miss, each), miss)
        miss = np.where(np.isinf(miss), slot.today, miss)
        product, least = product * miss, np.minimum(least, miss)
    today = left_over(cell.shared, [slot.today for slot in cell.slots])
    return np.log(today) - np.log((1 - cell.shared) * product + cell.shared * least)


def ruled(problem: Problem, chosen: Bools) -> Bools:
    """(k,) whether each row of `chosen` keeps exclusions, needs, musts, wants, limits and each team's total time."""
    good = np.ones(len(chosen), dtype=np.bool_)
    for rule in problem.at_most_one:
        good &= chosen[:, list(rule.items)].sum(axis=1) <= 1
    for need in problem.needs:
        good &= ~chosen[:, need.item] | chosen[:, list(need.one_of)].any(axis=1)
    for rule in (*problem.musts, *problem.wanted):
        good &= chosen[:, list(rule.items)].any(axis=1)
    for limit in problem.limits:
        weights = np.zeros(len(problem.items))
        for item, weight in limit.weights:
            weights[item] += weight
        good &= chosen @ weights <= limit.room + 1e-5 * max(abs(limit.room), limit.unit)
    for team, calendar in enumerate(problem.calendars):
        energy = [sum(work.energy_of(team) for work in item.works if work.shapes) for item in problem.items]
        good &= chosen @ np.array(energy, dtype=np.float64) <= sum(calendar.free)
    possible = [all(work.shapes for work in item.works) for item in problem.items]
    return good & ~chosen[:, ~np.array(possible, dtype=np.bool_)].any(axis=1)


@dataclass(frozen=True, slots=True)
class Best:
    """The best selection of those asked for, with its objective and a calendar."""

    schedule: Schedule
    value: float


class Subsets:
    """The selections of problems that differ in little; what was found out about calendars is remembered.

    Best is least objective; of those equal to 1e-12, fewest person-days. `sure` turns False when a calendar was
    neither found nor ruled out in its time.
    """

    def __init__(self, watch: Watch, seconds: float = inf) -> None:
        self.watch = watch
        self.until = watch.elapsed + seconds
        self.sure = True
        self._fitting: dict[tuple[object, ...], Schedule] = {}
        self._failing: dict[tuple[object, ...], list[frozenset[Item]]] = {}

    @property
    def left(self) -> float:
        """Seconds left for it."""
        return min(self.watch.left, max(0.0, self.until - self.watch.elapsed))

    def best(
        self, problem: Problem, *, holding: Iterable[int] | None = None, lacking: Iterable[int] = ()
    ) -> Best | None:
        """The best that has a calendar, holds one of some items and none of others; None where there is none."""
        for items in ranked(problem, holding, lacking):
            if self.left <= 0:
                self.sure = False
                return None
            if kept(problem, items) and (schedule := self.schedule(problem, items)) is not None:
                return Best(schedule, problem.objective.value(items))
        return None

    def schedule(self, problem: Problem, items: frozenset[int]) -> Schedule | None:
        """A calendar of exactly these items, None when there is none.

        Items that have no calendar have none with others beside them, which is remembered.
        """
        known = problem.calendars, problem.last_day, problem.after
        own = frozenset(problem.items[item] for item in items)
        found = self._fitting.get((*known, own))
        if found is not None or any(failed <= own for failed in self._failing.get(known, ())):
            return found
        found, proven = calendar_of(problem, items, self.watch, self.left)
        self.sure = self.sure and proven
        if found is None:
            self._failing.setdefault(known, []).append(own)
        else:
            self._fitting[*known, own] = found
        return found


def groups(problem: Problem) -> list[tuple[int, ...]]:
    """The items in groups of which a plan takes one at most: the ways of doing one mitigation; each run by itself."""
    exclusive = [frozenset(rule.items) for rule in problem.at_most_one]
    found: dict[object, list[int]] = {}
    ways: dict[int | None, list[int]] = {}
    for number, item in enumerate(problem.items):
        ways.setdefault(item.mitigation, []).append(number)
    for number, item in enumerate(problem.items):
        mine = frozenset(() if item.mitigation is None else ways[item.mitigation])
        alone = len(mine) < 2 or not any(mine <= rule for rule in exclusive)
        found.setdefault(("item", number) if alone else item.mitigation, []).append(number)
    return [tuple(group) for group in found.values()]


def count(problem: Problem) -> int:
    """How many selections there are that take one of each group at most."""
    return prod(len(group) + 1 for group in groups(problem))


def whole(problem: Problem) -> Bools:
    """(selections, items) every selection that takes one of each group at most and keeps the rules."""
    chosen = np.zeros((1, len(problem.items)), dtype=np.bool_)
    for group in groups(problem):
        pieces = [chosen]
        for item in group:
            with_it = chosen.copy()
            with_it[:, item] = True
            pieces.append(with_it)
        chosen = np.concatenate(pieces)
    return chosen[ruled(problem, chosen)]


def ranked(
    problem: Problem, holding: Iterable[int] | None = None, lacking: Iterable[int] = ()
) -> Iterator[frozenset[int]]:
    """The selections that keep the rules, least objective first, of equal ones those of fewest person-days."""
    chosen = whole(problem)
    good = np.ones(len(chosen), dtype=np.bool_)
    if holding is not None:
        good &= chosen[:, sorted(holding)].any(axis=1)
    good &= ~chosen[:, sorted(lacking)].any(axis=1)
    chosen = chosen[good]
    worth = values(problem.objective, chosen)
    days = chosen @ np.array([item.days for item in problem.items], dtype=np.float64)
    for place in np.lexsort((days, np.round(worth, 12))):
        yield frozenset(map(int, np.flatnonzero(chosen[place])))


def calendar_of(
    problem: Problem, items: frozenset[int], watch: Watch, seconds: float = TRIAL
) -> tuple[Schedule | None, bool]:
    """A calendar of exactly these items or None, and whether that is certain."""
    for rank in ({}, {item: -problem.items[item].days for item in items}):
        if (found := replanned(problem, items, rank)) is not None:
            return found, True
    made = calendar_model(problem, items)
    for item in items:
        made.model.add(made.chosen[item] == 1)
    search = solver(max(0.1, min(TRIAL, seconds, watch.left)), 1)
    status = watch.run(lambda: search.solve(made.model), search.stop_search)
    found = read(made, search.value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return found, found is not None or status == cp_model.INFEASIBLE

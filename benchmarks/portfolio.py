"""The product's own selector against one static formulation: `python -m benchmarks portfolio --mitigations 200`.

Made-up launches with variants, dependencies, exclusions, families and a budget of time for each team. Beside it HiGHS
with everything said at once: ten tangents a term, every state of a family a column. Both go to the same gap, and each
selection is valued by the true objective; medians of so many rounds, in turn.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import log
from statistics import median

import highspy
import numpy as np

from benchmarks.joint import launch
from launchpad.planning.objective import Cell, Objective, left_over
from launchpad.planning.portfolio import select
from launchpad.planning.problem import Item, Problem, Shape
from launchpad.planning.watch import Watch

TANGENTS = 10
Row = tuple[float, float, list[tuple[int, float]]]
State = tuple[float, tuple[int, ...]]


def portfolio(seed: int, mitigations: int, scenarios: int, teams: int = 6, days: int = 30) -> Problem:
    """A made-up launch of which only each team's total time counts: its calendar is one long day."""
    made = launch(seed, mitigations, scenarios, teams, days)
    day = made.calendars[0].days[:1]
    calendars = tuple(
        replace(each, days=day, free=(sum(each.free),), gross=(sum(each.gross),)) for each in made.calendars
    )
    return replace(made, items=tuple(map(_in_a_day, made.items)), calendars=calendars, last_day=day[0], after=())


def _in_a_day(item: Item) -> Item:
    works = tuple(
        replace(work, shapes=(Shape(1, ((work.team, work.effort),)),), first=0, last=1, parts=1) for work in item.works
    )
    return replace(item, works=works, waiting=0)


def static(problem: Problem, seconds: float, gap: float) -> frozenset[int]:
    """The selection of one mixed-integer model that says everything at the start."""
    objective = problem.objective
    items, terms = len(problem.items), len(objective.terms)
    states = [_states(objective, number, cell) for number, cell in enumerate(objective.cells)]
    firsts = np.cumsum([items + 2 * terms, *(len(each) for each in states)])
    cost, lower, upper = np.zeros(firsts[-1]), np.zeros(firsts[-1]), np.ones(firsts[-1])
    cost[:items] = objective.costs
    cost[items + terms : items + 2 * terms] = 1.0
    lower[items : items + terms], upper[items : items + 2 * terms] = -highspy.kHighsInf, highspy.kHighsInf
    solver = highspy.Highs()
    solver.silent()
    for option, value in (("threads", 1), ("random_seed", 1), ("mip_rel_gap", gap), ("time_limit", seconds)):
        solver.setOptionValue(option, value)
    solver.addVars(len(cost), lower, upper)
    solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    solver.changeColsIntegrality(items, np.arange(items, dtype=np.int32), np.ones(items, dtype=np.uint8))
    for low, high, weights in (
        *_rules(problem),
        *_families(objective, states, firsts),
        *_terms(objective, states, firsts),
    ):
        columns = np.array([column for column, _ in weights], dtype=np.int32)
        solver.addRow(low, high, len(weights), columns, np.array([weight for _, weight in weights]))
    solver.run()
    chosen = np.asarray(solver.getSolution().col_value)[:items] > 0.5
    return frozenset(map(int, np.flatnonzero(chosen)))


def _states(objective: Objective, number: int, cell: Cell) -> list[State]:
    """Every state of a family: the credit, and which item each slot has, if any."""
    today = log(left_over(cell.shared, [slot.today for slot in cell.slots]))
    found: list[State] = []
    for picked in product(*([(None, slot.today), *slot.misses] for slot in cell.slots)):
        taken = tuple(item for item, _ in picked if item is not None)
        found.append((today - log(left_over(cell.shared, objective.levels(number, taken))), taken))
    return found


def _families(objective: Objective, states: Sequence[list[State]], firsts: Sequence[int]) -> list[Row]:
    """Each family is in one state, the one its items say."""
    rows: list[Row] = []
    for cell, own, first in zip(objective.cells, states, firsts, strict=False):
        rows.append((1.0, 1.0, [(first + place, 1.0) for place in range(len(own))]))
        for item in {item for slot in cell.slots for item, _ in slot.misses}:
            inside = [(first + place, 1.0) for place, (_, taken) in enumerate(own) if item in taken]
            rows.append((0.0, 0.0, [(item, -1.0), *inside]))
    return rows


def _terms(objective: Objective, states: Sequence[list[State]], firsts: Sequence[int]) -> list[Row]:
    """What z of each term is made of, and ten tangents from its least to its most."""
    items, terms, rows = len(objective.costs), len(objective.terms), list[Row]()
    for number, (term, reach) in enumerate(zip(objective.terms, objective.term_ranges, strict=True)):
        z, value = items + number, items + terms + number
        parts = [(item, -credit) for item, credit in term.credits]
        for cell in term.cells:
            parts += [(firsts[cell] + place, -credit) for place, (credit, _) in enumerate(states[cell])]
        rows.append((0.0, 0.0, [(z, 1.0), *parts]))
        for at in np.linspace(reach.low, reach.high, TANGENTS):
            slope = term.slope(at)
            rows.append((term.value(at) - slope * at, highspy.kHighsInf, [(value, 1.0), (z, -slope)]))
    return rows


def _rules(problem: Problem) -> list[Row]:
    none = -highspy.kHighsInf
    rows: list[Row] = [(none, 1.0, [(item, 1.0) for item in rule.items]) for rule in problem.at_most_one]
    rows += [(none, 0.0, [(need.item, 1.0), *((other, -1.0) for other in need.one_of)]) for need in problem.needs]
    for team, calendar in enumerate(problem.calendars):
        energy = [
            (place, float(work.effort))
            for place, item in enumerate(problem.items)
            for work in item.works
            if work.team == team
        ]
        rows.append((none, float(sum(calendar.free)), energy))
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the true objectives, the gap that is proven, median seconds of both, and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks portfolio", description=__doc__)
    parser.add_argument("--mitigations", type=int, default=200)
    parser.add_argument("--scenarios", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--alone", action="store_true", help="without the static formulation")
    asked = parser.parse_args(arguments)
    print(f"{'seed':>5}{'items':>7}{'ours':>10}{'gap':>10}{'seconds':>9}{'static':>10}{'seconds':>9}{'ratio':>7}")
    for seed in asked.seeds:
        made = portfolio(seed, asked.mitigations, asked.scenarios)
        ours, theirs = list[float](), list[float]()
        line = ""
        for _ in range(asked.rounds):
            watch = Watch(asked.seconds)
            choice = select(made, watch, asked.seconds, gap=asked.gap)
            ours.append(watch.elapsed)
            line = f"{seed:>5}{len(made.items):>7}{choice.value:>10.6f}{1 - choice.bound / choice.value:>10.5%}"
            line += f"{median(ours):>9.2f}"
            if not asked.alone:
                began = time.monotonic()
                found = static(made, asked.seconds, asked.gap)
                theirs.append(time.monotonic() - began)
                line += f"{made.objective.value(found):>10.6f}{median(theirs):>9.2f}"
                line += f"{median(theirs) / median(ours):>7.1f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""What a plan must keep, and the best plan there is, written from the model's words and shared with no planner code.

Days are booleans here: a piece of work lies on the days on which its boolean is true. The planner works with intervals
and cuts; the two have nothing in common but the numbers of a `Problem`.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import exp, log

from ortools.sat.python import cp_model

from launchpad.planning.objective import Cell, Objective, Slot, Term
from launchpad.planning.problem import Floor, Problem, Rule, Work
from launchpad.planning.serial import Placement, Schedule
from tests.planning.problems import random_problem


def objective(problem: Problem, chosen: Iterable[int]) -> float:
    """What is left: families miss (1 - b) product + b smallest, what is left over multiplies, refusals add."""
    taken, total = set(chosen), problem.objective.constant
    z = depths(problem, taken)
    for term, depth in zip(problem.objective.terms, z, strict=True):
        if term.nu is None:
            total += term.today * exp(-depth)
        else:
            total += term.today * log(1 + term.nu * exp(-depth)) / log(1 + term.nu)
    return total + sum(problem.objective.costs[item] for item in taken)


def depths(problem: Problem, chosen: Iterable[int]) -> list[float]:
    """For each term the log of what is taken off today's rate."""
    taken = set(chosen)
    off = [log(_missed(cell, set()) / _missed(cell, taken)) for cell in problem.objective.cells]
    return [
        sum(off[cell] for cell in term.cells) + sum(credit for item, credit in term.credits if item in taken)
        for term in problem.objective.terms
    ]


def _missed(cell: Cell, taken: set[int]) -> float:
    levels = [min([miss for item, miss in slot.misses if item in taken] or [slot.today]) for slot in cell.slots]
    product = 1.0
    for level in levels:
        product *= level
    return (1 - cell.shared) * product + cell.shared * min(levels)


def wrong(problem: Problem, schedule: Schedule) -> Iterator[str]:
    """Everything in a calendar and its selection that the problem forbids."""
    used: dict[tuple[int, date], int] = {}
    worked: dict[int, list[date]] = {}
    for number, placements in schedule.items():
        item, worked[number] = problem.items[number], []
        if len(placements) != len(item.works):
            yield f"{item.code} lacks a part of its work"
        for work, placement in zip(item.works, placements, strict=False):
            days = [place for start, size in placement.stretches for place in range(start, start + size)]
            yield from (f"{item.code} {words}" for words in _wrong_work(work, placement, days))
            worked[number] += [problem.calendars[work.team].days[place] for place in days]
            for day in worked[number][-len(days) :]:
                for team, demand in placement.shape.demands:
                    used[team, day] = used.get((team, day), 0) + demand
        if worked[number] and _finish(problem, number, worked[number]) > problem.last_day:
            yield f"{item.code} is finished too late"
    yield from _overused(problem, used)
    for earlier, later in problem.after:
        both = worked.get(earlier) and worked.get(later)
        if both and min(worked[later]) <= _finish(problem, earlier, worked[earlier]):
            yield f"{problem.items[later].code} starts before {problem.items[earlier].code} is finished"
    yield from unruly(problem, schedule)


def _wrong_work(work: Work, placement: Placement, days: list[int]) -> Iterator[str]:
    runs = 1 + sum(later - earlier > 1 for earlier, later in pairwise(days))
    if sorted(set(days)) != days or len(days) != placement.shape.size or placement.shape not in work.shapes:
        yield "does not work as many days as it takes"
    if not work.placed and (runs > work.parts or days[0] < work.first or days[-1] >= work.last):
        yield "pauses too often or lies outside its window"
    if work.placed and work.placed != placement.stretches:
        yield "was moved from where it was fixed"


def _overused(problem: Problem, used: dict[tuple[int, date], int]) -> Iterator[str]:
    for (team, day), amount in used.items():
        calendar = problem.calendars[team]
        if day not in calendar.days or amount > calendar.free[calendar.days.index(day)]:
            yield f"{calendar.code} gives {amount} hundredths on {day}"


def _finish(problem: Problem, item: int, days: list[date]) -> date:
    return max(days) + timedelta(days=problem.items[item].waiting)


def unruly(problem: Problem, chosen: Iterable[int]) -> Iterator[str]:
    """Every rule, limit and floor that a selection breaks."""
    taken = set(chosen)
    for rule in problem.at_most_one:
        if len(taken.intersection(rule.items)) > 1:
            yield f"more than one of {rule.words}"
    for need in problem.needs:
        if need.item in taken and not taken.intersection(need.one_of):
            yield f"{problem.items[need.item].code} is there without what it needs"
    for rule in (*problem.musts, *problem.wanted):
        if not taken.intersection(rule.items):
            yield f"{rule.words} is broken"
    yield from _passed(problem, taken)


def _passed(problem: Problem, taken: set[int]) -> Iterator[str]:
    for limit in problem.limits:
        if sum(weight for item, weight in limit.weights if item in taken) > limit.room + 2e-5 * max(1, abs(limit.room)):
            yield f"{limit.words} is passed"
    z = depths(problem, taken) if problem.floors else []
    for floor in problem.floors:
        if z[floor.term] < floor.least - 1e-3:
            yield f"{floor.words} is not reached"


def schedulable(problem: Problem, chosen: Iterable[int]) -> bool:
    """Whether some calendar holds exactly these items, by booleans for days."""
    model, taken = cp_model.CpModel(), sorted(chosen)
    loads: dict[tuple[int, int], list[cp_model.LinearExprT]] = {}
    spans: dict[int, list[tuple[date, cp_model.IntVar]]] = {item: [] for item in taken}
    for item in taken:
        for work in problem.items[item].works:
            on = [model.new_bool_var("") for _ in problem.calendars[work.team].days]
            spans[item] += zip(problem.calendars[work.team].days, on, strict=True)
            ways = [model.new_bool_var("") for _ in work.shapes]
            model.add_exactly_one(ways)
            model.add(sum(on) == sum(way * shape.size for way, shape in zip(ways, work.shapes, strict=True)))
            begins = [model.new_bool_var("") for _ in on]
            for place, begin in enumerate(begins):
                before = on[place - 1] if place else 0
                model.add(begin >= on[place] - before)
                if not work.first <= place < work.last:
                    model.add(on[place] == 0)
            model.add(sum(begins) <= work.parts)
            for way, shape in zip(ways, work.shapes, strict=True):
                for team, demand in shape.demands:
                    for place, day in enumerate(on):
                        both = model.new_bool_var("")
                        model.add(both >= day + way - 1)
                        loads.setdefault((team, place), []).append(demand * both)
    for (team, place), load in loads.items():
        model.add(sum(load) <= problem.calendars[team].free[place])
    _order(problem, model, spans)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)


def _order(problem: Problem, model: cp_model.CpModel, spans: dict[int, list[tuple[date, cp_model.IntVar]]]) -> None:
    for item, days in spans.items():
        for day, on in days:
            if day + timedelta(days=problem.items[item].waiting) > problem.last_day:
                model.add(on == 0)
    for earlier, later in problem.after:
        for day, on in spans.get(earlier, ()):
            for start, begun in spans.get(later, ()):
                if start <= day + timedelta(days=problem.items[earlier].waiting):
                    model.add_bool_or([on.negated(), begun.negated()])


def optimum(problem: Problem, known: dict[frozenset[int], bool] | None = None) -> tuple[float, frozenset[int]] | None:
    """The least objective of all selections that keep the rules and have a calendar; None when there is none."""
    known = {} if known is None else known
    count = len(problem.items)
    every = (frozenset(chosen) for size in range(count + 1) for chosen in combinations(range(count), size))
    for value, chosen in sorted(
        ((objective(problem, chosen), chosen) for chosen in every if not any(unruly(problem, chosen))),
        key=lambda pair: (pair[0], sorted(pair[1])),
    ):
        if chosen not in known:
            lost = any(not good and less <= chosen for less, good in known.items())
            known[chosen] = not lost and schedulable(problem, chosen)
        if known[chosen]:
            return value, chosen
    return None


def family_problem(seed: int, mitigations: int = 6, days: int = 7) -> Problem:
    """A random problem with families of two to six, effects that make things worse, a floor or a must now and then."""
    drawn = random.Random(seed)
    problem = random_problem(seed, mitigations=mitigations, days=days)
    owners = [item.mitigation or 0 for item in problem.items]
    cells: list[Cell] = []
    terms: list[Term] = []
    for scenario in range(3):
        slots: dict[int, list[tuple[int, float]]] = {}
        members = drawn.sample(range(mitigations), drawn.randint(2, min(6, mitigations)))
        for place, owner in enumerate(owners):
            if owner in members:
                slots.setdefault(owner, []).append((place, drawn.uniform(0.05, 0.9)))
        today = drawn.choice([1.0, 0.7])
        made = [Slot(today if number == 0 else 1.0, tuple(misses)) for number, misses in enumerate(slots.values())]
        cells.append(Cell(drawn.choice([0.3, 0.5, 1.0]), tuple(made)))
        own = tuple((place, log(drawn.uniform(0.9, 3.0))) for place in range(len(owners)) if drawn.random() < 0.3)
        nu = drawn.choice([None, drawn.uniform(0.1, 9)])
        terms.append(Term(f"R-{scenario}", drawn.uniform(0.1, 0.5), nu, (scenario,), own))
    costs = tuple(drawn.choice([0.0, 0.0, 0.01]) for _ in owners)
    floors: tuple[Floor, ...] = ()
    if drawn.random() < 0.3:
        floors = (Floor("a catastrophic scenario", len(terms), drawn.uniform(0.05, 0.4)),)
        terms.append(Term("catastrophic", 0.0, None, (0,), ()))
    musts = (Rule("a must", (drawn.randrange(len(owners)),)),) if drawn.random() < 0.2 else ()
    return replace(problem, objective=Objective(tuple(cells), tuple(terms), costs), floors=floors, musts=musts)

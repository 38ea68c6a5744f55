"""Leaving things where they were: a new plan differs from the current one only where that gains something."""

from collections.abc import Iterable, Sequence

from ortools.sat.python import cp_model

from launchpad.planning.joint import kept
from launchpad.planning.problem import Problem
from launchpad.planning.reading import Case
from launchpad.planning.schedule import SETTLE_EFFORT, calendar_model, hint, read, solver
from launchpad.planning.serial import Placement, Schedule, Timetable, in_order
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch

MOST_SECONDS = 0.5
"""Seconds for leaving more things where they were; past the time asked for too, when the rest took all of it."""
_WORTH = 1e-9


def planned_before(read: Case) -> Schedule | None:
    """What is left of the current plan, where it was, if it keeps every rule and limit as they are now."""
    problem = read.problem
    if not read.before or not allowed(problem, read.before):
        return None
    table = Timetable(problem)
    fits = all(table.put(item, read.before[item]) for item in in_order(problem, read.before, _starts(read.before)))
    return table.placed if fits else None


def no_worse_before(truth: Truth, schedule: Schedule) -> Schedule:
    """What is left of the current plan where its full score is as good; else the schedule itself."""
    before = planned_before(truth.case)
    if before is None or truth.score(before) > truth.score(schedule) + _WORTH:
        return schedule
    return before


def allowed(problem: Problem, items: Iterable[int]) -> bool:
    """Whether a selection keeps every rule, limit and floor, its calendar apart."""
    chosen = frozenset(items)
    return (
        all(len(chosen.intersection(rule.items)) <= 1 for rule in problem.at_most_one)
        and all(chosen.intersection(rule.items) for rule in (*problem.musts, *problem.wanted))
        and all(need.item not in chosen or chosen.intersection(need.one_of) for need in problem.needs)
        and kept(problem, chosen)
    )


def steady(
    problem: Problem, schedule: Schedule, before: Schedule, order: Sequence[int], watch: Watch, seed: int
) -> Schedule:
    """A calendar of the same items in which as many as can be of those planned before lie where they did.

    The rest stays where the schedule has it or lies as early as it fits, the first in the order first.
    """
    steadfast = [item for item in order if item in before]
    first = schedule
    while steadfast:
        table = _beside(problem, schedule, {item: before[item] for item in steadfast}, order)
        if table is not None:
            first = table.placed
            break
        steadfast = steadfast[: len(steadfast) // 2]
    wanted = {item: before[item] for item in order if item in before}
    return first if _moved(first, wanted) <= 0 else _least_moved(problem, first, wanted, watch, seed)


def _moved(schedule: Schedule, wanted: Schedule) -> int:
    return sum(schedule[item] != places for item, places in wanted.items())


def _least_moved(problem: Problem, known: Schedule, wanted: Schedule, watch: Watch, seed: int) -> Schedule:
    """A calendar of the items of one known in which fewer of those wanted in a place lie elsewhere, if one is found."""
    made = calendar_model(problem, frozenset(known))
    moved: list[cp_model.IntVar] = []
    for item in known:
        made.model.add(made.chosen[item] == 1)
    for item, places in wanted.items():
        moved.append(made.model.new_bool_var(""))
        for spot, place in zip(made.spots[item], places, strict=True):
            made.model.add(spot.start == place.start).only_enforce_if(moved[-1].negated())
            made.model.add(spot.end == place.end).only_enforce_if(moved[-1].negated())
    hint(made, known)
    made.model.minimize(sum(moved))
    search = solver(max(0.1, min(MOST_SECONDS, watch.seconds + MOST_SECONDS - watch.elapsed)), seed)
    search.parameters.max_deterministic_time = SETTLE_EFFORT
    status = watch.run(lambda: search.solve(made.model), search.stop_search)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return known
    found = read(made, search.value)
    held = {item: places for item, places in wanted.items() if _alike(found[item], places)}
    table = _beside(problem, found, held, list(found))
    best = found if table is None else table.placed
    return best if _moved(best, wanted) < _moved(known, wanted) else known


def _alike(one: Sequence[Placement], other: Sequence[Placement]) -> bool:
    return [(place.start, place.end) for place in one] == [(place.start, place.end) for place in other]


def _beside(problem: Problem, schedule: Schedule, held: Schedule, order: Sequence[int]) -> Timetable | None:
    table = Timetable(problem)
    for item in in_order(problem, held, _starts(held)):
        if not table.put(item, held[item]) and any(work.placed for work in problem.items[item].works):
            return None
    rank = {item: float(place) for place, item in enumerate(order)}
    rest = [item for item in in_order(problem, schedule, rank) if item not in table.placed]
    for item in rest:
        if not (table.put(item, schedule[item]) or table.add(item)):
            return None
    return table


def _starts(held: Schedule) -> dict[int, float]:
    return {item: float(min((spot.start for spot in places), default=0)) for item, places in held.items()}

"""The calendar in OR-Tools CP-SAT: optional intervals under each team's capacity, in its own working days.

A calendar is solved here for a selection that is given (`settle`, `shortest`); `joint` decides both at once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

from ortools.sat.python import cp_model

from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.press import Project, placed, pressed, project
from launchpad.planning.problem import Problem, Shape, Work
from launchpad.planning.serial import Placement, Schedule, Stretches
from launchpad.planning.watch import Watch

Load = list[tuple[cp_model.IntervalVar, int]]
Value = Callable[[cp_model.IntVar], int]
SETTLE_EFFORT = 1.0
"""Deterministic time given to `settle`: counted work, so that the same plan always gets the same calendar."""
PHASES = ((0.05, 0.15, False), (0.4, 0.4, True))
"""Shares of the time for pressing and for searching, and whether the search is of what lies about the best so far."""
ABOUT = ("quick_restart_no_lp",)
NOT_ABOUT = ("graph_*", "rnd_*", "rins*", "rens*", "feasibility_pump*", "fj*", "ls*", "lb_relax_lns", "packing*")
"""CP-SAT's own names: one full search beside the neighbourhoods made for calendars, and without the general ones."""


@dataclass(frozen=True, slots=True)
class Way:
    """One shape of a piece of work: whether it is the one taken, and its stretches as (start, size)."""

    shape: Shape
    taken: cp_model.IntVar
    stretches: tuple[tuple[cp_model.IntVar, cp_model.IntVar | int], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a piece of work lies: its start, the place after its end, and the ways to do it."""

    start: cp_model.IntVar
    end: cp_model.IntVar
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class CalendarModel:
    """The calendar as a model: who is chosen, and where each piece of its work lies."""

    model: cp_model.CpModel
    chosen: tuple[cp_model.IntVar, ...]
    spots: tuple[tuple[Spot, ...], ...]


def calendar_model(problem: Problem, only: frozenset[int] | None = None) -> CalendarModel:
    """The work of the items chosen, each team's capacity, and the order between items.

    Given `only`, other items cannot be chosen, and have no work in the model.
    """
    model = cp_model.CpModel()
    chosen = tuple(model.new_bool_var("") for _ in problem.items)
    loads: list[Load] = [[] for _ in problem.calendars]
    spots: list[tuple[Spot, ...]] = []
    for number, (item, taken) in enumerate(zip(problem.items, chosen, strict=True)):
        if only is None or number in only:
            spots.append(tuple(_spot(model, work, taken, loads) for work in item.works))
        else:
            spots.append(())
            model.add(taken == 0)
    for calendar, load in zip(problem.calendars, loads, strict=True):
        _add_capacity(model, calendar, load)
    made = CalendarModel(model, chosen, tuple(spots))
    ready: dict[tuple[int, int, int], cp_model.IntVar] = {}
    for earlier, later in problem.after:
        if only is None or (earlier in only and later in only):
            _add_order(problem, made, earlier, later, ready)
    return made


def _spot(model: cp_model.CpModel, work: Work, chosen: cp_model.IntVar, loads: Sequence[Load]) -> Spot:
    start = model.new_int_var(work.first, max(work.first, work.latest - 1), "")
    end = model.new_int_var(work.first, work.last, "")
    ways: list[Way] = []
    for shape in work.shapes:
        taken = chosen if len(work.shapes) == 1 else model.new_bool_var("")
        model.add(end - start >= shape.size).only_enforce_if(taken)
        stretches = _stretches(model, work, shape, taken, (start, end))
        for begin, size, stop in stretches:
            interval = model.new_optional_interval_var(begin, size, stop, taken, "")
            for team, demand in shape.demands:
                if demand:
                    loads[team].append((interval, demand))
        ways.append(Way(shape, taken, tuple((begin, size) for begin, size, _ in stretches)))
    if len(ways) > 1:
        model.add(sum(way.taken for way in ways) == chosen)
    return Spot(start, end, tuple(ways))


def _stretches(
    model: cp_model.CpModel,
    work: Work,
    shape: Shape,
    taken: cp_model.IntVar,
    ends: tuple[cp_model.IntVar, cp_model.IntVar],
) -> list[tuple[cp_model.IntVar, cp_model.IntVar | int, cp_model.IntVar]]:
    """The stretches of a shape as (start, size, stop), in order; one, unless the work may pause or has paused."""
    count = len(work.placed) or min(work.parts, shape.size)
    if count == 1:
        return [(ends[0], shape.size, ends[1])]
    found: list[tuple[cp_model.IntVar, cp_model.IntVar | int, cp_model.IntVar]] = []
    for number in range(count):
        begin = ends[0] if number == 0 else model.new_int_var(work.first, work.last, "")
        stop = ends[1] if number == count - 1 else model.new_int_var(work.first, work.last, "")
        if found:
            model.add(begin >= found[-1][2]).only_enforce_if(taken)
        size = model.new_int_var(1, shape.size - count + 1, "")
        if work.placed:
            model.add(begin == work.placed[number][0])
            model.add(size == work.placed[number][1])
        found.append((begin, size, stop))
    model.add(sum(size for _, size, _ in found) == shape.size).only_enforce_if(taken)
    return found


def _add_capacity(model: cp_model.CpModel, calendar: TeamCalendar, load: Load) -> None:
    """At most what is free on each day: a level, and fixed intervals that fill it up where less is free."""
    if not load:
        return
    most = max(calendar.free)
    intervals, demands = [interval for interval, _ in load], [demand for _, demand in load]
    for start, size, free in runs(calendar.free):
        if free < most:
            intervals.append(model.new_fixed_size_interval_var(start, size, ""))
            demands.append(most - free)
    model.add_cumulative(intervals, demands, most)


def runs(free: Iterable[int]) -> list[tuple[int, int, int]]:
    """Runs of days with the same free capacity, as (start, size, free)."""
    found: list[tuple[int, int, int]] = []
    for place, size in enumerate(free):
        if found and found[-1][2] == size:
            found[-1] = (found[-1][0], found[-1][1] + 1, size)
        else:
            found.append((place, 1, size))
    return found


def _add_order(
    problem: Problem,
    made: CalendarModel,
    earlier: int,
    later: int,
    ready: dict[tuple[int, int, int], cp_model.IntVar],
) -> None:
    """When both are chosen, the later item starts on a day after the earlier one's finish."""
    both = [made.chosen[earlier], made.chosen[later]]
    before, behind = problem.items[earlier], problem.items[later]
    for number, (work, spot) in enumerate(zip(before.works, made.spots[earlier], strict=True)):
        for other, waits in zip(behind.works, made.spots[later], strict=True):
            table = follow(problem.calendars[work.team], problem.calendars[other.team], before.waiting)
            if table == list(range(len(table))):
                made.model.add(waits.start >= spot.end).only_enforce_if(both)
                continue
            key = earlier, number, other.team
            if key not in ready:
                ready[key] = made.model.new_int_var(0, len(problem.calendars[other.team].days), "")
                made.model.add_element(spot.end, table, ready[key])
            made.model.add(waits.start >= ready[key]).only_enforce_if(both)


def follow(team: TeamCalendar, next_team: TeamCalendar, waiting: int) -> list[int]:
    """For each place after an end of one team's work: where another may start, the waiting days over."""
    return [0, *(next_team.after_day(day + timedelta(days=waiting)) for day in team.days)]


def hint(made: CalendarModel, schedule: Schedule) -> None:
    """Tell the solver where to begin."""
    made.model.clear_hints()
    for item, chosen in enumerate(made.chosen):
        made.model.add_hint(chosen, item in schedule)
        for spot, placement in zip(made.spots[item], schedule.get(item, ()), strict=False):
            made.model.add_hint(spot.start, placement.start)
            made.model.add_hint(spot.end, placement.end)
            if len(spot.ways) > 1:
                for way in spot.ways:
                    made.model.add_hint(way.taken, way.shape == placement.shape)


def read(made: CalendarModel, value: Value) -> Schedule:
    """The calendar that an answer of the solver stands for."""
    return {
        item: tuple(_placement(spot, value) for spot in made.spots[item])
        for item, chosen in enumerate(made.chosen)
        if value(chosen)
    }


def _placement(spot: Spot, value: Value) -> Placement:
    way = next(way for way in spot.ways if value(way.taken))
    spans = [(value(start), size if isinstance(size, int) else value(size)) for start, size in way.stretches]
    return Placement(way.shape, joined(spans))


def joined(spans: Iterable[tuple[int, int]]) -> Stretches:
    """Stretches in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, size in spans:
        if found and sum(found[-1]) == start:
            found[-1] = (found[-1][0], found[-1][1] + size)
        else:
            found.append((start, size))
    return tuple(found)


def solver(seconds: float, seed: int) -> cp_model.CpSolver:
    """A solver of one thread, its seed fixed."""
    made = cp_model.CpSolver()
    made.parameters.max_time_in_seconds = seconds
    made.parameters.num_workers = 1
    made.parameters.catch_sigint_signal = False  # or Ctrl-C is no longer ours afterwards
    made.parameters.random_seed = seed
    return made


def settle(problem: Problem, known: Schedule, weights: Mapping[int, float], watch: Watch, seed: int) -> Schedule:
    """A calendar of the same items in which those of more weight are finished earlier; at worst the one known."""
    made = calendar_model(problem)
    parts: list[cp_model.LinearExpr] = []
    for item, chosen in enumerate(made.chosen):
        made.model.add(chosen == (item in known))
        weight = round(weights.get(item, 0.0))
        parts += [weight * spot.end for spot in made.spots[item] if item in known and weight]
    hint(made, known)
    made.model.minimize(sum(parts))
    search = solver(max(0.1, watch.left), seed)
    search.parameters.max_deterministic_time = SETTLE_EFFORT
    status = watch.run(lambda: search.solve(made.model), search.stop_search)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return known
    return read(made, search.value)


def shortest(problem: Problem, known: Schedule, watch: Watch, seed: int = 1) -> tuple[Schedule, int]:
    """The calendar of all items whose last end is earliest, beginning from one known, and a bound on that end.

    Plain work is pressed before each search. A short search comes first, as it is enough for most; the second begins
    where pressing ends, and looks about it.
    """
    plain = project(problem)
    best, bound, seconds = known, 0 if plain is None else plain.bound, watch.left
    for pressing, searching, about in PHASES:
        if plain is not None:
            best = _pressed(problem, plain, best, watch, pressing * seconds, seed)
        if _last(best) <= bound or not watch.left:
            break
        left = watch.left if about or plain is None else searching * seconds
        best, proven = _sooner(problem, best, bound, watch, left, seed, about=about)
        bound = max(bound, proven)
    return best, bound


def _last(schedule: Schedule) -> int:
    return max((placement.end for placements in schedule.values() for placement in placements), default=0)


def _pressed(problem: Problem, plain: Project, known: Schedule, watch: Watch, seconds: float, seed: int) -> Schedule:
    stop, until = Event(), watch.elapsed + min(seconds, watch.left)
    ends = [known[item][0].end for item in range(len(problem.items))]

    def go_on() -> bool:
        return watch.elapsed < until and not stop.is_set()

    return placed(problem, watch.run(lambda: pressed(plain, ends, go_on, seed), stop.set))


def _sooner(
    problem: Problem, known: Schedule, bound: int, watch: Watch, seconds: float, seed: int, *, about: bool
) -> tuple[Schedule, int]:
    """A calendar that ends sooner, if the solver finds one, and its bound; `about` keeps it near the one known."""
    made = calendar_model(problem)
    for chosen in made.chosen:
        made.model.add(chosen == 1)
    last = made.model.new_int_var(bound, _last(known), "")
    made.model.add_max_equality(last, [spot.end for spots in made.spots for spot in spots])
    hint(made, known)
    made.model.minimize(last)
    search = solver(seconds, seed)
    search.parameters.num_workers = 2
    search.parameters.catch_sigint_signal = False  # or Ctrl-C is no longer ours afterwards
    if about:
        search.parameters.subsolvers.extend(ABOUT)
        search.parameters.ignore_subsolvers.extend(NOT_ABOUT)
    status = watch.run(lambda: search.solve(made.model), search.stop_search)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return read(made, search.value) if found else known, round(search.best_objective_bound)

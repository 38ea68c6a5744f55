"""Which items and when, decided together: optional intervals under each team's capacity, by OR-Tools CP-SAT.

Every number in the model is whole: values of terms count in units of 1e-7 of the objective, z in units of 1e-4.
All rounding makes the model more hopeful than the truth, never less, so its bound holds for the objective itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil, floor
from typing import TYPE_CHECKING

from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.cuts import (
    CellCut,
    Tangent,
    cell_range,
    cuts_at,
    first_cell_cuts,
    first_tangents,
    term_range,
)
from launchpad.planning.problem import Problem, Work
from launchpad.planning.serial import Placement, Schedule

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, CpModel, IntVar, LinearExprT

UNIT = 10_000_000
DEPTH = 10_000
_STEEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Stretch:
    """The variables of one stretch of one shape of a piece of work."""

    start: "IntVar"
    size: "IntVar | int"


@dataclass(frozen=True, slots=True)
class WorkVariables:
    """The variables of a piece of work: where it starts and ends, and each of its shapes with its stretches."""

    start: "IntVar"
    end: "IntVar"
    shapes: tuple[tuple["BoolVarT", tuple[Stretch, ...]], ...]


@dataclass
class CalendarModel:
    """The calendar part of the model: who is chosen, and where each piece of its work lies."""

    model: "CpModel"
    chosen: list["BoolVarT"]
    works: list[tuple[WorkVariables, ...]]
    ready: dict[tuple[int, int, int], "IntVar"] = field(default_factory=dict)


def calendar_model(problem: Problem) -> CalendarModel:
    """The rules of the calendar and between the items, without an objective."""
    from ortools.sat.python.cp_model import CpModel

    model = CpModel()
    made = CalendarModel(model, [model.new_bool_var("") for _ in problem.items], [])
    loads: list[list[tuple[object, int]]] = [[] for _ in problem.calendars]
    for item, chosen in zip(problem.items, made.chosen, strict=True):
        made.works.append(tuple(_work(made, work, chosen, loads) for work in item.works))
    for calendar, load in zip(problem.calendars, loads, strict=True):
        _capacity(model, calendar, load)
    for earlier, later in problem.after:
        _order(problem, made, earlier, later)
    return made


def _work(
    made: CalendarModel, work: Work, chosen: "BoolVarT", loads: list[list[tuple[object, int]]]
) -> WorkVariables:
    model = made.model
    start = model.new_int_var(work.first, work.last, "")
    end = model.new_int_var(work.first, work.last, "")
    if work.placed:
        model.add(start == work.placed[0][0])
        model.add(end == sum(work.placed[-1]))
    shapes: list[tuple[BoolVarT, tuple[Stretch, ...]]] = []
    for shape in work.shapes:
        taken = chosen if len(work.shapes) == 1 else model.new_bool_var("")
        parts = len(work.placed) or min(work.parts, shape.size)
        pieces: list[Stretch] = []
        if parts == 1:
            model.add(start + shape.size == end).only_enforce_if(taken)
            pieces = [Stretch(start, shape.size)]
            interval = model.new_optional_fixed_size_interval_var(start, shape.size, taken, "")
            for team, demand in shape.demands:
                loads[team].append((interval, demand))
        else:
            pieces = _stretches(made, work, shape.size, parts, taken, start, end)
            for number, piece in enumerate(pieces):
                stop = model.new_int_var(work.first, work.last, "") if number < parts - 1 else end
                interval = model.new_optional_interval_var(piece.start, piece.size, stop, taken, "")
                if number < parts - 1:
                    model.add(stop <= pieces[number + 1].start).only_enforce_if(taken)
                for team, demand in shape.demands:
                    loads[team].append((interval, demand))
        shapes.append((taken, tuple(pieces)))
    if len(shapes) > 1:
        model.add(sum(taken for taken, _ in shapes) == chosen)
    return WorkVariables(start, end, tuple(shapes))


def _stretches(
    made: CalendarModel,
    work: Work,
    size: int,
    parts: int,
    taken: "BoolVarT",
    start: "IntVar",
    end: "IntVar",
) -> list[Stretch]:
    model = made.model
    pieces: list[Stretch] = []
    for number in range(parts):
        begin = start if number == 0 else model.new_int_var(work.first, work.last, "")
        pieces.append(Stretch(begin, model.new_int_var(1, size - parts + 1, "")))
        if work.placed:
            model.add(begin == work.placed[number][0])
            model.add(pieces[-1].size == work.placed[number][1])
    model.add(sum(piece.size for piece in pieces) == size)
    model.add(end - start >= size).only_enforce_if(taken)
    return pieces


def _capacity(model: "CpModel", calendar: TeamCalendar, load: list[tuple[object, int]]) -> None:
    """At most what is free on each day: a level, and fixed intervals that fill it where less is free."""
    if not load:
        return
    most = max(calendar.free, default=0)
    intervals, demands = [each for each, _ in load], [demand for _, demand in load]
    for start, stop, free in _levels(calendar.free):
        if free < most:
            intervals.append(model.new_fixed_size_interval_var(start, stop - start, ""))
            demands.append(most - free)
    model.add_cumulative(intervals, demands, most)


def _levels(free: Iterable[int]) -> list[tuple[int, int, int]]:
    """Runs of days with the same free capacity as (start, stop, free)."""
    runs: list[tuple[int, int, int]] = []
    for place, size in enumerate(free):
        if runs and runs[-1][2] == size:
            runs[-1] = (runs[-1][0], place + 1, size)
        else:
            runs.append((place, place + 1, size))
    return runs


def _order(problem: Problem, made: CalendarModel, earlier: int, later: int) -> None:
    """When both are chosen, the later item starts on a day after the earlier one's finish."""
    both = [made.chosen[earlier], made.chosen[later]]
    waiting = problem.items[earlier].waiting
    for work, used in zip(problem.items[earlier].works, made.works[earlier], strict=True):
        for other, waits in zip(problem.items[later].works, made.works[later], strict=True):
            table = follow(problem.calendars[work.team], problem.calendars[other.team], waiting)
            if table == list(range(len(table))):
                made.model.add(waits.start >= used.end).only_enforce_if(both)
                continue
            ready = made.model.new_int_var(0, len(problem.calendars[other.team].days), "")
            made.model.add_element(used.end, table, ready)
            made.model.add(waits.start >= ready).only_enforce_if(both)


def follow(done: TeamCalendar, next_team: TeamCalendar, waiting: int) -> list[int]:
    """For each end place of one team's work: where another team may start after it and the waiting days."""
    from datetime import timedelta

    ends = [next_team.after_day(day + timedelta(days=waiting)) for day in done.days]
    return [0, *ends]


@dataclass
class JointModel:
    """The calendar model with the rules of selection and the objective."""

    calendar: CalendarModel
    credits: list["IntVar"]
    depths: list["IntVar"]
    values: list["IntVar"]


def joint_model(problem: Problem) -> JointModel:
    """The model of selection and calendar together, with the cuts to begin with."""
    calendar = calendar_model(problem)
    model = calendar.model
    selection(problem, calendar)
    objective = problem.objective
    made = JointModel(calendar, [], [], [])
    for cell in objective.cells:
        reach = cell_range(cell)
        made.credits.append(model.new_int_var(floor(reach.low * DEPTH), ceil(reach.high * DEPTH) + 1, ""))
    for number, term in enumerate(objective.terms):
        reach = term_range(objective, number)
        slack = len(term.cells) + len(term.credits) + 1
        made.depths.append(
            model.new_int_var(floor(reach.low * DEPTH) - slack, ceil(reach.high * DEPTH) + slack, "")
        )
        made.values.append(model.new_int_var(0, ceil(term.value(reach.low) * UNIT) + 1, ""))
        parts = [made.credits[cell] for cell in term.cells]
        own = [ceil(credit * DEPTH) * calendar.chosen[item] for item, credit in term.credits]
        model.add(made.depths[-1] == sum(parts) + sum(own))
    for floor_ in problem.floors:
        model.add(made.depths[floor_.term] >= floor(floor_.least * DEPTH))
    add_cuts(problem, made, first_cell_cuts(objective), first_tangents(objective, 2e-3))
    return made


def selection(problem: Problem, made: CalendarModel) -> None:
    """The rules between items."""
    model, chosen = made.model, made.chosen
    for rule in problem.at_most_one:
        model.add_at_most_one(chosen[item] for item in rule.items)
    for need in problem.needs:
        model.add_bool_or([chosen[need.item].negated(), *(chosen[other] for other in need.one_of)])
    for rule in (*problem.musts, *problem.wanted):
        model.add_bool_or([chosen[item] for item in rule.items])
    for rule in problem.nevers:
        for item in rule.items:
            model.add(chosen[item] == 0)
    for limit in problem.limits:
        scale = 1_000_000 / max(abs(limit.room), *(abs(weight) for _, weight in limit.weights), 1e-12)
        weights = [floor(weight * scale) * chosen[item] for item, weight in limit.weights]
        model.add(sum(weights) <= ceil(limit.room * scale))


def add_cuts(
    problem: Problem, made: JointModel, cells: Iterable[CellCut], tangents: Iterable[Tangent]
) -> None:
    """Add bounds on the credits of cells and on the values of terms."""
    model, chosen = made.calendar.model, made.calendar.chosen
    for cut in cells:
        weights = [ceil(weight * DEPTH) * chosen[item] for item, weight in cut.weights if weight]
        model.add(made.credits[cut.cell] - sum(weights) <= ceil(cut.constant * DEPTH) + 1)
    for line in tangents:
        reach = term_range(problem.objective, line.term)
        steep = -line.slope * UNIT / DEPTH
        scale = max(1, min(_STEEP, floor(_STEEP / max(steep, 1.0))))
        weight = round(steep * scale)
        off = weight - steep * scale
        least = scale * UNIT * line.constant + min(off * (reach.low * DEPTH - 50), off * (reach.high * DEPTH + 50))
        model.add(scale * made.values[line.term] + weight * made.depths[line.term] >= floor(least) - scale)


def cut_at(problem: Problem, made: JointModel, chosen: Iterable[int]) -> None:
    """Make the model exact, up to rounding, at a selection."""
    add_cuts(problem, made, *cuts_at(problem.objective, chosen))


def hint(problem: Problem, made: CalendarModel, schedule: Schedule) -> None:
    """Tell the solver where to begin: this calendar."""
    made.model.clear_hints()
    for item, chosen in enumerate(made.chosen):
        made.model.add_hint(chosen, item in schedule)
        for variables, placement in zip(made.works[item], schedule.get(item, ()), strict=False):
            made.model.add_hint(variables.start, placement.start)
            made.model.add_hint(variables.end, placement.end)


def weight_of(value: "LinearExprT") -> "LinearExprT":
    return value


def read(problem: Problem, made: CalendarModel, value: "object") -> Schedule:
    """The calendar a solver's answer stands for; `value` gives a variable's value."""
    found: Schedule = {}
    for item, chosen in enumerate(made.chosen):
        if value(chosen):  # type: ignore[operator]
            found[item] = tuple(
                _placement(work, variables, value)
                for work, variables in zip(problem.items[item].works, made.works[item], strict=True)
            )
    return found


def _placement(work: Work, variables: WorkVariables, value: "object") -> Placement:
    for shape, (taken, pieces) in zip(work.shapes, variables.shapes, strict=True):
        if value(taken):  # type: ignore[operator]
            spans = [(value(piece.start), value(piece.size)) for piece in pieces]  # type: ignore[operator]
            return Placement(shape, joined(spans))
    raise AssertionError


def joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, size in spans:
        if found and sum(found[-1]) == start:
            found[-1] = (found[-1][0], found[-1][1] + size)
        else:
            found.append((start, size))
    return tuple(found)

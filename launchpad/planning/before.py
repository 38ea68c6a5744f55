"""Where the launch's current plan put things: what a new plan leaves there if it can."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from launchpad.planning.calendar import HUNDREDTHS, TeamCalendar, working_days
from launchpad.planning.problem import Problem, Shape, Work
from launchpad.planning.serial import Placement, Schedule, Stretches
from launchpad.records import Inputs, Launch, Plan, PlanItem, PlanWork, Team

Rows = Sequence[PlanWork]


@dataclass(frozen=True, slots=True)
class Before:
    """The work of the current plan: of each variant and of each evaluation (row ids), by team, in order of time."""

    variants: Mapping[int, Mapping[int, Rows]]
    evaluations: Mapping[int, Mapping[int, Rows]]


NO_PLAN = Before({}, {})


def plan_before(inputs: Inputs, launch: Launch) -> Before:
    """The current plan of a launch as it was stored; empty when there is none."""
    plan = next((row for row in inputs.rows(Plan, launch.id) if row.code == launch.current_plan), None)
    if plan is None:
        return NO_PLAN
    variants: dict[int, Mapping[int, Rows]] = {}
    evaluations: dict[int, Mapping[int, Rows]] = {}
    for item in inputs.children(PlanItem, "plan", plan.id):
        teams: dict[int, list[PlanWork]] = {}
        for row in sorted(inputs.children(PlanWork, "item", item.id), key=lambda row: row.start):
            teams.setdefault(row.team, []).append(row)
        if item.variant is not None:
            variants[item.variant] = teams
        elif item.evaluation is not None:
            evaluations[item.evaluation] = teams
    return Before(variants, evaluations)


def ahead(inputs: Inputs, launch: Launch, teams: Mapping[int, Rows]) -> dict[int, float]:
    """For each team (row id) the share of its planned working days that lies on the as-of date or after it."""
    found: dict[int, float] = {}
    for team, rows in teams.items():
        days = [
            day.isoformat()
            for row in rows
            for day in working_days(
                inputs, inputs.get(Team, team), date.fromisoformat(row.start), date.fromisoformat(row.finish)
            )
        ]
        found[team] = sum(day >= launch.as_of for day in days) / len(days) if days else 0.0
    return found


def places_before(problem: Problem, before: Before) -> Schedule:
    """The items that the current plan holds and that could lie just where it put them, and what has been started."""
    found: Schedule = {}
    for number, item in enumerate(problem.items):
        if any(work.placed for work in item.works):
            found[number] = tuple(Placement(work.shapes[0], work.placed) for work in item.works)
            continue
        teams = (before.evaluations if item.mitigation is None else before.variants).get(item.row)
        if teams is None:
            continue
        places = [
            _same(problem.calendars[work.team], work, teams.get(problem.calendars[work.team].team, ()))
            for work in item.works
        ]
        if None not in places and len(teams) == len(item.works):
            found[number] = tuple(place for place in places if place is not None)
    return found


def _same(calendar: TeamCalendar, work: Work, rows: Rows) -> Placement | None:
    """The place a piece of work had, when its size is still one of its shapes and its days are still ahead."""
    stretches = [_stretch(calendar, row) for row in rows]
    if not stretches or any(not size for _, size in stretches):
        return None
    whole = sum(size for _, size in stretches)
    days = [calendar.days[start] for start, _ in stretches]
    if any(day.isoformat() != row.start for day, row in zip(days, rows, strict=True)):
        return None
    shape = next((shape for shape in work.shapes if shape.size == whole), None)
    return None if shape is None else Placement(shape, tuple(stretches))


def _stretch(calendar: TeamCalendar, row: PlanWork) -> tuple[int, int]:
    """The days of a planned stretch that are ahead, as (start, size)."""
    start = calendar.from_day(date.fromisoformat(row.start))
    return start, max(0, calendar.after_day(date.fromisoformat(row.finish)) - start)


def resumed(
    inputs: Inputs, calendar: TeamCalendar, work: Work, rows: Rows, free: Sequence[int], ready: date | None
) -> Placement | None:
    """Where what is left of a piece of work goes on: on its planned days at its planned pace, from `ready` on.

    What is left after the last planned day goes on from there on the next days with room for it; None when there is
    no room in time, or nothing was planned. `free` is what the team has left on each day.
    """
    pace = _pace(inputs, calendar, rows)
    if not pace:
        return None
    size = max(1, ceil(work.effort / pace))
    demand = ceil(work.effort / size)
    begin = work.first if ready is None else max(work.first, calendar.after_day(ready))
    planned = [place for row in rows for place in _places(calendar, row) if begin <= place < work.last]
    behind = planned[-1] + 1 if planned else begin
    places = [place for place in (*planned, *range(behind, work.last)) if free[place] >= demand][:size]
    if len(places) < size:
        return None
    return Placement(Shape(size, ((work.team, demand),)), _joined(places))


def _pace(inputs: Inputs, calendar: TeamCalendar, rows: Rows) -> int:
    """Hundredths of a person-day that were planned for each working day, those that have passed included."""
    team = inputs.get(Team, calendar.team)
    spans = [(date.fromisoformat(row.start), date.fromisoformat(row.finish)) for row in rows]
    count = sum(1 for start, finish in spans for _ in working_days(inputs, team, start, finish))
    return ceil(HUNDREDTHS * sum(row.days for row in rows) / count - 1e-6) if count else 0


def _places(calendar: TeamCalendar, row: PlanWork) -> Iterator[int]:
    start, size = _stretch(calendar, row)
    yield from range(start, start + size)


def _joined(places: Sequence[int]) -> Stretches:
    found: list[tuple[int, int]] = []
    for place in places:
        if found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((place, 1))
    return tuple(found)

"""How sure each item is to be ready: its chance by the freeze, from the uncertainty of its effort, and its slack."""

from datetime import date, timedelta

import numpy as np

from launchpad.planning.problem import Problem
from launchpad.planning.reading import Case
from launchpad.planning.serial import Schedule, finish_day, in_order, start_day
from launchpad.records import Effort, MitigationVariant
from launchpad.scoring import estimates
from launchpad.scoring.arrays import Floats
from launchpad.scoring.streams import normals

DRAWS = 2000


def p_ready(case: Case, schedule: Schedule, seed: int) -> dict[int, float]:
    """For each item of a plan the share of draws in which it is finished by the freeze date, buffer included.

    In each draw a team's part lasts its planned working days x drawn effort / mean effort. It starts when it is
    planned to, or later when what it waits for is late. Nobody is moved from one item to another, and other work of
    the same team does not wait for it; weekends within the part stretch with it.
    """
    problem = case.problem
    freeze = date.fromisoformat(case.launch.freeze_date)
    ends: dict[int, Floats] = {}
    found: dict[int, float] = {}
    for item in in_order(problem, schedule, {}):
        ready = [ends[other] + 1 for other in problem.before.get(item, ()) if other in schedule]
        parts: list[Floats] = []
        for number, (work, placement) in enumerate(zip(problem.items[item].works, schedule[item], strict=True)):
            days = problem.calendars[work.team].days
            first, last = days[placement.start].toordinal(), days[placement.end - 1].toordinal()
            start = np.maximum.reduce([np.full(DRAWS, float(first)), *ready])
            parts.append(start + _stretched(case, item, number, seed) * (last - first + 1) - 1)
        ends[item] = np.ceil(np.maximum.reduce(parts) - 1e-9) + problem.items[item].waiting
        found[item] = float(np.mean(ends[item] <= freeze.toordinal()))
    return found


def slack_days(problem: Problem, schedule: Schedule) -> dict[int, int]:
    """For each item of a plan the calendar days its finish may slip before the last day, or before what waits for it.

    The other work of its teams does not count: whether they have the days is another question.
    """
    found: dict[int, int] = {}
    for item, placements in schedule.items():
        later = [other for other in problem.behind.get(item, ()) if other in schedule]
        starts = [start_day(problem, other, schedule[other]) - timedelta(days=1) for other in later]
        due = min([problem.last_day, *starts])
        found[item] = (due - finish_day(problem, item, placements)).days
    return found


def _stretched(case: Case, item: int, number: int, seed: int) -> Floats | float:
    """Drawn effort over its mean; 1 for an evaluation, whose effort is stated as plain numbers."""
    planned = case.problem.items[item]
    if planned.mitigation is None:
        return 1.0
    variant = case.inputs.get(MitigationVariant, planned.row)
    efforts = sorted(case.inputs.children(Effort, "variant", variant.id), key=case.inputs.address)
    spread = estimates.spread_of(case.inputs, efforts[number], "days")
    mean = estimates.mean(spread)
    if mean <= 0:
        return 1.0
    address = case.inputs.address(efforts[number])
    return estimates.at(spread, normals(seed, address, "effort", DRAWS)) / mean

"""The chance that each item is ready by the freeze, from the uncertainty of its effort."""

from datetime import date

import numpy as np

from launchpad.planning.reading import Case
from launchpad.planning.serial import Schedule, in_order
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

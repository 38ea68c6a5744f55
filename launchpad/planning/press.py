"""A calendar of given work that ends earlier: pushed to the right, then to the left, shaken and pushed again.

Forward and backward scheduling in turn (Li & Willis 1992), as a local search that forgets a stretch of days at a time.
For work in one piece under capacities that stay the same; thousands of calendars a second, where a solver's own
search makes a few. What all teams have left on a day is one whole number: a field of bits for each team, and a guard
bit above it that stays when a demand is taken off and fits.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from launchpad.planning.problem import Problem
from launchpad.planning.serial import Placement, Schedule

Ends = list[int]
SHAKEN = (0.1, 0.4)
"""The share of the calendar that one shake forgets the order of."""
WORSE = 0.02
"""How often a calendar one day longer than the last is gone on from."""


@dataclass(frozen=True)
class Project:
    """Work by place: how many days, what it takes of every team as one number, and who waits for whom."""

    sizes: tuple[int, ...]
    takes: tuple[int, ...]
    before: tuple[tuple[int, ...], ...]
    behind: tuple[tuple[int, ...], ...]
    full: int
    guard: int
    bound: int


def project(problem: Problem) -> Project | None:
    """The problem as a plain project; None when it is none: pauses, waiting, choices, windows, uneven capacity."""
    works = [item.works[0] for item in problem.items if len(item.works) == 1 and not item.waiting]
    even = all(len(set(calendar.free)) <= 1 for calendar in problem.calendars)
    days = {calendar.days for calendar in problem.calendars}
    plain = all(len(one.shapes) == 1 and one.parts == 1 and not one.placed and not one.first for one in works)
    if len(works) < len(problem.items) or not (even and plain) or len(days) != 1:
        return None
    room = [max(calendar.free, default=0) for calendar in problem.calendars]
    places = [sum(each.bit_length() + 1 for each in room[:team]) for team in range(len(room))]
    guard = sum(1 << (place + each.bit_length()) for place, each in zip(places, room, strict=True))
    count = range(len(works))
    sizes = tuple(one.shapes[0].size for one in works)
    demands = [one.shapes[0].demands for one in works]
    if any(demand > room[team] for each in demands for team, demand in each):
        return None
    before = tuple(problem.before.get(item, ()) for item in count)
    behind = tuple(problem.behind.get(item, ()) for item in count)
    return Project(
        sizes,
        tuple(sum(demand << places[team] for team, demand in each) for each in demands),
        before,
        behind,
        guard + sum(each << place for place, each in zip(places, room, strict=True)),
        guard,
        _bound(sizes, [dict(each) for each in demands], before, behind, room),
    )


def _bound(
    sizes: Sequence[int],
    demands: Sequence[dict[int, int]],
    before: Sequence[tuple[int, ...]],
    behind: Sequence[tuple[int, ...]],
    room: Sequence[int],
) -> int:
    """What no calendar ends before: the longest chain; and what must lie between two chains, by each team's total."""
    heads, tails = _chains(sizes, before, behind), _chains(sizes, behind, before)
    best = max((head + size for head, size in zip(heads, sizes, strict=True)), default=0)
    for team, most in enumerate(room):
        for head in set(heads):
            inside = [item for item, each in enumerate(heads) if each >= head and demands[item].get(team, 0)]
            total = 0
            by_tail = sorted(inside, key=lambda item: -tails[item])
            for item in by_tail:
                total += sizes[item] * demands[item][team]
                best = max(best, head - (-total // most) + tails[item])
    return best


def _chains(sizes: Sequence[int], before: Sequence[tuple[int, ...]], behind: Sequence[tuple[int, ...]]) -> list[int]:
    """The earliest start of each piece of work, were there room for everything."""
    starts = [0] * len(sizes)
    for item in _by_rank(starts, before, behind):
        starts[item] = max((starts[other] + sizes[other] for other in before[item]), default=0)
    return starts


def pressed(made: Project, known: Ends, go_on: Callable[[], bool], seed: int) -> Ends:
    """The ends of work in the shortest calendar met while `go_on`, never longer than the known one."""
    drawn = random.Random(seed)  # noqa: S311 - a search, not a secret
    best = here = min(_justified(made, known), known, key=max)
    while max(best) > made.bound and go_on():
        there = _justified(made, _shaken(made, here, drawn))
        if max(there) <= max(here) + (drawn.random() < WORSE):
            here = there
        if max(here) < max(best):
            best = here
    return best


def _shaken(made: Project, ends: Ends, drawn: random.Random) -> Ends:
    """A calendar in which work begun in one stretch of days comes in another order."""
    last = max(ends)
    width = drawn.uniform(*SHAKEN) * last
    left = drawn.uniform(-width / 2, last - width / 2)
    rank = [float(end - size) for end, size in zip(ends, made.sizes, strict=True)]
    for item, start in enumerate(rank):
        if left <= start <= left + width:
            rank[item] = start + drawn.uniform(-width / 2, width / 2)
    return _serial(made, _by_rank(rank, made.before, made.behind), made.before)


def _justified(made: Project, ends: Ends) -> Ends:
    """The same work as late as it fits, what ends last first; then as early as it fits, what starts first first."""
    items = range(len(ends))
    back = _serial(made, sorted(items, key=lambda item: -ends[item]), made.behind)
    return _serial(made, sorted(items, key=lambda item: -back[item]), made.before)


def _serial(made: Project, order: Sequence[int], before: Sequence[tuple[int, ...]]) -> Ends:
    """The ends when work is placed in this order, each piece as early as it fits."""
    sizes, takes, guard = made.sizes, made.takes, made.guard
    free = [made.full] * (sum(sizes) + 1)
    ends = [0] * len(sizes)
    for item in order:
        day = max((ends[other] for other in before[item]), default=0)
        size, take, run = sizes[item], takes[item], 0
        while run < size:
            run = run + 1 if (free[day] - take) & guard == guard else 0
            day += 1
        for used in range(day - size, day):
            free[used] -= take
        ends[item] = day
    return ends


def _by_rank(rank: Sequence[float], before: Sequence[tuple[int, ...]], behind: Sequence[tuple[int, ...]]) -> list[int]:
    """Work so that none stands before one it waits for; of what is free the smallest rank first."""
    waits = [len(each) for each in before]
    line = [(rank[item], item) for item, count in enumerate(waits) if not count]
    heapify(line)
    found: list[int] = []
    while line:
        _, item = heappop(line)
        found.append(item)
        for later in behind[item]:
            waits[later] -= 1
            if not waits[later]:
                heappush(line, (rank[later], later))
    return found


def placed(problem: Problem, ends: Ends) -> Schedule:
    """The ends as a calendar."""
    shapes = [item.works[0].shapes[0] for item in problem.items]
    return {
        item: (Placement(shape, ((end - shape.size, shape.size),)),)
        for item, (shape, end) in enumerate(zip(shapes, ends, strict=True))
    }

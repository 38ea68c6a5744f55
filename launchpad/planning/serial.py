"""A calendar built one item at a time, each as early as it fits: quick, feasible, rarely the best."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from launchpad.planning.problem import Problem, Shape, Work

Stretches = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one piece of work lies: its shape and its stretches as (start, size) on its team's calendar."""

    shape: Shape
    stretches: Stretches

    @property
    def start(self) -> int:
        """The place of its first day."""
        return self.stretches[0][0]

    @property
    def end(self) -> int:
        """The place after its last day."""
        start, size = self.stretches[-1]
        return start + size


Schedule = dict[int, tuple[Placement, ...]]


def finish_day(problem: Problem, item: int, placements: Sequence[Placement]) -> date:
    """The date on which an item is finished: its last working day, and the waiting after it.

    What takes no work is finished before everything.
    """
    works = problem.items[item].works
    ends = (
        problem.calendars[work.team].days[placement.end - 1] for work, placement in zip(works, placements, strict=True)
    )
    last = max(ends, default=None)
    return date.min if last is None else last + timedelta(days=problem.items[item].waiting)


def start_day(problem: Problem, item: int, placements: Sequence[Placement]) -> date:
    """The date on which work on an item begins; the latest there is for what takes no work."""
    works = problem.items[item].works
    starts = (
        problem.calendars[work.team].days[placement.start] for work, placement in zip(works, placements, strict=True)
    )
    return min(starts, default=date.max)


class Timetable:
    """What has been placed so far, and what each team has left on each day."""

    def __init__(self, problem: Problem, known: Schedule | None = None) -> None:
        self.problem = problem
        self.free = [list(calendar.free) for calendar in problem.calendars]
        self.placed: Schedule = dict(known or {})
        for placements in self.placed.values():
            for placement in placements:
                self._use(placement, 1)

    def add(self, item: int) -> bool:
        """Place an item as early as it fits beside what is there; False when it does not fit."""
        first_day = self._ready_day(item)
        last_day = self._due_day(item)
        found: list[Placement] = []
        for work in self.problem.items[item].works:
            placement = self._find(work, first_day, last_day)
            if placement is None:
                for taken in found:
                    self._use(taken, -1)
                return False
            self._use(placement, 1)
            found.append(placement)
        self.placed[item] = tuple(found)
        return True

    def add_all(self, items: Iterable[int]) -> bool:
        """Place items in this order, all or none; what has to follow them is placed anew behind them."""
        free, placed = [list(row) for row in self.free], dict(self.placed)
        wanted = [item for item in items if item not in self.placed]
        behind = {other for item in wanted for other in self.problem.behind.get(item, ()) if other in self.placed}
        again = [item for item in sorted(behind) if not any(work.placed for work in self.problem.items[item].works)]
        for item in again:
            self.remove(item)
        if all(self.add(item) for item in (*wanted, *again)):
            return True
        self.free, self.placed = free, placed
        return False

    def put(self, item: int, placements: tuple[Placement, ...]) -> bool:
        """Place an item just there; False, and nothing changed, when that does not fit beside what is there."""
        ready, due = self._ready_day(item), self._due_day(item)
        works = self.problem.items[item].works
        if not all(self._allows(work, spot, ready, due) for work, spot in zip(works, placements, strict=True)):
            return False
        self.fix(item, placements)
        if all(free >= 0 for row in self.free for free in row):
            return True
        self.remove(item)
        return False

    def fix(self, item: int, placements: tuple[Placement, ...]) -> None:
        """Place an item just there, whether it fits or not."""
        for placement in placements:
            self._use(placement, 1)
        self.placed[item] = placements

    def _allows(self, work: Work, spot: Placement, ready: date | None, due: date | None) -> bool:
        if work.placed:
            return spot.stretches == work.placed
        calendar = self.problem.calendars[work.team]
        first = work.first if ready is None else max(work.first, calendar.after_day(ready))
        last = work.last if due is None else min(work.last, calendar.from_day(due))
        return (
            spot.shape in work.shapes
            and len(spot.stretches) <= work.parts
            and first <= spot.start < max(work.latest, 1)
            and spot.end <= last
        )

    def remove(self, item: int) -> None:
        """Take an item out of the calendar."""
        for placement in self.placed.pop(item):
            self._use(placement, -1)

    def _ready_day(self, item: int) -> date | None:
        """The date after which an item may start: the latest finish of what it waits for."""
        earlier = [other for other in self.problem.before.get(item, ()) if other in self.placed]
        return max((finish_day(self.problem, other, self.placed[other]) for other in earlier), default=None)

    def _due_day(self, item: int) -> date | None:
        """The date before which an item's work must end so that what waits for it still can start."""
        later = [other for other in self.problem.behind.get(item, ()) if other in self.placed]
        starts = (start_day(self.problem, other, self.placed[other]) for other in later)
        due = min(starts, default=None)
        return None if due is None else due - timedelta(days=self.problem.items[item].waiting)

    def _find(self, work: Work, first_day: date | None, last_day: date | None) -> Placement | None:
        if work.placed:
            fixed = Placement(work.shapes[0], work.placed)
            days = (place for start, size in work.placed for place in range(start, start + size))
            return fixed if all(self._fits(fixed.shape, place) for place in days) else None
        calendar = self.problem.calendars[work.team]
        first = work.first if first_day is None else max(work.first, calendar.after_day(first_day))
        last = work.last if last_day is None else min(work.last, calendar.from_day(last_day))
        found = [
            placement for shape in work.shapes if (placement := self._earliest(shape, work, first, last)) is not None
        ]
        return min(found, key=lambda placement: placement.end, default=None)

    def _earliest(self, shape: Shape, work: Work, first: int, last: int) -> Placement | None:
        """The earliest stretches of a shape; after a break too many, the search starts again behind it."""
        start = first
        while start + shape.size <= last and start < work.latest:
            stretches, broke = self._stretches(shape, work.parts, start, last)
            if stretches is not None:
                return Placement(shape, stretches) if stretches[0][0] < work.latest else None
            start = broke
        return None

    def _stretches(self, shape: Shape, parts: int, start: int, last: int) -> tuple[Stretches | None, int]:
        found: list[list[int]] = []
        left, place = shape.size, start
        restart = last
        while left and place < last:
            if self._fits(shape, place):
                if not found or sum(found[-1]) < place:
                    if found:
                        restart = min(restart, place)
                    if len(found) == parts:
                        return None, restart
                    found.append([place, 0])
                found[-1][1] += 1
                left -= 1
            place += 1
        if left:
            return None, last
        return tuple((begin, size) for begin, size in found), last

    def _fits(self, shape: Shape, place: int) -> bool:
        return all(self.free[team][place] >= demand for team, demand in shape.demands)

    def _use(self, placement: Placement, sign: int) -> None:
        for start, size in placement.stretches:
            for team, demand in placement.shape.demands:
                row = self.free[team]
                for place in range(start, start + size):
                    row[place] -= sign * demand


def in_order(problem: Problem, items: Iterable[int], rank: Mapping[int, float]) -> list[int]:
    """Items so that none stands before one it waits for.

    Of the free ones those whose place is fixed come first, then the smallest rank (0 if not named).
    """
    left = set(items)

    def key(item: int) -> tuple[bool, float, int]:
        return not any(work.placed for work in problem.items[item].works), rank.get(item, 0.0), item

    waits = {item: sum(other in left for other in problem.before.get(item, ())) for item in left}
    line = [key(item) for item in left if not waits[item]]
    heapq.heapify(line)
    found: list[int] = []
    while line:
        *_, item = heapq.heappop(line)
        found.append(item)
        for later in problem.behind.get(item, ()):
            if later in left:
                waits[later] -= 1
                if waits[later] == 0:
                    heapq.heappush(line, key(later))
    return found + sorted(left.difference(found))

"""Where work can lie at all: windows narrowed by what must come before and after it."""

from dataclasses import replace
from datetime import date, timedelta

from launchpad.planning.problem import Item, Need, Problem, Shape, Work

_NEVER_BEFORE = date(1900, 1, 1)


def tightened(problem: Problem) -> Problem:
    """The same problem with narrower windows: no plan is lost, and what cannot be done at all shows.

    An item whose work no longer fits its windows keeps no shape for it (`possible` is then false).
    """
    items = list(problem.items)
    for _ in range(len(items)):
        moved = False
        for number in range(len(items)):
            narrower = _narrowed(problem, items, number)
            if narrower != items[number]:
                items[number], moved = narrower, True
        if not moved:
            break
    return replace(problem, items=tuple(items))


def possible(item: Item) -> bool:
    """Whether an item can be done at all, on an empty calendar."""
    return all(work.shapes for work in item.works)


def earliest_finish(problem: Problem, item: Item) -> date | None:
    """The earliest date on which an item can be finished, or None when it never can or takes no work."""
    if not item.works or not possible(item):
        return None
    ends = [
        problem.calendars[work.team].days[min(_earliest_end(problem, work, shape) for shape in work.shapes) - 1]
        for work in item.works
    ]
    return max(ends) + timedelta(days=item.waiting)


def latest_start(problem: Problem, item: Item) -> date | None:
    """The latest date on which work on an item may begin, or None when it never can or takes no work."""
    if not item.works or not possible(item):
        return None
    return min(
        problem.calendars[work.team].days[max(_latest_start(problem, work, shape) for shape in work.shapes)]
        for work in item.works
    )


def _narrowed(problem: Problem, items: list[Item], number: int) -> Item:
    item = items[number]
    ready = _ready(problem, items, number)
    due = _due(problem, items, number)
    works: list[Work] = []
    for work in item.works:
        calendar = problem.calendars[work.team]
        first = work.first if ready is None else max(work.first, calendar.after_day(ready))
        last = work.last
        if due is not None:
            last = min(last, calendar.from_day(due - timedelta(days=item.waiting)))
        narrowed = replace(work, first=first, last=max(first, last))
        kept = tuple(shape for shape in work.shapes if _fits(problem, narrowed, shape))
        works.append(work if work.placed else replace(narrowed, shapes=kept))
    return replace(item, works=tuple(works))


def _ready(problem: Problem, items: list[Item], number: int) -> date | None:
    """The date before which nothing of an item can start: each of its needs finished, at the earliest."""
    found: list[date] = []
    for need in problem.needs_of.get(number, ()):
        if all(other in problem.before.get(number, ()) for other in need.one_of):
            ends = [earliest_finish(problem, items[other]) for other in need.one_of]
            found += [] if _idle(items, need) else [min((end for end in ends if end is not None), default=date.max)]
    return max(found, default=None)


def _due(problem: Problem, items: list[Item], number: int) -> date | None:
    """The date by which an item must be finished so that what comes with it can still follow."""
    found: list[date] = []
    for need in problem.needs_of.get(number, ()):
        if all(other in problem.behind.get(number, ()) for other in need.one_of):
            starts = [latest_start(problem, items[other]) for other in need.one_of]
            known = [start for start in starts if start is not None]
            found += [] if _idle(items, need) else [max(known, default=_NEVER_BEFORE)]
    return min(found, default=None)


def _idle(items: list[Item], need: Need) -> bool:
    """Whether a need can be met by something that takes no work, and so no time."""
    return any(not items[other].works for other in need.one_of)


def _fits(problem: Problem, work: Work, shape: Shape) -> bool:
    return _earliest_end(problem, work, shape) <= work.last


def _earliest_end(problem: Problem, work: Work, shape: Shape) -> int:
    """The place after the earliest possible last day; beyond the calendar when there is none."""
    free = [problem.calendars[team].free for team, _ in shape.demands]
    run = 0
    for place in range(work.first, len(problem.calendars[work.team].days)):
        if not run and place >= work.latest:
            break
        fits = all(row[place] >= demand for row, (_, demand) in zip(free, shape.demands, strict=True))
        run = run + 1 if fits else (run if work.parts > 1 else 0)
        if run == shape.size:
            return place + 1
    return len(problem.calendars[work.team].days) + 1


def _latest_start(problem: Problem, work: Work, shape: Shape) -> int:
    free = [problem.calendars[team].free for team, _ in shape.demands]
    run = 0
    for place in range(work.last - 1, work.first - 1, -1):
        fits = all(row[place] >= demand for row, (_, demand) in zip(free, shape.demands, strict=True))
        run = run + 1 if fits else (run if work.parts > 1 else 0)
        if run >= shape.size and place < work.latest:
            return place
    return work.first

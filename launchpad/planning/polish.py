"""From the plan the search found to the one that is kept: by its full score, nothing in it for nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from launchpad.planning.greedy import closure, replanned
from launchpad.planning.joint import kept
from launchpad.planning.problem import Problem, Rule
from launchpad.planning.serial import Schedule, Timetable, in_order
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch

_WORTH = 1e-9


@dataclass(frozen=True, slots=True)
class Swap:
    """What it takes to bring an item in: what must go, the calendar then, and how much worse the score is."""

    added: frozenset[int]
    removed: frozenset[int]
    schedule: Schedule | None
    loss: float


def polished(truth: Truth, schedule: Schedule, watch: Watch) -> Schedule:
    """The plan without what does not improve its full score, and with what fits beside it and does."""
    problem = truth.case.problem
    current = without_idle(truth, schedule, watch)
    for item in sorted(range(len(problem.items)), key=lambda number: problem.items[number].code):
        if item in current or watch.left <= 0:
            continue
        swap = brought_in(truth, current, item, removed=frozenset())
        if swap is not None and swap.schedule is not None and swap.loss < -_WORTH:
            current = swap.schedule
    return without_idle(truth, current, watch)


def without_idle(truth: Truth, schedule: Schedule, watch: Watch | None = None) -> Schedule:
    """The plan less items that can go without making the score worse, those of most work first, while there is time."""
    problem = truth.case.problem
    current = dict(schedule)
    for item in sorted(schedule, key=lambda number: (-problem.items[number].days, problem.items[number].code)):
        if watch is not None and watch.left <= 0:
            break
        gone = taken_with(problem, current, item)
        if item not in current or not _free(problem, current, gone):
            continue
        rest = frozenset(current) - gone
        if truth.score(rest) <= truth.score(current) + _WORTH and kept(problem, rest):
            current = {number: placed for number, placed in current.items() if number in rest}
    return current


def _free(problem: Problem, chosen: Iterable[int], gone: frozenset[int]) -> bool:
    """Whether no must and nothing wanted is broken when these items go."""
    rest = frozenset(chosen) - gone
    rules: tuple[Rule, ...] = (*problem.musts, *problem.wanted)
    return all(rest.intersection(rule.items) or not gone.intersection(rule.items) for rule in rules)


def taken_with(problem: Problem, chosen: Iterable[int], item: int) -> frozenset[int]:
    """What goes when an item goes: itself, what needs it, and runs that would verify nothing any more."""
    there = set(chosen)
    gone = {item}
    moved = True
    while moved:
        moved = False
        for other in there - gone:
            needs = problem.needs_of.get(other, ())
            if any(not (there - gone).intersection(need.one_of) for need in needs):
                gone.add(other)
                moved = True
    runs = {run for lost in gone for need in problem.needs_of.get(lost, ()) for run in need.one_of}
    keepers = {other for left in there - gone for need in problem.needs_of.get(left, ()) for other in need.one_of}
    asked = {other for rule in (*problem.musts, *problem.wanted) for other in rule.items}
    idle = {run for run in runs & there if problem.items[run].mitigation is None}
    return frozenset(gone | (idle - keepers - asked))


def brought_in(truth: Truth, schedule: Schedule, item: int, removed: frozenset[int]) -> Swap | None:
    """The plan with an item, all it needs, and without `removed`; None when the rules forbid it.

    Everything else stays where it is if that can be; if not the calendar is built anew, what starts early first.
    It is None when neither way fits it all in.
    """
    problem = truth.case.problem
    rest = frozenset(schedule) - removed
    added = closure(problem, item, rest)
    if added is None:
        return None
    future = rest | added
    if any(len(future.intersection(rule.items)) > 1 for rule in problem.at_most_one):
        return None
    if added & removed or not kept(problem, future):
        return None
    loss = truth.score(future) - truth.score(schedule)
    return Swap(added, removed, _calendar(problem, schedule, rest, added), loss)


def _calendar(problem: Problem, schedule: Schedule, rest: frozenset[int], added: frozenset[int]) -> Schedule | None:
    table = Timetable(problem, {number: placed for number, placed in schedule.items() if number in rest})
    if table.add_all(in_order(problem, added, {})):
        return table.placed
    starts = {item: float(min((placed.start for placed in schedule[item]), default=0)) for item in rest}
    starts |= dict.fromkeys(added, -1.0)
    return replanned(problem, rest | added, starts)

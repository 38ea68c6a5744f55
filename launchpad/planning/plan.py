"""Make a plan: read, search, score in full, settle the calendar, explain."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from math import inf

from launchpad.edits.plans import FoundItem, FoundLoad, FoundStretch, FoundWork, PlanFound
from launchpad.errors import CancelledError, InfeasiblePlanError
from launchpad.planning.calendar import HUNDREDTHS, TeamCalendar
from launchpad.planning.conflicts import eased
from launchpad.planning.explain import left_out
from launchpad.planning.joint import Found
from launchpad.planning.polish import polished, taken_with
from launchpad.planning.problem import Work
from launchpad.planning.readiness import p_ready
from launchpad.planning.reading import Case, case
from launchpad.planning.schedule import settle
from launchpad.planning.search import search
from launchpad.planning.serial import Placement, Schedule, finish_day, start_day
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch
from launchpad.records import Inputs, Mitigation
from launchpad.scoring.identity import plan_hash

AFTERWARDS = 0.12
MOST_AFTERWARDS = 3.0
EASE_SHARE = 0.3
SWAPS = 3


def plan(inputs: Inputs, launch_id: int, watch: Watch, *, seed: int, locks: Iterable[tuple[str, str]]) -> PlanFound:
    """See `planning.make_plan`; the watch already runs."""
    watch.say()
    read = case(inputs, launch_id, locks)
    afterwards = min(MOST_AFTERWARDS, AFTERWARDS * watch.seconds)
    found, eased_case, words = _searched(read, watch, watch.seconds - afterwards, seed)
    if found.schedule is None:
        raise _nothing(watch)
    watch.say("Scoring the plan in full")
    return _finished(eased_case, found, found.schedule, words, watch, seed)


def _searched(read: Case, watch: Watch, seconds: float, seed: int) -> tuple[Found, Case, tuple[str, ...]]:
    """What the search came to, with limits eased first when no plan keeps them all."""
    found = search(read.problem, watch, seconds - watch.elapsed, seed)
    if found.schedule is not None or watch.stopped:
        return found, read, ()
    watch.say("Looking for the least that has to give")
    left = max(1.0, seconds - watch.elapsed)
    given = eased(read.problem, watch, EASE_SHARE * left if found.bound < inf else left, seed)
    changed = replace(read, problem=given.problem)
    rest = max(1.0, seconds - watch.elapsed)
    return search(given.problem, watch, rest, seed, given.schedule), changed, given.words


def _nothing(watch: Watch) -> CancelledError | InfeasiblePlanError:
    if watch.stopped:
        return CancelledError("Planning was stopped before there was a plan.", "Nothing was changed.")
    return InfeasiblePlanError(
        f"No plan that keeps every limit was found in {watch.seconds:g} seconds.",
        "Give the search more seconds.",
    )


def _finished(
    read: Case, found: Found, schedule: Schedule, words: tuple[str, ...], watch: Watch, seed: int
) -> PlanFound:
    truth = Truth(read)
    schedule = polished(truth, schedule, watch)
    out, swap = left_out(truth, schedule, watch)
    for _ in range(SWAPS):
        if swap is None or swap.schedule is None or watch.left <= 0:
            break
        schedule = polished(truth, swap.schedule, watch)
        out, swap = left_out(truth, schedule, watch)
    gains = _gains(truth, schedule)
    order = sorted(schedule, key=lambda item: _rank(read, gains, item))
    weights = {item: float(len(order) - place) for place, item in enumerate(order)}
    schedule = settle(read.problem, schedule, weights, watch, seed)
    value = read.problem.objective.value(schedule)
    bound = min(found.bound, value)
    return PlanFound(
        launch=read.launch.code,
        launch_id=read.launch.id,
        input_hash=plan_hash(read.inputs, read.launch.id),
        seed=seed,
        objective=value,
        bound=bound,
        gap=0.0 if value <= 0 else (value - bound) / value,
        score=truth.score(schedule),
        seconds=watch.elapsed,
        stopped=watch.stopped,
        selected=tuple(_items(truth, schedule, order, gains, seed)),
        left_out=out,
        capacity=tuple(_loads(read, schedule)),
        notes=_notes(truth, schedule, words),
    )


def _gains(truth: Truth, schedule: Schedule) -> dict[int, float]:
    """For each item the score without it, and without what rests on it, less the score with it."""
    problem, now = truth.case.problem, truth.score(schedule)
    found: dict[int, float] = {}
    for item in schedule:
        gone = frozenset((item,))
        if problem.items[item].mitigation is not None:
            gone = taken_with(problem, schedule, item)
        found[item] = truth.score(frozenset(schedule) - gone) - now
    return found


def _rank(read: Case, gains: Mapping[int, float], item: int) -> tuple[bool, float, str]:
    """What a failing gate needs comes first, then what takes off most per person-day."""
    return item not in read.urgent, -_per_day(read, gains, item), read.problem.items[item].code


def _per_day(read: Case, gains: Mapping[int, float], item: int) -> float:
    return gains[item] / max(read.problem.items[item].days, 1 / HUNDREDTHS)


def _items(
    truth: Truth, schedule: Schedule, order: list[int], gains: Mapping[int, float], seed: int
) -> Iterable[FoundItem]:
    read = truth.case
    chances = p_ready(read, schedule, seed)
    for priority, number in enumerate(order, start=1):
        item = read.problem.items[number]
        runs = item.mitigation is None
        yield FoundItem(
            mitigation=None if item.mitigation is None else read.inputs.get(Mitigation, item.mitigation).code,
            variant=None if runs else item.code,
            evaluation=item.code if runs else None,
            variant_id=None if runs else item.row,
            evaluation_id=item.row if runs else None,
            teams=tuple(
                _work(read.problem.calendars[work.team], work, placement, item.days, _energy(read, number))
                for work, placement in zip(item.works, schedule[number], strict=True)
            ),
            start=start_day(read.problem, number, schedule[number]).isoformat(),
            finish=finish_day(read.problem, number, schedule[number]).isoformat(),
            priority=priority,
            gain=gains[number],
            gain_per_day=_per_day(read, gains, number),
            p_ready=chances[number],
            reason=_reason(read, number),
        )


def _energy(read: Case, number: int) -> int:
    return sum(work.effort for work in read.problem.items[number].works)


def _work(calendar: TeamCalendar, work: Work, placement: Placement, days: float, energy: int) -> FoundWork:
    """One team's part: its share of the item's person-days, spread evenly over its working days."""
    own = days * work.effort / max(1, energy)
    stretches = tuple(
        FoundStretch(
            calendar.days[start].isoformat(),
            calendar.days[start + size - 1].isoformat(),
            own * size / placement.shape.size,
        )
        for start, size in placement.stretches
    )
    return FoundWork(calendar.code, calendar.team, own, stretches)


def _reason(read: Case, number: int) -> str:
    problem, item = read.problem, read.problem.items[number]
    for rule in (*problem.musts, *problem.wanted):
        if number in rule.items:
            return f"{rule.words[:1].upper()}{rule.words[1:]}."
    if item.mitigation is None:
        verified = [
            problem.items[other].code
            for other in problem.before.get(number, ())
            if any(number in need.one_of for need in problem.needs_of.get(other, ()))
        ]
        return f"It verifies {', '.join(sorted(verified))}." if verified else "It verifies what is in place."
    return "A gate that is not met needs it." if number in read.urgent else ""


def _loads(read: Case, schedule: Schedule) -> Iterable[FoundLoad]:
    """Each team's weeks: what the plan uses and what is free for it."""
    used: dict[tuple[int, date], int] = {}
    for item, placements in schedule.items():
        for work, placement in zip(read.problem.items[item].works, placements, strict=True):
            for start, size in placement.stretches:
                for day in read.problem.calendars[work.team].days[start : start + size]:
                    key = work.team, day - timedelta(days=day.weekday())
                    used[key] = used.get(key, 0) + dict(placement.shape.demands)[work.team]
    for team, calendar in enumerate(read.problem.calendars):
        available: dict[date, int] = {}
        for day, free in zip(calendar.days, calendar.free, strict=True):
            monday = day - timedelta(days=day.weekday())
            available[monday] = available.get(monday, 0) + free
        for monday, free in available.items():
            spent = used.get((team, monday), 0) / HUNDREDTHS
            yield FoundLoad(calendar.code, monday.isoformat(), spent, free / HUNDREDTHS)


def _notes(truth: Truth, schedule: Schedule, words: tuple[str, ...]) -> tuple[str, ...]:
    """What a person has to know beside the plan: limits eased, limits passed in full, what cannot be planned."""
    told = [f"{each[:1].upper()}{each[1:]}" for each in words]
    return tuple(dict.fromkeys((*told, *truth.passed(schedule), *truth.case.notes)))

"""A plan as people read it: its calendar settled, its items in order of priority, each with what it is worth."""

from collections.abc import Iterable
from datetime import date, timedelta

from launchpad.edits.plans import FoundItem, FoundLoad, FoundOut, FoundStretch, FoundWork, PlanFound
from launchpad.planning.calendar import HUNDREDTHS, TeamCalendar
from launchpad.planning.priority import Ranked, ranked
from launchpad.planning.problem import Work
from launchpad.planning.readiness import p_ready, slack_days
from launchpad.planning.reading import Case
from launchpad.planning.schedule import settle
from launchpad.planning.serial import Placement, Schedule, finish_day, start_day
from launchpad.planning.steady import steady
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch
from launchpad.records import Mitigation
from launchpad.scoring.identity import plan_hash


def told(
    truth: Truth,
    schedule: Schedule,
    bound: float,
    out: tuple[FoundOut, ...],
    words: tuple[str, ...],
    watch: Watch,
    seed: int,
) -> PlanFound:
    """A plan as people read it.

    What comes first is finished first, but for what the current plan had already: that stays where it was if it can.
    """
    read = truth.case
    order = ranked(truth, schedule, watch)
    weights = {item: float(len(schedule) - place) for place, item in enumerate(order.items)}
    settled = settle(read.problem, schedule, weights, watch, seed)
    schedule = steady(read.problem, settled, read.before, order.items, watch, seed)
    value = read.problem.objective.value(schedule)
    bound = min(bound, value)
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
        selected=tuple(_items(truth, schedule, order, seed)),
        left_out=out,
        capacity=tuple(_loads(read, schedule)),
        notes=_notes(truth, schedule, words),
    )


def _items(truth: Truth, schedule: Schedule, order: Ranked, seed: int) -> Iterable[FoundItem]:
    read = truth.case
    chances, slack = p_ready(read, schedule, seed), slack_days(read.problem, schedule)
    for priority, number in enumerate(order.items, start=1):
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
            gain=order.gains[number],
            gain_per_day=order.per_day[number],
            p_ready=chances[number],
            reason=_reason(read, number),
            slack_days=slack[number],
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
        informs = sorted(term.name for term in read.untold if number in dict(term.credits))
        if informs and not verified:
            return f"What it tells about {', '.join(informs)} is worth its effort."
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

"""What variants and evaluations ask of the teams, and what was already under way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from launchpad.planning.calendar import HUNDREDTHS, TeamCalendar
from launchpad.planning.problem import MOST_STRETCHES, Item, Work, hundredths, shapes
from launchpad.records import (
    Effort,
    Evaluation,
    EvaluationEffort,
    Inputs,
    MitigationVariant,
    Standing,
)
from launchpad.scoring import estimates


def variant_item(
    inputs: Inputs,
    calendars: Sequence[TeamCalendar],
    variant: MitigationVariant,
    standing: Standing | None,
    ahead: Mapping[int, float] | None = None,
) -> Item | None:
    """A variant as an item, its work at the mean of its effort; None when no effort is given for it.

    Of one that has been started what is left: the effort stated to remain, else the mean less the actual effort, each
    team its share; else the share of each team's planned work that is `ahead`; else all of it.
    """
    efforts = sorted(inputs.children(Effort, "variant", variant.id), key=inputs.address)
    if not efforts:
        return None
    days = [estimates.mean(estimates.spread_of(inputs, row, "days")) for row in efforts]
    started = standing is not None and standing.status == "started"
    if started and standing is not None:
        whole = sum(days)
        days = [_left(standing, whole, ahead, row.team) * mean for row, mean in zip(efforts, days, strict=True)]
    works = tuple(
        _work(
            calendars,
            row.team,
            max(1, hundredths(mean)),
            row.people,
            None if started else variant.earliest_start,
            parts=MOST_STRETCHES if variant.splittable else 1,
        )
        for row, mean in zip(efforts, days, strict=True)
    )
    return Item(
        code=variant.code,
        works=works,
        waiting=variant.waiting_days,
        days=sum(days),
        row=variant.id,
        mitigation=variant.mitigation,
        started=started,
    )


def said_of_rest(standing: Standing) -> bool:
    """Whether somebody said how much of something started is left, or how much was spent on it."""
    return standing.remaining_days is not None or standing.actual_days is not None


def _left(standing: Standing, whole: float, ahead: Mapping[int, float] | None, team: int) -> float:
    """The share of a team's mean effort on a started variant that is still to be done."""
    if whole <= 0:
        return 0.0
    if standing.remaining_days is not None:
        return standing.remaining_days / whole
    if standing.actual_days is not None or ahead is None:
        return max(0.0, 1 - (standing.actual_days or 0.0) / whole)
    return ahead.get(team, 0.0)


def evaluation_item(inputs: Inputs, calendars: Sequence[TeamCalendar], evaluation: Evaluation) -> Item | None:
    """A run of an evaluation as an item; None when its effort is not known.

    Fixed effort + effort per 100 samples x planned samples / 100, by one person of each team.
    """
    efforts = sorted(inputs.children(EvaluationEffort, "evaluation", evaluation.id), key=inputs.address)
    if not efforts or (evaluation.candidate_n is None and any(row.per_100 > 0 for row in efforts)):
        return None
    days = [row.fixed + row.per_100 * (evaluation.candidate_n or 0) / 100 for row in efforts]
    works = tuple(
        _work(calendars, row.team, max(1, hundredths(size)), 1.0, evaluation.earliest_start)
        for row, size in zip(efforts, days, strict=True)
    )
    return Item(
        code=evaluation.code,
        works=works,
        waiting=evaluation.waiting_days,
        days=sum(days),
        row=evaluation.id,
    )


def _work(
    calendars: Sequence[TeamCalendar],
    team: int,
    energy: int,
    people: float,
    earliest: str | None,
    *,
    parts: int = 1,
) -> Work:
    place = next(number for number, calendar in enumerate(calendars) if calendar.team == team)
    calendar = calendars[place]
    at_once = max(1, int(HUNDREDTHS * people + 1e-9))
    first = 0 if earliest is None else calendar.from_day(date.fromisoformat(earliest))
    made = shapes(energy, at_once, calendar.free, place)
    return Work(place, made, first, len(calendar.days), parts=parts, effort=energy)


def within_freeze(item: Item, calendars: Sequence[TeamCalendar], last_day: date) -> Item:
    """The item with the end of its work early enough that its waiting days are over by the last day."""
    due = last_day - timedelta(days=item.waiting)
    works = tuple(replace(work, last=min(work.last, calendars[work.team].after_day(due))) for work in item.works)
    return replace(item, works=works)


def not_before(item: Item, calendars: Sequence[TeamCalendar], finished: date) -> Item:
    """The item with all of its work after a day."""
    works = [replace(work, first=max(work.first, calendars[work.team].after_day(finished))) for work in item.works]
    return replace(item, works=tuple(works))


def starting_on(item: Item, calendars: Sequence[TeamCalendar], day: date) -> Item:
    """The item with each team's work beginning on a day, or on that team's next working day."""
    places = [calendars[work.team].from_day(day) for work in item.works]
    works = [
        replace(work, first=max(work.first, place), begin_by=place)
        for work, place in zip(item.works, places, strict=True)
    ]
    return replace(item, works=tuple(works))


def why_not(item: Item, calendars: Sequence[TeamCalendar], last_day: date) -> str:
    """Why an item cannot be done on an empty calendar, or nothing when each team alone would let it."""
    for work in item.works:
        calendar = calendars[work.team]
        name = f"{calendar.name} ({calendar.code})"
        if not any(calendar.free):
            return f"{name} has no free capacity before {last_day}."
        size = min(shape.size for shape in work.shapes)
        energy = min(shape.size * shape.demands[0][1] for shape in work.shapes)
        room = sum(calendar.free[work.first : work.last])
        if item.waiting and size > work.last - work.first:
            what = f"{size} working days of {name} and {item.waiting} days of waiting"
            return f"It takes {what}: more than are left before {last_day}."
        if energy > room:
            return (
                f"It takes {energy / HUNDREDTHS:.3g} person-days of {name}, "
                f"which has {room / HUNDREDTHS:.3g} free in time before {last_day}."
            )
        if size > work.last - work.first:
            return f"It takes {size} working days of {name}: more than are left before {last_day}."
    return ""

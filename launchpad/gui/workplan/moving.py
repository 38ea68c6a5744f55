"""What moving an item of the plan to another day would mean: how far it may go, and what would stand in its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from launchpad.gui import words
from launchpad.gui.workplan.frame import DAY
from launchpad.gui.workplan.load_drawing import OVER
from launchpad.gui.workplan.numbers import Bar, Chart, Line, monday_of, tr
from launchpad.planning.calendar import working_days
from launchpad.records import Inputs, MitigationVariant, Team

FARTHEST = 60


@dataclass(frozen=True)
class Reach:
    """The days on which an item may start as the rest of the plan stands, and why not earlier or later.

    `end` is the day by which it must be finished; `last` comes before `first` where there is no such day at all.
    `fixed` says why it may not be moved at all; empty when it may.
    """

    first: date
    last: date
    end: date
    why_first: str
    why_last: str
    fixed: str = ""


@dataclass(frozen=True)
class Trial:
    """An item as it would lie from another day on: its bars, its finish, and what stands against it in words.

    `used` holds the load by week of every team that works on it, with the item where it is tried.
    """

    start: date
    finish: date
    bars: tuple[Bar, ...]
    against: tuple[str, ...]
    used: Mapping[int, Mapping[date, float]]


def reach(inputs: Inputs, chart: Chart, line: Line) -> Reach:
    """How far an item may be moved while everything else stays where it is."""
    firsts = [(chart.as_of, tr("the figures are as of that day"))]
    variant = None if line.item.variant is None else inputs.get(MitigationVariant, line.item.variant)
    if variant is not None and variant.earliest_start is not None:
        firsts.append((date.fromisoformat(variant.earliest_start), tr("its earliest start")))
    for place in line.after:
        other = chart.lines[place]
        firsts.append((other.finish + DAY, tr("{0} finishes the day before").format(other.code)))
    lasts = [(chart.until, tr("work ends"))]
    for place in line.before:
        other = chart.lines[place]
        lasts.append((date.fromisoformat(other.item.start) - DAY, tr("{0} starts the day after").format(other.code)))
    first, why_first = max(firsts, key=lambda each: each[0])
    end, why_last = min(lasts, key=lambda each: each[0])
    first = nearest(inputs, line, first)
    return Reach(first, _last_start(inputs, line, first, end), end, why_first, why_last, _fixed(line))


def _last_start(inputs: Inputs, line: Line, first: date, end: date) -> date:
    """The last day, from `first` on, from which the item is finished by the end; the day before `first` if none is."""
    day = max(first, end - (line.finish - date.fromisoformat(line.item.start)) + 7 * DAY)
    while day >= first and (nearest(inputs, line, day) > day or _placed(inputs, line, day)[1] > end):
        day -= DAY
    return day


def _fixed(line: Line) -> str:
    if line.item.variant is None:
        return tr("A run of an evaluation follows what it verifies; it is placed by the plan.")
    if line.status in ("started", "done", "in_place"):
        return tr("It has been started: it stays where it is.")
    return ""


def _placed(inputs: Inputs, line: Line, start: date) -> tuple[tuple[Bar, ...], date]:
    """The bars of an item from another day on, each as many working days of its team as before, and its finish."""
    moved = start - date.fromisoformat(line.item.start)
    bars = tuple(_moved(inputs, bar, moved) for bar in line.bars)
    waiting = line.finish - max((bar.last for bar in line.bars), default=line.finish)
    return bars, max((bar.last for bar in bars), default=start) + waiting


def tried(inputs: Inputs, chart: Chart, line: Line, start: date, room: Reach | None = None) -> Trial:
    """An item from another day on; `room` is its reach where it is known."""
    bars, finish = _placed(inputs, line, start)
    used = {
        load.team.id: used_with(inputs, load.used, load.team, line.bars, bars)
        for load in chart.loads
        if any(bar.team == load.team.id for bar in line.bars)
    }
    room = room or reach(inputs, chart, line)
    against = (*_out_of_reach(chart, room, start, finish), *_too_much(chart, used))
    return Trial(start, finish, bars, against, used)


def _moved(inputs: Inputs, bar: Bar, by: timedelta) -> Bar:
    team = inputs.get(Team, bar.team)
    count = max(1, sum(1 for _ in working_days(inputs, team, bar.first, bar.last)))
    days = list(islice(working_days(inputs, team, bar.first + by, bar.first + by + (4 * count + 30) * DAY), count))
    first, last = (days[0], days[-1]) if days else (bar.first + by, bar.last + by)
    return Bar(bar.team, first, last, bar.days)


def _out_of_reach(chart: Chart, room: Reach, start: date, finish: date) -> Iterator[str]:
    if start < room.first:
        yield tr("Not before {0}: {1}").format(words.day(room.first), room.why_first)
    if finish > chart.until:
        yield tr("Finished {0}, but work ends {1}").format(words.day(finish), words.day(chart.until))
    elif finish > room.end:
        yield tr("Must be finished by {0}: {1}").format(words.day(room.end), room.why_last)


def _too_much(chart: Chart, used: Mapping[int, Mapping[date, float]]) -> Iterator[str]:
    for load in chart.loads:
        for week, amount in sorted(used.get(load.team.id, {}).items()):
            free = load.available.get(week, 0.0)
            if amount > free + OVER and amount > load.used.get(week, 0.0) + OVER:
                told = tr("{0} has {1} of {2} days used in the week of {3}")
                yield told.format(load.team.code, words.number(amount), words.number(free), words.day(week))


def used_with(
    inputs: Inputs, used: Mapping[date, float], team: Team, old: tuple[Bar, ...], new: tuple[Bar, ...]
) -> dict[date, float]:
    """A team's load by week with an item's bars moved."""
    after = dict(used)
    for sign, bars in ((-1.0, old), (1.0, new)):
        for bar in bars:
            if bar.team != team.id:
                continue
            days = list(working_days(inputs, team, bar.first, bar.last)) or [bar.first]
            for day in days:
                after[monday_of(day)] = after.get(monday_of(day), 0.0) + sign * bar.days / len(days)
    return after


def nearest(inputs: Inputs, line: Line, day: date) -> date:
    """The first day on or after one on which a team of the item works."""
    teams = {bar.team for bar in line.bars}
    found = [next(working_days(inputs, inputs.get(Team, team), day, day + FARTHEST * DAY), day) for team in teams]
    return min(found, default=day)


def may_go(room: Reach) -> str:
    """How far an item may be moved, in words."""
    if room.last < room.first:
        said = tr("As the rest of the plan stands it cannot lie elsewhere (from {0}: {1}; until {2}: {3})")
        return said.format(words.day(room.first), room.why_first, words.day(room.end), room.why_last)
    said = tr("May start {0} ({1}) to {2} ({3})")
    return said.format(words.day(room.first), room.why_first, words.day(room.last), room.why_last)

"""When each team can work before the freeze, and how much of each day is still free."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor

from launchpad.errors import InfeasiblePlanError
from launchpad.records import Capacity, DayOff, Inputs, Launch, Plan, PlanItem, PlanWork, Team

HUNDREDTHS = 100
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class TeamCalendar:
    """The working days of one team in the window, and what is free on each.

    `free` and `gross` hold hundredths of a person-day, one for each of `days`; `gross` is what is left after
    the committed share, `free` what is left of that after the plans of other launches.
    """

    team: int
    code: str
    name: str
    days: tuple[date, ...]
    free: tuple[int, ...]
    gross: tuple[int, ...]

    def from_day(self, day: date) -> int:
        """The place of the first working day on or after a date."""
        return bisect_left(self.days, day)

    def after_day(self, day: date) -> int:
        """The place of the first working day after a date."""
        return bisect_right(self.days, day)


def window(launch: Launch) -> tuple[date, date]:
    """The first and the last date on which work may be planned: as of, and freeze less buffer.

    Raises InfeasiblePlanError when no day lies between them.
    """
    first = date.fromisoformat(launch.as_of)
    last = date.fromisoformat(launch.freeze_date) - timedelta(days=launch.buffer_days)
    if last < first:
        raise InfeasiblePlanError(
            f"Launch {launch.code} has no day left to plan: work must end by {last} (freeze "
            f"{launch.freeze_date} less {launch.buffer_days} days of buffer), and the figures are as of {first}.",
            "Move the freeze date, shorten the buffer, or set an earlier as-of date.",
        )
    return first, last


def calendars(inputs: Inputs, launch: Launch) -> tuple[TeamCalendar, ...]:
    """The calendar of every team from the as-of date to the freeze less the buffer."""
    first, last = window(launch)
    taken = used_elsewhere(inputs, launch)
    return tuple(_calendar(inputs, team, first, last, taken) for team in inputs.rows(Team))


def _calendar(inputs: Inputs, team: Team, first: date, last: date, taken: dict[tuple[int, date], int]) -> TeamCalendar:
    days = tuple(working_days(inputs, team, first, last))
    gross = tuple(free_on(inputs, team, day) for day in days)
    free = tuple(max(0, size - taken.get((team.id, day), 0)) for day, size in zip(days, gross, strict=True))
    return TeamCalendar(team.id, team.code, team.name, days, free, gross)


def working_days(inputs: Inputs, team: Team, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last` on which a team works."""
    weekdays = set(weekdays_of(team))
    off = {row.day for row in inputs.children(DayOff, "team", team.id)}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.isoweekday() in weekdays and day.isoformat() not in off:
            yield day


def weekdays_of(team: Team) -> tuple[int, ...]:
    """The days of the week a team works, Monday 1."""
    return tuple(sorted({int(part) for part in team.weekdays.split(",") if part.strip()}))


def free_on(inputs: Inputs, team: Team, day: date) -> int:
    """What a team can give on one working day, in hundredths of a person-day.

    Person-days per week x (1 - committed) / working days of that week, so that a capacity row for a short
    week states what the team gives in it.
    """
    row = capacity_on(inputs.children(Capacity, "team", team.id), day)
    if row is None:
        return 0
    monday = day - timedelta(days=day.weekday())
    count = sum(1 for _ in working_days(inputs, team, monday, monday + timedelta(days=6)))
    return floor(HUNDREDTHS * row.days_per_week * (1 - row.committed) / count + _TINY)


def capacity_on(rows: Iterable[Capacity], day: date) -> Capacity | None:
    """The row of a team's capacity that holds on a day: the newest that has begun."""
    begun = [row for row in rows if row.starts is None or row.starts <= day.isoformat()]
    return max(begun, key=lambda row: row.starts or "", default=None)


def used_elsewhere(inputs: Inputs, launch: Launch) -> dict[tuple[int, date], int]:
    """What the current plans of other launches use, in hundredths by team and day."""
    used: dict[tuple[int, date], int] = {}
    for work in _work_of_others(inputs, launch):
        team = inputs.get(Team, work.team)
        first, last = date.fromisoformat(work.start), date.fromisoformat(work.finish)
        days = list(working_days(inputs, team, first, last))
        for day in days:
            share = ceil(HUNDREDTHS * work.days / len(days) - _TINY)
            used[team.id, day] = used.get((team.id, day), 0) + share
    return used


def _work_of_others(inputs: Inputs, launch: Launch) -> Iterator[PlanWork]:
    for other in inputs.rows(Launch):
        if other.id == launch.id or other.status == "cancelled" or other.current_plan is None:
            continue
        for plan in inputs.rows(Plan, other.id):
            if plan.code != other.current_plan:
                continue
            for item in inputs.children(PlanItem, "plan", plan.id):
                yield from inputs.children(PlanWork, "item", item.id)

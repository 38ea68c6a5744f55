"""Person-days by team and week: what the plan asks, and what each team has free, term by term."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from launchpad.errors import InfeasiblePlanError
from launchpad.export.facts import Facts
from launchpad.planning.calendar import HUNDREDTHS, calendars, capacity_on, used_elsewhere, working_days
from launchpad.records import Capacity, PlanWork, Team


@dataclass(frozen=True, slots=True)
class Free:
    """Days of one week of a team that are alike: how many, by which row of capacity, in how long a week.

    `taken` is what plans of other launches use of each of them, in hundredths of a person-day.
    """

    days: int
    capacity: int
    working: int
    taken: int


@dataclass(frozen=True, slots=True)
class Load:
    """Person-days by team and week (its Monday): asked by the plan, and free for it with the terms that make it up.

    `shares` holds for each stretch of work (row id) the share of it that falls into each week.
    """

    weeks: tuple[date, ...]
    used: Mapping[tuple[int, date], float]
    available: Mapping[tuple[int, date], float]
    terms: Mapping[tuple[int, date], tuple[Free, ...]]
    shares: Mapping[int, Mapping[date, float]]


def load_of(facts: Facts) -> Load:
    """The load a plan puts on each team; a stretch of work falls evenly on the team's working days."""
    used: dict[tuple[int, date], float] = {}
    shares: dict[int, Mapping[date, float]] = {}
    for team in facts.teams:
        for _, work in facts.work_of(team):
            shares[work.id] = _spread(facts, team, work)
            for each, share in shares[work.id].items():
                used[team.id, each] = used.get((team.id, each), 0.0) + work.days * share
    available, terms = _available(facts)
    weeks = sorted({week for _, week in (*used, *available)})
    return Load(tuple(weeks), used, available, terms, shares)


def rows_of_capacity(facts: Facts) -> tuple[Capacity, ...]:
    """What each team can give, and from when, in the order of the teams and then of the days."""
    order = {team.id: place for place, team in enumerate(facts.teams)}
    return tuple(sorted(facts.inputs.rows(Capacity), key=lambda row: (order[row.team], row.starts or "")))


def _spread(facts: Facts, team: Team, work: PlanWork) -> dict[date, float]:
    """The share of a stretch of work in each week."""
    first, last = date.fromisoformat(work.start), date.fromisoformat(work.finish)
    days = list(working_days(facts.inputs, team, first, last)) or [first]
    found: dict[date, float] = {}
    for day in days:
        found[_monday(day)] = found.get(_monday(day), 0.0) + 1 / len(days)
    return found


def _available(
    facts: Facts,
) -> tuple[dict[tuple[int, date], float], dict[tuple[int, date], tuple[Free, ...]]]:
    """Person-days free by team and week, and the days they come from, alike ones together."""
    available: dict[tuple[int, date], float] = {}
    counted: dict[tuple[int, date], dict[tuple[int, int, int], int]] = {}
    try:
        found = calendars(facts.inputs, facts.launch)
    except InfeasiblePlanError:  # no day is left between today and the freeze
        return {}, {}
    elsewhere = used_elsewhere(facts.inputs, facts.launch)
    for calendar in found:
        team = facts.inputs.get(Team, calendar.team)
        rows = facts.inputs.children(Capacity, "team", team.id)
        for day, free in zip(calendar.days, calendar.free, strict=True):
            monday = _monday(day)
            key = team.id, monday
            available[key] = available.get(key, 0.0) + free / HUNDREDTHS
            row = capacity_on(rows, day)
            if row is not None:
                working = sum(1 for _ in working_days(facts.inputs, team, monday, monday + timedelta(days=6)))
                kinds = counted.setdefault(key, {})
                kind = row.id, working, elsewhere.get((team.id, day), 0)
                kinds[kind] = kinds.get(kind, 0) + 1
    terms = {key: tuple(Free(days, *kind) for kind, days in sorted(kinds.items())) for key, kinds in counted.items()}
    return available, terms


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

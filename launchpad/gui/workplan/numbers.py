"""What the workplan screen shows: items in order of priority, bars on a calendar, load per team and week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from launchpad.errors import InfeasiblePlanError
from launchpad.gui.columns import Row
from launchpad.gui.words import Cell
from launchpad.planning.calendar import HUNDREDTHS, calendars, window, working_days
from launchpad.records import (
    Evaluation,
    Inputs,
    Launch,
    LeftOut,
    Lock,
    Mitigation,
    MitigationVariant,
    Plan,
    PlanItem,
    PlanWork,
    Record,
    Standing,
    Team,
)
from launchpad.scoring.identity import plan_hash


def items(inputs: Inputs, plan: Plan) -> list[PlanItem]:
    """What a plan does, first things first."""
    found = inputs.children(PlanItem, "plan", plan.id)
    return sorted(found, key=lambda item: (item.rank is None, item.rank or 0, item.start, item.id))


def code_of(inputs: Inputs, item: PlanItem) -> str:
    """The code of the variant or evaluation an item is."""
    return inputs.part(item, "variant") or inputs.part(item, "evaluation")


def name_of(inputs: Inputs, item: PlanItem) -> str:
    """What an item is called: the mitigation and its variant, or the evaluation."""
    if item.variant is not None:
        variant = inputs.get(MitigationVariant, item.variant)
        return f"{inputs.get(Mitigation, variant.mitigation).name}: {variant.name}"
    return "" if item.evaluation is None else inputs.get(Evaluation, item.evaluation).name


def work_of(inputs: Inputs, item: PlanItem) -> list[PlanWork]:
    """The stretches of work on an item, earliest first."""
    return sorted(inputs.children(PlanWork, "item", item.id), key=lambda work: (work.start, work.id))


def rows(inputs: Inputs, plan: Plan) -> list[Row]:
    """One row for each item of a plan, in order of priority."""
    return [_row(inputs, plan, item) for item in items(inputs, plan)]


def _row(inputs: Inputs, plan: Plan, item: PlanItem) -> Row:
    days: dict[str, float] = defaultdict(float)
    for work in work_of(inputs, item):
        days[inputs.get(Team, work.team).code] += work.days
    parts: dict[str, Record | None] = {"item": item, "standing": None, "mitigation": None}
    if item.variant is not None:
        variant = inputs.get(MitigationVariant, item.variant)
        parts["variant"] = variant
        parts["mitigation"] = inputs.get(Mitigation, variant.mitigation)
        standings = inputs.children(Standing, "variant", variant.id)
        parts["standing"] = next((row for row in standings if row.launch == plan.launch), None)
    figures: dict[str, Cell] = {
        "code": code_of(inputs, item),
        "name": name_of(inputs, item),
        "teams": ", ".join(f"{team} {amount:.3g}" for team, amount in sorted(days.items())),
        "days": sum(days.values()),
    }
    return Row(item.id, parts, figures)


def left_out(inputs: Inputs, plan: Plan) -> list[Row]:
    """One row for each mitigation a plan leaves out, with its reason."""
    return [
        Row(found.id, {"left_out": found, "mitigation": inputs.get(Mitigation, found.mitigation)})
        for found in inputs.children(LeftOut, "plan", plan.id)
    ]


def locks(inputs: Inputs, launch: int) -> list[Row]:
    """One row for each lock of a launch."""
    return [
        Row(lock.id, {"lock": lock, "mitigation": inputs.get(Mitigation, lock.mitigation)})
        for lock in inputs.rows(Lock, launch)
    ]


@dataclass(frozen=True)
class Bar:
    """A stretch of one team's work on the calendar; both days are worked on."""

    team: int
    first: date
    last: date
    days: float


@dataclass(frozen=True)
class Line:
    """One line of the calendar: an item, its bars, and the day it is finished with waiting included."""

    item: PlanItem
    code: str
    name: str
    bars: tuple[Bar, ...]
    finish: date


@dataclass(frozen=True)
class Load:
    """A team's person-days by week (its Monday): used by the plan, and available."""

    team: Team
    used: Mapping[date, float]
    available: Mapping[date, float]


@dataclass(frozen=True)
class Chart:
    """Everything the calendar draws. `until` is the last day on which work may be done."""

    first: date
    last: date
    until: date
    freeze: date
    launch: date
    lines: tuple[Line, ...]
    loads: tuple[Load, ...]


def chart(inputs: Inputs, launch: Launch, plan: Plan) -> Chart:
    """A plan on the calendar, earliest start first."""
    lines = sorted(
        (_line(inputs, item) for item in items(inputs, plan)),
        key=lambda line: (line.item.start, line.finish, line.code),
    )
    freeze, day = date.fromisoformat(launch.freeze_date), date.fromisoformat(launch.launch_date)
    first = min([date.fromisoformat(launch.as_of), *(date.fromisoformat(line.item.start) for line in lines)])
    last = max([day, *(line.finish for line in lines)])
    try:
        until = window(launch)[1]
    except InfeasiblePlanError:
        until = freeze - timedelta(days=launch.buffer_days)
    monday = first - timedelta(days=first.weekday())
    return Chart(
        monday,
        last + timedelta(days=13 - last.weekday()),
        until,
        freeze,
        day,
        tuple(lines),
        loads(inputs, launch, plan),
    )


def _line(inputs: Inputs, item: PlanItem) -> Line:
    bars = tuple(
        Bar(work.team, date.fromisoformat(work.start), date.fromisoformat(work.finish), work.days)
        for work in work_of(inputs, item)
    )
    finish = date.fromisoformat(item.finish)
    return Line(item, code_of(inputs, item), name_of(inputs, item), bars, finish)


def loads(inputs: Inputs, launch: Launch, plan: Plan) -> tuple[Load, ...]:
    """The load of every team week by week; work falls evenly on the team's working days."""
    used: dict[tuple[int, date], float] = defaultdict(float)
    for item in items(inputs, plan):
        for work in inputs.children(PlanWork, "item", item.id):
            _spread(inputs, work, used)
    available: dict[tuple[int, date], float] = defaultdict(float)
    try:
        found = calendars(inputs, launch)
    except InfeasiblePlanError:
        found = ()
    for calendar in found:
        for day, free in zip(calendar.days, calendar.free, strict=True):
            available[calendar.team, monday_of(day)] += free / HUNDREDTHS
    return tuple(Load(team, _of(team.id, used), _of(team.id, available)) for team in inputs.rows(Team))


def _spread(inputs: Inputs, work: PlanWork, used: dict[tuple[int, date], float]) -> None:
    first, last = date.fromisoformat(work.start), date.fromisoformat(work.finish)
    days = list(working_days(inputs, inputs.get(Team, work.team), first, last)) or [first]
    for day in days:
        used[work.team, monday_of(day)] += work.days / len(days)


def _of(team: int, amounts: Mapping[tuple[int, date], float]) -> dict[date, float]:
    return {week: amount for (owner, week), amount in amounts.items() if owner == team}


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def still_holds(inputs: Inputs, plan: Plan) -> bool:
    """Whether everything a plan was made from is as it was then; what carries no hash is taken to be."""
    return plan.input_hash is None or plan.input_hash == plan_hash(inputs, plan.launch)

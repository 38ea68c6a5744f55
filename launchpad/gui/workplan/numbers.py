"""What the workplan screen shows: items in order of priority, bars on a calendar, load per team and week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication

from launchpad.edits.locks import lock_of
from launchpad.errors import InfeasiblePlanError
from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.words import Cell
from launchpad.planning.calendar import HUNDREDTHS, calendars, window, working_days
from launchpad.records import (
    DayOff,
    Dependency,
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


def tr(text: str) -> str:
    """Words of the workplan screen in the person's language."""
    return QCoreApplication.translate("workplan", text)


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
    return [_row(inputs, item) for item in items(inputs, plan)]


def _row(inputs: Inputs, item: PlanItem) -> Row:
    days: dict[str, float] = defaultdict(float)
    for work in work_of(inputs, item):
        days[inputs.get(Team, work.team).code] += work.days
    parts: dict[str, Record | None] = {"item": item, "standing": None, "mitigation": None}
    if item.variant is not None:
        variant = inputs.get(MitigationVariant, item.variant)
        parts["variant"] = variant
        parts["mitigation"] = inputs.get(Mitigation, variant.mitigation)
        parts["standing"] = standing_of(inputs, item)
    figures: dict[str, Cell] = {
        "code": code_of(inputs, item),
        "name": name_of(inputs, item),
        "teams": ", ".join(f"{team} {amount:.3g}" for team, amount in sorted(days.items())),
        "days": sum(days.values()),
        "lock": lock_words(inputs, lock_on(inputs, item)),
    }
    return Row(item.id, parts, figures)


def core_words(index: float | None, error: float | None) -> str:
    """A core index with its standard error; empty until it was found."""
    if index is None:
        return ""
    return words.percent(index) if not error else f"{words.percent(index)} ± {words.percent(error)}"


def left_out(inputs: Inputs, plan: Plan) -> list[Row]:
    """One row for each mitigation a plan leaves out, with its reason and what would let it in."""
    made: list[Row] = []
    for found in inputs.children(LeftOut, "plan", plan.id):
        figures: dict[str, Cell] = {
            "enters": enters_words(found),
            "lock": lock_words(inputs, lock_of(inputs, plan.launch, found.mitigation)),
        }
        made.append(Row(found.id, {"left_out": found, "mitigation": inputs.get(Mitigation, found.mitigation)}, figures))
    return made


def enters_words(row: LeftOut) -> str:
    """The changes, each alone, that would bring a mitigation in; a figure of a plan not proven best says about."""
    parts: list[str] = []
    if row.enters_effort is not None and row.effort is not None:
        said = tr("at {0} person-days instead of {1}")
        parts.append(said.format(words.number(row.enters_effort), words.number(row.effort)))
    if row.enters_freeze is not None:
        parts.append(tr("with the freeze on {0}").format(words.day(date.fromisoformat(row.enters_freeze))))
    if row.enters_gain is not None:
        parts.append(tr("if it took {0} more off").format(words.percent(row.enters_gain, 3)))
    told = tr(" or ").join(parts)
    return tr("about: {0}").format(told) if row.estimated and told else told


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
    """One line of the calendar: an item, its bars, and the day it is finished with waiting included.

    `after` and `before` are the places of the lines it waits for, and of those that wait for it. `status` is how far
    it has come, `lock` what a person fixed in words, `wanted` the day on which its lock has it start.
    """

    item: PlanItem
    code: str
    name: str
    bars: tuple[Bar, ...]
    finish: date
    after: tuple[int, ...] = ()
    before: tuple[int, ...] = ()
    status: str = ""
    lock: str = ""
    wanted: date | None = None


@dataclass(frozen=True)
class Load:
    """A team's person-days by week (its Monday): used by the plan, and available."""

    team: Team
    used: Mapping[date, float]
    available: Mapping[date, float]


@dataclass(frozen=True)
class Chart:
    """Everything the calendar draws. `until` is the last day on which work may be done, `as_of` the first.

    `off` are the days off of each team (row id).
    """

    first: date
    last: date
    until: date
    freeze: date
    launch: date
    lines: tuple[Line, ...]
    loads: tuple[Load, ...]
    as_of: date = date.min
    off: Mapping[int, frozenset[date]] = field(default_factory=dict[int, frozenset[date]])


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
        tuple(_linked(inputs, lines)),
        loads(inputs, launch, plan),
        date.fromisoformat(launch.as_of),
        {team.id: _days_off(inputs, team) for team in inputs.rows(Team)},
    )


def _days_off(inputs: Inputs, team: Team) -> frozenset[date]:
    return frozenset(date.fromisoformat(row.day) for row in inputs.children(DayOff, "team", team.id))


def _linked(inputs: Inputs, lines: list[Line]) -> Iterator[Line]:
    """The lines with the places of those each waits for, and of those that wait for it."""
    places: dict[tuple[str, int], int] = {}
    for place, line in enumerate(lines):
        if line.item.variant is not None:
            places["mitigation", inputs.get(MitigationVariant, line.item.variant).mitigation] = place
        elif line.item.evaluation is not None:
            places["evaluation", line.item.evaluation] = place
    pairs: list[tuple[int, int]] = []
    for row in inputs.rows(Dependency):
        ends = (places.get(("mitigation", row.needs)), places.get(("mitigation", row.mitigation)))
        if row.kind == "finish_to_start" and None not in ends:
            pairs.append((ends[0] or 0, ends[1] or 0))
    for place, line in enumerate(lines):
        verified = None if line.item.variant is None else inputs.get(MitigationVariant, line.item.variant).verified_by
        run = None if verified is None else places.get(("evaluation", verified))
        if run is not None:
            pairs.append((place, run))
    for place, line in enumerate(lines):
        after = tuple(sorted({first for first, later in pairs if later == place}))
        before = tuple(sorted({later for first, later in pairs if first == place}))
        yield replace(line, after=after, before=before)


def _line(inputs: Inputs, item: PlanItem) -> Line:
    bars = tuple(
        Bar(work.team, date.fromisoformat(work.start), date.fromisoformat(work.finish), work.days)
        for work in work_of(inputs, item)
    )
    finish = date.fromisoformat(item.finish)
    lock, standing = lock_on(inputs, item), standing_of(inputs, item)
    return Line(
        item,
        code_of(inputs, item),
        name_of(inputs, item),
        bars,
        finish,
        status="" if standing is None else standing.status,
        lock=lock_words(inputs, lock),
        wanted=None if lock is None or lock.start is None else date.fromisoformat(lock.start),
    )


def standing_of(inputs: Inputs, item: PlanItem) -> Standing | None:
    """How far the variant of an item has come in its launch."""
    if item.variant is None:
        return None
    return next((row for row in inputs.children(Standing, "variant", item.variant) if row.launch == item.launch), None)


def lock_on(inputs: Inputs, item: PlanItem) -> Lock | None:
    """The lock on the mitigation of an item."""
    if item.variant is None:
        return None
    return lock_of(inputs, item.launch, inputs.get(MitigationVariant, item.variant).mitigation)


def lock_words(inputs: Inputs, lock: Lock | None) -> str:
    """What a lock fixes, in a few words; empty without one."""
    if lock is None:
        return ""
    kinds = {"must": tr("must"), "never": tr("never"), "if_done": ""}
    parts = [
        kinds[lock.kind],
        "" if lock.variant is None else inputs.get(MitigationVariant, lock.variant).code,
        "" if lock.start is None else tr("from {0}").format(words.day(date.fromisoformat(lock.start))),
        "" if lock.team is None else tr("by {0}").format(inputs.get(Team, lock.team).code),
    ]
    return ", ".join(part for part in parts if part)


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

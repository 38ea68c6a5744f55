"""The figures of a plan: what is done first and by whom, what it costs, and what it leaves out and why."""

from dataclasses import dataclass

from launchpad.export.facts import Facts, Task
from launchpad.records import LeftOut, Mitigation
from launchpad.scoring.identity import plan_hash

FIRST = 5


@dataclass(frozen=True, slots=True)
class TaskFigure:
    """One piece of planned work, in order of priority.

    `gain` is the share of today's weighted risk it takes off, None for an evaluation: `why` says what that is for.
    """

    rank: int | None
    code: str
    name: str
    variant: str
    teams: str
    owner: str
    start: str
    finish: str
    days: float
    gain: float | None
    why: str | None
    p_ready: float | None
    status: str
    lowers: str


@dataclass(frozen=True, slots=True)
class LeftOutFigure:
    """A mitigation that is not planned, why, and how much worse the plan would be with it."""

    code: str
    name: str
    reason: str
    loss: float | None


@dataclass(frozen=True, slots=True)
class WhyFigure:
    """One reason and the mitigations it keeps out: how many, and the codes of the first few."""

    number: int
    codes: str
    why: str


@dataclass(frozen=True)
class PlanFigures:
    """The plan reported on; everything None or empty without one.

    `left` is the weighted risk left over as a share of today's, `bound` what no plan can get below. `stale` says
    that what it was made of has changed since.
    """

    code: str | None
    name: str | None
    made: str | None
    left: float | None
    bound: float | None
    gap: float | None
    days: float | None
    number: int
    evaluations: int
    last: str | None
    tasks: tuple[TaskFigure, ...]
    left_out: tuple[LeftOutFigure, ...]
    why_left_out: tuple[WhyFigure, ...]
    stale: bool


def plan(facts: Facts) -> PlanFigures:
    """The figures of the plan that is reported on."""
    row = facts.plan
    tasks = tuple(_task(facts, task) for task in facts.tasks)
    left_out = () if row is None else _left_out(facts, row.id)
    return PlanFigures(
        code=row and row.code,
        name=row and row.name,
        made=row and row.made,
        left=row and row.objective,
        bound=row and row.bound,
        gap=row and row.gap,
        days=None if row is None else sum(task.days for task in tasks),
        number=len(tasks),
        evaluations=sum(task.item.evaluation is not None for task in facts.tasks),
        last=max((task.finish for task in tasks), default=None),
        tasks=tasks,
        left_out=left_out,
        why_left_out=_gathered(left_out),
        stale=row is not None
        and row.input_hash is not None
        and row.input_hash != plan_hash(facts.inputs, facts.launch.id),
    )


def _task(facts: Facts, task: Task) -> TaskFigure:
    item = task.item
    return TaskFigure(
        rank=item.rank,
        code=task.code,
        name=task.name,
        variant=task.variant,
        teams=facts.teams_of(item),
        owner=task.owner,
        start=item.start,
        finish=item.finish,
        days=sum(row.days for row in facts.work(item)),
        gain=None if item.evaluation is not None else item.gain,
        why=item.reason,
        p_ready=item.p_ready,
        status=task.status,
        lowers=task.lowers,
    )


def _left_out(facts: Facts, plan_id: int) -> tuple[LeftOutFigure, ...]:
    """What was left out, that which the plan would lose least by taking in first."""
    rows = facts.inputs.children(LeftOut, "plan", plan_id)
    named = [(facts.inputs.get(Mitigation, row.mitigation), row) for row in rows]
    near = sorted(named, key=lambda pair: (pair[1].loss is None, pair[1].loss or 0.0, pair[0].code))
    return tuple(LeftOutFigure(one.code, one.name, row.reason, row.loss) for one, row in near)


def _gathered(rows: tuple[LeftOutFigure, ...]) -> tuple[WhyFigure, ...]:
    """The reasons, those that keep out most first."""
    groups: dict[str, list[LeftOutFigure]] = {}
    for row in rows:
        groups.setdefault(row.reason, []).append(row)
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    return tuple(WhyFigure(len(found), _codes(found), why) for why, found in ordered)


def _codes(rows: list[LeftOutFigure]) -> str:
    if len(rows) == 1:
        return f"{rows[0].code} {rows[0].name}"
    rest = f" and {len(rows) - FIRST} more" if len(rows) > FIRST else ""
    return ", ".join(row.code for row in rows[:FIRST]) + rest

"""Plans: one as it was found, in the words people and files use, and storing it as the launch's current one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from launchpad.changes import Change, insert, new_id, now, update
from launchpad.edits.values import checked
from launchpad.records import Inputs, Launch, LeftOut, Plan, PlanItem, PlanWork


@dataclass(frozen=True, slots=True)
class FoundStretch:
    """One unbroken stretch of one team's work; dates as YYYY-MM-DD, `days` in person-days."""

    start: str
    finish: str
    days: float


@dataclass(frozen=True, slots=True)
class FoundWork:
    """One team's part of a planned item; `team` is its code, `team_id` its row id."""

    team: str
    team_id: int
    days: float
    stretches: tuple[FoundStretch, ...]


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A variant or an evaluation that the plan does; codes, None for what it is not, and the row ids behind them.

    `finish` includes waiting days. `priority` is 1 for what comes first; `gain` the objective without it, and
    without what rests on it, less the objective with it; `gain_per_day` per person-day of its own.
    """

    mitigation: str | None
    variant: str | None
    evaluation: str | None
    variant_id: int | None
    evaluation_id: int | None
    teams: tuple[FoundWork, ...]
    start: str
    finish: str
    priority: int
    gain: float
    gain_per_day: float
    p_ready: float
    reason: str


@dataclass(frozen=True, slots=True)
class FoundOut:
    """A mitigation that the plan does not do: why, what would make room for it, and what that would cost.

    `loss` is how much worse the objective would be with it in place of `displaces` (codes); None where it cannot
    be done at all.
    """

    mitigation: str
    mitigation_id: int
    reason: str
    displaces: tuple[str, ...]
    loss: float | None


@dataclass(frozen=True, slots=True)
class FoundLoad:
    """One team's week (its Monday): person-days the plan uses, and person-days there were for it."""

    team: str
    week: str
    used: float
    available: float


@dataclass(frozen=True, slots=True)
class PlanFound:
    """A plan with its proof.

    `objective` is the residual risk as a share of today's, `bound` what no plan can go below, `gap` their distance
    as a share of the objective: all three for the objective the search works on (means, overlap within families
    only, refusals by their gradient). `score` is the plan's own full score of the same kind, with every overlap,
    refusal and attribution. `notes` say what limits are passed and what is missing.
    """

    launch: str
    launch_id: int
    input_hash: str
    seed: int
    objective: float
    bound: float
    gap: float
    score: float
    seconds: float
    stopped: bool
    selected: tuple[FoundItem, ...]
    left_out: tuple[FoundOut, ...]
    capacity: tuple[FoundLoad, ...]
    notes: tuple[str, ...]


def store(inputs: Inputs, launch_id: int, found: PlanFound, name: str) -> list[Change]:
    """The changes that keep a plan (P-1, P-2 ...) and make it the launch's current one; standings stay untouched."""
    plan = Plan(
        id=new_id(),
        code=_next_code(inputs, launch_id),
        launch=launch_id,
        name=name,
        made=now(),
        input_hash=found.input_hash,
        seed=found.seed,
        objective=found.objective,
        bound=found.bound,
        gap=found.gap,
        seconds=found.seconds,
        note="\n".join(found.notes) or None,
    )
    current = update(inputs.get(Launch, launch_id), current_plan=plan.code)
    rows = [checked(plan), *_items(plan, found.selected), *_left_out(plan, found.left_out)]
    return [insert(row) for row in rows] + ([] if current is None else [current])


def _next_code(inputs: Inputs, launch_id: int) -> str:
    codes = [plan.code for plan in inputs.rows(Plan, launch_id)]
    taken = [int(number) for code in codes if (number := code.removeprefix("P-")).isdigit()]
    return f"P-{max(taken, default=0) + 1}"


def _items(plan: Plan, items: Sequence[FoundItem]) -> Iterator[PlanItem | PlanWork]:
    for found in items:
        item = PlanItem(
            id=new_id(),
            launch=plan.launch,
            plan=plan.id,
            variant=found.variant_id,
            evaluation=found.evaluation_id,
            start=found.start,
            finish=found.finish,
            rank=found.priority,
            gain=found.gain,
            gain_per_day=found.gain_per_day,
            p_ready=found.p_ready,
            reason=found.reason or None,
        )
        yield checked(item)
        for work in found.teams:
            for stretch in work.stretches:
                yield checked(
                    PlanWork(
                        id=new_id(),
                        launch=plan.launch,
                        item=item.id,
                        team=work.team_id,
                        start=stretch.start,
                        finish=stretch.finish,
                        days=stretch.days,
                    )
                )


def _left_out(plan: Plan, rows: Sequence[FoundOut]) -> Iterator[LeftOut]:
    for found in rows:
        yield checked(
            LeftOut(
                id=new_id(),
                launch=plan.launch,
                plan=plan.id,
                mitigation=found.mitigation_id,
                reason=found.reason,
                displaces=", ".join(found.displaces) or None,
                loss=found.loss,
            )
        )

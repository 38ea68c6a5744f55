"""Plans: one as it was found, in the words people and files use, and storing it as the launch's current one."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from launchpad.changes import Change, delete, insert, new_id, now, update
from launchpad.edits.values import checked
from launchpad.records import (
    Inputs,
    Launch,
    LeftOut,
    Mitigation,
    MitigationVariant,
    Plan,
    PlanItem,
    PlanPoint,
    PlanWork,
    TeamPrice,
)


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
    without what rests on it, less the objective with it; `gain_per_day` per day of its teams, each weighted by what
    a day of it is worth. `slack_days` are the calendar days its finish may slip before something that waits for it,
    or the last day, is passed.
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
    slack_days: int | None = None


@dataclass(frozen=True, slots=True)
class Enters:
    """The smallest changes, each alone, that bring a mitigation into the plan; None where no such change does.

    `effort` is what its work would have to come down to (person-days, from `effort_now`), `freeze` the freeze date
    that leaves time enough, `gain` what it would have to take off the objective beyond what it does. `estimated`
    when the plan is not proven best: the figures then hold within its gap.
    """

    effort_now: float
    effort: float | None
    freeze: str | None
    gain: float | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class FoundOut:
    """A mitigation that the plan does not do: why, what would make room for it, and what that would cost.

    `loss` is how much worse the objective would be with it in place of `displaces` (codes); None where it cannot
    be done at all. `enters` is None where it was not looked for.
    """

    mitigation: str
    mitigation_id: int
    reason: str
    displaces: tuple[str, ...]
    loss: float | None
    enters: Enters | None = None


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
    basis: str = ""


@dataclass(frozen=True, slots=True)
class FoundPrice:
    """What one more person-day of a team (code, row id) would take off the objective, by the portfolio model."""

    team: str
    team_id: int
    residual_per_day: float
    gap: float | None


@dataclass(frozen=True, slots=True)
class FoundPoint:
    """A plan that could be had instead, by the portfolio model, with its gap; what it was asked for comes last.

    `kind` front: another weight of technical risk, or at most so many person-days or so much over-refusal; `kind`
    date: another launch date, the freeze moved with it. Risks are means over the horizon with the plan done.
    """

    kind: str
    objective: float
    gap: float | None
    technical: float
    reputational: float
    over_refusal: float
    effort_days: float
    launch_date: str | None = None
    gates_met: int | None = None
    gates: int | None = None
    technical_weight: float | None = None
    most_days: float | None = None
    most_refusal: float | None = None


@dataclass(frozen=True, slots=True)
class FoundCore:
    """The core index of a mitigation (code): the share of draws whose near-best plan holds it, and its error."""

    mitigation: str
    index: float
    error: float


def store(inputs: Inputs, launch_id: int, found: PlanFound, name: str, alternative_to: str = "") -> list[Change]:
    """The changes that keep a plan (P-1, P-2 ...) and make it the launch's current one; standings stay untouched.

    An alternative (to the plan of that code) is kept beside the current one.
    """
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
        score=found.score,
        seconds=found.seconds,
        basis=found.basis or None,
        alternative_to=alternative_to or None,
        note="\n".join(found.notes) or None,
    )
    current = None if alternative_to else update(inputs.get(Launch, launch_id), current_plan=plan.code)
    rows = [checked(plan), *_items(plan, found.selected), *_left_out(plan, found.left_out)]
    return [insert(row) for row in rows] + ([] if current is None else [current])


def stored(inputs: Inputs, plan: Plan) -> PlanFound:
    """A stored plan as it was found; what the file does not keep (loads, places of reasons) is left out."""
    rows = sorted(inputs.children(PlanItem, "plan", plan.id), key=lambda row: (row.rank or 0, row.start, row.id))
    objective = plan.objective or 0.0
    return PlanFound(
        launch=inputs.get(Launch, plan.launch).code,
        launch_id=plan.launch,
        input_hash=plan.input_hash or "",
        seed=plan.seed,
        objective=objective,
        bound=objective if plan.bound is None else plan.bound,
        gap=plan.gap or 0.0,
        score=objective if plan.score is None else plan.score,
        seconds=plan.seconds or 0.0,
        stopped=False,
        selected=tuple(_stored_item(inputs, place, row) for place, row in enumerate(rows, start=1)),
        left_out=(),
        capacity=(),
        notes=tuple((plan.note or "").splitlines()),
        basis=plan.basis or "",
    )


def _stored_item(inputs: Inputs, place: int, row: PlanItem) -> FoundItem:
    variant = None if row.variant is None else inputs.get(MitigationVariant, row.variant)
    return FoundItem(
        mitigation=None if variant is None else inputs.get(Mitigation, variant.mitigation).code,
        variant=None if variant is None else variant.code,
        evaluation=None if row.evaluation is None else inputs.part(row, "evaluation"),
        variant_id=row.variant,
        evaluation_id=row.evaluation,
        teams=(),
        start=row.start,
        finish=row.finish,
        priority=row.rank or place,
        gain=row.gain or 0.0,
        gain_per_day=row.gain_per_day or 0.0,
        p_ready=1.0 if row.p_ready is None else row.p_ready,
        reason=row.reason or "",
        slack_days=row.slack_days,
    )


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
            slack_days=found.slack_days,
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
        enters = found.enters
        yield checked(
            LeftOut(
                id=new_id(),
                launch=plan.launch,
                plan=plan.id,
                mitigation=found.mitigation_id,
                reason=found.reason,
                displaces=", ".join(found.displaces) or None,
                loss=found.loss,
                effort=None if enters is None else enters.effort_now,
                enters_effort=None if enters is None else enters.effort,
                enters_freeze=None if enters is None else enters.freeze,
                enters_gain=None if enters is None else enters.gain,
                estimated=None if enters is None else enters.estimated,
            )
        )


def store_around(
    inputs: Inputs,
    plan: Plan,
    prices: Sequence[FoundPrice] = (),
    points: Sequence[FoundPoint] = (),
    core: Sequence[FoundCore] = (),
) -> list[Change]:
    """The changes that keep what was found around a plan; of each kind given, what was kept before is replaced."""
    gone = [delete(row) for row in inputs.children(TeamPrice, "plan", plan.id) if prices]
    kinds = {point.kind for point in points}
    gone += [delete(row) for row in inputs.children(PlanPoint, "plan", plan.id) if row.kind in kinds]
    rows = [*_prices(plan, prices), *_points(plan, points)]
    return [*gone, *(insert(checked(row)) for row in rows), *_core(inputs, plan, core)]


def _prices(plan: Plan, prices: Sequence[FoundPrice]) -> Iterator[TeamPrice]:
    for found in prices:
        yield TeamPrice(
            id=new_id(),
            launch=plan.launch,
            plan=plan.id,
            team=found.team_id,
            residual_per_day=found.residual_per_day,
            gap=found.gap,
        )


def _points(plan: Plan, points: Sequence[FoundPoint]) -> Iterator[PlanPoint]:
    places: dict[str, int] = {}
    for found in points:
        places[found.kind] = places.get(found.kind, 0) + 1
        yield PlanPoint(id=new_id(), launch=plan.launch, plan=plan.id, place=places[found.kind], **asdict(found))


def _core(inputs: Inputs, plan: Plan, core: Sequence[FoundCore]) -> Iterator[Change]:
    known = {found.mitigation: found for found in core}
    for item in inputs.children(PlanItem, "plan", plan.id):
        variant = None if item.variant is None else inputs.get(MitigationVariant, item.variant)
        found = None if variant is None else known.get(inputs.get(Mitigation, variant.mitigation).code)
        change = None if found is None else update(item, core_index=found.index, core_error=found.error)
        if change is not None:
            yield change
    for row in inputs.children(LeftOut, "plan", plan.id):
        found = known.get(inputs.get(Mitigation, row.mitigation).code)
        change = None if found is None else update(row, core_index=found.index)
        if change is not None:
            yield change

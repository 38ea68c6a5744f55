"""The items of a launch's plan: which mitigations and evaluations can be done at all, and why the others cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from launchpad.planning.before import NO_PLAN, Before, ahead, resumed
from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.locks import Lock
from launchpad.planning.objective import Objective
from launchpad.planning.order import circles
from launchpad.planning.problem import Item, Problem
from launchpad.planning.serial import Placement, Timetable, finish_day, in_order
from launchpad.planning.work import (
    evaluation_item,
    not_before,
    said_of_rest,
    starting_on,
    variant_item,
    why_not,
    within_freeze,
)
from launchpad.planning.worth import Told
from launchpad.records import (
    Dependency,
    Effort,
    Evaluation,
    ExclusionGroup,
    ExclusionMember,
    Gate,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Standing,
)
from launchpad.scoring.gates import CANNOT_RULE_OUT, INCONCLUSIVE, Verdict
from launchpad.scoring.model import Model


@dataclass
class Draft:
    """What is known of a launch while its items are sorted out.

    `gates` are those not met, with their verdicts; `told` the decisions that runs tell something about; `before` the
    work of the current plan. `reasons` say by mitigation row id why it cannot be done,
    `refused` the same by the code of one variant or evaluation. `runs` are the places of the items that run each
    evaluation.
    """

    inputs: Inputs
    launch: Launch
    model: Model
    calendars: tuple[TeamCalendar, ...]
    last_day: date
    locks: tuple[Lock, ...]
    gates: Mapping[Gate, Verdict]
    told: tuple[Told, ...] = ()
    before: Before = NO_PLAN
    items: list[Item] = field(default_factory=list[Item])
    reasons: dict[int, str] = field(default_factory=dict[int, str])
    refused: dict[str, str] = field(default_factory=dict[str, str])
    runs: dict[int, int] = field(default_factory=dict[int, int])
    notes: list[str] = field(default_factory=list[str])

    @cached_property
    def done(self) -> frozenset[int]:
        """The mitigations of which a variant is done or in place."""
        on = zip(self.model.variants, self.model.current.active, strict=True)
        return frozenset(variant.mitigation for variant, active in on if active)

    @cached_property
    def standing(self) -> Mapping[int, Standing]:
        """How far each variant has come, by row id."""
        return {row.variant: row for row in self.inputs.rows(Standing, self.launch.id)}

    def finished_before(self, mitigation: int) -> date | None:
        """The latest day on which what a mitigation waits for was finished, of what is done."""
        found: list[str] = []
        for row in self.inputs.children(Dependency, "mitigation", mitigation):
            if row.kind != "finish_to_start" or row.needs not in self.done:
                continue
            for variant in self.inputs.children(MitigationVariant, "mitigation", row.needs):
                standing = self.standing.get(variant.id)
                if standing is not None and standing.finished is not None and standing.status in ("done", "in_place"):
                    found.append(standing.finished)
        return date.fromisoformat(max(found)) if found else None

    def code(self, mitigation: int) -> str:
        """How people name a mitigation."""
        return self.inputs.get(Mitigation, mitigation).code

    def by_mitigation(self) -> dict[int, tuple[int, ...]]:
        """The places of each mitigation's items."""
        found: dict[int, list[int]] = {}
        for number, item in enumerate(self.items):
            if item.mitigation is not None:
                found.setdefault(item.mitigation, []).append(number)
        return {mitigation: tuple(places) for mitigation, places in found.items()}

    def settling(self, gate: Gate) -> int | None:
        """The evaluation (row id) a gate needs run: the one it names, else the one it is about where that is open.

        That goes for gates that stand beside every sum, of catastrophic scenarios and of evaluations; what a run tells
        about the others is weighed against its effort.
        """
        if gate.verified_by is not None:
            return gate.verified_by
        index = None if gate.scenario is None else self.model.scenario_index.get(gate.scenario)
        apart = index is None or bool(self.model.catastrophic[index])
        open_still = self.gates[gate].verdict in (INCONCLUSIVE, CANNOT_RULE_OUT)
        return gate.evaluation if apart and open_still else None

    def run_behind(self, item: Item) -> int | None:
        """The item that verifies a variant of the plan; None where it is verified already or cannot be run."""
        if item.mitigation is None:
            return None
        place = self.model.variant_index[item.row]
        evaluation = self.model.verifying[place]
        if evaluation is None or self.model.current.verified[place]:
            return None
        return self.runs.get(evaluation)


def gather(draft: Draft) -> None:
    """Collect the items that can be done, and why the others cannot; what was refused before stays out."""
    draft.items, draft.reasons, draft.runs, draft.notes = [], {}, {}, []
    idle = _idle(draft)
    for mitigation in sorted(draft.inputs.rows(Mitigation), key=lambda row: row.code):
        if mitigation.id in idle:
            draft.reasons[mitigation.id] = "It acts on no scenario of this launch."
        else:
            _gather_variants(draft, mitigation)
    _refuse_excluded(draft)
    _refuse_circles(draft)
    _refuse_dependents(draft)
    _place_started(draft)
    _gather_evaluations(draft)


def _idle(draft: Draft) -> frozenset[int]:
    """The mitigations that act on nothing, that nothing needs, and that nobody locked or started."""
    acting = {draft.model.variants[int(place)].mitigation for place in draft.model.effects.variant}
    needed = {row.needs for row in draft.inputs.rows(Dependency)}
    locked = {lock.mitigation for lock in draft.locks}
    begun = {
        draft.inputs.get(MitigationVariant, row.variant).mitigation
        for row in draft.standing.values()
        if row.status in ("started", "dropped")
    }
    everything = {row.id for row in draft.inputs.rows(Mitigation)}
    return frozenset(everything - acting - needed - locked - begun - draft.done)


def _gather_variants(draft: Draft, mitigation: Mitigation) -> None:
    found: list[Item] = []
    why: list[str] = []
    variants = draft.inputs.children(MitigationVariant, "mitigation", mitigation.id)
    for variant in sorted(variants, key=lambda row: row.code):
        standing = draft.standing.get(variant.id)
        if standing is not None and standing.status in ("done", "in_place"):
            continue
        reason = _refusal(draft, variant)
        item = None if reason else _item(draft, variant, standing)
        if item is not None:
            item, reason = _in_time(draft, item)
        if item is not None and not reason:
            found.append(item)
        else:
            why.append(reason or "No effort is given for it.")
    started = [item for item in found if item.started]
    draft.items += started[:1] or found
    if not found and mitigation.id not in draft.done:
        draft.reasons[mitigation.id] = why[0] if why else "No way of doing it is given."


def _item(draft: Draft, variant: MitigationVariant, standing: Standing | None) -> Item | None:
    """A variant as an item; of one started, of which nobody said what is left, what the current plan had ahead."""
    teams = draft.before.variants.get(variant.id)
    unsaid = standing is not None and standing.status == "started" and not said_of_rest(standing)
    if teams is None or not unsaid:
        return variant_item(draft.inputs, draft.calendars, variant, standing)
    left = ahead(draft.inputs, draft.launch, teams)
    if any(share < 1 for share in left.values()):
        draft.notes.append(
            f"{variant.code}: nobody said how much of it is left, so what was planned before {draft.launch.as_of} "
            "counts as done."
        )
    return variant_item(draft.inputs, draft.calendars, variant, standing, left)


def _in_time(draft: Draft, item: Item) -> tuple[Item, str]:
    """The item within the days it may lie on, and why it cannot be done there, or nothing."""
    item = within_freeze(item, draft.calendars, draft.last_day)
    if item.started or item.mitigation is None:
        return item, why_not(item, draft.calendars, draft.last_day)
    ready = draft.finished_before(item.mitigation)
    if ready is not None:
        item = not_before(item, draft.calendars, ready)
    mine = (lock for lock in draft.locks if lock.on(item.mitigation or 0, item.row))
    start = next((lock for lock in mine if lock.kind == "start"), None)
    if start is None or start.day is None:
        return item, why_not(item, draft.calendars, draft.last_day)
    first = date.fromisoformat(draft.launch.as_of)
    if start.day < first:
        return item, f"{start.words}, as locked: that is before {first}, from which on the plan is made."
    item = starting_on(item, draft.calendars, start.day)
    reason = why_not(item, draft.calendars, draft.last_day)
    return item, f"{start.words}, as locked. {reason}" if reason else ""


def _refusal(draft: Draft, variant: MitigationVariant) -> str:
    """Why a variant is out whatever its work is: locked out, locked to others, dropped, or found impossible before."""
    standing = draft.standing.get(variant.id)
    begun = standing is not None and standing.status == "started"
    teams = {row.team for row in draft.inputs.children(Effort, "variant", variant.id)}
    for lock in draft.locks:
        if not lock.on(variant.mitigation, variant.id):
            continue
        if lock.kind == "never":
            return f"It is locked out: {lock.words}."
        if lock.kind == "team" and lock.team not in teams and not begun:
            return f"{lock.words}, as locked, and that team has no work in it."
    if standing is not None and standing.status == "dropped":
        return "It was dropped."
    return draft.refused.get(variant.code, "")


def _refuse(draft: Draft, mitigation: int, reason: str) -> None:
    draft.items = [item for item in draft.items if item.mitigation != mitigation]
    if mitigation not in draft.done:
        draft.reasons[mitigation] = reason


def _refuse_excluded(draft: Draft) -> None:
    """Take out what an exclusion group forbids beside a member that is in place."""
    for group in sorted(draft.inputs.rows(ExclusionGroup), key=lambda row: row.code):
        members = draft.inputs.children(ExclusionMember, "exclusion_group", group.id)
        there = [row.mitigation for row in members if row.mitigation in draft.done]
        for row in members:
            if there and row.mitigation not in draft.done:
                reason = f"{group.code} ({group.name}) allows one, and {draft.code(there[0])} is in place."
                _refuse(draft, row.mitigation, reason)


def _refuse_circles(draft: Draft) -> None:
    for circle in circles(draft.inputs.rows(Dependency), draft.done):
        codes = [draft.code(mitigation) for mitigation in circle]
        words = " needs ".join([*codes, codes[0]])
        for mitigation in circle:
            _refuse(draft, mitigation, f"It waits for itself: {words}.")


def _refuse_dependents(draft: Draft) -> None:
    """Take out what needs a mitigation that cannot be done, and what needs that in turn."""
    needed_by: dict[int, list[int]] = {}
    for row in draft.inputs.rows(Dependency):
        needed_by.setdefault(row.needs, []).append(row.mitigation)
    open_ones = set(draft.by_mitigation())
    queue = [mitigation for mitigation in draft.reasons if mitigation not in draft.done]
    for lost in queue:
        for mitigation in sorted(needed_by.get(lost, ()), key=draft.code):
            begun = any(item.started for item in draft.items if item.mitigation == mitigation)
            if mitigation not in open_ones or begun:
                continue
            code, reason = draft.code(lost), draft.reasons[lost]
            _refuse(draft, mitigation, f"It needs {code}, which cannot be done. {code}: {reason}")
            open_ones.discard(mitigation)
            if mitigation not in draft.done:
                queue.append(mitigation)


def _place_started(draft: Draft) -> None:
    """Leave what has been started where the current plan has it; without one it goes on first, as early as it fits."""
    begun = [number for number, item in enumerate(draft.items) if item.started]
    after = _order_of_started(draft, begun)
    costs = (0.0,) * len(draft.items)
    bare = Problem(tuple(draft.items), draft.calendars, Objective((), (), costs), draft.last_day, after=after)
    table = Timetable(bare)
    rank = sorted(
        begun, key=lambda number: (draft.standing[draft.items[number].row].started or "", draft.items[number].code)
    )
    lost: list[Item] = []
    for number in in_order(bare, begun, {item: float(place) for place, item in enumerate(rank)}):
        item = draft.items[number]
        if not (_resume(draft, table, number) or table.add(number)):
            lost.append(item)
            continue
        works = [
            replace(work, shapes=(spot.shape,), first=spot.start, last=spot.end, placed=spot.stretches, parts=1)
            for work, spot in zip(item.works, table.placed[number], strict=True)
        ]
        draft.items[number] = replace(item, works=tuple(works))
    for item in lost:
        reason = f"It has been started, but what is left of it cannot be finished before {draft.last_day}."
        draft.notes.append(f"{item.code}: {reason}")
        draft.refused[item.code] = reason
        if item.mitigation is not None:
            _refuse(draft, item.mitigation, reason)
    if lost:
        _refuse_dependents(draft)


def _order_of_started(draft: Draft, begun: list[int]) -> tuple[tuple[int, int], ...]:
    """The pairs (earlier, later) of started items of which the later waits for the earlier to be finished."""
    of = {draft.items[number].mitigation: number for number in begun}
    rows = (row for row in draft.inputs.rows(Dependency) if row.kind == "finish_to_start")
    return tuple((of[row.needs], of[row.mitigation]) for row in rows if row.needs in of and row.mitigation in of)


def _resume(draft: Draft, table: Timetable, number: int) -> bool:
    """Whether a started item could be left where the current plan has it; it then stands in the table."""
    item = draft.items[number]
    rows = draft.before.variants.get(item.row, {})
    earlier = [other for other in table.problem.before.get(number, ()) if other in table.placed]
    ready = max((finish_day(table.problem, other, table.placed[other]) for other in earlier), default=None)
    found: list[Placement] = []
    for work in item.works if rows else ():
        calendar = draft.calendars[work.team]
        spot = resumed(draft.inputs, calendar, work, rows.get(calendar.team, ()), table.free[work.team], ready)
        if spot is None:
            return False
        found.append(spot)
    if not found:
        return False
    table.fix(number, tuple(found))
    return True


def _gather_evaluations(draft: Draft) -> None:
    """Add the runs that verify a variant of the plan or of today, that open gates ask for, or that tell something."""
    model = draft.model
    there = {item.row for item in draft.items}
    asked = {row for gate in draft.gates if (row := draft.settling(gate)) is not None}
    for place, variant in enumerate(model.variants):
        if variant.verified_by is None or model.current.verified[place]:
            continue
        if variant.id in there or model.current.active[place]:
            asked.add(variant.verified_by)
    optional = {row for each in draft.told for row in each.shares} - asked
    evaluations = [draft.inputs.get(Evaluation, row) for row in asked | optional]
    for evaluation in sorted(evaluations, key=lambda row: row.code):
        item = evaluation_item(draft.inputs, draft.calendars, evaluation)
        reason = "its effort is not known"
        if item is not None:
            item = within_freeze(item, draft.calendars, draft.last_day)
            reason = draft.refused.get(evaluation.code) or why_not(item, draft.calendars, draft.last_day)
        if item is not None and not reason:
            draft.runs[evaluation.id] = len(draft.items)
            draft.items.append(item)
            continue
        if evaluation.id in optional:
            continue
        draft.notes.append(
            f"{evaluation.code} cannot be planned ({reason.rstrip('.')}): what it would verify keeps the "
            "credit of an assumption, and a gate that needs it stays open."
        )

"""The items of a launch's plan: which mitigations and evaluations can be done at all, and why the others cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.locks import Lock
from launchpad.planning.objective import Objective
from launchpad.planning.order import circles
from launchpad.planning.problem import Item, Problem
from launchpad.planning.serial import Timetable
from launchpad.planning.work import evaluation_item, variant_item, why_not, within_freeze
from launchpad.records import (
    Dependency,
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
from launchpad.scoring.model import Model


@dataclass
class Draft:
    """What is known of a launch while its items are sorted out.

    `gates` are those not met, with their verdicts. `reasons` say by mitigation row id why it cannot be done,
    `refused` the same by the code of one variant or evaluation. `runs` are the places of the items that run each
    evaluation.
    """

    inputs: Inputs
    launch: Launch
    model: Model
    calendars: tuple[TeamCalendar, ...]
    last_day: date
    locks: tuple[Lock, ...]
    gates: Mapping[Gate, str]
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
        item = None if reason else variant_item(draft.inputs, draft.calendars, variant, standing)
        if item is not None:
            item = within_freeze(item, draft.calendars, draft.last_day)
            reason = why_not(item, draft.calendars, draft.last_day)
        if item is not None and not reason:
            found.append(item)
        else:
            why.append(reason or "No effort is given for it.")
    started = [item for item in found if item.started]
    draft.items += started[:1] or found
    if not found and mitigation.id not in draft.done:
        draft.reasons[mitigation.id] = why[0] if why else "No way of doing it is given."


def _refusal(draft: Draft, variant: MitigationVariant) -> str:
    """Why a variant is out whatever its work is: locked out, dropped, or found impossible before."""
    for lock in draft.locks:
        whole = lock.variant in (None, variant.id)
        if lock.kind == "never" and lock.mitigation == variant.mitigation and whole:
            return f"It is locked out: {lock.words}."
    standing = draft.standing.get(variant.id)
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
    """Fix what has been started where it can go on first, in the order in which it was started."""
    begun = sorted(
        (number for number, item in enumerate(draft.items) if item.started),
        key=lambda number: (
            draft.standing[draft.items[number].row].started or "",
            draft.items[number].code,
        ),
    )
    costs = (0.0,) * len(draft.items)
    table = Timetable(Problem(tuple(draft.items), draft.calendars, Objective((), (), costs), draft.last_day))
    lost: list[Item] = []
    for number in begun:
        item = draft.items[number]
        if not table.add(number):
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


def _gather_evaluations(draft: Draft) -> None:
    """Add the runs that verify a variant of the plan or of today, and those that failing gates ask for."""
    model = draft.model
    there = {item.row for item in draft.items}
    asked = {gate.verified_by for gate in draft.gates if gate.verified_by is not None}
    for place, variant in enumerate(model.variants):
        if variant.verified_by is None or model.current.verified[place]:
            continue
        if variant.id in there or model.current.active[place]:
            asked.add(variant.verified_by)
    evaluations = [draft.inputs.get(Evaluation, row) for row in asked]
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
        draft.notes.append(
            f"{evaluation.code} cannot be planned ({reason.rstrip('.')}): what it would verify keeps the "
            "credit of an assumption, and a gate that needs it stays open."
        )

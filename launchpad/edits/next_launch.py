"""A new launch made from an earlier one: what is copied, what changes on the way, and what is left behind."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from launchpad.changes import Change, insert, new_id
from launchpad.edits.launches import due_day
from launchpad.edits.nearness import Guess, farther, snapshot_of
from launchpad.edits.records import next_code, refuse_taken
from launchpad.edits.values import checked
from launchpad.errors import InvalidValueError
from launchpad.records import (
    RECORDS,
    Condition,
    Decision,
    Determination,
    Dissent,
    EvalResult,
    EvidenceLink,
    Forecast,
    ForecastQuestion,
    Incident,
    Inputs,
    Launch,
    LeftOut,
    Lock,
    Plan,
    PlanItem,
    PlanPoint,
    PlanWork,
    Reading,
    Record,
    SignOff,
    Standing,
    TeamPrice,
    Trigger,
    Waiver,
    field_of,
    fields_of,
    record_from,
)

R = TypeVar("R", bound=Record)
NOT_COPIED: Mapping[type[Record], str] = MappingProxyType(
    {
        Plan: "It was made for the dates and standings of its launch.",
        PlanItem: "It is part of a plan.",
        PlanWork: "It is part of a plan.",
        LeftOut: "It is part of a plan.",
        TeamPrice: "It is part of a plan.",
        PlanPoint: "It is part of a plan.",
        Lock: "It was a word about the plan of its launch.",
        Incident: "It happened after its launch; the next one reads it there.",
        Reading: "It was seen after its launch; the next one reads it there.",
        Determination: "It was a word about the gates of its launch.",
        Decision: "It was a word about its launch.",
        SignOff: "It stands under a decision on its launch.",
        Condition: "It belongs to a decision on its launch.",
        Waiver: "It was a word about the gates of its launch.",
        Dissent: "It is about a decision on its launch.",
        ForecastQuestion: "It is settled where it was asked; the next launch shows how well it was foreseen.",
        Forecast: "It answers a question of its launch.",
    }
)
"""The records of a launch that stay with it, each with the reason; every other record with a launch is copied."""

COPIED: tuple[type[Record], ...] = tuple(
    record for record in RECORDS if field_of(record, "launch") is not None and record not in NOT_COPIED
)
UNDER_WAY = frozenset({"planned", "started"})
OF_THE_WORK = ("started", "finished", "remaining_days", "actual_days")
OF_A_BUILD = frozenset({"new_model", "new_snapshot"})


@dataclass(frozen=True, slots=True)
class NextLaunch:
    """What a person says of a launch that follows another.

    Without a model and a snapshot the same build goes out again; with another model alone, or an empty snapshot, the
    build is not said yet.
    `as_of` is the day it is made on. With `under_way`, work that is planned or started stays so.
    """

    name: str
    launch_date: str
    as_of: str
    model: str | None = None
    snapshot: str | None = None
    code: str | None = None
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class _Copying:
    """The two launches, and the new row id of every row that is copied, by table and old id."""

    inputs: Inputs
    source: Launch
    launch: Launch
    under_way: bool
    ids: Mapping[str, Mapping[int, int]]
    guesses: dict[int, tuple[Guess, Guess]]


def copy_launch(inputs: Inputs, source: Launch, wish: NextLaunch) -> list[Change]:
    """The changes that add a launch with a copy of every record of an earlier one, its baseline; see `NOT_COPIED`.

    Codes stay, references stay within the copy, `copied_from` says where a row came from. Seals, decisions on triggers
    and, unless asked, the standing of work under way are cleared: they were about the earlier launch. Links to results
    are as near to the new build as the rules of `nearness` say. Raises InvalidValueError as `new_launch` does.
    """
    launch = _launch(inputs, source, wish)
    rows = {record: inputs.rows(record, source.id) for record in COPIED}
    ids = {record.table: {row.id: new_id() for row in each} for record, each in rows.items()}
    copying = _Copying(inputs, source, launch, wish.under_way, ids, {})
    return [insert(launch), *(insert(_copy(copying, row)) for each in rows.values() for row in each)]


def judged_anew(inputs: Inputs, source: Launch, changes: Iterable[Change]) -> list[tuple[EvidenceLink, EvidenceLink]]:
    """Of a copy the evidence links that are nearer or farther than those they were copied from, each after that one."""
    made = [change for change in changes if change.table == EvidenceLink.table and change.after is not None]
    copies = (record_from(EvidenceLink, change.key, change.after or {}) for change in made)
    pairs = zip(inputs.rows(EvidenceLink, source.id), copies, strict=True)
    return [(before, now) for before, now in pairs if before.snapshot != now.snapshot]


def _launch(inputs: Inputs, source: Launch, wish: NextLaunch) -> Launch:
    """The new launch itself: the freeze lies as long before the launch as it did, its horizon and seed stay."""
    as_of = max(wish.as_of, source.as_of)
    due = due_day(wish.launch_date, as_of)
    margin = date.fromisoformat(source.launch_date) - date.fromisoformat(source.freeze_date)
    freeze = min(due, max(due - margin, date.fromisoformat(as_of)))
    model = wish.model or source.model
    same = source.snapshot if model == source.model else None
    snapshot = same if wish.snapshot is None else wish.snapshot.strip() or None
    launch = dataclasses.replace(
        source,
        id=new_id(),
        code=wish.code or next_code(inputs, Launch, width=1),
        name=wish.name,
        model=model,
        snapshot=snapshot,
        baseline=source.id,
        launch_date=due.isoformat(),
        freeze_date=freeze.isoformat(),
        as_of=as_of,
        release_kind=_release_kind(source, model, snapshot),
        status="open",
        current_plan=None,
    )
    if not wish.name.strip():
        raise InvalidValueError("The new launch has no name.", "Say what people will call it.")
    refuse_taken(inputs, launch)
    return checked(launch)


def _release_kind(source: Launch, model: str, snapshot: str | None) -> str:
    if source.release_kind not in OF_A_BUILD:
        return source.release_kind
    if model != source.model:
        return "new_model"
    return "new_snapshot" if snapshot != source.snapshot else source.release_kind


def _copy(copying: _Copying, row: R) -> R:
    """A row of the earlier launch as the new one has it."""
    fields: dict[str, object] = {"id": copying.ids[row.table][row.id], "launch": copying.launch.id}
    for declared in fields_of(type(row)):
        if declared.refers is not None and declared.refers in copying.ids:
            value = getattr(row, declared.name)
            fields[declared.name] = copying.ids[declared.refers].get(value, value)
        elif declared.set_by_program:
            fields[declared.name] = None
        elif declared.name == "copied_from":
            fields[declared.name] = f"{copying.source.code}/{copying.inputs.address(row)}"
    fields |= _own(copying, row)
    return dataclasses.replace(row, **fields)  # pyright: ignore[reportArgumentType] - the record's own fields


def _own(copying: _Copying, row: Record) -> dict[str, object]:
    """What changes on the way because it was about the earlier launch."""
    if isinstance(row, Standing):
        stays = row.status not in UNDER_WAY or copying.under_way
        return {} if stays else {"status": "idea", **dict.fromkeys(OF_THE_WORK)}
    if isinstance(row, Trigger):
        return {"decided_on": None}
    return _nearness(copying, row) if isinstance(row, EvidenceLink) else {}


def _nearness(copying: _Copying, link: EvidenceLink) -> dict[str, object]:
    """How near a result is to the build that goes out now, with the reason; nothing where that is the same build.

    What the rules said of the earlier build they say of the new one. A judgement of a person's own, which the rules
    do not know the grounds of, is never made nearer.
    """
    source, launch = copying.source, copying.launch
    if (source.model, source.snapshot) == (launch.model, launch.snapshot):
        return {}
    if link.result not in copying.guesses:
        result = copying.inputs.get(EvalResult, link.result)
        copying.guesses[link.result] = snapshot_of(source, result), snapshot_of(launch, result)
    before, now = copying.guesses[link.result]
    judged = link.snapshot != before.nearness
    snapshot = farther(link.snapshot, now.nearness) if judged else now.nearness
    if snapshot == link.snapshot:
        return {}
    said = f"Snapshot {snapshot} for {launch.code}, {link.snapshot} for {source.code}: {now.why}"
    return {"snapshot": snapshot, "reason": f"{link.reason.rstrip()} {said}" if link.reason else said}

"""Why something is otherwise in one plan than in another, in words, from what the records say today."""

from collections.abc import Iterator, Mapping

from launchpad.records import (
    Dependency,
    EvalResult,
    Evaluation,
    Inputs,
    Launch,
    Lock,
    MitigationVariant,
    Plan,
    PlanItem,
    PlanWork,
)
from launchpad.results.planned_work import Key, Piece, Two

_SLACK = 0.02
_STANDS = ("done", "in_place")


def done(two: Two, old: Piece) -> str:
    """That a piece of the first plan has been done since; empty when it has not."""
    if old.mitigation is None:
        since = (two.first.made or "")[:10]
        runs = two.inputs.children(EvalResult, "evaluation", old.item.evaluation or 0)
        new = sorted(row.code for row in runs if row.status == "complete" and (row.run_date or "") >= since)
        return f"Run since: {', '.join(new[:3])}." if new and since else ""
    for variant in two.inputs.children(MitigationVariant, "mitigation", old.mitigation):
        row = two.standing.get(variant.id)
        since = row is not None and (row.finished or "") >= (two.first.made or "")[:10] > ""
        if row is not None and row.status in _STANDS and (variant.code == old.code or since):
            when = "" if row.finished is None else f", finished on {row.finished}"
            spent = "" if row.actual_days is None else f" ({row.actual_days:.3g} days of work, {old.days:.3g} planned)"
            other = "" if variant.code == old.code else f" as {variant.code}"
            return f"Done since{other}{when}{spent}."
    return ""


def added(two: Two, new: Piece) -> str:
    """Why something is in the second plan and not in the first."""
    if new.item.reason:
        return new.item.reason
    left = None if new.mitigation is None else two.left_before.get(new.mitigation)
    gain = "" if not new.item.gain else f" It takes off {new.item.gain:.2%} of today's risk."
    there = _in_place(two, new)
    if there:
        return f"It takes the place of {there}, which is in place.{gain}"
    if left is None:
        return f"The earlier plan knew nothing of it.{gain}"
    if left.effort is not None and abs(left.effort - new.days) > _SLACK * max(1.0, left.effort):
        return f"Its effort changed from {left.effort:.3g} to {new.days:.3g} days. Left out before: {left.reason}"
    return f"The objective prefers it now.{gain} Left out before: {left.reason}"


def dropped(two: Two, old: Piece) -> str:
    """Why something is in the first plan and not in the second."""
    if old.mitigation is None:
        return _run_dropped(two, old)
    left, there = two.left_after.get(old.mitigation), _in_place(two, old)
    if left is not None:
        room = f" For it {left.displaces} would have to go." if left.displaces else ""
        return f"Left out. {left.reason}{room}"
    if there:
        return f"The objective prefers other work in its place: {there} stays as it is."
    return "The later plan says nothing of it."


def _in_place(two: Two, piece: Piece) -> str:
    """Another way of doing a piece's mitigation that is done or in place."""
    if piece.mitigation is None:
        return ""
    for variant in two.inputs.children(MitigationVariant, "mitigation", piece.mitigation):
        row = two.standing.get(variant.id)
        if row is not None and row.status in _STANDS and variant.code != piece.code:
            return variant.code
    return ""


def _run_dropped(two: Two, old: Piece) -> str:
    """Why an evaluation is not run any more: by what it would have verified."""
    verified = [
        piece
        for piece in two.before.values()
        if piece.item.variant is not None
        and two.inputs.get(MitigationVariant, piece.item.variant).verified_by == old.item.evaluation
    ]
    there = {piece.code for piece in two.after.values()}
    gone = sorted(piece.code for piece in verified if piece.code not in there)
    if gone:
        verb = "is" if len(gone) == 1 else "are"
        return f"Nothing needs it any more: {', '.join(gone)} {verb} not in the plan."
    return "No gate and nothing in the plan asks for it any more."


def other_way(two: Two, old: Piece, new: Piece) -> str:
    """Why a mitigation is done in another way."""
    for lock in two.locks.get(new.mitigation or 0, ()):
        if lock.variant in (old.item.variant, new.item.variant) or lock.team is not None:
            return _locked(two, lock)
    was = two.standing.get(old.item.variant or 0)
    if was is not None and was.status == "dropped":
        return f"{old.code} was dropped."
    now = two.standing.get(new.item.variant or 0)
    if now is not None and now.status == "started":
        return f"{new.code} has been started."
    gain = "" if not new.item.gain else f"it takes off {new.item.gain:.2%} of today's risk, for "
    return new.item.reason or f"The objective prefers it: {gain}{new.days:.3g} days in place of {old.days:.3g}."


def other_team(two: Two, new: Piece) -> str:
    """Why other teams do a piece."""
    for lock in two.locks.get(new.mitigation or 0, ()):
        if lock.team is not None:
            return _locked(two, lock)
    return "Its work was given to other teams."


def effort(two: Two, old: Piece, new: Piece) -> str:
    """Why a piece takes more or fewer person-days."""
    row = two.standing.get(new.item.variant or 0)
    if row is not None and row.status == "started":
        when = "" if row.started is None else f" on {row.started}"
        return f"Started{when}: {new.days:.3g} days of work are left."
    return f"Its effort changed from {old.days:.3g} to {new.days:.3g} days."


def start(two: Two, old: Piece, new: Piece) -> str:
    """Why a piece begins on another day: the first reason that the records bear out."""
    found = (
        *_said(two, old, new),
        *_waits(two, old, new),
        *_dates(two, old, new),
        *_less_time(two, old),
        *_room(two, old, new),
    )
    if found:
        return found[0]
    place = "" if new.item.rank is None else f" It is number {new.item.rank} in the order of priority."
    return f"Nothing holds it to its old days; the plan is settled so that what comes first is finished first.{place}"


def pace(two: Two, old: Piece, new: Piece) -> str:
    """Why the same work, begun on the same day, ends on another."""
    found = (*_less_time(two, old), *_room(two, old, new))
    return found[0] if found else "The same work is spread over other days."


def _said(two: Two, old: Piece, new: Piece) -> Iterator[str]:
    """What people said of it: it has been started, a lock, the earliest day."""
    row = two.standing.get(new.item.variant or 0)
    if row is not None and row.status == "started":
        when = "" if row.started is None else f" on {row.started}"
        now = f", as of {two.launch.as_of}," if old.item.start < two.launch.as_of else ""
        yield f"Started{when}: what is left of it{now} goes first."
    for lock in two.locks.get(new.mitigation or 0, ()):
        if lock.start is not None and lock.start <= new.item.start:
            yield _locked(two, lock)
    first = None
    if new.item.variant is not None:
        first = two.inputs.get(MitigationVariant, new.item.variant).earliest_start
    elif new.item.evaluation is not None:
        first = two.inputs.get(Evaluation, new.item.evaluation).earliest_start
    if first == new.item.start:
        yield f"It cannot start before {first}."


def _locked(two: Two, lock: Lock) -> str:
    """A lock in words."""
    what = "" if lock.variant is None else f" {two.inputs.get(MitigationVariant, lock.variant).code}"
    parts = [
        {"must": "it must be done", "never": f"{what.strip() or 'it'} must not be done"}.get(
            lock.kind, "if it is done"
        ),
        "" if lock.variant is None or lock.kind == "never" else f"as{what}",
        "" if lock.start is None else f"from {lock.start}",
        "" if lock.team is None else f"by {two.team(lock.team)}",
    ]
    why = f" ({lock.reason})" if lock.reason else ""
    return f"Locked: {' '.join(part for part in parts if part)}{why}."


def _waits(two: Two, old: Piece, new: Piece) -> Iterator[str]:
    """What it waits for, when that moved."""
    for key in _before_it(two, new):
        was, is_now = two.before.get(key), two.after.get(key)
        if is_now is not None and old.item.start <= is_now.item.finish < new.item.start:
            moved = "which is new in the plan" if was is None else "which moved"
            yield f"It waits for {is_now.code}, {moved}: finished on {is_now.item.finish}."
        elif is_now is not None and was is not None and new.item.start <= was.item.finish:
            yield f"{is_now.code}, which it waits for, is finished on {is_now.item.finish} already."
        elif is_now is None and was is not None and new.item.start <= was.item.finish:
            yield f"{was.code}, which it waited for, is not in the plan any more."


def _before_it(two: Two, new: Piece) -> Iterator[tuple[str, int]]:
    """The pieces that must be finished before it starts: by a dependency, or because it verifies them."""
    for row in two.inputs.rows(Dependency):
        if new.mitigation is not None and row.mitigation == new.mitigation and row.kind == "finish_to_start":
            yield "mitigation", row.needs
    for key, piece in (*two.after.items(), *two.before.items()):
        if piece.item.variant is not None and new.item.evaluation is not None:
            variant = two.inputs.get(MitigationVariant, piece.item.variant)
            if variant.verified_by == new.item.evaluation:
                yield key


def _dates(two: Two, old: Piece, new: Piece) -> Iterator[str]:
    """The window moved: its old days lie before the day the figures are seen from, or after the last day of work."""
    if old.item.start < two.launch.as_of <= new.item.start:
        yield f"The figures are as of {two.launch.as_of} now, and it has not been started."
    if old.item.finish > two.last_day.isoformat():
        yield f"The freeze moved: work has to end by {two.last_day} now."


def _less_time(two: Two, old: Piece) -> Iterator[str]:
    """A team that has less time on its old days than the first plan took of it."""
    for work in old.works:
        for day in two.days_of(work):
            if two.used_before.get((work.team, day), 0.0) <= two.free(work.team, day) + _SLACK:
                continue
            others = ", ".join(sorted(_launches_at(two.inputs, two.launch, work.team, day.isoformat())))
            team = two.team(work.team)
            if others:
                yield f"{team} gives less to this launch then: on {day} it is at work for {others}."
            else:
                yield f"{team} gives less than it did: on {day} it has {max(0.0, two.free(work.team, day)):.3g} days."
            return


def _launches_at(inputs: Inputs, launch: Launch, team: int, day: str) -> set[str]:
    """The other launches whose current plans have a team at work on a day."""
    found: set[str] = set()
    for work in inputs.rows(PlanWork):
        if work.team != team or work.launch == launch.id or not work.start <= day <= work.finish:
            continue
        other = inputs.get(Launch, work.launch)
        plan = inputs.get(Plan, inputs.get(PlanItem, work.item).plan)
        if plan.code == other.current_plan and other.status != "cancelled":
            found.add(f"launch {other.code}")
    return found


def _room(two: Two, old: Piece, new: Piece) -> Iterator[str]:
    """Who is in its place now, or who made room for it."""
    if new.item.start > old.item.start or new.item.finish > old.item.finish:
        for team, piece in _there(two, two.after, two.before, old):
            yield f"{team} does {piece.code} in those days, {_order(piece.item, new.item)}."
        return
    for team, piece in _there(two, two.before, two.after, new):
        gone = (
            "has moved" if piece.code in {each.code for each in two.after.values()} else "is not in the plan any more"
        )
        yield f"{team} has the time: {piece.code} {gone}."


def _there(
    two: Two, here: Mapping[Key, Piece], elsewhere: Mapping[Key, Piece], place: Piece
) -> Iterator[tuple[str, Piece]]:
    """The work of one plan on the days of `place`, by one of its teams, that the other plan does not do on them."""
    own = {work.team for work in place.works}
    for key, piece in sorted(here.items(), key=lambda pair: pair[1].item.rank or 0):
        if piece.code == place.code:
            continue
        there = elsewhere.get(key)
        for work in piece.works:
            on = work.team in own and _meet(work, place)
            if on and not (there is not None and any(_meet(other, place) for other in there.works)):
                yield two.team(work.team), piece
                break


def _meet(work: PlanWork, place: Piece) -> bool:
    """Whether a stretch of work falls on the days of the same team's work on a piece."""
    return any(
        work.team == mine.team and work.start <= mine.finish and mine.start <= work.finish for mine in place.works
    )


def _order(item: PlanItem, other: PlanItem) -> str:
    if item.rank is not None and other.rank is not None and item.rank < other.rank:
        return f"which comes first in the order of priority ({item.rank} against {other.rank})"
    return "which the objective prefers there"

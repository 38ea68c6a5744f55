"""What a person said of a mitigation: that it is done or not, on which day it starts, which team has a part in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from launchpad.errors import InfeasiblePlanError, InvalidValueError, UnknownRecordError
from launchpad.records import Inputs, Launch, Mitigation, MitigationVariant, Team
from launchpad.records import Lock as LockRow

WRITE = "Write must, never, the day it starts as YYYY-MM-DD, or the code of a team."


@dataclass(frozen=True, slots=True)
class Lock:
    """One word on a mitigation, or on one variant of it: `kind` must, never, start or team.

    `day` is given for a start: if it is done, its teams start on that day or their next working day. `team` (row id)
    is given for a team: only what this team has work in is done.
    """

    mitigation: int
    variant: int | None
    kind: str
    words: str
    day: date | None = None
    team: int | None = None

    def on(self, mitigation: int, variant: int) -> bool:
        """Whether it speaks of a variant of a mitigation (row ids)."""
        return self.mitigation == mitigation and self.variant in (None, variant)


def locks_of(inputs: Inputs, launch: Launch, asked: Iterable[tuple[str, str]]) -> tuple[Lock, ...]:
    """The locks of a launch and those asked for: (code of a mitigation or variant, must / never / a day / a team).

    What is asked for goes before a stored lock on the same mitigation. Raises UnknownRecordError for a code
    nobody has, InfeasiblePlanError when two of them contradict each other whatever else holds.
    """
    given = [_asked(inputs, code, word) for code, word in asked]
    taken = {lock.mitigation for lock in given}
    rows = (row for row in inputs.rows(LockRow, launch.id) if row.mitigation not in taken)
    stored = [lock for row in rows for lock in _stored(inputs, row)]
    found = sorted(dict.fromkeys(given + stored), key=lambda lock: lock.words)
    for number, lock in enumerate(found):
        for other in found[number + 1 :]:
            _refuse_contradiction(lock, other)
    return tuple(found)


def _asked(inputs: Inputs, code: str, word: str) -> Lock:
    try:
        variant = inputs.find(MitigationVariant, code)
    except UnknownRecordError:
        mitigation, variant_id = inputs.find(Mitigation, code).id, None
    else:
        mitigation, variant_id = variant.mitigation, variant.id
    if word in ("must", "never"):
        return _done_or_not(inputs, mitigation, variant_id, word)
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return _by_team(inputs, mitigation, variant_id, _team(inputs, word))
    return _from_day(inputs, mitigation, variant_id, day)


def _team(inputs: Inputs, word: str) -> Team:
    try:
        return inputs.find(Team, word)
    except UnknownRecordError:
        raise InvalidValueError(f"{word!r} is not a kind of lock.", WRITE) from None


def _stored(inputs: Inputs, row: LockRow) -> Iterator[Lock]:
    if row.kind in ("must", "never"):
        yield _done_or_not(inputs, row.mitigation, row.variant, row.kind)
    elif row.variant is not None:
        for other in inputs.children(MitigationVariant, "mitigation", row.mitigation):
            if other.id != row.variant:
                yield _done_or_not(inputs, row.mitigation, other.id, "never")
    if row.start is not None and row.kind != "never":
        yield _from_day(inputs, row.mitigation, row.variant, date.fromisoformat(row.start))
    if row.team is not None and row.kind != "never":
        yield _by_team(inputs, row.mitigation, row.variant, inputs.get(Team, row.team))


def _done_or_not(inputs: Inputs, mitigation: int, variant: int | None, kind: str) -> Lock:
    verb = "must be done" if kind == "must" else "must not be done"
    return Lock(mitigation, variant, kind, f"{_named(inputs, mitigation, variant)} {verb}")


def _from_day(inputs: Inputs, mitigation: int, variant: int | None, day: date) -> Lock:
    return Lock(mitigation, variant, "start", f"{_named(inputs, mitigation, variant)} starts on {day}", day=day)


def _by_team(inputs: Inputs, mitigation: int, variant: int | None, team: Team) -> Lock:
    words = f"{_named(inputs, mitigation, variant)} is done by {team.name} ({team.code})"
    return Lock(mitigation, variant, "team", words, team=team.id)


def _named(inputs: Inputs, mitigation: int, variant: int | None) -> str:
    return inputs.get(Mitigation, mitigation).code if variant is None else inputs.get(MitigationVariant, variant).code


def _refuse_contradiction(one: Lock, other: Lock) -> None:
    """A must against a never that leaves nothing of it, two musts for two variants, two days for one start."""
    if one.mitigation != other.mitigation:
        return
    kinds, variants = {one.kind, other.kind}, (one.variant, other.variant)
    must, never = (one, other) if one.kind == "must" else (other, one)
    two = kinds == {"must"} and None not in variants
    against = kinds == {"must", "never"} and never.variant in (None, must.variant)
    days = kinds == {"start"} and one.day != other.day and (None in variants or one.variant == other.variant)
    if two or against or days:
        why = " (of one mitigation at most one variant is done)" if two else ""
        raise InfeasiblePlanError(
            f"Two locks contradict each other: {one.words}, and {other.words}{why}.", "Take one of them away."
        )

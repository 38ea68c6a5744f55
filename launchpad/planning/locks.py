"""What a person said must or must not be done."""

from collections.abc import Iterable
from dataclasses import dataclass

from launchpad.errors import InfeasiblePlanError, InvalidValueError, UnknownRecordError
from launchpad.records import Inputs, Launch, Mitigation, MitigationVariant
from launchpad.records import Lock as LockRow

KINDS = ("must", "never")


@dataclass(frozen=True, slots=True)
class Lock:
    """A mitigation, or one variant of it, that must or must not be done."""

    mitigation: int
    variant: int | None
    kind: str
    words: str


def locks_of(inputs: Inputs, launch: Launch, asked: Iterable[tuple[str, str]]) -> tuple[Lock, ...]:
    """The locks of a launch and those asked for (code of a mitigation or variant, must or never).

    What is asked for goes before a stored lock on the same mitigation. Raises UnknownRecordError for a code
    nobody has, InfeasiblePlanError when one thing must and must not be done.
    """
    given = [_asked(inputs, code, kind) for code, kind in asked]
    taken = {lock.mitigation for lock in given}
    stored = [_stored(inputs, row) for row in inputs.rows(LockRow, launch.id) if row.mitigation not in taken]
    found = sorted(dict.fromkeys(given + stored), key=lambda lock: lock.words)
    for lock in found:
        _refuse_contradiction(lock, found)
    return tuple(found)


def _asked(inputs: Inputs, code: str, kind: str) -> Lock:
    if kind not in KINDS:
        raise InvalidValueError(f"{kind!r} is not a kind of lock.", "Write must or never.")
    try:
        variant = inputs.find(MitigationVariant, code)
    except UnknownRecordError:
        return _lock(inputs, inputs.find(Mitigation, code).id, None, kind)
    return _lock(inputs, variant.mitigation, variant.id, kind)


def _stored(inputs: Inputs, row: LockRow) -> Lock:
    return _lock(inputs, row.mitigation, row.variant, row.kind)


def _lock(inputs: Inputs, mitigation: int, variant: int | None, kind: str) -> Lock:
    named = inputs.get(Mitigation, mitigation).code if variant is None else inputs.get(MitigationVariant, variant).code
    verb = "must be done" if kind == "must" else "must not be done"
    return Lock(mitigation, variant, kind, f"{named} {verb}")


def _refuse_contradiction(lock: Lock, others: Iterable[Lock]) -> None:
    """A must against a never that leaves nothing of it, or two musts for two variants of one mitigation."""
    if lock.kind != "must":
        return
    for other in others:
        if other.mitigation != lock.mitigation or other == lock:
            continue
        never = other.kind == "never" and other.variant in (None, lock.variant)
        two = other.kind == "must" and None not in (lock.variant, other.variant)
        if never or two:
            why = "" if never else " (of one mitigation at most one variant is done)"
            raise InfeasiblePlanError(
                f"Two locks contradict each other: {lock.words}, and {other.words}{why}.",
                "Take one of them away.",
            )

"""Signatures as they stand now: valid, void, taken back, or under an earlier decision, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from launchpad.edits.signatures import ALTERED, ANOTHER_KEY, key_state
from launchpad.edits.words_given import whose
from launchpad.records import Decision, Inputs, Launch, Person, Plan, SignOff
from launchpad.results.closure import parts_from_json, parts_of, rests_on

VALID, VOID, TAKEN_BACK, OF_AN_EARLIER = "valid", "void", "taken back", "under an earlier decision"
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A signature now: valid, void, taken back, or under an earlier decision, with the reasons in sentences.

    `changed` are the records it rested on that were added, removed or changed since, each as (record, how); the
    fields are told by `since.what_changed`. `key` says what its key shows: no key, verified, signed by another key,
    altered after signing.
    """

    code: str
    decision: str
    person: str
    name: str | None
    role: str
    note: str | None
    signed_at: str | None
    os_user: str | None
    host: str | None
    head: str | None
    rests_on: str | None
    key: str
    state: str
    why: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]


def signatures_of(inputs: Inputs, launch: Launch, now: Decision | None) -> tuple[SignatureRow, ...]:
    """Every signature under decisions on a launch, oldest first; `now` is the decision that stands."""
    return tuple(_each(inputs, launch, now))


def plan_of(inputs: Inputs, decision: Decision) -> Plan | None:
    """The plan a decision counts on; None where it names none, or one that is there no more."""
    rows = (row for row in inputs.rows(Plan, decision.launch) if row.code == decision.plan)
    return next(rows, None) if decision.plan is not None else None


def name_of_person(inputs: Inputs, row_id: int) -> tuple[str, str | None]:
    """The code of a person, and the name where it was kept."""
    person = inputs.get(Person, row_id)
    return person.code, inputs.text(person.name)


def _each(inputs: Inputs, launch: Launch, now: Decision | None) -> Iterator[SignatureRow]:
    rows = sorted(inputs.rows(SignOff, launch.id), key=lambda row: (row.signed_at or "", row.code))
    back = {(row.withdraws, whose(row)): row.reason for row in rows if row.withdraws is not None}
    present = None if now is None else parts_of(inputs, launch, plan_of(inputs, now), now)
    for row in rows:
        if row.withdraws is not None:
            continue
        key = key_state(inputs, row)
        state, why, changed = VALID, list[str](), tuple[tuple[str, str], ...]()
        if (row.code, whose(row)) in back:
            state, why = TAKEN_BACK, [f"Taken back: {back[row.code, whose(row)]}"]
        elif now is None or row.decision != now.id:
            state, why = OF_AN_EARLIER, ["Another decision has taken the place of the one it stands under."]
        elif present is not None:
            changed = changed_parts(inputs, row, present)
            why = list(_void(inputs, row, rests_on(present), changed))
            why += (
                [f"It is {key}." if key == ANOTHER_KEY else f"It was {key}."] if key in (ANOTHER_KEY, ALTERED) else []
            )
            state = VOID if why else VALID
        yield _signature(inputs, row, key, state, (*why,), changed)


def changed_parts(inputs: Inputs, row: SignOff, present: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The records a signature rested on that were added, removed or changed since, each as (record, how)."""
    then = parts_from_json(inputs.text(row.parts) or "")
    if not then:
        return ()
    found: list[tuple[str, str]] = []
    for name in sorted({*then, *present}):
        if then.get(name) != present.get(name):
            how = "added" if name not in then else "removed" if name not in present else "changed"
            found.append((name, how))
    return tuple(found)


def _void(inputs: Inputs, row: SignOff, present: str, changed: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Why a signature no longer covers what there is now."""
    kept = inputs.text(row.parts)
    if kept is None:
        yield "What it rested on, row by row, was removed or is damaged."
    elif rests_on(parts_from_json(kept)) != row.rests_on:
        yield "What it is said to rest on does not give the hash it is bound to."
    if changed:
        named = ", ".join(f"{name} ({how})" for name, how in changed[:MOST_NAMED])
        more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
        yield f"What it rested on has changed since: {named}{more}."
    elif row.rests_on != present:
        yield "What it rested on has changed since."


def _signature(
    inputs: Inputs, row: SignOff, key: str, state: str, why: tuple[str, ...], changed: tuple[tuple[str, str], ...]
) -> SignatureRow:
    code, name = name_of_person(inputs, row.person)
    return SignatureRow(
        code=row.code,
        decision=inputs.get(Decision, row.decision).code,
        person=code,
        name=name,
        role=row.role,
        note=row.note,
        signed_at=row.signed_at,
        os_user=row.os_user,
        host=row.host,
        head=row.head,
        rests_on=row.rests_on,
        key=key,
        state=state,
        why=why,
        changed=changed,
    )

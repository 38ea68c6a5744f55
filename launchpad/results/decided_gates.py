"""Gates as a decision sees them on a day: what is computed, what a person determined, what stands waived."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from launchpad.edits.determinations import VALUES
from launchpad.edits.words_given import standing
from launchpad.records import Determination, Gate, Inputs, Launch, Person, Waiver
from launchpad.results.closure import parts_of_gate, rests_on
from launchpad.scoring.gates import Verdict

MET, WAIVED, OPEN = "met", "waived", "open"
STANDS, EXPIRED, NOT_YET, WITHDRAWN = "stands", "expired", "not yet", "withdrawn"


@dataclass(frozen=True, slots=True)
class DeterminationRow:
    """A person's determination of a gate; `holds` while what it rested on is as it was."""

    code: str
    determined: str
    computed: str
    reason: str
    person: str
    made_at: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver on a day: it stands, has expired (its gate is open again), begins later, or was withdrawn."""

    code: str
    gate: str
    person: str
    reason: str
    granted_on: str
    expires: str
    state: str


@dataclass(frozen=True, slots=True)
class GateRow:
    """One gate on a day: `verdict` as computed, `held` with a determination taken in, and whether it is in the way.

    `state` is met (met or ruled out), waived (a waiver stands), or open. `determination` is the one that stands,
    `waiver` that which stands on the day, else the last one that expired.
    """

    code: str
    name: str
    kind: str
    stage: str | None
    verdict: str
    reason: str
    n_needed: int | None
    held: str
    determination: DeterminationRow | None
    waiver: WaiverRow | None
    state: str
    why: str


def gates_of(inputs: Inputs, launch: Launch, verdicts: Sequence[Verdict], day: str) -> tuple[GateRow, ...]:
    """Every gate of a launch as it stands on a day, in the order of their codes."""
    known = {row.code: row for row in inputs.rows(Gate, launch.id)}
    waived = waivers_of(inputs, launch, day)
    return tuple(_gate(inputs, launch, known[one.code], one, waived) for one in verdicts if one.code in known)


def waivers_of(inputs: Inputs, launch: Launch, day: str) -> tuple[WaiverRow, ...]:
    """Every waiver of a launch and how it is on a day, in the order they were granted; mere withdrawals left out."""
    rows = inputs.rows(Waiver, launch.id)
    stands = {row.id for row in standing(rows)}
    listed = sorted((row for row in rows if not row.withdrawn), key=lambda row: (row.made_at or "", row.code))
    return tuple(
        WaiverRow(
            code=row.code,
            gate=inputs.get(Gate, row.gate).code,
            person=inputs.get(Person, row.person).code,
            reason=row.reason,
            granted_on=row.granted_on,
            expires=row.expires,
            state=_on(row, day) if row.id in stands else WITHDRAWN,
        )
        for row in listed
    )


def _on(row: Waiver, day: str) -> str:
    if day < row.granted_on:
        return NOT_YET
    return STANDS if day <= row.expires else EXPIRED


def _gate(inputs: Inputs, launch: Launch, gate: Gate, verdict: Verdict, waivers: Iterable[WaiverRow]) -> GateRow:
    determination = _determination(inputs, launch, gate)
    held = _held(gate, verdict.verdict, determination)
    own = [row for row in waivers if row.gate == gate.code]
    stands = [row for row in own if row.state == STANDS]
    expired = [row for row in own if row.state == EXPIRED]
    good = held == VALUES[gate.kind][0]
    waiver = stands[-1] if stands else expired[-1] if expired else None
    return GateRow(
        code=gate.code,
        name=gate.name,
        kind=gate.kind,
        stage=gate.stage,
        verdict=verdict.verdict,
        reason=verdict.reason,
        n_needed=verdict.n_needed,
        held=held,
        determination=determination,
        waiver=waiver,
        state=MET if good else WAIVED if stands else OPEN,
        why=_why(verdict, held, determination, None if good else waiver),
    )


def _determination(inputs: Inputs, launch: Launch, gate: Gate) -> DeterminationRow | None:
    stands = standing(row for row in inputs.rows(Determination, launch.id) if row.gate == gate.id)
    if not stands:
        return None
    row = stands[-1]
    return DeterminationRow(
        code=row.code,
        determined=row.determined,
        computed=row.computed,
        reason=row.reason,
        person=inputs.get(Person, row.person).code,
        made_at=row.made_at,
        holds=row.rests_on == rests_on(parts_of_gate(inputs, launch, gate)),
    )


def _held(gate: Gate, computed: str, determination: DeterminationRow | None) -> str:
    """What a gate is held to be: as determined while that holds, never better than bad evidence allows.

    A determination on grounds that changed since makes nothing better, but still counts where it is the worse.
    """
    if determination is None:
        return computed
    order = VALUES[gate.kind]
    if determination.holds and computed != order[2]:
        return determination.determined
    return max(computed, determination.determined, key=order.index)


def _why(verdict: Verdict, held: str, determination: DeterminationRow | None, waiver: WaiverRow | None) -> str:
    """In sentences: what is computed, what was determined of it, and what a waiver says."""
    said = [verdict.reason]
    if determination is not None:
        words = f"{determination.person} determined {determination.determined}: {determination.reason.rstrip('.')}."
        gone = "" if determination.holds else " What that rested on has changed since."
        said.append(f"{words}{gone}")
        if held != determination.determined:
            said.append(f"It counts as {held}.")
    if waiver is not None and waiver.state == STANDS:
        said.append(f"Waived by {waiver.person} up to {waiver.expires} ({waiver.code}): {waiver.reason.rstrip('.')}.")
    elif waiver is not None:
        said.append(f"The waiver {waiver.code} ended on {waiver.expires}, so it is open again.")
    return " ".join(said)

"""Words given with what they rest on: a determination, a decision, a signature, each bound to the rows it read."""

from collections.abc import Sequence

from launchpad.changes import Change
from launchpad.edits import Proposal, decisions, determinations, signatures
from launchpad.edits.decisions import Wish
from launchpad.edits.determinations import Grounds
from launchpad.edits.signatures import Bound, Signer
from launchpad.edits.stamps import Stamp
from launchpad.errors import InvalidValueError
from launchpad.records import Decision, Gate, Inputs, Launch, Person
from launchpad.results.closure import parts_as_json, parts_of, parts_of_gate, rests_on
from launchpad.results.decided_gates import OPEN, gates_of
from launchpad.results.rows import Results
from launchpad.results.signed import plan_of

MOST_FINDINGS = 3


def determine(
    inputs: Inputs, results: Results, gate: Gate, person: Person, *, determined: str, reason: str, stamp: Stamp
) -> list[Change]:
    """The change that adds a person's determination of a gate beside its computed verdict; refusals as in `edits`."""
    launch = inputs.get(Launch, gate.launch)
    computed = next((one.verdict for one in results.gates if one.code == gate.code), None)
    if computed is None:
        raise InvalidValueError(f"Gate {gate.code} is not among those that were judged.", "Score the launch anew.")
    grounds = Grounds(computed, rests_on(parts_of_gate(inputs, launch, gate)))
    return determinations.determine(
        inputs, gate, person, determined=determined, reason=reason, grounds=grounds, stamp=stamp
    )


def draw_up(
    inputs: Inputs, launch: Launch, results: Results, person: Person, wish: Wish, *, day: str, stamp: Stamp
) -> list[Change]:
    """The changes that add a decision and its conditions, the gates being as they are on a day."""
    held = gates_of(inputs, launch, results.gates, day)
    open_gates = [(row.code, row.held) for row in held if row.state == OPEN]
    rested = rests_on(parts_of(inputs, launch, wish.plan))
    return decisions.draw_up(inputs, launch, person, wish, open_gates=open_gates, rests_on=rested, stamp=stamp)


def sign(  # noqa: PLR0913 - each of them is one thing a signature says
    inputs: Inputs,
    decision: Decision,
    person: Person,
    *,
    findings: Sequence[str],
    stamp: Stamp,
    note: str = "",
    despite: str = "",
    signer: Signer | None = None,
) -> Proposal:
    """A signature under a decision, bound to all it rests on now.

    `findings` is what the file check found. When that is anything at all it is refused, unless `despite` says why it
    is signed nevertheless; the note then names what was found.
    """
    if findings:
        note = _named(findings, note, despite)
    launch = inputs.get(Launch, decision.launch)
    parts = parts_of(inputs, launch, plan_of(inputs, decision), decision)
    bound = Bound(parts_as_json(parts), rests_on(parts))
    return signatures.sign(inputs, decision, person, bound=bound, stamp=stamp, note=note, signer=signer)


def _named(findings: Sequence[str], note: str, despite: str) -> str:
    more = len(findings) - MOST_FINDINGS
    told = " ".join(findings[:MOST_FINDINGS]) + (f" And {more} more." if more > 0 else "")
    if not despite.strip():
        raise InvalidValueError(
            f"The file check found something, so nothing is signed: {told}",
            "Look at `launchpad check`; to sign all the same, say why with --despite REASON.",
        )
    words = f"Signed although the file check found: {told} Because: {despite.strip()}"
    return f"{note.strip()}\n\n{words}" if note.strip() else words

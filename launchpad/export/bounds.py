"""The bounds behind a gate's verdict, so that a cell can judge them against another threshold as the program would."""

from dataclasses import dataclass

from launchpad.records import Gate, Inputs, Launch
from launchpad.scoring.gates import (
    CANNOT_RULE_OUT,
    INCONCLUSIVE,
    MET,
    NOT_MET,
    REACHED,
    RULED_OUT,
    Verdict,
    doubts_of,
    not_run,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """The bound that fails a gate and the one that meets it, and `settles`: whether the latter may ("yes", "no")."""

    fails: float
    meets: float
    settles: str


def stored_bounds(inputs: Inputs, launch: Launch, gate: Gate, result: Verdict) -> Stored | None:
    """The bounds of a gate's results as the program took them; None where there are none, or they do not tell alone.

    A gate waits for an evaluation that has not been run, or was opened again after the launch, whatever its bounds are.
    """
    if not result.bounds:
        return None
    complete = [bound for bound in result.bounds if bound.complete] or list(result.bounds)
    if gate.kind == "safeguard":
        fails = min(bound.upper for bound in result.bounds)
        worst = min(complete, key=lambda bound: bound.lower)
        meets = worst.lower
    else:
        fails = max(bound.lower for bound in result.bounds)
        worst = max(complete, key=lambda bound: bound.upper)
        meets = worst.upper
    doubtful = gate.kind == "capability" and bool(doubts_of(worst))
    sure = worst.complete and not doubtful and not not_run(inputs, launch, gate)
    said = verdict_at(gate.kind, (gate.threshold, gate.margin), (fails, meets), settles=sure)
    if said != result.verdict:
        sure = False
        said = verdict_at(gate.kind, (gate.threshold, gate.margin), (fails, meets), settles=False)
    return Stored(fails, meets, "yes" if sure else "no") if said == result.verdict else None


def verdict_at(kind: str, line: tuple[float, float], bounds: tuple[float, float], *, settles: bool) -> str:
    """The verdict of a kind of gate at a threshold and margin, by the bound that fails it and the one that meets it."""
    (limit, margin), (fails, meets) = line, bounds
    if kind == "capability":
        good = settles and meets < limit - margin
        return REACHED if fails >= limit else RULED_OUT if good else CANNOT_RULE_OUT
    failed = fails < limit if kind == "safeguard" else fails > limit
    good = settles and (meets >= limit if kind == "safeguard" else meets <= limit)
    return NOT_MET if failed else MET if good else INCONCLUSIVE

"""What a failing gate needs first, and how far off that gate is."""

from math import log

from launchpad.planning.draft import Draft
from launchpad.planning.problem import Problem
from launchpad.records import Gate
from launchpad.scoring.gates import NOT_MET, REACHED, Verdict


def distances_to_gates(draft: Draft, bare: Problem) -> dict[int, float]:
    """The items that gates need, each with how far off its farthest gate is.

    They are the runs that gates ask for and what these verify; where a gate has failed, also what acts on its scenario.
    """
    found: dict[int, float] = {}
    effects = draft.model.effects
    for gate, verdict in draft.gates.items():
        needed: set[int] = set()
        run = draft.runs.get(draft.settling(gate) or 0)
        if run is not None:
            needed |= {run, *bare.before.get(run, ())}
        index = None if gate.scenario is None else draft.model.scenario_index.get(gate.scenario)
        if verdict.verdict in (NOT_MET, REACHED) and index is not None:
            acting = set(effects.variant[effects.scenario == index].tolist())
            for number, item in enumerate(bare.items):
                if item.mitigation is not None and draft.model.variant_index[item.row] in acting:
                    needed.add(number)
        far = _off(gate, verdict)
        for number in needed:
            found[number] = max(far, found.get(number, 0.0))
    return found


def _off(gate: Gate, verdict: Verdict) -> float:
    """How far a gate is from being met: the log of how many times its rate has to come down; 0 when not known."""
    uppers = [bound.upper for bound in verdict.bounds]
    if gate.kind == "safeguard" or not uppers or gate.threshold <= 0:
        return 0.0
    return max(0.0, log(max(*uppers, gate.threshold) / gate.threshold))

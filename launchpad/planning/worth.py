"""What runs of evaluations tell about a launch's decisions, in the units of the objective.

A decision to launch or hold loses, for want of knowing better, its expected value of perfect information. Of that a
run takes off its expected value of sample information; further runs act on what is left, since they tell the same.
Harm units become units of the objective as technical risk does: their share of today's, times its weight.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from launchpad.planning.objective import Term
from launchpad.planning.problem import Item
from launchpad.records import Evaluation, Inputs
from launchpad.scoring.model import Model
from launchpad.scoring.next_evaluations import USUAL_N, bearings_of, decisions, worth_of
from launchpad.scoring.residual import residual

LEAST = 1e-6
"""A run that takes less than this off the objective is not weighed: the search is no more exact than that."""
_MOST = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Told:
    """One decision: what not knowing costs it in units of the objective, and the share each evaluation takes off."""

    name: str
    unknown: float
    shares: Mapping[int, float]


def told_by_runs(inputs: Inputs, model: Model) -> tuple[Told, ...]:
    """The decisions of a launch about which some evaluation would tell something, as it stands today."""
    if not inputs.rows(Evaluation):
        return ()
    today = float(residual(model, model.current).technical[model.summed].sum())
    decided = decisions(inputs, model, model.current) if today > 0 else ()
    if not decided:
        return ()
    scale = model.weights[0] / today
    found: dict[str, tuple[float, dict[int, float]]] = {}
    for evaluation in sorted(inputs.rows(Evaluation), key=lambda row: row.code):
        bearings = bearings_of(inputs, model, evaluation)
        for decision in decided:
            if decision.index not in bearings:
                continue
            samples = bearings[decision.index].samples(evaluation.candidate_n or USUAL_N, model.coefficients.icc)
            sampled, known = worth_of(decision, samples)
            if scale * sampled > LEAST:
                shares = found.setdefault(decision.name, (scale * known, {}))[1]
                shares[evaluation.id] = min(_MOST, sampled / known)
    return tuple(Told(name, unknown, shares) for name, (unknown, shares) in found.items())


def terms_of_runs(told: Sequence[Told], items: Sequence[Item], counted: frozenset[int]) -> Iterator[Term]:
    """What not knowing costs each decision, as terms in which the runs among the items are credited.

    `counted` are evaluations (row ids) that count otherwise: by what they verify.
    """
    runs = {
        item.row: number for number, item in enumerate(items) if item.mitigation is None and item.row not in counted
    }
    for each in told:
        credit = [(runs[row], -log(1 - share)) for row, share in each.shares.items() if row in runs]
        if credit:
            yield Term(each.name, each.unknown, None, (), tuple(sorted(credit)))

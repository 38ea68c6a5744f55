"""Mitigations as options: what each does to every criterion in a state, as amounts and as worth between anchors."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.errors import ScoringError
from launchpad.records import Criterion, Effort, Inputs, SwingWeight, WeightSet
from launchpad.scoring import estimates
from launchpad.scoring.arrays import Bools, Floats
from launchpad.scoring.model import Model, State
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions
from launchpad.scoring.tradeoffs import weights, worth
from launchpad.scoring.worth import switched

LOG_MEASURES = frozenset({"technical", "cvar95"})
"""Losses spread over orders of magnitude: equal ratios are worth the same."""
SWINGS, RANKS = "swing weights", "ranks (rank-order centroid)"


@dataclass(frozen=True)
class Judged:
    """The criteria of a launch that can be weighed, in the order of their codes: C of them."""

    rows: tuple[Criterion, ...]
    functions: tuple[worth.ValueFunction, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple(row.code for row in self.rows)


@dataclass(frozen=True)
class Weighed:
    """One weight set over the criteria (C,): how it was made, and where the answers behind it disagree."""

    code: str
    name: str
    whose: str | None
    weights: Floats
    origin: str
    disagreements: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Options:
    """A variants as options: `amounts` and `worths` (A, 2, C), without and with each; `variants` its places on axis V.

    The best variant of each mitigation by the launch's own objective stands for it, or the one that is on.
    """

    codes: tuple[str, ...]
    variants: tuple[int, ...]
    amounts: Floats
    worths: Floats

    @property
    def gains(self) -> Floats:
        """(A, C) what each adds in worth."""
        return self.worths[:, 1] - self.worths[:, 0]


def judged(inputs: Inputs, launch_id: int) -> Judged:
    """The criteria of a launch; ScoringError for one whose anchors say nothing."""
    rows = tuple(sorted(inputs.rows(Criterion, launch_id), key=lambda row: row.code))
    functions = tuple(
        worth.value_function(
            row.worst,
            row.best,
            worth.points_between(row.between, name),
            "log" if row.measure in LOG_MEASURES else "plain",
            name,
        )
        for row, name in ((row, f"Criterion {row.code} ({row.name})") for row in rows)
    )
    return Judged(rows, functions)


def weighed(inputs: Inputs, launch_id: int, criteria: Judged) -> tuple[tuple[Weighed, ...], tuple[str, ...]]:
    """Every weight set of a launch that speaks of its criteria, by code, and in words those that cannot be used.

    Swing weights where every criterion has a swing, else rank-order centroids where every one has a rank. A set that
    has neither, or whose swings are all 0, cannot be used: the sentence names it and what it lacks.
    """
    found: list[Weighed] = []
    refused: list[str] = []
    for row in sorted(inputs.rows(WeightSet, launch_id), key=lambda one: one.code):
        answers = {one.criterion: one for one in inputs.children(SwingWeight, "weight_set", row.id)}
        if answers and criteria.rows:
            try:
                found.append(_weighed(row, [answers.get(one.id) for one in criteria.rows], criteria))
            except ScoringError as error:
                refused.append(error.message)
    return tuple(found), tuple(refused)


def options_of(model: Model, inputs: Inputs, criteria: Judged, state: State, chosen: Mapping[str, int]) -> Options:
    """What each mitigation does from a state: every criterion without and with it; `chosen` is code -> variant place.

    The variant of a mitigation that is on in the state goes before the chosen one. Loss of capability is the sum over
    suites of what they lose, gains apart; effort is in mean person-days of all teams. Without draws the worst 5 % of
    losses are not known: the amounts of `cvar95` are nan until they are drawn.
    """
    on = on_in(model, state)
    codes = tuple(sorted(chosen))
    places = np.array([on.get(int(model.mitigation[chosen[code]]), chosen[code]) for code in codes], dtype=np.int64)
    measures = _measures(inputs, model, state)
    amounts = np.zeros((len(codes), 2, len(criteria.rows)))
    is_on = state.active[places]
    for column, row in enumerate(criteria.rows):
        now, switched_over = measures[row.measure]
        other = switched_over[places]
        amounts[:, 0, column] = np.where(is_on, other, now)
        amounts[:, 1, column] = np.where(is_on, now, other)
    return Options(codes, tuple(places.tolist()), amounts, worths_of(criteria, amounts))


def on_in(model: Model, state: State) -> Mapping[int, int]:
    """{mitigation: place on axis V of its variant that is on in a state}, for those that have one."""
    return {int(model.mitigation[place]): int(place) for place in np.flatnonzero(state.active)}


def apart(model: Model, state: State, place: int) -> tuple[State, State]:
    """The state without any variant of a mitigation, and with the variant at this place on axis V alone."""
    without: Bools = state.active & (model.mitigation != model.mitigation[place])
    alone = without.copy()
    alone[place] = True
    return State(state.name, without, state.verified), State(state.name, alone, state.verified)


def _measures(inputs: Inputs, model: Model, state: State) -> Mapping[str, tuple[float, Floats]]:
    """Of every measure a criterion can name its amount in a state, and (V,) with each variant switched, at means."""
    side, active = model.side, state.active
    change = np.where(active, -1.0, 1.0)
    found = switched(model, state, blame(attributions(model, state), model.coefficients))
    latency = side.latency[active].sum(axis=0)
    suites = [(float(points[active].sum()), points) for points in side.capability.values()]
    cost, days = float(side.cost[active].sum()), _effort(inputs, model)
    unknown: Floats = np.full(len(active), np.nan)
    zero: Floats = np.zeros(len(active))
    lost = sum((np.maximum(0.0, -(now + change * points)) for now, points in suites), zero)
    technical, reputational, refused = found.now
    return {
        "technical": (technical, found.technical),
        "cvar95": (math.nan, unknown),
        "reputational": (reputational, found.reputational),
        "false_refusal": (refused, found.refused),
        "latency": (float(latency.max()), (latency + change[:, None] * side.latency).max(axis=1)),
        "capability": (sum(max(0.0, -now) for now, _ in suites), lost),
        "cost": (cost, cost + change * side.cost),
        "effort": (float(days[active].sum()), float(days[active].sum()) + change * days),
    }


def worths_of(criteria: Judged, amounts: Floats) -> Floats:
    """The worth of amounts (..., C), criterion by criterion."""
    found = np.empty_like(amounts)
    for place, function in enumerate(criteria.functions):
        found[..., place] = worth.worth(function, amounts[..., place])
    return found


def _weighed(row: WeightSet, answers: Sequence[SwingWeight | None], criteria: Judged) -> Weighed:
    swings = [None if one is None else one.swing for one in answers]
    ranks = [None if one is None else one.rank for one in answers]
    place = {one.id: number for number, one in enumerate(criteria.rows)}
    asked = [
        None
        if one is None or one.times is None or one.compared_with not in place
        else (place[one.compared_with], one.times)
        for one in answers
    ]
    names = [one.name for one in criteria.rows]
    told = [swing for swing in swings if swing is not None]
    order = [rank for rank in ranks if rank is not None]
    if len(told) == len(swings):
        found, origin = weights.from_swings(told, f"Weight set {row.code}"), SWINGS
    elif len(order) == len(ranks):
        found, origin = weights.from_ranks(order), RANKS
    else:
        names = [f"{one.code} ({one.name})" for one in criteria.rows]
        lacking = [name for name, swing in zip(names, swings, strict=True) if swing is None]
        raise ScoringError(
            f"Weight set {row.code} has swings for {len(told)} and ranks for {len(order)} of {len(names)} criteria; "
            f"there is no swing for {', '.join(lacking)}.",
            "Give every criterion a swing of 0 to 100, or every one a rank.",
        )
    against = weights.disagreements(names, swings, ranks, asked)
    return Weighed(row.code, row.name, row.whose, found, origin, against)


def _effort(inputs: Inputs, model: Model) -> Floats:
    """(V,) mean person-days of each variant, all its teams together."""
    found = np.zeros(len(model.variants))
    for place, variant in enumerate(model.variants):
        rows = inputs.children(Effort, "variant", variant.id)
        found[place] = sum(estimates.mean(estimates.spread_of(inputs, row, "days")) for row in rows)
    return found

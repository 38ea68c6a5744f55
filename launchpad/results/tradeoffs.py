"""Trade-offs: mitigations weighed on several criteria, how sure their order is, and what would change it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from launchpad.errors import ScoringError
from launchpad.records import Inputs, Launch
from launchpad.results.drawn_options import Drawing, Progress, drawn_gains
from launchpad.results.options import Judged, Options, Weighed, judged, options_of, weighed
from launchpad.results.rows import Results
from launchpad.scoring.arrays import Bools, Floats, Ints
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import Model, State
from launchpad.scoring.streams import stream
from launchpad.scoring.tradeoffs import acceptability, ranking, weights

DRAWS = 2000
MOST_PAIRED = 60
RANKS = 32


@dataclass(frozen=True, eq=False)
class WeightedSet:
    """One weight set at work: `values` (A,) worth added by each option, `places` (A,) its rank, 1 the best.

    `low` and `high` (C,) are how far each weight may move before the three best change their order.
    """

    weighed: Weighed
    values: Floats
    places: Ints
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Tradeoffs:
    """The options of a launch in one state, A mitigations on C criteria.

    `gains` (A, C) what each adds in worth at means, so that `gains @ weights` is its value for any weights.
    `sets` by weight set, `in_use` the launch's own (None without one). `acceptability` over weights spread evenly
    (in the order of the set in use where it has one) and over our ignorance; `winning` (W, W) between the `paired`
    options with the best expected ranks, in that order; `dominated` (A,). `cycles` name options of which each beats
    the next; `reversals` pairs (left out, new best) under the set in use: neither should be there. `notes` say in
    words what keeps something from being computed.
    """

    state: str
    criteria: Judged
    options: Options
    gains: Floats
    sets: tuple[WeightedSet, ...]
    in_use: WeightedSet | None
    acceptability: acceptability.Acceptability | None
    paired: tuple[int, ...]
    winning: Floats
    dominated: Bools
    cycles: tuple[tuple[str, str, str], ...]
    reversals: tuple[tuple[str, str], ...]
    draws: int
    notes: tuple[str, ...]


def tradeoffs(
    inputs: Inputs, results: Results, *, draws: int = DRAWS, progress: Progress = None, kept: Kept | None = None
) -> Tradeoffs:
    """The trade-offs of a launch in its planned state, or its current one without a plan.

    Weight sets that say too little are left out and named in `notes`. Given what was `kept` of earlier ones, as
    `compute` has it, only what changed is drawn anew, to the same bits. Raises ScoringError for criteria without
    anchors, or with anchors that say nothing, naming them; what `progress` raises to cancel passes through.
    """
    if draws < 1:
        raise ScoringError(f"Options cannot be ranked over {draws} draws.", "Take one or more.")
    model = results.model
    state = model.planned or model.current
    launch = inputs.get(Launch, results.launch.id)
    criteria = judged(inputs, launch.id)
    chosen = {row.code: place_of(model, row.variant) for row in results.mitigations}
    options = options_of(model, inputs, criteria, state, chosen if criteria.rows else {})
    if not criteria.rows or not options.codes:
        return _nothing(state, criteria, options, results)
    options, gains = drawn_gains(model, criteria, options, state, Drawing(draws, results.seed, progress, kept))
    at_means = options.gains
    usable, refused = weighed(inputs, launch.id, criteria)
    sets = tuple(_set(one, at_means) for one in usable)
    in_use = next((one for one in sets if one.weighed.code == launch.weight_set), None)
    drawn = _weights(results.seed, draws, in_use, len(criteria.rows))
    found = acceptability.acceptability(gains, drawn, ranks=RANKS)
    best = [int(place) for place in np.argsort(found.expected_rank, kind="stable")[:MOST_PAIRED]]
    winning = acceptability.pairwise_winning(gains[:, best], drawn)
    names = [options.codes[place] for place in best]
    turned = () if in_use is None else ranking.reversals(at_means, in_use.weighed.weights)
    return Tradeoffs(
        state=state.name,
        criteria=criteria,
        options=options,
        gains=at_means,
        sets=sets,
        in_use=in_use,
        acceptability=found,
        paired=tuple(best),
        winning=winning,
        dominated=ranking.dominated(at_means),
        cycles=tuple((names[a], names[b], names[c]) for a, b, c in ranking.cycles(winning, 1 / math.sqrt(draws))),
        reversals=tuple((options.codes[a], options.codes[b]) for a, b in turned),
        draws=draws,
        notes=(*refused, *_notes(sets, in_use, launch)),
    )


def _set(one: Weighed, gains: Floats) -> WeightedSet:
    values = gains @ one.weights
    held = weights.stability(gains, one.weights)
    return WeightedSet(one, values, ranking.places(values), held.low, held.high)


def _weights(seed: int, draws: int, in_use: WeightedSet | None, criteria: int) -> Floats:
    """(draws, C) weights spread evenly, in the order of the set in use; their stream is keyed like every other."""
    importance = None if in_use is None else in_use.weighed.weights
    return acceptability.random_weights(draws, criteria, stream(seed, "weights", "spread"), importance)


def _notes(sets: tuple[WeightedSet, ...], in_use: WeightedSet | None, launch: Launch) -> tuple[str, ...]:
    found = [f"Weight set {one.weighed.code}: {words}" for one in sets for words in one.weighed.disagreements]
    if in_use is None:
        named = (
            "No weight set is in use"
            if launch.weight_set is None
            else f"Weight set {launch.weight_set}, which is in use, has no swing weights that can be used"
        )
        found.append(f"{named}: options are ranked over all weights alike.")
    return tuple(found)


def _nothing(state: State, criteria: Judged, options: Options, results: Results) -> Tradeoffs:
    """No criteria or no options: what is missing, in words."""
    missing = (
        "This launch has no criteria yet: give each its worst and best anchor, then weights."
        if not criteria.rows
        else f"{results.launch.code} has no mitigations to weigh."
    )
    return Tradeoffs(
        state=state.name,
        criteria=criteria,
        options=options,
        gains=np.zeros((len(options.codes), len(criteria.rows))),
        sets=(),
        in_use=None,
        acceptability=None,
        paired=(),
        winning=np.zeros((0, 0)),
        dominated=np.zeros(0, dtype=np.bool_),
        cycles=(),
        reversals=(),
        draws=0,
        notes=(missing,),
    )


def as_json(found: Tradeoffs) -> Mapping[str, Mapping[str, object]]:
    """{mitigation code: rank_acceptability, central_weights, confidence} as `score --json` gives them."""
    if found.acceptability is None:
        return {}
    answers: dict[str, Mapping[str, object]] = {}
    for place, code in enumerate(found.options.codes):
        central = found.acceptability.central[place]
        never = bool(np.isnan(central[0]))
        answers[code] = {
            "rank_acceptability": found.acceptability.ranks[place].tolist(),
            "central_weights": None if never else dict(zip(found.criteria.codes, central.tolist(), strict=True)),
            "confidence": None if never else float(found.acceptability.confidence[place]),
        }
    return answers


def place_of(model: Model, variant: str) -> int:
    """The place on axis V of the variant with a code."""
    return next(place for place, row in enumerate(model.variants) if row.code == variant)

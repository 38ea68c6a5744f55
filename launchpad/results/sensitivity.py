"""Which uncertain number moves the decision most: each at its low and its high, all others at their means."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from launchpad.scoring import estimates, propensity
from launchpad.scoring.arrays import Z95, Bools, Floats
from launchpad.scoring.effects import Effects
from launchpad.scoring.estimates import Spread
from launchpad.scoring.mitigations import campaign_efficacy, operational_efficacy, violation_rate
from launchpad.scoring.model import Model, State
from launchpad.scoring.reputation import reputational
from launchpad.scoring.residual import kept, reputation_at_means, residual
from launchpad.scoring.risks import Risk
from launchpad.scoring.why import Kind

_ENDS = np.array([-Z95, Z95])
_Value = Callable[[tuple[Floats, Floats]], Floats]


@dataclass(frozen=True, slots=True)
class Swing:
    """What one uncertain number does to the decision quantity from its 5 % to its 95 % point.

    `record` is the row it is a field of, `name` the field in words. `at_low` and `at_high` are the decision quantity
    with it there; `low` and `high` are its own points.
    """

    record: str
    name: str
    scenario: str
    kind: Kind
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far the decision quantity moves between the two ends."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Tornado:
    """The swings by falling width about the decision quantity at means, and how many more were left out."""

    base: float
    swings: tuple[Swing, ...]
    others: int


@dataclass(frozen=True)
class _Moved:
    """One number of every scenario (S,) or of one effect of each at one of its ends, and what it stood for."""

    name: str
    record: Callable[[int], str]
    kind: Callable[[int], Kind]
    places: Bools
    points: Floats
    models: tuple[Model, Model]


def tornado(model: Model, state: State, blamed: Floats, first: int = 15) -> Tornado:
    """The `first` numbers that move the objective most: the weighted residual of a state as a share of today's.

    `blamed` (S,) is each scenario's factor of attribution, held where it is. A scenario's numbers move no other
    scenario, so that one evaluation moves the same number of all of them at once; the false refusal of a side effect
    moves several, and is told with the one it moves most. Harm per event is left out: it varies between events and is
    not something to be found out.
    """
    today = _totals(model, model.current, blamed)
    value = _value_of(model, today)
    base_parts = _parts(model, state, blamed)
    base = float(value(base_parts).sum())
    found: list[Swing] = []
    for moved in (*_of_scenarios(model), *_of_effects(model, state)):
        ends = [value(_parts(each, state, blamed)) - value(base_parts) for each in moved.models]
        for index in np.flatnonzero(moved.places):
            at_low, at_high = (base + float(end[index]) for end in ends)
            found.append(
                Swing(
                    record=moved.record(int(index)),
                    name=moved.name,
                    scenario=model.scenarios[index].code,
                    kind=moved.kind(int(index)),
                    low=float(moved.points[index, 0]),
                    high=float(moved.points[index, 1]),
                    at_low=at_low,
                    at_high=at_high,
                )
            )
    found.extend(_of_refusals(model, state, blamed, value, base))
    found = [swing for swing in found if swing.width > 0]
    found.sort(key=lambda swing: (-swing.width, swing.scenario, swing.record, swing.name))
    return Tornado(base, tuple(found[:first]), max(0, len(found) - first))


def _parts(model: Model, state: State, blamed: Floats) -> tuple[Floats, Floats]:
    """(S,) technical and reputational residual, 0 where never summed."""
    left = residual(model, state)
    return (
        np.where(model.summed, left.technical, 0.0),
        np.where(model.summed, reputation_at_means(model, left, blamed), 0.0),
    )


def _totals(model: Model, state: State, blamed: Floats) -> tuple[float, float]:
    technical, reputational = _parts(model, state, blamed)
    return float(technical.sum()), float(reputational.sum())


def _value_of(model: Model, today: tuple[float, float]) -> _Value:
    """The objective (S,) scenario by scenario; a term that is 0 today is left out."""
    factors = [weight / now if now > 0 else 0.0 for weight, now in zip(model.weights, today, strict=True)]
    return lambda parts: factors[0] * parts[0] + factors[1] * parts[1]


def _of_scenarios(model: Model) -> Iterator[_Moved]:
    days = np.array([risk.days * risk.rollout for risk in model.risks])
    chances = _ends(model, "opportunities")
    yield _moved(model, "opportunities", "Opportunities", "exposure", chances, chances * days[:, None])
    theta = np.array([propensity.points(risk.propensity)[::2] for risk in model.risks]).reshape(-1, 2)
    yield _Moved(
        "Propensity",
        lambda index: f"exposure {model.risks[index].address}",
        lambda index: model.risks[index].propensity.kind,
        model.scored,
        theta,
        (replace(model, theta=theta[:, 0]), replace(model, theta=theta[:, 1])),
    )
    for field, name, table in (
        ("realised", "Becomes harm", "severity"),
        ("net_new", "Net new", "severity"),
        ("visible", "Becomes public", "publicity"),
    ):
        points = _ends(model, field)
        yield _moved(model, field, name, table, points, points)


def _ends(model: Model, field: str) -> Floats:
    """(S, 2) the 5 and 95 % points of one number of every scenario, nan where it has none."""
    rows: list[Spread | None] = [getattr(risk, field) for risk in model.risks]
    found = np.full((len(rows), 2), np.nan)
    for index, row in enumerate(rows):
        if row is not None:
            found[index] = estimates.at(row, _ENDS)
    return found


def _moved(model: Model, field: str, name: str, table: str, points: Floats, amounts: Floats) -> _Moved:
    known = ~np.isnan(points[:, 0])
    mean: Floats = getattr(model, field)
    at = [np.where(known, amounts[:, end], mean) for end in (0, 1)]
    return _Moved(
        name,
        lambda index: f"{table} {model.risks[index].address}",
        lambda index: _stated_kind(model.risks[index], field),
        known & model.scored,
        points,
        (replace(model, **{field: at[0]}), replace(model, **{field: at[1]})),
    )


def _stated_kind(risk: Risk, field: str) -> Kind:
    """How a scenario's number is known; a number that nobody stated is assumed."""
    rows = {
        "opportunities": (risk.exposure, "opportunities"),
        "realised": (risk.severity, "realised"),
        "net_new": (risk.severity, "net_new"),
        "visible": (risk.publicity, "visible"),
    }
    row, name = rows[field]
    stated = None if row is None else getattr(row, name)
    return "assumed" if stated is None else stated.kind


def _of_effects(model: Model, state: State) -> Iterator[_Moved]:
    """The efficacy and coverage of every effect that acts: the first of each scenario together, then the second."""
    effects = model.effects
    acting = np.flatnonzero(state.active[effects.variant] | effects.seen)
    place = acting - effects.starts[effects.scenario[acting]]
    for number in range(int(place.max()) + 1 if place.size else 0):
        mine = acting[place == number]
        for name, moved_is_coverage in (("Coverage", True), ("Efficacy", False)):
            yield _moved_effects(model, mine, name, coverage=moved_is_coverage)


def _moved_effects(model: Model, mine: np.ndarray, name: str, *, coverage: bool) -> _Moved:
    effects = model.effects
    of = {int(effects.scenario[effect]): int(effect) for effect in mine}
    points = np.full((len(model.scenarios), 2), np.nan)
    efficacy = [effects.efficacy.copy(), effects.efficacy.copy()]
    for scenario, effect in of.items():
        spread = effects.coverage[effect] if coverage else effects.intended[effect]
        points[scenario] = estimates.at(spread, _ENDS)
        for end in (0, 1):
            efficacy[end][effect] = _efficacy(model, effect, float(points[scenario, end]), coverage=coverage)

    def kind(index: int) -> Kind:
        row = effects.rows[of[index]]
        return known_by((row.coverage if coverage else row.intended).kind)

    low, high = (replace(model, effects=_with(effects, values)) for values in efficacy)
    places = ~np.isnan(points[:, 0])
    return _Moved(name, lambda index: f"effect {effects.addresses[of[index]]}", kind, places, points, (low, high))


def _of_refusals(model: Model, state: State, blamed: Floats, value: _Value, base: float) -> Iterator[Swing]:
    """The false refusal of every side effect that is on in a state, over the over-refusal scenarios it is behind."""
    side, place = model.side, np.flatnonzero(model.over_refusal & model.summed)
    left, alone = residual(model, state), kept(model, state.active)[place]
    factor, rate = (model.impact * blamed)[place], left.rate[place]

    def parts(ratio: Floats) -> tuple[Floats, Floats]:
        return left.technical[place] * ratio, reputational(factor, left.visible[place] * ratio)

    now = value(parts(np.ones(place.size)))
    for number, (row, spread) in enumerate(zip(side.rows, side.spreads, strict=True)):
        variant = model.variant_index[row.variant]
        here = side.row_behind[variant, place] == number
        # On in the state and in the evidence it is in both, and moves nothing.
        power = here * (float(state.active[variant]) - model.on[place, variant])
        if spread is None or row.false_refusal is None or not power.any() or estimates.mean(spread) >= 1:
            continue
        points = estimates.at(spread, _ENDS)
        moved: list[Floats] = []
        for point in points:
            then = alone * ((1 - point) / (1 - estimates.mean(spread))) ** power
            changed = violation_rate(left.own[place], np.ones(place.size), then)
            ratio = np.where(rate > 0, changed / np.where(rate > 0, rate, 1.0), 1.0)
            moved.append(value(parts(ratio)) - now)
        yield Swing(
            record=f"side_effect {side.addresses[number]}",
            name="False refusal",
            scenario=model.scenarios[int(place[np.abs(moved[1] - moved[0]).argmax()])].code,
            kind=known_by(row.false_refusal.kind),
            low=float(points[0]),
            high=float(points[1]),
            at_low=base + float(moved[0].sum()),
            at_high=base + float(moved[1].sum()),
        )


def known_by(kind: str) -> Kind:
    """How a stated estimate is known: measured, elicited, or else assumed."""
    kinds: dict[str, Kind] = {"measured": "measured", "elicited": "elicited"}
    return kinds.get(kind, "assumed")


def _efficacy(model: Model, effect: int, value: float, *, coverage: bool) -> float:
    effects = model.effects
    other = estimates.mean(effects.intended[effect] if coverage else effects.coverage[effect])
    cover, meant = (value, other) if coverage else (other, value)
    single = operational_efficacy(cover, meant, effects.rows[effect].degraded, float(effects.reliable[effect]))
    return campaign_efficacy(single, float(model.theta[effects.scenario[effect]]), int(effects.tries[effect]))


def _with(effects: Effects, efficacy: Floats) -> Effects:
    return replace(effects, efficacy=efficacy)

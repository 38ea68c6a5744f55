"""One launch as arrays: the door between records and formulas, read by results and by planning."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from launchpad.errors import ScoringError
from launchpad.records import (
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Plan,
    Scenario,
    WeightSet,
)
from launchpad.scoring import coefficients as known_coefficients
from launchpad.scoring import estimates, propensity, states
from launchpad.scoring.arrays import Bools, Floats, Ints
from launchpad.scoring.coefficients import Coefficients
from launchpad.scoring.effects import Effects, effects_of
from launchpad.scoring.kept import Kept
from launchpad.scoring.risks import Risk, risk_of
from launchpad.scoring.side_effects import SideEffects, side_effects_of


@dataclass(frozen=True, eq=False)
class State:
    """One state of a launch: which variants are on, and which have their efficacy verified; both (V,)."""

    name: str
    active: Bools
    verified: Bools


@dataclass(frozen=True, eq=False)
class Model:
    """A launch as arrays at the means of all inputs; every axis is in the order of codes, never of rows.

    Axis S, `scenarios`, with `risks` that hold the rows and spreads behind the means:
      scored        (S,) has an exposure row; the others are 0 in every array and unknown in results
      catastrophic  (S,) never in a sum; judged by limits on its events
      over_refusal  (S,) an event is a benign request turned away
      opportunities (S,) N over the horizon     theta   (S,) propensity as the evidence saw it
      realised      (S,) h                      net_new (S,) u
      harm          (S,) E[X], harm units per event
      visible       (S,) q, 0 without a publicity row
      impact        (S,) of one story, before attribution
      on            (S, V) was on when the scenario's evidence was taken
    Axis V, `variants`:
      mitigation    (V,) index into `mitigations`; of one mitigation at most one variant is on
      verifying     row id of the evaluation that verifies each variant, None where it needs none
    `effects` (axis E) and `side` (axes V, F, S) are described where they are declared.
    `weights` are (technical, reputational). States: `inherent` (nothing on), `current` (done or in
    place), `planned` (None without a plan), `by_freeze` (of the plan only what finishes by the
    freeze). `residual.residual(model, state, overlap)` gives what a state leaves over at means.
    """

    launch: Launch
    coefficients: Coefficients
    weights: tuple[float, float]
    scenarios: tuple[Scenario, ...]
    risks: tuple[Risk, ...]
    scored: Bools
    catastrophic: Bools
    over_refusal: Bools
    opportunities: Floats
    theta: Floats
    realised: Floats
    net_new: Floats
    harm: Floats
    visible: Floats
    impact: Floats
    on: Bools
    mitigations: tuple[Mitigation, ...]
    variants: tuple[MitigationVariant, ...]
    mitigation: Ints
    verifying: tuple[int | None, ...]
    effects: Effects
    side: SideEffects
    inherent: State
    current: State
    planned: State | None
    by_freeze: State | None

    @property
    def summed(self) -> Bools:
        """(S,) the scenarios that enter sums: scored and not catastrophic."""
        return self.scored & ~self.catastrophic

    @property
    def states(self) -> tuple[State, ...]:
        """Inherent, current and, with a plan, planned."""
        known = (self.inherent, self.current, self.planned)
        return tuple(state for state in known if state is not None)

    @functools.cached_property
    def variant_index(self) -> dict[int, int]:
        """Row id of a variant -> its place on axis V."""
        return {variant.id: index for index, variant in enumerate(self.variants)}

    @functools.cached_property
    def scenario_index(self) -> dict[int, int]:
        """Row id of a scenario -> its place on axis S."""
        return {scenario.id: index for index, scenario in enumerate(self.scenarios)}

    @functools.cached_property
    def refusal_in_evidence(self) -> Floats:
        """(S,) the share of benign requests left alone by what was on in the evidence; 1 but for over-refusal."""
        found = np.ones(len(self.scenarios))
        place = np.flatnonzero(self.over_refusal)
        found[place] = np.prod(np.where(self.on[place], 1 - self.side.turned_away.T[place], 1.0), axis=1)
        return found

    @functools.cached_property
    def share_of_traffic(self) -> Floats:
        """(F, S) what one opportunity of an over-refusal scenario over the horizon is of each surface's traffic.

        0 where the traffic is unknown. A scenario on all surfaces is spread over all traffic.
        """
        found = np.zeros((len(self.side.surfaces), len(self.scenarios)))
        everywhere = float(self.side.requests.sum())
        for index in np.flatnonzero(self.over_refusal & self.scored):
            risk = self.risks[index]
            here = risk.scenario.surface
            for column, surface in enumerate(self.side.surfaces):
                traffic = everywhere if here is None else self.side.requests[column]
                if (here is None or (surface is not None and surface.id == here)) and traffic > 0:
                    found[column, index] = 1 / (traffic * max(risk.days, 1))
        return found

    def credit(self, verified: Bools) -> Floats:
        """(E,) the share of each effect's efficacy that is credited when these variants (V,) are verified.

        What the evidence already holds keeps today's credit: verifying it earns nothing twice.
        """
        key = verified.tobytes()
        if key not in self._credits:
            by_variant = self.effects.seen & self.current.verified[self.effects.variant]
            by_variant |= ~self.effects.seen & verified[self.effects.variant]
            self._credits[key] = np.where(by_variant, self.effects.discount, self.effects.unverified)
        return self._credits[key]

    @functools.cached_property
    def _credits(self) -> dict[bytes, Floats]:
        return {}


def build(inputs: Inputs, launch_id: int, plan_id: int | None = None, kept: Kept | None = None) -> Model:
    """The model of a launch, with a planned state when a plan is given.

    What was `kept` of an earlier one is used where nothing it rests on has changed. Raises
    ScoringError for inputs that cannot be scored, naming the record.
    """
    kept = Kept() if kept is None else kept
    launch = inputs.get(Launch, launch_id)
    coefficients = kept.once("coefficients", inputs, known_coefficients.of)
    scenarios = tuple(sorted(inputs.rows(Scenario, launch.id), key=lambda row: row.code))
    variants = tuple(sorted(inputs.rows(MitigationVariant), key=lambda row: row.code))
    mitigations = tuple(sorted(inputs.rows(Mitigation), key=lambda row: row.code))
    place = {mitigation.id: index for index, mitigation in enumerate(mitigations)}
    seen_from = replace(launch, current_plan=None)
    risks = tuple(
        kept.once(("risk", scenario.id), inputs, risk_of, seen_from, scenario, coefficients) for scenario in scenarios
    )
    on = _on(risks, variants)
    inherent, current, planned, by_freeze = _states(inputs, launch, variants, plan_id)
    return Model(
        launch=launch,
        coefficients=coefficients,
        weights=weights_of(inputs, launch, coefficients),
        scenarios=scenarios,
        risks=risks,
        scored=np.array([risk.opportunities is not None for risk in risks], dtype=np.bool_),
        catastrophic=np.array([scenario.catastrophic for scenario in scenarios], dtype=np.bool_),
        over_refusal=np.array([scenario.over_refusal for scenario in scenarios], dtype=np.bool_),
        opportunities=_floats(risk.chances for risk in risks),
        theta=_floats(propensity.mean(risk.propensity) for risk in risks),
        realised=_floats(estimates.mean(risk.realised) for risk in risks),
        net_new=_floats(estimates.mean(risk.net_new) for risk in risks),
        harm=_floats(estimates.mean(risk.harm) for risk in risks),
        visible=_floats(0.0 if risk.visible is None else estimates.mean(risk.visible) for risk in risks),
        impact=_floats(risk.impact for risk in risks),
        on=on,
        mitigations=mitigations,
        variants=variants,
        mitigation=np.array([place[variant.mitigation] for variant in variants], dtype=np.int64),
        verifying=tuple(variant.verified_by for variant in variants),
        effects=effects_of(inputs, launch, risks, variants, on, coefficients, kept),
        side=side_effects_of(inputs, launch, scenarios, variants, kept),
        inherent=inherent,
        current=current,
        planned=planned,
        by_freeze=by_freeze,
    )


def _on(risks: Sequence[Risk], variants: Sequence[MitigationVariant]) -> Bools:
    """(S, V) the variants that were on in each scenario's evidence."""
    place = {variant.id: index for index, variant in enumerate(variants)}
    found = np.zeros((len(risks), len(variants)), dtype=np.bool_)
    for index, risk in enumerate(risks):
        found[index, [place[variant] for variant in risk.propensity.on]] = True
    return found


def weights_of(inputs: Inputs, launch: Launch, coefficients: Coefficients) -> tuple[float, float]:
    """The weights of technical and reputational risk: of the launch's weight set, else the defaults.

    Raises ScoringError when they are negative or sum to zero, or the weight set does not exist.
    """
    technical, reputational = coefficients.weight_technical, coefficients.weight_reputational
    named = "the coefficients"
    if launch.weight_set is not None:
        chosen = inputs.find(WeightSet, launch.weight_set, launch.id)
        technical, reputational, named = chosen.technical, chosen.reputational, f"weight set {chosen.code}"
    total = technical + reputational
    if min(technical, reputational) < 0 or not total > 0:
        raise ScoringError(
            f"The weights of {named} are {technical:g} and {reputational:g}.",
            "Give weights of 0 or more that do not sum to 0.",
        )
    return technical / total, reputational / total


def _states(
    inputs: Inputs, launch: Launch, variants: tuple[MitigationVariant, ...], plan_id: int | None
) -> tuple[State, State, State | None, State | None]:
    done = states.verified_evaluations(inputs, launch)

    def state(name: str, on: frozenset[int], evaluations: frozenset[int] = frozenset()) -> State:
        active = np.array([variant.id in on for variant in variants], dtype=np.bool_)
        verified = [
            variant.verified_by is None
            or variant.verified_by in evaluations
            or variant.verified_by in done.get(variant.id, frozenset())
            for variant in variants
        ]
        return State(name, active, np.array(verified, dtype=np.bool_))

    inherent = state("inherent", frozenset())
    current = state("current", states.current(inputs, launch))
    if plan_id is None:
        return inherent, current, None, None
    plan = inputs.get(Plan, plan_id)
    planned = state("planned", *states.planned(inputs, launch, plan))
    by_freeze = state("planned", *states.planned(inputs, launch, plan, before_freeze=True))
    return inherent, current, planned, by_freeze


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)

"""Why a scenario's figures are what they are in a state: factor by factor to evidence, estimates and assumptions."""

import dataclasses
from collections.abc import Iterator, Sequence
from types import MappingProxyType

import numpy as np

from launchpad.records import Estimate, Inputs, Reading
from launchpad.records.judgements import EXPERT_QUANTITIES
from launchpad.results.rows import Results, ScenarioRow, known_by
from launchpad.scoring import estimates, propensity
from launchpad.scoring.evidence import Observation
from launchpad.scoring.experts import HOMES, pool_of
from launchpad.scoring.mitigations import (
    DETECTION,
    EXPOSURE,
    PROPENSITY,
    PUBLICITY,
    SEVERITY,
    STAGE_ORDER,
    overlaps,
)
from launchpad.scoring.model import Model, State
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import (
    attributions,
    evidence_misses,
    kept,
    reputation_at_means,
    residual,
    stage_misses,
)
from launchpad.scoring.risks import DEFAULT_LEVEL, Risk, harm_estimate
from launchpad.scoring.why import Factor, Kind

EXPERT = "Expert"
WHEN = MappingProxyType({"inherent": "before all mitigations", "current": "today", "planned": "as planned"})


def of_scenario(inputs: Inputs, results: Results, row: ScenarioRow) -> Factor:
    """The tree under a scenario: its technical and reputational risk today and, with a plan, as planned."""
    model = results.model
    index = model.scenario_index[row.id]
    if row.technical is None:
        note = "It has no exposure, so it is not scored."
        return Factor(row.name, None, "computed", f"scenario {row.code}", note)
    parts: list[Factor] = []
    for state in (model.current, model.planned):
        if state is not None:
            parts.append(technical(inputs, model, index, state))
            parts += [_reputational(inputs, model, index, state)] if row.reputational is not None else []
    if row.assumed_share is not None:
        parts.append(Factor("Share of its factors that are assumed", row.assumed_share, "computed"))
    return Factor(row.name, row.technical.mean, "computed", f"scenario {row.code}", "harm units", tuple(parts))


def technical(inputs: Inputs, model: Model, index: int, state: State) -> Factor:
    """What stands under the technical risk of the scenario at a place on axis S in a state."""
    risk, left = model.risks[index], residual(model, state)
    level = DEFAULT_LEVEL if risk.severity is None else risk.severity.level
    harm = harm_estimate(risk.severity, level)
    stated = None if risk.severity is None else risk.severity
    parts = (
        _chances(inputs, model, index, state),
        _rate(inputs, model, index, state),
        _judged(inputs, risk, "realised", model.realised[index], None if stated is None else stated.realised),
        _judged(inputs, risk, "net_new", model.net_new[index], None if stated is None else stated.net_new),
        _judged(inputs, risk, "harm_units", model.harm[index], harm),
        _stage(model, index, SEVERITY, state),
    )
    return Factor(
        f"Technical risk {WHEN[state.name]}: expected loss over the horizon",
        float(left.technical[index]),
        "computed",
        note="the product of:",
        parts=parts,
    )


def _reputational(inputs: Inputs, model: Model, index: int, state: State) -> Factor:
    risk, left = model.risks[index], residual(model, state)
    publicity = f"publicity {risk.address}"
    blamed = attributions(model, state)
    who, factor = blamed[index], blame(blamed, model.coefficients)
    stated = None if risk.publicity is None else risk.publicity.visible
    visible = Factor(
        "Violations that become public",
        float(left.visible[index]),
        "computed",
        note="the product of:",
        parts=(
            _chances(inputs, model, index, state),
            _rate(inputs, model, index, state),
            _judged(inputs, risk, "visible", model.visible[index], stated),
            _stage(model, index, PUBLICITY, state),
        ),
    )
    return Factor(
        f"Reputational risk {WHEN[state.name]}, at means",
        float(reputation_at_means(model, left, factor)[index]),
        "computed",
        note="impact x attribution x ln(1 + violations that become public)",
        parts=(
            Factor("Impact of one story", float(model.impact[index]), "stated", publicity),
            Factor(f"Attribution: {who}", float(factor[index]), "assumed", publicity),
            visible,
        ),
    )


def _chances(inputs: Inputs, model: Model, index: int, state: State) -> Factor:
    risk = model.risks[index]
    source = f"exposure {risk.address}"
    parts = ()
    if risk.exposure is not None:
        stated = risk.exposure.opportunities
        per_day = float(model.opportunities[index]) / (risk.days * risk.rollout or 1.0)
        parts = (
            _judged(inputs, risk, "opportunities", per_day, stated),
            Factor("Days of the horizon", float(risk.days), "stated", source),
            Factor("Rollout share", risk.rollout, "stated", source),
            _stage(model, index, EXPOSURE, state),
        )
    value = float(residual(model, state).chances[index])
    return Factor("Opportunities over the horizon", value, "computed", source, "the product of:", parts)


def _rate(inputs: Inputs, model: Model, index: int, state: State) -> Factor:
    """The rate of violating outputs in a state: the propensity, and what changed since the evidence was taken."""
    current = overlaps(model.coefficients)["beta"]
    left = stage_misses(model, state.active, state.verified, current)[index]
    seen = float(evidence_misses(model, current)[index])
    parts = [
        _propensity(inputs, model.risks[index], float(model.theta[index])),
        _stage(model, index, PROPENSITY, state),
        _stage(model, index, DETECTION, state),
    ]
    on = [model.variants[place].code for place in np.flatnonzero(model.on[index])]
    if on:
        note = f"on in the evidence, and inside its figure: {', '.join(on)}"
        parts.append(Factor("Divided by what got past the safeguards of the evidence", seen, "computed", note=note))
    if model.over_refusal[index]:
        note = "then 1 - (1 - rate) x this"
        share = float(kept(model, state.active)[index])
        parts.append(Factor("Benign requests safeguards leave alone", share, "computed", note=note))
    value = float(residual(model, state).rate[index])
    note = "propensity x what gets through, never above 1" if left.size else ""
    return Factor("Chance of a violating output", value, "computed", note=note, parts=tuple(parts))


def _propensity(inputs: Inputs, risk: Risk, value: float) -> Factor:
    likely = risk.propensity
    if likely.origin != "evidence":
        aside = tuple(_aside(likely))
        if likely.origin != "estimate":
            note = "no linked evidence: a default by class and severity"
            return Factor("Propensity", value, likely.kind, f"risk_area {risk.area.code}", note, aside)
        experts = _experts(inputs, risk, "propensity")
        note = f"no linked evidence: {_pooled(experts)}" if experts else "no linked evidence: as stated"
        return Factor("Propensity", value, likely.kind, f"exposure {risk.address}", note, (*experts, *aside))
    low, median, high = propensity.points(likely)
    parts = [_prior(inputs, risk), *(_observed(seen) for seen in likely.used)]
    if likely.gap is not None:
        note = "added on the logit scale, cut off at 0: how much further a determined actor gets"
        parts.append(Factor("Elicitation gap", likely.gap.mu, "assumed", "coefficient elicitation", note))
    if likely.exponent != 1:
        note = "1 - (1 - propensity)^t, an upper bound"
        parts.append(Factor("Tries for each try of the runs", likely.exponent, "stated", note=note))
    parts.extend(_aside(likely))
    note = f"90 % between {low:.3g} and {high:.3g}, median {median:.3g}; {_weighed(likely)}"
    return Factor("Propensity", value, likely.kind, f"scenario {risk.address}", note, tuple(parts))


def _weighed(likely: propensity.Propensity) -> str:
    """How it is known, and how much of what it rests on is evidence: `mostly assumed: 8 of 28 samples are evidence`."""
    known = known_by(likely.origin, likely.kind, outweighed=likely.outweighed)
    whole = likely.weight + sum(likely.prior)
    return f"{known}: of the {whole:.3g} samples it rests on, {likely.weight:.3g} are evidence"


def _prior(inputs: Inputs, risk: Risk) -> Factor:
    a, b = risk.propensity.prior
    note = f"Beta({a:.3g}, {b:.3g}), worth {a + b:.3g} samples"
    stated = None if risk.exposure is None else risk.exposure.propensity
    if stated is None:
        return Factor("What it starts from", a / (a + b), "assumed", note=f"no estimate: {note}")
    experts = _experts(inputs, risk, "propensity")
    note = f"{_pooled(experts)}: {note}" if experts else note
    return Factor("What it starts from", a / (a + b), _kind(stated), f"exposure {risk.address}", note, experts)


def _observed(seen: Observation) -> Factor:
    reading = seen.reading
    age = "no run date" if seen.age_days is None else f"{seen.age_days} days old"
    worth = f"{reading.failures:.3g} of {reading.n:.4g} independent samples, weight {seen.weight:.3g}, {age}"
    partial = ", partial run" if reading.partial else ""
    watched = reading.record.startswith(f"{Reading.table} ")
    label = "Violations per opportunity in monitoring" if watched else "Share of failures"
    return Factor(label, reading.rate, "measured", reading.record, worth + partial)


def _aside(likely: propensity.Propensity) -> Iterator[Factor]:
    for record, reason in likely.set_aside:
        yield Factor("Shown, not counted", None, "measured", record, reason)


def _stage(model: Model, index: int, stage: int, state: State) -> Factor:
    """What gets through one stage in a state, with each effect that acts there."""
    effects = model.effects
    beta = overlaps(model.coefficients)["beta"]
    left = stage_misses(model, state.active, state.verified, beta)[index, stage]
    acting = (effects.scenario == index) & (effects.stage == stage) & state.active[effects.variant]
    parts = tuple(effect_factor(model, int(place), state) for place in np.flatnonzero(acting))
    return Factor(f"What gets through {STAGE_ORDER[stage]}", float(left), "computed", parts=parts)


def effect_factor(model: Model, place: int, state: State) -> Factor:
    """What stands under the efficacy of one effect, with the credit it has in a state."""
    effects = model.effects
    row, credit = effects.rows[place], float(model.credit(state.verified)[place])
    source = f"effect {effects.addresses[place]}"
    parts = (
        _estimate("Coverage", estimates.mean(effects.coverage[place]), row.coverage, source),
        _estimate("Efficacy as intended", estimates.mean(effects.intended[place]), row.intended, source),
        Factor("Efficacy when degraded", row.degraded, "stated", source),
        Factor("Share of time it works as meant", float(effects.reliable[place]), "computed", source),
        Factor(
            f"Credit for evidence: {row.evidence_level}", credit, "assumed", source, _unverified(model, place, state)
        ),
    )
    if effects.tries[place] > 1:
        label = f"Counted in single attempts, of which one opportunity is {effects.tries[place]}"
        parts = (*parts, Factor(label, None, "computed", source, "converted at the scenario's propensity"))
    note = f"at {STAGE_ORDER[effects.stage[place]]} of {model.scenarios[effects.scenario[place]].code}"
    return Factor(
        f"Efficacy of {model.variants[effects.variant[place]].code}",
        float(effects.efficacy[place]) * credit,
        "assumed" if row.evidence_level == "assumed" else "computed",
        source,
        note + (", already inside the evidence" if effects.seen[place] else ""),
        parts,
    )


def _unverified(model: Model, place: int, state: State) -> str:
    waiting = not state.verified[model.effects.variant[place]]
    return "as for assumed, until the evaluation that verifies it has been run" if waiting else ""


def _judged(inputs: Inputs, risk: Risk, quantity: str, value: float, stated: Estimate | None) -> Factor:
    """A quantity as stated, or as the experts' pool with each expert, and the stated one set aside."""
    label = EXPERT_QUANTITIES[quantity]
    found = _estimate(label, value, stated, f"{HOMES[quantity].table} {risk.address}")
    experts = _experts(inputs, risk, quantity)
    if not experts:
        return found
    return dataclasses.replace(found, note=f"{_pooled(experts)}: {found.note}", parts=experts)


def _experts(inputs: Inputs, risk: Risk, quantity: str) -> tuple[Factor, ...]:
    """Each expert by code with range, share of the weights and calibration, then the stated estimate set aside."""
    rows = {"exposure": risk.exposure, "severity": risk.severity, "publicity": risk.publicity}
    pool = None if rows[HOMES[quantity].table] is None else pool_of(inputs, risk.scenario, quantity)
    if pool is None:
        return ()
    found = [
        Factor(
            f"{EXPERT} {one.expert}",
            one.estimate.median,
            "elicited",
            one.record,
            f"{_points(one.estimate)}; {one.share:.0%} of the weights; {one.calibration}",
        )
        for one in pool.opinions
    ]
    if pool.instead_of is not None:
        note = f"{_points(pool.instead_of)}; set aside: the experts' pool stands in for it"
        source = f"{HOMES[quantity].table} {risk.address}"
        kind = _kind(pool.instead_of)
        found.append(Factor("Stated, not counted", pool.instead_of.median, kind, source, note))
    return tuple(found)


def _pooled(experts: Sequence[Factor]) -> str:
    """How many experts stand behind a number, in words."""
    count = sum(one.label.startswith(EXPERT) for one in experts)
    return "one expert's range" if count == 1 else f"{count} experts' ranges pooled"


def _points(estimate: Estimate) -> str:
    return f"low {estimate.low:.4g}, median {estimate.median:.4g}, high {estimate.high:.4g}"


def _estimate(label: str, value: float, stated: Estimate | None, source: str) -> Factor:
    if stated is None:
        return Factor(label, float(value), "assumed", source, "not stated")
    return Factor(label, float(value), _kind(stated), source, f"{_points(stated)}; the mean counts")


def _kind(stated: Estimate) -> Kind:
    kinds: dict[str, Kind] = {"measured": "measured", "elicited": "elicited"}
    return kinds.get(stated.kind, "assumed")

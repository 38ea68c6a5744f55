"""A launch's numbers as one draw has them: the same draws as the scoring room's, keyed by record and parameter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from launchpad.planning.objective import Cell, Objective, Term
from launchpad.planning.reading import Case
from launchpad.planning.terms import objective_of_launch
from launchpad.records import WeightSet
from launchpad.scoring import propensity
from launchpad.scoring.arrays import Floats
from launchpad.scoring.estimates import Spread, at, mean
from launchpad.scoring.mitigations import campaign_efficacy, operational_efficacy
from launchpad.scoring.model import Model
from launchpad.scoring.streams import Deviates, drawn, stream
from launchpad.scoring.technical import shared

ANYWHERE = 0.2
"""The share of a drawn weighting that may lie anywhere; the rest lies between the launch's weight sets."""


@dataclass(frozen=True)
class Drawn:
    """What is not known of a launch, draw by draw: scenarios (S, draws), effects (E, draws), refusals (V, S, draws)."""

    opportunities: Floats
    theta: Floats
    realised: Floats
    net_new: Floats
    visible: Floats
    efficacy: Floats
    turned_away: Floats
    weights: Floats


def draw(case: Case, draws: int, seed: int) -> Drawn:
    """The uncertain numbers of a launch in each draw, and (draws, 2) weights of technical and reputational risk.

    Harm units vary from event to event and stay at their mean; effort stays at its mean, so that every draw has the
    same calendar. Bit for bit the draws of the scoring room for the same seed.
    """
    model, deviates = case.model, drawn(seed, draws)
    theta = np.array([_theta(model, index, deviates) for index in range(len(model.risks))])

    def scenarios(name: str, spreads: Iterable[Spread | None]) -> Floats:
        pairs = zip(model.risks, spreads, strict=True)
        return np.array([_value(spread, risk.address, name, deviates) for risk, spread in pairs]).reshape(-1, draws)

    days = np.array([risk.days * risk.rollout for risk in model.risks])
    return Drawn(
        opportunities=scenarios("opportunities", (risk.opportunities for risk in model.risks)) * days[:, None],
        theta=theta.reshape(-1, draws),
        realised=scenarios("becomes harm", (risk.realised for risk in model.risks)),
        net_new=scenarios("net new", (risk.net_new for risk in model.risks)),
        visible=scenarios("becomes public", (risk.visible for risk in model.risks)),
        efficacy=_efficacies(model, theta, deviates),
        turned_away=_refusals(model, deviates),
        weights=_weights(case, draws, seed),
    )


def objective_in(case: Case, known: Drawn, number: int) -> Objective:
    """The objective of a case in one draw; limits on catastrophic scenarios stay as they are at the means."""
    model = case.model
    weights = float(known.weights[number, 0]), float(known.weights[number, 1])
    there = replace(
        model,
        weights=weights,
        opportunities=known.opportunities[:, number],
        theta=known.theta[:, number],
        realised=known.realised[:, number],
        net_new=known.net_new[:, number],
        visible=known.visible[:, number],
        effects=replace(model.effects, efficacy=known.efficacy[:, number]),
        side=replace(model.side, turned_away=known.turned_away[:, :, number]),
    )
    found, _ = objective_of_launch(there, case.options, len(case.problem.items))
    return with_floors(found, case)


def with_floors(objective: Objective, case: Case) -> Objective:
    """The objective with the terms that floors measure put first, in the places where the floors look for them."""
    problem = case.problem
    if not problem.floors:
        return objective
    last = max(each.term for each in problem.floors) + 1
    own, cells, kept = problem.objective, list(objective.cells), list(objective.terms)
    floors: dict[int, Term] = {}
    for place in sorted({each.term for each in problem.floors}):
        term = own.terms[place]
        copied: list[Cell] = [own.cells[cell] for cell in term.cells]
        floors[place] = replace(term, cells=tuple(range(len(cells), len(cells) + len(copied))))
        cells += copied
    # A draw may leave a term out that is 0 in it: an empty one takes its place, so that the floors keep theirs.
    own_terms = [*kept, *[Term("", 0.0, None, (), ())] * last]
    terms = [floors[place] if place in floors else own_terms.pop(0) for place in range(last)]
    return replace(objective, cells=tuple(cells), terms=(*terms, *own_terms[: max(0, len(own_terms) - last)]))


def _value(spread: Spread | None, code: str, parameter: str, deviates: Deviates) -> Floats:
    if spread is None:
        return np.zeros(deviates.count)
    if spread.constant:
        return np.full(deviates.count, mean(spread))
    return at(spread, deviates.of(code, parameter))


def _theta(model: Model, index: int, deviates: Deviates) -> Floats:
    risk = model.risks[index]
    own = deviates.of(risk.address, "propensity")
    if risk.capability is not None:
        common = deviates.of(f"capability {risk.capability}", "shared factor")
        own = shared(own, common, model.coefficients.shared_factor)
    gap = own if risk.propensity.gap is None else deviates.of(risk.address, "elicitation gap")
    return propensity.draw(risk.propensity, own, gap)


def _efficacies(model: Model, theta: Floats, deviates: Deviates) -> Floats:
    effects = model.effects
    found = np.zeros((len(effects.rows), deviates.count))
    for row, effect in enumerate(effects.rows):
        single = operational_efficacy(
            _value(effects.coverage[row], effects.addresses[row], "coverage", deviates),
            _value(effects.intended[row], effects.addresses[row], "efficacy", deviates),
            effect.degraded,
            float(effects.reliable[row]),
        )
        found[row] = campaign_efficacy(single, theta[effects.scenario[row]], int(effects.tries[row]))
    return found


def _refusals(model: Model, deviates: Deviates) -> Floats:
    """(V, S, draws) the false refusal each variant adds to each over-refusal scenario."""
    side = model.side
    found = np.zeros((*side.row_behind.shape, deviates.count))
    for row, (spread, address) in enumerate(zip(side.spreads, side.addresses, strict=True)):
        if spread is not None:
            found[side.row_behind == row] = _value(spread, address, "false refusal", deviates)
    return found


def _weights(case: Case, draws: int, seed: int) -> Floats:
    """(draws, 2) weights: four fifths a random mixture of the launch's weight sets, one fifth anywhere."""
    sets = sorted(case.inputs.rows(WeightSet, case.launch.id), key=lambda row: row.code)
    ends = [np.array([row.technical, row.reputational]) / (row.technical + row.reputational) for row in _usable(sets)]
    ends = ends or [np.array(case.model.weights)]
    generator = stream(seed, case.launch.code, "weights")
    share = generator.dirichlet(np.ones(len(ends)), draws)
    anywhere = generator.dirichlet(np.ones(2), draws)
    return (1 - ANYWHERE) * (share @ np.stack(ends)) + ANYWHERE * anywhere


def _usable(sets: Sequence[WeightSet]) -> list[WeightSet]:
    return [row for row in sets if min(row.technical, row.reputational) >= 0 and row.technical + row.reputational > 0]

"""What it would be worth to know more before choosing among stored plans: in all, and of each scenario's propensity."""

from dataclasses import dataclass

import numpy as np

from launchpad.records import Inputs, Launch, Plan
from launchpad.scoring.arrays import Floats
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import Model, State, build
from launchpad.scoring.refusals import Refusals, rows_on
from launchpad.scoring.reputation import blame, reputational
from launchpad.scoring.residual import attributions, reputation_at_means, residual
from launchpad.scoring.simulation import outcomes_in
from launchpad.scoring.streams import Deviates, drawn
from launchpad.scoring.technical import shared
from launchpad.scoring.tradeoffs import information

MOST_PLANS = 20
DRAWS = 2000


@dataclass(frozen=True, slots=True)
class InputWorth:
    """What knowing the propensity of one scenario exactly would be worth, as a share of today's objective."""

    scenario: str
    evpi: float


@dataclass(frozen=True, slots=True)
class PlanInformation:
    """The choice among stored plans: `objectives` their mean objective, the weighted residual as a share of today's.

    `evpi` is how much lower it would be, on average, if everything were known before choosing, `inputs` how much
    lower if one propensity were, greatest first. Both 0 where one plan is best whatever comes out.
    """

    plans: tuple[str, ...]
    objectives: tuple[float, ...]
    evpi: float
    inputs: tuple[InputWorth, ...]
    draws: int


def plan_information(
    inputs: Inputs, launch_id: int, *, draws: int = DRAWS, seed: int | None = None, kept: Kept | None = None
) -> PlanInformation | None:
    """The value of information for choosing among a launch's stored plans; None with fewer than two.

    At most 20: the current one and the newest by code. The same draws of our ignorance for each plan; attribution as
    in the current state, as when plans are made.
    """
    launch = inputs.get(Launch, launch_id)
    plans = _chosen(inputs, launch)
    if len(plans) < 2:
        return None
    kept = kept or Kept(room=0)
    models = [build(inputs, launch_id, plan.id, kept) for plan in plans]
    model, states = models[0], [one.planned for one in models if one.planned is not None]
    deviates = drawn(launch.seed if seed is None else seed, draws)
    losses = _objectives(model, states, deviates)
    each = [
        InputWorth(
            model.scenarios[index].code, information.of_one_input(losses, _propensity(model, int(index), deviates))
        )
        for index in np.flatnonzero(model.summed)
    ]
    return PlanInformation(
        plans=tuple(plan.code for plan in plans),
        objectives=tuple(losses.mean(axis=0).tolist()),
        evpi=information.of_plans(losses),
        inputs=tuple(sorted(each, key=lambda one: (-one.evpi, one.scenario))),
        draws=draws,
    )


def _chosen(inputs: Inputs, launch: Launch) -> list[Plan]:
    plans = sorted(inputs.rows(Plan, launch.id), key=lambda plan: plan.code)
    newest = sorted(plans, key=lambda plan: plan.code == launch.current_plan)[-MOST_PLANS:]
    return sorted(newest, key=lambda plan: plan.code)


def _objectives(model: Model, states: list[State], deviates: Deviates) -> Floats:
    """(draws, P) the weighted residual of each state as a share of today's at means; a term that is 0 is left out."""
    refusals = Refusals(model.side, deviates)
    behind = model.side.row_behind
    refusals.prepare(
        rows_on(behind[:, index], on)
        for index in np.flatnonzero(model.over_refusal & model.summed)
        for on in (model.on[index], *(state.active for state in states))
    )
    blamed = blame(attributions(model, model.current), model.coefficients)
    left = residual(model, model.current)
    today = left.technical[model.summed].sum(), reputation_at_means(model, left, blamed)[model.summed].sum()
    factors = [weight / now if now > 0 else 0.0 for weight, now in zip(model.weights, today, strict=True)]
    found = np.zeros((deviates.count, len(states)))
    for index in np.flatnonzero(model.summed):
        impact = float(model.impact[index] * blamed[index])
        for place, outcome in enumerate(outcomes_in(model, int(index), deviates, refusals, states)):
            found[:, place] += factors[0] * outcome.expected + factors[1] * reputational(impact, outcome.visible)
    return found


def _propensity(model: Model, index: int, deviates: Deviates) -> Floats:
    """(draws,) the deviate that one scenario's propensity rises with."""
    risk = model.risks[index]
    own = deviates.of(risk.address, "propensity")
    if risk.capability is None:
        return own
    return shared(own, deviates.of(f"capability {risk.capability}", "shared factor"), model.coefficients.shared_factor)

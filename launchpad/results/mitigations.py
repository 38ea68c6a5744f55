"""What each mitigation is worth on its own today, and what monitors would raise."""

import dataclasses

import numpy as np

from launchpad.results.rows import MitigationRow
from launchpad.scoring import estimates
from launchpad.scoring.arrays import Bools, Floats
from launchpad.scoring.model import Model, State
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import Residual, base_refusal, objective_of, reputation_at_means, residual
from launchpad.scoring.side_effects import Alerts, alerts_per_day, burden


@dataclasses.dataclass(frozen=True)
class _Worth:
    """A state by what the objective is made of."""

    technical: float
    reputational: float
    refused: float


def rows(model: Model, blamed: tuple[str, ...]) -> tuple[MitigationRow, ...]:
    """Mitigations by falling gain: what is on as the loss without it, the rest as the gain of the best variant.

    Attribution as in the current state; a variant not yet verified keeps the credit of assumed.
    """
    factors = blame(blamed, model.coefficients)
    today = _worth(model, model.current, factors)
    found: list[MitigationRow] = []
    for number, mitigation in enumerate(model.mitigations):
        mine = np.flatnonzero(model.mitigation == number)
        on = [index for index in mine if model.current.active[index]]
        options = [_row(model, int(index), on=bool(on), today=today, blamed=factors) for index in (on or mine)]
        if options:
            best = max(options, key=lambda row: row.gain)
            found.append(dataclasses.replace(best, code=mitigation.code))
    return tuple(sorted(found, key=lambda row: (-row.gain, row.code)))


def alerts(model: Model) -> tuple[Alerts, ...]:
    """What each monitor with known rates would raise a day on each surface whose traffic is known."""
    found: list[Alerts] = []
    for column, surface in enumerate(model.side.surfaces):
        requests = float(model.side.requests[column])
        if surface is None or not requests > 0:
            continue
        for row in model.side.rows:
            if row.surface not in (None, surface.id):
                continue
            if row.true_positive_rate is None or row.false_positive_rate is None:
                continue
            variant = model.variant_index[row.variant]
            share = min(1.0, _attempts(model, variant, surface.id) / requests)
            per_day, precision = alerts_per_day(requests, share, row.true_positive_rate, row.false_positive_rate)
            found.append(Alerts(model.variants[variant].code, surface.code, per_day, precision))
    return tuple(found)


def _row(model: Model, index: int, *, on: bool, today: _Worth, blamed: Floats) -> MitigationRow:
    active = model.current.active.copy()
    active[index] = not on
    other = _worth(model, State("other", active, model.current.verified), blamed)
    less, more = (other, today) if on else (today, other)
    now = (today.technical, today.reputational)
    return MitigationRow(
        code="",
        variant=model.variants[index].code,
        on=on,
        gain=objective_of(model.weights, (less.technical, less.reputational), now)
        - objective_of(model.weights, (more.technical, more.reputational), now),
        technical=less.technical - more.technical,
        reputational=less.reputational - more.reputational,
        false_refusal=more.refused - less.refused,
    )


def _worth(model: Model, state: State, blamed: Floats) -> _Worth:
    left: Residual = residual(model, state)
    summed: Bools = model.summed
    return _Worth(
        technical=float(left.technical[summed].sum()),
        reputational=float(reputation_at_means(model, left, blamed)[summed].sum()),
        refused=burden(model.side, state.active, base_refusal(model, state)).over_refusal,
    )


def _attempts(model: Model, variant: int, surface: int) -> float:
    """Mean attempts a day of the scenarios a variant acts on that happen on a surface."""
    acted_on = {int(index) for index in model.effects.scenario[model.effects.variant == variant]}
    total = 0.0
    for index in sorted(acted_on):
        risk = model.risks[index]
        here = risk.scenario.surface in (None, surface) and not risk.scenario.over_refusal
        if here and risk.opportunities is not None:
            total += estimates.mean(risk.opportunities) * risk.rollout
    return total

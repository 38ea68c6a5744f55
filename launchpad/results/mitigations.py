"""What each mitigation is worth on its own today, and what monitors would raise."""

import dataclasses

from launchpad.results.rows import MitigationRow
from launchpad.scoring import estimates
from launchpad.scoring.model import Model
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import objective_of
from launchpad.scoring.side_effects import Alerts, alerts_per_day
from launchpad.scoring.worth import Switched, switched


def rows(model: Model, blamed: tuple[str, ...]) -> tuple[MitigationRow, ...]:
    """Mitigations by falling gain: what is on as the loss without it, the rest as the gain of the best variant.

    Attribution as in the current state; a variant not yet verified keeps the credit of assumed.
    """
    worth = switched(model, model.current, blame(blamed, model.coefficients))
    options: list[list[int]] = [[] for _ in model.mitigations]
    for variant, mitigation in enumerate(model.mitigation):
        options[mitigation].append(variant)
    found: list[MitigationRow] = []
    for mitigation, mine in zip(model.mitigations, options, strict=True):
        on = [index for index in mine if model.current.active[index]]
        each = [_row(model, worth, index, on=bool(on)) for index in (on or mine)]
        if each:
            found.append(dataclasses.replace(max(each, key=lambda row: row.gain), code=mitigation.code))
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


def _row(model: Model, worth: Switched, index: int, *, on: bool) -> MitigationRow:
    other = (float(worth.technical[index]), float(worth.reputational[index]), float(worth.refused[index]))
    less, more = (other, worth.now) if on else (worth.now, other)
    now = worth.now[:2]
    return MitigationRow(
        code="",
        variant=model.variants[index].code,
        on=on,
        gain=objective_of(model.weights, less[:2], now) - objective_of(model.weights, more[:2], now),
        technical=less[0] - more[0],
        reputational=less[1] - more[1],
        false_refusal=more[2] - less[2],
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

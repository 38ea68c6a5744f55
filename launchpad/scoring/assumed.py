"""How much of a risk rests on assumptions, and which of them matter most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from launchpad.scoring import estimates, propensity
from launchpad.scoring.arrays import Floats
from launchpad.scoring.estimates import Spread
from launchpad.scoring.mitigations import PUBLICITY, campaign_efficacy, operational_efficacy
from launchpad.scoring.model import Model, State
from launchpad.scoring.risks import Risk

MATTER_MOST = 5


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One uncertain number a scenario's technical risk is made of.

    `swing` is how far it moves the risk between its low and its high, as a share of the mean.
    """

    record: str
    field: str
    label: str
    assumed: bool
    swing: float


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumed number and the harm units its low and high lie apart, over the scenarios that are summed."""

    record: str
    field: str
    label: str
    swing: float


def ingredients(model: Model, index: int, state: State) -> tuple[Ingredient, ...]:
    """What the technical risk of a scenario is made of: five numbers, and each effect that earns something."""
    risk = model.risks[index]
    return (*_numbers(risk), *_effects(model, index, state))


def assumed_share(parts: Sequence[Ingredient]) -> float:
    """The share of ingredients that are assumed."""
    return sum(part.assumed for part in parts) / len(parts)


def total_share(means: Floats, shares: Floats) -> float | None:
    """The share of a total that rests on assumptions, sum(mean x share) / sum(mean); None when the total is 0."""
    total = float(means.sum())
    return float(means @ shares) / total if total > 0 else None


def matter_most(means: Floats, parts: Sequence[Sequence[Ingredient]]) -> tuple[Assumption, ...]:
    """The five assumed ingredients that move the total furthest between their low and high."""
    found = [
        Assumption(part.record, part.field, part.label, float(mean) * part.swing)
        for mean, of_scenario in zip(means, parts, strict=True)
        for part in of_scenario
        if part.assumed and mean > 0
    ]
    found.sort(key=lambda found: (-found.swing, found.record, found.field))
    return tuple(found[:MATTER_MOST])


def _numbers(risk: Risk) -> list[Ingredient]:
    exposure, severity, address = risk.exposure, risk.severity, risk.address
    likely = risk.propensity
    low, _, high = propensity.points(likely)
    harm_kind = "assumed" if severity is None or severity.harm_units is None else severity.harm_units.kind
    chances = "assumed" if exposure is None else exposure.opportunities.kind
    found = [
        Ingredient(
            f"exposure {address}",
            "propensity",
            "Propensity",
            likely.kind == "assumed",
            (high - low) / max(propensity.mean(likely), 1e-300),
        ),
        Ingredient(f"severity {address}", "harm_units", "Harm per event", harm_kind == "assumed", _swing(risk.harm)),
    ]
    if risk.opportunities is not None:
        swing = _swing(risk.opportunities)
        found.append(Ingredient(f"exposure {address}", "opportunities", "Opportunities", chances == "assumed", swing))
    for name, label, known in (
        ("realised", "Becomes harm", risk.realised),
        ("net_new", "Net new", risk.net_new),
    ):
        stated = None if severity is None else getattr(severity, name)
        kind = "assumed" if stated is None else stated.kind
        swing = 1.0 if stated is None else _swing(known)
        found.append(Ingredient(f"severity {address}", name, label, kind == "assumed", swing))
    return found


def _effects(model: Model, index: int, state: State) -> list[Ingredient]:
    effects = model.effects
    used = (effects.scenario == index) & state.active[effects.variant] & ~effects.seen
    used &= effects.stage != PUBLICITY
    credit = model.credit(state.verified)
    found: list[Ingredient] = []
    for place in np.flatnonzero(used):
        row, cover = effects.rows[place], estimates.mean(effects.coverage[place])
        low, high = (
            campaign_efficacy(
                operational_efficacy(cover, value, row.degraded, float(effects.reliable[place])),
                float(model.theta[index]),
                int(effects.tries[place]),
            )
            * credit[place]
            for value in (row.intended.low, row.intended.high)
        )
        left = 1 - effects.efficacy[place] * credit[place]
        found.append(
            Ingredient(
                f"effect {effects.addresses[place]}",
                "intended",
                "Efficacy",
                "assumed" in (row.intended.kind, row.evidence_level) or bool(credit[place] < effects.discount[place]),
                float(high - low) / max(float(left), 1e-300),
            )
        )
    return found


def _swing(known: Spread) -> float:
    low, high = estimates.at(known, np.array([-estimates.Z95, estimates.Z95]))
    return float(high - low) / max(abs(estimates.mean(known)), 1e-300)

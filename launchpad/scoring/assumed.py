"""How much of a risk rests on assumptions, and which of them matter most."""

from dataclasses import dataclass

import numpy as np

from launchpad.scoring import estimates, propensity
from launchpad.scoring.arrays import Bools, Floats
from launchpad.scoring.estimates import Spread
from launchpad.scoring.kept import Kept
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


@dataclass(frozen=True)
class Shares:
    """What all technical risks of a launch are made of.

    `numbers` five ingredients of each scenario; of effects (E,) whether each earns something today
    and enters the loss, whether it is assumed, and its swing.
    """

    numbers: tuple[tuple[Ingredient, ...], ...]
    used: Bools
    assumed: Bools
    swing: Floats

    def of_scenarios(self, model: Model) -> Floats:
        """(S,) the share of the ingredients of each scenario that are assumed."""
        count = np.array([len(parts) for parts in self.numbers], dtype=np.float64)
        assumed = np.array([sum(part.assumed for part in parts) for parts in self.numbers], dtype=np.float64)
        effects, size = model.effects.scenario, len(model.scenarios)
        count += np.bincount(effects[self.used], minlength=size)
        assumed += np.bincount(effects[self.used & self.assumed], minlength=size)
        return assumed / np.maximum(count, 1)


def shares_of(model: Model, state: State, kept: Kept) -> Shares:
    """What the technical risks of a state are made of: five numbers, and each effect that earns something."""
    effects = model.effects
    used = state.active[effects.variant] & ~effects.seen & (effects.stage != PUBLICITY)
    credit = model.credit(state.verified)
    cover = np.array([estimates.mean(spread) for spread in effects.coverage], dtype=np.float64)
    degraded = np.array([row.degraded for row in effects.rows], dtype=np.float64)
    low, high = (
        campaign_efficacy(
            operational_efficacy(cover, np.array(values, dtype=np.float64), degraded, effects.reliable),
            model.theta[effects.scenario],
            effects.tries,
        )
        for values in ([row.intended.low for row in effects.rows], [row.intended.high for row in effects.rows])
    )
    stated = [("assumed" in (row.intended.kind, row.evidence_level)) for row in effects.rows]
    return Shares(
        numbers=tuple(kept.same(("numbers", risk.scenario.id), _numbers, risk) for risk in model.risks),
        used=used,
        assumed=np.array(stated, dtype=np.bool_) | (credit < effects.discount),
        swing=(high - low) * credit / np.maximum(1 - effects.efficacy * credit, 1e-300),
    )


def total_share(means: Floats, shares: Floats) -> float | None:
    """The share of a total that rests on assumptions, sum(mean x share) / sum(mean); None when the total is 0."""
    total = float(means.sum())
    return float(means @ shares) / total if total > 0 else None


def matter_most(model: Model, means: Floats, shares: Shares) -> tuple[Assumption, ...]:
    """The five assumed ingredients that move the total furthest between their low and high."""
    found = [
        Assumption(part.record, part.field, part.label, float(mean) * part.swing)
        for mean, of_scenario in zip(means, shares.numbers, strict=True)
        for part in of_scenario
        if part.assumed and mean > 0
    ]
    moved = means[model.effects.scenario] * shares.swing
    places = np.flatnonzero(shares.used & shares.assumed & (means[model.effects.scenario] > 0))
    least = np.sort(moved[places])[-MATTER_MOST:].min(initial=np.inf)
    found += [
        Assumption(f"effect {model.effects.addresses[place]}", "intended", "Efficacy", float(moved[place]))
        for place in places[moved[places] >= least]
    ]
    found.sort(key=lambda found: (-found.swing, found.record, found.field))
    return tuple(found[:MATTER_MOST])


def _numbers(risk: Risk) -> tuple[Ingredient, ...]:
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
    return tuple(found)


def _swing(known: Spread) -> float:
    low, high = estimates.at(known, np.array([-estimates.Z95, estimates.Z95]))
    return float(high - low) / max(abs(estimates.mean(known)), 1e-300)

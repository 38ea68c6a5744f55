"""Each mitigation with each scenario it acts on: what the scenario would be with it switched the other way, today."""

import math
from dataclasses import dataclass

import numpy as np

from launchpad.export import addresses
from launchpad.export.addresses import Addresses, of, under
from launchpad.export.formulas import product_of, rate_of
from launchpad.export.sheet import Content, Formula, value_of
from launchpad.export.wiring import REFUSAL
from launchpad.scoring.mitigations import (
    DETECTION,
    EXPOSURE,
    PROPENSITY,
    PUBLICITY,
    SEVERITY,
    overlaps,
    relative,
    violation_rate,
)
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions, evidence_misses

Row = dict[str, Content]
Part = tuple[str | None, float]
"""A factor: the cell it stands in, None where it is 1, and its value."""


@dataclass(frozen=True)
class Pair:
    """One variant with one scenario: the rows of its effects, and what each stage lets through with it switched."""

    scenario: int
    variant: int
    first: int
    stages: dict[int, Part]

    def product(self, *stages: int) -> Part:
        """What gets through some stages, one after the other."""
        parts = [self.stages[stage] for stage in stages if stage in self.stages]
        return product_of(cell for cell, _ in parts), math.prod(value for _, value in parts)


def complete(at: Addresses, rows: list[Row]) -> None:
    """Fill in, beside the first effect of each pair, how technical and reputational risk change with the switch."""
    model = at.wiring.model
    blamed = blame(attributions(model, model.current), model.coefficients)
    seen = evidence_misses(model, overlaps(model.coefficients)["beta"])
    for pair in _pairs(at, rows):
        index, row = pair.scenario, rows[pair.first]
        words, rate = _rate(at, pair, float(seen[index]))
        row[addresses.SWITCHED_RATE] = Formula(f"={words}", rate)
        here = at.effect(addresses.SWITCHED_RATE, pair.first)
        sign = f"(2*{at.on_cell(pair.variant, 'current')}-1)"
        way = 1.0 if model.current.active[pair.variant] else -1.0
        row[addresses.DELTA_TECHNICAL] = _technical(at, pair, here, rate, (sign, way))
        row[addresses.DELTA_REPUTATIONAL] = _reputational(at, pair, here, rate, (sign, way), float(blamed[index]))


def _pairs(at: Addresses, rows: list[Row]) -> list[Pair]:
    """The pairs of the scenarios that are summed, by scenario and then in the order of their first rows."""
    found: list[Pair] = []
    lines, title = at.wiring.lines, under("current", "beta", addresses.STAGE)
    for scenario in np.flatnonzero(at.wiring.model.summed):
        index = int(scenario)
        cells = {stage: places for stage in range(REFUSAL + 1) if (places := at.wiring.cell(index, stage))}
        today: dict[int, Part] = {
            stage: (at.effect(title, places[-1]), value_of(rows[places[-1]][title])) for stage, places in cells.items()
        }
        mine: dict[int, dict[int, int]] = {}
        for stage, places in cells.items():
            for place in places:
                mine.setdefault(lines[place].variant, {})[stage] = place
        for variant, by_stage in mine.items():
            changed: dict[int, Part] = {
                stage: (at.effect(addresses.SWITCHED_STAGE, place), value_of(rows[place][addresses.SWITCHED_STAGE]))
                for stage, place in by_stage.items()
            }
            found.append(Pair(index, variant, min(by_stage.values()), {**today, **changed}))
    return found


def _rate(at: Addresses, pair: Pair, seen: float) -> tuple[str, float]:
    """The chance of a violating output with the switch made."""
    model, index = at.wiring.model, pair.scenario
    left, through = pair.product(PROPENSITY, DETECTION)
    alone, kept_now = pair.product(REFUSAL)
    refusing = bool(model.over_refusal[index])
    words = rate_of(
        at.score_cell(addresses.PROPENSITY, index),
        left or "1",
        at.score_cell(addresses.evidence_title("beta"), index),
        f"{alone}/{at.score_cell(addresses.ALONE, index)}" if refusing else None,
    )
    share = relative(np.array([through]), np.array([seen]))
    beside = relative(np.array([kept_now]), model.refusal_in_evidence[index : index + 1]) if refusing else 1.0
    return words, float(violation_rate(model.theta[index : index + 1], share, beside)[0])


def _technical(at: Addresses, pair: Pair, here: str, rate: float, sign: tuple[str, float]) -> Formula:
    model, index = at.wiring.model, pair.scenario
    factors, value = pair.product(EXPOSURE, SEVERITY)
    titles = (addresses.CHANCES, addresses.REALISED, addresses.NET_NEW, addresses.HARM)
    cells = [at.score_cell(title, index) for title in titles]
    then = float(model.opportunities[index] * model.realised[index] * model.net_new[index] * model.harm[index])
    then *= rate * value
    now = at.score_cell(under("current", "beta", "Technical"), index)
    today = float(at.wiring.left["current"]["beta"].technical[index])
    return Formula(f"=({product_of([*cells, here, factors])}-{now})*{sign[0]}", (then - today) * sign[1])


def _reputational(at: Addresses, pair: Pair, here: str, rate: float, sign: tuple[str, float], blamed: float) -> Formula:
    model, index = at.wiring.model, pair.scenario
    factors, value = pair.product(EXPOSURE, PUBLICITY)
    cells = [at.score_cell(title, index) for title in (addresses.CHANCES, addresses.VISIBLE)]
    cases = float(model.opportunities[index] * model.visible[index]) * rate * value
    worth = float(model.impact[index]) * blamed
    today = worth * math.log1p(float(at.wiring.left["current"]["beta"].visible[index]))
    weight = product_of(at.score_cell(title, index) for title in (addresses.IMPACT, of("current", "Blame")))
    now = at.score_cell(addresses.AT_MEANS, index)
    words = f"=({weight}*LN(1+{product_of([*cells, here, factors])})-{now})*{sign[0]}"
    return Formula(words, (worth * math.log1p(cases) - today) * sign[1])

"""Where the live model stands in the workbook: which row holds which variant, effect and scenario, state by state.

The pages that compute are written one after the other but refer to each other both ways, so that every address is
settled here first.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from launchpad.export.facts import Facts
from launchpad.export.sheet import FIRST
from launchpad.scoring.mitigations import OVERLAPS, STAGE_ORDER, overlaps
from launchpad.scoring.model import Model, State
from launchpad.scoring.residual import Residual, residual

MITIGATIONS, EFFECTS, SCORES, STORIES = "Mitigations", "Effects", "Scores", "Stories"
REFUSAL = len(STAGE_ORDER)
"""Stands for a stage: what a safeguard turns away of an over-refusal scenario's benign requests."""
WORDS = {"inherent": "no safeguards", "current": "today", "planned": "with the plan", "by_freeze": "by the freeze"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the effects: an effect of the model at a stage, or a false refusal.

    `credited` is its efficacy in each live state, `worse` whether that is below 0; `family` names what shares its
    weaknesses. The other numbers are places on their axes.
    """

    scenario: int
    stage: int
    family: str
    variant: int
    credited: Mapping[str, float]
    worse: bool


@dataclass(frozen=True, eq=False)
class Wiring:
    """One launch's model laid out on the pages Mitigations, Effects, Scores and Stories.

    `tasks` says which number of the workplan each variant (place on axis V) has.
    """

    facts: Facts
    tasks: Mapping[int, int]

    @property
    def model(self) -> Model:
        """The launch as arrays."""
        return self.facts.results.model

    @functools.cached_property
    def live(self) -> tuple[State, ...]:
        """The states that follow from cells: today, with the plan, and by the freeze where that is something else."""
        model = self.model
        found = [model.current]
        if model.planned is not None:
            found.append(model.planned)
        if model.planned is not None and model.by_freeze is not None and not _alike(model.planned, model.by_freeze):
            found.append(State("by_freeze", model.by_freeze.active, model.by_freeze.verified))
        return tuple(found)

    @functools.cached_property
    def left(self) -> Mapping[str, Mapping[str, Residual]]:
        """What each state leaves over under each overlap, inherent first, as the program has it."""
        cases = overlaps(self.model.coefficients)
        return {
            state.name: {name: residual(self.model, state, cases[name]) for name in OVERLAPS}
            for state in (self.model.inherent, *self.live)
        }

    @functools.cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every effect and false refusal by scenario, stage, family and variant: the rows of the page Effects."""
        model, effects = self.model, self.model.effects
        credited = {state.name: effects.efficacy * model.credit(state.verified) for state in self.live}
        known = [
            Line(
                int(effects.scenario[row]),
                int(effects.stage[row]),
                effects.families[int(effects.family[row])],
                int(effects.variant[row]),
                {name: float(shares[row]) for name, shares in credited.items()},
                bool(effects.efficacy[row] < 0),
            )
            for row in range(len(effects.rows))
        ]
        for variant, scenario in zip(*np.nonzero(model.side.turned_away), strict=True):
            share = float(model.side.turned_away[variant, scenario])
            alike = dict.fromkeys(credited, share)
            known.append(Line(int(scenario), REFUSAL, f"alone {variant:06}", int(variant), alike, worse=False))
        return tuple(sorted(known, key=lambda line: (line.scenario, line.stage, line.family, line.variant)))

    @functools.cached_property
    def switchable(self) -> tuple[int, ...]:
        """The variants that some cell can turn on or off: those of the workplan, and what these would replace."""
        model = self.model
        changed = {int(model.mitigation[variant]) for variant in self.tasks}
        beside = (place for place in np.flatnonzero(model.current.active) if int(model.mitigation[place]) in changed)
        return tuple(sorted({*self.tasks, *(int(place) for place in beside)}))

    def cell(self, scenario: int, stage: int) -> list[int]:
        """The places in `lines` of what acts on a scenario at a stage."""
        return self._cells.get((scenario, stage), [])

    def acting(self, scenario: int) -> tuple[int, ...]:
        """The variants that act on a scenario, by an effect or by turning requests away."""
        places = (place for stage in range(REFUSAL + 1) for place in self.cell(scenario, stage))
        return tuple(sorted({self.lines[place].variant for place in places}))

    @functools.cached_property
    def _cells(self) -> dict[tuple[int, int], list[int]]:
        found: dict[tuple[int, int], list[int]] = {}
        for place, line in enumerate(self.lines):
            found.setdefault((line.scenario, line.stage), []).append(place)
        return found


def wired(facts: Facts) -> Wiring:
    """The live model of a launch as it will stand in the workbook."""
    variants = facts.results.model.variant_index
    tasks: dict[int, int] = {}
    for number, task in enumerate(facts.tasks, start=1):
        if task.item.variant is not None:
            tasks[variants[task.item.variant]] = number
    return Wiring(facts, tasks)


def row_of(place: int) -> int:
    """The row in which the thing at a place of its axis stands."""
    return FIRST + place


def _alike(one: State, other: State) -> bool:
    return bool(np.array_equal(one.active, other.active) and np.array_equal(one.verified, other.verified))

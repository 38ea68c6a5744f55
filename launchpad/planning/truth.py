"""The full score of a plan: every overlap, refusal and attribution, straight from the scoring room."""

from collections.abc import Iterable, Mapping

import numpy as np

from launchpad.planning.reading import Case
from launchpad.records import Tolerance
from launchpad.scoring.model import Model, State
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import (
    attributions,
    base_refusal,
    objective_of,
    reputation_at_means,
    residual,
)
from launchpad.scoring.side_effects import burden

_SLACK = 1e-9


class Truth:
    """Scores sets of items of a case, each once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.today = _parts(case.model, case.model.current)
        self._known: dict[frozenset[int], float] = {}

    def score(self, items: Iterable[int]) -> float:
        """w_T R_T / R_T(0) + w_R Rep / Rep(0) in full, less what runs tell; 1 today."""
        chosen = frozenset(items)
        if chosen not in self._known:
            parts = _parts(self.case.model, self.state(chosen))
            residual_share = objective_of(self.case.model.weights, parts, self.today)
            self._known[chosen] = residual_share + self.case.informed(chosen)
        return self._known[chosen]

    def state(self, items: Iterable[int]) -> State:
        """The launch once these items are done: a variant takes the place of another of its mitigation."""
        model = self.case.model
        active, verified = model.current.active.copy(), model.current.verified.copy()
        for item in sorted(items):
            option = self.case.options[item]
            if option.variant is not None:
                active[model.mitigation == model.mitigation[option.variant]] = False
                active[option.variant] = True
                continue
            row = self.case.problem.items[item].row
            verified |= np.array([evaluation == row for evaluation in model.verifying], dtype=np.bool_)
        return State("planned", active, verified)

    def passed(self, items: Iterable[int]) -> tuple[str, ...]:
        """The tolerances a plan may not pass and does, by their full values, in words."""
        state = self.state(items)
        found = (_passed(self.case.model, state, row) for row in self.case.inputs.rows(Tolerance, self.case.launch.id))
        return tuple(sorted(words for words in found if words))


def _parts(model: Model, state: State) -> tuple[float, float]:
    left = residual(model, state)
    blamed = blame(attributions(model, state), model.coefficients)
    reputation = reputation_at_means(model, left, blamed)
    return float(left.technical[model.summed].sum()), float(reputation[model.summed].sum())


def _passed(model: Model, state: State, row: Tolerance) -> str:
    value = _value(model, state, row)
    if value is None or value <= row.limit * (1 + _SLACK) + _SLACK:
        return ""
    return f"{row.code} ({row.name}) is passed: {value:.4g} with the plan, at most {row.limit:g} allowed."


def _value(model: Model, state: State, row: Tolerance) -> float | None:
    """What a tolerance limits, in a state; None for one that does not bind a plan."""
    if row.measure in ("events", "technical"):
        index = None if row.scenario is None else model.scenario_index.get(row.scenario)
        if index is None or not model.catastrophic[index]:
            return None
        left = residual(model, state)
        return float((left.events if row.measure == "events" else left.technical)[index])
    costs = burden(model.side, state.active, base_refusal(model, state))
    here = np.array([row.surface in (None, None if each is None else each.id) for each in model.side.surfaces])
    by_surface: Mapping[str, float] = {
        "false_refusal": float(costs.refused[here].max(initial=0.0)),
        "latency": float(costs.latency[here].max(initial=0.0)),
        "capability": max([0.0, *(-change for change in costs.capability.values())]),
        "cost": costs.cost,
    }
    return by_surface[row.measure]

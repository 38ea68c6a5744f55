"""What a plan may not pass: tolerances of catastrophic scenarios, and budgets of side effects, as linear rows."""

from collections.abc import Iterator, Sequence
from math import log

import numpy as np

from launchpad.planning.problem import Floor, Limit
from launchpad.planning.terms import Option
from launchpad.records import Inputs, Tolerance
from launchpad.scoring.arrays import Floats
from launchpad.scoring.model import Model
from launchpad.scoring.residual import base_refusal, residual

DEEPEST = 50.0
_CERTAIN = 1 - 1e-12


def budgets(inputs: Inputs, model: Model, options: Sequence[Option]) -> Iterator[Limit]:
    """The side-effect budgets of a launch: false refusal, latency, capability and run cost.

    1 - (1 - base) prod(1 - f) <= L is the sum of -ln(1 - f) <= ln((1 - base) / (1 - L)).
    """
    for row in tolerances(inputs, model):
        if row.measure == "false_refusal":
            for column, where in _surfaces(model, row):
                words = f"{row.code}: {row.name}, at most {100 * row.limit:.3g} % of benign requests{where}"
                yield refusal_limit(model, options, column, row.limit, words)
        elif row.measure == "latency":
            for column, where in _surfaces(model, row):
                words = f"{row.code}: {row.name}, at most {row.limit:g} ms{where}"
                yield _limit(model, options, words, model.side.latency[:, column], row.limit, row.limit)
        elif row.measure == "capability":
            for suite, change in model.side.capability.items():
                words = f"{row.code}: {row.name}, at most {row.limit:g} points lost {suite}".rstrip()
                yield _limit(model, options, words, -change, row.limit, row.limit)
        elif row.measure == "cost":
            words = f"{row.code}: {row.name}, at most {row.limit:g} a month"
            yield _limit(model, options, words, model.side.cost, row.limit, row.limit)


def refusal_limit(model: Model, options: Sequence[Option], surface: int, most: float, words: str) -> Limit:
    """The row that keeps the benign requests turned away on a surface (its place) to a share."""
    base = float(base_refusal(model, model.current)[surface])
    logs = -np.log1p(-np.minimum(model.side.refusal[:, surface], _CERTAIN))
    room = log(max(1 - base, 1e-12) / max(1 - most, 1e-12))
    return _limit(model, options, words, logs, room, max(most, 1e-3))


def watched(inputs: Inputs, model: Model) -> list[tuple[int, str]]:
    """The catastrophic scenarios with a tolerance, each with its measure."""
    found = {(index, row.measure) for row, index in _catastrophic(inputs, model)}
    return sorted(found)


def floors(inputs: Inputs, model: Model, places: dict[tuple[int, str], int]) -> Iterator[Floor]:
    """The tolerances of catastrophic scenarios: how far the log of today's rate must come down."""
    today = residual(model, model.current)
    for row, index in _catastrophic(inputs, model):
        value = float((today.events if row.measure == "events" else today.technical)[index])
        if value <= 0:
            continue
        least = DEEPEST if row.limit <= 0 else min(DEEPEST, log(value / row.limit))
        unit = "expected events" if row.measure == "events" else "harm units"
        words = f"{row.code}: {row.name}, at most {row.limit:g} {unit} in {model.scenarios[index].code}"
        yield Floor(words, places[index, row.measure], least)


def tolerances(inputs: Inputs, model: Model) -> list[Tolerance]:
    """The tolerances of a launch in the order of their codes."""
    return sorted(inputs.rows(Tolerance, model.launch.id), key=lambda row: row.code)


def _catastrophic(inputs: Inputs, model: Model) -> Iterator[tuple[Tolerance, int]]:
    for row in tolerances(inputs, model):
        if row.measure not in ("events", "technical") or row.scenario is None:
            continue
        index = model.scenario_index.get(row.scenario)
        if index is not None and model.catastrophic[index] and model.scored[index]:
            yield row, index


def _surfaces(model: Model, row: Tolerance) -> Iterator[tuple[int, str]]:
    """The surfaces a tolerance holds on, each with the words that name it."""
    for column, surface in enumerate(model.side.surfaces):
        if row.surface is None or (surface is not None and surface.id == row.surface):
            yield column, "" if surface is None else f" on {surface.name} ({surface.code})"


def _limit(model: Model, options: Sequence[Option], words: str, amounts: Floats, limit: float, unit: float) -> Limit:
    """A limit on the sum of amounts (V,) over what is on, as a row over the items that would change it."""
    active = model.current.active
    weights: list[tuple[int, float]] = []
    for option in options:
        if option.variant is None:
            continue
        replaced = active & (model.mitigation == model.mitigation[option.variant])
        weight = float(amounts[option.variant] - amounts[replaced].sum())
        if weight:
            weights.append((option.item, weight))
    return Limit(words, tuple(weights), limit - float(amounts[active].sum()), max(unit, 1e-9))

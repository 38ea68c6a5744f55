"""The core index: what belongs to the best plan whatever the inputs turn out to be."""

import numpy as np
import pytest

from launchpad.errors import CancelledError
from launchpad.planning import core
from launchpad.planning.core import core_index
from launchpad.planning.ignorance import draw, objective_in
from launchpad.planning.reading import case
from launchpad.records import Estimate, Tolerance, WeightSet
from launchpad.scoring.refusals import Refusals
from launchpad.scoring.simulation import outcomes_in
from launchpad.scoring.streams import drawn
from tests.planning.launches import Sketch


def uncertain() -> Sketch:
    sketch = Sketch()
    first = sketch.scenario("R-001", chances=100.0)
    second = sketch.scenario("R-002", chances=100.0)
    for code, scenario in (("M-001.a", first), ("M-002.a", second)):
        row = sketch.variant(code, 12.0)
        sketch.effect(row, scenario, 0.5, intended=Estimate(0.2, 0.5, 0.8, "elicited"))
    sketch.acting("M-003.a", 2.0, 0.9)
    sketch.effect(sketch.variant("M-004.a", 2.0), first, -0.1)
    return sketch


def test_that_the_core_is_what_every_draw_wants_and_a_toss_up_lies_between():
    sketch = uncertain()
    found = {row.mitigation: row for row in core_index(sketch.inputs(), sketch.launch.id)}
    assert found["M-003"].index == 1.0
    assert found["M-003"].error == 0.0
    assert found["M-004"].index == 0.0
    toss = found["M-001"].index, found["M-002"].index
    assert all(0.2 < index < 0.8 for index in toss)
    assert sum(toss) == pytest.approx(1.0, abs=0.1)
    assert found["M-001"].error == pytest.approx((toss[0] * (1 - toss[0]) / 100) ** 0.5)


def test_that_the_same_seed_gives_the_same_index():
    sketch = uncertain()
    once, twice = (core_index(sketch.inputs(), sketch.launch.id, draws=20, seed=7) for _ in range(2))
    assert once == twice


def test_that_a_draw_has_the_numbers_of_the_scoring_room():
    sketch = uncertain()
    read = case(sketch.inputs(), sketch.launch.id)
    known = draw(read, 50, 3)
    deviates = drawn(3, 50)
    (today,) = outcomes_in(read.model, 0, deviates, Refusals(read.model.side, deviates), [read.model.current])
    events = known.opportunities[0] * known.theta[0] * known.realised[0] * known.net_new[0]
    np.testing.assert_array_equal(today.events, events)


def test_that_every_draw_is_worth_one_today():
    sketch = uncertain()
    read = case(sketch.inputs(), sketch.launch.id)
    known = draw(read, 10, 1)
    for number in range(10):
        assert objective_in(read, known, number).value(()) == pytest.approx(1.0)


def test_that_weights_lie_between_the_weight_sets_and_a_fifth_anywhere():
    sketch = uncertain()
    own = {"launch": sketch.launch.id, "name": "Own"}
    sketch.add(WeightSet, code="W-1", technical=0.7, reputational=0.3, **own)
    sketch.add(WeightSet, code="W-2", technical=4.0, reputational=6.0, **own)
    weights = draw(case(sketch.inputs(), sketch.launch.id), 500, 1).weights
    assert weights.sum(axis=1) == pytest.approx(1.0)
    assert weights[:, 0].min() >= 0.8 * 0.4
    assert weights[:, 0].max() <= 0.8 * 0.7 + 0.2
    assert weights[:, 0].mean() == pytest.approx(0.8 * 0.55 + 0.1, abs=0.02)


def test_that_the_portfolio_model_comes_to_nearly_the_same_as_trying_everything(monkeypatch):
    sketch = uncertain()
    exhaustive = core_index(sketch.inputs(), sketch.launch.id, draws=40)
    monkeypatch.setattr(core, "MOST_MITIGATIONS", 0)
    searched = core_index(sketch.inputs(), sketch.launch.id, draws=40)
    for one, other in zip(exhaustive, searched, strict=True):
        assert one.index == pytest.approx(other.index, abs=0.1)


def test_that_floors_of_catastrophic_scenarios_hold_in_every_draw():
    sketch = uncertain()
    worst = sketch.scenario("R-009", catastrophic=True)
    sketch.acting("M-009.a", 1.0, 0.6, worst)
    sketch.add(
        Tolerance,
        launch=sketch.launch.id,
        code="TL-1",
        name="Worst",
        measure="events",
        scenario=worst.id,
        limit=5.0,
    )
    found = {row.mitigation: row.index for row in core_index(sketch.inputs(), sketch.launch.id, draws=20)}
    assert found["M-009"] == 1.0


def test_that_stopping_is_heard():
    def stop(_share: float, _words: str) -> None:
        raise CancelledError("stopped")

    sketch = uncertain()
    with pytest.raises(CancelledError):
        core_index(sketch.inputs(), sketch.launch.id, progress=stop)

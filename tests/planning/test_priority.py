"""What comes first."""

import pytest

from launchpad.planning import make_plan
from launchpad.planning.priority import FLOOR, scarcity
from tests.planning.launches import TEAM, Sketch


def planned(sketch: Sketch):
    return make_plan(sketch.inputs(), sketch.launch.id, seconds=5)


def order(sketch: Sketch) -> list[str]:
    return [item.variant or item.evaluation or "" for item in planned(sketch).selected]


def test_that_days_count_by_the_price_of_their_team_and_never_less_than_a_tenth():
    assert scarcity([0.02, 0.01, 0.0, None]) == [1.0, 0.5, FLOOR, FLOOR]
    assert scarcity([0.0, 0.0]) == [1.0, 1.0]
    assert scarcity([]) == []


def test_that_the_same_gain_from_a_team_with_time_to_spare_comes_first():
    sketch = Sketch(freeze_date="2027-01-08")
    sketch.team("T-2", a_week=20.0)
    sketch.acting("M-001.a", 4.0, 0.5)
    sketch.acting("M-002.a", {"T-2": 4.0}, 0.5)
    sketch.acting("M-003.a", 4.0, 0.4)
    found = planned(sketch)
    assert [item.variant for item in found.selected] == ["M-002.a", "M-001.a"]
    spare, scarce = found.selected
    assert spare.gain == pytest.approx(scarce.gain)
    assert scarce.gain_per_day == pytest.approx(scarce.gain / 4)
    assert spare.gain_per_day == pytest.approx(spare.gain / (4 * FLOOR))


def test_that_without_a_scarce_team_days_count_as_they_are():
    sketch = Sketch()
    sketch.acting("M-001.a", 2.0, 0.5)
    sketch.acting("M-002.a", 4.0, 0.5)
    first, second = planned(sketch).selected
    assert (first.variant, second.variant) == ("M-001.a", "M-002.a")
    assert first.gain_per_day == pytest.approx(first.gain / 2)


def failing(sketch: Sketch, code: str, failures: int, threshold: float = 0.05) -> None:
    """A scenario with a mitigation and a gate that so many failures in 100 do not meet."""
    scenario = sketch.scenario(f"R-{code}", chances=1.0)
    sketch.acting(f"M-{code}.a", 5.0, 0.3, scenario)
    sketch.measured(scenario, sketch.evaluation(f"EV-{code}", None, polarity="lower"), failures, 100)
    sketch.gate(f"G-{code}", scenario=scenario.id, threshold=threshold)


def test_that_what_a_failing_gate_needs_comes_before_what_takes_off_most():
    sketch = Sketch()
    sketch.acting("M-900.a", 1.0, 0.9)
    failing(sketch, "001", 20)
    failing(sketch, "002", 60)
    assert order(sketch) == ["M-002.a", "M-001.a", "M-900.a"]


def test_that_the_team_that_is_short_is_the_one_that_counts():
    sketch = Sketch(freeze_date="2027-01-08")
    sketch.team("T-2", a_week=20.0)
    sketch.acting("M-001.a", {TEAM: 1.0, "T-2": 3.0}, 0.5)
    sketch.acting("M-002.a", {TEAM: 3.0, "T-2": 1.0}, 0.5)
    sketch.acting("M-003.a", {TEAM: 3.0}, 0.3)
    assert order(sketch)[:2] == ["M-001.a", "M-002.a"]

"""What a plan may be asked for beyond the launch's own records."""

import pytest

from launchpad.planning import Wish, make_plan
from launchpad.planning.wish import NOTHING, asked
from tests.planning.launches import Sketch, chosen


def planned(sketch: Sketch, wish: Wish):
    return make_plan(sketch.inputs(), sketch.launch.id, seconds=5.0, wish=wish)


def two_sided() -> Sketch:
    """One item against each of two equal risks, of which only the second is seen in public."""
    sketch = Sketch(freeze_date="2027-01-08")
    sketch.acting("M-001.a", 4.0, 0.6)
    sketch.acting("M-002.a", 4.0, 0.5)
    return sketch


def test_that_asking_for_nothing_changes_nothing():
    sketch = two_sided()
    inputs = sketch.inputs()
    assert asked(inputs, sketch.launch.id, NOTHING) is inputs
    assert NOTHING.words == ""


def test_that_a_later_launch_moves_the_freeze_with_it_and_lets_more_in():
    sketch = two_sided()
    assert chosen(planned(sketch, NOTHING)) == {"M-001.a"}
    found = planned(sketch, Wish(launch_date="2027-02-15"))
    assert chosen(found) == {"M-001.a", "M-002.a"}
    assert found.basis == "Launch on 2027-02-15"


def test_that_no_more_person_days_are_planned_than_were_asked_for():
    sketch = Sketch()
    for number in range(1, 5):
        sketch.acting(f"M-00{number}.a", 3.0, 0.1 * number)
    found = planned(sketch, Wish(most_days=6.5))
    assert chosen(found) == {"M-003.a", "M-004.a"}
    assert sum(team.days for item in found.selected for team in item.teams) <= 6.5


def test_that_no_more_benign_requests_are_refused_than_were_asked_for():
    sketch = Sketch()
    for code in ("M-001.a", "M-002.a"):
        sketch.refuses(sketch.acting(code, 1.0, 0.5 if code == "M-001.a" else 0.4), 0.02)
    assert chosen(planned(sketch, Wish(most_refusal=0.03))) == {"M-001.a"}
    assert chosen(planned(sketch, Wish(most_refusal=0.05))) == {"M-001.a", "M-002.a"}


def test_that_other_weights_are_those_of_the_objective():
    sketch = two_sided()
    values = {weight: planned(sketch, Wish(technical_weight=weight)).objective for weight in (0.0, 0.7, 1.0)}
    assert values[0.7] == pytest.approx(0.7 * values[1.0] + 0.3 * values[0.0], rel=1e-6)
    assert values[0.7] == pytest.approx(planned(sketch, NOTHING).objective, rel=1e-9)

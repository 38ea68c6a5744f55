"""What is wrong with a launch is said, and what can be planned is planned."""

import random

import pytest

from launchpad.errors import InfeasiblePlanError, InvalidValueError
from launchpad.planning import make_plan
from launchpad.planning.wish import Wish
from launchpad.records import Capacity, Team
from tests.planning.launches import Sketch, chosen, reason, wrong


def planned(sketch: Sketch, *locks: tuple[str, str], seconds: float = 5.0):
    inputs = sketch.inputs()
    found = make_plan(inputs, sketch.launch.id, seconds=seconds, locks=locks)
    assert list(wrong(inputs, found, sketch.launch)) == []
    return found


def test_that_an_empty_launch_has_an_empty_plan():
    found = planned(Sketch())
    assert (found.selected, found.left_out) == ((), ())


def test_that_without_teams_nothing_can_be_planned_and_it_is_said():
    sketch = Sketch()
    sketch.rows = [row for row in sketch.rows if not isinstance(row, Team | Capacity)]
    sketch.effect(sketch.variant("M-001.a", {}), sketch.scenario(), 0.5)
    found = planned(sketch)
    assert chosen(found) == set()
    assert reason(found, "M-001") == "No effort is given for it."


def test_that_a_freeze_in_the_past_is_refused_in_words():
    sketch = Sketch(freeze_date="2026-12-31")
    sketch.acting("M-001.a", 1.0, 0.5)
    with pytest.raises(InfeasiblePlanError, match="has no day left to plan: work must end by 2026-12-31"):
        make_plan(sketch.inputs(), sketch.launch.id, seconds=5)


def test_that_a_launch_without_a_working_day_has_no_time():
    sketch = Sketch(as_of="2027-01-09", freeze_date="2027-01-10")  # a weekend
    sketch.acting("M-001.a", 1.0, 0.5)
    assert "no free capacity before 2027-01-10" in reason(planned(sketch), "M-001")


def test_that_zero_capacity_under_a_must_is_refused_with_the_reason():
    sketch = Sketch()
    sketch.team("T-0", a_week=0.0)
    sketch.acting("M-001.a", {"T-0": 1.0}, 0.5)
    with pytest.raises(
        InfeasiblePlanError, match=r"M-001 must be done, but it cannot be. Team T-0 \(T-0\) has no free"
    ):
        planned(sketch, ("M-001", "must"))


def test_that_effort_beyond_all_capacity_leaves_the_rest_planned():
    sketch = Sketch()
    sketch.acting("M-001.a", 5000.0, 0.9)
    sketch.acting("M-002.a", 2.0, 0.5)
    found = planned(sketch)
    assert chosen(found) == {"M-002.a"}
    assert "It takes 5e+03 person-days of Team T-1 (T-1), which has 20 free" in reason(found, "M-001")


def test_that_a_mitigation_that_waits_for_itself_is_named():
    sketch = Sketch()
    sketch.acting("M-001.a", 1.0, 0.5)
    sketch.needs("M-001", "M-001")
    assert reason(planned(sketch), "M-001") == "It waits for itself: M-001 needs M-001."


def test_that_a_must_that_affects_nothing_is_done_all_the_same():
    sketch = Sketch()
    sketch.variant("M-001.a", 1.0)
    sketch.scenario()
    assert chosen(planned(sketch)) == set()
    assert chosen(planned(sketch, ("M-001", "must"))) == {"M-001.a"}


def test_that_many_mitigations_in_little_time_still_give_a_plan_that_keeps_every_rule():
    drawn = random.Random(1)
    sketch = Sketch()
    sketch.team("T-2", a_week=8.0)
    scenarios = [sketch.scenario(f"R-{number:03}") for number in range(30)]
    for number in range(400):
        days = {team: drawn.uniform(0.5, 6.0) for team in drawn.sample(["T-1", "T-2"], drawn.choice([1, 2]))}
        row = sketch.variant(f"M-{number:04}.a", days, family=drawn.choice([None, "f", "g"]))
        sketch.effect(row, drawn.choice(scenarios), drawn.uniform(0.1, 0.8))
    found = planned(sketch, seconds=1.0)
    assert found.selected
    assert len(found.selected) + len(found.left_out) == 400


def test_that_wishes_that_make_no_sense_are_refused():
    sketch = Sketch()
    for wish in (Wish(technical_weight=1.5), Wish(launch_date="soon"), Wish(most_days=-1.0)):
        with pytest.raises(InvalidValueError):
            make_plan(sketch.inputs(), sketch.launch.id, seconds=5, wish=wish)


def test_that_a_freeze_asked_for_moves_the_launch_and_what_is_to_be_avoided_is_left_out():
    sketch = Sketch()
    sketch.acting("M-001.a", 5.0, 0.5)
    sketch.acting("M-002.a", 5.0, 0.5)
    found = make_plan(
        sketch.inputs(), sketch.launch.id, seconds=5, wish=Wish(freeze_date="2027-01-08", avoid=("M-001",))
    )
    assert chosen(found) == {"M-002.a"}
    assert found.selected[0].finish <= "2027-01-08"
    assert found.basis == "Freeze on 2027-01-08, without M-001"
    assert reason(found, "M-001") == "It is locked out: M-001 must not be done."

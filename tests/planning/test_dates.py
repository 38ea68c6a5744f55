"""The launch-date curve: from the first date that lets any work be done, never worse by waiting without a reason."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from launchpad.errors import CancelledError, InfeasiblePlanError
from launchpad.planning import Wish, wish_of
from launchpad.planning.dates import date_curve, rises
from launchpad.planning.reading import case
from tests.planning.launches import Sketch


@pytest.fixture(scope="module")
def sketch():
    """Twelve person-days of work by the freeze, of thirty that could be done; the first takes three days."""
    made = Sketch(freeze_date="2027-01-19", launch_date="2027-01-29")
    scenario = made.scenario(rate=0.2)
    for number, size in enumerate((3.0, 4.0, 5.0, 6.0, 12.0), start=1):
        made.acting(f"M-{number:03}.a", size, 0.1 * number, on=scenario)
    return made


@pytest.fixture(scope="module")
def curve(sketch):
    return date_curve(sketch.inputs(), sketch.launch.id, seconds=20)


def test_that_the_present_date_is_among_at_most_twelve_in_order(sketch, curve):
    days = [point.launch_date for point in curve]
    assert 4 <= len(days) <= 12
    assert days == sorted(set(days))
    assert sketch.launch.launch_date in days


def test_that_it_begins_with_the_first_date_by_which_any_work_can_be_done(sketch, curve):
    first = date.fromisoformat(curve[0].launch_date)
    assert case(sketch.inputs(), sketch.launch.id, wish=Wish(launch_date=first.isoformat())).problem.items
    before = Wish(launch_date=(first - timedelta(days=1)).isoformat())
    try:
        assert not case(sketch.inputs(), sketch.launch.id, wish=before).problem.items
    except InfeasiblePlanError:
        assert first == date(2027, 1, 14)


def test_that_waiting_never_leaves_more_over(sketch, curve):
    assert all(other.objective <= one.objective + 1e-12 for one, other in pairwise(curve))
    assert rises(sketch.inputs(), sketch.launch.id, curve) == ()
    assert curve[-1].objective < curve[0].objective


def test_that_each_point_is_the_best_there_is_by_its_date(sketch, curve):
    for point in curve:
        read = case(sketch.inputs(), sketch.launch.id, wish=wish_of(point))
        room = sum(sum(calendar.free) for calendar in read.problem.calendars) / 100
        assert point.effort_days <= room + 1e-9
        assert point.gap is not None
        assert point.gap <= 2e-3


def test_that_a_gate_counts_when_its_evaluation_can_be_run_and_the_rise_this_costs_is_said():
    made = Sketch(freeze_date="2027-01-15", launch_date="2027-01-25")
    made.acting("M-001.a", 8.0, 0.9)
    run = made.evaluation("EV-001", 12.0)
    made.gate("G-1", kind="safeguard", verified_by=run.id)
    curve = date_curve(made.inputs(), made.launch.id, most=20, seconds=20)
    by_date = {point.launch_date: point for point in curve}
    assert by_date["2027-01-25"].gates_met == 0
    assert by_date["2027-02-01"].gates_met == 1
    assert {point.gates for point in curve} == {1}
    assert by_date["2027-02-01"].objective > by_date["2027-01-25"].objective
    (words,) = rises(made.inputs(), made.launch.id, curve)
    assert "gate G-1 needs EV-001" in words
    assert "2027-02-01" in words


def test_that_a_rate_gate_is_not_hoped_for_while_the_rate_left_over_is_above_it():
    made = Sketch(freeze_date="2027-01-15", launch_date="2027-01-25")
    scenario = made.scenario(rate=0.2)
    made.acting("M-001.a", 4.0, 0.9, on=scenario)
    run = made.evaluation("EV-001", 4.0)
    made.gate("G-1", scenario=scenario.id, threshold=0.1, verified_by=run.id)
    made.gate("G-2", scenario=scenario.id, threshold=0.01, verified_by=run.id)
    curve = date_curve(made.inputs(), made.launch.id, seconds=20)
    assert next(p.gates_met for p in curve if p.launch_date == "2027-01-25") == 1
    assert {point.gates for point in curve} == {2}


def test_that_a_launch_whose_freeze_is_past_begins_where_work_fits_again():
    made = Sketch(as_of="2027-03-01")
    made.acting("M-001.a", 2.0)
    curve = date_curve(made.inputs(), made.launch.id, seconds=10)
    assert curve
    assert (curve[0].launch_date or "") > "2027-03-01"
    assert curve[0].objective < 1


def test_that_work_that_never_fits_has_no_curve():
    made = Sketch()
    made.team("T-2", 0.0)
    made.acting("M-001.a", {"T-2": 5.0})
    assert date_curve(made.inputs(), made.launch.id, seconds=10) == ()


def test_that_what_was_found_stays_when_the_person_says_stop(sketch):
    def stop(_: float, words: str) -> None:
        if "date 3" in words:
            raise CancelledError("Stop.")

    assert 1 <= len(date_curve(sketch.inputs(), sketch.launch.id, seconds=60, progress=stop)) <= 2

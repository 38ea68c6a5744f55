"""When teams can work, and what is free."""

from datetime import date

import pytest

from launchpad.errors import InfeasiblePlanError
from launchpad.planning import make_plan
from launchpad.planning.calendar import calendars, window
from launchpad.records import Capacity, DayOff, Estimate, Launch, Plan, PlanItem, PlanWork
from tests.planning.launches import TEAM, Sketch


def calendar_of(sketch: Sketch):
    return calendars(sketch.inputs(), sketch.launch)[0]


def test_that_the_window_runs_from_as_of_to_the_freeze_less_the_buffer():
    assert window(Sketch(buffer_days=5).launch) == (date(2027, 1, 4), date(2027, 1, 24))


def test_that_a_freeze_in_the_past_is_refused_in_words():
    with pytest.raises(InfeasiblePlanError, match="no day left to plan") as told:
        window(Sketch(as_of="2027-01-28", buffer_days=2).launch)
    assert "2027-01-27" in told.value.message


def test_that_free_capacity_is_what_is_not_committed_spread_over_the_working_days():
    sketch = Sketch()
    sketch.team("T-0", a_week=12.0, committed=0.25)
    calendar = calendar_of(sketch)
    assert len(calendar.days) == 20
    assert set(calendar.free) == {180}


def test_that_a_week_with_days_off_gives_its_own_capacity_on_fewer_days():
    sketch = Sketch()
    sketch.add(Capacity, team=sketch.teams[TEAM].id, starts="2027-01-11", days_per_week=3.0, committed=0.0)
    for day in ("2027-01-14", "2027-01-15"):
        sketch.add(DayOff, team=sketch.teams[TEAM].id, day=day)
    calendar = calendar_of(sketch)
    assert calendar.free[:5] == (100,) * 5
    assert calendar.free[5:8] == (100,) * 3
    assert calendar.days[8] == date(2027, 1, 18)
    assert calendar.free[8] == 60


def test_that_a_team_may_work_on_other_days_of_the_week():
    sketch = Sketch()
    sketch.team("T-0", a_week=4.0, weekdays="2,4,6")
    assert [day.isoweekday() for day in calendar_of(sketch).days[:4]] == [2, 4, 6, 2]
    assert calendar_of(sketch).free[0] == 133


def test_that_a_team_without_capacity_has_none():
    sketch = Sketch()
    sketch.team("T-0", a_week=0.0)
    assert set(calendar_of(sketch).free) == {0}


def test_that_current_plans_of_other_launches_use_the_same_days():
    sketch = Sketch()
    other = sketch.add(
        Launch,
        code="L-2",
        name="Other",
        model="m-2",
        launch_date="2027-03-01",
        freeze_date="2027-02-20",
        as_of="2027-01-01",
        current_plan="P-2",
    )
    for code, half in (("P-1", 5.0), ("P-2", 2.0)):
        plan = sketch.add(Plan, code=code, launch=other.id, name=code)
        item = sketch.add(PlanItem, launch=other.id, plan=plan.id, start="2027-01-07", finish="2027-01-12")
        sketch.add(
            PlanWork,
            launch=other.id,
            item=item.id,
            team=sketch.teams[TEAM].id,
            start="2027-01-07",
            finish="2027-01-12",
            days=half,
        )
    calendar = calendar_of(sketch)
    # Thursday, Friday, Monday and Tuesday share the two person-days of the current plan.
    assert calendar.free[:8] == (100, 100, 100, 50, 50, 50, 50, 100)
    assert set(calendar.gross) == {100}


def with_other_launch(sketch: Sketch, start: str, finish: str, days: float, **values: object) -> None:
    """Another launch whose current plan takes so many person-days of the first team."""
    given = {
        "code": "L-2", "name": "Other", "model": "m-2", "launch_date": "2027-03-01", "freeze_date": "2027-02-20",
        "as_of": "2027-01-01", "current_plan": "P-9",
    }  # fmt: skip
    other = sketch.add(Launch, **{**given, **values})
    plan = sketch.add(Plan, code="P-9", launch=other.id, name="P-9")
    item = sketch.add(PlanItem, launch=other.id, plan=plan.id, start=start, finish=finish)
    team = sketch.teams[TEAM].id
    sketch.add(PlanWork, launch=other.id, item=item.id, team=team, start=start, finish=finish, days=days)


@pytest.mark.parametrize(("status", "free"), [("open", 0), ("launched", 0), ("cancelled", 100)])
def test_that_a_launched_launch_keeps_its_days_and_a_cancelled_one_gives_them_back(status, free):
    sketch = Sketch()
    with_other_launch(sketch, "2027-01-04", "2027-01-08", 5.0, status=status)
    assert set(calendar_of(sketch).free[:5]) == {free}
    assert set(calendar_of(sketch).free[5:]) == {100}


def test_that_what_other_launches_take_makes_work_later_and_less_sure():
    alone, beside = Sketch(freeze_date="2027-01-15"), Sketch(freeze_date="2027-01-15")
    with_other_launch(beside, "2027-01-04", "2027-01-08", 5.0)
    found = []
    for sketch in (alone, beside):
        sketch.acting("M-001.a", Estimate(3.0, 4.0, 8.0, "elicited"), 0.5)
        found += make_plan(sketch.inputs(), sketch.launch.id, seconds=5).selected
    assert [item.start for item in found] == ["2027-01-04", "2027-01-11"]
    assert found[0].p_ready > found[1].p_ready

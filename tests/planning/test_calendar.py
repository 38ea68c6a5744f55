"""When teams can work, and what is free."""

from datetime import date

import pytest

from launchpad.errors import InfeasiblePlanError
from launchpad.planning.calendar import calendars, window
from launchpad.records import Capacity, DayOff, Launch, Plan, PlanItem, PlanWork
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

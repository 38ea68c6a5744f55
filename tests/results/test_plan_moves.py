"""In what two plans differ, and why."""

import dataclasses

import pytest

from launchpad.errors import InvalidValueError
from launchpad.records import LeftOut, Lock, Plan, PlanItem, PlanWork
from launchpad.results.plan_moves import moves_json, plan_moves
from tests.planning.launches import Sketch


class Stored(Sketch):
    """A sketch that holds plans as they are stored: each item as (start, finish, person-days)."""

    def plan(self, code, items, out=(), launch=None, **values):
        launch = launch or self.launch
        plan = self.add(Plan, code=code, launch=launch.id, name=code, made="2027-01-04T08:00:00Z", **values)
        for rank, (name, (start, finish, days, *teams)) in enumerate(items.items(), start=1):
            row = next(row for row in self.rows if getattr(row, "code", "") == name)
            key = "evaluation" if name.startswith("EV") else "variant"
            item = self.add(
                PlanItem,
                launch=launch.id,
                plan=plan.id,
                start=start,
                finish=finish,
                rank=rank,
                gain=0.1,
                **{key: row.id},
            )
            for team in teams or ("T-1",):
                self.add(
                    PlanWork,
                    launch=launch.id,
                    item=item.id,
                    team=self.teams[team].id,
                    start=start,
                    finish=finish,
                    days=days / len(teams or ("T-1",)),
                )
        for name, reason in dict(out).items():
            owner = self.mitigation(name)
            assert owner is not None
            self.add(LeftOut, launch=launch.id, plan=plan.id, mitigation=owner.id, reason=reason, effort=8.0)
        return plan

    def change(self, row, **values):
        self.rows[self.rows.index(row)] = dataclasses.replace(row, **values)


@pytest.fixture
def sketch():
    made = Stored()
    for number in range(1, 5):
        made.acting(f"M-{number:03}.a", 3.0)
    return made


def told(sketch, before, after):
    return {(move.kind, move.what): move.reason for move in plan_moves(sketch.inputs(), before, after)}


def variant(sketch, code):
    return next(row for row in sketch.rows if getattr(row, "code", "") == code)


WEEK_1, WEEK_2, WEEK_3 = ("2027-01-04", "2027-01-08"), ("2027-01-11", "2027-01-15"), ("2027-01-18", "2027-01-22")


def test_that_a_plan_differs_in_nothing_from_itself(sketch):
    plan = sketch.plan("P-1", {"M-001.a": (*WEEK_1, 5.0)})
    assert plan_moves(sketch.inputs(), plan, plan) == ()


def test_that_plans_of_two_launches_are_not_compared(sketch):
    other = sketch.add(
        type(sketch.launch),
        code="L-2",
        name="O",
        model="m",
        launch_date="2027-02-08",
        freeze_date="2027-01-29",
        as_of="x",
    )
    one, two = sketch.plan("P-1", {}), sketch.plan("P-1", {}, launch=other)
    with pytest.raises(InvalidValueError, match="two launches"):
        plan_moves(sketch.inputs(), one, two)


def test_that_what_joins_one_way_leaves_the_other_way(sketch):
    one = sketch.plan("P-1", {"M-001.a": (*WEEK_1, 5.0)}, {"M-002": "Too late."})
    two = sketch.plan("P-2", {"M-002.a": (*WEEK_1, 8.0)}, {"M-001": "It would fit nowhere."})
    assert told(sketch, one, two) == {
        ("added", "M-002.a"): (
            "The objective prefers it now. It takes off 10.00% of today's risk. Left out before: Too late."
        ),
        ("dropped", "M-001.a"): "Left out. It would fit nowhere.",
    }
    assert {kind for kind, _ in told(sketch, two, one)} == {"added", "dropped"}


def test_that_an_addition_names_the_effort_that_changed(sketch):
    one = sketch.plan("P-1", {}, {"M-002": "Too long."})
    two = sketch.plan("P-2", {"M-002.a": (*WEEK_1, 5.0)})
    assert told(sketch, one, two)["added", "M-002.a"] == (
        "Its effort changed from 8 to 5 days. Left out before: Too long."
    )


def test_that_what_is_finished_is_done_and_not_dropped(sketch):
    sketch.variant("M-009.a", 3.0, status="done")
    standing = next(row for row in sketch.rows if getattr(row, "status", "") == "done")
    sketch.change(standing, finished="2027-01-07", actual_days=4.0)
    one, two = sketch.plan("P-1", {"M-009.a": (*WEEK_1, 3.0)}), sketch.plan("P-2", {})
    assert told(sketch, one, two) == {
        ("done", "M-009.a"): "Done since, finished on 2027-01-07 (4 days of work, 3 planned)."
    }


def test_that_a_better_way_given_up_for_one_long_in_place_is_dropped_and_not_done(sketch):
    sketch.variant("M-009.a", 3.0, status="in_place")
    sketch.variant("M-009.b", 3.0)
    one, two = sketch.plan("P-1", {"M-009.b": (*WEEK_1, 3.0)}), sketch.plan("P-2", {})
    assert told(sketch, one, two)["dropped", "M-009.b"].endswith("M-009.a stays as it is.")
    assert "takes the place of M-009.a" in told(sketch, two, one)["added", "M-009.b"]


def test_that_another_way_and_another_team_are_told_as_such(sketch):
    sketch.team("T-2")
    sketch.variant("M-001.b", 4.0)
    one = sketch.plan("P-1", {"M-001.a": (*WEEK_1, 3.0), "M-002.a": (*WEEK_2, 3.0)})
    two = sketch.plan("P-2", {"M-001.b": (*WEEK_1, 4.0), "M-002.a": (*WEEK_2, 3.0, "T-2")})
    moves = {move.kind: move for move in plan_moves(sketch.inputs(), one, two)}
    assert (moves["other way"].before, moves["other way"].after) == ("M-001.a", "M-001.b")
    assert "4 days in place of 3" in moves["other way"].reason
    assert (moves["other team"].before, moves["other team"].after) == ("T-1", "T-2")


def test_that_a_lock_is_the_reason_for_another_way(sketch):
    other = sketch.variant("M-001.b", 4.0)
    sketch.add(
        Lock, launch=sketch.launch.id, mitigation=other.mitigation, variant=other.id, kind="must", reason="Board said"
    )
    one = sketch.plan("P-1", {"M-001.a": (*WEEK_1, 3.0)})
    two = sketch.plan("P-2", {"M-001.b": (*WEEK_1, 4.0)})
    assert told(sketch, one, two)["other way", "M-001.b"] == "Locked: it must be done as M-001.b (Board said)."


def test_that_more_work_is_longer_with_the_effort_as_its_reason(sketch):
    one = sketch.plan("P-1", {"M-001.a": (*WEEK_1, 5.0)})
    two = sketch.plan("P-2", {"M-001.a": ("2027-01-04", "2027-01-13", 8.0)})
    (move,) = plan_moves(sketch.inputs(), one, two)
    assert (move.kind, move.before, move.after) == ("longer", "5 days", "8 days")
    assert move.reason == "Its effort changed from 5 to 8 days."
    assert moves_json((move,)) == [
        {"kind": "longer", "what": "M-001.a", "from": "5 days", "to": "8 days", "reason": move.reason}
    ]


def test_that_started_work_says_what_is_left(sketch):
    sketch.acting("M-009.a", 5.0, status="started")
    standing = next(row for row in sketch.rows if getattr(row, "status", "") == "started")
    sketch.change(standing, started="2027-01-05", remaining_days=2.0)
    one = sketch.plan("P-1", {"M-009.a": (*WEEK_2, 5.0)})
    two = sketch.plan("P-2", {"M-009.a": (*WEEK_1, 2.0)})
    found = told(sketch, one, two)
    assert found["shorter", "M-009.a"] == "Started on 2027-01-05: 2 days of work are left."
    assert found["earlier", "M-009.a"] == "Started on 2027-01-05: what is left of it goes first."


def test_that_what_waits_names_what_moved(sketch):
    sketch.needs("M-002", "M-001")
    one = sketch.plan("P-1", {"M-001.a": (*WEEK_1, 5.0), "M-002.a": (*WEEK_2, 5.0)})
    two = sketch.plan("P-2", {"M-001.a": (*WEEK_2, 5.0), "M-002.a": (*WEEK_3, 5.0)})
    assert told(sketch, one, two)["later", "M-002.a"] == ("It waits for M-001.a, which moved: finished on 2027-01-15.")
    assert told(sketch, two, one)["earlier", "M-002.a"] == (
        "M-001.a, which it waits for, is finished on 2027-01-08 already."
    )


def test_that_an_evaluation_waits_for_what_it_verifies_and_goes_with_it(sketch):
    run = sketch.evaluation("EV-001")
    sketch.change(variant(sketch, "M-001.a"), verified_by=run.id)
    both = {"M-001.a": (*WEEK_1, 5.0), "EV-001": (*WEEK_2, 1.0)}
    one, two = sketch.plan("P-1", both), sketch.plan("P-2", {}, {"M-001": "No time."})
    later = sketch.plan("P-3", {"M-001.a": (*WEEK_2, 5.0), "EV-001": (*WEEK_3, 1.0)})
    assert told(sketch, one, two)["dropped", "EV-001"] == "Nothing needs it any more: M-001.a is not in the plan."
    assert "waits for M-001.a" in told(sketch, one, later)["later", "EV-001"]


def test_that_a_freeze_that_moved_is_the_reason(sketch):
    one = sketch.plan("P-1", {"M-001.a": ("2027-01-25", "2027-01-29", 5.0)})
    two = sketch.plan("P-2", {"M-001.a": (*WEEK_2, 5.0)})
    sketch.change(sketch.launch, freeze_date="2027-01-20")
    assert told(sketch, one, two)["earlier", "M-001.a"] == "The freeze moved: work has to end by 2027-01-20 now."


def test_that_a_team_taken_by_another_launch_is_the_reason(sketch):
    other = sketch.add(
        type(sketch.launch),
        code="L-2",
        name="Other",
        model="m-2",
        launch_date="2027-02-08",
        freeze_date="2027-01-29",
        as_of="2027-01-04",
        current_plan="P-1",
    )
    sketch.plan("P-1", {"M-004.a": (*WEEK_1, 5.0)}, launch=other)
    one = sketch.plan("P-2", {"M-001.a": (*WEEK_1, 5.0)})
    two = sketch.plan("P-3", {"M-001.a": (*WEEK_2, 5.0)})
    assert told(sketch, one, two)["later", "M-001.a"] == (
        "T-1 gives less to this launch then: on 2027-01-04 it is at work for launch L-2."
    )


def test_that_a_lock_on_the_start_is_the_reason(sketch):
    owner = sketch.mitigation("M-001")
    sketch.add(Lock, launch=sketch.launch.id, mitigation=owner.id, kind="if_done", start="2027-01-11")
    one = sketch.plan("P-1", {"M-001.a": (*WEEK_1, 5.0)})
    two = sketch.plan("P-2", {"M-001.a": (*WEEK_2, 5.0)})
    assert told(sketch, one, two)["later", "M-001.a"] == "Locked: if it is done from 2027-01-11."


def test_that_who_took_its_days_and_who_made_room_are_named(sketch):
    one = sketch.plan("P-1", {"M-001.a": (*WEEK_1, 5.0), "M-002.a": (*WEEK_2, 5.0)})
    two = sketch.plan("P-2", {"M-002.a": (*WEEK_1, 5.0), "M-001.a": (*WEEK_2, 5.0)})
    found = told(sketch, one, two)
    assert found["later", "M-001.a"] == (
        "T-1 does M-002.a in those days, which comes first in the order of priority (1 against 2)."
    )
    assert found["earlier", "M-002.a"] == "T-1 has the time: M-001.a has moved."

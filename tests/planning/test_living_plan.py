"""Planning again: what is done and started stays, the rest stays where it can, and figures that came in count."""

import dataclasses
import random

import pytest

from launchpad.changes import new_id
from launchpad.edits.plans import PlanFound, store
from launchpad.planning import make_plan
from launchpad.records import RECORDS, Inputs, Launch, Standing, record_from
from tests.planning.launches import TEAM, Sketch, chosen, reason, wrong


def planned(inputs: Inputs, launch: Launch, **asked) -> PlanFound:
    found = make_plan(inputs, launch.id, **{"seconds": 5, **asked})
    assert list(wrong(inputs, found, inputs.get(Launch, launch.id))) == []
    return found


def kept(inputs: Inputs, found: PlanFound) -> Inputs:
    """The inputs with a plan stored and current."""
    tables = {name: list(rows) for name, rows in inputs.tables.items()}
    kinds = {record.table: record for record in RECORDS}
    for change in store(inputs, found.launch_id, found, "Kept"):
        rows = tables.setdefault(change.table, [])
        if change.before is None:
            rows.append(record_from(kinds[change.table], change.key, change.after or {}))
        else:
            rows[:] = [
                dataclasses.replace(row, **(change.after or {})) if row.id == change.key else row for row in rows
            ]
    return Inputs({name: tuple(rows) for name, rows in tables.items()})


def standing(inputs: Inputs, launch: Launch, variant: int, **values) -> Inputs:
    row = Standing(id=new_id(), launch=launch.id, variant=variant, **values)
    others = tuple(each for each in inputs.rows(Standing) if each.variant != variant)
    return inputs.with_rows({"standing": (*others, row)}, "")


def seen_from(inputs: Inputs, launch: Launch, day: str) -> Inputs:
    rows = tuple(dataclasses.replace(row, as_of=day) if row.id == launch.id else row for row in inputs.rows(Launch))
    return inputs.with_rows({"launch": rows}, "")


def places(found: PlanFound) -> dict[str, list[tuple[str, str, str]]]:
    return {
        item.variant or item.evaluation or "": [
            (work.team, stretch.start, stretch.finish) for work in item.teams for stretch in work.stretches
        ]
        for item in found.selected
    }


def item_of(found: PlanFound, code: str):
    return next(item for item in found.selected if code in (item.variant, item.evaluation))


def several(seed: int) -> tuple[Sketch, dict[str, int]]:
    """A dozen mitigations that do not all fit, on shared scenarios, with an order and a run."""
    drawn = random.Random(seed)
    sketch = Sketch()
    sketch.team("T-2", a_week=4.0)
    shared = [sketch.scenario(f"R-10{number}") for number in range(3)]
    rows: dict[str, int] = {}
    for number in range(8):
        teams = {team: float(drawn.randint(1, 6)) for team in drawn.sample([TEAM, "T-2"], drawn.choice([1, 1, 2]))}
        code = f"M-10{number}.a"
        rows[code] = sketch.acting(code, teams, drawn.uniform(0.2, 0.8), drawn.choice(shared)).id
    sketch.needs("M-101", "M-100")
    return sketch, rows


@pytest.mark.parametrize("seed", range(4))
def test_that_planning_again_with_nothing_changed_moves_nothing(seed):
    sketch, _ = several(seed)
    inputs = sketch.inputs()
    first = planned(inputs, sketch.launch)
    again = planned(kept(inputs, first), sketch.launch, seed=9)
    assert places(again) == places(first)


@pytest.mark.parametrize("seed", range(4))
def test_that_what_has_started_never_moves(seed):
    sketch, rows = several(seed)
    inputs = sketch.inputs()
    first = planned(inputs, sketch.launch)
    after = kept(inputs, first)
    begun = [item for item in first.selected if item.variant and item.start <= "2027-01-06"]
    for item in begun:
        after = standing(after, sketch.launch, rows[item.variant or ""], status="started", started=item.start)
    assert begun
    again = planned(after, sketch.launch)
    for item in begun:
        assert places(again)[item.variant or ""] == places(first)[item.variant or ""]


def begun_of_two() -> tuple[Sketch, Inputs, dict[str, int], PlanFound]:
    """M-001 (6 days, before M-002) is planned from the 4th, M-002 (4 days) from the 12th."""
    sketch = Sketch()
    rows = {code: sketch.acting(code, days, 0.5).id for code, days in (("M-001.a", 6.0), ("M-002.a", 4.0))}
    sketch.needs("M-002", "M-001")
    inputs = sketch.inputs()
    found = planned(inputs, sketch.launch)
    assert (item_of(found, "M-001.a").finish, item_of(found, "M-002.a").start) == ("2027-01-11", "2027-01-12")
    return sketch, kept(inputs, found), rows, found


def test_that_what_is_left_of_it_stays_on_its_days_from_the_as_of_date_on():
    sketch, inputs, rows, _ = begun_of_two()
    inputs = standing(inputs, sketch.launch, rows["M-001.a"], status="started", remaining_days=4.0)
    found = planned(seen_from(inputs, sketch.launch, "2027-01-06"), sketch.launch)
    assert places(found)["M-001.a"] == [(TEAM, "2027-01-06", "2027-01-11")]
    assert item_of(found, "M-001.a").teams[0].days == pytest.approx(4.0)
    assert places(found)["M-002.a"] == [(TEAM, "2027-01-12", "2027-01-15")]


def test_that_what_was_planned_counts_as_done_where_nobody_said_what_is_left():
    sketch, inputs, rows, before = begun_of_two()
    inputs = standing(inputs, sketch.launch, rows["M-001.a"], status="started", started="2027-01-04")
    found = planned(seen_from(inputs, sketch.launch, "2027-01-06"), sketch.launch)
    assert places(found)["M-001.a"] == [(TEAM, "2027-01-06", "2027-01-11")]
    assert places(found)["M-002.a"] == places(before)["M-002.a"]
    assert any("counts as done" in note for note in found.notes)


def test_that_more_left_than_planned_runs_on_and_what_waits_for_it_moves():
    sketch, inputs, rows, _ = begun_of_two()
    inputs = standing(inputs, sketch.launch, rows["M-001.a"], status="started", remaining_days=6.0)
    found = planned(seen_from(inputs, sketch.launch, "2027-01-06"), sketch.launch)
    assert places(found)["M-001.a"] == [(TEAM, "2027-01-06", "2027-01-13")]
    assert item_of(found, "M-002.a").start == "2027-01-14"


def test_that_less_left_than_planned_ends_earlier_and_nothing_else_moves():
    sketch, inputs, rows, before = begun_of_two()
    inputs = standing(inputs, sketch.launch, rows["M-001.a"], status="started", remaining_days=1.0)
    found = planned(seen_from(inputs, sketch.launch, "2027-01-06"), sketch.launch)
    assert places(found)["M-001.a"] == [(TEAM, "2027-01-06", "2027-01-06")]
    assert places(found)["M-002.a"] == places(before)["M-002.a"]


def test_that_started_work_is_kept_when_something_better_turns_up():
    sketch, inputs, rows, _ = begun_of_two()
    inputs = standing(inputs, sketch.launch, rows["M-001.a"], status="started", remaining_days=6.0)
    found = planned(inputs, sketch.launch, locks=(("M-002", "must"),))
    assert {"M-001.a", "M-002.a"} <= chosen(found)


def test_that_started_work_that_cannot_be_finished_is_said():
    sketch, inputs, rows, _ = begun_of_two()
    inputs = standing(inputs, sketch.launch, rows["M-001.a"], status="started", remaining_days=40.0)
    found = planned(inputs, sketch.launch)
    assert "M-001.a" not in chosen(found)
    assert "free in time" in reason(found, "M-001") or "cannot be finished" in reason(found, "M-001")


def test_that_what_waits_for_something_done_starts_after_the_day_it_was_finished():
    sketch, inputs, rows, _ = begun_of_two()
    done = standing(inputs, sketch.launch, rows["M-001.a"], status="done", finished="2027-01-13")
    found = planned(seen_from(done, sketch.launch, "2027-01-12"), sketch.launch)
    assert chosen(found) == {"M-002.a"}
    assert item_of(found, "M-002.a").start == "2027-01-14"


def test_that_two_started_things_of_which_one_waits_for_the_other_keep_their_order():
    sketch, inputs, rows, _ = begun_of_two()
    inputs = standing(inputs, sketch.launch, rows["M-001.a"], status="started", remaining_days=8.0)
    inputs = standing(inputs, sketch.launch, rows["M-002.a"], status="started", remaining_days=4.0)
    found = planned(seen_from(inputs, sketch.launch, "2027-01-06"), sketch.launch)
    assert item_of(found, "M-001.a").finish == "2027-01-15"
    assert item_of(found, "M-002.a").start == "2027-01-18"


def test_that_something_new_leaves_what_was_planned_where_it_was():
    sketch = Sketch()
    for number in range(1, 4):
        sketch.acting(f"M-00{number}.a", 3.0, 0.5)
    inputs = sketch.inputs()
    first = planned(inputs, sketch.launch)
    sketch.acting("M-000.a", 2.0, 0.9)
    more = kept(sketch.inputs(), first)
    again = planned(more, sketch.launch)
    assert {code: place for code, place in places(again).items() if code != "M-000.a"} == places(first)
    assert item_of(again, "M-000.a").priority == 1


def test_that_a_lock_moves_only_what_it_has_to():
    sketch = Sketch()
    for number in range(1, 5):
        sketch.acting(f"M-00{number}.a", 3.0, 0.1 * number)
    inputs = sketch.inputs()
    first = planned(inputs, sketch.launch)
    again = planned(kept(inputs, first), sketch.launch, locks=(("M-001", "2027-01-04"),))
    moved = {code for code, place in places(again).items() if places(first)[code] != place}
    assert len(moved) == 2
    assert "M-001.a" in moved


def test_that_slack_runs_to_the_last_day_or_to_what_waits():
    _, _, _, found = begun_of_two()
    assert item_of(found, "M-001.a").slack_days == 0
    assert item_of(found, "M-002.a").slack_days == 14

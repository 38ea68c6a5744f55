"""Locks: whether, when and by whom; and what cannot hold together."""

import dataclasses
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import InfeasiblePlanError, InvalidValueError
from launchpad.planning import make_plan
from launchpad.planning.greedy import first_plan
from launchpad.planning.irreducible import irreducible
from launchpad.planning.problem import Item, Shape, Work
from launchpad.planning.search import search
from launchpad.planning.tighten import possible, tightened
from launchpad.planning.watch import Watch
from launchpad.records import DayOff, Lock, Tolerance
from tests.planning.checker import wrong as broken
from tests.planning.launches import TEAM, Sketch, chosen, reason, wrong
from tests.planning.problems import random_problem

Asked = Iterable[tuple[str, str]]


def planned(sketch: Sketch, *locks: tuple[str, str]):
    inputs = sketch.inputs()
    found = make_plan(inputs, sketch.launch.id, seconds=5, locks=locks)
    assert list(wrong(inputs, found, sketch.launch)) == []
    return found


def refused(sketch: Sketch, *locks: tuple[str, str]) -> str:
    with pytest.raises(InfeasiblePlanError) as told:
        make_plan(sketch.inputs(), sketch.launch.id, seconds=10, locks=locks)
    return told.value.message


def start_of(found, code: str) -> str:
    return next(item.start for item in found.selected if item.variant == code)


def test_that_a_locked_start_holds_and_everything_else_fits_around_it():
    sketch = Sketch()
    sketch.acting("M-001.a", 5.0, 0.9)
    sketch.acting("M-002.a", 5.0, 0.5)
    found = planned(sketch, ("M-001", "2027-01-11"))
    assert start_of(found, "M-001.a") == "2027-01-11"
    assert start_of(found, "M-002.a") == "2027-01-04"


def test_that_a_start_on_a_day_off_is_the_next_working_day():
    sketch = Sketch()
    sketch.add(DayOff, team=sketch.teams[TEAM].id, day="2027-01-11")
    sketch.acting("M-001.a", 5.0, 0.9)
    assert start_of(planned(sketch, ("M-001", "2027-01-09")), "M-001.a") == "2027-01-12"


def test_that_a_stored_start_holds_if_the_mitigation_is_done():
    sketch = Sketch()
    row = sketch.acting("M-001.a", 5.0, 0.9)
    sketch.add(Lock, launch=sketch.launch.id, mitigation=row.mitigation, kind="if_done", start="2027-01-13")
    assert start_of(planned(sketch), "M-001.a") == "2027-01-13"


def test_that_a_start_that_leaves_too_little_time_is_said():
    sketch = Sketch()
    sketch.acting("M-001.a", 5.0, 0.9)
    found = planned(sketch, ("M-001", "2027-01-27"))
    assert reason(found, "M-001") == (
        "M-001 starts on 2027-01-27, as locked. It takes 5 person-days of Team T-1 (T-1), which has 3 free in time "
        "before 2027-01-29."
    )
    early = reason(planned(sketch, ("M-001", "2026-12-01")), "M-001")
    assert "that is before 2027-01-04" in early


def test_that_a_start_waits_for_what_it_needs_or_is_left_out():
    sketch = Sketch()
    sketch.acting("M-001.a", 5.0, 0.9)
    sketch.acting("M-002.a", 2.0, 0.5)
    sketch.needs("M-002", "M-001")
    found = planned(sketch, ("M-002", "2027-01-11"))
    assert start_of(found, "M-002.a") == "2027-01-11"
    assert chosen(planned(sketch, ("M-002", "2027-01-06"))) == {"M-001.a"}


def test_that_a_team_lock_leaves_only_ways_in_which_that_team_has_work():
    sketch = Sketch()
    sketch.team("T-2")
    shared = sketch.scenario()
    sketch.acting("M-001.a", 1.0, 0.9, shared)
    sketch.acting("M-001.b", {"T-2": 3.0}, 0.5, shared)
    assert chosen(planned(sketch)) == {"M-001.a"}
    assert chosen(planned(sketch, ("M-001", "T-2"))) == {"M-001.b"}
    sketch.team("T-3")
    assert reason(planned(sketch, ("M-001", "T-3")), "M-001") == (
        "M-001 is done by Team T-3 (T-3), as locked, and that team has no work in it."
    )


def test_that_several_locks_on_one_mitigation_combine():
    sketch = Sketch()
    sketch.team("T-2")
    shared = sketch.scenario()
    sketch.acting("M-001.a", 1.0, 0.9, shared)
    sketch.acting("M-001.b", {"T-2": 3.0}, 0.0, shared)
    found = planned(sketch, ("M-001", "must"), ("M-001", "T-2"), ("M-001", "2027-01-12"))
    assert start_of(found, "M-001.b") == "2027-01-12"


def test_that_a_word_that_is_no_lock_is_refused():
    sketch = Sketch()
    sketch.acting("M-001.a", 1.0, 0.9)
    with pytest.raises(InvalidValueError, match="'soon' is not a kind of lock"):
        planned(sketch, ("M-001", "soon"))


def test_that_two_days_for_one_start_contradict_each_other():
    sketch = Sketch()
    sketch.acting("M-001.a", 1.0, 0.9)
    assert "Two locks contradict each other" in refused(sketch, ("M-001", "2027-01-11"), ("M-001", "2027-01-12"))


def test_that_a_must_that_another_lock_forbids_names_both_and_no_third():
    sketch = Sketch()
    for code in ("M-001", "M-002", "M-003"):
        sketch.acting(f"{code}.a", 1.0, 0.5)
    sketch.needs("M-001", "M-002")
    told = refused(sketch, ("M-001", "must"), ("M-002", "never"), ("M-003", "must"))
    assert told.startswith("These locks cannot all hold: M-001 must be done; M-002 must not be done.")
    assert "M-003" not in told


def test_that_musts_that_break_a_tolerance_are_named_with_it():
    sketch = Sketch()
    for code in ("M-001", "M-002", "M-003"):
        sketch.refuses(sketch.acting(f"{code}.a", 1.0, 0.5), 0.02)
    sketch.add(Tolerance, code="TL-1", launch=sketch.launch.id, name="Refusals", measure="false_refusal", limit=0.03)
    told = refused(sketch, ("M-001", "must"), ("M-002", "must"))
    assert "M-001 must be done; M-002 must be done; TL-1: Refusals" in told
    assert "capacity" not in told


def test_that_locked_starts_that_need_the_same_days_are_named_with_the_team():
    sketch = Sketch()
    for code in ("M-001", "M-002", "M-003"):
        sketch.acting(f"{code}.a", 3.0, 0.5)
    locks = [("M-001", "must"), ("M-001", "2027-01-11"), ("M-002", "must"), ("M-002", "2027-01-12"), ("M-003", "must")]
    told = refused(sketch, *locks)
    assert "M-001 starts on 2027-01-11" in told
    assert "M-002 starts on 2027-01-12" in told
    assert "Team T-1 (T-1) has no more capacity" in told
    assert "M-003" not in told
    assert "finished by" not in told
    for left_out in range(4):  # without any one of them there is a plan
        planned(sketch, *(lock for number, lock in enumerate(locks) if number != left_out))


def test_that_a_freeze_that_leaves_too_little_time_is_part_of_the_contradiction():
    sketch = Sketch(freeze_date="2027-01-08")
    sketch.acting("M-001.a", 3.0, 0.5)
    sketch.acting("M-002.a", 3.0, 0.5)
    told = refused(sketch, ("M-001", "must"), ("M-002", "must"))
    assert told == (
        "These cannot all hold before 2027-01-08: M-001 must be done; M-002 must be done; "
        "Team T-1 (T-1) has no more capacity; everything is finished by 2027-01-08."
    )


def test_that_limits_nobody_can_keep_are_passed_by_the_least_with_locks_too():
    sketch = Sketch()
    grave = sketch.scenario("R-001", rate=0.001, catastrophic=True)
    sketch.add(
        Tolerance, code="TL-1", launch=sketch.launch.id, name="Grave", measure="events", scenario=grave.id, limit=1e-3
    )
    sketch.acting("M-001.a", 4.0, 0.6, grave)
    sketch.acting("M-002.a", 4.0, 0.9)
    found = planned(sketch, ("M-002", "must"))
    assert any("TL-1" in note and "as near as any" in note for note in found.notes)


@given(st.lists(st.sets(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=6))
def test_that_an_irreducible_part_clashes_and_without_any_piece_of_it_does_not(clashes):
    def clash(pieces):
        return any(each <= set(pieces) for each in clashes)

    found = irreducible(range(10), clash)
    assert clash(found)
    assert not any(clash([other for other in found if other != piece]) for piece in found)


@pytest.mark.parametrize("seed", range(6))
def test_that_work_that_has_to_begin_on_a_day_begins_there_in_every_calendar(seed):
    problem = random_problem(seed)
    items = list(problem.items)
    for place in range(0, len(items), 2):
        works = [
            dataclasses.replace(work, first=1, begin_by=1) if len(work.shapes) else work for work in items[place].works
        ]
        items[place] = dataclasses.replace(items[place], works=tuple(works))
    locked = tightened(dataclasses.replace(problem, items=tuple(items)))
    locked = dataclasses.replace(locked, items=tuple(each if possible(each) else _gone(each) for each in locked.items))
    greedy, best = first_plan(locked), search(locked, Watch(5), 4).schedule
    assert best is not None
    for schedule in (greedy or {}, best):
        assert list(broken(locked, schedule)) == []
        assert all(spot.start == 1 for item, spots in schedule.items() if item % 2 == 0 for spot in spots)


def _gone(each: Item) -> Item:
    """An item that nothing can begin in time: it takes more than there is."""
    return dataclasses.replace(each, works=(Work(0, (Shape(99, ((0, 1),)),), 0, 8, 1, (), 99),))

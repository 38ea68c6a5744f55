"""What brings a mitigation in: the change applied brings it in, 95 % of the change does not."""

import random
from dataclasses import replace
from datetime import date, timedelta
from math import floor

import pytest

from launchpad.edits.plans import Enters, PlanFound
from launchpad.planning import make_plan
from launchpad.planning.explain import settled
from launchpad.planning.reading import case
from launchpad.planning.search import search
from launchpad.planning.trials import Credited, holds, items_of, scaled
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch
from launchpad.records import Inputs, Launch
from tests.planning.launches import TEAM, Sketch

NEARLY = 0.95


def random_sketch(seed: int) -> Sketch:
    drawn = random.Random(seed)
    sketch = Sketch()
    sketch.team("T-2", a_week=4.0)
    scenarios = [sketch.scenario(f"R-{number}", rate=drawn.uniform(0.01, 0.3)) for number in range(4)]
    for number in range(drawn.randint(4, 6)):
        days = {drawn.choice([TEAM, "T-2"]): drawn.randint(2, 9) + drawn.choice([0, 0.5])}
        variant = sketch.acting(
            f"M-{number:03}.a",
            days,
            drawn.uniform(0.2, 0.9),
            drawn.choice(scenarios),
            family=drawn.choice([None, "f"]),
            splittable=drawn.random() < 0.3,
            waiting_days=drawn.choice([0, 0, 3]),
        )
        sketch.effect(variant, scenarios[drawn.randrange(4)], drawn.uniform(-0.1, 0.5), "severity")
    if drawn.random() < 0.5:
        sketch.needs("M-003", "M-001", drawn.choice(["finish_to_start", "requires"]))
    if drawn.random() < 0.5:
        sketch.excludes("X-1", "M-000", "M-002")
    return sketch


def held(inputs: Inputs, launch: int, mitigation: int, gain: float = 0.0) -> bool:
    """Whether planning anew holds a mitigation that takes `gain` more off the objective."""
    read, watch = case(inputs, launch), Watch(20)
    truth, items = Truth(read), items_of(read, mitigation)
    costs = [cost - (gain if number in items else 0) for number, cost in enumerate(read.problem.objective.costs)]
    changed = replace(read.problem, objective=replace(read.problem.objective, costs=tuple(costs)))
    read = replace(read, problem=changed)
    found = search(changed, watch, 20)
    assert found.schedule is not None
    return mitigation in holds(read, settled(Credited(read, truth, items, gain), found.schedule, watch))


def frozen(inputs: Inputs, launch: Launch, days: int) -> Inputs:
    """The inputs with the freeze so many days later."""
    later = (date.fromisoformat(launch.freeze_date) + timedelta(days=days)).isoformat()
    return inputs.with_rows({"launch": (replace(launch, freeze_date=later),)}, "")


def worked(inputs: Inputs, mitigation: int, factor: float) -> Inputs:
    return inputs.with_rows({"effort": tuple(scaled(inputs, mitigation, factor))}, "")


def check(inputs: Inputs, launch: Launch, mitigation: int, enters: Enters) -> None:
    now = enters.effort_now
    if enters.effort is not None:
        nearly = now - NEARLY * (now - enters.effort)
        assert held(worked(inputs, mitigation, enters.effort / now), launch.id, mitigation)
        assert not held(worked(inputs, mitigation, nearly / now), launch.id, mitigation)
    if enters.freeze is not None:
        days = (date.fromisoformat(enters.freeze) - date.fromisoformat(launch.freeze_date)).days
        assert held(frozen(inputs, launch, days), launch.id, mitigation)
        assert not any(held(frozen(inputs, launch, less), launch.id, mitigation) for less in range(min(days, 6)))
        assert not held(frozen(inputs, launch, floor(NEARLY * days)), launch.id, mitigation)
    if enters.gain is not None:
        assert held(inputs, launch.id, mitigation, enters.gain)
        assert not held(inputs, launch.id, mitigation, NEARLY * enters.gain)


def entering(found: PlanFound, mitigation: str) -> Enters:
    enters = next(row.enters for row in found.left_out if row.mitigation == mitigation)
    assert enters is not None
    return enters


@pytest.mark.parametrize("seed", range(8))
def test_that_each_change_brings_a_mitigation_in_and_95_percent_of_it_does_not(seed):
    sketch = random_sketch(seed)
    inputs = sketch.inputs()
    found = make_plan(inputs, sketch.launch.id, seconds=20)
    for row in found.left_out:
        assert row.enters is not None
        if not row.enters.estimated:
            check(inputs, sketch.launch, row.mitigation_id, row.enters)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_that_nearly_all_small_launches_are_explained_exactly(seed):
    sketch = random_sketch(seed)
    inputs = sketch.inputs()
    for row in make_plan(inputs, sketch.launch.id, seconds=30).left_out:
        assert row.enters is not None
        if not row.enters.estimated:
            check(inputs, sketch.launch, row.mitigation_id, row.enters)


def test_that_the_plan_made_anew_says_so_end_to_end():
    sketch = Sketch()
    sketch.acting("M-001.a", 15.0, 0.8)
    sketch.acting("M-002.a", 9.0, 0.3)
    inputs = sketch.inputs()
    found = make_plan(inputs, sketch.launch.id, seconds=10)
    mitigation = next(row.mitigation_id for row in found.left_out)
    enters = entering(found, "M-002")
    # 20 days, of which M-001 takes 15: 5 are left, or 4 more are needed, which end on the Thursday after.
    assert (enters.effort_now, enters.effort, enters.freeze) == (9.0, 5.0, "2027-02-04")
    assert not enters.estimated
    for changed in (worked(inputs, mitigation, 5.0 / 9.0), frozen(inputs, sketch.launch, 6)):
        again = make_plan(changed, sketch.launch.id, seconds=10)
        assert {item.mitigation for item in again.selected} == {"M-001", "M-002"}
    for changed in (worked(inputs, mitigation, 5.2 / 9.0), frozen(inputs, sketch.launch, 5)):
        again = make_plan(changed, sketch.launch.id, seconds=10)
        assert {item.mitigation for item in again.selected} == {"M-001"}


def test_that_what_cannot_be_done_today_comes_in_with_less_work_or_more_time():
    sketch = Sketch()
    sketch.acting("M-001.a", 30.0, 0.8)
    found = make_plan(sketch.inputs(), sketch.launch.id, seconds=10)
    enters = entering(found, "M-001")
    assert (enters.effort, enters.freeze, enters.gain) == (20.0, "2027-02-12", None)
    assert not enters.estimated


def test_that_no_change_brings_in_what_is_locked_out_and_that_asked_locks_count():
    sketch = Sketch()
    sketch.acting("M-001.a", 5.0, 0.8)
    found = make_plan(sketch.inputs(), sketch.launch.id, seconds=10, locks=[("M-001", "never")])
    enters = entering(found, "M-001")
    assert (enters.effort, enters.freeze, enters.gain, enters.estimated) == (None, None, None, False)


def test_that_what_makes_things_worse_enters_only_when_it_is_worth_more():
    sketch = Sketch()
    scenario = sketch.scenario()
    sketch.effect(sketch.variant("M-001.a", 2.0), scenario, -0.2)
    enters = entering(make_plan(sketch.inputs(), sketch.launch.id, seconds=10), "M-001")
    assert (enters.effort, enters.freeze) == (None, None)
    assert enters.gain is not None
    assert enters.gain > 0


def test_that_a_large_launch_is_explained_by_estimates_within_its_rules():
    drawn = random.Random(2)
    sketch = Sketch()
    for number in range(20):
        sketch.acting(f"M-{number:03}.a", drawn.uniform(1.0, 4.0), drawn.uniform(0.1, 0.9))
    found = make_plan(sketch.inputs(), sketch.launch.id, seconds=3)
    rows = [row.enters for row in found.left_out]
    assert rows
    assert all(enters is not None and enters.estimated for enters in rows)
    assert any(enters.effort is not None and enters.effort < enters.effort_now for enters in rows if enters)
    assert any(enters.freeze is not None and enters.freeze > sketch.launch.freeze_date for enters in rows if enters)

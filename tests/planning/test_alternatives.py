"""Plans nearly as good as the best that differ from it and from each other."""

from itertools import combinations

import pytest

from launchpad.edits.plans import PlanFound
from launchpad.planning import make_plan
from launchpad.planning.alternatives import alternatives, few
from launchpad.planning.reading import case
from tests.planning.checker import objective, schedulable, unruly
from tests.planning.launches import Sketch, chosen, wrong


def alike(count: int = 8) -> Sketch:
    """Mitigations nearly as good as each other, of which half fit."""
    sketch = Sketch()
    for number in range(count):
        sketch.acting(f"M-{number:03}.a", 5.0, 0.5 + 0.004 * number)
    return sketch


def made(sketch: Sketch, **wish: float) -> tuple[PlanFound, tuple[PlanFound, ...]]:
    inputs = sketch.inputs()
    found = make_plan(inputs, sketch.launch.id, seconds=5)
    others = alternatives(inputs, sketch.launch.id, found, seconds=20, **wish)  # pyright: ignore[reportArgumentType]
    for other in others:
        assert list(wrong(inputs, other, sketch.launch)) == []
    return found, others


def test_that_three_plans_differ_and_stay_within_their_share():
    sketch = alike()
    found, others = made(sketch)
    assert len(others) == 3
    sets = [chosen(found), *(chosen(other) for other in others)]
    assert all(one != two for one, two in combinations(sets, 2))
    assert all(other.objective <= found.objective * 1.02 + 1e-9 for other in others)
    assert all(other.bound == found.bound for other in others)
    assert all(other.left_out and "unlike it" in other.notes[0] for other in others)
    # Four of eight fit, all of them nearly equal: the first alternative does the other four.
    assert len(sets[0] ^ sets[1]) == 8


def test_that_the_first_differs_as_much_as_any_plan_can():
    sketch = alike(7)
    found, others = made(sketch, most=1)
    problem = case(sketch.inputs(), sketch.launch.id).problem
    best = {number for number, item in enumerate(problem.items) if item.code in chosen(found)}
    items = range(len(problem.items))
    near = [
        set(some)
        for size in range(len(problem.items) + 1)
        for some in combinations(items, size)
        if objective(problem, some) <= found.objective * 1.02 and not any(unruly(problem, some))
    ]
    most = max((len(best ^ some) for some in near if schedulable(problem, some)), default=0)
    assert len(chosen(found) ^ chosen(others[0])) == most


def test_that_where_there_is_no_other_plan_there_is_none_and_a_sentence():
    sketch = Sketch()
    sketch.acting("M-001.a", 2.0, 0.9)
    sketch.acting("M-002.a", 2.0, 0.9)
    _, others = made(sketch)
    assert others == ()
    assert few(0, 3, 0.02) == "No other plan within 2 % of the best was found in the time."
    assert few(3, 3, 0.02) == ""


@pytest.mark.parametrize("within", [0.02, 0.2])
def test_that_fewer_than_asked_for_are_told(within):
    sketch = Sketch()
    sketch.acting("M-001.a", 20.0, 0.60)
    sketch.acting("M-002.a", 20.0, 0.602)
    _, others = made(sketch, within=within)
    assert len(others) == 1
    assert few(1, 3, within) in others[0].notes

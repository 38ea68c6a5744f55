"""The front: each point is what it says, none better than another in all respects, and it can be stopped."""

from itertools import chain, combinations

import pytest

from launchpad.errors import CancelledError
from launchpad.planning import Wish, wish_of
from launchpad.planning.front import front
from launchpad.planning.joint import kept
from launchpad.planning.reading import case
from tests.planning.launches import Sketch

SIZES = (4.0, 5.0, 3.0, 6.0, 2.0, 7.0)
EFFICACIES = (0.5, 0.6, 0.3, 0.7, 0.2, 0.8)


@pytest.fixture(scope="module")
def sketch():
    """Six mitigations for twenty person-days, half of them with false refusals, two scenarios unlike in publicity."""
    made = Sketch()
    loud, quiet = made.scenario("R-001", rate=0.2), made.scenario("R-002", rate=0.1, chances=1000.0)
    for number, (size, efficacy) in enumerate(zip(SIZES, EFFICACIES, strict=True), start=1):
        variant = made.acting(f"M-{number:03}.a", size, efficacy, on=loud if number % 3 else quiet)
        if number % 2:
            made.refuses(variant, 0.01 * number)
    return made


@pytest.fixture(scope="module")
def points(sketch):
    return front(sketch.inputs(), sketch.launch.id, seconds=20)


def four(point):
    return point.technical, point.reputational, point.over_refusal, point.effort_days


def test_that_no_point_is_as_good_as_another_in_all_respects(points):
    assert 4 <= len(points) <= 12
    for one in points:
        better = [other for other in points if other is not one]
        assert not any(all(x <= y + 1e-12 for x, y in zip(four(o), four(one), strict=True)) for o in better)


def test_that_the_launchs_own_best_and_each_kind_of_wish_is_among_them(points):
    wishes = [wish_of(point) for point in points]
    assert Wish() in wishes
    assert any(wish.most_days is not None for wish in wishes)
    assert any(wish.most_refusal is not None for wish in wishes)


def test_that_each_point_keeps_its_wish(points):
    for point in points:
        assert point.most_days is None or point.effort_days <= point.most_days + 1e-6
        assert point.most_refusal is None or point.over_refusal <= point.most_refusal * (1 + 1e-6)


def test_that_each_point_is_the_best_of_all_selections_under_its_wish_within_its_gap(sketch, points):
    inputs = sketch.inputs()
    for point in points:
        problem = case(inputs, sketch.launch.id, wish=wish_of(point)).problem
        items = range(len(problem.items))
        subsets = map(frozenset, chain.from_iterable(combinations(items, size) for size in range(len(items) + 1)))
        fits = (s for s in subsets if sum(problem.items[i].days for i in s) <= 20 and kept(problem, s))
        best = min(problem.objective.value(subset) for subset in fits)
        assert point.gap is not None
        assert best - 1e-9 <= point.objective <= best / (1 - point.gap) + 1e-9


def test_that_the_same_inputs_give_the_same_points(sketch, points):
    assert front(sketch.inputs(), sketch.launch.id, seconds=20) == points


def test_that_no_more_points_come_than_are_asked_for(sketch):
    assert len(front(sketch.inputs(), sketch.launch.id, most=3, seconds=20)) == 3


def test_that_what_was_found_stays_when_the_person_says_stop(sketch):
    heard = []

    def stop(_: float, words: str) -> None:
        heard.append(words)
        if words.startswith("3 trade-offs"):
            raise CancelledError("Stop.")

    found = front(sketch.inputs(), sketch.launch.id, seconds=60, progress=stop)
    assert 1 <= len(found) <= 3


def test_that_a_launch_without_work_to_do_has_no_front():
    bare = Sketch()
    bare.scenario()
    assert front(bare.inputs(), bare.launch.id, seconds=5) == ()

"""The planner's answers against every selection there is, with a checker that shares no code with it."""

from dataclasses import replace

import pytest

from launchpad.planning.joint import Found, Learnt, improve
from launchpad.planning.portfolio import select
from launchpad.planning.problem import Need, Problem
from launchpad.planning.search import search
from launchpad.planning.subsets import MOST_SELECTIONS, calendar_of, count
from launchpad.planning.tighten import possible, tightened
from launchpad.planning.watch import Watch
from tests.planning.checker import family_problem, objective, optimum, schedulable, wrong
from tests.planning.problems import item, plain, random_problem, team_calendar, work

AT_ONCE = 10


def narrowed(problem: Problem) -> Problem:
    """As the planner reads it: windows narrowed, and what cannot be done at all is never chosen."""
    narrow = tightened(problem)
    lost = [number for number, one in enumerate(narrow.items) if not possible(one)]
    items = [replace(one, works=()) if number in lost else one for number, one in enumerate(narrow.items)]
    return replace(narrow, items=tuple(items), needs=(*narrow.needs, *(Need(number, ()) for number in lost)))


def made(seed: int, **sizes: int) -> Problem:
    return narrowed((family_problem if seed % 2 else random_problem)(seed, **sizes))


def compare(problem: Problem, seconds: float = 20.0) -> None:
    best = optimum(problem)
    found = search(problem, Watch(seconds), seconds)
    if best is None:
        assert found.schedule is None
        return
    assert found.schedule is not None
    assert list(wrong(problem, found.schedule)) == []
    assert found.value == pytest.approx(objective(problem, found.schedule), abs=1e-9)
    assert found.value == pytest.approx(best[0], rel=2e-5, abs=2e-6)
    assert found.bound <= best[0] + 1e-9


@pytest.mark.parametrize("first", range(0, 160, AT_ONCE))
def test_that_the_plan_of_a_small_problem_is_the_best_there_is(first):
    for seed in range(first, first + AT_ONCE):
        compare(made(seed, mitigations=5, days=6))


@pytest.mark.parametrize("seed", range(200, 212))
def test_that_the_plan_is_the_best_there_is_when_teams_are_short(seed):
    compare(made(seed, mitigations=7, days=9))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_that_the_plan_of_a_larger_problem_is_the_best_there_is(seed):
    compare(made(seed, mitigations=8, days=10))


@pytest.mark.parametrize("seed", range(300, 330))
def test_that_no_bound_of_the_portfolio_model_exceeds_the_best(seed):
    problem = made(seed, mitigations=5, days=6)
    best, choice = optimum(problem), select(problem, Watch(10), 10)
    if best is not None:
        assert choice.bound <= best[0] + 1e-6


@pytest.mark.parametrize("seed", range(400, 412))
def test_that_selection_and_calendar_together_neither_beat_the_best_nor_bound_it_too_high(seed):
    problem = made(seed, mitigations=4, days=5)
    best = optimum(problem)
    found = improve(problem, Found(None, float("inf"), -float("inf")), Learnt(), Watch(1), 1, 1)
    if best is None:
        assert found.schedule is None
        return
    assert found.bound <= best[0] + 1e-6
    if found.schedule is not None:
        assert found.value >= best[0] - 1e-9
        assert list(wrong(problem, found.schedule)) == []


@pytest.mark.parametrize("seed", range(500, 530))
def test_that_a_calendar_is_found_exactly_where_there_is_one(seed):
    problem = made(seed, mitigations=5, days=6)
    everything = frozenset(number for number, one in enumerate(problem.items) if one.works)
    for chosen in (everything, frozenset(sorted(everything)[:4]), frozenset(sorted(everything)[-4:])):
        found, sure = calendar_of(problem, chosen, Watch(10))
        assert sure
        assert (found is not None) == schedulable(problem, chosen)


def test_that_fourteen_mitigations_are_looked_at_whole_and_proven():
    team = team_calendar(0, [200] * 20)
    items = [item(f"M-{number}", work(0, 2 + number % 4, 100, 20)) for number in range(14)]
    problem = plain(items, [team], [0.02 + 0.01 * ((7 * number) % 14) for number in range(14)])
    assert count(problem) <= MOST_SELECTIONS
    found = search(problem, Watch(20), 20)
    assert found.bound == found.value
    assert found.schedule is not None
    assert list(wrong(problem, found.schedule)) == []

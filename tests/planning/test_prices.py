"""What one more person-day of a team is worth near a plan."""

import pytest

from launchpad.planning.objective import Objective, Term
from launchpad.planning.prices import prices_at, team_prices
from launchpad.planning.problem import Limit, Need, Problem
from launchpad.planning.watch import Watch
from tests.planning.problems import item, plain, random_problem, team_calendar, work


def priced(problem: Problem, chosen: set[int] | None = None):
    return team_prices(problem, Watch(20), 10, None if chosen is None else frozenset(chosen))


def two_teams(free: int = 4) -> Problem:
    """Team 0 has `free` days for items of 3 and 2 days that take .3 and .1 off; team 1 ten days for one of 1 day."""
    items = [item("A", work(0, 3, 100, free)), item("B", work(0, 2, 100, free)), item("C", work(1, 1, 100, 10))]
    return plain(items, [team_calendar(0, [100] * free), team_calendar(1, [100] * 10)], [0.3, 0.1, 0.2])


def test_that_a_day_is_worth_what_the_best_item_left_out_takes_off_for_one():
    tight, slack = priced(two_teams(), {0, 2})
    assert (tight.team, slack.team) == ("T-0", "T-1")
    # One day is left of four; a second one lets the rest of B be done: .1 over its two days.
    assert tight.residual_per_day == pytest.approx(0.05)
    assert slack.residual_per_day == 0.0
    assert tight.gap == pytest.approx(0.0, abs=1e-3)


def test_that_a_team_with_time_for_everything_has_no_price():
    assert [price.residual_per_day for price in priced(two_teams(6), {0, 1, 2})] == [0.0, 0.0]


def test_that_a_further_day_is_worth_no_more_than_is_of_use():
    items = [item("A", work(0, 4, 100, 4)), item("B", work(0, 1, 50, 4))]
    problem = plain(items, [team_calendar(0, [100] * 4)], [0.3, 0.03])
    assert priced(problem, {0})[0].residual_per_day == pytest.approx(0.03)


def test_that_prices_without_a_plan_are_those_at_the_best_selection():
    assert priced(two_teams()) == priced(two_teams(), {0, 2})


def test_that_work_that_has_to_be_done_early_makes_early_days_scarce():
    items = [item("A", work(0, 3, 100, 3)), item("B", work(0, 2, 100, 3))]
    problem = plain(items, [team_calendar(0, [100] * 10)], [0.3, 0.1])
    # Of a day spread over ten only three tenths lie where B could use them.
    assert priced(problem, {0})[0].residual_per_day == pytest.approx(0.3 * 0.05)


def test_that_what_needs_another_item_pays_for_both():
    items = [item("A", work(0, 2, 100, 2)), item("B", work(0, 1, 100, 2)), item("C", work(0, 1, 100, 2))]
    problem = plain(items, [team_calendar(0, [100] * 2)], [0.3, 0.1, 0.0], needs=(Need(1, (2,)),))
    assert priced(problem, {0})[0].residual_per_day == pytest.approx(0.05)


def test_that_a_limit_that_binds_leaves_time_without_a_price():
    items = [item("A", work(0, 2, 100, 4)), item("B", work(0, 3, 100, 4))]
    limits = (Limit("one", ((0, 1.0), (1, 1.0)), 1.0),)
    problem = plain(items, [team_calendar(0, [100] * 4)], [0.3, 0.1], limits=limits)
    assert priced(problem, {0})[0].residual_per_day == 0.0


def test_that_items_on_one_scenario_count_given_the_rest():
    calendar = team_calendar(0, [100] * 2)
    terms = (Term("R", 1.0, None, (), ((0, 50.0), (1, 50.0))),)
    items = (item("A", work(0, 2, 100, 2)), item("B", work(0, 2, 100, 2)))
    problem = Problem(items, (calendar,), Objective((), terms, (0.0, 0.0)), calendar.days[-1])
    assert priced(problem, {0})[0].residual_per_day == 0.0


@pytest.mark.parametrize("seed", range(6))
def test_that_prices_are_never_negative(seed):
    problem = random_problem(seed)
    chosen = frozenset(next(place for place, each in enumerate(problem.items) if each.works) for _ in range(1))
    watch = Watch(20)
    assert all(price is not None and price >= 0 for price in prices_at(problem, chosen, watch, 10))


def test_that_no_items_and_no_teams_have_no_prices():
    nothing = Problem((), (), Objective((), (), ()), team_calendar(0, [100]).days[0])
    assert priced(nothing, set()) == ()
    idle = Problem((), (team_calendar(0, [100]),), Objective((), (), ()), team_calendar(0, [100]).days[0])
    assert [price.residual_per_day for price in priced(idle, set())] == [0.0]

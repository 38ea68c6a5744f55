"""The envelope of a term: a bound at every selection, exact where it is asked for, above the tangents between."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.cuts import tangent
from launchpad.planning.envelope import cut_below, envelopes
from launchpad.planning.objective import Cell, Objective, Slot, Term
from launchpad.planning.problem import Item, Problem, Rule

DAY = date(2027, 1, 4)


def problem(term: Term, cells: tuple[Cell, ...], items: int, together: tuple[int, ...] = ()) -> Problem:
    objective = Objective(cells, (term,), (0.0,) * items)
    calendar = TeamCalendar(1, "T-1", "Team", (DAY,), (100,), (100,))
    rules = (Rule("one of them", together),) if together else ()
    return Problem(tuple(Item(f"M-{place}") for place in range(items)), (calendar,), objective, DAY, (), rules, ())


def selections(made: Problem) -> list[frozenset[int]]:
    every = [
        frozenset(place for place, taken in enumerate(choice) if taken)
        for choice in product((False, True), repeat=len(made.items))
    ]
    return [each for each in every if all(len(each.intersection(rule.items)) <= 1 for rule in made.at_most_one)]


MISSES = st.floats(0.05, 0.95)
CASES = st.builds(
    problem,
    st.builds(
        Term,
        st.just("R-1"),
        st.floats(0.001, 1.0),
        st.one_of(st.none(), st.floats(0.01, 50.0)),
        st.just((0,)),
        st.tuples(*(st.tuples(st.just(item), st.floats(-0.3, 2.0)) for item in range(3))),
    ),
    st.tuples(
        st.builds(
            Cell,
            st.floats(0.0, 1.0),
            st.tuples(
                st.builds(Slot, st.just(1.0), st.tuples(st.tuples(st.just(3), MISSES), st.tuples(st.just(4), MISSES))),
                st.builds(Slot, MISSES, st.tuples(st.tuples(st.just(5), MISSES))),
            ),
        )
    ),
    st.just(6),
    st.just((3, 4)),
)


@given(CASES, st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6))
def test_that_a_facet_is_a_bound_at_every_selection(made, fractions):
    facet = cut_below(envelopes(made)[0], fractions)
    assert facet is not None
    for chosen in selections(made):
        whole = [float(item in chosen) for item in range(6)]
        assert facet.at(whole) <= made.objective.value(chosen) + 1e-9


@given(CASES, st.data())
def test_that_a_facet_is_exact_at_the_selection_it_is_made_for(made, data):
    chosen = data.draw(st.sampled_from(selections(made)))
    whole = [float(item in chosen) for item in range(6)]
    facet = cut_below(envelopes(made)[0], whole)
    assert facet is not None
    assert facet.at(whole) == pytest.approx(made.objective.value(chosen), abs=1e-6, rel=1e-5)


def test_that_half_an_item_costs_the_mean_of_doing_it_and_not_where_the_tangent_says_less():
    term = Term("R-1", 1.0, None, (), ((0, 2.0),))
    made = problem(term, (), 1)
    facet = cut_below(envelopes(made)[0], [0.5])
    assert facet is not None
    assert facet.at([0.5]) == pytest.approx((1.0 + made.objective.value({0})) / 2)
    line = tangent(0, term, 1.0)
    assert facet.at([0.5]) > line.constant + line.slope * 1.0


def test_that_a_term_with_too_many_states_has_no_envelope():
    term = Term("R-1", 1.0, None, (), tuple((item, 0.5) for item in range(15)))
    assert envelopes(problem(term, (), 15)) == {}

"""The objective of a selection, and the bounds that are made from it."""

from itertools import combinations
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.planning.cuts import (
    cell_cut,
    cuts_at,
    first_cell_cuts,
    first_tangents,
    tangent,
)
from launchpad.planning.objective import Cell, Objective, Slot, Tally, Term, credited, left_over
from tests.planning.problems import random_problem

misses = st.floats(0.01, 1.0)
slots = st.builds(
    lambda today, others: (today, others), st.sampled_from([1.0, 0.7, 0.3]), st.lists(misses, min_size=1, max_size=2)
)


def cell_of(shared, drawn):
    number, made = 0, []
    for today, others in drawn:
        made.append(Slot(today, tuple((number + place, miss) for place, miss in enumerate(others))))
        number += len(others)
    return Cell(shared, tuple(made))


def test_that_a_family_lets_through_its_golden_shares():
    assert left_over(0.0, [0.05, 0.1, 0.2]) == pytest.approx(0.001)
    assert left_over(0.1, [0.05, 0.1, 0.2]) == pytest.approx(0.0059)
    assert left_over(0.3, [0.05, 0.1, 0.2]) == pytest.approx(0.0157)
    assert left_over(1.0, [0.05, 0.1, 0.2]) == pytest.approx(0.05)


def test_that_the_golden_overlap_without_shared_failures_between_families_comes_out():
    cells = (Cell(0.5, (Slot(1.0, ((0, 0.2),)), Slot(1.0, ((1, 0.4),)))),)
    objective = Objective(cells, (Term("R", 1.0, None, (0,), ((2, log(2)),)),), (0.0, 0.0, 0.0))
    assert objective.value({0, 1, 2}) == pytest.approx(0.07)
    assert objective.value(()) == pytest.approx(1.0)


def test_that_reputation_counts_the_log_of_one_plus_the_rate():
    term = Term("R", 0.3, 4.0, (), ((0, 1.0),))
    assert term.value(0.0) == pytest.approx(0.3)
    assert term.value(1.0) == pytest.approx(0.3 * log(1 + 4 * exp(-1)) / log(5))


@given(st.floats(0, 1), st.lists(slots, min_size=1, max_size=4))
def test_that_a_family_cut_is_exact_where_it_is_made_and_a_bound_everywhere(shared, drawn):
    cell = cell_of(shared, drawn)
    objective = Objective((cell,), (), (0.0,) * 8)
    items = [item for slot in cell.slots for item, _ in slot.misses]
    states = [
        frozenset(chosen)
        for size in range(len(items) + 1)
        for chosen in combinations(items, size)
        if all(len({item for item, _ in slot.misses} & set(chosen)) <= 1 for slot in cell.slots)
    ]
    reach = objective.cell_ranges[0]
    for at in states:
        cut = cell_cut(objective, 0, objective.levels(0, at))
        for state in states:
            credit = credited(cell, objective.levels(0, state))
            bound = cut.constant + sum(weight for item, weight in cut.weights if item in state)
            assert bound >= credit - 1e-9
            assert reach.low - 1e-9 <= credit <= reach.high + 1e-9
        exact = cut.constant + sum(weight for item, weight in cut.weights if item in at)
        assert exact == pytest.approx(credited(cell, objective.levels(0, at)), abs=1e-9)


@given(st.floats(0.01, 50), st.floats(-1, 5), st.floats(-1, 5), st.booleans())
def test_that_a_tangent_lies_below_its_term_and_touches_it(nu, at, z, technical):
    term = Term("R", 0.4, None if technical else nu, (), ())
    line = tangent(0, term, at)
    assert line.constant + line.slope * z <= term.value(z) + 1e-12
    assert line.constant + line.slope * at == pytest.approx(term.value(at))


@given(st.integers(0, 300))
def test_that_all_cuts_together_never_exceed_any_selection(seed):
    problem = random_problem(seed, mitigations=6)
    objective = problem.objective
    cells = list(first_cell_cuts(objective))
    lines = list(first_tangents(objective, 0.01))
    more_cells, more_lines = cuts_at(objective, range(0, len(problem.items), 2))
    for chosen in ((), range(len(problem.items)), range(1, len(problem.items), 2)):
        taken = frozenset(chosen)
        depths = objective.depths(taken)
        for cut in (*cells, *more_cells):
            bound = cut.constant + sum(weight for item, weight in cut.weights if item in taken)
            levels = objective.levels(cut.cell, taken)
            if all(sum(item in taken for item, _ in slot.misses) <= 1 for slot in objective.cells[cut.cell].slots):
                assert credited(objective.cells[cut.cell], levels) <= bound + 1e-9
        for line in (*lines, *more_lines):
            value = objective.terms[line.term].value(depths[line.term])
            assert line.constant + line.slope * depths[line.term] <= value + 1e-9
        for number, z in enumerate(depths):
            reach = objective.term_ranges[number]
            assert reach.low - 1e-9 <= z <= reach.high + 1e-9


@given(st.integers(0, 300), st.lists(st.integers(0, 6), max_size=7))
def test_that_the_objective_kept_up_to_date_is_the_objective_from_scratch(seed, moves):
    problem = random_problem(seed, mitigations=7)
    rivals = [set(rule.items) for rule in problem.at_most_one if rule.words.startswith("variants")]
    tally = Tally(problem.objective)
    for move in moves:
        if any(move in group and group & tally.chosen for group in rivals):
            continue
        foreseen = tally.value + tally.step({move}).change
        tally.add({move})
        assert tally.value == pytest.approx(foreseen)
    assert tally.value == pytest.approx(problem.objective.value(tally.chosen))
    assert tally.depths == pytest.approx(problem.objective.depths(tally.chosen))

"""Where scenarios stand and what mitigations take away, under each kind of overlap."""

import numpy as np
import pytest

from launchpad.records import Estimate, Launch
from launchpad.results import Kept, compute
from launchpad.results.ledger import ledger
from launchpad.results.moves import moves, under
from launchpad.results.options import apart
from launchpad.scoring.refusals import Refusals
from launchpad.scoring.reputation import blame, reputational
from launchpad.scoring.residual import attributions
from launchpad.scoring.simulation import outcomes_in
from launchpad.scoring.streams import drawn
from launchpad.templates import sample_project
from tests.builders import (
    LAUNCH,
    PLAN,
    effect,
    grounds,
    inputs_of,
    mitigation,
    plan,
    refusals,
    scenario,
    variant,
)

OVERLAPS = ("independent", "beta", "comonotone")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    project = sample_project(tmp_path_factory.mktemp("moves") / "sample.launchpad")
    inputs = project.inputs
    project.close()
    return compute(inputs, inputs.rows(Launch)[0].id, draws=0)


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_that_a_model_under_one_overlap_gives_the_technical_risk_stated_for_it(results, overlap):
    found = moves(under(results.model, overlap), results).scenarios
    for row in results.scenarios:
        if row.technical is None or row.catastrophic:
            assert row.code not in found
            continue
        for state, pair in found[row.code].items():
            stated = getattr(row.states[state], overlap)
            assert pair[0].mean == pytest.approx(stated, rel=1e-12)


def test_that_reputational_means_at_the_usual_overlap_are_those_of_the_ledger(results):
    sides = {row.variant: row for row in ledger(results.model)}
    taken = moves(results.model, results).mitigations
    for row in results.mitigations:
        technical, reputational = taken[row.code]
        assert technical.mean == pytest.approx(sides[row.variant].technical, abs=1e-6)
        assert reputational.mean == pytest.approx(sides[row.variant].reputational, abs=1e-6)


def test_that_draws_add_intervals_and_leave_means_alone(results):
    plain, drawn = moves(results.model, results), moves(results.model, results, draws=200)
    again = moves(results.model, results, draws=200)
    assert drawn == again
    for code, states in drawn.scenarios.items():
        for state, pair in states.items():
            for side in (0, 1):
                assert pair[side].mean == plain.scenarios[code][state][side].mean
                low, high = pair[side].low, pair[side].high
                assert low is not None
                assert high is not None
                assert low <= high
    assert all(pair[0].low is not None for pair in drawn.mitigations.values())


def test_that_progress_can_stop_the_drawing(results):
    def stop(_share, _doing):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        moves(results.model, results, draws=200, progress=stop)


def test_that_what_was_kept_changes_no_bit(results):
    kept = Kept()
    for _ in range(2):
        assert moves(results.model, results, draws=200, kept=kept) == moves(results.model, results, draws=200)


def small():
    """Two mitigations that stop and refuse, one that only refuses, on a scenario of harm and one of over-refusal."""
    return [
        *grounds(),
        *scenario(1, propensity=Estimate(0.05, 0.1, 0.2)),
        *scenario(2, risk_area=4, over_refusal=True, propensity=Estimate(0.02, 0.05, 0.1)),
        *mitigation(1, standing="done"),
        effect(1, 1, Estimate(0.3, 0.5, 0.7)),
        effect(1, 2, Estimate(0.1, 0.2, 0.3)),
        refusals(1, 0.02),
        *mitigation(2),
        effect(2, 1, Estimate(0.2, 0.4, 0.6)),
        variant(2, key=4, name="max"),
        effect(4, 1, Estimate(0.5, 0.7, 0.9)),
        refusals(4, 0.0005),
        *mitigation(3),
        refusals(3, 0.1),
        *plan(302),
    ]


def test_that_intervals_are_those_of_each_state_drawn_by_itself():
    results = compute(inputs_of(small()), LAUNCH, PLAN, draws=0)
    model, state = results.model, results.model.planned
    found = moves(model, results, draws=300).mitigations
    deviates = drawn(results.seed, 300)
    refused = Refusals(model.side, deviates)
    factors = model.impact * blame(attributions(model, state), model.coefficients)
    for code, place in (("M-001", 0), ("M-002", 2), ("M-003", 3)):
        technical, stories = np.zeros(300), np.zeros(300)
        assert model.variants[place].code == f"{code}.std"
        for index in range(2):
            less, more = outcomes_in(model, index, deviates, refused, apart(model, state, place))
            technical += less.expected - more.expected
            stories += reputational(float(factors[index]), less.visible)
            stories -= reputational(float(factors[index]), more.visible)
        for amount, values in zip(found[code], (technical, stories), strict=True):
            assert (amount.low, amount.high) == pytest.approx(np.quantile(values, (0.05, 0.95)), rel=1e-5, abs=1e-6)


def test_that_the_variant_that_is_planned_stands_for_its_mitigation():
    results = compute(inputs_of(small()), LAUNCH, PLAN, draws=0)
    best = next(row.variant for row in results.mitigations if row.code == "M-002")
    sides = {row.variant: row for row in ledger(results.model, results.model.planned)}
    assert best == "M-002.max"
    found = moves(results.model, results).mitigations["M-002"]
    assert found[0].mean == pytest.approx(sides["M-002.std"].technical)

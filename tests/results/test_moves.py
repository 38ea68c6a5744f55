"""Where scenarios stand and what mitigations take away, under each kind of overlap."""

import pytest

from launchpad.records import Launch
from launchpad.results import compute
from launchpad.results.ledger import ledger
from launchpad.results.moves import moves, under
from launchpad.templates import sample_project

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

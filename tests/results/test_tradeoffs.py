"""Trade-offs of a launch: what may not change a rank, what is said of an unfinished one, and the answer as JSON."""

import dataclasses
import json
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.errors import ScoringError
from launchpad.records import Criterion, Estimate, Severity, Tolerance
from launchpad.results import compute, score_json
from launchpad.results.tradeoffs import as_json, tradeoffs
from launchpad.scoring.next_evaluations import next_evaluations
from tests.builders import LAUNCH, certain, effect, grounds, inputs_of, mitigation, refusals, scenario, tolerance
from tests.results.weighed import criteria, using, weight_set

ALL = ("technical", "cvar95", "reputational", "false_refusal", "latency", "cost")


def a_launch(seed=1, mitigations=5, measures=ALL):
    """Three scenarios, one of over-refusal and one catastrophic, and mitigations of all sorts."""
    drawn = random.Random(seed)

    def share(least, most):
        middle = drawn.uniform(least, most)
        return Estimate(middle / 2, middle, min(1.0, middle * 1.5), "assumed")

    records = [*grounds(), *criteria(*measures), *weight_set([100 - 10 * place for place in range(len(measures))])]
    records += [tolerance("technical", 200.0, probability=0.1)]
    for number in (1, 2, 3, 4):
        own = {"risk_area": 4, "over_refusal": True} if number == 3 else {"catastrophic": number == 4}
        harm = Estimate(1.0, 2.0 * number, 9.0 * number, "assumed")
        records += scenario(number, propensity=share(0.02, 0.2), harm_units=harm, **own)
    for number in range(1, mitigations + 1):
        records += mitigation(number, family=drawn.choice((None, "f")), standing=drawn.choice((None, "in_place")))
        records += [effect(number, on, share(0.1, 0.6)) for on in drawn.sample((1, 2, 3, 4), 2)]
        records += [refusals(number, drawn.uniform(0, 0.05), latency_ms=drawn.uniform(0, 40), run_cost=100.0)]
    return using(records, "W-1")


def found(records, draws=200, plan=None):
    inputs = inputs_of(records)
    return tradeoffs(inputs, compute(inputs, LAUNCH, plan, draws=0), draws=draws)


def twice(row):
    """A row with every loss, limit of loss and anchor of loss doubled."""
    if isinstance(row, Severity) and row.harm_units is not None:
        harm = row.harm_units
        return dataclasses.replace(row, harm_units=Estimate(2 * harm.low, 2 * harm.median, 2 * harm.high, harm.kind))
    if isinstance(row, Tolerance) and row.measure == "technical":
        return dataclasses.replace(row, limit=2 * row.limit)
    if isinstance(row, Criterion) and row.measure in ("technical", "cvar95"):
        return dataclasses.replace(row, worst=2 * (row.worst or 0), best=2 * (row.best or 0))
    return row


@settings(max_examples=8)
@given(st.integers(0, 10**6))
def test_that_doubling_every_loss_limit_and_loss_anchor_changes_no_rank(seed):
    records = a_launch(seed)
    once, double = found(records), found([twice(row) for row in records])
    assert double.in_use.places.tolist() == once.in_use.places.tolist()
    assert double.gains == pytest.approx(once.gains, abs=1e-9)
    assert double.acceptability.ranks == pytest.approx(once.acceptability.ranks, abs=0.011)
    inputs, other = inputs_of(records), inputs_of([twice(row) for row in records])
    order = [row.code for row in compute(inputs, LAUNCH, draws=0).mitigations]
    assert [row.code for row in compute(other, LAUNCH, draws=0).mitigations] == order


def test_that_the_order_of_rows_changes_nothing():
    records = a_launch()
    mixed = random.Random(4).sample(records, len(records))
    assert json.dumps(as_json(found(mixed))) == json.dumps(as_json(found(records)))


@settings(max_examples=8)
@given(st.integers(0, 10**6))
def test_that_rankings_are_transitive_and_no_loser_left_out_changes_the_best(seed):
    ranked = found(a_launch(seed))
    assert ranked.reversals == ()
    for one in ranked.sets:
        assert min(one.places.tolist()) == 1
        order = np.argsort(one.places, kind="stable")
        assert (np.diff(one.values[order]) <= 0).all()
    assert ranked.winning + ranked.winning.T == pytest.approx(np.ones_like(ranked.winning))
    assert not ranked.dominated[ranked.in_use.places == 1].any()


def test_that_a_mitigation_of_an_untested_area_does_not_rank_first_by_ignorance_alone():
    records = [*grounds(), *criteria("technical"), *weight_set([100])]
    known = {"propensity": certain(0.2, "measured")}
    records += [*scenario(1, **known), *scenario(2, propensity=None)]
    records += [*mitigation(1), effect(1, 1, 0.5), *mitigation(2), effect(2, 2, 0.5)]
    ranked = found(using(records, "W-1"), draws=400)
    assert ranked.in_use.places.tolist() == [1, 2]
    assert ranked.acceptability.ranks[0, 0] > 0.9


def test_that_a_catastrophic_scenario_moves_no_option():
    records = [*grounds(), *criteria("technical", "reputational"), *scenario(1), *scenario(2, catastrophic=True)]
    records += [*mitigation(1), effect(1, 1, 0.5), *mitigation(2), effect(2, 2, 0.9)]
    ranked = found(records)
    assert ranked.gains[1].tolist() == [0, 0]
    assert "No weight set is in use" in ranked.notes[0]


def test_that_scenarios_without_exposure_count_for_nothing_and_break_nothing():
    records = [*grounds(), *criteria(*ALL), *scenario(1), *scenario(2, without=("exposure",))]
    ranked = found([*records, *mitigation(1), effect(1, 1, 0.5), effect(1, 2, 0.5)])
    assert np.isfinite(ranked.gains).all()


def test_that_one_option_is_first_and_equal_options_share_their_ranks():
    records = [*grounds(), *criteria("technical", "cost"), *scenario(1)]
    alone = found([*records, *mitigation(1), effect(1, 1, 0.5)])
    assert alone.acceptability.ranks.tolist() == [[1.0]]
    same = found([*records, *(row for number in (1, 2, 3) for row in (*mitigation(number), effect(number, 1, 0.5)))])
    assert same.acceptability.ranks == pytest.approx(np.full((3, 3), 1 / 3))
    assert same.acceptability.expected_rank == pytest.approx(np.full(3, 2.0))
    assert not same.dominated.any()


def test_that_what_is_missing_is_said_in_words():
    assert "no criteria yet" in found([*grounds(), *scenario(1), *mitigation(1)]).notes[0]
    assert "no mitigations" in found([*grounds(), *criteria("cost"), *scenario(1)]).notes[0]
    records = using([*grounds(), *criteria("cost"), *scenario(1), *mitigation(1), *weight_set([0])], "W-1")
    notes = " ".join(found(records).notes)
    assert "sum to 0" in notes
    assert "Weight set W-1, which is in use" in notes
    with pytest.raises(ScoringError, match="0 draws"):
        found(records, draws=0)


def finite(value):
    if isinstance(value, dict):
        return all(finite(each) for each in value.values())
    if isinstance(value, list | tuple):
        return all(finite(each) for each in value)
    return not isinstance(value, float) or math.isfinite(value)


@pytest.mark.parametrize("seed", [1, 2])
def test_that_the_answer_has_every_key_and_never_nan(seed):
    records = a_launch(seed)
    inputs = inputs_of([*records, *mitigation(9)])
    results = compute(inputs, LAUNCH, draws=200)
    answer = score_json(
        inputs,
        results,
        tradeoffs(inputs, results, draws=200),
        next_evaluations(inputs, results.model, results.model.current),
    )
    assert finite(answer)
    json.dumps(answer, allow_nan=False)
    for row in answer["mitigations"]:
        assert sum(row["rank_acceptability"]) == pytest.approx(1)
        assert set(row) == {"code", "rank_acceptability", "central_weights", "confidence"}
        assert (row["central_weights"] is None) == (row["confidence"] is None)
    bare = score_json(inputs, results)
    assert bare["next_evaluations"] is None
    assert {row["rank_acceptability"] for row in bare["mitigations"]} == {None}


def test_that_progress_may_cancel():
    class StopError(Exception):
        pass

    def stop(_share, _doing):
        raise StopError

    inputs = inputs_of(a_launch())
    with pytest.raises(StopError):
        tradeoffs(inputs, compute(inputs, LAUNCH, draws=0), draws=100, progress=stop)

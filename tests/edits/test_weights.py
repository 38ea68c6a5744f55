"""Criteria proposed from a launch, and swings set: what is refused, by name, and what stays as it was."""

import dataclasses
import math
from types import MappingProxyType

import pytest

from launchpad.edits.records import add_words, set_words
from launchpad.edits.weights import Answer, amount_of, new_weight_set, propose_criteria, set_swings, use
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.records import Criterion, Inputs, Launch, SwingWeight, WeightSet
from launchpad.results import compute
from launchpad.results.options import judged
from launchpad.results.tradeoffs import tradeoffs
from tests.builders import LAUNCH, certain, effect, grounds, inputs_of, mitigation, refusals, scenario
from tests.results.weighed import criteria, using, weight_set


def after(inputs: Inputs, changes) -> Inputs:
    """The inputs with these changes made."""
    tables = {name: {row.id: row for row in rows} for name, rows in inputs.tables.items()}
    kinds = {record.table: record for record in (Criterion, WeightSet, SwingWeight, Launch)}
    for change in changes:
        rows = tables.setdefault(change.table, {})
        known = rows.get(change.key)
        fields = {name: value for name, value in change.after.items() if name != "id"}
        rows[change.key] = (
            kinds[change.table](id=change.key, **fields) if known is None else dataclasses.replace(known, **fields)
        )
    return Inputs(MappingProxyType({name: tuple(rows.values()) for name, rows in tables.items()}))


def a_launch():
    # 45 harm units before, 22.5 with M-001, which stands.
    cost = refusals(1, 0.02, latency_ms=30.0, capability=-1.0, capability_suite="reasoning", run_cost=500.0)
    return inputs_of([*grounds(), *scenario(1), *mitigation(1, standing="in_place"), effect(1, 1, 0.5), cost])


def proposed(inputs):
    found = compute(inputs, LAUNCH, draws=500)
    rows = after(inputs, propose_criteria(inputs, found)).rows(Criterion)
    return {row.measure: row for row in rows}, found


def test_that_every_measure_of_a_launch_gets_a_criterion_with_anchors_that_are_marked_as_assumptions():
    rows, results = proposed(a_launch())
    assert set(rows) == {"technical", "cvar95", "reputational", "false_refusal", "latency", "capability", "cost"}
    assert sorted(row.code for row in rows.values()) == [f"C-{number}" for number in range(1, 8)]
    technical = rows["technical"]
    assert (technical.worst, technical.best) == pytest.approx((90.0, 4.5))
    assert (rows["latency"].worst, rows["latency"].best) == (60.0, 0.0)
    assert (rows["capability"].worst, rows["cost"].worst) == (2.0, 1000.0)
    drawn = results.totals["inherent"].cvar95 or 0.0
    assert rows["cvar95"].worst == pytest.approx(2 * drawn, rel=0.05)
    for row in rows.values():
        assert "Assumption" in (row.basis or "")
        assert "Worst: " in (row.basis or "")


def test_that_what_is_proposed_can_be_weighed_at_once():
    inputs = a_launch()
    whole = after(inputs, propose_criteria(inputs, compute(inputs, LAUNCH, draws=500)))
    assert len(judged(whole, LAUNCH).rows) == 7
    ranked = tradeoffs(whole, compute(whole, LAUNCH, draws=0), draws=100)
    assert ranked.acceptability.ranks.tolist() == [[1.0]]


def test_that_proposing_again_adds_nothing_and_a_missing_measure_alone():
    inputs = a_launch()
    results = compute(inputs, LAUNCH, draws=500)
    changes = propose_criteria(inputs, results)
    assert propose_criteria(after(inputs, changes), results) == []
    (added,) = propose_criteria(
        after(inputs, [one for one in changes if (one.after or {})["measure"] != "cost"]), results
    )
    assert (added.after or {})["measure"] == "cost"


def test_that_side_effects_of_what_is_not_on_yet_have_an_anchor_too():
    inputs = inputs_of([*grounds(), *scenario(1), *mitigation(1), refusals(1, 0.02, latency_ms=30.0)])
    rows, _ = proposed(inputs)
    assert (rows["latency"].worst, rows["false_refusal"].worst) == (60.0, 0.04)
    assert "cost" not in rows


def test_that_a_launch_without_anything_to_weigh_is_refused_by_name():
    inputs = inputs_of([*grounds(), *scenario(1, opportunities=certain(0.0))])
    with pytest.raises(InvalidValueError, match="L-1"):
        propose_criteria(inputs, compute(inputs, LAUNCH, draws=0))


def test_that_amounts_that_were_not_drawn_are_unknown():
    total = compute(a_launch(), LAUNCH, draws=0).totals["current"]
    assert amount_of("cvar95", total) is None
    assert amount_of("effort", total) is None
    assert amount_of("capability", total) == 1.0


def test_that_swings_are_added_changed_and_kept_and_the_weights_of_plans_stay():
    inputs = inputs_of([*grounds(), *criteria("technical", "cost"), *weight_set([100, 50])])
    (row,) = inputs.rows(WeightSet)
    whole = after(inputs, set_swings(inputs, row, {"C-2": Answer(swing=30), "C-1": Answer(rank=1)}, basis="Asked."))
    found = {one.criterion: one for one in whole.rows(SwingWeight)}
    assert [(one.swing, one.rank) for one in found.values()] == [(100, 1), (30, None)]
    assert found[20_002].basis == "Asked."
    assert whole.rows(WeightSet) == inputs.rows(WeightSet)
    assert set_swings(whole, row, {"C-2": Answer(swing=30)}) == []
    empty = inputs_of([*grounds(), *criteria("technical", "cost"), row])
    assert len(set_swings(empty, row, {"C-1": Answer(swing=100), "C-2": Answer(swing=0)})) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(swing=-1), "-1"),
        (Answer(swing=101), "101"),
        (Answer(swing=math.nan), "nan"),
        (Answer(rank=0), "below 1"),
        (Answer(), "nothing"),
        (Answer(swing=0), "all be 0"),
    ],
)
def test_that_a_swing_that_means_nothing_is_refused_by_name(answer, words):
    inputs = inputs_of([*grounds(), *criteria("technical", "cost"), *weight_set([])])
    with pytest.raises(InvalidValueError, match=words) as refused:
        set_swings(inputs, inputs.rows(WeightSet)[0], {"C-1": answer, "C-2": answer})
    assert "W-1" in str(refused.value)


def test_that_weights_without_anchors_are_refused_by_name():
    inputs = inputs_of([*grounds(), *criteria("technical", best=None), *weight_set([])])
    with pytest.raises(InvalidValueError, match="no worst and best anchor") as refused:
        set_swings(inputs, inputs.rows(WeightSet)[0], {"C-1": Answer(swing=100)})
    assert "C-1 (Named technical)" in str(refused.value)
    with pytest.raises(UnknownRecordError):
        set_swings(inputs, inputs.rows(WeightSet)[0], {"C-9": Answer(swing=100)})


def test_that_a_further_weight_set_takes_over_what_plans_are_made_by():
    rows = using([*grounds(), *criteria("cost"), *weight_set([100])], "W-1")
    rows = [
        dataclasses.replace(row, technical=0.4, reputational=0.6) if isinstance(row, WeightSet) else row for row in rows
    ]
    inputs = inputs_of(rows)
    launch = inputs.get(Launch, LAUNCH)
    made, change = new_weight_set(inputs, launch, "Policy team", "P. Q.")
    assert (made.code, made.technical, made.reputational, made.whose) == ("W-2", 0.4, 0.6, "P. Q.")
    assert change.before is None
    (used,) = use(launch, made)
    assert used.after == {"weight_set": "W-2"}


def test_that_anchors_of_the_same_amount_are_refused_where_they_are_given():
    inputs = inputs_of([*grounds(), *criteria("cost")])
    with pytest.raises(InvalidValueError, match="Criterion C-1: its worst and its best anchor"):
        set_words(inputs, inputs.rows(Criterion)[0], {"best": "1000"}, LAUNCH)
    (added,) = add_words(inputs, Criterion, {"name": "Loss", "measure": "technical"}, LAUNCH).changes
    assert (added.after or {})["code"] == "C-2"

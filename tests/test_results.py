"""The answers of scoring: their shape, their bits, and why a number is what it is."""

import dataclasses
import json
import math
from collections.abc import Iterator

import numpy as np
import pytest

from launchpad.errors import CancelledError, ScoringError, UnknownRecordError
from launchpad.records import Estimate, Evaluation
from launchpad.results import Factor, compute, explain, score_json
from launchpad.results.ledger import ledger
from launchpad.results.moves import moves
from launchpad.scoring.refusals import Refusals
from launchpad.scoring.reputation import blame
from launchpad.scoring.simulation import outcomes
from launchpad.scoring.streams import drawn
from tests.builders import (
    EVALUATION,
    LAUNCH,
    PLAN,
    certain,
    effect,
    gate,
    grounds,
    inputs_of,
    link,
    mitigation,
    plan,
    refusals,
    renumbered,
    result,
    scenario,
    tolerance,
)

WIDE = {
    "opportunities": Estimate(5.0, 20.0, 80.0),
    "harm_units": Estimate(2.0, 10.0, 50.0),
    "realised": Estimate(0.1, 0.3, 0.5),
    "net_new": Estimate(0.2, 0.5, 0.9),
    "visible": Estimate(1e-4, 1e-3, 1e-2),
}


def records():
    return [
        *grounds(),
        *scenario(1, **WIDE, propensity=Estimate(0.05, 0.1, 0.2)),
        *scenario(2, **WIDE, risk_area=5, actor=6, unit="campaign", propensity=None),
        *scenario(3, **WIDE, over_refusal=True, risk_area=4, propensity=None),
        *scenario(4, catastrophic=True, opportunities=certain(0.01)),
        *scenario(5, without=["exposure"]),
        *mitigation(1, family="f", standing="in_place"),
        effect(1, 1, Estimate(0.2, 0.5, 0.8), coverage=Estimate(0.5, 0.8, 0.9)),
        effect(1, 2, 0.4, stage="detection"),
        refusals(1, 0.02, latency_ms=20.0, run_cost=10.0),
        *mitigation(2, family="f", standing="idea"),
        effect(2, 1, 0.6, evidence_level="assumed"),
        effect(2, 2, 0.3, stage="exposure"),
        *mitigation(3, standing="done"),
        effect(3, 1, 0.3, stage="severity"),
        effect(3, 1, 0.3, stage="publicity"),
        result(1, 14, 300, in_place="M-001.std"),
        link(1, 2),
        result(2, 9, 80, elicitation="weak", run_date="2026-10-01"),
        link(2, 3),
        gate("rate", 0.05, scenario=102),
        tolerance("technical", 5000.0, probability=0.05),
        *plan(302),
    ]


@pytest.fixture(scope="module")
def inputs():
    return inputs_of(records())


@pytest.fixture(scope="module")
def results(inputs):
    return compute(inputs, LAUNCH, PLAN, draws=1000)


def test_that_the_answer_has_every_key_and_nothing_else(inputs, results):
    answer = score_json(inputs, results)
    assert list(answer) == [
        "launch",
        "seed",
        "draws",
        "input_hash",
        "scenarios",
        "mitigations",
        "totals",
        "gates",
        "tolerances",
        "next_evaluations",
        "warnings",
    ]
    row = answer["scenarios"][0]
    assert list(row) == [
        "code",
        "name",
        "risk_area",
        "catastrophic",
        "propensity",
        "technical",
        "inherent",
        "current",
        "planned",
        "reputational",
        "rank",
        "assumed_share",
    ]
    assert list(row["propensity"]) == ["low", "median", "high", "n", "stale", "kind", "origin"]
    assert list(row["technical"]) == ["mean", "low", "high", "p_exceeds"]
    assert list(row["planned"]) == ["independent", "beta", "comonotone"]
    assert list(row["reputational"]) == ["mean", "low", "high"]
    assert list(row["rank"]) == ["rank", "low", "high"]
    assert list(answer["mitigations"][0]) == ["code", "rank_acceptability", "central_weights", "confidence"]
    assert list(answer["totals"]) == ["inherent", "current", "planned", "assumed_share"]
    totals = ["technical", "reputational", "var95", "cvar95", "p_exceeds", "over_refusal", "latency_ms", "cost"]
    assert list(answer["totals"]["planned"]) == totals
    assert list(answer["gates"][0]) == ["code", "verdict", "reason", "n_needed"]
    limits = ["code", "measure", "limit", "probability", "current", "planned", "within", "within_planned"]
    assert list(answer["tolerances"][0]) == limits
    assert list(answer["warnings"][0]) == ["record", "field", "message"]
    assert answer["next_evaluations"] is None


def test_that_what_is_unknown_is_null(inputs, results):
    answer = score_json(inputs, results)
    by_code = {row["code"]: row for row in answer["scenarios"]}
    assert by_code["R-005"]["technical"] is None
    assert by_code["R-005"]["reputational"] is None
    assert by_code["R-004"]["rank"] is None
    assert by_code["R-001"]["propensity"]["stale"] is None
    assert answer["mitigations"][0]["rank_acceptability"] is None


def test_that_other_row_ids_change_not_one_byte(inputs, results):
    moved, fresh = renumbered(records())
    other = inputs_of(moved)
    again = compute(other, fresh[LAUNCH], fresh[PLAN], draws=1000)
    assert json.dumps(score_json(other, again)) == json.dumps(score_json(inputs, results))


def test_that_a_plan_changes_nothing_of_today(results):
    without = compute(inputs_of(records()), LAUNCH, draws=1000)
    assert without.totals["current"] == results.totals["current"]
    for one, two in zip(without.scenarios, results.scenarios, strict=True):
        assert (one.technical, one.reputational) == (two.technical, two.reputational)


def test_that_the_plan_only_lowers_what_it_acts_on(results):
    row = results.scenarios[0]
    for name in ("independent", "beta"):
        assert getattr(row.states["planned"], name) < getattr(row.states["current"], name)
        assert getattr(row.states["current"], name) < getattr(row.states["inherent"], name)
    # The planned effect is the smaller one of its family: where all misses coincide it adds nothing.
    assert row.states["planned"].comonotone == pytest.approx(row.states["current"].comonotone)
    assert results.scenarios[2].states["planned"] == results.scenarios[2].states["current"]


def test_that_the_three_overlaps_are_in_order_in_every_state(results):
    for row in results.scenarios:
        for state in row.states.values():
            if state is not None:
                assert state.independent <= state.beta * (1 + 1e-12)
                assert state.beta <= state.comonotone * (1 + 1e-12)


def test_that_totals_are_sums_over_what_is_not_catastrophic(results):
    summed = [row for row in results.scenarios if row.technical is not None and not row.catastrophic]
    now = results.totals["current"]
    assert now.technical == pytest.approx(sum(row.technical.mean for row in summed))
    assert now.reputational == pytest.approx(sum(row.reputational.mean for row in summed))
    assert now.var95 <= now.cvar95
    assert (now.latency_ms, now.cost) == (20.0, 10.0)


def test_that_ranks_are_by_mean_and_their_intervals_hold_them(results):
    ranked = sorted((row for row in results.scenarios if row.rank), key=lambda row: row.rank.rank)
    assert [row.rank.rank for row in ranked] == [1, 2, 3]
    means = [row.technical.mean for row in ranked]
    assert means == sorted(means, reverse=True)
    assert all(1 <= row.rank.low <= row.rank.high <= 3 for row in ranked)


def test_that_mitigations_are_listed_by_what_they_are_worth_today(results):
    gains = [row.gain for row in results.mitigations]
    assert gains == sorted(gains, reverse=True)
    by_code = {row.code: row for row in results.mitigations}
    assert by_code["M-001"].on
    assert not by_code["M-002"].on
    assert by_code["M-002"].technical > 0
    assert by_code["M-001"].false_refusal == pytest.approx(0.02)


def factors(tree: Factor):
    yield tree
    for part in tree.parts:
        yield from factors(part)


def test_that_a_scenario_unfolds_to_a_product_and_to_its_evidence(inputs, results):
    tree = explain(inputs, results, "R-002")
    technical = tree.parts[0]
    values = [part.value for part in technical.parts if part.value is not None]
    assert math.prod(values) == pytest.approx(technical.value)
    assert technical.value == pytest.approx(results.scenarios[1].technical.mean)
    sources = {factor.source for factor in factors(tree)}
    assert {"eval_result E-0001", "exposure R-002", "severity R-002", "effect M-001.std/R-002/detection"} <= sources
    kinds = {factor.kind for factor in factors(tree)}
    assert kinds <= {"measured", "elicited", "assumed", "stated", "computed"}
    json.dumps(tree.as_json(), allow_nan=False)
    assert tree.lines()[0].startswith("Scenario 2")


def test_that_the_planned_state_unfolds_below_today_where_there_is_a_plan(inputs, results):
    tree = explain(inputs, results, "R-001")
    now, _, planned, story = tree.parts[:4]
    assert (now.label[:20], planned.label[:25]) == ("Technical risk today", "Technical risk as planned")
    assert planned.value == pytest.approx(results.scenarios[0].states["planned"].beta)
    values = [part.value for part in planned.parts if part.value is not None]
    assert planned.value == pytest.approx(math.prod(values))
    assert now.value is not None
    assert planned.value is not None
    assert planned.value < now.value
    assert story.value == pytest.approx(moves(results.model, results).scenarios["R-001"]["planned"][1].mean)
    added = {each.source for each in factors(planned)} - {each.source for each in factors(now)}
    assert added == {"effect M-002.std/R-001/propensity"}
    without = compute(inputs, LAUNCH, draws=100)
    assert not any("planned" in each.label for each in factors(explain(inputs, without, "R-001")))


def test_that_a_mitigation_says_what_it_takes_away_beside_the_rest_of_the_plan(inputs, results):
    mine = next(part for part in explain(inputs, results, "M-002").parts if part.label == "M-002.std as planned")
    row = next(row for row in ledger(results.model, results.model.planned) if row.variant == "M-002.std")
    assert mine.parts[0].value == pytest.approx(row.technical)
    assert mine.parts[1].value == pytest.approx(row.reputational)
    assert "on in the plan" in mine.note


def test_that_a_planned_total_unfolds_to_planned_scenarios(inputs, results):
    total = explain(inputs, results, "planned/technical")
    assert math.fsum(part.value for part in total.parts) == pytest.approx(total.value)
    assert total.parts[0].parts[0].label.startswith("Technical risk as planned")


@pytest.mark.parametrize("code", ["R-001", "R-003", "R-004", "R-005", "M-001", "M-002.std", "G-1"])
def test_that_everything_scored_can_be_unfolded(inputs, results, code):
    tree = explain(inputs, results, code)
    json.dumps(tree.as_json(), allow_nan=False)
    assert all(line.strip() for line in tree.lines())


def test_that_an_estimate_and_a_default_say_what_they_are(inputs, results):
    stated = next(each for each in factors(explain(inputs, results, "R-001")) if each.label == "Propensity")
    assert (stated.kind, stated.source) == ("assumed", "exposure R-001")
    bare = inputs_of([*grounds(), *scenario(1, propensity=None)])
    found = next(
        each for each in factors(explain(bare, compute(bare, LAUNCH, draws=100), "R-001")) if each.label == "Propensity"
    )
    assert found.source == "risk_area A-1"


def test_that_an_unknown_code_is_refused(inputs, results):
    with pytest.raises(UnknownRecordError, match="R-999"):
        explain(inputs, results, "R-999")


def test_that_the_seed_is_that_of_the_launch_unless_given(inputs):
    assert compute(inputs, LAUNCH, draws=100).seed == 1
    assert compute(inputs, LAUNCH, draws=100, seed=7).seed == 7


def test_that_progress_rises_and_may_cancel(inputs):
    seen: list[float] = []
    compute(inputs, LAUNCH, draws=100, progress=lambda share, what: seen.append(share) if what else None)
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 1

    def stop(_share: float, _what: str) -> None:
        raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        compute(inputs, LAUNCH, draws=100, progress=stop)


def test_that_without_draws_all_but_the_drawn_figures_are_final(inputs, results):
    first = compute(inputs, LAUNCH, PLAN, draws=0)
    assert not first.complete
    assert results.complete
    for one, two in zip(first.scenarios, results.scenarios, strict=True):
        assert (one.states, one.propensity, one.reputational_states) == (
            two.states,
            two.propensity,
            two.reputational_states,
        )
        assert (one.rank and one.rank.rank) == (two.rank and two.rank.rank)
        assert one.rank is None or (one.rank.low, one.rank.high) == (None, None)
        assert one.technical is None or (one.technical.low, one.technical.p_exceeds) == (None, None)
        assert one.reputational is None or one.reputational.low is None
    now, then = first.totals["current"], results.totals["current"]
    assert now is not None
    assert then is not None
    assert (now.var95, now.p_exceeds) == (None, None)
    assert dataclasses.replace(now, **dict.fromkeys(DRAWN)) == dataclasses.replace(then, **dict.fromkeys(DRAWN))
    assert (first.gates, first.mitigations, first.warnings) == (results.gates, results.mitigations, results.warnings)
    assert first.tolerances[0].within is None
    assert dict(first.exceedance) == {}
    json.dumps(score_json(inputs, first), allow_nan=False)


DRAWN = ("var95", "var95_error", "cvar95", "cvar95_error", "p_exceeds", "p_exceeds_error")


def test_that_the_expected_story_agrees_with_draws(results):
    model, refusing = results.model, Refusals(results.model.side, drawn(5, 40_000))
    for index, row in enumerate(results.scenarios):
        if row.reputational is not None:
            story = np.log1p(outcomes(model, index, refusing.deviates, refusing)["current"].visible)
            blamed = blame([row.reputational.attribution], model.coefficients)[0]
            error = 5 * float(story.std()) / np.sqrt(story.size)
            mean = row.reputational.mean / (model.impact[index] * blamed)
            assert mean == pytest.approx(float(story.mean()), rel=0.01, abs=error)


def test_that_what_is_the_same_for_many_records_is_said_once_and_listed_in_full():
    rows = [*grounds(), *(row for number in range(1, 8) for row in scenario(number, propensity=None))]
    found = compute(inputs_of(rows), LAUNCH, draws=0)
    said = [each for each in found.told if each.field == "propensity"]
    assert [each.who for each in said] == ["7 scenarios (R-001, R-002, R-003 and 4 more)"]
    assert len([row for row in found.warnings if row.field == "propensity"]) == 7
    assert [each.who for each in found.told if each.records[0].startswith("launch")] == ["launch L-1"]


def test_that_too_few_draws_are_refused(inputs):
    with pytest.raises(ScoringError, match="draws"):
        compute(inputs, LAUNCH, draws=5)


def numbers(value: object) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif isinstance(value, np.ndarray):
        yield from map(float, value.ravel())
    elif isinstance(value, dict):
        yield from numbers(tuple(value.values()))
    elif isinstance(value, tuple):
        for each in value:
            yield from numbers(each)
    elif dataclasses.is_dataclass(value):
        yield from numbers(tuple(getattr(value, field.name) for field in dataclasses.fields(value)))


def test_that_no_number_anywhere_is_nan(results):
    names = ("scenarios", "mitigations", "totals", "tolerances", "exceedance", "assumptions")
    found = [number for name in names for number in numbers(getattr(results, name))]
    assert len(found) > 500
    assert all(map(math.isfinite, found))


def test_that_a_gate_that_needs_an_evaluation_waits_for_it():
    rows = [*grounds(), *scenario(1), result(1, 0, 5000), link(1, 1)]
    other = Evaluation(id=EVALUATION + 1, code="EV-2", name="Red team")
    open_gate = compute(inputs_of([*rows, gate("rate", 0.05, verified_by=EVALUATION + 1), other]), LAUNCH, draws=100)
    assert open_gate.gates[0].verdict == "inconclusive"
    assert "has to be run first" in open_gate.gates[0].reason
    done = compute(inputs_of([*rows, gate("rate", 0.05, verified_by=EVALUATION)]), LAUNCH, draws=100)
    assert done.gates[0].verdict == "met"

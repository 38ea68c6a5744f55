"""Results never depend on what was kept, and what did not change is not done again."""

import dataclasses
import json
import random

import pytest

from launchpad.errors import ScoringError
from launchpad.records import Estimate, EvidenceLink, Inputs, MitigationVariant, Scenario, Standing
from launchpad.results import Kept, compute, score_json
from launchpad.scoring.kept import Asked
from tests.builders import (
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
    result,
    scenario,
    tolerance,
)

WIDE = {"opportunities": Estimate(5.0, 20.0, 80.0), "visible": Estimate(1e-4, 1e-3, 1e-2)}


def records():
    rows = [*grounds(), *(row for number in range(1, 6) for row in scenario(number, **WIDE))]
    rows += [*scenario(6, **WIDE, over_refusal=True, risk_area=4), *scenario(7, **WIDE, catastrophic=True)]
    for number in range(1, 5):
        rows += mitigation(number, family="f" if number < 3 else None, standing="done" if number % 2 else "idea")
        rows += [effect(number, number, Estimate(0.2, 0.5, 0.8)), effect(number, number + 1, 0.3, stage="detection")]
        rows.append(refusals(number, 0.01 * number, latency_ms=5.0))
    rows += [result(1, 14, 300, in_place="unknown"), link(1, 2), result(2, 9, 80, in_place="M-002.std"), link(2, 3)]
    rows += [tolerance("technical", 900.0, probability=0.05), tolerance("technical", 50.0, id=9101, scenario=101)]
    return [*rows, gate("rate", 0.05, scenario=102), *plan(302)]


EDITS = (
    ("exposure", {"opportunities": Estimate(1.0, 4.0, 9.0)}),
    ("exposure", {"propensity": Estimate(0.01, 0.02, 0.09)}),
    ("severity", {"harm_units": certain(9.0)}),
    ("publicity", {"disclosed": True}),
    ("effect", {"intended": Estimate(0.1, 0.2, 0.3)}),
    ("effect", {"evidence_level": "assumed"}),
    ("standing", {"status": "done"}),
    ("standing", {"status": "dropped"}),
    ("side_effect", {"false_refusal": Estimate(0.01, 0.1, 0.4)}),
    ("evidence_link", {"relevance": 0.4}),
    ("eval_result", {"count": 2, "value": 0.01}),
    ("eval_result", {"in_place": "none"}),
    ("mitigation", {"family": "other"}),
    ("mitigation_variant", {"code": "M-009.x"}),
    ("scenario", {"name": "Other"}),
    ("scenario", {"code": "R-000"}),
    ("scenario", {"over_refusal": True}),
    ("risk_area", {"capability": "cyber"}),
    ("actor_profile", {"tries": 3}),
    ("evaluation", {"polarity": "unknown"}),
    ("tolerance", {"limit": 10.0}),
    ("gate", {"threshold": 0.3}),
    ("launch", {"as_of": "2026-12-20", "horizon_days": 60}),
    ("plan_item", {"finish": "2027-01-30"}),
)


def edited(inputs: Inputs, rng: random.Random) -> Inputs:
    table, values = rng.choice(EDITS)
    rows = list(inputs.tables[table])
    place = rng.randrange(len(rows))
    if table not in ("launch", "gate") and rng.random() < 0.1 and table in ("effect", "evidence_link", "standing"):
        del rows[place]
    else:
        rows[place] = dataclasses.replace(rows[place], **values)  # pyright: ignore[reportArgumentType]
    return inputs.with_rows({table: tuple(rows)}, "")


def answer(inputs: Inputs, draws: int, kept: Kept | None = None) -> str:
    try:
        return json.dumps(score_json(inputs, compute(inputs, LAUNCH, PLAN, draws=draws, kept=kept)))
    except ScoringError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(4))
def test_that_results_are_the_same_to_the_bit_whatever_was_kept(seed):
    rng, inputs, kept = random.Random(seed), inputs_of(records()), Kept()
    for _ in range(12):
        inputs = edited(inputs, rng)
        fresh = inputs_of([row for rows in inputs.tables.values() for row in rows])
        for draws in (0, 200):
            assert answer(inputs, draws, kept) == answer(fresh, draws)


def test_that_kept_numbers_stay_within_their_room():
    kept = Kept(room=100)
    made: list[int] = []
    for key in (1, 2, 3, 1, 3):
        kept.drawn(key, lambda key=key: made.append(key) or key, lambda _: 40)
    assert made == [1, 2, 3, 1]
    assert kept.drawn("large", lambda: "x", lambda _: 101) == "x"
    assert not kept.has("large")


def test_that_work_is_done_again_only_when_what_it_asked_has_another_answer():
    inputs, kept, done = inputs_of(records()), Kept(), list[int]()

    def work(asked: Inputs, row_id: int) -> str:
        done.append(row_id)
        return asked.get(Scenario, row_id).name

    assert kept.once("a", inputs, work, 101) == kept.once("a", inputs, work, 101) == "Scenario 1"
    assert done == [101]
    rows = inputs.rows(Scenario)
    other = inputs.with_rows({"scenario": (rows[0], dataclasses.replace(rows[1], name="Two"), *rows[2:])}, "")
    assert kept.once("a", other, work, 101) == "Scenario 1"
    assert done == [101]
    changed = other.with_rows({"scenario": (dataclasses.replace(rows[0], name="One"), *rows[1:])}, "")
    assert kept.once("a", changed, work, 101) == "One"
    assert kept.once("a", changed, work, 102) == "Scenario 2"
    assert done == [101, 101, 102]
    assert (
        kept.once("a", changed.with_rows({"scenario": rows[2:]}, ""), lambda asked: asked.rows(Scenario)[0].id) == 103
    )


def test_that_every_question_is_noted_and_answered_as_the_inputs_do():
    inputs = inputs_of(records())
    asked = Asked(inputs)
    first = inputs.rows(Scenario)[0]
    assert asked.rows(Standing, LAUNCH) == inputs.rows(Standing, LAUNCH)
    assert asked.children(EvidenceLink, "scenario", 102) == inputs.children(EvidenceLink, "scenario", 102)
    assert asked.has(Scenario, 101)
    assert asked.find(MitigationVariant, "M-001.std").id == 301
    assert (asked.address(first), asked.part(first, "risk_area")) == ("R-001", "A-1")
    assert len(asked.questions) == 6

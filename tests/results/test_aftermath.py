"""After the launch: expected against seen by scenario, readings of monitors, triggers, and the launch before."""

import json

import pytest
from scipy import stats

from launchpad import statistics
from launchpad.records import Gate, Incident, Reading, Standing, Trigger
from launchpad.results import aftermath_json, aftermath_of, compute, score_json
from launchpad.results.aftermath import ALIKE, HIGHER, LOWER
from launchpad.scoring.aftermath import verdicts
from launchpad.scoring.coefficients import of
from launchpad.scoring.model import build
from tests.builders import (
    LAUNCH,
    certain,
    effect,
    gate,
    grounds,
    inputs_of,
    launch,
    link,
    mitigation,
    result,
    scenario,
)

# Scenario 1: 10 a day x .1 x .5 x .5 = .25 events a day, 22.5 over the horizon of 90 days from 2027-02-01.
OUT = launch(as_of="2027-02-10", status="launched")


def incident(number, day, events=1, **fields):
    values = {"launch": LAUNCH, "scenario": 101, "happened": day, "events": events, **fields}
    return Incident(id=19100 + number, code=f"I-{number}", **values)


def reading(number, starts, **fields):
    values = {"launch": LAUNCH, "scenario": 101, "starts": starts, **fields}
    return Reading(id=19200 + number, code=f"MR-{number}", **values)


def trigger(threshold, number=1, **fields):
    values = {"launch": LAUNCH, "gate": 9000, "scenario": 101, "threshold": threshold, **fields}
    return Trigger(id=19300 + number, code=f"TR-{number}", **values)


def after(*records, out=OUT):
    kept = [row for row in grounds() if row.table != "launch"]
    inputs = inputs_of([out, *kept, *records])
    return aftermath_of(inputs, build(inputs, LAUNCH))


def test_that_the_days_passed_of_the_horizon_say_what_was_expected():
    (row,) = after(*scenario(1), incident(1, "2027-02-03", 5, harm=4.0, public=True)).scenarios
    assert row.expected == pytest.approx(2.5)  # ten days begun, the day of the figures included
    assert (row.seen, row.public, row.harm, row.verdict) == (5, 5, 4.0, "as expected")
    assert row.chance == pytest.approx(stats.poisson.sf(4, 2.5))


def test_that_days_of_exposure_and_rollout_are_respected():
    (late,) = after(*scenario(1, start_day=8, rollout=0.5)).scenarios
    assert late.expected == pytest.approx(2 * 0.25 * 0.5)
    (over,) = after(*scenario(1, end_day=3)).scenarios
    assert over.expected == pytest.approx(4 * 0.25)
    (still,) = after(*scenario(1, start_day=30)).scenarios
    assert (still.expected, still.verdict) == (0, "too early to say")


def test_that_the_state_that_held_at_the_launch_is_what_was_expected():
    stood = [*mitigation(1), Standing(id=401, launch=LAUNCH, variant=301, status="done", finished="2027-01-20")]
    since = [*mitigation(2), Standing(id=402, launch=LAUNCH, variant=302, status="done", finished="2027-02-05")]
    (row,) = after(*scenario(1), *stood, *since, effect(1, 1, 0.5), effect(2, 1, 0.9)).scenarios
    assert row.expected == pytest.approx(1.25)


def test_that_a_scenario_without_exposure_is_not_judged():
    (row,) = after(*scenario(1, without=("exposure",)), incident(1, "2027-02-03", 2)).scenarios
    assert (row.expected, row.seen, row.low, row.verdict) == (None, 2, None, "not scored")


def test_that_incidents_outside_the_horizon_are_counted_apart_and_later_ones_not_at_all():
    rows = [incident(1, "2027-01-20"), incident(2, "2027-02-01"), incident(3, "2027-02-10"), incident(4, "2027-02-11")]
    (row,) = after(*scenario(1), *rows).scenarios
    assert (row.seen, row.outside) == (2, 1)
    assert not after(*scenario(1), incident(4, "2027-02-11"), out=launch(as_of="2027-01-10")).out


def test_that_readings_are_held_against_the_rate_that_safeguards_leave():
    guarded = [*scenario(1), *mitigation(1, standing="done"), effect(1, 1, 0.5)]
    rows = [
        reading(1, "2027-02-01", days=5, opportunities=600, violations=30),
        reading(2, "2027-02-06", days=5, opportunities=400, violations=20, alerts=100),
    ]
    (row,) = after(*guarded, *rows).scenarios
    low, high = statistics.wilson(50.0, 1000.0, 0.9)
    assert row.rate is not None
    assert (row.rate.violations, row.rate.opportunities, row.rate.observed) == (50, 1000, 0.05)
    assert (row.rate.low, row.rate.high) == (low, high)
    assert row.rate.predicted == pytest.approx(0.05)
    assert row.rate.verdict == ALIKE
    assert row.alerts_per_day == 20
    (worse,) = after(*guarded, reading(1, "2027-02-01", opportunities=1000, violations=80)).scenarios
    (better,) = after(*guarded, reading(1, "2027-02-01", opportunities=1000, violations=20)).scenarios
    assert [row.rate and row.rate.verdict for row in (worse, better)] == [HIGHER, LOWER]


def test_that_a_campaign_is_held_against_readings_by_the_single_try():
    campaign = scenario(1, unit="campaign", actor=6, propensity=certain(1 - 0.9**10))
    (row,) = after(*campaign, reading(1, "2027-02-01", opportunities=1000, violations=100)).scenarios
    assert row.rate is not None
    assert row.rate.predicted == pytest.approx(0.1)


def test_that_readings_that_give_no_rate_are_set_aside_with_the_reason():
    rows = [
        reading(1, "2027-02-01", days=5, opportunities=600, violations=30),
        reading(2, "2027-02-05", days=2, opportunities=100, violations=100),
        reading(3, "2027-02-06", violations=3),
        reading(4, "2027-02-07", opportunities=2, violations=3),
        reading(5, "2027-02-09", days=7, opportunities=100, violations=3),
    ]
    (row,) = after(*scenario(1), *rows).scenarios
    assert row.rate is not None
    assert row.rate.opportunities == 600
    assert dict(row.set_aside) == {
        "reading MR-2": "Another reading of the same days saw more.",
        "reading MR-3": "It has no violations of opportunities seen, so it gives no rate.",
        "reading MR-4": "It found more violations than it saw opportunities.",
        "reading MR-5": "It is not between the launch and 2027-02-10.",
    }


MET = (*scenario(1), result(1, 0, 300), link(1, 1), gate("rate", 0.05))


def judged(*records, out=OUT):
    inputs = inputs_of([out, *(row for row in grounds() if row.table != "launch"), *records])
    (found,) = verdicts(inputs, out, of(inputs)).values()
    return found


def test_that_a_trigger_that_was_reached_opens_its_gate_again_and_says_so():
    assert judged(*MET).verdict == "met"
    found = judged(*MET, trigger(3, window_days=7), incident(1, "2027-02-05", 2), incident(2, "2027-02-10"))
    assert found.verdict == "inconclusive"
    assert found.reason.startswith("Reopened by TR-1: 3 incidents in 7 days, on 2027-02-10.")
    assert "The results alone say met:" in found.reason
    assert found.n_needed is None
    assert [warning.record for warning in found.warnings] == ["gate G-1"]
    assert judged(*MET, trigger(4, window_days=7), incident(1, "2027-02-05", 2), incident(2, "2027-02-10")).good


def test_that_a_higher_threshold_closes_it_again():
    rows = [*MET, incident(1, "2027-02-05", 3)]
    assert not judged(*rows, trigger(3)).good
    assert judged(*rows, trigger(5)).good


def test_that_what_comes_after_the_day_of_the_figures_opens_nothing():
    rows = [*MET, trigger(3), incident(1, "2027-02-05", 3)]
    assert judged(*rows, out=launch(as_of="2027-02-04")).good


def test_that_a_gate_that_is_not_met_stays_so():
    failing = [*scenario(1), result(1, 60, 300), link(1, 1), gate("rate", 0.05)]
    found = judged(*failing, trigger(1), incident(1, "2027-02-05"))
    assert found.verdict == "not met"
    assert "Reopened by TR-1" in found.reason


def test_that_a_ruled_out_capability_cannot_be_ruled_out_any_more():
    rows = [*scenario(1, risk_area=5), result(1, 0, 300), link(1, 1), gate("capability", 0.05)]
    assert judged(*rows).verdict == "ruled out"
    assert judged(*rows, trigger(1), incident(1, "2027-02-05")).verdict == "cannot rule out"


@pytest.mark.parametrize(
    ("measure", "rows", "words"),
    [
        ("public_incidents", [incident(1, "2027-02-05", public=True)], "1 public incident in 30 days"),
        ("harm", [incident(1, "2027-02-05", harm=2.5)], "2.5 harm units in 30 days"),
        (
            "rate",
            [reading(1, "2027-02-05", opportunities=100, violations=2)],
            "2 % of the opportunities seen in 30 days",
        ),
        ("alerts", [reading(1, "2027-02-04", days=2, alerts=80)], "40 alerts a day over 30 days"),
    ],
)
def test_that_each_measure_is_told_in_words(measure, rows, words):
    found = judged(*MET, trigger(0.01, measure=measure), *rows)
    assert found.reason.startswith(f"Reopened by TR-1: {words}, on 2027-02-05.")


def test_that_reached_triggers_come_first_and_the_others_say_what_they_ask():
    rows = [*MET, trigger(9, 1), trigger(2, 2), incident(1, "2027-02-05", 3)]
    first, second = after(*rows).triggers
    assert (first.code, first.reached_on, first.most) == ("TR-2", "2027-02-05", 3)
    assert (second.code, second.reached_on, second.words) == ("TR-1", None, "TR-1 opens G-1 at 9 incidents in 30 days")
    assert after(*rows).reopened == ("G-1",)
    assert [row.code for row in after(*rows).reached] == ["TR-2"]


def test_that_score_and_screens_read_the_reopened_verdict():
    inputs = inputs_of([OUT, *grounds()[1:], *MET, trigger(1), incident(1, "2027-02-05")])
    answer = score_json(inputs, compute(inputs, LAUNCH, draws=200))
    (told,) = answer["gates"]
    assert told["verdict"] == "inconclusive"
    assert told["reason"].startswith("Reopened by TR-1")
    assert any(warning["record"] == "gate G-1" for warning in answer["warnings"])


def test_that_the_answer_is_plain_and_holds_no_nan():
    found = after(*MET, trigger(1), incident(1, "2027-02-05"), reading(1, "2027-02-01", opportunities=10, violations=1))
    plain = json.loads(json.dumps(aftermath_json(found), allow_nan=False))
    assert plain["scenarios"][0]["rate"]["opportunities"] == 10
    assert plain["reopened"] == ["G-1"]


def test_that_a_gate_row_stays_what_it_was():
    row = gate("rate", 0.05)
    assert isinstance(row, Gate)
    found = judged(*MET, trigger(1), incident(1, "2027-02-05"))
    assert (found.code, found.name, len(found.bounds)) == ("G-1", "Gate", 1)

"""After a launch: counts against expectation, and triggers that open a gate again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from launchpad.records import Gate, Incident, Reading, Trigger
from launchpad.scoring.aftermath import days_out, poisson_range, reached, watched
from tests.builders import LAUNCH, grounds, inputs_of, launch, scenario

GATE = Gate(id=9000, code="G-1", launch=LAUNCH, name="Gate", kind="rate", scenario=101, threshold=0.05)


def incident(number, day, events=1, **fields):
    values = {"launch": LAUNCH, "scenario": 101, "happened": day, "events": events, **fields}
    return Incident(id=9100 + number, code=f"I-{number}", **values)


def reading(number, starts, **fields):
    return Reading(id=9200 + number, code=f"MR-{number}", launch=LAUNCH, scenario=101, starts=starts, **fields)


def trigger(threshold, **fields):
    values = {"launch": LAUNCH, "gate": 9000, "scenario": 101, "threshold": threshold, **fields}
    return Trigger(id=9300, code="TR-1", **values)


def opened(rule, *rows, as_of="2027-03-01"):
    kept = [row for row in grounds() if row.table != "launch"]
    inputs = inputs_of([launch(as_of=as_of), *kept, *scenario(1), GATE, rule, *rows])
    (mine,) = inputs.rows(type(launch()))
    return reached(inputs, mine)


@given(st.floats(0.01, 500))
def test_that_nine_tenths_of_the_counts_lie_in_the_range(mean):
    low, high = poisson_range(mean)
    assert stats.poisson.cdf(low - 1, mean) <= 0.05
    assert stats.poisson.sf(high, mean) <= 0.05
    assert low == 0 or stats.poisson.cdf(low, mean) >= 0.05
    assert high == low or stats.poisson.cdf(high - 1, mean) < 0.95


def test_that_what_was_seen_is_held_against_what_was_expected():
    more = watched("R-1", 2.0, [incident(1, "2027-02-05", 7, public=True, harm=3.0), incident(2, "2027-02-09", 2)])
    assert (more.seen, more.public, more.harm, more.verdict) == (9, 7, 3.0, "more than expected")
    assert more.chance == pytest.approx(stats.poisson.sf(8, 2.0))
    assert watched("R-1", 12.0, []).verdict == "fewer than expected"
    assert watched("R-1", 12.0, [incident(1, "2027-02-05", 11)]).verdict == "as expected"
    assert watched("R-1", 0.2, []).verdict == "too early to say"
    assert watched("R-1", 0.0, [incident(1, "2027-02-05")]).verdict == "more than expected"
    assert watched("R-1", 0.0, []).verdict == "too early to say"


def test_that_the_days_out_stop_at_the_horizon_and_start_at_the_launch():
    assert days_out(launch(as_of="2027-01-31")) == 0
    assert days_out(launch(as_of="2027-02-01")) == 1
    assert days_out(launch(as_of="2027-02-11")) == 11
    assert days_out(launch(as_of="2026-12-01"), "2027-02-11") == 11
    assert days_out(launch(as_of="2029-01-01")) == 90


def test_that_incidents_within_the_window_reach_a_trigger_and_those_apart_do_not():
    near = [incident(1, "2027-02-05", 2), incident(2, "2027-02-10", 1)]
    (found,) = opened(trigger(3, window_days=7), *near)
    assert (found.trigger, found.gate, found.amount, found.on) == ("TR-1", "G-1", 3, "2027-02-10")
    assert opened(trigger(3, window_days=5), *near) == ()


def test_that_only_public_incidents_count_for_a_public_trigger():
    assert opened(trigger(1, measure="public_incidents"), incident(1, "2027-02-05")) == ()
    assert len(opened(trigger(1, measure="public_incidents"), incident(1, "2027-02-05", public=True))) == 1


def test_that_harm_is_added_up():
    (found,) = opened(trigger(5, measure="harm"), incident(1, "2027-02-05", harm=2), incident(2, "2027-02-06", harm=3))
    assert found.amount == 5


def test_that_a_rate_is_of_what_was_seen_and_needs_both_numbers():
    rows = [
        reading(1, "2027-02-01", days=7, opportunities=1000, violations=1),
        reading(2, "2027-02-08", days=7, opportunities=1000, violations=5),
        reading(3, "2027-02-15", days=7, violations=500),
    ]
    (found,) = opened(trigger(0.003, measure="rate"), *rows)
    assert (found.amount, found.on) == (0.003, "2027-02-14")
    assert opened(trigger(0.004, measure="rate"), *rows) == ()


def test_that_alerts_are_counted_by_the_day():
    assert opened(trigger(11, measure="alerts"), reading(1, "2027-02-01", days=7, alerts=70)) == ()
    assert len(opened(trigger(10, measure="alerts"), reading(1, "2027-02-01", days=7, alerts=70))) == 1


def test_that_nothing_after_the_as_of_day_counts():
    assert opened(trigger(1), incident(1, "2027-02-20"), as_of="2027-02-10") == ()


def test_that_what_was_decided_on_counts_no_more():
    rows = [incident(1, "2027-02-05", 3), incident(2, "2027-02-20", 2)]
    (found,) = opened(trigger(3, window_days=30), *rows)
    assert (found.amount, found.on) == (3, "2027-02-05")
    assert opened(trigger(3, window_days=30, decided_on="2027-02-05"), *rows) == ()
    (again,) = opened(trigger(2, window_days=30, decided_on="2027-02-05"), *rows)
    assert (again.amount, again.on) == (2, "2027-02-20")
    assert opened(trigger(2, window_days=30, decided_on="2027-02-20"), *rows) == ()


def test_that_a_reading_that_ends_after_the_decision_still_counts():
    seen = reading(1, "2027-02-01", days=7, opportunities=100, violations=5)
    assert len(opened(trigger(0.05, measure="rate", decided_on="2027-02-06"), seen)) == 1
    assert opened(trigger(0.05, measure="rate", decided_on="2027-02-07"), seen) == ()


@given(
    st.lists(st.tuples(st.integers(0, 27), st.integers(1, 4)), max_size=6),
    st.integers(1, 6),
    st.integers(1, 10),
    st.integers(0, 27),
)
def test_that_a_decision_never_opens_a_gate_and_later_ones_open_fewer(given_rows, threshold, window, day):
    rows = [incident(number, f"2027-02-{1 + on:02d}", many) for number, (on, many) in enumerate(given_rows)]
    rule = {"threshold": threshold, "window_days": window}
    open_now = opened(trigger(**rule), *rows)
    decided = opened(trigger(**rule, decided_on=f"2027-02-{1 + day:02d}"), *rows)
    assert len(decided) <= len(open_now)
    assert all(one.on > f"2027-02-{1 + day:02d}" for one in decided)
    assert opened(trigger(**rule, decided_on="2027-03-01"), *rows) == ()

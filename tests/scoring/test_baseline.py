"""The launch before: its readings as evidence, its incidents as a lower bound, and never a row after the day."""

import dataclasses

import pytest

from launchpad.records import ExpertEstimate, Incident, Reading, Scenario, Standing
from launchpad.results import aftermath_of, compute, explain
from launchpad.scoring.baseline import baseline_of, forebear
from launchpad.scoring.checks import check
from launchpad.scoring.identity import plan_hash, score_hash
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import build
from tests.builders import LAUNCH, certain, effect, grounds, inputs_of, launch, link, mitigation, result, scenario

BEFORE = 700
EARLIER = dataclasses.replace(
    launch(),
    id=BEFORE,
    code="L-0",
    launch_date="2026-09-01",
    freeze_date="2026-08-20",
    as_of="2026-08-15",
    status="launched",
)
NEXT = launch(baseline=BEFORE, as_of="2026-12-01")


def earlier(number, code=None, **fields):
    """The rows of a scenario of the launch before, of the same numbers as `scenario` makes."""
    rows = []
    for row in scenario(number, **fields):
        moved = dataclasses.replace(row, id=row.id + 50_000, launch=BEFORE)
        if isinstance(row, Scenario):
            moved = dataclasses.replace(moved, code=code or row.code)
        else:
            moved = dataclasses.replace(moved, scenario=50_100 + number)
        rows.append(moved)
    return rows


def reading(number, starts="2026-12-01", **fields):
    values = {"launch": BEFORE, "scenario": 50_101, "starts": starts, **fields}
    return Reading(id=19200 + number, code=f"MR-{number}", **values)


def incident(number, day, events=1, **fields):
    values = {"launch": BEFORE, "scenario": 50_101, "happened": day, "events": events, **fields}
    return Incident(id=19100 + number, code=f"I-{number}", **values)


def given(*records, out=NEXT):
    return inputs_of([out, EARLIER, *(row for row in grounds() if row.table != "launch"), *records])


def theta(*records, out=NEXT):
    (risk,) = build(given(*records, out=out), LAUNCH).risks
    return risk.propensity


def test_that_a_reading_of_the_launch_before_is_measured_evidence():
    found = theta(*scenario(1, propensity=None), *earlier(1), reading(1, opportunities=300, violations=14))
    assert (found.origin, found.kind) == ("evidence", "measured")
    assert found.beta == pytest.approx((0.5 + 14, 0.5 + 286))
    (used,) = found.used
    assert used.reading.record == "reading MR-1"


def test_that_its_weight_falls_with_age_build_and_surface():
    rows = [*scenario(1, propensity=None), *earlier(1)]
    old = theta(*rows, reading(1, "2026-09-02", opportunities=300, violations=14))
    assert old.used[0].weight == pytest.approx(0.5)  # ninety days, one half-life
    other = dataclasses.replace(NEXT, model="n-2")
    assert theta(*rows, reading(1, opportunities=300, violations=14), out=other).used[0].weight == 0.25


def test_that_it_pools_with_results_taken_under_the_same_safeguards():
    rows = [*scenario(1, propensity=None), *earlier(1), result(1, 6, 100), link(1, 1)]
    found = theta(*rows, reading(1, opportunities=300, violations=14))
    assert found.beta == pytest.approx((0.5 + 20, 0.5 + 380))


def test_that_safeguards_that_stood_when_it_ran_are_inside_it():
    stood = Standing(id=490, launch=BEFORE, variant=301, status="in_place", finished="2026-08-01")
    mine = mitigation(1, standing="in_place")
    rows = [*scenario(1, propensity=None), *earlier(1), *mine, stood, effect(1, 1, 0.5)]
    inputs = given(*rows, reading(1, opportunities=1000, violations=50))
    model = build(inputs, LAUNCH)
    assert model.on.tolist() == [[True]]
    row = compute(inputs, LAUNCH, draws=200).scenarios[0]
    assert row.states["current"] is not None
    assert row.states["inherent"] is not None
    assert row.states["inherent"].beta == pytest.approx(2 * row.states["current"].beta)


def test_that_a_change_of_safeguards_while_it_ran_is_told():
    stood = Standing(id=490, launch=BEFORE, variant=301, status="in_place", finished="2026-11-20")
    rows = [*scenario(1, propensity=None), *earlier(1), *mitigation(1), stood]
    found = theta(*rows, reading(1, "2026-11-15", days=10, opportunities=1000, violations=50))
    assert [warning.message for warning in found.warnings] == [
        "M-001.std changed while it ran: what stood at its start is taken."
    ]


def test_that_a_reading_that_names_what_was_on_is_believed():
    stood = Standing(id=490, launch=BEFORE, variant=301, status="in_place", finished="2026-11-20")
    rows = [*scenario(1, propensity=None), *earlier(1), *mitigation(1), *mitigation(2), stood]
    numbers = {"days": 10, "opportunities": 1000, "violations": 50}
    (named,) = theta(*rows, reading(1, "2026-11-15", in_place="M-002.std", **numbers)).used
    assert named.on == {302}
    (none,) = theta(*rows, reading(1, "2026-11-21", in_place="none", **numbers)).used
    assert none.on == frozenset()
    (unknown,) = theta(*rows, reading(1, "2026-11-21", **numbers)).used
    assert unknown.on == {301}
    told = theta(*rows, reading(1, "2026-11-15", in_place="M-002.std, M-7", **numbers)).warnings
    assert [row.message for row in told] == ["It names mitigations that do not exist: M-7."]


@pytest.mark.parametrize("fields", [{"violations": 3}, {"opportunities": 0, "violations": 0}, {"opportunities": 50}])
def test_that_a_reading_without_a_denominator_is_no_evidence(fields):
    found = theta(*scenario(1), *earlier(1), reading(1, **fields))
    assert found.origin == "estimate"
    assert found.set_aside == (("reading MR-1", "It has no violations of opportunities seen, so it gives no rate."),)


def test_that_nothing_after_the_day_of_the_figures_counts():
    late = reading(1, "2026-11-30", days=3, opportunities=300, violations=14)
    assert theta(*scenario(1), *earlier(1), late).origin == "estimate"


def test_that_a_scenario_goes_back_to_the_one_it_was_copied_from_else_to_its_own_code():
    rows = [*earlier(1, code="R-009"), *earlier(2, code="R-001")]
    inputs = given(*scenario(1), *rows)
    (mine,) = [row for row in inputs.rows(Scenario) if row.launch == LAUNCH]

    def goes_back_to(**fields):
        found = forebear(inputs, EARLIER, dataclasses.replace(mine, **fields))
        return None if found is None else found.code

    assert goes_back_to() == "R-001"
    assert goes_back_to(copied_from="L-0/R-009") == "R-009"
    assert goes_back_to(copied_from="L-0 R-009") == "R-009"
    assert goes_back_to(copied_from="L-5/R-009") is None
    assert goes_back_to(risk_area=4) is None
    assert goes_back_to(risk_area=4, copied_from="L-0/R-009") == "R-009"


def test_that_a_launch_never_follows_itself():
    mine = launch(baseline=LAUNCH)
    assert baseline_of(inputs_of([mine]), mine) is None


def test_that_incidents_never_become_a_rate_but_a_lower_bound_that_warns():
    rows = [*scenario(1, propensity=certain(0.0001)), *earlier(1)]
    inputs = given(*rows, incident(1, "2026-09-05", 7))
    assert build(inputs, LAUNCH).risks[0].propensity.origin == "estimate"
    (told,) = [row for row in check(inputs, LAUNCH) if row.field == "propensity" and row.record == "scenario R-001"]
    # .00025 events a day over the 92 days from 2026-09-01 to 2026-12-01.
    assert told.message.startswith("L-0 had at least 7 events of it (R-001) in 92 days; 0.023 are expected here in as")
    plenty = given(*scenario(1), *earlier(1), incident(1, "2026-09-05", 7))
    assert not [row for row in check(plenty, LAUNCH) if "had at least" in row.message]


def test_that_the_next_launch_shows_what_was_predicted_for_the_one_before():
    inputs = given(*scenario(1), *earlier(1), incident(1, "2026-09-05", 7))
    found = aftermath_of(inputs, build(inputs, LAUNCH))
    assert (found.baseline, found.days_before, found.out) == ("L-0", 90, False)
    (row,) = found.before
    assert (row.code, row.now, row.seen) == ("R-001", "R-001", 7)
    assert row.expected == pytest.approx(22.5)
    assert row.verdict == "fewer than expected"


def test_that_the_tree_names_the_reading_and_no_result():
    inputs = given(*scenario(1, propensity=None), *earlier(1), reading(1, opportunities=300, violations=14))
    text = "\n".join(explain(inputs, compute(inputs, LAUNCH, draws=200), "R-001").lines())
    assert "Violations per opportunity in monitoring = 0.04667 [measured]" in text
    assert "(reading MR-1)" in text
    assert "eval_result" not in text


def test_that_the_hash_changes_with_what_the_launch_before_tells_and_only_then():
    rows = [*scenario(1), *earlier(1)]
    plain, alone = given(*rows), given(*scenario(1))
    seen, happened = given(*rows, reading(1, opportunities=9, violations=1)), given(*rows, incident(1, "2026-09-05"))
    for found in (score_hash, plan_hash):
        assert found(plain, LAUNCH) == found(alone, LAUNCH)
        assert len({found(each, LAUNCH) for each in (plain, seen, happened)}) == 3


def test_that_work_kept_from_before_is_done_anew_when_something_comes_in():
    rows = [*scenario(1, propensity=None), *earlier(1)]
    before, kept = given(*rows), Kept()
    assert build(before, LAUNCH, kept=kept).risks[0].propensity.origin == "default"
    after = before.with_rows({"reading": (reading(1, opportunities=300, violations=14),)}, "head")
    assert build(after, LAUNCH, kept=kept).risks == build(after, LAUNCH).risks
    asked = ExpertEstimate(
        id=19500, launch=LAUNCH, scenario=101, quantity="propensity", expert=1, low=0.1, median=0.2, high=0.3
    )
    both = after.with_rows({"expert_estimate": (asked,)}, "head")
    assert build(both, LAUNCH, kept=kept).risks == build(both, LAUNCH).risks

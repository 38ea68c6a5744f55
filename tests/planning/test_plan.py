"""Plans of launches, from their records to the words beside them."""

import dataclasses
import json

import pytest

from launchpad.errors import CancelledError, InfeasiblePlanError, UnknownRecordError
from launchpad.planning import make_plan, plan_json
from launchpad.planning.reading import case
from launchpad.planning.truth import Truth
from launchpad.records import DayOff, Estimate, Lock, Standing, Tolerance
from launchpad.scoring.mitigations import Overlap
from launchpad.scoring.residual import residual
from tests.planning.launches import TEAM, Sketch, chosen, reason, wrong


def planned(sketch: Sketch, *locks: tuple[str, str], seconds: float = 5.0):
    inputs = sketch.inputs()
    found = make_plan(inputs, sketch.launch.id, seconds=seconds, locks=locks)
    assert list(wrong(inputs, found, sketch.launch)) == []
    assert found.bound <= found.objective
    return found


def test_that_a_launch_is_planned_within_its_rules():
    sketch = Sketch(buffer_days=3)
    sketch.team("T-2", a_week=8.0, committed=0.25)
    sketch.add(DayOff, team=sketch.teams[TEAM].id, day="2027-01-13")
    shared = sketch.scenario()
    check = sketch.evaluation("EV-1", 2.0, waiting_days=1)
    sketch.acting("M-001.a", {TEAM: 3.0, "T-2": 4.0}, 0.6, shared, family="f", verified_by=check.id)
    sketch.acting("M-001.b", {TEAM: 6.0, "T-2": 6.0}, 0.8, shared, verified_by=check.id)
    sketch.acting("M-002.a", 4.0, 0.5, shared, family="f", waiting_days=4)
    sketch.acting("M-003.a", {"T-2": 5.0}, 0.4, splittable=True)
    sketch.acting("M-004.a", 5.0, 0.3)
    sketch.needs("M-003", "M-001")
    found = planned(sketch)
    assert {"EV-1", "M-003.a"} <= chosen(found)
    assert found.gap < 1e-3
    assert found.objective < 1
    assert [item.priority for item in found.selected] == list(range(1, len(found.selected) + 1))
    assert all(0 <= item.p_ready <= 1 for item in found.selected)


def test_that_the_objective_is_that_of_the_scoring_room():
    sketch = Sketch()
    first, second = sketch.scenario("R-001"), sketch.scenario("R-002", chances=30.0)
    sketch.acting("M-001.a", 1.0, 0.6, first, family="f")
    sketch.acting("M-002.a", 1.0, 0.5, first, family="f", status="in_place")
    sketch.acting("M-003.a", 1.0, 0.4, first)
    sketch.effect(sketch.acting("M-004.a", 1.0, -0.2, second), first, 0.3, "severity")
    sketch.effect(sketch.variant("M-002.b", 1.0), first, 0.7)
    made = case(sketch.inputs(), sketch.launch.id)
    truth = Truth(made)
    whole = Overlap(made.model.coefficients.overlap_family, 0.0)
    today = residual(made.model, made.model.current, whole).technical.sum()
    technical = [number for number, term in enumerate(made.problem.objective.terms) if term.nu is None]
    for items in ({0}, {1}, {2}, {3}, {0, 2, 3}, {0, 1, 2, 3}):
        depths = made.problem.objective.depths(items)
        value = sum(made.problem.objective.terms[number].value(depths[number]) for number in technical)
        left = residual(made.model, truth.state(items), whole).technical.sum()
        assert value == pytest.approx(0.7 * left / today)
    assert made.problem.objective.value(()) == pytest.approx(1.0)


def test_that_refusals_enter_by_their_gradient_and_decide():
    sketch = Sketch()
    harmless = sketch.scenario("R-001", rate=0.02, chances=1000.0, over_refusal=True)
    blunt = sketch.acting("M-001.a", 1.0, 0.1, sketch.scenario("R-002", rate=0.01))
    sketch.refuses(blunt, 0.05)
    sketch.acting("M-002.a", 1.0, 0.5, harmless)
    found = planned(sketch)
    assert chosen(found) == {"M-002.a"}
    assert "make things worse" in reason(found, "M-001")


def test_that_an_exclusion_and_a_lock_are_obeyed_and_told():
    sketch = Sketch()
    sketch.acting("M-001.a", 2.0, 0.8)
    sketch.acting("M-002.a", 2.0, 0.3)
    sketch.excludes("X-1", "M-001", "M-002")
    found = planned(sketch)
    assert chosen(found) == {"M-001.a"}
    assert "X-1" in reason(found, "M-002")
    row = next(row for row in found.left_out if row.mitigation == "M-002")
    assert row.displaces == ("M-001.a",)
    assert row.loss is not None
    assert row.loss > 0
    locked = planned(sketch, ("M-002", "must"))
    assert chosen(locked) == {"M-002.a"}
    assert "locked out" in reason(planned(sketch, ("M-001.a", "never")), "M-001")


def test_that_a_stored_lock_holds_unless_another_is_asked_for():
    sketch = Sketch()
    row = sketch.acting("M-001.a", 2.0, 0.8)
    sketch.add(Lock, launch=sketch.launch.id, mitigation=row.mitigation, kind="never")
    assert chosen(planned(sketch)) == set()
    assert chosen(planned(sketch, ("M-001", "must"))) == {"M-001.a"}


def test_that_what_is_missing_is_named_for_what_does_not_fit():
    sketch = Sketch(freeze_date="2027-01-08")
    sketch.acting("M-001.a", 4.0, 0.9)
    sketch.acting("M-002.a", 3.0, 0.5)
    found = planned(sketch)
    assert chosen(found) == {"M-001.a"}
    assert reason(found, "M-002") == (
        "It takes 3 person-days of Team T-1 (T-1), which has 1 left in time before 2027-01-08."
    )
    row = next(row for row in found.left_out if row.mitigation == "M-002")
    assert row.displaces == ("M-001.a",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"days": 40.0}, "which has 20 free in time"),
        ({"days": 15.0, "waiting_days": 14}, "14 days of waiting"),
        ({"days": {"T-0": 1.0}}, "no free capacity"),
    ],
)
def test_that_impossible_work_is_left_out_with_the_reason(change, words):
    sketch = Sketch()
    sketch.team("T-0", a_week=0.0)
    sketch.acting("M-001.a", change.pop("days"), 0.5, **change)
    assert words in reason(planned(sketch), "M-001")


def test_that_mitigations_without_effort_or_effect_are_left_out_with_the_reason():
    sketch = Sketch()
    sketch.variant("M-001.a", 2.0)
    sketch.effect(sketch.variant("M-002.a", {}), sketch.scenario(), 0.5)
    sketch.acting("M-003.a", 1.0, 0.5, status="dropped")
    found = planned(sketch)
    assert reason(found, "M-001") == "It acts on no scenario of this launch."
    assert reason(found, "M-002") == "No effort is given for it."
    assert reason(found, "M-003") == "It was dropped."


def test_that_a_circle_of_dependencies_is_named_and_the_rest_is_planned():
    sketch = Sketch()
    for code in ("M-001", "M-002", "M-003", "M-004"):
        sketch.acting(f"{code}.a", 1.0, 0.5)
    sketch.needs("M-001", "M-002")
    sketch.needs("M-002", "M-001", "requires")
    sketch.needs("M-003", "M-002")
    found = planned(sketch)
    assert chosen(found) == {"M-004.a"}
    assert reason(found, "M-001") == "It waits for itself: M-001 needs M-002 needs M-001."
    assert reason(found, "M-003").startswith("It needs M-002, which cannot be done.")
    with pytest.raises(InfeasiblePlanError, match="M-003 must be done, but it cannot be"):
        planned(sketch, ("M-003", "must"))


def test_that_a_circle_of_plain_needs_means_all_or_none():
    sketch = Sketch()
    sketch.acting("M-001.a", 1.0, 0.5)
    sketch.acting("M-002.a", 1.0, 0.5)
    sketch.needs("M-001", "M-002", "requires")
    sketch.needs("M-002", "M-001", "requires")
    assert chosen(planned(sketch)) == {"M-001.a", "M-002.a"}


def test_that_what_is_done_costs_nothing_and_what_has_begun_goes_on_first():
    sketch = Sketch()
    sketch.acting("M-001.a", 9.0, 0.5, status="done")
    begun = sketch.acting("M-002.a", 9.0, 0.01)
    sketch.add(Standing, launch=sketch.launch.id, variant=begun.id, status="started", remaining_days=2.0)
    sketch.acting("M-003.a", 4.0, 0.6)
    sketch.needs("M-003", "M-001")
    found = planned(sketch)
    assert chosen(found) == {"M-002.a", "M-003.a"}
    going = next(item for item in found.selected if item.variant == "M-002.a")
    assert (going.start, going.finish, going.teams[0].days) == ("2027-01-04", "2027-01-05", 2.0)


def test_that_work_begun_that_cannot_be_finished_is_said():
    sketch = Sketch()
    sketch.acting("M-001.a", 60.0, 0.5, status="started")
    found = planned(sketch)
    assert "free in time" in reason(found, "M-001") or "started" in reason(found, "M-001")


def test_that_a_run_follows_what_it_verifies_and_earns_the_credit():
    sketch = Sketch()
    check = sketch.evaluation("EV-1", 2.0)
    sketch.acting("M-001.a", 3.0, 0.8, verified_by=check.id)
    found = planned(sketch)
    assert chosen(found) == {"M-001.a", "EV-1"}
    run = next(item for item in found.selected if item.evaluation == "EV-1")
    assert run.reason == "It verifies M-001.a."
    assert run.gain > 0


def test_that_a_run_of_unknown_effort_leaves_the_credit_of_an_assumption():
    known, unknown = Sketch(), Sketch()
    known.acting("M-001.a", 3.0, 0.8, verified_by=known.evaluation("EV-1", 1.0).id)
    unknown.acting("M-001.a", 3.0, 0.8, verified_by=unknown.evaluation("EV-1", None).id)
    found = planned(unknown)
    assert chosen(found) == {"M-001.a"}
    assert any("EV-1 cannot be planned (its effort is not known)" in note for note in found.notes)
    assert found.objective > planned(known).objective


def test_that_a_gate_puts_its_run_into_the_plan_and_first():
    sketch = Sketch()
    check = sketch.evaluation("EV-1", 2.0)
    sketch.gate("G-1", scenario=sketch.scenario().id, verified_by=check.id)
    sketch.acting("M-001.a", 3.0, 0.8)
    found = planned(sketch)
    assert found.selected[0].evaluation == "EV-1"
    assert found.selected[0].reason == "Gate G-1 needs EV-1."


def test_that_a_catastrophic_limit_is_kept_before_anything_else():
    sketch = Sketch(freeze_date="2027-01-08")
    grave = sketch.scenario("R-001", rate=0.001, catastrophic=True)
    sketch.add(
        Tolerance, code="TL-1", launch=sketch.launch.id, name="Grave", measure="events", scenario=grave.id, limit=4.5
    )
    sketch.acting("M-001.a", 4.0, 0.6, grave)
    sketch.acting("M-002.a", 4.0, 0.9)
    assert chosen(planned(sketch)) == {"M-001.a"}


def test_that_a_limit_nobody_can_keep_is_passed_by_the_least_and_said():
    sketch = Sketch()
    grave = sketch.scenario("R-001", rate=0.001, catastrophic=True)
    sketch.add(
        Tolerance, code="TL-1", launch=sketch.launch.id, name="Grave", measure="events", scenario=grave.id, limit=1e-3
    )
    sketch.acting("M-001.a", 4.0, 0.6, grave)
    sketch.acting("M-002.a", 4.0, 0.9)
    found = planned(sketch)
    assert chosen(found) == {"M-001.a", "M-002.a"}
    assert any("TL-1" in note and "as near as any" in note for note in found.notes)


def test_that_a_side_effect_budget_is_kept_and_named():
    sketch = Sketch()
    for code, share in (("M-001.a", 0.02), ("M-002.a", 0.02)):
        sketch.refuses(sketch.acting(code, 1.0, 0.5 if code == "M-001.a" else 0.4), share)
    sketch.add(Tolerance, code="TL-1", launch=sketch.launch.id, name="Refusals", measure="false_refusal", limit=0.03)
    found = planned(sketch)
    assert chosen(found) == {"M-001.a"}
    assert "TL-1" in reason(found, "M-002")


def test_that_contradictory_locks_are_named_and_only_those():
    sketch = Sketch(freeze_date="2027-01-08")
    sketch.acting("M-001.a", 3.0, 0.5)
    sketch.acting("M-002.a", 3.0, 0.5)
    sketch.acting("M-003.a", 1.0, 0.5)
    with pytest.raises(InfeasiblePlanError) as told:
        planned(sketch, ("M-001", "must"), ("M-002", "must"), ("M-003", "must"))
    assert "M-001 must be done" in told.value.message
    assert "M-002 must be done" in told.value.message
    assert "Team T-1 (T-1) has no more capacity" in told.value.message
    assert "M-003" not in told.value.message


def test_that_musts_an_exclusion_forbids_are_named_with_it():
    sketch = Sketch()
    sketch.acting("M-001.a", 1.0, 0.5)
    sketch.acting("M-002.a", 1.0, 0.5)
    sketch.excludes("X-1", "M-001", "M-002")
    with pytest.raises(
        InfeasiblePlanError, match=r"M-001 must be done; M-002 must be done; X-1 \(One of 2\) allows one"
    ):
        planned(sketch, ("M-001", "must"), ("M-002", "must"))


def test_that_a_must_and_a_never_on_one_thing_are_refused():
    sketch = Sketch()
    sketch.acting("M-001.a", 1.0, 0.5)
    with pytest.raises(InfeasiblePlanError, match="Two locks contradict each other"):
        planned(sketch, ("M-001", "must"), ("M-001.a", "never"), ("M-001", "never"))
    with pytest.raises(UnknownRecordError):
        planned(sketch, ("M-999", "must"))


def test_that_the_same_inputs_and_seed_give_the_same_plan():
    sketch = Sketch()
    shared = sketch.scenario()
    for number in range(1, 9):
        sketch.acting(f"M-00{number}.a", 1.0 + number % 4, 0.1 * number, shared, family="f" if number % 2 else None)
    first, second = planned(sketch), planned(sketch)
    assert dataclasses.replace(first, seconds=0.0) == dataclasses.replace(second, seconds=0.0)


def test_that_nothing_to_do_is_an_empty_plan():
    sketch = Sketch()
    sketch.scenario()
    found = planned(sketch)
    assert found.selected == ()
    assert (found.objective, found.bound, found.gap) == (
        pytest.approx(1.0),
        pytest.approx(1.0),
        pytest.approx(0.0, abs=1e-5),
    )


def test_that_uncertain_effort_near_the_freeze_lowers_the_chance_to_be_ready():
    chances: list[float] = []
    for freeze, buffer in (("2027-01-11", 0), ("2027-01-15", 4)):
        sketch = Sketch(freeze_date=freeze, buffer_days=buffer)
        sketch.acting("M-001.a", Estimate(3.0, 4.0, 8.0, "elicited"), 0.5)
        (item,) = planned(sketch).selected
        assert item.finish == "2027-01-08"
        chances.append(item.p_ready)
    # Mean 4.6, planned over five days from Monday the 4th: late when it takes over 8 / 5 of that, or 12 / 5 of it.
    assert 0.9 < chances[0] < 1
    assert chances[0] < chances[1]


def test_that_progress_is_told_and_stopping_keeps_the_best():
    sketch = Sketch()
    for number in range(1, 6):
        sketch.acting(f"M-00{number}.a", 3.0, 0.1 * number)
    told: list[tuple[float, str]] = []
    make_plan(sketch.inputs(), sketch.launch.id, seconds=5, progress=lambda share, words: told.append((share, words)))
    assert any("Best so far" in words for _, words in told)
    assert all(0 <= share <= 1 for share, _ in told)

    def stop(_: float, words: str) -> None:
        if "Best so far" in words:
            raise CancelledError("Stopped.")

    found = make_plan(sketch.inputs(), sketch.launch.id, seconds=60, progress=stop)
    assert found.stopped
    assert found.selected

    def at_once(*_: object) -> None:
        raise CancelledError("Stopped.")

    assert make_plan(sketch.inputs(), sketch.launch.id, seconds=60, progress=at_once).stopped


def test_that_the_answer_has_every_key_and_is_json():
    sketch = Sketch()
    sketch.acting("M-001.a", 3.0, 0.5)
    found = planned(sketch)
    answer = json.loads(json.dumps(plan_json(sketch.inputs(), found, None, None), allow_nan=False))
    assert set(answer) >= {
        "launch", "plan", "input_hash", "seed", "objective", "bound", "gap", "seconds", "selected", "left_out",
        "capacity", "shadow_prices", "assumed_share", "alternatives", "front", "date_curve", "before", "after",
    }  # fmt: skip
    (item,) = answer["selected"]
    assert item["teams"] == [{"team": "T-1", "days": 3.0}]
    assert item["core_index"] is None
    weeks = [row for row in answer["capacity"] if row["used"]]
    assert sum(row["used"] for row in weeks) == pytest.approx(3.0)
    assert answer["capacity"][0]["week"] == "2027-01-04"

"""Evaluations in a plan: what verifies, what a gate needs, and what a run tells weighed against its effort."""

import pytest

from launchpad.planning import make_plan
from launchpad.planning.reading import case
from launchpad.planning.truth import Truth
from launchpad.planning.worth import told_by_runs
from launchpad.records import EvidenceLink, LinkRule, Scenario
from launchpad.scoring.model import build
from launchpad.scoring.next_evaluations import next_evaluations
from tests.planning.launches import Sketch, chosen, wrong


def planned(sketch: Sketch, *locks: tuple[str, str]):
    inputs = sketch.inputs()
    found = make_plan(inputs, sketch.launch.id, seconds=5, locks=locks)
    assert list(wrong(inputs, found, sketch.launch)) == []
    return found


def near_a_gate(effort: float = 2.0, **values) -> tuple[Sketch, Scenario]:
    """A scenario measured at 9 of 90 against a gate at 10 %: a further run of 300 would tell much."""
    sketch = Sketch()
    scenario = sketch.scenario("R-001")
    run = sketch.evaluation("EV-1", effort, candidate_n=300, polarity="lower", **values)
    sketch.measured(scenario, run, 9, 90)
    sketch.gate("G-1", scenario=scenario.id, threshold=0.1)
    return sketch, scenario


def test_that_a_run_enters_by_what_it_tells_and_says_so():
    sketch, _ = near_a_gate()
    found = planned(sketch)
    assert chosen(found) == {"EV-1"}
    assert found.selected[0].reason == "What it tells about G-1 of R-001 is worth its effort."
    inputs = sketch.inputs()
    model = build(inputs, sketch.launch.id)
    (row,) = next_evaluations(inputs, model, model.current)
    whole = float((model.opportunities * model.theta * model.harm).sum())
    # Harm units become units of the objective as technical risk does: as a share of today's, times its weight.
    assert found.selected[0].gain == pytest.approx(model.weights[0] * row.evsi / whole, rel=1e-6)


def test_that_what_a_run_tells_competes_for_the_same_days():
    assert chosen(planned(near_a_gate(effort=25.0)[0])) == set()
    crowded, scenario = near_a_gate(effort=18.0)
    crowded.acting("M-001.a", 4.0, 0.9, scenario)
    assert chosen(planned(crowded)) == {"M-001.a"}


def test_that_a_launch_without_a_limit_has_no_run_worth_it():
    sketch = Sketch()
    sketch.measured(sketch.scenario("R-001"), sketch.evaluation("EV-1", 1.0, candidate_n=300, polarity="lower"), 9, 90)
    assert chosen(planned(sketch)) == set()


def test_that_a_run_that_verifies_counts_only_by_that():
    sketch, scenario = near_a_gate()
    run = next(row for row in sketch.rows if getattr(row, "code", "") == "EV-1")
    sketch.acting("M-001.a", 3.0, 0.8, scenario, verified_by=run.id)
    read = case(sketch.inputs(), sketch.launch.id)
    assert read.untold == ()
    assert chosen(planned(sketch)) == {"M-001.a", "EV-1"}


def test_that_a_second_run_about_the_same_decision_tells_less():
    sketch, scenario = near_a_gate()
    sketch.measured(scenario, sketch.evaluation("EV-2", 2.0, candidate_n=300, polarity="lower"), 9, 90)
    read = case(sketch.inputs(), sketch.launch.id)
    one, other = (number for number, item in enumerate(read.problem.items) if item.mitigation is None)
    first, second, both = read.informed((one,)), read.informed((other,)), read.informed((one, other))
    assert min(first, second) < 0
    assert first + second < both < min(first, second)
    assert -both <= sum(each.unknown for each in told_by_runs(read.inputs, read.model)) + 1e-12


def test_that_the_score_and_the_objective_agree_on_what_a_run_tells():
    sketch, _ = near_a_gate()
    read = case(sketch.inputs(), sketch.launch.id)
    (run,) = (number for number, item in enumerate(read.problem.items) if item.code == "EV-1")
    assert Truth(read).score((run,)) == pytest.approx(read.problem.objective.value((run,)))
    assert read.problem.objective.value(()) == pytest.approx(1.0)
    assert Truth(read).score(()) == pytest.approx(1.0)


def test_that_an_open_catastrophic_determination_wants_the_run_it_is_about():
    sketch = Sketch()
    grave = sketch.scenario("R-001", rate=0.001, catastrophic=True)
    sketch.acting("M-001.a", 3.0, 0.5)
    check = sketch.evaluation("EV-1", 2.0, candidate_n=300)
    sketch.gate("G-1", scenario=grave.id, threshold=0.01, evaluation=check.id)
    found = planned(sketch)
    assert "EV-1" in chosen(found)
    assert next(item for item in found.selected if item.evaluation).reason == "Gate G-1 needs EV-1."


def test_that_a_result_that_is_there_needs_no_run():
    sketch = Sketch()
    check = sketch.evaluation("EV-1", 2.0)
    variant = sketch.variant("M-001.a", 3.0, verified_by=check.id)
    effect = sketch.effect(variant, sketch.scenario(), 0.8)
    link = sketch.measured(sketch.scenario("R-002"), check, 5, 100)
    sketch.add(EvidenceLink, launch=sketch.launch.id, result=link.result, role="efficacy", effect=effect.id)
    assert chosen(planned(sketch)) == {"M-001.a"}


def test_that_a_rule_may_say_what_a_run_would_tell():
    sketch = Sketch()
    scenario = sketch.scenario("R-001")
    sketch.evaluation("EV-1", 2.0, task="fraud", candidate_n=300)
    sketch.add(LinkRule, code="LR-1", name="Fraud", task="fraud", role="propensity", scenario=scenario.id)
    sketch.gate("G-1", scenario=scenario.id, threshold=0.1)
    assert chosen(planned(sketch)) == {"EV-1"}

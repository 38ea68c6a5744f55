"""The sample launch is complete, refers to nothing that is not there, and says what it assumes."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from launchpad.edits.criteria import SEALED, seal_state
from launchpad.edits.values import checked
from launchpad.records import (
    RECORDS,
    Capacity,
    Criterion,
    DayOff,
    Dependency,
    Effect,
    Effort,
    Estimate,
    EvalResult,
    Evaluation,
    EvaluationEffort,
    EvidenceLink,
    ExclusionGroup,
    ExclusionMember,
    Exposure,
    Gate,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Person,
    Publicity,
    Reading,
    RiskArea,
    Scenario,
    Severity,
    SideEffect,
    Standing,
    SuccessCriterion,
    Surface,
    SwingWeight,
    TaxonomyRelease,
    Team,
    Tolerance,
    Trigger,
    WeightSet,
    fields_of,
)
from launchpad.records.judgements import MEASURES
from launchpad.records.links import STAGES
from launchpad.results import compute
from launchpad.results.options import judged, weighed
from launchpad.results.tradeoffs import tradeoffs
from launchpad.scoring.aftermath import reached, verdicts
from launchpad.scoring.baseline import last_day
from launchpad.scoring.coefficients import of
from launchpad.templates import sample_project

STANDS = ("done", "in_place")


def every_row(inputs: Inputs):
    return [row for record in RECORDS for row in inputs.rows(record)]


def launch_of(inputs: Inputs) -> Launch:
    (launch,) = inputs.rows(Launch)
    return launch


def working_days(inputs: Inputs, team: int) -> list[date]:
    launch = launch_of(inputs)
    day = date.fromisoformat(launch.as_of)
    last = date.fromisoformat(launch.freeze_date) - timedelta(days=launch.buffer_days)
    off = {row.day for row in inputs.children(DayOff, "team", team)}
    days: list[date] = []
    while day <= last:
        if day.isoweekday() <= 5 and day.isoformat() not in off:
            days.append(day)
        day += timedelta(days=1)
    return days


def capacity(inputs: Inputs, team: int) -> float:
    """Person-days the team can give until the freeze less the buffer, a day of a week its share of it."""
    steps = sorted(inputs.children(Capacity, "team", team), key=lambda row: row.starts or "")
    days = working_days(inputs, team)
    in_week = Counter(day.isocalendar()[:2] for day in days)
    total = 0.0
    for day in days:
        row = [step for step in steps if (step.starts or "") <= day.isoformat()][-1]
        total += row.days_per_week * (1 - row.committed) / in_week[day.isocalendar()[:2]]
    return total


def remaining(inputs: Inputs, variant: MitigationVariant) -> dict[int, float]:
    """Person-days left of a variant by team; nothing where it stands already."""
    standing = next(iter(inputs.children(Standing, "variant", variant.id)), None)
    if standing is not None and standing.status in STANDS:
        return {}
    work = {row.team: row.days.median for row in inputs.children(Effort, "variant", variant.id)}
    left = None if standing is None else standing.remaining_days
    share = 1.0 if left is None else left / sum(work.values())
    return {team: days * share for team, days in work.items()}


def test_that_every_reference_points_to_a_row(sample):
    for row in every_row(sample):
        for declared in fields_of(type(row)):
            value = getattr(row, declared.name)
            if declared.refers is not None and value is not None:
                target = next(record for record in RECORDS if record.table == declared.refers)
                assert sample.has(target, value), (row.table, sample.address(row), declared.name)


def test_that_every_value_is_in_range_and_every_estimate_rises(sample):
    for row in every_row(sample):
        assert checked(row) == row, (row.table, sample.address(row))


def test_that_no_two_rows_have_one_address(sample):
    for record in RECORDS:
        addresses = Counter(sample.address(row) for row in sample.rows(record))
        assert [address for address, count in addresses.items() if count > 1] == []


def test_that_it_is_as_large_as_a_real_launch(sample):
    assert len(sample.rows(Team)) == 6
    assert len(sample.rows(EvalResult)) >= 20
    assert len(sample.rows(Mitigation)) >= 40
    assert len(sample.rows(MitigationVariant)) >= 60
    assert len({row.family for row in sample.rows(Mitigation)}) >= 8
    assert len(sample.rows(Dependency)) >= 10
    assert len(sample.rows(ExclusionGroup)) >= 3
    assert 26 <= len(sample.rows(Scenario)) <= 34
    assert sum(row.catastrophic for row in sample.rows(Scenario)) in (3, 4)
    assert 5 <= len(sample.rows(Gate)) <= 8
    assert len(sample.rows(Surface)) == 3
    assert {row.stage for row in sample.rows(Effect)} == set(STAGES)


def test_that_eight_working_weeks_lie_before_the_freeze_and_the_launch_after_it(sample):
    launch = launch_of(sample)
    for team in sample.rows(Team):
        weeks = {day.isocalendar()[:2] for day in working_days(sample, team.id)}
        assert len(weeks) == 8, team.code
        assert {row.day for row in sample.children(DayOff, "team", team.id)} >= {"2026-12-25", "2027-01-01"}
    assert launch.as_of < launch.freeze_date < launch.launch_date
    assert launch.current_plan is None
    assert launch.weight_set in {row.code for row in sample.rows(WeightSet)}


def test_that_the_hazards_of_ailuminate_and_the_tracked_capabilities_are_its_risk_areas(sample):
    by_release = defaultdict(set)
    for area in sample.rows(RiskArea):
        by_release[sample.get(TaxonomyRelease, area.release).code].add(area.name)
    assert by_release["TX-AIL"] >= {
        "Violent crimes",
        "Sex-related crimes",
        "Child sexual exploitation",
        "Suicide and self-harm",
        "Indiscriminate weapons",
        "Intellectual property",
        "Defamation",
        "Non-violent crimes",
        "Hate",
        "Privacy",
        "Specialised advice",
        "Sexual content",
    }
    assert sum(row.area_class == "tracked" and row.parent is not None for row in sample.rows(RiskArea)) == 3
    assert {"Over-refusal", "Bias and unequal treatment", "Sycophancy"} <= by_release["TX-OWN"]
    for area in sample.rows(RiskArea):
        assert area.plain, area.code
        assert area.research, area.code
        assert area.prompt, area.code


def test_that_every_scenario_is_whole_and_owned(sample):
    for scenario in sample.rows(Scenario):
        for record in (Exposure, Severity, Publicity):
            assert len(sample.children(record, "scenario", scenario.id)) == 1, scenario.code
        assert scenario.pathway, scenario.code
        assert scenario.harm, scenario.code
        assert scenario.owner is not None, scenario.code
        assert scenario.surface is not None, scenario.code
        assert scenario.actor is not None, scenario.code
    parents = {area.parent for area in sample.rows(RiskArea)}
    used = {row.risk_area for row in sample.rows(Scenario)}
    leaves = {area.id for area in sample.rows(RiskArea) if area.id not in parents}
    assert leaves <= used


def test_that_over_refusal_and_bias_are_scenarios_of_their_own(sample):
    areas = {row.id: row.code for row in sample.rows(RiskArea)}
    over = [row for row in sample.rows(Scenario) if row.over_refusal]
    assert {areas[row.risk_area] for row in over} == {"A-OVR"}
    assert any(areas[row.risk_area] == "A-BIA" for row in sample.rows(Scenario))


def test_that_every_capability_limit_on_a_catastrophe_exists(sample):
    limited = {row.scenario for row in sample.rows(Tolerance) if row.measure == "events"}
    assert {row.id for row in sample.rows(Scenario) if row.catastrophic} == limited
    assert {"false_refusal", "latency"} <= {row.measure for row in sample.rows(Tolerance)}


def test_that_every_variant_has_work_that_fits_into_the_calendar_by_itself(sample):
    for variant in sample.rows(MitigationVariant):
        work = sample.children(Effort, "variant", variant.id)
        assert work, variant.code
        for row in work:
            days = len(working_days(sample, row.team))
            free = capacity(sample, row.team) / days
            assert row.days.median / min(row.people, free) <= days - variant.waiting_days, variant.code


def test_that_the_work_on_offer_is_about_twice_what_the_teams_can_give(sample):
    offered = 0.0
    for mitigation in sample.rows(Mitigation):
        variants = sample.children(MitigationVariant, "mitigation", mitigation.id)
        offered += max(sum(remaining(sample, variant).values()) for variant in variants)
    offered += sum(
        row.fixed + row.per_100 * (sample.get(Evaluation, row.evaluation).candidate_n or 0) / 100
        for row in sample.rows(EvaluationEffort)
    )
    available = sum(capacity(sample, team.id) for team in sample.rows(Team))
    assert 1.7 <= offered / available <= 2.6


def test_that_every_team_is_asked_for_more_than_it_has(sample):
    asked = defaultdict(float)
    for mitigation in sample.rows(Mitigation):
        variants = sample.children(MitigationVariant, "mitigation", mitigation.id)
        largest = max((remaining(sample, row) for row in variants), key=lambda work: sum(work.values()))
        for team, days in largest.items():
            asked[team] += days
    for team in sample.rows(Team):
        assert asked[team.id] > capacity(sample, team.id), team.code


def test_that_dependencies_run_in_no_circle(sample):
    needs = defaultdict(set)
    for row in sample.rows(Dependency):
        needs[row.mitigation].add(row.needs)
    free: set[int] = set()
    waiting = {row.id for row in sample.rows(Mitigation)}
    while waiting:
        ready = {row for row in waiting if needs[row] <= free}
        assert ready, "a circle"
        free |= ready
        waiting -= ready


def test_that_every_exclusion_group_has_at_least_two_members(sample):
    for group in sample.rows(ExclusionGroup):
        assert len(sample.children(ExclusionMember, "exclusion_group", group.id)) >= 2, group.code


def test_that_no_exclusion_forbids_what_a_dependency_asks_for(sample):
    groups = defaultdict(set)
    for row in sample.rows(ExclusionMember):
        groups[row.exclusion_group].add(row.mitigation)
    for row in sample.rows(Dependency):
        assert not any({row.mitigation, row.needs} <= members for members in groups.values())


def test_that_at_most_one_variant_of_a_mitigation_stands(sample):
    standing = [row for row in sample.rows(Standing) if row.status in STANDS]
    assert len(standing) >= 3
    mitigations = [sample.get(MitigationVariant, row.variant).mitigation for row in standing]
    assert len(set(mitigations)) == len(mitigations)
    assert any(row.status == "started" for row in sample.rows(Standing))


def test_that_every_variant_does_something_and_most_cost_something(sample):
    for variant in sample.rows(MitigationVariant):
        assert sample.children(Effect, "variant", variant.id), variant.code
    assert len({row.variant for row in sample.rows(SideEffect)}) >= 40


def test_that_every_evaluation_that_verifies_or_opens_a_gate_has_an_effort(sample):
    needed = {row.verified_by for row in sample.rows(MitigationVariant)}
    needed |= {row.verified_by for row in sample.rows(Gate)}
    with_effort = {row.evaluation for row in sample.rows(EvaluationEffort)}
    assert needed - {None} <= with_effort
    for evaluation in with_effort:
        assert sample.get(Evaluation, evaluation).candidate_n


def test_that_an_effect_is_credited_as_tested_only_through_an_evaluation_or_today(sample):
    standing = {row.variant for row in sample.rows(Standing) if row.status in STANDS}
    for effect in sample.rows(Effect):
        variant = sample.get(MitigationVariant, effect.variant)
        if effect.evidence_level in ("internal_test", "red_team", "independent"):
            assert variant.verified_by is not None or variant.id in standing, sample.address(effect)


@pytest.mark.parametrize(
    "record",
    [
        *(Effort, Exposure, Severity, Publicity, Effect, SideEffect, Surface, Tolerance, Gate, Capacity),
        *(Criterion, SwingWeight, Trigger, SuccessCriterion),
    ],
)
def test_that_every_assumption_says_that_it_is_one_and_why(sample, record):
    for row in sample.rows(record):
        assert row.basis is not None, sample.address(row)
        assert row.basis.startswith("Assumption for the sample: "), sample.address(row)
        assert len(row.basis) > len("Assumption for the sample: ") + 8, sample.address(row)


def test_that_no_estimate_pretends_to_be_measured(sample):
    for row in every_row(sample):
        for declared in fields_of(type(row)):
            value = getattr(row, declared.name)
            if isinstance(value, Estimate):
                assert value.kind == "assumed", (row.table, sample.address(row))


def test_that_no_person_is_named_and_no_seal_is_forged(sample):
    assert all(row.name is None and row.roles for row in sample.rows(Person))
    assert all(row.sealed_at is None and row.seal is None for row in sample.rows(Gate))
    assert all(row.sealed_at is None and row.seal is None for row in sample.rows(Tolerance))


def test_that_two_people_weigh_every_measure_and_disagree(sample):
    launch = launch_of(sample)
    criteria = judged(sample, launch.id)
    assert {row.measure for row in criteria.rows} == set(MEASURES)
    sets, refused = weighed(sample, launch.id, criteria)
    assert (refused, [one.code for one in sets]) == ((), ["W-1", "W-2"])
    first = [criteria.codes[int(one.weights.argmax())] for one in sets]
    assert first[0] != first[1]
    assert [len(one.disagreements) for one in sets] == [0, 1]


def test_that_ranks_dominance_and_stability_are_there_to_be_seen(sample):
    found = tradeoffs(sample, compute(sample, launch_of(sample).id, draws=0), draws=200)
    assert found.in_use is not None
    assert found.dominated.any()
    assert not found.dominated.all()
    assert (found.in_use.high - found.in_use.low < 1).any()
    assert (found.sets[0].places != found.sets[1].places).any()
    assert found.acceptability is not None
    assert found.acceptability.ranks[:, 0].max() < 1


def test_that_one_trigger_was_reached_by_an_invented_trial_and_others_wait(sample):
    launch = launch_of(sample)
    (reading,) = sample.rows(Reading)
    assert reading.note.startswith("Assumption for the sample: ")
    assert last_day(reading) <= launch.as_of
    (one,) = reached(sample, launch)
    assert (one.trigger, one.gate, one.scenario) == ("TR-1", "G-1", "R-022")
    assert len(sample.rows(Trigger)) == 3
    (gate,) = (verdict for verdict in verdicts(sample, launch, of(sample)).values() if verdict.code == "G-1")
    assert gate.verdict == "inconclusive"
    assert "TR-1" in gate.reason


def test_that_success_criteria_are_sealed_as_the_project_is_made(tmp_path):
    with sample_project(tmp_path / "sample.launchpad") as project:
        rows = project.inputs.rows(SuccessCriterion)
        assert len(rows) == 2
        assert {seal_state(project.inputs, row) for row in rows} == {SEALED}


def test_that_results_of_other_models_are_linked_as_such(sample):
    model = launch_of(sample).model
    links = sample.rows(EvidenceLink)
    assert len(links) >= 20
    for link in links:
        assert sample.get(EvalResult, link.result).model != model
        assert link.snapshot == "different"
        assert link.relevance < 1
        assert link.reason, sample.address(link)


def test_that_every_result_has_a_source_a_model_and_a_direction(sample):
    for result in sample.rows(EvalResult):
        assert result.source, result.code
        assert result.n, result.code
        assert result.in_place == "none", result.code
        assert sample.get(Evaluation, result.evaluation).polarity in ("higher", "lower"), result.code


def test_that_imported_results_belong_to_the_evaluations_declared_for_them(sample):
    published = {row.evaluation for row in sample.rows(EvalResult)}
    declared = [row for row in sample.rows(Evaluation) if row.harness != "Inspect"]
    assert {row.id for row in declared} == published
    assert {row.code for row in declared} == {f"EV-{number:03d}" for number in range(1, len(declared) + 1)}

"""Rules and crosswalks suggest, a person confirms, and what nobody linked is listed."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.changes import Change
from launchpad.edits.links import Suggestion, address, confirm, rule_from, suggestions, unlinked
from launchpad.errors import InvalidValueError
from launchpad.records import (
    TABLES,
    EvalResult,
    Evaluation,
    EvidenceLink,
    LinkRule,
    RiskArea,
    Scenario,
    Surface,
    TaxonomyRelease,
    columns_of,
)
from tests.builders import (
    EVALUATION,
    LAUNCH,
    effect,
    grounds,
    inputs_of,
    launch,
    link,
    mitigation,
    refusals,
    result,
    scenario,
)

AILUMINATE = "mlcommons-ailuminate-1.0"


def taxonomy():
    """AILuminate as a project takes it: violence, advice with its branch on health, hate; R-001 to R-003 in them."""
    areas = [(11, "vcr", None), (12, "spc", 10), (13, "spc_hlt", 12), (14, "hte", None)]
    return [
        *grounds(),
        TaxonomyRelease(id=9, code=AILUMINATE, name="AILuminate", version="1.0"),
        RiskArea(id=10, code="contextual", name="Contextual hazards", release=9),
        *(RiskArea(id=key, code=code, name=code.upper(), release=9, parent=up) for key, code, up in areas),
        *scenario(1, risk_area=11),
        *scenario(2, risk_area=13),
        *scenario(3, risk_area=14),
    ]


def evaluation(key=41, code="EV-2", **fields):
    values = {"name": code, "harness": "modelbench", "task": "suite", "metric": "fraction_safe", "polarity": "higher"}
    return Evaluation(id=key, code=code, **{**values, **fields})


def of(*rows):
    return inputs_of([*taxonomy(), *rows])


def found(*rows):
    inputs = of(*rows)
    return {address(inputs, one): one for one in suggestions(inputs, LAUNCH)}


def hazard(number=1, code="vcr", **fields):
    return result(number, 7, 60, evaluation=41, harness="modelbench", part=code, tags=f"ailuminate:{code}", **fields)


def rule(**fields):
    return LinkRule(**{"id": 50, "code": "LR-001", "name": "Ours", "scenario": 101, **fields})


def taken(inputs, changes):
    """The inputs once these inserts are made."""
    tables = {table: list(rows) for table, rows in inputs.tables.items()}
    for change in changes:
        assert isinstance(change, Change)
        assert change.before is None
        assert change.after is not None
        record = TABLES[change.table]
        values = {column.name: change.after[column.name] for column in columns_of(record)}
        tables.setdefault(change.table, []).append(record(id=change.key, **values))
    return inputs_of(row for rows in tables.values() for row in rows)


# crosswalks


def test_that_a_result_is_suggested_for_the_scenario_of_its_own_category():
    one = found(evaluation(), hazard())["E-0001/propensity/R-001"]
    assert (one.relevance, one.strong, one.role) == (1.0, True, "propensity")
    assert "ailuminate:vcr, which is the same as the risk area vcr VCR" in one.reason


def test_that_a_specific_result_speaks_for_a_broader_area():
    broad = RiskArea(id=15, code="src", name="SRC", release=9)
    air = result(1, 2, 60, evaluation=41, harness="air-bench", tags="air-2024:5.19", part="5.19")
    one = found(evaluation(harness="air-bench"), broad, *scenario(4, risk_area=15), air)["E-0001/propensity/R-004"]
    assert (one.relevance, one.strong) == (0.7, True)
    assert "lies within" in one.reason


def test_that_a_branch_the_project_does_not_score_goes_to_what_is_wider():
    legal = hazard(code="spc_lgl")
    advice = scenario(4, risk_area=12)
    assert found(evaluation(), legal, *advice)["E-0001/propensity/R-004"].strong


def test_that_a_broad_result_is_offered_to_a_branch_with_low_relevance():
    one = found(evaluation(), hazard(code="spc"))["E-0001/propensity/R-002"]
    assert (one.relevance, one.strong) == (0.3, False)
    assert "is wider than" in one.reason


def test_that_a_related_result_is_offered_with_low_relevance_and_says_so():
    air = result(1, 2, 60, evaluation=41, harness="air-bench", tags="air-2024:14", part="14")
    one = found(evaluation(harness="air-bench"), air)["E-0001/propensity/R-003"]
    assert (one.relevance, one.strong) == (0.2, False)
    assert "is only related to" in one.reason


def test_that_a_machines_mapping_is_shown_as_such_and_only_where_nothing_else_leads():
    leak = result(1, 2, 60, evaluation=41, harness="garak", tags="owasp:llm06")
    one = found(evaluation(harness="garak"), leak)["E-0001/propensity/R-001"]
    assert one.by_machine
    assert not one.strong
    assert "a language model's mapping, not reviewed" in one.reason
    privacy = RiskArea(id=15, code="prv", name="PRV", release=9)
    beside = found(evaluation(harness="garak"), leak, privacy, *scenario(4, risk_area=15))
    assert list(beside) == ["E-0001/propensity/R-004"]


def test_that_a_release_is_known_by_its_source_and_an_area_behind_its_prefix():
    rows = [
        *grounds(),
        TaxonomyRelease(id=9, code="TX", name="x", version="1", source="see github.com/mlcommons/ailuminate"),
        RiskArea(id=11, code="A-VCR", name="Violence", release=9),
        *scenario(1, risk_area=11),
    ]
    inputs = inputs_of([*rows, evaluation(), hazard()])
    assert [one.relevance for one in suggestions(inputs, LAUNCH)] == [1.0]


def test_that_an_area_of_ones_own_known_by_name_alone_is_offered_weakly():
    own = RiskArea(id=15, code="A-9", name="Hate", release=2)
    rows = [*grounds(), own, *scenario(1, risk_area=15), evaluation(), hazard(code="hte")]
    (one,) = suggestions(inputs_of(rows), LAUNCH)
    assert (one.relevance, one.strong) == (0.5, False)
    assert "known by its name alone" in one.reason


def test_that_evidence_of_a_retired_area_goes_where_the_area_says():
    old = RiskArea(id=15, code="src", name="SRC", release=9, status="deprecated", replaced_by=11)
    assert "E-0001/propensity/R-001" in found(evaluation(), hazard(code="src"), old)


def test_that_over_refusal_goes_to_scenarios_of_over_refusal_and_harm_never_does():
    refused = Scenario(id=104, code="R-004", launch=LAUNCH, name="Refused", risk_area=11, over_refusal=True)
    safe = evaluation(42, "EV-3", harness="xstest", task="XSTest", metric="full_refusal_safe", polarity="lower")
    xstest = result(2, 16, 250, evaluation=42, harness="xstest", tags="xstest")
    got = found(evaluation(), safe, refused, hazard(), xstest)
    assert set(got) == {"E-0001/propensity/R-001", "E-0002/propensity/R-004"}


def test_that_xstest_is_linked_over_all_samples_and_not_by_type():
    refused = Scenario(id=104, code="R-004", launch=LAUNCH, name="Refused", risk_area=11, over_refusal=True)
    safe = evaluation(42, "EV-3", harness="xstest", task="XSTest", metric="full_refusal_safe", polarity="lower")
    common = {"evaluation": 42, "harness": "xstest", "run_id": "x"}
    rows = [result(1, 16, 250, **common), result(2, 1, 25, part="homonyms", **common)]
    assert list(found(safe, refused, *rows)) == ["E-0001/propensity/R-004"]


def test_that_a_capability_of_a_tracked_area_is_uplift():
    prep = TaxonomyRelease(id=20, code="openai-preparedness-2", name="P", version="2")
    cyber = RiskArea(id=21, code="tracked/cyber", name="Cyber", release=20, area_class="tracked")
    test = evaluation(42, "EV-3", kind="capability")
    one = result(1, 3, 60, evaluation=42, tags="openai-preparedness-2:tracked/cyber")
    assert "E-0001/uplift/R-004" in found(prep, cyber, *scenario(4, risk_area=21), test, one)


# what is left out


@pytest.mark.parametrize(
    "fields",
    [
        {"superseded": True},
        {"arm": "control"},
        {"arm": "baseline"},
        {"n": 0, "count": 0, "value": None},
        {"count": None, "value": None},
        {"count": None, "value": 3.0, "unit": "score"},
    ],
)
def test_that_what_can_be_no_evidence_is_not_suggested(fields):
    assert found(evaluation(), dataclasses.replace(hazard(), **fields)) == {}


def test_that_a_spread_is_no_rate():
    assert found(evaluation(metric="std"), hazard()) == {}


def test_that_a_link_is_suggested_once_and_not_again_once_it_is_made():
    assert list(found(evaluation(), hazard())) == ["E-0001/propensity/R-001"]
    assert found(evaluation(), hazard(), link(1, 1)) == {}
    elsewhere = dataclasses.replace(link(1, 1), launch=2)
    assert found(launch(id=2, code="L-2"), evaluation(), hazard(), elsewhere)


def test_that_no_other_result_of_a_linked_run_is_suggested_for_its_scenario():
    linked = hazard(1, run_id="same")
    assert found(evaluation(), linked, link(1, 1), hazard(2, run_id="same", variant="strict")) == {}
    assert found(evaluation(), linked, link(1, 1), hazard(2, run_id="other"))


def test_that_of_two_filters_the_one_with_more_samples_is_suggested():
    loose = dataclasses.replace(hazard(1, run_id="same", variant="loose"), n=50)
    assert list(found(evaluation(), loose, hazard(2, run_id="same", variant="strict"))) == ["E-0002/propensity/R-001"]


def test_that_a_counted_metric_goes_before_a_grade_of_the_same_run():
    grade = evaluation(42, "EV-3", metric="grade")
    graded = dataclasses.replace(hazard(1, run_id="same"), evaluation=42, count=None, value=1.0, unit="score")
    assert list(found(evaluation(), grade, graded, hazard(2, run_id="same"))) == ["E-0002/propensity/R-001"]


def test_that_a_total_of_categories_gives_way_to_the_result_over_all_samples():
    rows = [result(1, 5, 40, run_id="same", part="all", part_total=True), result(2, 5, 40, run_id="same")]
    assert list(found(rule(category="*"), *rows)) == ["E-0002/propensity/R-001"]


def test_that_a_total_over_tasks_is_not_suggested_beside_one_of_them():
    total = evaluation(42, "EV-3", harness="lm-eval", task="refusal")
    part = evaluation(43, "EV-4", harness="lm-eval", task="refusal_cyber")
    rows = [
        result(1, 27, 54, run_id="same", evaluation=42, part_total=True),
        result(2, 6, 12, run_id="same", evaluation=43),
    ]
    both = rule(task="refusal*")
    assert list(found(total, part, both, *rows)) == ["E-0002/propensity/R-001"]
    assert found(total, part, both, *rows, link(2, 1)) == {}
    larger = dataclasses.replace(rows[1], n=100)
    assert len(found(total, part, both, rows[0], larger)) == 2


def test_that_two_models_and_two_runs_are_each_suggested():
    rows = [hazard(1, run_id="same"), hazard(2, run_id="same", model="m-2"), hazard(3, run_id="other")]
    assert len(found(evaluation(), *rows)) == 3


# rules


@pytest.mark.parametrize(
    ("fields", "speaks"),
    [
        ({}, True),
        ({"harness": "INSPECT"}, True),
        ({"harness": "garak,inspect"}, True),
        ({"harness": "garak"}, False),
        ({"task": "fr*d"}, True),
        ({"task": "fr?d"}, False),
        ({"metric": "asr", "scorer": "judge"}, False),
        ({"tag": "owasp:llm0?"}, True),
        ({"tag": "owasp"}, False),
        ({"category": "cyber"}, False),
        ({"category": "*"}, True),
        ({"category": "?*"}, False),
    ],
)
def test_that_every_pattern_of_a_rule_must_fit(fields, speaks):
    asked = Evaluation(id=42, code="EV-3", name="x", harness="inspect", task="fraud", metric="asr", polarity="lower")
    one = result(1, 3, 60, evaluation=42, tags="owasp:llm01, quality:x")
    assert bool(found(asked, rule(**fields), one)) is speaks


def test_that_an_empty_category_fits_results_over_all_samples_only():
    parts = [result(1, 3, 60, part="cyber"), result(2, 3, 60)]
    assert list(found(rule(), *parts)) == ["E-0002/propensity/R-001"]
    assert list(found(rule(category="cyber"), *parts)) == ["E-0001/propensity/R-001"]


def test_that_where_a_rule_speaks_the_crosswalks_are_silent():
    got = found(evaluation(), rule(category="vcr", scenario=103, relevance=0.4, basis="It is so."), hazard())
    (one,) = got.values()
    assert (one.source, one.relevance, one.scenario.code) == ("LR-001", 0.4, "R-003")
    assert one.reason.startswith("Rule LR-001 (Ours): It is so.")


def test_that_a_rule_of_an_area_speaks_of_all_its_scenarios():
    got = found(rule(scenario=None, risk_area=11), *scenario(4, risk_area=11), result(1, 3, 60))
    assert set(got) == {"E-0001/propensity/R-001", "E-0001/propensity/R-004"}


def test_that_a_rule_for_a_scenario_of_another_launch_means_the_one_of_that_code():
    other = dataclasses.replace(scenario(1)[0], id=900, launch=2)
    assert list(found(launch(id=2, code="L-2"), other, rule(scenario=900), result(1, 3, 60))) == [
        "E-0001/propensity/R-001"
    ]


def test_that_a_rule_without_an_aim_suggests_nothing():
    assert found(rule(scenario=None), result(1, 3, 60)) == {}


def test_that_of_two_rules_the_more_relevant_one_is_kept():
    (one,) = found(rule(relevance=0.2), rule(id=51, code="LR-002", relevance=0.9), result(1, 3, 60)).values()
    assert one.source == "LR-002"


def test_that_a_rule_can_only_move_a_result_farther_away():
    (one,) = found(rule(language="near"), result(1, 3, 60, model="m-2")).values()
    assert (one.snapshot, one.language) == ("different", "near")


def test_that_rules_speak_of_efficacy_and_of_false_refusal():
    rows = [*mitigation(1), effect(1, 1, 0.8), effect(1, 2, 0.8), refusals(1, 0.1), result(1, 3, 60)]
    efficacy = rule(role="efficacy", variant=301)
    assert list(found(efficacy, *rows)) == ["E-0001/efficacy/M-001.std/R-001/propensity"]
    refused = rule(role="false_refusal", variant=301, scenario=None)
    assert list(found(refused, *rows)) == ["E-0001/false_refusal/M-001.std/"]


def test_that_an_example_becomes_a_rule_that_finds_it_again():
    odd = evaluation(42, "EV-3", task="a, b*c", scorer="judge [x]")
    one = result(1, 3, 60, evaluation=42, harness="modelbench", part="a,b")
    inputs = of(odd, one)
    (change,) = rule_from(inputs, one, inputs.get(Scenario, 101), relevance=0.5, language="near", basis="So it is")
    assert change.after is not None
    assert change.after["code"] == "LR-001"
    again = dataclasses.replace(one, id=7002, code="E-0002", run_id="run-2")
    after = taken(of(odd, one, again), [change])
    got = {address(after, made): made for made in suggestions(after, LAUNCH)}
    assert set(got) == {"E-0001/propensity/R-001", "E-0002/propensity/R-001"}
    assert (got["E-0002/propensity/R-001"].relevance, got["E-0002/propensity/R-001"].language) == (0.5, "near")


def test_that_a_rule_from_a_link_of_the_wrong_kind_is_refused():
    inputs = of(result(1, 3, 60))
    with pytest.raises(InvalidValueError, match="efficacy"):
        rule_from(inputs, inputs.rows(type(result(1, 1, 1)))[0], inputs.get(Scenario, 101), role="efficacy")


# nearness


def test_that_a_result_of_another_model_is_suggested_as_different_and_says_so():
    (one,) = found(evaluation(), hazard(model="m-2", language="French")).values()
    assert (one.snapshot, one.language) == ("different", "near")
    assert "another model, m-2" in one.reason


def test_that_the_surface_is_that_of_the_scenario():
    agent = Surface(id=60, code="S-AGT", launch=LAUNCH, name="Agent", kind="agent", languages="English")
    on_agent = scenario(4, risk_area=11, surface=60)
    got = found(evaluation(), agent, *on_agent, hazard(surface="API", language="en"))
    assert got["E-0001/propensity/R-004"].surface == "different"
    assert got["E-0001/propensity/R-004"].language == "same"


# pairs


def pair(on="M-001.std", off="none", **fields):
    return [
        *mitigation(1),
        effect(1, 1, 0.8),
        effect(1, 3, 0.8, stage="severity"),
        refusals(1, 0.1),
        result(1, 9, 300, in_place=on, **fields),
        result(2, 30, 300, in_place=off, **fields),
    ]


def test_that_runs_that_differ_in_one_variant_are_evidence_of_its_efficacy():
    one = found(*pair())["E-0001/efficacy/M-001.std/R-001/propensity"]
    assert "differ in M-001.std alone. Failures 9 of 300 with it, 30 of 300 without." in one.reason
    assert (one.relevance, one.strong) == (0.5, False)
    assert "which scenario" in one.reason.casefold()


def test_that_an_efficacy_whose_scenario_is_known_is_fully_relevant():
    one = found(*pair(), link(2, 1))["E-0001/efficacy/M-001.std/R-001/propensity"]
    assert (one.relevance, one.strong) == (1.0, True)


@pytest.mark.parametrize(
    ("on", "off"),
    [
        ("M-001.std,M-002.std", "none"),
        ("M-001.std", "M-002.std"),
        ("M-001.std", "M-001.std"),
        ("none", "none"),
        ("unknown", "none"),
        ("M-001.std", "unknown"),
        ("M-009.std", "none"),
    ],
)
def test_that_runs_that_differ_otherwise_say_nothing_of_one_variant(on, off):
    assert not [name for name in found(*pair(on, off)) if "efficacy" in name]


def test_that_a_variant_on_beside_the_same_others_is_told_apart():
    assert [name for name in found(*pair("M-002.std, M-001.std", "M-002.std")) if "efficacy" in name]


@pytest.mark.parametrize("field", ["model", "snapshot", "language", "part", "variant", "surface", "tries"])
def test_that_runs_under_other_conditions_are_no_pair(field):
    rows = pair()
    rows[-1] = dataclasses.replace(rows[-1], **{field: 7 if field == "tries" else "other"})
    assert not [name for name in found(*rows) if "efficacy" in name]


def test_that_the_control_a_file_names_is_the_one_compared_with():
    rows = pair(off="unknown")
    rows[-2] = dataclasses.replace(rows[-2], control=7002)
    rows[-1] = dataclasses.replace(rows[-1], arm="control")
    assert "E-0002" in found(*rows)["E-0001/efficacy/M-001.std/R-001/propensity"].reason


def test_that_of_several_runs_without_it_the_nearest_in_time_is_compared_with():
    far = dataclasses.replace(pair()[-1], id=7003, code="E-0000", run_id="run-3", run_date="2026-01-01")
    assert "E-0002" in found(*pair(), far)["E-0001/efficacy/M-001.std/R-001/propensity"].reason


def test_that_refusals_of_harmless_requests_are_a_side_effect_and_no_efficacy():
    rows = pair(evaluation=42)
    asked = evaluation(42, "EV-3", kind="over_refusal", polarity="lower")
    assert set(found(asked, *rows)) == {"E-0001/false_refusal/M-001.std/"}


def test_that_the_evaluation_that_verifies_a_variant_is_evidence_of_its_efficacy():
    rows = [*mitigation(1, verified_by=41), effect(1, 1, 0.8), evaluation(task="x")]
    with_it = result(1, 3, 60, evaluation=41, in_place="M-001.std")
    assert "verifies M-001.std" in found(*rows, with_it)["E-0001/efficacy/M-001.std/R-001/propensity"].reason
    assert found(*rows, dataclasses.replace(with_it, in_place="none")) == {}


# confirming


def test_that_what_is_confirmed_is_a_link_with_its_reason_and_is_suggested_no_more():
    inputs = of(evaluation(), hazard(), hazard(2, "hte"))
    suggested = suggestions(inputs, LAUNCH)
    after = taken(inputs, confirm(inputs, LAUNCH, suggested))
    made = {after.address(row): row for row in after.rows(EvidenceLink)}
    assert set(made) == {"E-0001/propensity/R-001//", "E-0002/propensity/R-003//"}
    assert made["E-0001/propensity/R-001//"].reason == suggested[0].reason
    assert suggestions(after, LAUNCH) == ()


def test_that_links_of_mitigations_are_confirmed_as_well():
    inputs = of(*pair(), link(2, 1))
    after = taken(inputs, confirm(inputs, LAUNCH, suggestions(inputs, LAUNCH)))
    assert "E-0001/efficacy//M-001.std/R-001/propensity/" in {after.address(row) for row in after.rows(EvidenceLink)}


def test_that_a_suggestion_given_twice_is_linked_once():
    inputs = of(evaluation(), hazard())
    assert len(confirm(inputs, LAUNCH, suggestions(inputs, LAUNCH) * 2)) == 1


def test_that_a_link_made_meanwhile_is_refused():
    (one,) = suggestions(of(evaluation(), hazard()), LAUNCH)
    with pytest.raises(InvalidValueError, match="already"):
        confirm(of(evaluation(), hazard(), link(1, 1)), LAUNCH, [one])


def test_that_a_suggestion_of_another_launch_and_an_impossible_relevance_are_refused():
    inputs = of(launch(id=2, code="L-2"), evaluation(), hazard())
    (one,) = suggestions(inputs, LAUNCH)
    with pytest.raises(InvalidValueError, match="another launch"):
        confirm(inputs, 2, [one])
    with pytest.raises(InvalidValueError, match="Relevance"):
        confirm(inputs, LAUNCH, [dataclasses.replace(one, relevance=2.0)])


def test_that_unlinked_results_are_listed_and_replaced_and_compared_ones_are_not():
    compared = result(3, 5, 60)
    rows = [
        dataclasses.replace(result(1, 5, 60), control=7003),
        link(1, 1),
        result(2, 5, 60),
        compared,
        result(4, 5, 60, superseded=True),
        result(5, None, None, status="errored"),
    ]
    assert [row.code for row in unlinked(of(*rows), LAUNCH)] == ["E-0002", "E-0005"]


def test_that_suggestions_do_not_depend_on_the_order_of_rows():
    rows = [evaluation(), hazard(1, run_id="s"), hazard(2, run_id="s"), *pair(evaluation=41)[:-2]]
    forward, backward = of(*rows), of(*reversed(rows))
    assert suggestions(forward, LAUNCH) == suggestions(backward, LAUNCH)


def test_that_a_suggestion_always_has_a_target():
    bare = Suggestion(result(1, 1, 1), "propensity", 1.0, "same", "same", "same", "", "")
    with pytest.raises(ValueError, match="without a target"):
        _ = bare.target


def test_that_the_default_evaluation_of_the_builders_leads_nowhere():
    assert found(result(1, 5, 60, evaluation=EVALUATION)) == {}


CODES = st.sampled_from(["vcr", "spc", "spc_hlt", "hte", "dfm"])
RUNS = st.sampled_from(["run-a", "run-b"])
FILTERS = st.sampled_from([None, "strict", "loose"])


@given(st.lists(st.tuples(CODES, RUNS, FILTERS, st.booleans()), max_size=12), st.sets(st.integers(1, 12)))
@settings(max_examples=60)
def test_that_no_run_is_suggested_twice_for_a_scenario_and_no_link_again(drawn, linked):
    results = [
        hazard(number, code, run_id=run, variant=filtered, part_total=total)
        for number, (code, run, filtered, total) in enumerate(drawn, start=1)
    ]
    links = [link(number, 1) for number in linked if number <= len(results)]
    inputs = of(evaluation(), *results, *links)
    made = suggestions(inputs, LAUNCH)
    places = [(one.result.run_id, one.role, one.target.id) for one in made]
    assert len(places) == len(set(places))
    taken_runs = {(inputs.get(EvalResult, row.result).run_id, "propensity", 101) for row in links}
    assert taken_runs.isdisjoint(places)
    after = taken(inputs, confirm(inputs, LAUNCH, made))
    assert suggestions(after, LAUNCH) == ()

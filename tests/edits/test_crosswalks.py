"""Categories, tags and tasks of harnesses as codes of taxonomies, and what they lead to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.edits.crosswalks import (
    EXACT,
    NARROW,
    RELATED,
    Key,
    Match,
    keys_of,
    matches,
    normal,
    relations,
    wildcards,
    worth,
)
from launchpad.records import Evaluation
from tests.builders import EVALUATION, result

AILUMINATE = "mlcommons-ailuminate-1.0"


def keys(harness, *, task="t", metric="m", kind="other", **fields):
    evaluation = Evaluation(id=EVALUATION, code="EV-1", name="x", harness=harness, task=task, metric=metric, kind=kind)
    return {
        (key.taxonomy, normal(key.code)) for key in keys_of(result(1, 1, 10, harness=harness, **fields), evaluation)
    }


def leads(taxonomy, code):
    return {(match.taxonomy, match.code): match for match in matches(Key(taxonomy, code, "its tag is x", "tag"))}


@pytest.mark.parametrize(
    ("harness", "fields", "expected"),
    [
        ("garak", {"tags": "owasp:llm06"}, ("owasp-llm-2023", "llm06")),
        ("promptfoo", {"tags": "owasp:llm:06"}, ("owasp-llm-2025", "llm06")),
        ("table", {"part": "LLM09:2025 Misinformation"}, ("owasp-llm-2025", "llm09")),
        ("garak", {"tags": "avid-effect:ethics:E0301"}, ("avid", "e0301")),
        ("garak", {"tags": "risk-cards:lmrc:hate_speech"}, ("garak-tags", "risk.cards.lmrc.hate.speech")),
        ("garak", {"tags": "payload:malicious:badcode"}, ("garak-payload-tags", "payload.malicious.badcode")),
        ("garak", {"part": "S006sh"}, ("garak-traits", "s006sh")),
        ("garak", {"tags": "trait:S006sh"}, ("garak-traits", "s006sh")),
        ("modelbench", {"tags": "ailuminate:vcr,grade:G"}, (AILUMINATE, "vcr")),
        ("modelbench", {"part": "safe_hazard-1.1-ncr-en_us-practice"}, (AILUMINATE, "ncr")),
        ("table", {"task": "AILuminate practice", "part": "spc_hlt"}, (AILUMINATE, "spc.hlt")),
        ("air-bench", {"tags": "air-2024:1.1.6"}, ("air-2024", "1.1.6")),
        ("helm", {"task": "air_bench_2024", "part": "air_category_2_6"}, ("air-2024", "2.6")),
        ("table", {"task": "air-bench-2024", "part": "16 Criminal Activities"}, ("air-2024", "16")),
        ("harmbench", {"part": "copyright"}, ("harmbench", "copyright")),
        ("inspect", {"task": "harmbench_text", "part": "illegal"}, ("harmbench", "illegal")),
        ("table", {"task": "jbb-behaviors PAIR", "part": "Fraud/Deception"}, ("jailbreakbench", "fraud.deception")),
        ("promptfoo", {"part": "pii:direct"}, ("promptfoo", "pii.direct")),
        ("xstest", {"metric": "full_refusal_safe"}, ("xstest", "safe")),
        ("table", {"task": "xstest-v2-safe"}, ("xstest", "safe")),
        ("inspect", {"task": "or_bench_hard"}, ("over-refusal-suites", "or.bench")),
        ("inspect", {"kind": "over_refusal"}, ("launchpad-topics", "over.refusal")),
        ("openai-moderation", {"part": "self-harm/intent"}, ("openai-moderation", "self.harm.intent")),
        ("inspect", {"task": "sorry_bench", "part": "17"}, ("sorry-bench-2025-03", "17")),
    ],
)
def test_that_what_a_harness_names_is_known_as_a_category(harness, fields, expected):
    assert expected in keys(harness, **fields)


@pytest.mark.parametrize(
    ("harness", "fields"),
    [
        ("promptfoo", {"part": "strategy=base64"}),
        ("promptfoo", {"part": "severity=high"}),
        ("xstest", {"metric": "full_refusal_unsafe"}),
        ("table", {"task": "xstest-v2-unsafe"}),
        ("inspect", {"task": "mmlu", "part": "virology"}),
        ("modelbench", {"tags": "grade:G,reference:0.8"}),
    ],
)
def test_that_what_is_no_category_is_taken_for_none(harness, fields):
    assert keys(harness, **fields) == set()


def test_that_a_category_is_the_same_as_itself():
    found = leads(AILUMINATE, "vcr")[AILUMINATE, "vcr"]
    assert (found.relation, worth(found)) == (EXACT, 1.0)


def test_that_a_code_no_table_names_is_looked_up_as_a_part_of_what_one_does():
    exact = leads("promptfoo", "harmful:hate")[AILUMINATE, "hte"]
    deeper = leads("promptfoo", "harmful:hate:new-one")[AILUMINATE, "hte"]
    assert (exact.relation, deeper.relation) == (EXACT, "broadMatch")
    assert leads("air-2024", "7.23.1")[AILUMINATE, "ssh"].relation == "broadMatch"


def test_that_the_deepest_row_of_a_hierarchy_speaks_for_a_code():
    found = leads("air-2024", "2.6.22.1")
    assert (AILUMINATE, "spc.lgl") in found
    assert (AILUMINATE, "spc") not in found


def test_that_closeness_is_not_handed_on():
    assert leads("harmbench", "chemical_biological")["llama-guard-3-4", "s9"].relation == RELATED


def test_that_what_is_the_same_hands_a_relation_on_unchanged():
    assert leads("owasp-llm-2023", "LLM06")["owasp-llm-2025", "llm02"].relation == EXACT
    assert leads("owasp-llm-2023", "LLM06")[AILUMINATE, "prv"].relation == RELATED


def test_that_no_way_leads_back_into_the_list_it_came_from():
    others = [code for taxonomy, code in leads(AILUMINATE, "vcr") if taxonomy == AILUMINATE]
    assert others == ["vcr"]


def test_that_a_link_read_backwards_is_turned_round():
    assert leads(AILUMINATE, "ncr")["harmbench", "cybercrime.intrusion"].relation == NARROW


def test_that_a_machines_mapping_says_so_and_is_worth_half():
    found = leads("owasp-llm-2025", "LLM02")
    machine, own = found[AILUMINATE, "ipv"], found[AILUMINATE, "prv"]
    assert machine.by_machine
    assert not own.by_machine
    assert worth(machine) == relations()[RELATED].relevance / 2
    assert "a language model's mapping, not reviewed" in machine.said or "text similarity" in machine.said
    assert "our own mapping, not reviewed" in own.said


def test_that_a_reviewed_mapping_of_a_machine_is_worth_all():
    made = Match("a", "b", RELATED, "somebody [llm]", by_machine=True, reviewed=True)
    assert worth(made) == relations()[RELATED].relevance
    assert made.said == "somebody, a language model's mapping, reviewed"


@pytest.mark.parametrize(
    ("patterns", "name", "fits"),
    [
        ("garak", "GARAK", True),
        ("lmrc.*", "lmrc.Profanity", True),
        ("lmrc.?rofanity", "lmrc.Profanity", True),
        ("lmrc", "lmrc.Profanity", False),
        ("a, b", "b", True),
        ("a, b", "a, b", False),
        ("[ab]", "a", False),
        ("[ab]", "[AB]", True),
        ("a*z", "a\nz", True),
        ("", "", True),
    ],
)
def test_that_patterns_are_whole_names_with_wildcards_and_commas(patterns, name, fits):
    assert bool(wildcards(patterns).fullmatch(name)) is fits


@given(st.text(st.characters(exclude_characters=",*?", exclude_categories=("Cs",)), min_size=1))
def test_that_a_name_without_wildcards_fits_itself(name):
    assert not name.strip() or wildcards(name).fullmatch(name.strip())


@given(st.text())
def test_that_a_normal_name_is_its_own_normal_name(name):
    assert normal(normal(name)) == normal(name)


def test_that_names_in_other_scripts_stay_apart():
    assert normal("日本語") != normal("中文")

"""Edge cases that are found, why, in which order, and what is hidden of them."""

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.errors import InvalidValueError
from launchpad.records import Label
from launchpad.results.mining import entropy, mine
from tests.results.judged_policy import AREAS, NEW, OLD, Judged

REQUEST = "How do I reset the password of a shared family account without the old one?"


def found(made, *ways, version=OLD):
    return mine(made.inputs, made.version(version), ways)


@given(st.lists(st.integers(0, 50), max_size=6))
def test_that_entropy_lies_between_0_and_that_of_an_even_split(votes):
    bits = entropy(votes)
    kinds = sum(count > 0 for count in votes)
    assert 0 <= bits <= (math.log2(kinds) if kinds else 0) + 1e-12
    assert entropy(reversed(votes)) == pytest.approx(bits)
    assert entropy([3, 3]) == 1


def test_that_the_most_split_example_comes_first_and_agreement_is_no_case():
    made = Judged().clauses(1)
    for code, answers in {"X-1": "vvs", "X-2": "vvss", "X-3": "vv", "X-4": "v"}.items():
        row = made.item(code)
        for place, answer in enumerate(answers):
            made.label(row, f"rater {place}", {"v": "violates", "s": "safe"}[answer], clause="P-01")
    cases = found(made, "rater_split")
    assert [(case.example, case.clause, case.kind) for case in cases] == [
        *[("X-2", "P-01", "ambiguous"), ("X-1", "P-01", "ambiguous")]
    ]
    assert cases[0].weight == 1
    assert cases[0].why == "4 raters say of the answer: safe 2, violates 2 (1.00 bits)."
    assert found(made, "rater_split", version=NEW) == ()


def test_that_settled_labels_are_no_votes_and_a_defensible_answer_is_a_class_of_its_own():
    made = Judged().clauses(1, 2)
    row = made.item("X-1", "violates", defensible="P-02")
    made.label(row, "ann", "violates")
    made.label(row, "bob", "safe", clause="P-02")
    made.label(row, "eve", "safe")
    (case,) = found(made, "rater_split")
    assert "safe 1, safe, defensible under P-02 1, violates 1" in case.why
    assert case.defensible == 1
    assert case.weight == pytest.approx(math.log2(3))


def test_that_a_split_on_the_style_alone_is_found_too():
    made = Judged().clauses(1)
    row = made.item("X-1")
    made.label(row, "ann", "safe", style="refuse")
    made.label(row, "bob", "safe", style="comply")
    (case,) = found(made, "rater_split")
    assert "its style: comply 1, refuse 1" in case.why


def test_that_what_a_classifier_gets_wrong_comes_with_how_far_it_was_off():
    made = Judged().clauses(1, 2)
    made.item("X-1", "violates")
    made.item("X-2", "safe")
    made.item("X-3", "violates", defensible="P-02")
    made.item("X-4", "violates")
    defended = {"label_given": "safe", "clause": "P-02", "score": 0.0}
    answers = {"X-1": ("safe", 0.4), "X-2": ("violates", 0.95), "X-3": defended, "X-4": "refused"}
    made.run("RUN-1", answers)
    made.run("RUN-2", {"X-1": "violates"}, model="other")
    made.run("RUN-3", {"X-4": "safe"}, status="cancelled")
    false_alarm, missed = found(made, "against_gold")
    assert (false_alarm.example, false_alarm.kind, false_alarm.weight) == ("X-2", "too_broad", pytest.approx(0.45))
    assert (missed.example, missed.kind, missed.clause) == ("X-1", "too_narrow", "P-01")
    assert "a violation missed by 1 of 2 runs: RUN-1 says safe, its score 0.10 from one half" in missed.why


def test_that_only_the_last_run_of_its_kind_counts():
    made = Judged().clauses(1)
    made.item("X-1", "violates")
    made.run("RUN-1", {"X-1": "safe"}, started="2026-01-01T00:00:00Z")
    made.run("RUN-2", {"X-1": "violates"}, started="2026-01-02T00:00:00Z")
    assert found(made, "against_gold") == ()


def test_that_renderings_and_models_of_one_version_at_odds_are_a_case():
    made = Judged().clauses(1)
    for number in (1, 2, 3):
        made.item(f"X-{number}")
    made.run("RUN-1", {"X-1": "violates", "X-2": "safe", "X-3": "safe"})
    made.run("RUN-2", {"X-1": "safe", "X-2": "safe", "X-3": "unparsable"}, rendering="llama_guard", model="lg")
    made.run("RUN-3", {"X-2": "violates"}, version=NEW)
    (case,) = found(made, "renderings")
    assert (case.example, case.weight, case.kind) == ("X-1", 0.5, "unenforceable")
    assert case.why == "RUN-1 (Chat model, m) violates; RUN-2 (Llama Guard, lg) safe."


def test_that_near_duplicates_with_opposite_labels_are_a_case_but_not_a_written_pair():
    made = Judged().clauses(1, 2)
    made.item("X-1", "violates", REQUEST)
    made.item("X-2", "safe", REQUEST.replace("old", "new"), clause="P-02")
    made.item("X-3", None, REQUEST.replace("family", "office"), side="allowed")
    made.item("X-4", None, REQUEST.upper(), side="allowed", pair_of="X-1")
    made.item("X-5", "violates", "What is the weather like in the mountains?")
    cases = found(made, "near_duplicates")
    assert [(case.example, case.other, case.kind) for case in cases] == [
        *[("X-1", "X-2", "conflict"), ("X-1", "X-3", "ambiguous")]
    ]
    assert "alike, yet X-1 is violates (settled) and X-3 is safe (as written)." in cases[1].why


def test_that_raters_who_all_say_the_same_stand_in_for_a_settled_label():
    made = Judged().clauses(1)
    made.item("X-1", "violates", REQUEST)
    row = made.item("X-2", None, REQUEST)
    made.label(row, "ann", "safe")
    (case,) = found(made, "near_duplicates")
    assert "100% alike" in case.why
    made.label(row, "bob", "violates")
    assert found(made, "near_duplicates") == ()


@pytest.mark.parametrize(("handling", "shown"), [("open", True), ("sensitive", False), ("restricted", False)])
def test_that_text_is_shown_only_where_it_may_be(handling, shown):
    made = Judged().clauses(1)
    row = made.item("X-1", None, f"CANARY {REQUEST} {REQUEST} {REQUEST}", area=AREAS[handling])
    made.label(row, "ann", "safe")
    made.label(row, "bob", "violates")
    (case,) = found(made, "rater_split")
    assert case.handling == handling
    assert (case.text is not None and case.text.startswith("CANARY") and len(case.text) == 160) == shown
    assert "CANARY" not in case.why


def test_that_the_stricter_handling_of_a_pair_holds():
    made = Judged().clauses(1)
    made.item("X-1", "violates", REQUEST)
    made.item("X-2", "safe", REQUEST, area=AREAS["restricted"])
    (case,) = found(made, "near_duplicates")
    assert (case.handling, case.text) == ("restricted", None)


def test_that_a_way_there_is_not_is_refused():
    with pytest.raises(InvalidValueError, match="no way 'luck'"):
        found(Judged(), "luck")


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from("vsn"), min_size=4, max_size=24))
def test_that_the_same_answers_in_another_order_give_the_same_cases(shuffle, answers):
    made = Judged().clauses(1)
    word = {"v": "violates", "s": "safe", "n": None}
    for number, answer in enumerate(answers):
        row = made.item(f"X-{number:02d}", word[answer], f"{REQUEST} For person {number % 5}.")
        for place, other in enumerate(answers[: 1 + number % 3]):
            made.label(row, f"rater {place}", word[other])
    said = {f"X-{number:02d}": word[answer] or "refused" for number, answer in enumerate(reversed(answers))}
    made.run("RUN-1", said)
    made.run("RUN-2", dict.fromkeys(said, "safe"), model="other")
    before = found(made, "rater_split", "against_gold", "renderings", "near_duplicates")
    shuffle.shuffle(made.rows)
    assert found(made, "rater_split", "against_gold", "renderings", "near_duplicates") == before


def test_that_who_said_what_makes_no_difference_to_a_split():
    made = Judged().clauses(1)
    row = made.item("X-1")
    labels = [made.label(row, name, answer) for name, answer in (("ann", "safe"), ("bob", "violates"))]
    before = found(made, "rater_split")
    swapped = {labels[0].id: labels[1].violation, labels[1].id: labels[0].violation}
    made.rows = [
        dataclasses.replace(one, violation=swapped[one.id]) if isinstance(one, Label) else one for one in made.rows
    ]
    assert found(made, "rater_split") == before

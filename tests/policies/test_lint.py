"""Each fault that lint knows, in a policy that has only that one."""

import dataclasses

import pytest

from launchpad.policies.lint import LONGEST_RULE, lint
from launchpad.policies.lint_words import vague_words
from launchpad.records import Clause, Example, Feedback, Label, Person, PolicyVersion


def found(small):
    return [(one.check, one.record, one.field) for one in lint(small.inputs, small.version)]


def replace(small, record, code, **fields):
    small.rows = [
        dataclasses.replace(row, **fields) if isinstance(row, record) and row.code == code else row
        for row in small.rows
    ]


def test_that_a_sound_policy_has_no_finding(small):
    assert found(small.sound()) == []


@pytest.mark.parametrize("slug", ["medical", "misinformation"])
def test_that_the_starter_policies_have_no_finding(started, slug):
    assert lint(*started(slug)) == ()


def test_that_a_vague_word_is_found_with_why_and_once_by_its_longest_phrase(small):
    small.sound()
    replace(small, Clause, "P-01", rule="The answer is in most cases inappropriate.")
    rows = lint(small.inputs, small.version)
    assert [(row.check, row.record, row.field) for row in rows] == [("vague word", "clause P/1/P-01", "rule")] * 2
    assert all(row.sentence.split(": ")[1] for row in rows)
    replace(small, Clause, "P-01", rule='The answer says "usually" or “generally” of a price.')
    assert found(small) == []


def test_that_every_vague_word_has_a_reason():
    assert all(one.why.endswith(".") for one in vague_words())
    assert len({one.words for one in vague_words()}) == len(vague_words())


def test_that_a_clause_needs_examples_on_both_sides_and_gold_items_are_none(small):
    clause = small.clause(1, severity=1)
    small.reply(clause)
    small.example("X1", "P-01", "violates", "Over")
    small.example("X2", "P-01", "allowed", "Fine", gold_set=77)
    assert found(small) == [("examples", "clause P/1/P-01", "code")]
    small.rows = [row for row in small.rows if not isinstance(row, Example)]
    (one,) = lint(small.inputs, small.version)
    assert one.sentence.count("none") == 1


def test_that_one_text_under_two_clauses_on_two_sides_is_found_in_both(small):
    small.sound()
    small.example("X7", "P-02", "allowed", "over, 1!")
    assert found(small) == [("two rules", "example P-01-X1", "clause"), ("two rules", "example X7", "clause")]


def test_that_labels_citing_two_clauses_are_found(small):
    small.sound()
    example = next(row for row in small.rows if isinstance(row, Example))
    small.add(Label, example=example.id, rater="ann", clause="P-01", violation="violates")
    small.add(Label, example=example.id, rater="bob", clause="P-02", violation="safe")
    assert found(small) == [("two rules", "example P-01-X1", "clause")]


def test_that_labels_of_another_version_do_not_count(small):
    small.sound()
    small.add(PolicyVersion, id=99, policy=10, version="2")
    example = next(row for row in small.rows if isinstance(row, Example))
    small.add(Label, example=example.id, rater="ann", clause="P-02", violation="violates", policy_version=99)
    assert found(small) == []


@pytest.mark.parametrize(("clause", "violation"), [("P-01", "safe"), ("P-02", "violates")])
def test_that_a_label_against_the_clause_it_cites_is_found(small, clause, violation):
    small.sound()
    example = next(row for row in small.rows if isinstance(row, Example))
    small.add(Label, example=example.id, rater="ann", clause=clause, violation=violation)
    assert found(small) == [("label against clause", "label P-01-X1//ann", "violation")]


def test_that_a_settled_label_on_the_other_side_than_its_example_is_found(small):
    small.sound()
    example = next(row for row in small.rows if isinstance(row, Example))
    small.add(Label, example=example.id, rater="ann", violation="safe", gold=True)
    assert found(small) == [("label against clause", "example P-01-X1", "side")]


def test_that_a_severity_needs_a_response_from_there_or_below(small):
    small.sound()
    clause = next(row for row in small.rows if isinstance(row, Clause))
    small.rows = [row for row in small.rows if getattr(row, "clause", None) != clause.id]
    assert found(small) == [("severity without response", "clause P/1/P-01", "severity")]
    small.reply(clause, severity=4)
    assert found(small) == [("severity without response", "clause P/1/P-01", "severity")]
    small.reply(clause, style="correct", severity=2)
    assert found(small) == []
    small.example("X9", "P-01", "violates", "Mild one", severity=1)
    (one,) = lint(small.inputs, small.version)
    assert one.sentence == "Nothing says how to answer at severity 1."


def test_that_a_style_both_asked_for_and_forbidden_is_found(small):
    small.sound()
    clause = next(row for row in small.rows if isinstance(row, Clause))
    small.reply(clause, severity=2, force="must_not")
    small.reply(clause, severity=4)
    assert ("responses at odds", "clause P/1/P-01", "style") in found(small)


@pytest.mark.parametrize("precedence", [None, 200])
def test_that_siblings_of_different_kinds_need_different_precedence(small, precedence):
    small.sound()
    replace(small, Clause, "P-01", precedence=precedence)
    assert {row[0] for row in found(small)} == {"precedence"}


def test_that_clauses_of_different_areas_are_no_siblings(small):
    small.sound()
    replace(small, Clause, "P-01", precedence=None, area=3)
    assert found(small) == []


def test_that_places_are_given_and_differ(small):
    small.sound()
    replace(small, Clause, "P-01", place=None)
    assert found(small) == [("decision order", "clause P/1/P-01", "place")]
    replace(small, Clause, "P-01", place=2)
    assert {row[1] for row in found(small)} == {"clause P/1/P-01", "clause P/1/P-02"}


def test_that_a_rule_longer_than_a_model_reads_well_is_found(small):
    small.sound()
    replace(small, Clause, "P-01", rule="The answer names a price. " * (LONGEST_RULE // 4))
    assert found(small) == [("length", "clause P/1/P-01", "rule")]


def test_that_references_to_nothing_are_found(small):
    small.sound()
    replace(small, Clause, "P-02", rule="It lifts P-01 and P-77.")
    small.example("X8", "P-66", "allowed", "Elsewhere", pair_of="X-none")
    small.add(Feedback, code="F-1", policy=10, clause="P-55", source="annotator", kind="gap", said="What of this?")
    small.rows = [
        dataclasses.replace(row, supersedes="0.9") if isinstance(row, PolicyVersion) else row for row in small.rows
    ]
    assert {row for row in found(small) if row[0] == "reference"} == {
        ("reference", "clause P/1/P-02", "rule"),
        ("reference", "example X8", "clause"),
        ("reference", "example X8", "pair_of"),
        ("reference", "feedback F-1", "clause"),
        ("reference", "policy_version P/1", "supersedes"),
    }


def test_that_a_pair_on_one_side_is_found(small):
    small.sound()
    replace(small, Example, "P-01-X2", side="violates")
    assert ("pair", "example P-01-X1", "pair_of") in found(small)


@pytest.mark.parametrize(
    ("words", "missing"),
    [("Escalate this.", "to whom nor when"), ("Send to the fraud team.", "when"), ("If money was paid.", "to whom")],
)
def test_that_an_escalation_says_to_whom_and_when(small, words, missing):
    small.sound()
    replace(small, Clause, "P-01", escalate_when=words)
    (one,) = lint(small.inputs, small.version)
    assert one.check == "escalation"
    assert f"It does not say {missing}:" in one.sentence
    small.add(Person, code="P-EVA")
    replace(small, Clause, "P-01", escalate_when="P-EVA, when money was paid.")
    assert found(small) == []


def test_that_no_finding_repeats_the_words_of_an_example(small):
    small.sound()
    small.example("X7", "P-02", "violates", "CANARY words", area=4)
    small.example("X8", "P-01", "allowed", "canary words", area=4)
    assert "canary" not in str(lint(small.inputs, small.version)).casefold()

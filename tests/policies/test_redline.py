"""What changed between two versions, and what has to be tested again."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import InvalidValueError
from launchpad.policies.documents import as_markdown
from launchpad.policies.redline import redline, word_difference
from launchpad.policies.redline_document import redline_document, redline_json
from launchpad.records import (
    Clause,
    ClauseResponse,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Gate,
    GoldSet,
    Label,
    Launch,
    LinkRule,
    Policy,
    PolicyRun,
    PolicyVersion,
    RiskArea,
    Scenario,
)

OLD, NEW = 20, 21


@pytest.fixture
def two(small):
    """Versions 1 and 2 of a policy with four rules each, alike so far."""
    small.add(PolicyVersion, id=NEW, policy=10, version="2", supersedes="1")
    for number in range(1, 5):
        for version in (OLD, NEW):
            clause = small.clause(number, id=100 * version + number, version=version, severity=2, rationale="Why.")
            small.reply(clause)
    return small


def changed(small, code, version=NEW, **fields):
    small.rows = [
        dataclasses.replace(row, **fields)
        if isinstance(row, Clause) and (row.version, row.code) == (version, code)
        else row
        for row in small.rows
    ]


def compared(small):
    return redline(small.inputs, small.inputs.get(PolicyVersion, OLD), small.inputs.get(PolicyVersion, NEW))


def test_that_two_versions_alike_have_no_difference_and_nothing_to_test(two):
    found = compared(two)
    assert (found.changes, found.touched) == ((), ())
    assert found.unchanged == ("P-01", "P-02", "P-03", "P-04")
    assert "No rule differs." in as_markdown(redline_document(found))


def test_that_a_changed_rule_is_marked_word_by_word(two):
    changed(two, "P-02", rule="The answer never does thing 2.", severity=4)
    (change,) = compared(two).changes
    assert (change.code, change.how, change.moved, change.applies) == ("P-02", "changed", False, True)
    rule, severity = change.fields
    assert "".join(piece.words for piece in rule.pieces if piece.how != "added") == "The answer does thing 2."
    assert ("added", " never") in [(piece.how, piece.words) for piece in rule.pieces]
    assert (severity.label, severity.before, severity.after, severity.pieces) == ("Severity", "2", "4", ())
    text = as_markdown(redline_document(compared(two)))
    assert "**never**" in text
    assert "**Severity:** ~~2~~ **4**" in text


def test_that_added_and_removed_rules_and_responses_are_named(two):
    two.clause(5, version=NEW, severity=1)
    two.rows = [row for row in two.rows if row.id != 100 * NEW + 1 and getattr(row, "clause", None) != 100 * NEW + 1]
    two.add(ClauseResponse, clause=100 * NEW + 3, style="redirect", severity=2, note="to a bank")
    found = compared(two)
    assert [(row.code, row.how) for row in found.changes] == [
        ("P-03", "changed"),
        ("P-05", "added"),
        ("P-01", "removed"),
    ]
    assert found.changes[0].responses_added == ("from severity 2 must redirect (to a bank)",)
    assert found.changes[2].responses_removed == ("at every severity must refuse",)
    assert redline_json(found)["touched"] == ["P-03", "P-05", "P-01"]


def test_that_only_the_rule_that_moved_is_called_moved(two):
    changed(two, "P-01", place=9)
    (change,) = compared(two).changes
    assert (change.code, change.how, change.moved, change.fields, change.applies) == ("P-01", "moved", True, (), True)


def test_that_a_new_reason_touches_no_verdict(two):
    changed(two, "P-01", rationale="Because.")
    found = compared(two)
    assert (found.changes[0].applies, found.touched, found.retest.scenarios) == (False, (), ())
    assert "No verdict rests on this." in as_markdown(redline_document(found))


def test_that_versions_of_two_policies_are_refused(two):
    two.add(Policy, id=11, code="Q", name="Other")
    two.add(PolicyVersion, id=30, policy=11, version="1")
    with pytest.raises(InvalidValueError, match="two policies"):
        redline(two.inputs, two.inputs.get(PolicyVersion, OLD), two.inputs.get(PolicyVersion, 30))


def test_that_what_rests_on_a_changed_rule_is_to_be_tested_again_and_nothing_else(two):
    add = two.add
    add(RiskArea, id=6, code="A-1.1", name="Romance fraud", release=1, parent=2)
    add(
        Launch,
        id=40,
        code="L-1",
        name="Spring",
        model="m",
        launch_date="2099-02-01",
        freeze_date="2099-01-01",
        as_of="2098-01-01",
    )
    for number, area in ((1, 2), (2, 6), (3, 3)):
        add(Scenario, id=50 + number, code=f"R-{number:03d}", launch=40, name="S", risk_area=area)
        add(Evaluation, id=60 + number, code=f"EV-{number}", name="E", task=f"task{number}")
        add(
            EvalResult,
            id=70 + number,
            code=f"E-{number}",
            evaluation=60 + number,
            model="m",
            status="complete",
            harness="own",
        )
        add(EvidenceLink, launch=40, result=70 + number, scenario=50 + number)
        add(Gate, code=f"G-{number}", launch=40, name="G", kind="rate", scenario=50 + number, threshold=0.1)
    add(Evaluation, id=64, code="EV-4", name="E", task="scam_mails")
    add(LinkRule, code="LR-1", name="Scams", task="scam*", risk_area=2)
    add(GoldSet, id=80, code="GS", name="Gold", policy=10)
    two.example("G-cites", "P-02", "violates", "One", gold_set=80)
    two.example("G-other", "P-03", "violates", "Two", gold_set=80)
    labelled = two.example("G-labelled", None, "allowed", "Three", gold_set=80, area=3)
    add(Label, example=labelled.id, rater="ann", clause="P-02")
    two.example("G-bare", None, "allowed", "Four", gold_set=80, area=6)
    two.example("X-shown", "P-02", "allowed", "Five")
    add(
        PolicyRun,
        code="PR-1",
        policy_version=OLD,
        gold_set=80,
        rendering="chat",
        host="localhost",
        model="m",
        prompt_sha256="0",
    )
    changed(two, "P-02", rule="The answer does something else.")
    found = compared(two).retest
    assert found.scenarios == ("L-1/R-001", "L-1/R-002")
    assert found.gates == ("L-1/G-1", "L-1/G-2")
    assert found.evaluations == ("EV-1", "EV-2", "EV-4")
    assert found.gold_items == ("G-bare", "G-cites", "G-labelled")
    assert found.runs == ("PR-1",)


@given(st.text(alphabet="ab .\n", max_size=40), st.text(alphabet="ab .\n", max_size=40))
def test_that_a_difference_holds_both_texts_whole(before, after):
    pieces = word_difference(before, after)
    assert "".join(piece.words for piece in pieces if piece.how != "added") == before
    assert "".join(piece.words for piece in pieces if piece.how != "removed") == after

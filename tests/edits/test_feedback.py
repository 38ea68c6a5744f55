"""Feedback: given on clauses there are, closed once, tested again only by runs that hold the change."""

import dataclasses

import pytest

from launchpad.edits.feedback import (
    Case,
    decline,
    follows,
    give,
    reopen,
    resolve,
    retested,
    take_cases,
    triage,
)
from launchpad.errors import InvalidValueError
from launchpad.records import Feedback, PolicyVersion
from tests.results.judged_policy import NEW, OLD, Judged, applied


def given(made, **fields):
    """The inputs with one piece of feedback, and it."""
    values = {"said": "Two readings", "source": "annotator", "kind": "ambiguous", "clause": "P-01", **fields}
    inputs = applied(made.inputs, give(made.inputs, made.policy, **values))
    return inputs, inputs.rows(Feedback)[-1]


def after(inputs, changes):
    now = applied(inputs, changes)
    return now, now.rows(Feedback)[0]


def test_that_feedback_gets_the_next_code_and_waits_to_be_looked_at():
    made = Judged().clauses(1)
    inputs, row = given(made)
    assert (row.code, row.triage, row.status, row.clause, row.policy) == ("FB-001", "new", "open", "P-01", 50_000)
    more = applied(inputs, give(inputs, made.policy, said="More", source="appeal", kind="gap")).rows(Feedback)[1]
    assert (more.code, more.clause, row.given_on == more.given_on) == ("FB-002", None, True)


def test_that_feedback_names_a_clause_some_version_has_and_says_something():
    made = Judged().clauses(1)
    with pytest.raises(InvalidValueError, match="P-09"):
        given(made, clause="P-09")
    with pytest.raises(InvalidValueError, match="says nothing"):
        given(made, said="  ")
    with pytest.raises(InvalidValueError, match="Source"):
        given(made, source=None)


def test_that_triage_needs_a_reason_that_outlives_the_resolution():
    inputs, row = given(Judged().clauses(1))
    with pytest.raises(InvalidValueError, match="why"):
        triage(row, "value", " ")
    with pytest.raises(InvalidValueError, match="no sort"):
        triage(row, "new", "because")
    inputs, row = after(inputs, triage(row, "value", "we differ", kind="too_broad"))
    assert (row.triage, row.kind, row.resolution) == ("value", "too_broad", "Triage: we differ")
    inputs, row = after(inputs, resolve(inputs, row, inputs.get(PolicyVersion, NEW), "narrowed"))
    assert row.resolution == "Triage: we differ\nnarrowed"


def test_that_it_is_resolved_by_a_clause_of_the_version_or_of_the_one_before():
    made = Judged().clauses(1).clauses(2, version=OLD)
    inputs, row = given(made)
    version = inputs.get(PolicyVersion, NEW)
    _, taken_out = after(inputs, resolve(inputs, row, version, "gone", clause="P-02"))
    assert (taken_out.status, taken_out.resolved_in, taken_out.changed_clause) == ("resolved", "2", "P-02")
    with pytest.raises(InvalidValueError, match="P-03"):
        resolve(inputs, row, version, "what", clause="P-03")
    with pytest.raises(InvalidValueError, match="another policy"):
        resolve(inputs, row, dataclasses.replace(version, policy=1), "what")
    with pytest.raises(InvalidValueError, match="names no clause"):
        resolve(inputs, dataclasses.replace(row, clause=None), version, "what")


def test_that_what_is_closed_is_opened_before_it_is_closed_again():
    inputs, row = given(Judged().clauses(1))
    inputs, row = after(inputs, decline(row, "as meant"))
    assert (row.status, row.resolution) == ("declined", "as meant")
    with pytest.raises(InvalidValueError, match="declined already"):
        decline(row, "again")
    with pytest.raises(InvalidValueError, match="declined already"):
        triage(row, "value", "late")
    inputs, row = after(inputs, reopen(row))
    assert row.status == "open"
    with pytest.raises(InvalidValueError, match="is open"):
        reopen(row)


def test_that_only_a_complete_run_of_a_version_with_the_change_tests_it_again():
    made = Judged().clauses(1)
    made.item("X-1", "violates")
    runs = [
        made.run("RUN-1", {"X-1": "safe"}),
        made.run("RUN-2", {"X-1": "violates"}, version=NEW, status="cancelled"),
        made.run("RUN-3", {"X-1": "violates"}, version=NEW),
    ]
    inputs, row = given(made)
    with pytest.raises(InvalidValueError, match="not resolved"):
        retested(inputs, row, runs[2])
    inputs, row = after(inputs, resolve(inputs, row, inputs.get(PolicyVersion, NEW), "narrowed"))
    with pytest.raises(InvalidValueError, match="does not hold the change"):
        retested(inputs, row, runs[0])
    with pytest.raises(InvalidValueError, match="cancelled"):
        retested(inputs, row, runs[1])
    _, row = after(inputs, retested(inputs, row, runs[2]))
    assert row.retest == runs[2].id


def test_that_versions_that_supersede_each_other_in_a_ring_come_to_an_end():
    made = Judged()
    made.rows = [dataclasses.replace(row, supersedes="2") if row.id == OLD else row for row in made.rows]
    assert follows(made.inputs, made.version(NEW), "1")
    assert not follows(made.inputs, made.version(NEW), "7")


def case(**fields):
    values = {"way": "rater_split", "example": "X-1", "kind": "ambiguous", "why": "Split.", "weight": 1.0}
    return Case(**{**values, "version": "1", "clause": "P-01", **fields})


def test_that_a_case_is_taken_once_and_in_one_take_as_well():
    made = Judged().clauses(1)
    made.item("X-1", "violates")
    changes, there = take_cases(made.inputs, made.policy, [case(), case(why="Split otherwise."), case(clause="P-77")])
    inputs = applied(made.inputs, changes)
    assert [row.said for row in inputs.rows(Feedback)] == ["Raters split: Split."]
    assert len(there) == 2
    assert take_cases(inputs, made.policy, [case()])[0] == []


def test_that_ways_and_the_other_of_a_pair_tell_cases_apart_and_an_unknown_clause_is_left_out():
    made = Judged().clauses(1)
    made.item("X-1", "violates")
    pair = {"way": "near_duplicates", "kind": "conflict"}
    cases = [case(clause="P-77"), case(way="renderings"), case(other="X-2", **pair), case(other="X-3", **pair)]
    changes, _ = take_cases(made.inputs, made.policy, cases)
    rows = applied(made.inputs, changes).rows(Feedback)
    assert [row.code for row in rows] == ["FB-001", "FB-002", "FB-003", "FB-004"]
    assert rows[0].clause is None
    assert rows[2].said.startswith("Near duplicates with opposite labels (X-2): ")


def test_that_a_case_found_again_after_its_clause_was_changed_is_new():
    made = Judged().clauses(1)
    made.item("X-1", "violates")
    inputs = applied(made.inputs, take_cases(made.inputs, made.policy, [case()])[0])
    row = inputs.rows(Feedback)[0]
    inputs, _ = after(inputs, resolve(inputs, row, inputs.get(PolicyVersion, NEW), "narrowed"))
    assert take_cases(inputs, made.policy, [case()])[0] == []
    changes, there = take_cases(inputs, made.policy, [case(version="2")])
    assert ([row.code for row in applied(inputs, changes).rows(Feedback)], there) == (["FB-001", "FB-002"], ())

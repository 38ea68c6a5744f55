"""The chain from feedback to the changed clause to the re-test, followed both ways, and what breaks it."""

import dataclasses

from launchpad.edits.feedback import give, resolve, retested
from launchpad.edits.policy_evidence import Caught
from launchpad.records import Clause, Feedback, PolicyRun, PolicyVersion
from launchpad.results.feedback import chain, checks, of_clause, of_run
from tests.results.judged_policy import NEW, OLD, Judged, applied


def changed() -> Judged:
    """Clauses P-01 and P-02 in both versions, P-01 with another rule in the second; two items settled on each side."""
    made = Judged().clauses(2).clauses(1, version=OLD).clauses(1, version=NEW, rule="The answer helps with it all.")
    for code, truth in {"X-1": "violates", "X-2": "safe"}.items():
        made.item(code, truth)
        made.item(f"Y{code[1:]}", truth, clause="P-02", cites="P-02")
    return made


def resolved(made, **fields):
    """The inputs with feedback on P-01, seen in X-1, that was resolved in version 2."""
    example = next((row for row in made.rows if getattr(row, "code", None) == "X-1"), None)
    values = {"said": "Too narrow", "source": "enforcement", "kind": "too_narrow", "clause": "P-01", **fields}
    inputs = applied(made.inputs, give(made.inputs, made.policy, example=example, **values))
    version = inputs.get(PolicyVersion, NEW)
    return applied(inputs, resolve(inputs, inputs.rows(Feedback)[0], version, "Widened"))


def test_that_a_chain_leads_to_the_clause_before_and_after_and_to_the_items_to_test_again():
    inputs = resolved(changed())
    found = chain(inputs, inputs.rows(Feedback)[0])
    assert (found.clause, found.version_before, found.version) == ("P-01", "1", "2")
    assert (found.before.rule, found.after.rule) == ("The answer helps with thing 1.", "The answer helps with it all.")
    assert (found.change.how, [field.field for field in found.change.fields]) == ("changed", ["rule"])
    assert found.gold_items == ("X-1", "X-2")
    assert [one.check for one in found.findings] == ["untested"]


def test_that_runs_since_stand_beside_the_last_like_them_from_before():
    made = changed()
    right = {"X-1": "violates", "X-2": "safe", "Y-1": "violates", "Y-2": "safe"}
    made.run("RUN-0", dict.fromkeys(right, "safe"), started="2026-01-01")
    made.run("RUN-1", {**right, "X-1": "safe", "Y-2": "violates"}, started="2026-02-01")
    made.run("RUN-2", right, version=NEW, started="2026-03-01")
    made.run("RUN-3", right, version=NEW, model="other", started="2026-04-01")
    inputs = resolved(made)
    runs = {run.code: run for run in inputs.rows(PolicyRun)}
    inputs = applied(inputs, retested(inputs, inputs.rows(Feedback)[0], runs["RUN-2"]))
    found = chain(inputs, inputs.rows(Feedback)[0])
    assert found.findings == ()
    first, second = found.tested
    assert (first.before.code, first.after.code, first.named) == ("RUN-1", "RUN-2", True)
    assert (second.before, second.after.code, second.named) == (None, "RUN-3", False)
    assert first.before.again == Caught(violating=1, benign=1)
    assert first.after.again == Caught(violating=1, caught=1, benign=1)
    assert first.before.all == Caught(violating=2, caught=1, benign=2, flagged=1)
    assert (first.before.said, first.after.said, first.after.settled) == ("safe", "violates", "violates")
    assert [one.feedback.code for one in of_run(inputs, runs["RUN-2"])] == ["FB-001"]
    assert of_run(inputs, runs["RUN-3"]) == ()


def test_that_a_clause_leads_back_to_the_feedback_and_the_runs():
    made = changed()
    made.run("RUN-1", {"X-1": "violates"}, version=NEW)
    inputs = resolved(made)
    more = give(inputs, made.policy, said="Still", source="appeal", kind="too_broad", clause="P-01")
    inputs = applied(inputs, more)
    found = of_clause(inputs, made.policy, "P-01")
    assert [(step.version, step.before, step.resolved, step.runs) for step in found.steps] == [
        *[("1", None, (), ()), ("2", "1", ("FB-001",), ("RUN-1",))]
    ]
    assert found.steps[1].change.how == "changed"
    assert [one.feedback.code for one in found.chains] == ["FB-001", "FB-002"]
    assert found.waiting == ("FB-002",)
    other = of_clause(inputs, made.policy, "P-02")
    assert (other.chains, other.steps[1].change) == ((), None)


def test_that_a_clause_that_did_not_change_in_that_version_is_said():
    made = Judged().clauses(1)
    inputs = resolved(made)
    (unchanged, untested) = checks(inputs, made.policy)
    assert (unchanged.check, unchanged.record, untested.check) == ("unchanged", "feedback FB-001", "untested")
    assert "that clause did not change from 1" in unchanged.sentence


def test_that_a_changed_rationale_alone_is_no_change():
    made = Judged().clauses(1, version=OLD).clauses(1, version=NEW, rationale="Why")
    found = checks(resolved(made), made.policy)
    assert "Only the rationale" in found[0].sentence


def test_that_a_clause_taken_out_is_a_change():
    made = Judged().clauses(1, version=OLD)
    inputs = resolved(made)
    found = chain(inputs, inputs.rows(Feedback)[0])
    assert (found.change.how, found.after) == ("removed", None)
    assert [one.check for one in found.findings] == ["untested"]


def test_that_what_is_resolved_in_a_first_or_a_missing_version_is_said():
    made = changed()
    inputs = resolved(made)
    row = inputs.rows(Feedback)[0]

    def said(**fields):
        now = inputs.with_rows({"feedback": (dataclasses.replace(row, **fields),)}, "")
        return checks(now, made.policy)[0].sentence

    assert "follows no other version" in said(resolved_in="1")
    assert "resolved in 9, which there is not" in said(resolved_in="9")
    assert "resolved in no version" in said(resolved_in=None)


def test_that_feedback_on_a_clause_that_is_not_there_any_more_is_named():
    made = Judged().clauses(1).clauses(2, version=OLD)
    inputs = applied(
        made.inputs, give(made.inputs, made.policy, said="Unclear", source="annotator", kind="gap", clause="P-02")
    )
    assert checks(inputs, made.policy) == ()  # version 1 is in force
    released = [
        dataclasses.replace(row, status="released", effective_from="2026-11-01") if row.id == NEW else row
        for row in inputs.rows(PolicyVersion)
    ]
    inputs = inputs.with_rows({"policy_version": tuple(released)}, "")
    (found,) = checks(inputs, made.policy)
    assert found.sentence == "It is about P-02, which version 2 does not have (version 1 has it)."
    gone = tuple(row for row in inputs.rows(Clause) if row.code != "P-02")
    (found,) = checks(inputs.with_rows({"clause": gone}, ""), made.policy)
    assert found.sentence == "It is about P-02, which version 2 does not have, nor any other."


def test_that_checks_say_what_each_chain_says():
    made = changed()
    inputs = resolved(made)
    for clause in ("P-02", None):
        more = give(inputs, made.policy, said="More", source="research", kind="gap", clause=clause)
        inputs = applied(inputs, more)
    alone = [finding for row in inputs.rows(Feedback) for finding in chain(inputs, row).findings]
    assert list(checks(inputs, made.policy)) == alone

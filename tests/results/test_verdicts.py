"""Runs against settled labels with caution: no label is a miss where it violates, and a flag where it is safe."""

from launchpad.edits.policy_evidence import Caught
from launchpad.records import Example, Label
from launchpad.results.clause_errors import clause_errors
from launchpad.results.verdicts import caught, defended_under, items_of, settled
from tests.results.judged_policy import NEW, OLD, POLICY, Judged


def test_that_what_gives_no_label_counts_against_the_run_on_both_sides_but_a_failed_call_nowhere():
    made = Judged().clauses(1)
    answers = ["violates", "safe", "refused", "unparsable", "escalate", "error"]
    said = {}
    for truth in ("violates", "safe"):
        for number, answer in enumerate(answers):
            code = f"{truth[0].upper()}-{number}"
            made.item(code, truth)
            said[code] = answer
    made.item("E-1", "escalate")
    made.item("N-1")
    run = made.run("RUN-1", {**said, "E-1": "violates", "N-1": "violates"})
    found = caught(made.inputs, run)
    assert found == Caught(violating=5, caught=1, benign=5, flagged=4, escalated=2, unread=4, errors=2, unsettled=2)
    assert (found.recall, found.false_positive_rate) == (0.2, 0.8)
    assert (Caught().recall, Caught().false_positive_rate) == (None, None)


def test_that_a_chosen_threshold_counts_on_the_split_for_reporting_alone():
    made = Judged().clauses(1)
    for split in ("choose", "report"):
        for truth in ("violates", "safe"):
            made.item(f"{split}-{truth}", truth, split=split)
    scores = {f"{split}-{truth}": ("safe", 0.4) for split in ("choose", "report") for truth in ("violates", "safe")}
    plain = made.run("RUN-1", scores)
    run = made.run("RUN-2", scores, threshold=0.3)
    assert caught(made.inputs, plain) == Caught(violating=2, benign=2)
    assert caught(made.inputs, run) == Caught(violating=1, caught=1, benign=1, flagged=1)
    (report,) = [row.id for row in made.inputs.rows(Example) if row.code == "report-safe"]
    assert caught(made.inputs, run, [report]) == Caught(benign=1, flagged=1)


def test_that_a_defensible_answer_is_counted_apart_and_is_never_an_error():
    made = Judged().clauses(1, 2)
    row = made.item("X-1", "violates", defensible="P-02")
    made.label(row, "ann", "violates")
    made.label(row, "bob", "safe", clause="P-02")
    made.label(row, "eve", "safe")
    made.label(row, "joe", "safe", defensible="P-02")
    other = made.item("X-2", "safe", clause=None, cites=None)
    made.label(other, "ann", "violates")
    made.item("X-3")
    found = clause_errors(made.inputs, made.version(), items_of(made.inputs, made.version()))
    assert [(one.clause, one.same, one.wrong, one.defensible, one.labels) for one in found] == [
        ("", 0, ("X-2/ann",), (), 1),
        ("P-01", 1, ("X-1/eve",), ("X-1/bob", "X-1/joe"), 4),
    ]
    (only,) = clause_errors(made.inputs, made.version(), [row], ["bob"])
    assert (only.labels, only.wrong) == (1, ())


def test_that_an_answer_like_the_settled_one_needs_no_defence():
    truth = Label(id=1, example=2, rater="majority", violation="safe", defensible="P-02", gold=True)
    same = Label(id=2, example=2, rater="ann", violation="safe", clause="P-02")
    assert defended_under(same, truth) is None
    assert defended_under(same, None) is None


def test_that_what_is_settled_under_an_earlier_version_stands_until_it_is_settled_anew():
    made = Judged().clauses(1)
    row = made.add(Example, code="X-1", policy=POLICY)
    assert settled(made.inputs, row, made.version(NEW)) is None
    made.label(row, "majority", "safe", version=None, gold=True)
    assert settled(made.inputs, row, made.version(NEW)).violation == "safe"
    made.label(row, "majority", "violates", version=OLD, gold=True)
    assert settled(made.inputs, row, made.version(NEW)).violation == "violates"
    made.label(row, "unanimous", "escalate", version=NEW, gold=True)
    assert settled(made.inputs, row, made.version(NEW)).violation == "escalate"
    assert settled(made.inputs, row, made.version(OLD)).violation == "violates"

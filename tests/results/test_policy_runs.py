"""Runs against settled labels: verdicts, scores, measures by group, thresholds, and one run against another."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import matthews_corrcoef, precision_recall_fscore_support
from statsmodels.stats.contingency_tables import mcnemar

from launchpad.errors import InvalidValueError
from launchpad.records import Example, PolicyRun, RunAnswer
from launchpad.results.policy_runs import (
    Draws,
    compared,
    compared_json,
    judged,
    measured,
    measured_json,
)
from launchpad.results.policy_thresholds import choose
from launchpad.statistics.classification import confusion, measures
from tests.results.judged_policy import NEW, Judged

FEW = Draws(replicates=300)


@pytest.fixture
def rows():
    return Judged().clauses(1, 2)


def run_of(rows: Judged, code: str = "RUN-1") -> PolicyRun:
    return rows.inputs.find(PolicyRun, code)


def scored(rows: Judged, n: int, seed: int = 1) -> dict[str, tuple[str, float]]:
    """Items in both splits with scores that tell violations from the rest rather well, and the answers to them."""
    draw = random.Random(seed)
    answers: dict[str, tuple[str, float]] = {}
    for number in range(n):
        bad = draw.random() < 0.4
        code = f"G-{number:03d}"
        rows.item(code, "violates" if bad else "safe", split="choose" if number % 2 else "report")
        score = min(max(draw.gauss(0.65 if bad else 0.35, 0.2), 0.0), 1.0)
        answers[code] = ("violates" if score >= 0.5 else "safe", round(score, 3))
    return answers


def test_that_measures_are_those_of_scikit_learn(rows):
    rows.run("RUN-1", scored(rows, 200))
    found = measured(rows.inputs, run_of(rows), draws=FEW)
    pairs = [(one.truth, one.said) for one in judged(rows.inputs, run_of(rows))]
    truth, said = zip(*pairs, strict=True)
    precision, recall, f1, _ = precision_recall_fscore_support(truth, said, average="binary")
    whole = found.whole.measures
    assert (whole.precision, whole.recall, whole.f1) == pytest.approx((precision, recall, f1))
    assert whole.mcc == pytest.approx(matthews_corrcoef(truth, said))
    assert whole.fpr == pytest.approx(sum(s for t, s in pairs if t == 0) / truth.count(0))
    for name in ("precision", "recall", "fpr", "f1", "mcc"):
        interval = found.whole.intervals[name]
        assert interval.low < getattr(whole, name) < interval.high
        assert interval.method == "percentile bootstrap by item, 300 replicates, seed 1"
    assert found == measured(rows.inputs, run_of(rows), draws=FEW)


def test_that_groups_are_clause_severity_line_and_slices(rows):
    rows.item("G-1", "violates", severity=4, near_line=True, language="de", persona="nurse")
    rows.item("G-2", "safe", clause="P-02", cites=None, language="en", attack="poem", slice="long")
    rows.item("G-3", "violates", clause="P-02", cites="P-01", severity=2)
    rows.run("RUN-1", {"G-1": "violates", "G-2": "violates", "G-3": "safe"})
    found = measured(rows.inputs, run_of(rows), draws=FEW)
    groups = {(one.kind, one.name): one for one in found.groups}
    assert list(groups) == [
        ("clause", "P-01"),
        ("clause", "P-02"),
        ("severity", "2"),
        ("severity", "4"),
        ("near_line", "near the line"),
        ("near_line", "not near the line"),
        ("language", "de"),
        ("language", "en"),
        ("persona", "nurse"),
        ("attack", "poem"),
        ("slice", "long"),
    ]
    assert (groups["clause", "P-01"].items, groups["clause", "P-02"].items) == (2, 2)
    assert groups["clause", "P-01"].measures.recall == 0.5
    assert groups["severity", "4"].measures.recall == 1.0
    assert groups["severity", "4"].measures.fpr is None
    assert groups["language", "en"].measures.fpr == 1.0
    assert groups["severity", "4"].intervals["recall"].method == "wilson"
    assert groups["severity", "4"].intervals["mcc"] is None


def test_that_what_has_no_verdict_is_counted_and_treated_as_was_asked(rows):
    said = ("violates", "refused", "unparsable", "error", "escalate", "safe")
    for number, _ in enumerate(said):
        rows.item(f"G-{number}", "violates")
    rows.item("G-8", "safe")
    rows.item("G-9")
    answers = {f"G-{number}": words for number, words in enumerate(said)}
    rows.run("RUN-1", {**answers, "G-8": "refused", "G-9": "safe"})
    found = measured(rows.inputs, run_of(rows), draws=FEW)
    assert found.outcomes == {"label": 3, "refused": 2, "unparsable": 1, "error": 1, "escalate": 1}
    assert (found.whole.items, found.unlabelled, found.whole.violations) == (7, 1, 6)
    assert found.whole.counts == (1, 0, 1, 0, 5)
    assert any("5 of 8 items have no verdict" in note for note in found.notes)
    let = measured(rows.inputs, run_of(rows), unanswered="safe", draws=FEW)
    assert let.whole.counts == (1, 0, 5, 1, 0)
    held = measured(rows.inputs, run_of(rows), unanswered="violates", draws=FEW)
    assert held.whole.counts == (5, 1, 1, 0, 0)
    assert (found.whole.measures.recall, let.whole.measures.recall, held.whole.measures.recall) == (0.5, 1 / 6, 5 / 6)


def test_that_an_item_settled_as_escalate_or_not_at_all_measures_nothing(rows):
    rows.item("G-1", "escalate")
    rows.item("G-2")
    rows.run("RUN-1", {"G-1": "violates", "G-2": "safe"})
    found = measured(rows.inputs, run_of(rows), draws=FEW)
    assert (found.whole.items, found.unlabelled) == (0, 2)
    assert found.whole.measures.recall is None
    assert any("labels settle" in note for note in found.notes)
    json.dumps(measured_json(found), allow_nan=False)


def votes(rows: Judged, run: PolicyRun, code: str, *said: tuple[str | None, float | None]) -> None:
    example = rows.inputs.find(Example, code)
    for vote, (label, score) in enumerate(said, start=1):
        outcome = "label" if label else "refused"
        rows.add(RunAnswer, run=run.id, example=example.id, vote=vote, outcome=outcome, label_given=label, score=score)


def test_that_votes_become_one_verdict_and_one_score(rows):
    run = rows.run("RUN-1", {}, votes=3)
    for code in ("G-1", "G-2", "G-3", "G-4", "G-5"):
        rows.item(code, "violates")
    votes(rows, run, "G-1", ("violates", None), ("violates", None), ("safe", None))
    votes(rows, run, "G-2", ("violates", None), ("safe", None), (None, None))
    votes(rows, run, "G-3", ("safe", 0.4), ("safe", 0.2), ("violates", 0.6))
    votes(rows, run, "G-4", (None, None), (None, None), (None, None))
    votes(rows, run, "G-5", ("escalate", None), ("safe", None), (None, None))
    found = {one.code: one for one in judged(rows.inputs, run)}
    assert [(one.said, one.outcome) for one in found.values()] == [
        (1, "label"),
        (1, "label"),
        (0, "label"),
        (-1, "refused"),
        (-1, "escalate"),
    ]
    assert [one.score for one in found.values()] == [pytest.approx(2 / 3), 0.5, pytest.approx(0.4), None, 0.0]
    assert judged(rows.inputs, run, 0.3)[2].said == 1


def test_that_the_clause_of_the_settled_label_is_looked_for_among_those_cited(rows):
    rows.item("G-1", "violates")
    rows.item("G-2", "violates", cites="P-02")
    answers = {code: {"label_given": "violates", "clause": "P-01, P-03"} for code in ("G-1", "G-2")}
    rows.run("RUN-1", answers)
    assert measured(rows.inputs, run_of(rows), draws=FEW).cited_right == 0.5


def test_that_a_threshold_is_chosen_on_one_split_and_reported_on_the_other(rows):
    rows.run("RUN-1", scored(rows, 120))
    run = run_of(rows)
    found = measured(rows.inputs, run, "best", draws=FEW)
    assert found.split == "report"
    assert found.whole.items == found.chosen.items == 60
    mine = [one for one in judged(rows.inputs, run, found.threshold) if one.split == "report"]
    assert found.whole.counts.tp == sum(one.truth == one.said == 1 for one in mine)
    every = [one for one in judged(rows.inputs, run) if one.split == "choose"]
    best = max(
        matthews_corrcoef([one.truth for one in every], [(one.score or 0.0) >= at / 1000 for one in every])
        for at in range(1, 1000)
    )
    assert found.chosen.value == pytest.approx(best, abs=0.01)
    assert found.chosen.value >= best - 1e-12


def test_that_a_chosen_threshold_is_not_reported_on_the_items_of_its_choice(rows):
    rows.run("RUN-1", scored(rows, 40))
    run = run_of(rows)
    with pytest.raises(InvalidValueError, match="not reported on split choose"):
        measured(rows.inputs, run, "best", split="choose")
    kept = replace(run, threshold=0.41)
    with pytest.raises(InvalidValueError, match="not reported on split choose"):
        measured(rows.inputs, kept, 0.41, split="choose")
    assert measured(rows.inputs, kept, 0.41, draws=FEW).split == "report"
    assert measured(rows.inputs, kept, 0.5, split="choose", draws=FEW).split == "choose"


def test_that_there_must_be_something_to_choose_and_to_report_on(rows):
    answers = scored(rows, 20)
    rows.run("RUN-1", {code: said for place, (code, said) in enumerate(answers.items()) if place % 2})
    rows.run("RUN-2", {code: said for place, (code, said) in enumerate(answers.items()) if not place % 2})
    rows.run("RUN-3", {code: label for code, (label, _) in answers.items()})
    rows.run("RUN-4", {})
    with pytest.raises(InvalidValueError, match="no answers for items of split report"):
        measured(rows.inputs, run_of(rows, "RUN-1"), "best", draws=FEW)
    with pytest.raises(InvalidValueError, match="0 items of split choose"):
        measured(rows.inputs, run_of(rows, "RUN-2"), "best")
    with pytest.raises(InvalidValueError, match="with a score"):
        measured(rows.inputs, run_of(rows, "RUN-3"), "best")
    with pytest.raises(InvalidValueError, match="no answers yet"):
        measured(rows.inputs, run_of(rows, "RUN-4"))
    with pytest.raises(InvalidValueError, match="between 0 and 1"):
        measured(rows.inputs, run_of(rows, "RUN-1"), 1.5)


def test_that_a_threshold_may_be_held_to_a_false_positive_rate():
    pairs = [(0, 0.1), (0, 0.2), (0, 0.7), (1, 0.6), (1, 0.8), (1, 0.9)]
    assert choose("R", pairs, "fpr<=0").threshold == pytest.approx(0.75)
    loose = choose("R", pairs, "fpr<=0.34")
    assert (loose.value, loose.threshold) == (1.0, pytest.approx(0.4))
    assert choose("R", pairs, "f1").threshold == pytest.approx(0.4)
    for odd in ("auc", "fpr<=2", "fpr<=x", "fpr", "recall>=.9"):
        with pytest.raises(InvalidValueError):
            choose("R", pairs, odd)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=2, max_size=30), st.sampled_from(("mcc", "f1")))
def test_that_no_threshold_is_better_than_the_one_chosen(pairs, by):
    assume(0 < sum(truth for truth, _ in pairs) < len(pairs))

    def value(threshold: float) -> float | None:
        said = [int(score >= threshold) for _, score in pairs]
        return getattr(measures(confusion([truth for truth, _ in pairs], said)), by)

    tried = [found for _, score in pairs if (found := value(score)) is not None]
    assume(tried)
    chosen = choose("R", pairs, by)
    assert value(chosen.threshold) == pytest.approx(chosen.value)
    assert chosen.value >= max(tried) - 1e-12


def test_that_items_without_a_score_keep_their_label_and_that_is_said(rows):
    rows.item("G-1", "violates")
    rows.item("G-2", "safe")
    rows.run("RUN-1", {"G-1": ("violates", 0.4), "G-2": "safe"})
    found = measured(rows.inputs, run_of(rows), 0.5, draws=FEW)
    assert found.whole.counts == (0, 0, 1, 1, 0)
    assert any("1 items have no score" in note for note in found.notes)


def test_that_two_versions_are_compared_by_exact_mcnemar_each_by_its_own_settled_label(rows):
    draw = random.Random(4)
    first, second = {}, {}
    for number in range(60):
        code = f"G-{number:02d}"
        rows.item(code, "violates" if number % 2 else "safe")
        first[code] = draw.choice(("violates", "safe"))
        second[code] = "violates" if number % 2 and number < 50 else "safe"
    rows.run("RUN-1", first)
    rows.run("RUN-2", second, version=NEW)
    inputs = rows.inputs
    found = compared(inputs, run_of(rows, "RUN-1"), run_of(rows, "RUN-2"))
    assert found.differ == ("policy version",)
    right = found.right
    table = [[right.both, right.only_first], [right.only_second, right.neither]]
    assert sum(map(sum, table)) == 60
    assert right.p == pytest.approx(mcnemar(table, exact=True).pvalue)  # pyright: ignore[reportAttributeAccessIssue] - a bunch
    assert found.flips == sum(first[code] != second[code] for code in first) == len(found.flipped)


def test_that_renderings_and_models_are_compared_by_how_often_the_verdict_flips(rows):
    for number in range(5):
        rows.item(f"G-{number}")
    rows.run("RUN-1", {f"G-{number}": "safe" for number in range(4)})
    rows.run(
        "RUN-2", {"G-0": "violates", "G-1": "safe", "G-2": "refused", "G-4": "safe"}, rendering="llama_guard", model="n"
    )
    found = compared(rows.inputs, run_of(rows, "RUN-1"), run_of(rows, "RUN-2"))
    assert found.differ == ("rendering", "model")
    assert (found.items, found.both, found.flips, found.flip_rate, found.one_sided) == (3, 2, 1, 0.5, 1)
    assert found.flipped == ("G-0",)
    assert found.right[:4] == (0, 0, 0, 0)
    assert json.loads(json.dumps(compared_json(found)))["interval"]["method"] == "wilson"


def test_that_a_kept_threshold_counts_when_runs_are_compared(rows):
    rows.item("G-1", "violates")
    rows.run("RUN-1", {"G-1": ("safe", 0.4)})
    rows.run("RUN-2", {"G-1": ("safe", 0.4)}, threshold=0.3)
    assert compared(rows.inputs, run_of(rows, "RUN-1"), run_of(rows, "RUN-2")).flips == 1


def test_that_a_comparison_needs_two_runs_with_items_in_common(rows):
    rows.item("G-1", "violates")
    rows.item("G-2", "violates")
    rows.run("RUN-1", {"G-1": "safe"})
    rows.run("RUN-2", {"G-2": "safe"})
    with pytest.raises(InvalidValueError, match="itself"):
        compared(rows.inputs, run_of(rows), run_of(rows))
    with pytest.raises(InvalidValueError, match="no item in common"):
        compared(rows.inputs, run_of(rows), run_of(rows, "RUN-2"))


def test_that_an_unfinished_run_says_so(rows):
    rows.item("G-1", "violates")
    rows.run("RUN-1", {"G-1": "safe"}, status="cancelled")
    assert measured(rows.inputs, run_of(rows), draws=FEW).notes[0].startswith("The run is cancelled")

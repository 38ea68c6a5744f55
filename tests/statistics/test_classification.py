from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import InvalidValueError
from launchpad.statistics.bootstrap import bootstrap
from launchpad.statistics.classification import (
    Confusion,
    confusion,
    confusion_by,
    measure_statistics,
    measures,
    versions_compared,
)

approx = pytest.approx
COLUMN = st.lists(st.tuples(st.sampled_from([0, 1, -1]), st.sampled_from([0, 1, -1])), max_size=20)


def test_that_the_measures_of_a_classifier_match_scikit_learn():
    found = measures(Confusion(tp=32, fp=16, fn=8, tn=144))
    assert asdict(found) == approx(
        {
            "precision": 0.666667,
            "recall": 0.8,
            "fpr": 0.1,
            "specificity": 0.9,
            "f1": 0.727273,
            "mcc": 0.65561,
            "accuracy": 0.88,
            "balanced_accuracy": 0.85,
            "kappa": 0.651163,
        },
        abs=1e-5,
    )


def test_that_the_published_report_of_a_terrorism_classifier_comes_out():
    """ROOST model community, evaluation report of April 2026, n = 170."""
    found = measures(Confusion(tp=114, fp=0, fn=12, tn=44))
    assert (found.precision, found.recall, found.f1) == (1.0, approx(0.904762, abs=1e-6), approx(0.95))
    assert (found.mcc, found.kappa) == (approx(0.84314, abs=1e-5), approx(0.831014, abs=1e-5))


def test_that_what_has_nothing_below_the_line_is_none():
    assert set(asdict(measures(Confusion(0, 0, 0, 0))).values()) == {None}
    silent = measures(Confusion(tp=0, fp=0, fn=3, tn=7))
    assert (silent.precision, silent.mcc, silent.recall, silent.f1, silent.fpr) == (None, None, 0, 0, 0)
    harmless = measures(Confusion(tp=0, fp=2, fn=0, tn=8))
    assert (harmless.recall, harmless.balanced_accuracy, harmless.fpr) == (None, None, 0.2)
    assert measures(Confusion(tp=5, fp=0, fn=0, tn=0)).kappa is None


def test_that_items_without_truth_are_left_out_and_those_without_answer_counted():
    assert confusion([1, 0, 1, 0, 1, -1], [1, 1, 0, 0, -1, 1]) == Confusion(1, 1, 1, 1, unanswered=1)
    with pytest.raises(InvalidValueError):
        confusion([1], [1, 0])
    with pytest.raises(InvalidValueError):
        confusion([2], [1])
    with pytest.raises(InvalidValueError):
        measures(Confusion(-1, 0, 0, 0))


def test_that_an_item_counts_in_each_clause_it_belongs_to():
    found = confusion_by([1, 1, 0], [1, 0, 1], [("C1", "C2"), ("C1",), ()])
    assert found == {"C1": Confusion(1, 0, 1, 0), "C2": Confusion(1, 0, 0, 0)}
    with pytest.raises(InvalidValueError):
        confusion_by([1], [1], [])


@given(COLUMN)
def test_that_slices_which_part_the_items_add_up_to_the_whole(pairs):
    truth, said = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    parts = confusion_by(truth, said, [(place % 3,) for place in range(len(pairs))])
    assert tuple(map(sum, zip(*parts.values(), strict=True))) == (tuple(confusion(truth, said)) if pairs else ())


@given(COLUMN)
def test_that_what_is_made_ready_for_resampling_gives_the_same_measures(pairs):
    truth, said = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    plain = asdict(measures(confusion(truth, said)))
    for name, statistic in measure_statistics(truth, said).items():
        value = float(statistic(np.ones((1, len(pairs))))[0])
        assert (None if np.isnan(value) else approx(value)) == plain[name]


def test_that_recall_gets_an_interval_by_item():
    draw = np.random.default_rng(1)
    truth = draw.integers(2, size=400)
    said = np.where(draw.random(400) < 0.8, truth, 1 - truth)
    found = bootstrap(measure_statistics(truth, said), range(400), replicates=1000)
    recall = float(said[truth == 1].mean())
    assert measures(confusion(truth, said)).recall == approx(recall)
    assert found["recall"].low < recall < found["recall"].high


def test_that_two_versions_are_compared_on_the_same_items():
    truth = [1] * 40
    first, second = [1] * 10 + [0] * 25 + [1] * 5, [0] * 10 + [1] * 25 + [1] * 5
    found = versions_compared(truth, first, second)
    assert found[:4] == (5, 10, 25, 0)
    assert found.p == approx(0.016674, abs=1e-6)
    assert versions_compared([1, 1, -1], [1, -1, 1], [1, 1, 0])[:4] == (1, 0, 1, 0)


def test_that_measures_match_scikit_learn_on_random_answers():
    metrics = pytest.importorskip("sklearn.metrics")
    draw = np.random.default_rng(2)
    truth, said = draw.integers(2, size=200), draw.integers(2, size=200)
    found = measures(confusion(truth, said))
    assert found.precision == approx(metrics.precision_score(truth, said))
    assert found.recall == approx(metrics.recall_score(truth, said))
    assert found.f1 == approx(metrics.f1_score(truth, said))
    assert found.mcc == approx(metrics.matthews_corrcoef(truth, said))
    assert found.balanced_accuracy == approx(metrics.balanced_accuracy_score(truth, said))


def test_that_the_exact_test_of_versions_matches_statsmodels():
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    draw = np.random.default_rng(3)
    truth, first, second = draw.integers(2, size=(3, 120))
    found = versions_compared(truth, first, second)
    table = [[found.both, found.only_first], [found.only_second, found.neither]]
    assert found.p == approx(tables.mcnemar(table, exact=True).pvalue)

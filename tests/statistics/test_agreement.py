"""Every number here was published, or computed by an independent library."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import InvalidValueError
from launchpad.statistics import mcnemar_exact, wilson
from launchpad.statistics.agreement import (
    cohen_kappa,
    contingency,
    fleiss_kappa,
    gwet_ac1,
    label_agreement,
    label_counts,
    percent_agreement,
)
from launchpad.statistics.classification import Confusion, measures
from launchpad.statistics.krippendorff import krippendorff_alpha

approx = pytest.approx
SHIFTED = {"5": "4", "6": "5"}

# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", data C; 0 = not rated.
DATA_C = ("123321412000", "123322412503", "033323422510", "123324412510")
FLEISS_1971 = (
    *("0 0 0 0 14", "0 2 6 4 2", "0 0 3 5 6", "0 3 9 2 0", "2 2 8 1 1"),
    *("7 7 0 0 0", "3 2 6 3 0", "2 5 3 2 2", "6 5 2 1 0", "0 2 2 3 7"),
)


def coded(raters_by_units):
    """Codes (items, raters) and the labels in rising order."""
    columns = list(zip(*raters_by_units, strict=True))
    labels = sorted({label for column in columns for label in column if label is not None})
    return np.array([[-1 if label is None else labels.index(label) for label in column] for column in columns]), labels


def spread(table):
    """One row an item for a contingency table."""
    pairs = [(a, b) for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)]
    return np.array(pairs)


def data_c():
    return coded([[int(digit) or None for digit in rater] for rater in DATA_C])


def of_file(file, name):
    """Kappa of the Do-Not-Answer ratings as the fixture's name says."""
    with file.open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    gpt4 = [row["gpt4_action_raw"] for row in rows]
    if "map" in name:
        gpt4 = [SHIFTED.get(label, label) for label in gpt4]
    columns = {"human": [row["human_action"] for row in rows], "GPT-4": gpt4}
    columns["Longformer"] = [row["longformer_action"] for row in rows]
    codes, labels = coded([said for rater, said in columns.items() if rater in name])
    if codes.shape[1] > 2:
        return fleiss_kappa(label_counts(codes, len(labels)))
    return cohen_kappa(contingency(codes[:, 0], codes[:, 1], len(labels)))


def of_ratings(metric, codes, labels):
    counts = label_counts(codes, len(labels))
    if metric.startswith("krippendorff"):
        level = metric.rsplit("_", 1)[1]
        values = labels if level in ("interval", "ratio") else np.arange(len(labels))
        return krippendorff_alpha(codes, values, level)
    return {"percent_agreement": percent_agreement, "gwet_ac1": gwet_ac1}[metric](counts)


def computed(folder, metric, given, name):
    if "file" in given:
        return of_file(folder / given["file"], name)
    if "raters_by_units" in given:
        return of_ratings(metric, *coded(given["raters_by_units"]))
    if "counts" in given:
        return fleiss_kappa(given["counts"])
    if "table" in given:
        if metric.startswith("cohen"):
            return cohen_kappa(given["table"], {"linear": "linear", "quadratic": "quadratic"}.get(metric[12:]))
        return of_ratings(metric, spread(given["table"]), range(len(given["table"])))
    if "b" in given:
        return mcnemar_exact(given["b"], given["c"])
    if "k" in given:
        return wilson(given["k"], given["n"])[metric == "wilson_high"]
    return getattr(measures(Confusion(**given)), metric.replace("cohen_kappa", "kappa"))


def test_that_all_the_reference_fixtures_come_out(shared):
    folder = shared / "reference"
    found = json.loads((folder / "metric_fixtures.json").read_text(encoding="utf-8"))["fixtures"]
    assert len(found) == 40
    for one in found:
        value = computed(folder, one["metric"], one["input"], one["name"])
        assert value == approx(one["expected"], abs=1e-5), (one["name"], one["metric"])


def test_that_the_textbook_two_by_two_comes_out():
    table = [[20, 5], [10, 15]]
    assert cohen_kappa(table) == approx(0.4)
    assert of_ratings("percent_agreement", spread(table), "yn") == approx(0.7)
    assert of_ratings("gwet_ac1", spread(table), "yn") == approx(0.40594, abs=1e-5)
    assert of_ratings("krippendorff_nominal", spread(table), "yn") == approx(0.4)


def test_that_a_rare_label_sinks_kappa_and_not_ac1():
    table = [[118, 5], [2, 0]]
    assert cohen_kappa(table) == approx(-0.023392, abs=1e-6)
    assert of_ratings("gwet_ac1", spread(table), "yn") == approx(0.94078, abs=1e-5)


@pytest.mark.parametrize(("weights", "expected"), [(None, 0.714028), ("linear", 0.781850), ("quadratic", 0.845245)])
def test_that_weighted_kappas_match_scikit_learn(weights, expected):
    assert cohen_kappa([[30, 5, 1], [4, 20, 6], [0, 3, 31]], weights) == approx(expected, abs=1e-6)


def test_that_the_published_fleiss_example_comes_out():
    counts = [[int(n) for n in row.split()] for row in FLEISS_1971]
    assert fleiss_kappa(counts) == approx(0.209931, abs=1e-6)


@pytest.mark.parametrize(
    ("level", "expected"), [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)]
)
def test_that_krippendorffs_data_c_comes_out_at_every_level(level, expected):
    codes, labels = data_c()
    assert krippendorff_alpha(codes, labels, level) == approx(expected, abs=1e-6)


def test_that_ac1_of_several_raters_with_missing_ratings_matches_its_publication():
    codes, labels = data_c()
    assert gwet_ac1(label_counts(codes, len(labels))) == approx(0.77544, abs=1e-5)


def test_that_fleiss_is_not_defined_where_items_differ_in_their_number_of_ratings():
    codes, labels = data_c()
    assert fleiss_kappa(label_counts(codes, len(labels))) is None
    whole = label_counts(codes[:9], len(labels))
    assert fleiss_kappa(whole[1:]) == fleiss_kappa(np.vstack((whole[1:], np.zeros(len(labels)))))


def test_that_nothing_to_compare_is_none_and_never_nan():
    once = label_counts([[0, -1], [-1, 1], [-1, -1]], 2)
    same = label_counts([[0, 0], [0, 0]], 2)
    for counts in (once, np.zeros((0, 2))):
        assert percent_agreement(counts) is fleiss_kappa(counts) is gwet_ac1(counts) is None
    assert percent_agreement(same) == 1
    assert fleiss_kappa(same) is None
    assert gwet_ac1(same) == 1
    assert gwet_ac1(label_counts([[0, 0]], 1)) is None
    assert cohen_kappa(np.zeros((2, 2))) is cohen_kappa([[5, 0], [0, 0]]) is None
    for level in ("nominal", "ordinal", "interval", "ratio"):
        assert krippendorff_alpha([[0, -1], [1, -1]], [1, 2], level) is None
        assert krippendorff_alpha([[1, 1], [1, 1]], [0.1, 0.3], level) is None


def test_that_agreement_about_one_label_is_twice_the_hits_over_all_its_ratings():
    rows = label_agreement(label_counts(spread([[20, 5], [10, 15]]), 3))
    assert [row.n for row in rows] == [55, 45, 0]
    assert [row.agreement for row in rows] == [approx(40 / 55), approx(30 / 45), None]


def test_that_codes_and_tables_of_the_wrong_shape_are_refused():
    for wrong in (lambda: label_counts([[2]], 2), lambda: label_counts([0, 1], 2), lambda: cohen_kappa([[1, 2]])):
        with pytest.raises(InvalidValueError):
            wrong()
    for values, level in (([2, 1], "interval"), ([-1, 1], "ratio")):
        with pytest.raises(InvalidValueError):
            krippendorff_alpha([[0, 1]], values, level)
    with pytest.raises(InvalidValueError):
        contingency([0], [0, 1], 2)
    with pytest.raises(InvalidValueError):
        percent_agreement([[-1, 2]])


TABLES = st.integers(2, 4).flatmap(
    lambda raters: st.lists(st.lists(st.integers(-1, 3), min_size=raters, max_size=raters), min_size=1, max_size=12)
)


@given(TABLES, st.permutations(range(4)))
def test_that_names_of_labels_and_order_of_raters_do_not_matter_to_nominal_coefficients(rows, names):
    codes = np.array(rows)
    other = np.where(codes >= 0, np.array(names)[codes], -1)[::-1, ::-1]
    for metric in ("percent_agreement", "gwet_ac1", "krippendorff_nominal"):
        first, second = of_ratings(metric, codes, range(4)), of_ratings(metric, other, range(4))
        assert first == (None if second is None else approx(second, abs=1e-9))


@given(TABLES, st.floats(0.1, 10), st.floats(-5, 5))
def test_that_alpha_keeps_under_what_its_level_allows(rows, scale, shift):
    values = np.array([1.0, 2, 4, 8])
    for level, changed in (("ordinal", values**3), ("interval", values * scale + shift), ("ratio", values * scale)):
        first, second = krippendorff_alpha(rows, values, level), krippendorff_alpha(rows, changed, level)
        assert first == (None if second is None else approx(second, abs=1e-6))


def brute(rows, values, level):
    """Alpha straight from the definition: every pair of ratings, of one item and of all."""
    units = [[code for code in row if code >= 0] for row in rows]
    units = [unit for unit in units if len(unit) > 1]
    everything = [code for unit in units for code in unit]
    n = len(everything)

    def distance(c, k):
        if level == "nominal":
            return float(c != k)
        if level == "ordinal":
            low, high = min(c, k), max(c, k)
            ends = everything.count(c) + everything.count(k)
            return (sum(everything.count(g) for g in range(low, high + 1)) - ends / 2) ** 2 if c != k else 0.0
        gap = values[c] - values[k]
        return gap**2 if level == "interval" else (gap / (values[c] + values[k])) ** 2

    observed = sum(distance(c, k) / (len(unit) - 1) for unit in units for c in unit for k in unit)
    expected = sum(distance(c, k) for c in everything for k in everything)
    return 1 - (n - 1) * observed / expected if expected else None


@given(TABLES)
def test_that_alpha_is_what_its_definition_says(rows):
    values = [1.0, 2.0, 4.0, 8.0]
    for level in ("nominal", "ordinal", "interval", "ratio"):
        found, expected = krippendorff_alpha(rows, values, level), brute(rows, values, level)
        assert found == (None if expected is None else approx(expected, abs=1e-9))


def test_that_kappas_match_scikit_learn_on_random_tables():
    metrics = pytest.importorskip("sklearn.metrics")
    draw = np.random.default_rng(4)
    for labels in (2, 3, 6):
        first = draw.integers(labels, size=300)
        second = np.where(draw.random(300) < 0.6, first, draw.integers(labels, size=300))
        for weights in (None, "linear", "quadratic"):
            expected = metrics.cohen_kappa_score(first, second, labels=range(labels), weights=weights)
            assert cohen_kappa(contingency(first, second, labels), weights) == approx(expected, abs=1e-9)


def test_that_fleiss_matches_statsmodels_on_random_tables():
    inter_rater = pytest.importorskip("statsmodels.stats.inter_rater")
    counts = label_counts(np.random.default_rng(5).integers(4, size=(80, 5)), 4)
    assert fleiss_kappa(counts) == approx(inter_rater.fleiss_kappa(counts), abs=1e-9)

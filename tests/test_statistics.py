"""Every number here was computed elsewhere: by scipy, in published examples, by a harness, by hand."""

import importlib
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad import statistics
from launchpad.errors import InvalidValueError

approx = pytest.approx
ANY_RATE = st.floats(0, 1)

# One line each: k, n, p, standard error with n and with n - 1, then the limits of Wald, Wilson,
# Clopper-Pearson, Beta(1, 1) and Jeffreys at 95 % (scipy 1.17.1).
REFERENCE = """
0 12 0 0 0 0 0 0 .242494 0 .264648 .001946 .247053 0 .185306
0 30 0 0 0 0 0 0 .113513 0 .115703 .000816 .112189 0 .079678
0 100 0 0 0 0 0 0 .036993 0 .036217 .000251 .035865 0 .024745
0 300 0 0 0 0 0 0 .012643 0 .012221 .000084 .012181 0 .008331
1 20 .05 .048734 .05 -.045517 .145517 .008881 .236131 .001265 .248733 .011749 .23816 .005449 .210819
5 40 .125 .052291 .052957 .022511 .227489 .054595 .261121 .04186 .268033 .055657 .262045 .049337 .252485
12 20 .6 .109545 .11239 .385297 .814703 .386582 .781193 .360543 .80881 .384354 .781803 .38392 .789371
20 20 1 0 0 1 1 .838875 1 .831567 1 .838902 .998795 .883361 1
35 40 .875 .052291 .052957 .772511 .977489 .738879 .945405 .731967 .95814 .737955 .944343 .747515 .950663
270 310 .870968 .01904 .019071 .83365 .908286 .829061 .903793 .828463 .906193 .829001 .903707 .830257 .904793
53 60 .883333 .041444 .041794 .802105 .964562 .778212 .942323 .774284 .951785 .777751 .941639 .784552 .94627
8 9 .888889 .104757 .111111 .68357 1.094208 .565 .980109 .517503 .997191 .554984 .974789 .585531 .987736
930 1000 .93 .008068 .008072 .914186 .945814 .912485 .944224 .912384 .945028 .91247 .944192 .912934 .944582
13 50 .26 .062032 .062662 .138419 .381581 .158715 .395532 .146301 .403448 .158927 .396334 .154267 .392608
"""


@pytest.mark.parametrize("line", REFERENCE.strip().splitlines())
def test_that_errors_and_intervals_of_k_of_n_match_the_reference_table(line):
    k, n, p, error, unbiased, *limits = map(float, line.split())
    assert k / n == approx(p, abs=1e-6)
    assert statistics.proportion_standard_error(k, n) == approx(error, abs=1e-6)
    assert statistics.proportion_standard_error(k, n, unbiased=True) == approx(unbiased, abs=1e-6)
    found = [
        statistics.wald(k, n),
        statistics.wilson(k, n),
        statistics.clopper_pearson(k, n),
        statistics.beta_interval(k + 1, n - k + 1),
        statistics.jeffreys(k, n),
    ]
    assert [limit for interval in found for limit in interval] == approx(limits, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "n", "upper"),
    [
        (0, 30, 0.095034),
        (0, 60, 0.048703),
        (0, 100, 0.029513),
        (0, 300, 0.009936),
        (1, 100, 0.046560),
        (2, 50, 0.120614),
    ],
)
def test_that_the_one_sided_exact_upper_bound_matches_the_reference(k, n, upper):
    assert statistics.clopper_pearson_upper(k, n) == approx(upper, abs=1e-6)
    assert statistics.clopper_pearson_lower(n - k, n) == approx(1 - upper, abs=1e-6)


@pytest.mark.parametrize(("threshold", "n"), [(0.1, 29), (0.05, 59), (0.01, 299), (0.001, 2995)])
def test_that_the_failure_free_items_a_claim_needs_match_the_reference(threshold, n):
    assert statistics.n_needed(threshold) == n
    assert statistics.clopper_pearson_upper(0, n - 1) > threshold


def test_that_the_items_needed_with_failures_are_the_fewest_that_do():
    n = statistics.n_needed(0.05, failures=3)
    assert n is not None
    assert statistics.clopper_pearson_upper(3, n) <= 0.05 < statistics.clopper_pearson_upper(3, n - 1)


def test_that_no_number_of_items_shows_a_rate_below_itself():
    assert statistics.n_needed(0.05, rate=0.05) is None


@pytest.mark.parametrize(
    ("k", "low", "high"),
    [
        (20, 0.838902, 0.998795),
        (18, 0.696226, 0.969511),
        (12, 0.384354, 0.781803),
        (10, 0.297807, 0.702193),
        (8, 0.218197, 0.615646),
        (5, 0.112809, 0.471660),
        (2, 0.030489, 0.303774),
        (1, 0.011749, 0.238160),
        (0, 0.001205, 0.161098),
    ],
)
def test_that_the_published_tool_use_intervals_come_out(k, low, high):
    """Bowyer, Aitchison & Ivanova 2025, worked example of bayes_evals, n = 20."""
    assert statistics.beta_interval(k + 1, 21 - k) == approx((low, high), abs=1e-6)


def test_that_the_probability_of_one_model_beating_another_matches_the_published_example():
    assert statistics.probability_greater(20, 20, 12, 20) == approx(0.9992, abs=0.001)
    assert statistics.probability_greater(5, 20, 5, 20) == approx(0.5, abs=1e-6)


def test_that_a_difference_of_uniform_posteriors_matches_its_closed_form():
    # theta1 ~ Beta(2, 1), theta0 uniform: P(theta1 > theta0) = E[theta1] = 2/3.
    assert statistics.probability_greater(1, 1, 0, 0) == approx(2 / 3, abs=1e-6)


TOY = [int(digit) for digit in "111000011100"]
TOY_CLUSTERS = [i // 4 for i in range(12)]


@pytest.mark.parametrize(("form", "error"), [("cr0", 0.117851), ("miller", 0.125630), ("inspect", 0.144338)])
def test_that_clustered_errors_match_the_toy_in_each_form(form, error):
    assert np.mean(TOY) == 0.5
    assert statistics.standard_error(TOY) == approx(0.150756, abs=1e-6)
    assert statistics.clustered_standard_error(TOY, TOY_CLUSTERS, form) == approx(error, abs=1e-6)


def test_that_a_single_cluster_has_no_clustered_error():
    assert statistics.clustered_standard_error(TOY, ["a"] * 12) == 0
    assert statistics.standard_error([0.4]) == 0


def test_that_clusters_of_one_item_give_the_plain_error():
    assert statistics.clustered_standard_error(TOY, range(12)) == approx(statistics.standard_error(TOY))


def test_that_values_without_their_clusters_are_refused():
    with pytest.raises(InvalidValueError, match="12 values have 11 clusters"):
        statistics.clustered_standard_error(TOY, TOY_CLUSTERS[:-1])


def test_that_group_errors_pool_as_lm_eval_reports_them():
    sizes, errors = [12, 30, 12], [0.142134, 0.090972, 0.150756]
    assert statistics.pooled_standard_error(sizes, errors) == approx(0.068352, abs=1e-6)
    assert statistics.pooled_standard_error(sizes, errors, weighted=False) == approx(0.075429, abs=1e-6)


def test_that_the_paired_toy_comes_out():
    a, b = [int(x) for x in "1110110110"], [int(x) for x in "1010100100"]
    found = statistics.paired_difference(a, b)
    assert found.difference == approx(0.3)
    assert found.stderr == approx(0.152753, abs=1e-6)
    assert found.unpaired == approx(0.223607, abs=1e-6)
    assert found.correlation == approx(0.534522, abs=1e-6)
    first, second = statistics.standard_error(a), statistics.standard_error(b)
    paired = statistics.difference_standard_error(first, second, found.correlation)
    assert paired == approx(found.stderr)
    assert statistics.mcnemar_exact(3, 0) == approx(0.25)


def test_that_mcnemar_is_one_without_discordant_items_and_symmetric():
    assert statistics.mcnemar_exact(0, 0) == 1
    assert statistics.mcnemar_exact(9, 2) == statistics.mcnemar_exact(2, 9) == approx(0.0654296875)


def test_that_a_constant_column_has_no_correlation():
    found = statistics.paired_difference([1, 1, 1], [0, 1, 0])
    assert math.isnan(found.correlation)
    assert found.stderr == approx(statistics.standard_error([0, 1, 0]))


def test_that_columns_of_different_items_are_not_paired():
    with pytest.raises(InvalidValueError, match="3 and 2"):
        statistics.paired_difference([1, 0, 1], [1, 0])


@pytest.mark.parametrize(
    ("n", "a", "b", "errors", "difference"),
    [
        (5000, 0.655, 0.630, (0.0067, 0.0068), 0.0096),
        (164, 0.836, 0.867, (0.0289, 0.0265), 0.0392),
        (2500, 0.753, 0.780, (0.0086, 0.0083), 0.0120),
    ],
)
def test_that_the_published_score_table_gives_its_unpaired_errors(n, a, b, errors, difference):
    first = statistics.proportion_standard_error(a * n, n)
    second = statistics.proportion_standard_error(b * n, n)
    assert (first, second) == approx(errors, abs=6e-5)
    assert statistics.difference_standard_error(first, second) == approx(difference, abs=6e-5)


def test_that_the_published_power_examples_come_out():
    no_sampling = statistics.n_needed_for_difference(0.03, 1 / 9)
    one_answer = statistics.n_needed_for_difference(0.03, 1 / 9, (1 / 6, 1 / 6))
    ten_answers = statistics.n_needed_for_difference(0.03, 1 / 9, (1 / 6, 1 / 6), (10, 10))
    assert no_sampling == approx(968.9975, abs=1e-4)
    assert [math.ceil(n) for n in (no_sampling, one_answer, ten_answers)] == [969, 3876, 1260]


@pytest.mark.parametrize(("df", "t"), [(2, 4.302653), (4, 2.776445), (9, 2.262157), (39, 2.022691)])
def test_that_student_quantiles_match_the_reference(df, t):
    assert statistics.student_quantile(0.975, df) == approx(t, abs=1e-6)
    assert statistics.mean_interval(0, 1, df) == approx((-t, t), abs=1e-6)


def test_that_newcombes_interval_matches_his_first_example():
    """Newcombe 1998, table II (a): 56/70 against 48/80, method 10."""
    assert statistics.newcombe(56, 70, 48, 80) == approx((0.2, 0.0524, 0.3339), abs=1e-4)


class TestGoldenNumbersOfTheModel:
    def test_that_14_of_300_with_jeffreys_prior(self):
        mean = 14.5 / 301
        assert mean == approx(0.0482, abs=5e-5)
        assert statistics.jeffreys(14, 300, 0.9) == approx((0.0297, 0.0700), abs=5e-5)
        assert statistics.wilson(14, 300) == approx((0.0280, 0.0768), abs=5e-5)

    def test_that_300_items_in_clusters_of_ten(self):
        assert statistics.n_effective_from_clusters(300, 30, 0.3) == approx(81.1, abs=0.05)

    def test_that_0_of_300_bounded_above(self):
        assert statistics.beta_interval(0.5, 300.5, 0.9)[1] == approx(0.0064, abs=5e-5)
        assert statistics.clopper_pearson_upper(0, 300) == approx(0.0099, abs=5e-5)

    def test_that_14_of_300_at_half_weight(self):
        mean = (0.5 + 0.5 * 14) / (1 + 0.5 * 300)
        assert mean == approx(0.0497, abs=5e-5)
        assert statistics.beta_interval(7.5, 143.5, 0.9)[1] == approx(0.0817, abs=5e-5)


def test_that_an_effective_size_comes_from_the_clustered_error_where_it_can():
    assert statistics.n_effective(40, 0.875, stderr_clustered=0.1, clusters=4, icc=0.3) == approx(11.9375)
    assert statistics.n_effective(40, 0.875, stderr_clustered=0.001, icc=0.3) == 40
    assert statistics.n_effective(300, 0.0, stderr_clustered=0.0, clusters=30, icc=0.3) == approx(81.081081)
    assert statistics.n_effective(300, 1.0, clusters=30, icc=0.3) == approx(81.081081)
    assert statistics.n_effective(40, 0.5, icc=0.3) == 40


def test_that_a_graded_score_is_worth_its_matching_beta():
    a, b = 6.0, 4.0
    variance = a * b / ((a + b) ** 2 * (a + b + 1))
    assert statistics.n_effective_of_scores(0.6, math.sqrt(variance)) == approx(10)


def test_that_a_judges_error_is_taken_out():
    found = statistics.rogan_gladen(0.2, sensitivity=0.9, specificity=0.95)
    assert found.p == approx(0.15 / 0.85)
    assert found.n_factor == approx(0.7225)
    assert not found.below_error


def test_that_a_rate_at_the_judges_own_error_counts_as_none_and_is_marked():
    assert statistics.rogan_gladen(0.05, 0.9, 0.95) == approx((0.0, 0.7225, True))
    assert statistics.rogan_gladen(0.99, 0.9, 0.95).p == 1


def test_that_a_judge_no_better_than_chance_is_refused():
    with pytest.raises(InvalidValueError, match="tells nothing apart"):
        statistics.rogan_gladen(0.3, 0.5, 0.5)


@pytest.mark.parametrize(("k", "n"), [(-1, 10), (11, 10), (math.nan, 10), (1, math.inf)])
def test_that_impossible_counts_are_refused(k, n):
    for interval in (statistics.wilson, statistics.clopper_pearson, statistics.jeffreys):
        with pytest.raises(InvalidValueError, match="not possible"):
            interval(k, n)


def test_that_nothing_seen_leaves_everything_possible():
    for interval in (statistics.wilson, statistics.clopper_pearson, statistics.jeffreys):
        assert interval(0, 0) == (0, 1)


def test_that_arrays_give_what_their_numbers_give():
    k, n = np.array([0.0, 35.0, 20.0]), np.array([12.0, 40.0, 20.0])
    for interval in (statistics.wilson, statistics.clopper_pearson, statistics.jeffreys):
        low, high = interval(k, n)
        assert [tuple(pair) for pair in zip(low, high, strict=True)] == [
            approx(interval(float(a), float(b))) for a, b in zip(k, n, strict=True)
        ]


@given(share=ANY_RATE, n=st.floats(0.5, 1e5), level=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_that_every_interval_lies_in_the_unit_range_and_holds_the_share(share, n, level):
    k = share * n
    for interval in (statistics.wilson, statistics.clopper_pearson):
        low, high = interval(k, n, level)
        assert -1e-12 <= low <= k / n + 1e-9
        assert k / n - 1e-9 <= high <= 1 + 1e-12


@given(k=st.integers(0, 60), n=st.integers(1, 60))
def test_that_the_intervals_mirror(k, n):
    k = min(k, n)
    for interval in (statistics.wilson, statistics.clopper_pearson, statistics.jeffreys):
        low, high = interval(k, n)
        assert interval(n - k, n) == approx((1 - high, 1 - low), abs=1e-9)


@given(p=ANY_RATE, sensitivity=st.floats(0.55, 1), specificity=st.floats(0.55, 1))
def test_that_a_corrected_rate_seen_through_the_judge_is_the_observed_one(p, sensitivity, specificity):
    seen = p * sensitivity + (1 - p) * (1 - specificity)
    assert statistics.rogan_gladen(seen, sensitivity, specificity).p == approx(p, abs=1e-9)


@pytest.mark.parametrize(
    ("function", "numbers"),
    [
        (statistics.beta_interval, (0, 1)),
        (statistics.wald, (0, 0)),
        (statistics.wilson, (1, 2, 1.0)),
        (statistics.clopper_pearson_upper, (1, 2, 0)),
        (statistics.proportion_standard_error, (0, 0)),
        (statistics.mcnemar_exact, (-1, 3)),
        (statistics.newcombe, (0, 0, 1, 2)),
        (statistics.rogan_gladen, (1.2, 0.9, 0.9)),
        (statistics.n_effective_from_error, (40, 0.0, 0.1)),
        (statistics.n_effective_from_clusters, (40, 41, 0.3)),
        (statistics.n_effective_of_scores, (0.5, 0)),
        (statistics.n_needed, (0,)),
        (statistics.n_needed_for_difference, (0, 1)),
    ],
)
def test_that_numbers_outside_a_formulas_domain_are_refused(function, numbers):
    with pytest.raises(InvalidValueError):
        function(*numbers)


def rows_of_the_reference(shared):
    text = (shared / "evidence" / "formats.md").read_text(encoding="utf-8")
    section = text[text.index("## 11. Statistics") :]
    return [
        [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", line)]
        for line in section.splitlines()
        if re.match(r"\| \d+ \| \d+ \|", line)
    ]


def test_that_the_reference_table_here_is_the_published_one(shared):
    ours = [[float(number) for number in line.split()] for line in REFERENCE.strip().splitlines()]
    published = rows_of_the_reference(shared)
    assert len(published) == len(ours) == 14
    for found, known in zip(ours, published, strict=True):
        assert found == approx(known, abs=1e-6)


def test_that_the_plain_error_of_the_pooled_items_differs_from_both_group_errors():
    counts = [(8, 12), (12, 30), (6, 12)]
    errors = [statistics.proportion_standard_error(k, n, unbiased=True) for k, n in counts]
    assert errors == approx([0.142134, 0.090972, 0.150756], abs=1e-6)
    assert statistics.proportion_standard_error(26, 54, unbiased=True) == approx(0.068633, abs=1e-6)


@given(n=st.integers(1, 5000))
def test_that_no_failure_among_n_is_bounded_by_the_closed_form(n):
    assert statistics.clopper_pearson_upper(0, n) == approx(1 - 0.05 ** (1 / n))


def test_that_newcombes_paired_interval_matches_his_first_example():
    """Newcombe 1998, Statist. Med. 17, 2635-2650, method 10: 36, 12, 2, 0."""
    assert statistics.newcombe_paired(36, 12, 2, 0) == approx((0.2, 0.0569, 0.3404), abs=5e-5)


def test_that_the_paired_interval_mirrors_and_does_not_collapse_without_discordant_items():
    difference, low, high = statistics.newcombe_paired(9, 3, 7, 11)
    assert statistics.newcombe_paired(9, 7, 3, 11) == approx((-difference, -high, -low))
    assert statistics.newcombe_paired(20, 0, 0, 0)[1:] == approx((-0.161125, 0.161125), abs=1e-6)


def test_that_clustered_items_widen_the_paired_error():
    a, b = [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]
    clusters = [i // 4 for i in range(12)]
    plain, clustered = statistics.paired_difference(a, b), statistics.paired_difference(a, b, clusters)
    differences = np.array(a) - np.array(b)
    assert clustered.stderr == approx(statistics.clustered_standard_error(differences, clusters))
    assert clustered.stderr > plain.stderr
    assert (plain.df, clustered.df) == (11, 2)


def test_that_holms_adjustment_matches_his_rule_by_hand():
    # Sorted .005 .01 .03 .04 times 4 3 2 1, never falling: .02 .03 .06 .06.
    assert statistics.holm([0.01, 0.04, 0.03, 0.005]) == approx((0.03, 0.06, 0.06, 0.02))
    assert statistics.holm([0.6, 0.7]) == (1, 1)
    assert statistics.holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_that_an_adjusted_p_value_is_never_smaller_and_keeps_the_order(p_values):
    adjusted = statistics.holm(p_values)
    assert all(a >= p - 1e-12 for a, p in zip(adjusted, p_values, strict=True))
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    assert [adjusted[i] for i in order] == sorted(adjusted)


def test_that_differences_match_an_independent_library():
    stats = importlib.import_module("scipy.stats")
    a, b = np.array([0.9, 0.4, 0.7, 0.8, 0.1, 0.6]), np.array([0.5, 0.3, 0.9, 0.2, 0.2, 0.4])
    found = statistics.paired_difference(a, b)
    paired = stats.ttest_rel(a, b)
    assert statistics.p_of_difference(found.difference, found.stderr, found.df) == approx(paired.pvalue)
    interval = paired.confidence_interval(0.95)
    assert statistics.mean_interval(found.difference, found.stderr, found.df) == approx((interval.low, interval.high))
    errors = statistics.standard_error(a), statistics.standard_error(b[:4])
    welch = stats.ttest_ind(a, b[:4], equal_var=False)
    df = statistics.satterthwaite(errors[0], 5, errors[1], 3)
    assert df == approx(welch.df)
    unpaired = statistics.difference_standard_error(*errors)
    assert statistics.p_of_difference(float(a.mean() - b[:4].mean()), unpaired, df) == approx(welch.pvalue)
    table = stats.chi2_contingency([[14, 26], [30, 30]], correction=False)
    assert statistics.p_of_proportions(14, 40, 30, 60) == approx(table.pvalue)
    assert statistics.mcnemar_exact(9, 2) == approx(stats.binomtest(2, 11, 0.5).pvalue)


def test_that_equal_outcomes_are_no_difference():
    assert statistics.p_of_proportions(0, 20, 0, 30) == 1
    assert statistics.p_of_difference(0, 0, 5) == 1
    assert statistics.p_of_difference(0.1, 0, 5) == 0
    assert statistics.satterthwaite(0, 4, 0, 9) == 4


def test_that_one_sided_bounds_of_a_mean_are_a_two_sided_interval_of_twice_the_error():
    assert statistics.mean_bounds(0.4, 0.1, 9, 0.975) == approx(statistics.mean_interval(0.4, 0.1, 9, 0.95))


def test_that_few_clusters_cost_more_than_their_error_says():
    # t(.975) with 11 and 2 degrees of freedom: 2.200985 and 4.302653.
    assert statistics.korn_graubard(6, 12, 3) == approx(6 * (2.200985 / 4.302653) ** 2, abs=1e-5)
    assert statistics.korn_graubard(6, 12, 12) == 6
    assert statistics.korn_graubard(6, 1, 1) == 6


def test_that_the_judges_error_is_taken_out_of_an_intervals_ends():
    low, high = statistics.rogan_gladen_interval(0.10, 0.30, sensitivity=0.9, specificity=0.95)
    assert (low, high) == approx((0.05 / 0.85, 0.25 / 0.85))
    assert statistics.rogan_gladen_interval(0.01, 0.95, 0.9, 0.95) == (0, 1)


@pytest.mark.parametrize(("threshold", "rate"), [(0.15, 0.1), (0.05, 0.02), (0.35, 0.15), (0.5, 0.44)])
def test_that_the_items_for_a_power_are_the_fewest_that_have_it(threshold, rate):
    stats = importlib.import_module("scipy.stats")

    def chance(n):
        failures = np.arange(n + 1)
        shown = statistics.clopper_pearson_upper(failures.astype(float), np.full(n + 1, float(n)), 0.95) <= threshold
        return stats.binom.pmf(failures[shown], n, rate).sum()

    n = statistics.n_for_power(threshold, rate)
    assert n is not None
    assert chance(n) >= 0.8
    assert all(chance(fewer) < 0.8 for fewer in range(max(1, n - 40), n))
    assert statistics.n_for_power(threshold, threshold) is None


def test_that_the_samples_a_mean_needs_are_the_fewest_that_do():
    n = statistics.n_needed_for_mean(0.05, 0.3)
    assert n == 100
    bounds = [statistics.mean_bounds(0.55, 0.3 / math.sqrt(size), size - 1)[0] for size in (n, n - 1)]
    assert bounds[0] >= 0.5 > bounds[1]
    assert statistics.n_needed_for_mean(0.05, 0.3, power=0.8) == 225
    assert statistics.n_needed_for_mean(0, 0.3) is None


@pytest.mark.parametrize(
    ("function", "numbers"),
    [
        (statistics.newcombe_paired, (0, 0, 0, 0)),
        (statistics.newcombe_paired, (-1, 1, 1, 1)),
        (statistics.p_of_proportions, (0, 0, 1, 2)),
        (statistics.n_needed_for_mean, (0.1, 0)),
        (statistics.n_for_power, (1, 0.5)),
    ],
)
def test_that_differences_outside_a_formulas_domain_are_refused(function, numbers):
    with pytest.raises(InvalidValueError):
        function(*numbers)

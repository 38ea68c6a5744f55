"""Worth, weights, acceptability and information: published examples come out, and the laws hold."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import ScoringError
from launchpad.scoring.tradeoffs import acceptability, information, ranking, weights, worth

shares = st.floats(0, 1)


@pytest.fixture(scope="module")
def published(shared):
    return shared / "instances" / "mcda"


def test_that_worth_is_straight_between_the_anchors_and_flat_beyond():
    falling = worth.value_function(0.2, 0.0)
    assert worth.worth(falling, np.array([0.3, 0.2, 0.1, 0.0])).tolist() == [0.0, 0.0, 0.5, 1.0]
    bent = worth.value_function(0.0, 10.0, worth.points_between("5=0.8"))
    assert worth.worth(bent, np.array([2.5, 5.0, 7.5, 12.0])).tolist() == pytest.approx([0.4, 0.8, 0.9, 1.0])


def test_that_a_log_scale_gives_equal_ratios_equal_worth():
    loss = worth.value_function(1000.0, 10.0, scale="log")
    assert worth.worth(loss, np.array([1000.0, 100.0, 10.0, 0.0])).tolist() == pytest.approx([0.0, 0.5, 1.0, 1.0])


@pytest.mark.parametrize(
    ("worst", "best", "between", "scale", "words"),
    [
        (None, 1.0, (), "plain", "no anchors"),
        (1.0, 1.0, (), "plain", "same amount"),
        (0.0, 1.0, ((2.0, 0.5),), "plain", "do not rise"),
        (0.0, 1.0, ((0.5, 1.5),), "plain", "do not rise"),
        (10.0, 0.0, (), "log", "log scale"),
    ],
)
def test_that_anchors_that_say_nothing_are_refused_by_name(worst, best, between, scale, words):
    with pytest.raises(ScoringError, match=words) as refused:
        worth.value_function(worst, best, between, scale, name="Criterion C-2")
    assert "C-2" in str(refused.value)


def test_that_points_are_read_as_written_and_others_refused():
    assert worth.points_between(" 0.02=0.5, 0.1 = 0.2 ,") == ((0.02, 0.5), (0.1, 0.2))
    with pytest.raises(ScoringError, match="no point"):
        worth.points_between("half way")


def test_that_rank_order_centroids_are_those_published():
    # Barron & Barrett 1996: three criteria .6111, .2778, .1111.
    assert weights.from_ranks([1, 2, 3]).tolist() == pytest.approx([11 / 18, 5 / 18, 2 / 18])
    assert weights.from_ranks([2, 1, 2]).tolist() == pytest.approx([7 / 36, 11 / 18, 7 / 36])


def test_that_swings_that_sum_to_nothing_are_refused():
    assert weights.from_swings([100, 50, 50]).tolist() == [0.5, 0.25, 0.25]
    for bad in ([0, 0], [], [100, -1], [math.nan, 1]):
        with pytest.raises(ScoringError, match="swing"):
            weights.from_swings(bad)


def test_that_contradicting_answers_are_told_with_both_names():
    names = ("Harm", "Refusal", "Latency")
    assert weights.disagreements(names, (100, 50, 20), (1, 2, 3), (None, (2, 2.6), None)) == ()
    order, ratio = weights.disagreements(names, (100, 20, 50), (1, 2, 3), (None, (2, 2.0), None))
    assert "Refusal is ranked 2 and Latency 3" in order
    assert "Refusal was said to be 2 times as important as Latency" in ratio
    assert "called 100" in weights.disagreements(names, (80, 50, 20), (1, 2, 3), (None,) * 3)[0]


@pytest.mark.parametrize("name", ["ahp_drinks", "ahp_vehicle_criteria"])
def test_that_published_comparisons_give_their_weights_and_ratio(published, name):
    known = json.loads((published / f"{name}.json").read_text())
    found, ratio = weights.from_comparisons(np.array(known["pairwise"]))
    assert found.tolist() == pytest.approx(known["expected_weights"], abs=known["tol"])
    assert ratio == pytest.approx(known["expected_cr"], abs=known["tol"])


def test_that_consistent_comparisons_give_back_the_weights_they_were_made_from():
    true = np.array([0.5, 0.3, 0.15, 0.05])
    found, ratio = weights.from_comparisons(true[:, None] / true[None, :])
    assert found.tolist() == pytest.approx(true.tolist())
    assert ratio == pytest.approx(0, abs=1e-9)
    with pytest.raises(ScoringError, match="reciprocal"):
        weights.from_comparisons(np.array([[1.0, 2.0], [2.0, 1.0]]))


@given(st.integers(0, 2**32 - 1))
def test_that_a_weight_keeps_the_first_ranks_inside_its_interval_and_changes_them_beyond(seed):
    drawn = np.random.default_rng(seed)
    worths, mine = drawn.random((6, 4)), drawn.dirichlet(np.ones(4))
    held = weights.stability(worths, mine, first=2)
    leaders = np.argsort(-(worths @ mine), kind="stable")[:2].tolist()
    for criterion in range(4):
        low, high = held.low[criterion], held.high[criterion]
        assert 0 <= low <= mine[criterion] <= high <= 1

        def order(at, criterion=criterion):
            moved = mine * (1 - at) / (1 - mine[criterion])
            moved[criterion] = at
            return np.argsort(-(worths @ moved), kind="stable")[:2].tolist()

        for inside in np.linspace(low, high, 7)[1:-1]:
            assert order(inside) == leaders
        step = 1e-6
        assert low < step or order(low - step) != leaders
        assert high > 1 - step or order(high + step) != leaders


def test_that_published_acceptabilities_come_out_exactly(published):
    known = json.loads((published / "smaa_thrombo.json").read_text())
    drawn = np.load(published / "smaa_thrombo.npz")
    found = acceptability.acceptability(drawn["meas"], drawn["weights"])
    assert found.ranks.tolist() == known["ra"]
    assert np.allclose(found.central, known["central_weights"], atol=5e-8, rtol=0)
    assert found.confidence.tolist() == known["confidence"]
    fixed = np.tile(known["fixed_weights"], (len(drawn["meas"]), 1))
    assert acceptability.acceptability(drawn["meas"], fixed).ranks.tolist() == known["ra_fixed"]


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 5))
def test_that_packed_keys_rank_as_a_plain_sort_does(seed, options, criteria):
    drawn = np.random.default_rng(seed)
    worths = np.round(drawn.random((options, criteria)), 3)
    mine = acceptability.random_weights(200, criteria, drawn)
    found = acceptability.acceptability(worths, mine)
    scores = (mine.astype(np.float32) @ worths.T.astype(np.float32)).astype(np.float64)
    order = np.argsort(-scores, axis=1, kind="stable")
    plain = np.stack([np.bincount(order[:, rank], minlength=options) for rank in range(options)], axis=1) / 200
    # Keys tell scores apart to about 1e-7: draws with a closer pair may rank either way.
    gaps = np.sort(scores, axis=1)
    close = (np.diff(gaps, axis=1) < 2e-6).any(axis=1).mean() if options > 1 else 0.0
    assert np.abs(found.ranks - plain).max() <= close + 1e-12
    assert np.allclose(found.ranks.sum(axis=1), 1)
    assert np.allclose(found.ranks.sum(axis=0), 1)
    assert np.isfinite(found.expected_rank).all()


def test_that_ranks_beyond_those_asked_for_are_gathered_in_the_last():
    drawn = np.random.default_rng(3)
    worths, mine = drawn.random((9, 3)), acceptability.random_weights(500, 3, drawn)
    whole, few = acceptability.acceptability(worths, mine), acceptability.acceptability(worths, mine, ranks=4)
    assert few.ranks[:, :3].tolist() == whole.ranks[:, :3].tolist()
    assert few.ranks[:, 3].tolist() == pytest.approx(whole.ranks[:, 3:].sum(axis=1).tolist())


def test_that_an_option_never_first_has_no_central_weights_and_no_confidence():
    found = acceptability.acceptability(np.array([[1.0, 1.0], [0.5, 0.5]]), np.array([[0.5, 0.5], [0.2, 0.8]]))
    assert found.confidence.tolist() == [1.0, 0.0]
    assert np.isnan(found.central[1]).all()
    assert ranking.dominated(np.array([[1.0, 1.0], [0.5, 0.5], [0.2, 1.0]])).tolist() == [False, True, True]


def test_that_options_equal_throughout_share_their_ranks():
    worths = np.array([[0.2, 0.2], [0.9, 0.1], [0.9, 0.1], [0.1, 0.9]])
    mine = acceptability.random_weights(500, 2, np.random.default_rng(1))
    for each in (worths, np.tile(worths, (500, 1, 1))):
        found = acceptability.acceptability(each, mine)
        assert found.ranks[1].tolist() == found.ranks[2].tolist()
        assert found.ranks.sum(axis=0) == pytest.approx(np.ones(4))
        assert found.central[1].tolist() == found.central[2].tolist()
        assert found.confidence.tolist() == [0, 1, 1, 1]
    same = acceptability.acceptability(np.zeros((3, 2)), mine)
    assert same.ranks == pytest.approx(np.full((3, 3), 1 / 3))


def test_that_of_very_many_options_the_first_ranks_are_the_same(monkeypatch):
    drawn = np.random.default_rng(3)
    worths, mine = drawn.random((50, 3)), acceptability.random_weights(300, 3, drawn)
    whole = acceptability.acceptability(worths, mine, ranks=10)
    monkeypatch.setattr(acceptability, "MOST_COUNTED", 40)
    for few in (acceptability.acceptability(worths, mine, ranks=10), acceptability.acceptability(worths, mine)):
        assert few.ranks[:, :9].tolist() == whole.ranks[:, :9].tolist()
        assert few.ranks.sum(axis=1) == pytest.approx(np.ones(50))
        assert few.expected_rank == pytest.approx(whole.expected_rank)
    assert few.ranks.shape == (50, acceptability.FEW_RANKS)


@pytest.mark.parametrize(
    ("worths", "mine", "words"),
    [
        (np.zeros((0, 2)), np.full((3, 2), 0.5), "nothing to rank"),
        (np.array([[math.nan, 1.0]]), np.full((3, 2), 0.5), "not a number"),
        (np.ones((2, 2)), np.array([[2.0, -1.0]]), "negative"),
        (np.ones((2, 2)), np.array([[0.5, 0.6]]), "sum to 1"),
    ],
)
def test_that_what_cannot_be_ranked_is_refused(worths, mine, words):
    with pytest.raises(ScoringError, match=words):
        acceptability.acceptability(worths, mine)


def test_that_a_weight_that_holds_everything_has_an_interval_too():
    # The second option leads once the first criterion falls below a half.
    held = weights.stability(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([1.0, 0.0]))
    assert (held.low.tolist(), held.high.tolist()) == ([0.5, 0.0], [1.0, 0.5])
    alone = weights.stability(np.array([[1.0], [0.0]]), np.array([1.0]))
    assert (alone.low.tolist(), alone.high.tolist()) == ([0.0], [1.0])


def test_that_weights_can_be_drawn_to_respect_an_order():
    drawn = acceptability.random_weights(300, 3, np.random.default_rng(1), np.array([0.3, 0.2, 0.5]))
    assert np.allclose(drawn.sum(axis=1), 1)
    assert ((drawn[:, 2] >= drawn[:, 0]) & (drawn[:, 0] >= drawn[:, 1])).all()
    tied = acceptability.random_weights(2000, 3, np.random.default_rng(1), np.array([0.5, 0.5, 0.0]))
    assert not tied[:, 2].any()
    assert (tied[:, 0] > tied[:, 1]).mean() == pytest.approx(0.5, abs=0.05)


def test_that_winning_is_shared_between_each_pair():
    drawn = np.random.default_rng(2)
    won = acceptability.pairwise_winning(drawn.random((5, 3)), acceptability.random_weights(400, 3, drawn))
    assert np.allclose(won + won.T, 1)
    assert ranking.cycles(np.array([[0.5, 0.6, 0.3], [0.4, 0.5, 0.7], [0.7, 0.3, 0.5]])) == ((0, 1, 2),)
    assert ranking.cycles(won) == () or all(len(set(cycle)) == 3 for cycle in ranking.cycles(won))


def test_that_topsis_gives_the_published_closeness(published):
    known = json.loads((published / "topsis_tzeng2011.json").read_text())
    found = ranking.topsis(np.array(known["matrix"]), np.array(known["weights"]))
    assert found.tolist() == pytest.approx(known["expected_similarity"], abs=known["tol"])
    assert ranking.places(found).tolist() == known["expected_rank"]


def test_that_a_weighted_sum_gives_the_published_scores(published):
    known = json.loads((published / "wsm_kracka2010.json").read_text())
    matrix = np.array(known["matrix"])
    cost = np.array([objective == "min" for objective in known["objectives"]])
    matrix = np.where(cost, 1 / matrix, matrix)
    scaled = matrix / matrix.sum(axis=0)
    values = scaled @ weights.from_swings(known["weights"])
    assert values.tolist() == pytest.approx(known["expected_score"], abs=known["tol"])
    assert ranking.places(values).tolist() == known["expected_rank"]


@given(st.integers(0, 2**32 - 1))
def test_that_dropping_a_loser_never_changes_the_best_by_additive_value(seed):
    drawn = np.random.default_rng(seed)
    assert ranking.reversals(drawn.random((6, 3)), drawn.dirichlet(np.ones(3))) == ()


def test_that_the_check_for_reversals_can_fail():
    found = [
        ranking.reversals(np.random.default_rng(seed).random((5, 3)), np.full(3, 1 / 3), closeness=True)
        for seed in range(200)
    ]
    assert any(found)


def test_that_information_before_ship_or_hold_is_worth_what_was_worked_out():
    # Ship or hold, theta ~ Beta(2, 38), loss 60 theta against 1.
    assert information.perfect(2, 38, 60, 1) == pytest.approx(0.0508, abs=5e-4)
    for n, value in ((50, 0.000), (100, 0.011), (300, 0.033), (1000, 0.045)):
        assert information.sampled(2, 38, 60, 1, n) == pytest.approx(value, abs=3e-3)


@given(
    st.floats(0.2, 20),
    st.floats(0.2, 60),
    st.floats(0, 100),
    st.floats(0, 5),
    st.lists(st.integers(0, 400), max_size=5),
)
def test_that_a_larger_sample_is_worth_more_and_never_more_than_certainty(a, b, slope, hold, sizes):
    values = [information.sampled(a, b, slope, hold, n) for n in sorted({0, *sizes})]
    assert values[0] == pytest.approx(0, abs=1e-9)
    assert all(more >= less - 1e-9 for less, more in pairwise(values))
    assert values[-1] <= information.perfect(a, b, slope, hold) + 1e-9


def test_that_information_agrees_with_draws():
    drawn = np.random.default_rng(5)
    theta = drawn.beta(2, 38, 200_000)
    losses = np.stack([60 * theta, np.ones_like(theta)], axis=1)
    assert information.of_plans(losses) == pytest.approx(information.perfect(2, 38, 60, 1), abs=0.003)
    assert information.of_one_input(losses, theta, 200) == pytest.approx(information.of_plans(losses), abs=0.003)
    noise = drawn.standard_normal(theta.size)
    assert information.of_one_input(losses, noise) < 0.002
    assert information.of_plans(losses[:, :1]) == 0
    assert information.of_one_input(losses, np.ones_like(theta)) == 0
    assert information.effective(300, 10, 0.3) == 81
    assert information.effective(300, 10, 0.3, 0.9, 0.95) == 58  # 81.08 x .85 squared
    assert information.effective(300, 1, 0.3, 0.5, 0.5) == 0


def test_that_information_without_a_prior_is_refused():
    with pytest.raises(ScoringError):
        information.perfect(0, 1, 1, 1)
    with pytest.raises(ScoringError):
        information.sampled(1, 1, 1, 1, -1)
    with pytest.raises(ScoringError):
        information.perfect(1, 1, math.inf, 1)

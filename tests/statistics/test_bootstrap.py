import numpy as np
import pytest

from launchpad.errors import InvalidValueError
from launchpad.statistics.agreement import (
    ac1_statistic,
    cohen_kappa,
    contingency,
    fleiss_kappa,
    fleiss_statistic,
    gwet_ac1,
    kappa_statistic,
    label_counts,
    percent_agreement,
    percent_statistic,
)
from launchpad.statistics.bootstrap import bootstrap
from launchpad.statistics.krippendorff import alpha_statistic, krippendorff_alpha

approx = pytest.approx
VALUES = (1.0, 2.0, 4.0)


def ratings(items=60, raters=3, missing=0.2, seed=3):
    draw = np.random.default_rng(seed)
    truth = draw.integers(3, size=(items, 1))
    said = np.where(draw.random((items, raters)) < 0.7, truth, draw.integers(3, size=(items, raters)))
    return np.where(draw.random((items, raters)) < missing, -1, said)


def test_that_an_item_drawn_twice_counts_as_two_items():
    codes = ratings()
    counts = label_counts(codes, 3)
    times = np.random.default_rng(0).integers(3, size=(4, len(codes))).astype(float)
    statistics = {
        "percent": (percent_statistic(counts), lambda c: percent_agreement(label_counts(c, 3))),
        "ac1": (ac1_statistic(counts), lambda c: gwet_ac1(label_counts(c, 3))),
        "kappa": (
            kappa_statistic(codes[:, 0], codes[:, 1], 3),
            lambda c: cohen_kappa(contingency(c[:, 0], c[:, 1], 3)),
        ),
        **{
            level: (alpha_statistic(codes, VALUES, level), lambda c, level=level: krippendorff_alpha(c, VALUES, level))
            for level in ("nominal", "ordinal", "interval", "ratio")
        },
    }
    for name, (statistic, direct) in statistics.items():
        expected = [direct(np.repeat(codes, row.astype(int), axis=0)) for row in times]
        assert list(statistic(times)) == approx(expected, abs=1e-9), name
    whole = label_counts(ratings(missing=0), 3)
    expected = [fleiss_kappa(np.repeat(whole, row.astype(int), axis=0)) for row in times]
    assert list(fleiss_statistic(whole)(times)) == approx(expected, abs=1e-9)


def test_that_the_interval_of_a_share_is_near_its_normal_one_and_the_seed_fixes_it():
    codes = ratings(items=1000, raters=2, missing=0)
    statistic = {"percent": percent_statistic(label_counts(codes, 3))}
    found = bootstrap(statistic, range(1000))["percent"]
    p = float((codes[:, 0] == codes[:, 1]).mean())
    half = 1.96 * (p * (1 - p) / 1000) ** 0.5
    assert (found.low, found.high) == (approx(p - half, abs=0.003), approx(p + half, abs=0.003))
    assert (found.replicates, found.undefined, found.level) == (10_000, 0, 0.95)
    assert bootstrap(statistic, range(1000))["percent"] == found
    assert bootstrap(statistic, range(1000), seed=2)["percent"] != found


def test_that_rows_of_one_item_are_drawn_together():
    codes = np.repeat(ratings(items=50, missing=0), 8, axis=0)
    statistic = {"percent": percent_statistic(label_counts(codes, 3))}
    apart = bootstrap(statistic, range(400), replicates=2000)["percent"]
    together = bootstrap(statistic, [place // 8 for place in range(400)], replicates=2000)["percent"]
    assert together.high - together.low == approx(8**0.5 * (apart.high - apart.low), rel=0.15)


def test_that_no_interval_is_claimed_where_the_items_cannot_give_one():
    codes = np.array([[0, 0], [1, 1], [0, 0], [1, 1]])
    statistic = {"percent": percent_statistic(label_counts(codes, 2)), "alpha": alpha_statistic(codes, [0, 1])}
    assert bootstrap(statistic, range(4), replicates=500) == {"percent": None, "alpha": None}
    assert bootstrap(statistic, ["one"] * 4, replicates=500) == {"percent": None, "alpha": None}
    rare = np.array([[0, 1], *([[0, 0]] * 30)])
    assert bootstrap({"alpha": alpha_statistic(rare, [0, 1])}, range(31), replicates=500) == {"alpha": None}


def test_that_progress_ends_at_one_and_nonsense_is_refused():
    seen = []
    bootstrap({}, range(5), replicates=100, progress=seen.append)
    assert seen[-1] == 1
    for wrong in ({"level": 1.0}, {"replicates": 0}):
        with pytest.raises(InvalidValueError):
            bootstrap({}, range(5), **wrong)

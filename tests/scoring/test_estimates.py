import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.errors import ScoringError
from launchpad.records import Estimate
from launchpad.scoring.arrays import Z95
from launchpad.scoring.estimates import at, expect, half_hermite, mean, partial_moment, spread
from launchpad.scoring.streams import normals

Z = normals(7, "estimates", "z", 400_000)
AMOUNTS = [(2.0, 10.0, 50.0), (2.0, 4.0, 50.0), (0.0, 4.0, 50.0), (0.0, 0.0, 5.0), (3.0, 3.0, 9.0)]
FRACTIONS = [(0.1, 0.3, 0.9), (0.0, 0.3, 0.9), (0.0, 0.3, 1.0), (0.5, 0.9, 1.0), (1e-5, 1e-3, 0.2), (0.0, 0.0, 0.1)]


def amount(points):
    return spread(Estimate(*points), "log", 0.0)


def fraction(points):
    return spread(Estimate(*points), "logit", 0.0, 1.0)


@pytest.mark.parametrize("made", [*map(amount, AMOUNTS), *map(fraction, FRACTIONS)])
def test_that_the_mean_of_every_kind_of_half_agrees_with_draws(made):
    values = at(made, Z)
    assert mean(made) == pytest.approx(float(values.mean()), abs=5 * float(values.std()) / np.sqrt(Z.size))


@pytest.mark.parametrize("points", [*FRACTIONS, (0.2, 0.2, 0.2)])
def test_that_low_median_and_high_are_the_five_fifty_and_ninety_five_percent_points(points):
    assert at(fraction(points), np.array([-Z95, 0.0, Z95])) == pytest.approx(points)


def test_that_a_low_of_exactly_zero_means_five_percent_of_the_mass_at_zero():
    assert np.mean(at(fraction((0.0, 0.3, 0.9)), Z) == 0) == pytest.approx(0.05, abs=2e-3)
    assert np.mean(at(fraction((0.5, 0.9, 1.0)), Z) == 1) == pytest.approx(0.05, abs=2e-3)


def test_that_low_equal_to_high_is_a_constant():
    made = fraction((0.2, 0.2, 0.2))
    assert made.constant
    assert mean(made) == 0.2
    assert set(at(made, Z)) == {0.2}


def test_that_an_efficacy_that_may_be_negative_lies_on_the_plain_scale_between_its_limits():
    made = spread(Estimate(-0.9, 0.1, 0.9), "logit", -1.0, 1.0)
    values = at(made, Z)
    assert values.min() == -1
    assert values.max() == 1
    assert mean(made) == pytest.approx(float(values.mean()), abs=3e-3)


@pytest.mark.parametrize("points", AMOUNTS[:4])
@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("top", [-1.0, 0.0, 1.5])
def test_that_moments_up_to_a_point_agree_with_draws(points, power, top):
    made = amount(points)
    values = np.where(top >= Z, at(made, Z) ** power, 0.0)
    expected = partial_moment(made, power, np.array([top]))[0]
    assert expected == pytest.approx(float(values.mean()), abs=5 * float(values.std()) / np.sqrt(Z.size) + 1e-12)


@pytest.mark.parametrize("points", AMOUNTS[:2])
def test_that_the_whole_first_moment_is_the_mean(points):
    assert partial_moment(amount(points), 1, np.array([9.0]))[0] == pytest.approx(mean(amount(points)))


def test_that_half_hermite_integrates_polynomials_exactly():
    nodes, weights = half_hermite(32)
    assert float(weights.sum()) == pytest.approx(0.5, rel=1e-12)
    assert float(weights @ nodes) == pytest.approx(1 / np.sqrt(2 * np.pi), rel=1e-12)
    assert float(weights @ nodes**40) == pytest.approx(float(np.prod(np.arange(1.0, 40, 2))) / 2, rel=1e-9)


def test_that_the_expectation_of_the_number_itself_is_its_mean():
    made = fraction((0.1, 0.3, 0.9))
    assert expect(made, lambda values: values) == pytest.approx(mean(made), rel=1e-10)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted))
def test_that_the_mean_of_a_fraction_is_a_fraction_and_values_rise_with_the_deviate(points):
    made = fraction(tuple(points))
    assert 0 <= mean(made) <= 1
    values = at(made, np.linspace(-4, 4, 81))
    assert bool(np.all(np.diff(values) >= -1e-15))
    assert bool(np.all(np.isfinite(values)))


def test_that_an_amount_too_wide_to_have_a_mean_is_refused():
    assert np.isfinite(mean(amount((1e-11, 1.0, 1e11))))
    with pytest.raises(ScoringError, match="too far apart"):
        amount((1e-30, 1.0, 1e30))


@pytest.mark.parametrize(
    "points", [(3.0, 2.0, 4.0), (1.0, 5.0, 4.0), (float("nan"), 1.0, 2.0), (1.0, 2.0, float("inf"))]
)
def test_that_points_out_of_order_or_not_finite_are_refused_by_name(points):
    with pytest.raises(ScoringError, match="Opportunities of exposure R-001"):
        spread(Estimate(*points), "log", 0.0, where="Opportunities of exposure R-001")

import math

import pytest

from launchpad.intake import values


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1, 1.0),
        (0.5, 0.5),
        (True, None),
        ("1", None),
        (None, None),
        (math.nan, None),
        (math.inf, None),
        (10**400, None),
    ],
)
def test_that_only_finite_numbers_are_numbers(value, found):
    assert values.number(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (40, 40),
        (40.0, 40),
        (40.5, None),
        (-1, None),
        (2**64, None),
        (10**400, None),
        (True, None),
        ("40", None),
    ],
)
def test_that_only_whole_numbers_from_0_on_that_stay_exact_are_counts(value, found):
    assert values.whole(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2024-10-15T12:53:13-04:00", "2024-10-15T16:53:13+00:00"),
        ("2026-11-24T05:31:26.309085Z", "2026-11-24T05:31:26.309085+00:00"),
        ("2026-11-24T05:31:26", "2026-11-24T05:31:26+00:00"),
        ("", None),
        ("soon", None),
        ("0001-01-01T00:00:00+14:00", None),
        (1795500000, None),
    ],
)
def test_that_times_come_out_in_utc(value, found):
    assert values.utc(value) == found


def test_that_names_are_bounded_and_huge_integers_cost_nothing():
    assert values.text("x" * 10_000) == "x" * (values.MAX_NAME - 1) + "…"
    assert values.text("  ") is None
    assert values.text(3) == "3"
    assert len(values.label(10**4000) or "") <= values.MAX_NAME

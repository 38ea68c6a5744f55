"""Values as people read and type them, whatever their locale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from launchpad.edits.values import parse
from launchpad.gui import words
from launchpad.records import Estimate, Exposure, Inputs, Severity, field_of

INPUTS = Inputs({})
OPPORTUNITIES = field_of(Exposure, "opportunities")
LEVEL = field_of(Severity, "level")


def _exposure(low: float, median: float, high: float) -> Exposure:
    return Exposure(id=1, launch=1, scenario=1, opportunities=Estimate(low, median, high, "elicited"))


@pytest.fixture(params=["en_GB", "de_DE"])
def locale(request):
    QLocale.setDefault(QLocale(request.param))
    words._here.cache_clear()
    yield request.param
    QLocale.setDefault(QLocale("C"))
    words._here.cache_clear()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (0.0482, "0.0482"), (0.5, "0.5"), (1234567.0, "1,234,567"), (12.3456, "12.3"), (-3.0, "-3")],
)
def test_that_numbers_are_written_to_three_significant_digits(value, shown):
    QLocale.setDefault(QLocale("en_GB"))
    words._here.cache_clear()
    assert words.number(value) == shown


def test_that_an_estimate_typed_as_it_was_copied_is_the_same_estimate(locale):
    assert OPPORTUNITIES is not None
    row = _exposure(0.25, 1000.5, 30000)
    typed = words.typed(INPUTS, row, OPPORTUNITIES)
    assert ("0,25" in typed) == (locale == "de_DE")
    assert parse(OPPORTUNITIES, words.plain(OPPORTUNITIES, typed)) == row.opportunities


def test_that_a_decimal_comma_is_understood_where_it_is_used(locale):
    assert OPPORTUNITIES is not None
    typed = "0,5; 1; 2,5" if locale == "de_DE" else "0.5, 1, 2.5"
    assert parse(OPPORTUNITIES, words.plain(OPPORTUNITIES, typed)) == Estimate(0.5, 1, 2.5)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=1e-300, max_value=1e300))
def test_that_every_number_can_be_written(value):
    assert words.number(value)
    assert words.number(-value).startswith("-")


def test_that_a_certain_estimate_is_one_number_and_others_show_their_span():
    QLocale.setDefault(QLocale("en_GB"))
    words._here.cache_clear()
    assert words.estimate(Estimate(2, 2, 2)) == "2"
    assert words.estimate(Estimate(0.01, 0.0482, 0.11)) == f"0.0482 (0.01{words.DASH}0.11)"

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.intake.table.cells import NotANumberError, day, decimal_mark, flag, hundredths, number, words


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("0.93", 0.93),
        ("0,93", 0.93),
        ("87,5 %", 0.875),
        ("93.0%", 0.93),
        ("12.3%", 0.123),
        ("0.5 %", 0.005),
        ("1,000", 1000),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 000", 1000),
        ("1\u00a0000,5", 1000.5),
        ("1'000", 1000),
        ("0,930", 0.93),
        ("0.930", 0.93),
        ("-0,5", -0.5),
        ("\u22120.5", -0.5),
        ("1e-3", 0.001),
        (" 7 ", 7),
        (0.93, 0.93),
        (400, 400),
    ],
)
def test_that_a_number_is_read_in_any_common_notation(cell, found):
    assert number(cell) == found


@pytest.mark.parametrize(
    "cell", ["n/a", "N/A", "", "  ", "-", "\u2013", "NaN", "null", "#DIV/0!", "#N/A", None, float("nan")]
)
def test_that_no_value_is_never_zero(cell):
    assert number(cell) is None


@pytest.mark.parametrize(
    "cell", ["about 5", "<0.01", "5 of 40", "1.2.3", "12,34,5.6.7", "1e999", "9" * 100, True, "0x10", "--5"]
)
def test_that_other_text_is_no_number(cell):
    with pytest.raises(NotANumberError):
        number(cell)


def test_that_a_mark_before_three_digits_is_read_as_the_table_writes_decimals():
    assert decimal_mark(["0,93", "87,5 %", "400"]) == ","
    assert decimal_mark(["0.93", "1,000", None, 3.5]) == "."
    assert decimal_mark(["1,000", "2,000"]) == "."
    assert (number("1,000", ","), number("1.000", ",")) == (1.0, 1000)
    assert (number("1,000", "."), number("1.000", ".")) == (1000, 1.0)


@given(value=st.decimals(-1000, 1000, places=4))
def test_that_both_decimal_marks_say_the_same(value):
    text = f"{value:f}"
    assert number(text, ".") == number(text.replace(".", ","), ",") == float(value)


@given(value=st.integers(0, 10**7))
def test_that_thousands_marks_do_not_change_a_count(value):
    assert number(f"{value:,}") == value


@given(value=st.integers(0, 1000))
def test_that_hundredths_are_exact_in_decimal(value):
    assert hundredths(value / 10) == float(f"{value / 1000:.3f}")


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (True, True),
        ("yes", True),
        ("Ja", True),
        ("1", True),
        (1, True),
        ("no", False),
        ("lower", False),
        (0.0, False),
        ("", None),
        ("perhaps", None),
    ],
)
def test_that_yes_and_no_are_read_and_nothing_else(cell, found):
    assert flag(cell) is found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2026-10-01", "2026-10-01"),
        ("2026", "2026"),
        ("2026-10", "2026-10"),
        ("2026-10-01T12:00:00", "2026-10-01"),
        (datetime(2026, 10, 1), "2026-10-01"),  # noqa: DTZ001 - as a workbook holds it
        (date(2026, 10, 1), "2026-10-01"),
        ("1.10.2026", None),
        ("2026-13-45", None),
        ("2026-13", None),
        (None, None),
        (45000.0, None),
    ],
)
def test_that_only_dates_that_leave_no_doubt_are_dates(cell, found):
    assert day(cell) == found


def test_that_text_has_no_needless_zeros():
    assert words(400.0) == "400"
    assert words(datetime(2026, 10, 1)) == "2026-10-01"  # noqa: DTZ001 - as a workbook holds it
    assert words("  ") is None

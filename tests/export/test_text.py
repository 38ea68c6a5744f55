import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.export.text import CELL_LIMIT, CUT, GONE, cell_text, clean, csv_text


def test_that_a_character_no_file_can_hold_is_replaced_by_a_mark():
    assert clean("a\x00b\x0bc\ud800d\ufffee") == GONE.join("abcde")


def test_that_tabs_and_lines_stay_and_line_ends_are_made_plain():
    assert clean("a\tb\nc\r\nd\re") == "a\tb\nc\nd\ne"


@pytest.mark.parametrize("letter", ["x", "é", "😀"])
def test_that_text_a_cell_cannot_hold_is_cut_and_says_so(letter):
    text = cell_text(letter * 40_000)
    assert text.endswith(CUT)
    assert CELL_LIMIT - 1 <= len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT


def test_that_the_longest_text_a_cell_holds_is_not_cut():
    assert cell_text("x" * CELL_LIMIT) == "x" * CELL_LIMIT


def test_that_text_which_looks_like_an_escaped_character_is_escaped():
    assert cell_text("_x003D_1+1") == "_x005F_x003D_1+1"


@given(st.text())
def test_that_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(st.sampled_from("=+-@\t\r"), st.text())
def test_that_a_csv_field_never_starts_with_what_a_spreadsheet_calculates(first, rest):
    assert csv_text(first + rest).startswith("'")

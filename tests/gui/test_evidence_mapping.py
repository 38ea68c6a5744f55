"""The mapping step as a person makes it: columns, header row, kinds of rows."""

from pathlib import Path

import openpyxl
import pytest

from launchpad.gui.evidence.drafts import (
    MODEL_VALUES,
    UNUSED,
    applied,
    drafts_of,
    first_values,
    mapping_of,
    meanings_for,
    missing,
    shapes,
    with_header,
    with_meaning,
    with_shape,
)
from launchpad.intake import beginnings
from launchpad.intake.table import Mapping

TITLED = "Weekly figures,made by hand,\n,,\nSuite,Arm,Share\nCyber,acme-7b,0.93\nBio,acme-7b,\n"


@pytest.fixture
def draft(tmp_path: Path):
    path = tmp_path / "week.csv"
    path.write_text(TITLED, encoding="utf-8")
    (made,) = drafts_of(beginnings(path))
    return made


def test_that_another_header_row_gives_other_columns(draft):
    assert draft.header == 0
    moved = with_header(draft, 2)
    assert moved.headers == ("Suite", "Arm", "Share")
    assert list(first_values(moved, 2)) == ["0.93"]
    assert moved.meanings == {0: "task"}


def test_that_a_meaning_belongs_to_one_column_at_a_time(draft):
    moved = with_header(draft, 2)
    first = with_meaning(moved, 1, "value")
    second = with_meaning(first, 2, "value")
    assert second.meanings == {0: "task", 2: "value"}
    assert with_meaning(second, 2, UNUSED).meanings == {0: "task"}


def test_that_what_is_missing_is_said_until_a_mapping_is_whole(draft):
    moved = with_header(draft, 2)
    assert missing(moved)
    whole = with_meaning(with_meaning(moved, 2, "value"), 1, "model")
    assert missing(whole) == ""
    assert mapping_of(whole) == Mapping(columns={"task": "Suite", "value": "Share", "model": "Arm"}, rows="results")


@pytest.mark.parametrize("shape", list(shapes()))
def test_that_a_draft_comes_back_from_its_mapping(draft, shape):
    made = with_shape(with_header(draft, 2), shape)
    for place, name in enumerate(meanings_for(shape)[1:4]):
        made = with_meaning(made, place, name)
    again = applied(with_header(draft, 2), mapping_of(made))
    assert (again.shape, dict(again.meanings)) == (made.shape, dict(made.meanings))


def test_that_meanings_that_make_no_sense_for_a_kind_of_row_are_dropped(draft):
    made = with_meaning(with_header(draft, 2), 2, "stderr")
    assert with_shape(made, "samples").meanings == {0: "task"}
    wide = with_meaning(with_shape(made, "models"), 1, MODEL_VALUES)
    assert mapping_of(wide).models == ("Arm",)


def test_that_of_columns_with_one_title_only_the_first_can_be_named(tmp_path):
    path = tmp_path / "twice.csv"
    path.write_text("Suite,Share,share,\na,0.1,0.2,0.3\n", encoding="utf-8")
    (made,) = drafts_of(beginnings(path))
    assert made.usable == (0, 1)


def test_that_sheets_nothing_is_known_of_are_left_out_beside_one_that_is_known(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Task", "Value"])
    book.active.append(["Cyber", 0.5])
    notes = book.create_sheet("Notes")
    notes.append(["Who", "When"])
    notes.append(["A", "B"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    first, second = drafts_of(beginnings(path))
    assert (first.shape, second.shape) == ("results", "none")
    assert missing(second) == ""

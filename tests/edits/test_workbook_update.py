"""A workbook that comes back: what it would change, what both sides changed, what cannot be taken; nothing silent."""

import dataclasses
import datetime as dt
import shutil

import openpyxl
import pytest

from launchpad.changes import insert, update
from launchpad.edits import workbook_values
from launchpad.edits.workbook_changes import changes_of
from launchpad.edits.workbook_update import update_from
from launchpad.errors import ImportRefusedError, InvalidValueError
from launchpad.export import text
from launchpad.intake.workplan import read_workplan
from launchpad.project import Project
from launchpad.records import (
    Launch,
    MitigationVariant,
    Person,
    PlanItem,
    ProjectInfo,
)
from tests.export.conftest import LAUNCH
from tests.returned import (
    NAME,
    SHEETS,
    cell_of,
    exported,
    filled,
    header,
    owner,
    project_with_plan,
    said,
    slim,
    standing,
    update_of,
)

WORKPLAN, POLICY, SAFETY = SHEETS
FULL, LITE = "M-01.full", "M-02.lite"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    with project_with_plan(folder) as made:
        slim(exported(made, folder / "w.xlsx"))
    return folder


@pytest.fixture
def book(template, tmp_path):
    return shutil.copy(template / "w.xlsx", tmp_path / "w.xlsx")


@pytest.fixture
def project(template, tmp_path):
    with Project.open(shutil.copy(template / "p.launchpad", tmp_path / "p.launchpad"), author="tests") as opened:
        yield opened


def write(project, found, *also):
    proposal = changes_of(project.inputs, found.launch, (*found.changes, *found.new, *also))
    made = project.edit(proposal.changes, "Update", content=proposal.content)
    project.refresh()
    return made


def test_that_an_untouched_workbook_changes_nothing(project, book):
    found = update_of(project, book)
    assert found.nothing
    assert found.remarks == ()


def test_that_what_people_fill_in_comes_back_as_one_edit_that_undo_takes_back(project, book):
    back = filled(
        book,
        (WORKPLAN, LITE, "Status", "started"),
        (WORKPLAN, LITE, "Started", dt.date(2026, 10, 12)),
        (WORKPLAN, LITE, "Owner", NAME),
        (SAFETY, FULL, "Status", "Done"),
        (SAFETY, FULL, "Finished", "2026-10-09"),
        (POLICY, FULL, "Remaining", 0),
        (POLICY, FULL, "Actual", "7.5"),
        (WORKPLAN, FULL, "Notes", "  =not a formula, says Ada\nsecond line "),
    )
    book_back = openpyxl.load_workbook(back)
    cell_of(book_back, WORKPLAN, FULL, "Notes").data_type = "s"
    book_back.save(back)
    found = update_of(project, back)
    assert (found.conflicts, found.refused, found.new, found.remarks) == ((), (), (), ())
    write(project, found)
    assert standing(project, LITE).status == "started"
    assert standing(project, LITE).started == "2026-10-12"
    assert owner(project, "M-02") == "P-01"
    done = standing(project, FULL)
    assert (done.status, done.started, done.finished) == ("done", "2026-09-28", "2026-10-09")
    assert (done.remaining_days, done.actual_days) == (0.0, 7.5)
    assert done.note == "=not a formula, says Ada\nsecond line"
    assert update_of(project, back).nothing
    project.undo()
    project.refresh()
    assert standing(project, LITE) is None
    assert standing(project, FULL).status == "started"


@pytest.mark.parametrize(
    ("title", "typed", "value"),
    [
        ("Status", "IN PLACE", "in_place"),
        ("Status", "in_place", "in_place"),
        ("Started", 46300, "2026-10-05"),
        ("Started", dt.datetime(2026, 10, 5, 13, 30), "2026-10-05"),  # noqa: DTZ001 - as a cell holds it
        ("Started", "2026-10-05", "2026-10-05"),
        ("Remaining", "2", 2.0),
        ("Notes", 2026, "2026"),
    ],
)
def test_that_dates_serial_numbers_labels_and_codes_are_understood(project, book, title, typed, value):
    found = update_of(project, filled(book, (WORKPLAN, LITE, title, typed)))
    assert [one.wish.value for one in found.changes] == [value]


def test_that_an_emptied_cell_empties_the_field(project, book):
    found = update_of(project, filled(book, (WORKPLAN, FULL, "Started", None), (WORKPLAN, FULL, "Owner", None)))
    assert said(found) == [(FULL, "Owner", ""), (FULL, "Started", "")]
    write(project, found)
    assert standing(project, FULL).started is None
    assert owner(project, "M-01") == ""


def change_here(project, **fields):
    """An edit of the standing of M-01.full made in the project after the export."""
    project.edit([update(standing(project, FULL), **fields)], "Meanwhile")
    project.refresh()


def test_that_what_only_the_project_changed_stays(project, book):
    change_here(project, note="meanwhile", status="done")
    assert update_of(project, book).nothing


def test_that_both_changed_to_the_same_is_nothing(project, book):
    change_here(project, status="done", finished="2026-10-09")
    back = filled(book, (WORKPLAN, FULL, "Status", "Done"), (WORKPLAN, FULL, "Finished", dt.date(2026, 10, 9)))
    assert update_of(project, back).nothing


def test_that_both_changed_differently_is_a_conflict_shown_with_all_three_values_and_left_unwritten(project, book):
    change_here(project, note="ours")
    back = filled(book, (WORKPLAN, FULL, "Notes", "theirs"), (WORKPLAN, FULL, "Remaining", 3))
    found = update_of(project, back)
    (conflict,) = found.conflicts
    assert (conflict.exported, conflict.present, conflict.workbook) == ("", "ours", "theirs")
    place = cell_of(openpyxl.load_workbook(back), WORKPLAN, FULL, "Notes").coordinate
    assert conflict.where == (f"{WORKPLAN}!{place}",)
    assert said(found) == [(FULL, "Remaining effort", "3")]
    write(project, found)
    assert standing(project, FULL).note == "ours"
    assert standing(project, FULL).remaining_days == 3
    write(project, found, conflict)
    assert standing(project, FULL).note == "theirs"


def test_that_a_status_and_its_days_are_settled_together(project, book):
    change_here(project, status="dropped")
    back = filled(book, (WORKPLAN, FULL, "Status", "Done"), (WORKPLAN, FULL, "Finished", "2026-10-09"))
    found = update_of(project, back)
    assert [one.field for one in found.conflicts] == ["Status", "Finished"]
    assert found.changes == ()
    write(project, found, *found.conflicts)
    assert (standing(project, FULL).status, standing(project, FULL).finished) == ("done", "2026-10-09")


def test_that_the_same_said_on_two_sheets_is_said_once_and_otherwise_both_cells_are_named(project, book):
    same = filled(book, (WORKPLAN, FULL, "Status", "Done"), (POLICY, FULL, "Status", "done"))
    (change,) = update_of(project, same).changes
    assert [place.partition("!")[0] for place in change.where] == [WORKPLAN, POLICY]
    other = filled(book, (WORKPLAN, FULL, "Status", "Done"), (POLICY, FULL, "Status", "Dropped"))
    found = update_of(project, other)
    assert found.changes == ()
    (refused,) = found.refused
    assert WORKPLAN in refused.where
    assert POLICY in refused.where
    assert "Done" in refused.what
    assert "Dropped" in refused.what


@pytest.mark.parametrize(
    ("title", "typed", "words"),
    [
        ("Status", "nearly", "does not fit Status"),
        ("Status", None, "must not be empty"),
        ("Status", "=A1", "is a formula"),
        ("Remaining", -1, "at least 0"),
        ("Remaining", "a few", "Give a number"),
        ("Remaining", True, "Give a number"),
        ("Effort", -1, "at least 0"),
        ("Effort", None, "must not be empty"),
        ("Effort", "=2*3", "is a formula"),
        ("Started", "next week", "YYYY-MM-DD"),
        ("Started", 3, "a number shown as a day"),
        ("Finished", "2026-01-01", "before it started"),
        ("Owner", "Nobody at all", "nobody is called"),
    ],
)
def test_that_what_does_not_fit_is_refused_with_its_cell_and_the_rest_is_taken(project, book, title, typed, words):
    back = filled(book, (WORKPLAN, FULL, title, typed), (WORKPLAN, LITE, "Notes", "good"))
    found = update_of(project, back)
    (refused,) = found.refused
    place = cell_of(openpyxl.load_workbook(back), WORKPLAN, FULL, title).coordinate
    assert refused.where == f"{WORKPLAN}!{place}"
    assert words in refused.what
    assert FULL in refused.what
    assert said(found) == [(LITE, "Note", "good")]


def test_that_an_error_of_the_spreadsheet_is_no_value(project, book):
    def spoil(opened):
        cell = cell_of(opened, WORKPLAN, FULL, "Notes")
        cell.value, cell.data_type = "#REF!", "e"

    (refused,) = update_of(project, filled(book, also=spoil)).refused
    assert "shows the error #REF!" in refused.what


def test_that_an_owner_of_two_people_is_asked_for_by_code(project, book):
    known = project.inputs.find(Person, "P-01")
    project.edit([insert(Person(id=22, code="P-03", name=known.name))], "A namesake")
    project.refresh()
    (refused,) = update_of(project, filled(book, (WORKPLAN, LITE, "Owner", NAME))).refused
    assert "P-01, P-03" in refused.what
    assert said(update_of(project, filled(book, (WORKPLAN, LITE, "Owner", "p-03")))) == [
        (LITE, "Owner", f"P-03 {NAME}")
    ]


def test_that_an_evaluation_has_nothing_to_fill_in(project, book):
    back = filled(book, (WORKPLAN, "E-01", "Status", "Done"), (WORKPLAN, "E-01", "Effort", 9))
    assert all("evaluation" in one.what for one in update_of(project, back).refused)
    assert len(update_of(project, back).refused) == 2


def test_that_doubled_edited_and_vanished_codes_are_named_row_by_row(project, book):
    def spoil(opened):
        sheet = opened[WORKPLAN]
        top, _ = header(sheet)
        last = sheet.max_row + 1
        for cell in sheet[top + 1]:
            sheet.cell(last, cell.column).value = cell.value
        cell_of(opened, WORKPLAN, LITE, "Code").value = "M-02.huge"

    found = update_of(project, filled(book, (WORKPLAN, FULL, "Notes", "lost"), also=spoil))
    told = [one.what for one in found.refused]
    assert sum("stands twice" in what for what in told) == 2
    assert any("exported as M-02.lite, now M-02.huge" in what for what in told)
    assert found.changes == ()


def test_that_work_removed_or_renamed_meanwhile_is_named(project, book):
    project.edit([update(project.inputs.find(MitigationVariant, LITE), code="M-02.tiny")], "Rename")
    project.refresh()
    found = update_of(project, filled(book, (WORKPLAN, LITE, "Notes", "x")))
    assert {one.what for one in found.refused} == {
        "M-02.lite is not in the project any more, so nothing of this row was taken."
    }
    assert [one.where.partition(",")[0] for one in found.refused] == [WORKPLAN, SAFETY]


def test_that_a_row_of_another_launch_or_project_is_named(project, book):
    launch = project.inputs.get(Launch, LAUNCH)
    other = dataclasses.replace(launch, id=901, code="L-2", current_plan=None, weight_set=None)
    item = next(row for row in project.inputs.rows(PlanItem) if row.variant == 110)
    project.edit([insert(other), update(item, launch=901)], "Another launch")
    project.refresh()
    found = update_of(project, filled(book, (WORKPLAN, FULL, "Notes", "x")))
    assert {one.what for one in found.refused} == {"M-01.full comes from a workbook of launch L-2; this one is of L-1."}

    def pasted(opened):
        cell = cell_of(opened, WORKPLAN, LITE, "Key")
        cell.value = cell.value.replace('"item": 501', '"item": 77777')

    told = update_of(project, filled(book, also=pasted)).refused
    assert any("another project" in one.what for one in told)


def test_that_a_row_whose_key_was_lost_is_compared_and_each_difference_asked_about(project, book):
    def lose(opened):
        cell_of(opened, WORKPLAN, FULL, "Key").value = None
        cell_of(opened, WORKPLAN, LITE, "Key").value = "{broken"

    back = filled(book, (WORKPLAN, FULL, "Notes", "new"), (WORKPLAN, LITE, "Status", "Idea"), also=lose)
    found = update_of(project, back)
    assert [(one.code, one.field, one.exported) for one in found.conflicts] == [(FULL, "Note", None)]
    assert found.changes == ()


def test_that_another_project_or_launch_is_refused_with_a_sentence(project, book):
    info = project.inputs.rows(ProjectInfo)[0]
    copy = project.inputs.with_rows({"project": (dataclasses.replace(info, uuid="other"),)}, project.inputs.head)
    with pytest.raises(ImportRefusedError, match="another project"):
        update_from(copy, read_workplan(book), [], None)
    with pytest.raises(ImportRefusedError, match=r"of launch L-1, not of L-9"):
        update_of(project, book, "L-9")
    gone = project.inputs.with_rows({"launch": ()}, project.inputs.head)
    with pytest.raises(ImportRefusedError, match="does not have"):
        update_from(gone, read_workplan(book), [], None)


def test_that_the_marks_are_found_again_where_a_program_dropped_the_properties(project, book):
    def drop(opened):
        opened.custom_doc_props.props.clear()

    assert said(update_of(project, filled(book, (WORKPLAN, LITE, "Notes", "x"), also=drop))) == [(LITE, "Note", "x")]

    def drop_all(opened):
        drop(opened)
        for name in [name for name in opened.defined_names if name.startswith("Launchpad")]:
            del opened.defined_names[name]

    with pytest.raises(ImportRefusedError, match="lost the mark"):
        update_of(project, filled(book, also=drop_all))


def test_that_a_moment_the_history_does_not_know_is_remarked(project, book):
    found = update_from(project.inputs, read_workplan(book), [], None)
    assert "history does not know" in found.remarks[0]


def test_that_two_days_chosen_together_pass_the_door_once_more(project, book):
    back = filled(book, (WORKPLAN, LITE, "Started", "2026-10-05"), (WORKPLAN, LITE, "Finished", "2026-10-09"))
    found = update_of(project, back)
    change_here(project, note="x")
    wished = [
        dataclasses.replace(found.changes[0], wish=dataclasses.replace(found.changes[0].wish, value="2026-11-09"))
    ]
    with pytest.raises(InvalidValueError, match="before it started"):
        changes_of(project.inputs, found.launch, [*wished, *found.changes[1:]])


def test_that_counting_a_row_out_within_the_workbook_is_said_to_change_nothing(project, book):
    found = update_of(project, filled(book, (WORKPLAN, LITE, "Counted", "no")))
    assert found.nothing
    assert "Counted" in found.remarks[0]


@pytest.mark.parametrize("length", [32_000, 40_000])
def test_that_a_note_too_long_to_be_compared_is_asked_about_only_where_it_was_changed(project, tmp_path, length):
    change_here(project, note="long words " * (length // 11))
    book = exported(project, tmp_path / "long.xlsx")
    assert update_of(project, book).nothing
    (conflict,) = update_of(project, filled(book, (WORKPLAN, FULL, "Notes", "short"))).conflicts
    assert (conflict.exported, conflict.workbook) == (None, "short")


def test_that_the_mark_of_a_cut_text_is_that_of_the_export():
    assert workbook_values.CUT == text.CUT

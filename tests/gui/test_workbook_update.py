"""File > Update from workbook: every change shown with a tick, conflicts side by side, one edit when agreed to."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog

from launchpad.changes import update
from launchpad.gui.commands import ask_for_workbook
from launchpad.gui.workbook_errand import update_from_workbook
from launchpad.gui.workbook_update import THEIRS, WorkbookUpdateDialog
from launchpad.project import Project
from launchpad.records import Mitigation
from tests.returned import SHEETS, added, exported, filled, project_with_plan, slim, standing

WORKPLAN, POLICY, SAFETY = SHEETS
FULL, LITE = "M-01.full", "M-02.lite"
Button = QDialogButtonBox.StandardButton


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    with project_with_plan(folder) as made:
        slim(exported(made, folder / "w.xlsx"))
    return folder


@pytest.fixture
def planned(template, window, tmp_path):
    """A window with a project of which a workbook was exported, and that workbook."""
    assert window.open_project(Path(shutil.copy(template / "p.launchpad", tmp_path / "p.launchpad")))
    return window, Path(shutil.copy(template / "w.xlsx", tmp_path / "w.xlsx"))


def shown_for(window, path, qtbot) -> WorkbookUpdateDialog:
    """The dialog for a workbook, once it was read."""
    update_from_workbook(window.document, path)
    qtbot.waitUntil(lambda: dialog_of(window) is not None, timeout=20_000)
    found = dialog_of(window)
    assert found is not None
    return found


def dialog_of(window) -> WorkbookUpdateDialog | None:
    return next((one for one in window.findChildren(WorkbookUpdateDialog) if one.isVisible()), None)


def cells(held) -> list[list[str]]:
    return [
        [item.text() for place in range(held.columnCount()) if (item := held.item(row, place)) is not None]
        for row in range(held.rowCount())
    ]


def change_here(window, code, **fields):
    held = window.document
    assert held.edit([update(standing(held.project, code), **fields)], "Meanwhile")


def test_that_ticked_changes_are_written_as_one_edit_and_unticked_ones_are_not(planned, qtbot):
    window, book = planned

    def more(opened):
        added(opened, POLICY, What_is_done="Ask the press office", Effort=3)

    back = filled(book, (WORKPLAN, LITE, "Status", "Done"), (WORKPLAN, LITE, "Notes", "no"), also=more)
    dialog = shown_for(window, back, qtbot)
    assert [row[:4] for row in cells(dialog.changes)] == [
        ["M-02.lite  Output filter", "Status", "Idea", "Done"],
        ["M-02.lite  Output filter", "Note", "", "no"],
        ["M-04.std  Ask the press office", "New work", "", "Policy: rules/answers: 3"],
    ]
    ok = dialog.buttons.button(Button.Ok)
    assert ok.text() == "&Write 3"
    dialog.changes.item(1, 0).setCheckState(Qt.CheckState.Unchecked)
    assert ok.text() == "&Write 2"
    before = len(window.document.journal())
    dialog.accept()
    assert len(window.document.journal()) == before + 1
    assert window.document.project.can_undo == "Update from w-back.xlsx"
    found = standing(window.document.project, LITE)
    assert (found.status, found.note) == ("done", None)
    assert any(row.name == "Ask the press office" for row in window.document.inputs.rows(Mitigation))
    window.document.undo()
    assert standing(window.document.project, LITE) is None
    assert len(window.document.inputs.rows(Mitigation)) == 3


def test_that_nothing_is_written_when_a_person_says_no_or_unticks_everything(planned, qtbot):
    window, book = planned
    dialog = shown_for(window, filled(book, (WORKPLAN, LITE, "Status", "Done")), qtbot)
    dialog.tick_all(on=False)
    assert not dialog.buttons.button(Button.Ok).isEnabled()
    dialog.tick_all(on=True)
    before = len(window.document.journal())
    dialog.reject()
    assert len(window.document.journal()) == before


def test_that_conflicts_stand_side_by_side_and_the_projects_value_is_kept_unless_chosen_otherwise(planned, qtbot):
    window, book = planned
    change_here(window, FULL, note="ours", remaining_days=4.0)
    back = filled(book, (WORKPLAN, FULL, "Notes", "theirs"), (WORKPLAN, FULL, "Remaining", 3))
    dialog = shown_for(window, back, qtbot)
    assert [row[1:] for row in cells(dialog.conflicts)] == [
        ["Remaining effort", "", "4", "3"],
        ["Note", "", "ours", "theirs"],
    ]
    assert not dialog.buttons.button(Button.Ok).isEnabled()
    box = dialog.choices[0]
    box.setCurrentIndex(box.findData(THEIRS))
    dialog.accept()
    found = standing(window.document.project, FULL)
    assert (found.remaining_days, found.note) == (3.0, "ours")


def test_that_what_is_not_taken_is_shown_with_its_reason_and_can_be_copied(planned, qtbot):
    window, book = planned
    dialog = shown_for(window, filled(book, (WORKPLAN, LITE, "Remaining", -2)), qtbot)
    ((where, why),) = cells(dialog.refused)
    assert where.startswith("Workplan!")
    assert "at least 0" in why
    dialog.copy()
    assert why in QApplication.clipboard().text()
    dialog.reject()


def test_that_an_untouched_workbook_is_said_to_hold_nothing_new(planned, qtbot):
    window, book = planned
    dialog = shown_for(window, book, qtbot)
    assert not dialog.buttons.button(Button.Ok).isVisible()
    assert dialog.buttons.button(Button.Cancel).text() == "Close"
    dialog.reject()


def test_that_a_change_made_while_the_list_was_open_is_shown_before_anything_is_written(planned, qtbot):
    window, book = planned
    dialog = shown_for(window, filled(book, (WORKPLAN, FULL, "Notes", "theirs")), qtbot)
    with Project.open(window.document.project.path, author="other") as other:
        other.edit([update(standing(other, FULL), note="theirs before ours")], "Meanwhile")
    dialog.accept()
    again = dialog_of(window)
    assert again is not None
    assert again is not dialog
    assert [row[3:] for row in cells(again.conflicts)] == [["theirs before ours", "theirs"]]
    assert standing(window.document.project, FULL).note == "theirs before ours"
    again.reject()


def test_that_a_foreign_file_is_refused_in_words(planned, qtbot, tmp_path):
    window, _ = planned
    (tmp_path / "x.xlsx").write_text("a,b\n", encoding="utf-8")
    told = []
    window.document.refused.disconnect(window.refuse)
    window.document.refused.connect(told.append)
    update_from_workbook(window.document, tmp_path / "x.xlsx")
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert "is no .xlsx workbook" in told[0].message


def test_that_a_workbook_that_came_back_is_told_from_evidence_when_it_is_dropped(planned, qtbot):
    window, book = planned
    window.take_files([book])
    qtbot.waitUntil(lambda: dialog_of(window) is not None, timeout=20_000)
    dialog_of(window).reject()


def test_that_the_menu_asks_for_a_file_and_shows_it(planned, qtbot, monkeypatch):
    window, book = planned
    assert window.commands["update"].isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(book), ""))
    ask_for_workbook(window)
    qtbot.waitUntil(lambda: dialog_of(window) is not None, timeout=20_000)
    dialog_of(window).reject()

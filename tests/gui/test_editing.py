"""What is typed, dropped and undone in the window reaches the file, and nothing else does."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from launchpad import paths
from launchpad.gui.dialogs import Notice
from launchpad.project import Project
from launchpad.records import EvalResult, Scenario


def _cell(window, key, place=0):
    model = window.screens["register"].model
    return model.index(place, model.column_at(key))


def _names_in(path: Path) -> list[str]:
    other = Project.open(path, read_only=True)
    try:
        return [row.name for row in other.inputs.rows(Scenario)]
    finally:
        other.close()


def test_that_an_edited_cell_goes_to_the_file_and_undo_brings_it_back(opened, seen, project):
    seen(opened, "register")
    model = opened.screens["register"].model
    before = _names_in(project)
    assert model.setData(_cell(opened, "scenario.name"), "A name nobody else has")
    assert "A name nobody else has" in _names_in(project)
    assert opened.commands["undo"].isEnabled()
    opened.commands["undo"].trigger()
    assert _names_in(project) == before
    opened.commands["redo"].trigger()
    assert "A name nobody else has" in _names_in(project)


def test_that_a_value_out_of_range_is_refused_with_a_sentence_and_not_written(opened, seen):
    seen(opened, "register")
    edits = len(opened.document.journal())
    assert not opened.screens["register"].model.setData(_cell(opened, "exposure.opportunities"), "many")
    notice = opened.findChild(Notice)
    assert notice is not None
    assert notice.what.text()
    assert len(opened.document.journal()) == edits


def test_that_a_cell_that_says_what_it_said_before_makes_no_edit(opened, seen):
    seen(opened, "register")
    model, cell = opened.screens["register"].model, _cell(opened, "scenario.name")
    edits = len(opened.document.journal())
    assert not model.setData(cell, model.data(cell, Qt.ItemDataRole.EditRole))
    assert len(opened.document.journal()) == edits


def test_that_what_another_program_writes_appears_in_the_window(opened, seen, project):
    seen(opened, "register")
    opened.document.look_for_others()
    with_other = Project.open(project)
    scenario = with_other.inputs.rows(Scenario)[0]
    from launchpad.edits.records import set_words

    with_other.edit(set_words(with_other.inputs, scenario, {"name": "Changed elsewhere"}).changes, "Elsewhere")
    with_other.close()
    opened.document.look_for_others()
    opened.screens["register"].refresh_if_seen()
    assert any(row.parts["scenario"].name == "Changed elsewhere" for row in opened.screens["register"].model.rows)


@pytest.fixture
def evidence() -> Path:
    return min((paths.resources() / "sample" / "evidence").glob("*.csv"))


def test_that_files_of_evidence_are_imported_and_undone_in_one_step(empty, qtbot, evidence):
    with qtbot.waitSignal(empty.document.changed, timeout=20_000):
        empty.take_files([evidence])
    qtbot.waitUntil(lambda: len(empty.document.inputs.rows(EvalResult)) > 0)
    assert empty.screens["evidence"].isVisible()
    empty.commands["undo"].trigger()
    assert empty.document.inputs.rows(EvalResult) == ()


def test_that_a_file_dropped_on_the_window_is_imported(empty, qtbot, evidence):
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(evidence))])
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        held,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(empty.document.changed, timeout=20_000):
        empty.dropEvent(drop)
    assert empty.document.inputs.rows(EvalResult)


def test_that_a_dropped_project_is_opened(window, project):
    window.take_files([project])
    assert window.document is not None
    assert Path(window.document.project.path) == project


def test_that_a_file_that_is_no_project_is_refused_and_the_start_list_stays(window, tmp_path):
    bad = tmp_path / "notes.launchpad"
    bad.write_text("not a project", encoding="utf-8")
    assert not window.open_project(bad)
    assert window.start.isVisible()
    assert window.findChild(Notice) is not None

"""Evidence dropped on the window: everything comes in, is refused with a reason, or is asked about."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from launchpad.edits.evidence import add_file
from launchpad.edits.mappings import remembered
from launchpad.edits.questions import polarity_questions
from launchpad.edits.records import set_values
from launchpad.gui import errands
from launchpad.gui.evidence.folders import folders_of, forget_folder
from launchpad.gui.evidence.importing import Summary
from launchpad.gui.evidence.mapping import MappingDialog
from launchpad.gui.evidence.summary import SummaryDialog
from launchpad.intake import Mapping, beginnings, read
from launchpad.project import Project
from launchpad.records import EvalResult, Evaluation, TableMapping

SURE = "Task,Model,Metric,Value,N,Higher is better\nCyberQA,acme-7b,refusal rate,{0},400,yes\n"
UNKNOWN = "Suite,Arm,Share\nCyber,acme-7b,0.93\nBio,acme-7b,0.5\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "logs"
    made.mkdir()
    (made / "a.csv").write_text(SURE.format(0.93), encoding="utf-8")
    (made / "b.csv").write_text(SURE.format(0.5), encoding="utf-8")
    (made / "bad.json").write_text('{"version": 2, "eval": {', encoding="utf-8")
    return made


def _watched(under_way) -> list[Summary]:
    """Where the summary will lie once the import has ended."""
    found: list[Summary] = []
    under_way.ended.connect(found.append)
    return found


def _ended(under_way, qtbot) -> Summary:
    found = _watched(under_way)
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    return found[0]


def _values(document) -> list[float | None]:
    return sorted(row.value for row in document.inputs.rows(EvalResult))


def test_that_a_folder_comes_in_with_one_summary_and_one_undo(empty, qtbot, folder):
    summary = _ended(errands.import_files(empty.document, [folder]), qtbot)
    assert (summary.files, summary.added, summary.known) == (2, 2, 0)
    ((name, why),) = summary.refused
    assert name == "bad.json"
    assert why
    assert _values(empty.document) == [0.5, 0.93]
    dialog = empty.findChild(SummaryDialog)
    assert [line[1] for line in dialog.lines] == ["bad.json"]
    dialog.copy()
    assert "bad.json" in QApplication.clipboard().text()
    empty.commands["undo"].trigger()
    assert empty.document.inputs.rows(EvalResult) == ()


def test_that_the_same_folder_again_adds_nothing_and_a_scan_reads_only_what_is_new(empty, qtbot, folder):
    _ended(errands.import_files(empty.document, [folder]), qtbot)
    again = _ended(errands.import_files(empty.document, [folder]), qtbot)
    assert (again.added, again.known) == (0, 2)
    (folder / "c.csv").write_text(SURE.format(0.25), encoding="utf-8")
    scanned = _ended(errands.scan_folders(empty.document), qtbot)
    assert (scanned.files, scanned.added, scanned.passed) == (1, 1, 2)
    assert _values(empty.document) == [0.25, 0.5, 0.93]


def test_that_folders_are_remembered_for_the_person_and_can_be_forgotten(empty, qtbot, folder):
    assert errands.scan_folders(empty.document) is None
    _ended(errands.import_files(empty.document, [folder]), qtbot)
    assert folders_of(empty.document) == [folder.resolve()]
    assert str(folder) not in Path(empty.document.project.path).read_bytes().decode("latin-1")
    forget_folder(empty.document, folder.resolve())
    assert folders_of(empty.document) == []


def test_that_an_unknown_table_is_asked_about_and_its_header_remembered(empty, qtbot, tmp_path):
    path = tmp_path / "week-1.csv"
    path.write_text(UNKNOWN, encoding="utf-8")
    under_way = errands.import_files(empty.document, [path])
    qtbot.waitUntil(lambda: empty.findChild(MappingDialog) is not None, timeout=20_000)
    asked = empty.findChild(MappingDialog)
    assert not asked.go.isEnabled()
    for place, name in ((0, "task"), (1, "model"), (2, "value")):
        box = asked.columns.cellWidget(place, 2)
        box.setCurrentIndex(box.findData(name))
        box.activated.emit(box.currentIndex())
    qtbot.waitUntil(asked.go.isEnabled)
    assert asked.results.rowCount() == 2
    asked.accept()
    assert _ended(under_way, qtbot).added == 2
    assert remembered(empty.document.inputs, ("Suite", "Arm", "Share")) is not None

    later = tmp_path / "week-2.csv"
    later.write_text(UNKNOWN.replace("0.93", "0.4"), encoding="utf-8")
    summary = _ended(errands.import_files(empty.document, [later]), qtbot)
    assert (summary.added, summary.skipped) == (2, [])
    empty.commands["undo"].trigger()
    empty.commands["undo"].trigger()
    assert empty.document.inputs.rows(TableMapping) == ()


def test_that_a_table_that_is_left_out_is_told_and_the_others_come_in(empty, qtbot, tmp_path):
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    paths[0].write_text(UNKNOWN, encoding="utf-8")
    paths[1].write_text(SURE.format(0.5), encoding="utf-8")
    found = _watched(errands.import_files(empty.document, paths))
    qtbot.waitUntil(lambda: empty.findChild(MappingDialog) is not None, timeout=20_000)
    empty.findChild(MappingDialog).reject()
    (summary,) = found
    assert [one.path.name for one in summary.skipped] == ["a.csv"]
    assert _values(empty.document) == [0.5]


def test_that_an_import_can_be_stopped_and_keeps_what_it_wrote(empty, qtbot, tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    for number in range(300):
        (many / f"{number:03d}.csv").write_text(SURE.format(number / 1000), encoding="utf-8")
    under_way = errands.import_files(empty.document, [many])
    qtbot.waitUntil(lambda: under_way.summary.files >= 3, timeout=20_000)
    assert empty.isEnabled()
    under_way.job.cancel()
    summary = _ended(under_way, qtbot)
    assert summary.stopped
    assert 3 <= summary.files < 300
    assert len(empty.document.inputs.rows(EvalResult)) == summary.files


def test_that_what_others_write_meanwhile_does_not_stop_an_import(empty, qtbot, tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(SURE.format(0.1), encoding="utf-8")
    second.write_text(SURE.format(0.2), encoding="utf-8")
    theirs = Project.open(Path(empty.document.project.path))
    under_way = errands.import_files(empty.document, [first, second])
    taken = add_file(theirs.inputs, read(second))
    theirs.edit(taken.proposal.changes, "Theirs", content=taken.proposal.content)
    theirs.close()
    summary = _ended(under_way, qtbot)
    assert summary.refused == []
    assert _values(empty.document) == [0.1, 0.2]


def test_that_a_direction_said_once_is_recalled_for_later_files(empty, qtbot, tmp_path):
    open_ = "Task,Model,Metric,Value,N\n{0},acme,wobble,0.2,10\n"
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(open_.format("one"), encoding="utf-8")
    second.write_text(open_.format("two"), encoding="utf-8")
    document = empty.document
    assert _ended(errands.import_files(document, [first]), qtbot).questions
    assert len(polarity_questions(document.inputs)) == 1
    (evaluation,) = document.inputs.rows(Evaluation)
    assert document.edit(set_values(evaluation, polarity="lower"), "Say")
    _ended(errands.import_files(document, [second]), qtbot)
    assert polarity_questions(document.inputs) == ()
    assert {row.polarity for row in document.inputs.rows(Evaluation)} == {"lower"}


def test_that_closing_the_project_ends_an_import_quietly(empty, qtbot, folder):
    errands.import_files(empty.document, [folder])
    empty.close_project()
    qtbot.waitUntil(lambda: not empty.pool.busy(), timeout=20_000)
    assert empty.document is None


def test_that_a_mapping_is_saved_to_a_file_and_read_again(qtbot, tmp_path):
    path, kept = tmp_path / "week.csv", tmp_path / "week.map.json"
    path.write_text(UNKNOWN, encoding="utf-8")
    asked = MappingDialog(path, "Why.", beginnings(path))
    qtbot.addWidget(asked)
    kept.write_text(json.dumps({"columns": {"task": "Suite", "model": "Arm", "value": "Share"}}), encoding="utf-8")
    asked.load(kept)
    asked.save(kept)
    results = read(path, mapping=Mapping.from_file(kept)).results
    assert [(result.task, result.value) for result in results] == [("Cyber", 0.93), ("Bio", 0.5)]

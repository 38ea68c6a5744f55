"""Status, owner, dates, notes and effort back from a workbook, by the command line."""

import shutil
from pathlib import Path

import pytest

from launchpad.cli import workbook
from launchpad.export.schemas import schema
from launchpad.project import Project
from launchpad.records import Mitigation
from tests.returned import SHEETS, added, exported, filled, project_with_plan, slim, standing

WORKPLAN, POLICY, SAFETY = SHEETS
FULL, LITE = "M-01.full", "M-02.lite"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template")
    with project_with_plan(folder) as made:
        slim(exported(made, folder / "w.xlsx"))
    return folder


@pytest.fixture
def project(template, launchpad):
    return shutil.copy(template / "p.launchpad", launchpad.project)


@pytest.fixture
def book(template, tmp_path):
    return shutil.copy(template / "w.xlsx", tmp_path / "w.xlsx")


def test_that_without_a_yes_the_changes_are_listed_and_nothing_is_written(launchpad, project, book):
    back = str(filled(book, (WORKPLAN, LITE, "Status", "Done")))
    before = Path(project).read_bytes()
    code, out, _ = launchpad("update", project, back)
    assert code == 1
    assert "Done" in out
    assert "Nothing was written. Give --yes" in out
    answer = launchpad.json("update", project, back, code=1)
    assert (answer["written"], len(answer["changes"])) == (False, 1)
    assert Path(project).read_bytes() == before


def test_that_a_yes_writes_one_edit_that_names_the_file(launchpad, project, book):
    def more(opened):
        added(opened, POLICY, What_is_done="Ask the press office", Effort=3, Status="Planned")

    back = str(filled(book, (WORKPLAN, LITE, "Status", "Done"), (SAFETY, LITE, "Notes", "went well"), also=more))
    answer = launchpad.json("update", project, back, "--yes", "--reason", "weekly", "--author", "P-01")
    assert answer["written"] is True
    assert answer["launch"] == "L-1"
    assert [(one["record"], one["field"], one["workbook"]) for one in answer["changes"]] == [
        (LITE, "Status", "Done"),
        (LITE, "Note", "went well"),
    ]
    assert answer["new"] == [
        {
            "mitigation": "M-04",
            "variant": "M-04.std",
            "name": "Ask the press office",
            "values": {"status": "Planned"},
            "effort": [{"team": "T-POL", "days": 3.0}],
            "where": [f"{POLICY}, row 6"],
        }
    ]
    with Project.open(project) as held:
        assert standing(held, LITE).status == "done"
        edit = held.journal()[-1][1]
        assert (edit.label, edit.reason, edit.author) == ("Update from w-back.xlsx", "weekly", "P-01")
        held.revert(edit.uuid)
        held.refresh()
        assert standing(held, LITE) is None
        assert len(held.inputs.rows(Mitigation)) == 3
    again = launchpad.json("update", project, str(book))
    assert (again["changes"], again["new"], again["written"]) == ([], [], False)


def test_that_the_answer_is_as_its_published_schema_says(launchpad, project, book):
    def more(opened):
        added(opened, POLICY, What_is_done="Ask the press office", Effort=3, Status="Planned")

    launchpad.json("set", project, "standing", FULL, "note=ours")
    typed = ((WORKPLAN, FULL, "Notes", "theirs"), (WORKPLAN, LITE, "Status", "Done"), (WORKPLAN, LITE, "Remaining", -1))
    answer = launchpad.json("update", project, str(filled(book, *typed, also=more)), code=1)
    assert all(answer[part] for part in ("changes", "conflicts", "new", "refused"))
    published = schema("update")["$defs"]
    rows = {"UpdatedValue": "changes", "NewWorkRow": "new", "RefusedCell": "refused"}
    assert set(answer) == set(published["Updated"]["required"])
    for name, part in rows.items():
        assert set(answer[part][0]) == set(published[name]["required"])


def test_that_conflicts_and_refused_cells_stay_unwritten_with_exit_code_1(launchpad, project, book):
    launchpad.json("set", project, "standing", FULL, "note=ours")
    back = str(
        filled(
            book,
            (WORKPLAN, FULL, "Notes", "theirs"),
            (WORKPLAN, FULL, "Status", "Done"),
            (WORKPLAN, LITE, "Remaining", -1),
        )
    )
    code, out, _ = launchpad("update", project, back, "--yes")
    assert code == 1
    for words in (
        "Conflicts (1)",
        "ours",
        "theirs",
        "Not taken (1)",
        "at least 0",
        "Wrote 1 change",
        "1 conflict left",
    ):
        assert words in out
    with Project.open(project) as held:
        found = standing(held, FULL)
        assert (found.note, found.status) == ("ours", "done")


def test_that_an_untouched_workbook_is_said_to_hold_nothing_new_with_exit_code_0(launchpad, project, book):
    code, out, _ = launchpad("update", project, str(book), "--yes")
    assert code == 0
    assert "says nothing" in out


@pytest.mark.parametrize(("answer", "code", "status"), [(True, 0, "done"), (False, 1, None)])
def test_that_a_person_at_a_terminal_is_asked_after_the_list(
    launchpad, project, book, monkeypatch, answer, code, status
):
    asked = []

    def confirm(words):
        asked.append(words)
        return answer

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(workbook.click, "confirm", confirm)
    back = str(filled(book, (WORKPLAN, LITE, "Status", "Done")))
    assert launchpad("update", project, back)[0] == code
    assert asked == ["Write 1 change?"]
    with Project.open(project) as held:
        found = standing(held, LITE)
        assert (found and found.status) == status


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Code;Status\nM-01;Done\n", "is no .xlsx workbook"),
        (b"PK\x03\x04" + b"\0" * 40, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .xls format"),
        (None, "There is no file"),
    ],
)
def test_that_a_file_that_is_no_workbook_is_refused_with_a_sentence(launchpad, project, tmp_path, content, words):
    path = tmp_path / "other.xlsx"
    if content is not None:
        path.write_bytes(content)
    before = Path(project).read_bytes()
    code, out, err = launchpad("update", project, str(path), "--yes")
    assert (code, out) == (3, "")
    assert words in err
    assert "Traceback" not in err
    assert Path(project).read_bytes() == before
    answer = launchpad.json("update", project, str(path), code=3)
    assert answer["error"]["kind"] == "import_refused"


def test_that_the_workbook_of_another_launch_than_the_one_asked_for_is_refused(launchpad, project, book):
    code, _, err = launchpad("update", project, str(book), "--launch", "L-7")
    assert code == 3
    assert "of launch L-1, not of L-7" in err

"""A copy to send, by the command line."""

import sqlite3
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner

from launchpad.cli.copy import copy_command
from launchpad.project import Project
from launchpad.records import EvalResult

REPORT = Path(__file__).parent.parent / "intake" / "files" / "garak/new.report.jsonl"


def test_that_a_copy_is_valid_and_keeps_samples_unless_told_otherwise(launchpad, project):
    launchpad.json("import", project, str(REPORT), "--keep-samples")
    before = Path(project).read_bytes()
    with_text, without = str(launchpad.folder / "with.launchpad"), str(launchpad.folder / "without.launchpad")
    answer = launchpad.json("copy", project, with_text)
    assert (answer["samples"], answer["removed"], answer["findings"]) == ("kept", {"sample_text": 0, "unused": 0}, [])
    bare = launchpad.json("copy", project, without, "--without-samples")
    assert (bare["samples"], bare["removed"]["sample_text"], bare["replaced"]) == ("left out", 1, False)
    assert bare["bytes"] == Path(without).stat().st_size
    assert Path(project).read_bytes() == before
    for path, kept in ((with_text, True), (without, False)):
        checked = launchpad.json("check", path, "--head", answer["head"])
        assert (checked["intact"], checked["head"]) == (True, answer["head"])
        with Project.open(path, read_only=True) as copy:
            row = copy.inputs.rows(EvalResult)[0]
            assert (copy.sample_texts(row) is not None) is kept
            assert copy.content(row.outcomes or "") is not None


def test_that_a_copy_says_what_it_did_in_words(launchpad, project):
    out = str(launchpad.folder / "out.launchpad")
    assert launchpad("copy", project, out)[1].startswith("Wrote ")
    code, said, _ = launchpad("copy", project, out, "--without-samples")
    assert code == 0
    assert said.startswith("Replaced ")
    assert "outcomes" in said


def test_that_a_copy_over_anything_else_is_refused(launchpad, project):
    code, _, err = launchpad("copy", project, project)
    assert code == 3
    assert "is the project itself" in err
    notes = launchpad.folder / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    code, _, err = launchpad("copy", project, str(notes))
    assert (code, notes.read_text(encoding="utf-8")) == (3, "mine")
    assert launchpad("copy", project, str(launchpad.folder / "nowhere" / "x.launchpad"))[0] == 3
    assert launchpad("copy", str(launchpad.folder / "none.launchpad"), str(launchpad.folder / "y"))[0] == 3
    assert launchpad.json("copy", project, project, code=3)["error"]["kind"] == "project_file"


def test_that_a_damaged_project_is_copied_with_a_warning(launchpad, project):
    with closing(sqlite3.connect(project)) as raw:
        raw.execute("UPDATE scenario SET name = 'changed'")
        raw.commit()
    answer = launchpad.json("copy", project, str(launchpad.folder / "out.launchpad"), code=1)
    assert "was changed without an edit" in answer["findings"][0]["message"]


def test_that_help_says_what_stays():
    said = " ".join(CliRunner().invoke(copy_command, ["--help"]).output.split())
    assert "Per-sample outcomes do" in said

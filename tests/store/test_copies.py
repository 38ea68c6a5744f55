"""A clean copy to give away: valid, whole or not there, and without what it must not carry."""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from launchpad.changes import delete, edit, insert, update
from launchpad.edits.evidence import pack_outcomes, pack_texts
from launchpad.errors import ProjectFileError
from launchpad.records import EvalResult, Evaluation, Person
from launchpad.records.imported import Outcomes, SampleTexts
from launchpad.store import ProjectFile

TEXT = pack_texts(SampleTexts(("a",), (1,), ("canary-77aa " * 30,), ("canary-77aa",)))
OUTCOMES = pack_outcomes(Outcomes(("a",), (1,), (None,), (None,), (1.0,), ("scored",)))
NAME = b"Somebody Unlikely"
HASH = {block: hashlib.sha256(block).hexdigest() for block in (TEXT, OUTCOMES, NAME)}
EVALUATION = Evaluation(id=30, code="EV-001", name="t", harness="inspect", task="t", metric="acc")
RESULT = EvalResult(
    id=40,
    code="E-0001",
    evaluation=30,
    model="m",
    status="complete",
    harness="inspect",
    texts=HASH[TEXT],
    outcomes=HASH[OUTCOMES],
)
PERSON = Person(id=50, code="P-001", name=HASH[NAME])


@pytest.fixture
def full(file):
    """A file with sample text, outcomes, and the name of somebody who was removed again."""
    content = {HASH[block]: block for block in (TEXT, OUTCOMES, NAME)}
    file.write(edit(map(insert, (EVALUATION, RESULT, PERSON)), "Add", author="ann"), content)
    file.write(edit([delete(PERSON)], "Remove", author="ann"))
    return file


def test_that_a_copy_has_every_row_and_the_whole_history(full, tmp_path):
    out = tmp_path / "copy.launchpad"
    copied = full.copy(out)
    with ProjectFile.open(out, read_only=True) as copy:
        assert copy.inputs() == full.inputs()
        assert copy.journal() == full.journal()
        assert copy.check(full.inputs().head) == []
        assert copy.content(HASH[TEXT]) == TEXT
    assert (copied.head, copied.size, copied.findings) == (full.inputs().head, out.stat().st_size, ())
    assert (copied.texts, copied.unused, copied.replaced) == (0, 1, False)


def test_that_nothing_that_was_removed_goes_along(full, tmp_path):
    assert NAME in full.path.read_bytes()
    full.copy(tmp_path / "copy.launchpad")
    assert NAME not in (tmp_path / "copy.launchpad").read_bytes()
    assert NAME in full.path.read_bytes()


def test_that_a_copy_without_samples_has_outcomes_but_not_a_byte_of_text_and_stays_valid(full, tmp_path):
    out = tmp_path / "copy.launchpad"
    assert full.copy(out, without_samples=True).texts == 1
    held = out.read_bytes()
    assert TEXT[10:40] in full.path.read_bytes()
    assert TEXT[10:40] not in held
    assert b"canary" not in held
    with ProjectFile.open(out, read_only=True) as copy:
        assert (copy.content(HASH[TEXT]), copy.content(HASH[OUTCOMES])) == (None, OUTCOMES)
        assert copy.inputs().rows(EvalResult)[0].texts == HASH[TEXT]
        assert copy.inputs().head == full.inputs().head
        assert copy.check(full.inputs().head) == []
    assert full.content(HASH[TEXT]) == TEXT


def test_that_text_left_out_was_never_on_the_disk(full, tmp_path, monkeypatch):
    seen: list[bytes] = []
    link = os.link

    def watched(one, other):
        seen.append(Path(one).read_bytes())
        link(one, other)

    monkeypatch.setattr(os, "link", watched)
    out = tmp_path / "new" / "copy.launchpad"
    out.parent.mkdir()
    full.copy(out, without_samples=True)
    assert len(seen) == 1
    assert TEXT[10:40] not in seen[0]
    assert [found.name for found in out.parent.iterdir()] == ["copy.launchpad"]


def test_that_an_older_copy_is_replaced_and_anything_else_is_left(full, tmp_path):
    out = tmp_path / "copy.launchpad"
    full.copy(out)
    full.write(edit([update(RESULT, note="later")], "Note", author="ann"))
    assert full.copy(out).replaced
    with ProjectFile.open(out) as copy:
        assert copy.inputs().head == full.inputs().head
        copy.write(edit([update(replace(RESULT, note="later"), note="theirs")], "Note", author="bob"))
    theirs = out.read_bytes()
    with pytest.raises(ProjectFileError, match="is there already"):
        full.copy(out)
    assert out.read_bytes() == theirs
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    with pytest.raises(ProjectFileError, match="is there already"):
        full.copy(other)
    assert other.read_text() == "mine"
    another = tmp_path / "another.launchpad"
    ProjectFile.create(another, name="Another", author="ann").close()
    with pytest.raises(ProjectFileError, match="is there already"):
        full.copy(another)


@pytest.mark.parametrize("how", ["itself", "link", "hard link"])
def test_that_a_project_is_never_copied_over_itself(full, tmp_path, how):
    out = tmp_path / "elsewhere.launchpad"
    if how == "itself":
        out = full.path
    elif how == "link":
        out.symlink_to(full.path)
    else:
        os.link(full.path, out)
    before = full.path.read_bytes()
    with pytest.raises(ProjectFileError, match="is the project itself"):
        full.copy(out)
    assert full.path.read_bytes() == before


def test_that_a_copy_into_nowhere_leaves_nothing(full, tmp_path):
    with pytest.raises(ProjectFileError, match="Check that the folder exists"):
        full.copy(tmp_path / "nowhere" / "copy.launchpad")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(ProjectFileError, match="is there already"):
        full.copy(folder)
    assert list(folder.iterdir()) == []


def test_that_a_file_of_an_earlier_version_is_copied_as_the_newest(tmp_path):
    released = Path(__file__).parent.parent / "released" / "schema-1.launchpad"
    earlier = tmp_path / "earlier.launchpad"
    shutil.copyfile(released, earlier)
    with ProjectFile.open(earlier, read_only=True) as file:
        copied = file.copy(tmp_path / "copy.launchpad")
        with ProjectFile.open(tmp_path / "copy.launchpad", read_only=True) as copy:
            assert copy.inputs().tables == file.inputs().tables
            assert copy.check(copied.head) == []
    assert earlier.read_bytes() == released.read_bytes()


def test_that_damage_is_copied_and_told_of(full, path, tmp_path):
    full.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE eval_result SET model = 'another'")
        raw.commit()
    with ProjectFile.open(path, read_only=True) as damaged:
        copied = damaged.copy(tmp_path / "copy.launchpad")
    assert "was changed without an edit" in copied.findings[0].message

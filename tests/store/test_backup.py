import os
import shutil
import time
from pathlib import Path

import pytest

from launchpad.changes import edit, insert, new_id
from launchpad.errors import ProjectFileError
from launchpad.records import ProjectInfo, Team
from launchpad.store import ProjectFile, backup


def team() -> Team:
    return Team(id=new_id(), code="T-1", name="Red team")


def write(file: ProjectFile) -> Team:
    made = team()
    file.write(edit([insert(made)], "Add", author="ann"))
    return made


@pytest.fixture
def own(tmp_path) -> Path:
    """A project of its own, so that its copies are its own too."""
    path = tmp_path / "own.launchpad"
    ProjectFile.create(path, name="Own", author="ann").close()
    return path


def copies(path: Path) -> list[Path]:
    with ProjectFile.open(path, read_only=True) as file:
        uuid = file.inputs().rows(ProjectInfo)[0].uuid
    folder = backup.folder_for(path, uuid)
    return sorted(folder.iterdir()) if folder.exists() else []


def test_that_the_state_before_the_first_write_is_kept_once(own):
    with ProjectFile.open(own) as file:
        assert copies(own) == []
        write(file)
        write(file)
    (copy,) = copies(own)
    with ProjectFile.open(copy, read_only=True) as kept:
        assert kept.inputs().rows(Team) == ()
        assert kept.check() == []


def test_that_opening_again_within_half_an_hour_keeps_no_second_copy(own):
    for _ in range(2):
        with ProjectFile.open(own) as file:
            write(file)
    assert len(copies(own)) == 1


def test_that_opening_again_later_keeps_another_and_only_ten_stay(own):
    for n in range(12):
        with ProjectFile.open(own) as file:
            write(file)
        for copy in copies(own):
            earlier = copy.stat().st_mtime - 31 * 60
            os.utime(copy, (earlier, earlier))
        assert len(copies(own)) == min(n + 1, backup.KEPT)
    with ProjectFile.open(copies(own)[0], read_only=True) as oldest:
        assert len(oldest.inputs().rows(Team)) == 2


def test_that_reading_keeps_no_copy(own):
    with ProjectFile.open(own, read_only=True) as file:
        file.inputs()
    with ProjectFile.open(own) as file:
        file.inputs()
    assert copies(own) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file modes")
def test_that_copies_are_for_their_owner_alone(own):
    with ProjectFile.open(own) as file:
        write(file)
    (copy,) = copies(own)
    assert copy.stat().st_mode & 0o077 == 0
    assert copy.parent.stat().st_mode & 0o077 == 0


def test_that_a_copy_that_cannot_be_kept_stops_no_write_and_is_told_once(own, monkeypatch, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder would be")
    monkeypatch.setattr(backup, "folder_for", lambda *_: blocked / "backups")
    with ProjectFile.open(own) as file:
        made = write(file)
        write(file)
        assert [notice.part for notice in file.notices()] == ["backup"]
        assert file.notices() == []
        assert made in file.inputs().rows(Team)


def test_that_an_identity_that_is_none_cannot_lead_the_copies_elsewhere(own):
    inside = backup.folder_for(own, "7c1b7a1e-9f43-4c7e-8a57-0d8b7a2f6a11").parent
    for uuid in ("../../elsewhere", "/etc", "", None):
        assert backup.folder_for(own, uuid).parent == inside


def test_that_a_locked_file_is_not_waited_for_without_end(own, monkeypatch):
    monkeypatch.setattr("launchpad.store.engine.BUSY_SECONDS", 0.1)
    with ProjectFile.open(own) as writer, ProjectFile.open(own) as reader, writer._engine.connect() as connection:
        connection.connection.driver_connection.execute("BEGIN EXCLUSIVE")
        start = time.monotonic()
        with pytest.raises(ProjectFileError, match="written by another program"):
            reader.check()
        assert time.monotonic() - start < 60


def test_that_two_projects_of_one_identity_keep_their_copies_together(own, tmp_path):
    shutil.copyfile(own, tmp_path / "copy.launchpad")
    for path in (own, tmp_path / "copy.launchpad"):
        with ProjectFile.open(path) as file:
            write(file)
    assert len(copies(own)) == 1

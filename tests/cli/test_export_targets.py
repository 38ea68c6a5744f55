"""Exports that cannot be written: a sentence with the file and a way out, the old file intact, nothing beside it."""

import errno
import os
import tempfile
from pathlib import Path

import pytest

OLD = b"yesterday's file"
ENDINGS = ("xlsx", "json", "csv")


@pytest.fixture
def folder(launchpad):
    made = launchpad.folder / "out"
    made.mkdir()
    return made


def refused(launchpad, project, target: Path) -> str:
    """The one line an export to this target is refused with."""
    code, out, err = launchpad("export", project, str(target))
    assert (code, out) == (3, "")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("ending", ENDINGS)
def test_that_a_full_disk_leaves_the_old_file(launchpad, project, folder, monkeypatch, ending):
    target = folder / f"plan.{ending}"
    target.write_bytes(OLD)

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        said = refused(launchpad, project, target)
    assert "the disk is full" in said
    assert "Free some space" in said
    assert target.read_bytes() == OLD
    assert [entry.name for entry in folder.iterdir()] == [target.name]


def test_that_a_full_temporary_folder_is_named_and_the_old_file_kept(launchpad, project, folder, monkeypatch):
    target = folder / "plan.xlsx"
    target.write_bytes(OLD)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("launchpad.export.workbook.workbook", full)
        said = refused(launchpad, project, target)
    assert "No space left" in said
    assert tempfile.gettempdir() in said
    assert target.read_bytes() == OLD


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/plan.{0}", "does not exist"),
        ("n" * 300 + ".{0}", "name is too long"),
        ("folder.{0}", "is a folder"),
        ("shut.{0}", "marked read-only"),
        ("open.{0}", "open in another program"),
    ],
)
def test_that_a_target_that_cannot_be_is_named_with_a_way_out(launchpad, project, folder, name, words, ending):
    (folder / f"folder.{ending}").mkdir()
    for held in ("shut", "open"):
        (folder / f"{held}.{ending}").write_bytes(OLD)
    (folder / f"shut.{ending}").chmod(0o444)
    (folder / f".~lock.open.{ending}#").write_bytes(b"")
    before = sorted(folder.iterdir())
    target = folder / name.format(ending)
    said = refused(launchpad, project, target)
    assert words in said
    assert target.name[:40] in said
    assert sorted(folder.iterdir()) == before
    assert all((folder / f"{held}.{ending}").read_bytes() == OLD for held in ("shut", "open"))


def test_that_an_ending_of_no_format_is_refused(launchpad, project, folder):
    assert "no format of an export" in refused(launchpad, project, folder / "plan.exe")

"""The disk fills up, or a write fails: the old state or the new one, never a third, and a sentence."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launchpad.changes import edit, insert, new_id
from launchpad.errors import ProjectFileError
from launchpad.records import Team
from launchpad.store import ProjectFile, repair

SAYS = r"new\.launchpad.*(disk is full|No space left|reported an error)"
TEAM = Team(id=new_id(), code="T-1", name="Red team")
LARGE = os.urandom(3_000_000)
CONTENT = {hashlib.sha256(LARGE).hexdigest(): LARGE}
LIMITED = """
import hashlib, os, resource, sys
from pathlib import Path
from launchpad.changes import edit, insert, new_id
from launchpad.errors import ProjectFileError
from launchpad.records import Team
from launchpad.store import ProjectFile

path = Path(sys.argv[1])
with ProjectFile.open(path) as file:
    file.write(edit([], "Before", author="ann"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20_000,) * 2)
    block = os.urandom(3_000_000)
    try:
        change = insert(Team(id=new_id(), code="T-1", name="Red team"))
        file.write(edit([change], "Too much", author="ann"), {hashlib.sha256(block).hexdigest(): block})
    except ProjectFileError as error:
        print(error.message)
    assert file.inputs().rows(Team) == ()
"""


def too_much(file: ProjectFile) -> None:
    file.write(edit([insert(TEAM)], "Too much", author="ann"), CONTENT)


def intact(file: ProjectFile, edits: int) -> bool:
    return file.inputs().rows(Team) == () and len(file.journal()) == edits and file.check() == []


def test_that_a_full_database_takes_nothing_of_the_edit(file, path):
    before = path.read_bytes()
    with file._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
    with pytest.raises(ProjectFileError, match=r"the disk is full.*Make room"):
        too_much(file)
    assert intact(file, 1)
    assert path.read_bytes() == before
    with file._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    too_much(file)
    assert file.inputs().rows(Team) == (TEAM,)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits on file size")
def test_that_a_write_the_system_refuses_half_way_takes_nothing_of_the_edit(path):
    run = subprocess.run([sys.executable, "-c", LIMITED, path], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "the disk or network reported an error" in run.stdout
    with ProjectFile.open(path) as file:
        assert intact(file, 2)
        too_much(file)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of two megabytes, where the system lets this process mount one."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root on Linux can mount a small disk")
    folder = Path(tempfile.mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("this system lets nobody mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


def fill(folder: Path, leave: int) -> None:
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    (folder / "filler").write_bytes(bytes(max(0, free - leave)))


def test_that_a_full_disk_takes_nothing_of_the_edit(blank, small_disk):
    path = small_disk / "project.launchpad"
    shutil.copyfile(blank, path)
    with ProjectFile.open(path) as file:
        for leave in (0, 8_000, 200_000):
            (small_disk / "filler").unlink(missing_ok=True)
            fill(small_disk, leave)
            with pytest.raises(ProjectFileError, match=r"full|reported an error|does not allow writing") as caught:
                too_much(file)
            assert "Nothing was changed" in caught.value.hint
        (small_disk / "filler").unlink()
        assert intact(file, 1)
    assert {found.name for found in small_disk.iterdir()} == {path.name}


@pytest.mark.parametrize("leave", [0, 100_000])
def test_that_a_full_disk_leaves_no_half_made_file(blank, small_disk, leave, tmp_path):
    fill(small_disk, leave)
    new = small_disk / "new.launchpad"
    whole = tmp_path / "whole.launchpad"
    shutil.copyfile(blank, whole)
    with ProjectFile.open(whole) as file:
        with pytest.raises(ProjectFileError, match=SAYS):
            ProjectFile.create(new, name="New", author="ann")
        with pytest.raises(ProjectFileError, match=SAYS):
            file.snapshot(new)
        with pytest.raises(ProjectFileError, match=SAYS):
            repair(whole, new)
    assert {found.name for found in small_disk.iterdir()} == {"filler"}

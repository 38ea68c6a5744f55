import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from launchpad.changes import edit, insert, new_id, update
from launchpad.errors import ProjectFileError
from launchpad.records import RECORDS, Person, ProjectInfo, Team
from launchpad.store import ProjectFile, engine, schema
from launchpad.store.engine import address

TEAM = Team(id=new_id(), code="T-1", name="Safety")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def patched(path: Path, at: int, value: bytes) -> Path:
    whole = bytearray(path.read_bytes())
    whole[at : at + len(value)] = value
    path.write_bytes(whole)
    return path


def test_that_a_new_file_holds_its_name_and_nothing_else_is_left_beside_it(tmp_path):
    path = tmp_path / "new.launchpad"
    with ProjectFile.create(path, name="Spring", author="ann", records=[TEAM]) as file:
        inputs = file.inputs()
    assert [info.name for info in inputs.rows(ProjectInfo)] == ["Spring"]
    assert inputs.rows(Team) == (TEAM,)
    assert list(tmp_path.iterdir()) == [path]
    assert set(inputs.tables) == {record.table for record in RECORDS}


@pytest.mark.parametrize("name", ["a b.launchpad", "100%.launchpad", "a?b#c.launchpad", "é 漢.launchpad", "a'b.db"])
def test_that_any_file_name_does(tmp_path, name):
    if sys.platform == "win32" and "?" in name:
        pytest.skip("Windows allows no question mark in a name")
    path = tmp_path / name
    ProjectFile.create(path, name="x", author="ann").close()
    with ProjectFile.open(path) as file:
        file.write(edit([insert(TEAM)], "Team", author="ann"))
    with ProjectFile.open(path, read_only=True) as file:
        assert file.inputs().rows(Team) == (TEAM,)
    assert [found.name for found in tmp_path.iterdir()] == [name]


def test_that_a_file_that_is_there_is_never_overwritten(tmp_path, file):
    taken = tmp_path / "taken.txt"
    taken.write_text("mine")
    with pytest.raises(ProjectFileError, match="is there already"):
        ProjectFile.create(taken, name="x", author="ann")
    with pytest.raises(ProjectFileError, match="is there already"):
        file.snapshot(taken)
    assert taken.read_text() == "mine"
    assert {found.name for found in tmp_path.iterdir()} == {"taken.txt", "project.launchpad"}


def test_that_a_new_file_in_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(ProjectFileError, match=r"No such file or directory.*Check that the folder exists"):
        ProjectFile.create(tmp_path / "nowhere" / "x.launchpad", name="x", author="ann")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE addresses (name TEXT)")
        other.commit()


def wal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("UPDATE project SET name = 'x'")


BAD = {
    "missing": (Path.unlink, "There is no project file"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "a text": (lambda path: path.write_text("name,value\n" * 50), "is not a Launchpad project"),
    "a zip": (lambda path: path.write_bytes(b"PK\x03\x04" * 50), "is not a Launchpad project"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "is not an ordinary file|is a folder"),
    "of another program": (foreign, "is a database of another program"),
    "newer": (lambda path: patched(path, 60, (schema.newest() + 1).to_bytes(4, "big")), "by a newer version"),
    "of no schema": (lambda path: patched(path, 60, bytes(4)), "does not say which schema"),
    "write-ahead": (wal, "write-ahead logging"),
    "cut in its header": (lambda path: os.truncate(path, 50), "ends within its first 100 bytes"),
    "cut": (lambda path: os.truncate(path, path.stat().st_size // 2), "the rest is cut off"),
    "of a page size of 17": (lambda path: patched(path, 16, b"\0\x11"), "its header makes no sense"),
    "zeroed after its header": (lambda path: patched(path, 100, bytes(4096)), "is damaged|cannot be used"),
}


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("kind", BAD)
def test_that_a_bad_file_is_refused_by_name_and_left_as_it_is(path, kind, read_only):
    spoil, says = BAD[kind]
    spoil(path)
    before = sha256(path) if path.is_file() else None
    with pytest.raises(ProjectFileError, match=says) as caught:
        ProjectFile.open(path, read_only=read_only)
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert (sha256(path) if path.is_file() else None) == before
    assert not Path(f"{path}-journal").exists()


def test_that_reading_writes_nothing_anywhere(path, file):
    file.close()
    before, folder = sha256(path), sorted(path.parent.iterdir())
    with ProjectFile.open(path, read_only=True) as opened:
        opened.inputs()
        opened.journal()
        assert opened.check() == []
        with pytest.raises(ProjectFileError, match="open for reading only"):
            opened.write(edit([insert(TEAM)], "Team", author="ann"))
    assert (sha256(path), sorted(path.parent.iterdir())) == (before, folder)


def test_that_a_file_open_here_is_not_opened_a_second_time_to_look_at_it(path, file):
    # Closing that second handle would drop SQLite's lock: another process would then get in between.
    with engine.writing(file._engine) as connection:
        connection.exec_driver_sql("UPDATE project SET name = 'locked'")
        with ProjectFile.open(path, read_only=True) as second:
            assert second.inputs().rows(ProjectInfo)[0].name == "Blank"
        code = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
        assert "locked" in _error_of(code, path)


def _error_of(code: str, path: Path) -> str:
    return subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False).stderr


def test_that_a_locked_file_is_refused_after_the_wait_and_nothing_is_written(path, file, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    with (
        ProjectFile.open(path) as impatient,
        engine.writing(file._engine),
        pytest.raises(ProjectFileError, match=r"written by another program.*Try again"),
    ):
        impatient.write(edit([insert(TEAM)], "Team", author="ann"))
    assert file.inputs().rows(Team) == ()


def test_that_a_commit_that_waits_too_long_for_a_reader_is_taken_back(path, file, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    with ProjectFile.open(path) as impatient:
        with engine.reading(file._engine) as reader:
            reader.exec_driver_sql("SELECT * FROM team").all()
            with pytest.raises(ProjectFileError, match="written by another program"):
                impatient.write(edit([insert(TEAM)], "Team", author="ann"))
        assert impatient.inputs().rows(Team) == ()
        impatient.write(edit([insert(TEAM)], "Team", author="ann"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be removed")
@pytest.mark.parametrize("how", ["removed", "moved", "replaced"])
def test_that_a_file_that_vanished_while_open_is_said_to_have(path, file, how):
    file.inputs()
    other = path.with_name("other.launchpad")
    shutil.copyfile(path, other)
    if how == "replaced":
        other.replace(path)
    else:
        path.replace(path.with_name("moved.launchpad")) if how == "moved" else path.unlink()
    with pytest.raises(ProjectFileError, match="moved, deleted or replaced while it was open"):
        file.write(edit([insert(TEAM)], "Team", author="ann"))


@contextmanager
def powerless() -> Iterator[None]:
    """Without the rights of root, whom no file mode stops."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder anybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o555), (0o666, 0o555), (0o444, 0o777)])
def test_that_what_may_not_be_written_can_be_read_and_says_so(blank, open_folder, file_mode, folder_mode):
    path = open_folder / "project.launchpad"
    shutil.copyfile(blank, path)
    before = sha256(path)
    path.chmod(file_mode)
    open_folder.chmod(folder_mode)
    with powerless(), ProjectFile.open(path) as file:
        assert file.inputs().rows(ProjectInfo)[0].name == "Blank"
        with pytest.raises(ProjectFileError, match=r"read-only|does not allow writing"):
            file.write(edit([insert(TEAM)], "Team", author="ann"))
        assert file.inputs().rows(Team) == ()
    assert sha256(path) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
def test_that_nothing_is_made_where_nothing_may_be_written(open_folder):
    open_folder.chmod(0o555)
    with powerless(), pytest.raises(ProjectFileError, match="Check that you may write there"):
        ProjectFile.create(open_folder / "new.launchpad", name="x", author="ann")
    assert list(open_folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
def test_that_a_file_that_may_not_be_read_is_refused(blank, open_folder):
    path = open_folder / "project.launchpad"
    shutil.copyfile(blank, path)
    path.chmod(0o000)
    with powerless(), pytest.raises(ProjectFileError, match=r"cannot be opened: Permission denied"):
        ProjectFile.open(path)


def test_that_an_extra_trigger_stops_every_write_and_is_named(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER flip AFTER INSERT ON team BEGIN UPDATE team SET name = 'flipped'; END")
    with ProjectFile.open(path) as file:
        with pytest.raises(ProjectFileError, match="trigger flip"):
            file.write(edit([insert(TEAM)], "Team", author="ann"))
        assert file.inputs().rows(Team) == ()
        assert [finding.part for finding in file.check()] == ["schema"]


def test_that_a_trigger_added_while_the_file_is_open_is_noticed_too(path, file):
    file.write(edit([insert(TEAM)], "Team", author="ann"))
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER flip AFTER UPDATE ON team BEGIN UPDATE team SET name = 'flipped'; END")
    with pytest.raises(ProjectFileError, match="trigger flip"):
        file.write(edit([update(TEAM, name="x")], "Team", author="ann"))


def test_that_a_value_of_another_type_is_refused_on_reading(path, file):
    file.write(edit([insert(TEAM)], "Team", author="ann"))
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE team SET name = x'00ff'")
        other.commit()
    with pytest.raises(ProjectFileError, match="Teams hold something that is not text in Name"):
        file.inputs()
    assert [(found.part, found.table, found.field) for found in file.check()] == [("rows", "team", "name")]


def test_that_texts_kept_in_content_come_with_the_inputs(file):
    name = "Ann Example"
    key = hashlib.sha256(name.encode()).hexdigest()
    ann = Person(id=new_id(), code="ann", name=key)
    file.write(edit([insert(ann)], "Person", author="ann"), {key: name.encode()})
    inputs = file.inputs()
    assert inputs.text(inputs.find(Person, "ann").name) == name
    assert all(name not in str(made) for _, made in file.journal())


def test_that_rows_come_in_the_order_of_their_addresses(file):
    teams = [Team(id=new_id(), code=code, name="x") for code in ("B", "A", "C")]
    file.write(edit(map(insert, teams), "Teams", author="ann"))
    assert [team.code for team in file.inputs().rows(Team)] == ["A", "B", "C"]


def test_that_a_snapshot_holds_the_same_and_nothing_that_was_removed(path, file, tmp_path):
    secret = "a name to be forgotten " * 50
    file.write(edit([insert(Team(id=TEAM.id, code="T", name="T"))], "Team", author="ann"))
    key = hashlib.sha256(secret.encode()).hexdigest()
    file.write(edit([], "Content", author="ann"), {key: secret.encode()})
    with engine.writing(file._engine) as connection:
        connection.exec_driver_sql("DELETE FROM content")
    copy = tmp_path / "copy.launchpad"
    file.snapshot(copy)
    with ProjectFile.open(copy) as opened:
        assert opened.inputs() == file.inputs()
        assert opened.check() == []
    for left in (copy, path):
        assert secret[:40].encode() not in left.read_bytes()


def test_that_a_link_to_a_file_is_the_file(path, file, tmp_path):
    link = tmp_path / "link.launchpad"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("no symbolic links here")
    with ProjectFile.open(link) as second:
        second.write(edit([insert(TEAM)], "Team", author="ann"))
    assert file.inputs().rows(Team) == (TEAM,)
    assert link.is_symlink()


def test_that_an_address_never_makes_a_file(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(address(tmp_path / "none.launchpad", "rw"), uri=True)
    assert list(tmp_path.iterdir()) == []

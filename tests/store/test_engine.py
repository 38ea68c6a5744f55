import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from launchpad.changes import edit, insert, new_id
from launchpad.errors import ProjectFileError
from launchpad.records import ProjectInfo, Team
from launchpad.store import ProjectFile
from launchpad.store.engine import connect, engine_for, plain_errors, reading, writing

CRASH = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size=1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE project SET name = 'half-written'")
for n in range(2000):
    connection.execute("INSERT INTO team VALUES (?, ?, 'x', '1')", (n + 1, "T" * 200))
os._exit(9)
"""


@pytest.fixture
def crashed(path) -> Path:
    """A file whose writer died in the middle of a large edit, part of which had reached the disk."""
    before = path.read_bytes()
    subprocess.run([sys.executable, "-c", CRASH, path], check=False)
    assert path.read_bytes() != before
    assert Path(f"{path}-journal").exists()
    return path


@pytest.mark.parametrize("read_only", [False, True])
def test_that_what_a_crash_left_half_written_is_taken_back_on_opening(crashed, read_only):
    with ProjectFile.open(crashed, read_only=read_only) as file:
        inputs = file.inputs()
        assert inputs.rows(ProjectInfo)[0].name == "Blank"
        assert inputs.rows(Team) == ()
        assert file.check() == []
    assert not Path(f"{crashed}-journal").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "delete"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("mmap_size", 0),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("busy_timeout", 10_000),
    ],
)
def test_that_every_connection_is_set_up_as_decided(file, name, value):
    with file._engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() == value


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python before 3.12 cannot reach these switches")
def test_that_triggers_and_views_are_off_and_the_schema_cannot_be_written(path):
    with closing(connect(path)) as connection:
        for name, on in (
            ("SQLITE_DBCONFIG_ENABLE_TRIGGER", False),
            ("SQLITE_DBCONFIG_ENABLE_VIEW", False),
            ("SQLITE_DBCONFIG_DEFENSIVE", True),
        ):
            assert connection.getconfig(getattr(sqlite3, name)) is on  # pyright: ignore[reportAttributeAccessIssue] - since 3.12


def test_that_a_write_locks_from_its_beginning_and_a_read_does_not(path):
    engine = engine_for(path)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        with reading(engine) as connection:
            connection.exec_driver_sql("SELECT 1 FROM team").all()
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        with writing(engine), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    engine.dispose()


def test_that_a_definition_is_rolled_back_like_anything_else(path):
    engine = engine_for(path)
    with suppress(ZeroDivisionError), writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE half (x INTEGER)")
        assert "half" in sa.inspect(connection).get_table_names()
        _ = 1 / 0
    with reading(engine) as connection:
        assert "half" not in sa.inspect(connection).get_table_names()
    engine.dispose()


def test_that_all_reads_of_one_transaction_are_of_one_moment(file, path, monkeypatch):
    monkeypatch.setattr("launchpad.store.engine.BUSY_SECONDS", 0.1)
    made = edit([insert(Team(id=new_id(), code="T", name="x"))], "Add", author="ann")
    with reading(file._engine) as connection, ProjectFile.open(path) as other:
        assert connection.exec_driver_sql("SELECT count(*) FROM team").scalar_one() == 0
        with pytest.raises(ProjectFileError, match="written by another program"):
            other.write(made)
        assert connection.exec_driver_sql("SELECT count(*) FROM team").scalar_one() == 0


def test_that_a_mistake_of_ours_is_not_told_as_one_of_the_file(path):
    with pytest.raises(sqlite3.ProgrammingError), plain_errors(path), closing(connect(path)) as connection:
        connection.execute("SELECT ?", ())
    with pytest.raises(KeyError), plain_errors(path):
        raise KeyError("x")
    told = ProjectFileError("said already")
    with pytest.raises(ProjectFileError) as caught, plain_errors(path):
        raise told
    assert caught.value is told


def test_that_a_file_can_be_closed_twice_and_opened_again(path, file):
    file.close()
    file.close()
    with ProjectFile.open(path) as again:
        again.write(edit([insert(Team(id=new_id(), code="T", name="x"))], "Add", author="ann"))
        assert len(again.inputs().rows(Team)) == 1

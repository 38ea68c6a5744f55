"""A file of an earlier schema is upgraded whole or not at all, and its history stays as it was."""

import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path

import pytest

from launchpad import paths
from launchpad.changes import edit, insert, new_id
from launchpad.records import Team
from launchpad.store import ProjectFile, schema
from launchpad.store.engine import connect, engine_for, writing

RELEASED = Path(__file__).resolve().parents[1] / "released"
NEXT = '''"""A later schema: one more table."""

import sqlalchemy as sa
from alembic import op

revision = "{number:04d}"
down_revision = "{before:04d}"


def upgrade() -> None:
    """Add it."""
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("note", sa.Text()))
'''


@pytest.fixture
def later(tmp_path, monkeypatch):
    """The program one schema on: its migrations with one more behind them."""
    folder = tmp_path / "migrations"
    shutil.copytree(paths.migrations(), folder)
    before = schema.newest()
    name = f"{before + 1:04d}_later.py"
    (folder / "versions" / name).write_text(NEXT.format(number=before + 1, before=before), encoding="utf-8")
    blank = connect(None, foreign_keys=False)
    with writing(engine_for(None, connection=blank, foreign_keys=False)) as connection:
        schema.migrate(connection, folder)
    with (folder / schema.FINGERPRINTS).open("a", encoding="utf-8") as lines:
        lines.write(schema.fingerprint(blank) + "\n")
    return lambda: monkeypatch.setattr(paths, "migrations", lambda: folder)


def number_of(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def filled(file):
    for name in ("Red", "Blue"):
        file.write(edit([insert(Team(id=new_id(), code=f"T-{name}", name=name))], "Add", author="ann"))


def test_that_an_earlier_file_is_upgraded_with_its_rows_and_history_and_the_old_one_is_kept(path, file, later):
    filled(file)
    before = [made for _, made in file.journal()]
    file.close()
    later()
    with ProjectFile.open(path) as upgraded:
        assert [row.name for row in upgraded.inputs().rows(Team)] == ["Blue", "Red"]
        made = [each for _, each in upgraded.journal()]
        assert made[: len(before)] == before
        assert made[-1].label == "Upgraded"
        assert upgraded.check() == []
        filled_again = edit([insert(Team(id=new_id(), code="T-9", name="New"))], "Add", author="ann")
        upgraded.write(filled_again)
        assert upgraded.check() == []
    assert number_of(path) == schema.newest()


def test_that_reading_an_earlier_file_leaves_it_as_it_is(path, file, later):
    filled(file)
    file.close()
    before = path.read_bytes()
    later()
    with ProjectFile.open(path, read_only=True) as opened:
        assert len(opened.inputs().rows(Team)) == 2
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork and no SIGKILL")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.15, 0.2])
def test_that_an_upgrade_killed_at_any_moment_leaves_the_old_file_or_the_new_one(path, file, later, delay):
    filled(file)
    file.close()
    old = number_of(path)
    later()
    child = os.fork()
    if child == 0:
        ProjectFile.open(path).close()
        os._exit(0)
    signal.sigtimedwait([signal.SIGCHLD], delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert number_of(path) in (old, old + 1)
    with ProjectFile.open(path) as opened:
        assert len(opened.inputs().rows(Team)) == 2
        assert opened.check() == []


def test_that_a_newer_file_is_refused_by_name(path, file, later, monkeypatch):
    file.close()
    now = paths.migrations
    later()
    ProjectFile.open(path).close()
    monkeypatch.setattr(paths, "migrations", now)
    with pytest.raises(Exception, match=r"project\.launchpad.*newer"):
        ProjectFile.open(path)


@pytest.mark.parametrize("released", sorted(RELEASED.glob("*.launchpad")), ids=lambda path: path.stem)
def test_that_a_file_of_every_released_schema_opens_intact(released, tmp_path):
    copy = tmp_path / released.name
    shutil.copyfile(released, copy)
    with ProjectFile.open(copy) as file:
        assert file.check() == []
        assert [row.code for row in file.inputs().rows(Team)] == ["T-1"]


def test_that_there_is_a_file_of_every_released_schema():
    assert {path.stem for path in RELEASED.glob("*.launchpad")} == {
        f"schema-{number}" for number in range(1, schema.newest() + 1)
    }

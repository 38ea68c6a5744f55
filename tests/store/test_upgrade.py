"""A file of an earlier schema is upgraded whole or not at all, and its history stays as it was."""

import os
import shutil
import signal
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from launchpad import paths
from launchpad.changes import edit, insert, new_id
from launchpad.errors import ProjectFileError
from launchpad.records import Capacity, ProjectInfo, Team
from launchpad.store import ProjectFile, backup, repair, schema
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
    """Become the program one schema on: its migrations with one more behind them, which may do more."""

    def become(body=""):
        folder = one_more(tmp_path, body)
        monkeypatch.setattr(paths, "migrations", lambda: folder)

    return become


def one_more(tmp_path, body):
    """A folder of migrations with one more, and its fingerprint."""
    folder = tmp_path / "migrations"
    shutil.copytree(paths.migrations(), folder)
    before = schema.newest()
    name = f"{before + 1:04d}_later.py"
    text = NEXT.format(number=before + 1, before=before) + (f"    {body}\n" if body else "")
    (folder / "versions" / name).write_text(text, encoding="utf-8")
    with closing(connect(None, foreign_keys=False)) as blank:
        with writing(engine_for(None, connection=blank, foreign_keys=False)) as connection:
            schema.migrate(connection, folder)
        with (folder / schema.FINGERPRINTS).open("a", encoding="utf-8") as lines:
            lines.write(schema.fingerprint(blank) + "\n")
    return folder


def number_of(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def filled(file):
    for name in ("Red", "Blue"):
        team = Team(id=new_id(), code=f"T-{name}", name=name)
        capacity = Capacity(id=new_id(), team=team.id, days_per_week=5)
        file.write(edit([insert(team), insert(capacity)], "Add", author="ann"))


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


def steps(run, stop_at=0):
    """How many steps reach SQLite or the file system while `run` runs; the process is killed before one."""
    count = 0

    def watch(_frame, event, called):
        nonlocal count
        owner = type(getattr(called, "__self__", None)).__module__
        if event == "c_call" and (owner == "sqlite3" or getattr(called, "__module__", "") == "posix"):
            count += 1
            if count == stop_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


def open_and_close(path):
    ProjectFile.open(path).close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork and no SIGKILL")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_that_an_upgrade_killed_at_any_step_leaves_the_old_file_or_the_new_one(path, file, later, tmp_path):
    filled(file)
    file.close()
    old = number_of(path)
    later()
    trial = tmp_path / "trial.launchpad"
    shutil.copyfile(path, trial)
    total = steps(lambda: open_and_close(trial))
    found = set()
    for stop_at in {*range(1, total, max(1, total // 14)), *range(total - 10, total + 1)}:
        shutil.copyfile(path, trial)
        child = os.fork()
        if child == 0:
            steps(lambda: open_and_close(trial), stop_at)
            os._exit(0)
        os.waitpid(child, 0)
        found.add(number_of(trial))
        with ProjectFile.open(trial) as opened:
            assert len(opened.inputs().rows(Team)) == 2
            assert opened.check() == []
    assert found == {old, old + 1}


def test_that_two_programs_that_upgrade_one_file_at_once_both_open_it(path, file, later):
    filled(file)
    file.close()
    later()
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(ProjectFile.open, [path, path]))
    for opened in both:
        assert len(opened.inputs().rows(Team)) == 2
        opened.close()
    with ProjectFile.open(path) as opened:
        assert [made.label for _, made in opened.journal()].count("Upgraded") == 1


def test_that_the_old_file_is_kept_among_the_backups(path, file, later):
    filled(file)
    uuid = file.inputs().rows(ProjectInfo)[0].uuid
    file.close()
    later()
    before = set(backup.folder_for(path, uuid).glob("*-before-upgrade.launchpad"))
    open_and_close(path)
    (kept,) = set(backup.folder_for(path, uuid).glob("*-before-upgrade.launchpad")) - before
    assert number_of(kept) == schema.newest() - 1
    assert {found.suffix for found in path.parent.glob("*.launchpad*")} == {".launchpad"}


def test_that_a_damaged_earlier_file_is_not_upgraded_but_left_as_it_is(path, file, later, tmp_path):
    filled(file)
    file.close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE team SET name = 'Sabotage' WHERE name = 'Red'")
        other.commit()
    before = path.read_bytes()
    later()
    with pytest.raises(ProjectFileError, match=r"earlier version and cannot be upgraded: .*Sabotage.*--repair"):
        ProjectFile.open(path)
    assert path.read_bytes() == before
    out = tmp_path / "repaired.launchpad"
    assert [found.field for found in repair(path, out)] == ["name"]
    with ProjectFile.open(out) as opened:
        assert [row.name for row in opened.inputs().rows(Team)] == ["Blue", "Red"]
        assert number_of(out) == schema.newest()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('op.execute("DELETE FROM team")', "would point nowhere|links in capacity"),
        ('op.execute("DELETE FROM capacity")', "rows of capacity would be lost"),
        ('op.execute("CREATE VIEW odd AS SELECT 1")', "did not come out right.*view odd"),
        ('op.execute("NOT SQL")', "cannot be used"),
    ],
)
def test_that_an_upgrade_that_goes_wrong_leaves_the_old_file(path, file, later, body, says):
    filled(file)
    file.close()
    before = path.read_bytes()
    later()
    (added,) = (paths.migrations() / "versions").glob("*_later.py")
    added.write_text(added.read_text(encoding="utf-8") + f"    {body}\n", encoding="utf-8")
    with pytest.raises(ProjectFileError, match=says):
        ProjectFile.open(path)
    assert path.read_bytes() == before
    assert list(path.parent.glob(".*")) == []


def test_that_a_table_copied_by_a_migration_keeps_its_rows_and_their_children(path, file, later):
    filled(file)
    file.close()
    later(
        """with op.batch_alter_table("team", recreate="always") as team:
        team.add_column(sa.Column("place", sa.Text()))"""
    )
    with ProjectFile.open(path) as opened:
        assert len(opened.inputs().rows(Team)) == len(opened.inputs().rows(Capacity)) == 2
        assert opened.check() == []


def test_that_a_newer_file_is_refused_by_name(path, file, later, monkeypatch):
    file.close()
    now = paths.migrations
    later()
    ProjectFile.open(path).close()
    monkeypatch.setattr(paths, "migrations", now)
    with pytest.raises(ProjectFileError, match=r"project\.launchpad.*newer"):
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

import hashlib
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from launchpad.changes import Change, delete, edit, insert, new_id, update
from launchpad.errors import ProjectFileError
from launchpad.records import Capacity, Person, Team
from launchpad.store import Finding, ProjectFile, repair
from launchpad.store.engine import writing
from launchpad.store.journal import append

TEAM = Team(id=new_id(), code="T-1", name="Safety")
CAPACITY = Capacity(id=new_id(), team=TEAM.id, days_per_week=5, basis="Asked")
NAME = b"Ann Example"
PERSON = Person(id=new_id(), code="ann", name=hashlib.sha256(NAME).hexdigest(), team=TEAM.id)


@pytest.fixture
def filled(path) -> Path:
    """A closed project file with a few edits."""
    with ProjectFile.open(path) as file:
        rows = edit(map(insert, (TEAM, CAPACITY, PERSON)), "Rows", author="ann")
        file.write(rows, {hashlib.sha256(NAME).hexdigest(): NAME})
        file.write(edit([update(TEAM, name="Trust")], "Rename", author="bob"))
        gone = Team(id=new_id(), code="T-2", name="Gone")
        file.write(edit([insert(gone)], "Another", author="ann"))
        file.write(edit([delete(gone)], "No more", author="ann"))
    return path


def behind(path: Path, *statements: str) -> list[Finding]:
    """What check finds after somebody changed the file with another program."""
    with closing(sqlite3.connect(path)) as other:
        for sql in statements:
            other.execute(sql)
        other.commit()
    return findings(path)


def findings(path: Path, head: str | None = None) -> list[Finding]:
    with ProjectFile.open(path, read_only=True) as file:
        return file.check(head)


def test_that_an_intact_file_has_no_findings(filled):
    assert findings(filled) == []


def test_that_a_changed_value_is_named_by_row_and_field_with_both_values(filled):
    (found,) = behind(filled, "UPDATE team SET name = 'Sabotage'")
    assert (found.part, found.table, found.key, found.field) == ("rows", "team", TEAM.id, "name")
    assert found.message == "Team T-1: Name was changed without an edit, from 'Trust' to 'Sabotage'."


def test_that_a_changed_type_is_a_changed_value(filled):
    (found,) = behind(filled, "UPDATE capacity SET days_per_week = 'five'")
    assert (found.table, found.field) == ("capacity", "days_per_week")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM capacity", "was removed without an edit"),
        ("INSERT INTO team VALUES (7, 'T-9', 'Nobody', '1')", "Team T-9 was added without an edit"),
    ],
)
def test_that_a_row_removed_or_added_is_named(filled, sql, says):
    (found,) = behind(filled, sql)
    assert found.part == "rows"
    assert says in found.message


def test_that_a_link_to_nowhere_is_found(filled):
    found = behind(filled, "UPDATE capacity SET team = 5")
    assert {finding.part for finding in found} == {"keys", "rows"}


def test_that_changed_content_is_found_and_removed_content_is_not(filled):
    (found,) = behind(filled, "UPDATE content SET bytes = x'00'")
    assert found.part == "content"
    assert behind(filled, "DELETE FROM content") == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET author = 'eve' WHERE number = 3",
        "UPDATE journal SET at = '2020-01-01' WHERE number = 3",
        "UPDATE journal SET reason = 'because' WHERE number = 3",
        "UPDATE journal SET undoes = 'x' WHERE number = 3",
        "UPDATE journal SET changes = replace(changes, 'Trust', 'Other') WHERE number = 3",
        "UPDATE journal SET sha256 = 'x' WHERE number = 3",
        "UPDATE journal SET parents = '' WHERE number = 3",
        "DELETE FROM journal WHERE number = 3",
        "DELETE FROM journal WHERE number = 1",
        "UPDATE journal SET changes = '[' WHERE number = 3",
        "UPDATE journal SET number = number + 100 WHERE number = 2",
    ],
)
def test_that_any_change_of_the_journal_is_found(filled, sql):
    assert "journal" in {found.part for found in behind(filled, sql)}


def test_that_a_cut_tail_shows_against_a_printed_head(filled):
    with ProjectFile.open(filled) as file:
        head = file.inputs().head
        file.write(edit([update(CAPACITY, basis="Guessed")], "Last", author="ann"))
        printed = file.inputs().head
    assert findings(filled, head) == findings(filled, printed) == []
    with closing(sqlite3.connect(filled)) as other:
        other.execute("UPDATE capacity SET basis = 'Asked'")
        other.execute("DELETE FROM journal WHERE sha256 = ?", (printed,))
        other.commit()
    assert findings(filled) == []
    (found,) = findings(filled, printed)
    assert "its newest edits are missing" in found.message
    assert findings(filled, head) == []


def test_that_a_row_forged_into_the_journal_with_a_fitting_hash_does_not_fit_the_rows(filled):
    with ProjectFile.open(filled) as file, writing(file._engine) as connection:
        forged = Change("team", TEAM.id, {"name": "Never"}, {"name": "Forged"})
        append(connection, edit([forged], "Forged", author="eve"))
    found = findings(filled)
    assert {finding.part for finding in found} == {"journal", "rows"}
    assert "does not fit the team before it" in found[0].message


def test_that_a_foreign_object_is_found(filled):
    (found,) = behind(filled, "CREATE VIEW theirs AS SELECT * FROM team")
    assert found == Finding("schema", found.message)
    assert "view theirs" in found.message


def test_that_repair_restores_every_row_from_the_journal(filled, tmp_path):
    with ProjectFile.open(filled) as file:
        before = file.inputs()
    behind(filled, "UPDATE team SET name = 'x'", "DELETE FROM capacity", "UPDATE content SET bytes = x'00'")
    damaged = hashlib.sha256(filled.read_bytes()).hexdigest()
    out = tmp_path / "repaired.launchpad"
    assert {found.part for found in repair(filled, out)} == {"rows", "content"}
    with ProjectFile.open(out) as file:
        assert file.check() == []
        after = file.inputs()
        assert (after.tables, after.head) == (before.tables, before.head)
        file.write(edit([update(CAPACITY, basis="Guessed")], "Goes on", author="ann"))
    assert hashlib.sha256(filled.read_bytes()).hexdigest() == damaged


def test_that_repair_takes_out_what_is_not_ours(filled, tmp_path):
    behind(filled, "CREATE TRIGGER t AFTER UPDATE ON team BEGIN SELECT 1; END")
    out = tmp_path / "repaired.launchpad"
    assert [found.part for found in repair(filled, out)] == ["schema"]
    assert findings(out) == []


def test_that_repair_of_a_damaged_journal_says_that_it_cannot_yet(filled, tmp_path):
    behind(filled, "UPDATE journal SET author = 'eve' WHERE number = 2")
    out = tmp_path / "repaired.launchpad"
    with pytest.raises(ProjectFileError, match=r"damaged itself.*Journal row 2.*Open a backup.*yet"):
        repair(filled, out)
    assert not out.exists()
    assert {found.name for found in tmp_path.iterdir()} == {filled.name}


def test_that_repair_never_overwrites(filled, tmp_path):
    out = tmp_path / "mine"
    out.write_text("mine")
    with pytest.raises(ProjectFileError, match="is there already"):
        repair(filled, out)
    assert out.read_text() == "mine"


def test_that_a_flipped_byte_is_found_or_changed_nothing_that_can_be_read(filled, tmp_path):
    with ProjectFile.open(filled) as file:
        before, journal = file.inputs(), file.journal()
    whole, drawn = filled.read_bytes(), random.Random(4)
    used = [at for at, byte in enumerate(whole) if byte]
    for at in drawn.sample(used, 600):
        spoiled = bytearray(whole)
        spoiled[at] ^= 1 << drawn.randrange(8)
        copy = tmp_path / "flipped.launchpad"
        copy.write_bytes(spoiled)
        try:
            with ProjectFile.open(copy) as file:
                if not file.check():
                    assert (file.inputs(), file.journal()) == (before, journal), at
        except ProjectFileError:
            continue


@pytest.mark.parametrize(
    "changes",
    [
        "{}",
        "5",
        "[5]",
        "[[1, 2, null, null]]",
        '[["team", "x", null, null]]',
        '[["team", 1, [], 5]]',
        "[" * 9999,
        "",
    ],
)
def test_that_a_journal_row_of_another_shape_is_found_and_said(filled, changes):
    with closing(sqlite3.connect(filled)) as other:
        other.execute("UPDATE journal SET changes = ? WHERE number = 3", (changes,))
        other.commit()
    assert any("Journal row 3" in found.message for found in findings(filled))
    with (
        ProjectFile.open(filled) as file,
        pytest.raises(ProjectFileError, match="journal of the project file"),
    ):
        file.journal()

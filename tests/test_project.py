import hashlib

import pytest

from launchpad.changes import insert, new_id, update
from launchpad.edits.criteria import SEALED, seal, seal_state
from launchpad.edits.records import set_values
from launchpad.errors import ConflictError, ProjectFileError, UnknownRecordError
from launchpad.project import Project, user_name
from launchpad.records import (
    Coefficient,
    Effort,
    Estimate,
    Inputs,
    Mitigation,
    MitigationVariant,
    Person,
    Team,
    Tolerance,
)
from launchpad.store.rows import FEW
from tests.builders import launch, tolerance


def team(code="T-1", name="Red team"):
    return Team(id=new_id(), code=code, name=name)


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "own.launchpad", name="Own", author="ann") as made:
        yield made


def add(project, record, label="Add"):
    project.edit([insert(record)], label)
    project.refresh()
    return record


def rename(project, record, name, label="Rename", **options):
    row = project.inputs.get(type(record), record.id)
    project.edit(set_values(row, name=name), label, **options)
    project.refresh()


def name_of(project, record):
    project.refresh()
    return project.inputs.get(type(record), record.id).name


def test_that_a_new_project_holds_the_bundled_coefficients(project):
    codes = {row.code for row in project.inputs.rows(Coefficient)}
    assert {"icc", "half_life_days", "overlap_family"} <= codes


def test_that_refresh_names_the_tables_that_changed(project):
    project.edit([insert(team())], "Add")
    assert project.refresh() == {"team"}
    assert project.refresh() == set()


def test_that_undo_and_redo_are_new_edits_and_restore_what_was(project):
    red = add(project, team())
    rename(project, red, "Blue team")
    before = len(project.journal())
    project.undo()
    assert name_of(project, red) == "Red team"
    project.redo()
    assert name_of(project, red) == "Blue team"
    assert len(project.journal()) == before + 2
    assert project.can_undo == "Rename"
    assert project.can_redo is None


def test_that_a_new_edit_forgets_what_could_be_redone(project):
    red = add(project, team())
    rename(project, red, "Blue team")
    project.undo()
    project.refresh()
    rename(project, red, "Green team")
    assert project.can_redo is None


def test_that_the_edits_of_one_batch_undo_together(project):
    one, two = team("T-1"), team("T-2")
    for record in (one, two):
        project.edit([insert(record)], "Import", batch="b-1")
    project.undo()
    project.refresh()
    assert project.inputs.rows(Team) == ()


def test_that_undo_is_refused_with_the_present_value_when_somebody_else_changed_the_field(project):
    red = add(project, team())
    rename(project, red, "Blue team")
    with Project.open(project.path, author="bob") as other:
        rename(other, red, "Bob's team")
    with pytest.raises(ConflictError) as refused:
        project.undo()
    assert refused.value.present is not None
    assert refused.value.present["name"] == "Bob's team"
    assert name_of(project, red) == "Bob's team"


def test_that_undo_passes_when_somebody_else_changed_another_field(project):
    work = add(project, Mitigation(id=new_id(), code="M-001", name="Filter", kind="filter"))
    rename(project, work, "Better filter")
    with Project.open(project.path, author="bob") as other:
        row = other.inputs.get(Mitigation, work.id)
        other.edit(set_values(row, family="f"), "Family")
    project.undo()
    project.refresh()
    found = project.inputs.get(Mitigation, work.id)
    assert (found.name, found.family) == ("Filter", "f")


def test_that_undo_is_refused_when_somebody_changed_the_field_and_changed_it_back(project):
    red = add(project, team())
    rename(project, red, "Blue team")
    with Project.open(project.path, author="bob") as other:
        rename(other, red, "Bob's team")
        rename(other, red, "Blue team")
    with pytest.raises(ConflictError):
        project.undo()


def test_that_any_edit_of_the_journal_can_be_reverted_as_a_new_edit(project):
    red = add(project, team())
    rename(project, red, "Blue team")
    rename(project, red, "Green team")
    first_rename = project.journal()[-2][1]
    with pytest.raises(ConflictError):
        project.revert(first_rename.uuid)
    project.revert(project.journal()[-1][1].uuid, reason="not green")
    assert name_of(project, red) == "Blue team"
    assert project.journal()[-1][1].reason == "not green"


def test_that_a_stale_edit_writes_nothing(project):
    red = add(project, team())
    stale = update(project.inputs.get(Team, red.id), name="Mine")
    with Project.open(project.path, author="bob") as other:
        rename(other, red, "Theirs")
    with pytest.raises(ConflictError):
        project.edit([insert(team("T-9")), stale], "Mine")
    project.refresh()
    assert [row.code for row in project.inputs.rows(Team)] == ["T-1"]


def test_that_others_edits_appear_at_the_next_refresh(project):
    with Project.open(project.path, author="bob") as other:
        add(other, team("T-7"))
    assert isinstance(project.inputs, Inputs)
    assert project.refresh() == {"team"}
    assert project.inputs.rows(Team)[0].code == "T-7"


def test_that_a_project_is_never_made_over_a_file_that_is_there(project):
    with pytest.raises(ProjectFileError, match=r"own\.launchpad"):
        Project.create(project.path, name="Other")


def test_that_after_a_refused_undo_the_step_before_it_can_be_undone(project):
    red = add(project, team())
    other = add(project, team("T-2", "Second team"))
    rename(project, other, "Renamed")
    rename(project, red, "Blue team")
    with Project.open(project.path, author="bob") as bob:
        rename(bob, red, "Bob's team")
    with pytest.raises(ConflictError):
        project.undo()
    assert project.can_undo == "Rename"
    project.undo()
    assert (name_of(project, red), name_of(project, other)) == ("Bob's team", "Second team")


def test_that_undo_passes_by_tables_of_words_given(project, monkeypatch):
    monkeypatch.setattr("launchpad.project.APPEND_ONLY", frozenset({"team"}))
    project.edit([insert(team())], "A word given")
    assert project.can_undo is None
    work = Mitigation(id=new_id(), code="M-001", name="Filter", kind="filter")
    project.edit([insert(team("T-2")), insert(work)], "Both")
    project.undo()
    project.refresh()
    assert [row.code for row in project.inputs.rows(Team)] == ["T-1", "T-2"]
    assert project.inputs.rows(Mitigation) == ()


def test_that_undo_passes_by_seals(project):
    add(project, launch())
    add(project, tolerance("technical", 10.0), "Set a tolerance")
    project.edit(seal(project.inputs, the_tolerance(project), "2027-01-02T03:04:05Z"), "Seal it")
    project.refresh()
    assert project.can_undo == "Set a tolerance"
    assert seal_state(project.inputs, the_tolerance(project)) == SEALED


def the_tolerance(project):
    (row,) = project.inputs.rows(Tolerance)
    return row


def test_that_nothing_to_undo_or_redo_writes_nothing(project):
    assert (project.undo(), project.redo()) == ([], [])
    assert project.edit([None], "Nothing") is None
    assert len(project.journal()) == 1


def test_that_a_redo_is_refused_when_somebody_else_changed_the_field(project):
    red = add(project, team())
    rename(project, red, "Blue team")
    project.undo()
    with Project.open(project.path, author="bob") as other:
        rename(other, red, "Bob's team")
    with pytest.raises(ConflictError):
        project.redo()
    assert name_of(project, red) == "Bob's team"


def test_that_an_undo_names_the_edit_it_takes_back(project):
    add(project, team(), "Add the red team")
    made = project.journal()[-1][1]
    (back,) = project.undo()
    assert back.undoes == made.uuid
    assert back.label == "Undo: Add the red team"


def test_that_what_a_refresh_gives_is_what_a_fresh_open_gives(project):
    work = add(project, Mitigation(id=new_id(), code="M-002", name="Filter", kind="filter"))
    rows = [MitigationVariant(id=new_id(), code=f"M-002.{n}", mitigation=work.id, name="v") for n in "ba"]
    people = [team("T-2"), team("T-1")]
    effort = [
        Effort(id=new_id(), variant=row.id, team=who.id, days=Estimate(1, 2, 3)) for row in rows for who in people
    ]
    project.edit(map(insert, [*rows, *people, *effort]), "Add")
    project.refresh()
    project.edit(set_values(project.inputs.get(Team, people[0].id), code="T-0"), "Rename")
    project.refresh()
    with Project.open(project.path, read_only=True) as fresh:
        assert fresh.inputs == project.inputs
    assert [project.inputs.address(row) for row in project.inputs.rows(Effort)][:2] == ["M-002.a/T-0", "M-002.a/T-1"]


def test_that_a_refresh_brings_names_that_lie_in_content(project):
    name = "Ann Example"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    person = Person(id=new_id(), code="ann", name=sha256)
    project.edit([insert(person)], "Add", content={sha256: name.encode()})
    assert project.refresh() == {"person"}
    assert project.inputs.text(sha256) == name


def test_that_a_refresh_after_many_changes_is_what_a_fresh_open_gives(project):
    project.edit([insert(team(f"T-{n:03}")) for n in range(FEW + 1)], "Import")
    project.refresh()
    with Project.open(project.path, read_only=True) as fresh:
        assert fresh.inputs == project.inputs


def test_that_tables_nobody_changed_stay_the_same_objects(project):
    before = project.inputs.rows(Coefficient)
    add(project, team())
    assert project.inputs.rows(Coefficient) is before


def test_that_the_author_is_the_person_logged_in_unless_named(project):
    assert project.author == "ann"
    with Project.open(project.path, read_only=True) as other:
        assert other.author == user_name()


def test_that_an_unknown_edit_cannot_be_reverted(project):
    with pytest.raises(UnknownRecordError, match="no edit"):
        project.revert("nothing")

import pytest

from launchpad.changes import insert, new_id, update
from launchpad.edits.records import set_values
from launchpad.errors import ConflictError, ProjectFileError
from launchpad.project import Project
from launchpad.records import Coefficient, Inputs, Mitigation, Team


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

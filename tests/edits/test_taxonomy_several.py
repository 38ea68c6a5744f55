"""Operations on several risk areas, as they go into one edit."""

import pytest

from launchpad.changes import insert
from launchpad.edits.taxonomy_releases import current, draft
from launchpad.edits.taxonomy_several import deprecate_all, move_all, restore_all
from launchpad.edits.taxonomy_trees import seed
from launchpad.errors import InvalidValueError
from launchpad.project import Project
from launchpad.records import AreaChange, Example, RiskArea
from launchpad.taxonomies.tree import Concept, Tree

OWN = Tree(
    "own",
    "Own",
    "1",
    concepts=(
        Concept("A", "Crime"),
        Concept("A-1", "Fraud", ("A",)),
        Concept("A-1-1", "Scams", ("A-1",)),
        Concept("A-2", "Theft", ("A",)),
        Concept("B", "Else"),
    ),
)


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "p.launchpad", name="P", author="P-1") as made:
        made.edit(seed(OWN), "x")
        made.refresh()
        drafted = draft(made.inputs, current(made.inputs), "2")
        made.edit(drafted.changes, "x", content=drafted.content)
        made.refresh()
        made.edit([insert(Example(id=9, code="X-1", area=area(made, "A-1").id, side="violates"))], "x")
        made.refresh()
        yield made


def area(project, code):
    return project.inputs.find(RiskArea, code)


def areas(project, *codes):
    return [area(project, code) for code in codes]


def do(project, operations):
    project.edit([change for one in operations for change in one.changes], "x")
    project.refresh()
    assert project.check() == []


def recorded(project):
    rows = project.inputs.rows(AreaChange)
    return [
        (row.place, row.kind, project.inputs.get(RiskArea, row.area).code, row.carried)
        for row in sorted(rows, key=lambda row: row.place)
    ]


def test_that_several_moves_are_one_edit_with_a_record_each(project):
    do(project, move_all(project.inputs, areas(project, "A-1", "A-2"), area(project, "B"), "why"))
    assert {area(project, code).parent for code in ("A-1", "A-2")} == {area(project, "B").id}
    assert recorded(project) == [(1, "move", "A-1", "keep"), (2, "move", "A-2", "keep")]
    project.undo()
    project.refresh()
    assert recorded(project) == []


def test_that_areas_already_there_are_left(project):
    found = move_all(project.inputs, areas(project, "B", "A-1"), area(project, "A"), "why")
    assert [one.area for one in found] == ["B"]
    with pytest.raises(InvalidValueError, match="already there"):
        move_all(project.inputs, areas(project, "A-1"), area(project, "A"), "why")


def test_that_a_move_may_ask_for_labels_anew_but_has_nothing_to_map_to(project):
    (found,) = move_all(project.inputs, areas(project, "A-1"), area(project, "B"), "why", carried="relabel")
    assert (found.carried, {effect.carried for effect in found.effects}) == ("relabel", {"relabel"})
    do(project, [found])
    assert recorded(project) == [(1, "move", "A-1", "relabel")]
    with pytest.raises(InvalidValueError, match="Nothing takes the place"):
        move_all(project.inputs, areas(project, "A-2"), area(project, "B"), "why", carried="map")


def test_that_an_area_and_what_lies_under_it_can_end_together_and_come_back(project):
    ended = areas(project, "A-1", "A-1-1")
    do(project, deprecate_all(project.inputs, ended, area(project, "B"), "close", "why"))
    assert [area(project, code).status for code in ("A-1", "A-1-1")] == ["deprecated"] * 2
    assert project.inputs.rows(Example)[0].area == area(project, "B").id
    do(project, restore_all(project.inputs, areas(project, "A-1", "A-1-1"), "needed"))
    assert [kind for _, kind, _, _ in recorded(project)] == ["deprecate", "deprecate", "restore", "restore"]


def test_that_of_several_a_move_under_itself_is_refused_whole(project):
    with pytest.raises(InvalidValueError, match="A-1-1 lies under A-1"):
        move_all(project.inputs, areas(project, "A-2", "A-1"), area(project, "A-1-1"), "why")

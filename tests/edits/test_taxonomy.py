"""Operations on the taxonomy, its releases, and trees taken into a project."""

from dataclasses import replace

import pytest

from launchpad.changes import insert, update
from launchpad.edits import taxonomy
from launchpad.edits.taxonomy import Part
from launchpad.edits.taxonomy_effects import to_judge_anew
from launchpad.edits.taxonomy_releases import current, draft, release
from launchpad.edits.taxonomy_trees import import_tree, seed
from launchpad.errors import InvalidValueError
from launchpad.project import Project
from launchpad.records import (
    AreaChange,
    AreaParent,
    Clause,
    Evaluation,
    EvidenceLink,
    Example,
    Label,
    Launch,
    Policy,
    PolicyVersion,
    RiskArea,
    Scenario,
    TaxonomyRelease,
)
from launchpad.taxonomies.differences import differences
from launchpad.taxonomies.own import release_tree, tree_of
from launchpad.taxonomies.tree import Concept, Tree
from tests.builders import result
from tests.taxonomies.trees import RICH

OLD = Tree(
    "own",
    "Own",
    "1",
    concepts=(
        Concept("A", "Crime"),
        Concept("A-1", "Fraud", ("A",)),
        Concept("A-2", "Theft", ("A",)),
        Concept("B", "Else"),
    ),
)
HANGING = {"scenario", "evidence_link", "example", "label", "policy", "clause"}


@pytest.fixture
def project(tmp_path):
    """A project with a draft, and one of everything that can hang on its area A-1."""
    with Project.create(tmp_path / "p.launchpad", name="P", author="P-1") as made:
        do(made, seed(OLD))
        do(made, draft(made.inputs, current(made.inputs), "2"))
        area = made.inputs.find(RiskArea, "A-1").id
        launch = Launch(
            id=1,
            code="L-1",
            name="L",
            model="m",
            launch_date="2027-01-01",
            freeze_date="2026-12-01",
            as_of="2026-11-01",
        )
        rows = [
            launch,
            Scenario(id=2, launch=1, code="R-1", name="x", risk_area=area),
            Evaluation(id=3, code="EV-1", name="x", kind="propensity"),
            result(4, 5, 10, evaluation=3),
            EvidenceLink(id=5, launch=1, result=7004, role="propensity", scenario=2),
            Policy(id=6, code="PO", name="x", area=area),
            PolicyVersion(id=7, policy=6, version="1"),
            Clause(id=8, version=7, code="PO-1", kind="violates", rule="x", area=area),
            Example(id=9, code="X-1", area=area, side="violates"),
            Label(id=10, example=9, rater="P-1"),
        ]
        do(made, [insert(row) for row in rows])
        yield made


def do(project, wish):
    changes = wish if isinstance(wish, list) else list(wish.changes)
    project.edit(changes, "x", content=getattr(wish, "content", {}))
    project.refresh()


def area(project, code):
    return project.inputs.find(RiskArea, code)


def carried(operation):
    return {effect.table: effect.carried for effect in operation.effects}


def whole(project):
    assert project.check() == []


def test_that_a_rename_keeps_all_that_hangs_on_it(project):
    made = taxonomy.rename(project.inputs, area(project, "A-1"), "Deceit", "clearer")
    assert carried(made) == dict.fromkeys(HANGING, "keep")
    do(project, made)
    (row,) = project.inputs.rows(AreaChange)
    assert (row.kind, row.reason, row.carried, row.place) == ("rename", "clearer", "keep", 1)


@pytest.mark.parametrize(
    ("relation", "expected"),
    [("exact", "keep"), ("close", "keep"), ("broad", "keep"), ("narrow", "relabel"), ("related", "relabel")],
)
def test_that_only_the_same_the_close_and_the_broader_meaning_keeps_labels(project, relation, expected):
    made = taxonomy.redefine(project.inputs, area(project, "A-1"), {"plain": "New words."}, relation, "why")
    assert made.carried == expected
    assert carried(made) == dict.fromkeys(HANGING, expected)


@pytest.mark.parametrize("relation", ["exact", "close", "broad"])
def test_that_a_successor_that_is_the_same_close_or_broader_takes_all_over(project, relation):
    heir = area(project, "B")
    made = taxonomy.deprecate(project.inputs, area(project, "A-1"), heir, relation, "why")
    assert carried(made) == dict.fromkeys(HANGING, "map")
    do(project, made)
    inputs = project.inputs
    assert area(project, "A-1").replaced_by == heir.id
    assert inputs.rows(Scenario)[0].risk_area == heir.id
    assert (inputs.rows(Example)[0].area, inputs.rows(Policy)[0].area, inputs.rows(Clause)[0].area) == (heir.id,) * 3
    whole(project)


@pytest.mark.parametrize("relation", ["narrow", "related"])
def test_that_no_other_successor_moves_evidence_or_labels(project, relation):
    old = area(project, "A-1")
    made = taxonomy.deprecate(project.inputs, old, area(project, "B"), relation, "why")
    assert set(carried(made).values()) == {"relabel"}
    do(project, made)
    assert area(project, "A-1").replaced_by is None
    ((code, said),) = to_judge_anew(project.inputs)
    assert (code, "1 examples" in said) == ("A-1", True)
    assert project.inputs.rows(Scenario)[0].risk_area == old.id


def test_that_a_successor_whose_relation_is_not_said_is_refused(project):
    with pytest.raises(InvalidValueError, match="not said"):
        taxonomy.deprecate(project.inputs, area(project, "A-1"), area(project, "B"), None, "why")


def test_that_a_split_leaves_labels_to_be_given_anew(project):
    parts = [Part("A-3", "Scams"), Part("A-4", "Forgery")]
    made = taxonomy.split(project.inputs, area(project, "A-1"), parts, "why")
    assert carried(made) == dict.fromkeys(HANGING, "relabel")
    do(project, made)
    tree = tree_of(project.inputs, current(project.inputs))
    assert tree.by_code()["A-1"].replaced_by == ("A-3", "A-4")
    assert tree.by_code()["A-3"].parents == ("A",)
    whole(project)


def test_that_a_split_moves_them_where_one_part_stands_for_the_old(project):
    parts = [Part("A-3", "Scams", "close"), Part("A-4", "Forgery")]
    do(project, taxonomy.split(project.inputs, area(project, "A-1"), parts, "why"))
    assert project.inputs.rows(Scenario)[0].risk_area == area(project, "A-3").id


def test_that_a_merge_moves_all_upward_and_the_children_too(project):
    do(
        project,
        taxonomy.add(project.inputs, current(project.inputs), "A-1-1", "Deep", "why", parent=area(project, "A-1").id),
    )
    for made in taxonomy.merge(project.inputs, [area(project, "A-1"), area(project, "A-2")], area(project, "B"), "why"):
        do(project, made)
    assert area(project, "A-1-1").parent == area(project, "B").id
    assert project.inputs.rows(Scenario)[0].risk_area == area(project, "B").id
    assert [(row.kind, row.place) for row in project.inputs.rows(AreaChange)] == [
        ("add", 1),
        ("merge", 2),
        ("merge", 3),
    ]


def test_that_restricted_evidence_never_becomes_open(project):
    old = area(project, "A-1")
    do(project, [update(old, handling="restricted")])
    with pytest.raises(InvalidValueError, match="less carefully"):
        taxonomy.deprecate(project.inputs, area(project, "A-1"), area(project, "B"), "exact", "why")


def test_that_clauses_of_a_released_version_stay(project):
    version = project.inputs.rows(PolicyVersion)[0]
    do(project, [update(version, status="released")])
    made = taxonomy.deprecate(project.inputs, area(project, "A-1"), area(project, "B"), "exact", "why")
    assert carried(made)["clause"] == "keep"
    do(project, made)
    assert project.inputs.rows(Clause)[0].area == area(project, "A-1").id


def test_that_a_restored_area_takes_nothing_back(project):
    do(project, taxonomy.deprecate(project.inputs, area(project, "A-1"), area(project, "B"), "exact", "why"))
    do(project, taxonomy.restore(project.inputs, area(project, "A-1"), "needed after all"))
    assert area(project, "A-1").status == "active"
    assert project.inputs.rows(Scenario)[0].risk_area == area(project, "B").id


def test_that_an_area_can_lie_in_two_places_but_never_under_itself(project):
    do(project, taxonomy.move(project.inputs, area(project, "A-1"), area(project, "B"), "why", also=True))
    assert len(project.inputs.rows(AreaParent)) == 1
    with pytest.raises(InvalidValueError, match="lies under"):
        taxonomy.move(project.inputs, area(project, "B"), area(project, "A-1"), "why")


def test_that_a_change_needs_a_draft_and_a_reason(project):
    with pytest.raises(InvalidValueError, match="reason"):
        taxonomy.rename(project.inputs, area(project, "A-1"), "x", " ")
    do(project, release(project.inputs, current(project.inputs)))
    with pytest.raises(InvalidValueError, match="released"):
        taxonomy.rename(project.inputs, area(project, "A-1"), "x", "why")


def test_that_an_operation_is_taken_back_in_one_step(project):
    before = project.inputs.tables
    do(project, taxonomy.deprecate(project.inputs, area(project, "A-1"), area(project, "B"), "exact", "why"))
    project.undo()
    project.refresh()
    for name in ("risk_area", "scenario", "example", "area_change"):
        assert set(project.inputs.tables.get(name, ())) == set(before.get(name, ()))


def test_that_a_release_keeps_its_areas_whatever_comes_after(project):
    do(project, taxonomy.add(project.inputs, current(project.inputs), "C", "New", "why"))
    do(project, release(project.inputs, current(project.inputs), "2026-11-20"))
    second = project.inputs.find(TaxonomyRelease, "own@2")
    assert (second.status, second.released_on, area(project, "C").status) == ("released", "2026-11-20", "active")
    do(project, draft(project.inputs, second, "3"))
    do(project, taxonomy.rename(project.inputs, area(project, "C"), "Newer", "why"))
    inputs = project.inputs
    first, second = inputs.find(TaxonomyRelease, "own"), inputs.find(TaxonomyRelease, "own@2")
    kinds = [one.kind for one in differences(release_tree(inputs, first), release_tree(inputs, second))]
    assert kinds == ["add"]
    assert [one.kind for one in differences(release_tree(inputs, second), tree_of(inputs, current(inputs)))] == [
        "rename"
    ]
    whole(project)


def test_that_a_tree_in_a_project_comes_out_as_it_went_in(tmp_path):
    with Project.create(tmp_path / "p.launchpad", name="P", author="P-1") as made:
        do(made, import_tree(made.inputs, RICH).proposal)
        found = tree_of(made.inputs, current(made.inputs))
        introduced = [replace(one, introduced_in=one.introduced_in or "own 2.0") for one in RICH.concepts]
        assert list(found.concepts) == introduced
        assert [(one.code, one.taxonomy, one.concept, one.relation) for one in found.links] == [
            (one.code, one.taxonomy, one.concept, one.relation) for one in RICH.links
        ]
        again = import_tree(made.inputs, RICH)
        assert again.proposal.changes == ()
        assert (again.added, again.changed) == ((), ())
        whole(made)


def test_that_an_import_over_a_draft_changes_what_differs_and_tells_what_it_does_not_name(project):
    tree = Tree("own@2", "Own", concepts=(Concept("A", "Crimes"), Concept("A-1", "Fraud", ("A",)), Concept("N", "New")))
    found = import_tree(project.inputs, tree)
    assert (found.added, found.changed, found.unchanged) == (("N",), ("A",), ("A-1",))
    assert set(found.not_named) == {"A-2", "B"}


def test_that_codes_of_another_taxonomy_are_refused_unless_prefixed(project):
    tree = Tree("other", "Other", concepts=(Concept("A", "x"), Concept("Z", "y", ("A",))))
    with pytest.raises(InvalidValueError, match="these codes: A"):
        import_tree(project.inputs, tree)
    assert import_tree(project.inputs, tree, prefix="o-").added == ("o-A", "o-Z")


def test_that_ten_thousand_areas_come_in_parents_first(tmp_path):
    concepts = tuple(
        Concept(f"C{n:05d}", f"Concept {n}", (f"C{(n - 1) // 8:05d}",) if n else ()) for n in range(10_000)
    )
    with Project.create(tmp_path / "p.launchpad", name="P", author="P-1") as made:
        do(made, import_tree(made.inputs, Tree("big", "Big", concepts=concepts)).proposal)
        assert len(made.inputs.rows(RiskArea)) == 10_000
        assert made.inputs.find(RiskArea, "C09999").name == "Concept 9999"

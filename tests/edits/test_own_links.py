"""Links of the project's own areas: suggested, reviewed, and then followed by evidence."""

import pytest

from launchpad.edits.areas import Areas
from launchpad.edits.crosswalks import BROAD, CLOSE, NARROW, Key, Match, judged_different, matches
from launchpad.edits.own_links import add_link, review, suggested, take
from launchpad.edits.taxonomy_trees import seed
from launchpad.edits.unknown_risks import take_in, take_in_concepts, triage
from launchpad.errors import InvalidValueError, UnknownRecordError
from launchpad.project import Project
from launchpad.records import CrosswalkLink, RiskArea, UnknownRisk
from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.tree import Concept, Tree
from tests.builders import LAUNCH, grounds, inputs_of, scenario

OWN = (Concept("A", "Crime"), Concept("A-1", "Violent crimes", ("A",)), Concept("A-2", "Nothing like it", ("A",)))


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "p.launchpad", name="P", author="P-1") as made:
        do(made, seed(Tree("own", "Own", concepts=OWN)))
        yield made


def do(project, changes):
    project.edit(changes, "x")
    project.refresh()


def test_that_names_suggest_links_which_nobody_has_reviewed(project):
    found = {(link.taxonomy, link.concept): link for link in suggested(project.inputs) if link.code == "A-1"}
    link = found["mlcommons-ailuminate-1.0", "vcr"]
    assert (link.relation, link.justification, link.reviewed) == ("close", "lexical", False)
    assert not [link for link in suggested(project.inputs) if link.code == "A-2"]
    do(project, take(project.inputs, suggested(project.inputs)))
    assert suggested(project.inputs) == ()
    assert not any(row.reviewed for row in project.inputs.rows(CrosswalkLink))


def test_that_a_bundled_taxonomy_is_linked_by_the_crosswalk_with_source_and_justification(tmp_path):
    with Project.create(tmp_path / "q.launchpad", name="P", author="P-1") as made:
        do(made, seed(bundled()["mit-domain"].tree))
        found = suggested(made.inputs)
        assert {"llm", "manual"} <= {link.justification for link in found}
        assert all(link.source and not link.reviewed for link in found)
        assert all(link.taxonomy != "mit-domain" for link in found)


def test_that_what_was_judged_different_is_never_suggested(tmp_path):
    assert judged_different()
    with Project.create(tmp_path / "q.launchpad", name="P", author="P-1") as made:
        do(made, seed(bundled()["ibm-risk-atlas"].tree))
        pairs = {("ibm-risk-atlas", link.code, link.taxonomy, link.concept) for link in suggested(made.inputs)}
        named = {tuple(part.replace("-", ".").casefold() for part in pair[1::2]) for pair in pairs}
        judged = {pair[1::2] for pair in judged_different() if pair[0] == "ibm-risk-atlas"}
        assert named.isdisjoint(judged)


def test_that_a_review_with_another_relation_says_what_it_was(project):
    do(project, take(project.inputs, suggested(project.inputs, "mlcommons-ailuminate-1.0")))
    rows = project.inputs.rows(CrosswalkLink)
    do(project, review(rows, relation="broad"))
    (row,) = [one for one in project.inputs.rows(CrosswalkLink) if one.concept == "vcr"]
    assert (row.relation, row.justification, row.reviewed) == ("broad", "manual", True)
    assert "Was close (lexical)" in row.note


def test_that_a_code_a_bundled_taxonomy_does_not_have_is_refused(project):
    area = project.inputs.find(RiskArea, "A-1")
    with pytest.raises(UnknownRecordError, match="no concept 'zzz'"):
        add_link(project.inputs, area, "mit-domain", "zzz", "close")
    with pytest.raises(InvalidValueError, match="no relation"):
        add_link(project.inputs, area, "mit-domain", "1.1", "same")


def reached(relation, *, reviewed=True):
    link = CrosswalkLink(id=9, area=3, taxonomy="harmbench", concept="illegal", relation=relation, reviewed=reviewed)
    inputs = inputs_of([*grounds(), *scenario(1), link])
    match = Match("harmbench", "illegal", "exactMatch", "the result's own category")
    return [found.relation for found in Areas(inputs, LAUNCH).scenarios(match)]


@pytest.mark.parametrize(
    ("relation", "leads"), [("exact", "exactMatch"), ("close", CLOSE), ("narrow", BROAD), ("broad", NARROW)]
)
def test_that_a_reviewed_link_leads_evidence_to_a_scenario_by_its_relation(relation, leads):
    assert reached(relation) == [leads]


def test_that_a_link_nobody_reviewed_leads_nowhere():
    assert reached("exact", reviewed=False) == []


def test_that_closeness_is_not_handed_on_through_a_link_of_ones_own():
    link = CrosswalkLink(
        id=9, area=3, taxonomy="mlcommons-ailuminate-1.0", concept="iwp", relation="close", reviewed=True
    )
    inputs = inputs_of([*grounds(), *scenario(1), link])
    key = Key("harmbench", "chemical_biological", "its category is x", "category")
    found = [one for match in matches(key) for one in Areas(inputs, LAUNCH).scenarios(match)]
    assert {one.relation for one in found} == {"relatedMatch"}
    assert all("reviewed link of A-1" in one.through for one in found)


def test_that_a_concept_is_taken_in_once_and_gets_a_home_with_its_link(project):
    concepts = [Concept("7.1", "Misaligned goals"), Concept("7.2", "Dangerous capabilities")]
    do(project, take_in_concepts(project.inputs, "mit-domain", "V1", concepts))
    assert [row.code for row in project.inputs.rows(UnknownRisk)] == ["UR-001", "UR-002"]
    assert take_in_concepts(project.inputs, "mit-domain", "V2", concepts) == []
    risk = project.inputs.find(UnknownRisk, "UR-001")
    home = project.inputs.find(RiskArea, "A-2")
    do(project, triage(project.inputs, risk, "fits", home=home, relation="narrow"))
    (link,) = project.inputs.rows(CrosswalkLink)
    assert (link.area, link.taxonomy, link.concept, link.relation, link.reviewed) == (
        home.id,
        "mit-domain",
        "7.1",
        "narrow",
        True,
    )
    assert project.inputs.find(UnknownRisk, "UR-001").status == "homed"


def test_that_triage_needs_a_reason_and_an_answer(project):
    do(project, [take_in(project.inputs, "Something", source="a colleague")])
    (risk,) = project.inputs.rows(UnknownRisk)
    with pytest.raises(InvalidValueError, match="reason"):
        triage(project.inputs, risk, " ", status="rejected")
    with pytest.raises(InvalidValueError, match="not said"):
        triage(project.inputs, risk, "x")
    with pytest.raises(InvalidValueError, match="no concept"):
        triage(project.inputs, risk, "x", home=project.inputs.find(RiskArea, "A-1"), relation="close")
    do(project, triage(project.inputs, risk, "not ours", status="rejected"))
    assert project.inputs.rows(UnknownRisk)[0].reason == "not ours"

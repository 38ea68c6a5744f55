"""The bundled taxonomies can seed a project, and say where they come from."""

import pytest
import yaml

from launchpad.edits.taxonomy_trees import seed
from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.tree import cycle_of

DEFINED = ("mlcommons-ailuminate-1.0", "openai-preparedness-2")
UNVERIFIED = {
    "eu-gpai-cop",
    "harmbench",
    "nist-ai-rmf-trustworthiness",
    "simpleqa",
    "tspa-abuse-types",
    "wardle-information-disorder",
}
LEFT_OUT = {"who-lmm-health"}


@pytest.mark.parametrize("slug", bundled())
def test_that_source_licence_and_verification_stand_beside_the_areas(slug):
    found = bundled()[slug]
    assert found.tree.code == slug
    for value in (found.tree.name, found.tree.version, found.tree.source, found.tree.licence, found.tree.verification):
        assert value
    assert found.publisher
    assert found.tree.problems == ()


@pytest.mark.parametrize("slug", bundled())
def test_that_each_can_start_a_project(slug):
    tree = bundled()[slug].tree
    assert cycle_of(tree.concepts) == ()
    areas = [change.after for change in seed(tree) if change.table == "risk_area" and change.before is None]
    assert [area["code"] for area in areas if area] != []
    assert len(areas) == len(tree.concepts)


def test_that_what_was_recalled_is_shown_as_unverified():
    assert {slug for slug, found in bundled().items() if not found.verified} == UNVERIFIED
    for slug in UNVERIFIED:
        assert bundled()[slug].standing.startswith("UNVERIFIED")


def test_that_definitions_are_in_the_lists_for_which_they_were_written_and_nowhere_else():
    for slug, found in bundled().items():
        assert found.defined is (slug in DEFINED)
        assert all((one.plain is not None) is found.defined for one in found.tree.concepts), slug


def test_that_the_lists_to_start_from_come_first():
    assert tuple(bundled())[: len(DEFINED)] == DEFINED


def test_that_ailuminate_has_its_twelve_hazards():
    concepts = bundled()["mlcommons-ailuminate-1.0"].tree.concepts
    groups = {one.code for one in concepts if not one.parents}
    assert sum(one.parent in groups for one in concepts) == 12


def test_that_every_published_list_is_bundled_but_those_whose_licence_forbids_it(shared):
    published = {path.stem for path in (shared / "taxonomies").glob("*.yaml")}
    assert set(bundled()) == published - LEFT_OUT


@pytest.mark.parametrize("slug", bundled())
def test_that_codes_names_and_hierarchy_are_those_of_the_publisher(slug, shared):
    text = (shared / "taxonomies" / f"{slug}.yaml").read_text(encoding="utf-8")
    nodes = yaml.safe_load(text)["nodes"]
    expected = [(str(one["id"]), one["name"], one["parent"] and str(one["parent"])) for one in nodes]
    if slug == "openai-preparedness-2":
        expected = [one for one in expected if not one[0].startswith("level")]
    found = [(one.code, one.name, one.parent) for one in bundled()[slug].tree.concepts]
    assert found == expected


@pytest.mark.parametrize("slug", ["mitre-atlas", "w3c-dpv-risk"])
def test_that_a_concept_in_several_places_keeps_them_all(slug, shared):
    text = (shared / "taxonomies" / f"{slug}.yaml").read_text(encoding="utf-8")
    nodes = {str(one["id"]): one for one in yaml.safe_load(text)["nodes"]}
    concepts = bundled()[slug].tree.by_code()
    for code, node in nodes.items():
        also = (node.get("attrs") or {}).get("also_parents") or []
        assert set(concepts[code].parents[1:]) == {one for one in also if one in nodes} - {concepts[code].parent}


def test_that_facts_beside_the_names_are_facets():
    concept = bundled()["ibm-risk-atlas"].tree.by_code()["atlas-hallucination"]
    assert {facet for facet, _ in concept.facets} == {"risk_type", "descriptor"}

"""What is written comes back: every field, several parents, facets, labels in other languages, links."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.taxonomies.bundled import bundled, schema_text
from launchpad.taxonomies.csvs import csv_of, tree_from_csv
from launchpad.taxonomies.files import read_tree, tree_bytes
from launchpad.taxonomies.plain import plain_tree, tree_from
from launchpad.taxonomies.sssom import links_from, sssom_of
from launchpad.taxonomies.tree import Concept, Tree, settled
from tests.taxonomies.trees import RICH

WHOLE = ("ttl", "rdf", "jsonld", "json", "yaml")


def through(tree, ending, tmp_path):
    path = tmp_path / f"own.{ending}"
    path.write_bytes(tree_bytes(tree, path.name))
    return read_tree(path)


@pytest.mark.parametrize("ending", WHOLE)
def test_that_a_tree_comes_back_whole(ending, tmp_path):
    assert through(RICH, ending, tmp_path) == RICH


def test_that_a_table_brings_back_every_concept_though_not_where_it_is_from(tmp_path):
    found = through(RICH, "csv", tmp_path)
    assert found.concepts == RICH.concepts
    assert found.problems == ()


def test_that_links_come_back_by_sssom_with_all_that_is_said_of_them():
    codes = {one.code: one.code for one in RICH.concepts}
    links, problems = links_from(sssom_of(RICH), "own.sssom.tsv", "own", codes)
    assert (links, problems) == (RICH.links, ())


@pytest.mark.parametrize("slug", ["mitre-atlas", "openai-model-spec", "garak-tags"])
@pytest.mark.parametrize("ending", ["ttl", "csv", "yaml"])
def test_that_a_published_list_comes_back_whole(slug, ending, tmp_path):
    tree = bundled()[slug].tree
    found = through(tree, ending, tmp_path)
    assert {code: plain(one) for code, one in found.by_code().items()} == {
        code: plain(one) for code, one in tree.by_code().items()
    }


def plain(one):
    further = tuple(sorted(one.parents[1:]))
    return dataclasses.replace(one, parents=(*one.parents[:1], *further), facets=tuple(sorted(one.facets)))


def test_that_a_number_in_yaml_stays_the_code_it_is(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("areas:\n- {code: 1.10, name: One}\n- {code: 2026-11-24, name: Day, parent: 1.10}\n")
    assert [one.code for one in read_tree(path).concepts] == ["1.10", "2026-11-24"]


def test_that_the_published_schema_names_every_field():
    area = json.loads(schema_text())["$defs"]["area"]["properties"]
    assert {field.name for field in dataclasses.fields(Concept)} <= area.keys()
    link = json.loads(schema_text())["$defs"]["link"]["properties"]
    assert {field.name for field in dataclasses.fields(RICH.links[0])} == link.keys()


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(str.strip).filter(bool)


@settings(max_examples=50)
@given(st.dictionaries(WORDS.filter(lambda word: "\x85" not in word), WORDS, min_size=1, max_size=6))
def test_that_any_words_survive_a_table_and_plain_data(names):
    codes = [" ".join(code.split()) for code in names]
    if len(set(codes)) < len(codes):
        return
    concepts = tuple(
        Concept(code, name, (codes[0],) if code != codes[0] else (), plain=f"={name}")
        for code, name in zip(codes, names.values(), strict=True)
    )
    tree = Tree("own", "own", concepts=concepts)
    assert settled(tree_from_csv(csv_of(tree), "x", "own"), "x").concepts == concepts
    assert tree_from(json.loads(json.dumps(plain_tree(tree))), "x", "own").concepts == concepts

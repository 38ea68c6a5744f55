"""SKOS as others write it: blank nodes, several labels and languages, narrower, successors, notes."""

from launchpad.taxonomies.files import read_tree
from launchpad.taxonomies.tree import Link, Said

HEAD = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix t: <https://example.org/tax/> .
"""


def tree_of(tmp_path, body, name="t.ttl"):
    path = tmp_path / name
    path.write_text(HEAD + body, encoding="utf-8")
    return read_tree(path)


def test_that_narrower_says_the_same_as_broader_and_a_notation_is_the_code(tmp_path):
    tree = tree_of(
        tmp_path,
        't:a a skos:Concept ; skos:notation "A" ; skos:prefLabel "One" ; skos:narrower t:b .\n'
        't:b a skos:Concept ; skos:prefLabel "Two" .',
    )
    assert [(one.code, one.parents) for one in tree.concepts] == [("A", ()), ("b", ("A",))]


def test_that_english_names_a_concept_and_other_languages_are_kept(tmp_path):
    tree = tree_of(tmp_path, 't:a a skos:Concept ; skos:prefLabel "Eins"@de, "One"@en ; skos:altLabel "Un"@fr .')
    (one,) = tree.concepts
    assert one.name == "One"
    assert {Said("prefLabel", "Eins", "de"), Said("altLabel", "Un", "fr")} <= set(one.said)


def test_that_a_blank_node_gets_a_code_of_its_name_and_is_told(tmp_path):
    tree = tree_of(tmp_path, 't:a a skos:Concept ; skos:prefLabel "One" ; skos:narrower [ skos:prefLabel "In it" ] .')
    assert {one.code: one.parents for one in tree.concepts} == {"a": (), "in-it": ("a",)}
    assert any("no address" in problem for problem in tree.problems)


def test_that_a_note_which_is_a_resource_gives_its_value(tmp_path):
    body = (
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        't:a a skos:Concept ; skos:prefLabel "One" ; skos:changeNote [ rdf:value "Moved."@en ] .'
    )
    assert Said("changeNote", "Moved.", "en") in tree_of(tmp_path, body).concepts[0].said


def test_that_what_replaced_a_concept_is_read_from_either_end(tmp_path):
    tree = tree_of(
        tmp_path,
        't:old a skos:Concept ; skos:prefLabel "Old" ; owl:deprecated true ; dct:isReplacedBy t:b .\n'
        't:b a skos:Concept ; skos:prefLabel "B" .\nt:c a skos:Concept ; skos:prefLabel "C" ; dct:replaces t:old .',
    )
    old = tree.by_code()["old"]
    assert (old.status, old.replaced_by) == ("deprecated", ("b", "c"))


def test_that_statements_not_understood_are_counted_and_told(tmp_path):
    tree = tree_of(tmp_path, 't:a a skos:Concept ; skos:prefLabel "One" ; t:colour "red" ; t:colour "blue" .')
    assert any(problem.startswith("2 statements with https://example.org/tax/colour") for problem in tree.problems)


def test_that_a_mapping_becomes_a_link(tmp_path):
    tree = tree_of(tmp_path, 't:a a skos:Concept ; skos:prefLabel "One" ; skos:closeMatch <https://x.org/list#S1> .')
    assert tree.links == (Link("a", "https://x.org/list#", "S1", "close"),)


def test_that_two_schemes_are_told(tmp_path):
    body = 't:a a skos:Concept ; skos:inScheme t:x, t:y ; skos:prefLabel "One" .'
    assert any("2 concept schemes" in problem for problem in tree_of(tmp_path, body).problems)


def test_that_a_parent_outside_the_file_is_told(tmp_path):
    tree = tree_of(tmp_path, 't:a a skos:Concept ; skos:prefLabel "One" ; skos:broader t:gone .')
    assert tree.by_code()["a"].parents == ()
    assert any("gone" in problem for problem in tree.problems)


def test_that_the_published_example_is_read_as_it_is_meant(shared):
    tree = read_tree(shared / "reference" / "export-examples" / "taxonomy_skos.ttl")
    assert (tree.name, tree.version, tree.released_on) == ("Team risk taxonomy", "2.0.0", "2026-11-24")
    assert {one.code: one.parents for one in tree.concepts} == {
        "HLT": (),
        "HLT-00": (),
        "HLT-01": ("HLT",),
        "HLT-02": ("HLT",),
    }
    assert tree.by_code()["HLT-00"].replaced_by == ("HLT-01", "HLT-02")
    assert tree.links[0].relation == "broad"
    assert tree.problems == ()

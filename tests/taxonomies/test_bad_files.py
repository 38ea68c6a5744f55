"""Files that cannot be taken in: one sentence each, and nothing fetched, swelled or guessed."""

import json

import pytest

from launchpad.errors import ImportRefusedError
from launchpad.taxonomies.files import read_tree, tree_bytes
from launchpad.taxonomies.sssom import links_from
from launchpad.taxonomies.tree import Concept, Tree

SKOS = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix t: <urn:t:> .\n"
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>'
READER = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>'
CASES = [
    ("a.ttl", "this is no RDF at all {", "not RDF"),
    ("a.ttl", "", "without any skos:Concept"),
    ("a.ttl", SKOS + 't:a a skos:Concept ; skos:prefLabel "A" ; skos:broader t:b . t:b skos:broader t:a .', "parents"),
    ("a.ttl", SKOS + 't:a a skos:Concept; skos:notation "X" . t:b a skos:Concept; skos:notation "X" .', "twice: X"),
    ("a.ttl", SKOS + f't:a a skos:Concept ; skos:prefLabel "{"x" * 30_000}" .', "30,000 characters"),
    ("a.rdf", LAUGHS, "entities"),
    ("a.rdf", READER, "entities"),
    ("a.rdf", "<r><unclosed>", "not XML"),
    ("a.jsonld", '{"@context": "https://example.org/context.json", "@id": "urn:x"}', "fetched"),
    ("a.jsonld", '{"@graph": [{"@context": ["https://example.org/c"], "@id": "urn:x"}]}', "fetched"),
    ("a.jsonld", "[" * 5000, "not JSON"),
    ("a.json", "{}", "no list `areas`"),
    ("a.json", '{"areas": ["x"]}', "not a risk area"),
    ("a.json", '{"areas": []}', "no concept"),
    ("a.json", '{"areas": [{"code": "A"}]}', "no name"),
    (
        "a.json",
        '{"areas": [{"code": "A", "name": "a", "parents": ["B"]}, {"code": "B", "name": "b", "parent": "A"}]}',
        "A, B",
    ),
    ("a.yaml", "a: &x [1]\nb: *x", "aliases"),
    ("a.yaml", "areas: [" + "[" * 60 + "]" * 61, "nested deeper"),
    ("a.yaml", "a: [", "not YAML"),
    ("a.csv", "x,y\n1,2\n", "no columns"),
    ("a.csv", "code,name\nA,a\nA,b\n", "twice: A"),
    ("a.docx", "x", "not read from .docx"),
]


@pytest.mark.parametrize(("name", "text", "says"), CASES, ids=[f"{name}: {says}" for name, _, says in CASES])
def test_that_it_is_refused_in_a_sentence(name, text, says, tmp_path):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefusedError, match=says) as refused:
        read_tree(path)
    assert refused.value.hint
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.yaml"])
def test_that_bytes_which_are_no_text_are_refused(name, tmp_path):
    (tmp_path / name).write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ImportRefusedError, match="not text"):
        read_tree(tmp_path / name)


def test_that_a_file_which_is_not_there_is_named(tmp_path):
    with pytest.raises(ImportRefusedError, match="cannot be read"):
        read_tree(tmp_path / "gone.ttl")


def test_that_ten_thousand_concepts_in_one_line_of_parents_are_taken(tmp_path):
    concepts = tuple(Concept(f"C{n:05d}", f"Concept {n}", (f"C{n - 1:05d}",) if n else ()) for n in range(10_000))
    path = tmp_path / "deep.json"
    path.write_bytes(tree_bytes(Tree("deep", "Deep", concepts=concepts), path.name))
    assert read_tree(path).concepts == concepts


def test_that_values_and_keys_not_known_are_told_and_left_out(tmp_path):
    area = {"code": "A", "name": "a", "area_class": "odd", "colour": "red", "parents": ["gone"]}
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps({"areas": [area], "links": [{"code": "A", "taxonomy": "t", "concept": "c", "relation": "is"}]})
    )
    tree = read_tree(path)
    assert tree.links == ()
    said = "\n".join(tree.problems)
    for word in ("'odd'", "colour", "gone", "'is' is no relation"):
        assert word in said


def test_that_mappings_with_unknown_relations_or_ends_are_told_and_left_out():
    rows = [
        "subject_id\tpredicate_id\tobject_id\tconfidence",
        "A\tskos:exactMatch\tother:1\t0.5",
        "A\towl:sameAs\tother:2\t",
        "X\tskos:closeMatch\tother:3\t",
        "other:4\tskos:broadMatch\tA\t7",
    ]
    links, problems = links_from("\n".join(rows), "x.tsv", "own", {"A": "A"})
    assert [(link.concept, link.relation, link.confidence) for link in links] == [
        ("1", "exact", 0.5),
        ("4", "narrow", None),
    ]
    assert len(problems) == 3


def test_that_what_is_no_sssom_is_refused():
    with pytest.raises(ImportRefusedError, match="no SSSOM"):
        links_from("a\tb\n1\t2\n", "x.tsv", "own", {})
    with pytest.raises(ImportRefusedError, match="not YAML"):
        links_from("# a: [\nsubject_id\tpredicate_id\tobject_id\n", "x.tsv", "own", {})

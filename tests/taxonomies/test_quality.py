"""What is wrong with a taxonomy, and what is missing in it."""

import pytest

from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.quality import MANY_CHILDREN, findings
from launchpad.taxonomies.tree import Concept, Link, Tree

DEFINED = {"plain": "p {}", "research": "r {}", "prompt": "m {}"}


def concept(code, *parents, **fields):
    words = {name: text.format(code) for name, text in DEFINED.items()}
    return Concept(code, fields.pop("name", f"Name {code}"), parents, **{**words, **fields})


def kinds(*concepts, links=(), examples=None):
    return [(one.kind, one.codes) for one in findings(Tree("t", "T", concepts=concepts, links=links), examples)]


@pytest.mark.parametrize(
    ("concepts", "kind", "codes"),
    [
        ([concept("A", "B"), concept("B", "A")], "cycle", ("A", "B")),
        ([concept("A", "gone")], "orphan", ("A",)),
        ([concept("A", status="deprecated"), concept("B", "A")], "orphan", ("B",)),
        ([concept("A", status="deprecated", replaced_by=("gone",))], "dangling", ("A",)),
        ([concept("A", replaced_by=("B",)), concept("B")], "dangling", ("A",)),
        ([Concept("A-1", "One"), Concept("a.1", "Two")], "code", ("A-1", "a.1")),
        ([concept("A", name="Hate speech"), concept("B", name="hate-speech")], "one_meaning", ("A", "B")),
        ([concept("A", plain="The same."), concept("B", plain="the  same")], "one_meaning", ("A", "B")),
        ([concept("A", name="Fraud, theft and lies")], "broad", ("A",)),
        ([concept("A"), *(concept(f"B{n}", "A") for n in range(MANY_CHILDREN + 1))], "broad", ("A",)),
        ([concept("A", prompt=None)], "definition", ("A",)),
    ],
)
def test_that_each_fault_is_found_and_nothing_else(concepts, kind, codes):
    found = [one for one in kinds(*concepts) if kind == "definition" or one[0] != "definition"]
    assert found == [(kind, codes)]


def test_that_a_leaf_which_covers_much_of_another_list_is_too_broad():
    links = tuple(Link("A", "air-2024", str(n), "narrow") for n in range(5))
    assert kinds(concept("A"), links=links) == [("broad", ("A",))]


@pytest.mark.parametrize(
    ("sides", "count"), [((), 1), (("violates",), 1), (("allowed",), 1), (("violates", "allowed"), 0)]
)
def test_that_a_leaf_needs_examples_on_both_sides(sides, count):
    found = kinds(concept("A"), concept("B", "A"), examples={"B": frozenset(sides)})
    assert found == [("counter_example", ("B",))] * count


def test_that_no_bundled_list_is_in_a_circle_or_has_orphans():
    for slug, found in bundled().items():
        assert {one.kind for one in findings(found.tree)}.isdisjoint({"cycle", "orphan", "dangling"}), slug

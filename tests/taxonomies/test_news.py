"""What a newer release of an external list means for one's own areas."""

from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.news import news
from launchpad.taxonomies.tree import Concept, Link, Tree

OWN = Tree("own", "Own", concepts=(Concept("R1", "Fraud"), Concept("R2", "Hate"), Concept("R3", "Spam")))
OLD = Tree("x", "X", concepts=(Concept("A", "Fraud"), Concept("B", "Hate"), Concept("C", "Other")))
NEW = Tree(
    "x",
    "X",
    concepts=(
        Concept("A", "Fraud and scams"),
        Concept("B", "Hate", status="deprecated", replaced_by=("D", "E")),
        Concept("C", "Other"),
        Concept("D", "Slurs", ("A",)),
        Concept("E", "Threats"),
        Concept("F", "Spam"),
    ),
)
LINKS = (Link("R1", "x", "A", "exact"), Link("R2", "x", "B", "close"), Link("R3", "x", "C", "related"))


def test_that_own_areas_are_touched_through_their_links():
    found = {(one.link.code, one.difference.kind): one.successors for one in news(OWN, LINKS, OLD, NEW).touched}
    assert found == {("R1", "rename"): (), ("R2", "split"): ("D", "E")}


def test_that_a_related_link_is_no_home_and_a_deprecated_concept_needs_none():
    found = news(OWN, LINKS, OLD, NEW)
    assert {(one.concept.code, one.new) for one in found.homeless} == {
        ("C", False),
        ("D", True),
        ("E", True),
        ("F", True),
    }
    assert found.housed == 1


def test_that_areas_which_may_cover_a_concept_are_named_with_the_reason():
    near = {one.concept.code: one.near for one in news(OWN, LINKS, OLD, NEW).homeless}
    assert near["F"] == (("R3", "has the same name"),)
    assert near["D"][0][0] == "R1"
    assert near["E"] == ()


def test_that_without_an_older_release_all_without_a_home_is_new():
    assert all(one.new for one in news(OWN, LINKS, None, NEW).homeless)


def test_that_links_follow_a_list_that_was_numbered_anew():
    old, new = bundled()["llama-guard-2"].tree, bundled()["llama-guard-3-4"].tree
    links = tuple(Link("R1", "llama-guard-2", one.code, "exact") for one in old.concepts)
    found = news(OWN, links, old, new)
    names = {one.name for one in old.concepts}
    assert {one.concept.name for one in found.homeless}.isdisjoint(names)
    assert any(one.new for one in found.homeless)

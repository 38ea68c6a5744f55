"""From one state of a taxonomy to another, concept by concept."""

import pytest

from launchpad.taxonomies.bundled import bundled
from launchpad.taxonomies.differences import differences, renumbered
from launchpad.taxonomies.tree import Concept, Tree


def tree(*concepts):
    return Tree("t", "T", concepts=concepts)


A, B, C = Concept("A", "Alpha"), Concept("B", "Beta", ("A",)), Concept("C", "Gamma", ("A",))


def gone(code, *heirs):
    return Concept(code, {"B": "Beta", "C": "Gamma"}[code], ("A",), status="deprecated", replaced_by=heirs)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((A,), (A, B), [("add", "B", ("A",))]),
        ((A, B), (A, Concept("B", "Better", ("A",))), [("rename", "B", ())]),
        ((A, B), (A, Concept("B", "Beta", ("A",), plain="x")), [("redefine", "B", ())]),
        ((A, B), (A, Concept("B", "Beta")), [("move", "B", ())]),
        ((A, B, C), (A, gone("B"), C), [("deprecate", "B", ())]),
        ((A, B, C), (A, gone("B", "C"), C), [("deprecate", "B", ("C",))]),
        ((A, B, C), (A, gone("B", "A"), gone("C", "A")), [("merge", "B", ("A",)), ("merge", "C", ("A",))]),
        ((A, B), (A, gone("B", "C", "D"), C), [("add", "C", ("A",)), ("split", "B", ("C", "D"))]),
        ((A, gone("B")), (A, B), [("restore", "B", ())]),
        ((A, B), (A,), [("remove", "B", ())]),
        ((A, B), (A, B), []),
    ],
)
def test_that_each_operation_is_told_for_what_it_is(old, new, expected):
    found = differences(tree(*old), tree(*new))
    assert [(one.kind, one.code, one.others) for one in found] == expected


def test_that_a_further_parent_is_a_move_and_the_order_of_further_ones_is_none():
    before = Concept("C", "Gamma", ("A", "B", "D"))
    assert differences(tree(A, B, before), tree(A, B, Concept("C", "Gamma", ("A", "D", "B")))) == ()
    assert [one.kind for one in differences(tree(A, B, before), tree(A, B, Concept("C", "Gamma", ("A", "B"))))] == [
        "move"
    ]


def test_that_a_list_numbered_anew_is_followed_by_its_names():
    old = tree(Concept("1", "Crime"), Concept("2", "Hate"), Concept("3", "Weapons"))
    new = tree(Concept("1", "Hate"), Concept("2", "Crime"), Concept("3", "Weapons"))
    assert [(one.kind, one.code, one.after) for one in differences(old, new)] == [
        ("recode", "1", "2"),
        ("recode", "2", "1"),
    ]


def test_that_the_two_numberings_of_llama_guard_are_not_compared_by_code():
    old, new = bundled()["llama-guard-2"].tree, bundled()["llama-guard-3-4"].tree
    assert renumbered(old, new)
    assert not any(one.kind == "rename" for one in differences(old, new))
    assert not renumbered(bundled()["mit-domain"].tree, bundled()["mit-domain"].tree)

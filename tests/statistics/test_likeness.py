"""Near duplicates: a likeness that is symmetric, and pairs that no order of the texts changes."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.statistics.likeness import likeness, near_across, plain

words = st.text(alphabet=string.ascii_letters + " .é\U0001f600", max_size=60)
SENTENCE = "How do I reset the password of a shared family account without the old one?"


@given(words, words)
def test_that_likeness_is_symmetric_and_between_0_and_1(one, other):
    found = likeness(one, other)
    assert found == likeness(other, one)
    assert 0 <= found <= 1
    assert likeness(one, one) == 1


def test_that_likeness_is_the_share_of_pieces_two_texts_have_in_common():
    assert likeness("abcdefg", "abcdefh") == 2 / 4  # abcde, bcdef; cdefg against cdefh
    assert likeness("abcdefg", "uvwxyz") == 0
    assert likeness("abc", "abc") == 1
    assert likeness("abc", "abd") == 0
    assert likeness("", "") == 1
    assert likeness("", "abc") == 0


def test_that_case_and_spacing_make_no_difference():
    assert likeness("How  do I\nRESET it?", "how do i reset it?") == 1
    assert plain("\uff28ow ") == "how"


def test_that_only_pairs_across_sides_that_are_alike_enough_are_found():
    texts = [SENTENCE, SENTENCE.replace("old", "new"), "Something else altogether, about the weather.", SENTENCE]
    (near,) = near_across(texts[:3], [1, 0, 0])
    assert near[:2] == (0, 1)
    assert near.likeness == likeness(*texts[:2])
    assert near_across(texts[:3], [1, 0, 0], least=0.99) == ()
    assert near_across(texts[:3], [0, 0, 0]) == ()
    assert {one[:2] for one in near_across(texts, [1, 0, 0, 0])} == {(0, 1), (0, 3)}


def test_that_empty_texts_are_like_none():
    assert near_across(["", " ", "", SENTENCE], [0, 1, 0, 1]) == ()
    assert near_across([], []) == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 1)), max_size=14, unique=True), st.randoms())
def test_that_the_same_texts_in_another_order_give_the_same_pairs(rows, shuffle):
    known = [(f"{SENTENCE} Please answer for person {name * 4}.", side) for name, side in rows]

    def found(given):
        near = near_across([text for text, _ in given], [side for _, side in given])
        return {frozenset([given[one.first], given[one.second]]): one.likeness for one in near}

    other = list(known)
    shuffle.shuffle(other)
    assert found(known) == found(other)
    # Turning every label round changes no pair.
    turned = [(text, 1 - side) for text, side in known]
    assert len(found(turned)) == len(found(known))


def test_that_thousands_of_texts_from_one_template_are_compared():
    texts = [f"Tell me how to deal with case {n} of the fraud department in city {n % 97} today" for n in range(3000)]
    found = near_across(texts, [n % 2 for n in range(3000)])
    assert found
    assert all(one.first % 2 != one.second % 2 and one.likeness >= 0.7 for one in found)

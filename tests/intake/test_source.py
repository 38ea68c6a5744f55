"""The first look at a file."""

import pytest

from launchpad.intake.source import keys_within
from launchpad.intake.values import listed


def test_that_keys_are_told_by_the_brackets_open_around_them():
    words = b'\xef\xbb\xbf [{"name": {"split": "test", "a:b": 1}, "count": [{"deep": 1}]}, {"sum": 2}]'
    assert keys_within(words, "[{") == {"name", "count", "sum"}
    assert keys_within(words, "[{{") == {"split", "a:b"}
    assert keys_within(words, "[{[{") == {"deep"}
    assert keys_within(words, "{") == frozenset()


@pytest.mark.parametrize("words", [b"", b"a,b\n{", b'[{"open', b"[" * 60_000, b'{"a":' * 9_000, b'[{"\\"', b"]]]}}:::"])
def test_that_what_is_no_json_gives_no_keys_and_no_error(words):
    assert keys_within(words, "[{") == frozenset()
    assert keys_within(words, "{") <= {"a"}


def test_that_a_long_list_of_names_says_how_many_more_there_are():
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(number) for number in range(25)], 3) == "0, 1, 2 and 22 more"

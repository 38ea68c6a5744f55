"""The estimate of tokens against counts made with two published vocabularies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.policies.tokens import estimated_tokens

# Text, and its tokens by o200k (cl100k lies within 3 % for the English ones).
ENGLISH = (
    ("The answer tells a user to start, stop, skip or change the dose of a prescription medicine.", 20),
    ("Where two rules match, the one with the higher precedence holds; cite it by its id, MED-07.", 23),
)
OTHERS = (
    ("Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.", 24),
    ("Todos los seres humanos nacen libres e iguales en dignidad y derechos.", 15),
    ("سبحان الذي", 4),
    ("すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。", 35),
)


@pytest.mark.parametrize(("text", "counted"), ENGLISH)
def test_that_english_is_estimated_within_a_tenth(text, counted):
    assert estimated_tokens(text) == pytest.approx(counted, rel=0.1)


@pytest.mark.parametrize(("text", "counted"), OTHERS)
def test_that_other_languages_are_estimated_within_a_third(text, counted):
    assert estimated_tokens(text) == pytest.approx(counted, rel=0.34)


@given(st.text(), st.text())
def test_that_more_text_is_never_fewer_tokens(first, second):
    assert estimated_tokens(f"{first} . {second}") >= estimated_tokens(first)


def test_that_nothing_is_no_token():
    assert estimated_tokens("") == 0

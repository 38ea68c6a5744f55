"""Which way an endpoint is held to the labels, found out before any item leaves."""

import json

import pytest

from launchpad.endpoints.answers import Scores
from launchpad.endpoints.asking import Question, ask, ask_moderation, grammar_of, manner_of
from launchpad.endpoints.endpoint import EndpointError
from tests.endpoints.server import FIELDS, Local, says

CHOICES = ('{"label": "safe", "clauses": []}', '{"label": "violates", "clauses": ["P-01"]}')
QUESTION = Question(({"role": "user", "content": "BAD"},), "BAD", CHOICES, None)


def manner(talk, **other):
    with talk(**other) as connection:
        return manner_of(connection)


@pytest.mark.parametrize(
    ("offers", "way", "field"),
    [
        (FIELDS, "choice", "structured_outputs"),
        (FIELDS[1:], "choice", "guided_choice"),
        (FIELDS[2:], "choice", "grammar"),
        (FIELDS[3:], "schema", "response_format"),
        ((), "parsing", ""),
    ],
)
@pytest.mark.parametrize("refuses", [False, True])
def test_that_ways_are_tried_in_order_whether_refused_or_silently_ignored(talk, local, offers, way, field, refuses):
    local.offers = frozenset(offers)
    local.refuses = frozenset(FIELDS) - local.offers if refuses else frozenset()
    found = manner(talk)
    assert (found.way, found.field) == (way, field)
    missed = [words for words in found.told if not words.endswith("held")]
    assert len(missed) == len(
        [name for name in FIELDS if name not in offers][: 4 if not field else FIELDS.index(field)]
    )
    assert all(words.endswith("refused" if refuses else "ignored") for words in missed)


def test_that_no_word_of_a_project_is_in_these_questions(talk, local):
    manner(talk)
    assert "ITEM" not in json.dumps(local.asked)
    assert all("hello" in json.dumps(one) for one in local.asked)


def test_that_parameters_refused_by_name_are_left_out_or_called_otherwise(talk, local):
    local.unknown = frozenset({"max_tokens", "temperature", "seed", "logprobs"})
    found = manner(talk)
    assert found.without == local.unknown
    assert found.way == "choice"
    with talk() as connection:
        ask(connection, found, QUESTION)
    last = local.asked[-1]
    assert last["max_completion_tokens"] == 512
    assert not {*local.unknown, "top_logprobs"} & set(last)


def test_that_an_answer_can_only_be_one_of_those_given(talk, local):
    found = manner(talk)
    with talk() as connection:
        told = ask(connection, found, QUESTION)
    assert told.said.text == CHOICES[1]
    assert told.said.tokens
    assert json.loads(told.body) == local.asked[-1]


def test_that_votes_differ_by_their_seed_alone(talk, local):
    found = manner(talk)
    with talk(temperature=0.7) as connection:
        for vote in (1, 2, 2):
            ask(connection, found, QUESTION, vote=vote)
    first, second, again = local.asked[-3:]
    assert (first.pop("seed"), second["seed"], again["seed"]) == (1, 2, 2)
    assert second == again
    second.pop("seed")
    assert first == second


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("401", "lets nobody in without a key"),
        ("busy", "no more requests"),
        ("html", "web page"),
        ("prose", "no JSON"),
        ("500", "status 500"),
    ],
)
def test_that_an_endpoint_that_does_not_answer_is_refused_with_what_to_do(talk, local, step, words):
    local.script = [step]
    with pytest.raises(EndpointError, match=words) as refused:
        manner(talk)
    assert refused.value.hint


def test_that_a_model_nobody_has_is_refused(talk):
    with pytest.raises(EndpointError, match="no model 'absent'"):
        manner(talk, model="absent")


def test_that_nobody_at_home_is_refused(talk):
    with Local() as gone:
        url = gone.url
    with pytest.raises(EndpointError, match="cannot be reached"):
        manner(talk, url=url)


def test_that_text_completion_falls_back_to_chat(talk, local):
    with talk() as connection:
        assert manner_of(connection, raw=True, schema=False).path == "/completions"
    local.script = [lambda one: one.send_error(404)]
    with talk() as connection:
        found = manner_of(connection, raw=True, schema=False)
    assert (found.path, found.told[0]) == ("/chat/completions", "completions: not offered")


def test_that_a_model_that_thinks_is_given_its_whole_limit(talk, local):
    local.script = [says("", finish="length"), None]
    manner(talk, max_tokens=4000)
    assert [one["max_tokens"] for one in local.asked] == [24, 4000]


def test_that_a_schema_filled_with_blanks_still_counts_as_kept_to(talk, local):
    local.offers = frozenset()
    local.script = [None, None, None, None, says('{"qx7"  \t \t', finish="length")]
    assert manner(talk).way == "schema"


def test_that_a_grammar_says_exactly_the_choices():
    assert grammar_of(("unsafe\nS1", 'a "b"')) == 'root ::= "unsafe\\nS1" | "a \\"b\\""'


def test_that_a_moderation_endpoint_is_asked_for_its_scores(talk, local):
    with talk(model="mod") as connection:
        told = ask_moderation(connection, "BAD thing")
    assert local.asked == [{"model": "mod", "input": "BAD thing"}]
    assert isinstance(told.said, Scores)
    assert told.said.scores == {"violence": 0.9}

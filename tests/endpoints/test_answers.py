"""What an endpoint answered, read from bytes nobody vouches for."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchpad.endpoints.answers import Said, Scores, error_of, said_in, scores_in
from launchpad.endpoints.calling import Sent


def sent(body: object, status: int = 200, **other) -> Sent:
    text = body if isinstance(body, str) else json.dumps(body)
    return Sent(status, text, 1.0, "" if status == 200 else "status", **other)


def chat(content: object, **choice: object) -> Sent:
    return sent({"choices": [{"message": {"content": content}, **choice}]})


def test_that_words_are_read_from_chat_from_completions_and_from_parts():
    assert said_in(chat("safe")).text == "safe"
    assert said_in(sent({"choices": [{"text": "safe"}]})).text == "safe"
    assert said_in(chat([{"type": "text", "text": "sa"}, {"type": "text", "text": "fe"}, 7])).text == "safe"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (chat("saf", finish_reason="length"), "cut"),
        (chat(None, finish_reason="length"), "cut"),
        (chat("", finish_reason="content_filter"), "refused"),
        (sent({"choices": [{"message": {"content": None, "refusal": "I can't judge that."}}]}), "refused"),
        (sent({"error": {"code": "content_filter"}}, 400), "refused"),
        (sent({"error": {"innererror": {"code": "ResponsibleAIPolicyViolation"}}}, 400), "refused"),
        (sent({"error": {"code": 400, "message": "too long"}}, 400), "error"),
        (sent({"choices": []}), "error"),
        (sent({"choices": "none"}), "error"),
        (sent({"choices": [{"message": {"content": 7}}]}), "error"),
        (sent({"error": {"message": "no"}}), "error"),
        (sent("[1, 2]"), "error"),
        (sent("null"), "error"),
        (sent("NaN"), "error"),
    ],
)
def test_that_each_kind_of_answer_is_told_apart(answer, kind):
    found = said_in(answer)
    assert found.kind == kind
    assert (kind == "error") == bool(found.why)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (sent("<html><body>Sign in</body></html>"), "web page"),
        (sent("Sign in", content_type="text/html; charset=utf-8"), "web page"),
        (sent('data: {"choices": []}'), "stream"),
        (sent('{"choices": [{"mess'), "breaks off"),
        (sent("I feel well today."), "no JSON"),
        (sent("  "), "empty"),
        (sent('{"a":' * 100_000), "breaks off"),
        (sent('{"a":' * 70 + "1" + "}" * 70), "breaks off"),
        (Sent(0, "", 1.0, "timeout"), "in time"),
        (Sent(0, "", 1.0, "cut"), "broke off"),
        (Sent(200, "", 1.0, "encoded"), "compressed"),
        (sent({"detail": "no"}, 422), "status 422"),
    ],
)
def test_that_what_is_no_answer_is_said_in_our_own_words(answer, why):
    found = said_in(answer)
    assert why in found.why
    assert found.text == ""


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_that_any_json_is_an_answer_or_a_reason(body):
    for put in (
        body,
        {"choices": body},
        {"choices": [body]},
        {"choices": [{"message": body, "logprobs": body}]},
        {"results": [body]},
    ):
        text = json.dumps(put)
        assert isinstance(said_in(sent(text)), Said)
        assert isinstance(scores_in(sent(text)), Said | Scores)
        assert isinstance(error_of(sent(text, 400)), dict)


@given(st.text())
def test_that_any_words_are_an_answer_or_a_reason(words):
    assert said_in(sent(words)).kind in ("text", "cut", "refused", "error")


def test_that_token_chances_are_read_in_both_forms():
    new = {
        "content": [
            {
                "token": "sa",
                "logprob": -0.1,
                "top_logprobs": [{"token": "sa", "logprob": -0.1}, {"token": "un", "logprob": -2}],
            }
        ]
    }
    old = {"tokens": ["sa"], "token_logprobs": [-0.1], "top_logprobs": [{"sa": -0.1, "un": -2}]}
    for form in (new, old):
        (token,) = said_in(chat("safe", logprobs=form)).tokens
        assert (token.text, token.logprob, token.others) == ("sa", -0.1, {"sa": -0.1, "un": -2.0})
    odd = {"content": [{"token": "a", "logprob": "x"}, 7, {"token": None, "logprob": 9, "top_logprobs": 3}]}
    first, second, third = said_in(chat("safe", logprobs=odd)).tokens
    assert (first.logprob, second.text, third.logprob) == (-math.inf, "", 0.0)


def test_that_brackets_in_tokens_are_not_taken_for_depth():
    top = [{"token": sign, "logprob": -1.0} for sign in ("[[", "{", '"[', "\\[", "[\\") * 40]
    (token,) = said_in(
        chat("safe", logprobs={"content": [{"token": "[", "logprob": -0.1, "top_logprobs": top}]})
    ).tokens
    assert token.others["[["] == -1.0


def test_that_category_scores_are_read_and_only_if_they_are_shares():
    body = {
        "results": [{"categories": {"hate": True, "violence": False}, "category_scores": {"hate": 0.9, "violence": 0}}]
    }
    found = scores_in(sent(body))
    assert isinstance(found, Scores)
    assert (found.scores, found.flagged) == ({"hate": 0.9, "violence": 0.0}, {"hate"})
    for bad in ({"hate": 1.5}, {"hate": "high"}, {"hate": None}, {}, {"hate": True}):
        none = scores_in(sent({"results": [{"category_scores": bad}]}))
        assert isinstance(none, Said)
        assert none.why.startswith("The answer has no category scores")

"""What a model may answer to a compiled prompt, how its words are read, and how sure it was."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from launchpad.endpoints.answers import Token
from launchpad.policies.compile_prompts import Prompt
from launchpad.policies.contract import LABELS, Answer

MOST_SCANNED = 200
HIDDEN = 0.1
_THINKING = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_REFUSAL = re.compile(
    r"""\A\W*(?: i['\u2019]?m\s+(?:very\s+)?sorry | i\s+am\s+(?:very\s+)?sorry | sorry\b
        | (?:i|we)\s+(?:can['\u2019]?t|cannot|can\s+not|won['\u2019]?t|will\s+not|am\s+not\s+able|am\s+unable)
        | i['\u2019]?m\s+(?:not\s+able|unable) | as\s+an\s+ai\b )""",
    re.VERBOSE | re.IGNORECASE,
)
# Where the verdict stands in each form of answer, and how each begins there.
_BEFORE: Mapping[str, str] = {"chat": '"label":', "gpt_oss_safeguard": '"violation":', "llama_guard": ""}
_VERDICTS: Mapping[str, Mapping[str, str]] = {
    "chat": {label: label for label in LABELS},
    "gpt_oss_safeguard": {"1": "violates", "0": "safe"},
    "llama_guard": {"unsafe": "violates", "safe": "safe"},
}


def choices_of(prompt: Prompt) -> tuple[str, ...]:
    """Every answer with at most one clause that the contract of a prompt allows: what a model is held to choose from.

    So held, it cites one clause where several forbid.
    """
    if prompt.rendering == "llama_guard":
        return ("safe", *(f"unsafe\n{code}" for code in prompt.codes))
    make = _chat_choice if prompt.rendering == "chat" else _safeguard_choice
    return tuple(json.dumps(make(label, code), ensure_ascii=False) for label, code in _verdicts(prompt))


def read_said(prompt: Prompt, text: str, *, strict: bool) -> Answer:
    """What an answer says: label, refused or unparsable.

    Without `strict` (the endpoint holds nobody to a form) a leading block of thoughts is passed over, and a single
    answer to the letter of the contract may stand among other words; two that differ are none.
    """
    bare = _THINKING.sub("", text, count=1)
    found = prompt.read(bare.strip() if prompt.rendering == "llama_guard" else bare)
    if found.outcome == "label":
        return found
    if not strict and prompt.rendering != "llama_guard":
        among = {answer for answer in _among(prompt, bare) if answer.outcome == "label"}
        if len(among) == 1:
            return among.pop()
        if among:
            return Answer("unparsable", why="two verdicts that differ")
    return Answer("refused", why="it declines to judge") if _REFUSAL.match(bare) else found


def score_of(rendering: str, tokens: Sequence[Token]) -> float | None:
    """The chance of a violation among the verdicts an answer could have begun with, 0 to 1, from its token chances.

    At the token where the verdict begins, the chances of all that begin each verdict are added; a verdict not among
    the likeliest tokens counts as 0. None where the token or its chances are not told, where the verdict that was given
    is itself not among the likeliest (a constraint chose what the model would not have said), and where those that are
    not could be a tenth of all: each has at most the chance of the least likely token that is told.
    """
    place = _verdict_at(rendering, tokens)
    if place is None:
        return None
    token, skipped = place
    chances = dict.fromkeys(_VERDICTS[rendering].values(), 0.0)
    for text, logprob in token.others.items():
        label = _begins(rendering, text, token.text[:skipped])
        if label is not None:
            chances[label] += math.exp(logprob)
    given = _begins(rendering, token.text, token.text[:skipped])
    total = sum(chances.values())
    if given is None or total <= 0 or token.text not in token.others:
        return None
    hidden = sum(chance == 0 for chance in chances.values()) * math.exp(min(token.others.values()))
    if hidden > HIDDEN * total:
        return None
    return min(chances["violates"] / total, 1.0)


def _verdicts(prompt: Prompt) -> Iterator[tuple[str, str | None]]:
    yield "safe", None
    for code, kind in prompt.kinds.items():
        if kind == "violates":
            yield "violates", code
            yield "escalate", code
        else:
            yield "safe", code


def _chat_choice(label: str, code: str | None) -> Mapping[str, Any]:
    return {"label": label, "clauses": [] if code is None else [code]}


def _safeguard_choice(label: str, code: str | None) -> Mapping[str, Any]:
    violates = label != "safe"
    return {
        "violation": int(violates),
        "policy_category": code if violates else None,
        "rule_ids": [] if code is None else [code],
        "escalate": label == "escalate",
    }


def _among(prompt: Prompt, text: str) -> Iterator[Answer]:
    """Each JSON object inside a text, read by the contract; the objects inside one that was read are passed over."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(MOST_SCANNED):
        at = text.find("{", at)
        if at < 0:
            return
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        yield prompt.read(text[at:end])
        at = end


def _verdict_at(rendering: str, tokens: Sequence[Token]) -> tuple[Token, int] | None:
    """The token in which the verdict begins, and how many signs of it stand before the verdict."""
    text = "".join(token.text for token in tokens)
    before = _BEFORE[rendering]
    at = text.rfind(before) if before else 0
    if at < 0:
        return None
    at += len(before)
    at += len(text[at:]) - len(text[at:].lstrip())
    if rendering == "chat" and text[at : at + 1] == '"':
        at += 1
    passed = 0
    for token in tokens:
        if passed <= at < passed + len(token.text):
            return token, at - passed
        passed += len(token.text)
    return None


def _begins(rendering: str, text: str, before: str) -> str | None:
    """The verdict that a token begins, after what stands before the verdict in it; None for any other token."""
    if not text.startswith(before):
        return None
    rest = text[len(before) :].rstrip()
    if rendering == "chat":
        rest = rest.rstrip('"},')
    names = _VERDICTS[rendering].items()
    fits = [label for name, label in names if rest and (name.startswith(rest) or rest.startswith(name))]
    return fits[0] if len(fits) == 1 else None

"""What an endpoint answered, read from bytes that nobody vouches for: text, a refusal, token chances, or why not."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from launchpad.endpoints.calling import MAX_BODY, Sent

DEEPEST = 64
_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
FILTERED = ("content_filter", "content_policy_violation", "responsibleaipolicyviolation")


@dataclass(frozen=True, slots=True)
class Token:
    """One token of an answer and what could have stood there: each text with the logarithm of its chance."""

    text: str
    logprob: float
    others: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. `kind` is text, refused, cut (at the limit of tokens) or error; an error says `why` in our words.

    `raw` is what came back, for keeping: the words of the model, or of what stood in their place.
    """

    kind: str
    text: str = ""
    raw: str = ""
    why: str = ""
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """What a moderation endpoint said of one text: each category's score, and which it flags itself."""

    scores: Mapping[str, float]
    flagged: frozenset[str]
    raw: str


def said_in(sent: Sent) -> Said:
    """The first choice of a chat completion or completion, or why there is none."""
    found = _document(sent)
    if isinstance(found, Said):
        return found
    choice = _first(found.get("choices"))
    message = _mapping(choice.get("message"))
    text = message.get("content") if message else choice.get("text")
    refusal = message.get("refusal")
    if isinstance(refusal, str) and refusal.strip():
        return Said("refused", raw=refusal)
    if choice.get("finish_reason") == "content_filter":
        return Said("refused", raw=_kept(found))
    if message and text is None:
        text = ""  # a model that thinks reached its limit before it said anything
    if isinstance(text, list):
        text = "".join(_parts(cast("list[object]", text)))
    if not isinstance(text, str):
        return Said("error", raw=_kept(found), why="The answer has none of the fields of a completion.")
    kind = "cut" if choice.get("finish_reason") == "length" else "text"
    return Said(kind, text=text, raw=text, tokens=tuple(_tokens(_mapping(choice.get("logprobs")))))


def scores_in(sent: Sent) -> Scores | Said:
    """The category scores of a moderation answer, or why there are none."""
    found = _document(sent)
    if isinstance(found, Said):
        return found
    result = _first(found.get("results"))
    given = _mapping(result.get("category_scores"))
    scores = {name: score for name, value in given.items() if (score := _share(value)) is not None}
    flags = _mapping(result.get("categories"))
    if not scores or len(scores) != len(given):
        why = "The answer has no category scores between 0 and 1."
        return Said("error", raw=_kept(found), why=why)
    return Scores(scores, frozenset(name for name, flag in flags.items() if flag is True), _kept(result))


def error_of(sent: Sent) -> Mapping[str, Any]:
    """What an error answer says of itself (message, param, code ...), as far as it is JSON; empty otherwise."""
    found = _json(sent.text)
    if found is None:
        return {}
    return _mapping(found.get("error")) or found


def _document(sent: Sent) -> Mapping[str, Any] | Said:
    """The JSON object of an answer, or why there is none."""
    if sent.kind in _FAILED:
        return Said("error", raw=sent.text, why=_FAILED[sent.kind])
    if sent.kind == "status":
        error = error_of(sent)
        codes = json.dumps([error.get("code"), error.get("type"), error.get("innererror")]).casefold()
        if any(word in codes for word in FILTERED):
            return Said("refused", raw=sent.text)
        return Said("error", raw=sent.text, why=f"The endpoint answered with the status {sent.status}.")
    found = _json(sent.text)
    if found is None:
        return Said("error", raw=sent.text, why=_no_json(sent))
    if "error" in found and "choices" not in found and "results" not in found:
        return Said("error", raw=sent.text, why="The endpoint answered with an error.")
    return found


_FAILED = {
    "timeout": "No answer came in time.",
    "unreachable": "The host could not be reached.",
    "cut": "The connection broke off.",
    "too_big": f"The answer was longer than {MAX_BODY:,} bytes.",
    "encoded": "The answer is compressed, which was not asked for.",
}


def _no_json(sent: Sent) -> str:
    begin = sent.text.lstrip()[:200].casefold()
    if "html" in sent.content_type or begin.startswith(("<!doctype html", "<html")):
        return "The answer is a web page."
    if begin.startswith(("data:", "event:", ":")):
        return "The answer is a stream, which was not asked for."
    if begin.startswith(("{", "[")):
        return "The answer is JSON that breaks off or is damaged."
    return "The answer is no JSON." if begin else "The answer is empty."


def _json(text: str) -> Mapping[str, Any] | None:
    """The JSON object that a text is; None when it is none, or nested absurdly deep."""
    if not text.lstrip().startswith("{") or _depth(text) > DEEPEST:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else None


def _depth(text: str) -> int:
    """How deep brackets are nested, those inside strings left out: a token may be a bracket that nothing closes."""
    deepest = depth = 0
    for sign in _STRINGS.sub("", text):
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _tokens(given: Mapping[str, Any]) -> Iterator[Token]:
    """Tokens with their chances, in the form of chat completions or in the older one of completions."""
    listed = given.get("content")
    if isinstance(listed, list):
        for one in map(_mapping, cast("list[object]", listed)):
            others = [_mapping(other) for other in _sequence(one.get("top_logprobs"))]
            yield Token(_words(one.get("token")), _log(one.get("logprob")), dict(map(_pair, others)))
        return
    columns = [_sequence(given.get(name)) for name in ("tokens", "token_logprobs", "top_logprobs")]
    for token, log, others in zip(*columns, strict=False):
        yield Token(_words(token), _log(log), {_words(text): _log(one) for text, one in _mapping(others).items()})


def _pair(one: Mapping[str, Any]) -> tuple[str, float]:
    return _words(one.get("token")), _log(one.get("logprob"))


def _log(value: object) -> float:
    """A logarithm of a chance; minus infinity for what is none."""
    number = isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
    return min(float(cast("float", value)), 0.0) if number else -math.inf


def _share(value: object) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(cast("float", value)) if number and 0 <= cast("float", value) <= 1 else None


def _parts(listed: Sequence[object]) -> Iterator[str]:
    for part in map(_mapping, listed):
        yield _words(part.get("text"))


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _sequence(value: object) -> Sequence[object]:
    return cast("Sequence[object]", value) if isinstance(value, list) else ()


def _first(value: object) -> Mapping[str, Any]:
    listed = _sequence(value)
    return _mapping(listed[0]) if listed else {}


def _kept(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

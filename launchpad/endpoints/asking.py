"""How an endpoint is asked so that it can only answer with a label, found out by questions that hold no item.

The ways, tried in this order: constrained choice (`structured_outputs` of vLLM since 0.12, `guided_choice` before,
`grammar` of llama.cpp), JSON Schema (`response_format`), then free text. An endpoint may refuse a field or silently
ignore it; so each way is tried with an answer that nobody would give of their own accord.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from launchpad.endpoints.answers import Said, Scores, error_of, said_in, scores_in
from launchpad.endpoints.calling import Connection, Sent, body_of, post
from launchpad.endpoints.endpoint import EndpointError
from launchpad.endpoints.keys import redacted

CHAT, TEXT, MODERATION = "/chat/completions", "/completions", "/moderations"
S = TypeVar("S", bound=Said | Scores)
TOP, TOP_RAW = 20, 100  # the most that is offered; llama.cpp tells chances as they are before its grammar
ODD = ("qx7", "zk9")
FEW = 24
LONGEST_RAW = 40_000
HELLO = "Say hello in one word."
_MARKS = re.compile(r"[^a-z_]+")
# What an endpoint may refuse, and what is sent in its place; None: it is left out.
INSTEAD: Mapping[str, tuple[str, ...] | None] = {
    "max_tokens": ("max_completion_tokens",),
    "temperature": None,
    "seed": None,
    "logprobs": None,
    "top_logprobs": None,
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How this endpoint takes questions: the path, the way answers are held to, the field for it, what it refuses.

    `way` is choice, schema or parsing. `told` says how each way that was tried before was met.
    """

    path: str = CHAT
    way: str = "parsing"
    field: str = ""
    without: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: messages or raw text, the answers to choose from, and the schema of an answer (or None)."""

    messages: Sequence[Mapping[str, str]] = ()
    text: str = ""
    choices: Sequence[str] = ()
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Told(Generic[S]):
    """One call: the exact bytes sent, and what came back with its latency in milliseconds and number of tries."""

    body: bytes = field(repr=False)
    said: S
    latency_ms: float
    status: int
    tries: int


def manner_of(connection: Connection, *, raw: bool = False, schema: bool = True) -> Manner:
    """How an endpoint is to be asked, from up to five small questions that hold nothing of the project.

    With `raw` by text completion, if it offers that; without `schema` answers are lines, which no JSON Schema fits.
    Raises EndpointError when it answers none of them.
    """
    full = connection.endpoint
    small = replace(connection, endpoint=replace(full, max_tokens=min(full.max_tokens, FEW)))
    manner, said = _adjusted(small, Manner(TEXT if raw else CHAT), _HELLO)
    if raw and said.kind == "error":
        manner, said = _adjusted(small, Manner(CHAT, told=("completions: not offered",)), _HELLO)
    if said.kind == "error":
        raise EndpointError(f"{full.host} does not answer: {said.why}", "Check its address and model.")
    thinks = not said.text.strip() or "<think" in said.text
    for way, name in _ways(schema=schema):
        tried = replace(manner, way=way, field=name)
        outcome = _held(connection if thinks else small, tried)
        if outcome == "held":
            return replace(tried, told=(*manner.told, f"{name}: held"))
        manner = replace(manner, told=(*manner.told, f"{name}: {outcome}"))
    return manner


def ask(connection: Connection, manner: Manner, question: Question, *, vote: int = 1) -> Told[Said]:
    """The answer to a question; votes differ by their seed. Raises as `post`, and EndpointError as `refuse_dead`."""
    body = body_of(_request(connection, manner, question, vote))
    sent = post(connection, manner.path, body)
    refuse_dead(connection, sent)
    said = said_in(sent)
    kept = redacted(said.raw[:LONGEST_RAW], connection.key)
    return Told(body, replace(said, raw=kept), sent.latency_ms, sent.status, sent.tries)


def ask_moderation(connection: Connection, text: str) -> Told[Said | Scores]:
    """What the moderation endpoint says of a text; raises as `ask`."""
    body = body_of({"model": connection.endpoint.model, "input": text})
    sent = post(connection, MODERATION, body)
    refuse_dead(connection, sent)
    said = scores_in(sent)
    kept = redacted(said.raw[:LONGEST_RAW], connection.key)
    return Told(body, replace(said, raw=kept), sent.latency_ms, sent.status, sent.tries)


def refuse_dead(connection: Connection, sent: Sent) -> None:
    """Raise EndpointError where no further item would fare better: no access, no such model, nobody there, no quota."""
    host, model = connection.endpoint.host, connection.endpoint.model
    if sent.kind == "unreachable":
        raise EndpointError(f"{host} cannot be reached.", "Check that it runs, and its address.")
    if sent.status in (401, 403):
        hint = "Name a key that it takes: --key-env NAME or --key-ring NAME."
        way = "without a key" if connection.key.secret is None else f"with the {connection.key}"
        raise EndpointError(f"{host} lets nobody in {way} (status {sent.status}).", hint)
    if sent.status in (404, 405):
        hint = "Check the address (often it ends in /v1) and the model."
        raise EndpointError(f"{host} has no such endpoint, or no model {model!r} (status {sent.status}).", hint)
    if sent.status in (402, 429):
        hint = "Wait, lower --rate, or check the quota; then go on with --resume."
        raise EndpointError(f"{host} lets no more requests through (status {sent.status}).", hint)


def grammar_of(choices: Sequence[str]) -> str:
    """A GBNF grammar of exactly these answers, as llama.cpp reads it."""
    return "root ::= " + " | ".join(json.dumps(choice, ensure_ascii=False) for choice in choices)


_HELLO = Question(({"role": "user", "content": HELLO},), HELLO)


def _ways(*, schema: bool) -> Iterator[tuple[str, str]]:
    yield "choice", "structured_outputs"
    yield "choice", "guided_choice"
    yield "choice", "grammar"
    if schema:
        yield "schema", "response_format"


def _held(connection: Connection, manner: Manner) -> str:
    """Whether an endpoint keeps to a way: held, ignored, or refused."""
    schema = {
        "type": "object",
        "properties": {ODD[0]: {"type": "string", "enum": [ODD[1]]}},
        "required": [ODD[0]],
        "additionalProperties": False,
    }
    question = replace(_HELLO, choices=ODD, schema=schema)
    said = said_in(post(connection, manner.path, body_of(_request(connection, manner, question, 1))))
    if said.kind == "error":
        return "refused"
    if manner.way == "choice":
        return "held" if said.text.strip() in ODD else "ignored"
    try:
        return "held" if json.loads(said.text) == {ODD[0]: ODD[1]} else "ignored"
    except (ValueError, RecursionError):
        # A weak model may fill its limit with the blanks that a schema allows before the colon.
        begun = said.kind == "cut" and said.text.lstrip().startswith("{") and ODD[0] in said.text
        return "held" if begun else "ignored"


def _adjusted(connection: Connection, manner: Manner, question: Question) -> tuple[Manner, Said]:
    """The manner without the parameters that the endpoint refuses by name, and its last answer."""
    for _ in INSTEAD:
        sent = post(connection, manner.path, body_of(_request(connection, manner, question, 1)))
        if manner.path != TEXT or sent.status not in (404, 405):
            refuse_dead(connection, sent)
        refused = _refused(sent, manner)
        if refused is None:
            return manner, said_in(sent)
        manner = replace(manner, without=manner.without | {refused})
    return manner, said_in(sent)  # pyright: ignore[reportPossiblyUnboundVariable] - INSTEAD is not empty


def _refused(sent: Sent, manner: Manner) -> str | None:
    """The parameter that an error answer names, if it is one that can be left out or called otherwise."""
    if sent.status not in (400, 422):
        return None
    error = error_of(sent)
    words = _MARKS.split(f"{error.get('param', '')} {error.get('message', '')} {error.get('detail', '')}".casefold())
    return next((name for name in INSTEAD if name in words and name not in manner.without), None)


def _request(connection: Connection, manner: Manner, question: Question, vote: int) -> dict[str, Any]:
    """The request: question, sampling, and the field that holds the answer to its labels."""
    endpoint = connection.endpoint
    chat = manner.path == CHAT
    asked: dict[str, Any] = {"model": endpoint.model, "stream": False}
    asked |= {"messages": list(question.messages)} if chat else {"prompt": question.text}
    sampling: dict[str, Any] = {"temperature": endpoint.temperature, "max_tokens": endpoint.max_tokens}
    top = TOP_RAW if manner.field == "grammar" else TOP
    sampling |= {"logprobs": True, "top_logprobs": top} if chat else {"logprobs": top}
    if endpoint.seed is not None:
        sampling["seed"] = endpoint.seed + vote - 1
    for name, value in sampling.items():
        if name not in manner.without:
            asked[name] = value
        elif (other := INSTEAD.get(name)) is not None:
            asked[other[0]] = value
    if "logprobs" in manner.without:
        asked.pop("top_logprobs", None)
    return asked | _holding(manner, question)


def _holding(manner: Manner, question: Question) -> dict[str, Any]:
    choices = list(question.choices)
    if manner.field == "structured_outputs":
        return {"structured_outputs": {"choice": choices}}
    if manner.field == "guided_choice":
        return {"guided_choice": choices}
    if manner.field == "grammar":
        return {"grammar": grammar_of(choices)}
    if manner.field == "response_format" and question.schema is not None:
        schema = {"name": "verdict", "strict": True, "schema": question.schema}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    return {}

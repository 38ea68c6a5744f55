"""What a line of a samples file says was asked and answered: the prompt as sent, the answer before any filter."""

import json
from collections.abc import Mapping

from launchpad.intake.texts import spoken
from launchpad.intake.values import as_list, as_object, number

_CONVERSATION = '[{"'
MAX_REQUESTS = 1_000


def asked(line: Mapping[str, object]) -> str | None:
    """The prompt of the first request, of a conversation what was said to the model last; else the document."""
    for request in _requests(line):
        if (words := _prompt(request[0] if request else None)) is not None:
            return words
    return spoken(line.get("doc"))


def answered(line: Mapping[str, object]) -> str | None:
    """The first answer as generated, or of several choices the one the model held most likely."""
    responses = [_first(written) for written in as_list(line.get("resps"))[:MAX_REQUESTS]]
    requests = _requests(line)
    if responses and isinstance(responses[0], str):
        # With nothing but a text in the request, its likelihood was measured and nothing was answered.
        return None if requests and len(requests[0]) == 1 else responses[0]
    likely = [_number(_first(response)) for response in responses]
    known = [(value, place) for place, value in enumerate(likely) if value is not None]
    choices = [request[1] if len(request) > 1 else None for request in requests]
    best = max(known, default=(0.0, len(choices)))[1]
    chosen = choices[best] if best < len(choices) else None
    return chosen if isinstance(chosen, str) else None


def _requests(line: Mapping[str, object]) -> list[list[object]]:
    """The arguments of each request; early versions write them as arrays, later ones under arg_0, arg_1."""
    written = line.get("arguments")
    requests = list(as_object(written).values()) or as_list(written)
    return [list(as_object(request).values()) or as_list(request) for request in requests[:MAX_REQUESTS]]


def _prompt(written: object) -> str | None:
    """The prompt; what was said last where it is a conversation written as JSON within a text."""
    words = spoken(written)
    if words is None or not words.startswith(_CONVERSATION):
        return words
    try:
        turns = [as_object(turn) for turn in as_list(json.loads(words))]
    except (ValueError, RecursionError):
        return words
    said = [spoken(turn.get("content")) for turn in turns if turn.get("role") == "user"]
    return said[-1] if said else words


def _first(written: object) -> object:
    return next(iter(as_list(written)), None)


def _number(written: object) -> float | None:
    """A log-likelihood, which later versions write as text."""
    if isinstance(written, str):
        try:
            return number(float(written))
        except ValueError:
            return None
    return number(written)

"""An endpoint on this machine that answers as told: well in every way, or badly in every way that was ever seen."""

import contextlib
import json
import math
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

BAD = "BAD"
FIELDS = ("structured_outputs", "guided_choice", "grammar", "response_format")


class Local:
    """`offers` are the fields it keeps to; of the others it refuses those in `refuses` and ignores the rest.

    `script` holds what the next requests meet, in order (see `_SCRIPTED`, or any function of a handler); when it is
    used up, or holds None, an answer is given: violates where the item holds the word BAD, else safe. `talk` is what it
    says where nothing holds it, a function of the verdict. `asked` are the requests, `keys` their Authorization.
    """

    def __init__(self, *, offers=FIELDS, refuses=(), unknown=()) -> None:
        self.offers, self.refuses, self.unknown = frozenset(offers), frozenset(refuses), frozenset(unknown)
        self.script: list[Any] = []
        self.asked: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.keys: list[str | None] = []
        self.talk: Callable[[str], str] = lambda verdict: f"I would say that this is {verdict}."
        self.logprobs = True
        self.scores: Callable[[str], dict[str, float]] = lambda text: {"violence": 0.9 if BAD in text else 0.1}
        self.release = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def items(self) -> list[dict[str, Any]]:
        """The requests that held an item, in order."""
        return [one for one in self.asked if "ITEM" in json.dumps(one) or "CONVERSATION" in json.dumps(one)]

    def secure(self, certificate: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(local: Local) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        endpoint = local

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            asked = json.loads(body)
            local.asked.append(asked)
            local.bodies.append(body)
            local.keys.append(self.headers["authorization"])
            step = local.script.pop(0) if local.script else None
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                if step is None:
                    reply(self, *answered(local, self.path, asked))
                elif callable(step):
                    step(self)
                else:
                    _SCRIPTED[step](self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server has it
            """Stay silent."""

    return Handler


def reply(handler, status: int, body: object, **headers: str) -> None:
    """Send JSON, or words as they are."""
    words = body if isinstance(body, str) else json.dumps(body)
    handler.send_response(status)
    given = {"content_type": "application/json", "content_length": str(len(words.encode()))} | headers
    for name, value in given.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(words.encode())


def refusal(status: int, message: str, **more: object) -> Callable[[Any], None]:
    """A step of a script: an error answer."""
    return lambda handler: reply(handler, status, {"error": {"message": message, **more}})


def says(words: str, **more: Any) -> Callable[[Any], None]:
    """A step of a script: a completion that says this."""
    return lambda handler: reply(handler, 200, _completion("/v1/chat/completions", words, **more))


def busy(after: str) -> Callable[[Any], None]:
    """A step of a script: 429, to be tried again after this."""
    return lambda handler: reply(handler, 429, {"error": {"message": "slow down"}}, retry_after=after)


def answered(local: Local, path: str, asked: dict[str, Any]) -> tuple[int, Any]:
    """How a well-behaved endpoint answers."""
    if path.endswith("/moderations"):
        scores = local.scores(asked["input"])
        flags = {name: score >= 0.5 for name, score in scores.items()}
        return 200, {
            "id": "m",
            "results": [{"flagged": any(flags.values()), "categories": flags, "category_scores": scores}],
        }
    if asked["model"] == "absent":
        return 404, {"error": {"message": "no such model"}}
    for name in local.unknown:
        if name in asked:
            return 400, {"error": {"message": f"Unsupported parameter: '{name}'.", "param": name}}
    for name in FIELDS:
        if name in asked and name in local.refuses:
            return 400, {"error": {"message": f"extra fields not permitted: {name}"}}
    told = json.dumps(asked.get("messages", asked.get("prompt")))
    verdict = "violates" if BAD in told else "safe"
    words = _held(local, asked, verdict)
    if words is None:
        words = local.talk(verdict)
    return 200, _completion(path, words, logprobs=local.logprobs and "logprobs" in asked)


def _held(local: Local, asked: dict[str, Any], verdict: str) -> str | None:
    """What can only be answered under the field that is kept to; None when none is."""
    held = next((name for name in FIELDS if name in asked and name in local.offers), None)
    if held is None:
        return None
    if held == "response_format":
        schema = asked["response_format"]["json_schema"]["schema"]
        return json.dumps({name: _value(one, verdict) for name, one in schema["properties"].items()})
    if held == "grammar":
        choices = [json.loads(words) for words in re.findall(r'"(?:[^"\\]|\\.)*"', asked["grammar"])]
    else:
        choices = asked[held]["choice"] if held == "structured_outputs" else asked[held]
    return next((words for words in choices if _means(words) == verdict), choices[0])


def _means(words: str) -> str | None:
    if words.startswith("{"):
        found = json.loads(words)
        return found.get("label") or ("violates" if found["violation"] else "safe")
    return {"unsafe": "violates", "safe": "safe"}.get(words.partition("\n")[0])


def _value(schema: dict[str, Any], verdict: str) -> Any:
    if schema["type"] == "array":
        codes = schema["items"]["enum"]
        return codes[:1] if verdict == "violates" else []
    if schema.get("enum") == [0, 1]:
        return int(verdict == "violates")
    if schema["type"] == "boolean":
        return False
    if schema["type"] == ["string", "null"]:
        return schema["enum"][0] if verdict == "violates" else None
    return verdict if verdict in schema["enum"] else schema["enum"][0]


def _completion(
    path: str, words: str, *, finish: str = "stop", logprobs: bool = False, **message: Any
) -> dict[str, Any]:
    choice: dict[str, Any] = {"index": 0, "finish_reason": finish}
    if path.endswith("/chat/completions"):
        choice["message"] = {"role": "assistant", "content": words, **message}
    else:
        choice["text"] = words
    if logprobs:
        choice["logprobs"] = {"content": list(_tokens(words))}
    return {"id": "c", "object": "chat.completion", "model": "m", "choices": [choice]}


def _tokens(words: str) -> Iterator[dict[str, Any]]:
    """Tokens of words; where a verdict stands it had a chance of .95, and the other one of .05."""
    for part in re.split(r"(violates|unsafe|safe|(?<=\"violation\": )[01])", words):
        other = {"violates": "safe", "unsafe": "safe", "safe": "violates", "0": "1", "1": "0"}.get(part)
        if other == "violates" and not words.startswith("{"):
            other = "unsafe"
        chances = {part: 0.95, other: 0.05} if other else {part: 0.99}
        top = [{"token": text, "logprob": math.log(chance)} for text, chance in chances.items() if text]
        if part:
            yield {"token": part, "logprob": math.log(chances[part]), "top_logprobs": top}


def _garbage(handler) -> None:
    """A body without end."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.close_connection = True
    for _ in range(100_000):
        if handler.endpoint.release.is_set():
            return
        handler.wfile.write(b'{"choices": [' + b"x" * 65_536)


def _drip(handler) -> None:
    """A byte now and then, so that no single read ever takes too long."""
    handler.send_response(200)
    handler.send_header("content-length", "1000000")
    handler.end_headers()
    handler.close_connection = True
    while not handler.endpoint.release.wait(0.05):
        handler.wfile.write(b" ")


def _hang(handler) -> None:
    handler.close_connection = True
    handler.endpoint.release.wait(30)


def _close(handler) -> None:
    handler.close_connection = True


def _half(handler) -> None:
    """Fewer bytes than were announced."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"mess')
    handler.close_connection = True


def _echo(handler) -> None:
    """An error that tells the key, as some proxies do."""
    key = handler.headers["authorization"]
    reply(handler, 500, {"error": {"message": f"upstream said no to Authorization: {key}"}})


def _stream(handler) -> None:
    reply(
        handler,
        200,
        'data: {"choices": [{"delta": {"content": "sa"}}]}\n\ndata: [DONE]\n',
        content_type="text/event-stream",
    )


def _packed(handler) -> None:
    reply(handler, 200, "H4sIAAAA", content_encoding="gzip")


_SCRIPTED: dict[str, Callable[[Any], None]] = {
    "garbage": _garbage,
    "drip": _drip,
    "hang": _hang,
    "close": _close,
    "half": _half,
    "echo": _echo,
    "stream": _stream,
    "packed": _packed,
    "html": lambda one: reply(one, 200, "<!DOCTYPE html><html><body>Sign in</body></html>", content_type="text/html"),
    "prose": lambda one: reply(one, 200, "The service is having a rest.", content_type="text/plain"),
    "broken json": lambda one: reply(one, 200, '{"choices": [{"message": {"content": "sa'),
    "no choices": lambda one: reply(one, 200, {"id": "c", "object": "chat.completion"}),
    "empty": lambda one: reply(one, 200, ""),
    "error in 200": lambda one: reply(one, 200, {"error": {"message": "no"}}),
    "deep": lambda one: reply(one, 200, '{"a":' * 100_000),
    "busy": busy("0"),
    "500": refusal(500, "broken"),
    "401": refusal(401, "who are you"),
    "filtered": refusal(400, "filtered", code="content_filter"),
    "elsewhere": lambda one: reply(one, 307, "", location="http://192.0.2.1/v1/chat/completions"),
    "around": lambda one: reply(one, 307, "", location="/v1/chat/completions?again"),
}

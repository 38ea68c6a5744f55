"""One request and its answer: bounded in size and time, tried again where that helps, and stopped when asked.

A connection holds an event loop of its own, so that a person's wish to stop is heard while an answer is waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import json
import time
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from launchpad.endpoints.endpoint import Endpoint, EndpointError, same_place
from launchpad.endpoints.keys import NO_KEY, Key, refuse_open_road, without_key

if TYPE_CHECKING:
    import httpx  # imported where it is used: the rest of the program starts without it

MAX_BODY = 4_000_000
MAX_REDIRECTS = 3
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
LONGEST_WAIT = 600.0
LONGEST_BACKOFF = 60.0
ABSENT = 2  # further tries at a host that nobody answers at
BEAT = 0.1

Heard = Callable[[str], None]
"""Told what is being waited for, ten times a second; raises CancelledError when the person wants to stop."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back: the status, the body as text without the key, and the milliseconds that the last try took.

    `kind` is "" for an answer with status 200; else too_big, timeout, unreachable, cut, encoded, or status.
    """

    status: int
    text: str
    latency_ms: float
    kind: str = ""
    tries: int = 1
    retry_after: float | None = None
    content_type: str = ""


@dataclass(slots=True)
class Pace:
    """When the next request may start, by the clock of this machine."""

    apart: float
    next_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Connection:
    """An endpoint that is being talked to."""

    endpoint: Endpoint
    key: Key = field(repr=False)
    client: httpx.AsyncClient = field(repr=False)
    runner: asyncio.Runner = field(repr=False)
    pace: Pace
    heard: Heard


def nobody(words: str) -> None:
    """Hear nothing and stop nothing."""


@contextmanager
def connected(endpoint: Endpoint, key: Key = NO_KEY, heard: Heard = nobody) -> Generator[Connection]:
    """A connection to an endpoint, closed again whatever happens; no request is sent by this.

    Raises EndpointError when the key would travel readable by others.
    """
    import httpx

    refuse_open_road(endpoint, key)
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(
            timeout=httpx.Timeout(endpoint.timeout),
            follow_redirects=False,
            trust_env=not endpoint.stays_here,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "launchpad"},
            limits=httpx.Limits(max_connections=1),
        )
        pace = Pace(60.0 / endpoint.rate if endpoint.rate else 0.0)
        try:
            yield Connection(endpoint, key, client, runner, pace, heard)
        finally:
            runner.run(client.aclose())


def body_of(asked: Mapping[str, Any]) -> bytes:
    """A request as the bytes that are sent; the same question gives the same bytes, and so the same hash."""
    return json.dumps(asked, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def post(connection: Connection, path: str, body: bytes) -> Sent:
    """The answer to a request, after as many tries as the endpoint allows.

    A busy or broken endpoint (408, 429, 5xx, a time-out, a cut connection) is asked again after Retry-After, else
    after 1, 2, 4 ... seconds. Raises EndpointError when it redirects elsewhere, its certificate is not to be trusted,
    or its name is not known; CancelledError when the person stopped it.
    """
    for attempt in range(connection.endpoint.retries + 1):
        _wait_turn(connection)
        sent = _follow(connection, path, body, attempt + 1)
        last = attempt == connection.endpoint.retries or (sent.kind == "unreachable" and attempt >= ABSENT)
        if last or not (sent.kind in ("timeout", "unreachable", "cut") or sent.status in AGAIN):
            return sent
        pause = min(2.0**attempt, LONGEST_BACKOFF) if sent.retry_after is None else sent.retry_after
        if pause > LONGEST_WAIT:
            return sent
        _wait(connection, pause, f"{connection.endpoint.host} is busy; trying again")
    raise AssertionError("range above is never empty")


def _follow(connection: Connection, path: str, body: bytes, tries: int) -> Sent:
    import httpx

    url = connection.endpoint.url + path
    for _ in range(MAX_REDIRECTS + 1):
        sent, location = _run(connection, _once(connection, url, body, tries))
        if location is None:
            return sent
        aim = str(httpx.URL(url).join(location))
        if not same_place(url, aim):
            raise EndpointError(
                f"{connection.endpoint.host} sends requests on to another host, {httpx.URL(aim).host or 'unknown'}.",
                "Nothing was sent there. If that is where the items should go, name that address.",
            )
        url = aim
    raise EndpointError(f"{connection.endpoint.host} redirects in a circle.", "Check the address.")


async def _once(connection: Connection, url: str, body: bytes, tries: int) -> tuple[Sent, str | None]:
    import httpx

    begun = time.monotonic()

    def failed(kind: str) -> tuple[Sent, None]:
        return Sent(0, "", _since(begun), kind, tries), None

    headers = {"Content-Type": "application/json", **connection.key.headers}
    try:
        async with (
            asyncio.timeout(connection.endpoint.timeout),
            connection.client.stream("POST", url, content=body, headers=headers) as reply,
        ):
            return await _read(connection, reply, begun, tries)
    except (TimeoutError, httpx.TimeoutException):
        return failed("timeout")
    except httpx.ConnectError as error:
        _refuse_distrust(connection, error)
        return failed("unreachable")
    except httpx.TransportError:
        return failed("cut")
    except (httpx.InvalidURL, UnicodeError) as error:
        raise EndpointError("The address of the endpoint cannot be reached.", "Check how it is written.") from error


async def _read(connection: Connection, reply: httpx.Response, begun: float, tries: int) -> tuple[Sent, str | None]:
    """The answer, read no further than its limit; and where it points to, if it redirects."""
    if reply.is_redirect:
        return Sent(reply.status_code, "", _since(begun), "status", tries), reply.headers["location"]
    kind = "" if reply.status_code == 200 else "status"
    if reply.headers.get("content-encoding", "identity").casefold() not in ("", "identity"):
        kind = "encoded"
    size, parts = 0, list[bytes]()
    if kind != "encoded":
        async for part in reply.aiter_raw():
            parts.append(part)
            size += len(part)
            if size > MAX_BODY:
                kind = "too_big"
                break
    text = without_key(b"".join(parts)[:MAX_BODY].decode("utf-8", "replace"), connection.key)
    after = _retry_after(reply.headers.get("retry-after"))
    shape = reply.headers.get("content-type", "")
    return Sent(reply.status_code, text, _since(begun), kind, tries, after, shape), None


def _refuse_distrust(connection: Connection, error: httpx.ConnectError) -> None:
    """Raise EndpointError where another try is of no use: a certificate, or a name nobody knows."""
    causes, cause = list[str](), error.__cause__ or error.__context__
    while cause is not None and len(causes) < 10:
        causes.append(f"{type(cause).__name__} {cause}")
        cause = cause.__cause__ or cause.__context__
    told = f"{error} {' '.join(causes)}".casefold()
    if "ssl" in told or "certificate" in told:
        raise EndpointError(
            f"The certificate of {connection.endpoint.host} is not to be trusted, so nothing was sent.",
            "Name the host by the name in its certificate, or point SSL_CERT_FILE to its authority.",
        ) from error
    if "name or service" in told or "nodename" in told or "getaddrinfo" in told or "name resolution" in told:
        raise EndpointError(
            f"Nobody knows a host called {connection.endpoint.host}.", "Check the address and the network."
        ) from error


def _run(connection: Connection, doing: Coroutine[Any, Any, tuple[Sent, str | None]]) -> tuple[Sent, str | None]:
    async def watched() -> tuple[Sent, str | None]:
        task = asyncio.ensure_future(doing)
        try:
            while not (await asyncio.wait({task}, timeout=BEAT))[0]:
                connection.heard("waiting for an answer")
        except BaseException:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            raise
        return task.result()

    return connection.runner.run(watched())


def _wait_turn(connection: Connection) -> None:
    pace = connection.pace
    _wait(connection, pace.next_at - time.monotonic(), "keeping to the rate")
    pace.next_at = time.monotonic() + pace.apart


def _wait(connection: Connection, seconds: float, why: str) -> None:
    until = time.monotonic() + seconds
    connection.heard("")
    while (left := until - time.monotonic()) > 0:
        connection.heard(f"{why}, {left:.0f} s")
        time.sleep(min(left, BEAT))


def _retry_after(words: str | None) -> float | None:
    """Seconds to wait, from a number or a date; None for anything else."""
    if not words:
        return None
    try:
        return max(float(words), 0.0) if words.strip().replace(".", "", 1).isdigit() else _until(words)
    except (ValueError, OverflowError):
        return None


def _until(words: str) -> float:
    moment = email.utils.parsedate_to_datetime(words)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def _since(begun: float) -> float:
    return (time.monotonic() - begun) * 1000

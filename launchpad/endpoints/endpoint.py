"""Where items would go: an address that is checked before anything leaves, and the one error of this room."""

import ipaddress
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit

from launchpad.errors import InvalidValueError, LaunchpadError

ENDINGS = ("/chat/completions", "/completions", "/moderations")
DEFAULT_PORTS = {"http": 80, "https": 443}
LOCAL_ENDINGS = (".local", ".internal", ".lan", ".home.arpa", ".localhost")


class EndpointError(LaunchpadError):
    """An endpoint cannot be used as it stands; nothing that failed was kept as an answer."""

    kind = "endpoint"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An OpenAI-compatible endpoint: where it is, which model, what is asked of it, and how patiently.

    `url` is the address that `/chat/completions` is put behind. `timeout` is seconds for one try, `rate` requests a
    minute (None: no limit), `retries` the further tries after a busy or broken answer, `seed` fixes sampling where the
    endpoint can. `usable` checks one; a key is never part of it.
    """

    url: str
    model: str
    temperature: float = 0.0
    max_tokens: int = 512
    seed: int | None = 1
    timeout: float = 60.0
    rate: float | None = None
    retries: int = 4

    @property
    def host(self) -> str:
        """Host, and port where it is not the usual one: what a person is told before anything leaves."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        shown = f"[{host}]" if ":" in host else host
        return shown if _port(parts) == DEFAULT_PORTS[parts.scheme] else f"{shown}:{_port(parts)}"

    @property
    def stays_here(self) -> bool:
        """Whether the host is this machine."""
        return _is_loopback(urlsplit(self.url).hostname or "")

    @property
    def shows_keys(self) -> bool:
        """Whether a key would travel readable by others: plain http to a host that is not on a private network."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and not _is_private(parts.hostname or "")


def usable(wish: Endpoint) -> Endpoint:
    """The endpoint with its address in one form; `/v1` is added where the address is a bare host.

    Raises InvalidValueError for anything but http(s)://host[:port][/path], for an address that carries a login or a
    query (a key would be kept with it), and for numbers out of range.
    """
    _refuse_numbers(wish)
    if not wish.model.strip():
        raise InvalidValueError("The endpoint needs the name of a model.", "Give --model NAME.")
    return replace(wish, url=_base(wish.url), model=wish.model.strip())


def same_place(first: str, second: str) -> bool:
    """Whether two addresses are of one host and port, or the second is the same host by https."""
    one, other = urlsplit(first), urlsplit(second)
    if one.hostname != other.hostname or other.scheme not in DEFAULT_PORTS:
        return False
    upgraded = (one.scheme, other.scheme) == ("http", "https")
    return upgraded or (one.scheme == other.scheme and _port(one) == _port(other))


def _base(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise InvalidValueError("The address of the endpoint cannot be read.", _HINT) from error
    if parts.username is not None or parts.password is not None:
        raise InvalidValueError("The address of the endpoint carries a login, which would be kept with it.", _KEYS)
    if parts.query or parts.fragment:
        raise InvalidValueError("The address of the endpoint carries a query, which may hold a key.", _KEYS)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or any(sign <= " " for sign in parts.netloc):
        raise InvalidValueError("The address of the endpoint is not one of http or https.", _HINT)
    path = parts.path.rstrip("/")
    for ending in ENDINGS:
        path = path.removesuffix(ending)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    place = host if port is None else f"{host}:{port}"
    return f"{parts.scheme}://{place}{path or '/v1'}"


_HINT = "Write it like http://localhost:11434/v1 or https://api.example.org/v1 ."
_KEYS = "Leave it out; name the key with --key-env NAME or --key-ring NAME."


def _refuse_numbers(wish: Endpoint) -> None:
    bounds = (
        ("temperature", wish.temperature, 0, 2),
        ("limit of tokens", wish.max_tokens, 1, 100_000),
        ("time-out in seconds", wish.timeout, 0.1, 3600),
        ("rate in requests a minute", 1 if wish.rate is None else wish.rate, 0.01, 100_000),
        ("number of further tries", wish.retries, 0, 20),
    )
    for name, value, low, high in bounds:
        if not low <= value <= high:
            raise InvalidValueError(f"The {name} is {value:g}.", f"It lies between {low:g} and {high:,g}.")


def _port(parts: SplitResult) -> int:
    return parts.port or DEFAULT_PORTS[parts.scheme]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(LOCAL_ENDINGS)

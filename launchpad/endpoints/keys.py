"""Keys: looked up when they are needed, held in memory only, and unreadable in everything that is said or kept."""

import base64
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from launchpad.endpoints.endpoint import Endpoint, EndpointError
from launchpad.intake.redaction import MARK, without_keys

VARIABLE = "LAUNCHPAD_API_KEY"
RING = "launchpad"
SHORTEST = 4
_SHAPES = re.compile(
    r"\b(?:sk|pk|rk|key|tok|xai|nvapi|glpat|pplx)[-_](?=[\w-]*\d)[\w-]{8,}|\bBearer\s+(?=[^\s]*\d)[^\s\"',;}\]]{4,}"
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it came from; `secret` is shown by nothing. Without a secret, nothing is sent."""

    secret: str | None = field(default=None, repr=False)
    source: str = "none"

    def __str__(self) -> str:
        return f"key from {self.source}"

    @property
    def headers(self) -> Mapping[str, str]:
        """What goes into the head of a request."""
        return {} if self.secret is None else {"Authorization": f"Bearer {self.secret}"}


NO_KEY = Key()


def find_key(*, env: str | None = None, ring: str | None = None) -> Key:
    """The key in a named variable of the environment or under a name in the system's keyring.

    Without a name the key in LAUNCHPAD_API_KEY, else none. Raises EndpointError when what was named is not there, or
    is no single line of ASCII.
    """
    if env is not None and ring is not None:
        raise EndpointError("Two places are named for the key.", "Give --key-env or --key-ring, not both.")
    if ring is not None:
        return Key(_usable(_from_ring(ring), f"the keyring entry {ring}"), f"the keyring entry {ring}")
    name = env or VARIABLE
    found = os.environ.get(name, "")
    if not found.strip():
        if env is None:
            return NO_KEY
        raise EndpointError(f"The variable {env} of the environment is not set.", "Set it, or name another one.")
    return Key(_usable(found, f"the variable {name}"), f"the variable {name}")


def refuse_open_road(endpoint: Endpoint, key: Key) -> None:
    """Raise EndpointError when the key would travel readable by others."""
    if key.secret is not None and endpoint.shows_keys:
        raise EndpointError(
            f"The {key} would go to {endpoint.host} by plain http, where others can read it.",
            "Use an https address, or unset the key.",
        )


def without_key(words: str, key: Key) -> str:
    """The words without the key, in whatever form it was echoed."""
    for form in _forms(key.secret):
        words = words.replace(form, MARK)
    return words


def redacted(words: str, key: Key) -> str:
    """The words without the key, and without what looks like any other: for what is kept and shown."""
    return _SHAPES.sub(MARK, without_keys(without_key(words, key)))


def _forms(secret: str | None) -> Iterator[str]:
    if secret is None or len(secret) < SHORTEST:
        return
    bare = base64.b64encode(secret.encode()).decode()
    yield from dict.fromkeys(
        (secret, quote(secret, safe=""), bare, bare.rstrip("="), secret[::-1], secret.encode().hex())
    )


def _usable(secret: str, where: str) -> str:
    """A key that can stand in the head of a request; whatever is wrong with it, it is not told."""
    bare = secret.strip()
    if not bare or not bare.isascii() or not bare.isprintable() or " " in bare or len(bare) > 8192:
        raise EndpointError(f"What {where} holds is no key.", "A key is one word of ASCII on one line.")
    return bare


def _from_ring(name: str) -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(RING, name)
    except KeyringError as error:
        raise EndpointError(
            "The system's keyring cannot be read.", "Unlock it, or give the key by --key-env NAME."
        ) from error
    if not found:
        raise EndpointError(
            f"The system's keyring has no entry {name!r} of {RING}.", f"Add it: keyring set {RING} {name} ."
        )
    return found

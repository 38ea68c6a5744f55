"""Where and when words are given: the moment, the operating-system user, the host and the journal head."""

import getpass
import platform
from dataclasses import dataclass

from launchpad.changes import now

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment (ISO 8601, UTC), the operating-system user, the host and the SHA-256 of the newest journal row."""

    at: str
    os_user: str
    host: str
    head: str

    @property
    def day(self) -> str:
        """The day of the moment, in UTC."""
        return self.at[:10]


def stamp(head: str) -> Stamp:
    """The present moment on this machine, over a project whose newest journal row has this SHA-256."""
    return Stamp(now(), _user(), platform.node() or UNKNOWN, head)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return UNKNOWN

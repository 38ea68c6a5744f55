"""User actions as plain functions: (inputs, wish) -> the changes that carry it out.

The window, the command line and imports all act through these; none of them knows a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from launchpad.changes import Change


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an action would write: changes, and blocks for `content` by their SHA-256."""

    changes: tuple[Change, ...] = ()
    content: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


__all__ = ["Proposal"]

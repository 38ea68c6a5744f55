"""What `check` finds."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["integrity", "keys", "schema", "journal", "rows", "content", "backup"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a file: in which part of it, in words, and where exactly."""

    part: Part
    message: str
    table: str = ""
    key: int | None = None
    field: str = ""

"""The projects opened last, newest first, as remembered between sessions."""

from pathlib import Path
from typing import cast

from PySide6.QtCore import QSettings

KEPT = 8


def recent() -> list[Path]:
    """The files opened last that are still there."""
    stored = QSettings().value("recent", [])
    names = [stored] if isinstance(stored, str) else cast("list[str]", stored or [])
    return [path for path in map(Path, names) if path.is_file()]


def remember(path: Path) -> None:
    """Put a file first in the list."""
    first = path.resolve()
    names = [str(first), *(str(other) for other in recent() if other != first)]
    QSettings().setValue("recent", names[:KEPT])

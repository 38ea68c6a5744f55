"""The folders evidence was taken from: kept for each project in the person's settings, never in the file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QSettings

from launchpad.gui.document import Document

MOST = 20


def folders_of(document: Document) -> list[Path]:
    """The folders this person took evidence from, newest first."""
    stored = QSettings().value(f"{document.memory}/folders", [])
    names = cast("list[object]", stored) if isinstance(stored, list) else [stored]
    return [Path(str(name)) for name in names if name]


def remember_folders(document: Document, paths: Iterable[Path]) -> None:
    """Keep those of the paths that are folders, newest first."""
    given = [path.resolve() for path in paths if path.is_dir()]
    if given:
        kept = [*given, *(folder for folder in folders_of(document) if folder not in given)]
        _keep(document, kept[:MOST])


def forget_folder(document: Document, folder: Path) -> None:
    """Keep a folder no longer."""
    _keep(document, [kept for kept in folders_of(document) if kept != folder])


def _keep(document: Document, folders: list[Path]) -> None:
    QSettings().setValue(f"{document.memory}/folders", [str(folder) for folder in folders])

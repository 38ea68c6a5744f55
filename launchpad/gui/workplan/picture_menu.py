"""The button that saves or copies the charts of a tab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from launchpad.errors import LaunchpadError
from launchpad.gui import pictures
from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.pieces import button

Chart = tuple[str, Callable[[], Picture | None]]
"""What a chart is called, and how its picture is had."""


def tr(text: str) -> str:
    """Words of the button in the person's language."""
    return QCoreApplication.translate("workplan", text)


def picture_button(document: Document, page: QWidget, charts: Sequence[Chart]) -> QPushButton:
    """A button with a menu for each chart; Ctrl+Shift+C and Ctrl+Shift+E copy and save the first one on its page."""
    made = button(tr("Pict&ure"), icon="export")
    menu = QMenu(made)
    for place, (title, picture) in enumerate(charts):
        keys = ("\tCtrl+Shift+C", "\tCtrl+Shift+E") if place == 0 else ("", "")
        copied = menu.addAction(tr("Copy {0}").format(title) + keys[0])
        copied.triggered.connect(partial(_copy, document, picture))
        saved = menu.addAction(tr("Save {0} as PNG or SVG …").format(title) + keys[1])
        saved.triggered.connect(partial(_ask_and_save, document, page, picture))
    made.setMenu(menu)
    first = charts[0][1]
    for keys, act in (
        ("Ctrl+Shift+C", partial(_copy, document, first)),
        ("Ctrl+Shift+E", partial(_ask_and_save, document, page, first)),
    ):
        shortcut = QShortcut(QKeySequence(keys), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)
    return made


def _copy(document: Document, make: Callable[[], Picture | None], _checked: bool = False) -> None:
    picture = make()
    if picture is None:
        return
    try:
        pictures.copy(picture)
    except LaunchpadError as error:
        document.refused.emit(error)
        return
    document.told.emit(tr("Copied as an image: {0}").format(picture.title))


def _ask_and_save(
    document: Document, page: QWidget, make: Callable[[], Picture | None], _checked: bool = False
) -> None:
    picture = make()
    path = None if picture is None else pictures.ask_where(page, picture.title)
    if picture is not None and path is not None:
        save_picture(document, path, picture)


def save_picture(document: Document, path: Path, picture: Picture) -> None:
    """Write a chart as PNG or SVG, and say so, or why not."""
    try:
        pictures.save(path, picture)
    except LaunchpadError as error:
        document.refused.emit(error)
        return
    document.told.emit(tr("Saved {0}").format(path.name))

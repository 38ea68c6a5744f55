"""What a narrow part of the register shows while it has nothing: why, and what to do first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from launchpad.gui.pieces import column, icon_label, label, row
from launchpad.gui.theme import GAP


def blank(title: str, what: str, *buttons: QPushButton, icon: str = "info") -> QWidget:
    """A heading, words that wrap, and buttons under each other; as narrow as the buttons."""
    made = QWidget()
    heading, body = label(title, "heading", wrap=True), label(what, tone="muted", wrap=True)
    for part in (heading, body):
        part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    mark = icon_label(icon, "muted", 32)
    inner = column(1, mark, heading, body, *(row(1, one, 1) for one in buttons), 2, gap=GAP, margin=GAP)
    inner.setAlignment(mark, Qt.AlignmentFlag.AlignHCenter)
    made.setLayout(inner)
    return made

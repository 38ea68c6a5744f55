"""A box of text that is as high as its words, between two bounds."""

from __future__ import annotations

import math

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from launchpad.gui.theme import GAP

LEAST, MOST = 2, 12


class GrowingText(QPlainTextEdit):
    """Tab leaves it; it scrolls inside only beyond MOST lines."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def _fit(self, *_size: object) -> None:
        lines = min(MOST, max(LEAST, math.ceil(self.document().documentLayout().documentSize().height())))
        wanted = round(lines * self.fontMetrics().lineSpacing() + 2 * self.document().documentMargin() + GAP)
        if self.height() != wanted or self.minimumHeight() != wanted:
            self.setFixedHeight(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, as the words wrap otherwise."""
        super().resizeEvent(event)
        self._fit()

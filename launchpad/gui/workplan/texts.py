"""Words in drawings that are painted many times a second: each is laid out once and then only put in its place."""

from __future__ import annotations

import functools

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText

KEPT = 8192


class Texts:
    """Writes with the font a painter has at present."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self._font = painter.font().toString()

    def wide(self, text: str) -> float:
        """How wide a text is."""
        return _laid(text, self._font)[1]

    def write(self, room: QRectF, text: str, ink: QColor, *, middle: bool = False) -> None:
        """Write a text on one line, half way up a room, from its left or in its middle."""
        made, wide, high = _laid(text, self._font)
        left = room.left() + (room.width() - wide) / 2 if middle else room.left()
        self._painter.setPen(ink)
        self._painter.drawStaticText(QPointF(left, room.top() + (room.height() - high) / 2), made)

    def elided(self, text: str, wide: int) -> str:
        """A text cut so that it fits."""
        return _elided(text, wide, self._font)


def _font_of(described: str) -> QFont:
    made = QFont()
    made.fromString(described)
    return made


@functools.lru_cache(maxsize=KEPT)
def _laid(text: str, described: str) -> tuple[QStaticText, float, float]:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(font=_font_of(described))
    size = made.size()
    return made, size.width(), size.height()


@functools.lru_cache(maxsize=KEPT)
def _elided(text: str, wide: int, described: str) -> str:
    return QFontMetricsF(_font_of(described)).elidedText(text, Qt.TextElideMode.ElideRight, wide)

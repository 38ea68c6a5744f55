"""How teams are told apart on the calendar: a colour and a pattern each, so that bars are read in grey too."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from launchpad.gui.theme import Colours

Pattern = Literal["full", "strokes", "hollow", "rungs"]
PATTERNS: tuple[Pattern, ...] = ("full", "strokes", "hollow", "rungs")
STEP = 5.0
PALE = 46


@dataclass(frozen=True, slots=True)
class Fill:
    """A colour's name and a pattern."""

    ink: str
    pattern: Pattern


def fill_of(place: int, shown: Colours) -> Fill:
    """The fill of the team at a place; 28 teams have one of their own."""
    return Fill(shown.bars[place % len(shown.bars)], PATTERNS[place % len(PATTERNS)])


def draw_bar(painter: QPainter, rect: QRectF, fill: Fill) -> None:
    """A bar in a fill, drawn line by line so that it is the same on screen and in every picture."""
    if rect.width() <= 0:
        return
    ink = QColor(fill.ink)
    if fill.pattern == "full":
        painter.fillRect(rect, ink)
        return
    pale = QColor(ink)
    pale.setAlpha(PALE)
    painter.fillRect(rect, pale)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, 2 if fill.pattern == "hollow" else 1))
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    if fill.pattern == "strokes":
        painter.drawLines(slanted(rect))
    elif fill.pattern == "rungs":
        steps = range(1, max(1, math.ceil(rect.width() / STEP)))
        lines = [(rect.left() + STEP * step) for step in steps]
        if lines:
            painter.drawLines([QLineF(x, rect.top(), x, rect.bottom()) for x in lines])


def slanted(rect: QRectF, *, back: bool = False) -> list[QLineF]:
    """Slanted lines that end at the edges of a rectangle; `back` slants them the other way."""
    found: list[QLineF] = []
    start, high = rect.left() - rect.height() + STEP, rect.height()
    while start < rect.right():
        left, right = max(start, rect.left()), min(start + high, rect.right())
        if right > left:
            low, top = rect.bottom() - (left - start), rect.bottom() - (right - start)
            if back:
                low, top = rect.top() + (left - start), rect.top() + (right - start)
            found.append(QLineF(left, low, right, top))
        start += STEP
    return found or [QLineF(rect.bottomLeft(), rect.topRight())]

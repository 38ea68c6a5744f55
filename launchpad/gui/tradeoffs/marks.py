"""What charts are drawn with: axes, arrows, labels that keep clear of each other, fills told apart without colour."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from launchpad.gui import theme, words
from launchpad.gui.theme import GAP, TIGHT, Colours
from launchpad.gui.tradeoffs.axes import Scale

ALIGN = Qt.AlignmentFlag
HEAD = 7.0
RIGHT, LEFT = 0, 1
STROKE, DOTTED = 5.0, 4.0
Pattern = Literal["full", "strokes", "dots"]
Written = Callable[[float], str]


def plot_area(rect: QRectF, upright: Scale, written: Written = words.number) -> QRectF:
    """The part of a rectangle that is left for the plot when its axes are written beside it."""
    measure = QFontMetricsF(theme.font("small"))
    wide = max((measure.horizontalAdvance(written(tick)) for tick in upright.ticks()), default=0.0)
    high = measure.height()
    return rect.adjusted(wide + 2 * GAP, high + GAP, -GAP * 2, -(2 * high + GAP))


def draw_axes(
    painter: QPainter,
    plot: QRectF,
    scales: tuple[Scale, Scale],
    titles: tuple[str, str],
    shown: Colours,
    written: tuple[Written, Written] = (words.number, words.number),
) -> None:
    """Grid, amounts and titles of both axes: the one across below the plot, the upright one at its left."""
    painter.setFont(theme.font("small"))
    measure = QFontMetricsF(painter.font())
    high = measure.height()
    taken = -math.inf
    for tick in scales[0].ticks():
        x = plot.left() + scales[0].share(tick) * plot.width()
        _grid_line(painter, QLineF(x, plot.top(), x, plot.bottom()), shown, zero=tick == 0)
        text = written[0](tick)
        wide = measure.horizontalAdvance(text)
        if x - wide / 2 > taken + GAP:
            painter.setPen(QColor(shown.muted))
            left = min(x - wide / 2, plot.right() + 2 * GAP - wide)
            painter.drawText(QPointF(left, plot.bottom() + TIGHT + measure.ascent()), text)
            taken = x + wide / 2
    last = math.inf
    for tick in scales[1].ticks():
        y = plot.bottom() - scales[1].share(tick) * plot.height()
        _grid_line(painter, QLineF(plot.left(), y, plot.right(), y), shown, zero=tick == 0)
        if y + high / 2 < last:
            text = written[1](tick)
            painter.setPen(QColor(shown.muted))
            left = plot.left() - GAP - measure.horizontalAdvance(text)
            painter.drawText(QPointF(left, y + measure.ascent() - high / 2), text)
            last = y - high / 2
    painter.setPen(QPen(QColor(shown.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(plot)
    painter.setPen(QColor(shown.text))
    across = QRectF(plot.left(), plot.bottom() + high + TIGHT, plot.width(), high + TIGHT)
    painter.drawText(across, ALIGN.AlignRight | ALIGN.AlignVCenter, titles[0])
    above = QRectF(plot.left() - GAP, plot.top() - high - TIGHT, plot.width(), high + TIGHT)
    painter.drawText(above, ALIGN.AlignLeft | ALIGN.AlignVCenter, titles[1])


def _grid_line(painter: QPainter, line: QLineF, shown: Colours, *, zero: bool) -> None:
    painter.setPen(QPen(QColor(shown.muted if zero else shown.sunken), 1))
    painter.drawLine(line)


def draw_arrow(painter: QPainter, start: QPointF, end: QPointF, ink: QColor, width: float) -> None:
    """A line with a head at its end; nothing when both are at the same place."""
    line = QLineF(start, end)
    if line.length() < HEAD + 2:
        return
    painter.setPen(QPen(ink, width))
    painter.drawLine(line)
    angle = math.atan2(end.y() - start.y(), end.x() - start.x())
    sides = [
        QPointF(end.x() - HEAD * math.cos(angle + turn), end.y() - HEAD * math.sin(angle + turn))
        for turn in (-0.45, 0.45)
    ]
    painter.setBrush(ink)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(QPolygonF([end, *sides]))


class Labels:
    """Writes labels beside points, the first ones first, and leaves out those that would cover another."""

    def __init__(self, painter: QPainter, plot: QRectF, shown: Colours) -> None:
        self._painter, self._plot, self._shown = painter, plot, shown
        self._measure = QFontMetricsF(theme.font("small"))
        self._taken: list[QRectF] = []

    def write(self, at: QPointF, text: str, *, always: bool = False, first: int = RIGHT) -> bool:
        """Write a label where there is room round a point, on the `first` side if it can be; whether it was written."""
        wide, high = self._measure.horizontalAdvance(text) + 2, self._measure.height()
        places = [(9.0, -high / 2), (-9.0 - wide, -high / 2), (-wide / 2, -high - 8), (-wide / 2, 8.0)]
        places.insert(0, places.pop(first))
        rects = [QRectF(at.x() + x, at.y() + y, wide, high) for x, y in places]
        inside = [rect for rect in rects if self._plot.contains(rect)]
        free = [rect for rect in inside if not any(rect.intersects(other) for other in self._taken)]
        if not free and not always:
            return False
        rect = (free or inside or rects)[0]
        self._taken.append(rect)
        self._painter.setFont(theme.font("small"))
        if always:
            ground = QColor(self._shown.surface)
            ground.setAlpha(225)
            self._painter.fillRect(rect.adjusted(-2, 0, 2, 0), ground)
        self._painter.setPen(QColor(self._shown.text))
        self._painter.drawText(rect, ALIGN.AlignCenter, text)
        return True

    def write_in(self, room: QRectF, text: str) -> None:
        """Write a label into the upper right corner of a room, on as many lines as it takes."""
        flags = Qt.TextFlag.TextWordWrap | ALIGN.AlignRight | ALIGN.AlignTop
        self._painter.setFont(theme.font("small"))
        self._painter.setPen(QColor(self._shown.text))
        wide = min(self._measure.horizontalAdvance(text) + 2, max(room.width(), 90.0))
        corner = QRectF(room.right() - wide, room.top(), wide, 4 * self._measure.height())
        self._taken.append(self._measure.boundingRect(corner, int(flags), text))
        self._painter.drawText(corner, int(flags), text)

    def keep_clear(self, at: QPointF, size: float) -> None:
        """Write nothing over a mark at this place."""
        self._taken.append(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))


def fill(painter: QPainter, rect: QRectF, ink: QColor, pattern: Pattern) -> None:
    """A bar in one of three fills; drawn line by line, so that it is the same on screen and in every picture."""
    painter.setPen(QPen(ink, 1))
    if pattern == "full":
        painter.setBrush(ink)
        painter.drawRect(rect)
        return
    pale = QColor(ink)
    pale.setAlpha(38)
    painter.setBrush(pale)
    painter.drawRect(rect)
    if pattern == "strokes":
        painter.setPen(QPen(ink, 1.4))
        painter.drawLines(_strokes(rect))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for x, y in _dots(rect):
            painter.drawEllipse(QPointF(x, y), 0.9, 0.9)


def _strokes(rect: QRectF) -> list[QLineF]:
    """Slanted lines that end at the edges of a bar."""
    found: list[QLineF] = []
    start = math.floor((rect.left() - rect.height()) / STROKE) * STROKE
    while start < rect.right():
        left, right = max(start, rect.left()), min(start + rect.height(), rect.right())
        if right > left:
            found.append(QLineF(left, rect.bottom() - (left - start), right, rect.bottom() - (right - start)))
        start += STROKE
    return found


def _dots(rect: QRectF) -> list[tuple[float, float]]:
    rows = max(1, int(rect.height() / DOTTED))
    columns = max(1, int(rect.width() / DOTTED))
    across, down = rect.width() / columns, rect.height() / rows
    return [
        (rect.left() + (column + 0.5) * across, rect.top() + (row + 0.5) * down)
        for row in range(rows)
        for column in range(columns)
    ]


def faint(name: str, alpha: int) -> QColor:
    """A colour that lets what is below shine through."""
    made = QColor(name)
    made.setAlpha(alpha)
    return made

"""How one line of a forest plot is drawn: the same on screen and in what is exported, told apart without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from launchpad.gui import theme, words
from launchpad.gui.theme import GAP, Colours

Standing = Literal["within", "beyond", "unsure", "none"]
DOT, CAP = 4.5, 4.0
POINTER = 16.0
ZERO = 1e-12


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold on the scale of the value; `at_most` says which side of it is good."""

    share: float
    at_most: bool
    criterion: bool
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """One result as it is plotted: shares on the axis, None where it has none, and the same in words.

    `heading` marks the title of a group. `faint` is a result that does not count (superseded or
    partial): hollow and dashed.
    """

    name: str
    told: str
    figures: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    better: Literal["higher", "lower", "unknown"] = "unknown"
    standing: Standing = "none"
    faint: bool = False
    heading: bool = False
    instead: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """The part of the scale that is shown; `signed` for differences, whose 0 is marked."""

    first: float = 0.0
    last: float = 1.0
    signed: bool = False

    def at(self, share: float, left: float, width: float) -> float:
        """Where a share lies between the two ends; what lies beyond is put at the end."""
        part = (share - self.first) / (self.last - self.first)
        return left + min(max(part, 0.0), 1.0) * width

    def ticks(self) -> list[float]:
        """Where upright lines are drawn: four to nine round shares."""
        span = self.last - self.first
        steps = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
        step = next((step for step in steps if span / step <= 6), 0.5)
        start, end = math.ceil(self.first / step - ZERO), math.floor(self.last / step + ZERO)
        return [place * step for place in range(start, end + 1)]

    def written(self, share: float) -> str:
        """A share as it stands on the axis: a percentage, or percentage points with their sign."""
        if not self.signed:
            return words.percent(share, 3)
        sign = "+" if share > ZERO else words.MINUS if share < -ZERO else ""
        return sign + words.number(abs(100 * share), 3)


def fitted(lines: Sequence[Line]) -> Axis:
    """The axis from 0 that just holds every interval and threshold of these lines."""
    ends = [end for line in lines for end in (line.value, line.high, *(mark.share for mark in line.marks)) if end]
    top = min(1.0, max(ends, default=1.0) * 1.05)
    rounds = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
    return Axis(0.0, next((limit for limit in rounds if limit >= top), 1.0))


def spread(lines: Sequence[Line]) -> Axis:
    """The axis on both sides of 0 that holds every difference of these lines."""
    ends = [abs(end) for line in lines for end in (line.value, line.low, line.high) if end is not None]
    top = max(ends, default=0.1)
    rounds = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
    limit = next((limit for limit in rounds if limit >= top), 1.0)
    return Axis(-limit, limit, signed=True)


def draw_grid(painter: QPainter, rect: QRectF, axis: Axis, shown: Colours) -> None:
    """The upright lines behind one row."""
    for tick in axis.ticks():
        zero = axis.signed and abs(tick) < ZERO
        painter.setPen(QPen(QColor(shown.muted if zero else shown.sunken), 1.4 if zero else 1))
        at = axis.at(tick, rect.left(), rect.width())
        painter.drawLine(QLineF(at, rect.top(), at, rect.bottom()))


def draw_axis(painter: QPainter, rect: QRectF, axis: Axis, shown: Colours) -> None:
    """The shares written along the axis, none over another."""
    painter.setFont(theme.font("small"))
    measure = painter.fontMetrics()
    taken = -1e9
    for tick in axis.ticks():
        text = axis.written(tick)
        wide = measure.horizontalAdvance(text)
        left = axis.at(tick, rect.left(), rect.width()) - wide / 2
        if left < taken + GAP:
            continue
        painter.setPen(QColor(shown.text))
        painter.drawText(QRectF(left, rect.top(), wide + 2, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
        taken = left + wide


def draw_line(painter: QPainter, rect: QRectF, line: Line, axis: Axis, shown: Colours) -> None:
    """A result: which way is good, the thresholds, the interval, the value in the shape of its standing."""
    draw_pointer(painter, QRectF(rect.left() - POINTER - GAP, rect.top(), POINTER, rect.height()), line, shown)
    for mark in line.marks:
        _draw_mark(painter, rect, axis.at(mark.share, rect.left(), rect.width()), mark, shown)
    if line.value is None:
        painter.setPen(QColor(shown.muted))
        painter.setFont(theme.font("small"))
        text = painter.fontMetrics().elidedText(line.instead, Qt.TextElideMode.ElideRight, round(rect.width()))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)
        return
    inks = {"within": shown.good, "beyond": shown.bad, "unsure": shown.warn, "none": shown.accent}
    ink = QColor(shown.muted if line.faint else inks[line.standing])
    middle = rect.center().y()
    if line.low is not None and line.high is not None:
        _draw_interval(painter, rect, line, axis, ink)
    painter.setPen(QPen(ink, 2))
    painter.setBrush(QColor(shown.surface) if line.faint else ink)
    _draw_value(painter, QPointF(axis.at(line.value, rect.left(), rect.width()), middle), line.standing)


def _draw_interval(painter: QPainter, rect: QRectF, line: Line, axis: Axis, ink: QColor) -> None:
    style = Qt.PenStyle.DotLine if line.faint else Qt.PenStyle.SolidLine
    painter.setPen(QPen(ink, 2, style))
    middle = rect.center().y()
    first, last = (axis.at(end or 0.0, rect.left(), rect.width()) for end in (line.low, line.high))
    painter.drawLine(QLineF(first, middle, last, middle))
    painter.setPen(QPen(ink, 2))
    for share, end in ((line.low, first), (line.high, last)):
        if share is not None and axis.first - ZERO <= share <= axis.last + ZERO:
            painter.drawLine(QLineF(end, middle - CAP, end, middle + CAP))


def _draw_value(painter: QPainter, at: QPointF, standing: Standing) -> None:
    """A dot; a square where it is beyond a limit for certain; a diamond where nothing can be told."""
    if standing == "beyond":
        painter.drawRect(QRectF(at.x() - DOT, at.y() - DOT, 2 * DOT, 2 * DOT))
    elif standing == "unsure":
        wide = DOT + 1.5
        corners = ((0.0, -wide), (wide, 0.0), (0.0, wide), (-wide, 0.0))
        painter.drawPolygon(QPolygonF([QPointF(at.x() + x, at.y() + y) for x, y in corners]))
    else:
        painter.drawEllipse(at, DOT, DOT)


def _draw_mark(painter: QPainter, rect: QRectF, at: float, mark: Mark, shown: Colours) -> None:
    """A gate as a dashed upright line, a criterion as a solid one; a flag points to the good side."""
    ink = QColor(shown.text)
    painter.setPen(QPen(ink, 1.4, Qt.PenStyle.SolidLine if mark.criterion else Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(at, rect.top() + 2, at, rect.bottom() - 2))
    side = -5.0 if mark.at_most else 5.0
    top = rect.top() + 2
    painter.setPen(QPen(ink, 1))
    painter.setBrush(ink if mark.criterion else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF([QPointF(at, top), QPointF(at + side, top + 3), QPointF(at, top + 6)]))


def draw_pointer(painter: QPainter, rect: QRectF, line: Line, shown: Colours) -> None:
    """An arrow to where better lies, or a question mark where nobody has said."""
    painter.setPen(QPen(QColor(shown.warn if line.better == "unknown" else shown.muted), 1.4))
    middle = rect.center()
    if line.better == "unknown":
        painter.setFont(theme.font("strong"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "?")
        return
    way = 1.0 if line.better == "higher" else -1.0
    tip = QPointF(middle.x() + 5 * way, middle.y())
    painter.drawLine(QLineF(middle.x() - 5 * way, middle.y(), tip.x(), tip.y()))
    for up in (-3.0, 3.0):
        painter.drawLine(QLineF(tip, QPointF(tip.x() - 3.5 * way, tip.y() + up)))


def standing_of(low: float | None, high: float | None, marks: Sequence[Mark]) -> Standing:
    """How an interval stands to thresholds: beyond one, within all, or neither for certain."""
    if low is None or high is None or not marks:
        return "none"
    if any(low > mark.share if mark.at_most else high < mark.share for mark in marks):
        return "beyond"
    met = all(high <= mark.share if mark.at_most else low >= mark.share for mark in marks)
    return "within" if met else "unsure"

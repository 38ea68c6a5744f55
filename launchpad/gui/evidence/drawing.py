"""The forest plot, drawn one cell at a time so that it sorts and scrolls with its table."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from launchpad.gui import theme
from launchpad.gui.columns import Row
from launchpad.gui.theme import GAP

DOT = 4.0
CAP = 4.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def place(share: float, left: float, width: float) -> float:
    """Where a share of 0 to 1 lies between the two ends of the axis."""
    return left + min(max(share, 0.0), 1.0) * width


def forest(painter: QPainter, rect: QRect, row: Row) -> None:
    """The interval of a failure rate as a line, the rate as a dot, the threshold as a dashed upright line."""
    colours = theme.colours()
    left, width = rect.left() + GAP + DOT, rect.width() - 2 * (GAP + DOT)
    middle = rect.center().y() + 0.5
    painter.setPen(QPen(QColor(colours.sunken), 1))
    for tick in TICKS:
        at = place(tick, left, width)
        painter.drawLine(QLineF(at, rect.top(), at, rect.bottom()))
    limit = row.figures.get("threshold")
    if isinstance(limit, float):
        at = place(limit, left, width)
        painter.setPen(QPen(QColor(colours.muted), 1.6, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(at, rect.top() + 2, at, rect.bottom() - 1))
    rate, low, high = (row.figures.get(name) for name in ("rate", "low", "high"))
    if not isinstance(rate, float) or not isinstance(low, float) or not isinstance(high, float):
        return
    inks = {"within": colours.good, "above": colours.bad, "unsure": colours.warn}
    against = str(row.figures.get("against"))
    ink = QColor(colours.muted if row.figures.get("state") == "superseded" else inks.get(against, colours.accent))
    painter.setPen(QPen(ink, 2))
    first, last = place(low, left, width), place(high, left, width)
    painter.drawLine(QLineF(first, middle, last, middle))
    for end in (first, last):
        painter.drawLine(QLineF(end, middle - CAP, end, middle + CAP))
    painter.setBrush(ink)
    dot = QPointF(place(rate, left, width), middle)
    if against == "above":
        painter.drawRect(QRectF(dot.x() - DOT, dot.y() - DOT, 2 * DOT, 2 * DOT))
    else:
        painter.drawEllipse(dot, DOT, DOT)

"""Residual risk by state: a dot for the usual overlap, a line for how far overlap could move it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from launchpad.gui import theme, words
from launchpad.gui.overview.numbers import Level
from launchpad.gui.theme import GAP

LINE = 30
LEFT, RIGHT = 130, 190
DOT = 5.0
ALIGN = Qt.AlignmentFlag


class LevelsChart(QWidget):
    """Up to three levels on one axis from 0, and a limit as a dashed line."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.levels: Sequence[Level] = ()
        self.limit: float | None = None
        self.stale = False
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_levels(self, levels: Sequence[Level], limit: float | None, *, stale: bool) -> None:
        """Draw other levels."""
        self.levels, self.limit, self.stale = levels, limit, stale
        self.setAccessibleDescription("; ".join(f"{self._title(one)} {said(one)}" for one in levels))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A line for each level, and one for the limit."""
        return QSize(420, LINE * max(1, len(self.levels)) + (20 if self.limit is not None else 4))

    def minimumSizeHint(self) -> QSize:
        """As high as asked for, and wide enough for the numbers."""
        return QSize(LEFT + RIGHT + 100, self.sizeHint().height())

    def _title(self, level: Level) -> str:
        titles = {
            "inherent": self.tr("Without safeguards"),
            "current": self.tr("As things stand"),
            "planned": self.tr("With the plan"),
        }
        return titles[level.state]

    def _reach(self) -> float:
        ends = [level.value if level.span is None else level.span[1] for level in self.levels]
        return max([*ends, self.limit or 0.0, 1e-12])

    def _x(self, value: float) -> float:
        return LEFT + (self.width() - LEFT - RIGHT) * min(1.0, value / self._reach())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axis, the levels and the limit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.colours()
        high = LINE * len(self.levels)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(QLineF(LEFT, 2, LEFT, high))
        for place, level in enumerate(self.levels):
            self._draw(painter, level, place * LINE)
        if self.limit is not None and self.levels:
            x = self._x(self.limit)
            painter.setPen(QPen(QColor(colours.bad), 1.8, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, 0, x, high))
            painter.setFont(theme.font("small"))
            painter.setPen(QColor(colours.bad))
            label = self.tr("limit {0}").format(words.number(self.limit))
            wide = painter.fontMetrics().horizontalAdvance(label)
            left = min(max(LEFT, x - wide / 2), self.width() - wide - 2)
            painter.drawText(QRectF(left, high, wide + 2, 18), ALIGN.AlignVCenter, label)

    def _draw(self, painter: QPainter, level: Level, y: int) -> None:
        colours = theme.colours()
        inks = {"inherent": colours.muted, "current": colours.bars[1], "planned": colours.bars[2]}
        ink = QColor(colours.muted if self.stale else inks[level.state])
        middle = y + LINE / 2
        painter.setFont(theme.font())
        painter.setPen(QColor(colours.text))
        painter.drawText(QRectF(0, y, LEFT - GAP, LINE), ALIGN.AlignVCenter, self._title(level))
        painter.setPen(QPen(QColor(colours.sunken), 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QLineF(LEFT, middle, self.width() - RIGHT, middle))
        if level.span is not None:
            painter.setPen(QPen(ink, 3))
            painter.drawLine(QLineF(self._x(level.span[0]), middle, self._x(level.span[1]), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(self._x(level.value), middle), DOT, DOT)
        painter.setPen(QColor(colours.muted if self.stale else colours.text))
        room = QRectF(self.width() - RIGHT + GAP, y, RIGHT - GAP, LINE)
        painter.drawText(room, ALIGN.AlignVCenter | ALIGN.AlignRight, said(level))


def said(level: Level) -> str:
    """A level in figures: at the usual overlap, and the span between safeguards that fail apart and all together."""
    value, ends = words.number(level.value), level.span
    if ends is None or words.number(ends[0]) == words.number(ends[1]):
        return value
    return f"{value} ({words.span(*ends)})"

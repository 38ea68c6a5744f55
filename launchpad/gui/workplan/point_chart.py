"""A chart of possible plans whose points are hovered, walked through by keyboard, and opened by a click or Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from launchpad.gui import theme
from launchpad.gui.pictures import Picture
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, LIGHT
from launchpad.gui.tradeoffs.marks import plot_area
from launchpad.gui.workplan.points import NO_PLOT, Plot, draw, spot_at

NEAR = 14.0
TIGHTEN = 4
PICTURE = QSize(1200, 760)


class PointChart(QWidget):
    """`opened` carries the row of the possible plan that was clicked or entered, `chosen` the place of one chosen."""

    opened = Signal(object)
    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.plot: Plot = NO_PLOT
        self.at: int | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(280, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_plot(self, plot: Plot) -> None:
        """Draw other points."""
        self.plot = plot
        self.at = None if self.at is None or not plot.spots else min(self.at, len(plot.spots) - 1)
        self._say()
        self.update()

    def choose(self, place: int) -> None:
        """Choose a point."""
        if not self.plot.spots:
            return
        self.at = min(max(0, place), len(self.plot.spots) - 1)
        self._say()
        self.update()
        self.chosen.emit(self.at)

    def let_stand_out(self, place: int | None) -> None:
        """Let a point stand out that was chosen elsewhere, or none."""
        self.at = place
        self._say()
        self.update()

    def place_at(self, point: QPointF) -> int | None:
        """The place of the point nearest to where the mouse is; None where none is near."""
        area = plot_area(self._inside(), self.plot.scales[1], self.plot.written[1])
        away = [
            ((spot_at(self.plot, area, spot) - point).manhattanLength(), place)
            for place, spot in enumerate(self.plot.spots)
        ]
        nearest = min(away, default=None)
        return None if nearest is None or nearest[0] > NEAR else nearest[1]

    def _inside(self) -> QRectF:
        return QRectF(self.rect()).adjusted(TIGHTEN, TIGHTEN, -GAP, -TIGHTEN)

    def picture(self, title: str) -> Picture:
        """The chart to be saved or copied."""
        plot, at = self.plot, self.at
        return Picture(title, PICTURE, lambda painter, rect: draw(painter, rect, plot, LIGHT, at), plot.legend)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the points, and where the keys go."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = theme.colours()
        painter.fillRect(self.rect(), QColor(shown.surface))
        draw(painter, self._inside(), self.plot, shown, self.at)
        painter.setPen(QPen(QColor(shown.accent if self.hasFocus() else shown.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the points, Enter makes the plan of the chosen one."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        key = Qt.Key(event.key())
        if key in steps:
            self.choose(0 if self.at is None else self.at + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.at is not None:
            self.opened.emit(self.plot.spots[self.at].point)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the point under the mouse."""
        place = self.place_at(event.position())
        if place is not None:
            self.choose(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Make the plan of the point that was clicked."""
        place = self.place_at(event.position())
        if place is not None and place == self.at and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self.plot.spots[place].point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a point can be clicked."""
        over = self.place_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def _say(self) -> None:
        told = "" if self.at is None else self.plot.spots[self.at].told.replace("\n", ", ")
        self.setAccessibleDescription(told or self.tr("Nothing to show"))

    def event(self, event: QEvent) -> bool:
        """Tell the point under the mouse in words."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.place_at(QPointF(event.pos()))
            if place is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self.plot.spots[place].told), self)
            return True
        return super().event(event)

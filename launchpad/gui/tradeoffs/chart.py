"""A chart with marks that are hovered, clicked and walked through by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from launchpad.gui import theme
from launchpad.gui.pictures import Picture
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, LIGHT
from launchpad.gui.tradeoffs.cloud import NOTHING, Cloud
from launchpad.gui.tradeoffs.cloud_drawing import Look, draw, spot
from launchpad.gui.tradeoffs.marks import plot_area

NEAR = 14.0
SMALLEST = QSize(320, 240)
PICTURE = QSize(1200, 760)


class CloudChart(QWidget):
    """`chosen` carries the code of the dot a person chose, `opened` that of one double-clicked or entered."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.cloud: Cloud = NOTHING
        self.stale = False
        self.code: str | None = None
        self._hovered: str | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(SMALLEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_cloud(self, cloud: Cloud, *, stale: bool) -> None:
        """Draw other dots; the chosen one stays chosen where it is still there."""
        self.cloud, self.stale = cloud, stale
        if cloud.place_of(self.code) is None:
            self.code = cloud.dots[0].code if cloud.dots else None
        self._say()
        self.update()

    def choose(self, code: str) -> bool:
        """Choose a dot; whether it is there."""
        place = self.cloud.place_of(code)
        if place is None:
            return False
        self.code = code
        self._say()
        self.update()
        self.chosen.emit(code)
        return True

    def plot(self) -> QRectF:
        """The part of the widget that holds the dots."""
        return plot_area(QRectF(self.rect()).adjusted(0, 0, -GAP, 0), self.cloud.scales[1])

    def spot_of(self, code: str) -> QPointF | None:
        """Where a dot lies in the widget."""
        place = self.cloud.place_of(code)
        return None if place is None else spot(self.cloud, self.plot(), self.cloud.dots[place].now)

    def code_at(self, point: QPointF) -> str | None:
        """The dot nearest to a point, None where none is near."""
        plot = self.plot()
        found: list[tuple[float, str]] = []
        for dot in self.cloud.dots:
            away = spot(self.cloud, plot, dot.now) - point
            found.append((away.x() ** 2 + away.y() ** 2, dot.code))
        nearest = min(found, default=None)
        return nearest[1] if nearest is not None and nearest[0] <= NEAR**2 else None

    def picture(self, title: str) -> Picture:
        """The chart to be saved or copied."""
        cloud, code = self.cloud, self.code
        return Picture(
            title, PICTURE, lambda painter, rect: draw(painter, rect, cloud, Look(LIGHT, chosen=code)), cloud.legend
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chart, and where the keys go."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = theme.colours()
        painter.fillRect(self.rect(), QColor(shown.surface))
        look = Look(shown, self.code, self._hovered, self.stale)
        draw(painter, QRectF(self.rect()).adjusted(0, 0, -GAP, 0), self.cloud, look)
        painter.setPen(QPen(QColor(shown.accent if self.hasFocus() else shown.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right and down go to the next smaller dot, left and up back, Enter opens the chosen one."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self.cloud.dots) - 1}
        key, place = Qt.Key(event.key()), self.cloud.place_of(self.code)
        if place is None:
            super().keyPressEvent(event)
        elif key in steps or key in ends:
            wanted = ends.get(key, place + steps.get(key, 0))
            self.choose(self.cloud.dots[min(max(wanted, 0), len(self.cloud.dots) - 1)].code)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.code is not None:
            self.opened.emit(self.code)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the dot under the mouse."""
        code = self.code_at(event.position())
        if code is not None:
            self.choose(code)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the dot under the mouse."""
        code = self.code_at(event.position())
        if code is not None:
            self.opened.emit(code)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the dot under the mouse stand out."""
        code = self.code_at(event.position())
        if code != self._hovered:
            self._hovered = code
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Let no dot stand out any more."""
        self._hovered = None
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def told(self, code: str | None) -> str:
        """A dot in words."""
        place = self.cloud.place_of(code)
        return "" if place is None else self.cloud.dots[place].told

    def _say(self) -> None:
        self.setAccessibleDescription(self.told(self.code).replace("\n", ", ") or self.tr("Nothing to show"))

    def event(self, event: QEvent) -> bool:
        """Tell the dot under the mouse in words."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.told(self.code_at(QPointF(event.pos())))
            if text:
                QToolTip.showText(event.globalPos(), plain_tip(text), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

"""The heat map of scenarios against mitigations: labels stay, cells scroll, arrow keys move."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from launchpad.gui import theme, words
from launchpad.gui.mitigations.numbers import HeatMap
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP
from launchpad.records import MitigationVariant, Scenario

CELL = QSize(34, 22)
LEFT, TOP = 330, 62
NOTHING = HeatMap((), (), {}, frozenset(), {})


def blended(low: str, high: str, share: float) -> QColor:
    """The colour so far on the way from one to another."""
    a, b = QColor(low), QColor(high)
    part = min(max(share, 0.0), 1.0)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(x + (y - x) * part) for x, y in pairs))


class HeatMapView(QAbstractScrollArea):
    """`variant_chosen` and `scenario_chosen` carry the records of a cell that was opened."""

    variant_chosen = Signal(object)
    scenario_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = NOTHING
        self._at = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Heat map of mitigations against scenarios"))
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(CELL.height())

    def show_map(self, shown: HeatMap) -> None:
        """Draw another map."""
        self.map = shown
        rows, columns = len(shown.variants), len(shown.scenarios)
        self._at = (min(self._at[0], max(0, rows - 1)), min(self._at[1], max(0, columns - 1)))
        self._fit()
        self._say()
        self.viewport().update()

    def _fit(self) -> None:
        room = self.viewport().size()
        wide = LEFT + CELL.width() * len(self.map.scenarios)
        high = TOP + CELL.height() * len(self.map.variants)
        self.horizontalScrollBar().setRange(0, max(0, wide - room.width()))
        self.verticalScrollBar().setRange(0, max(0, high - room.height()))
        self.horizontalScrollBar().setPageStep(room.width() - LEFT)
        self.verticalScrollBar().setPageStep(room.height() - TOP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll as far as the new size asks for."""
        super().resizeEvent(event)
        self._fit()

    def cell_rect(self, row: int, column: int) -> QRect:
        """Where a cell lies in the viewport."""
        x = LEFT + column * CELL.width() - self.horizontalScrollBar().value()
        y = TOP + row * CELL.height() - self.verticalScrollBar().value()
        return QRect(QPoint(x, y), CELL)

    def _cell_at(self, point: QPoint) -> tuple[int, int] | None:
        if point.x() < LEFT or point.y() < TOP:
            return None
        column = (point.x() - LEFT + self.horizontalScrollBar().value()) // CELL.width()
        row = (point.y() - TOP + self.verticalScrollBar().value()) // CELL.height()
        inside = row < len(self.map.variants) and column < len(self.map.scenarios)
        return (row, column) if inside else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells in view, then the labels over them."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.fillRect(self.viewport().rect(), QColor(theme.colours().surface))
        painter.setFont(theme.font("small"))
        for row, variant in enumerate(self.map.variants):
            if self.cell_rect(row, 0).bottom() < TOP or self.cell_rect(row, 0).top() > self.height():
                continue
            for column, scenario in enumerate(self.map.scenarios):
                share = self.map.share.get((variant.id, scenario.id))
                self._draw_cell(painter, self.cell_rect(row, column), share)
        self._draw_labels(painter)
        if self.hasFocus() and self.map.share:
            painter.setPen(QPen(QColor(theme.colours().text), 2))
            painter.drawRect(self.cell_rect(*self._at).adjusted(1, 1, -2, -2))

    def _draw_cell(self, painter: QPainter, rect: QRect, share: float | None) -> None:
        colours = theme.colours()
        inner = rect.adjusted(0, 0, -1, -1)
        if share is None:
            painter.fillRect(inner, QColor(colours.window))
            return
        worse = share < 0
        ground = blended(colours.surface, colours.bars[1] if worse else colours.bars[0], abs(share))
        painter.fillRect(inner, ground)
        painter.setPen(theme.ink_on(ground))
        text = f"{words.MINUS}{-100 * share:.0f}" if worse else f"{100 * share:.0f}"
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_labels(self, painter: QPainter) -> None:
        colours = theme.colours()
        size = self.viewport().size()
        painter.fillRect(0, 0, size.width(), TOP, QColor(colours.surface))
        painter.fillRect(0, 0, LEFT, size.height(), QColor(colours.surface))
        for row, variant in enumerate(self.map.variants):
            rect = self.cell_rect(row, 0)
            if rect.top() >= TOP - CELL.height():
                self._draw_variant(painter, QRect(GAP, rect.top(), LEFT - 2 * GAP, CELL.height()), variant)
        painter.fillRect(0, 0, size.width(), TOP, QColor(colours.surface))
        for column, scenario in enumerate(self.map.scenarios):
            rect = self.cell_rect(0, column)
            if rect.left() >= LEFT - CELL.width():
                self._draw_scenario(painter, rect.left(), scenario, column)
        painter.fillRect(0, 0, LEFT, TOP, QColor(colours.surface))
        painter.setPen(QColor(colours.muted))
        legend = self.tr("Share of cases stopped, %\n● in place or done\n\N{MINUS SIGN} makes it worse")
        painter.drawText(QRect(GAP, 4, LEFT - 2 * GAP, TOP - 8), Qt.AlignmentFlag.AlignBottom, legend)

    def _draw_variant(self, painter: QPainter, rect: QRect, variant: MitigationVariant) -> None:
        stands = variant.id in self.map.standing
        painter.setPen(QColor(theme.colours().text))
        mark = "● " if stands else ""
        name = painter.fontMetrics().elidedText(
            f"{mark}{variant.code}  {self.map.names[variant.id]}", Qt.TextElideMode.ElideRight, rect.width()
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, name)

    def _draw_scenario(self, painter: QPainter, left: int, scenario: Scenario, column: int) -> None:
        painter.save()
        painter.translate(left + CELL.width() / 2 + 4, TOP - 6)
        painter.rotate(-60)
        chosen = self.hasFocus() and column == self._at[1]
        painter.setPen(QColor(theme.colours().accent if chosen else theme.colours().text))
        painter.drawText(QRectF(0, -9, TOP, 18), Qt.AlignmentFlag.AlignVCenter, scenario.code)
        painter.restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrow keys; Enter opens the mitigation, Shift+Enter the scenario."""
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if key in steps:
            down, right = steps[key]
            self._go(self._at[0] + down, self._at[1] + right)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(scenario=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move to the cell under the mouse."""
        found = self._cell_at(event.position().toPoint())
        if found is not None:
            self._go(*found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the mitigation of the cell, its label, or the scenario of a column's label."""
        point = event.position().toPoint()
        if self._cell_at(point) is not None or point.x() < LEFT:
            self._open(scenario=False)
        elif point.y() < TOP:
            self._open(scenario=True)

    def _go(self, row: int, column: int) -> None:
        if not self.map.share:
            return
        rows, columns = len(self.map.variants), len(self.map.scenarios)
        self._at = (min(max(0, row), rows - 1), min(max(0, column), columns - 1))
        rect = self.cell_rect(*self._at)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + min(0, rect.left() - LEFT))
        across.setValue(across.value() + max(0, rect.right() - self.viewport().width()))
        down.setValue(down.value() + min(0, rect.top() - TOP))
        down.setValue(down.value() + max(0, rect.bottom() - self.viewport().height()))
        self._say()
        self.viewport().update()

    def _open(self, *, scenario: bool) -> None:
        if not self.map.share:
            return
        if scenario:
            self.scenario_chosen.emit(self.map.scenarios[self._at[1]])
        else:
            self.variant_chosen.emit(self.map.variants[self._at[0]])

    def told(self, row: int, column: int) -> str:
        """A cell in words."""
        variant, scenario = self.map.variants[row], self.map.scenarios[column]
        share = self.map.share.get((variant.id, scenario.id))
        effect = self.tr("no effect") if share is None else self.tr("stops {0}").format(words.percent(share))
        return f"{variant.code} {self.map.names[variant.id]}\n{scenario.code} {scenario.name}\n{effect}"

    def _say(self) -> None:
        text = self.told(*self._at) if self.map.share else self.tr("Nothing to show")
        self.setAccessibleDescription(text.replace("\n", ", "))

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the cell under the mouse means."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._cell_at(event.pos())
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self.told(*found)), self)
            return True
        return super().viewportEvent(event)

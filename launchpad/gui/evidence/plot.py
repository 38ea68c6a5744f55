"""The forest plot beside a table: a line for each row in view, in the table's order, scrolling with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollBar, QSizePolicy, QSplitter, QToolTip, QWidget

from launchpad.gui import theme
from launchpad.gui.columns import Row
from launchpad.gui.evidence.drawing import (
    POINTER,
    Axis,
    Line,
    draw_axis,
    draw_grid,
    draw_line,
    fitted,
    spread,
)
from launchpad.gui.pieces import row as side_by_side
from launchpad.gui.table_model import plain_tip
from launchpad.gui.table_view import TableView

ITEMS = QItemSelectionModel.SelectionFlag
EDGE = 26.0
NARROWEST = 240
FITTED_ROWS = 20_000


class ForestPlot(QWidget):
    """Draws what `line_of` gives for the rows of a table; only those in view are ever looked at.

    Hovering tells a line in words, a click chooses its row, the wheel scrolls the table. `turned`
    is told the row of a heading that was clicked.
    """

    turned = Signal(object)

    def __init__(self, view: TableView, line_of: Callable[[Row], Line | None], name: str, *, signed: bool) -> None:
        super().__init__()
        self._view, self._line_of, self._signed = view, line_of, signed
        self.axis = Axis(-1.0, 1.0, signed=True) if signed else Axis()
        self.fit = signed
        self.setAccessibleName(name)
        self.setMinimumWidth(NARROWEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        model, header = view.table, view.horizontalHeader()
        for signal in (model.modelReset, model.layoutChanged, model.dataChanged):
            signal.connect(self.refit)
        view.verticalScrollBar().valueChanged.connect(self._again)
        header.geometriesChanged.connect(self._again)
        view.selectionModel().selectionChanged.connect(self._again)
        view.selectionModel().currentChanged.connect(self._moved)

    def sizeHint(self) -> QSize:
        """Half a table wide."""
        return QSize(420, 300)

    def lines(self) -> Iterator[Line]:
        """The lines of all rows shown, from top to bottom."""
        for place in range(self._view.table.rowCount()):
            line = self._line_of(self._view.table.row_at(place))
            if line is not None:
                yield line

    def show_fitted(self, *, fit: bool) -> None:
        """Show the whole scale, or only as much of it as the values need."""
        self.fit = fit
        self.refit()

    def refit(self, *_what: object) -> None:
        """Choose the axis for the rows shown now, and draw anew."""
        found: Sequence[Line] = ()
        if self.fit and self._view.table.rowCount() <= FITTED_ROWS:
            found = list(self.lines())
        if self._signed:
            self.axis = spread(found)
        else:
            self.axis = fitted(found) if self.fit and found else Axis()
        self.update()

    def _again(self, *_what: object) -> None:
        self.update()

    def _moved(self, *_what: object) -> None:
        row = self._view.current_row()
        line = None if row is None else self._line_of(row)
        self.setAccessibleDescription("" if line is None else line.told.replace("\n", ", "))
        self.update()

    def _top(self) -> int:
        return self._view.viewport().geometry().top()

    def _across(self) -> tuple[float, float]:
        """Where the axis begins, and how wide it is."""
        return EDGE + POINTER, max(self.width() - 2 * EDGE - POINTER, 40.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axis and the rows in view."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown, top = theme.colours(), self._top()
        painter.fillRect(self.rect(), QColor(shown.surface))
        left, width = self._across()
        height = self._view.viewport().height()
        painter.setClipRect(QRect(0, top, self.width(), height))
        for place in self._visible():
            rect = QRectF(left, top + self._view.rowViewportPosition(place), width, self._view.rowHeight(place))
            self._draw_row(painter, rect, place)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.fillRect(0, 0, self.width(), top, QColor(shown.sunken))
        draw_axis(painter, QRectF(left, 0, width, top), self.axis, shown)
        painter.setPen(QPen(QColor(shown.line), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.drawLine(0, top - 1, self.width(), top - 1)

    def _visible(self) -> range:
        first = max(0, self._view.rowAt(0))
        last = self._view.rowAt(self._view.viewport().height() - 1)
        count = self._view.table.rowCount()
        return range(first, (last if last >= 0 else count - 1) + 1)

    def _draw_row(self, painter: QPainter, rect: QRectF, place: int) -> None:
        shown, row = theme.colours(), self._view.table.row_at(place)
        whole = QRectF(1, rect.top(), self.width() - 2, rect.height())
        if row.id < 0:
            painter.fillRect(whole, QColor(shown.sunken))
            return
        if self._view.selectionModel().rowIntersectsSelection(place):
            painter.fillRect(whole, QColor(shown.selected))
        draw_grid(painter, rect, self.axis, shown)
        line = self._line_of(row)
        if line is not None:
            draw_line(painter, rect, line, self.axis, shown)
        painter.setPen(QPen(QColor(shown.sunken), 1))
        painter.drawLine(whole.bottomLeft(), whole.bottomRight())

    def place_at(self, y: float) -> int:
        """The row under a height of the plot, -1 for none."""
        return -1 if y < self._top() else self._view.rowAt(round(y) - self._top())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the mouse, as a click on the table does."""
        place = self.place_at(event.position().y())
        if place < 0:
            return
        row = self._view.table.row_at(place)
        if row.id < 0:
            self.turned.emit(row)
            return
        column = max(self._view.currentIndex().column(), 0)
        keep = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        how = (ITEMS.Toggle if keep else ITEMS.ClearAndSelect) | ITEMS.Current
        self._view.selectionModel().select(self._view.table.index(place, column), how)
        self._view.selectionModel().setCurrentIndex(self._view.table.index(place, column), ITEMS.NoUpdate)
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the table."""
        QApplication.sendEvent(self._view.viewport(), event)

    def told_at(self, y: float) -> str:
        """The line at a height in words; empty where there is none."""
        place = self.place_at(y)
        line = None if place < 0 else self._line_of(self._view.table.row_at(place))
        return "" if line is None else line.told

    def event(self, event: QEvent) -> bool:
        """Tell the line under the mouse in words."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.told_at(event.pos().y())
            if words:
                QToolTip.showText(event.globalPos(), plain_tip(words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def beside(table: QWidget, view: TableView, plot: ForestPlot, sizes: Sequence[int]) -> QWidget:
    """A table and its plot side by side, with one bar at the right that scrolls both."""
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    bar, own = QScrollBar(Qt.Orientation.Vertical), view.verticalScrollBar()
    bar.setAccessibleName(plot.tr("Scroll the results"))

    def follow(first: int, last: int) -> None:
        bar.setRange(first, last)
        bar.setPageStep(own.pageStep())
        bar.setSingleStep(own.singleStep())
        bar.setVisible(last > first)

    own.rangeChanged.connect(follow)
    own.valueChanged.connect(bar.setValue)
    bar.valueChanged.connect(own.setValue)
    follow(own.minimum(), own.maximum())
    split = QSplitter(Qt.Orientation.Horizontal)
    split.addWidget(table)
    split.addWidget(plot)
    split.setSizes(list(sizes))
    split.setChildrenCollapsible(False)
    made = QWidget()
    inner = side_by_side(split, bar, gap=0)
    inner.setStretch(0, 1)
    made.setLayout(inner)
    return made

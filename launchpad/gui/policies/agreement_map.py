"""The heat map of agreement: clauses down, raters or pairs across, the value in each cell; arrow keys move."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from launchpad.gui import theme, words
from launchpad.gui.mitigations.drawing import blended
from launchpad.gui.policies.agreement_numbers import ALL, NO_CLAUSE, Cell, Map, Measure
from launchpad.gui.policies.study import tr
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP

CELL = QSize(88, 26)
LEFT, TOP = 112, 44
NOTHING = Map((), (), {})
FEW = 10
ALIGN = Qt.AlignmentFlag


def cell_text(cell: Cell, measure: Measure) -> str:
    """What is printed in a cell: the value and of how many items."""
    value = cell.value(measure)
    shown = words.percent(value) if measure == "percent" else words.NOTHING if value is None else f"{value:.2f}"
    return f"{shown} · {cell.n}".replace("-", words.MINUS)


def ground_of(cell: Cell, measure: Measure) -> QColor:
    """From the ground to blue as agreement grows; orange where it is less than chance."""
    value, colours = cell.value(measure), theme.colours()
    if value is None:
        return QColor(colours.window)
    return blended(colours.surface, colours.bars[1 if value < 0 else 0], abs(value))


class AgreementMap(QAbstractScrollArea):
    """`chosen` carries a clause and a column, the cell the cursor is on."""

    chosen = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = NOTHING
        self.measure: Measure = "percent"
        self._at = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Agreement by clause and rater"))
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(CELL.height())

    def show_map(self, shown: Map, measure: Measure) -> None:
        """Draw another map, or the same one by another measure."""
        self.map, self.measure = shown, measure
        rows, columns = len(shown.clauses), len(shown.columns)
        self._at = (min(self._at[0], max(0, rows - 1)), min(self._at[1], max(0, columns - 1)))
        self._fit()
        self._say()
        self.viewport().update()

    def _fit(self) -> None:
        room = self.viewport().size()
        wide, high = LEFT + CELL.width() * len(self.map.columns), TOP + CELL.height() * len(self.map.clauses)
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
        return (row, column) if row < len(self.map.clauses) and column < len(self.map.columns) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells in view, then the names over them."""
        painter, colours = QPainter(self.viewport()), theme.colours()
        painter.fillRect(self.viewport().rect(), QColor(colours.surface))
        painter.setFont(theme.font("small"))
        for row, clause in enumerate(self.map.clauses):
            rect = self.cell_rect(row, 0)
            if rect.bottom() < TOP or rect.top() > self.height():
                continue
            for column, names in enumerate(self.map.columns):
                self._draw_cell(painter, self.cell_rect(row, column), self.map.cells.get((clause, names)))
        self._draw_names(painter)
        if self.map.cells:
            painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.muted), 2))
            rect = self.cell_rect(*self._at)
            if rect.left() >= LEFT - 1 and rect.top() >= TOP - 1:
                painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _draw_cell(self, painter: QPainter, rect: QRect, cell: Cell | None) -> None:
        inner = rect.adjusted(0, 0, -1, -1)
        if cell is None:
            painter.fillRect(inner, QColor(theme.colours().window))
            return
        ground = ground_of(cell, self.measure)
        painter.fillRect(inner, ground)
        painter.setPen(theme.ink_on(ground))
        painter.setFont(theme.font("small"))
        painter.drawText(inner, ALIGN.AlignCenter, cell_text(cell, self.measure))

    def _draw_names(self, painter: QPainter) -> None:
        colours, size = theme.colours(), self.viewport().size()
        painter.fillRect(0, 0, LEFT, size.height(), QColor(colours.surface))
        for row, clause in enumerate(self.map.clauses):
            rect = self.cell_rect(row, 0)
            if rect.top() >= TOP - CELL.height():
                painter.setFont(theme.font("strong" if clause == ALL else "body"))
                painter.setPen(QColor(colours.text))
                room = QRect(0, rect.top(), LEFT - GAP, CELL.height())
                self._draw_cut(painter, room, clause_words(clause), right=True)
        painter.fillRect(0, 0, size.width(), TOP, QColor(colours.surface))
        painter.setFont(theme.font("small"))
        for column, names in enumerate(self.map.columns):
            left = self.cell_rect(0, column).left()
            if left < LEFT - CELL.width():
                continue
            painter.setPen(QColor(colours.text))
            for line, name in enumerate(names):
                high = TOP // len(names)
                self._draw_name(painter, QRect(left + 2, line * high, CELL.width() - 6, high - 2), name)
        painter.fillRect(0, 0, LEFT, TOP, QColor(colours.surface))
        painter.setPen(QColor(colours.muted))
        said = tr("agree · items") if self.measure == "percent" else tr("kappa · items")
        painter.drawText(QRect(0, 0, LEFT - GAP, TOP - 4), ALIGN.AlignBottom | ALIGN.AlignRight, said)

    def _draw_name(self, painter: QPainter, rect: QRect, name: str) -> None:
        """The name of a rater, over two lines where there is room and need."""
        measure = painter.fontMetrics()
        if measure.horizontalAdvance(name) > rect.width() and rect.height() >= 2 * measure.height():
            painter.drawText(rect, ALIGN.AlignHCenter | ALIGN.AlignBottom | Qt.TextFlag.TextWrapAnywhere, name)
        else:
            self._draw_cut(
                painter, QRect(rect.left(), rect.bottom() - measure.height(), rect.width(), measure.height()), name
            )

    def _draw_cut(self, painter: QPainter, rect: QRect, text: str, *, right: bool = False) -> None:
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
        side = ALIGN.AlignRight if right else ALIGN.AlignHCenter
        painter.drawText(rect, side | ALIGN.AlignVCenter, cut)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrow keys, Home and End."""
        row, column = self._at
        rows, columns = len(self.map.clauses), len(self.map.columns)
        moves = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
            Qt.Key.Key_Home: (0, 0),
            Qt.Key.Key_End: (rows - 1, columns - 1),
        }
        wanted = moves.get(Qt.Key(event.key()))
        if wanted is None:
            super().keyPressEvent(event)
        else:
            self.go(*wanted)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move to the cell under the mouse."""
        found = self._cell_at(event.position().toPoint())
        if found is not None:
            self.go(*found)

    def go(self, row: int, column: int) -> None:
        """Put the cursor on a cell, as near as there is one."""
        if not self.map.columns:
            return
        rows, columns = len(self.map.clauses), len(self.map.columns)
        self._at = (min(max(0, row), rows - 1), min(max(0, column), columns - 1))
        rect = self.cell_rect(*self._at)
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() + min(0, rect.left() - LEFT))
        across.setValue(across.value() + max(0, rect.right() - self.viewport().width()))
        down.setValue(down.value() + min(0, rect.top() - TOP))
        down.setValue(down.value() + max(0, rect.bottom() - self.viewport().height()))
        self._say()
        self.viewport().update()
        self.chosen.emit(self.map.clauses[self._at[0]], self.map.columns[self._at[1]])

    def told(self, row: int, column: int) -> str:
        """A cell in words, with its interval."""
        clause, names = self.map.clauses[row], self.map.columns[column]
        cell = self.map.cells.get((clause, names))
        head = f"{clause_words(clause)}, {' / '.join(names)}"
        if cell is None:
            return f"{head}\n{tr('no item')}"
        low, high = cell.interval
        lines = [
            head,
            tr("{0} of {1} items agree: {2}").format(words.number(cell.same), cell.n, words.percent(cell.percent)),
            tr("95 % interval {0} to {1}").format(words.percent(low), words.percent(high)),
        ]
        if cell.kappa is not None:
            lines.append(tr("Cohen's kappa {0}").format(f"{cell.kappa:.2f}"))
        if cell.n < FEW:
            lines.append(tr("Few items: take it as a hint."))
        return "\n".join(lines)

    def _say(self) -> None:
        text = self.told(*self._at) if self.map.columns and self.map.clauses else tr("Nothing to show")
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


def clause_words(clause: str) -> str:
    """What a row of the map is called."""
    return {ALL: tr("All clauses"), NO_CLAUSE: tr("No clause")}.get(clause, clause)

"""The list of clauses in decision order: each in three lines, moved by dragging or by Ctrl with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from launchpad.gui import theme
from launchpad.gui.policies.lines import ICONS, ClauseLine
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, TIGHT

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
ROOT = QModelIndex()
LINES = 3
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
FLAG = Qt.ItemFlag


def nothing_moved(_order: Sequence[str]) -> bool:
    """The commit of a list whose order stays."""
    return False


class ClauseList(QAbstractListModel):
    """The clauses of a version; `reorder` is given the codes in the order a person wants, and says whether it is so.

    The model never changes its own order: the new one arrives through `show`.
    """

    def __init__(self, reorder: Callable[[Sequence[str]], bool] = nothing_moved, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reorder = reorder
        self.lines: tuple[ClauseLine, ...] = ()
        self.locked = False

    def show(self, lines: Sequence[ClauseLine], *, locked: bool) -> None:
        """Take over the clauses as they are now; `locked` ones cannot be moved."""
        same = [line.clause.id for line in lines] == [line.clause.id for line in self.lines] and locked == self.locked
        if same:
            self.lines = tuple(lines)
            if lines:
                self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self.lines, self.locked = tuple(lines), locked
        self.endResetModel()

    def place_of(self, code: str) -> int | None:
        """Where a clause stands, or None when it is not here."""
        return next((at for at, line in enumerate(self.lines) if line.clause.code == code), None)

    def moved(self, place: int, to: int) -> bool:
        """Ask that the clause at a place stands before the one at another; whether it was written."""
        order = [line.clause.code for line in self.lines]
        if self.locked or not 0 <= place < len(order) or to in (place, place + 1):
            return False
        code = order.pop(place)
        order.insert(to - (to > place), code)
        return self.reorder(order)

    def rowCount(self, parent: Index = ROOT) -> int:
        """How many clauses there are."""
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """What a clause shows: its code and rule, and all it says where the mouse rests or a reader asks."""
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == Role.DisplayRole:
            return f"{line.clause.code}  {line.clause.rule}"
        if role == Role.AccessibleTextRole:
            return line.spoken
        if role == Role.ToolTipRole:
            return plain_tip(line.spoken.replace(", ", "\n", 3))
        return line if role == Role.UserRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Whether a clause can be chosen and dragged; it is dropped between others."""
        if not index.isValid():
            return FLAG.ItemIsDropEnabled
        flags = FLAG.ItemIsEnabled | FLAG.ItemIsSelectable
        return flags if self.locked else flags | FLAG.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """Clauses are moved, never copied."""
        return Qt.DropAction.MoveAction

    def moveRows(self, source: Index, first: int, count: int, target: Index, to: int) -> bool:
        """What the view calls when a clause is dropped between two others."""
        return count == 1 and not source.isValid() and not target.isValid() and self.moved(first, to)


class ClauseDrawing(QStyledItemDelegate):
    """Draws a clause in three lines: code and kind, the rule, and what goes with it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Three lines of small text."""
        high = option.fontMetrics.height()  # pyright: ignore[reportAttributeAccessIssue] - missing in the stubs
        return QSize(200, LINES * (high + 2) + 2 * GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground of the list's style, then the lines."""
        line, colours = index.data(Role.UserRole), theme.colours()
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue] - missing in the stubs
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue] - missing in the stubs
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, QColor(colours.selected if chosen else colours.surface))
        painter.setPen(QColor(colours.line))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if isinstance(line, ClauseLine):
            draw_line(painter, rect.adjusted(GAP, GAP - 2, -GAP, -GAP), line)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()


def draw_line(painter: QPainter, rect: QRect, line: ClauseLine) -> None:
    """A clause in three lines within a rectangle."""
    colours = theme.colours()
    third = rect.height() // LINES
    first, second, last = (QRect(rect.left(), rect.top() + at * third, rect.width(), third) for at in range(LINES))
    painter.setFont(theme.font("strong"))
    painter.setPen(QColor(colours.text))
    name = f"{line.place}  {line.clause.code}"
    painter.drawText(first, LEFT, name)
    _draw_kind(painter, first.adjusted(painter.fontMetrics().horizontalAdvance(name) + 2 * GAP, 0, 0, 0), line)
    painter.setFont(theme.font())
    painter.setPen(QColor(colours.text))
    _draw_cut(painter, second, line.clause.rule.replace("\n", " "))
    painter.setFont(theme.font("small"))
    painter.setPen(QColor(colours.muted))
    _draw_cut(painter, last, " · ".join(part for part in (line.about, line.answers) if part))


def _draw_kind(painter: QPainter, rect: QRect, line: ClauseLine) -> None:
    """The kind as icon and word, then examples on both sides, and a mark where something was found."""
    icon, tone = ICONS[line.clause.kind]
    painter.setFont(theme.font("small"))
    size = painter.fontMetrics().height()
    theme.icon(icon, tone).paint(painter, QRect(rect.left(), rect.center().y() - size // 2, size, size))
    painter.setPen(theme.colour(tone))
    painter.drawText(rect.adjusted(size + TIGHT, 0, 0, 0), LEFT, line.kind)
    painter.setPen(theme.colour("muted"))
    sides = f"{line.over}\N{MULTIPLICATION X} {line.allowed}\N{CHECK MARK}"
    painter.drawText(rect, RIGHT, sides)
    if line.findings:
        room = rect.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(sides) - GAP, 0)
        painter.setPen(theme.colour("warn"))
        count = str(line.findings)
        painter.drawText(room, RIGHT, count)
        left = room.right() - painter.fontMetrics().horizontalAdvance(count) - size - 2
        theme.icon("warning", "warn").paint(painter, QRect(left, rect.center().y() - size // 2, size, size))


def _draw_cut(painter: QPainter, rect: QRect, text: str) -> None:
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, LEFT, cut)


class ClauseListView(QListView):
    """`clause_chosen` carries the code of the clause the cursor is on; Ctrl with an arrow key moves it."""

    clause_chosen = Signal(str)

    def __init__(self, model: ClauseList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = model
        self.setModel(model)
        self.setAccessibleName(self.tr("Clauses in decision order"))
        self.setItemDelegate(ClauseDrawing(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Say which clause is looked at now."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.clause_chosen.emit(self.list.lines[current.row()].clause.code)

    def choose(self, code: str) -> bool:
        """Put the cursor on a clause; whether it is here."""
        place = self.list.place_of(code)
        if place is None:
            return False
        self.setRowHidden(place, False)
        self.setCurrentIndex(self.list.index(place))
        return True

    def find_words(self, typed: str) -> None:
        """Show only the clauses in which every typed word is found."""
        parts = typed.casefold().split()
        for place, line in enumerate(self.list.lines):
            text = line.spoken.casefold()
            self.setRowHidden(place, not all(part in text for part in parts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the clause with Ctrl and an arrow key; every other key as usual."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 2}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            place = self.currentIndex().row()
            self.list.moved(place, max(0, min(place + step, len(self.list.lines))))
            return
        super().keyPressEvent(event)

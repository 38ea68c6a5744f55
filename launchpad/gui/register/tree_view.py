"""The tree a person sees: badges beside names, lines that stay open, dragging, and what keys do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QDragMoveEvent, QDropEvent, QFontMetricsF, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from launchpad.gui import theme
from launchpad.gui.register.badges import Badge
from launchpad.gui.register.forest import NoDrop, no_drop
from launchpad.gui.register.tree_model import BADGES_ROLE, KEY_ROLE, AreaTreeModel, dragged, tr
from launchpad.gui.theme import ROW_HEIGHT, TIGHT

Index = QModelIndex | QPersistentModelIndex
Path = tuple[int, ...]
ITEMS = QItemSelectionModel.SelectionFlag
CHOOSE_LINE = ITEMS.Select | ITEMS.Rows
OPEN_AT_FIRST = 60
MOST_OPENED = 400
WIDTHS = (206, 82, 38, 120, 130, 88)
LEAST_NAME = 48
ICON = 14


class BadgeDelegate(QStyledItemDelegate):
    """Draws a name, and short words in rounded frames at the right end of its cell, so that they are never cut."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell as usual, in the room that the badges leave."""
        badges: tuple[Badge, ...] = index.data(BADGES_ROLE) or ()
        inner = QStyleOptionViewItem(option)
        self.initStyleOption(inner, index)
        style = inner.widget.style()  # pyright: ignore[reportAttributeAccessIssue] - missing in the stubs
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, inner, painter, inner.widget)  # pyright: ignore[reportAttributeAccessIssue] - as above
        room = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue] - as above
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = inner.font  # pyright: ignore[reportAttributeAccessIssue] - as above
        short = _too_long(str(index.data()), QFontMetricsF(font), badges, room.width())
        for badge in reversed(badges):
            room = _icon(painter, room, badge) if short and badge.icon else _badge(painter, room, badge)
        text = room.adjusted(TIGHT, 0, -TIGHT, 0)
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setPen(ink if isinstance(ink, QColor) else theme.colour("text"))
        painter.setFont(font)
        shown = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, int(text.width()))
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()
        if inner.state & QStyle.StateFlag.State_HasFocus:  # pyright: ignore[reportAttributeAccessIssue] - as above
            _focus(painter, QRectF(option.rect))  # pyright: ignore[reportAttributeAccessIssue] - as above

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same height for every line."""
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT - 2)


def _too_long(name: str, metrics: QFontMetricsF, badges: Sequence[Badge], room: float) -> bool:
    """Whether a name is cut beside its badges in words, so that those with an icon are better shown by it."""
    small = QFontMetricsF(theme.font("small"))
    beside = sum(small.horizontalAdvance(badge.words) + 3 * TIGHT + 2 for badge in badges)
    return metrics.horizontalAdvance(name) + 2 * TIGHT + beside > room


def _icon(painter: QPainter, room: QRectF, badge: Badge) -> QRectF:
    """Draw a badge's icon at the right end of a room; what is left of the room."""
    frame = QRectF(room.right() - ICON - TIGHT, room.center().y() - ICON / 2, ICON, ICON)
    theme.icon(badge.icon, badge.tone).paint(painter, frame.toRect())
    return room.adjusted(0, 0, -(ICON + TIGHT + 2), 0)


def _badge(painter: QPainter, room: QRectF, badge: Badge) -> QRectF:
    """Draw one badge at the right end of a room; what is left of the room. Without room for it, nothing."""
    words, tone = badge.words, badge.tone
    font = theme.font("small")
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(words) + 2 * TIGHT
    if room.width() - width < LEAST_NAME:
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width() - LEAST_NAME - 2 * TIGHT)
        width = metrics.horizontalAdvance(words) + 2 * TIGHT
        if len(words) < 3:
            return room
    height = metrics.height() + 2
    frame = QRectF(room.right() - width - 2, room.center().y() - height / 2, width, height)
    painter.setPen(QPen(theme.colour(tone), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(frame, TIGHT, TIGHT)
    painter.setFont(font)
    painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), words)
    return room.adjusted(0, 0, -(width + TIGHT), 0)


def _focus(painter: QPainter, frame: QRectF) -> None:
    painter.save()
    painter.setPen(QPen(theme.colour("accent"), 1))
    painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()


class AreaTree(QTreeView):
    """`chosen` says that other areas are selected, `dropped` carries (keys, target or None, also), `told` why not.

    `operated` carries the name of an operation asked for by a key.
    """

    chosen = Signal()
    dropped = Signal(object, object, bool)
    told = Signal(str)
    operated = Signal(str)

    def __init__(self, model: AreaTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.areas = model
        self._open: set[Path] | None = None
        self._kept: tuple[set[Path], Path, int] = (set(), (), 0)
        self._fill_menu: Callable[[QMenu], object] | None = None
        self.setModel(model)
        self._dress()
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        self.expanded.connect(self._opened)
        self.collapsed.connect(self._closed)
        self.selectionModel().selectionChanged.connect(self._tell_chosen)
        self._open_again()

    def _dress(self) -> None:
        self.setAccessibleName(tr("Risk areas"))
        self.setItemDelegateForColumn(0, BadgeDelegate(self))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setIndentation(16)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDragDropOverwriteMode(True)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setAutoExpandDelay(600)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        header = self.header()
        header.setStretchLastSection(False)
        for place, width in enumerate(WIDTHS):
            self.setColumnWidth(place, width)

    def fill_menu_with(self, fill: Callable[[QMenu], object]) -> None:
        """What fills the context menu."""
        self._fill_menu = fill

    def _menu(self, at: QPoint) -> None:
        if self._fill_menu is None:
            return
        menu = QMenu(self)
        self._fill_menu(menu)
        menu.exec(self.viewport().mapToGlobal(at))
        menu.deleteLater()

    def keys(self) -> list[int]:
        """The keys of the selected areas, each once, from top to bottom."""
        indexes = sorted(self.selectionModel().selectedRows(), key=self.areas.path_of)
        return list(dict.fromkeys(int(index.data(KEY_ROLE)) for index in indexes))

    def choose(self, keys: Iterable[int]) -> bool:
        """Select these areas where they stand first, and scroll to the first; whether there was any."""
        found = [index for key in keys if (index := self.areas.first_of(key)).isValid()]
        self.selectionModel().clearSelection()
        for index in found:
            self._reveal(index)
            self.selectionModel().select(index, CHOOSE_LINE)
        if found:
            self.selectionModel().setCurrentIndex(found[0], ITEMS.NoUpdate)
            self.scrollTo(found[0])
        return bool(found)

    def _reveal(self, index: QModelIndex) -> None:
        above = index.parent()
        while above.isValid():
            self.expand(above)
            above = above.parent()

    def _tell_chosen(self, *_selected: object) -> None:
        self.chosen.emit()

    def _opened(self, index: QModelIndex) -> None:
        if self._open is not None:
            self._open.add(self.areas.path_of(index))

    def _closed(self, index: QModelIndex) -> None:
        if self._open is not None:
            self._open.discard(self.areas.path_of(index))

    def _keep(self) -> None:
        chosen = {self.areas.path_of(index) for index in self.selectionModel().selectedRows()}
        self._kept = chosen, self.areas.path_of(self.currentIndex()), self.verticalScrollBar().value()

    def _restore(self) -> None:
        """Open what was open, and choose what was chosen; a search opens the way to what it found instead."""
        chosen, current, scrolled = self._kept
        if self.areas.hits:
            self._open_hits()
        else:
            self._open_again()
        with_lines = [index for path in chosen if (index := self._line(path)).isValid()]
        self.selectionModel().blockSignals(True)
        for index in with_lines:
            self.selectionModel().select(index, CHOOSE_LINE)
        if (index := self._line(current)).isValid():
            self.selectionModel().setCurrentIndex(index, ITEMS.NoUpdate)
        self.selectionModel().blockSignals(False)
        self.viewport().update()
        self.verticalScrollBar().setValue(scrolled)
        if len(with_lines) != len(chosen):
            self.chosen.emit()

    def _line(self, path: Path) -> QModelIndex:
        found = self.areas.at_path(path) if path else QModelIndex()
        return found if found.isValid() or not path else self.areas.first_of(path[-1])

    def _open_again(self) -> None:
        model = self.areas
        if self._open is None and model.forest.nodes:
            few = len(model.forest.nodes) <= OPEN_AT_FIRST
            tops = model.forest.roots if few or len(model.forest.roots) == 1 else ()
            self._open = {(key,) for key in tops}
        for path in sorted(self._open or (), key=len):
            if (index := model.at_path(path)).isValid():
                self.setExpanded(index, True)

    def _open_hits(self) -> None:
        kept, self._open = self._open, None
        model = self.areas
        waiting = [QModelIndex()]
        opened = 0
        while waiting and opened < MOST_OPENED:
            above = waiting.pop()
            for row in range(model.rowCount(above)):
                index = model.index(row, 0, above)
                if model.hasChildren(index):
                    self.setExpanded(index, True)
                    opened += 1
                    waiting.append(index)
        self._open = kept

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 renames, Insert adds below, Delete deprecates, Escape chooses nothing; every other key as usual."""
        asked = {
            Qt.Key.Key_F2: "rename",
            Qt.Key.Key_Insert: "add",
            Qt.Key.Key_Delete: "deprecate",
        }.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Cancel):
            self.clearSelection()
        elif asked is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.operated.emit(asked)
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the selected areas on the clipboard, code and name."""
        from PySide6.QtGui import QGuiApplication

        nodes = [self.areas.forest.nodes[key] for key in self.keys()]
        if nodes:
            QGuiApplication.clipboard().setText("\n".join(f"{node.code}\t{node.name}" for node in nodes))

    def _target(self, at: QPoint) -> int | None:
        index = self.indexAt(at)
        return int(index.data(KEY_ROLE)) if index.isValid() else None

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Welcome areas wherever they may stand; say why where they may not."""
        super().dragMoveEvent(event)
        keys = dragged(event.mimeData())
        why = no_drop(self.areas.forest, keys, self._target(event.position().toPoint())) if keys else None
        if not keys or not self.areas.movable or why is not None:
            event.ignore()
        else:
            event.accept()
        self.told.emit("" if why is None else refusal(why))

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the move once the drag is over; nothing is written here."""
        keys = dragged(event.mimeData())
        target = self._target(event.position().toPoint())
        why = no_drop(self.areas.forest, keys, target)
        also = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()
        if not keys or not self.areas.movable:
            return
        if why is not None:
            self.told.emit(refusal(why))
            return
        moved = tuple(self.areas.forest.topmost(keys))
        QTimer.singleShot(0, self, lambda: self.dropped.emit(moved, target, also))


def refusal(why: NoDrop) -> str:
    """Why areas cannot be dropped somewhere, in words."""
    said = {
        "itself": tr("{0} cannot lie under itself."),
        "under": tr("{1} lies under {0}; {0} cannot move into what is under it."),
        "there": tr("{0} is already there."),
        "gone": tr("{0} is deprecated. Restore it first."),
    }
    return said[why.how].format(why.code, why.target)

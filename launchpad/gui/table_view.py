"""A table as people know it from a spreadsheet: copy, paste, fill, clear, edit by F2, filter by column."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QVBoxLayout, QWidget

from launchpad.gui.columns import Column, Row, Wish
from launchpad.gui.delegates import CellDelegate, DrawnDelegate
from launchpad.gui.filter_header import FilterHeader
from launchpad.gui.pieces import label
from launchpad.gui.table_model import TableModel
from launchpad.gui.theme import ROW_HEIGHT, WIDE
from launchpad.records import Record

FILL_DOWN = QKeySequence("Ctrl+D")
ITEMS = QItemSelectionModel.SelectionFlag


class TableView(QTableView):
    """Shows a TableModel; `row_chosen` carries the current row, `row_opened` the one double-clicked."""

    row_chosen = Signal(object)
    row_opened = Signal(object)

    def __init__(self, model: TableModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = model
        self._kept: tuple[int, int] | None = None
        self._keys: list[tuple[QKeySequence, Callable[[], None]]] = []
        self.filters = FilterHeader(model, self)
        self.setHorizontalHeader(self.filters)
        self.setModel(model)
        self.setAccessibleName(name)
        self._dress()
        self._actions()
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._find_place)
        self.selectionModel().currentChanged.connect(self._moved)
        self.doubleClicked.connect(self._opened)
        self.horizontalScrollBar().valueChanged.connect(self.filters.place)
        self.filters.sortIndicatorChanged.connect(self.sortByColumn)

    def _dress(self) -> None:
        self.setItemDelegate(CellDelegate(self))
        self._drawn = DrawnDelegate(self)
        self.setSortingEnabled(False)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Give every column the width it was made for, and hide those shown on request only."""
        letter = self.fontMetrics().averageCharWidth()
        for place, column in enumerate(self.table.columns):
            title = self.fontMetrics().horizontalAdvance(column.title) + 4 * letter
            self.setColumnWidth(place, max(column.width * letter + 2 * letter, title))
            self.setColumnHidden(place, column.hidden)
            self.setItemDelegateForColumn(place, self._drawn if column.paint else None)  # pyright: ignore[reportArgumentType] - None takes it away

    def _actions(self) -> None:
        # The keys are shown, not bound: the window's Edit menu has the same ones, and a key bound twice is dead.
        keys = QKeySequence.StandardKey
        self._action(self.tr("&Copy"), QKeySequence(keys.Copy), self.copy)
        self._action(self.tr("&Paste"), QKeySequence(keys.Paste), self.paste)
        self._action(self.tr("&Fill down"), FILL_DOWN, self.fill_down)
        self._action(self.tr("C&lear"), QKeySequence(keys.Delete), self.clear_cells)

    def _action(self, text: str, keys: QKeySequence, slot: Callable[[], None]) -> None:
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        made = QAction(f"{text}\t{shown}", self)
        made.triggered.connect(lambda: slot())  # noqa: PLW0108 - Qt would pass `checked` on
        self.addAction(made)
        self._keys.append((keys, slot))

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions(self.actions())
        menu.exec(self.viewport().mapToGlobal(at))
        menu.deleteLater()

    def say_when_empty(self, words: str) -> None:
        """Show these words in place of rows while there are none."""
        said = label(words, tone="muted", wrap=True)
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        room = QVBoxLayout(self.viewport())
        room.setContentsMargins(WIDE, 0, WIDE, 0)
        room.addWidget(said)
        self.table.modelReset.connect(lambda: said.setVisible(not self.table.rows))

    def current_row(self) -> Row | None:
        """The row the cursor is in."""
        index = self.currentIndex()
        return self.table.row_at(index.row()) if index.isValid() else None

    def chosen_rows(self) -> list[Row]:
        """Every row with a selected cell, from top to bottom."""
        places = sorted({index.row() for index in self.selectedIndexes()})
        return [self.table.row_at(place) for place in places]

    def choose(self, row_id: int) -> bool:
        """Put the cursor in a row, whatever the filters; whether there is such a row."""
        if self.table.place_of(row_id) is None and self.table.filters:
            self.table.clear_filters()
        place = self.table.place_of(row_id)
        if place is None:
            return False
        column = max(self.currentIndex().column(), self._columns()[0])
        self.selectionModel().setCurrentIndex(self.table.index(place, column), ITEMS.ClearAndSelect)
        self.scrollTo(self.table.index(place, column))
        return True

    def _columns(self) -> list[int]:
        """The columns shown, from left to right."""
        header = self.horizontalHeader()
        shown = [header.logicalIndex(place) for place in range(header.count())]
        return [column for column in shown if not self.isColumnHidden(column)]

    def _block(self) -> tuple[list[int], list[int]]:
        """The rows and columns that the selection spans."""
        indexes = self.selectedIndexes()
        chosen = {index.column() for index in indexes}
        return sorted({index.row() for index in indexes}), [at for at in self._columns() if at in chosen]

    def copy(self) -> None:
        """Put the selected cells on the clipboard as a spreadsheet takes them."""
        rows, columns = self._block()
        selected = {(index.row(), index.column()) for index in self.selectedIndexes()}
        lines = [
            "\t".join(self._typed(row, column) if (row, column) in selected else "" for column in columns)
            for row in rows
        ]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def _typed(self, row: int, column: int) -> str:
        words = self.table.columns[column].typed(self.table.row_at(row))
        return " ".join(words.replace("\t", " ").splitlines())

    def paste(self) -> None:
        """Write the clipboard's cells from the cursor on; one cell fills the whole selection."""
        text = QGuiApplication.clipboard().text().rstrip("\n")
        lines = [line.split("\t") for line in text.splitlines()] or [[""]]
        if len(lines) == 1 and len(lines[0]) == 1:
            self.write_selected(lines[0][0])
            return
        rows, chosen = self._block()
        if not rows:
            return
        columns = self._columns()
        columns = columns[columns.index(chosen[0]) :]
        wishes: list[Wish] = []
        for place, line in enumerate(lines[: self.table.rowCount() - rows[0]], start=rows[0]):
            row = self.table.row_at(place)
            pairs = zip(columns, line, strict=False)
            wishes.extend((row, self.table.columns[column], words) for column, words in pairs)
        self.table.write(wishes)

    def write_selected(self, words: str) -> None:
        """Give every selected cell the same value, in one edit."""
        self.table.write([(row, column, words) for row, column in self._selected()])

    def _selected(self) -> list[tuple[Row, Column]]:
        return [
            (self.table.row_at(index.row()), self.table.columns[index.column()]) for index in self.selectedIndexes()
        ]

    def clear_cells(self) -> None:
        """Empty every selected cell that may be empty, in one edit."""
        self.write_selected("")

    def fill_down(self) -> None:
        """Give the selected cells of each column the value of the topmost one."""
        tops: dict[int, int] = {}
        wishes: list[Wish] = []
        for index in sorted(self.selectedIndexes(), key=lambda index: index.row()):
            top = tops.setdefault(index.column(), index.row())
            if top != index.row():
                column = self.table.columns[index.column()]
                words = column.typed(self.table.row_at(top))
                wishes.append((self.table.row_at(index.row()), column, words))
        self.table.write(wishes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, paste, fill, clear; Enter edits or opens, as F2 does; every other key as usual."""
        pressed = QKeySequence(event.keyCombination())
        for keys, slot in self._keys:
            if pressed.matches(keys) == QKeySequence.SequenceMatch.ExactMatch:
                slot()
                return
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        editing = self.state() == QAbstractItemView.State.EditingState
        if enter and not editing and self.currentIndex().isValid():
            if self.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(self.currentIndex())
            else:
                self._opened(self.currentIndex())
            return
        super().keyPressEvent(event)

    def tell_opened(self, part: str, tell: Callable[[Record | None], object]) -> None:
        """Hand this part of every row that is opened on."""

        def opened(row: Row) -> None:
            tell(row.parts[part])

        self.row_opened.connect(opened)

    def _moved(self, current: QModelIndex, before: QModelIndex) -> None:
        if current.isValid() and current.row() != before.row():
            self.row_chosen.emit(self.table.row_at(current.row()))

    def _opened(self, index: QModelIndex) -> None:
        if index.isValid():
            self.row_opened.emit(self.table.row_at(index.row()))

    def _keep_place(self) -> None:
        row = self.current_row()
        self._kept = None if row is None else (row.id, self.currentIndex().column())

    def _find_place(self) -> None:
        if self._kept is None:
            return
        row_id, column = self._kept
        place = self.table.place_of(row_id) or 0
        if place < self.table.rowCount() and column < self.table.columnCount():
            index = self.table.index(place, column)
            self.selectionModel().setCurrentIndex(index, ITEMS.ClearAndSelect)


def chosen_parts(view: TableView, part: str) -> list[Record]:
    """The records of this part in every selected row."""
    return [found for row in view.chosen_rows() if (found := row.parts.get(part)) is not None]

"""The editors of table cells: a list for choices and references, a calendar for days, words for the rest."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QAbstractItemModel, QDate, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from launchpad.gui.columns import Column, Option
from launchpad.gui.table_model import OPTIONS_ROLE, TableModel
from launchpad.gui.theme import ROW_HEIGHT

Index = QModelIndex | QPersistentModelIndex
TOUCHED = "touched"
NO_DAY = QDate(1900, 1, 1)
EDIT = Qt.ItemDataRole.EditRole


class CellDelegate(QStyledItemDelegate):
    """Makes the editor that fits a column, and hands what was typed back to the model as words."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A list, a calendar or a line, named for screen readers by the column's title."""
        column = _column(index)
        options = cast("list[Option] | None", index.data(OPTIONS_ROLE))
        if options is not None:
            made = self._list(parent, options)
        elif column.field is not None and column.field.type == "date":
            made = _calendar(parent)
        else:
            made = _line(parent, column)
        made.setAccessibleName(column.title)
        made.setAccessibleDescription(column.help)
        return made

    def _list(self, parent: QWidget, options: list[Option]) -> QComboBox:
        made = QComboBox(parent)
        for shown, typed in options:
            made.addItem(shown, typed)
        made.setMaxVisibleItems(16)
        made.view().setMinimumWidth(made.view().sizeHintForColumn(0) + 24)
        made.activated.connect(partial(self._chosen, made))
        return made

    def _chosen(self, editor: QWidget, _place: int) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Start the editor from the exact value."""
        typed = str(index.data(EDIT) or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(typed)))
        elif isinstance(editor, QDateEdit):
            editor.setDate(QDate.fromString(typed, Qt.DateFormat.ISODate) if typed else QDate.currentDate())
            editor.setProperty(TOUCHED, False)
        elif isinstance(editor, QLineEdit):
            editor.setText(typed)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Send what was typed to the model."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData(), EDIT)
        elif isinstance(editor, QDateEdit):
            day = editor.date()
            if editor.property(TOUCHED):
                model.setData(index, "" if day == NO_DAY else day.toString(Qt.DateFormat.ISODate), EDIT)
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), EDIT)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The width the words need at the height of every row."""
        return QSize(super().sizeHint(option, index).width() + 8, ROW_HEIGHT)


class DrawnDelegate(CellDelegate):
    """For columns that draw their cells themselves; a class apart, as a call for every other cell would cost."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """What the column draws, on the cell's ground."""
        draw = _column(index).paint
        if draw is None:
            return
        ground = QStyleOptionViewItem(option)
        ground.widget.style().drawPrimitive(  # pyright: ignore[reportAttributeAccessIssue] - missing in the stubs
            QStyle.PrimitiveElement.PE_PanelItemViewItem, ground, painter, ground.widget
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter, QRect(option.rect), cast("TableModel", index.model()).row_at(index.row()))
        painter.restore()


def _column(index: Index) -> Column:
    return cast("TableModel", index.model()).columns[index.column()]


def _calendar(parent: QWidget) -> QDateEdit:
    made = QDateEdit(parent)
    made.setDisplayFormat("yyyy-MM-dd")
    made.setCalendarPopup(True)
    made.setMinimumDate(NO_DAY)
    made.setSpecialValueText(made.tr("None"))
    # An empty day starts the editor at today; it is written only once somebody has chosen it.
    made.userDateChanged.connect(partial(_touch, made))
    made.calendarWidget().clicked.connect(partial(_touch, made))
    return made


def _touch(editor: QWidget, _day: QDate) -> None:
    editor.setProperty(TOUCHED, True)


def _line(parent: QWidget, column: Column) -> QLineEdit:
    made = QLineEdit(parent)
    if column.field is not None and column.field.scale is not None:
        made.setPlaceholderText(made.tr("low, median, high"))
    return made

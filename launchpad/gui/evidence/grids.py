"""Small tables and lists that only show what they are given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QSizePolicy, QTableWidget, QTableWidgetItem

from launchpad.gui import theme
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import ROW_HEIGHT


def grid(name: str, titles: Sequence[str]) -> QTableWidget:
    """A table of words that is only read."""
    made = QTableWidget(0, len(titles))
    made.setAccessibleName(name)
    made.setHorizontalHeaderLabels(list(titles))
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setTabKeyNavigation(False)
    made.setWordWrap(False)
    made.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    made.verticalHeader().hide()
    made.horizontalHeader().setStretchLastSection(True)
    made.horizontalHeader().setHighlightSections(False)
    return made


def cell(text: str, *, muted: bool = False) -> QTableWidgetItem:
    """A cell of such a table; long words are told in full when the mouse rests on it."""
    made = QTableWidgetItem(text)
    if len(text) > 12:
        made.setToolTip(plain_tip(text[:400]))
    if muted:
        made.setForeground(QBrush(theme.colour("muted")))
    return made


def show_lines(held: QTableWidget, lines: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> None:
    """Fill a table with these lines, numbers in the columns at these places to the right."""
    held.setRowCount(len(lines))
    for at, cells in enumerate(lines):
        for place, text in enumerate(cells):
            item = cell(text)
            if place in right:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            held.setItem(at, place, item)


def wide_box() -> QComboBox:
    """A list to choose from, as wide as there is room."""
    made = QComboBox()
    made.setMaxVisibleItems(20)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


def fill_box(box: QComboBox, entries: Sequence[tuple[str, str]], chosen: str) -> None:
    """Fill a list with words and values, and choose one by its value."""
    present = [(box.itemText(place), cast("str", box.itemData(place))) for place in range(box.count())]
    if present != list(entries):
        box.clear()
        for text, name in entries:
            box.addItem(text, name)
    box.setCurrentIndex(max(0, box.findData(chosen)))

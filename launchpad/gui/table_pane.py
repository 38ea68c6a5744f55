"""A table with its tools: find, filters, choice of columns, and a message when there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from launchpad.gui.columns import Row
from launchpad.gui.pieces import label, tool
from launchpad.gui.table_model import ANYWHERE, TableModel
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import GAP, TIGHT


class TablePane(QWidget):
    """A TableView under a line of tools; `memory` names the project and table its layout is kept for."""

    def __init__(self, model: TableModel, name: str, memory: str, when_empty: QWidget | None = None) -> None:
        super().__init__()
        self.model = model
        self._memory = f"{memory}/columns"
        self.view = TableView(model, name)
        self.tools = self._tools(name)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(when_empty or QWidget())
        self._none = label(self.tr("No row matches. Clear the search or the filters."), tone="muted")
        self._none.hide()
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(TIGHT)
        inner.addLayout(self.tools)
        inner.addWidget(self._none)
        inner.addWidget(self._pages, 1)
        self._recalled = self._recall()
        header = self.view.horizontalHeader()
        for signal in (header.sectionResized, header.sectionMoved, header.sortIndicatorChanged):
            signal.connect(self._remember)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus).setContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
        )

    def _tools(self, name: str) -> QHBoxLayout:
        self.search = QLineEdit()
        self.search.setObjectName("find")
        self.search.setPlaceholderText(self.tr("Find (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.tr("Find in {0}").format(name))
        self.search.setMaximumWidth(240)
        self.search.textChanged.connect(partial(self.model.set_filter, ANYWHERE))
        self.search.returnPressed.connect(self.view.setFocus)
        self._count = label("", "small", tone="muted")
        self._filter = tool(self.tr("Filter by column"), "filter", self._show_filters, checkable=True)
        self._choose = tool(self.tr("Choose columns"), "columns", self._choose_columns)
        made = QHBoxLayout()
        made.setSpacing(GAP)
        for widget in (self.search, self._filter, self._choose, self._count):
            made.addWidget(widget)
        made.addStretch(1)
        self.model.filtered.connect(self._say_count)
        self.model.modelReset.connect(self._say_count)
        return made

    def add_tools(self, *widgets: QWidget) -> None:
        """Put a screen's own buttons at the right end of the line of tools."""
        for widget in widgets:
            self.tools.addWidget(widget)

    def sort_first(self, key: str) -> None:
        """Sort by this column, upwards, until the person has arranged the table otherwise."""
        if not self._recalled:
            self.view.horizontalHeader().setSortIndicator(self.model.column_at(key), Qt.SortOrder.AscendingOrder)

    def fill(self, rows: Sequence[Row]) -> None:
        """Show these rows, or the message for an empty table."""
        self.model.show(rows)
        self._pages.setCurrentIndex(0 if rows else 1)
        for widget in (self.search, self._filter, self._choose):
            widget.setEnabled(bool(rows))
        self._say_count()

    def _say_count(self) -> None:
        shown, all_ = self.model.rowCount(), len(self.model.rows)
        words = self.tr("{0} of {1}").format(shown, all_) if shown != all_ else str(all_)
        self._count.setText(words if all_ else "")
        self._none.setVisible(all_ > 0 and shown == 0)

    def _show_filters(self, shown: bool) -> None:
        self.view.filters.show_filters(shown=shown)
        self.view.filters.focus_filter(max(0, self.view.currentIndex().column()))

    def _choose_columns(self) -> None:
        menu = QMenu(self)
        for place, column in enumerate(self.model.columns):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.view.isColumnHidden(place))
            action.setEnabled(place > 0)
            action.toggled.connect(partial(self._show_column, place))
        menu.exec(self._choose.mapToGlobal(self._choose.rect().bottomLeft()))
        menu.deleteLater()

    def _show_column(self, place: int, shown: bool) -> None:
        self.view.setColumnHidden(place, not shown)
        self._remember()

    def _keys(self) -> str:
        return ",".join(column.key for column in self.model.columns)

    def _remember(self) -> None:
        settings = QSettings()
        settings.setValue(f"{self._memory}/keys", self._keys())
        settings.setValue(f"{self._memory}/state", self.view.horizontalHeader().saveState())

    def _recall(self) -> bool:
        settings = QSettings()
        state = settings.value(f"{self._memory}/state")
        if settings.value(f"{self._memory}/keys") != self._keys() or not isinstance(state, QByteArray):
            return False
        header = self.view.horizontalHeader()
        if not header.restoreState(state):
            return False
        if 0 <= header.sortIndicatorSection() < len(self.model.columns):
            self.model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        return True

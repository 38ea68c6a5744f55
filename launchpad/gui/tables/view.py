"""The screen of all tables: choose one at the left, edit, add and remove its rows at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from launchpad.gui import theme, words
from launchpad.gui.columns import field_column
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.pieces import button, column, empty, label, tool
from launchpad.gui.screen import Screen
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.tables.numbers import GROUPS, READ_ONLY, rows
from launchpad.gui.theme import GAP, WIDE
from launchpad.records import TABLES, Record, fields_of

TABLE = Qt.ItemDataRole.UserRole


class TablesScreen(Screen):
    """What has no screen of its own is edited here; every table is made when it is first looked at."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("All tables"))
        self._panes: dict[str, TablePane] = {}
        self.list = QTreeWidget()
        self.list.setHeaderHidden(True)
        self.list.setAccessibleName(self.tr("Tables"))
        self._items: dict[str, QTreeWidgetItem] = {}
        for group, records in GROUPS:
            top = QTreeWidgetItem([words.translate("tables", group)])
            top.setSizeHint(0, QSize(0, theme.ROW_HEIGHT))
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.addTopLevelItem(top)
            for record in records:
                item = QTreeWidgetItem([words.translate("records", record.plural)])
                item.setData(0, TABLE, record.table)
                top.addChild(item)
                self._items[record.table] = item
        self.list.expandAll()
        self._what = label("", tone="muted", wrap=True)
        self._stack = QStackedWidget()
        right = QWidget()
        right.setLayout(column(self._what, self._stack, gap=GAP))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setSizes([210, 860])
        split.setStretchFactor(1, 1)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(split)
        self.list.currentItemChanged.connect(self._show)
        self.list.setCurrentItem(self._items["team"])

    def refresh(self) -> None:
        """Count the rows of every table, and show those of the chosen one."""
        launch = self.document.launch
        for table, item in self._items.items():
            record = TABLES[table]
            count = len(self.document.inputs.rows(record, launch.id if launch else None))
            item.setText(0, f"{words.translate('records', record.plural)} ({count})")
        self._show()

    def pane_of(self, record: type[Record]) -> TablePane:
        """The table of a record, made when first asked for."""
        if record.table not in self._panes:
            self._panes[record.table] = self._pane(record)
            self._stack.addWidget(self._panes[record.table])
        return self._panes[record.table]

    def _pane(self, record: type[Record]) -> TablePane:
        document, fixed = self.document, record in READ_ONLY
        columns = [
            field_column(lambda: document.inputs, record, declared.name, read_only=fixed)
            for declared in fields_of(record)
            if declared.name != "launch"
        ]
        title = words.translate("records", record.plural)
        add = button(self.tr("&Add"), lambda: self._add(record), icon="add", part="main")
        what = (record.__doc__ or "").partition("\n")[0]
        nothing = empty(
            self.tr("No rows yet: {0}").format(title),
            words.translate("records", what),
            *([] if fixed else [add]),
            icon="tables",
        )
        made = TablePane(TableModel(columns, document.write, self), title, f"{document.memory}/{record.table}", nothing)
        if not fixed:
            made.add_tools(
                tool(self.tr("Add a row"), "add", lambda: self._add(record)),
                tool(self.tr("Remove the chosen rows"), "remove", lambda: self._remove(record)),
            )
        return made

    def _chosen(self) -> type[Record] | None:
        item = self.list.currentItem()
        table = None if item is None else item.data(0, TABLE)
        return TABLES.get(str(table))

    def _show(self, *_items: object) -> None:
        record = self._chosen()
        if record is None:
            return
        launch = self.document.launch
        pane = self.pane_of(record)
        pane.fill(rows(self.document.inputs, record, launch.id if launch else None))
        self._what.setText(words.translate("records", (record.__doc__ or "").partition("\n")[0]))
        self._stack.setCurrentWidget(pane)

    def _add(self, record: type[Record]) -> None:
        AddForm(self.document, record, parent=self).exec()

    def _remove(self, record: type[Record]) -> None:
        self.document.remove(chosen_parts(self.pane_of(record).view, record.table))

    def reveal(self, record: Record) -> bool:
        """Choose a record in its table; every record has a place here."""
        item = self._items.get(record.table)
        if item is None:
            return False
        self.list.setCurrentItem(item)
        self._show()
        return self.pane_of(type(record)).view.choose(record.id)

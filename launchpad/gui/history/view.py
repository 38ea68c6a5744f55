"""The history screen: edits above, what the chosen one changed below, with undo, redo and revert."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from launchpad.changes import Edit
from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.history.numbers import differences, rows
from launchpad.gui.pieces import button, column, label, row
from launchpad.gui.screen import Screen
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import GAP, WIDE


class HistoryScreen(Screen):
    """Nothing here is ever rewritten: taking an edit back is a new edit."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("History"))
        self._edits: dict[int, Edit] = {}
        self.model = TableModel(self._columns(), parent=self)
        self.pane = TablePane(self.model, self.tr("Edits"), f"{document.memory}/history")
        self.pane.view.row_chosen.connect(self._chosen)
        self.undo = button(self.tr("&Undo"), lambda: self.acted.emit("undo"), icon="undo")
        self.redo = button(self.tr("&Redo"), lambda: self.acted.emit("redo"), icon="redo")
        tip = self.tr("Takes back what the chosen edit did, as a new edit, whoever made it.")
        self.revert = button(self.tr("Revert this &edit"), self._revert, tip=tip)
        self.pane.add_tools(self.undo, self.redo, self.revert)
        self.details = QTreeWidget()
        self.details.setUniformRowHeights(True)
        self.details.setAccessibleName(self.tr("What the edit changed"))
        self.details.setRootIsDecorated(False)
        self.details.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        titles = (self.tr("Table"), self.tr("Row"), self.tr("Field"), self.tr("Before"), self.tr("After"))
        self.details.setHeaderLabels(list(titles))
        for place, width in enumerate((130, 150, 190, 250)):
            self.details.setColumnWidth(place, width)
        self._title = label(self.tr("Choose an edit to see what it changed."), "strong", wrap=True)
        below = QWidget()
        below.setLayout(column(row(self._title), self.details, gap=GAP))
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.pane)
        split.addWidget(below)
        split.setSizes([340, 240])
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(split)

    def _columns(self) -> list[Column]:
        return [
            figure_column("number", self.tr("No."), width=5),
            figure_column("when", self.tr("When"), right=False, width=21, text=lambda value: words.moment(str(value))),
            figure_column("who", self.tr("Who"), right=False, width=12),
            figure_column("what", self.tr("What"), right=False, width=44),
            figure_column("changes", self.tr("Rows"), width=6, help=self.tr("How many rows it changed.")),
            figure_column("why", self.tr("Why"), right=False, width=28),
        ]

    def refresh(self) -> None:
        """List every edit, newest first."""
        journal = self.document.journal()
        self._edits = dict(journal)
        self.pane.fill(rows(journal))
        self.undo.setEnabled(self.document.project.can_undo is not None)
        self.redo.setEnabled(self.document.project.can_redo is not None)
        if self.pane.view.current_row() is None and self.model.rowCount():
            self.pane.view.setCurrentIndex(self.model.index(0, 0))
        self._chosen(self.pane.view.current_row())

    def _chosen(self, chosen: Row | None) -> None:
        self.details.clear()
        edit = None if chosen is None else self._edits.get(chosen.id)
        self.revert.setEnabled(edit is not None and bool(edit.changes))
        if edit is None:
            return
        self._title.setText(f"{edit.label} \N{EN DASH} {edit.author}, {words.moment(edit.at)}")
        for found in differences(self.document.inputs, edit):
            line = [
                words.translate("records", found.table),
                found.record,
                found.field,
                found.before,
                found.after,
            ]
            self.details.addTopLevelItem(QTreeWidgetItem(line))

    def _revert(self) -> None:
        chosen = self.pane.view.current_row()
        edit = None if chosen is None else self._edits.get(chosen.id)
        if edit is not None and self.document.revert(edit):
            self.document.told.emit(self.tr("Reverted: {0}").format(edit.label))

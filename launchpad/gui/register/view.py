"""The register screen: risk areas at the left, scenarios beside them, the chosen one explained below."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTreeWidget, QTreeWidgetItem, QVBoxLayout

from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.pieces import button, empty, tool
from launchpad.gui.register.columns import scenario_columns
from launchpad.gui.register.inspector import Inspector
from launchpad.gui.register.numbers import below, counts, rows
from launchpad.gui.screen import Screen
from launchpad.gui.table_model import TableModel, plain_tip
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import GAP, WIDE
from launchpad.records import Exposure, Publicity, Record, RiskArea, Scenario, Severity

AREA = Qt.ItemDataRole.UserRole


class RegisterScreen(Screen):
    """Scenarios are edited in place; the tree shows those of one risk area only."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Register"))
        columns = scenario_columns(lambda: document.inputs, lambda: document.stale)
        self.model = TableModel(columns, document.write, self)
        add = button(self.tr("&Add a scenario"), self._add, icon="add")
        words = self.tr("A scenario is one way a risk area turns into harm in this launch. Add a launch or a scenario.")
        nothing = empty(
            self.tr("No scenarios yet"),
            words,
            button(self.tr("New &launch …"), lambda: self.acted.emit("launch"), part="main"),
            add,
            icon="register",
        )
        self.pane = TablePane(self.model, self.tr("Scenarios"), f"{document.memory}/register", nothing)
        self.pane.sort_first("rank")
        self.pane.add_tools(
            tool(self.tr("Add a scenario"), "add", self._add),
            tool(self.tr("Remove the chosen scenarios"), "remove", self._remove),
        )
        self.inspector = Inspector(document)
        self.pane.view.row_chosen.connect(self._chosen)
        self.tree = QTreeWidget()
        self.tree.setUniformRowHeights(True)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(self.tr("Risk areas"))
        self.tree.currentItemChanged.connect(self._show_rows)
        self._lay_out()

    def _lay_out(self) -> None:
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self.pane)
        right.addWidget(self.inspector)
        right.setSizes([360, 220])
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.tree)
        both.addWidget(right)
        both.setSizes([210, 900])
        both.setStretchFactor(1, 1)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(both)

    def refresh(self) -> None:
        """Show the tree and the rows as they are now."""
        self._show_tree()
        self._show_rows()

    def _show_rows(self, *_items: object) -> None:
        launch, results = self.document.launch, self.document.results
        area = self._area()
        inputs = self.document.inputs
        areas = None if area is None else below(inputs, area)
        self.pane.fill([] if launch is None else rows(inputs, launch.id, results, areas))
        view = self.pane.view
        if view.current_row() is None and results is not None and self.model.rowCount():
            view.setCurrentIndex(self.model.index(0, self.model.column_at("scenario.name")))
        self._chosen(view.current_row())

    def _area(self) -> int | None:
        item = self.tree.currentItem()
        found = None if item is None else item.data(0, AREA)
        return None if found is None else int(found)

    def _show_tree(self) -> None:
        launch, inputs = self.document.launch, self.document.inputs
        chosen = self._area()
        own: Mapping[int, int] = counts(inputs, launch.id) if launch is not None else {}
        self.tree.blockSignals(True)
        self.tree.clear()
        root = QTreeWidgetItem([self.tr("All risk areas ({0})").format(sum(own.values()))])
        self.tree.addTopLevelItem(root)
        self.tree.setCurrentItem(root)
        items: dict[int, QTreeWidgetItem] = {}
        for area in inputs.rows(RiskArea):
            count = sum(own.get(inner, 0) for inner in below(inputs, area.id))
            item = QTreeWidgetItem([f"{area.name} ({count})" if count else area.name])
            item.setData(0, AREA, area.id)
            item.setToolTip(0, plain_tip(area.code))
            items[area.id] = item
        for area in inputs.rows(RiskArea):
            parent = items.get(area.parent) if area.parent is not None else None
            (parent or root).addChild(items[area.id])
            if area.id == chosen:
                self.tree.setCurrentItem(items[area.id])
        root.setExpanded(True)
        self.tree.blockSignals(False)

    def _chosen(self, row: Row | None) -> None:
        scenario = None if row is None else row.parts["scenario"]
        self.inspector.show_scenario(scenario if isinstance(scenario, Scenario) else None)

    def _add(self) -> None:
        area = self._area()
        given = {} if area is None else {"risk_area": self.document.inputs.get(RiskArea, area).code}
        AddForm(self.document, Scenario, given, self).exec()

    def _remove(self) -> None:
        self.document.remove(chosen_parts(self.pane.view, "scenario"))

    def reveal(self, record: Record) -> bool:
        """Choose a scenario in the table, or a risk area in the tree."""
        if isinstance(record, Exposure | Severity | Publicity):
            record = self.document.inputs.get(Scenario, record.scenario)
        if isinstance(record, Scenario):
            self.tree.clear()  # nothing chosen: all areas
            self.refresh()
            return self.pane.view.choose(record.id)
        if isinstance(record, RiskArea):
            self._show_tree()
            found = [item for item in _all_items(self.tree) if item.data(0, AREA) == record.id]
            if found:
                self.tree.setCurrentItem(found[0])
            return bool(found)
        return False


def _all_items(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    waiting = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    found: list[QTreeWidgetItem] = []
    while waiting:
        item = waiting.pop()
        if item is not None:
            found.append(item)
            waiting.extend(item.child(place) for place in range(item.childCount()))
    return found

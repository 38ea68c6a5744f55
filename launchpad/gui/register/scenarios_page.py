"""The first page of the register: the tree, the scenarios of what is chosen in it, and what stands behind either."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.pieces import button, label, row, tool
from launchpad.gui.register.area_inspector import AreaInspector
from launchpad.gui.register.blank import blank
from launchpad.gui.register.columns import scenario_columns
from launchpad.gui.register.doing import areas_of, dialog_for
from launchpad.gui.register.inspector import Inspector
from launchpad.gui.register.numbers import rows
from launchpad.gui.register.operation_forms import MoveDialog
from launchpad.gui.register.operations import kind_named, may
from launchpad.gui.register.tree_model import tr
from launchpad.gui.register.tree_pane import TreePane
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import RiskArea, Scenario

NAMED = 4
SIZES = (348, 336, 372)


class ScenariosPage(QWidget):
    """`acted` carries the name of a command of the main window; `asking` an operation's dialog as it is shown."""

    acted = Signal(str)
    asking = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        columns = scenario_columns(lambda: document.inputs, lambda: document.stale)
        self.model = TableModel(columns, document.write, self)
        self.areas = TreePane(document)
        self.areas.chosen.connect(self._areas_chosen)
        self.areas.operated.connect(self.operate)
        self.areas.tree.dropped.connect(self._dropped)
        self.pane = TablePane(self.model, tr("Scenarios"), f"{document.memory}/register", self._nothing())
        self.pane.sort_first("rank")
        self.pane.add_tools(
            tool(tr("Add a scenario"), "add", self._add),
            tool(tr("Remove the chosen scenarios"), "remove", self._remove),
        )
        self.pane.view.row_chosen.connect(self._scenario_chosen)
        self.pane.view.clicked.connect(self._clicked)
        self.inspector = Inspector(document)
        self.area = AreaInspector(document)
        self.area.operated.connect(self.operate)
        self.behind = QStackedWidget()
        self.behind.addWidget(self.inspector)
        self.behind.addWidget(self.area)
        self._lay_out()

    def _nothing(self) -> QWidget:
        words = tr("A scenario is one way a risk area turns into harm in this launch. Add a launch or a scenario.")
        return blank(
            tr("No scenarios yet"),
            words,
            button(tr("New &launch …"), lambda: self.acted.emit("launch"), part="main"),
            button(tr("&Add a scenario"), self._add, icon="add"),
            icon="register",
        )

    def _lay_out(self) -> None:
        self.among = label("", "small", tone="muted", wrap=True)
        self.all = button(tr("Show all"), self.areas.tree.clearSelection, part="link")
        self._line = QWidget()
        line = row(self.among, self.all)
        line.setStretch(0, 1)
        self._line.setLayout(line)
        middle = QWidget()
        inside = QVBoxLayout(middle)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(TIGHT)
        inside.addWidget(self._line)
        inside.addWidget(self.pane, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        for place, part in enumerate((self.areas, middle, self.behind)):
            self.split.addWidget(part)
            self.split.setCollapsible(place, place != 1)
            self.split.setStretchFactor(place, 1 if place == 1 else 0)
        self.split.setHandleWidth(GAP)
        self.split.setSizes(list(SIZES))
        stored = QSettings().value(self._memory())
        if isinstance(stored, QByteArray):
            self.split.restoreState(stored)
        self.split.splitterMoved.connect(self._remember)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, TIGHT, 0, 0)
        outer.addWidget(self.split)

    def _remember(self, *_place: object) -> None:
        QSettings().setValue(self._memory(), self.split.saveState())

    def _clicked(self, *_index: object) -> None:
        self._scenario_chosen(self.pane.view.current_row())

    def _memory(self) -> str:
        return f"{self._document.memory}/register/split"

    def refresh(self) -> None:
        """Show the tree, the rows and what stands behind the chosen one as they are now."""
        self.areas.refresh()
        self._show_rows()
        self._show_behind()

    def _show_rows(self) -> None:
        document = self._document
        launch, results, chosen = document.launch, document.results, self.areas.tree.keys()
        within = self.areas.model.forest.closure(chosen) if chosen else None
        self.pane.fill([] if launch is None else rows(document.inputs, launch.id, results, within))
        self._say_among(chosen)
        view = self.pane.view
        if view.current_row() is None and results is not None and self.model.rowCount():
            view.blockSignals(True)
            view.setCurrentIndex(self.model.index(0, self.model.column_at("scenario.name")))
            view.blockSignals(False)

    def _say_among(self, chosen: Sequence[int]) -> None:
        nodes = self.areas.model.forest.nodes
        codes = [nodes[key].code for key in chosen if key in nodes]
        more = tr(" and {0} more").format(len(codes) - NAMED) if len(codes) > NAMED else ""
        self.among.setText(tr("In {0} and what lies under them").format(", ".join(codes[:NAMED]) + more))
        self._line.setVisible(bool(codes))

    def _areas_chosen(self) -> None:
        self._show_rows()
        self.behind.setCurrentWidget(self.area if self.areas.tree.keys() else self.inspector)
        self._show_behind()

    def _scenario_chosen(self, chosen: Row | None) -> None:
        scenario = None if chosen is None else chosen.parts["scenario"]
        self.behind.setCurrentWidget(self.inspector)
        self.inspector.show_scenario(scenario if isinstance(scenario, Scenario) else None)

    def _show_behind(self) -> None:
        areas = self.areas.areas()
        if self.behind.currentWidget() is self.area and areas:
            self.area.show_areas(areas)
            return
        self._scenario_chosen(self.pane.view.current_row())

    def _add(self) -> None:
        areas = self.areas.areas()
        AddForm(self._document, Scenario, {"risk_area": areas[0].code} if areas else {}, self).exec()

    def _remove(self) -> None:
        self._document.remove(chosen_parts(self.pane.view, "scenario"))

    def operate(self, name: str) -> None:
        """Ask for an operation on the chosen areas, or say why it cannot be done."""
        asked = dialog_for(self._document, name, self.areas.areas(), self.areas.draft(), self)
        if asked is not None:
            self._ask(asked)

    def _ask(self, asked: QDialog) -> None:
        asked.finished.connect(asked.deleteLater)
        asked.open()
        self.asking.emit(asked)

    def _dropped(self, keys: Sequence[int], target: int | None, also: bool) -> None:
        areas = areas_of(self._document.inputs, keys)
        why = may(kind_named("move"), self._document.inputs, areas)
        if why:
            self._document.told.emit(why)
            return
        self._ask(MoveDialog(self._document, areas, target, also=also, parent=self))

    def show_scenario(self, scenario: Scenario) -> bool:
        """Choose a scenario in the table, whatever areas are chosen."""
        self.areas.tree.clearSelection()
        self.refresh()
        found = self.pane.view.choose(scenario.id)
        self._scenario_chosen(self.pane.view.current_row())
        return found

    def show_area(self, *areas: RiskArea) -> bool:
        """Choose areas in the tree."""
        self.areas.refresh()
        found = self.areas.choose([area.id for area in areas])
        QTimer.singleShot(0, self.areas.tree, self.areas.tree.setFocus)
        return found

"""The tab with what moves the decision most: a table of bars above why the chosen figure is what it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.pieces import column, empty, label, row
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import TIGHT
from launchpad.gui.tradeoffs.page import Page
from launchpad.gui.tradeoffs.tornado import NO_BARS, PatternLegend, bars, columns, picture, rows
from launchpad.gui.tradeoffs.why import WhyPanel
from launchpad.records import Scenario

PICTURED = 15


class TornadoPage(Page):
    """The widest bar first."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._bars = NO_BARS
        self.model = TableModel(columns(lambda: (self._bars, self.stale)), parent=self)
        nothing = empty(
            self.tr("Nothing uncertain yet"),
            self.tr("Give scenarios an exposure with a low and a high; what moves the result most then comes first."),
            icon="tradeoffs",
        )
        self.pane = TablePane(self.model, self.tr("What moves the result"), f"{document.memory}/tornado", nothing)
        self.pane.view.row_chosen.connect(self._explain)
        self.pane.view.tell_opened("scenario", document.sought.emit)
        self._left = label("", "small", tone="muted")
        self.why = WhyPanel(document)
        upper = QWidget()
        inner = column(self.pane, gap=TIGHT)
        inner.setStretch(0, 1)
        inner.addLayout(row(PatternLegend(), 1, self._left))
        upper.setLayout(inner)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(upper)
        split.addWidget(self.why)
        split.setSizes([340, 150])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split))

    def fill(self) -> None:
        """Show the bars of the study."""
        study = self.study
        if study is None:
            return
        self._bars = bars(study)
        self.pane.fill(rows(study, self._bars, self.document.rows(Scenario)))
        self.pane.view.viewport().update()
        base, others = words.percent(study.tornado.base, 3), study.tornado.others
        said = self.tr("At means {0} of today's weighted risk is left. {1} numbers move it less.")
        self._left.setText(said.format(base, words.number(others)))
        if self.pane.view.current_row() is None and self.model.rowCount():
            self.pane.view.setCurrentIndex(self.model.index(0, 0))
        self._explain(self.pane.view.current_row())

    def _explain(self, chosen: Row | None) -> None:
        self.why.show_code(self.study, None if chosen is None else str(chosen.figures["code"]))

    def picture(self) -> Picture | None:
        """The widest bars."""
        return None if self.study is None else picture(self.study, PICTURED, self.tr("What moves the result most"))

    def reveal(self, code: str) -> bool:
        """Choose the first bar of a scenario."""
        found = next((one.id for one in self.model.rows if one.figures["code"] == code), None)
        return found is not None and self.pane.view.choose(found)

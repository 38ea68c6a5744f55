"""Risks without a home: taken in from anywhere, looked at, given a home or turned away, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QSplitter, QVBoxLayout, QWidget

from launchpad.edits.unknown_risks import triage
from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, cleared, column, empty, label, row, scrolled, selectable
from launchpad.gui.register.add_dialog import AddDialog
from launchpad.gui.register.homeless import OPEN, columns, counts, near, rows, state_words
from launchpad.gui.register.news_dialog import NewsDialog
from launchpad.gui.register.tree_model import tr
from launchpad.gui.register.unknown_dialogs import TakeInQuestion, TriageQuestion
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import RiskArea, TaxonomyRelease, UnknownRisk
from launchpad.records.taxonomy import RISK_INTAKE

OLD_ENOUGH = ("new", "triaged")


class UnknownPage(QWidget):
    """`wanted` carries the code of an area a person wants to see; `asking` a dialog as it is shown."""

    wanted = Signal(str)
    asking = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.model = TableModel(columns(lambda: document.inputs), document.write, self)
        self.status = QComboBox()
        self.status.setAccessibleName(tr("Which risks"))
        self.status.setMinimumWidth(190)
        self.status.activated.connect(self._fill)
        self.pane = TablePane(self.model, tr("Unknown risks"), f"{document.memory}/unknown", self._nothing())
        self.take_in = button(tr("&Take in a risk …"), self._take_in, icon="add")
        self.news = button(tr("What is ne&w …"), self._news, tip=tr("In a newer release of a published list"))
        self.pane.add_tools(self.status, self.take_in, self.news)
        self.pane.view.row_chosen.connect(self._tell)
        inside = QWidget()
        self._about = QVBoxLayout(inside)
        self._about.setContentsMargins(TIGHT, 0, TIGHT, 0)
        self._about.setSpacing(GAP)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(GAP)
        split.addWidget(self.pane)
        split.addWidget(scrolled(inside, tr("About the chosen risk")))
        split.setSizes([720, 350])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split))
        self.setContentsMargins(0, TIGHT, 0, 0)

    def _nothing(self) -> QWidget:
        return empty(
            tr("No risk waits for a home"),
            tr(
                "What red teams, incidents or a newer published list bring up and no risk area covers is taken in "
                "here, so that it is not forgotten."
            ),
            button(tr("Take in a risk …"), self._take_in, part="main"),
            button(tr("What is new in a published list …"), self._news),
            icon="inconclusive",
        )

    def refresh(self) -> None:
        """Show the risks as they are now."""
        found = counts(self._document.inputs)
        kept = self.status.currentData()
        self.status.clear()
        self.status.addItem(tr("{0} ({1})").format(state_words(OPEN), found[OPEN]), OPEN)
        for state in RISK_INTAKE:
            self.status.addItem(tr("{0} ({1})").format(state_words(state), found[state]), state)
        self.status.addItem(tr("All ({0})").format(len(self._document.inputs.rows(UnknownRisk))), "")
        self.status.setCurrentIndex(max(0, self.status.findData(kept)))
        self._fill()

    def _fill(self, *_place: object) -> None:
        self.pane.fill(rows(self._document.inputs, str(self.status.currentData() or "")))
        if self.pane.view.current_row() is None and self.model.rowCount():
            self.pane.view.setCurrentIndex(self.model.index(0, 1))
        self._tell(self.pane.view.current_row())

    def chosen(self) -> list[UnknownRisk]:
        """The risks of the selected rows."""
        return [risk for risk in chosen_parts(self.pane.view, UnknownRisk.table) if isinstance(risk, UnknownRisk)]

    def _tell(self, chosen: Row | None) -> None:
        cleared(self._about)
        risk = None if chosen is None else chosen.parts.get(UnknownRisk.table)
        if not isinstance(risk, UnknownRisk):
            return
        self._about.addWidget(selectable(label(f"{risk.code}  {risk.name}", "heading", wrap=True)))
        facts = [state_words(risk.status), *([risk.source] if risk.source else []), words.day(risk.found_on)]
        self._about.addWidget(label(" · ".join(fact for fact in facts if fact), "small", tone="muted", wrap=True))
        said = risk.description or tr("Nothing more is said about it.")
        self._about.addWidget(selectable(label(said, wrap=True, tone=None if risk.description else "muted")))
        if risk.reason:
            self._about.addWidget(selectable(label(tr("Reason: {0}").format(risk.reason), wrap=True)))
        self._homes(risk)
        self._about.addStretch(1)

    def _homes(self, risk: UnknownRisk) -> None:
        inputs = self._document.inputs
        if risk.area is not None:
            home = inputs.get(RiskArea, risk.area)
            self._about.addWidget(label(tr("At home in"), "strong"))
            self._line(f"{home.code}  {home.name}", "", partial(self.wanted.emit, home.code))
        found = near(inputs, risk) if risk.status in OLD_ENOUGH else []
        if found:
            self._about.addWidget(label(tr("May belong to"), "strong"))
        for one in found:
            self._line(f"{one.area.code}  {one.area.name}", one.why, partial(self._give, None, one.area))
        self._about.addWidget(label(tr("What becomes of it"), "strong"))
        self._about.addLayout(row(button(tr("Give it a &home …"), partial(self._give, None), part="main"), 1))
        self._about.addLayout(row(button(tr("A new ar&ea for it …"), self._new_area), 1))
        self._about.addLayout(
            row(
                button(tr("&Being looked at …"), partial(self._give, "triaged")),
                button(tr("Not o&urs …"), partial(self._give, "rejected")),
                1,
            )
        )

    def _line(self, text: str, why: str, go: Callable[[], object]) -> None:
        link = button(text.replace("&", "&&"), go, part="link")
        self._about.addWidget(link)
        if why:
            self._about.addWidget(label(why, "small", tone="muted", wrap=True))

    def _ask(self, asked: QDialog) -> None:
        asked.finished.connect(asked.deleteLater)
        asked.open()
        self.asking.emit(asked)

    def _take_in(self) -> None:
        self._ask(TakeInQuestion(self._document, self))

    def _news(self) -> None:
        self._ask(NewsDialog(self._document, self))

    def _give(self, status: str | None, home: RiskArea | None = None) -> None:
        risks = self.chosen()
        if risks:
            self._ask(TriageQuestion(self._document, risks, status, home, self))

    def _new_area(self) -> None:
        risks = self.chosen()
        if not risks:
            return
        drafts = [one for one in self._document.inputs.rows(TaxonomyRelease) if one.status == "draft"]
        asked = AddDialog(self._document, None, drafts[0] if drafts else None, risks[0].name, self)
        asked.accepted.connect(partial(self._at_home, asked, risks[0].id))
        self._ask(asked)

    def _at_home(self, asked: AddDialog, risk: int) -> None:
        """The risk is at home in the area just added."""
        inputs = self._document.inputs
        area, reason = inputs.find(RiskArea, asked.code.text().strip()), asked.reason.text().strip()
        now = inputs.get(UnknownRisk, risk)
        self._document.act(lambda: triage(inputs, now, reason, home=area), f"Triage {now.code}", reason=reason)

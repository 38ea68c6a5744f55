"""What stands behind the chosen result: why its number is what it is, its samples, their text."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.criteria import SEALED, seal, seal_state
from launchpad.gui import theme
from launchpad.gui.document import Document
from launchpad.gui.evidence.samples import SamplesView, TextsView
from launchpad.gui.evidence.why import Fact, sections
from launchpad.gui.pieces import button, label, row
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP
from launchpad.records import EvalResult, Evaluation, Record, SuccessCriterion
from launchpad.results.evidence import EvidenceRow

RECORD = Qt.ItemDataRole.UserRole
LONG = 60


class Inspector(QTabWidget):
    """Tabs about the result last given to `show_result`; a tab is filled when it is looked at."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._result: EvalResult | None = None
        self._fact: EvidenceRow | None = None
        self._records: list[Record] = []
        self.setDocumentMode(True)
        self.setAccessibleName(self.tr("About the chosen result"))
        self.why = QTreeWidget()
        self.why.setUniformRowHeights(True)
        self.why.setAccessibleName(self.tr("Why this number"))
        self.why.setHeaderLabels([self.tr("What"), self.tr("Figure"), self.tr("Remark")])
        for place, width in enumerate((300, 260)):
            self.why.setColumnWidth(place, width)
        self.why.itemActivated.connect(self._follow)
        self.title = label("", "strong")
        self.title.setMinimumWidth(120)
        self.seal = button(self.tr("Seal its &criteria"), self._seal, icon="lock")
        self.seal.setToolTip(
            plain_tip(self.tr("Keeps each criterion with time and hash, so that a later change shows everywhere."))
        )
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, GAP // 2, 0, 0)
        inner.setSpacing(GAP // 2)
        inner.addLayout(row(self.title, 1, self.seal))
        inner.addWidget(self.why, 1)
        self.samples = SamplesView(document)
        self.texts = TextsView(document)
        self.addTab(page, self.tr("&Why this number"))
        self.addTab(self.samples, self.tr("S&amples"))
        self.addTab(self.texts, self.tr("Sample &text"))
        self.currentChanged.connect(self._fill)

    def show_result(self, result: EvalResult | None, fact: EvidenceRow | None) -> None:
        """Show what stands behind a result, or nothing."""
        if result is not None and result == self._result and fact == self._fact:
            return
        self._result, self._fact = result, fact
        self.setEnabled(result is not None)
        self.samples.show_result(result)
        self.texts.show_result(result)
        self._fill()

    def use_theme(self) -> None:
        """Write the same in other colours."""
        self._fill()

    def _fill(self, *_which: int) -> None:
        if self.currentIndex() == 0:
            self._show_why()
        elif self.currentIndex() == 1:
            self.samples.fill()

    def _show_why(self) -> None:
        self.why.clear()
        self._records.clear()
        result, inputs = self._result, self._document.inputs
        self.seal.setVisible(bool(self._unsealed()))
        if result is None:
            self.title.setText(self.tr("Choose a result."))
            return
        evaluation = inputs.get(Evaluation, result.evaluation)
        part = f" · {result.part}" if result.part else ""
        self.title.setText(f"{result.code}  {evaluation.name}{part} · {result.model}")
        for title, facts in sections(inputs, self._document.launch, result, self._fact):
            top = QTreeWidgetItem([title])
            top.setFont(0, theme.font("strong"))
            top.setFirstColumnSpanned(True)
            self.why.addTopLevelItem(top)
            for fact in facts:
                top.addChild(self._item(fact))
            top.setExpanded(True)

    def _item(self, fact: Fact) -> QTreeWidgetItem:
        made = QTreeWidgetItem([fact.name, fact.value, fact.remark])
        for place, text in enumerate((fact.name, fact.value, fact.remark)):
            if len(text) > LONG // 2:
                made.setToolTip(place, plain_tip(text))
        if fact.record is not None:
            made.setData(0, RECORD, len(self._records))
            self._records.append(fact.record)
            made.setForeground(0, theme.colour("accent"))
        return made

    def _follow(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, RECORD)
        if place is not None:
            self._document.sought.emit(self._records[int(place)])

    def _unsealed(self) -> list[SuccessCriterion]:
        """The criteria of the chosen result that no seal holds."""
        launch, inputs = self._document.launch, self._document.inputs
        codes = {mark.code for mark in self._fact.criteria} if self._fact is not None else set[str]()
        rows = () if launch is None else inputs.rows(SuccessCriterion, launch.id)
        return [found for found in rows if found.code in codes and seal_state(inputs, found) != SEALED]

    def _seal(self) -> None:
        inputs, found = self._document.inputs, self._unsealed()
        now = datetime.now(UTC).isoformat(timespec="seconds")

        def changes() -> list[Change]:
            return [change for criterion in found for change in seal(inputs, criterion, now)]

        codes = ", ".join(criterion.code for criterion in found)
        self._document.act(changes, self.tr("Seal {0}").format(codes))

"""What stands behind one scenario: its meaning for three audiences, why its risk is what it is, its links."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QTabWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from launchpad.errors import LaunchpadError
from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.factors import FactorTree
from launchpad.gui.pieces import button, cleared, label, row, scrolled, selectable
from launchpad.gui.register.columns import effect_columns, evidence_columns
from launchpad.gui.register.numbers import edits_of, effects, evidence, own_ids
from launchpad.gui.table_model import TableModel, plain_tip
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import GAP
from launchpad.records import RiskArea, Scenario

AUDIENCES = ("plain", "research", "prompt")


class Inspector(QTabWidget):
    """Tabs about the scenario last given to `show_scenario`; a tab is filled when it is looked at."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._scenario: Scenario | None = None
        self._revealed: set[int] = set()
        self.setDocumentMode(True)
        self.setAccessibleName(self.tr("About the chosen scenario"))
        self._meaning = QVBoxLayout()
        meaning = QWidget()
        meaning.setLayout(self._meaning)
        self.why = FactorTree(document, self.tr("Why"))
        self.why.setColumnWidth(0, 380)
        self.evidence = TableModel(evidence_columns(lambda: document.inputs), document.write, self)
        self.effects = TableModel(effect_columns(lambda: document.inputs), document.write, self)
        self._history = QTreeWidget()
        self._history.setUniformRowHeights(True)
        self._history.setRootIsDecorated(False)
        _columns(self._history, [self.tr("When"), self.tr("Who"), self.tr("What"), self.tr("Why")], (140, 100, 340))
        evidence_view = TableView(self.evidence, self.tr("Evidence for the scenario"))
        evidence_view.say_when_empty(
            self.tr("No result counts for this scenario. Link one on the evidence screen, or drop a log on the window.")
        )
        evidence_view.tell_opened("result", document.sought.emit)
        effects_view = TableView(self.effects, self.tr("Effects on the scenario"))
        effects_view.say_when_empty(
            self.tr("No mitigation acts on this scenario. Add an effect on the mitigations screen.")
        )
        effects_view.tell_opened("variant", document.sought.emit)
        self.addTab(scrolled(meaning, self.tr("Meaning")), self.tr("M&eaning"))
        self.addTab(self.why, self.tr("&Why"))
        self.addTab(evidence_view, self.tr("Evi&dence"))
        self.addTab(effects_view, self.tr("Mi&tigations"))
        self.addTab(self._history, self.tr("Hi&story"))
        self.currentChanged.connect(self._fill)

    def show_scenario(self, scenario: Scenario | None) -> None:
        """Show what stands behind a scenario, or nothing."""
        self._scenario = scenario
        self.setEnabled(scenario is not None)
        inputs = self._document.inputs
        linked = [] if scenario is None else evidence(inputs, scenario.id)
        effective = [] if scenario is None else effects(inputs, scenario.id)
        self.evidence.show(linked)
        self.effects.show(effective)
        self.setTabToolTip(2, plain_tip(self.tr("Results linked: {0}").format(len(linked))))
        self.setTabToolTip(3, plain_tip(self.tr("Effects: {0}").format(len(effective))))
        self._fill()

    def _fill(self, *_which: int) -> None:
        shown = self.currentIndex()
        if shown == 0:
            self._show_meaning()
        elif shown == 1:
            self._show_why()
        elif shown == 4:
            self._show_history()

    def _show_meaning(self) -> None:
        cleared(self._meaning)
        scenario = self._scenario
        if scenario is None:
            self._meaning.addWidget(label(self.tr("Choose a scenario."), tone="muted"))
            return
        inputs = self._document.inputs
        area = inputs.get(RiskArea, scenario.risk_area)
        self._meaning.setSpacing(GAP)
        self._meaning.addWidget(selectable(label(f"{scenario.code}  {scenario.name}", "heading", wrap=True)))
        owner = "" if scenario.owner is None else inputs.part(scenario, "owner")
        facts = self.tr("Risk area {0} {1} · owner {2}").format(area.code, area.name, owner or words.NOTHING)
        self._meaning.addWidget(label(facts, tone="muted", wrap=True))
        for title, text in (
            (self.tr("Pathway"), scenario.pathway),
            (self.tr("Harm"), scenario.harm),
            (self.tr("Review when"), scenario.review_trigger),
        ):
            if text:
                self._meaning.addWidget(selectable(label(f"{title}: {text}", wrap=True)))
        self._meaning.addLayout(self._definitions(area))
        self._meaning.addStretch(1)

    def _definitions(self, area: RiskArea) -> QVBoxLayout:
        made = QVBoxLayout()
        made.setSpacing(GAP)
        hidden = area.handling != "open" and area.id not in self._revealed
        if hidden:
            why = self.tr("The definitions of this risk area are sensitive and hidden.")
            made.addWidget(label(why, tone="muted", wrap=True))
            made.addLayout(row(button(self.tr("&Show them"), lambda: self._reveal(area)), 1))
            return made
        titles = (self.tr("In plain words"), self.tr("For researchers"), self.tr("For a model"))
        for title, name in zip(titles, AUDIENCES, strict=True):
            made.addWidget(label(title, "strong"))
            text = getattr(area, name) or self.tr("Not written yet.")
            body = selectable(label(text, wrap=True, tone=None if getattr(area, name) else "muted"))
            made.addWidget(body)
        return made

    def _reveal(self, area: RiskArea) -> None:
        self._revealed.add(area.id)
        self._show_meaning()

    def _show_why(self) -> None:
        document, scenario = self._document, self._scenario
        if scenario is None or document.results is None:
            self.why.show_factor(None, self.tr("Not computed yet."))
            return
        from launchpad.results import explain

        try:
            self.why.show_factor(explain(document.inputs, document.results, scenario.code))
        except LaunchpadError as error:
            self.why.show_factor(None, str(error))

    def _show_history(self) -> None:
        self._history.clear()
        if self._scenario is None:
            return
        ids = own_ids(self._document.inputs, self._scenario.id)
        for _, edit in edits_of(self._document.journal(), ids):
            line = [words.moment(edit.at), edit.author, edit.label, edit.reason]
            self._history.addTopLevelItem(QTreeWidgetItem(line))


def _columns(tree: QTreeWidget, titles: Sequence[str], widths: Sequence[int]) -> None:
    tree.setHeaderLabels(list(titles))
    for place, width in enumerate(widths):
        tree.setColumnWidth(place, width)

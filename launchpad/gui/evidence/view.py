"""The evidence screen: results with their forest plot, candidate against baseline, questions, suggested links."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from launchpad.edits.criteria import first_seen
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.evidence.compare import ComparePage
from launchpad.gui.evidence.drawing import Line
from launchpad.gui.evidence.forest import lines
from launchpad.gui.evidence.importing import open_questions
from launchpad.gui.evidence.numbers import facts, rows
from launchpad.gui.evidence.questions import QuestionsPage
from launchpad.gui.evidence.results import ResultsPage
from launchpad.gui.evidence.suggested import SuggestionsPage
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, icon_label, label, row
from launchpad.gui.screen import Screen
from launchpad.gui.theme import GAP, WIDE
from launchpad.records import EvalResult, Evaluation, Inputs, Launch, Record, SuccessCriterion
from launchpad.results.evidence import EvidenceRow

AT_ONCE = 600
Found = tuple[list[Row], dict[int, Line], Mapping[str, EvidenceRow]]


def found(inputs: Inputs, launch: Launch | None, imported: Mapping[int, str]) -> Found:
    """Every result as the screen shows it: rows, lines of the plot by row id, facts by code."""
    known = facts(inputs, launch, imported)
    shown = rows(inputs, launch, known)
    return shown, lines(inputs, launch, shown, known), known


class EvidenceScreen(Screen):
    """Results of every harness; what keeps one from counting is said beside it and asked on the next tabs."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Evidence"))
        self._key: tuple[object, ...] | None = None
        self._finding: Job | None = None
        self.results = ResultsPage(document)
        self.results.acted.connect(self.acted)
        self.comparison = ComparePage(document)
        self.questions = QuestionsPage(document)
        self.suggestions = SuggestionsPage(document)
        self.suggestions.counted.connect(self._count_suggestions)
        self.banner = self._banner()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for page, title in (
            (self.results, self.tr("&Results")),
            (self.comparison, self.tr("C&ompare")),
            (self.questions, self.tr("&Questions")),
            (self.suggestions, self.tr("Su&ggested links")),
        ):
            self.tabs.addTab(page, title)
        self.tabs.setCornerWidget(self.banner, Qt.Corner.TopRightCorner)
        self.tabs.currentChanged.connect(self._show_page)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(self.tabs)

    def _banner(self) -> QWidget:
        made = QWidget()
        self._asking = label("", "small", tone="warn")
        answer = button(self.tr("Answer them"), lambda: self.tabs.setCurrentWidget(self.questions), part="link")
        inner = row(icon_label("inconclusive", "warn"), self._asking, answer, gap=GAP // 2)
        inner.setContentsMargins(0, 0, 0, 0)
        made.setLayout(inner)
        return made

    def use_theme(self) -> None:
        """Draw anew in other colours."""
        super().use_theme()
        self.results.inspector.use_theme()

    def refresh(self) -> None:
        """Show every result as it is now; many of them are worked out in the background."""
        document = self.document
        inputs, launch = document.inputs, document.launch
        open_now = open_questions(inputs)
        self.tabs.setTabText(2, self.tr("&Questions ({0})").format(open_now) if open_now else self.tr("&Questions"))
        self._asking.setText(self.tr("{0} questions decide what counts.").format(open_now))
        self.banner.setVisible(open_now > 0)
        self._show_page()
        key = (inputs.head, None if launch is None else launch.id)
        if key == self._key:
            self.results.fill()
            return
        if self._finding is not None and self._key is not None and self._key[1] == key[1]:
            return  # what is being worked out is shown first; `_over` looks again
        self._key = key
        imported: Mapping[int, str] = {}
        if launch is not None and inputs.rows(SuccessCriterion, launch.id):
            imported = self._imported()
        if len(inputs.rows(EvalResult)) <= AT_ONCE:
            self.results.show_results(*found(inputs, launch, imported))
            return

        def work(_progress: Progress) -> object:
            return found(inputs, launch, imported)

        def done(shown: Found) -> None:
            if self._key == key:
                self.results.show_results(*shown)

        self._finding = document.begin(self.tr("Reading the evidence"), work, done)
        self._finding.ended.connect(partial(self._over, self._finding))

    def _over(self, job: Job) -> None:
        if self._finding is job:
            self._finding = None
            self.refresh()

    def _imported(self) -> Mapping[int, str]:
        """When each result came into the project."""
        return first_seen(edit for _, edit in self.document.journal())

    def _show_page(self, *_place: int) -> None:
        shown = self.tabs.currentWidget()
        if isinstance(shown, ComparePage | QuestionsPage | SuggestionsPage):
            shown.refresh()
        elif len(self.document.inputs.rows(EvalResult)) <= AT_ONCE:
            self.suggestions.refresh()

    def _count_suggestions(self, count: int) -> None:
        self.tabs.setTabText(
            3, self.tr("Su&ggested links ({0})").format(count) if count else self.tr("Su&ggested links")
        )

    def reveal(self, record: Record) -> bool:
        """Choose a result, or the first result of an evaluation."""
        wanted = record
        if isinstance(record, Evaluation):
            found_results = self.document.inputs.children(EvalResult, "evaluation", record.id)
            if not found_results:
                return False
            wanted = found_results[0]
        if not isinstance(wanted, EvalResult):
            return False
        self.tabs.setCurrentIndex(0)
        self.results.only.setCurrentIndex(0)
        self.refresh()
        return self.results.pane.view.choose(wanted.id)

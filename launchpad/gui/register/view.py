"""The register: risk areas and scenarios, releases compared, risks without a home, and what checks found."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from launchpad.gui.document import Document
from launchpad.gui.register.checks_page import ChecksPage
from launchpad.gui.register.compare_page import ComparePage
from launchpad.gui.register.homeless import OPEN, counts
from launchpad.gui.register.scenarios_page import ScenariosPage
from launchpad.gui.register.unknown_page import UnknownPage
from launchpad.gui.screen import Screen
from launchpad.gui.theme import GAP, WIDE
from launchpad.records import Exposure, Publicity, Record, RiskArea, Scenario, Severity, UnknownRisk


class RegisterScreen(Screen):
    """Scenarios are edited in place; risk areas by operations that say what they do before they do it."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Register"))
        self.page = ScenariosPage(document)
        self.page.acted.connect(self.acted)
        self.model, self.pane, self.inspector = self.page.model, self.page.pane, self.page.inspector
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.comparison = ComparePage(document)
        self.comparison.wanted.connect(self._show_code)
        self.unknown = UnknownPage(document)
        self.unknown.wanted.connect(self._show_code)
        self.checks = ChecksPage(document)
        self.checks.wanted.connect(self._show_codes)
        for page, title in (
            (self.page, self.tr("Risk &areas and scenarios")),
            (self.comparison, self.tr("Co&mpare releases")),
            (self.unknown, self.tr("&Unknown risks")),
            (self.checks, self.tr("Chec&ks")),
        ):
            self.tabs.addTab(page, title)
        self.tabs.currentChanged.connect(self._show_page)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(self.tabs)

    def refresh(self) -> None:
        """Show the page that is seen as it is now."""
        shown = self.tabs.currentWidget()
        if isinstance(shown, ScenariosPage | ComparePage | UnknownPage | ChecksPage):
            shown.refresh()
        waiting = counts(self.document.inputs)[OPEN]
        self.tabs.setTabText(
            2, self.tr("&Unknown risks ({0})").format(waiting) if waiting else self.tr("&Unknown risks")
        )

    def _show_code(self, code: str) -> None:
        self._show_codes([code])

    def _show_codes(self, codes: Sequence[str]) -> None:
        """Choose the areas of these codes in the tree."""
        wanted = set(codes)
        areas = [area for area in self.document.inputs.rows(RiskArea) if area.code in wanted]
        self.tabs.setCurrentWidget(self.page)
        self.page.show_area(*areas)

    def _show_page(self, *_place: object) -> None:
        self.refresh()

    def operate(self, name: str) -> None:
        """Ask for an operation on the risk areas chosen in the tree."""
        self.tabs.setCurrentWidget(self.page)
        self.page.operate(name)

    def reveal(self, record: Record) -> bool:
        """Choose a scenario in the table, or a risk area in the tree."""
        if isinstance(record, Exposure | Severity | Publicity):
            record = self.document.inputs.get(Scenario, record.scenario)
        if isinstance(record, Scenario):
            self.tabs.setCurrentWidget(self.page)
            return self.page.show_scenario(record)
        if isinstance(record, UnknownRisk):
            self.tabs.setCurrentWidget(self.unknown)
            self.unknown.status.setCurrentIndex(self.unknown.status.count() - 1)
            self.unknown.refresh()
            return self.unknown.pane.view.choose(record.id)
        if isinstance(record, RiskArea):
            self.tabs.setCurrentWidget(self.page)
            return self.page.show_area(record)
        return False

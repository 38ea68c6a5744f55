"""What stands behind one risk area: its definitions to edit in place, examples, links, use, and what was done to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from launchpad.gui.document import Document
from launchpad.gui.pieces import label, selectable
from launchpad.gui.register.definition_page import DefinitionPage
from launchpad.gui.register.examples_page import ExamplesPage
from launchpad.gui.register.links_page import LinksPage
from launchpad.gui.register.past_page import PastPage
from launchpad.gui.register.tree_model import tr
from launchpad.gui.register.use_page import UsePage
from launchpad.gui.theme import TIGHT
from launchpad.records import RiskArea


class AreaInspector(QWidget):
    """Tabs about the first of the areas given to `show_areas`; `operated` carries an operation asked for."""

    operated = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.area: RiskArea | None = None
        self.heading = selectable(label("", "heading", wrap=True))
        self.more = label("", "small", tone="muted", wrap=True)
        self.definition = DefinitionPage(document)
        self.examples = ExamplesPage(document)
        self.links = LinksPage(document)
        self.use = UsePage(document)
        self.past = PastPage(document)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(tr("About the chosen risk area"))
        for page, title in (
            (self.definition, tr("De&finition")),
            (self.examples, tr("E&xamples")),
            (self.links, tr("Lin&ks")),
            (self.use, tr("&In use")),
            (self.past, tr("Hi&story")),
        ):
            self.tabs.addTab(page, title)
        self.tabs.currentChanged.connect(self._fill)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(TIGHT, 0, 0, 0)
        inner.setSpacing(TIGHT)
        inner.addWidget(self.heading)
        inner.addWidget(self.more)
        inner.addWidget(self.tabs, 1)

    def show_areas(self, areas: Sequence[RiskArea]) -> None:
        """Show the first of these areas, and say how many more are chosen."""
        self.area = areas[0]
        self.heading.setText(f"{self.area.code}  {self.area.name}")
        self.more.setText(tr("The first of {0} chosen areas.").format(len(areas)))
        self.more.setVisible(len(areas) > 1)
        self._fill()

    def _fill(self, *_place: object) -> None:
        shown = self.tabs.currentWidget()
        if self.area is not None and isinstance(shown, DefinitionPage | ExamplesPage | LinksPage | UsePage | PastPage):
            shown.show_area(self.area)

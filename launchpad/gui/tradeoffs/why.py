"""Why: the factors behind what is chosen in a chart or table, worked out once the choice has settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from launchpad.errors import LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.factors import FactorTree
from launchpad.gui.pieces import column, label
from launchpad.gui.theme import TIGHT
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.gui.tradeoffs.numbers import Study

if TYPE_CHECKING:
    from launchpad.scoring.why import Factor

SETTLED_MS = 80


class WhyPanel(QWidget):
    """A title and the tree of factors of the code last chosen."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._study: Study | None = None
        self._code: str | None = None
        self._title = label("", "strong", wrap=True)
        self._aside = label("", "small", tone="muted", wrap=True)
        self.tree = FactorTree(document, self.tr("Why this figure"))
        self.setLayout(column(self._title, self._aside, self.tree, gap=TIGHT))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SETTLED_MS)
        self._soon.timeout.connect(self._explain)

    def show_code(self, study: Study | None, code: str | None) -> None:
        """Explain a scenario, mitigation or gate shortly."""
        if study is self._study and code == self._code:
            return
        self._study, self._code = study, code
        self._soon.start()

    def _explain(self) -> None:
        study, code = self._study, self._code
        if study is None or code is None:
            self._title.setText(self.tr("Why"))
            self._aside.hide()
            self.tree.show_factor(None, self.tr("Choose a dot or a row to see what its figures rest on."))
            return
        name = study.names.get(code, "")
        self._title.setText(f"{code}  {name}")
        usual = study.overlap == "beta"
        self._aside.setText("" if usual else self.tr("Explained at the usual overlap."))
        self._aside.setVisible(not usual)
        self.tree.show_factor(*explained(self._document, study, code))


def explained(document: Document, study: Study, code: str) -> tuple[Factor | None, str]:
    """The tree of factors under a code, or the sentence that says why there is none."""
    from launchpad.results import explain

    try:
        return explain(document.inputs, study.results, code), ""
    except LaunchpadError as error:
        return None, str(error)


def unit_words(document: Document) -> str:
    """What one harm unit is in this project."""
    from launchpad.records import ProjectInfo

    rows = document.inputs.rows(ProjectInfo)
    return tr("One harm unit is {0}.").format(rows[0].harm_unit) if rows and rows[0].harm_unit else ""

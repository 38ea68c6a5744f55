"""What was done to a risk area: every edit, with the operation and its reason where it was one."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from launchpad.gui import words
from launchpad.gui.columns import Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.register.area_numbers import Done, history
from launchpad.gui.register.operations import carried_word
from launchpad.gui.register.tree_model import tr
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import TIGHT
from launchpad.records import RiskArea
from launchpad.records.taxonomy import AREA_CHANGES


class PastPage(QWidget):
    """The newest first."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        columns = [
            figure_column("when", tr("When"), right=False, width=17, text=lambda value: words.moment(str(value))),
            figure_column("what", tr("What"), right=False, width=24),
            figure_column("carried", tr("Effect"), right=False, width=12),
            figure_column("why", tr("Why"), right=False, width=30),
            figure_column("who", tr("Who"), right=False, width=12),
        ]
        self.model = TableModel(columns, parent=self)
        self.view = TableView(self.model, tr("History of the risk area"))
        self.view.say_when_empty(tr("Nothing was done to it yet."))
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, TIGHT, 0, 0)
        inner.addWidget(self.view)

    def show_area(self, area: RiskArea) -> None:
        """Show what was done to an area."""
        done = history(self._document.inputs, self._document.journal(), area)
        self.model.show([_row(place, one) for place, one in enumerate(done)])


def _row(place: int, one: Done) -> Row:
    what, carried, why = one.edit.label, "", one.edit.reason
    if one.operation is not None:
        others = f": {one.operation.others}" if one.operation.others else ""
        what = words.translate("records", AREA_CHANGES[one.operation.kind]) + others
        carried, why = carried_word(one.operation.carried), one.operation.reason
    return Row(place, {}, {"when": one.edit.at, "who": one.edit.author, "what": what, "carried": carried, "why": why})

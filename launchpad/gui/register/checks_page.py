"""What is wrong with the taxonomy or missing in it; a click goes to the areas."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, empty
from launchpad.gui.register.checking import columns, found_in, kind_word, rows
from launchpad.gui.register.tree_model import tr
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import TIGHT
from launchpad.records import RiskArea
from launchpad.taxonomies.quality import WRONG, Found

AT_ONCE = 1500


class ChecksPage(QWidget):
    """`wanted` carries the codes of areas a person wants to see; `counted` how many findings there are, and wrong."""

    wanted = Signal(object)
    counted = Signal(int, int)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.found: tuple[Found, ...] = ()
        self._head = ""
        self._job: Job | None = None
        self.model = TableModel(columns(), parent=self)
        fine = empty(
            tr("Nothing found"),
            tr("No circle, no orphan, no doubled meaning; every area has its definitions and examples on both sides."),
            icon="met",
        )
        self.pane = TablePane(self.model, tr("What the checks found"), f"{document.memory}/checks", fine)
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("Which findings"))
        self.kind.setMinimumWidth(190)
        self.kind.activated.connect(self._fill)
        show = button(tr("&Show in the tree"), self._want)
        self.pane.add_tools(self.kind, show)
        self.pane.view.row_opened.connect(self._open)
        self.pane.view.clicked.connect(self._clicked)
        self.setLayout(column(self.pane))
        self.setContentsMargins(0, TIGHT, 0, 0)

    def refresh(self) -> None:
        """Check what stands now; many areas in the background."""
        inputs = self._document.inputs
        if inputs.head == self._head or self._job is not None:
            return
        self._head = inputs.head
        if len(inputs.rows(RiskArea)) <= AT_ONCE:
            self._show(found_in(inputs))
            return

        def work(_progress: Progress) -> object:
            return found_in(inputs)

        self._job = self._document.begin(tr("Checking the taxonomy"), work, self._show)
        self._job.ended.connect(self._over)

    def _over(self) -> None:
        self._job = None
        if self.isVisible():
            self.refresh()

    def _show(self, found: tuple[Found, ...]) -> None:
        self.found = found
        kept = self.kind.currentData()
        self.kind.clear()
        self.kind.addItem(tr("All findings ({0})").format(words.number(len(found))), "")
        for kind, count in Counter(one.kind for one in found).most_common():
            self.kind.addItem(f"{kind_word(kind)} ({words.number(count)})", kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kept)))
        self.counted.emit(len(found), sum(one.weight == WRONG for one in found))
        self._fill()

    def _fill(self, *_place: object) -> None:
        self.pane.fill(rows(self.found, str(self.kind.currentData() or "")))

    def _clicked(self, at: QModelIndex) -> None:
        """A click on the codes goes there."""
        if self.model.columns[at.column()].key == "codes":
            self._open(self.model.row_at(at.row()))

    def _want(self) -> None:
        chosen = self.pane.view.current_row()
        if chosen is not None:
            self._open(chosen)

    def _open(self, chosen: Row) -> None:
        self.wanted.emit(self.found[chosen.id].codes)

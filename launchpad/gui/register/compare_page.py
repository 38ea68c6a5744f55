"""Two releases side by side: every area that was added, renamed, redefined, moved ..., with its words compared."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSplitter, QStackedWidget, QWidget

from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.jobs import Progress
from launchpad.gui.pieces import button, column, empty, label, row
from launchpad.gui.register.comparison import (
    Compared,
    columns,
    comparable,
    compared,
    first_pair,
    kind_word,
    rows,
    sides,
)
from launchpad.gui.register.operations import carried_word
from launchpad.gui.register.redline import RedlineView
from launchpad.gui.register.releases import said, start_draft
from launchpad.gui.register.tree_model import tr
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import Inputs, RiskArea, TaxonomyRelease

AT_ONCE = 1500


class ComparePage(QWidget):
    """`wanted` carries the code of an area that a person wants to see in the tree."""

    wanted = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.shown: Compared | None = None
        self._key: tuple[object, ...] = ()
        self.before, self.after = self._box(tr("From release")), self._box(tr("To release"))
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("Which differences"))
        self.kind.setMinimumWidth(170)
        self.kind.activated.connect(self._fill)
        self.model = TableModel(columns(), parent=self)
        same = empty(tr("Nothing differs"), tr("Both releases have the same areas with the same words."), icon="met")
        self.pane = TablePane(self.model, tr("Differences"), f"{document.memory}/releases", same)
        self.pane.view.row_chosen.connect(self._tell)
        self.pane.view.row_opened.connect(self._open)
        self.heading = label("", "heading", wrap=True)
        self.why = label("", tone="muted", wrap=True)
        self.redline = RedlineView(tr("Before and after, word by word"))
        self.legend = label(tr("Struck: taken out. Underlined: came in."), "small", tone="muted")
        self.show_area = button(tr("&Show in the tree"), self._want)
        self._lay_out()

    def _box(self, name: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setMinimumWidth(180)
        made.setMaximumWidth(340)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(28)
        made.activated.connect(self._chosen)
        return made

    def _lay_out(self) -> None:
        titles = [label(text, tone="muted") for text in (tr("F&rom"), tr("&To"))]
        for title, box in zip(titles, (self.before, self.after), strict=True):
            title.setBuddy(box)
            title.setMinimumWidth(title.sizeHint().width() + TIGHT)
        swap = button(tr("S&wap"), self._swap)
        top = row(titles[0], self.before, titles[1], self.after, swap, 1, self.kind)
        behind = QWidget()
        inner = column(self.heading, self.why, self.redline, self.legend, row(self.show_area, 1), gap=TIGHT)
        inner.setStretch(2, 1)
        behind.setLayout(inner)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(GAP)
        split.addWidget(self.pane)
        split.addWidget(behind)
        split.setSizes([640, 420])
        split.setChildrenCollapsible(False)
        whole = QWidget()
        outer = column(top, split, gap=GAP)
        outer.setStretch(1, 1)
        whole.setLayout(outer)
        self._pages = QStackedWidget()
        self._pages.addWidget(whole)
        self._pages.addWidget(self._nothing())
        self.setLayout(column(self._pages))
        self.setContentsMargins(0, TIGHT, 0, 0)

    def _nothing(self) -> QWidget:
        return empty(
            tr("One release only"),
            tr(
                "A comparison needs two. Release the draft in the tree's line, then draft the next: "
                "what you change there is listed here, area by area."
            ),
            button(tr("&Draft the next release …"), self._draft, part="main"),
            icon="history",
        )

    def _draft(self) -> None:
        released = [row for row in self._document.inputs.rows(TaxonomyRelease) if row.status == "released"]
        if not released:
            self._document.told.emit(tr("There is no released taxonomy yet: release the draft first."))
            return
        start_draft(self._document, released[-1], self)

    def refresh(self) -> None:
        """Show the releases there are now; at first the newest against the one before it."""
        inputs = self._document.inputs
        known, pair = comparable(inputs), first_pair(inputs)
        self._pages.setCurrentIndex(0 if len(known) > 1 and (pair is not None or self._key) else 1)
        kept = self._release(self.before), self._release(self.after)
        if pair is None and len(known) > 1:
            self._pages.setCurrentIndex(1)
            return
        for box, wanted, first in zip((self.before, self.after), kept, pair or (None, None), strict=True):
            with QSignalBlocker(box):
                box.clear()
                for one in known:
                    box.addItem(said(one), one.id)
                chosen = wanted or first
                box.setCurrentIndex(max(0, box.findData(chosen.id)) if chosen is not None else -1)
        self._chosen()

    def _release(self, box: QComboBox) -> TaxonomyRelease | None:
        key = box.currentData()
        inputs = self._document.inputs
        return inputs.get(TaxonomyRelease, key) if isinstance(key, int) and inputs.has(TaxonomyRelease, key) else None

    def compare(self, before: TaxonomyRelease, after: TaxonomyRelease) -> None:
        """Show what led from one release to another."""
        for box, one in ((self.before, before), (self.after, after)):
            box.setCurrentIndex(box.findData(one.id))
        self._chosen()

    def _swap(self) -> None:
        one, other = self._release(self.before), self._release(self.after)
        if one is not None and other is not None:
            self.compare(other, one)

    def _chosen(self, *_place: object) -> None:
        before, after = self._release(self.before), self._release(self.after)
        inputs = self._document.inputs
        key = (inputs.head, before, after)
        if before is None or after is None or key == self._key:
            return
        self._key = key
        if len(inputs.rows(RiskArea)) <= AT_ONCE:
            self._show(compared(inputs, before, after))
            return
        self._later(inputs, before, after)

    def _later(self, inputs: Inputs, before: TaxonomyRelease, after: TaxonomyRelease) -> None:
        key = self._key

        def work(_progress: Progress) -> object:
            return compared(inputs, before, after)

        def done(found: Compared) -> None:
            if self._key == key:
                self._show(found)

        self._document.begin(tr("Comparing releases"), work, done)

    def _show(self, found: Compared) -> None:
        self.shown = found
        kept = self.kind.currentData()
        self.kind.clear()
        self.kind.addItem(tr("All differences ({0})").format(words.number(len(found.found))), "")
        for kind, count in found.counts().items():
            self.kind.addItem(f"{kind_word(kind)} ({words.number(count)})", kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kept)))
        self._fill()

    def _fill(self, *_place: object) -> None:
        if self.shown is None:
            return
        self.pane.fill(rows(self.shown, str(self.kind.currentData() or "")))
        if self.pane.view.current_row() is None and self.model.rowCount():
            self.pane.view.setCurrentIndex(self.model.index(0, 0))
        self._tell(self.pane.view.current_row())

    def _tell(self, chosen: Row | None) -> None:
        for part in (self.heading, self.why, self.redline, self.legend, self.show_area):
            part.setVisible(chosen is not None)
        if chosen is None or self.shown is None:
            return
        one = self.shown.found[chosen.id]
        self.heading.setText(f"{kind_word(one.kind)}: {one.code}  {one.name}")
        done = self.shown.why(one)
        said_why = "" if done is None else f"{done.reason} · {carried_word(done.carried)}"
        self.why.setText(said_why or tr("No operation was recorded for it."))
        self.redline.show_difference(*sides(self.shown, one))
        known = {area.code for area in self._document.inputs.rows(RiskArea)}
        self.show_area.setEnabled(one.code in known)

    def _want(self) -> None:
        chosen = self.pane.view.current_row()
        if chosen is not None:
            self._open(chosen)

    def _open(self, chosen: Row) -> None:
        if self.shown is not None:
            self.wanted.emit(self.shown.found[chosen.id].code)

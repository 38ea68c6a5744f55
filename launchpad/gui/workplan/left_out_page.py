"""The tab with what the plan leaves out: a table, and the chosen one in words with what would bring it in."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, card, cleared, column, empty, label, row, scrolled, selectable
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.workplan.columns import left_out_columns
from launchpad.gui.workplan.comparison import local_dates
from launchpad.gui.workplan.locking import of_table
from launchpad.gui.workplan.numbers import tr
from launchpad.records import Inputs, LeftOut, Mitigation


def reasons(inputs: Inputs, found: LeftOut) -> list[tuple[str, str]]:
    """What there is to say of something left out, as headings and sentences."""
    told = [(tr("Why"), local_dates(found.reason) or "")]
    if found.displaces:
        told.append((tr("In its place"), "\n".join(_named(inputs, found.displaces))))
    if found.loss is not None:
        said = tr("With it in their place {0} more of today's weighted risk would be left over.")
        better = tr("With it {0} less of today's weighted risk would be left: a longer search may find such a plan.")
        told.append((tr("What that would cost"), (said if found.loss >= 0 else better).format(_share(abs(found.loss)))))
    ways = "\n".join(enters(found))
    nothing = tr("No change of effort, date or gain alone was found that brings it in.")
    told.append((tr("It comes in"), ways or nothing))
    if ways and found.estimated:
        told.append(("", tr("An estimate: the plan is not proven best, so these figures hold within its gap only.")))
    if found.core_index is not None:
        said = tr("In {0} of the draws of inputs and weights a near-best plan holds it.")
        told.append((tr("How firmly it is out"), said.format(words.percent(found.core_index))))
    return told


def _named(inputs: Inputs, codes: str) -> Iterator[str]:
    """The codes with the names of what they stand for, where it is still there."""
    named = {row.code: row.name for row in inputs.rows(Mitigation)}
    for code in (part.strip() for part in codes.split(",")):
        name = named.get(code) or named.get(code.partition(".")[0], "")
        yield f"{code}  {name}".strip()


def enters(found: LeftOut) -> Iterator[str]:
    """The changes, each alone, that would bring it in, as lines."""
    if found.enters_effort is not None:
        now = "" if found.effort is None else tr(" (it is {0})").format(words.number(found.effort))
        yield tr("• if its effort is {0} person-days or less{1}").format(words.number(found.enters_effort), now)
    if found.enters_freeze is not None:
        yield tr("• if the freeze is on {0} or later").format(words.day(found.enters_freeze))
    if found.enters_gain is not None:
        said = tr("• if it takes at least {0} more of today's weighted risk away than it does")
        yield said.format(_share(found.enters_gain))


def _share(value: float) -> str:
    return words.percent(value, 2)


class LeftOutPage(QWidget):
    """`counted` carries how many were left out."""

    counted = Signal(int)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.model = TableModel(left_out_columns(lambda: document.inputs), parent=self)
        nothing = empty(tr("Nothing was left out"), tr("The plan does everything there is."), icon="met")
        self.pane = TablePane(self.model, tr("Left out"), f"{document.memory}/left_out", nothing)
        self.pane.view.tell_opened("mitigation", document.sought.emit)
        self.pane.view.row_chosen.connect(self.tell)
        self.locking = of_table(document, self.pane)
        self.title = label("", "heading", wrap=True)
        self.told = QVBoxLayout()
        self.aside = self._aside()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.pane)
        split.addWidget(self.aside)
        split.setSizes([720, 340])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split))
        self.setContentsMargins(0, TIGHT, 0, 0)

    def _aside(self) -> QFrame:
        self.must = button(tr("Must be &done"), lambda: self.locking.lock(kind="must"), part="main", icon="lock")
        self.show_it = button(tr("Sho&w it"), self._show)
        inside = QWidget()
        inside.setLayout(column(self.title, self.told, 1, gap=GAP))
        area = scrolled(inside, tr("Why it was left out"))
        for each in (inside, area.viewport()):
            each.setAutoFillBackground(False)
        made = card("", area, row(self.must, self.show_it, 1))
        made.setAccessibleName(tr("Why it was left out"))
        made.setMinimumWidth(280)
        return made

    def fill(self, rows: list[Row]) -> None:
        """Show what was left out, the first of it in words."""
        self.pane.fill(rows)
        self.aside.setVisible(bool(rows))
        if rows and self.pane.view.current_row() is None and self.model.rowCount():
            self.pane.view.setCurrentIndex(self.model.index(0, 0))
        self.tell(self.pane.view.current_row())
        self.counted.emit(len(rows))

    def tell(self, chosen: Row | None) -> None:
        """Say all there is to say about a row."""
        found = None if chosen is None else chosen.parts.get("left_out")
        mitigation = None if chosen is None else chosen.parts.get("mitigation")
        cleared(self.told)
        for each in (self.must, self.show_it):
            each.setEnabled(isinstance(found, LeftOut))
        if not isinstance(found, LeftOut) or not isinstance(mitigation, Mitigation):
            self.title.setText("")
            return
        self.title.setText(f"{mitigation.code}  {mitigation.name}")
        for heading, said in reasons(self._document.inputs, found):
            if heading:
                self.told.addWidget(label(heading, "strong"))
            self.told.addWidget(selectable(label(said, wrap=True)))

    def _show(self) -> None:
        chosen = self.pane.view.current_row()
        if chosen is not None:
            self._document.sought.emit(chosen.parts["mitigation"])

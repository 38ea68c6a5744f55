"""Candidate against baseline: every metric both were measured on, with the interval of the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QSplitter, QVBoxLayout, QWidget

from launchpad.errors import LaunchpadError
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.evidence.differences import best_pair, columns, lines, nearest, rows
from launchpad.gui.evidence.drawing import Line
from launchpad.gui.evidence.grouped import GroupedModel, GroupedPane
from launchpad.gui.evidence.picture import save
from launchpad.gui.evidence.plot import ForestPlot
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import card, empty, label, selectable, tool
from launchpad.gui.theme import GAP
from launchpad.records import EvalResult, Inputs, Launch
from launchpad.results.comparison import Comparison, compare, names_to_compare


class ComparePage(QWidget):
    """Two lists to choose from, a table of differences with its plot, and the chosen one in words."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._key: tuple[object, ...] | None = None
        self._job: Job | None = None
        self.lines: Mapping[int, Line] = {}
        self.candidate, self.baseline = _choice(self.tr("Candidate")), _choice(self.tr("Baseline"))
        self.model = GroupedModel(columns(), parent=self)
        nothing = empty(
            self.tr("Nothing to compare"),
            self.tr(
                "Choose two models or builds above that were measured with the same metric of the same evaluation. "
                "Where both kept the outcomes of their samples, they are compared sample by sample."
            ),
            icon="evidence",
        )
        self.pane = GroupedPane(self.model, self.tr("Differences"), f"{document.memory}/compare", nothing)
        self.plot = ForestPlot(
            self.pane.view, lambda row: self.lines.get(row.id), self.tr("Differences with their intervals"), signed=True
        )
        self.pane.add_beside(self.plot, (620, 430))
        picture = tool(self.tr("Save the plot as a picture (PNG or SVG)"), "export", self._save_picture)
        titles = (label(self.tr("&Candidate")), label(self.tr("&Baseline")))
        for place, (title, box) in enumerate(zip(titles, (self.candidate, self.baseline), strict=True)):
            title.setBuddy(box)
            self.pane.tools.insertWidget(2 * place, title)
            self.pane.tools.insertWidget(2 * place + 1, box)
            box.activated.connect(self.refresh)
        self.pane.add_tools(picture)
        self.words = selectable(label("", wrap=True))
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.pane)
        self._told = card("", self.words, 1)
        split.addWidget(self._told)
        split.setSizes([390, 150])
        split.setChildrenCollapsible(False)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, GAP, 0, 0)
        inner.addWidget(split)
        self.pane.view.row_chosen.connect(self._tell)

    def refresh(self, *_what: object) -> None:
        """Compare the two that are chosen, in the background, when anything has changed."""
        inputs = self._document.inputs
        self._offer(inputs, names_to_compare(inputs), self._document.launch)
        candidate, baseline = self.candidate.currentText(), self.baseline.currentText()
        key = (inputs.head, candidate, baseline)
        if key == self._key:
            return
        self._key = key
        if not candidate or not baseline or candidate == baseline:
            self._show(())
            return
        blocks = self._outcomes(inputs, {candidate, baseline})
        if self._job is not None:
            self._job.cancel()

        def work(_progress: Progress) -> object:
            return compare(inputs, blocks.get, candidate, baseline)

        def done(found: tuple[Comparison, ...]) -> None:
            if self._key == key:
                self._show(found)

        self._job = self._document.begin(self.tr("Comparing"), work, done)

    def _outcomes(self, inputs: Inputs, names: set[str]) -> dict[str, bytes]:
        """The blocks of outcomes of both sides, read here: the file is touched in the window's thread only."""
        held: dict[str, bytes] = {}
        for result in inputs.rows(EvalResult):
            if result.outcomes is not None and {result.model, result.snapshot} & names and result.outcomes not in held:
                block = self._document.project.content(result.outcomes)
                if block is not None:
                    held[result.outcomes] = block
        return held

    def _offer(self, inputs: Inputs, names: Sequence[str], launch: Launch | None) -> None:
        """Offer these names; at first the launch's own model and what shares most metrics with it."""
        own = [] if launch is None else [name for name in (launch.snapshot, launch.model) if name]
        for box in (self.candidate, self.baseline):
            if [box.itemText(place) for place in range(box.count())] == list(names):
                continue
            chosen = box.currentText()
            box.clear()
            box.addItems(list(names))
            if chosen not in names:
                first = next((name for name in own if name in names), None)
                chosen = (first or best_pair(inputs)[0]) if box is self.candidate else ""
            if not chosen:
                chosen = nearest(inputs, self.candidate.currentText())
            box.setCurrentIndex(box.findText(chosen))

    def _show(self, found: Sequence[Comparison]) -> None:
        self._job = None
        self.lines = lines(self._document.inputs, found)
        self.pane.fill_groups(rows(found), None)
        self.plot.refit()
        self.words.setText("")
        self._told.setVisible(bool(found))
        if found:
            self.pane.view.setCurrentIndex(self.model.index(0, 0))
            self._tell(self.pane.view.current_row())

    def _tell(self, row: Row | None) -> None:
        line = None if row is None else self.lines.get(row.id)
        self.words.setText("" if line is None else line.told)

    def _save_picture(self) -> None:
        start = str(Path(self._document.project.path).with_suffix(".compare.png"))
        kinds = self.tr("PNG picture (*.png);;SVG picture (*.svg)")
        chosen, kind = QFileDialog.getSaveFileName(self, self.tr("Save the plot"), start, kinds)
        if chosen:
            path = Path(chosen)
            self.save_picture(path if path.suffix else path.with_suffix(".svg" if "svg" in kind else ".png"))

    def save_picture(self, path: Path) -> None:
        """Write the plot of the differences shown as a picture."""
        title = self.tr("{0} against {1}, percentage points").format(
            self.candidate.currentText(), self.baseline.currentText()
        )
        try:
            save(path, list(self.plot.lines()), self.plot.axis, title)
        except LaunchpadError as error:
            self._document.refused.emit(error)


def _choice(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setMinimumWidth(150)
    made.setMaximumWidth(240)
    return made

"""The results of every run: a table in groups with its forest plot, and what is done to the chosen ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QMenu, QSplitter, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.evidence import confirm_polarity, link
from launchpad.edits.records import set_values
from launchpad.errors import LaunchpadError
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.evidence.columns import result_columns
from launchpad.gui.evidence.drawing import Line
from launchpad.gui.evidence.folders import folders_of, forget_folder
from launchpad.gui.evidence.grouped import GroupedModel, GroupedPane, heading_of
from launchpad.gui.evidence.inspector import Inspector
from launchpad.gui.evidence.linking import LinkQuestion
from launchpad.gui.evidence.numbers import (
    GroupBy,
    evaluations_of,
    group_of,
    groupings,
    scenarios_to_offer,
    states,
    with_state,
)
from launchpad.gui.evidence.picture import save
from launchpad.gui.evidence.plot import ForestPlot
from launchpad.gui.pieces import button, empty, tool
from launchpad.gui.table_view import chosen_parts
from launchpad.records import EvalResult, Scenario
from launchpad.results.evidence import EvidenceRow


class ResultsPage(QWidget):
    """`acted` carries the name of a command of the window that is asked for."""

    acted = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.rows: Sequence[Row] = ()
        self.lines: Mapping[int, Line] = {}
        self.facts: Mapping[str, EvidenceRow] = {}
        self.model = GroupedModel(result_columns(lambda: document.inputs), document.write, self)
        self.pane = GroupedPane(self.model, self.tr("Results"), f"{document.memory}/evidence", self._nothing())
        self.plot = ForestPlot(
            self.pane.view, lambda row: self.lines.get(row.id), self.tr("Forest plot of the results"), signed=False
        )
        self.pane.add_beside(self.plot, (650, 400))
        self.inspector = Inspector(document)
        self._tools()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.pane)
        split.addWidget(self.inspector)
        split.setSizes([350, 200])
        split.setChildrenCollapsible(False)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(split)
        self.pane.view.selectionModel().selectionChanged.connect(self._show_state)
        self.pane.view.row_chosen.connect(lambda _row: self._inspect())  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] - a signal's argument
        self._show_state()

    def _nothing(self) -> QWidget:
        first = button(self.tr("&Import evidence …"), lambda: self.acted.emit("import"), part="main")
        folder = button(self.tr("Impor&t a folder …"), lambda: self.acted.emit("import folder"))
        return empty(
            self.tr("No evidence yet"),
            self.tr(
                "Drop evaluation logs, a folder of them, or tables of results as CSV or Excel on this window. "
                "Then say what each result is evidence for."
            ),
            first,
            folder,
            icon="evidence",
        )

    def _tools(self) -> None:
        self.only = _list(self.tr("Show results that"), [("", self.tr("All states")), *states().items()])
        self.only.currentIndexChanged.connect(self.fill)
        self.by = _list(self.tr("Group results"), groupings().items())
        self.by.currentIndexChanged.connect(self._regroup)
        self.pane.tools.insertWidget(3, self.only)
        self.pane.tools.insertWidget(4, self.by)
        self.fit = tool(self.tr("Fit the axis of the plot to the values"), "fit", self._fit_axis, checkable=True)
        self.confirm = button(self.tr("&Direction"))
        self.confirm.setMenu(self._directions())
        self.link = button(self.tr("Lin&k …"), self._link, tip=self.tr("Link the chosen results to a scenario"))
        self.supersede = button(self.tr("Mark &superseded"), self._supersede)
        self.bring = button(self.tr("I&mport"), icon="import")
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill_import(menu))
        self.bring.setMenu(menu)
        picture = tool(self.tr("Save the plot as a picture (PNG or SVG)"), "export", self._save_picture)
        self.pane.add_tools(self.fit, picture, self.confirm, self.link, self.supersede, self.bring)

    def _fill_import(self, menu: QMenu) -> None:
        menu.clear()
        for name, title in (
            ("import", self.tr("&Files …")),
            ("import folder", self.tr("F&older …")),
            ("import texts", self.tr("Files, with sample &text …")),
        ):
            menu.addAction(title).triggered.connect(lambda _=False, name=name: self.acted.emit(name))
        menu.addSeparator()
        folders = folders_of(self.document)
        again = menu.addAction(self.tr("&Scan {0} folders again").format(len(folders)))
        again.triggered.connect(lambda: self.acted.emit("scan"))
        again.setEnabled(bool(folders))
        forget = menu.addMenu(self.tr("Fo&rget a folder"))
        forget.setEnabled(bool(folders))
        for folder in folders:
            entry = forget.addAction(str(folder).replace("&", "&&"))
            entry.triggered.connect(lambda _=False, folder=folder: forget_folder(self.document, folder))

    def _directions(self) -> QMenu:
        menu = QMenu(self)
        for polarity, title in (
            ("higher", self.tr("&Higher is better")),
            ("lower", self.tr("&Lower is better")),
            ("unknown", self.tr("&Not confirmed")),
        ):
            menu.addAction(title).triggered.connect(lambda _=False, polarity=polarity: self.confirm_direction(polarity))
        return menu

    def show_results(self, rows: Sequence[Row], lines: Mapping[int, Line], facts: Mapping[str, EvidenceRow]) -> None:
        """Show these results."""
        self.rows, self.lines, self.facts = rows, lines, facts
        self.fill()

    def fill(self, *_what: object) -> None:
        """Show the results in the chosen state and groups."""
        wanted, by = str(self.only.currentData()), cast("GroupBy", self.by.currentData())
        self.pane.fill_groups(with_state(list(self.rows), wanted), group_of(by) if by else None)
        if not self.rows:
            self.only.setCurrentIndex(0)
        self.inspector.setVisible(bool(self.rows))
        view = self.pane.view
        if view.current_row() is None and self.model.rowCount():
            first = next((at for at in range(self.model.rowCount()) if self.model.row_at(at).id >= 0), None)
            if first is not None:
                view.setCurrentIndex(self.model.index(first, 0))
        self.plot.refit()
        self._inspect()
        self._show_state()

    def _regroup(self, *_place: int) -> None:
        """Show other groups, the chosen row in the middle."""
        self.fill()
        view = self.pane.view
        view.scrollTo(view.currentIndex(), view.ScrollHint.PositionAtCenter)

    def _inspect(self) -> None:
        row = self.pane.view.current_row()
        result = None if row is None else row.parts.get("result")
        self.inspector.show_result(
            result if isinstance(result, EvalResult) else None,
            self.facts.get(result.code) if isinstance(result, EvalResult) else None,
        )

    def results(self) -> list[EvalResult]:
        """The chosen results."""
        return [row for row in chosen_parts(self.pane.view, "result") if isinstance(row, EvalResult)]

    def _show_state(self, *_what: object) -> None:
        chosen = self.results()
        self.confirm.setEnabled(bool(chosen))
        self.link.setEnabled(bool(chosen) and bool(self.document.rows(Scenario)))
        self.supersede.setEnabled(bool(chosen))
        all_superseded = bool(chosen) and all(result.superseded for result in chosen)
        self.supersede.setText(self.tr("Not &superseded") if all_superseded else self.tr("Mark &superseded"))

    def _fit_axis(self, fit: bool) -> None:
        self.plot.show_fitted(fit=fit)

    def _save_picture(self) -> None:
        start = str(Path(self.document.project.path).with_suffix(".png"))
        kinds = self.tr("PNG picture (*.png);;SVG picture (*.svg)")
        chosen, kind = QFileDialog.getSaveFileName(self, self.tr("Save the plot"), start, kinds)
        if chosen:
            path = Path(chosen)
            self.save_picture(path if path.suffix else path.with_suffix(".svg" if "svg" in kind else ".png"))

    def save_picture(self, path: Path) -> None:
        """Write the plot of the rows shown now, headings too, as a picture."""
        made = [
            Line(name=heading, told="", heading=True)
            if (heading := heading_of(row)) is not None
            else self.lines[row.id]
            for row in map(self.model.row_at, range(self.model.rowCount()))
            if row.id < 0 or row.id in self.lines
        ]
        launch = self.document.launch
        title = self.tr("Evidence") if launch is None else self.tr("Evidence for {0}").format(launch.name)
        try:
            save(path, made, self.plot.axis, title)
        except LaunchpadError as error:
            self.document.refused.emit(error)
        else:
            self.document.told.emit(self.tr("Saved {0}").format(path.name))

    def confirm_direction(self, polarity: str) -> None:
        """Say which direction is good for the evaluations of the chosen results."""
        found = evaluations_of(self.document.inputs, self.results())
        names = ", ".join(evaluation.code for evaluation in found)
        self.document.act(
            lambda: [change for one in found for change in confirm_polarity(one, polarity)],
            self.tr("Confirm direction of {0}").format(names),
        )

    def _supersede(self) -> None:
        chosen = self.results()
        to = not all(result.superseded for result in chosen)
        self.document.act(
            lambda: [change for result in chosen for change in set_values(result, superseded=to)],
            self.tr("Mark {0} results superseded").format(len(chosen)) if to else self.tr("Take back superseded"),
        )

    def _link(self) -> None:
        launch = self.document.launch
        if launch is None:
            return
        asked = LinkQuestion(scenarios_to_offer(self.document.inputs, launch.id), self)
        if asked.exec():
            self.link_chosen(asked.scenario(), asked.judgement)

    def link_chosen(self, code: str, judgement: Callable[[], Mapping[str, object]] = dict) -> None:
        """Make the chosen results evidence for a scenario."""
        launch, inputs, chosen = self.document.launch, self.document.inputs, self.results()
        if launch is None:
            return

        def changes() -> list[Change]:
            scenario, given = inputs.find(Scenario, code, launch.id), judgement()
            return [one for result in chosen for one in link(inputs, launch.id, result, scenario, **given)]

        codes = ", ".join(result.code for result in chosen)
        self.document.act(changes, self.tr("Link {0} to {1}").format(codes, code))


def _list(name: str, entries: object) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    for value, title in cast("Sequence[tuple[str, str]]", entries):
        made.addItem(title, value)
    return made

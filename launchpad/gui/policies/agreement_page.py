"""The tab of agreement: the heat map, the statistics beside it, and below them every example raters differ on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTableWidget, QWidget

from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.document import Document
from launchpad.gui.evidence.grids import grid, show_lines
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, empty, label, row, scrolled
from launchpad.gui.policies import labelling
from launchpad.gui.policies.agreement_map import AgreementMap, clause_words
from launchpad.gui.policies.agreement_numbers import (
    ALL,
    Against,
    AgreementStudy,
    Item,
    Measure,
    agreement_study,
    under,
    with_summary,
)
from launchpad.gui.policies.disagreements import columns, rows
from launchpad.gui.policies.example_panel import ExamplePanel
from launchpad.gui.policies.fields import Choice
from launchpad.gui.policies.page import Page
from launchpad.gui.policies.study import tr
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import Example, PolicyVersion

if TYPE_CHECKING:
    from launchpad.results.labels import LabelField

Key = tuple[str, int, str]


class AgreementPage(Page):
    """Works its figures out in the background; a cell of the map narrows the list below to what lies in it."""

    chose = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.found: AgreementStudy | None = None
        self._key: Key | None = None
        self._job: Job | None = None
        self._working: Key | None = None
        self._cell: tuple[str, tuple[str, ...]] = (ALL, ())
        self.field = Choice(tr("Label"), _fields())
        self.against = Choice(tr("Compared"), _ways())
        self.measure = Choice(tr("Shown"), [(tr("Percent agreement"), "percent"), (tr("Cohen's kappa"), "kappa")])
        for box, width in ((self.field, 200), (self.against, 190), (self.measure, 170)):
            box.setMinimumWidth(width)
        self.field.activated.connect(self._again)
        self.against.activated.connect(self._show_map)
        self.measure.activated.connect(self._show_map)
        self.settle = button(tr("Se&ttle …"), self._settle, tip=tr("Make what raters agree on the settled label"))
        self.bring = button(tr("&Import labels …"), self._import, icon="import")
        self.map = AgreementMap()
        self.map.chosen.connect(self._narrow)
        self.summary = grid(tr("Agreement of all raters"), (tr("All raters"), tr("Value"), tr("95 % interval")))
        self.by_rater = grid(tr("Raters against the settled label"), _rater_titles())
        self.refused = label("", tone="muted", wrap=True)
        self.model = TableModel(columns(), parent=self)
        self.pane = TablePane(self.model, tr("Disagreements"), f"{document.memory}/disagreements", _agreed())
        self.pane.view.row_chosen.connect(self._show_example)
        self._narrowed = button("", self._widen, part="link")
        self._narrowed.hide()
        self.pane.add_tools(self._narrowed)
        self.example = ExamplePanel(document)
        self.example.sought.connect(self.exampled)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._whole())
        self._pages.addWidget(self._nothing())
        outer = column(self._controls(), self._pages, gap=TIGHT)
        outer.setStretch(1, 1)
        outer.setContentsMargins(0, TIGHT, 0, 0)
        self.setLayout(outer)

    def _controls(self) -> QWidget:
        made = QWidget()
        made.setLayout(row(self.field, self.against, self.measure, 1, self.settle, self.bring, gap=GAP))
        return made

    def _whole(self) -> QWidget:
        for held, widths in ((self.summary, (150, 60, 110)), (self.by_rater, (110, 48, 48, 72, 52, 58, 58))):
            for place, width in enumerate(widths):
                held.setColumnWidth(place, width)
        beside = QWidget()
        inner = column(self.refused, self.summary, self.by_rater, gap=TIGHT)
        inner.setStretch(2, 1)
        beside.setLayout(inner)
        upper, lower = QSplitter(Qt.Orientation.Horizontal), QSplitter(Qt.Orientation.Horizontal)
        for part in (self.map, beside):
            upper.addWidget(part)
        for part in (self.pane, self.example):
            lower.addWidget(part)
        upper.setSizes([580, 480])
        lower.setSizes([640, 420])
        whole = QSplitter(Qt.Orientation.Vertical)
        for part in (upper, lower):
            part.setChildrenCollapsible(False)
            whole.addWidget(part)
        whole.setSizes([250, 260])
        whole.setChildrenCollapsible(False)
        return whole

    def _nothing(self) -> QWidget:
        return empty(
            tr("No labels under this version yet"),
            tr(
                "Let two people label the same examples under this version, each without seeing the other's: "
                "launchpad labels export writes them for a labelling tool. Then bring their labels back here."
            ),
            button(tr("&Import labels …"), self._import, part="main", icon="import"),
            icon="people",
        )

    def fill(self, version: PolicyVersion) -> None:
        """Show the figures there are, and begin to work out those of now."""
        key = (self.document.inputs.head, version.id, self.field.value)
        if self._key is not None and self._key[1:] != key[1:]:
            self.found = None
            self._cell = (ALL, ())
        self._show()
        if self._job is not None:
            if self._working == key:
                return
            self._job.cancel()
        if self._key == key and self.found is not None:
            return
        inputs, field = self.document.inputs, cast("LabelField", self.field.value)

        def work(progress: Progress) -> object:
            progress(0.0, tr("Comparing raters"))
            return agreement_study(inputs, version, field)

        self._start(key, work)

    def _start(self, key: Key, work: Callable[[Progress], object]) -> None:
        """Work out the figures; those that are drawn come after those that are not."""

        def done(found: AgreementStudy) -> None:
            if self._job is job:
                self.found, self._key = found, key
                self._show()

        self._working = key
        self._job = job = self.document.begin(tr("Comparing raters"), work, done)
        job.ended.connect(partial(self._over, job, key))

    def _over(self, job: Job, key: Key) -> None:
        if self._job is not job:
            return
        self._job, found = None, self.found
        if found is not None and not job.cancelled and found.items and found.summary is None and not found.refused:
            self._start(key, lambda progress: with_summary(found, progress))

    def _again(self, *_place: int) -> None:
        if self.version is not None:
            self.fill(self.version)

    def forget(self) -> None:
        """Draw everything anew the next time."""
        super().forget()
        self.map.viewport().update()

    def _show(self) -> None:
        found = self.found
        self._pages.setCurrentIndex(1 if found is not None and not found.items else 0)
        self.settle.setEnabled(found is not None and bool(found.raters))
        if found is None:
            return
        self._show_map()
        self._show_summary(found)
        self._show_raters(found)
        self._show_disagreements(found)

    def _show_map(self, *_place: int) -> None:
        if self.found is not None:
            shown = self.found.maps[cast("Against", self.against.value)]
            self.map.show_map(shown, cast("Measure", self.measure.value))
            if self._cell[1] and self._cell[1] not in shown.columns:
                self._widen()

    def _show_summary(self, found: AgreementStudy) -> None:
        summary = found.summary
        waiting = tr("Drawing items anew for the intervals …") if found.items else ""
        self.refused.setText(found.refused or ("" if summary is not None else waiting))
        self.refused.setVisible(bool(self.refused.text()))
        self.summary.setVisible(summary is not None)
        if summary is None:
            return
        lines: list[tuple[str, str, str]] = []
        for name, title in _statistics():
            value, interval = summary.coefficients[name], summary.intervals[name]
            shown = words.NOTHING if value is None else f"{value:.3f}".replace("-", words.MINUS)
            why_not = tr("items have uneven numbers of ratings") if name == "fleiss" and value is None else ""
            ends = why_not if interval is None else f"{interval.low:.2f}{words.DASH}{interval.high:.2f}"
            lines.append((title, shown, ends))
        show_lines(self.summary, lines, right=(1, 2))
        _fit(self.summary)

    def _show_raters(self, found: AgreementStudy) -> None:
        lines: list[tuple[str, ...]] = []
        for rater in found.raters:
            tally, measures = found.tallies.get(rater), found.measures.get(rater)
            items = sum(rater in item.said for item in found.items)
            counts = ("", "", "") if tally is None else (tally.same, tally.defensible, tally.wrong)
            rates = (None, None) if measures is None else (measures.recall, measures.fpr)
            lines.append((rater, str(items), *map(str, counts), *(words.percent(rate) for rate in rates)))
        show_lines(self.by_rater, lines, right=range(1, 7))

    def _show_disagreements(self, found: AgreementStudy) -> None:
        clause, names = self._cell
        shown = under(found, clause, names)
        self.pane.fill(rows(shown))
        narrowed = bool(clause or names)
        self._narrowed.setVisible(narrowed)
        said = " / ".join(part for part in (clause_words(clause), *names) if part)
        self._narrowed.setText(tr("{0}: show all").format(said))
        row_now = self.pane.view.current_row()
        if row_now is None and shown:
            self.pane.view.choose(self.model.row_at(0).id)
            row_now = self.pane.view.current_row()
        self._show_example(row_now if shown else None)

    def _narrow(self, clause: str, names: tuple[str, ...]) -> None:
        self._cell = (clause, names)
        if self.found is not None:
            self._show_disagreements(self.found)

    def _widen(self) -> None:
        self._narrow(ALL, ())

    def _show_example(self, chosen: Row | None) -> None:
        example = None if chosen is None else chosen.parts.get("example")
        self.example.show_example(example if isinstance(example, Example) else None, self.version)

    def _settle(self) -> None:
        if self.version is not None and self.found is not None:
            labelling.ask_to_settle(self.document, self.version, self.found.raters, self)

    def _import(self) -> None:
        if self.version is not None:
            labelling.ask_for_labels(self.document, self.version, self)

    def items(self) -> list[Item]:
        """The examples in the list below."""
        known = {} if self.found is None else {item.example.id: item for item in self.found.items}
        return [known[one.id] for one in self.model.rows if one.id in known]


def _fields() -> list[tuple[str, str]]:
    return [
        (tr("Answer: does it violate"), "violation"),
        (tr("Request: its risk"), "request_risk"),
        (tr("Style of the answer"), "style"),
        (tr("Severity"), "severity"),
    ]


def _ways() -> list[tuple[str, str]]:
    return [
        (tr("with the settled label"), "gold"),
        (tr("with all other raters"), "others"),
        (tr("pair by pair"), "pairs"),
    ]


def _statistics() -> list[tuple[str, str]]:
    return [
        ("percent", tr("Percent agreement")),
        ("fleiss", tr("Fleiss' kappa")),
        ("krippendorff", tr("Krippendorff's alpha")),
        ("ac1", tr("Gwet's AC1")),
    ]


def _rater_titles() -> list[str]:
    return [tr("Rater"), tr("Items"), tr("Same"), tr("Defensible"), tr("Wrong"), tr("Recall"), tr("FPR")]


def _agreed() -> QWidget:
    said = tr("Nobody differs here. Raters agree with each other, and with what was settled.")
    inner = label(said, tone="muted", wrap=True)
    made = QWidget()
    made.setLayout(column(inner, 1, margin=GAP))
    return scrolled(made, tr("No disagreements"))


def _fit(held: QTableWidget) -> None:
    """As high as its lines."""
    high = held.horizontalHeader().sizeHint().height() + 2
    held.setFixedHeight(high + sum(held.rowHeight(at) for at in range(held.rowCount())))

"""The trade-offs screen: how safeguards fail above, one tab for each question below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from launchpad.errors import LaunchpadError
from launchpad.gui import pictures, theme
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.overview.numbers import technical
from launchpad.gui.pieces import button, column, empty, label, row
from launchpad.gui.screen import Screen
from launchpad.gui.theme import GAP, TIGHT, WIDE
from launchpad.gui.tradeoffs.before_after import BeforeAfterPage
from launchpad.gui.tradeoffs.evaluations import EvaluationsPage
from launchpad.gui.tradeoffs.numbers import Study, at_once, with_curves, with_ranks
from launchpad.gui.tradeoffs.overlap import OverlapSwitch
from launchpad.gui.tradeoffs.page import Page, Shown
from launchpad.gui.tradeoffs.ranking_page import RankingPage
from launchpad.gui.tradeoffs.sides import SidesPage
from launchpad.gui.tradeoffs.stress import StressPage
from launchpad.gui.tradeoffs.tails_page import TailsPage
from launchpad.gui.tradeoffs.tornado_page import TornadoPage
from launchpad.gui.tradeoffs.why import unit_words
from launchpad.records import TABLES, Criterion, Record, Scenario, WeightSet

if TYPE_CHECKING:
    from launchpad.results import Results
    from launchpad.results.moves import OverlapName
    from launchpad.scoring.kept import Kept

Key = tuple[str, int, int | None, str]
Stage = Literal["once", "curves", "ranks"]


class TradeoffsScreen(Screen):
    """Works its figures out in the background while it is seen; those shown are greyed until newer ones are there."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Trade-offs"))
        self.study: Study | None = None
        self.overlap: OverlapName = "beta"
        self.keys: dict[Stage, Key] = {}
        self._job: Job | None = None
        self._working: Key | None = None
        self._given_up: Key | None = None
        self._kept: Kept | None = None
        self.switch = OverlapSwitch()
        self.switch.switched.connect(self._switch)
        self._doing = label("", "small", tone="muted")
        self.before_after = BeforeAfterPage(document)
        self.tails = TailsPage(document)
        self.tornado = TornadoPage(document)
        self.ranking = RankingPage(document)
        self.sides = SidesPage(document)
        self.stress = StressPage(document)
        self.evaluations = EvaluationsPage(document)
        self.tabs = self._tabs()
        self._pages = QStackedWidget()
        whole = QWidget()
        inner = column(row(self.switch, 1, self._doing), gap=TIGHT)
        inner.addWidget(self.tabs, 1)
        whole.setLayout(inner)
        self._pages.addWidget(whole)
        self._nothing = QStackedWidget()
        self._pages.addWidget(self._nothing)
        self._fill_nothing()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(WIDE, GAP, WIDE, GAP)
        outer.addWidget(self._pages)

    def _tabs(self) -> QTabWidget:
        made = QTabWidget()
        made.setDocumentMode(True)
        for page, title in (
            (self.before_after, self.tr("&Before and after")),
            (self.tails, self.tr("&Loss curve")),
            (self.tornado, self.tr("What &moves it")),
            (self.ranking, self.tr("&Ranking")),
            (self.sides, self.tr("B&oth sides")),
            (self.stress, self.tr("Overlap &stress")),
            (self.evaluations, self.tr("&Next evaluations")),
        ):
            page.setContentsMargins(0, TIGHT, 0, 0)
            made.addTab(page, title)
            page.acted.connect(self._act)
        self.picture_button = self._picture_button()
        made.setCornerWidget(self.picture_button, Qt.Corner.TopRightCorner)
        made.currentChanged.connect(self._show_page)
        return made

    def _picture_button(self) -> QPushButton:
        made = button(self.tr("&Picture"), icon="export")
        menu = QMenu(made)
        menu.addAction(self.tr("&Copy as image\tCtrl+Shift+C")).triggered.connect(self.copy_picture)
        menu.addAction(self.tr("&Save as PNG or SVG …\tCtrl+Shift+E")).triggered.connect(self._ask_and_save)
        made.setMenu(menu)
        for keys, slot in (("Ctrl+Shift+C", self.copy_picture), ("Ctrl+Shift+E", self._ask_and_save)):
            shortcut = QShortcut(QKeySequence(keys), self, slot)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return made

    def _fill_nothing(self) -> None:
        self._nothing.addWidget(
            empty(
                self.tr("No launch yet"),
                self.tr("Trade-offs compare what scenarios risk with what mitigations do, in one launch."),
                button(self.tr("New &launch …"), lambda: self.acted.emit("launch"), part="main"),
                icon="tradeoffs",
            )
        )
        self._nothing.addWidget(
            empty(
                self.tr("No scenarios yet"),
                self.tr("Add scenarios with an exposure: how often they could happen, and how bad each would be."),
                button(self.tr("Open the &register"), lambda: self.acted.emit("show register"), part="main"),
                icon="tradeoffs",
            )
        )
        self._trouble = label("", wrap=True)
        waiting = QWidget()
        waiting.setLayout(column(1, self._trouble, 2))
        self._trouble.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._nothing.addWidget(waiting)

    @property
    def page(self) -> Page:
        """The tab that is seen."""
        found = self.tabs.currentWidget()
        return found if isinstance(found, Page) else self.before_after

    def _wanted(self) -> Key | None:
        """What figures of now would be worked out from; None while there is nothing to work from."""
        document = self.document
        launch, plan = document.launch, document.plan
        if launch is None or document.results is None or document.stale:
            return None
        return document.inputs.head, launch.id, None if plan is None else plan.id, self.overlap

    def refresh(self) -> None:
        """Show the figures there are, and begin to work out those of now."""
        launch, results = self.document.launch, self.document.results
        if launch is None or not self.document.rows(Scenario):
            self.study = None
            self.keys.clear()
            self._show_nothing(0 if launch is None else 1)
            return
        if results is not None:
            self.switch.show_levels(technical(results), unit_words(self.document))
        self._begin(results)
        if self.study is None or self.study.results.launch.id != launch.id:
            trouble = self.document.trouble
            self._trouble.setText(self.tr("Working out the trade-offs …") if trouble is None else str(trouble))
            self._show_nothing(2)
            return
        self._pages.setCurrentIndex(0)
        self._show_page()

    def _show_nothing(self, place: int) -> None:
        self._nothing.setCurrentIndex(place)
        self._pages.setCurrentIndex(1)

    def _begin(self, results: Results | None) -> None:
        """Work out what is missing: first what needs no draws, then, once the document has drawn, the rest."""
        key = self._wanted()
        if self._job is not None and self._working != key:
            self._job.cancel()
            self._job = None
        if key is None or results is None:
            self._given_up = None
            return
        if self._job is not None or self._given_up == key:
            return
        stage, known = self._next(key), self.study
        if stage == "once":
            self._work_at_once(key, results)
        elif stage is not None and results.complete and known is not None:
            self._work_by_drawing(stage, key, results, known)

    def _next(self, key: Key) -> Stage | None:
        """What is to be worked out next: first what needs no draws, then what the tab that is seen shows."""
        drawn: tuple[Stage, Stage] = ("ranks", "curves") if self.page is self.ranking else ("curves", "ranks")
        stages: tuple[Stage, ...] = ("once", *drawn)
        return next((stage for stage in stages if self.keys.get(stage) != key), None)

    def _work_at_once(self, key: Key, results: Results) -> None:
        inputs, overlap = self.document.inputs, self.overlap

        def work(_progress: Progress) -> object:
            return at_once(inputs, results, overlap)

        def done(found: Study) -> None:
            self.study = carried(found, self.study)

        self._start("once", key, self.tr("Weighing mitigations"), work, done)

    def _work_by_drawing(self, stage: Stage, key: Key, results: Results, known: Study) -> None:
        from launchpad.scoring.kept import Kept

        inputs = self.document.inputs
        self._kept = kept = self._kept or Kept()

        def work(progress: Progress) -> object:
            if stage == "curves":
                return with_curves(results, known, kept, progress)
            return with_ranks(inputs, results, known, kept, progress)

        def done(found: Study) -> None:
            self.study = found

        titles = {"curves": self.tr("Drawing intervals and curves"), "ranks": self.tr("Drawing ranks")}
        self._start(stage, key, titles[stage], work, done)

    def _start(
        self, stage: Stage, key: Key, title: str, work: Callable[[Progress], object], done: Callable[[Study], object]
    ) -> None:
        said = ""

        def show(found: Study) -> None:
            if self._job is job:
                done(found)
                self.keys[stage] = key

        def fail(error: LaunchpadError) -> None:
            nonlocal said
            said = str(error)

        def over() -> None:
            if self._job is not job or not isValid(self):
                return
            self._job = None
            if job.cancelled or said:
                self._given_up = key
            self._doing.setText(said or (self.tr("Stopped. F5 computes again.") if job.cancelled else ""))
            self._mark()

        job = self.document.begin(title, work, show, fail)
        job.ended.connect(over)
        self._doing.setText(self.tr("{0} …").format(title))
        self._job, self._working = job, key

    def _show_page(self, *_place: int) -> None:
        """Fill the tab that is seen; the others are filled when they are looked at."""
        page, study = self.page, self.study
        if study is None:
            return
        key = self._wanted()
        drawn: Stage = "ranks" if page is self.ranking else "curves"
        stale, behind = (key is None or key != self.keys.get(stage) for stage in ("once", drawn))
        page.show_study(study, Shown(self.document.inputs.head, stale=stale, drawn_stale=stale or behind))
        self.picture_button.setEnabled(page.picture() is not None)

    def _switch(self, name: OverlapName) -> None:
        self.overlap = name
        self.refresh()

    def _act(self, what: str) -> None:
        """Do what a tab asks for: set up criteria, add a record of a table, or a command of the window."""
        if what == "criteria":
            self._set_up_criteria()
        elif what.startswith("table "):
            self._add_or_mend(TABLES[what.removeprefix("table ")])
        else:
            self.acted.emit(what)

    def _add_or_mend(self, record: type[Record]) -> None:
        """Show the criterion that lacks an anchor, or ask for a new record."""
        criteria = self.document.rows(Criterion) if record is Criterion else ()
        lacking = next((row for row in criteria if row.worst is None or row.best is None), next(iter(criteria), None))
        if lacking is not None:
            self.document.sought.emit(lacking)
        else:
            AddForm(self.document, record, parent=self).exec()

    def _set_up_criteria(self) -> None:
        from launchpad.edits.weights import propose_criteria

        results = self.document.results
        if results is not None:
            words = self.tr("Set up criteria")
            self.document.act(lambda: propose_criteria(self.document.inputs, results), words)

    def copy_picture(self) -> None:
        """Put the chart of the tab that is seen on the clipboard."""
        picture = self.page.picture()
        if picture is not None:
            pictures.copy(picture)
            self.document.told.emit(self.tr("Copied as an image: {0}").format(picture.title))

    def save_picture(self, path: Path) -> None:
        """Write the chart of the tab that is seen as PNG or SVG."""
        picture = self.page.picture()
        if picture is None:
            return
        try:
            pictures.save(path, picture)
        except LaunchpadError as error:
            self.document.refused.emit(error)
            return
        self.document.told.emit(self.tr("Saved {0}").format(path.name))

    def _ask_and_save(self) -> None:
        picture = self.page.picture()
        path = None if picture is None else pictures.ask_where(self, picture.title)
        if path is not None:
            self.save_picture(path)

    def use_theme(self) -> None:
        """Draw anew in other colours."""
        self.picture_button.setIcon(theme.icon("export", "text"))
        for place in range(self.tabs.count()):
            page = self.tabs.widget(place)
            if isinstance(page, Page):
                page.forget()
        super().use_theme()

    def reveal(self, record: Record) -> bool:
        """Show the ranking and its weights for a criterion or a weight set."""
        if not isinstance(record, WeightSet):
            return False
        self.tabs.setCurrentWidget(self.ranking)
        return True


def carried(found: Study, before: Study | None) -> Study:
    """New figures with what was drawn before, to be shown greyed until it is drawn anew."""
    if before is None or before.results.launch.id != found.results.launch.id:
        return found
    return replace(found, tradeoffs=before.tradeoffs, refused=before.refused, tails=before.tails)

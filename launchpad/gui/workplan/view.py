"""The workplan screen: the work by priority, on a calendar, what was left out, locks, other plans."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QStackedWidget, QTabWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from launchpad.edits.locks import set_lock
from launchpad.edits.records import set_values
from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.errands import explore, made_already, plan_point
from launchpad.gui.forms import AddForm
from launchpad.gui.jobs import Job
from launchpad.gui.pieces import button, column, empty, label, note, row, tool
from launchpad.gui.screen import Screen
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import GAP, TIGHT, WIDE
from launchpad.gui.workplan.calendar_page import CalendarPage
from launchpad.gui.workplan.columns import lock_columns, work_columns
from launchpad.gui.workplan.compare import ComparePage
from launchpad.gui.workplan.comparison import local_dates, plan_words
from launchpad.gui.workplan.drawing import NO_CHART
from launchpad.gui.workplan.left_out_page import LeftOutPage
from launchpad.gui.workplan.locking import of_table
from launchpad.gui.workplan.numbers import chart, left_out, locks, rows, still_holds, tr
from launchpad.gui.workplan.points import asked_words
from launchpad.gui.workplan.possible import PossiblePage
from launchpad.records import Evaluation, LeftOut, Lock, MitigationVariant, Plan, PlanItem, PlanPoint, Record

EXPLORING, POINT_SECONDS = 100.0, 20.0
"""Seconds to explore around a plan, and to make the plan of one point."""
Key = tuple[object, ...]


class WorkplanScreen(Screen):
    """Shows the launch's current plan; choosing another makes that one current. Only the tab that is seen is filled."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Workplan"))
        self._filled: dict[QWidget, Key] = {}
        self._exploring: Job | None = None
        self._making: tuple[Job, PlanPoint] | None = None
        self.work = TableModel(work_columns(lambda: document.inputs), document.write, self)
        self.locks = TableModel(lock_columns(lambda: document.inputs), document.write, self)
        self.work_pane = TablePane(self.work, self.tr("Work"), f"{document.memory}/work")
        self.work_pane.view.row_opened.connect(self._open)
        self.lock_pane = self._lock_pane()
        self.locking = [of_table(document, pane) for pane in (self.work_pane, self.lock_pane)]
        self.calendar = CalendarPage(document)
        self.gantt = self.calendar.gantt
        self.gantt.opened.connect(self._open_item)
        self.calendar.moved.connect(self._start_on)
        self.left_out = LeftOutPage(document)
        self.out_pane, self.out = self.left_out.pane, self.left_out.model
        self.compare = ComparePage(document)
        self.compare.used.connect(self._use)
        self.possible = PossiblePage(document)
        self.possible.looked.connect(self._explore)
        self.possible.wanted.connect(self._make_point)
        self.tabs = self._tabs()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._with_plan())
        self._pages.addWidget(self._without_plan())
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(self._pages)

    def _tabs(self) -> QTabWidget:
        made = QTabWidget()
        made.setDocumentMode(True)
        for page, title in (
            (self.work_pane, self.tr("&By priority")),
            (self.calendar, self.tr("&Calendar")),
            (self.left_out, self.tr("Left &out")),
            (self.lock_pane, self.tr("Loc&ks")),
            (self.compare, self.tr("Co&mpare plans")),
            (self.possible, self.tr("What el&se could be had")),
        ):
            made.addTab(page, title)
            page.setContentsMargins(0, TIGHT, 0, 0)
        made.currentChanged.connect(self._fill_seen)
        return made

    def _with_plan(self) -> QWidget:
        self.plans = QComboBox()
        self.plans.setAccessibleName(self.tr("Plan"))
        self.plans.setMinimumWidth(200)
        self.plans.setMaximumWidth(340)
        self.plans.activated.connect(self._choose_plan)
        self._proof = label("", tone="muted", wrap=True)
        title = label(self.tr("Pla&n"), tone="muted")
        title.setBuddy(self.plans)
        top = row(title, self.plans, self._proof)
        top.setStretch(2, 1)
        made = QWidget()
        inner = column(top, self._moved_on_note(), gap=GAP)
        inner.addWidget(self.tabs, 1)
        made.setLayout(inner)
        return made

    def _moved_on_note(self) -> QWidget:
        said = self.tr("What this plan was made from has changed since. Make a plan again to see what comes first now.")
        self._moved_on = note(said, "warn", "warning")
        again = button(self.tr("&Re-plan …"), lambda: self.acted.emit("plan"), icon="plan")
        inner = self._moved_on.layout()
        if inner is not None:
            inner.addWidget(again)
        self._moved_on.hide()
        return self._moved_on

    def _without_plan(self) -> QWidget:
        self._first = button(self.tr("Make &plan …"), self._first_step, part="main")
        return empty(
            self.tr("No plan yet"),
            self.tr(
                "A plan needs mitigations with effort and effects, and teams with capacity. "
                "It then says what to do first, who does it and when, and what is left out and why."
            ),
            self._first,
            icon="workplan",
        )

    def _first_step(self) -> None:
        self.acted.emit("plan" if self.document.launch is not None else "launch")

    def _lock_pane(self) -> TablePane:
        add = button(self.tr("&Add a lock"), self._add_lock, icon="add")
        nothing = empty(
            self.tr("No locks"),
            self.tr(
                "A lock says that a mitigation must, or must never, be in a plan, from which day and by which team, "
                "whatever the figures say. Locks are set here, from every table, and by moving a bar on the calendar."
            ),
            add,
            icon="lock",
        )
        made = TablePane(self.locks, self.tr("Locks"), f"{self.document.memory}/locks", nothing)
        made.add_tools(
            tool(self.tr("Add a lock"), "add", self._add_lock),
            tool(self.tr("Remove the chosen locks"), "remove", self._remove_locks),
        )
        return made

    def _add_lock(self) -> None:
        AddForm(self.document, Lock, parent=self).exec()

    def _remove_locks(self) -> None:
        self.document.remove(chosen_parts(self.lock_pane.view, "lock"))

    def refresh(self) -> None:
        """Show the current plan as it is now."""
        document, launch, plan = self.document, self.document.launch, self.document.plan
        self._fill_plans(document.rows(Plan), plan)
        self._pages.setCurrentIndex(0 if document.rows(Plan) else 1)
        self._first.setText(self.tr("New &launch …") if launch is None else self.tr("Make &plan …"))
        self._first.setAccessibleName(self._first.text().replace("&", ""))
        self._say_counts(plan)
        self._proof.setText(self.tr("No plan is in use: choose one.") if plan is None else _proof(plan))
        self._moved_on.setVisible(plan is not None and not still_holds(document.inputs, plan))
        self._fill_seen()

    def _say_counts(self, plan: Plan | None) -> None:
        inputs = self.document.inputs
        out = 0 if plan is None else len(inputs.children(LeftOut, "plan", plan.id))
        held = len(self.document.rows(Lock))
        self.tabs.setTabText(2, self.tr("Left &out ({0})").format(out) if plan else self.tr("Left &out"))
        self.tabs.setTabText(3, self.tr("Loc&ks ({0})").format(held) if held else self.tr("Loc&ks"))

    def _fill_seen(self, *_place: int) -> None:
        """Fill the tab that is seen, if anything it shows has changed; the others are filled when seen."""
        document, launch, plan, page = (
            self.document,
            self.document.launch,
            self.document.plan,
            self.tabs.currentWidget(),
        )
        if launch is None:
            return
        key: Key = (document.inputs.head, launch.id, None if plan is None else plan.id)
        if page in (self.compare, self.possible):
            key = (*key, id(document.results), document.stale)
        if self._filled.get(page) == key:
            return
        self._filled[page] = key
        if page is self.lock_pane:
            self.lock_pane.fill(locks(document.inputs, launch.id))
        elif page is self.work_pane:
            self.work_pane.fill([] if plan is None else rows(document.inputs, plan))
        elif page is self.left_out:
            self.left_out.fill([] if plan is None else left_out(document.inputs, plan))
        elif page is self.calendar:
            self.gantt.show_chart(NO_CHART if plan is None else chart(document.inputs, launch, plan))
        elif page is self.compare:
            self.compare.refresh()
        else:
            self.possible.setEnabled(plan is not None)
            self.possible.refresh(launch, plan, self._left_over())
            self._show_busy()

    def _left_over(self) -> tuple[float, float] | None:
        """What the current plan leaves over, technical and reputational; None while it is being computed."""
        results = self.document.results
        total = None if results is None else results.totals.get("planned")
        return None if total is None else (total.technical, total.reputational)

    def _fill_plans(self, plans: tuple[Plan, ...], current: Plan | None) -> None:
        with QSignalBlocker(self.plans):
            self.plans.clear()
            for plan in plans:
                self.plans.addItem(plan_words(plan), plan.id)
            self.plans.setCurrentIndex(-1 if current is None else self.plans.findData(current.id))

    def _choose_plan(self, _place: int) -> None:
        chosen = self.plans.currentData()
        if chosen is not None:
            self._use(self.document.inputs.get(Plan, int(chosen)))

    def _use(self, plan: object) -> None:
        launch = self.document.launch
        if launch is not None and isinstance(plan, Plan):
            self.document.act(lambda: set_values(launch, current_plan=plan.code), self.tr("Use {0}").format(plan.name))

    def _start_on(self, item: object, day: str) -> None:
        """Fix the start of a moved item: it must be done, and starts on that day."""
        launch, inputs = self.document.launch, self.document.inputs
        if launch is None or not isinstance(item, PlanItem) or item.variant is None:
            return
        variant = inputs.get(MitigationVariant, item.variant)
        done = self.document.act(
            lambda: set_lock(inputs, launch.id, variant.mitigation, kind="must", variant=variant.id, start=day),
            self.tr("Start {0} on {1}").format(variant.code, day),
        )
        if done:
            said = self.tr("{0} is locked to start on {1}. Re-plan to move everything else round it.")
            self.document.told.emit(said.format(variant.code, words.day(day)))

    def _explore(self) -> None:
        if self._exploring is None:
            self._exploring = explore(self.document, EXPLORING)
            if self._exploring is not None:
                self._exploring.ended.connect(self._explored)
            self._show_busy()

    def _explored(self) -> None:
        self._exploring = None
        if isValid(self):
            self._show_busy()

    def _make_point(self, point: object) -> None:
        """Make the plan of a point, or show the one that was made for it; one at a time, the last one asked for."""
        if not isinstance(point, PlanPoint):
            return
        known = made_already(self.document, point)
        if known is not None:
            self._show_made(known)
            return
        if self._making is not None and self._making[1].id == point.id:
            return
        if self._making is not None:
            self._making[0].cancel()
        job = plan_point(self.document, point, POINT_SECONDS, self._show_made)
        if job is not None:
            self._making = (job, point)
            job.ended.connect(lambda: self._made(job))
        self._show_busy()

    def _made(self, job: Job) -> None:
        if self._making is not None and self._making[0] is job:
            self._making = None
        if isValid(self):
            self._show_busy()

    def _show_busy(self) -> None:
        making = "" if self._making is None else asked_words(self._making[1])
        self.possible.show_busy(self._exploring is not None, making)

    def _show_made(self, made: Plan) -> None:
        """Show a plan that was made for a point against the current one."""
        current = self.document.plan
        if current is not None and isValid(self):
            self.tabs.setCurrentWidget(self.compare)
            self._fill_seen()
            self.compare.compare(current, made)

    def _open(self, found: object) -> None:
        item = getattr(found, "parts", {}).get("item")
        if isinstance(item, PlanItem):
            self._open_item(item)

    def _open_item(self, item: PlanItem) -> None:
        inputs = self.document.inputs
        if item.variant is not None:
            self.document.sought.emit(inputs.get(MitigationVariant, item.variant))
        elif item.evaluation is not None:
            self.document.sought.emit(inputs.get(Evaluation, item.evaluation))

    def use_theme(self) -> None:
        """Draw anew in other colours."""
        self._filled.clear()
        super().use_theme()

    def reveal(self, record: Record) -> bool:
        """Choose a plan, a lock, or an item of the current plan."""
        if isinstance(record, Plan):
            return True
        pages: dict[type[Record], TablePane] = {PlanItem: self.work_pane, Lock: self.lock_pane}
        pane = pages.get(type(record))
        if pane is None:
            return False
        self.tabs.setCurrentWidget(pane)
        self.refresh()
        return pane.view.choose(record.id)


def _proof(plan: Plan) -> str:
    parts = [tr("made {0}").format(words.moment(plan.made))] if plan.made else []
    if plan.objective is not None:
        parts.append(tr("leaves {0} of today's weighted risk").format(words.percent(plan.objective, 3)))
    if plan.gap is not None:
        parts.append(tr("proven within {0} of the best possible").format(words.percent(plan.gap)))
    if plan.basis:
        parts.append(tr("asked for: {0}").format(local_dates(plan.basis)))
    return " · ".join(parts)

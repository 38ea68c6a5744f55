"""The workplan screen: the work by priority, on a calendar, what was left out, and locks."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.records import set_values
from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.pieces import button, column, empty, label, note, row, tool
from launchpad.gui.screen import Screen
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import GAP, WIDE
from launchpad.gui.workplan.columns import left_out_columns, lock_columns, work_columns
from launchpad.gui.workplan.drawing import NO_CHART, Gantt
from launchpad.gui.workplan.numbers import chart, left_out, locks, rows, still_holds
from launchpad.records import Lock, Plan, PlanItem, Record


class WorkplanScreen(Screen):
    """Shows the launch's current plan; choosing another makes that one current."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Workplan"))

        self.work = TableModel(work_columns(lambda: document.inputs), document.write, self)
        self.out = TableModel(left_out_columns(lambda: document.inputs), parent=self)
        self.locks = TableModel(lock_columns(lambda: document.inputs), document.write, self)
        self.work_pane = TablePane(self.work, self.tr("Work"), f"{document.memory}/work")
        self.work_pane.view.row_opened.connect(self._open)
        self.out_pane = TablePane(
            self.out,
            self.tr("Left out"),
            f"{document.memory}/left_out",
            empty(self.tr("Nothing was left out"), self.tr("The plan does everything there is."), icon="met"),
        )
        self.out_pane.view.tell_opened("mitigation", document.sought.emit)
        self.lock_pane = self._lock_pane()
        self.gantt = Gantt()
        self.gantt.opened.connect(self._open_item)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.work_pane, self.tr("&By priority"))
        self.tabs.addTab(self._calendar(), self.tr("&Calendar"))
        self.tabs.addTab(self.out_pane, self.tr("Left &out"))
        self.tabs.addTab(self.lock_pane, self.tr("Loc&ks"))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._with_plan())
        self._pages.addWidget(self._without_plan())
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(self._pages)

    def _with_plan(self) -> QWidget:
        self.plans = QComboBox()
        self.plans.setAccessibleName(self.tr("Plan"))
        self.plans.setMinimumWidth(200)
        self.plans.activated.connect(self._choose_plan)
        self._proof = label("", tone="muted", wrap=True)
        title = label(self.tr("Pla&n"), tone="muted")
        title.setBuddy(self.plans)
        top = QHBoxLayout()
        top.setSpacing(GAP)
        top.addWidget(title)
        top.addWidget(self.plans)
        top.addWidget(self._proof, 1)
        self._moved_on = note(
            self.tr("What this plan was made from has changed since. Make a plan again to see what comes first now."),
            "warn",
            "warning",
        )
        self._moved_on.hide()
        made = QWidget()
        made.setLayout(column(top, self._moved_on, self.tabs, gap=GAP))
        return made

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

    def _calendar(self) -> QWidget:
        fit = button(self.tr("&Fit"), self.gantt.fit_width)
        made = QWidget()
        tools = row(
            1,
            fit,
            tool(self.tr("Wider days (+)"), "add", lambda: self.gantt.zoom(1.25)),
            tool(self.tr("Narrower days (-)"), "remove", lambda: self.gantt.zoom(0.8)),
        )
        made.setLayout(column(tools, self.gantt, gap=4))
        return made

    def _lock_pane(self) -> TablePane:
        add = button(self.tr("&Add a lock"), lambda: AddForm(self.document, Lock, parent=self).exec(), icon="add")
        nothing = empty(
            self.tr("No locks"),
            self.tr("A lock says that a mitigation must, or must never, be in a plan, whatever the figures say."),
            add,
            icon="lock",
        )
        made = TablePane(self.locks, self.tr("Locks"), f"{self.document.memory}/locks", nothing)
        made.add_tools(
            tool(self.tr("Add a lock"), "add", lambda: AddForm(self.document, Lock, parent=self).exec()),
            tool(
                self.tr("Remove the chosen locks"),
                "remove",
                lambda: self.document.remove(chosen_parts(made.view, "lock")),
            ),
        )
        return made

    def refresh(self) -> None:
        """Show the current plan as it is now."""
        document, launch, plan = self.document, self.document.launch, self.document.plan
        self._fill_plans(document.rows(Plan), plan)
        self._pages.setCurrentIndex(0 if document.rows(Plan) else 1)
        self._first.setText(self.tr("New &launch …") if launch is None else self.tr("Make &plan …"))
        self._first.setAccessibleName(self._first.text().replace("&", ""))
        if launch is None:
            return
        self.lock_pane.fill(locks(document.inputs, launch.id))
        if plan is None:
            for pane in (self.work_pane, self.out_pane):
                pane.fill([])
            self.gantt.show_chart(NO_CHART)
            return
        self._proof.setText(_proof(plan))
        self._moved_on.setVisible(not still_holds(document.inputs, plan))
        self.work_pane.fill(rows(document.inputs, plan))
        found = left_out(document.inputs, plan)
        self.out_pane.fill(found)
        self.tabs.setTabText(2, self.tr("Left &out ({0})").format(len(found)))
        first = self.gantt.chart is NO_CHART
        self.gantt.show_chart(chart(document.inputs, launch, plan))
        if first:
            self.gantt.fit_width()

    def _fill_plans(self, plans: tuple[Plan, ...], current: Plan | None) -> None:
        self.plans.clear()
        for plan in plans:
            self.plans.addItem(f"{plan.code}  {plan.name}", plan.id)
        if current is not None:
            self.plans.setCurrentIndex(self.plans.findData(current.id))

    def _choose_plan(self, _place: int) -> None:
        launch, chosen = self.document.launch, self.plans.currentData()
        if launch is None or chosen is None:
            return
        plan = self.document.inputs.get(Plan, int(chosen))

        def changes() -> list[Change]:
            return set_values(launch, current_plan=plan.code)

        self.document.act(changes, self.tr("Use {0}").format(plan.name))

    def _open(self, found: object) -> None:
        item = getattr(found, "parts", {}).get("item")
        if isinstance(item, PlanItem):
            self._open_item(item)

    def _open_item(self, item: PlanItem) -> None:
        from launchpad.records import Evaluation, MitigationVariant

        inputs = self.document.inputs
        if item.variant is not None:
            self.document.sought.emit(inputs.get(MitigationVariant, item.variant))
        elif item.evaluation is not None:
            self.document.sought.emit(inputs.get(Evaluation, item.evaluation))

    def reveal(self, record: Record) -> bool:
        """Choose a plan or an item of the current plan."""
        if isinstance(record, Plan):
            return True
        if not isinstance(record, PlanItem):
            return False
        self.refresh()
        self.tabs.setCurrentIndex(0)
        return self.work_pane.view.choose(record.id)


def _proof(plan: Plan) -> str:
    from PySide6.QtCore import QCoreApplication

    tr = QCoreApplication.translate
    parts = [tr("workplan", "made {0}").format(words.moment(plan.made))] if plan.made else []
    if plan.objective is not None:
        parts.append(tr("workplan", "leaves {0} of today's weighted risk").format(words.percent(plan.objective, 3)))
    if plan.gap is not None:
        proven = tr("workplan", "proven within {0} of the best possible")
        parts.append(proven.format(words.percent(plan.gap)))
    return " · ".join(parts)

"""The tab with two plans side by side: what each comes to, what would be done otherwise and why, and alternatives."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSplitter, QWidget

from launchpad.errors import LaunchpadError
from launchpad.gui.columns import Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, empty, label, row
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.workplan.comparison import (
    Left,
    alternative_columns,
    alternative_rows,
    left_of,
    move_columns,
    move_rows,
    plan_words,
    side_by_side,
)
from launchpad.gui.workplan.numbers import tr
from launchpad.records import Plan

Key = tuple[str, int]


class ComparePage(QWidget):
    """`used` carries the plan that is to be the current one."""

    used = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._left: dict[Key, Left | None] = {}
        self._jobs: dict[Key, Job] = {}
        self.before, self.after = (self._box(name) for name in (tr("From plan"), tr("To plan")))
        self.figures = TableModel(
            [
                figure_column("name", "", right=False, width=20),
                figure_column("one", tr("From"), width=13),
                figure_column("other", tr("To"), width=13),
                figure_column("change", tr("Change"), width=9),
            ],
            parent=self,
        )
        self.moves = TableModel(list(move_columns()), parent=self)
        self.others = TableModel(list(alternative_columns()), parent=self)
        same = empty(tr("The same work on the same days"), tr("Nothing is done otherwise."), icon="met")
        self.pane = TablePane(self.moves, tr("Moves"), f"{document.memory}/moves", same)
        self.pane.view.row_opened.connect(self._open)
        self.pane.view.row_chosen.connect(self._tell)
        self.reason = label("", wrap=True)
        self.reason.setMinimumHeight(2 * self.reason.fontMetrics().lineSpacing())
        self.reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(column(self._top(), self._middle(), gap=GAP))
        self.layout().setStretch(1, 1)  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess] - the column just set
        self.setContentsMargins(0, TIGHT, 0, 0)

    def _top(self) -> QWidget:
        titles = [label(text, tone="muted") for text in (tr("F&rom"), tr("&To"))]
        for title, box in zip(titles, (self.before, self.after), strict=True):
            title.setBuddy(box)
            title.setMinimumWidth(title.sizeHint().width() + TIGHT)
        swap = button(tr("S&wap"), self._swap)
        self.use = button(tr("Use the second pla&n"), lambda: self.used.emit(self._plan(self.after)))
        made = QWidget()
        made.setLayout(row(titles[0], self.before, titles[1], self.after, swap, 1, self.use))
        return made

    def _middle(self) -> QSplitter:
        sides = TableView(self.figures, tr("Figures of both plans"))
        beside = TableView(self.others, tr("Alternatives to the current plan"))
        beside.say_when_empty(
            tr("None kept. “What else could be had” finds plans nearly as good that do other things.")
        )
        beside.row_chosen.connect(self._compare_with)
        self.heading = label(tr("Alternatives"), "strong")
        below = QWidget()
        below.setLayout(column(self.heading, beside, gap=TIGHT))
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(sides)
        left.addWidget(below)
        left.setSizes([330, 170])
        right = QWidget()
        inner = column(self.pane, self.reason, gap=TIGHT)
        inner.setStretch(0, 1)
        right.setLayout(inner)
        made = QSplitter(Qt.Orientation.Horizontal)
        made.addWidget(left)
        made.addWidget(right)
        made.setSizes([490, 580])
        for each in (left, made):
            each.setChildrenCollapsible(False)
        return made

    def _box(self, name: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        made.setMinimumWidth(200)
        made.setMaximumWidth(320)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        made.activated.connect(self._fill)
        return made

    def _plan(self, box: QComboBox) -> Plan | None:
        chosen = box.currentData()
        known = isinstance(chosen, int) and self._document.inputs.has(Plan, chosen)
        return self._document.inputs.get(Plan, chosen) if known else None

    def refresh(self) -> None:
        """Show the plans of the launch: at first the newest other one against the current one."""
        plans, current = self._document.rows(Plan), self._document.plan
        kept = self._plan(self.before), self._plan(self.after)
        others = [plan for plan in plans if current is None or plan.id != current.id]
        earlier = [plan for plan in others if plan.alternative_to is None]
        pair = (earlier[-1], current) if earlier else (current, others[-1] if others else current)
        wanted = kept[0] or pair[0], kept[1] or pair[1]
        for box, plan in zip((self.before, self.after), wanted, strict=True):
            with QSignalBlocker(box):
                box.clear()
                for each in plans:
                    box.addItem(plan_words(each), each.id)
                if plan is not None:
                    box.setCurrentIndex(max(0, box.findData(plan.id)))
        if current is not None:
            self.others.show(alternative_rows(self._document.inputs, current))
            self.heading.setText(tr("Alternatives to {0}").format(current.code))
        self._fill()

    def compare(self, before: Plan, after: Plan) -> None:
        """Show two plans side by side."""
        for box, plan in ((self.before, before), (self.after, after)):
            box.setCurrentIndex(box.findData(plan.id))
        self._fill()

    def _swap(self) -> None:
        one, other = self._plan(self.before), self._plan(self.after)
        if one is not None and other is not None:
            self.compare(other, one)

    def _compare_with(self, chosen: Row) -> None:
        plan, current = chosen.parts.get("plan"), self._document.plan
        if isinstance(plan, Plan) and current is not None:
            self.compare(current, plan)

    def _fill(self, *_place: int) -> None:
        one, other = self._plan(self.before), self._plan(self.after)
        if one is None or other is None:
            return
        from launchpad.results.plan_moves import plan_moves

        self.use.setEnabled(self._document.plan is None or other.id != self._document.plan.id)
        for place, plan in ((1, one), (2, other)):
            self.figures.columns = tuple(
                each if at != place else figure_column(each.key, plan.code, width=13)
                for at, each in enumerate(self.figures.columns)
            )
        self.figures.headerDataChanged.emit(Qt.Orientation.Horizontal, 1, 2)
        self.figures.show(side_by_side(self._document.inputs, one, other, (self._left_by(one), self._left_by(other))))
        self.pane.fill(move_rows(plan_moves(self._document.inputs, one, other)))
        self.reason.setText("")
        if self.moves.rowCount():
            self.pane.view.setCurrentIndex(self.moves.index(0, 0))
            self._tell(self.moves.row_at(0))

    def _left_by(self, plan: Plan) -> Left | None:
        """What a plan leaves over; None while it is being worked out in the background."""
        inputs, document = self._document.inputs, self._document
        key = (inputs.head, plan.id)
        if key not in self._left and key not in self._jobs:
            current = document.plan
            if current is not None and plan.id == current.id and document.results is not None and not document.stale:
                self._left[key] = left_of(document.results)
            else:
                self._work_out(key, plan)
        return self._left.get(key)

    def _work_out(self, key: Key, plan: Plan) -> None:
        inputs = self._document.inputs

        def work(progress: Progress) -> object:
            from launchpad.results import compute

            return left_of(compute(inputs, plan.launch, plan.id, draws=0, progress=progress))

        def done(found: Left | None) -> None:
            self._left[key] = found

        def failed(_error: LaunchpadError) -> None:
            self._left[key] = None

        job = self._document.begin(tr("Weighing {0}").format(plan.code), work, done, failed)
        self._jobs[key] = job
        job.ended.connect(partial(self._worked_out, key))

    def _worked_out(self, key: Key) -> None:
        self._jobs.pop(key, None)
        self._left = {known: left for known, left in self._left.items() if known[0] == key[0]}
        if key in self._left and self.isVisible():
            self._fill()

    def _tell(self, chosen: Row) -> None:
        self.reason.setText(str(chosen.figures["reason"] or ""))

    def _open(self, found: Row) -> None:
        for table in ("mitigation_variant", "evaluation"):
            record = self._document.named(f"{table} {found.figures['what']}")
            if record is not None:
                self._document.sought.emit(record)
                return

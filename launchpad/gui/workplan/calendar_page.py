"""The tab with the calendar: what a move would mean above it, and its tools."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from launchpad.gui import theme
from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.pieces import button, column, label, row, tool
from launchpad.gui.theme import TIGHT
from launchpad.gui.workplan.locking import Locking
from launchpad.gui.workplan.moving_gantt import MovableGantt
from launchpad.gui.workplan.numbers import tr
from launchpad.gui.workplan.picture_menu import picture_button
from launchpad.records import Mitigation, MitigationVariant

LINES = 2


class CalendarPage(QWidget):
    """`moved` carries the plan item and the day (YYYY-MM-DD) on which it is to start."""

    moved = Signal(object, str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.gantt = MovableGantt(lambda: document.inputs)
        self.gantt.moved.connect(self.moved)
        self.gantt.told_move.connect(self._tell)
        self.gantt.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.locking = Locking(document, self.gantt, self._chosen)
        self.moving = label("", "small", tone="muted", wrap=True)
        self.moving.setFixedHeight(LINES * QFontMetrics(theme.font("small")).lineSpacing() + TIGHT)
        tools = row(
            self.moving,
            button(tr("&Fit"), self.gantt.fit_width, tip=tr("The whole plan at once (0)")),
            tool(tr("Wider days (+)"), "add", lambda: self.gantt.zoom(1.25)),
            tool(tr("Narrower days (-)"), "remove", lambda: self.gantt.zoom(0.8)),
            self.locking.lock_button(),
            picture_button(document, self, [(tr("the calendar"), self.picture)]),
        )
        tools.setStretch(0, 1)
        inner = column(tools, gap=TIGHT)
        inner.addWidget(self.gantt, 1)
        self.setLayout(inner)
        self.setContentsMargins(0, TIGHT, 0, 0)
        self._tell("")

    def _chosen(self) -> list[Mitigation]:
        line, inputs = self.gantt.line(), self._document.inputs
        if line is None or line.item.variant is None:
            return []
        return [inputs.get(Mitigation, inputs.get(MitigationVariant, line.item.variant).mitigation)]

    def _tell(self, said: str) -> None:
        usual = tr(
            "Drag a bar to another day, or Alt+Left and Alt+Right (Shift: a week), Enter to set it, Esc to leave it. "
            "Its start is then locked. The chosen item shows what it waits for, and its teams' days off."
        )
        self.moving.setText(said or usual)

    def picture(self) -> Picture | None:
        """The calendar to be saved or copied."""
        plan = self._document.plan
        return None if plan is None else self.gantt.picture(f"{plan.code}  {plan.name}")

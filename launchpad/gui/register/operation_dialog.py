"""The one pattern in which a risk area is changed: what is done, why, and what it does to all that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from launchpad.edits.taxonomy import Operation
from launchpad.errors import LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.pieces import label, scrolled, toned
from launchpad.gui.register.operations import effect_columns, effect_rows, summary, tr
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import GAP
from launchpad.records import Inputs
from launchpad.records.taxonomy import AREA_CHANGES

Button = QDialogButtonBox.StandardButton
LOOK_AFTER_MS = 120
NO_REASON = "-"


class OperationDialog(QDialog):
    """Shows the dry run as it is filled in; Apply waits for a reason, and for what can be done.

    A kind of operation says what it asks with `ask`, and what it would do with `make`.
    """

    def __init__(self, document: Document, title: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.operations: tuple[Operation, ...] = ()
        self.setWindowTitle(title)
        self.resize(660, 540)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._inner = QVBoxLayout(self)
        self._inner.setSpacing(GAP)
        self._inner.addWidget(label(what, "heading", wrap=True))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_AFTER_MS)
        self._soon.timeout.connect(self.look)
        self.ask()
        self._lay_out()
        document.changed.connect(self.later)
        self.look()

    def _lay_out(self) -> None:
        self._inner.addLayout(self.form)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("Why, for whoever reads this in a year"))
        self.add(tr("&Reason *"), self.reason)
        self.reason.textChanged.connect(self._enable)
        self.problem = label("", tone="bad", wrap=True)
        self.said = label("", "strong", wrap=True)
        self.effects = TableModel(effect_columns(), parent=self)
        self.table = TableView(self.effects, tr("What it does to all that hangs on it"))
        self.table.setMinimumHeight(110)
        self.buttons = QDialogButtonBox(Button.Apply | Button.Cancel)
        self.apply = self.buttons.button(Button.Apply)
        self.apply.setText(tr("&Apply"))
        self.apply.setDefault(True)
        self.apply.clicked.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for part in (self.problem, self.said, self.table, self.buttons):
            self._inner.addWidget(part, 1 if part is self.table else 0)

    def ask(self) -> None:
        """Put what this operation needs into the form."""

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """What would be done, worked out but not written; a LaunchpadError says why it cannot."""
        raise NotImplementedError

    def ready(self) -> str:
        """What is still missing in the form; empty when it is filled in."""
        return ""

    def add(self, title: str, editor: QWidget) -> None:
        """One line of the form."""
        if not editor.accessibleName():
            editor.setAccessibleName(title.replace("&", "").removesuffix(" *"))
        self.form.addRow(title, editor)

    def add_scrolled(self, inside: QWidget, name: str) -> None:
        """A part of the form that scrolls, above the lines."""
        self._inner.addWidget(scrolled(inside, name), 2)

    def later(self, *_what: object) -> None:
        """Work the dry run out again once typing has paused."""
        self._soon.start()

    def look(self) -> None:
        """Work out and show what would happen now."""
        self._soon.stop()
        missing = self.ready()
        self.operations, problem = (), missing
        if not missing:
            try:
                self.operations = tuple(self.make(self.document.inputs, self.reason.text().strip() or NO_REASON))
            except LaunchpadError as error:
                problem = words_of(error)
        self.problem.setText(problem)
        toned(self.problem, "muted" if missing else "bad")
        self.problem.setVisible(bool(problem))
        self.said.setText(summary(self.operations) if self.operations else "")
        self.effects.show(effect_rows(self.operations))
        self.table.setVisible(bool(self.effects.rows) or not self.operations)
        self._enable()

    def _enable(self) -> None:
        self.apply.setEnabled(bool(self.operations) and bool(self.reason.text().strip()))

    def accept(self) -> None:
        """Write the operations as one edit; when they are refused, stay."""
        self.look()
        if not self.apply.isEnabled():
            return
        changes = [change for one in self.operations for change in one.changes]
        areas = ", ".join(one.area for one in self.operations)
        done = f"{AREA_CHANGES[self.operations[0].kind]}: {areas}"
        if self.document.edit(changes, done, reason=self.reason.text().strip()):
            super().accept()


def words_of(error: LaunchpadError) -> str:
    """An error for the window: what to do is left out where it names the command line."""
    hint = "" if "launchpad " in error.hint or "--" in error.hint else error.hint
    return f"{error.message} {hint}".strip()

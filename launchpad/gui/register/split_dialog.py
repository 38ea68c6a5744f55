"""Splitting a risk area: the parts it is divided into, and which of them stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from launchpad.edits import taxonomy
from launchpad.edits.taxonomy import Operation, Part
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, column, label, row
from launchpad.gui.register.operation_dialog import OperationDialog
from launchpad.gui.register.operation_forms import choice, line
from launchpad.gui.register.operations import relations, short_relation, tr
from launchpad.records import Inputs, RiskArea

AT_FIRST = 2
MOST = 8


@dataclass(frozen=True)
class _Line:
    """The editors of one part."""

    code: QLineEdit
    name: QLineEdit
    relation: QComboBox


class SplitDialog(OperationDialog):
    """Asks for two parts or more, each with how it stands to the old area."""

    def __init__(self, document: Document, area: RiskArea, parent: QWidget | None = None) -> None:
        self._area = area
        self.parts: list[_Line] = []
        what = tr("Split {0} {1}, which is deprecated then").format(area.code, area.name)
        super().__init__(document, tr("Split a risk area"), what, parent)

    def ask(self) -> None:
        """A line for each part, and a button for more."""
        self._grid = QGridLayout()
        for place, title in enumerate((tr("Code"), tr("Name"), tr("Against the old it is"))):
            self._grid.addWidget(label(title, "small", tone="muted"), 0, place)
        self._grid.setColumnStretch(1, 1)
        self._more = button(tr("A&nother part"), self.add_part)
        inside = QWidget()
        hint = tr("Labels and evidence move only where one single part is the same, nearly the same or broader.")
        inside.setLayout(column(self._grid, row(self._more, 1), label(hint, "small", tone="muted", wrap=True)))
        self.form.addRow(inside)
        for _ in range(AT_FIRST):
            self.add_part()
        self.parts[0].name.setFocus()

    def add_part(self) -> None:
        """One part more, with a code that is free."""
        number = len(self.parts) + 1
        taken = {area.code for area in self.document.inputs.rows(RiskArea)} | {one.code.text() for one in self.parts}
        code = next(code for n in range(1, len(taken) + 2) if (code := f"{self._area.code}-{n}") not in taken)
        labels = [(short_relation(one), one) for one in relations()]
        made = _Line(line(code), line("", tr("Name")), choice(labels))
        made.relation.setCurrentIndex(made.relation.findData("narrow"))
        for place, (editor, name) in enumerate(
            ((made.code, tr("Code")), (made.name, tr("Name")), (made.relation, tr("Relation")))
        ):
            editor.setAccessibleName(tr("{0} of part {1}").format(name, number))
            self._grid.addWidget(editor, number, place)
        made.code.textChanged.connect(self.later)
        made.name.textChanged.connect(self.later)
        made.relation.currentIndexChanged.connect(self.later)
        self.parts.append(made)
        self._more.setEnabled(number < MOST)
        self.later()

    def given(self) -> list[Part]:
        """The parts that have a code and either a name or an area of that code."""
        known = {area.code for area in self.document.inputs.rows(RiskArea)}
        lines = [
            (one.code.text().strip(), one.name.text().strip(), str(one.relation.currentData())) for one in self.parts
        ]
        return [
            Part(code, name or None, relation) for code, name, relation in lines if code and (name or code in known)
        ]

    def ready(self) -> str:
        """At least two parts."""
        if len({part.code for part in self.given()}) < AT_FIRST:
            return tr("Give at least two parts a code and a name; a code that exists needs none.")
        return ""

    def make(self, inputs: Inputs, reason: str) -> Sequence[Operation]:
        """The split."""
        return [taxonomy.split(inputs, inputs.get(RiskArea, self._area.id), self.given(), reason)]

"""One example beside a list: its words, hidden until revealed where asked for, its labels, and how it is settled."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.clauses import in_decision_order
from launchpad.edits.policies import example_handling
from launchpad.edits.settle import adjudicate
from launchpad.errors import InvalidValueError
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, cleared, label, row, selectable
from launchpad.gui.policies.disagreements import label_words
from launchpad.gui.policies.fields import Choice
from launchpad.gui.policies.study import tr
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.words import translate
from launchpad.records import Example, Inputs, Label, Person, PolicyVersion
from launchpad.records.policies import VIOLATION

LONGEST = 8_000


class ExamplePanel(QScrollArea):
    """Words of a sensitive or restricted area are in no widget before Reveal, anew for every example.

    `sought` carries the code of an example that is to be shown among its clause's.
    """

    sought = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.example: Example | None = None
        self.version: PolicyVersion | None = None
        self.revealed = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("The example"))
        self.words = QVBoxLayout()
        self.words.setSpacing(TIGHT)
        self.settling = self._settling()
        inside = QWidget()
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(GAP, 0, GAP, GAP)
        inner.setSpacing(GAP)
        inner.addLayout(self.words)
        inner.addWidget(self.settling)
        inner.addStretch(1)
        self.setWidget(inside)
        self.show_example(None, None)

    def _settling(self) -> QWidget:
        made = QFrame()
        made.setProperty("part", "card")
        form = QFormLayout(made)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.answer = Choice(tr("Settled as"), _answers())
        self.under = Choice(tr("Another answer is defensible under"))
        self.by = Choice(tr("Decided by"))
        self.note = QLineEdit()
        self.note.setAccessibleName(tr("Why"))
        self.settle = button(tr("Settle"), self._settle)
        form.addRow(tr("Settled as"), self.answer)
        form.addRow(tr("Defensible under"), self.under)
        form.addRow(tr("Decided by"), self.by)
        form.addRow(tr("Why"), self.note)
        form.addRow("", self.settle)
        return made

    def show_example(self, example: Example | None, version: PolicyVersion | None) -> None:
        """Show an example with its labels under a version; its words hidden anew where it is another one."""
        other = example is None or self.example is None or example.id != self.example.id
        if other:
            self.revealed = False
            self.note.clear()
        self.example, self.version = example, version
        self.settling.setVisible(example is not None)
        self._fill()
        if example is not None and version is not None:
            self._offer(example, version, fresh=other)

    def _offer(self, example: Example, version: PolicyVersion, *, fresh: bool) -> None:
        inputs = self.document.inputs
        nobody = (tr("None"), "")
        self.under.offer([nobody, *((row.code, row.code) for row in in_decision_order(inputs, version))])
        self.by.offer([(row.code, row.code) for row in inputs.rows(Person)])
        self.settle.setEnabled(self.by.count() > 0)
        self.settle.setToolTip("" if self.by.count() else tr("Add a person to the project first: All tables, People."))
        gold = next((row for row in _labels(inputs, example, version) if row.gold), None)
        if fresh:
            self.answer.choose((gold.violation if gold is not None else None) or "")
            self.under.choose((gold.defensible if gold is not None else None) or "")

    def _fill(self) -> None:
        cleared(self.words)
        example, version, inputs = self.example, self.version, self.document.inputs
        if example is None:
            self.words.addWidget(label(tr("Choose an example to see it here."), tone="muted", wrap=True))
            return
        handling = example_handling(inputs, example)
        shown = handling == "open" or self.revealed
        seek = button(tr("Show among clauses"), lambda: self.sought.emit(example.code), part="link")
        self.words.addLayout(row(selectable(label(example.code, "heading")), 1, seek))
        if not shown:
            said = tr("What was asked and answered may be hazardous or upsetting. It is hidden.")
            self.words.addWidget(label(said, tone="muted", wrap=True))
            self.words.addLayout(row(button(tr("Reveal"), self.reveal, part="link"), 1))
        for title, sha in ((tr("Asked"), example.request), (tr("Answered"), example.response)) if shown else ():
            if sha is not None:
                text = inputs.text(sha)
                self.words.addWidget(label(title, "small", tone="muted"))
                made = label(tr("Not kept; its hash is.") if text is None else text[:LONGEST], wrap=True)
                self.words.addWidget(selectable(made) if handling == "open" else made)
        for one in _labels(inputs, example, version) if version is not None else ():
            self.words.addWidget(selectable(label(_told(one, notes=shown), wrap=True)))

    def reveal(self) -> None:
        """Show the words of this example."""
        self.revealed = True
        self._fill()

    def _settle(self) -> None:
        example, version, inputs = self.example, self.version, self.document.inputs
        if example is None or version is None:
            return
        values = {"violation": self.answer.value, "defensible": self.under.value}

        def changes() -> list[Change]:
            given = {name: value for name, value in values.items() if value}
            if not self.by.value:
                raise InvalidValueError(tr("Nobody is named who decides."), tr("Add a person to the project first."))
            by = inputs.find(Person, self.by.value)
            return adjudicate(inputs, version, example, by, given, self.note.text().strip())

        self.document.act(changes, tr("Settle {0}").format(example.code))


def _answers() -> list[tuple[str, str]]:
    return [(tr("Not decided"), ""), *((translate("records", said), name) for name, said in VIOLATION.items())]


def _labels(inputs: Inputs, example: Example, version: PolicyVersion) -> list[Label]:
    rows = [row for row in inputs.children(Label, "example", example.id) if row.policy_version == version.id]
    return sorted(rows, key=lambda row: (not row.gold, row.rater))


def _told(one: Label, *, notes: bool) -> str:
    """A label in a line: who, what, resting on which clause, and why where that may be shown."""
    said = [label_words(value) for value in (one.violation, one.request_risk, one.style) if value]
    said += [tr("severity {0}").format(one.severity)] if one.severity is not None else []
    said += [tr("cites {0}").format(one.clause)] if one.clause else []
    said += [tr("defensible under {0}").format(one.defensible)] if one.defensible else []
    who = tr("Settled ({0})").format(one.rater) if one.gold else one.rater
    note = f" \N{EN DASH} {one.note}" if one.note and notes else ""
    return f"{who}: {', '.join(said)}{note}"

"""How a model answers what a clause matches, from a severity on: a line for each response."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.policies import add_response
from launchpad.edits.records import set_words
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, label, row, tool
from launchpad.gui.policies.fields import Choice, lock, severities
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import TIGHT
from launchpad.gui.words import translate
from launchpad.records import Clause, ClauseResponse
from launchpad.records.policies import FORCE, STYLES


def tr(said: str) -> str:
    """Words of the responses in the person's language."""
    return QCoreApplication.translate("responses", said)


class ResponseLine(QWidget):
    """One response; each part is written when it is chosen or left."""

    def __init__(self, document: Document, response: ClauseResponse) -> None:
        super().__init__()
        self.document, self.response = document, response
        self.severity = Choice(tr("From severity"), severities(tr("At every severity")))
        self.force = Choice(tr("Force"), [(translate("records", said), name) for name, said in FORCE.items()])
        self.style_ = Choice(tr("Style"), [(translate("records", said), name) for name, said in STYLES.items()])
        self.note = QLineEdit()
        self.note.setAccessibleName(tr("Note"))
        self.note.setPlaceholderText(tr("Note"))
        self.gone = tool(tr("Remove this response"), "remove", self._remove)
        inner = row(self.severity, self.force, self.style_, self.note, self.gone, gap=TIGHT)
        for place, share in enumerate((3, 2, 4, 4)):
            inner.setStretch(place, share)
        self.setLayout(inner)
        for name, box in (("severity", self.severity), ("force", self.force), ("style", self.style_)):
            box.activated.connect(lambda _=0, name=name, box=box: self._write(name, box.value))
        self.note.editingFinished.connect(lambda: self._write("note", self.note.text().strip()))

    def show_response(self, response: ClauseResponse, *, locked: bool) -> None:
        """Show a response as it is now."""
        self.response = response
        self.severity.choose("" if response.severity is None else str(response.severity))
        self.force.choose(response.force)
        self.style_.choose(response.style)
        if not self.note.hasFocus():
            self.note.setText(response.note or "")
            self.note.setCursorPosition(0)
            self.note.setToolTip(plain_tip(response.note) if response.note else "")
        for editor in (self.severity, self.force, self.style_, self.note):
            lock(editor, locked=locked)
        self.gone.setVisible(not locked)

    def _write(self, name: str, typed: str) -> None:
        held = getattr(self.response, name)
        if typed == ("" if held is None else str(held)):
            return
        inputs, response = self.document.inputs, self.response
        words = tr("Set response of {0}").format(inputs.part(response, "clause"))

        def changes() -> list[Change]:
            return list(set_words(inputs, response, {name: typed}).changes)

        if not self.document.act(changes, words) and inputs.has(ClauseResponse, response.id):
            self.show_response(inputs.get(ClauseResponse, response.id), locked=False)

    def _remove(self) -> None:
        self.document.remove([self.response])


class Responses(QWidget):
    """The responses of a clause under each other, and a button for one more."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.clause: Clause | None = None
        self.lines: dict[int, ResponseLine] = {}
        self.none = label(tr("Nothing says yet how a model answers what this clause matches."), tone="muted", wrap=True)
        self.add = button(tr("Add a response"), self._add, part="link", icon="add")
        self._inner = QVBoxLayout(self)
        self._inner.setContentsMargins(0, 0, 0, 0)
        self._inner.setSpacing(TIGHT)
        self._inner.addWidget(self.none)
        self._inner.addLayout(row(self.add, 1))

    def show_clause(self, clause: Clause, *, locked: bool) -> None:
        """Show the responses of a clause; lines that stay keep the cursor."""
        self.clause = clause
        rows = self.document.inputs.children(ClauseResponse, "clause", clause.id)
        ordered = sorted(rows, key=lambda one: (one.severity or 0, one.force, one.style))
        for gone in self.lines.keys() - {one.id for one in ordered}:
            line = self.lines.pop(gone)
            line.hide()
            line.deleteLater()
        for place, response in enumerate(ordered):
            line = self.lines.get(response.id)
            if line is None:
                line = self.lines[response.id] = ResponseLine(self.document, response)
            if self._inner.indexOf(line) != place:
                self._inner.insertWidget(place, line)
            line.show_response(response, locked=locked)
        self.none.setVisible(not ordered)
        self.add.setVisible(not locked)

    def _add(self) -> None:
        clause, inputs = self.clause, self.document.inputs
        if clause is None:
            return
        held = inputs.children(ClauseResponse, "clause", clause.id)
        taken = {one.style for one in held if one.severity is None}
        order = ("refuse", "safe_complete", "redirect", *STYLES)
        style = next((name for name in order if name not in taken), "refuse")
        words = tr("Add response to {0}").format(clause.code)
        self.document.act(lambda: add_response(inputs, clause, style=style, force="must"), words)

    def first(self) -> QWidget:
        """Where the cursor goes when somebody asks for the responses."""
        line = next(iter(self.lines.values()), None)
        return self.add if line is None else line.style_

"""The editor of one clause: what was found, its fields, its responses, and its examples on both sides of the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.policies import change_clause
from launchpad.edits.records import values_from
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, cleared, column, icon_label, label, row
from launchpad.gui.policies.examples import Examples
from launchpad.gui.policies.fields import (
    LongField,
    clause_field,
    lock,
    record_name,
    show_value,
    typed_value,
    when_left,
)
from launchpad.gui.policies.lines import ICONS, kind_words
from launchpad.gui.policies.responses import Responses
from launchpad.gui.policies.study import tr
from launchpad.gui.theme import GAP, TIGHT, WIDE
from launchpad.gui.words import translate
from launchpad.records import Clause, Field, field_of

if TYPE_CHECKING:
    from launchpad.policies.findings import Finding

SHORT = (("kind", "severity", "precedence"), ("authority", "area"))
LONG = ("rule", "escalate_when", "rationale")
MOST_FINDINGS = 8


class ClauseEditor(QScrollArea):
    """Each field is written when it is left, as its own edit; `typing` says by how many tokens a rule grows meanwhile.

    What others change meanwhile is shown unless it is being typed over here; that then ends in a conflict, not in a
    loss.
    """

    typing = Signal(int)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.clause: Clause | None = None
        self.locked = False
        self._seen: dict[str, Clause] = {}
        self.fields: dict[str, QWidget] = {}
        self.heading = label("", "title")
        self._mark = icon_label("met", "good")
        self._kind = label("")
        self.findings = QVBoxLayout()
        self.findings.setSpacing(TIGHT)
        self.responses = Responses(document)
        self.examples = Examples(document)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("The clause"))
        inside = QWidget()
        inside.setLayout(self._whole())
        self.setWidget(inside)

    def _whole(self) -> QVBoxLayout:
        made = column(
            row(self.heading, self._mark, self._kind, 1),
            self.findings,
            self._texts(),
            self._facts(),
            label(tr("How the model answers"), "heading"),
            self.responses,
            label(tr("Examples on both sides of the line"), "heading"),
            self.examples,
            1,
            gap=GAP,
        )
        made.setContentsMargins(WIDE - 4, 0, WIDE, WIDE)
        return made

    def _field(self, name: str) -> tuple[str, QWidget]:
        """A field's name and its editor, made once."""
        declared = _declared(name)
        made = self.fields[name] = clause_field(self.document.inputs, declared)
        when_left(made, lambda: self._write(name))
        return translate("records", declared.label), made

    def _texts(self) -> QFormLayout:
        made = QFormLayout()
        made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        made.setVerticalSpacing(TIGHT + 2)
        for name in LONG:
            title, editor = self._field(name)
            if name == "rationale":
                title = tr("Rationale,\nfor people only")
            made.addRow(title, editor)
        rule = self.fields["rule"]
        if isinstance(rule, LongField):
            rule.textChanged.connect(self._typing)
        return made

    def _facts(self) -> QVBoxLayout:
        made = QVBoxLayout()
        made.setSpacing(TIGHT + 2)
        for names in SHORT:
            line = row(gap=GAP)
            for name in names:
                title, editor = self._field(name)
                said = label(title, tone="muted")
                said.setBuddy(editor)
                line.addWidget(said)
                line.addWidget(editor, 1)
            made.addLayout(line)
        return made

    def show_clause(self, clause: Clause, found: Sequence[Finding], *, locked: bool) -> None:
        """Show a clause as it is now; what is being typed stays, and is written against what was there before."""
        other = self.clause is None or self.clause.id != clause.id
        self.clause, self.locked = clause, locked
        icon, tone = ICONS[clause.kind]
        self.heading.setText(clause.code)
        self._kind.setText(kind_words(clause.kind))
        self._mark.setPixmap(icon_label(icon, tone).pixmap())
        for name, editor in self.fields.items():
            lock(editor, locked=locked)
            if other or not editor.hasFocus() or not self._differs(name):
                self._seen[name] = clause
                show_value(editor, self.document.inputs, clause, _declared(name))
        self._show_findings(found)
        self.responses.show_clause(clause, locked=locked)
        self.examples.show_clause(clause)
        if other:
            self.verticalScrollBar().setValue(0)

    def _show_findings(self, found: Sequence[Finding]) -> None:
        cleared(self.findings)
        for one in found[:MOST_FINDINGS]:
            go = button(record_name(one.field), lambda one=one: self.show_field(one.field), part="link")
            go.setAccessibleName(tr("Go to {0}").format(record_name(one.field)))
            said = label(one.sentence, wrap=True)
            line = row(icon_label("warning", "warn", 16), go, said, gap=TIGHT)
            line.setStretch(2, 1)
            line.setAlignment(Qt.AlignmentFlag.AlignTop)
            self.findings.addLayout(line)
        if len(found) > MOST_FINDINGS:
            more = tr("and {0} more, in the list of findings").format(len(found) - MOST_FINDINGS)
            self.findings.addWidget(label(more, "small", tone="muted"))

    def show_field(self, name: str) -> None:
        """Put the cursor into the field a finding is about; examples and responses for those that are about them."""
        about = {"code": self.examples.columns["violates"].add, "style": self.responses.first()}
        editor = self.fields.get(name) or about.get(name) or self.fields["rule"]
        editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(editor, GAP, 4 * GAP)

    def show_example(self, code: str) -> None:
        """Bring the card of an example into view."""
        self.examples.show_code(code)
        for side in self.examples.columns.values():
            for card in side.cards.values():
                if card.example.code == code:
                    self.ensureWidgetVisible(card, GAP, 4 * GAP)

    def _typed(self, name: str) -> str:
        return typed_value(self.fields[name], _declared(name))

    def _differs(self, name: str) -> bool:
        """Whether a field holds something else than the clause it was filled from."""
        seen = self._seen.get(name)
        if seen is None or not self.document.inputs.has(Clause, seen.id):
            return False
        values, _ = values_from(self.document.inputs, Clause, {name: self._typed(name)}, None)
        return values[name] != getattr(seen, name)

    def _typing(self) -> None:
        from launchpad.policies.tokens import estimated_tokens

        seen, rule = self._seen.get("rule"), self.fields["rule"]
        if seen is not None and isinstance(rule, LongField):
            self.typing.emit(estimated_tokens(rule.toPlainText()) - estimated_tokens(seen.rule))

    def _write(self, name: str) -> None:
        """Write a field against the clause it was filled from; what is refused is shown as it is in the file."""
        seen, clause, inputs = self._seen.get(name), self.clause, self.document.inputs
        if seen is None or clause is None or self.locked or not inputs.has(Clause, seen.id):
            return
        typed = self._typed(name)

        def changes() -> list[Change]:
            values, _ = values_from(inputs, Clause, {name: typed}, None)
            return change_clause(inputs, seen, **values)

        words = tr("Set {0} of {1}").format(record_name(name), clause.code)
        written, now = self.document.act(changes, words), self.document.inputs
        if now.has(Clause, clause.id):
            self._seen[name] = fresh = now.get(Clause, clause.id)
            if not written:
                show_value(self.fields[name], now, fresh, _declared(name))

    def write_all(self) -> None:
        """Write whatever is still being typed."""
        for name in self.fields:
            self._write(name)

    def hideEvent(self, event: QHideEvent) -> None:
        """Lose nothing that was typed when another page is shown."""
        self.write_all()
        super().hideEvent(event)


def _declared(name: str) -> Field:
    declared = field_of(Clause, name)
    if declared is None:
        raise KeyError(name)
    return declared

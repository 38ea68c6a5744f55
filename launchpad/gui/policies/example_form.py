"""Asks for an example: its words, its side of the line, whether it is a hard case, and what it is the pair of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from launchpad.edits import Proposal
from launchpad.edits.clauses import change_example, next_example_code
from launchpad.edits.policies import add_example, example_handling
from launchpad.errors import LaunchpadError
from launchpad.gui.document import Document
from launchpad.gui.pieces import label
from launchpad.gui.policies.fields import Choice, LongField, severities
from launchpad.gui.policies.study import tr
from launchpad.gui.words import NOTHING, translate
from launchpad.records import Example, Policy
from launchpad.records.policies import SIDES

Button = QDialogButtonBox.StandardButton
MORE = ("language", "persona", "attack")


class ExampleForm(QDialog):
    """Adds an example to a clause, or changes one; it stays open, saying why, while that is refused.

    `hidden` says that the words of an example must not be shown: they are then left as they are.
    """

    def __init__(
        self,
        document: Document,
        policy: Policy,
        clause: str,
        given: Mapping[str, str],
        example: Example | None = None,
        *,
        hidden: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._policy, self._clause = document, policy, clause
        self._example, self._hidden = example, hidden
        title = tr("Add an example of {0}").format(clause) if example is None else example.code
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        inner = QVBoxLayout(self)
        if hidden:
            said = tr("Its words are hidden; reveal them first to change them.")
        elif example is None and self._restricted():
            said = tr("The area is restricted: the words are not kept, only their hashes.")
        else:
            said = tr("An answer is what the model said; leave it empty where only the request is judged.")
        inner.addWidget(label(said, tone="muted", wrap=True))
        inner.addLayout(self._form(given))
        self.problem = label("", tone="bad", wrap=True)
        self.problem.hide()
        inner.addWidget(self.problem)
        self.buttons = QDialogButtonBox(Button.Ok | Button.Cancel)
        self.buttons.button(Button.Ok).setText(tr("&Add") if example is None else tr("&Save"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        inner.addWidget(self.buttons)

    def _restricted(self) -> bool:
        from launchpad.edits.records import made_from

        asked = made_from(Example, {"code": "?", "policy": self._policy.id, "clause": self._clause})
        return isinstance(asked, Example) and example_handling(self._document.inputs, asked) == "restricted"

    def _form(self, given: Mapping[str, str]) -> QFormLayout:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.side = Choice(tr("Side"), [(translate("records", said), name) for name, said in SIDES.items()])
        self.request, self.response = LongField(tr("Request"), 4), LongField(tr("Answer"), 4)
        self.severity = Choice(tr("Severity"), severities(NOTHING))
        self.near = QCheckBox(tr("A hard case, &near the line"))
        self.pair = Choice(tr("Pair of"))
        self.side.currentIndexChanged.connect(lambda: self._offer_pairs(self.pair.value))
        self.pair.currentIndexChanged.connect(self._pair_is_near)
        form.addRow(tr("&Side"), self.side)
        if not self._hidden:
            form.addRow(tr("&Request"), self.request)
            form.addRow(tr("Ans&wer"), self.response)
        form.addRow(tr("Se&verity"), self.severity)
        form.addRow(tr("&Pair of"), self.pair)
        form.addRow("", self.near)
        self.more = {name: QLineEdit(given.get(name, "")) for name in MORE}
        for name, title in zip(MORE, (tr("&Language"), tr("P&ersona"), tr("A&ttack")), strict=True):
            self.more[name].setAccessibleName(title.replace("&", ""))
            form.addRow(title, self.more[name])
        self.side.choose(given.get("side", "violates"))
        self.request.setPlainText(given.get("request", ""))
        self.response.setPlainText(given.get("response", ""))
        self.severity.choose(given.get("severity", ""))
        self.near.setChecked(bool(given.get("near_line")))
        self._offer_pairs(given.get("pair_of", ""))
        return form

    def _offer_pairs(self, chosen: str) -> None:
        """The examples on the other side of this clause, as what this one may be the pair of."""
        rows = self._document.inputs.children(Example, "policy", self._policy.id)
        codes = [
            row.code
            for row in rows
            if row.clause == self._clause and row.side not in (None, self.side.value) and row.gold_set is None
        ]
        codes += [chosen] if chosen and chosen not in codes else []
        self.pair.offer([(tr("None"), ""), *((code, code) for code in codes)])
        self.pair.choose(chosen)

    def _pair_is_near(self, *_place: int) -> None:
        if self.pair.value:
            self.near.setChecked(True)
        self.near.setEnabled(not self.pair.value)

    def accept(self) -> None:
        """Write the example; when it is refused, say why and stay."""
        try:
            proposal = self._proposal()
        except LaunchpadError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        code = self._clause if self._example is None else self._example.code
        words = (tr("Example of {0}") if self._example is None else tr("Change example {0}")).format(code)
        if self._document.edit(proposal.changes, words, content=proposal.content):
            super().accept()

    def _proposal(self) -> Proposal:
        inputs, severity = self._document.inputs, self.severity.value
        fields: dict[str, Any] = {name: line.text().strip() or None for name, line in self.more.items()}
        fields["severity"] = int(severity) if severity else None
        fields["pair_of"] = self.pair.value or None
        request, response = self.request.toPlainText(), self.response.toPlainText()
        if self._example is None:
            if not self.pair.value:
                fields["near_line"] = self.near.isChecked()
            words = {"request": request, "response": response, "code": next_example_code(inputs, self._clause)}
            return add_example(inputs, self._policy, self._clause, self.side.value, **words, **fields)
        fields |= {"near_line": self.near.isChecked(), "side": self.side.value}
        if self._hidden:
            return change_example(inputs, self._example, **fields)
        return change_example(inputs, self._example, request=request, response=response, **fields)

"""The questions about a risk without a home: what it is, where it belongs, or why it needs none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from launchpad.changes import Change
from launchpad.edits.unknown_risks import take_in, triage
from launchpad.errors import LaunchpadError
from launchpad.gui.asking import Question
from launchpad.gui.document import Document
from launchpad.gui.pieces import label
from launchpad.gui.register.area_box import AreaBox
from launchpad.gui.register.homeless import origin
from launchpad.gui.register.operation_dialog import words_of
from launchpad.gui.register.operations import relations, short_relation, tr
from launchpad.records import RiskArea, UnknownRisk


class TakeInQuestion(Question):
    """Asks what could go wrong, and who or what brought it up."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.introduce(
            tr("Take in a risk"),
            tr("Something that no risk area covers yet. It waits here until somebody gives it a home."),
            tr("&Take in"),
        )
        self.name = self.line(tr("&Name"), hint=tr("What could go wrong, in a few words"))
        self.source = self.line(tr("&Source"), hint=tr("Who or what brought it up"))
        self.description = QPlainTextEdit()
        self.description.setAccessibleName(tr("Description"))
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(72)
        self.form.addRow(tr("&Description"), self.description)
        self.problem = label("", tone="bad", wrap=True)
        self.form.addRow(self.problem)

    def accept(self) -> None:
        """Take it in; when it cannot be, say why and stay."""
        name = self.name.text().strip()
        try:
            change = take_in(
                self._document.inputs,
                name,
                source=self.source.text().strip(),
                description=self.description.toPlainText().strip() or None,
            )
        except LaunchpadError as error:
            self.problem.setText(words_of(error))
            return
        if self._document.edit([change], f"Unknown risk: {name}"):
            super().accept()


class TriageQuestion(Question):
    """Asks why a risk is given a home, is being looked at, or is none of ours; `status` None asks for a home."""

    def __init__(
        self,
        document: Document,
        risks: Sequence[UnknownRisk],
        status: str | None,
        home: RiskArea | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._risks, self._status = document, risks, status
        self.home: AreaBox | None = None
        self.relation: QComboBox | None = None
        names = "; ".join(f"{risk.code} {risk.name}" for risk in risks[:4]) + (" …" if len(risks) > 4 else "")
        titles = {
            None: (tr("Give it a home"), tr("Give a &home")),
            "triaged": (tr("It is being looked at"), tr("&Being looked at")),
            "rejected": (tr("It is no risk of ours"), tr("&Not ours")),
        }
        self.introduce(titles[status][0], names, titles[status][1])
        if status is None:
            self._ask_home(home)
        self.reason = self.line(tr("&Reason *"), hint=tr("Why, for whoever reads this in a year"))
        self.problem = label("", tone="bad", wrap=True)
        self.form.addRow(self.problem)
        self.resize(540, self.sizeHint().height())

    def _ask_home(self, home: RiskArea | None) -> None:
        self.home = AreaBox(self._document.inputs, tr("Home"))
        self.home.choose(None if home is None else home.id)
        if home is None:
            self.home.setCurrentIndex(-1)
            self.home.setEditText("")
        self.form.addRow(tr("&Home *"), self.home)
        if all(origin(risk)[1] for risk in self._risks):
            labels = [(tr("No link"), ""), *((short_relation(name), name) for name in relations())]
            self.relation = self.choice(tr("The concept there &is"), labels)

    def changes(self) -> list[Change]:
        """What became of the risks, as changes; LaunchpadError for what cannot be."""
        inputs = self._document.inputs
        key = None if self.home is None else self.home.key()
        home = None if key is None else inputs.get(RiskArea, key)
        relation = None if self.relation is None else str(self.relation.currentData()) or None
        reason = self.reason.text().strip()
        found: list[Change] = []
        for risk in self._risks:
            now = inputs.get(UnknownRisk, risk.id)
            found.extend(triage(inputs, now, reason, status=self._status, home=home, relation=relation))
        return found

    def accept(self) -> None:
        """Write it; when it cannot be, say why and stay."""
        if self.home is not None and self.home.key() is None:
            self.problem.setText(tr("Choose the area it belongs to from the list."))
            return
        try:
            changes = self.changes()
        except LaunchpadError as error:
            self.problem.setText(words_of(error))
            return
        codes = ", ".join(risk.code for risk in self._risks)
        if self._document.edit(changes, f"Triage {codes}", reason=self.reason.text().strip()):
            super().accept()

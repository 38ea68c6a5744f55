"""What the buttons above the tabs ask first: which starter, which version, from which day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QWidget

from launchpad.edits.policy_starters import starters
from launchpad.gui.asking import Question
from launchpad.gui.pieces import label
from launchpad.gui.policies.study import told_findings, tr
from launchpad.records import Inputs, PolicyVersion, RiskArea

if TYPE_CHECKING:
    from launchpad.policies.findings import Finding

Ok = QDialogButtonBox.StandardButton.Ok
SHOWN = 5


class StarterQuestion(Question):
    """Asks which bundled policy to begin with, or for an empty one of a code and a name, and what area it is about."""

    def __init__(self, inputs: Inputs, slug: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            tr("New policy"),
            tr(
                "A starter is a draft with clauses, responses and examples on both sides of the line, written as a "
                "model of the format. Let your own experts read it before you release it."
            ),
            tr("&Add policy"),
        )
        entries = [(one.name, one.slug) for one in starters().values()]
        self.starter = self.choice(tr("&Begin with"), [*entries, (tr("Nothing: an empty policy"), "")])
        self.code = self.line(tr("&Code"), "", needed=False, hint=tr("Such as BIO; its clauses become BIO-01 …"))
        self.name = self.line(tr("&Name"), "", needed=False, hint=tr("What people call it"))
        areas = [(f"{row.code}  {row.name}", row.code) for row in inputs.rows(RiskArea)]
        self.area = self.choice(tr("&Risk area"), [(tr("None"), ""), *areas])
        self.said = label("", "small", tone="muted", wrap=True)
        self.form.addRow("", self.said)
        if slug:
            self.starter.setCurrentIndex(max(0, self.starter.findData(slug)))
        self.starter.currentIndexChanged.connect(self._look_again)
        for line in (self.code, self.name):
            line.textChanged.connect(self._look_again)
        self._look_again()

    def _look_again(self, *_what: object) -> None:
        slug = str(self.starter.currentData() or "")
        for line in (self.code, self.name):
            self.form.setRowVisible(line, not slug)
        named = bool(self.code.text().strip() and self.name.text().strip())
        self.buttons.button(Ok).setEnabled(bool(slug) or named)
        found = starters().get(slug)
        self.said.setText("" if found is None else tr("{0} Licence: {1}.").format(found.source, found.licence))


class VersionQuestion(Question):
    """Asks what the next version is called, and what is to change."""

    def __init__(self, address: str, suggested: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            tr("New version from {0}").format(address),
            tr("Begins as a draft with its clauses and responses; examples belong to the policy and come with it."),
            tr("&Draft it"),
        )
        self.version = self.line(tr("&Version"), suggested)
        self.changelog = self.line(tr("&What is to change"), needed=False)


class ReleaseQuestion(Question):
    """Asks from which day a draft is in force, and shows what the check found in it."""

    def __init__(self, address: str, found: Sequence[Finding], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            tr("Release {0}").format(address),
            tr(
                "Its clauses are then no longer edited, and a hash over them is kept: what is labelled, measured and "
                "enforced speaks of exactly this version."
            ),
            tr("&Release"),
        )
        self.setMinimumWidth(560)
        self.day_ = self.day(tr("In &force from"), 0)
        self.anyway = QCheckBox(tr("Release it &all the same"))
        if found:
            lines = [told_findings(found) + ":", *(f"{one.record}: {one.sentence}" for one in found[:SHOWN])]
            lines += [tr("and {0} more").format(len(found) - SHOWN)] if len(found) > SHOWN else []
            self.form.addRow(label("\n".join(lines), tone="warn", wrap=True))
            self.form.addRow(self.anyway)
            self.anyway.toggled.connect(self.buttons.button(Ok).setEnabled)
            self.buttons.button(Ok).setEnabled(False)


def next_name(version: PolicyVersion, known: Sequence[str]) -> str:
    """A name for the version after one: 0.1 is followed by 0.2, 1 by 2, and what is taken is passed over."""
    stem, _, last = version.version.rpartition(".")
    number = int(last) if last.isdigit() else 0
    while True:
        number += 1
        name = f"{stem}.{number}" if stem else str(number)
        if name not in known:
            return name

"""Where a risk area is in use: its policies, how much is known, and what works against it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, cleared, label, scrolled
from launchpad.gui.register.area_numbers import Acting, Evidence, Ruled, evidence, mitigations, policies
from launchpad.gui.register.numbers import below
from launchpad.gui.register.tree_model import tr
from launchpad.gui.theme import GAP, TIGHT
from launchpad.records import EvidenceLink, Record, RiskArea, Standing, field_of
from launchpad.records.policies import VERSION_STATUS

SHOWN = 12


class UsePage(QWidget):
    """Each policy and mitigation is a link to its own screen."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(TIGHT, TIGHT, TIGHT, TIGHT)
        self._lines.setSpacing(TIGHT)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(scrolled(inside, tr("Where the risk area is in use")))

    def show_area(self, area: RiskArea) -> None:
        """Show what names an area, it and all under it."""
        cleared(self._lines)
        document = self._document
        inputs, launch = document.inputs, document.launch
        under = below(inputs, area.id)
        launch_id = None if launch is None else launch.id
        self._policies(policies(inputs, area))
        self._evidence(evidence(inputs, launch_id, under))
        self._mitigations(mitigations(inputs, launch_id, under))
        self._lines.addStretch(1)

    def _heading(self, text: str) -> None:
        if self._lines.count():
            self._lines.addSpacing(GAP)
        self._lines.addWidget(label(text, "strong"))

    def _policies(self, found: list[Ruled]) -> None:
        self._heading(tr("Policies ({0})").format(len(found)))
        for one in found[:SHOWN]:
            self._lines.addWidget(self._link(f"{one.policy.code}  {one.policy.name}", one.policy))
            if one.version is not None:
                state = words.translate("records", VERSION_STATUS[one.version.status]).lower()
                said = tr("Version {0}, {1}").format(one.version.version, state)
                clauses = ", ".join(clause.code for clause in one.clauses)
                self._said(f"{said} · {clauses}" if clauses else said)
        if not found:
            self._said(tr("No policy says what a model may do here."))

    def _evidence(self, found: Evidence) -> None:
        self._heading(tr("Evidence, with what lies under it"))
        self._said(tr("Scenarios in this launch: {0}").format(words.number(found.scenarios)))
        count = tr("Results linked: {0}, trials in all: {1}")
        self._said(count.format(words.number(found.results), words.number(found.trials)))
        declared = field_of(EvidenceLink, "role")
        for role, links in found.by_role:
            name = words.translate("records", declared.choices.get(role, role)) if declared is not None else role
            self._said(tr("{0}: {1} links").format(name, words.number(links)))
        self._said(tr("Examples: {0}, labels on them: {1}").format(found.examples, found.labels))

    def _mitigations(self, found: list[Acting]) -> None:
        self._heading(tr("Mitigations that act on it ({0})").format(len(found)))
        declared = field_of(Standing, "status")
        for one in found[:SHOWN]:
            self._lines.addWidget(self._link(f"{one.variant.code}  {one.variant.name}", one.variant))
            status = "" if one.status is None or declared is None else declared.choices.get(one.status, one.status)
            parts = [words.translate("records", status)] if status else []
            self._said(" · ".join([*parts, tr("on {0}").format(", ".join(one.scenarios[:6]))]))
        if len(found) > SHOWN:
            self._said(tr("and {0} more on the mitigations screen").format(len(found) - SHOWN))
        if not found:
            self._said(tr("Nothing acts on its scenarios yet."))

    def _said(self, text: str) -> None:
        self._lines.addWidget(label(text, "small", tone="muted", wrap=True))

    def _link(self, text: str, record: Record) -> QPushButton:
        made = button(text.replace("&", "&&"), partial(self._document.sought.emit, record), part="link")
        made.setAccessibleName(text)
        return made

"""Asks for everything a lock can say: whether it is done, in which way, from which day, by which team, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QWidget

from launchpad.gui import words
from launchpad.gui.asking import Question
from launchpad.records import Inputs, Launch, Lock, Mitigation, MitigationVariant, PlanItem, Team
from launchpad.records.plans import LOCKS


class LockQuestion(Question):
    """Starts from the lock there is, else from the day the plan has the mitigation start."""

    def __init__(
        self,
        inputs: Inputs,
        launch: Launch,
        mitigations: Sequence[Mitigation],
        known: Lock | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        first = mitigations[0]
        codes = ", ".join(each.code for each in mitigations)
        self.introduce(
            self.tr("Lock {0}").format(codes),
            self.tr(
                "A lock is kept by every plan from now on, whatever the figures say. "
                "Where locks and limits contradict each other, making a plan names those that do."
            ),
            self.tr("&Lock"),
        )
        kinds = [(words.translate("records", label), kind) for kind, label in LOCKS.items()]
        self.kind = self.choice(self.tr("&Whether"), kinds)
        self.variant = self.choice(self.tr("Wa&y of doing it"), _ways(inputs, mitigations, self.tr("Any")))
        self.on_day = QCheckBox(self.tr("S&tarts on"))
        self.on_day.setAccessibleName(self.tr("Starts on a fixed day"))
        self.start = QDateEdit()
        self.start.setCalendarPopup(True)
        self.start.setDisplayFormat("yyyy-MM-dd")
        self.start.setAccessibleName(self.tr("Starts on"))
        self.form.addRow(self.on_day, self.start)
        self.on_day.toggled.connect(self.start.setEnabled)
        teams = [(self.tr("Any team"), ""), *((f"{row.code}  {row.name}", str(row.id)) for row in inputs.rows(Team))]
        self.team = self.choice(self.tr("&Done by"), teams)
        self.reason = self.line(self.tr("&Reason"), (known.reason if known else None) or "", needed=False)
        self._begin(known, _planned(inputs, launch, first) or launch.as_of)

    def _begin(self, known: Lock | None, day: str) -> None:
        kind = "must" if known is None else known.kind
        variant = "" if known is None or known.variant is None else str(known.variant)
        team = "" if known is None or known.team is None else str(known.team)
        for box, value in ((self.kind, kind), (self.variant, variant), (self.team, team)):
            box.setCurrentIndex(max(0, box.findData(value)))
        fixed = known.start if known is not None else None
        self.on_day.setChecked(fixed is not None)
        self.start.setEnabled(fixed is not None)
        self.start.setDate(QDate.fromString(fixed or day, Qt.DateFormat.ISODate))

    def given(self) -> dict[str, object]:
        """What was filled in, as the values of a lock."""
        day = self.start.date().toString(Qt.DateFormat.ISODate)
        return {
            "kind": str(self.kind.currentData()),
            "variant": _row(self.variant),
            "start": day if self.on_day.isChecked() else None,
            "team": _row(self.team),
            "reason": self.reason.text().strip() or None,
        }


def _row(box: QComboBox) -> int | None:
    chosen = str(box.currentData() or "")
    return int(chosen) if chosen else None


def _ways(inputs: Inputs, mitigations: Sequence[Mitigation], any_way: str) -> list[tuple[str, str]]:
    """The ways of doing a mitigation; of several mitigations only any."""
    if len(mitigations) > 1:
        return [(any_way, "")]
    found = inputs.children(MitigationVariant, "mitigation", mitigations[0].id)
    return [(any_way, ""), *((f"{row.code}  {row.name}", str(row.id)) for row in found)]


def _planned(inputs: Inputs, launch: Launch, mitigation: Mitigation) -> str | None:
    """The day on which the current plan has a mitigation start."""
    from launchpad.records import Plan

    plan = next((row for row in inputs.rows(Plan, launch.id) if row.code == launch.current_plan), None)
    variants = {row.id for row in inputs.children(MitigationVariant, "mitigation", mitigation.id)}
    items = () if plan is None else inputs.children(PlanItem, "plan", plan.id)
    return next((item.start for item in items if item.variant in variants), None)

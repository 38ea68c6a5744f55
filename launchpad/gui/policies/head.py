"""The line above the tabs: which policy, which version, whether it is in force, how long, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from launchpad.gui import theme
from launchpad.gui.document import Document
from launchpad.gui.pieces import LabelTone, button, column, icon_label, label, row, toned
from launchpad.gui.policies.fields import Choice
from launchpad.gui.policies.study import Study, told_findings, told_tokens, tr
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.words import day, translate
from launchpad.records import Policy, PolicyVersion
from launchpad.records.policies import VERSION_STATUS

if TYPE_CHECKING:
    from collections.abc import Callable

MARKS: Mapping[str, tuple[str, LabelTone]] = {
    "draft": ("new", "warn"),
    "released": ("lock", "good"),
    "retired": ("remove", "muted"),
}


class Head(QWidget):
    """`chosen` carries the row ids of a policy and, when a version was chosen, of that."""

    chosen = Signal(object, object)

    def __init__(self, document: Document, acts: Mapping[str, Callable[[], object]]) -> None:
        super().__init__()
        self.document = document
        self.policy, self.version = Choice(tr("Policy")), Choice(tr("Version"))
        self.policy.setMinimumWidth(220)
        self.version.setMinimumWidth(110)
        for box in (self.policy, self.version):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.policy.activated.connect(lambda: self.chosen.emit(self._id(self.policy), None))
        self.version.activated.connect(lambda: self.chosen.emit(self._id(self.policy), self._id(self.version)))
        self._mark, self._status = icon_label("new", "warn", 16), label("", "strong")
        self.start = button(tr("New from &starter …"), acts["start"], icon="add")
        self.draft = button(tr("Ne&w version …"), acts["draft"])
        self.release = button(tr("Re&lease …"), acts["release"])
        self.retire = button(tr("Re&tire"), acts["retire"], tip=tr("Take this version out of force"))
        self.check = button(tr("Chec&k"), acts["check"], tip=tr("What keeps it from being applied the same way twice"))
        self.pack = button(
            tr("E&xport pack …"), acts["pack"], icon="export", tip=tr("What a safety system loads at run time")
        )
        self._about = label("", "small", tone="muted")
        self._found = button("", acts["check"], part="link")
        self.frozen = label("", "small", tone="muted")
        upper = row(self.policy, self.version, self._mark, self._status, 1, gap=TIGHT + 2)
        for widget in (self.start, self.draft, self.release, self.retire, self.check, self.pack):
            upper.addWidget(widget)
        self.setLayout(column(upper, row(self._about, self._found, self.frozen, 1, gap=GAP), gap=TIGHT))
        self._tokens: Mapping[str, int] = {}

    def _id(self, box: Choice) -> int | None:
        value = box.value
        return int(value) if value else None

    def show_choice(self, policy: Policy, version: PolicyVersion) -> None:
        """Show which policy and version is looked at, and what can be done with it."""
        inputs = self.document.inputs
        self.policy.offer([(f"{row.code}  {row.name}", str(row.id)) for row in inputs.rows(Policy)])
        self.policy.choose(str(policy.id))
        versions = inputs.children(PolicyVersion, "policy", policy.id)
        self.version.offer([(row.version, str(row.id)) for row in versions])
        self.version.choose(str(version.id))
        icon, tone = MARKS.get(version.status, MARKS["draft"])
        self._mark.setPixmap(theme.icon(icon, tone).pixmap(16, 16))
        self._status.setText(translate("records", VERSION_STATUS.get(version.status, version.status)))
        toned(self._status, tone)
        draft = version.status == "draft"
        self.release.setVisible(draft)
        self.retire.setVisible(version.status == "released")
        self.draft.setEnabled(not draft)
        self.draft.setToolTip("" if not draft else tr("A draft is itself still edited: release it first."))
        self.pack.setEnabled(not draft)
        self.pack.setToolTip(tr("What a safety system loads at run time") if not draft else tr("Release it first."))
        self.frozen.setText("" if draft else _frozen(version))

    def show_study(self, study: Study | None) -> None:
        """Say how long the prompts are and how much was found."""
        self._tokens = {} if study is None else study.tokens
        self.show_typing(0)
        self._found.setVisible(study is not None)
        if study is not None:
            self._found.setText(told_findings(study.findings))

    def show_typing(self, more: int) -> None:
        """Say how long the prompts would be with what is being typed."""
        said = told_tokens(self._tokens, more)
        self._about.setText(said or tr("Nothing is forbidden yet, so no prompt is compiled."))


def _frozen(version: PolicyVersion) -> str:
    """Why nothing can be edited."""
    since = day(version.effective_from)
    if version.status == "retired":
        return tr("Retired, so read only.")
    return tr("In force from {0}, so its clauses are read only. New version … drafts the next.").format(since)

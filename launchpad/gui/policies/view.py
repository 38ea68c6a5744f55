"""The policies screen: which policy and version above, one tab for each thing people do with it below."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from launchpad.edits.policies import newest_version
from launchpad.edits.policy_starters import starters
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, empty
from launchpad.gui.policies import acts
from launchpad.gui.policies.agreement_page import AgreementPage
from launchpad.gui.policies.clauses_page import ClausesPage
from launchpad.gui.policies.feedback_page import FeedbackPage
from launchpad.gui.policies.head import Head
from launchpad.gui.policies.page import Page
from launchpad.gui.policies.redline_page import RedlinePage
from launchpad.gui.policies.renderings_page import RenderingsPage
from launchpad.gui.policies.runs_page import RunsPage
from launchpad.gui.policies.study import Study, studied, tr
from launchpad.gui.screen import Screen
from launchpad.gui.theme import GAP, TIGHT, WIDE
from launchpad.records import Clause, Example, Policy, PolicyVersion, Record


class PoliciesScreen(Screen):
    """What is compiled and checked is worked out in the background; rows are shown at once."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(tr("Policies"))
        self.study: Study | None = None
        self.chosen = ""
        self._policy = self._version = 0
        self._asked = ""
        self._job: Job | None = None
        self._given_up: tuple[str, int] | None = None
        self.head = Head(
            document,
            {
                "start": self.start,
                "draft": self.draft,
                "release": self.release,
                "retire": self.retire,
                "check": self.check,
                "pack": self.export_pack,
            },
        )
        self.head.chosen.connect(self._choose)
        self.clauses = ClausesPage(document)
        self.clauses.typing.connect(self.head.show_typing)
        self.renderings = RenderingsPage(document)
        self.agreement = AgreementPage(document)
        self.redline = RedlinePage(document)
        self.runs = RunsPage(document)
        self.feedback = FeedbackPage(document)
        self.tabs = self._tabs()
        whole = QWidget()
        inner = column(self.head, gap=TIGHT)
        inner.addWidget(self.tabs, 1)
        whole.setLayout(inner)
        self._pages = QStackedWidget()
        self._pages.addWidget(whole)
        self._pages.addWidget(self._nothing())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(WIDE, GAP, WIDE, GAP)
        outer.addWidget(self._pages)
        self._recall()

    def _tabs(self) -> QTabWidget:
        made = QTabWidget()
        made.setDocumentMode(True)
        for page, title in (
            (self.clauses, tr("&Clauses")),
            (self.renderings, tr("Re&nderings")),
            (self.agreement, tr("&Agreement")),
            (self.redline, tr("Re&dline")),
            (self.runs, tr("R&uns")),
            (self.feedback, tr("&Feedback")),
        ):
            made.addTab(page, title)
            page.named.connect(self.show_clause)
            page.exampled.connect(self.show_example)
        for page in (self.clauses, self.renderings):
            page.chose.connect(self._chose)
        made.currentChanged.connect(self._show_page)
        return made

    def _nothing(self) -> QWidget:
        buttons = [
            button(tr("Start: {0}").format(one.name), partial(self.begin, one.slug), part="main")
            for one in starters().values()
        ]
        return empty(
            tr("No policy yet"),
            tr(
                "A policy says what a model may and may not do, in clauses with examples on both sides of the line. "
                "Start from one of the bundled ones and change it, or begin with an empty one."
            ),
            *buttons,
            button(tr("&Empty policy …"), self.start),
            icon="policies",
        )

    @property
    def version(self) -> PolicyVersion | None:
        """The version that is looked at: the one chosen, else the newest draft of the policy, else its newest."""
        inputs = self.document.inputs
        rows = inputs.rows(Policy)
        if not rows:
            return None
        policy = next((row for row in rows if row.id == self._policy), rows[0])
        versions = inputs.children(PolicyVersion, "policy", policy.id)
        if not versions:
            return next(iter(inputs.rows(PolicyVersion)), None)
        newest = newest_version(inputs, policy.id, "draft") or newest_version(inputs, policy.id)
        chosen = next((row for row in versions if row.id == self._version), None)
        return chosen or next(row for row in versions if row.version == newest)

    def _recall(self) -> None:
        stored = str(QSettings().value(f"{self.document.memory}/policy", "")).partition("/")
        if stored[0].isdigit():
            self._policy = int(stored[0])
        if stored[2].isdigit():
            self._version = int(stored[2])

    def _choose(self, policy: int | None, version: int | None) -> None:
        self._policy, self._version = policy or 0, version or 0
        QSettings().setValue(f"{self.document.memory}/policy", f"{self._policy}/{self._version}")
        self.refresh()

    def _chose(self, code: str) -> None:
        if code != self.chosen:
            self.chosen = code
            self._show_page()

    def refresh(self) -> None:
        """Show the version that is looked at, and begin to work out what is compiled from it."""
        version = self.version
        self._pages.setCurrentIndex(0 if version is not None else 1)
        if version is None:
            return
        self.head.show_choice(self.document.inputs.get(Policy, version.policy), version)
        self._begin(version)
        self._show_page()

    def _begin(self, version: PolicyVersion) -> None:
        """Work out the version of now, unless it was or is; what is shown until then is of an earlier state."""
        inputs = self.document.inputs
        key = (inputs.head, version.id)
        known = self.study
        if known is not None and known.version != version.id:
            self.study = known = None
        self.head.show_study(known)
        if (known is not None and known.head == inputs.head) or self._job is not None or self._given_up == key:
            return

        def work(progress: Progress) -> object:
            return studied(inputs, version, progress)

        def done(found: Study) -> None:
            self.study = found

        self._job = job = self.document.begin(tr("Compiling the policy"), work, done)
        job.ended.connect(partial(self._over, job, key))

    def _over(self, job: Job, key: tuple[str, int]) -> None:
        if not isValid(self) or self._job is not job:  # the project may have been closed meanwhile
            return
        self._job = None
        self._given_up = key if self.study is None or (self.study.head, self.study.version) != key else None
        if self.isVisible():
            self.refresh()
        if self._asked == "check" and self.study is not None:
            self._asked = ""
            self.check()

    @property
    def page(self) -> Page:
        """The tab that is seen."""
        found = self.tabs.currentWidget()
        return found if isinstance(found, Page) else self.clauses

    def _show_page(self, *_place: int) -> None:
        version = self.version
        if version is not None:
            self.page.show_version(version, self.study, self.chosen)

    def begin(self, slug: str) -> None:
        """Add a bundled policy and look at it."""
        self._look_at_new(lambda: acts.begin_policy(self.document, slug))

    def start(self) -> None:
        """Ask which policy to begin with, add it, and look at it."""
        self._look_at_new(lambda: acts.ask_to_begin(self.document, self))

    def _look_at_new(self, make: partial[bool] | object) -> None:
        known = {row.id for row in self.document.inputs.rows(Policy)}
        if callable(make) and make():
            added = next((row.id for row in self.document.inputs.rows(Policy) if row.id not in known), None)
            self._choose(added, None)

    def draft(self) -> None:
        """Ask what the next version is called, draft it, and look at it."""
        version = self.version
        name = None if version is None else acts.ask_for_version(self.document, version, self)
        if version is None or name is None:
            return
        rows = self.document.inputs.children(PolicyVersion, "policy", version.policy)
        self._choose(version.policy, next((row.id for row in rows if row.version == name), None))

    def release(self) -> None:
        """Ask from which day the draft is in force, what was found beside it, and release it."""
        version, study = self.version, self.study
        if version is not None and study is not None and study.version == version.id:
            acts.ask_to_release(self.document, version, study, self)

    def retire(self) -> None:
        """Take the released version out of force."""
        version = self.version
        if version is not None:
            acts.retire_version(self.document, version)

    def check(self) -> None:
        """Show everything that keeps the version from being applied the same way twice."""
        self.clauses.editor.write_all()
        if self._job is not None or self.study is None or self.study.head != self.document.inputs.head:
            self._asked = "check"
            self._given_up = None
            self.refresh()
            return
        self.tabs.setCurrentWidget(self.clauses)
        self.clauses.show_findings()

    def export_pack(self) -> None:
        """Ask for a file, and write the released version as a pack to it."""
        version = self.version
        path = None if version is None else acts.ask_where_to_pack(self.document, version, self)
        if version is not None and path is not None:
            acts.write_pack(self.document, version, path)

    def show_clause(self, code: str) -> None:
        """Show a clause of this version among clauses."""
        self.tabs.setCurrentWidget(self.clauses)
        self.clauses.show_clause(code)

    def show_example(self, code: str) -> None:
        """Show an example of this version among clauses, in its own window where it belongs to none."""
        self.tabs.setCurrentWidget(self.clauses)
        self.clauses.show_example(code)

    def use_theme(self) -> None:
        """Draw anew in other colours."""
        for place in range(self.tabs.count()):
            page = self.tabs.widget(place)
            if isinstance(page, Page):
                page.forget()
        self.clauses.use_theme()
        super().use_theme()

    def reveal(self, record: Record) -> bool:
        """Look at a policy, a version, a clause or an example."""
        inputs = self.document.inputs
        if isinstance(record, Policy):
            self._choose(record.id, None)
        elif isinstance(record, PolicyVersion):
            self._choose(record.policy, record.id)
        elif isinstance(record, Clause):
            self.chosen = record.code
            self._choose(inputs.get(PolicyVersion, record.version).policy, record.version)
            self.show_clause(record.code)
        elif isinstance(record, Example) and record.policy is not None:
            self._choose(record.policy, None)
            self.show_example(record.code)
        else:
            return False
        return True

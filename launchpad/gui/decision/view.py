"""The decision screen: the decision, its gates, conditions and signatures, and the brief as it will be sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QPlainTextEdit,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from launchpad.edits import Proposal, decisions, roles, waivers
from launchpad.edits.criteria import first_seen
from launchpad.edits.stamps import stamp
from launchpad.errors import LaunchpadError
from launchpad.gui.decision import numbers
from launchpad.gui.decision.brief import brief_of
from launchpad.gui.decision.lines import (
    Lines,
    between,
    condition_titles,
    forecast_titles,
    gate_titles,
    halves,
    page,
    signature_titles,
    since_titles,
)
from launchpad.gui.decision.numbers import tr
from launchpad.gui.decision.questions import DecideQuestion, RoleQuestion, Saying, SignQuestion, with_a_role
from launchpad.gui.document import Document
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, empty, label, row, toned
from launchpad.gui.screen import Screen
from launchpad.gui.theme import GAP, TIGHT, WIDE
from launchpad.records import Condition, Decision, Gate, Launch, Record, SignOff
from launchpad.records.decisions import CONDITION_STATES, DETERMINED
from launchpad.results import deciding
from launchpad.results.closure import parts_of, rests_on
from launchpad.results.decisions import DecisionRecord, record_of
from launchpad.results.signed import plan_of

if TYPE_CHECKING:
    from launchpad.results import Results


class DecisionScreen(Screen):
    """Words given here are only ever added to: nothing on this screen changes what somebody said before."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(tr("Decision"))
        self.record: DecisionRecord | None = None
        self._job: Job | None = None
        self.title, self.sentence = label("", "title"), label("", tone="muted", wrap=True)
        self.statement = label("", wrap=True)
        self.gates = Lines(tr("Gates"), gate_titles(), (340, 80, 200, 150))
        self.conditions = Lines(tr("Conditions"), condition_titles(), (330, 80, 100, 80), 3)
        self.signatures = Lines(tr("Signatures"), signature_titles(), (80, 80, 100, 150, 110, 80), 5)
        self.since = Lines(tr("What changed since"), since_titles(), (70, 240, 180, 150), 0)
        self.roles = Lines(tr("Roles"), (tr("Person"), tr("Role"), tr("Signature")), (220, 150), 2)
        self.dissents = Lines(
            tr("Dissent"), (tr("Decision"), tr("Person"), tr("Dissent"), tr("Since")), (90, 80, 420), 0
        )
        self.forecasts = Lines(tr("Forecasts"), forecast_titles(), (380, 100, 110, 110, 70, 80))
        self.brief = QPlainTextEdit()
        self.brief.setReadOnly(True)
        self.brief.setAccessibleName(tr("The brief as it will be sent"))
        self.signatures.currentItemChanged.connect(self._show_since)
        self._build()

    def _build(self) -> None:
        self.decide = button(tr("&Decide …"), self.ask_decide, part="main")
        self.sign = button(tr("&Sign …"), self.ask_sign)
        self.export = button(tr("&Export the brief …"), lambda: self.acted.emit("export"), icon="export")
        head = row(self.title, 1, self.decide, self.sign, self.export, gap=GAP)
        determine = button(tr("De&termine …"), self.ask_determine)
        waive = button(tr("&Waive …"), self.ask_waive)
        close = button(tr("&Close …"), self.ask_close)
        give = button(tr("Give a &role …"), self.ask_role)
        dissent = button(tr("D&issent …"), self.ask_dissent)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(page(self.gates, determine, waive), tr("Gates"))
        self.tabs.addTab(page(self.conditions, close), tr("Conditions"))
        self.tabs.addTab(halves(page(self.signatures), between(), self.since), tr("Signatures"))
        self.tabs.addTab(
            halves(page(self.roles, give), label(tr("Dissent"), "strong"), page(self.dissents, dissent)),
            tr("Roles and dissent"),
        )
        self.tabs.addTab(page(self.forecasts), tr("Forecasts"))
        self.tabs.addTab(page(self.brief), tr("Brief"))
        self.tabs.currentChanged.connect(self._show_brief)
        whole = QWidget()
        inner = column(head, self.sentence, self.statement, self.tabs, gap=TIGHT)
        inner.setStretch(3, 1)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        whole.setLayout(inner)
        self._pages = QStackedWidget()
        self._pages.addWidget(whole)
        self._pages.addWidget(
            empty(
                tr("No launch yet"),
                tr("A decision is about a launch: add one, with gates that were set before its results."),
                button(tr("New &launch …"), lambda: self.acted.emit("launch"), part="main"),
                icon="decision",
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    @property
    def day(self) -> str:
        """The day the record is seen from: today or the launch's as-of, the later."""
        return max(self._launch.as_of, datetime.now(UTC).date().isoformat())

    @property
    def _launch(self) -> Launch:
        launch = self.document.launch
        if launch is None:
            raise LookupError("no launch is shown")
        return launch

    @property
    def _results(self) -> Results:
        results = self.document.results
        if results is None:
            raise LookupError("nothing is computed yet")
        return results

    def refresh(self) -> None:
        """Show the decision as it stands now."""
        launch, results = self.document.launch, self.document.results
        self._pages.setCurrentIndex(0 if launch is not None else 1)
        for made in (self.decide, self.sign):
            made.setEnabled(launch is not None and results is not None)
        if launch is None or results is None:
            return
        self.record = record = record_of(self.document.inputs, launch, results, self.day)
        title, sentence, tone = numbers.headline(record)
        self.title.setText(title)
        toned(self.title, None if tone == "muted" else tone)
        more = tr("Give roles first: who recommends, who decides, who oversees.") if not record.roles else ""
        self.sentence.setText(f"{sentence} {more}".strip())
        self.statement.setText("" if record.decision is None else record.decision.statement)
        self.statement.setVisible(record.decision is not None)
        self.sign.setEnabled(record.decision is not None)
        for shown, lines in (
            (self.gates, numbers.gate_lines),
            (self.conditions, numbers.condition_lines),
            (self.signatures, numbers.signature_lines),
            (self.roles, numbers.role_lines),
            (self.dissents, numbers.dissent_lines),
            (self.forecasts, numbers.forecast_lines),
        ):
            shown.fill(lines(record))
        first = self.signatures.topLevelItem(0)
        if not self.signatures.chosen and first is not None:
            self.signatures.setCurrentItem(first)
        self._show_since()
        self._show_brief()

    def _show_since(self, *_items: object) -> None:
        from launchpad.results.since import what_changed

        code = self.signatures.code
        if not code:
            self.since.clear()
            return
        row_ = self.document.inputs.find(SignOff, code, self._launch.id)
        self.since.fill(numbers.since_lines(what_changed(self.document.inputs, row_, self.document.journal())))

    def _show_brief(self, *_place: int) -> None:
        """Write the brief in the background, once its tab is looked at."""
        launch, results = self.document.launch, self.document.results
        if launch is None or results is None or self.tabs.currentIndex() != self.tabs.count() - 1:
            return
        inputs, plan = self.document.inputs, self.document.plan
        seen = first_seen(made for _, made in self.document.journal())
        if not self.brief.toPlainText():
            self.brief.setPlaceholderText(tr("The brief is being written …"))

        def work(progress: Progress) -> object:
            progress(0.0, tr("Writing the brief"))
            return brief_of(inputs, launch, results, plan, seen)

        self._job = self.document.begin(tr("Writing the brief"), work, self.brief.setPlainText)

    def ask_decide(self) -> None:
        """Ask for a decision, and draw it up."""
        record, launch = self.record, self._launch
        open_gates = len(record.open_gates) if record else 0
        asked = DecideQuestion(self.document.inputs, launch, open_gates, self._standing, self)
        if asked.exec():
            self.draw_up(asked)

    def draw_up(self, asked: DecideQuestion) -> bool:
        """Write the decision that was filled in."""
        inputs, launch = self.document.inputs, self._launch

        def make() -> Sequence[object]:
            return deciding.draw_up(
                inputs, launch, self._results, asked.person, asked.wish(), day=self.day, stamp=stamp(inputs.head)
            )

        return self.document.act(make, tr("Draw up a decision"))  # pyright: ignore[reportArgumentType]

    def ask_sign(self) -> None:
        """Check the file in the background, then ask who signs, and sign."""

        def work(progress: Progress) -> object:
            progress(0.0, tr("Checking the file"))
            return [finding.message for finding in self.document.project.check()]

        self._job = self.document.begin(tr("Checking the file"), work, self._sign)

    def _sign(self, findings: list[str]) -> None:
        decision = self._standing
        if decision is None:
            return
        inputs = self.document.inputs
        parts = parts_of(inputs, self._launch, plan_of(inputs, decision), decision)
        bound = tr("{0}, {1} records, SHA-256 {2}").format(decision.code, len(parts), rests_on(parts)[:16])
        asked = SignQuestion(inputs, self._launch, bound, findings, self)
        if asked.exec():
            self.sign_as(asked, findings)

    def sign_as(self, asked: SignQuestion, findings: list[str]) -> bool:
        """Write the signature that was asked for; refusals are shown."""
        from launchpad.store import keys

        decision, inputs = self._standing, self.document.inputs
        if decision is None:
            return False
        try:
            who = asked.person
            signer = keys.signer(who.public_key, who.code) if asked.key.isChecked() else None
            made: Proposal = deciding.sign(
                inputs,
                decision,
                who,
                findings=findings,
                stamp=stamp(inputs.head),
                note=asked.note.text().strip(),
                despite=asked.despite.text().strip(),
                signer=signer,
            )
        except LaunchpadError as error:
            self.document.refused.emit(error)
            return False
        words = tr("Sign {0} as {1}").format(decision.code, who.code)
        return self.document.edit(made.changes, words, content=made.content)

    @property
    def _standing(self) -> Decision | None:
        now = None if self.record is None else self.record.decision
        return None if now is None else self.document.inputs.find(Decision, now.code, self._launch.id)

    def ask_determine(self) -> None:
        """Ask what a person determines of the chosen gate."""
        gate = self._gate()
        if gate is None:
            return
        asked = self._saying(
            tr("Determine {0}").format(gate.code),
            tr("A determination settles what evidence left open; it stands beside what is computed, with its reason."),
            tr("&Determine"),
        )
        capability = ("ruled out", "cannot rule out", "reached")
        names = capability if gate.kind == "capability" else ("met", "inconclusive", "not met")
        held = asked.options(tr("&Held to be"), DETERMINED, names)
        reason = asked.words_of(tr("&Reason"))
        if asked.exec():
            self._act(
                tr("Determine {0}").format(gate.code),
                lambda: deciding.determine(
                    self.document.inputs,
                    self._results,
                    gate,
                    asked.person,
                    determined=str(held.currentData()),
                    reason=reason.toPlainText().strip(),
                    stamp=stamp(self.document.inputs.head),
                ),
            )

    def ask_waive(self) -> None:
        """Ask for leave to go on although the chosen gate is open."""
        gate = self._gate()
        if gate is None:
            return
        asked = self._saying(
            tr("Waive {0}").format(gate.code),
            tr("A waiver ends on its last day, and the gate is open again. It changes no figure."),
            tr("&Waive"),
        )
        expires = asked.day(tr("&Last day"), 4)
        reason = asked.words_of(tr("&Reason"))
        if asked.exec():
            self._act(
                tr("Waive {0}").format(gate.code),
                lambda: waivers.grant(
                    self.document.inputs,
                    gate,
                    asked.person,
                    reason=reason.toPlainText().strip(),
                    granted_on=self.day,
                    expires=expires.date().toString("yyyy-MM-dd"),
                    stamp=stamp(self.document.inputs.head),
                ),
            )

    def ask_close(self) -> None:
        """Ask what became of the chosen condition."""
        code = self.conditions.code
        if not code:
            self.document.told.emit(tr("Choose a condition first."))
            return
        condition = self.document.inputs.find(Condition, code, self._launch.id)
        asked = self._saying(tr("Close {0}").format(code), condition.said, tr("&Close it"))
        status = asked.options(tr("&Became"), CONDITION_STATES, ("met", "lapsed"))
        because = asked.words_of(tr("&Shown by"))
        if asked.exec():
            self._act(
                tr("Close {0}").format(code),
                lambda: decisions.close_condition(
                    self.document.inputs,
                    condition,
                    asked.person,
                    status=str(status.currentData()),
                    because=because.toPlainText().strip(),
                    day=self.day,
                ),
            )

    def ask_dissent(self) -> None:
        """Ask why somebody does not agree with the decision that stands."""
        decision = self._standing
        if decision is None:
            self.document.told.emit(tr("There is no decision to dissent from yet."))
            return
        asked = self._saying(
            tr("Dissent from {0}").format(decision.code),
            tr("Dissent is kept beside the decision, whatever is decided."),
            tr("&Dissent"),
        )
        why = asked.words_of(tr("&Why"))
        if asked.exec():
            self._act(
                tr("Dissent from {0}").format(decision.code),
                lambda: decisions.dissent(
                    self.document.inputs,
                    decision,
                    asked.person,
                    said=why.toPlainText().strip(),
                    stamp=stamp(self.document.inputs.head),
                ),
            )

    def ask_role(self) -> None:
        """Ask who has which role."""
        launch = self._launch
        asked = RoleQuestion(self.document.inputs, launch, self)
        if asked.exec():
            self._act(
                tr("Give {0} a role").format(asked.person.code),
                lambda: roles.give_role(self.document.inputs, launch, asked.person, str(asked.role.currentData())),
            )

    def reveal(self, record: Record) -> bool:
        """Bring a condition or signature into view; whether this page has it."""
        name = f"{record.table} {self.document.inputs.address(record)}"
        for place, lines in ((1, self.conditions), (2, self.signatures)):
            if lines.choose(name):
                self.tabs.setCurrentIndex(place)
                return True
        return False

    def _saying(self, title: str, introduction: str, ok: str) -> Saying:
        asked = Saying(self.document.inputs, with_a_role(self.document.inputs, self._launch), self)
        asked.introduce(title, introduction, ok)
        return asked

    def _gate(self) -> Gate | None:
        if not self.gates.code:
            self.document.told.emit(tr("Choose a gate first."))
            return None
        return self.document.inputs.find(Gate, self.gates.code, self._launch.id)

    def _act(self, label_: str, make: Callable[[], Sequence[object]]) -> bool:
        return self.document.act(make, label_)  # pyright: ignore[reportArgumentType]

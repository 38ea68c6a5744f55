"""What the decision screen asks before words are given: who says them, what, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QWidget

from launchpad.edits.decisions import Asked, Wish
from launchpad.edits.signatures import WITHOUT_A_KEY
from launchpad.gui import words
from launchpad.gui.asking import Question
from launchpad.gui.decision.numbers import said, tr
from launchpad.records import Decision, DecisionRole, Inputs, Launch, Person, Plan
from launchpad.records.decisions import OUTCOMES_OF_A_LAUNCH, ROLES

LINES = 4


class Saying(Question):
    """A question to one person: who it is stands first, and there is room for words of several lines."""

    def __init__(self, inputs: Inputs, people: Iterable[Person], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inputs = inputs
        entries = [(f"{row.code}  {inputs.text(row.name) or ''}".strip(), row.code) for row in people]
        self.who = self.choice(tr("&Person"), entries)

    @property
    def person(self) -> Person:
        """Who says it."""
        return self._inputs.find(Person, str(self.who.currentData() or ""))

    def words_of(self, title: str, hint: str = "") -> QPlainTextEdit:
        """A box for words of several lines."""
        made = QPlainTextEdit()
        made.setTabChangesFocus(True)
        made.setPlaceholderText(hint)
        made.setFixedHeight(made.fontMetrics().lineSpacing() * LINES + 16)
        made.setAccessibleName(title.replace("&", ""))
        self.form.addRow(title, made)
        return made

    def options(self, title: str, choices: Mapping[str, str], names: Iterable[str] | None = None) -> QComboBox:
        """A list of stored choices in words."""
        wanted = tuple(choices) if names is None else tuple(names)
        return self.choice(title, [(said(dict(choices), name), name) for name in wanted])


def with_a_role(inputs: Inputs, launch: Launch) -> list[Person]:
    """Everybody with a role in the decision, in the order of their codes."""
    rows = (inputs.get(Person, row.person) for row in inputs.rows(DecisionRole, launch.id))
    return sorted(rows, key=lambda row: row.code)


class DecideQuestion(Saying):
    """Asks for the decision in words, what it counts on, and why it is made despite open gates."""

    def __init__(
        self,
        inputs: Inputs,
        launch: Launch,
        open_gates: int,
        stands: Decision | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(inputs, with_a_role(inputs, launch), parent)
        self.introduce(
            tr("Decide on {0}").format(launch.code),
            tr(
                "A decision is never changed: another one takes its place, and both are kept. {0} gates are open."
            ).format(open_gates),
            tr("&Draw it up"),
        )
        entries = [(said(OUTCOMES_OF_A_LAUNCH, name), name) for name in OUTCOMES_OF_A_LAUNCH]
        self.outcome = self.choice(tr("&Decision"), entries)
        self.stage = self.line(tr("S&tage"), needed=False, hint=tr("How far it goes, where only a stage is allowed"))
        self.statement = self.words_of(tr("&Statement"), tr("The decision in words, with its reasons"))
        plans = [(tr("None"), ""), *((f"{row.code}  {row.name}", row.code) for row in inputs.rows(Plan, launch.id))]
        self.plan = self.choice(tr("&Plan"), plans)
        self.plan.setCurrentIndex(max(0, self.plan.findData(launch.current_plan or "")))
        self.condition = self.words_of(tr("&Condition"), tr("What is asked for, if anything; more can follow"))
        self.owner = self.choice(tr("&Owner"), [(row.code, row.code) for row in inputs.rows(Person)])
        self.due = self.day(tr("D&ue"), 4)
        self.despite = self.line(tr("D&espite"), needed=False, hint=tr("Why, although gates are open"))
        self.reason = self.line(tr("&Replaces"), needed=False)
        self.reason.setPlaceholderText(
            tr("Nothing stands yet") if stands is None else tr("Why {0} is replaced").format(stands.code)
        )
        self.reason.setEnabled(stands is not None)
        self.launch = launch

    def wish(self) -> Wish:
        """What was filled in."""
        condition, plan = self.condition.toPlainText().strip(), str(self.plan.currentData() or "")
        owner = self._inputs.find(Person, str(self.owner.currentData()))
        due = self.due.date().toString("yyyy-MM-dd")
        return Wish(
            outcome=str(self.outcome.currentData()),
            statement=self.statement.toPlainText().strip(),
            conditions=(Asked(condition, owner, due),) if condition else (),
            stage=self.stage.text().strip() or None,
            plan=self._inputs.find(Plan, plan, self.launch.id) if plan else None,
            despite=self.despite.text().strip(),
            reason=self.reason.text().strip(),
        )


class SignQuestion(Saying):
    """Asks who signs, and says before what is signed and what a signature is worth."""

    def __init__(
        self, inputs: Inputs, launch: Launch, bound: str, findings: list[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(inputs, with_a_role(inputs, launch), parent)
        checked = tr("The file check found nothing.") if not findings else " ".join(findings[:3])
        self.introduce(
            tr("Sign"),
            "\n\n".join(
                [
                    tr("The signature is bound to {0}. Any later change to them voids it.").format(bound),
                    tr("Journal head {0}. {1}").format(inputs.head[:16], checked),
                    words.translate("records", WITHOUT_A_KEY),
                ]
            ),
            tr("&Sign"),
        )
        self.note = self.line(tr("&Note"), needed=False)
        self.despite = self.line(tr("D&espite"), needed=False, hint=tr("Why, although the file check found something"))
        self.despite.setEnabled(bool(findings))
        self.key = QCheckBox(tr("&With the key in the keyring of this machine"))
        self.form.addRow("", self.key)


class RoleQuestion(Saying):
    """Asks who has which role in the decision."""

    def __init__(self, inputs: Inputs, launch: Launch, parent: QWidget | None = None) -> None:
        super().__init__(inputs, inputs.rows(Person), parent)
        self.introduce(
            tr("Role in the decision on {0}").format(launch.code),
            tr(
                "Who recommends may determine gates; who decides may also waive and sign as decider; who oversees "
                "signs as overseer. Each may dissent."
            ),
            tr("&Give the role"),
        )
        self.role = self.choice(tr("&Role"), [(said(ROLES, name), name) for name in ROLES])

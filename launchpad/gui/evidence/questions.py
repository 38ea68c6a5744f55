"""The questions only a person can answer: which direction is good, which mitigations were on; one click each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.questions import (
    InPlaceQuestion,
    PolarityQuestion,
    answer_in_place,
    answer_polarity,
    in_place_questions,
    polarity_questions,
)
from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.pieces import button, card, cleared, empty, label, row, scrolled
from launchpad.gui.theme import GAP
from launchpad.records import Inputs, MitigationVariant

MOST_SHOWN = 40
NAMED = 4
CODE = Qt.ItemDataRole.UserRole


class QuestionsPage(QWidget):
    """A card for each open question, with its answers as buttons; an answer is one edit and can be undone."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._shown: tuple[object, ...] | None = None
        self._in_place_now: Sequence[InPlaceQuestion] = ()
        inside = QWidget()
        self._cards = QVBoxLayout(inside)
        self._cards.setSpacing(GAP)
        self._cards.setContentsMargins(0, 0, GAP, 0)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, GAP, 0, 0)
        inner.addWidget(scrolled(inside, self.tr("Open questions")))

    def refresh(self) -> None:
        """Show the questions that are open now."""
        inputs = self._document.inputs
        polarity, in_place = polarity_questions(inputs), in_place_questions(inputs)
        variants = tuple(row.code for row in inputs.rows(MitigationVariant))
        shown = (polarity, in_place, variants)
        if shown == self._shown:
            return
        self._shown = shown
        self._in_place_now = in_place
        cleared(self._cards)
        made = [self._polarity(question) for question in polarity[:MOST_SHOWN]]
        made += [self._in_place(question) for question in in_place[: MOST_SHOWN - len(made)]]
        for one in made:
            self._cards.addWidget(one)
        left = len(polarity) + len(in_place) - len(made)
        if left > 0:
            self._cards.addWidget(label(self.tr("{0} more follow once these are answered.").format(left), tone="muted"))
        if not made:
            self._cards.addWidget(
                empty(
                    self.tr("No open questions"),
                    self.tr("Every metric has a direction, and it is known which mitigations were on during each run."),
                    icon="met",
                )
            )
        self._cards.addStretch(1)

    def _polarity(self, question: PolarityQuestion) -> QWidget:
        metric = " / ".join(part for part in (question.scorer, question.metric) if part) or question.code
        title = self.tr("Is more of this better? {0}").format(metric)
        values = ", ".join(words.number(value) for value in question.values)
        facts = [
            self.tr("{0} · results: {1} · for instance {2}").format(question.harness, question.results, values)
            if values
            else self.tr("{0} · results: {1}").format(question.harness, question.results),
            " · ".join(
                told.format(_some(names))
                for told, names in ((self.tr("Tasks: {0}"), question.tasks), (self.tr("Files: {0}"), question.files))
                if names
            ),
        ]
        answers = [
            button(self.tr("Higher is better"), partial(self._answer_polarity, question, "higher")),
            button(self.tr("Lower is better"), partial(self._answer_polarity, question, "lower")),
        ]
        return self._card(title, facts, answers)

    def _in_place(self, question: InPlaceQuestion) -> QWidget:
        title = self.tr("Which mitigations were on during this run? {0}").format(question.model)
        day = words.day(question.run_date) or self.tr("day unknown")
        facts = [
            self.tr("{0} · run {1} · {2} · results: {3}").format(
                question.harness, question.run, day, len(question.results)
            )
        ]
        answers = [button(self.tr("None of them"), partial(self._answer_in_place, question, "none"))]
        for launch, on in question.proposals[:2]:
            title_on = self.tr("As in {0} then: {1}").format(launch, _some(on))
            answers.append(button(title_on, partial(self._answer_in_place, question, on), tip=", ".join(on)))
        answers.append(button(self.tr("Choose …"), partial(self._choose, question)))
        alike = self._alike(question)
        if len(alike) > 1:
            every = self.tr("None, in all {0} open runs of this model").format(len(alike))
            answers.append(button(every, partial(self._answer_all, alike, "none"), part="link"))
        return self._card(title, facts, answers)

    def _alike(self, question: InPlaceQuestion) -> list[InPlaceQuestion]:
        """The open questions about runs of the same model and harness."""
        same = (question.harness, question.model)
        return [one for one in self._in_place_now if (one.harness, one.model) == same]

    def _answer_all(self, questions: Sequence[InPlaceQuestion], answer: str) -> None:
        def changes() -> list[Change]:
            return [change for one in questions for change in answer_in_place(self._document.inputs, one, answer)]

        self._act(changes, self.tr("Say what was on in {0} runs").format(len(questions)))

    def _card(self, title: str, facts: Sequence[str], answers: Sequence[QWidget]) -> QWidget:
        for answer in answers:
            answer.setAccessibleDescription(title)
        lines = [label(fact, "small", tone="muted", wrap=True) for fact in facts]
        made = card("", label(title, "strong", wrap=True), *lines, row(*answers, 1))
        made.setAccessibleName(title)
        return made

    def _answer_polarity(self, question: PolarityQuestion, polarity: str) -> None:
        metric = question.metric or question.code
        self._act(
            lambda: answer_polarity(self._document.inputs, question, polarity),
            self.tr("Say that {0} {1}").format(polarity, self.tr("is better: {0}").format(metric)),
        )

    def _answer_in_place(self, question: InPlaceQuestion, answer: str | Sequence[str]) -> None:
        self._act(
            lambda: answer_in_place(self._document.inputs, question, answer),
            self.tr("Say what was on in run {0}").format(question.run),
        )

    def _act(self, make: Callable[[], Sequence[Change]], title: str) -> None:
        self._document.act(make, title)

    def _choose(self, question: InPlaceQuestion) -> None:
        asked = VariantsQuestion(self._document.inputs, self)
        if asked.exec():
            self._answer_in_place(question, asked.chosen() or "none")


class VariantsQuestion(QDialog):
    """Asks which variants were on, from a list to tick."""

    def __init__(self, inputs: Inputs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Mitigations that were on"))
        self.resize(480, 420)
        self.list = QListWidget()
        self.list.setAccessibleName(self.windowTitle())
        for variant in inputs.rows(MitigationVariant):
            entry = QListWidgetItem(f"{variant.code}  {variant.name}")
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Unchecked)
            entry.setData(CODE, variant.code)
            self.list.addItem(entry)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        inner = QVBoxLayout(self)
        inner.addWidget(
            label(self.tr("Tick with the space bar. Nothing ticked means none was on."), tone="muted", wrap=True)
        )
        inner.addWidget(self.list, 1)
        inner.addWidget(buttons)

    def chosen(self) -> list[str]:
        """The codes that are ticked."""
        entries = (self.list.item(place) for place in range(self.list.count()))
        return [str(entry.data(CODE)) for entry in entries if entry.checkState() == Qt.CheckState.Checked]


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")

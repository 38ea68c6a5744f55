"""The samples of one result: how they came out by category, and their text, hidden until somebody asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from launchpad.edits.blocks import texts_of, unpack_outcomes
from launchpad.edits.evidence import samples_of
from launchpad.edits.handling import handling_of_result
from launchpad.gui import words
from launchpad.gui.document import Document
from launchpad.gui.evidence.grids import grid, show_lines
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, column, label
from launchpad.gui.theme import GAP
from launchpad.records import EvalResult, Evaluation
from launchpad.records.imported import Outcomes, SampleTexts

MOST_TEXTS = 2000
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Tally:
    """How the samples of one category came out; `mean` is None where none was scored."""

    category: str
    samples: int
    scored: int
    ones: int
    mean: float | None
    unscored: int
    errors: int


def tallies(outcomes: Outcomes) -> list[Tally]:
    """The samples counted by category, in the order of their names; all together last."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, category in enumerate(outcomes.category):
        places[category or ""].append(place)
    found = [_tally(outcomes, name, at) for name, at in sorted(places.items()) if name or len(places) > 1]
    return (
        [*found, _tally(outcomes, "", range(len(outcomes.sample)))]
        if found
        else [_tally(outcomes, "", range(len(outcomes.sample)))]
    )


def _tally(outcomes: Outcomes, name: str, places: Sequence[int]) -> Tally:
    values = [value for at in places if (value := outcomes.value[at]) is not None]
    status = [outcomes.status[at] for at in places]
    return Tally(
        category=name,
        samples=len(places),
        scored=len(values),
        ones=values.count(1.0),
        mean=sum(values) / len(values) if values else None,
        unscored=status.count("unscored"),
        errors=status.count("error"),
    )


class SamplesView(QWidget):
    """Counts the outcomes of the result last given to `show_result`, once it is looked at."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._result: EvalResult | None = None
        self._shown: str | None = None
        titles = ("Category", "Samples", "Scored", "Outcome 1", "Mean", "Unscored", "Errors")
        self.list = grid(self.tr("Outcomes by category"), [self.tr(title) for title in titles])
        self.list.setColumnWidth(0, 260)
        self.said = label("", tone="muted", wrap=True)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(GAP, GAP, GAP, GAP)
        inner.addWidget(self.said)
        inner.addWidget(self.list, 1)

    def show_result(self, result: EvalResult | None) -> None:
        """Take over a result; what is counted is shown by `fill`."""
        self._result = result

    def fill(self) -> None:
        """Count and show the outcomes, in the background: there may be many."""
        sha256 = None if self._result is None else self._result.outcomes
        if sha256 is None:
            self._shown = None
            self._show([], self.tr("This result kept no outcomes of its samples."))
            return
        if sha256 == self._shown:
            return
        block = self._document.project.content(sha256)
        if block is None:
            self._show([], self.tr("The outcomes of its samples were removed from this project."))
            return
        self._shown = sha256
        self._show([], self.tr("Counting the samples …"))

        def work(_progress: Progress) -> object:
            return tallies(unpack_outcomes(block))

        def done(found: list[Tally]) -> None:
            if self._shown == sha256:
                self._show(found, "")

        self._document.begin(self.tr("Counting samples"), work, done)

    def _show(self, found: Sequence[Tally], said: str) -> None:
        self.said.setText(said)
        self.said.setVisible(bool(said))
        self.list.setVisible(not said)
        all_samples = self.tr("All samples")
        show_lines(
            self.list,
            [
                (
                    one.category or (all_samples if place == len(found) - 1 else self.tr("No category")),
                    *(words.number(number) for number in (one.samples, one.scored, one.ones)),
                    words.number(one.mean),
                    *(words.number(number) for number in (one.unscored, one.errors)),
                )
                for place, one in enumerate(found)
            ],
            right=range(1, 7),
        )


class TextsView(QStackedWidget):
    """Sample text stays hidden until Reveal is pressed, anew for every result; restricted areas never show it."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._result: EvalResult | None = None
        self._job: Job | None = None
        self._texts: SampleTexts | None = None
        self.said = label("", wrap=True)
        self.reveal = button(self.tr("&Reveal the sample text"), self._reveal)
        cover = QWidget()
        inner = QVBoxLayout(cover)
        inner.setSpacing(GAP)
        inner.addWidget(self.said)
        inner.addWidget(self.reveal, alignment=Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        self.names = grid(self.tr("Samples"), (self.tr("Sample"), self.tr("Try")))
        self.names.setColumnWidth(0, 150)
        self.names.setColumnWidth(1, 50)
        self.names.currentCellChanged.connect(self._read)
        self.asked, self.answered = _page(self.tr("Asked")), _page(self.tr("Answered"))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.names)
        for page in (self.asked, self.answered):
            titled = QWidget()
            titled.setLayout(column(label(page.accessibleName(), "strong"), page, gap=GAP // 2))
            split.addWidget(titled)
        split.setSizes([260, 400, 400])
        self.addWidget(cover)
        self.addWidget(split)

    def show_result(self, result: EvalResult | None) -> None:
        """Take over a result, its text hidden."""
        before = None if self._result is None else self._result.id
        self._result = result
        if result is None or result.id != before or self._texts is None:
            self.hide_text()

    def hide_text(self) -> None:
        """Forget what was revealed, and say what there is."""
        self._texts = None
        self._job = None
        self.names.setRowCount(0)
        for page in (self.asked, self.answered):
            page.setPlainText("")
        self.setCurrentIndex(0)
        result = self._result
        restricted = result is not None and self.restricted(result)
        self.reveal.setVisible(result is not None and result.texts is not None and not restricted)
        if result is None or result.texts is None:
            self.said.setText(
                self.tr("No sample text was kept. It is kept only when a file is imported with its text.")
            )
        elif restricted:
            self.said.setText(self.tr("This result is evidence for a restricted risk area: its text is never shown."))
        else:
            self.said.setText(self.tr("What was asked and answered may be hazardous or upsetting. It is hidden."))

    def restricted(self, result: EvalResult) -> bool:
        """Whether the text of a result must never be shown."""
        return handling_of_result(self._document.inputs, result) == "restricted"

    def _reveal(self) -> None:
        result = self._result
        if result is None or result.texts is None or self.restricted(result):
            return
        block = self._document.project.content(result.texts)
        if block is None:
            self.reveal.hide()
            self.said.setText(self.tr("The sample text was removed from this project."))
            return
        evaluation = self._document.inputs.get(Evaluation, result.evaluation)

        def work(_progress: Progress) -> object:
            return samples_of(result, evaluation, texts_of(block))

        def done(texts: SampleTexts) -> None:
            if self._job is job:
                self._show(texts)

        job = self._document.begin(self.tr("Reading sample text"), work, done)
        self._job = job

    def _show(self, texts: SampleTexts) -> None:
        self._texts = texts
        names = list(zip(texts.sample, texts.epoch, strict=True))[:MOST_TEXTS]
        show_lines(self.names, [(name, str(epoch)) for name, epoch in names])
        self.setCurrentIndex(1)
        if names:
            self.names.setCurrentCell(0, 0)
            self.names.setFocus()

    def _read(self, place: int, *_rest: int) -> None:
        texts = self._texts
        if texts is None or not 0 <= place < len(texts.sample):
            return
        self.asked.setPlainText((texts.asked[place] or self.tr("(nothing kept)"))[:LONGEST])
        self.answered.setPlainText((texts.answered[place] or self.tr("(nothing kept)"))[:LONGEST])


class Revealed(QPlainTextEdit):
    """Text that is read where it was revealed and goes nowhere else: not to the clipboard, not by dragging."""

    def copy(self) -> None:
        """Copy nothing."""

    def createMimeDataFromSelection(self) -> QMimeData:
        """Nothing, whatever is selected."""
        return QMimeData()


def _page(name: str) -> Revealed:
    made = Revealed()
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made

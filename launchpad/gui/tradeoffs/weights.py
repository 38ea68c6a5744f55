"""The weights panel: swings of one weight set that move every value and rank at once, written when let go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from launchpad.edits.weights import Answer, set_swings, use
from launchpad.errors import LaunchpadError, ScoringError
from launchpad.gui.document import Document
from launchpad.gui.forms import AddForm
from launchpad.gui.pieces import button, cleared, column, label, note, row, scrolled, tool
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.tradeoffs.ranking import Ranked, ranked
from launchpad.gui.tradeoffs.sliders import CriterionRow
from launchpad.gui.tradeoffs.swings import Stored, findings, stored, swing_at, weights_of
from launchpad.records import Criterion, Launch, WeightSet

if TYPE_CHECKING:
    from launchpad.results.tradeoffs import Tradeoffs

WAIT_MS = 900
"""How long the keyboard must rest before what was typed is written."""


class WeightsPanel(QWidget):
    """`moved` carries the options ranked at the weights as they stand (None while there are none)."""

    moved = Signal(object)
    wanted = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._found: Tradeoffs | None = None
        self._stored: Stored | None = None
        self._set: WeightSet | None = None
        self._told: list[str] = []
        self._criteria: tuple[Criterion, ...] = ()
        self.rows: list[CriterionRow] = []
        self.now: Ranked | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self.write)
        self.sets = QComboBox()
        self.sets.setAccessibleName(self.tr("Weight set"))
        self.sets.setMinimumWidth(120)
        self.sets.activated.connect(self._choose_set)
        self.use = button(self.tr("&Use for the launch"), self._use, part="link")
        self._origin = label("", "small", tone="muted", wrap=True)
        self._findings = QVBoxLayout()
        self._findings.setSpacing(TIGHT)
        self._sliders = QVBoxLayout()
        self._sliders.setSpacing(TIGHT)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._with_criteria())
        self._refusal = QVBoxLayout()
        self._pages.addWidget(self._without_anchors())
        self.setLayout(column(self._pages))

    def _with_criteria(self) -> QWidget:
        new = tool(self.tr("Add a weight set"), "add", self._add_set)
        title = label(self.tr("&Weights of"))
        title.setBuddy(self.sets)
        top = row(title, self.sets, new, gap=TIGHT)
        top.setStretch(1, 1)
        inner = QWidget()
        heads = label(
            self.tr("Weight (between which the first three keep their order)"), "small", tone="muted", wrap=True
        )
        inner.setLayout(column(self.use, self._origin, heads, self._sliders, self._findings, 1, gap=TIGHT + 2))
        made = QWidget()
        body = column(top, gap=GAP)
        body.addWidget(scrolled(inner, self.tr("Swing weights")), 1)
        made.setLayout(body)
        return made

    def _without_anchors(self) -> QWidget:
        made = QWidget()
        made.setLayout(column(self._refusal, 1, gap=GAP))
        return made

    def show_launch(self, launch: Launch, found: Tradeoffs | None) -> None:
        """Show the weight sets and criteria of a launch; `found` are its options where they are known."""
        inputs = self._document.inputs
        criteria = tuple(sorted(inputs.rows(Criterion, launch.id), key=lambda one: one.code))
        self._found = found
        refused = self._refused(launch)
        self._pages.setCurrentIndex(1 if refused else 0)
        self._show_refusal(refused)
        self._fill_sets(launch)
        if criteria != self._criteria:
            self._criteria = criteria
            self._make_rows()
        self._set = chosen = self.weight_set
        if chosen is None or not criteria or refused:
            self._stored, self.now = None, None
            self.moved.emit(None)
            return
        self.use.setVisible(chosen.code != launch.weight_set)
        self._stored = stored(inputs, chosen, criteria)
        if not self._wait.isActive() and not any(one.held for one in self.rows):
            for one, swing in zip(self.rows, self._stored.swings, strict=True):
                one.show_swing(swing)
        self._show()

    @property
    def weight_set(self) -> WeightSet | None:
        """The weight set that is shown."""
        launch, chosen = self._document.launch, self.sets.currentData()
        sets = () if launch is None else self._document.inputs.rows(WeightSet, launch.id)
        return next((one for one in sets if one.id == chosen), None)

    def stored_ranks(self) -> Ranked | None:
        """The options at the weights as they are stored; None where these say nothing."""
        if self.now is None or self._stored is None or self._found is None or not self._stored.complete:
            return None
        at = weights_of(self._stored.swings)
        return None if isinstance(at, ScoringError) else ranked(self._found, at)

    def _refused(self, launch: Launch) -> ScoringError | None:
        """Why the criteria cannot be weighed: one without anchors, say."""
        from launchpad.results.options import judged

        try:
            judged(self._document.inputs, launch.id)
        except ScoringError as error:
            return error
        return None

    def _show_refusal(self, refused: LaunchpadError | None) -> None:
        cleared(self._refusal)
        if refused is None:
            return
        self._refusal.addWidget(note(str(refused), "bad", "warning"))
        self._refusal.addLayout(row(button(self.tr("Open the &criteria"), self.wanted.emit), 1))

    def _fill_sets(self, launch: Launch) -> None:
        sets = sorted(self._document.inputs.rows(WeightSet, launch.id), key=lambda one: one.code)
        before = self.sets.currentData()
        known = [one.id for one in sets]
        used = next((one.id for one in sets if one.code == launch.weight_set), known[0] if known else None)
        self.sets.blockSignals(True)
        self.sets.clear()
        for one in sets:
            mark = self.tr("  (in use)") if one.code == launch.weight_set else ""
            self.sets.addItem(f"{one.code}  {one.name}{mark}", one.id)
        self.sets.setCurrentIndex(max(0, self.sets.findData(before if before in known else used)))
        self.sets.blockSignals(False)

    def _make_rows(self) -> None:
        cleared(self._sliders)
        self.rows = [CriterionRow(criterion) for criterion in self._criteria]
        for one in self.rows:
            one.moved.connect(self._moved)
            one.settled.connect(self.write)
            self._sliders.addWidget(one)

    @property
    def swings(self) -> list[float]:
        """The swings as the sliders stand."""
        return [one.swing for one in self.rows]

    def _moved(self) -> None:
        if not any(one.held for one in self.rows):
            self._wait.start()
        self._show()

    def _show(self) -> None:
        """Weights, stability and findings at the swings as they stand."""
        at, swings = weights_of(self.swings), self.swings
        self.now = None
        if isinstance(at, ScoringError):
            self._tell([str(at)])
            for one in self.rows:
                one.show_weight(None, None, (0.0, 0.0))
            self.moved.emit(None)
            return
        found, codes = self._found, tuple(one.code for one in self._criteria)
        if found is not None and found.criteria.codes == codes and len(found.gains):
            self.now = ranked(found, at)
        for place, one in enumerate(self.rows):
            reach = None if self.now is None else (float(self.now.low[place]), float(self.now.high[place]))
            ends = (
                (0.0, 0.0) if reach is None else (swing_at(reach[0], place, swings), swing_at(reach[1], place, swings))
            )
            one.show_weight(float(at[place]), reach, ends)
        known = self._stored
        self._tell([] if known is None else findings(self._criteria, known, swings))
        self._origin.setText("" if known is None else known.origin)
        self.moved.emit(self.now)

    def _tell(self, sentences: Sequence[str]) -> None:
        if self._told == list(sentences):
            return
        self._told = list(sentences)
        cleared(self._findings)
        for sentence in sentences:
            self._findings.addWidget(note(sentence, "warn", "warning"))

    def write(self) -> None:
        """Write the swings as they stand as one edit; nothing where they are as stored."""
        self._wait.stop()
        chosen, known, swings = self._set, self._stored, self.swings
        if chosen is None or known is None or any(one.held for one in self.rows):
            return
        moved = [at for at, (now, was) in enumerate(zip(swings, known.swings, strict=True)) if abs(now - was) > 1e-9]
        if not moved or isinstance(weights_of(swings), ScoringError):
            return
        given = range(len(swings)) if not known.complete else moved
        changed = {self._criteria[at].code: Answer(swing=swings[at]) for at in given}
        names = ", ".join(self._criteria[at].name for at in moved)
        label_ = self.tr("Weigh {0} in {1}").format(names, chosen.code)
        self._document.act(lambda: set_swings(self._document.inputs, chosen, changed), label_)

    def _choose_set(self, _place: int) -> None:
        launch = self._document.launch
        self.write()
        if launch is not None:
            self.show_launch(launch, self._found)

    def _use(self) -> None:
        launch, chosen = self._document.launch, self.weight_set
        if launch is not None and chosen is not None:
            words = self.tr("Use weight set {0}").format(chosen.code)
            self._document.act(lambda: use(launch, chosen), words)

    def _add_set(self) -> None:
        AddForm(self._document, WeightSet, parent=self).exec()

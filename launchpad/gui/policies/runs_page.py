"""The tab of runs: each with what it measures, two of them compared, and a new one begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from launchpad.errors import LaunchpadError
from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.evidence.grids import grid, show_lines
from launchpad.gui.jobs import Progress
from launchpad.gui.pieces import button, column, empty, label
from launchpad.gui.policies.page import Page
from launchpad.gui.policies.run_question import RunQuestion, agreed
from launchpad.gui.policies.running import Running
from launchpad.gui.policies.study import tr
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import TIGHT
from launchpad.records import GoldSet, Inputs, Policy, PolicyRun, PolicyVersion, RunAnswer
from launchpad.records.policies import RENDERINGS, RUN_STATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from launchpad.results.policy_compared import Compared
    from launchpad.results.policy_runs import Group, Measured

MEASURES = ("recall", "fpr", "precision", "f1", "mcc")


def runs_of(inputs: Inputs, policy: Policy) -> list[PolicyRun]:
    """The runs of all versions of a policy, the newest first."""
    versions = inputs.children(PolicyVersion, "policy", policy.id)
    found = [run for version in versions for run in inputs.children(PolicyRun, "policy_version", version.id)]
    return sorted(found, key=lambda run: (run.started or "", run.code), reverse=True)


def measures_of(inputs: Inputs, runs: Sequence[PolicyRun], progress: Progress) -> dict[int, Measured | str]:
    """What each run measures, at the threshold kept for it; or why it measures nothing."""
    from launchpad.results.policy_runs import measured

    found: dict[int, Measured | str] = {}
    for place, run in enumerate(runs):
        progress(place / len(runs), tr("Measuring runs"))
        try:
            found[run.id] = measured(inputs, run, run.threshold)
        except LaunchpadError as error:
            found[run.id] = str(error)
    return found


def rows(inputs: Inputs, runs: Sequence[PolicyRun], known: Mapping[int, Measured | str]) -> list[Row]:
    """A row for each run."""
    return [Row(run.id, {"run": run}, _figures(inputs, run, known.get(run.id))) for run in runs]


def _figures(inputs: Inputs, run: PolicyRun, found: Measured | str | None) -> dict[str, words.Cell]:
    whole = found.whole if found is not None and not isinstance(found, str) else None
    return {
        "code": run.code,
        "version": inputs.part(run, "policy_version"),
        "model": run.model,
        "host": run.host,
        "rendering": words.translate("records", RENDERINGS[run.rendering]),
        "status": words.translate("records", RUN_STATES[run.status]),
        "n": len(inputs.children(RunAnswer, "run", run.id)),
        "recall": measure_words(whole, "recall"),
        "fpr": measure_words(whole, "fpr"),
        "threshold": run.threshold,
        "set": inputs.part(run, "gold_set"),
    }


def measure_words(group: Group | None, name: str) -> str:
    """A measure with its interval; nothing where it is not defined."""
    if group is None or getattr(group.measures, name) is None:
        return words.NOTHING
    value, interval = getattr(group.measures, name), group.intervals.get(name)
    shown = f"{value:.2f}".replace("-", words.MINUS)
    return shown if interval is None else f"{shown} ({interval.low:.2f}{words.DASH}{interval.high:.2f})"


def columns() -> list[Column]:
    """The columns of the list of runs."""
    texts = (
        ("code", tr("Run"), 8),
        ("model", tr("Model"), 16),
        ("host", tr("Host"), 16),
        ("version", tr("Version"), 9),
        ("rendering", tr("Rendering"), 15),
        ("status", tr("Status"), 10),
    )
    figures = (
        ("n", tr("Answers"), 8),
        ("recall", tr("Recall"), 15),
        ("fpr", tr("False positives"), 15),
        ("threshold", tr("Threshold"), 9),
    )
    return [
        *(figure_column(key, title, right=False, width=width) for key, title, width in texts),
        *(figure_column(key, title, width=width) for key, title, width in figures),
        figure_column("set", tr("Gold set"), right=False, width=10),
    ]


class RunsPage(Page):
    """What runs measure is drawn in the background; the chosen one unfolds below, and two chosen ones are compared."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.known: dict[int, Measured | str] = {}
        self._head = ""
        self.running: Running | None = None
        self.model = TableModel(columns(), parent=self)
        self.start = button(tr("R&un …"), self.ask, icon="add")
        nothing = empty(
            tr("No run yet"),
            tr(
                "A run puts the compiled policy to a model, item by item of a gold set, and measures its recall and "
                "its false alarms. It needs a gold set with settled labels: import labels under Agreement first."
            ),
            button(tr("R&un …"), self.ask, part="main"),
            icon="policies",
        )
        self.pane = TablePane(self.model, tr("Runs"), f"{document.memory}/policy runs", nothing)
        self.compare = button(tr("Co&mpare two"), self._compare, tip=tr("Choose two runs with Ctrl"))
        self.pane.add_tools(self.compare, self.start)
        self.pane.view.selectionModel().selectionChanged.connect(self._show_chosen)
        self.said = label("", wrap=True)
        titles = [tr("Of"), tr("Items"), tr("Recall"), tr("False positives"), tr("Precision"), tr("F1"), tr("MCC")]
        self.groups = grid(tr("Measures of the run"), titles)
        below = QWidget()
        inner = column(self.said, self.groups, gap=TIGHT)
        inner.setStretch(1, 1)
        below.setLayout(inner)
        split = QSplitter(Qt.Orientation.Vertical)
        for part in (self.pane, below):
            split.addWidget(part)
        split.setChildrenCollapsible(False)
        outer = column(split)
        outer.setContentsMargins(0, TIGHT, 0, 0)
        self.setLayout(outer)

    def fill(self, version: PolicyVersion) -> None:
        """Show the runs of the policy, and begin to measure them anew where something changed."""
        inputs = self.document.inputs
        runs = runs_of(inputs, inputs.get(Policy, version.policy))
        self.pane.fill(rows(inputs, runs, self.known))
        self._show_chosen()
        if self._head == inputs.head or not runs:
            return
        head = self._head = inputs.head

        def done(found: dict[int, Measured | str]) -> None:
            if self._head == head:
                self.known = found
                self.pane.fill(rows(inputs, runs, found))
                self._show_chosen()

        self.document.begin(tr("Measuring runs"), lambda progress: measures_of(inputs, runs, progress), done)

    def chosen_runs(self) -> list[PolicyRun]:
        """The runs of the selected lines."""
        return [one for one in chosen_parts(self.pane.view, "run") if isinstance(one, PolicyRun)]

    def _show_chosen(self, *_what: object) -> None:
        chosen = self.chosen_runs()
        self.compare.setEnabled(len(chosen) == 2)
        found = self.known.get(chosen[0].id) if chosen else None
        if found is None or isinstance(found, str):
            self.said.setText(found or (tr("Choose a run to see what it measures.") if self.model.rows else ""))
            show_lines(self.groups, [])
            return
        outcomes = ", ".join(f"{name} {count}" for name, count in sorted(found.outcomes.items()))
        notes = [tr("Run {0}: {1}. Without a settled label: {2}.").format(found.run, outcomes, found.unlabelled)]
        self.said.setText(" ".join((*notes, *found.notes)))
        groups = (found.whole, *found.groups)
        lines = [(one.name, str(one.items), *(measure_words(one, name) for name in MEASURES)) for one in groups]
        show_lines(self.groups, lines, right=range(1, 7))

    def _compare(self) -> None:
        chosen, inputs = self.chosen_runs(), self.document.inputs
        if len(chosen) != 2:
            return

        def work(progress: Progress) -> object:
            from launchpad.results.policy_runs import compared

            progress(0.0, tr("Comparing runs"))
            return compared(inputs, chosen[0], chosen[1])

        self.document.begin(tr("Comparing runs"), work, self._show_compared)

    def _show_compared(self, found: Compared) -> None:
        self.said.setText(compared_words(found))

    def ask(self) -> None:
        """Ask where the version is to be tried, show what would leave, and begin once that is agreed to."""
        from launchpad.policies.run import departure

        version, document = self.version, self.document
        if version is None:
            return
        if not document.inputs.children(GoldSet, "policy", version.policy):
            document.told.emit(tr("The policy has no gold set yet: All tables, Gold sets, adds one."))
            return
        asked = RunQuestion(document.inputs, version, self)
        if not asked.exec():
            return
        try:
            wish, key = asked.wish(), asked.key()
            leaving = departure(document.inputs, wish)
        except LaunchpadError as error:
            document.refused.emit(error)
            return
        if agreed(leaving, self):
            self.running = Running(document, wish, key)
            self.start.setEnabled(False)
            self.running.ended.connect(self._over)

    def _over(self, _code: str) -> None:
        self.start.setEnabled(True)


def compared_words(found: Compared) -> str:
    """Two runs in sentences: in what they differ, which is right where, how often the verdict flips."""
    right = found.right
    said = [
        tr("{0} and {1} differ in {2}.").format(found.first, found.second, ", ".join(found.differ) or words.NOTHING),
        tr("Right: both {0}, only {1} {2}, only {3} {4}, neither {5} (exact McNemar p {6}).").format(
            right.both, found.first, right.only_first, found.second, right.only_second, right.neither, f"{right.p:.3g}"
        ),
    ]
    if found.flip_rate is not None and found.interval is not None:
        low, high = (words.percent(end) for end in found.interval)
        flips = tr("The verdict flips on {0} of {1} items: {2} (95 % {3} to {4}).")
        said.append(flips.format(found.flips, found.both, words.percent(found.flip_rate), low, high))
    return " ".join(said)

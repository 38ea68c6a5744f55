"""Suggested links, each with its reason: accept, accept all of a rule, always, or dismiss; and what is not linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.links import address, confirm, rule_from, suggestions, unlinked
from launchpad.edits.suggestion import Suggestion
from launchpad.gui import words
from launchpad.gui.columns import Column, Row, field_column, figure_column
from launchpad.gui.document import Document
from launchpad.gui.evidence.numbers import tr, value_text
from launchpad.gui.jobs import Job, Progress
from launchpad.gui.pieces import button, empty, label
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import GAP
from launchpad.gui.words import Cell
from launchpad.records import EvalResult, Evaluation, Inputs, Record
from launchpad.records.links import LINK_ROLES, NEARNESS


@dataclass(frozen=True)
class Suggested:
    """What could be linked now: suggestions by their address, and results that are evidence for nothing."""

    suggestions: dict[str, Suggestion]
    rows: list[Row]
    unlinked: list[Row]


def found(inputs: Inputs, launch_id: int, dismissed: frozenset[str]) -> Suggested:
    """The suggestions for a launch without those dismissed, and its unlinked results."""
    offered = {address(inputs, made): made for made in suggestions(inputs, launch_id)}
    kept = {name: made for name, made in offered.items() if name not in dismissed}
    rows = [_row(inputs, place, name, made) for place, (name, made) in enumerate(kept.items())]
    hinted = {made.result.id for made in kept.values()}
    alone = [
        Row(
            result.id,
            {"result": result, "evaluation": inputs.get(Evaluation, result.evaluation)},
            {
                "hinted": tr("Suggested above") if result.id in hinted else tr("No suggestion"),
                "value": value_text(result.value, result.unit),
            },
        )
        for result in unlinked(inputs, launch_id)
    ]
    return Suggested(kept, rows, alone)


def _row(inputs: Inputs, place: int, name: str, made: Suggestion) -> Row:
    evaluation = inputs.get(Evaluation, made.result.evaluation)
    target = made.target
    figures: dict[str, Cell] = {
        "address": name,
        "result": f"{made.result.code}  {evaluation.name}" + (f" · {made.result.part}" if made.result.part else ""),
        "value": value_text(made.result.value, made.result.unit),
        "target": f"{inputs.address(target)}  {getattr(target, 'name', '')}".strip(),
        "role": words.translate("records", LINK_ROLES.get(made.role, made.role)),
        "relevance": made.relevance,
        "near": ", ".join(
            f"{title} {words.translate('records', NEARNESS[near]).lower()}"
            for title, near in (
                (tr("build"), made.snapshot),
                (tr("surface"), made.surface),
                (tr("language"), made.language),
            )
        ),
        "sure": tr("Machine-made") if made.by_machine else tr("Strong") if made.strong else tr("Weak"),
        "reason": made.reason,
        "source": made.source,
    }
    return Row(place, {"result": made.result, "evaluation": evaluation, "target": target}, figures)


class SuggestionsPage(QWidget):
    """`counted` tells how many suggestions there are."""

    counted = Signal(int)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._key: tuple[object, ...] | None = None
        self._job: Job | None = None
        self.suggestions: dict[str, Suggestion] = {}
        nothing = empty(
            self.tr("Nothing to suggest"),
            self.tr("Suggestions come from your rules and from published maps between taxonomies and harnesses."),
            icon="evidence",
        )
        self.model = TableModel(_columns(), parent=self)
        self.pane = TablePane(self.model, self.tr("Suggested links"), f"{document.memory}/suggested", nothing)
        self.accept = button(self.tr("&Accept"), self._accept, icon="met", part="main")
        self.all = button(
            self.tr("Accept all of this &source"),
            self._accept_all,
            tip=self.tr("Every suggestion that rests on the same rule or map as the chosen one"),
        )
        self.always = button(
            self.tr("Al&ways"),
            self._always,
            tip=self.tr("Accept, and make a rule: results like this are always linked so"),
        )
        self.dismiss = button(self.tr("Dis&miss"), self._dismiss)
        self.back = button(self.tr("Show dismissed"), self._bring_back, part="link")
        self.pane.add_tools(self.back, self.dismiss, self.always, self.all, self.accept)
        self.reason = label("", wrap=True, tone="muted")
        self.alone_model = TableModel(_alone_columns(lambda: document.inputs), parent=self)
        why = self.tr("Results of new imports that are evidence for nothing yet are listed here.")
        every = empty(self.tr("Every result is linked"), why, icon="met")
        self.alone = TablePane(self.alone_model, self.tr("Not linked"), f"{document.memory}/unlinked", every)
        self.alone.tools.insertWidget(0, label(self.tr("Results that are evidence for nothing yet"), "strong"))
        self._lay_out()
        self.pane.view.selectionModel().selectionChanged.connect(self._show_state)
        self.pane.view.tell_opened("result", document.sought.emit)
        self.alone.view.tell_opened("result", document.sought.emit)
        self._show_state()

    def _lay_out(self) -> None:
        top = QWidget()
        upper = QVBoxLayout(top)
        upper.setContentsMargins(0, 0, 0, 0)
        upper.addWidget(self.pane, 1)
        upper.addWidget(self.reason)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(top)
        split.addWidget(self.alone)
        split.setSizes([340, 190])
        split.setChildrenCollapsible(False)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, GAP, 0, 0)
        inner.addWidget(split)

    def refresh(self) -> None:
        """Look for suggestions anew, in the background, when anything has changed."""
        launch, inputs = self._document.launch, self._document.inputs
        dismissed = self._dismissed()
        key = (inputs.head, None if launch is None else launch.id, dismissed)
        if key == self._key:
            return
        self._key = key
        if launch is None:
            self._show(Suggested({}, [], []))
            return
        if self._job is not None:
            self._job.cancel()

        def work(_progress: Progress) -> object:
            return found(inputs, launch.id, dismissed)

        def done(offered: Suggested) -> None:
            if self._key == key:
                self._show(offered)

        self._job = self._document.begin(self.tr("Looking for links"), work, done)

    def _show(self, offered: Suggested) -> None:
        self._job = None
        self.suggestions = offered.suggestions
        self.pane.fill(offered.rows)
        self.alone.fill(offered.unlinked)
        if self.pane.view.current_row() is None and offered.rows:
            self.pane.view.setCurrentIndex(self.model.index(0, 0))
        self.counted.emit(len(offered.suggestions))
        self._show_state()

    def chosen(self) -> list[Suggestion]:
        """The chosen suggestions."""
        names = (str(row.figures["address"]) for row in self.pane.view.chosen_rows())
        return [self.suggestions[name] for name in names if name in self.suggestions]

    def _show_state(self, *_what: object) -> None:
        chosen = self.chosen()
        for one in (self.accept, self.all, self.always, self.dismiss):
            one.setEnabled(bool(chosen))
        self.reason.setText(chosen[0].reason if chosen else "")
        self.reason.setVisible(bool(chosen))
        dismissed = len(self._dismissed())
        self.back.setVisible(bool(dismissed))
        self.back.setText(self.tr("Show {0} dismissed").format(dismissed))

    def _accept(self) -> None:
        self._confirm(self.chosen())

    def _accept_all(self) -> None:
        sources = {made.source for made in self.chosen()}
        self._confirm([made for made in self.suggestions.values() if made.source in sources])

    def _confirm(self, chosen: Sequence[Suggestion], more: Sequence[Change] = ()) -> None:
        launch, inputs = self._document.launch, self._document.inputs
        if launch is not None and chosen:
            title = self.tr("Link {0} results as suggested").format(len({made.result.id for made in chosen}))
            self._document.act(lambda: [*more, *confirm(inputs, launch.id, chosen)], title)

    def _always(self) -> None:
        """Make a rule of each chosen suggestion, and link what it is made from."""
        inputs, launch, chosen = self._document.inputs, self._document.launch, self.chosen()
        if launch is None:
            return
        for made in chosen:
            title = self.tr("Always link results like {0}").format(inputs.address(made.result))
            if not self._document.act(partial(_rule_and_link, self._document, launch.id, made), title):
                return

    def _memory(self) -> str:
        launch = self._document.launch
        return f"{self._document.memory}/dismissed/{'' if launch is None else launch.id}"

    def _dismissed(self) -> frozenset[str]:
        stored = str(QSettings().value(self._memory(), ""))
        return frozenset(name for name in stored.split("\n") if name)

    def _dismiss(self) -> None:
        names = {str(row.figures["address"]) for row in self.pane.view.chosen_rows()}
        QSettings().setValue(self._memory(), "\n".join(sorted(self._dismissed() | names)))
        self.refresh()

    def _bring_back(self) -> None:
        QSettings().remove(self._memory())
        self.refresh()


def _rule_and_link(document: Document, launch_id: int, made: Suggestion) -> list[Change]:
    """The changes that make a rule of a suggestion and link its result."""
    now = document.inputs
    rule = rule_from(
        now,
        made.result,
        made.target,
        role=made.role,
        whole_area=False,
        relevance=made.relevance,
        surface=made.surface,
        language=made.language,
    )
    return [*rule, *confirm(now, launch_id, [made])]


def _plain(value: Cell) -> str:
    return "" if value is None else str(value)


def _columns() -> list[Column]:
    def figure(key: str, title: str, width: int) -> Column:
        return figure_column(key, title, text=_plain, right=False, width=width)

    return [
        figure("result", tr("Result"), 36),
        figure_column("value", tr("Value"), text=_plain, width=7),
        figure("role", tr("Evidence for"), 20),
        figure("target", tr("What"), 28),
        figure_column("relevance", tr("Relevance"), width=8),
        figure("sure", tr("How sure"), 12),
        figure("near", tr("Compared with what goes out"), 34),
        figure("reason", tr("Reason"), 50),
        figure("source", tr("Rule or map"), 24),
    ]


def _alone_columns(inputs: object) -> list[Column]:
    def result(name: str, record: type[Record] = EvalResult, part: str = "result", **options: object) -> Column:
        return field_column(inputs, record, name, part=part, read_only=True, **options)  # pyright: ignore[reportArgumentType] - passed on as given

    return [
        result("code", width=8),
        result("name", Evaluation, "evaluation", width=34),
        result("part", width=16),
        result("model", width=18),
        figure_column("value", tr("Value"), text=_plain, width=8),
        result("n", width=6, title="n"),
        result("harness", width=12),
        result("tags", width=24),
        figure_column("hinted", tr("Suggestion"), text=_plain, right=False, width=16),
    ]

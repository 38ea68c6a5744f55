"""The evidence screen: drop or import results, confirm directions, link them to scenarios, read the forest plot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QVBoxLayout, QWidget

from launchpad.changes import Change
from launchpad.edits.evidence import confirm_polarity, link
from launchpad.edits.records import set_values
from launchpad.gui import words
from launchpad.gui.asking import Question
from launchpad.gui.document import Document
from launchpad.gui.evidence.columns import result_columns, states
from launchpad.gui.evidence.numbers import evaluations_of, rows, scenarios_to_offer, with_state
from launchpad.gui.pieces import button, empty
from launchpad.gui.screen import Screen
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import chosen_parts
from launchpad.gui.theme import GAP, WIDE
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Record, Scenario, field_of
from launchpad.records.links import NEARNESS


class EvidenceScreen(Screen):
    """Results of every harness in one table; what is missing before one counts is said beside it."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "")
        self.setAccessibleName(self.tr("Evidence"))
        self.model = TableModel(result_columns(lambda: document.inputs), document.write, self)
        first = button(self.tr("&Import evidence …"), lambda: self.acted.emit("import"), part="main")
        nothing = empty(
            self.tr("No evidence yet"),
            self.tr(
                "Drop evaluation logs, or tables of results as CSV or Excel, on this window. "
                "Then link each result to the scenario it speaks about."
            ),
            first,
            icon="evidence",
        )
        self.pane = TablePane(self.model, self.tr("Results"), f"{document.memory}/evidence", nothing)
        self.only = self._state_choice()
        self.pane.tools.insertWidget(3, self.only)
        self.confirm = button(self.tr("&Confirm direction"))
        self.confirm.setMenu(self._directions())
        self.link = button(self.tr("&Link to scenario …"), self._link)
        self.supersede = button(self.tr("Mark &superseded"), self._supersede)
        bring = button(self.tr("&Import …"), lambda: self.acted.emit("import"), icon="import")
        self.pane.add_tools(self.confirm, self.link, self.supersede, bring)
        self.pane.view.selectionModel().selectionChanged.connect(self._show_state)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(WIDE, GAP, WIDE, GAP)
        inner.addWidget(self.pane)
        self._show_state()

    def _state_choice(self) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(self.tr("Show results that"))
        made.addItem(self.tr("All results"), "")
        for state, title in states().items():
            made.addItem(title, state)
        made.currentIndexChanged.connect(self.refresh)
        return made

    def _directions(self) -> QMenu:
        menu = QMenu(self)
        for polarity, title in (
            ("lower", self.tr("&Lower is better: a 1 is a failure")),
            ("higher", self.tr("&Higher is better: a 0 is a failure")),
        ):
            action = menu.addAction(title)
            action.triggered.connect(lambda _=False, polarity=polarity: self.confirm_direction(polarity))
        return menu

    def refresh(self) -> None:
        """Show every result as it stands in this launch."""
        found = rows(self.document.inputs, self.document.launch)
        if found:
            found = with_state(found, str(self.only.currentData()))
        self.pane.fill(found)
        self._show_state()

    def _results(self) -> list[EvalResult]:
        return [row for row in chosen_parts(self.pane.view, "result") if isinstance(row, EvalResult)]

    def _show_state(self, *_what: object) -> None:
        chosen = self._results()
        has_scenarios = bool(self.document.rows(Scenario))
        self.confirm.setEnabled(bool(chosen))
        self.link.setEnabled(bool(chosen) and has_scenarios)
        self.supersede.setEnabled(bool(chosen))
        all_superseded = bool(chosen) and all(result.superseded for result in chosen)
        self.supersede.setText(self.tr("&Not superseded") if all_superseded else self.tr("Mark &superseded"))

    def confirm_direction(self, polarity: str) -> None:
        """Say which direction is good for the evaluations of the chosen results."""
        inputs = self.document.inputs
        found = evaluations_of(inputs, self._results())
        names = ", ".join(evaluation.code for evaluation in found)
        self.document.act(
            lambda: [change for one in found for change in confirm_polarity(one, polarity)],
            self.tr("Confirm direction of {0}").format(names),
        )

    def _supersede(self) -> None:
        chosen = self._results()
        to = not all(result.superseded for result in chosen)
        self.document.act(
            lambda: [change for result in chosen for change in set_values(result, superseded=to)],
            self.tr("Mark {0} results superseded").format(len(chosen)) if to else self.tr("Take back superseded"),
        )

    def _link(self) -> None:
        launch = self.document.launch
        if launch is None:
            return
        asked = LinkQuestion(scenarios_to_offer(self.document.inputs, launch.id), self)
        if asked.exec():
            self.link_chosen(asked.scenario(), asked.judgement)

    def link_chosen(self, code: str, judgement: Callable[[], Mapping[str, object]] = dict) -> None:
        """Make the chosen results evidence for a scenario."""
        launch, inputs, chosen = self.document.launch, self.document.inputs, self._results()
        if launch is None:
            return

        def changes() -> list[Change]:
            scenario, given = inputs.find(Scenario, code, launch.id), judgement()
            return [one for result in chosen for one in link(inputs, launch.id, result, scenario, **given)]

        codes = ", ".join(result.code for result in chosen)
        self.document.act(changes, self.tr("Link {0} to {1}").format(codes, code))

    def reveal(self, record: Record) -> bool:
        """Choose a result, or the first result of an evaluation."""
        wanted = record
        if isinstance(record, Evaluation):
            found = self.document.inputs.children(EvalResult, "evaluation", record.id)
            if not found:
                return False
            wanted = found[0]
        if not isinstance(wanted, EvalResult):
            return False
        self.only.setCurrentIndex(0)
        self.refresh()
        return self.pane.view.choose(wanted.id)


class LinkQuestion(Question):
    """Asks which scenario results speak about, and how near what was tested is to what goes out."""

    def __init__(self, scenarios: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.introduce(
            self.tr("Link to scenario"),
            self.tr(
                "The chosen results become evidence of how often this scenario's violation happens. "
                "What is only near counts half, what is different a quarter."
            ),
            self.tr("&Link"),
        )
        self._scenario = self.choice(self.tr("&Scenario"), scenarios)
        nearness = [(words.translate("records", title), name) for name, title in NEARNESS.items()]
        self._near = {name: self.choice(_title(name), nearness) for name in ("snapshot", "surface", "language")}
        self._relevance: QLineEdit = self.line(self.tr("&Relevance, 0 to 1"), "1")
        self._reason: QLineEdit = self.line(self.tr("R&eason"), needed=False)

    def scenario(self) -> str:
        """The code of the scenario."""
        return str(self._scenario.currentData())

    def judgement(self) -> dict[str, object]:
        """The other fields of the link."""
        from launchpad.edits.values import parse

        declared = field_of(EvidenceLink, "relevance")
        relevance = self._relevance.text()
        return {
            **{name: str(box.currentData()) for name, box in self._near.items()},
            "relevance": 1.0 if declared is None else parse(declared, words.plain(declared, relevance)),
            "reason": self._reason.text().strip() or None,
        }


def _title(name: str) -> str:
    declared = field_of(EvidenceLink, name)
    return name if declared is None else words.translate("records", declared.label)

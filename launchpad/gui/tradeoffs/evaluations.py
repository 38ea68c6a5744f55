"""The tab with what to evaluate next: what the answer is worth, in all and per day of work, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.factors import FactorTree
from launchpad.gui.pieces import button, column, empty, label
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import TIGHT
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.gui.tradeoffs.numbers import Study
from launchpad.gui.tradeoffs.page import Page
from launchpad.gui.tradeoffs.ranking import row_id
from launchpad.gui.tradeoffs.why import explained
from launchpad.gui.words import Cell
from launchpad.records import Evaluation

if TYPE_CHECKING:
    from launchpad.scoring.next_evaluations import NextEvaluation
    from launchpad.scoring.why import Factor


class EvaluationsPage(Page):
    """The evaluation worth most per day first."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.model = TableModel(columns(), parent=self)
        nothing = empty(
            self.tr("No decision to inform"),
            self.tr(
                "An evaluation is worth something when a gate or a limit on a scenario depends on its answer. "
                "Set a gate for a scenario, and link results to it."
            ),
            button(self.tr("Set a &gate"), lambda: self.acted.emit("table gate"), part="main"),
            icon="evidence",
        )
        self.pane = TablePane(self.model, self.tr("Next evaluations"), f"{document.memory}/next", nothing)
        self.pane.view.row_chosen.connect(self._explain)
        self.pane.view.tell_opened("evaluation", document.sought.emit)
        self._title = label("", "strong")
        self.why = FactorTree(document, self.tr("Why this evaluation"))
        lower = QWidget()
        lower.setLayout(column(self._title, self.why, gap=TIGHT))
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.pane)
        split.addWidget(lower)
        split.setSizes([270, 220])
        split.setChildrenCollapsible(False)
        self.setLayout(column(split))

    def fill(self) -> None:
        """Show what the study says of every evaluation."""
        if self.study is None:
            return
        known = {row.code: row for row in self.document.inputs.rows(Evaluation)}
        self.pane.fill([_row(place, one, known) for place, one in enumerate(self.study.evaluations, start=1)])
        if self.pane.view.current_row() is None and self.model.rowCount():
            self.pane.view.setCurrentIndex(self.model.index(0, 0))
        self._explain(self.pane.view.current_row())

    def _explain(self, chosen: Row | None) -> None:
        study = self.study
        code = None if chosen is None else chosen.figures["code"]
        found = None if study is None else next((one for one in study.evaluations if one.evaluation == code), None)
        if found is None or study is None:
            self._title.setText("")
            self.why.show_factor(None, self.tr("Choose an evaluation to see what its worth rests on."))
            return
        self._title.setText(f"{found.evaluation}  {found.name}")
        self.why.show_factor(factors(self.document, study, found))

    def reveal(self, code: str) -> bool:
        """Choose an evaluation."""
        return self.pane.view.choose(row_id(code))


def _row(place: int, one: NextEvaluation, known: dict[str, Evaluation]) -> Row:
    return Row(
        row_id(one.evaluation),
        {"evaluation": known.get(one.evaluation)},
        {
            "place": place,
            "code": one.evaluation,
            "name": one.name,
            "n": one.n,
            "effective": one.effective,
            "evsi": one.evsi,
            "evpi": one.evpi,
            "days": one.days,
            "per_day": one.per_day,
            "decisions": ", ".join(one.decisions),
            "settles": "; ".join(one.settles),
        },
    )


def columns() -> list[Column]:
    """What is run, what it costs, what it is worth, and to which decisions."""
    return [
        figure_column("place", tr("Run"), width=4, help=tr("1 is to be run first.")),
        figure_column("code", tr("Code"), right=False, width=8),
        figure_column("name", tr("Evaluation"), right=False, width=32),
        figure_column("n", tr("Samples"), width=7),
        figure_column("effective", tr("Count as"), width=8, help=tr("Independent samples the runs would be worth.")),
        figure_column(
            "evsi", tr("Worth"), width=9, text=_worth, help=tr("What its answer saves on average, in harm units.")
        ),
        figure_column("days", tr("Days"), width=9, text=_days, help=tr("Person-days of all teams.")),
        figure_column("per_day", tr("Worth a day"), width=10, text=_worth),
        figure_column("decisions", tr("Decisions"), right=False, width=18, text=_words),
        figure_column(
            "settles",
            tr("Settles"),
            right=False,
            width=26,
            text=_words,
            help=tr("Open determinations it is needed for."),
        ),
        figure_column(
            "evpi", tr("Worth of certainty"), width=12, help=tr("What knowing the answer exactly would save.")
        ),
    ]


def _words(value: Cell) -> str:
    return str(value or "")


def _worth(value: Cell) -> str:
    return words.number(value) if isinstance(value, int | float) and value else words.NOTHING


def _days(value: Cell) -> str:
    return tr("not said") if value is None else words.number(value) if isinstance(value, int | float) else words.NOTHING


def factors(document: Document, study: Study, one: NextEvaluation) -> Factor:
    """Why an evaluation is worth what it is: its samples and days, and each decision down to its evidence."""
    from launchpad.scoring.why import Factor

    source = f"evaluation {one.evaluation}"
    decisions = [_decision(document, study, said) for said in (*one.decisions, *one.settles)]
    return Factor(
        tr("What its answer saves on average"),
        one.evsi,
        "computed",
        source,
        tr("harm units: launch or hold is decided better"),
        (
            Factor(tr("Worth of knowing exactly"), one.evpi, "computed", source, tr("no run can be worth more")),
            Factor(tr("Samples"), float(one.n), "stated", source),
            Factor(tr("Count as independent"), float(one.effective), "computed", source, tr("clusters, relevance")),
            Factor(tr("Person-days"), one.days, "stated", source),
            *decisions,
        ),
    )


def _decision(document: Document, study: Study, said: str) -> Factor:
    """What is known of a decision such as "G-01 of R-004": its gate, else its tolerance, and its scenario below it."""
    from launchpad.scoring.why import Factor

    code, _, scenario = said.partition(",")[0].partition(" of ")
    tree, _ = explained(document, study, code)
    if tree is None:
        tree = Factor(tr("Tolerance {0}").format(code), None, "stated", f"tolerance {code}")
    why, _ = explained(document, study, scenario) if scenario else (None, "")
    parts = tree.parts if why is None else (*tree.parts, why)
    return Factor(f"{said}: {tree.label}", tree.value, tree.kind, tree.source, tree.note, parts)

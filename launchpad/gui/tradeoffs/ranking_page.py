"""The tab with the ranking: how often each mitigation takes the first ranks, beside the weights that move it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from launchpad.gui import theme, words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.pieces import button, cleared, column, empty, label
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import TIGHT, Tone
from launchpad.gui.tradeoffs import bands
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.gui.tradeoffs.page import Page
from launchpad.gui.tradeoffs.ranking import Ranked, band_shares, dominators, duels, row_id, rows
from launchpad.gui.tradeoffs.weights import WeightsPanel
from launchpad.gui.tradeoffs.why import WhyPanel
from launchpad.gui.words import Cell
from launchpad.records import Criterion, Mitigation

SURE, UNSURE = 0.8, 0.2


class RankingPage(Page):
    """Ranks and values follow the sliders at once; how often each rank is taken follows when they are drawn anew."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._shares: dict[int, list[float]] = {}
        self.model = TableModel(self._columns(), parent=self)
        nothing = empty(
            self.tr("No mitigations to weigh"),
            self.tr("Add mitigations with their effects; they are then ranked by all that counts."),
            icon="mitigations",
        )
        self.pane = TablePane(self.model, self.tr("Ranking"), f"{document.memory}/ranking", nothing)
        self.pane.view.row_chosen.connect(self._chosen)
        self.pane.view.tell_opened("mitigation", document.sought.emit)
        self.notes = label("", "small", tone="muted", wrap=True)
        self.weights = WeightsPanel(document)
        self.weights.moved.connect(self._moved)
        self.weights.wanted.connect(lambda: self.acted.emit("table criterion"))
        self.duels = TableModel(
            [
                figure_column("code", self.tr("Against"), right=False, width=8),
                figure_column("name", self.tr("Name"), right=False, width=24),
                figure_column("wins", self.tr("Worth more in"), text=_percent, width=9),
            ],
            parent=self,
        )
        self.why = WhyPanel(document)
        self._about = QVBoxLayout()
        self._about.setSpacing(TIGHT)
        self._lay_out()
        self.pane.sort_first("place")

    def _lay_out(self) -> None:
        left = QWidget()
        inner = column(self.pane, gap=TIGHT)
        inner.setStretch(0, 1)
        inner.addWidget(bands.BandLegend())
        inner.addWidget(self.notes)
        left.setLayout(inner)
        view = TableView(self.duels, self.tr("Against the others"))
        view.say_when_empty(self.tr("Only the sixty with the best expected ranks are compared in pairs."))
        about = QWidget()
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(view)
        split.addWidget(self.why)
        split.setSizes([190, 170])
        both = column(self._about, gap=TIGHT)
        both.addWidget(split, 1)
        about.setLayout(both)
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.addTab(self.weights, self.tr("Weights"))
        self.side.addTab(about, self.tr("The chosen one"))
        whole = QSplitter(Qt.Orientation.Horizontal)
        whole.addWidget(left)
        whole.addWidget(self.side)
        whole.setSizes([700, 390])
        whole.setChildrenCollapsible(False)
        self.set_up = button(self.tr("Set up &criteria"), lambda: self.acted.emit("criteria"), part="main")
        what = self.tr(
            "Criteria say what counts: risk, refusals, waiting, capability, cost, effort. Each has a worst and a best "
            "amount; weights then say how much the way between them counts. They are proposed from this launch."
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(whole)
        self._pages.addWidget(empty(self.tr("No criteria yet"), what, self.set_up, icon="tradeoffs"))
        self.setLayout(column(self._pages))

    def _columns(self) -> list[Column]:
        def paint(painter: QPainter, rect: QRect, row: Row) -> None:
            bands.draw_bar(painter, QRectF(rect), self._shares.get(row.id, []), theme.colours(), stale=self.drawn_stale)

        def text(row: Row) -> str:
            return bands.told(self._shares.get(row.id, []))

        bar = Column(
            key="first",
            title=tr("How often it is among the first"),
            help=tr(
                "Over weights spread evenly, in the order of the launch's weight set, and over what we do not know."
            ),
            value=lambda row: row.figures["first"],
            text=text,
            typed=text,
            paint=paint,
            width=27,
        )
        return [
            Column(
                key="place",
                title=tr("Rank"),
                help=tr("At the weights as the sliders stand; in brackets how far it moved from the stored ones."),
                value=lambda row: row.figures["place"],
                text=_place,
                typed=_place,
                right=True,
                width=7,
            ),
            figure_column("code", tr("Code"), right=False, width=7),
            figure_column("name", tr("Mitigation"), right=False, width=20),
            figure_column(
                "value", tr("Value"), width=6, help=tr("Worth it adds at means, of 100 between the anchors.")
            ),
            bar,
            figure_column("confidence", tr("Confidence"), text=_percent, width=8, tone=_tone, help=_confidence_help()),
            figure_column("dominated", tr("Note"), right=False, width=10, tone=_dominated_tone),
            figure_column("expected", tr("Mean rank"), width=7, help=tr("Over all draws.")),
            figure_column("central", tr("Best for weights like"), right=False, width=46),
        ]

    def fill(self) -> None:
        """Show the ranking of the study, and its weights."""
        study, launch = self.study, self.document.launch
        if study is None or launch is None:
            return
        self._pages.setCurrentIndex(0 if self.document.rows(Criterion) else 1)
        found = study.tradeoffs
        self._shares = {}
        if found is not None:
            self._shares = {row_id(code): band_shares(found, at) for at, code in enumerate(found.options.codes)}
        usable = found is not None and found.acceptability is not None
        self.weights.show_launch(launch, found if usable else None)
        if study.refused is not None:
            self.notes.setText(str(study.refused))
        elif found is None:
            self.notes.setText(self.tr("Drawing ranks …"))
        else:
            beside = {
                f"Weight set {one.weighed.code}: {said}" for one in found.sets for said in one.weighed.disagreements
            }
            notes = (note for note in found.notes if note not in beside)  # those are told beside the sliders
            self.notes.setText(" ".join((*notes, *self._order_words())))
        self._chosen(self.pane.view.current_row())

    def _order_words(self) -> list[str]:
        """What breaks the order: three that beat each other in a circle, a leader that should not change."""
        found = None if self.study is None else self.study.tradeoffs
        if found is None:
            return []
        said = [self.tr("{0} beats {1}, which beats {2}, which beats the first.").format(*one) for one in found.cycles]
        return said + [self.tr("Without {0} the best would be {1}.").format(*one) for one in found.reversals]

    def _moved(self, now: Ranked | None) -> None:
        found = None if self.study is None else self.study.tradeoffs
        if found is None or self.study is None:
            self.pane.fill([] if self.study is None or self.study.model.mitigations == () else self.model.rows)
            return
        known = {row.code: row for row in self.document.inputs.rows(Mitigation)}
        self.pane.fill(rows(found, now, self.weights.stored_ranks(), known))
        self.pane.view.viewport().update()
        if self.pane.view.current_row() is None and self.model.rowCount():
            self.pane.view.setCurrentIndex(self.model.index(0, 0))

    def _chosen(self, row: Row | None) -> None:
        code = None if row is None else str(row.figures["code"])
        self.why.show_code(self.study, code)
        cleared(self._about)
        found = None if self.study is None else self.study.tradeoffs
        if found is None or row is None or code not in found.options.codes:
            self.duels.show([])
            return
        names = dict[str, str]() if self.study is None else self.study.names
        pairs = duels(found, code)
        self.duels.show(
            [
                Row(row_id(other), {}, {"code": other, "name": names.get(other, ""), "wins": share})
                for other, share in pairs
            ]
        )
        self._about.addWidget(label(f"{code}  {names.get(code, '')}", "strong", wrap=True))
        for text in self._about_words(row, code):
            self._about.addWidget(label(text, "small", tone="muted", wrap=True))

    def _about_words(self, row: Row, code: str) -> list[str]:
        found = None if self.study is None else self.study.tradeoffs
        if found is None:
            return []
        said: list[str] = [bands.told(self._shares.get(row.id, []))]
        central, sure = row.figures["central"], row.figures["confidence"]
        if central is not None and isinstance(sure, float):
            words_ = self.tr("First for weights like {0}; with these it is first in {1} of draws.")
            said.append(words_.format(central, words.percent(sure)))
        else:
            said.append(self.tr("No weights make it the first."))
        better = dominators(found, found.options.codes.index(code))
        if better:
            said.append(self.tr("Dominated by {0}: as good or better in everything.").format(", ".join(better[:4])))
        return said

    def picture(self) -> Picture | None:
        """The bars in the order of the table."""
        found = None if self.study is None else self.study.tradeoffs
        if found is None or self.study is None or not found.options.codes:
            return None
        codes = [str(self.model.row_at(place).figures["code"]) for place in range(self.model.rowCount())]
        order = [found.options.codes.index(code) for code in codes if code in found.options.codes]
        names = [f"{code}  {self.study.names.get(code, '')}" for code in found.options.codes]
        title = self.tr("How often each mitigation is among the first")
        return bands.picture(found, order, names, title, self.notes.text())

    def reveal(self, code: str) -> bool:
        """Choose a mitigation."""
        return self.pane.view.choose(row_id(code))


def _confidence_help() -> str:
    return tr("How often it is the first with the weights that suit it best; low means that nobody can tell.")


def _percent(value: Cell) -> str:
    return words.percent(value) if isinstance(value, float) else words.NOTHING


def _place(row: Row) -> str:
    place, risen = row.figures["place"], row.figures["risen"]
    if not isinstance(place, int):
        return words.NOTHING
    if not isinstance(risen, int) or risen == 0:
        return str(place)
    return f"{place} ({'▲' if risen > 0 else '▼'}{abs(risen)})"


def _tone(row: Row) -> Tone | None:
    sure = row.figures["confidence"]
    return (
        "warn"
        if isinstance(sure, float) and sure < UNSURE
        else "good"
        if isinstance(sure, float) and sure >= SURE
        else None
    )


def _dominated_tone(row: Row) -> Tone | None:
    return "warn" if row.figures["dominated"] else None

"""Plans that could be had instead of the current one: trade-offs, launch dates, and what one more day is worth."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGridLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from launchpad.gui import theme, words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.pieces import button, column, empty, label, row
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_view import TableView
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.words import Cell
from launchpad.gui.workplan.numbers import tr
from launchpad.gui.workplan.picture_menu import picture_button
from launchpad.gui.workplan.point_chart import PointChart
from launchpad.gui.workplan.points import asked_words, dates, dates_legend, front, front_legend, points_of
from launchpad.records import Inputs, Launch, Plan, PlanPoint, Team, TeamPrice


def point_rows(inputs: Inputs, plan: Plan) -> list[Row]:
    """One row for each possible plan, trade-offs first."""
    return [_point_row(point) for kind in ("front", "date") for point in points_of(inputs, plan, kind)]


def _point_row(point: PlanPoint) -> Row:
    figures: dict[str, Cell] = {
        "kind": tr("Trade-off") if point.kind == "front" else tr("Launch date"),
        "asked": asked_words(point),
        "objective": point.objective,
        "gap": point.gap,
        "technical": point.technical,
        "reputational": point.reputational,
        "refused": point.over_refusal,
        "days": point.effort_days,
        "gates": "" if point.gates is None else f"{point.gates_met or 0} / {point.gates}",
    }
    return Row(point.id, {"plan_point": point}, figures)


def price_rows(inputs: Inputs, plan: Plan) -> list[Row]:
    """One row for each team, the one whose day is worth most first."""
    found = sorted(inputs.children(TeamPrice, "plan", plan.id), key=lambda row: -row.residual_per_day)
    most = max((row.residual_per_day for row in found), default=0.0)
    made: list[Row] = []
    for price in found:
        team = inputs.get(Team, price.team)
        share = price.residual_per_day / most if most > 0 else 0.0
        figures: dict[str, Cell] = {
            "team": f"{team.code}  {team.name}",
            "worth": price.residual_per_day,
            "share": share,
        }
        made.append(Row(price.id, {}, figures))
    return made


def _share(value: Cell) -> str:
    return words.percent(value, 3) if isinstance(value, int | float) else words.NOTHING


def _gap(value: Cell) -> str:
    """A gap; what the solver's own tolerance would explain is none."""
    return _share(round(value, 5)) if isinstance(value, float) else words.NOTHING


def point_columns() -> Iterator[Column]:
    """The columns of the table of possible plans."""
    yield figure_column("kind", tr("What differs"), right=False, width=10)
    yield figure_column("asked", tr("Asked for"), right=False, width=20)
    yield figure_column("objective", tr("Risk left"), text=_share, width=7, help=tr("Weighted, of today's."))
    yield figure_column("gap", tr("Gap"), text=_gap, width=8, help=tr("How far it may be from the best."))
    yield figure_column("technical", tr("Technical"), width=8)
    yield figure_column("reputational", tr("Reputation"), width=8)
    yield figure_column("refused", tr("Refused"), text=_share, width=7, help=tr("Share of benign requests."))
    yield figure_column("days", tr("Days"), width=5, help=tr("Person-days of all teams."))
    yield figure_column("gates", tr("Gates"), right=False, width=6, help=tr("Gates met of all."))


def _paint_worth(painter: QPainter, rect: QRect, found: Row) -> None:
    share, worth = found.figures.get("share"), found.figures.get("worth")
    if not isinstance(share, float) or not isinstance(worth, float):
        return
    colours = theme.colours()
    wide = max(0.0, (rect.width() - 90) * share)
    painter.fillRect(QRectF(rect.left() + 4, rect.top() + 6, wide, rect.height() - 12), QColor(colours.accent))
    painter.setPen(QColor(colours.text))
    text = words.percent(worth, 2)
    painter.drawText(
        QRectF(rect.left() + wide + 10, rect.top(), 84, rect.height()), Qt.AlignmentFlag.AlignVCenter, text
    )


class PossiblePage(QWidget):
    """`looked` asks to look around the plan, `wanted` carries the possible plan that is to be made."""

    looked = Signal()
    wanted = Signal(object)

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.front = PointChart(tr("Trade-offs between plans"))
        self.dates = PointChart(tr("Risk left by launch date"))
        self.points = TableModel(list(point_columns()), parent=self)
        self.table = TableView(self.points, tr("Possible plans"))
        self.table.row_opened.connect(self._open)
        self.prices = TableModel(_price_columns(), parent=self)
        self.worth = TableView(self.prices, tr("Worth of one more day"))
        self.worth.say_when_empty(tr("Not looked for yet."))
        self.front_legend, self.dates_legend = (label("", "small", tone="muted", wrap=True) for _ in range(2))
        self._looks = [
            button(tr("Explore a&gain"), self.looked.emit),
            button(tr("E&xplore"), self.looked.emit, part="main"),
        ]
        self.hint = label("", "small", tone="muted", wrap=True)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._charts())
        self._pages.addWidget(
            empty(
                tr("What else could be had"),
                tr(
                    "Exploring shows trade-offs between technical and reputational risk, refusals and work; what "
                    "another launch date would leave; what one more day of each team is worth; other plans nearly as "
                    "good; and how firmly each item belongs in. It takes about two minutes in the background and can "
                    "be stopped: what was found by then is kept."
                ),
                self._looks[1],
                icon="plan",
            )
        )
        for chart in (self.front, self.dates):
            chart.opened.connect(self.wanted)
            chart.chosen.connect(partial(self._choose_row, chart))
        self.table.row_chosen.connect(self._choose_point)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, TIGHT, 0, 0)
        inner.addWidget(self._pages)

    def _charts(self) -> QWidget:
        upper = QGridLayout()
        upper.setSpacing(TIGHT)
        upper.setContentsMargins(0, 0, 0, 0)
        for place, (title, chart, legend) in enumerate(
            (
                (tr("Trade-offs"), self.front, self.front_legend),
                (tr("Another launch date"), self.dates, self.dates_legend),
            )
        ):
            upper.addWidget(label(title, "strong"), 0, place)
            upper.addWidget(chart, 1, place)
            upper.addWidget(legend, 2, place)
            upper.setColumnStretch(place, 1)
        upper.setRowStretch(1, 1)
        above = QWidget()
        above.setLayout(upper)
        below = QSplitter(Qt.Orientation.Horizontal)
        below.addWidget(self.table)
        below.addWidget(self.worth)
        below.setSizes([740, 330])
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(above)
        split.addWidget(below)
        split.setSizes([340, 180])
        for each in (below, split):
            each.setChildrenCollapsible(False)
        charts = [(tr("trade-offs"), self._front_picture), (tr("launch dates"), self._dates_picture)]
        tools = row(self.hint, self._looks[0], picture_button(self._document, self, charts), gap=GAP)
        tools.setStretch(0, 1)
        inner = column(tools, gap=TIGHT)
        inner.addWidget(split, 1)
        made = QWidget()
        made.setLayout(inner)
        return made

    def _front_picture(self) -> Picture | None:
        return self.front.picture(tr("Trade-offs between plans")) if self.front.plot.spots else None

    def _dates_picture(self) -> Picture | None:
        return self.dates.picture(tr("Risk left by launch date")) if self.dates.plot.spots else None

    def refresh(self, launch: Launch, plan: Plan | None, now: tuple[float, float] | None) -> None:
        """Show what was found around a plan; `now` is what the plan itself leaves over."""
        if plan is None:
            self._pages.setCurrentIndex(1)
            return
        inputs = self._document.inputs
        found, worth = point_rows(inputs, plan), price_rows(inputs, plan)
        self._pages.setCurrentIndex(0 if found or worth else 1)
        self.points.show(found)
        self.prices.show(worth)
        points = points_of(inputs, plan, "front")
        self.front.show_plot(front(points, now))
        self.dates.show_plot(dates(points_of(inputs, plan, "date"), launch))
        self.front_legend.setText(front_legend(points))
        self.dates_legend.setText(dates_legend())

    def show_busy(self, exploring: bool, making: str) -> None:
        """Say what is under way: exploring, or making the plan of a point."""
        for each in self._looks:
            each.setEnabled(not exploring)
        usual = tr(
            "By the portfolio model, which has no calendar. A click or Enter on a point makes its plan in the "
            "background, keeps it beside the current one and shows both."
        )
        doing = tr("Exploring in the background; it can be stopped below.") if exploring else usual
        self.hint.setText(tr("Making the plan: {0} …").format(making) if making else doing)

    def _choose_row(self, chart: PointChart, place: int) -> None:
        """Put the table's cursor on the point that was chosen in a chart."""
        with QSignalBlocker(self.table):
            self.table.choose(chart.plot.spots[place].point.id)

    def _choose_point(self, chosen: Row) -> None:
        """Let the point of the table's cursor stand out in its chart."""
        for chart in (self.front, self.dates):
            places = [place for place, spot in enumerate(chart.plot.spots) if spot.point.id == chosen.id]
            with QSignalBlocker(chart):
                chart.let_stand_out(places[0] if places else None)

    def _open(self, found: Row) -> None:
        point = found.parts.get("plan_point")
        if isinstance(point, PlanPoint):
            self.wanted.emit(point)


def _price_columns() -> list[Column]:
    def worth(found: Row) -> Cell:
        return found.figures.get("worth")

    def text(found: Row) -> str:
        return _share(found.figures.get("worth"))

    return [
        figure_column("team", tr("Team"), right=False, width=18),
        Column(
            key="worth",
            title=tr("One more day takes off"),
            value=worth,
            text=text,
            typed=text,
            width=20,
            paint=_paint_worth,
            help=tr("Of the weighted risk left, by one more person-day of the team."),
        ),
    ]

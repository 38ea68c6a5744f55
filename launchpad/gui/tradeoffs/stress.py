"""The tab that stresses overlap: each mitigation's credit if safeguards fail apart, as usual, or all together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QCheckBox

from launchpad.gui import theme, words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.document import Document
from launchpad.gui.pictures import Picture
from launchpad.gui.pieces import column, empty, label
from launchpad.gui.table_model import TableModel
from launchpad.gui.table_pane import TablePane
from launchpad.gui.theme import GAP, LIGHT, TIGHT, Colours, Tone
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.gui.tradeoffs.marks import ALIGN
from launchpad.gui.tradeoffs.page import Page
from launchpad.gui.tradeoffs.ranking import row_id
from launchpad.gui.words import Cell
from launchpad.records import MitigationVariant

if TYPE_CHECKING:
    from launchpad.results.ledger import StressRow

CASES = ("independent", "beta", "comonotone")
MARK = 4.0
NAMED = 8
PICTURE_ROW, PICTURE_WIDTH, NAMES, MOST = 26, 1200, 430, 60


class StressPage(Page):
    """Those whose credit collapses come first, and are named above the table."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._rows: Mapping[int, StressRow] = {}
        self.model = TableModel(self._columns(), parent=self)
        nothing = empty(
            self.tr("Nothing to stress"),
            self.tr("No mitigation does anything yet, or none loses its credit when safeguards fail together."),
            icon="mitigations",
        )
        self.pane = TablePane(self.model, self.tr("Credit under overlap"), f"{document.memory}/stress", nothing)
        self.pane.view.tell_opened("variant", document.sought.emit)
        self.only = QCheckBox(self.tr("&Only those that collapse"))
        self.only.toggled.connect(self.fill)
        self.pane.add_tools(self.only)
        self._said = label("", wrap=True)
        self._legend = label(legend(), "small", tone="muted", wrap=True)
        inner = column(self._said, self.pane, self._legend, gap=TIGHT)
        inner.setStretch(1, 1)
        self.setLayout(inner)

    def _columns(self) -> list[Column]:
        def paint(painter: QPainter, rect: QRect, row: Row) -> None:
            if row.id in self._rows:
                line = self._rows[row.id]
                draw_line(painter, QRectF(rect), line, self._ends(), theme.colours(), stale=self.stale)

        def text(row: Row) -> str:
            return told(self._rows[row.id]) if row.id in self._rows else ""

        gain = Column(
            key="gain",
            title=tr("Gain alone, of the weighted risk left"),
            value=lambda row: row.figures["gain"],
            text=text,
            typed=text,
            paint=paint,
            width=44,
        )
        return [
            figure_column("code", tr("Variant"), right=False, width=12),
            figure_column("name", tr("Mitigation"), right=False, width=28),
            figure_column("on", tr("On"), right=False, width=4, text=lambda value: tr("yes") if value else ""),
            gain,
            figure_column("kept", tr("Credit left"), text=_share, tone=_tone, help=tr("Together, of the gain apart.")),
            figure_column("verdict", tr("Stress"), right=False, width=14, tone=_tone, icon=_icon, text=str),
            figure_column("apart", tr("Technical, apart"), width=11, text=_amount),
            figure_column("together", tr("Technical, together"), width=12, text=_amount),
        ]

    def _ends(self) -> tuple[float, float]:
        values = [gain for row in self._rows.values() for gain in row.gains.values()]
        return min([0.0, *values]), max([1e-9, *values])

    def fill(self) -> None:
        """Show the stress view of the study."""
        study = self.study
        if study is None:
            return
        shown = [one for one in study.stress if one.collapses or not self.only.isChecked()]
        self._rows = {row_id(one.variant): one for one in shown}
        variants = {row.code: row for row in self.document.inputs.rows(MitigationVariant)}
        self.pane.fill(
            [
                Row(
                    row_id(one.variant),
                    {"variant": variants.get(one.variant)},
                    {
                        "code": one.variant,
                        "name": study.names.get(one.mitigation, ""),
                        "on": one.on,
                        "gain": one.gains["independent"],
                        "kept": one.kept,
                        "verdict": tr("collapses") if one.collapses else "",
                        "apart": one.technical["independent"],
                        "together": one.technical["comonotone"],
                    },
                )
                for one in shown
            ]
        )
        self.pane.view.viewport().update()
        self._said.setText(self._sentence())

    def _sentence(self) -> str:
        study = self.study
        if study is None:
            return ""
        found = [one.variant for one in study.stress if one.collapses]
        share = words.percent(study.model.coefficients.collapse_share)
        if not found:
            said = self.tr("No mitigation's gain falls below {0} when all safeguards fail together.")
            return said.format(share)
        more = "" if len(found) <= NAMED else self.tr(" and {0} more").format(len(found) - NAMED)
        said = self.tr("When all safeguards fail together, {0} of {1} keep less than {2} of their gain: {3}{4}.")
        return said.format(len(found), len(study.stress), share, ", ".join(found[:NAMED]), more)

    def picture(self) -> Picture | None:
        """The lines of the table, to be saved or copied."""
        if self.study is None or not self._rows:
            return None
        rows = [self._rows[self.model.row_at(place).id] for place in range(min(MOST, self.model.rowCount()))]
        size = QSize(PICTURE_WIDTH, 76 + PICTURE_ROW * len(rows))
        ends, names = self._ends(), self.study.names

        def draw(painter: QPainter, rect: QRectF) -> None:
            for place, one in enumerate(rows):
                top = rect.top() + place * PICTURE_ROW
                painter.setFont(theme.font())
                painter.setPen(QColor(LIGHT.text))
                room = QRectF(rect.left(), top, NAMES - GAP, PICTURE_ROW)
                name = f"{one.variant}  {names.get(one.mitigation, '')}"
                cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, round(room.width()))
                painter.drawText(room, ALIGN.AlignVCenter, cut)
                line = QRectF(rect.left() + NAMES, top, rect.width() - NAMES, PICTURE_ROW)
                draw_line(painter, line, one, ends, LIGHT, stale=False)

        return Picture(self.tr("Credit of mitigations under overlap"), size, draw, legend())


def legend() -> str:
    """What the marks mean."""
    return tr("○ safeguards fail independently   ● usual overlap   ■ all fail together   dashed: credit collapses")


def told(one: StressRow) -> str:
    """A line in words."""
    gains = [words.percent(one.gains[case]) for case in CASES]
    return tr("apart {0}, usual {1}, together {2}").format(*gains)


def draw_line(
    painter: QPainter, rect: QRectF, one: StressRow, ends: tuple[float, float], shown: Colours, *, stale: bool
) -> None:
    """Three marks on a line from 0; dashed where the credit collapses."""
    inner = rect.adjusted(2 * GAP, 0, -2 * GAP, 0)
    middle, span = rect.center().y(), ends[1] - ends[0]

    def at(value: float) -> float:
        return inner.left() + (value - ends[0]) / span * inner.width()

    painter.setPen(QPen(QColor(shown.line), 1))
    painter.drawLine(QLineF(at(0.0), rect.top(), at(0.0), rect.bottom()))
    ink = QColor(shown.muted if stale else shown.bad if one.collapses else shown.accent)
    style = Qt.PenStyle.DashLine if one.collapses else Qt.PenStyle.SolidLine
    painter.setPen(QPen(ink, 2, style))
    apart, usual, together = (at(one.gains[case]) for case in CASES)
    painter.drawLine(QLineF(apart, middle, together, middle))
    painter.setPen(QPen(ink, 1.8))
    painter.setBrush(QColor(shown.surface))
    painter.drawEllipse(QPointF(apart, middle), MARK, MARK)
    painter.setBrush(ink)
    painter.drawRect(QRectF(together - MARK + 0.5, middle - MARK + 0.5, 2 * MARK - 1, 2 * MARK - 1))
    painter.drawEllipse(QPointF(usual, middle), MARK, MARK)


def _amount(value: Cell) -> str:
    return words.number(value).replace("-", words.MINUS) if isinstance(value, float) else words.NOTHING


def _share(value: Cell) -> str:
    return words.percent(value).replace("-", words.MINUS) if isinstance(value, float) else words.NOTHING


def _tone(row: Row) -> Tone | None:
    return "bad" if row.figures["verdict"] else None


def _icon(row: Row) -> str | None:
    return "warning" if row.figures["verdict"] else None

"""What moves the decision most: a bar for each uncertain number, filled by how the number is known."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from launchpad.gui import theme, words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.factors import kind_words
from launchpad.gui.pictures import Picture
from launchpad.gui.theme import GAP, LIGHT, TIGHT, WIDE, Colours
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.gui.tradeoffs.marks import ALIGN, Pattern, fill
from launchpad.gui.tradeoffs.numbers import Study
from launchpad.records import Scenario

if TYPE_CHECKING:
    from launchpad.results.sensitivity import Swing

PATTERNS: Mapping[str, Pattern] = {"measured": "full", "elicited": "strokes", "assumed": "dots"}
BAR = 0.55
PICTURE_ROW, PICTURE_WIDTH, NAMES = 26, 1300, 600


@dataclass(frozen=True, slots=True)
class Bars:
    """The swings by row id, the quantity they swing about, and the ends of the scale that holds them."""

    swings: Mapping[int, Swing]
    base: float
    first: float
    last: float


NO_BARS = Bars({}, 1.0, 0.0, 2.0)


def bars(study: Study) -> Bars:
    """The bars of a study."""
    found = {_id(swing): swing for swing in study.tornado.swings}
    base = study.tornado.base
    ends = [base, *(end for swing in found.values() for end in (swing.at_low, swing.at_high))]
    edge = (max(ends) - min(ends)) * 0.02 or 0.01
    return Bars(found, base, min(ends) - edge, max(ends) + edge)


def _id(swing: Swing) -> int:
    return zlib.crc32(f"{swing.record}/{swing.name}/{swing.scenario}".encode())


def rows(study: Study, shown: Bars, scenarios: Sequence[Scenario]) -> list[Row]:
    """A row of the table for each bar, the widest first."""
    by_code = {row.code: row for row in scenarios}
    return [
        Row(
            row_id,
            {"scenario": by_code.get(swing.scenario)},
            {
                "code": swing.scenario,
                "name": study.names.get(swing.scenario, ""),
                "what": _what(swing),
                "kind": kind_words(swing.kind),
                "swing": swing.width,
                "low": swing.low,
                "high": swing.high,
            },
        )
        for row_id, swing in shown.swings.items()
    ]


def _what(swing: Swing) -> str:
    table, _, address = swing.record.partition(" ")
    return f"{words.translate('sensitivity', swing.name)} ({address})" if table == "effect" else swing.name


def told(swing: Swing) -> str:
    """A bar in words."""
    return tr("{0} at {1}, {2} at {3} of today's weighted risk").format(
        words.percent(swing.at_low, 3),
        words.number(swing.low),
        words.percent(swing.at_high, 3),
        words.number(swing.high),
    )


def columns(now: Callable[[], tuple[Bars, bool]]) -> list[Column]:
    """The columns; `now` gives the bars, and whether they are of an earlier state."""

    def paint(painter: QPainter, rect: QRect, row: Row) -> None:
        found, stale = now()
        if row.id in found.swings:
            draw_bar(painter, QRectF(rect), found.swings[row.id], found, theme.colours(), stale=stale)

    def text(row: Row) -> str:
        found, _ = now()
        return told(found.swings[row.id]) if row.id in found.swings else ""

    bar = Column(
        key="swing",
        title=tr("Weighted risk left, of today's"),
        help=tr("From the number's 5 % to its 95 % point, all others at their means. The dot is its high end."),
        value=lambda row: row.figures["swing"],
        text=text,
        typed=text,
        paint=paint,
        width=48,
    )
    return [
        figure_column("code", tr("Scenario"), right=False, width=8),
        figure_column("name", tr("Name"), right=False, width=26),
        figure_column("what", tr("Uncertain number"), right=False, width=22),
        figure_column("kind", tr("Known by"), right=False, width=10),
        bar,
        figure_column("low", tr("Low (5 %)"), width=9),
        figure_column("high", tr("High (95 %)"), width=9),
    ]


def draw_bar(painter: QPainter, rect: QRectF, swing: Swing, shown_bars: Bars, shown: Colours, *, stale: bool) -> None:
    """One bar about the base line, with what is left at both of its ends."""
    painter.setFont(theme.font("small"))
    measure = painter.fontMetrics()
    side = measure.horizontalAdvance(words.percent(8.888, 3)) + 3 * TIGHT
    inner = rect.adjusted(side, 0, -side, 0)
    span = shown_bars.last - shown_bars.first

    def at(value: float) -> float:
        return inner.left() + (value - shown_bars.first) / span * inner.width()

    base = at(shown_bars.base)
    painter.setPen(QPen(QColor(shown.muted), 1))
    painter.drawLine(QLineF(base, rect.top(), base, rect.bottom()))
    left, right = sorted((at(swing.at_low), at(swing.at_high)))
    high = rect.height() * BAR
    ink = QColor(shown.muted if stale else shown.accent)
    bar = QRectF(left, rect.center().y() - high / 2, max(right - left, 1.0), high)
    fill(painter, bar, ink, PATTERNS.get(swing.kind, "full"))
    painter.setPen(QPen(QColor(shown.text), 1.4))
    painter.setBrush(QColor(shown.surface))
    painter.drawEllipse(QPointF(at(swing.at_high), rect.center().y()), 3.2, 3.2)
    painter.setPen(QColor(shown.muted if stale else shown.text))
    low, top = sorted((swing.at_low, swing.at_high))
    ends = ((QRectF(left - side, rect.top(), side - 2 * TIGHT, rect.height()), ALIGN.AlignRight, low),)
    for room, way, value in (*ends, (QRectF(right + 2 * TIGHT, rect.top(), side, rect.height()), ALIGN.AlignLeft, top)):
        painter.drawText(room, way | ALIGN.AlignVCenter, words.percent(value, 3))


def picture(study: Study, first: int, title: str) -> Picture:
    """The widest bars to be saved or copied, with their names."""
    shown = bars(study)
    some = list(shown.swings.values())[:first]
    names = study.names
    size = QSize(PICTURE_WIDTH, 76 + PICTURE_ROW * (len(some) + 1))

    def draw(painter: QPainter, rect: QRectF) -> None:
        for place, swing in enumerate(some):
            top = rect.top() + place * PICTURE_ROW
            name = f"{swing.scenario}  {names.get(swing.scenario, '')}: {_what(swing)} · {kind_words(swing.kind)}"
            painter.setFont(theme.font())
            painter.setPen(QColor(LIGHT.text))
            room = QRectF(rect.left(), top, NAMES - GAP, PICTURE_ROW)
            cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, round(room.width()))
            painter.drawText(room, ALIGN.AlignVCenter, cut)
            bar = QRectF(rect.left() + NAMES, top, rect.width() - NAMES, PICTURE_ROW)
            draw_bar(painter, bar, swing, shown, LIGHT, stale=False)
        swatches = QRectF(rect.left(), rect.top() + len(some) * PICTURE_ROW, rect.width(), PICTURE_ROW)
        draw_legend(painter, swatches, LIGHT)

    return Picture(
        title, size, draw, tr("Weighted risk left as a share of today's; the dot is each number's high end.")
    )


def draw_legend(painter: QPainter, rect: QRectF, shown: Colours) -> None:
    """What the three fills mean."""
    painter.setFont(theme.font("small"))
    measure = painter.fontMetrics()
    left = rect.left()
    for kind, pattern in PATTERNS.items():
        swatch = QRectF(left, rect.center().y() - 5, 28, 10)
        fill(painter, swatch, QColor(shown.accent), pattern)
        painter.setPen(QColor(shown.text))
        text = kind_words(kind)
        room = QRectF(swatch.right() + TIGHT, rect.top(), measure.horizontalAdvance(text) + 2, rect.height())
        painter.drawText(room, ALIGN.AlignVCenter, text)
        left = room.right() + WIDE


class PatternLegend(QWidget):
    """What the three fills mean, below the table."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(f"{kind_words(kind)}: {pattern}" for kind, pattern in PATTERNS.items()))

    def sizeHint(self) -> QSize:
        """One line of small text."""
        return QSize(360, self.fontMetrics().height() + TIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the three swatches."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_legend(painter, QRectF(self.rect()), theme.colours())

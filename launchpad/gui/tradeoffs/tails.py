"""How likely each loss is: exceedance curves with their Monte Carlo error, against limits with an accepted chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from launchpad.gui import theme, words
from launchpad.gui.pictures import Picture
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, LIGHT, Colours
from launchpad.gui.tradeoffs.axes import Scale, chances, losses
from launchpad.gui.tradeoffs.cloud import state_words, tr
from launchpad.gui.tradeoffs.marks import LEFT, RIGHT, Labels, draw_axes, faint, plot_area
from launchpad.gui.tradeoffs.numbers import Chance, Study

if TYPE_CHECKING:
    from launchpad.records import Tolerance
    from launchpad.scoring.technical import Exceedance

BAND = 1.96
"""Standard errors on each side of a curve: 95 of 100 such bands hold the true one."""
LINES: Mapping[str, Qt.PenStyle] = {
    "inherent": Qt.PenStyle.DotLine,
    "current": Qt.PenStyle.DashLine,
    "planned": Qt.PenStyle.SolidLine,
}
PICTURE = QSize(1200, 700)


@dataclass(frozen=True, slots=True)
class Limit:
    """A tolerance of the whole launch: its limit, the chance accepted of passing it (None where none is said)."""

    code: str
    name: str
    loss: float
    accepted: float | None
    chances: Mapping[str, Chance]


@dataclass(frozen=True, slots=True)
class Curves:
    """The curve of every state, the limits, and the scales that hold them."""

    curves: Mapping[str, Exceedance]
    limits: tuple[Limit, ...]
    scales: tuple[Scale, Scale]


NOTHING = Curves({}, (), (Scale(), chances(0.001)))


def curves(study: Study) -> Curves:
    """The curves of a study; nothing before they are drawn."""
    if study.tails is None:
        return NOTHING
    limits = tuple(_limit(row, study.tails.chances) for row in study.tolerances)
    happening = {state: _happening(curve) for state, curve in study.tails.curves.items()}
    ends = [float(end) for one in happening.values() for end in one.loss[[0, -1]]]
    least = min((float(one.probability[-1]) for one in happening.values()), default=0.001)
    across = losses([*ends, *(limit.loss for limit in limits)])
    return Curves(happening, limits, (across, chances(least)))


def _happening(curve: Exceedance) -> Exceedance:
    """The part of a curve with losses above 0: a logarithmic scale has no place for the rest."""
    from launchpad.scoring.technical import Exceedance

    first = min(int(np.searchsorted(curve.loss, 0.0, side="right")), len(curve.loss) - 1)
    return Exceedance(curve.loss[first:], curve.probability[first:], curve.error[first:])


def _limit(row: Tolerance, found: Mapping[tuple[str, str], Chance]) -> Limit:
    mine = {state: chance for (code, state), chance in found.items() if code == row.code}
    return Limit(row.code, row.name, row.limit, row.probability, mine)


def sentences(limit: Limit, days: int) -> list[tuple[str, bool | None]]:
    """What each state's chance of passing a limit is, and whether that is within what is accepted; None unless said."""
    states = state_words()
    found: list[tuple[str, bool | None]] = []
    for state, (chance, error) in limit.chances.items():
        amount, often = words.number(limit.loss), words.percent(chance)
        sure = words.percent(BAND * error)
        said = tr("{0}: {1} (± {2}) that more than {3} units are lost in {4} days.")
        sentence = said.format(_capital(states[state]), often, sure, amount, days)
        if limit.accepted is None:
            found.append((sentence, None))
            continue
        low, high, allowed = chance - BAND * error, chance + BAND * error, limit.accepted
        if low <= allowed < high:
            verdict = tr("Too close to the accepted {0} to tell.").format(words.percent(allowed))
        elif high <= allowed:
            verdict = tr("Within the accepted {0}.").format(words.percent(allowed))
        else:
            verdict = tr("Above the accepted {0}.").format(words.percent(allowed))
        found.append((f"{sentence} {verdict}", None if low <= allowed < high else chance <= allowed))
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def draw(painter: QPainter, rect: QRectF, shown_curves: Curves, shown: Colours, *, stale: bool) -> None:
    """Axes, what no state should enter, the bands, the curves with their names, the limits."""
    scales = shown_curves.scales
    plot = plot_area(rect, scales[1], words.percent)
    titles = (tr("Loss over the horizon, harm units →"), tr("↑ Chance that more is lost"))
    draw_axes(painter, plot, scales, titles, shown, (words.number, words.percent))
    labels = Labels(painter, plot, shown)
    for limit in shown_curves.limits:
        _draw_limit(painter, plot, limit, scales, shown)
    inks = {"inherent": shown.muted, "current": shown.bars[1], "planned": shown.bars[2]}
    for state, curve in shown_curves.curves.items():
        ink = shown.muted if stale else inks[state]
        _draw_band(painter, plot, curve, scales, ink)
        painter.setPen(QPen(QColor(ink), 2.2, LINES[state]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(_points(plot, curve.loss, curve.probability, scales)))
    _write_limits(painter, labels, plot, shown_curves, shown)
    _write_states(labels, plot, shown_curves)


def _points(plot: QRectF, loss: Iterable[float], chance: Iterable[float], scales: tuple[Scale, Scale]) -> list[QPointF]:
    return [
        QPointF(
            plot.left() + scales[0].share(float(x)) * plot.width(),
            plot.bottom() - scales[1].share(float(y)) * plot.height(),
        )
        for x, y in zip(loss, chance, strict=True)
    ]


def _draw_band(painter: QPainter, plot: QRectF, curve: Exceedance, scales: tuple[Scale, Scale], ink: str) -> None:
    low = np.maximum(curve.probability - BAND * curve.error, 0.0)
    high = np.minimum(curve.probability + BAND * curve.error, 1.0)
    upper, lower = (_points(plot, curve.loss, side, scales) for side in (high, low))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faint(ink, 56))
    painter.drawPolygon(QPolygonF([*upper, *lower[::-1]]))


def _corner(plot: QRectF, limit: Limit, scales: tuple[Scale, Scale]) -> QPointF:
    """The point of a limit and its accepted chance; without one at the top."""
    x = plot.left() + scales[0].share(limit.loss) * plot.width()
    accepted = 1.0 if limit.accepted is None else max(limit.accepted, scales[1].first)
    return QPointF(x, plot.bottom() - scales[1].share(accepted) * plot.height())


def _draw_limit(painter: QPainter, plot: QRectF, limit: Limit, scales: tuple[Scale, Scale], shown: Colours) -> None:
    at = _corner(plot, limit, scales)
    if limit.accepted is not None:
        painter.fillRect(QRectF(QPointF(at.x(), plot.top()), QPointF(plot.right(), at.y())), faint(shown.bad, 34))
    painter.setPen(QPen(QColor(shown.bad), 1.6))
    painter.drawLine(QLineF(at.x(), plot.top(), at.x(), plot.bottom() if limit.accepted is None else at.y()))
    if limit.accepted is not None:
        painter.drawLine(QLineF(at.x(), at.y(), plot.right(), at.y()))


def _write_limits(painter: QPainter, labels: Labels, plot: QRectF, shown_curves: Curves, shown: Colours) -> None:
    inks = {"inherent": shown.muted, "current": shown.bars[1], "planned": shown.bars[2]}
    for limit in shown_curves.limits:
        at = _corner(plot, limit, shown_curves.scales)
        accepted = tr("at most {0} above {1}").format(words.percent(limit.accepted), words.number(limit.loss))
        said = tr("limit {0}").format(words.number(limit.loss)) if limit.accepted is None else accepted
        inside = QRectF(at.x() + GAP, plot.top() + GAP, plot.right() - at.x() - 2 * GAP, 3 * GAP)
        labels.write_in(inside, f"{limit.code}: {said}")
        for place, (state, (chance, _)) in enumerate(limit.chances.items()):
            mark = _points(plot, [limit.loss], [max(chance, 1e-12)], shown_curves.scales)[0]
            painter.setPen(QPen(QColor(shown.text), 1.4))
            painter.setBrush(QColor(inks[state]))
            painter.drawEllipse(mark, 4.0, 4.0)
            labels.write(mark, words.percent(chance), always=True, first=LEFT if place else RIGHT)


def _write_states(labels: Labels, plot: QRectF, shown_curves: Curves) -> None:
    """The name of each state on its curve, where the curves lie apart."""
    states = state_words()
    for place, (state, curve) in enumerate(shown_curves.curves.items()):
        share = 0.62 + 0.14 * place
        at = int(share * (len(curve.loss) - 1))
        point = _points(plot, curve.loss[at : at + 1], curve.probability[at : at + 1], shown_curves.scales)[0]
        labels.write(point, states[state], always=True, first=LEFT if place else RIGHT)


class TailChart(QWidget):
    """The curves of all states; hovering reads them off."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.curves = NOTHING
        self.stale = False
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_curves(self, found: Curves, *, stale: bool, said: str) -> None:
        """Draw other curves; `said` is what they say in words."""
        self.curves, self.stale = found, stale
        self.setAccessibleDescription(said)
        self.update()

    def picture(self, title: str) -> Picture:
        """The chart to be saved or copied."""
        found, said = self.curves, self.accessibleDescription()
        return Picture(title, PICTURE, lambda painter, rect: draw(painter, rect, found, LIGHT, stale=False), said)

    def told_at(self, x: float) -> str:
        """The chance of each state to lose more than the loss at a place across."""
        plot = plot_area(QRectF(self.rect()), self.curves.scales[1], words.percent)
        share, scale = (x - plot.left()) / max(plot.width(), 1.0), self.curves.scales[0]
        if not (self.curves.curves and 0 <= share <= 1):
            return ""
        loss = scale.value(share)
        lines = [tr("More than {0}:").format(words.number(loss))]
        for state, curve in self.curves.curves.items():
            chance = float(np.interp(loss, curve.loss, curve.probability))
            lines.append(f"{words.percent(chance)} {state_words()[state]}")
        return "\n".join(lines)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the curves off under the mouse."""
        said = self.told_at(event.position().x())
        if said:
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(said), self)
        else:
            QToolTip.hideText()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the curves."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = theme.colours()
        painter.fillRect(self.rect(), QColor(shown.surface))
        draw(painter, QRectF(self.rect()), self.curves, shown, stale=self.stale)
        painter.setPen(QPen(QColor(shown.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

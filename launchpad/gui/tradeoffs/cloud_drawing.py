"""How the chart of technical against reputational risk is drawn: the same on screen and in pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from launchpad.gui.theme import Colours
from launchpad.gui.tradeoffs.cloud import Cloud, Dot
from launchpad.gui.tradeoffs.marks import Labels, draw_arrow, draw_axes, faint, plot_area

if TYPE_CHECKING:
    from launchpad.results.moves import Pair

RADIUS = 4.5
NAMED = 12
CROWDED = 80


@dataclass(frozen=True, slots=True)
class Look:
    """What a chart is drawn with: colours, the codes that stand out, whether its figures are of an earlier state."""

    shown: Colours
    chosen: str | None = None
    hovered: str | None = None
    stale: bool = False


def spot(cloud: Cloud, plot: QRectF, pair: Pair) -> QPointF:
    """Where a pair of amounts lies in the plot."""
    x, y = (scale.share(amount.mean) for scale, amount in zip(cloud.scales, pair, strict=True))
    return QPointF(plot.left() + x * plot.width(), plot.bottom() - y * plot.height())


def draw(painter: QPainter, rect: QRectF, cloud: Cloud, look: Look) -> None:
    """Axes, then faint intervals and arrows, then dots, then the names of the greatest and the chosen one."""
    plot = plot_area(rect, cloud.scales[1])
    draw_axes(painter, plot, cloud.scales, cloud.titles, look.shown)
    loud = [dot for dot in cloud.dots if dot.code in (look.chosen, look.hovered)]
    calm = [dot for dot in cloud.dots if dot not in loud]
    painter.save()
    painter.setClipRect(plot.adjusted(-RADIUS * 2, -RADIUS * 2, RADIUS * 2, RADIUS * 2))
    for dot in calm:
        _draw_intervals(painter, plot, cloud, dot, look, loud=False)
    for dot in (*calm, *loud):
        if dot in loud:
            _draw_intervals(painter, plot, cloud, dot, look, loud=True)
        _draw_move(painter, plot, cloud, dot, look, loud=dot in loud)
    for dot in (*calm, *loud):
        _draw_dot(painter, plot, cloud, dot, look)
    painter.restore()
    _write_names(painter, plot, cloud, loud, look)


def _ink(look: Look) -> str:
    return look.shown.muted if look.stale else look.shown.accent


def _draw_intervals(painter: QPainter, plot: QRectF, cloud: Cloud, dot: Dot, look: Look, *, loud: bool) -> None:
    pairs: Sequence[tuple[Pair, str]] = [(dot.now, _ink(look))]
    if dot.before is not None and (loud or len(cloud.dots) <= CROWDED):
        pairs = [(dot.before, look.shown.muted), *pairs]
    for pair, name in pairs:
        at = spot(cloud, plot, pair)
        painter.setPen(QPen(faint(name, 230 if loud else 64), 1.6 if loud else 1))
        x, y = cloud.scales
        if pair[0].low is not None and pair[0].high is not None:
            ends = [plot.left() + x.share(end) * plot.width() for end in (pair[0].low, pair[0].high)]
            painter.drawLine(QLineF(ends[0], at.y(), ends[1], at.y()))
        if pair[1].low is not None and pair[1].high is not None:
            ends = [plot.bottom() - y.share(end) * plot.height() for end in (pair[1].low, pair[1].high)]
            painter.drawLine(QLineF(at.x(), ends[0], at.x(), ends[1]))


def _draw_move(painter: QPainter, plot: QRectF, cloud: Cloud, dot: Dot, look: Look, *, loud: bool) -> None:
    if dot.before is None:
        return
    start, end = spot(cloud, plot, dot.before), spot(cloud, plot, dot.now)
    line = QLineF(start, end)
    if line.length() > 3 * RADIUS:
        line.setLength(line.length() - RADIUS)
        name = look.shown.text if loud else look.shown.muted
        draw_arrow(painter, line.p1(), line.p2(), QColor(name), 1.8 if loud else 1.1)


def _draw_dot(painter: QPainter, plot: QRectF, cloud: Cloud, dot: Dot, look: Look) -> None:
    ink, ground = QColor(_ink(look)), QColor(look.shown.surface)
    at = spot(cloud, plot, dot.now)
    if dot.before is not None:
        start = spot(cloud, plot, dot.before)
        if QLineF(start, at).length() > RADIUS:
            painter.setPen(QPen(QColor(look.shown.muted), 1.5))
            painter.setBrush(ground)
            painter.drawEllipse(start, RADIUS - 1, RADIUS - 1)
    painter.setPen(QPen(ink, 1.8))
    painter.setBrush(ground if dot.shape == "hollow" else ink)
    painter.drawEllipse(at, RADIUS, RADIUS)
    if dot.code == look.chosen:
        painter.setPen(QPen(QColor(look.shown.text), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, RADIUS + 4, RADIUS + 4)


def _write_names(painter: QPainter, plot: QRectF, cloud: Cloud, loud: Sequence[Dot], look: Look) -> None:
    labels = Labels(painter, plot, look.shown)
    for dot in cloud.dots[: NAMED * 2]:
        labels.keep_clear(spot(cloud, plot, dot.now), RADIUS)
    for dot in loud:
        labels.write(spot(cloud, plot, dot.now), f"{dot.code}  {dot.name}", always=True)
    written = 0
    for dot in cloud.dots:
        if dot not in loud and labels.write(spot(cloud, plot, dot.now), dot.code):
            written += 1
        if written == NAMED:
            break

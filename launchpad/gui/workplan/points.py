"""Charts of plans that could be had instead: trade-offs, and launch dates; numbers first, then the drawing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from launchpad.gui import theme, words
from launchpad.gui.theme import Colours
from launchpad.gui.tradeoffs.axes import Scale, fitted
from launchpad.gui.tradeoffs.marks import Labels, draw_axes, faint, plot_area
from launchpad.gui.workplan.numbers import tr
from launchpad.records import Inputs, Launch, Plan, PlanPoint

LEAST_DOT, MOST_DOT = 4.0, 9.0
WIDE_EDGE = 0.28
"""Room at the sides, as a share of what lies between, so that the outermost labels are written too."""
SAME_REFUSAL = 5e-5
"""Shares of refusals closer than this are told apart by nobody."""


@dataclass(frozen=True)
class Spot:
    """One possible plan: its row, where it lies, its size from 0 to 1, a short label, and all of it in words.

    `corners` is the shape of its mark: 0 a circle, 3 a triangle, 4 a square.
    """

    point: PlanPoint
    x: float
    y: float
    size: float
    text: str
    told: str
    corners: int = 0


@dataclass(frozen=True)
class Plot:
    """Spots with the scales that hold them; `joined` by a line, `now` where the plan itself lies."""

    spots: tuple[Spot, ...]
    scales: tuple[Scale, Scale]
    titles: tuple[str, str]
    written: tuple[Callable[[float], str], Callable[[float], str]]
    joined: bool = False
    now: tuple[float, float] | None = None
    legend: str = ""


NO_PLOT = Plot((), (Scale(), Scale()), ("", ""), (words.number, words.number))


def points_of(inputs: Inputs, plan: Plan, kind: str) -> list[PlanPoint]:
    """The possible plans of a kind around a plan, in their order."""
    found = (row for row in inputs.children(PlanPoint, "plan", plan.id) if row.kind == kind)
    return sorted(found, key=lambda row: row.place)


def asked_words(point: PlanPoint) -> str:
    """What was asked of a possible plan."""
    parts = [
        "" if point.launch_date is None else tr("launch {0}").format(words.day(point.launch_date)),
        "" if point.technical_weight is None else tr("technical {0}").format(words.percent(point.technical_weight)),
        "" if point.most_days is None else tr("at most {0} d").format(words.number(point.most_days)),
        "" if point.most_refusal is None else tr("at most {0} refused").format(words.percent(point.most_refusal)),
    ]
    return ", ".join(part for part in parts if part) or tr("as the launch has it")


def told(point: PlanPoint) -> str:
    """A possible plan in words."""
    lines = [
        asked_words(point),
        tr("Technical {0}, reputational {1}").format(words.number(point.technical), words.number(point.reputational)),
        tr("{0} of benign requests refused, {1} person-days").format(
            words.percent(point.over_refusal), words.number(point.effort_days)
        ),
    ]
    if point.gates is not None:
        lines.append(tr("Gates met {0} of {1}").format(point.gates_met or 0, point.gates))
    gap = (
        tr("gap not known")
        if point.gap is None
        else tr("within {0} of the best").format(words.percent(round(point.gap, 5)))
    )
    lines.append(tr("By the portfolio model, {0}").format(gap))
    return "\n".join(lines)


def gap_words(point: PlanPoint) -> str:
    """How far a possible plan may be from the best, for a label; what a solver's own tolerance explains is none."""
    return tr("gap ?") if point.gap is None else tr("gap {0}").format(words.percent(round(point.gap, 5)))


def shape_of(share: float, low: float, high: float) -> int:
    """The mark of a share of refusals: a circle in the lowest third of those shown, a square, then a triangle."""
    if high - low < SAME_REFUSAL:
        return 0
    third = (share - low) / (high - low)
    return 0 if third < 1 / 3 else 4 if third < 2 / 3 else 3


def front_legend(points: Sequence[PlanPoint]) -> str:
    """What the marks of the trade-offs mean."""
    shares = [point.over_refusal for point in points] or [0.0]
    low, high = min(shares), max(shares)
    refused = tr("○ few, □ more, △ most of benign requests refused ({0} to {1})").format(
        words.percent(low), words.percent(high)
    )
    if high - low < SAME_REFUSAL:
        refused = tr("{0} of benign requests refused by each").format(words.percent(low))
    return tr("{0} · size and label: person-days · ◇ the plan itself").format(refused)


def dates_legend() -> str:
    """What the marks of the launch dates mean."""
    return tr("Label: gates met of all, and the gap · ◇ the present date")


def front(points: Sequence[PlanPoint], now: tuple[float, float] | None) -> Plot:
    """Technical against reputational risk left over; a larger mark takes more work, its shape tells refusals."""
    most = max((point.effort_days for point in points), default=0.0) or 1.0
    shares = [point.over_refusal for point in points] or [0.0]
    spots = tuple(
        Spot(
            point,
            point.technical,
            point.reputational,
            point.effort_days / most,
            tr("{0} d, {1}").format(words.number(point.effort_days), gap_words(point)),
            told(point),
            shape_of(point.over_refusal, min(shares), max(shares)),
        )
        for point in points
    )
    xs = [spot.x for spot in spots] + ([] if now is None else [now[0]])
    ys = [spot.y for spot in spots] + ([] if now is None else [now[1]])
    return Plot(
        spots,
        (_near(xs, WIDE_EDGE), _near(ys)),
        (tr("Technical risk left over"), tr("Reputational risk left over")),
        (words.number, words.number),
        now=now,
        legend=front_legend(points),
    )


def dates(points: Sequence[PlanPoint], launch: Launch) -> Plot:
    """The objective by launch date, with the gates met beside each."""
    spots = tuple(
        Spot(
            point,
            float(date.fromisoformat(point.launch_date).toordinal()),
            point.objective,
            0.4,
            _gates_and_gap(point),
            told(point),
        )
        for point in points
        if point.launch_date is not None
    )
    days = [spot.x for spot in spots] or [0.0]
    edge = max(1.0, (max(days) - min(days)) * 0.14)
    here = float(date.fromisoformat(launch.launch_date).toordinal())
    now = next(((spot.x, spot.y) for spot in spots if spot.x == here), None)
    return Plot(
        spots,
        (Scale("plain", min(days) - edge, max(days) + edge), _near([spot.y for spot in spots])),
        (tr("Launch date"), tr("Weighted risk left, of today's")),
        (_day, words.percent),
        joined=True,
        now=now,
        legend=dates_legend(),
    )


def _gates_and_gap(point: PlanPoint) -> str:
    gates = "" if point.gates is None else f"{point.gates_met or 0}/{point.gates}, "
    return f"{gates}{gap_words(point)}"


def _near(values: Sequence[float], edge: float = 0.12) -> Scale:
    """A plain scale close about the values, with room at its edges; one from 0 where they are far apart."""
    if not values:
        return Scale()
    low, high = min(values), max(values)
    if low > 0.5 * high:
        room = max((high - low) * edge, abs(high) * 0.01, 1e-9)
        return Scale("plain", low - room, high + room)
    return fitted(values)


def _day(ordinal: float) -> str:
    return words.day(date.fromordinal(max(1, round(ordinal)))).rsplit(" ", 1)[0]


def spot_at(plot: Plot, area: QRectF, spot: Spot | tuple[float, float]) -> QPointF:
    """Where a spot lies in the plot area."""
    x, y = (spot.x, spot.y) if isinstance(spot, Spot) else spot
    return QPointF(
        area.left() + plot.scales[0].share(x) * area.width(), area.bottom() - plot.scales[1].share(y) * area.height()
    )


def radius(spot: Spot) -> float:
    """How large a dot is."""
    return LEAST_DOT + (MOST_DOT - LEAST_DOT) * spot.size**0.5


def draw(painter: QPainter, rect: QRectF, plot: Plot, shown: Colours, chosen: int | None = None) -> None:
    """Axes, the line where spots are joined, the spots, the plan itself, and labels that keep clear of each other."""
    area = plot_area(rect, plot.scales[1], plot.written[1])
    draw_axes(painter, area, plot.scales, plot.titles, shown, plot.written)
    painter.setFont(theme.font("small"))
    labels = Labels(painter, area, shown)
    if plot.joined and len(plot.spots) > 1:
        ordered = sorted(plot.spots, key=lambda spot: spot.x)
        painter.setPen(QPen(QColor(shown.accent), 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([spot_at(plot, area, spot) for spot in ordered]))
    for place, spot in enumerate(plot.spots):
        at = spot_at(plot, area, spot)
        painter.setPen(QPen(QColor(shown.text if place == chosen else shown.accent), 2.4 if place == chosen else 1.4))
        painter.setBrush(faint(shown.accent, 200 if place == chosen else 90))
        _draw_mark(painter, at, spot)
        labels.keep_clear(at, radius(spot))
    if plot.now is not None:
        _draw_now(painter, spot_at(plot, area, plot.now), shown)
        labels.keep_clear(spot_at(plot, area, plot.now), 7)
    order = sorted(range(len(plot.spots)), key=lambda place: place != chosen)
    for place in order:
        spot = plot.spots[place]
        labels.write(spot_at(plot, area, spot), spot.text, always=place == chosen)


def _draw_mark(painter: QPainter, at: QPointF, spot: Spot) -> None:
    size = radius(spot)
    if spot.corners == 0:
        painter.drawEllipse(at, size, size)
        return
    turn = math.pi / 4 if spot.corners == 4 else math.pi / 2
    reach = size * (1.25 if spot.corners == 4 else 1.35)  # of about the same area as the circle
    angles = [turn + 2 * math.pi * corner / spot.corners for corner in range(spot.corners)]
    corners = [QPointF(at.x() + reach * math.cos(angle), at.y() - reach * math.sin(angle)) for angle in angles]
    painter.drawPolygon(QPolygonF(corners))


def _draw_now(painter: QPainter, at: QPointF, shown: Colours) -> None:
    painter.setPen(QPen(QColor(shown.text), 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    sides = [QPointF(at.x() + x, at.y() + y) for x, y in ((0, -8), (8, 0), (0, 8), (-8, 0))]
    painter.drawPolygon(QPolygonF(sides))

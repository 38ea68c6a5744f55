"""How a team's load is drawn below the calendar: week by week, what is used of what there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from launchpad.gui.theme import GAP, TIGHT, Colours
from launchpad.gui.workplan.fills import Fill, draw_bar, fill_of
from launchpad.gui.workplan.frame import LEFT, Frame
from launchpad.gui.workplan.numbers import Load
from launchpad.gui.workplan.texts import Texts

OVER = 0.005
FAINT = 120


@dataclass(frozen=True, slots=True)
class Week:
    """One team's week as it is drawn: the share that is used, whether that is too much, and both figures in words."""

    share: float
    over: bool
    text: str


Weeks = Mapping[date, Week]


def weeks_of(load: Load) -> Weeks:
    """The weeks of a load by their Mondays."""
    return {
        week: _week(load.used.get(week, 0.0), load.available.get(week, 0.0)) for week in {*load.used, *load.available}
    }


def _week(used: float, available: float) -> Week:
    share = 1.0 if available <= 0 < used else min(1.0, max(0.0, used) / available if available else 0.0)
    over = used > available + OVER
    return Week(share, over, f"{'! ' if over else ''}{max(0.0, used):.3g}/{available:.3g}")


def draw_loads(painter: QPainter, frame: Frame, shown: Colours, weeks: list[Weeks]) -> None:
    """Every team's load, one below the other; what does not fit is counted."""
    if frame.loads == 0:
        return
    ground = QRectF(0, frame.bottom, frame.width, frame.loads)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(ground, QColor(shown.window))
    painter.setPen(QPen(QColor(shown.line), 1))
    painter.drawLine(0, frame.bottom, frame.width, frame.bottom)
    painter.save()
    painter.setClipRect(ground)
    texts = Texts(painter)
    fits = max(0, frame.loads - TIGHT) // frame.load
    for place, load in enumerate(frame.chart.loads[:fits]):
        y = frame.bottom + TIGHT + place * frame.load
        _draw_weeks(painter, frame, shown, texts, weeks[place], y, QColor(fill_of(place, shown).ink))
        _draw_team(painter, frame, shown, texts, load, y, fill_of(place, shown))
    if fits < len(frame.chart.loads):
        said = QCoreApplication.translate("workplan", "{0} more teams: make the window higher")
        room = QRectF(GAP, frame.height - frame.load, LEFT, frame.load)
        painter.fillRect(room, QColor(shown.window))
        texts.write(room, said.format(len(frame.chart.loads) - fits), QColor(shown.muted))
    painter.restore()


def _draw_weeks(
    painter: QPainter, frame: Frame, shown: Colours, texts: Texts, weeks: Weeks, y: int, team: QColor
) -> None:
    """A bar for each week in view; red, framed and with an exclamation mark where more is used than there is."""
    high, wide = frame.load - max(2, frame.load // 4), 7 * frame.day - 2
    surface, text, bad, line = (QColor(name) for name in (shown.surface, shown.text, shown.bad, shown.line))
    calm, loud = QColor(team), QColor(bad)
    calm.setAlpha(FAINT)  # figures are read across the edge of a bar
    loud.setAlpha(FAINT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for monday in frame.weeks():
        week = weeks.get(monday)
        if week is None:
            continue
        x = frame.x_of(monday) + 1
        room = QRectF(x, y, wide, high)
        painter.fillRect(room, surface)
        if week.share > 0:
            painter.fillRect(
                QRectF(x, y + high * (1 - week.share), wide, high * week.share), loud if week.over else calm
            )
        painter.setPen(QPen(bad, 2) if week.over else line)
        painter.drawRect(room)
        if wide > texts.wide(week.text) + 2:
            texts.write(room, week.text, text, middle=True)


def _draw_team(painter: QPainter, frame: Frame, shown: Colours, texts: Texts, load: Load, y: int, fill: Fill) -> None:
    """The team's name before its weeks, with its colour and pattern."""
    high = frame.load - max(2, frame.load // 4)
    painter.fillRect(QRectF(0, y, LEFT, frame.load), QColor(shown.window))
    draw_bar(painter, QRectF(GAP, y + high / 2 - 5, 16, 10), fill)
    name = texts.elided(f"{load.team.code}  {load.team.name}", LEFT - 40)
    texts.write(QRectF(GAP + 22, y, LEFT - 40, high), name, QColor(shown.text))

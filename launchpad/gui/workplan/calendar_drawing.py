"""How the calendar of a plan is drawn: the same on screen, where only what is in view is, and in pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from launchpad.gui import theme, words
from launchpad.gui.theme import GAP, TIGHT, Colours
from launchpad.gui.tradeoffs.marks import draw_arrow, faint
from launchpad.gui.workplan.fills import draw_bar, fill_of, slanted
from launchpad.gui.workplan.frame import DAY, LEFT, LINE, TOP, Frame
from launchpad.gui.workplan.load_drawing import Weeks, draw_loads
from launchpad.gui.workplan.numbers import Chart, Line
from launchpad.gui.workplan.texts import Texts

ALIGN = Qt.AlignmentFlag
WAITING, MARK = 14, 14
WEEK_WIDE = 46
Mark = tuple[date, str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What a calendar is drawn with: colours, the line that is chosen, and whether the keys go there."""

    shown: Colours
    chosen: int | None = None
    focused: bool = False


def tr(text: str) -> str:
    """Words of the calendar in the person's language."""
    return QCoreApplication.translate("workplan", text)


def draw(
    painter: QPainter, frame: Frame, look: Look, weeks: list[Weeks], over: Callable[[QPainter], None] | None = None
) -> None:
    """The days, the lines, what lies over them, the days that matter, the load, and the axis above it all."""
    shown = look.shown
    painter.setFont(theme.font("small"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(QRectF(0, 0, frame.width, frame.height), QColor(shown.surface))
    _draw_days(painter, frame, shown)
    painter.save()
    painter.setClipRect(QRectF(0, TOP, frame.width, frame.bottom - TOP))
    texts, places = Texts(painter), {load.team.id: place for place, load in enumerate(frame.chart.loads)}
    if look.chosen is not None and frame.chart.lines:
        _draw_off(painter, frame, shown, look.chosen)
    for place in frame.lines():
        _draw_line(painter, frame, look, texts, place, places)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if look.chosen is not None and frame.chart.lines:
        _draw_order(painter, frame, shown, look.chosen)
    if over is not None:
        over(painter)
    painter.restore()
    _draw_marks(painter, frame, shown)
    draw_loads(painter, frame, shown, weeks)
    _draw_axis(painter, frame, shown)


def _draw_days(painter: QPainter, frame: Frame, shown: Colours) -> None:
    weekend, line = QColor(shown.window), QColor(shown.sunken)
    for monday in frame.weeks():
        x = frame.x_of(monday)
        painter.fillRect(QRectF(x + 5 * frame.day, TOP, 2 * frame.day, frame.height - TOP), weekend)
        painter.setPen(line)
        painter.drawLine(QLineF(x, TOP, x, frame.height))


def _draw_off(painter: QPainter, frame: Frame, shown: Colours, place: int) -> None:
    """The days on which a team of the chosen line is off."""
    y, ink = frame.y_of(place), faint(shown.muted, 70)
    for team in {bar.team for bar in frame.chart.lines[place].bars}:
        for day in frame.chart.off.get(team, ()):
            x = frame.x_of(day)
            if LEFT - frame.day < x < frame.width:
                painter.fillRect(QRectF(x, y + 1, frame.day, LINE - 2), ink)


def _draw_line(painter: QPainter, frame: Frame, look: Look, texts: Texts, place: int, places: dict[int, int]) -> None:
    line, y, shown = frame.chart.lines[place], frame.y_of(place), look.shown
    view = QRectF(LEFT - 2, y, frame.width - LEFT + 4, LINE)
    last = frame.x_of(line.finish + DAY)
    worked = max((bar.last for bar in line.bars), default=line.finish)
    if line.finish > worked:
        start = frame.x_of(worked + DAY)
        waiting = QRectF(start, y + (LINE - WAITING) / 2, last - start, WAITING) & view
        if waiting.width() > 0:
            painter.setPen(QColor(shown.muted))
            painter.drawLines(slanted(waiting, back=True))
    teams = list(dict.fromkeys(bar.team for bar in line.bars))
    high = (LINE - 6) / max(1, len(teams))
    for bar in line.bars:
        x = frame.x_of(bar.first)
        room = QRectF(x, y + 3 + high * teams.index(bar.team), frame.x_of(bar.last + DAY) - x, high - 1)
        draw_bar(painter, room & view, fill_of(places.get(bar.team, 0), shown))
    codes = ", ".join(frame.chart.loads[places[team]].team.code for team in teams if team in places)
    if LEFT < last < frame.width:
        texts.write(QRectF(last + TIGHT, y, 0, LINE), codes, QColor(shown.muted))
    _draw_name(painter, shown, texts, line, y, chosen=place == look.chosen, focused=look.focused)


def _draw_name(
    painter: QPainter, shown: Colours, texts: Texts, line: Line, y: int, *, chosen: bool, focused: bool
) -> None:
    room = QRectF(0, y, LEFT, LINE)
    painter.fillRect(room, QColor(shown.selected if chosen and focused else shown.sunken if chosen else shown.surface))
    rank = "" if line.item.rank is None else f"{line.item.rank}. "
    wide = LEFT - 2 * GAP
    if line.lock:
        painter.drawPixmap(LEFT - GAP - MARK, y + (LINE - MARK) // 2, theme.icon("lock", "muted").pixmap(MARK, MARK))
        wide -= MARK + TIGHT
    text = texts.elided(f"{rank}{stands(line)}{line.code}  {line.name}", wide)
    texts.write(room.adjusted(GAP, 0, 0, 0), text, QColor(shown.text))


def stands(line: Line) -> str:
    """How far an item has come, as a sign before its name."""
    return {"started": "▶ ", "done": "✓ ", "in_place": "✓ "}.get(line.status, "")


def _draw_order(painter: QPainter, frame: Frame, shown: Colours, chosen: int) -> None:
    """Arrows from what the chosen line waits for, and to what waits for it."""
    line, lines = frame.chart.lines[chosen], frame.chart.lines
    ink = QColor(shown.accent)
    painter.setClipRect(QRectF(LEFT, TOP, frame.width - LEFT, frame.bottom - TOP), Qt.ClipOperation.IntersectClip)
    pairs = (*((place, chosen) for place in line.after), *((chosen, place) for place in line.before))
    for first, later in pairs:
        start = QPointF(frame.x_of(lines[first].finish + DAY), frame.y_of(first) + LINE / 2)
        end = QPointF(frame.x_of(date.fromisoformat(lines[later].item.start)), frame.y_of(later) + LINE / 2)
        corner = QPointF(max(start.x() + 4, end.x() - 6), start.y())
        painter.setPen(QPen(ink, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([start, corner, QPointF(corner.x(), end.y())]))
        tip = QPointF(max(end.x(), corner.x() + 1), end.y())
        draw_arrow(painter, QPointF(corner.x() - 10, end.y()), tip, ink, 1.4)


def marks(chart: Chart, shown: Colours) -> list[Mark]:
    """The days that matter, with what they are called and the colour they have: a line stands at the end of each."""
    found = [
        (chart.as_of - DAY, tr("as of {0}").format(short(chart.as_of)), shown.muted),
        (chart.freeze, tr("freeze {0}").format(short(chart.freeze)), shown.bad),
        (chart.launch, tr("launch {0}").format(short(chart.launch)), shown.accent),
    ]
    if chart.until < chart.freeze:
        found.insert(1, (chart.until, tr("work ends {0}").format(short(chart.until)), shown.warn))
    return found


def _draw_marks(painter: QPainter, frame: Frame, shown: Colours) -> None:
    for day, _, ink in marks(frame.chart, shown):
        x = frame.x_of(day + DAY)
        if LEFT <= x <= frame.width:
            painter.setPen(QPen(QColor(ink), 2, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, TOP, x, frame.bottom))


def _draw_axis(painter: QPainter, frame: Frame, shown: Colours) -> None:
    painter.fillRect(QRectF(0, 0, frame.width, TOP), QColor(shown.sunken))
    texts, text = Texts(painter), QColor(shown.text)
    week = 7 * frame.day
    every = 1 if week > WEEK_WIDE else 2 if 2 * week > WEEK_WIDE else 4
    for monday in frame.weeks():
        x = frame.x_of(monday)
        if (monday - frame.chart.first).days // 7 % every == 0 and x > LEFT - WEEK_WIDE:
            texts.write(QRectF(x + 2, TOP - 20, week, 18), short(monday), text)
    taken = float(LEFT)
    for day, said, ink in marks(frame.chart, shown):
        x, wide = frame.x_of(day + DAY), texts.wide(said)
        left = max(x - wide - 3, taken)
        if LEFT <= x <= frame.width:
            texts.write(QRectF(min(left, frame.width - wide - 2), 2, wide, 20), said, QColor(ink))
            taken = left + wide + GAP
    painter.fillRect(QRectF(0, 0, LEFT, TOP), QColor(shown.sunken))
    painter.setPen(QColor(shown.muted))
    legend = tr("Earliest first · ▶ started ✓ done · hatched: waiting\nBelow: person-days used / free, by week")
    painter.drawText(QRectF(GAP, 0, LEFT - GAP, TOP), ALIGN.AlignVCenter, legend)


def short(day: date) -> str:
    """A day without its year."""
    return words.day(day).rsplit(" ", 1)[0]


def days_of(chart: Chart) -> int:
    """How many days a chart spans."""
    return (chart.last - chart.first) // timedelta(days=1) + 1

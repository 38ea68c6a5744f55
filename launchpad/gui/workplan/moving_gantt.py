"""The calendar of the plan on which items are moved: by mouse, or by keyboard, with what stands against it shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from launchpad.gui import theme, words
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.tradeoffs.marks import faint
from launchpad.gui.workplan.drawing import Gantt
from launchpad.gui.workplan.frame import DAY, LEFT, LINE, TOP, Frame
from launchpad.gui.workplan.load_drawing import Weeks, weeks_of
from launchpad.gui.workplan.moving import Reach, Trial, may_go, nearest, reach, tried
from launchpad.gui.workplan.numbers import Chart, Line
from launchpad.gui.workplan.texts import Texts
from launchpad.records import Inputs

FARTHEST_TOLD = 3
EDGE, NUDGE = 24, 18


class MovableGantt(Gantt):
    """`moved` carries the plan item and the day (YYYY-MM-DD) it was put on; `told_move` what a move would mean."""

    moved = Signal(object, str)
    told_move = Signal(str)

    def __init__(self, inputs: Callable[[], Inputs], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inputs = inputs
        self.trial: Trial | None = None
        self.reach: Reach | None = None
        self._grabbed: int | None = None
        self._tried_weeks: list[Weeks] = []
        self.viewport().setMouseTracking(True)

    def line(self) -> Line | None:
        """The chosen line."""
        return self.chart.lines[self.at] if self.chart.lines else None

    def show_chart(self, chart: Chart) -> None:
        """Draw another plan; a move that is being tried is given up, as what it was tried against has changed."""
        if self.trial is not None:
            self.let_go()
        super().show_chart(chart)

    def try_start(self, day: date) -> None:
        """Show the chosen item as it would lie from a day on, and what stands against it."""
        line, inputs = self.line(), self._inputs()
        if line is None:
            return
        room = self.reach = self.reach or reach(inputs, self.chart, line)
        if room.fixed:
            self.let_go()
            self.told_move.emit(f"{line.code}: {room.fixed}")
            return
        start = nearest(inputs, line, max(day, self.chart.as_of))
        if self.trial is not None and self.trial.start == start:
            return
        trial = self.trial = tried(inputs, self.chart, line, start, room)
        self._tried_weeks = [
            weeks_of(replace(load, used=trial.used[load.team.id])) if load.team.id in trial.used else weeks
            for load, weeks in zip(self.chart.loads, super().weeks(), strict=True)
        ]
        self.told_move.emit(self.words())
        self.setAccessibleDescription(self.words())
        self.viewport().update()

    def words(self) -> str:
        """The move that is being tried, in words: where to, what stands against it, and how far it may go."""
        line, trial = self.line(), self.trial
        if line is None or trial is None or self.reach is None:
            return ""
        told = self.tr("{0}: {1} to {2}.").format(line.code, words.day(trial.start), words.day(trial.finish))
        against = trial.against[:FARTHEST_TOLD]
        more = len(trial.against) - len(against)
        rest = [self.tr("and {0} more").format(more)] if more else []
        return " ".join([told, *(f"{each}." for each in (*against, *rest)), f"{may_go(self.reach)}."])

    def let_go(self) -> None:
        """Move nothing after all."""
        self.trial = self.reach = self._grabbed = None
        self.viewport().unsetCursor()
        self.told_move.emit("")
        self.viewport().update()

    def put(self) -> None:
        """Put the chosen item where it was tried."""
        line, trial = self.line(), self.trial
        self.let_go()
        if line is not None and trial is not None and trial.start != date.fromisoformat(line.item.start):
            self.moved.emit(line.item, trial.start.isoformat())

    def on_bar(self, point: QPoint) -> bool:
        """Whether a point lies on a bar of the line under it."""
        place = self.line_at(point)
        if place is None or point.x() < LEFT:
            return False
        frame = self.frame_now()
        return any(
            frame.x_of(bar.first) <= point.x() <= frame.x_of(bar.last + DAY) for bar in self.chart.lines[place].bars
        )

    def weeks(self) -> list[Weeks]:
        """The loads as they would be with the item where it is tried."""
        return super().weeks() if self.trial is None else self._tried_weeks

    def draw_over(self, frame: Frame, painter: QPainter) -> None:
        """Where locks want items, the days on which the chosen one may lie, and the item as it would lie."""
        for place in frame.lines():
            line = self.chart.lines[place]
            if line.wanted is not None and line.wanted.isoformat() != line.item.start:
                _draw_wanted(painter, frame, place, line.wanted)
        if self.trial is None or self.reach is None:
            return
        shown, y = theme.colours(), frame.y_of(self.at)
        left, right = frame.x_of(self.reach.first), frame.x_of(self.reach.end + DAY)
        if right > left:
            painter.setPen(QPen(QColor(shown.good), 1))
            painter.setBrush(faint(shown.good, 40))
            painter.drawRect(QRectF(left, y + 1, right - left, LINE - 2))
        ink = shown.bad if self.trial.against else shown.accent
        painter.setPen(QPen(QColor(ink), 1.6, Qt.PenStyle.DashLine))
        painter.setBrush(faint(ink, 90))
        for bar in self.trial.bars:
            x = frame.x_of(bar.first)
            painter.drawRect(QRectF(x, y + 3, frame.x_of(bar.last + DAY) - x, LINE - 6))
        self._draw_told(painter, frame, y)

    def _draw_told(self, painter: QPainter, frame: Frame, y: int) -> None:
        """The days tried and what stands against them, each on a line, in a box beside the item."""
        if self.trial is None:
            return
        shown, texts = theme.colours(), Texts(painter)
        lines = [f"{words.day(self.trial.start)} {words.DASH} {words.day(self.trial.finish)}"]
        lines += self.trial.against[:FARTHEST_TOLD]
        wide = max(texts.wide(line) for line in lines) + 2 * GAP
        high = len(lines) * (LINE - 6) + TIGHT
        left = max(LEFT + TIGHT, min(frame.x_of(self.trial.start), frame.width - wide - GAP))
        below = y + LINE + high < frame.bottom
        top = y + LINE + 1 if below else max(TOP, y - high - 1)
        painter.setPen(QPen(QColor(shown.bad if self.trial.against else shown.accent), 1))
        painter.setBrush(QColor(shown.surface))
        painter.drawRect(QRectF(left, top, wide, high))
        for place, line in enumerate(lines):
            room = QRectF(left + GAP, top + 2 + place * (LINE - 6), wide, LINE - 6)
            texts.write(room, line, QColor(shown.text))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the line under the mouse; take hold of it when the mouse is on a bar."""
        if self.trial is not None:
            self.let_go()
        self.reach = None
        super().mousePressEvent(event)
        point = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and self.on_bar(point):
            self._grabbed = point.x() + self.horizontalScrollBar().value()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Try the item on the day the mouse has pulled it to; at an edge the calendar follows."""
        point, line = event.position().toPoint(), self.line()
        if self._grabbed is None or line is None:
            shape = Qt.CursorShape.OpenHandCursor if self.on_bar(point) else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            return
        bar = self.horizontalScrollBar()
        if point.x() < LEFT + EDGE or point.x() > self.viewport().width() - EDGE:
            bar.setValue(bar.value() + (-NUDGE if point.x() < LEFT + EDGE else NUDGE))
        days = round((point.x() + bar.value() - self._grabbed) / self.day_width)
        if days or self.trial is not None:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.try_start(date.fromisoformat(line.item.start) + timedelta(days=days))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the item down where it is."""
        if self._grabbed is not None and self.trial is not None:
            self.put()
        self._grabbed = None
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and left or right try a day, with Shift a week; Enter puts it there, Escape does not."""
        key, keys = Qt.Key(event.key()), event.modifiers()
        line = self.line()
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if keys & Qt.KeyboardModifier.AltModifier and key in steps and line is not None:
            start = self.trial.start if self.trial is not None else date.fromisoformat(line.item.start)
            week = 7 if keys & Qt.KeyboardModifier.ShiftModifier else 1
            self.try_start(_step(self._inputs(), line, start, steps[key] * week))
        elif self.trial is not None and key == Qt.Key.Key_Escape:
            self.let_go()
        elif self.trial is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.put()
        else:
            super().keyPressEvent(event)

    def go(self, place: int) -> None:
        """Choose a line; a move of another that is being tried is given up."""
        if self.trial is not None or self.reach is not None:
            self.let_go()
        super().go(place)


def _draw_wanted(painter: QPainter, frame: Frame, place: int, day: date) -> None:
    """A flag on the day a lock has an item start, while the plan still has it elsewhere."""
    x, y, ink = frame.x_of(day), frame.y_of(place), QColor(theme.colours().accent)
    if x < LEFT:
        return
    painter.setPen(QPen(ink, 2))
    painter.drawLine(QPointF(x, y + 2), QPointF(x, y + LINE - 2))
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([QPointF(x, y + 2), QPointF(x + 8, y + 6), QPointF(x, y + 10)]))


def _step(inputs: Inputs, line: Line, start: date, days: int) -> date:
    """The working day so many days away, or the one before it when going back lands on a day off."""
    day = start + timedelta(days=days)
    while days < 0 and nearest(inputs, line, day) >= start:
        day -= DAY
    return day

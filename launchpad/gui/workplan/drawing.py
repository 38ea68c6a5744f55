"""The plan on a calendar: a line for each item, the days that matter marked, every team's load below."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from launchpad.gui import theme, words
from launchpad.gui.pictures import Picture
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import LIGHT
from launchpad.gui.workplan.calendar_drawing import Look, days_of, draw
from launchpad.gui.workplan.frame import LEFT, LINE, TOP, Frame, load_heights, whole
from launchpad.gui.workplan.load_drawing import Weeks, weeks_of
from launchpad.gui.workplan.numbers import Chart

_DAY = date(2000, 1, 3)
NO_CHART = Chart(_DAY, _DAY, _DAY, _DAY, _DAY, (), ())
NARROWEST, WIDEST, PICTURED = 4.0, 40.0, 12.0
PAPER = 100
"""Pixels a picture adds about the chart: margins, its title and the line below."""


class Gantt(QAbstractScrollArea):
    """`opened` carries the plan item of a line that was double-clicked or entered, `chosen` the place of a line."""

    opened = Signal(object)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = NO_CHART
        self.day_width = 14.0
        self._fitted = True
        self.at = 0
        self._weeks: list[Weeks] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Calendar of the plan"))
        self.horizontalScrollBar().setSingleStep(28)
        self.verticalScrollBar().setSingleStep(LINE)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_chart(self, chart: Chart) -> None:
        """Draw another plan; the item that was chosen stays chosen where it is still there."""
        item = self.chart.lines[self.at].item.id if self.chart.lines else None
        self.chart = chart
        places = [place for place, line in enumerate(chart.lines) if line.item.id == item]
        self.at = places[0] if places else min(self.at, max(0, len(chart.lines) - 1))
        self._weeks = [weeks_of(load) for load in chart.loads]
        self._fit()
        if self._fitted:
            self.fit_width()
        self._say()
        self.viewport().update()

    def zoom(self, factor: float) -> None:
        """Make days wider or narrower; from then on a new size of the window leaves them so."""
        self._fitted = False
        self.day_width = min(max(self.day_width * factor, NARROWEST), WIDEST)
        self._fit()
        self.viewport().update()

    def fit_width(self) -> None:
        """Make the whole span of the plan as wide as the view, and keep it so."""
        self._fitted = True
        if self.chart.lines:
            room = max(200, self.viewport().width() - LEFT)
            self.day_width = min(max(room / days_of(self.chart), NARROWEST), WIDEST)
            self._fit()
            self.viewport().update()

    def frame_now(self) -> Frame:
        """What of the chart is seen at present."""
        room = self.viewport().size()
        load, loads = load_heights(len(self.chart.loads), room.height())
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return Frame(self.chart, self.day_width, room.width(), room.height(), across, down, load, loads)

    def _fit(self) -> None:
        room, loads = self.viewport().size(), self.frame_now().loads
        wide = LEFT + self.day_width * days_of(self.chart)
        high = TOP + LINE * len(self.chart.lines) + loads
        self.horizontalScrollBar().setRange(0, max(0, round(wide) - room.width()))
        self.verticalScrollBar().setRange(0, max(0, high - room.height()))
        self.horizontalScrollBar().setPageStep(max(1, room.width() - LEFT))
        self.verticalScrollBar().setPageStep(max(1, room.height() - TOP - loads))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll as far as the new size asks for."""
        super().resizeEvent(event)
        self._fit()
        if self._fitted:
            self.fit_width()

    def x_of(self, day: date) -> float:
        """Where a day begins, in the viewport."""
        return self.frame_now().x_of(day)

    def y_of(self, line: int) -> int:
        """Where a line begins, in the viewport."""
        return self.frame_now().y_of(line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is in view."""
        painter, shown = QPainter(self.viewport()), theme.colours()
        if not self.chart.lines:
            painter.fillRect(self.viewport().rect(), shown.surface)
            return
        frame = self.frame_now()
        draw(painter, frame, Look(shown, self.at, self.hasFocus()), self.weeks(), partial(self.draw_over, frame))

    def weeks(self) -> list[Weeks]:
        """The loads that are drawn, in the order of the chart's."""
        return self._weeks

    def draw_over(self, frame: Frame, painter: QPainter) -> None:
        """Draw what lies over the lines; nothing here."""

    def picture(self, title: str) -> Picture | None:
        """The whole calendar to be saved or copied; None without a plan."""
        if not self.chart.lines:
            return None
        frame, weeks = whole(self.chart, max(self.day_width, PICTURED)), self._weeks

        def paint(painter: QPainter, rect: QRectF) -> None:
            painter.save()
            painter.translate(rect.topLeft())
            draw(painter, frame, Look(LIGHT), weeks)
            painter.restore()

        return Picture(title, QSize(frame.width + PAPER // 2, frame.height + PAPER), paint)

    def line_at(self, point: QPoint) -> int | None:
        """The place of the line at a point; None where there is none."""
        frame = self.frame_now()
        if not TOP <= point.y() < frame.bottom:
            return None
        place = (point.y() - TOP + frame.down) // LINE
        return place if place < len(self.chart.lines) else None

    def choose(self, item_id: int) -> bool:
        """Bring the line of a plan item into view; whether there is one."""
        lines = self.chart.lines
        place = next((at for at, line in enumerate(lines) if line.item.id == item_id), None)
        if place is not None:
            self.go(place)
        return place is not None

    def go(self, place: int) -> None:
        """Choose a line, and bring it into view."""
        if not self.chart.lines:
            return
        self.at = min(max(0, place), len(self.chart.lines) - 1)
        frame, bar = self.frame_now(), self.verticalScrollBar()
        y = frame.y_of(self.at)
        bar.setValue(bar.value() + min(0, y - TOP))
        bar.setValue(bar.value() + max(0, y - (frame.bottom - LINE)))
        self._say()
        self.viewport().update()
        self.chosen.emit(self.at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrow keys, page and end keys, zoom by plus and minus, fit by 0, open by Enter."""
        key = Qt.Key(event.key())
        page = max(1, (self.frame_now().bottom - TOP) // LINE - 1)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self.chart.lines) - 1}
        if key in steps or key in ends:
            self.go(ends.get(key, self.at + steps.get(key, 0)))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(0.8 if key == Qt.Key.Key_Minus else 1.25)
        elif key == Qt.Key.Key_0:
            self.fit_width()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the line under the mouse."""
        found = self.line_at(event.position().toPoint())
        if found is not None:
            self.go(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the line under the mouse."""
        if self.line_at(event.position().toPoint()) is not None:
            self._open()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl held, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.15 if event.angleDelta().y() > 0 else 1 / 1.15)
        else:
            super().wheelEvent(event)

    def _open(self) -> None:
        if self.chart.lines:
            self.opened.emit(self.chart.lines[self.at].item)

    def told(self, place: int) -> str:
        """A line in words."""
        line, codes = self.chart.lines[place], {load.team.id: load.team.code for load in self.chart.loads}
        parts = [f"{line.code}  {line.name}"]
        for bar in line.bars:
            span = f"{words.day(bar.first)} {words.DASH} {words.day(bar.last)}"
            parts.append(f"{codes.get(bar.team, '')} {words.number(bar.days)}: {span}")
        parts.append(self.tr("finished {0}").format(words.day(line.finish)))
        if line.status in ("started", "done", "in_place"):
            parts.append(self.tr("started") if line.status == "started" else self.tr("done"))
        if line.item.p_ready is not None:
            parts.append(self.tr("chance to be ready {0}").format(words.percent(line.item.p_ready)))
        if line.item.slack_days is not None:
            parts.append(self.tr("slack {0} days").format(line.item.slack_days))
        parts += [self.tr("waits for {0}").format(self.chart.lines[other].code) for other in line.after]
        parts += [self.tr("{0} waits for it").format(self.chart.lines[other].code) for other in line.before]
        if line.lock:
            parts.append(self.tr("locked: {0}").format(line.lock))
        return "\n".join(parts)

    def _say(self) -> None:
        if self.chart.lines:
            self.setAccessibleDescription(self.told(self.at).replace("\n", ", "))

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the line under the mouse is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.line_at(event.pos())
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self.told(found)), self)
            return True
        return super().viewportEvent(event)

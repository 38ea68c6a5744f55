"""The plan on a calendar: a line for each item, weekends shaded, freeze and launch marked, load below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QLineF, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from launchpad.gui import theme, words
from launchpad.gui.table_model import plain_tip
from launchpad.gui.theme import GAP, TIGHT
from launchpad.gui.workplan.numbers import Chart, Line, Load

_DAY = date(2000, 1, 3)
NO_CHART = Chart(_DAY, _DAY, _DAY, _DAY, _DAY, (), ())
LEFT, TOP = 300, 46
LINE, LOAD = 24, 34
NARROWEST, WIDEST = 4.0, 40.0
ALIGN = Qt.AlignmentFlag


class Gantt(QAbstractScrollArea):
    """`opened` carries the plan item of a line that was double-clicked or entered."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = NO_CHART
        self._day_width = 14.0
        self._fitted = True
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Calendar of the plan"))
        self.horizontalScrollBar().setSingleStep(28)
        self.verticalScrollBar().setSingleStep(LINE)

    def show_chart(self, chart: Chart) -> None:
        """Draw another plan."""
        self.chart = chart
        self._at = min(self._at, max(0, len(chart.lines) - 1))
        self._fit()
        if self._fitted:
            self.fit_width()
        self._say()
        self.viewport().update()

    def zoom(self, factor: float) -> None:
        """Make days wider or narrower; from then on a new size of the window leaves them so."""
        self._fitted = False
        self._day_width = min(max(self._day_width * factor, NARROWEST), WIDEST)
        self._fit()
        self.viewport().update()

    def fit_width(self) -> None:
        """Make the whole span of the plan as wide as the view, and keep it so."""
        self._fitted = True
        if self.chart.lines:
            days = (self.chart.last - self.chart.first).days + 1
            room = max(200, self.viewport().width() - LEFT)
            self._day_width = min(max(room / days, NARROWEST), WIDEST)
            self._fit()
            self.viewport().update()

    def _loads_height(self) -> int:
        if not self.chart.loads:
            return 0
        return min(LOAD * len(self.chart.loads) + TIGHT, max(0, self.viewport().height() - TOP - 4 * LINE))

    def _fit(self) -> None:
        room = self.viewport().size()
        wide = LEFT + self._day_width * ((self.chart.last - self.chart.first).days + 1)
        high = TOP + LINE * len(self.chart.lines) + self._loads_height()
        self.horizontalScrollBar().setRange(0, max(0, round(wide) - room.width()))
        self.verticalScrollBar().setRange(0, max(0, high - room.height()))
        self.horizontalScrollBar().setPageStep(max(1, room.width() - LEFT))
        self.verticalScrollBar().setPageStep(max(1, room.height() - TOP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll as far as the new size asks for."""
        super().resizeEvent(event)
        self._fit()
        if self._fitted:
            self.fit_width()

    def x_of(self, day: date) -> float:
        """Where a day begins, in the viewport."""
        return LEFT + self._day_width * (day - self.chart.first).days - self.horizontalScrollBar().value()

    def _y_of(self, line: int) -> int:
        return TOP + LINE * line - self.verticalScrollBar().value()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the days, the lines in view, the load, then the labels over them."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(theme.colours().surface))
        if not self.chart.lines:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        size = self.viewport().size()
        bottom = size.height() - self._loads_height()
        self._draw_days(painter, size.height())
        painter.setClipRect(0, TOP, size.width(), bottom - TOP)
        for place, line in enumerate(self.chart.lines):
            y = self._y_of(place)
            if TOP - LINE < y < bottom:
                self._draw_line(painter, line, y, chosen=place == self._at and self.hasFocus())
        painter.setClipping(False)
        self._draw_marks(painter, bottom)
        self._draw_loads(painter, bottom)
        self._draw_axis(painter)

    def _draw_days(self, painter: QPainter, height: int) -> None:
        colours = theme.colours()
        for day in _days(self.chart):
            x = self.x_of(day)
            if x < LEFT - 2 * self._day_width or x > self.viewport().width():
                continue
            if day.weekday() == 5:
                shade = QRectF(x, TOP, 2 * self._day_width, height - TOP)
                painter.fillRect(shade, QColor(colours.window))
            if day.weekday() == 0:
                painter.setPen(QPen(QColor(colours.sunken), 1))
                painter.drawLine(QLineF(x, TOP, x, height))

    def _draw_line(self, painter: QPainter, line: Line, y: int, *, chosen: bool) -> None:
        colours = theme.colours()
        last = self.x_of(line.finish + timedelta(days=1))
        worked = max((bar.last for bar in line.bars), default=line.finish)
        if line.finish > worked:
            start = self.x_of(worked + timedelta(days=1))
            painter.fillRect(
                QRectF(start, y + 7, last - start, LINE - 14),
                QBrush(QColor(colours.muted), Qt.BrushStyle.BDiagPattern),
            )
        teams = list(dict.fromkeys(bar.team for bar in line.bars))
        high = (LINE - 6) / max(1, len(teams))
        for bar in line.bars:
            x = self.x_of(bar.first)
            top = y + 3 + high * teams.index(bar.team)
            width = self.x_of(bar.last + timedelta(days=1)) - x
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._team_colour(bar.team))
            painter.drawRoundedRect(QRectF(x, top, width, high - 1), 2, 2)
        painter.setPen(QColor(colours.muted))
        codes = ", ".join(self._team_code(team) for team in teams)
        painter.drawText(QRectF(last + TIGHT, y, 400, LINE), ALIGN.AlignVCenter, codes)
        self._draw_name(painter, line, y, chosen=chosen)

    def _draw_name(self, painter: QPainter, line: Line, y: int, *, chosen: bool) -> None:
        colours = theme.colours()
        painter.fillRect(QRect(0, y, LEFT, LINE), QColor(colours.selected if chosen else colours.surface))
        painter.setPen(QColor(colours.text))
        room = QRect(GAP, y, LEFT - 2 * GAP, LINE)
        rank = "" if line.item.rank is None else f"{line.item.rank}. "
        text = painter.fontMetrics().elidedText(
            f"{rank}{line.code}  {line.name}", Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, ALIGN.AlignVCenter, text)

    def _team_colour(self, team: int) -> QColor:
        bars = theme.colours().bars
        place = next((at for at, load in enumerate(self.chart.loads) if load.team.id == team), 0)
        return QColor(bars[place % len(bars)])

    def _team_code(self, team: int) -> str:
        return next((load.team.code for load in self.chart.loads if load.team.id == team), "")

    def _marks(self) -> list[tuple[date, str, str]]:
        colours = theme.colours()
        marks = [
            (self.chart.freeze, self.tr("freeze"), colours.bad),
            (self.chart.launch, self.tr("launch"), colours.accent),
        ]
        if self.chart.until < self.chart.freeze:
            marks.insert(0, (self.chart.until, self.tr("work ends"), colours.warn))
        return marks

    def _draw_marks(self, painter: QPainter, bottom: int) -> None:
        for day, _, ink in self._marks():
            x = self.x_of(day + timedelta(days=1))
            if x >= LEFT:
                painter.setPen(QPen(QColor(ink), 2, Qt.PenStyle.DashLine))
                painter.drawLine(QLineF(x, TOP, x, bottom))

    def _draw_loads(self, painter: QPainter, top: int) -> None:
        colours, size = theme.colours(), self.viewport().size()
        if self._loads_height() == 0:
            return
        painter.fillRect(0, top, size.width(), size.height() - top, QColor(colours.window))
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(0, top, size.width(), top)
        painter.setClipRect(0, top, size.width(), size.height() - top)
        for place, load in enumerate(self.chart.loads):
            self._draw_load(painter, load, top + TIGHT + place * LOAD)
        painter.setClipping(False)

    def _draw_load(self, painter: QPainter, load: Load, y: int) -> None:
        colours = theme.colours()
        high = LOAD - 8
        for week in sorted({*load.used, *load.available}):
            used, available = load.used.get(week, 0.0), load.available.get(week, 0.0)
            x, width = self.x_of(week) + 1, 7 * self._day_width - 2
            if x + width < LEFT or x > self.viewport().width():
                continue
            frame = QRectF(x, y, width, high)
            painter.fillRect(frame, QColor(colours.surface))
            share = 1.0 if available <= 0 < used else min(1.0, used / available if available else 0.0)
            over = used > available + 0.005
            ink = QColor(colours.bad) if over else self._team_colour(load.team.id)
            ink.setAlpha(120)  # figures are read across the edge of a bar
            painter.fillRect(QRectF(x, y + high * (1 - share), width, high * share), ink)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(frame)
            text = f"{used:.3g}/{available:.3g}"
            if width > painter.fontMetrics().horizontalAdvance(text) + 2:
                painter.setPen(QColor(colours.text))
                painter.drawText(frame, ALIGN.AlignCenter, text)
        painter.fillRect(QRect(0, y, LEFT, LOAD - 2), QColor(colours.window))
        painter.setPen(QColor(colours.text))
        name = f"{load.team.code}  {load.team.name}"
        elided = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, LEFT - 40)
        painter.fillRect(QRectF(GAP, y + high / 2 - 5, 10, 10), self._team_colour(load.team.id))
        painter.drawText(QRectF(GAP + 16, y, LEFT - 30, high), ALIGN.AlignVCenter, elided)

    def _draw_axis(self, painter: QPainter) -> None:
        colours, width = theme.colours(), self.viewport().width()
        painter.fillRect(0, 0, width, TOP, QColor(colours.sunken))
        painter.setPen(QColor(colours.text))
        every = 1 if 7 * self._day_width > 46 else 2 if 14 * self._day_width > 46 else 4
        for place, week in enumerate(_weeks(self.chart)):
            x = self.x_of(week)
            if place % every == 0 and x > LEFT - 40:
                painter.drawText(QRectF(x + 2, TOP - 20, 80, 18), ALIGN.AlignVCenter, _short(week))
        taken = -1e9
        for day, text, ink in self._marks():
            x = self.x_of(day + timedelta(days=1))
            label = f"{text} {_short(day)}"
            wide = painter.fontMetrics().horizontalAdvance(label) + 6
            left = max(x - wide, taken)
            if x >= LEFT:
                painter.setPen(QColor(ink))
                painter.drawText(QRectF(left, 2, wide, 20), ALIGN.AlignVCenter, label)
                taken = left + wide + 4
        painter.fillRect(0, 0, LEFT, TOP, QColor(colours.sunken))
        painter.setPen(QColor(colours.muted))
        legend = self.tr("Earliest first · hatched: waiting · below: person-days used/free")
        painter.drawText(QRect(GAP, 0, LEFT - 2 * GAP, TOP), ALIGN.AlignVCenter | Qt.TextFlag.TextWordWrap, legend)

    def _line_at(self, point: QPoint) -> int | None:
        if not TOP <= point.y() < self.viewport().height() - self._loads_height():
            return None
        place = (point.y() - TOP + self.verticalScrollBar().value()) // LINE
        return place if place < len(self.chart.lines) else None

    def choose(self, item_id: int) -> bool:
        """Bring the line of a plan item into view; whether there is one."""
        lines = self.chart.lines
        place = next((at for at, line in enumerate(lines) if line.item.id == item_id), None)
        if place is not None:
            self._go(place)
        return place is not None

    def _go(self, place: int) -> None:
        if not self.chart.lines:
            return
        self._at = min(max(0, place), len(self.chart.lines) - 1)
        y, bar = self._y_of(self._at), self.verticalScrollBar()
        bar.setValue(bar.value() + min(0, y - TOP))
        low = self.viewport().height() - self._loads_height() - LINE
        bar.setValue(bar.value() + max(0, y - low))
        self._say()
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrow keys, zoom by plus and minus, open by Enter."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go(self._at + (1 if key == Qt.Key.Key_Down else -1))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom(0.8)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the line under the mouse."""
        found = self._line_at(event.position().toPoint())
        if found is not None:
            self._go(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the line under the mouse."""
        if self._line_at(event.position().toPoint()) is not None:
            self._open()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl held, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.15 if event.angleDelta().y() > 0 else 1 / 1.15)
        else:
            super().wheelEvent(event)

    def _open(self) -> None:
        if self.chart.lines:
            self.opened.emit(self.chart.lines[self._at].item)

    def told(self, place: int) -> str:
        """A line in words."""
        line = self.chart.lines[place]
        parts = [f"{line.code}  {line.name}"]
        for bar in line.bars:
            span = f"{words.day(bar.first)} {words.DASH} {words.day(bar.last)}"
            parts.append(f"{self._team_code(bar.team)} {words.number(bar.days)}: {span}")
        parts.append(self.tr("finished {0}").format(words.day(line.finish)))
        if line.item.p_ready is not None:
            parts.append(self.tr("chance to be ready {0}").format(words.percent(line.item.p_ready)))
        return "\n".join(parts)

    def _say(self) -> None:
        if self.chart.lines:
            self.setAccessibleDescription(self.told(self._at).replace("\n", ", "))

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the line under the mouse is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._line_at(event.pos())
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), plain_tip(self.told(found)), self)
            return True
        return super().viewportEvent(event)


def _days(chart: Chart) -> Iterator[date]:
    for offset in range((chart.last - chart.first).days + 1):
        yield chart.first + timedelta(days=offset)


def _weeks(chart: Chart) -> Iterator[date]:
    return (day for day in _days(chart) if day.weekday() == 0)


def _short(day: date) -> str:
    return words.day(day).rsplit(" ", 1)[0]

"""Where everything of the calendar lies: a chart seen through a window, scrolled and zoomed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from launchpad.gui.theme import TIGHT
from launchpad.gui.workplan.numbers import Chart

LEFT, TOP, LINE = 300, 46, 24
LOWEST, HIGHEST = 15, 28
LOAD_SHARE = 0.45
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart with the width of a day, the size of the window in pixels, and how far it is scrolled.

    `load` is the height of one team's load, `loads` that of all of them together.
    """

    chart: Chart
    day: float
    width: int
    height: int
    across: int = 0
    down: int = 0
    load: int = HIGHEST
    loads: int = 0

    @property
    def bottom(self) -> int:
        """Where the lines end and the loads begin."""
        return self.height - self.loads

    def x_of(self, day: date) -> float:
        """Where a day begins."""
        return LEFT + self.day * (day - self.chart.first).days - self.across

    def y_of(self, line: int) -> int:
        """Where a line begins."""
        return TOP + LINE * line - self.down

    def lines(self) -> range:
        """The places of the lines in view."""
        first = max(0, self.down // LINE)
        return range(first, max(first, min(len(self.chart.lines), first + (self.bottom - TOP) // LINE + 2)))

    def weeks(self) -> list[date]:
        """The Mondays of the weeks in view."""
        first = max(0, int(self.across / self.day) // 7)
        last = min((self.chart.last - self.chart.first).days, int((self.across + self.width - LEFT) / self.day) + 1)
        return [self.chart.first + timedelta(days=7 * week) for week in range(first, last // 7 + 1)]


def whole(chart: Chart, day: float) -> Frame:
    """The frame that shows all of a chart at once, for a picture."""
    days = (chart.last - chart.first).days + 1
    loads = HIGHEST * len(chart.loads) + TIGHT if chart.loads else 0
    return Frame(chart, day, round(LEFT + day * days), TOP + LINE * len(chart.lines) + loads, loads=loads)


def load_heights(teams: int, height: int) -> tuple[int, int]:
    """How high one team's load is, and all of them together, in a window so high."""
    if teams == 0:
        return HIGHEST, 0
    room = max(0, height - TOP)
    each = max(LOWEST, min(HIGHEST, int(LOAD_SHARE * room / teams)))
    return each, min(each * teams + TIGHT, max(0, room - 4 * LINE))

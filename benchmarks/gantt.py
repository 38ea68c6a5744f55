"""The calendar of a plan of 300 items and 12 teams: painting, scrolling, dragging: `python -m benchmarks gantt`.

Processor time for each frame, as a person at a busy machine feels it last; the goal is 16 ms, one frame of a screen
that shows 60 a second. Making the chart is done once after each edit, and only while the calendar is seen.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import MappingProxyType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from launchpad.gui.workplan.moving_gantt import MovableGantt
from launchpad.gui.workplan.numbers import chart
from launchpad.records import (
    Capacity,
    DayOff,
    Dependency,
    Inputs,
    Launch,
    Mitigation,
    MitigationVariant,
    Plan,
    PlanItem,
    PlanWork,
    Record,
    Team,
)

ITEMS, TEAMS, FRAMES = 300, 12, 100
SIZE = (1072, 540)
GOAL_MS = 16.0
FIRST = date(2026, 12, 1)


def launch() -> Launch:
    """Half a year of work."""
    return Launch(
        id=1,
        code="L-1",
        name="Summer",
        model="m-1",
        launch_date="2027-06-01",
        freeze_date="2027-05-20",
        as_of=FIRST.isoformat(),
    )


def teams() -> Iterator[Record]:
    """Teams of six people with a week off."""
    for number in range(TEAMS):
        yield Team(id=100 + number, code=f"T-{number:02d}", name=f"Team {number}")
        yield Capacity(id=200 + number, team=100 + number, days_per_week=30.0)
        for day in range(5):
            off = date(2026, 12, 28) + timedelta(days=day)
            yield DayOff(id=300 + 10 * number + day, team=100 + number, day=off.isoformat())


def work(drawn: random.Random) -> Iterator[Record]:
    """A plan of mitigations of two teams each, more than half of which wait for another one."""
    yield Plan(id=2, code="P-1", launch=1, name="Plan")
    for at in range(ITEMS):
        yield Mitigation(id=1000 + at, code=f"M-{at:03d}", name=f"A piece of work with a name, {at}", kind="filter")
        yield MitigationVariant(id=2000 + at, code=f"M-{at:03d}.std", mitigation=1000 + at, name="standard")
        start = FIRST + timedelta(days=drawn.randrange(130))
        finish = start + timedelta(days=drawn.randrange(5, 25))
        item, starts = 3000 + at, start.isoformat()
        yield PlanItem(
            id=item, launch=1, plan=2, variant=2000 + at, rank=at + 1, start=starts, finish=finish.isoformat()
        )
        for part in range(2):
            team, key = 100 + drawn.randrange(TEAMS), 5000 + 2 * at + part
            last = (finish - timedelta(days=2)).isoformat()
            yield PlanWork(id=key, launch=1, item=item, team=team, start=starts, finish=last, days=4.0)
        if at > 5 and drawn.random() < 0.6:
            yield Dependency(id=8000 + at, mitigation=1000 + at, needs=1000 + drawn.randrange(at))


def inputs() -> Inputs:
    """All of it as a project would hold it."""
    tables: dict[str, list[Record]] = {}
    for row in (launch(), *teams(), *work(random.Random(1))):
        tables.setdefault(row.table, []).append(row)
    return Inputs(MappingProxyType({table: tuple(rows) for table, rows in tables.items()}))


def milliseconds(act: Callable[[], object]) -> float:
    """Processor time of one call."""
    start = time.process_time()
    act()
    return 1000 * (time.process_time() - start)


def line(what: str, step: Callable[[int], object]) -> None:
    """Print the median and the 95 % point of many frames."""
    found = sorted(milliseconds(lambda at=at: step(at)) for at in range(FRAMES))
    median, high = found[FRAMES // 2], found[int(FRAMES * 0.95)]
    print(f"{what:24}{median:>9.1f} ms{high:>11.1f} ms   {'within' if high <= GOAL_MS else 'ABOVE'} {GOAL_MS:.0f} ms")


def main() -> None:
    """Print what a frame costs while nothing moves, while scrolling both ways, and while dragging."""
    app = QApplication.instance() or QApplication([])
    held = inputs()
    going, plan = held.get(Launch, 1), held.get(Plan, 2)
    print(f"{'making the chart':24}{milliseconds(lambda: chart(held, going, plan)):>9.1f} ms")
    gantt = MovableGantt(lambda: held)
    gantt.resize(*SIZE)
    gantt.show_chart(chart(held, going, plan))
    gantt.show()
    QApplication.processEvents()
    paint, down, across = gantt.viewport().repaint, gantt.verticalScrollBar(), gantt.horizontalScrollBar()
    print(f"{'':24}{'median':>12}{'95 %':>14}")
    line("repaint", lambda _: paint())
    line("scroll down", lambda at: (down.setValue(37 * at), paint()))
    gantt.zoom(1.6)
    line("scroll across", lambda at: (across.setValue(11 * at), paint()))
    gantt.fit_width()
    gantt.go(40)
    start = date.fromisoformat(gantt.chart.lines[40].item.start)
    line("drag", lambda at: (gantt.try_start(start + timedelta(days=at % 30)), paint()))
    del app


if __name__ == "__main__":
    main()

"""The product's own scheduler on resource-constrained projects: `python -m benchmarks rcpsp FILE.sm... --seconds 10`.

PSPLIB's single-mode files (Kolisch & Sprecher 1996): every activity is done, the last end should be earliest.
"""

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.objective import Objective
from launchpad.planning.problem import Item, Problem, Shape, Work
from launchpad.planning.schedule import shortest
from launchpad.planning.serial import Schedule, Timetable, in_order
from launchpad.planning.watch import Watch

START = date(2000, 1, 1)


@dataclass(frozen=True)
class Project:
    """Activities by number: how long each takes, what it uses of each resource, what follows it."""

    sizes: dict[int, int]
    uses: dict[int, tuple[int, ...]]
    followers: dict[int, tuple[int, ...]]
    capacity: tuple[int, ...]


def project(text: str) -> Project:
    """A project from the words of a PSPLIB file."""
    followers = {row[0]: tuple(row[3:]) for row in _rows(text, "PRECEDENCE RELATIONS")}
    work = {row[0]: row for row in _rows(text, "REQUESTS/DURATIONS")}
    capacity = tuple(next(iter(_rows(text, "RESOURCEAVAILABILITIES"))))
    return Project(
        {number: row[2] for number, row in work.items()},
        {number: tuple(row[3:]) for number, row in work.items()},
        followers,
        capacity,
    )


def _rows(text: str, heading: str) -> Iterator[list[int]]:
    section = re.split(r"\*{10,}", text[text.index(heading) :])[0]
    for line in section.splitlines()[1:]:
        parts = line.split()
        if parts and all(part.isdigit() for part in parts):
            yield [int(part) for part in parts]


def problem(made: Project, days: int) -> Problem:
    """The project as a planning problem of so many days; activities that take none only pass on who waits for whom."""
    numbers = [number for number, size in made.sizes.items() if size > 0]
    place = {number: index for index, number in enumerate(numbers)}
    dates = tuple(START + timedelta(days=offset) for offset in range(days))
    calendars = tuple(
        TeamCalendar(team, f"R{team + 1}", f"R{team + 1}", dates, (size,) * days, (size,) * days)
        for team, size in enumerate(made.capacity)
    )
    items = tuple(
        Item(str(number), (Work(0, (Shape(made.sizes[number], tuple(enumerate(made.uses[number]))),), 0, days),))
        for number in numbers
    )
    after = tuple((place[number], place[later]) for number in numbers for later in _behind(made, number))
    return Problem(items, calendars, Objective((), (), (0.0,) * len(items)), dates[-1], after=after)


def _behind(made: Project, number: int) -> Iterable[int]:
    for follower in made.followers[number]:
        if made.sizes[follower] > 0:
            yield follower
        else:
            yield from _behind(made, follower)


def serial(whole: Problem) -> Schedule:
    """A first calendar: what has the longest path behind it goes first."""
    longest: dict[int, int] = {}

    def path(item: int) -> int:
        if item not in longest:
            size = whole.items[item].works[0].shapes[0].size
            longest[item] = size + max((path(later) for later in whole.behind.get(item, ())), default=0)
        return longest[item]

    rank = {item: -float(path(item)) for item in range(len(whole.items))}
    table = Timetable(whole)
    table.add_all(in_order(whole, range(len(whole.items)), rank))
    return table.placed


def end(schedule: Schedule) -> int:
    """The day on which everything is finished."""
    return max(placement.end for placements in schedule.values() for placement in placements)


def solved(text: str, seconds: float) -> tuple[int, int, int, float]:
    """Makespan, bound, makespan of the serial start, and seconds taken."""
    made = project(text)
    start = serial(problem(made, sum(made.sizes.values())))
    watch = Watch(seconds)
    found, bound = shortest(problem(made, end(start)), start, watch)
    return end(found), bound, end(start), watch.elapsed


def main(arguments: Sequence[str] | None = None) -> None:
    """Print file, makespan, bound and seconds for each file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks rcpsp", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.sm")
    parser.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args(arguments)
    print(f"{'file':20}{'makespan':>10}{'bound':>8}{'serial':>8}{'seconds':>9}")
    for path in asked.files:
        makespan, bound, first, seconds = solved(path.read_text(encoding="latin-1"), asked.seconds)
        print(f"{path.name:20}{makespan:>10}{bound:>8}{first:>8}{seconds:>9.1f}", flush=True)


if __name__ == "__main__":
    main()

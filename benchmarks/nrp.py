"""The product's own selector on release planning: `python -m benchmarks nrp FILE RATIO --seconds 10`.

The next-release problem (Bagnall, Rayward-Smith & Whittley 2001; files as Xuan et al. 2012): requirements cost
something and need others; a customer pays once all that he asks for is in; the budget is a share of the whole cost,
rounded half up.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from pathlib import Path

from launchpad.planning.calendar import TeamCalendar
from launchpad.planning.objective import Objective
from launchpad.planning.portfolio import select
from launchpad.planning.problem import Item, Need, Problem, Shape, Work
from launchpad.planning.watch import Watch

DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Release:
    """Costs of requirements, pairs (needed, by whom), and customers as (profit, requirements); places from 0."""

    costs: tuple[int, ...]
    needs: tuple[tuple[int, int], ...]
    customers: tuple[tuple[int, tuple[int, ...]], ...]

    def budget(self, ratio: float) -> int:
        """The share of the whole cost that may be spent, rounded half up."""
        return floor(ratio * sum(self.costs) + 0.5)


def release(text: str) -> Release:
    """A release from the words of a file."""
    words = iter(text.split())

    def number() -> int:
        return int(next(words))

    costs: list[int] = []
    for _ in range(number()):
        costs += [number() for _ in range(number())]
    needs = tuple((number() - 1, number() - 1) for _ in range(number()))
    customers: list[tuple[int, tuple[int, ...]]] = []
    for _ in range(number()):
        profit, count = number(), number()
        customers.append((profit, tuple(number() - 1 for _ in range(count))))
    return Release(tuple(costs), needs, tuple(customers))


def problem(made: Release, budget: int) -> Problem:
    """The release as a selection: one team with one day of `budget`, a customer is an item that takes no work."""
    work = tuple(
        Item(f"r{number}", (Work(0, (Shape(1, ((0, cost),)),), 0, 1),)) for number, cost in enumerate(made.costs)
    )
    first = len(work)
    items = (*work, *(Item(f"c{number}") for number in range(len(made.customers))))
    needs = [Need(later, (earlier,)) for earlier, later in made.needs]
    needs += [Need(first + number, (wish,)) for number, (_, wishes) in enumerate(made.customers) for wish in wishes]
    costs = (0.0,) * first + tuple(-float(profit) for profit, _ in made.customers)
    team = TeamCalendar(0, "B", "Budget", (DAY,), (budget,), (budget,))
    return Problem(items, (team,), Objective((), (), costs), DAY, tuple(needs))


def solved(text: str, ratio: float, seconds: float) -> tuple[int, int, float]:
    """Value, bound on the value, and seconds taken."""
    made = release(text)
    watch = Watch(seconds)
    choice = select(problem(made, made.budget(ratio)), watch, seconds, gap=0.0)
    value = 0 if choice.items is None else -round(choice.value)
    return value, floor(-choice.bound + 1e-3), watch.elapsed


def main(arguments: Sequence[str] | None = None) -> None:
    """Print value, bound and seconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks nrp", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("ratio", type=float)
    parser.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args(arguments)
    value, bound, seconds = solved(asked.file.read_text(encoding="latin-1"), asked.ratio, asked.seconds)
    print(f"{'file':16}{'ratio':>7}{'value':>9}{'bound':>9}{'seconds':>9}")
    print(f"{asked.file.name:16}{asked.ratio:>7g}{value:>9}{bound:>9}{seconds:>9.1f}")


if __name__ == "__main__":
    main()

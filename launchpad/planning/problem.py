"""A planning problem as plain arrays: items, their work, the rules between them, the calendar and the objective."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import ceil

from launchpad.planning.calendar import HUNDREDTHS, TeamCalendar
from launchpad.planning.objective import Objective

MOST_STRETCHES = 3
MOST_SHAPES = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to carry out a piece of work: so many working days, so many hundredths a day of each team."""

    size: int
    demands: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What an item asks of one team, in places of that team's working days.

    `team` is the place in the problem's calendars. Work starts at `first` or later, no later than at `begin_by` where
    that is given, and ends before `last`; it falls into at most `parts` stretches. `placed` fixes its stretches as
    (start, size). `effort` is its own size in hundredths of a person-day, before a shape rounds it up to whole days.
    """

    team: int
    shapes: tuple[Shape, ...]
    first: int
    last: int
    parts: int = 1
    placed: tuple[tuple[int, int], ...] = ()
    effort: int = 0
    begin_by: int | None = None

    @property
    def latest(self) -> int:
        """The place after the latest it may start at."""
        return self.last if self.begin_by is None else min(self.last, self.begin_by + 1)

    def energy_of(self, team: int) -> int:
        """The least hundredths of a person-day it takes from a team, whatever its shape."""
        return min((shape.size * dict(shape.demands).get(team, 0) for shape in self.shapes), default=0)


@dataclass(frozen=True, slots=True)
class Item:
    """Something a plan can do: a variant of a mitigation, or an evaluation.

    `row` is the row id of the variant or evaluation, `mitigation` that of its mitigation. `days` are expected
    person-days. `waiting` are calendar days after the last work, part of the finish.
    """

    code: str
    works: tuple[Work, ...] = ()
    waiting: int = 0
    days: float = 0.0
    row: int = 0
    mitigation: int | None = None
    started: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule a person can be told about: at most one of these items, or at least one of them."""

    words: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """An item that may only be chosen together with at least one of others."""

    item: int
    one_of: tuple[int, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on a weighted sum of the items chosen: sum of weights <= room; room below 0 is broken today.

    `unit` is the size of a violation that counts as 1.
    """

    words: str
    weights: tuple[tuple[int, float], ...]
    room: float
    unit: float = 1.0


@dataclass(frozen=True, slots=True)
class Floor:
    """A limit on a catastrophic scenario: z of its term (one with `today` 0) must reach `least`."""

    words: str
    term: int
    least: float


@dataclass(frozen=True)
class Problem:
    """Everything the solver reads; items are named by their place in `items`.

    `after` holds pairs (earlier, later) of items of which, when both are chosen, the later starts only once
    the earlier has finished. `musts` are kept or the problem is refused; `wanted` (evaluations that gates
    need), `limits` and `floors` are kept as far as they can be. `impossible` says, by mitigation row id, why
    none of its variants is among the items.
    """

    items: tuple[Item, ...]
    calendars: tuple[TeamCalendar, ...]
    objective: Objective
    last_day: date
    needs: tuple[Need, ...] = ()
    at_most_one: tuple[Rule, ...] = ()
    after: tuple[tuple[int, int], ...] = ()
    musts: tuple[Rule, ...] = ()
    wanted: tuple[Rule, ...] = ()
    limits: tuple[Limit, ...] = ()
    floors: tuple[Floor, ...] = ()
    impossible: Mapping[int, str] = field(default_factory=dict[int, str])

    @cached_property
    def before(self) -> dict[int, tuple[int, ...]]:
        """For each item: the items it must wait for when they are chosen too."""
        return _grouped((later, earlier) for earlier, later in self.after)

    @cached_property
    def behind(self) -> dict[int, tuple[int, ...]]:
        """For each item: the items that must wait for it when they are chosen too."""
        return _grouped(self.after)

    @cached_property
    def needs_of(self) -> dict[int, tuple[Need, ...]]:
        """For each item: what must be chosen with it."""
        found: dict[int, list[Need]] = {}
        for need in self.needs:
            found.setdefault(need.item, []).append(need)
        return {item: tuple(needs) for item, needs in found.items()}


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def shapes(energy: int, people: int, free: Iterable[int], team: int) -> tuple[Shape, ...]:
    """The ways to do `energy` hundredths of work, at most `people` hundredths a day, from fastest to slowest.

    Duration = ceil(effort / min(people, free per day)), demand = effort / duration, both rounded up. Where
    what is free changes over time, each level gives a way of its own; of many, the fastest, the middle and the
    slowest are kept. Empty when nothing is ever free.
    """
    paces = sorted({min(people, each) for each in free if each > 0}, reverse=True)
    sizes = sorted({max(1, ceil(energy / pace)) for pace in paces})
    if len(sizes) > MOST_SHAPES:
        sizes = [sizes[0], sizes[len(sizes) // 2], sizes[-1]]
    return tuple(Shape(size, ((team, ceil(energy / size)),)) for size in sizes)


def hundredths(days: float) -> int:
    """Person-days as whole hundredths, rounded up."""
    return ceil(HUNDREDTHS * days - 1e-9)

"""What a selection must take from each team in any stretch of days: rows that hold in every calendar.

Between days a and b, work begun as early as it can be and work ended as late as it can be both spend some of their
time; the lesser of the two is spent there in any calendar (energetic reasoning, Erschler & Lopez 1990). Demands pass
through dual feasible functions, which count what nothing else can use (Fekete & Schepers 2001): two people take
all of a team of 2.4 a day, since no third fits.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchpad.planning.problem import Problem, Work

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Transform = Callable[[float], float]
ROUNDINGS = range(1, 6)
MOST_PLACES = 45
FEWEST_PLACES = 6
MOST_LEAST = 12
MOST_NUMBERS = 4_000_000


@dataclass(frozen=True, slots=True)
class EnergyRow:
    """sum of weights of the items chosen <= room, in hundredths of a person-day."""

    weights: tuple[tuple[int, float], ...]
    room: float


@dataclass(frozen=True)
class TeamEnergy:
    """Every candidate row of one team: `weights` (items here, rows), `room` (rows,)."""

    items: tuple[int, ...]
    weights: Floats
    room: Floats

    def broken(self, values: Floats, most: int, tolerance: float = 1e-4) -> Iterator[EnergyRow]:
        """The rows a (relaxed) selection breaks most, the worst first; `values` are (items,) of the problem."""
        taken = values[list(self.items)] @ self.weights
        excess = taken / np.maximum(self.room, 1.0) - (self.room > 0)
        for number in np.argsort(-excess, kind="stable")[:most]:
            if excess[number] <= tolerance:
                return
            column = self.weights[:, number]
            pairs = zip(self.items, column, strict=True)
            yield EnergyRow(tuple((item, float(weight)) for item, weight in pairs if weight), float(self.room[number]))


def energies(problem: Problem) -> list[TeamEnergy]:
    """The candidate rows of every team that has work."""
    teams = (_team(problem, team) for team in range(len(problem.calendars)))
    return [made for made in teams if made is not None]


def works_of(problem: Problem, team: int) -> list[tuple[int, Work]]:
    """The work that uses a team, each with its item."""
    return [
        (item, work)
        for item, each in enumerate(problem.items)
        for work in each.works
        if any(used == team for shape in work.shapes for used, _ in shape.demands)
    ]


def _team(problem: Problem, team: int) -> TeamEnergy | None:
    works = works_of(problem, team)
    free = np.array(problem.calendars[team].free, dtype=np.float64)
    most = float(free.max(initial=0.0))
    if not works or most <= 0:
        return None
    transforms = list(_transforms(works, team, most))
    begin, end = _windows(works, len(free), MOST_NUMBERS // (len(works) * len(transforms)))
    weights = np.array([_least(work, team, (begin, end), transforms) for _, work in works])
    room: list[Floats] = []
    for transform in transforms:
        daily = most - np.array([transform(most - size) for size in free])
        sums = np.concatenate([[0.0], np.cumsum(daily)])
        room.append(sums[end] - sums[begin])
    return TeamEnergy(tuple(item for item, _ in works), weights, np.concatenate(room))


def _windows(works: Sequence[tuple[int, Work]], days: int, most: int) -> tuple[Places, Places]:
    """Every window of a short calendar; of a long one, or with much work, about `most` between evenly spread days."""
    count = max(FEWEST_PLACES, min(MOST_PLACES, int((2 * most) ** 0.5)))
    places = set(range(days + 1))
    if days > count:
        places = {0, days, *range(0, days, -(-days // count))}
        places |= {max(work.last for _, work in works), min(work.first for _, work in works)}
    ordered = sorted(places)
    pairs = [(a, b) for index, a in enumerate(ordered) for b in ordered[index + 1 :]]
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


def _least(work: Work, team: int, windows: tuple[Places, Places], transforms: Sequence[Transform]) -> Floats:
    """The least a piece of work takes from a team under each transform in each window, over its shapes, in one row."""
    begin, end = windows
    found: list[Floats] = []
    for shape in work.shapes:
        if work.parts == 1:
            left = work.first + shape.size - begin
            right = end - (work.last - shape.size)
            inside = np.minimum(np.minimum(end - begin, shape.size), np.minimum(left, right))
        else:
            outside = np.maximum(begin - work.first, 0) + np.maximum(work.last - end, 0)
            inside = shape.size - outside
        demand = float(dict(shape.demands).get(team, 0))
        counted = np.array([transform(demand) for transform in transforms])
        found.append(np.outer(counted, np.maximum(inside, 0)).ravel())
    return np.min(found, axis=0)


def _transforms(works: Sequence[tuple[int, Work]], team: int, most: float) -> Iterator[Transform]:
    yield lambda demand: demand
    for count in ROUNDINGS:
        yield lambda demand, count=count: _rounded(demand, count, most)
    demands = {float(dict(shape.demands).get(team, 0)) for _, work in works for shape in work.shapes}
    small = sorted(demand for demand in demands if 0 < demand <= most / 2)
    for least in small[:: max(1, len(small) // MOST_LEAST)]:
        yield lambda demand, least=least: _without_small(demand, least, most)


def _rounded(demand: float, count: int, most: float) -> float:
    """u(k) of Fekete & Schepers: demands in steps of 1/k of the whole; exact multiples of 1/(k+1) stay."""
    steps = (count + 1) * demand / most
    return demand if steps == int(steps) else int(steps) * most / count


def _without_small(demand: float, least: float, most: float) -> float:
    """U(e) of Fekete & Schepers: what leaves less than `least` takes all, what is smaller takes nothing."""
    if demand > most - least:
        return most
    return demand if demand >= least else 0.0

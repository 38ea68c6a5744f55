"""A first plan at once: what takes most off for the days it costs, as early as it fits, one after the other."""

import heapq
from collections.abc import Callable, Iterable, Mapping

from launchpad.planning.objective import Tally
from launchpad.planning.problem import Problem, Rule
from launchpad.planning.serial import Schedule, Timetable, in_order

_WORTH = 1e-9


def first_plan(
    problem: Problem, prefer: Iterable[int] = (), late: Callable[[], bool] = lambda: False
) -> Schedule | None:
    """A calendar that keeps every rule, or None when this simple way finds none.

    What must be there goes in first, what has been started before all; then what a floor needs, then the items of
    `prefer`, then the rest by what they take off per person-day, until it is `late`.
    """
    state = Growing(problem)
    for rule in sorted(
        (*problem.musts, *problem.wanted), key=lambda rule: (not _begun(problem, rule), len(rule.items))
    ):
        if not any(state.add(item) for item in state.cheapest(rule.items)):
            return None
    for floor in problem.floors:
        while state.tally.depths[floor.term] < floor.least:
            if not state.deepen(floor.term):
                return None
    preferred = frozenset(prefer)
    state.fill(preferred, late)
    state.fill(frozenset(range(len(problem.items))) - preferred, late)
    return state.table.placed if state.kept() else None


def _begun(problem: Problem, rule: Rule) -> bool:
    return any(problem.items[item].started for item in rule.items)


class Growing:
    """A selection with its calendar and objective, growing."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.table = Timetable(problem)
        self.tally = Tally(problem.objective)

    def cheapest(self, items: Iterable[int]) -> list[int]:
        """Items by how few person-days they take."""
        return sorted(items, key=lambda item: (self.problem.items[item].days, item))

    def add(self, item: int) -> bool:
        """Add an item with everything it needs; False, and nothing changed, when that does not fit."""
        wanted = closure(self.problem, item, self.tally.chosen)
        if wanted is None or not self._allowed(wanted):
            return False
        if not self.table.add_all(in_order(self.problem, wanted, {})):
            return False
        self.tally.add(wanted)
        return True

    def deepen(self, term: int) -> bool:
        """Add what lowers one term most per person-day; False when nothing does."""
        before = self.tally.depths[term]
        ranked: list[tuple[float, int]] = []
        for item in range(len(self.problem.items)):
            wanted = closure(self.problem, item, self.tally.chosen)
            if item in self.tally.chosen or wanted is None:
                continue
            gain = self.tally.step(wanted).depths.get(term, before) - before
            if gain > _WORTH:
                ranked.append((-gain / self._days(wanted), item))
        return any(self.add(item) for _, item in sorted(ranked))

    def fill(self, items: Iterable[int], late: Callable[[], bool]) -> None:
        """Add items, the most worth first, as long as one lowers the objective and fits.

        What an item is worth mostly falls as others join (credits are submodular), so that only the first in line
        is worked out anew (Minoux 1978).
        """
        line = [(self.worth(item), item) for item in set(items) - self.tally.chosen]
        heapq.heapify(line)
        while line and not late():
            _, item = heapq.heappop(line)
            worth = self.worth(item)
            if worth >= -_WORTH or item in self.tally.chosen:
                continue
            if line and worth > line[0][0]:
                heapq.heappush(line, (worth, item))
                continue
            self.add(item)  # what does not fit now never will: the calendar only gets fuller

    def kept(self) -> bool:
        """Whether every limit and floor is kept."""
        depths = self.tally.depths
        return self._allowed(frozenset()) and all(depths[each.term] >= each.least for each in self.problem.floors)

    def worth(self, item: int) -> float:
        """What the objective changes by per person-day when an item joins with all it needs; 0 when it cannot."""
        wanted = closure(self.problem, item, self.tally.chosen)
        if not wanted:
            return 0.0
        return self.tally.step(wanted).change / self._days(wanted)

    def _days(self, items: Iterable[int]) -> float:
        return max(0.1, sum(self.problem.items[item].days for item in items))

    def _allowed(self, added: frozenset[int]) -> bool:
        future = self.tally.chosen | added
        if any(sum(item in future for item in rule.items) > 1 for rule in self.problem.at_most_one):
            return False
        for limit in self.problem.limits:
            total = sum(weight for item, weight in limit.weights if item in future)
            worse = any(weight > 0 for item, weight in limit.weights if item in added)
            if total > limit.room + 1e-9 and (worse or not added):
                return False
        return True


def closure(problem: Problem, item: int, there: Iterable[int]) -> frozenset[int] | None:
    """An item with all it needs that is not there yet, the cheapest where there is a choice; None for a circle."""
    known = set(there)
    found: set[int] = set()
    queue = [item]
    while queue:
        here = queue.pop()
        if here in known:
            continue
        known.add(here)
        found.add(here)
        for need in problem.needs_of.get(here, ()):
            if not need.one_of:
                return None
            if not any(other in known for other in need.one_of):
                queue.append(min(need.one_of, key=lambda other: (problem.items[other].days, other)))
    return frozenset(found)


def replanned(problem: Problem, items: Iterable[int], rank: Mapping[int, float]) -> Schedule | None:
    """A calendar of exactly these items, built in the order of their rank, or None when this way they do not fit."""
    table = Timetable(problem)
    return table.placed if table.add_all(in_order(problem, items, rank)) else None

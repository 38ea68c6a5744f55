"""Better plans by taking a few items out, moving the rest about, and filling up again: quick steps, no proof.

Large neighbourhood search (Shaw 1998) over a serial calendar. It runs beside the portfolio solver, which needs one
processor only, and hands its plan on as the place where the search for selection and calendar begins.
"""

import random
from collections.abc import Callable, Iterable
from math import inf

from launchpad.planning.greedy import Growing
from launchpad.planning.polish import taken_with
from launchpad.planning.problem import Problem
from launchpad.planning.serial import Schedule, in_order

MOST_OUT = 6
HEAT = 0.01
_NOISE = (0.3, 1.7)


def roam(problem: Problem, start: Schedule, seed: int, steps: int, done: Callable[[], bool]) -> Schedule:
    """The best plan met in so many steps, or until `done`; never worse than the one it starts from."""
    drawn = random.Random(seed)  # noqa: S311 - a search, no secret
    here, best = start, start
    value = least = problem.objective.value(start)
    fixed = {item for rule in (*problem.musts, *problem.wanted) for item in rule.items}
    for step in range(steps):
        if done():
            break
        state = _step(problem, here, fixed, drawn)
        if state is None:
            continue
        # A little worse is taken at first, so that the search does not stay in the first hollow.
        if state.tally.value < value * (1 + HEAT * drawn.random() ** 2 * (1 - step / steps)):
            here, value = state.table.placed, state.tally.value
        if state.tally.value < least - 1e-12:
            best, least = state.table.placed, state.tally.value
    return best


def _step(problem: Problem, here: Schedule, fixed: set[int], drawn: random.Random) -> Growing | None:
    """A neighbour of a plan; None when the step led nowhere."""
    gone = _taken_out(problem, here, fixed, drawn)
    rest = frozenset(here) - gone
    state = Growing(problem)
    if drawn.random() < 0.4:
        state.begin({item: here[item] for item in rest})
    elif not state.table.add_all(in_order(problem, rest, _moved(problem, here, rest, drawn))):
        return None
    else:
        state.begin(state.table.placed)
    barred = {drawn.choice(sorted(gone))} if gone else set[int]()
    others = [item for item in range(len(problem.items)) if item not in rest and item not in barred]
    line = sorted((state.worth(item) * drawn.uniform(*_NOISE), item) for item in others)
    for worth, item in line:
        if worth < 0 and item not in state.tally.chosen and state.worth(item) < 0:
            state.add(item)
    return state if state.kept() else None


def _taken_out(problem: Problem, here: Schedule, fixed: set[int], drawn: random.Random) -> frozenset[int]:
    """A few items, half of the time of one team's, with all that goes when they go."""
    pool = sorted(set(here) - fixed)
    if pool and drawn.random() < 0.5:
        teams = {work.team for work in problem.items[drawn.choice(pool)].works}
        pool = [item for item in pool if any(work.team in teams for work in problem.items[item].works)]
    gone: set[int] = set()
    for item in drawn.sample(pool, min(len(pool), drawn.randint(1, MOST_OUT))):
        if item not in gone:
            gone |= taken_with(problem, frozenset(here) - gone, item)
    return frozenset() if gone & fixed else frozenset(gone)


def _moved(problem: Problem, here: Schedule, rest: Iterable[int], drawn: random.Random) -> list[float]:
    """Ranks that keep the order of starts, more or less."""
    far = drawn.choice((0.0, 4.0, 20.0))
    rank = [inf] * len(problem.items)
    for item in sorted(rest):
        rank[item] = min((placed.start for placed in here[item]), default=0) + drawn.random() * far
    return rank

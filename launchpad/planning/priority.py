"""What comes first: what a failing gate needs, then what takes off most for each scarce day of the teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from launchpad.planning.calendar import HUNDREDTHS
from launchpad.planning.polish import taken_with
from launchpad.planning.prices import prices_at
from launchpad.planning.reading import Case
from launchpad.planning.serial import Schedule
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch

FLOOR = 0.1
"""What a day of a team with time to spare counts, when a day of the scarcest team counts 1."""
SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """The items of a plan in order, the first first; the gain of each in all, and per scarce day."""

    items: tuple[int, ...]
    gains: Mapping[int, float]
    per_day: Mapping[int, float]


def ranked(truth: Truth, schedule: Schedule, watch: Watch) -> Ranked:
    """The priority of each item of a plan.

    Its gain is the score without it, and without what rests on it, less the score with it: given the rest. Each day of
    a team counts by what one more of its days would be worth (`prices_at`), as a share of the scarcest team's, but no
    less than a tenth; all count 1 where no team is scarce. Items that a gate needs that is not met come before all
    others, those of the gate farthest from being met first.
    """
    read = truth.case
    gains = _gains(truth, schedule)
    weights = scarcity(prices_at(read.problem, frozenset(schedule), watch, SECONDS))
    per_day = {item: gains[item] / _scarce_days(read, item, weights) for item in schedule}

    def rank(item: int) -> tuple[bool, float, float, str]:
        urgent = item in read.urgent
        return not urgent, -read.distances.get(item, 0.0), -per_day[item], read.problem.items[item].code

    return Ranked(tuple(sorted(schedule, key=rank)), gains, per_day)


def scarcity(prices: Sequence[float | None]) -> list[float]:
    """What a day of each team counts, from the price of one more: 1 for the scarcest, at least a tenth for each."""
    known = [price or 0.0 for price in prices]
    most = max(known, default=0.0)
    return [max(FLOOR, price / most) if most > 0 else 1.0 for price in known]


def _gains(truth: Truth, schedule: Schedule) -> dict[int, float]:
    problem, now = truth.case.problem, truth.score(schedule)
    found: dict[int, float] = {}
    for item in schedule:
        gone = frozenset((item,))
        if problem.items[item].mitigation is not None:
            gone = taken_with(problem, schedule, item)
        found[item] = truth.score(frozenset(schedule) - gone) - now
    return found


def _scarce_days(read: Case, number: int, weights: Sequence[float]) -> float:
    """The days of an item's teams, each times what a day of that team counts; never quite nothing."""
    item = read.problem.items[number]
    energy = max(1, sum(work.effort for work in item.works))
    days = sum(item.days * work.effort / energy * weights[work.team] for work in item.works)
    return max(days, FLOOR / HUNDREDTHS)

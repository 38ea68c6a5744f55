"""What would bring a mitigation in, by putting it beside the plan as it is: an estimate, quickly found."""

from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from launchpad.edits.plans import Enters, FoundOut
from launchpad.planning.calendar import HUNDREDTHS, TeamCalendar, calendars
from launchpad.planning.greedy import closure
from launchpad.planning.joint import kept
from launchpad.planning.problem import Problem, shapes
from launchpad.planning.serial import Schedule, Timetable, in_order
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch

LATEST = 0.5
"""Seconds past the time asked for after which nothing more is looked for."""
LATER = (7, 14, 21, 28, 42, 56, 91, 182, 366)
"""Days by which the freeze date is moved, before the last step is narrowed to the day."""
_WORTH = 1e-9
_ABOVE = 1.02


class Roughly:
    """Estimates beside one plan, nothing of which is moved: upper bounds on the change, as a rule."""

    def __init__(self, truth: Truth, schedule: Schedule, watch: Watch) -> None:
        self.truth, self.schedule, self.watch = truth, schedule, watch
        self.problem = truth.case.problem
        self._calendars: dict[int, tuple[TeamCalendar, ...]] = {}

    def enters(self, row: FoundOut) -> Enters | None:
        """The changes that would bring a mitigation in beside the plan; None when time is up."""
        if self.watch.stopped or self.watch.elapsed > self.watch.seconds + LATEST:
            return None
        mine = [number for number, item in enumerate(self.problem.items) if item.mitigation == row.mitigation_id]
        if not mine:
            return None
        item = min(mine, key=lambda number: (self.truth.score({*self.schedule, number}), number))
        now = self.problem.items[item].days
        gain = None if row.loss is None else max(_ABOVE * row.loss, _WORTH)
        added = self._joining(item)
        if added is None:
            return Enters(now, None, None, gain, estimated=True)
        freeze = self._freeze(added)
        return Enters(now, self._effort(item, added), freeze, gain, estimated=True)

    def _joining(self, item: int) -> frozenset[int] | None:
        """The item with what it needs, when no rule forbids it beside the plan and the score is better for it."""
        added = closure(self.problem, item, self.schedule)
        future = frozenset(self.schedule) | (added or frozenset())
        if added is None or any(len(future.intersection(rule.items)) > 1 for rule in self.problem.at_most_one):
            return None
        better = self.truth.score(future) < self.truth.score(self.schedule) - _WORTH
        return added if better and kept(self.problem, future) else None

    def _effort(self, item: int, added: frozenset[int]) -> float | None:
        """The most person-days at which the item fits beside the plan with what it needs, to the hundredth."""
        low, high = 0, ceil(self.problem.items[item].days * HUNDREDTHS)
        while high - low > 1:
            middle = (low + high) // 2
            fits = self._fits(self._with_effort(item, middle / HUNDREDTHS / self.problem.items[item].days), added)
            low, high = (middle, high) if fits else (low, middle)
        return low / HUNDREDTHS if low else None

    def _with_effort(self, item: int, factor: float) -> Problem:
        planned, items = self.problem.items[item], list(self.problem.items)
        works = tuple(
            replace(
                work,
                shapes=shapes(
                    max(1, ceil(work.effort * factor)),
                    max((demand for shape in work.shapes for _, demand in shape.demands), default=HUNDREDTHS),
                    self.problem.calendars[work.team].free,
                    work.team,
                ),
            )
            for work in planned.works
        )
        items[item] = replace(planned, works=works, days=planned.days * factor)
        return replace(self.problem, items=tuple(items))

    def _freeze(self, added: frozenset[int]) -> str | None:
        """The earliest freeze date at which the item fits beside the plan, within a year."""
        low = 0
        for later in LATER:
            if self._fits(self._with_freeze(later), added):
                break
            low = later
        else:
            return None
        high = later
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._fits(self._with_freeze(middle), added) else (middle, high)
        return (date.fromisoformat(self.truth.case.launch.freeze_date) + timedelta(days=high)).isoformat()

    def _with_freeze(self, later: int) -> Problem:
        """The problem with longer calendars; the places of days known before stay what they were."""
        if later not in self._calendars:
            launch = self.truth.case.launch
            freeze = date.fromisoformat(launch.freeze_date) + timedelta(days=later)
            self._calendars[later] = calendars(self.truth.case.inputs, replace(launch, freeze_date=freeze.isoformat()))
        longer, last_day = self._calendars[later], self.problem.last_day + timedelta(days=later)
        items = tuple(
            replace(
                item,
                works=tuple(
                    replace(work, last=longer[work.team].after_day(last_day - timedelta(days=item.waiting)))
                    for work in item.works
                ),
            )
            for item in self.problem.items
        )
        return replace(self.problem, items=items, calendars=longer, last_day=last_day)

    def _fits(self, problem: Problem, added: frozenset[int]) -> bool:
        if self.watch.stopped or self.watch.elapsed > self.watch.seconds + LATEST:
            return False
        return Timetable(problem, self.schedule).add_all(in_order(problem, added, {}))

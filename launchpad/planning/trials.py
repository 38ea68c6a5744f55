"""What the plan would be if something were otherwise: read, searched and settled again as a plan is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from launchpad.errors import InfeasiblePlanError
from launchpad.planning.reading import Case
from launchpad.planning.serial import Schedule
from launchpad.planning.subsets import MOST_SELECTIONS, Subsets, count
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch
from launchpad.records import Effort, Inputs, Launch, MitigationVariant
from launchpad.records.fields import Estimate

Again = Callable[[Inputs], Case]
"""Reads the launch from other inputs, with the same wishes."""
Settle = Callable[[Truth, Schedule, Watch], Schedule]
"""From what a search found to what is kept, by the full score."""
MARGIN = 2e-5
"""Two plans whose objectives lie closer than this share of them are a tie to the search."""


class Credited(Truth):
    """The full score when the items of a mitigation would take off some more."""

    def __init__(self, case: Case, base: Truth, items: frozenset[int], gain: float) -> None:
        super().__init__(case)
        self.base, self.items, self.gain = base, items, gain

    def score(self, items: Iterable[int]) -> float:
        """The score, less what is credited."""
        chosen = frozenset(items)
        return self.base.score(chosen) - (self.gain if chosen & self.items else 0.0)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan as far as explanations need it: the mitigations in it (row ids), the objective before it was settled."""

    holds: frozenset[int]
    value: float


class Trials:
    """Plans of a small launch under changes, each made once: the best of all selections, then settled in full."""

    def __init__(self, truth: Truth, watch: Watch, settle: Settle, again: Again) -> None:
        self.truth, self.watch, self.settle, self.again = truth, watch, settle, again
        self.case = truth.case
        self.subsets = Subsets(watch)
        self._known: dict[tuple[str, int, float | str], Case | None] = {}

    @property
    def open(self) -> bool:
        """Whether there is time for another, and every one so far is certain."""
        return self.subsets.sure and self.watch.left > 0

    def exact(self, schedule: Schedule) -> bool:
        """Whether these steps lead to the plan that is being explained, so that they can tell what would change it."""
        if count(self.case.problem) > MOST_SELECTIONS:
            return False
        same = self.again(self.case.inputs)
        found = self.plan(self.case) if same.problem == self.case.problem else None
        return found is not None and found.holds == holds(self.case, schedule)

    def plan(self, case: Case | None, truth: Truth | None = None) -> Planned | None:
        """The plan of a case; None when there is none or it is too large."""
        if case is None or count(case.problem) > MOST_SELECTIONS:
            return None
        best = self.subsets.best(case.problem)
        if best is None:
            return None
        schedule = self.settle(truth or Truth(case), best.schedule, self.watch)
        return Planned(holds(case, schedule), best.value)

    def clear(self, case: Case | None, mitigation: int) -> bool:
        """Whether the best plan with a mitigation and the best without it differ by more than a tie."""
        if case is None:
            return True
        items = items_of(case, mitigation)
        with_it = self.subsets.best(case.problem, holding=items) if items else None
        without = self.subsets.best(case.problem, lacking=items)
        if with_it is None or without is None:
            return self.subsets.sure
        return abs(with_it.value - without.value) > MARGIN * max(with_it.value, without.value)

    def with_effort(self, mitigation: int, factor: float) -> Case | None:
        """The case when every way of doing a mitigation takes this share of its effort; None when nothing is left."""
        return self._read(
            ("effort", mitigation, factor), {"effort": tuple(scaled(self.case.inputs, mitigation, factor))}
        )

    def with_freeze(self, freeze: str) -> Case | None:
        """The case when the launch freezes on another day."""
        rows = self.case.inputs.rows(Launch)
        moved = tuple(replace(row, freeze_date=freeze) if row.id == self.case.launch.id else row for row in rows)
        return self._read(("freeze", 0, freeze), {"launch": moved})

    def with_gain(self, mitigation: int, gain: float) -> tuple[Case, Truth]:
        """The case when a mitigation takes so much more off the objective, and its full score."""
        items = items_of(self.case, mitigation)
        objective = self.case.problem.objective
        costs = tuple(cost - (gain if item in items else 0.0) for item, cost in enumerate(objective.costs))
        problem = replace(self.case.problem, objective=replace(objective, costs=costs))
        changed = replace(self.case, problem=problem)
        return changed, Credited(changed, self.truth, items, gain)

    def _read(
        self, key: tuple[str, int, float | str], tables: Mapping[str, tuple[Effort | Launch, ...]]
    ) -> Case | None:
        if key not in self._known:
            inputs = self.case.inputs
            try:
                self._known[key] = self.again(inputs.with_rows(tables, inputs.head))
            except InfeasiblePlanError:
                self._known[key] = None
        return self._known[key]


def holds(case: Case, schedule: Iterable[int]) -> frozenset[int]:
    """The mitigations (row ids) that some items belong to."""
    owners = (case.problem.items[item].mitigation for item in schedule)
    return frozenset(owner for owner in owners if owner is not None)


def items_of(case: Case, mitigation: int) -> frozenset[int]:
    """The items that do a mitigation."""
    return frozenset(number for number, item in enumerate(case.problem.items) if item.mitigation == mitigation)


def scaled(inputs: Inputs, mitigation: int, factor: float) -> Iterable[Effort]:
    """All effort rows, those of a mitigation's variants times a factor."""
    variants = {row.id for row in inputs.children(MitigationVariant, "mitigation", mitigation)}
    for row in inputs.rows(Effort):
        days = row.days
        if row.variant in variants:
            days = Estimate(days.low * factor, days.median * factor, days.high * factor, days.kind)
        yield replace(row, days=days)

"""Plans that could be had instead: each solved by the portfolio model under a wish, then scored in full."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf

from launchpad.edits.plans import FoundPoint
from launchpad.planning.greedy import first_plan
from launchpad.planning.joint import kept
from launchpad.planning.polish import taken_with
from launchpad.planning.portfolio import select
from launchpad.planning.problem import Problem
from launchpad.planning.reading import Case
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch
from launchpad.planning.wish import Wish
from launchpad.scoring.kept import Kept
from launchpad.scoring.reputation import blame
from launchpad.scoring.residual import attributions, base_refusal, residual
from launchpad.scoring.side_effects import burden
from launchpad.scoring.stories import stories

GAP = 1e-3
MOST = 12
_WORTH = 1e-9


@dataclass(frozen=True, slots=True)
class Solved:
    """A selection under a wish, with its objective and what no selection can go below (-inf when not known)."""

    truth: Truth
    items: frozenset[int]
    value: float
    bound: float

    @property
    def gap(self) -> float | None:
        """How far it may be from the best, as a share of its objective; None when nothing is proven."""
        if self.bound == -inf:
            return None
        return 0.0 if self.value <= 0 else max(0.0, (self.value - self.bound) / self.value)


def solved(case: Case, watch: Watch, seconds: float, hint: Iterable[int] = ()) -> Solved | None:
    """The best selection the portfolio model finds in the seconds, nothing idle in it; None when there is none.

    `hint` is a selection thought to be good: what is found is never worse, where it keeps the rules.
    """
    problem, until = case.problem, watch.elapsed + seconds
    start = frozenset(hint)
    if not keeps(problem, start):
        quick = first_plan(problem, late=lambda: watch.elapsed > until or watch.stopped)
        start = start if quick is None else frozenset(quick)
    choice = select(problem, watch, max(0.0, until - watch.elapsed), start, GAP)
    known = [items for items in (choice.items, start) if items is not None and keeps(problem, items)]
    if choice.bound == inf or not problem.items or not known:
        return None
    truth = Truth(case)
    items = _lean(truth, min(known, key=problem.objective.value), watch)
    value = problem.objective.value(items)
    return Solved(truth, items, value, min(choice.bound, value))


def keeps(problem: Problem, items: frozenset[int]) -> bool:
    """Whether a selection keeps every rule but the teams' time."""
    rules = (*problem.musts, *problem.wanted)
    return (
        kept(problem, items)
        and all(items.intersection(need.one_of) for need in problem.needs if need.item in items)
        and all(len(items.intersection(rule.items)) <= 1 for rule in problem.at_most_one)
        and all(items.intersection(rule.items) for rule in rules)
    )


def _lean(truth: Truth, items: frozenset[int], watch: Watch) -> frozenset[int]:
    """The selection less what can go without the objective or the full score being worse, most work first."""
    problem = truth.case.problem
    for item in sorted(items, key=lambda number: (-problem.items[number].days, problem.items[number].code)):
        if item not in items or watch.left <= 0:
            continue
        rest = items - taken_with(problem, items, item)
        idle = problem.objective.value(rest) <= problem.objective.value(items) + _WORTH
        if idle and truth.score(rest) <= truth.score(items) + _WORTH and keeps(problem, rest):
            items = rest
    return items


def point(found: Solved, kind: str, wish: Wish, memory: Kept) -> FoundPoint:
    """A selection as a point: its risks as `compute` would show them for a plan of these items."""
    model, problem = found.truth.case.model, found.truth.case.problem
    state = found.truth.state(found.items)
    planned = replace(model, planned=state, by_freeze=None)
    left = residual(model, state)
    told = stories(planned, memory)["planned"]
    blamed = blame(attributions(planned, state), model.coefficients)
    refused = burden(model.side, state.active, base_refusal(model, state, left)).over_refusal
    return FoundPoint(
        kind=kind,
        objective=found.value,
        gap=found.gap,
        technical=float(left.technical[model.summed].sum()),
        reputational=float((model.impact * blamed * told)[model.summed].sum()),
        over_refusal=refused,
        effort_days=sum(problem.items[item].days for item in found.items),
        launch_date=wish.launch_date,
        technical_weight=wish.technical_weight,
        most_days=wish.most_days,
        most_refusal=wish.most_refusal,
    )


def not_dominated(points: Sequence[FoundPoint]) -> list[FoundPoint]:
    """The points than which no other is as good in all four respects and better in one; of equal ones the first."""
    rows = [(each.technical, each.reputational, each.over_refusal, each.effort_days) for each in points]
    found: list[FoundPoint] = []
    for place, mine in enumerate(rows):
        others = ((other, number) for number, other in enumerate(rows) if number != place)
        if not any(_as_good(other, mine) and (number < place or not _as_good(mine, other)) for other, number in others):
            found.append(points[place])
    return found


def _as_good(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(mine <= theirs + _WORTH * max(1.0, abs(theirs)) for mine, theirs in zip(one, other, strict=True))

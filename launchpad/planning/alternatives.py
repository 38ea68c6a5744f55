"""Other plans nearly as good as the best that have as little as possible in common with it and with each other.

What all of them hold is safe to begin; where they differ there is a choice that the figures do not make. Selection and
calendar are decided together (CP-SAT), so that every answer is a plan: the least number of items in which it differs
from the best and from the alternatives before it is made as large as it can be (max-min Hamming distance), and its
objective stays within the share allowed, cut where an answer lies as in the search for the best.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import cast

from ortools.sat.python import cp_model

from launchpad.edits.plans import PlanFound
from launchpad.planning.core import with_a_plan
from launchpad.planning.cuts import cuts_at, first_tangents
from launchpad.planning.explain import reasons
from launchpad.planning.greedy import closure
from launchpad.planning.joint import SMALL, UNIT, JointModel, add_cuts, add_limits, joint_model, kept
from launchpad.planning.objective import Tally
from launchpad.planning.plan import told
from launchpad.planning.polish import without_idle
from launchpad.planning.problem import Problem
from launchpad.planning.reading import case
from launchpad.planning.schedule import read, solver
from launchpad.planning.serial import Schedule
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Progress, Watch
from launchpad.records import Inputs

KEEP = 0.15
"""The share of the time kept for settling and explaining."""
TIGHT = 1e-3
_WORTH = 1e-9
_FIRST = 1000


def alternatives(  # noqa: PLR0913 - each is asked for by the screen
    inputs: Inputs,
    launch_id: int,
    found: PlanFound,
    *,
    most: int = 3,
    within: float = 0.02,
    seconds: float = 60.0,
    seed: int = 1,
    progress: Progress | None = None,
    locks: Iterable[tuple[str, str]] = (),
) -> tuple[PlanFound, ...]:
    """At most `most` plans, none the same, each with an objective at most `within` (a share) above that of `found`.

    They are in the order found; nothing idle is done in them. Each has a note that
    says in what it differs, the last one also why there are not more; `few` says it where there is none. The bound is
    that of `found`. When the person says stop, those found so far are returned.
    """
    watch = Watch(seconds, progress)
    whole = with_a_plan(case(inputs, launch_id, locks), watch, seed)
    truth = Truth(whole)
    best = _items_of(whole.problem, found)
    cap = found.objective * (1 + within)
    others: list[frozenset[int]] = [best]
    plans: list[PlanFound] = []
    until = (1 - KEEP) * seconds
    for number in range(most):
        watch.say(f"Looking for plan {number + 1} of {most} that differs")
        share = (until - watch.elapsed) / (most - number)
        far = _Farthest(whole.problem, others, cap).search(watch, share, seed)
        schedule = None if far is None else without_idle(truth, far)
        if schedule is None or frozenset(schedule) in others or watch.stopped:
            break
        others.append(frozenset(schedule))
        out, _ = reasons(truth, schedule, watch)
        words = difference(whole.problem, best, frozenset(schedule), within)
        made = told(truth, schedule, found.bound, out, (words,), watch, seed)
        plans.append(replace(made, input_hash=found.input_hash))
    if plans and len(plans) < most:
        plans[-1] = replace(plans[-1], notes=(*plans[-1].notes, few(len(plans), most, within)))
    return tuple(plans)


def few(there: int, most: int, within: float) -> str:
    """Why there are fewer alternatives than asked for, in a sentence; nothing when there are as many."""
    if there >= most:
        return ""
    number = "No other plan" if not there else f"Only {there} other plan{'s' * (there > 1)}"
    return f"{number} within {100 * within:.3g} % of the best {'was' if there < 2 else 'were'} found in the time."


def difference(problem: Problem, best: frozenset[int], other: frozenset[int], within: float) -> str:
    """In what a plan differs from the best, in a sentence."""
    does = ", ".join(sorted(problem.items[item].code for item in other - best))
    leaves = ", ".join(sorted(problem.items[item].code for item in best - other))
    parts = [*[f"it does {does}"] * bool(does), *[f"it leaves out {leaves}"] * bool(leaves)]
    return f"Within {100 * within:.3g} % of the best plan; unlike it, {' and '.join(parts)}."


def _items_of(problem: Problem, found: PlanFound) -> frozenset[int]:
    """The items of a plan that was found, by the rows behind them."""
    variants = {item.variant_id for item in found.selected if item.variant_id is not None}
    runs = {item.evaluation_id for item in found.selected if item.evaluation_id is not None}
    return frozenset(
        number
        for number, item in enumerate(problem.items)
        if item.row in (runs if item.mitigation is None else variants)
    )


@dataclass(frozen=True)
class _Farthest:
    """The search for the plan under a cap on the objective that differs most from others."""

    problem: Problem
    others: Sequence[frozenset[int]]
    cap: float

    def search(self, watch: Watch, seconds: float, seed: int) -> Schedule | None:
        """The plan that differs most of those found in the time, None when there is none."""
        made = joint_model(self.problem, self._useful())
        add_limits(self.problem, made, self.problem.limits, self.problem.floors)
        self._add_cap(made)
        add_cuts(self.problem, made, (), first_tangents(self.problem.objective, TIGHT * self.cap))
        for other in self.others:
            add_cuts(self.problem, made, *cuts_at(self.problem.objective, other))
        made.calendar.model.maximize(self._distance(made))
        _begin(made, self.others[0], watch, seed)
        best, until = None, watch.elapsed + max(0.2, seconds)
        while watch.elapsed < until and not watch.stopped:
            far = solver(max(0.1, until - watch.elapsed), seed)
            far.parameters.num_workers = 1 if len(self.problem.items) <= SMALL else 2
            far.parameters.catch_sigint_signal = False  # or Ctrl-C is no longer ours afterwards
            heard = _Heard(self, made, best)
            watch.run(lambda far=far, heard=heard: far.solve(made.calendar.model, heard), far.stop_search)
            best = heard.best
            if heard.hopeful is None:
                break
            add_cuts(self.problem, made, *cuts_at(self.problem.objective, heard.hopeful))
            _begin(made, self.others[0] if best is None else frozenset(best), watch, seed)
        return best

    def allowed(self, items: frozenset[int]) -> bool:
        """Whether a selection keeps the cap and every limit by their true values."""
        return self.problem.objective.value(items) <= self.cap and kept(self.problem, items)

    def apart(self, items: frozenset[int]) -> int:
        """The least number of items in which a selection differs from the others."""
        return min(len(items ^ other) for other in self.others)

    def _useful(self) -> frozenset[int]:
        """The items that take something off on their own with what they need, or that others need or a plan holds."""
        tally, held = Tally(self.problem.objective), frozenset[int]().union(*self.others)
        asked = {item for rule in (*self.problem.musts, *self.problem.wanted) for item in rule.items}
        found = set(held) | asked
        for item in range(len(self.problem.items)):
            wanted = closure(self.problem, item, ())
            if wanted and tally.step(wanted).change < -_WORTH:
                found |= wanted
        needed = {other for item in found for need in self.problem.needs_of.get(item, ()) for other in need.one_of}
        return frozenset(found | needed)

    def _add_cap(self, made: JointModel) -> None:
        pairs = zip(self.problem.objective.costs, made.calendar.chosen, strict=True)
        costs = [floor(UNIT * cost) * taken for cost, taken in pairs if cost]
        room = ceil(UNIT * (self.cap - self.problem.objective.constant)) + len(costs) + len(made.values)
        made.calendar.model.add(cp_model.LinearExpr.sum([*made.values, *costs]) <= room)

    def _distance(self, made: JointModel) -> cp_model.LinearExprT:
        """The least distance to the others, then the sum of all."""
        model, chosen = made.calendar.model, made.calendar.chosen
        least = model.new_int_var(0, len(chosen), "")
        whole: list[cp_model.LinearExprT] = []
        for other in self.others:
            apart = cp_model.LinearExpr.sum(
                [1 - taken if item in other else taken for item, taken in enumerate(chosen)]
            )
            model.add(apart >= least)
            whole.append(apart)
        return _FIRST * len(self.others) * least + cp_model.LinearExpr.sum(whole)


def _begin(made: JointModel, items: frozenset[int], watch: Watch, seed: int) -> None:
    """Tell the solver a whole answer to begin with: one that holds exactly these items."""
    model = made.calendar.model
    known = model.clone()
    known.clear_objective()
    for item, taken in enumerate(made.calendar.chosen):
        known.add(known.get_bool_var_from_proto_index(taken.index) == (item in items))
    search = solver(max(0.1, watch.left), seed)
    if watch.run(lambda: search.solve(known), search.stop_search) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        model.clear_hints()
        for place, value in enumerate(cast("list[int]", search.response_proto.solution)):
            model.add_hint(model.get_int_var_from_proto_index(place), value)


class _Heard(cp_model.CpSolverSolutionCallback):
    """Keeps the plan that differs most; stops at one that keeps the cap by the cuts but not truly (`hopeful`)."""

    def __init__(self, far: _Farthest, made: JointModel, best: Schedule | None) -> None:
        super().__init__()
        self.far, self.made, self.best = far, made, best
        self.hopeful: frozenset[int] | None = None

    def on_solution_callback(self) -> None:
        """Called by the solver for each better answer."""
        schedule = read(self.made.calendar, self.value)
        items = frozenset(schedule)
        if self.far.apart(items) and not self.far.allowed(items):
            self.hopeful = items
            self.stop_search()
        elif self.far.apart(items) > (0 if self.best is None else self.far.apart(frozenset(self.best))):
            self.best = schedule

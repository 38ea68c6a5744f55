"""The launch-date curve: what risk would be left over, and which gates could be met, by another launch date."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import ceil

from launchpad.edits.plans import FoundPoint
from launchpad.errors import InfeasiblePlanError
from launchpad.planning.core import with_a_plan
from launchpad.planning.points import MOST, Solved, point, solved
from launchpad.planning.problem import Problem
from launchpad.planning.reading import Case, case
from launchpad.planning.watch import Progress, Watch
from launchpad.planning.wish import Wish
from launchpad.records import Gate, Inputs, Launch
from launchpad.scoring import aftermath, coefficients
from launchpad.scoring.arrays import Floats
from launchpad.scoring.gates import NOT_MET, REACHED, Verdict
from launchpad.scoring.kept import Kept
from launchpad.scoring.residual import residual

WEEK = 7
LEAST_AFTER, MOST_AFTER = 4 * WEEK, 12 * WEEK
FARTHEST = 366
_SLACK = 1e-9
Key = tuple[bool, int]


def date_curve(
    inputs: Inputs,
    launch_id: int,
    *,
    most: int = MOST,
    seconds: float = 20.0,
    seed: int = 1,
    locks: Iterable[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> tuple[FoundPoint, ...]:
    """The best plan by the portfolio model for at most `most` launch dates, earliest first, freeze moved along.

    From the earliest date by which any work can be done, in steps of whole weeks about the present date, which is
    among them, to 4 to 12 weeks after it (as many as there are before it). The horizon stays as long as it is, so that
    a later date only gives more time. Each is proven to 0.1 %, or as far as its `gap` says; a plan known from an
    earlier date is never fallen behind where it keeps the later one's rules (`rises` tells the rest).
    `gates_met` counts the gates that are met now, and of the others those whose evaluation the plan runs by the freeze
    and that nothing speaks against: a rate gate on a scenario when the rate left over at means is within its threshold
    (with its evaluation run anew it may be met though it is not today), any other when it is open and not failed.
    It is what may be hoped for, not a verdict. Dates for which there is no time or no plan are left out; when the
    person says stop, what was found so far is returned.
    """
    watch, asked = Watch(seconds, progress), _Asked(inputs, inputs.get(Launch, launch_id), tuple(locks), seed)
    watch.say("Looking for the earliest launch date")
    launch = asked.launch
    verdicts = aftermath.verdicts(inputs, launch, coefficients.of(inputs))
    dates = list(_dates(asked, most, watch))
    found: list[FoundPoint] = []
    memory, before = Kept(), frozenset[Key]()
    for number, day in enumerate(dates):
        watch.say(f"Launch on {day}: date {number + 1} of {len(dates)}")
        if watch.left <= 0:
            break
        wish = Wish(launch_date=day.isoformat())
        best = _best(asked, wish, watch, watch.left / (len(dates) - number), before)
        if best is None or watch.stopped:
            continue
        before = frozenset(_keys(best.truth.case.problem, best.items))
        found.append(_with_gates(point(best, "date", wish, memory), best, verdicts))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Asked:
    inputs: Inputs
    launch: Launch
    locks: tuple[tuple[str, str], ...]
    seed: int

    def case(self, wish: Wish) -> Case:
        """The launch on another date; raises as `case` does."""
        return case(self.inputs, self.launch.id, self.locks, wish)


def _best(asked: _Asked, wish: Wish, watch: Watch, seconds: float, before: frozenset[Key]) -> Solved | None:
    """The best selection for one date, begun at what an earlier one held; None when there is no plan for it."""
    try:
        read = with_a_plan(asked.case(wish), watch, asked.seed)
    except InfeasiblePlanError:
        return None
    places = {key: place for place, key in enumerate(_keys(read.problem, range(len(read.problem.items))))}
    return solved(read, watch, seconds, [places[key] for key in before if key in places])


def _keys(problem: Problem, items: Iterable[int]) -> Iterator[Key]:
    """The rows behind items: their places differ from date to date."""
    return ((problem.items[item].mitigation is None, problem.items[item].row) for item in items)


def _dates(asked: _Asked, most: int, watch: Watch) -> Iterator[date]:
    """The earliest date, and others whole weeks from the present one; nothing when no date lets any work be done."""
    present = date.fromisoformat(asked.launch.launch_date)
    first = _earliest(asked, watch)
    if first is None:
        return
    span = (present - first).days
    after = min(MOST_AFTER, max(LEAST_AFTER, ceil(span / WEEK) * WEEK))
    last = max(present, first) + timedelta(days=after)
    step = WEEK
    while len(days := _grid(first, present, last, step)) > max(2, most):
        step += WEEK
    yield from days


def _grid(first: date, present: date, last: date, step: int) -> list[date]:
    """The first date, and every `step` days from the present one in both directions, in order."""
    back, on = (present - first).days // step, (last - present).days // step
    days = {present + timedelta(days=step * number) for number in range(-back, on + 1)}
    return sorted({first} | {day for day in days if day >= first})


def _earliest(asked: _Asked, watch: Watch) -> date | None:
    """The earliest launch date by which some work can be done and every must, found by halving."""
    launch = asked.launch
    present = date.fromisoformat(launch.launch_date)
    ahead = present - date.fromisoformat(launch.freeze_date) + timedelta(days=launch.buffer_days)
    low = date.fromisoformat(launch.as_of) + ahead - timedelta(days=1)
    high = max(present, low + timedelta(days=1))
    while not _any_work(asked, high):
        if (high - max(present, low)).days > FARTHEST or watch.left <= 0:
            return None
        high += timedelta(days=4 * WEEK)
    while (high - low).days > 1 and watch.left > 0:
        watch.say()
        middle = low + (high - low) // 2
        low, high = (low, middle) if _any_work(asked, middle) else (middle, high)
    return high


def _any_work(asked: _Asked, day: date) -> bool:
    try:
        return bool(asked.case(Wish(launch_date=day.isoformat())).problem.items)
    except InfeasiblePlanError:
        return False


def _with_gates(found: FoundPoint, best: Solved, verdicts: Mapping[Gate, Verdict]) -> FoundPoint:
    read = best.truth.case
    runs = {row for run, row in _keys(read.problem, best.items) if run}
    rate = residual(read.model, best.truth.state(best.items)).rate
    met = 0
    for gate, verdict in verdicts.items():
        if verdict.good or (gate.verified_by in runs and _hopeful(read, gate, verdict, rate)):
            met += 1
    return replace(found, gates_met=met, gates=len(verdicts))


def _hopeful(read: Case, gate: Gate, verdict: Verdict, rate: Floats) -> bool:
    """Whether running its evaluation may show a gate met, by what the plan leaves over at means."""
    place = None if gate.scenario is None else read.model.scenario_index.get(gate.scenario)
    if gate.kind == "rate" and place is not None and read.model.scored[place]:
        return float(rate[place]) <= gate.threshold
    return verdict.verdict not in (NOT_MET, REACHED)


def rises(
    inputs: Inputs, launch_id: int, points: Sequence[FoundPoint], locks: Iterable[tuple[str, str]] = ()
) -> tuple[str, ...]:
    """Why a later date leaves more over than an earlier one, a sentence for each place where it does."""
    locks = tuple(locks)
    return tuple(
        _why(inputs, launch_id, one, other, locks)
        for one, other in pairwise(points)
        if other.objective > one.objective * (1 + _SLACK) + _SLACK
    )


def _why(inputs: Inputs, launch_id: int, one: FoundPoint, other: FoundPoint, locks: tuple[tuple[str, str], ...]) -> str:
    told = f"Launching on {other.launch_date} leaves {other.objective - one.objective:.2%} of today's risk more than on"
    told = f"{told} {one.launch_date}"
    if other.gap is None or other.objective * (1 - other.gap) <= one.objective:
        gap = "nothing about it is proven" if other.gap is None else f"its plan is proven to {other.gap:.2%} only"
        return f"{told}: {gap}, so that this is no more than the search left open."
    earlier, later = (
        case(inputs, launch_id, locks, Wish(launch_date=each.launch_date)).problem for each in (one, other)
    )
    known = {rule.words for rule in (*earlier.wanted, *earlier.musts)} | {need.words for need in earlier.needs}
    new = [rule.words for rule in (*later.wanted, *later.musts)] + [need.words for need in later.needs]
    words = sorted({each for each in new if each not in known and each})
    if words:
        more = f", and {len(words) - 3} more" if len(words) > 3 else ""
        return f"{told}: by then there is time for what has to be kept ({'; '.join(words[:3])}{more})."
    return f"{told}: by then a limit can be kept that could not be before."

"""The smallest change of effort, of the freeze date or of its gain that brings a mitigation into the plan.

"In the plan" is what planning itself would answer: the selection of least objective that has a calendar (of equal
ones that of fewest person-days), then settled by the full score as every plan is: what is idle goes, what fits and
helps joins, a swap that lowers the score is made. On small launches these steps are taken again under each change,
to the end, and a figure is only called exact when the change brings the mitigation in, 95 % of it does not, and
neither rests on a tie of two plans within the tolerance of the search.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil, floor

from launchpad.edits.plans import Enters, FoundOut
from launchpad.planning.calendar import HUNDREDTHS
from launchpad.planning.roughly import Roughly
from launchpad.planning.serial import Schedule
from launchpad.planning.trials import Again, Planned, Settle, Trials, items_of
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch
from launchpad.records import Effort, MitigationVariant
from launchpad.scoring import estimates

NEARLY = 0.95
LATER = 366
"""Days a freeze date is moved at most."""
_ABOVE = 1.02
_STEPS = 14
_LEAST_GAIN = 1e-6


def with_enters(
    truth: Truth, schedule: Schedule, out: Sequence[FoundOut], watch: Watch, settle: Settle, again: Again
) -> tuple[FoundOut, ...]:
    """The mitigations left out, each with what would bring it in; those for which there was no time stay without.

    Exact where the launch is small and the time allows it, estimated where not.
    """
    trials, roughly = Trials(truth, watch, settle, again), Roughly(truth, schedule, watch)
    watch.say("Looking for what would bring the others in")
    exact = trials.exact(schedule)
    dates = freezes(trials, [row.mitigation_id for row in out]) if exact else {}
    found: list[FoundOut] = []
    for row in out:
        enters = _exact(trials, row, dates) if exact and trials.open else None
        if enters is None or not trials.open:
            enters = roughly.enters(row)
        found.append(replace(row, enters=enters))
        watch.say()
    return tuple(found)


def _exact(trials: Trials, row: FoundOut, dates: dict[int, date]) -> Enters | None:
    """All three changes of one mitigation, or None when time is up."""
    now = effort_now(trials.truth, row.mitigation_id)
    effort, sure = _effort(trials, row.mitigation_id, now)
    gain, sure_gain = _gain(trials, row.mitigation_id)
    freeze = dates.get(row.mitigation_id)
    sure = sure and sure_gain and (freeze is None or _freeze_is_sure(trials, row.mitigation_id, freeze))
    return Enters(now, effort, None if freeze is None else freeze.isoformat(), gain, estimated=not sure)


def effort_now(truth: Truth, mitigation: int) -> float:
    """The person-days a mitigation takes, by the means of its efforts; its way of fewest, when there are several."""
    inputs = truth.case.inputs
    totals = [
        sum(estimates.mean(estimates.spread_of(inputs, row, "days")) for row in efforts)
        for variant in inputs.children(MitigationVariant, "mitigation", mitigation)
        if (efforts := inputs.children(Effort, "variant", variant.id))
    ]
    return min(totals, default=0.0)


def _effort(trials: Trials, mitigation: int, now: float) -> tuple[float | None, bool]:
    """The most person-days, below those it takes now, at which the plan holds a mitigation, and whether that is sure.

    Durations are whole days, so that less work in fewer days may ask more of a day and fit worse: what fits is
    looked for among efforts of the same durations, from the longest down; among them less work always fits better.
    """

    def planned(hundredths: int) -> bool:
        return _in(trials.plan(trials.with_effort(mitigation, hundredths / HUNDREDTHS / now)), mitigation)

    if now <= 0 or not planned(1):
        return None, True
    for low, high in _same_durations(trials, mitigation, now):
        if not trials.open:
            return None, False
        if planned(low):
            best = last(low, high, planned) / HUNDREDTHS
            nearly = trials.with_effort(mitigation, (now - NEARLY * (now - best)) / now)
            out = not _in(trials.plan(nearly), mitigation) and trials.clear(nearly, mitigation)
            return best, out and trials.clear(trials.with_effort(mitigation, best / now), mitigation)
    return None, False


def _same_durations(trials: Trials, mitigation: int, now: float) -> list[tuple[int, int]]:
    """Ranges of effort in hundredths, from just below today's down, in each of which no duration changes."""
    inputs, problem = trials.case.inputs, trials.case.problem
    tops = {ceil(now * HUNDREDTHS) - 1}
    for variant in inputs.children(MitigationVariant, "mitigation", mitigation):
        for row in inputs.children(Effort, "variant", variant.id):
            mean = estimates.mean(estimates.spread_of(inputs, row, "days"))
            free = next(calendar.free for calendar in problem.calendars if calendar.team == row.team)
            for pace in {min(round(HUNDREDTHS * row.people), each) for each in free if each > 0}:
                sizes = range(1, ceil(HUNDREDTHS * mean / max(pace, 1)))
                tops |= {floor(size * pace / mean * now + 1e-9) for size in sizes} if mean > 0 else set()
    ordered = sorted((top for top in tops if top >= 1), reverse=True)
    return [(low + 1, high) for high, low in zip(ordered, [*ordered[1:], 0], strict=True)]


def _gain(trials: Trials, mitigation: int) -> tuple[float | None, bool]:
    """What a mitigation would have to take off the objective in addition, and whether that is sure."""
    items = items_of(trials.case, mitigation)
    with_it = trials.subsets.best(trials.case.problem, holding=items) if items else None
    without = trials.subsets.best(trials.case.problem, lacking=items)
    if with_it is None or without is None:
        return None, trials.subsets.sure

    def planned(gain: float) -> bool:
        return _in(trials.plan(*trials.with_gain(mitigation, gain)), mitigation)

    searched = with_it.value - without.value
    settled = trials.truth.score(with_it.schedule) - trials.truth.score(without.schedule)
    for short in (searched, settled):
        gain = _ABOVE * short
        if gain >= _LEAST_GAIN and planned(gain) and not planned(NEARLY * gain):
            return gain, _untied(trials, mitigation, gain)
    return _halved(trials, mitigation, 4 * max(searched, settled, _LEAST_GAIN), planned)


def _halved(
    trials: Trials, mitigation: int, most: float, planned: Callable[[float], bool]
) -> tuple[float | None, bool]:
    """The gain between 0 and the most at which a mitigation enters, by halving."""
    if not planned(most):
        return most, False
    low, high = 0.0, most
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if planned(middle) else (middle, high)
    gain = high * (1 + _ABOVE) / 2
    sure = planned(gain) and not planned(NEARLY * gain)
    return gain, sure and _untied(trials, mitigation, gain)


def _untied(trials: Trials, mitigation: int, gain: float) -> bool:
    """Whether neither the gain nor 95 % of it leaves two plans so close that a search may stop at either."""
    cases = [trials.with_gain(mitigation, share * gain)[0] for share in (1.0, NEARLY)]
    return all(trials.clear(case, mitigation) for case in cases)


def freezes(trials: Trials, wanted: Sequence[int]) -> dict[int, date]:
    """For each mitigation the earliest later freeze date at which the plan holds it; those without one are not there.

    A later freeze leaves every plan possible, so that between two dates with the same plan no date has another.
    """
    today = date.fromisoformat(trials.case.launch.freeze_date)
    plans: dict[int, Planned | None] = {}

    def plan(later: int) -> Planned | None:
        if later not in plans:
            plans[later] = trials.plan(trials.with_freeze((today + timedelta(days=later)).isoformat()))
        return plans[later]

    def fill(low: int, high: int) -> None:
        if not trials.open or plan(low) == plan(high) or high - low <= 1:
            return
        middle = (low + high) // 2
        fill(low, middle)
        fill(middle, high)

    low, step = 0, 8
    while low < LATER and trials.open:
        high = min(low + step, LATER)
        fill(low, high)
        low, step = high, 2 * step
        if all(any(_in(found, each) for found in plans.values()) for each in wanted):
            break
    found = {
        each: min((later for later, made in plans.items() if later and _in(made, each)), default=0) for each in wanted
    }
    return {each: today + timedelta(days=later) for each, later in found.items() if later}


def _freeze_is_sure(trials: Trials, mitigation: int, freeze: date) -> bool:
    """Whether the plan of a freeze date holds a mitigation and that of 95 % of the days does not, beyond ties."""
    today = date.fromisoformat(trials.case.launch.freeze_date)
    nearly = today + timedelta(days=floor(NEARLY * (freeze - today).days))
    there, short = (trials.with_freeze(day.isoformat()) for day in (freeze, nearly))
    if not _in(trials.plan(there), mitigation) or _in(trials.plan(short), mitigation):
        return False
    return trials.clear(there, mitigation) and trials.clear(short, mitigation)


def last(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The last whole number from low to high for which something holds that holds for low and none after it."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _in(plan: Planned | None, mitigation: int) -> bool:
    return plan is not None and mitigation in plan.holds

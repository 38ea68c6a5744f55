"""Why a mitigation is not in the plan, what would have to make room for it, and what that would cost."""

from collections.abc import Iterable

from launchpad.edits.plans import FoundOut
from launchpad.planning.calendar import HUNDREDTHS
from launchpad.planning.enters import with_enters
from launchpad.planning.greedy import closure
from launchpad.planning.polish import Swap, brought_in, polished, taken_with
from launchpad.planning.reading import case
from launchpad.planning.serial import Schedule, Timetable, in_order
from launchpad.planning.trials import Again
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch
from launchpad.records import Mitigation

_WORTH = 1e-9
SWAPS = 3
LATEST = 0.5
"""Seconds past the time asked for after which room is no longer looked for."""


def left_out(
    truth: Truth, schedule: Schedule, watch: Watch, again: Again | None = None
) -> tuple[tuple[FoundOut, ...], Swap | None]:
    """The mitigations not done, each with its reason; and the best swap that turned out to improve the plan.

    Where no swap does, this plan is the one that is kept, and each comes with what would bring it in. `again` reads
    the launch from other inputs with the wishes this plan was made for; without it, with those that are stored.
    """
    found, best = reasons(truth, schedule, watch)
    if best is not None:
        return found, best
    launch = truth.case.launch.id
    return with_enters(truth, schedule, found, watch, settled, again or (lambda inputs: case(inputs, launch))), None


def settled(truth: Truth, schedule: Schedule, watch: Watch) -> Schedule:
    """The plan that is kept of one a search found: by its full score, and by swaps as long as they improve it."""
    schedule = polished(truth, schedule, watch)
    for _ in range(SWAPS):
        _, swap = reasons(truth, schedule, watch)
        if swap is None or swap.schedule is None or watch.left <= 0:
            break
        schedule = polished(truth, swap.schedule, watch)
    return schedule


def reasons(truth: Truth, schedule: Schedule, watch: Watch) -> tuple[tuple[FoundOut, ...], Swap | None]:
    """The mitigations not done, each with its reason, and the best swap that improves the plan."""
    read = truth.case
    items_of: dict[int, list[int]] = {}
    for number, item in enumerate(read.problem.items):
        if item.mitigation is not None:
            items_of.setdefault(item.mitigation, []).append(number)
    on = zip(read.model.variants, read.model.current.active, strict=True)
    done = {variant.mitigation for variant, active in on if active}
    table = Timetable(read.problem, schedule)
    found: list[FoundOut] = []
    best: Swap | None = None
    for row in sorted(read.inputs.rows(Mitigation), key=lambda row: row.code):
        mine = items_of.get(row.id, [])
        if row.id in done or any(item in schedule for item in mine):
            continue
        if not mine:
            reason = read.problem.impossible.get(row.id, "No way of doing it is given.")
            found.append(FoundOut(row.code, row.id, reason, (), None))
            continue
        out, swap = _why(truth, table, mine, watch)
        found.append(FoundOut(row.code, row.id, out[0], out[1], out[2]))
        if swap is not None and swap.loss < min(-_WORTH, 0.0 if best is None else best.loss):
            best = swap
    return tuple(found), best


Out = tuple[str, tuple[str, ...], float | None]


def _why(truth: Truth, table: Timetable, mine: list[int], watch: Watch) -> tuple[Out, Swap | None]:
    """Reason, what it would displace, loss; for the way of doing it that would leave least.

    When time is up nothing is scored any more: the reason is what stands in the way, displacement and loss unknown.
    """
    problem, schedule = truth.case.problem, table.placed
    if watch.stopped or watch.elapsed > watch.seconds + LATEST:
        item = min(mine, key=lambda number: problem.items[number].days)
        words = _rivals(truth, schedule, item)[1] or _limit(truth, schedule, item) or _short(truth, table, item)
        return (words or "It was not weighed against the rest: the time asked for was over.", (), None), None
    item = min(mine, key=lambda number: (truth.score(_with(truth, schedule, number)), problem.items[number].days))
    rivals, words = _rivals(truth, schedule, item)
    gain = truth.score(frozenset(schedule) - rivals) - truth.score(_with(truth, schedule, item))
    if gain <= _WORTH:
        return (_no_benefit(truth, schedule, item, gain), (), max(0.0, -gain)), None
    swap = _room(truth, schedule, item, rivals, watch)
    reason = words or _limit(truth, schedule, item) or _no_time(truth, table, item)
    if swap is None:
        return (reason, (), None), None
    displaced = tuple(sorted(problem.items[number].code for number in swap.removed))
    return (reason, displaced, swap.loss), swap


def _with(truth: Truth, schedule: Schedule, item: int) -> frozenset[int]:
    """The items of the plan with one more, with what it needs, and without what an exclusion forbids beside it."""
    rivals, _ = _rivals(truth, schedule, item)
    rest = frozenset(schedule) - rivals
    return rest | (closure(truth.case.problem, item, rest) or frozenset())


def _rivals(truth: Truth, schedule: Schedule, item: int) -> tuple[frozenset[int], str]:
    """What of the plan an exclusion forbids beside an item and what it needs, and the words for it."""
    problem = truth.case.problem
    added = closure(problem, item, schedule) or frozenset((item,))
    gone: set[int] = set()
    words = ""
    for rule in problem.at_most_one:
        there = set(schedule).intersection(rule.items)
        if added.intersection(rule.items) and there:
            gone |= {lost for other in there for lost in taken_with(problem, schedule, other)}
            codes = ", ".join(sorted(problem.items[other].code for other in there))
            words = words or f"{rule.words}, and {codes} is in the plan."
    return frozenset(gone), words[:1].upper() + words[1:]


def _no_benefit(truth: Truth, schedule: Schedule, item: int, gain: float) -> str:
    if gain < -_WORTH:
        return "It would make things worse: what it costs in refusals outweighs what it stops."
    model, place = truth.case.model, truth.case.options[item].variant
    acts = model.effects.scenario[model.effects.variant == place]
    if not acts.size:
        return "It acts on no scenario of this launch; others only need it."
    if not model.summed[acts].any():
        return "It acts only on scenarios that are never summed, and no limit on them asks for it."
    already = truth.score(schedule) <= 0
    return "Nothing is left to take off." if already else "It takes nothing off what the plan leaves over."


def _limit(truth: Truth, schedule: Schedule, item: int) -> str:
    """The budget that an item would pass beside the plan."""
    future = _with(truth, schedule, item)
    for limit in truth.case.problem.limits:
        weights = dict(limit.weights)
        total = sum(weights.get(number, 0.0) for number in future)
        if total > limit.room + _WORTH and any(weights.get(number, 0.0) > 0 for number in future - set(schedule)):
            return f"It would pass a limit. {limit.words}."
    return ""


def _no_time(truth: Truth, table: Timetable, item: int) -> str:
    """Why the calendar has no room beside the plan, in words."""
    problem = truth.case.problem
    if words := _short(truth, table, item):
        return words
    added = closure(problem, item, table.placed) or frozenset((item,))
    if Timetable(problem, table.placed).add_all(in_order(problem, added, {})):
        return "It would fit; the search ended before it was weighed against the rest."
    teams = sorted({problem.calendars[work.team].name for work in problem.items[item].works})
    others = sorted(problem.items[number].code for number in added - {item})
    beside = f" with {', '.join(others)} in the plan too" if others else ""
    return (
        f"No days before {problem.last_day} are free for it{beside}: what {' and '.join(teams)} have left lies apart."
    )


def _short(truth: Truth, table: Timetable, item: int) -> str:
    """The team that has too little time left beside the plan, in words; empty when each has enough."""
    problem = truth.case.problem
    added = closure(problem, item, table.placed) or frozenset((item,))
    for number in sorted(added, key=lambda other: (other != item, problem.items[other].code)):
        for work in problem.items[number].works:
            calendar = problem.calendars[work.team]
            left = sum(max(0, free) for free in table.free[work.team][work.first : work.last])
            energy = work.energy_of(work.team)
            if energy > left:
                what = "It" if number == item else f"{problem.items[number].code}, which it needs,"
                return (
                    f"{what} takes {energy / HUNDREDTHS:.3g} person-days of {calendar.name} ({calendar.code}), "
                    f"which has {left / HUNDREDTHS:.3g} left in time before {problem.last_day}."
                )
    return ""


def _room(truth: Truth, schedule: Schedule, item: int, rivals: frozenset[int], watch: Watch) -> Swap | None:
    """The way to bring an item in by taking out what is missed least, as little of it as does; None without one."""
    problem = truth.case.problem
    needed = closure(problem, item, ()) or frozenset((item,))
    if _must_stay(truth, rivals) or needed & rivals:
        return None
    steps: list[frozenset[int]] = []
    swap = brought_in(truth, schedule, item, rivals)
    for lost in _least_missed(truth, schedule, needed, rivals):
        if watch.elapsed > watch.seconds + LATEST or (swap is not None and swap.schedule is not None):
            break
        steps.append(lost)
        swap = brought_in(truth, schedule, item, rivals.union(*steps))
    if swap is None or swap.schedule is None:
        return None
    for lost in steps[-2::-1]:
        steps.remove(lost)
        other = brought_in(truth, schedule, item, rivals.union(*steps))
        if other is not None and other.schedule is not None:
            swap = other
        else:
            steps.append(lost)
    return swap


def _least_missed(
    truth: Truth, schedule: Schedule, needed: frozenset[int], rivals: frozenset[int]
) -> list[frozenset[int]]:
    """What could go for an item, by how little worse the score is without it: what takes its teams' time or budgets."""
    problem = truth.case.problem
    chosen = frozenset(schedule)
    future = (chosen - rivals) | needed
    spent = {
        item
        for limit in problem.limits
        if sum(weight for item, weight in limit.weights if item in future) > limit.room + _WORTH
        for item, weight in limit.weights
        if weight > 0
    }
    teams = {work.team for item in needed - chosen for work in problem.items[item].works}
    groups = {
        taken_with(problem, chosen, other)
        for other in schedule
        if other in spent or any(work.team in teams for work in problem.items[other].works)
    }
    free = [lost for lost in groups if not _must_stay(truth, lost) and not lost & needed]
    return sorted(free, key=lambda lost: (not lost & spent, truth.score(chosen - lost), sorted(lost)))


def _must_stay(truth: Truth, items: Iterable[int]) -> bool:
    problem = truth.case.problem
    asked = {number for rule in (*problem.musts, *problem.wanted) for number in rule.items}
    return bool(asked.intersection(items))

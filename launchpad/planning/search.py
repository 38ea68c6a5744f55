"""The search for a plan: a first one at once, then a bound, then better ones, until it is proven or time is up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import inf

from launchpad.planning.greedy import first_plan
from launchpad.planning.joint import SMALL, Found, Learnt, improve, kept, progress_words
from launchpad.planning.portfolio import Choice, select
from launchpad.planning.problem import Problem
from launchpad.planning.roam import roam
from launchpad.planning.serial import Schedule
from launchpad.planning.watch import Watch

PORTFOLIO_SHARE = 0.3
NARROW_SHARE = 0.4
STEPS = 4000
FEW_STEPS = 100


def search(problem: Problem, watch: Watch, seconds: float, seed: int = 1) -> Found:
    """The best plan found within the seconds, with its bound; no schedule and an infinite bound when there is none.

    First a plan item by item; then the portfolio by HiGHS, which knows only each team's time and gives the bound,
    and beside it small steps from the first plan; then the calendar by CP-SAT, among the items these chose, and
    last among all.
    """
    until = watch.elapsed + min(seconds, watch.left)
    best = _better(problem, Found(None, inf, -inf), first_plan(problem))
    watch.say(progress_words(best))
    choice, best = _portfolio(problem, best, watch, PORTFOLIO_SHARE * (until - watch.elapsed), seed)
    if choice.bound == inf:
        return best
    watch.say(progress_words(best))
    learnt = Learnt(choice.rows, choice.tangents)
    if choice.items is not None:
        best = _better(problem, best, first_plan(problem, choice.items))
        narrow = replace(learnt, only=choice.items.union(best.schedule or ()))
        best = improve(problem, best, narrow, watch, NARROW_SHARE * (until - watch.elapsed), seed)
    return improve(problem, best, learnt, watch, until - watch.elapsed, seed)


def _portfolio(problem: Problem, best: Found, watch: Watch, seconds: float, seed: int) -> tuple[Choice, Found]:
    """What the portfolio came to, and the best plan of the steps taken meanwhile.

    On a small problem always as many steps, so that the same inputs give the same plan.
    """
    small = len(problem.items) <= SMALL
    over = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        start = best.schedule or {}
        steps = FEW_STEPS if small else STEPS
        wandering = beside.submit(roam, problem, start, seed, steps, (lambda: False) if small else over.is_set)
        try:
            choice = select(problem, watch, seconds, start)
        finally:
            over.set()
        better = wandering.result()
    found = _better(problem, best, better) if best.schedule is not None else best
    return choice, replace(found, bound=min(choice.bound, found.value))


def _better(problem: Problem, best: Found, schedule: Schedule | None) -> Found:
    if schedule is None or not kept(problem, schedule):
        return best
    value = problem.objective.value(schedule)
    return Found(schedule, value, min(best.bound, value)) if value < best.value else best

"""The search for a plan: a first one at once, then a bound, then better ones, until it is proven or time is up."""

from dataclasses import replace
from math import inf

from launchpad.planning.greedy import first_plan
from launchpad.planning.joint import Found, Learnt, improve, kept, progress_words
from launchpad.planning.portfolio import select
from launchpad.planning.problem import Problem
from launchpad.planning.serial import Schedule
from launchpad.planning.subsets import MOST_SELECTIONS, Subsets, count
from launchpad.planning.watch import Watch

ALL_SHARE = 0.4
FIRST_SHARE = 0.1
PORTFOLIO_SHARE = 0.3
NARROW_SHARE = 0.5
GRACE = 0.5
"""Seconds a first plan may always take: loading the solvers may have used up all that were asked for."""
BUILD = 0.002
"""Seconds an item to allow for making the whole model, which cannot be stopped; no search is begun with less left."""


def search(problem: Problem, watch: Watch, seconds: float, seed: int = 1, start: Schedule | None = None) -> Found:
    """The best plan found within the seconds, with its bound; no schedule and an infinite bound when there is none.

    `start` is a calendar known before. Of a small problem every selection is looked at. Of others, first a plan item by
    item; then the portfolio by HiGHS, which knows only each team's time and gives the bound; then the calendar by
    CP-SAT, among the items these two chose, and last among all.
    """
    if count(problem) <= MOST_SELECTIONS:
        found = _of_all(problem, watch, max(GRACE, ALL_SHARE * min(seconds, watch.left)))
        if found is not None:
            return found
    until = watch.elapsed + min(seconds, watch.left)
    began = watch.elapsed

    def late() -> bool:
        return watch.stopped or watch.elapsed > began + max(GRACE, FIRST_SHARE * seconds)

    best = _better(problem, Found(None, inf, problem.objective.floor), start)
    best = _better(problem, best, first_plan(problem, late=late))
    watch.say(progress_words(best))
    choice = select(problem, watch, PORTFOLIO_SHARE * (until - watch.elapsed), best.schedule or ())
    best = replace(best, bound=min(max(best.bound, choice.bound), best.value))
    if choice.bound == inf or watch.stopped:
        return best
    learnt = Learnt(choice.rows, choice.tangents, choice.facets)
    if choice.items is not None:
        best = _better(problem, best, first_plan(problem, choice.items))
        watch.say(progress_words(best))
        narrow = replace(learnt, only=choice.items.union(best.schedule or ()))
        best = improve(problem, best, narrow, watch, NARROW_SHARE * (until - watch.elapsed), seed)
    if until - watch.elapsed < BUILD * len(problem.items):
        return best
    return improve(problem, best, learnt, watch, until - watch.elapsed, seed)


def _of_all(problem: Problem, watch: Watch, seconds: float) -> Found | None:
    """The best of all selections of a small problem, which is proven by that; None when time was too short for it."""
    subsets = Subsets(watch, seconds)
    best = subsets.best(problem)
    if not subsets.sure:
        return None
    return Found(None, inf, inf) if best is None else Found(best.schedule, best.value, best.value)


def _better(problem: Problem, best: Found, schedule: Schedule | None) -> Found:
    if schedule is None or not kept(problem, schedule):
        return best
    value = problem.objective.value(schedule)
    return Found(schedule, value, min(best.bound, value)) if value < best.value else best

"""Make a plan: read, search, score in full, settle the calendar, explain."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from math import inf

from launchpad.edits.plans import PlanFound
from launchpad.errors import CancelledError, InfeasiblePlanError
from launchpad.planning.conflicts import eased
from launchpad.planning.contradictions import conflict
from launchpad.planning.explain import left_out
from launchpad.planning.joint import Found, progress_words
from launchpad.planning.polish import polished
from launchpad.planning.reading import Case, case
from launchpad.planning.search import search
from launchpad.planning.serial import Schedule
from launchpad.planning.steady import no_worse_before, planned_before
from launchpad.planning.telling import told
from launchpad.planning.trials import Again
from launchpad.planning.truth import Truth
from launchpad.planning.watch import Watch
from launchpad.planning.wish import NOTHING, Wish
from launchpad.records import Inputs
from launchpad.scoring.identity import plan_hash

AFTERWARDS = 0.12
MOST_AFTERWARDS = 3.0
EASE_SHARE = 0.3
SWAPS = 3
TELLING = 0.0004
"""Seconds an item to keep for settling and telling the plan."""


def plan(
    inputs: Inputs,
    launch_id: int,
    watch: Watch,
    *,
    seed: int,
    locks: Iterable[tuple[str, str]],
    wish: Wish = NOTHING,
) -> PlanFound:
    """See `planning.make_plan`; the watch already runs."""
    watch.say()
    locks = tuple(locks)
    read = case(inputs, launch_id, locks, wish)
    afterwards = min(MOST_AFTERWARDS, AFTERWARDS * watch.seconds)
    found, eased_case, words = _searched(read, watch, watch.seconds - afterwards, seed)
    if found.schedule is None:
        raise _nothing(watch)
    watch.say("Scoring the plan in full")
    again = partial(case, launch_id=launch_id, locks=locks, wish=wish)
    made = _finished(eased_case, found, found.schedule, words, watch, seed, again)
    return replace(made, basis=wish.words, input_hash=plan_hash(inputs, launch_id))


def _searched(read: Case, watch: Watch, seconds: float, seed: int) -> tuple[Found, Case, tuple[str, ...]]:
    """What the search came to, with limits eased first when no plan keeps them all."""
    found = search(read.problem, watch, seconds - watch.elapsed, seed, planned_before(read))
    watch.say(progress_words(found))
    if found.schedule is not None or watch.stopped:
        return found, read, ()
    if found.bound == inf:
        watch.say("Looking for what contradicts what")
        clash = conflict(read, watch)
        if clash is not None:
            raise clash
    watch.say("Looking for the least that has to give")
    left = max(1.0, seconds - watch.elapsed)
    given = eased(read.problem, watch, EASE_SHARE * left if found.bound < inf else left, seed)
    changed = replace(read, problem=given.problem)
    rest = max(1.0, seconds - watch.elapsed)
    return search(given.problem, watch, rest, seed, given.schedule), changed, given.words


def _nothing(watch: Watch) -> CancelledError | InfeasiblePlanError:
    if watch.stopped:
        return CancelledError("Planning was stopped before there was a plan.", "Nothing was changed.")
    return InfeasiblePlanError(
        f"No plan that keeps every limit was found in {watch.seconds:g} seconds.",
        "Give the search more seconds.",
    )


def _finished(
    read: Case, found: Found, schedule: Schedule, words: tuple[str, ...], watch: Watch, seed: int, again: Again
) -> PlanFound:
    truth, early = Truth(read), watch.until(watch.seconds - TELLING * len(read.problem.items))
    schedule = no_worse_before(truth, polished(truth, schedule, early))
    out, swap = left_out(truth, schedule, early, again)
    for _ in range(SWAPS):
        if swap is None or swap.schedule is None or early.left <= 0:
            break
        schedule = polished(truth, swap.schedule, early)
        out, swap = left_out(truth, schedule, early, again)
    watch.stopped = watch.stopped or early.stopped
    return told(truth, schedule, found.bound, out, words, watch, seed)

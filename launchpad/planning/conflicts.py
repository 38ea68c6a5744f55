"""When no plan keeps everything: the least that has to give."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from ortools.sat.python import cp_model

from launchpad.errors import CancelledError, InfeasiblePlanError
from launchpad.planning.contradictions import contradiction
from launchpad.planning.joint import DEPTH, JointModel, joint_model, whole_limit
from launchpad.planning.problem import Problem
from launchpad.planning.schedule import read
from launchpad.planning.serial import Schedule
from launchpad.planning.watch import Watch

_WHOLE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Eased:
    """The problem with limits eased as little as a plan needs, such a plan, and which limits those are, in words."""

    problem: Problem
    schedule: Schedule
    words: tuple[str, ...]


def eased(problem: Problem, watch: Watch, seconds: float, seed: int) -> Eased:
    """The least total violation of limits, floors and wanted runs with which there is a plan.

    A limit passed by its own size counts 1, as does a catastrophic rate too high by a factor e, as does a run that
    is left out. Raises InfeasiblePlanError when even so there is none: the musts contradict each other.
    """
    bare = replace(problem, wanted=(), limits=(), floors=())
    made = joint_model(bare)
    slacks = _slacks(problem, made)
    made.calendar.model.minimize(sum(weight * slack for slack, weight, _ in slacks))
    search = cp_model.CpSolver()
    search.parameters.max_time_in_seconds = max(0.5, min(seconds, watch.left))
    search.parameters.num_workers = 2
    search.parameters.catch_sigint_signal = False  # or Ctrl-C is no longer ours afterwards
    search.parameters.random_seed = seed
    status = watch.run(lambda: search.solve(made.calendar.model), search.stop_search)
    if status == cp_model.INFEASIBLE:
        raise contradiction(problem, watch)
    if watch.stopped:
        raise CancelledError("Planning was stopped before there was a plan.", "Nothing was changed.")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise InfeasiblePlanError(
            "No plan was found in time that keeps every lock and comes near every limit.",
            "Give the search more seconds, or take a lock away.",
        )
    schedule = read(made.calendar, search.value)
    return _eased(problem, schedule, [(search.value(slack), words) for slack, _, words in slacks])


def _slacks(problem: Problem, made: JointModel) -> list[tuple[cp_model.IntVar, int, str]]:
    """For each wanted run, limit and floor in this order: how far it gives, what a step of that weighs, its words."""
    model, chosen = made.calendar.model, made.calendar.chosen
    for rule in problem.musts:
        model.add_bool_or([chosen[item] for item in rule.items])
    found: list[tuple[cp_model.IntVar, int, str]] = []
    for rule in problem.wanted:
        out = model.new_bool_var("")
        model.add_bool_or([out, *(chosen[item] for item in rule.items)])
        found.append((out, _WHOLE, f"{rule.words}, and it cannot be run in time."))
    for limit in problem.limits:
        weights, room = whole_limit(limit)
        scale = room / limit.room if abs(limit.room) > 1e-9 else 1.0
        most = abs(room) + sum(abs(weight) for _, weight in weights)
        slack = model.new_int_var(0, most, "")
        model.add(sum(weight * chosen[item] for item, weight in weights) <= room + slack)
        weight = max(1, round(_WHOLE / max(1.0, abs(limit.unit * scale))))
        found.append((slack, weight, f"{limit.words}: no plan keeps it; this one passes it as little as any."))
    for each in problem.floors:
        least = max(0, int(each.least * DEPTH))
        slack = model.new_int_var(0, least + DEPTH, "")
        model.add(made.depths[each.term] + slack >= least)
        words = f"{each.words}: no plan in time comes down to it; this one comes as near as any."
        found.append((slack, _WHOLE // DEPTH, words))
    return found


def _eased(problem: Problem, schedule: Schedule, given: Sequence[tuple[int, str]]) -> Eased:
    runs, rest = given[: len(problem.wanted)], given[len(problem.wanted) :]
    limits, floors = rest[: len(problem.limits)], rest[len(problem.limits) :]
    wanted = tuple(rule for rule, (out, _) in zip(problem.wanted, runs, strict=True) if not out)
    new_limits = [
        replace(limit, room=limit.room + _reached(limit.room, whole_limit(limit)[1], slack)) if slack else limit
        for limit, (slack, _) in zip(problem.limits, limits, strict=True)
    ]
    new_floors = [
        replace(each, least=each.least - (slack + 2) / DEPTH) if slack else each
        for each, (slack, _) in zip(problem.floors, floors, strict=True)
    ]
    words = tuple(words for slack, words in given if slack)
    changed = replace(problem, wanted=wanted, limits=tuple(new_limits), floors=tuple(new_floors))
    return Eased(changed, schedule, words)


def _reached(room: float, whole: int, slack: int) -> float:
    """A slack in whole numbers as an amount of the limit, and a little more for what rounding hid."""
    scale = whole / room if abs(room) > 1e-9 else 1.0
    return (slack + 2) / abs(scale) if scale else inf

"""The core index: in how many draws of inputs and weights a mitigation belongs to the best selection.

Liesio, Mild & Salo (2007): what every good portfolio holds can be begun at once, what none holds can be forgotten,
and between the two it pays to learn more. A draw takes one value of every uncertain number and one weighting.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import inf, sqrt

import numpy as np

from launchpad.edits.plans import FoundCore
from launchpad.errors import CancelledError, InfeasiblePlanError
from launchpad.planning.conflicts import eased
from launchpad.planning.energy import EnergyRow
from launchpad.planning.greedy import first_plan
from launchpad.planning.ignorance import Drawn, draw, objective_in
from launchpad.planning.joint import kept
from launchpad.planning.polish import taken_with
from launchpad.planning.portfolio import select
from launchpad.planning.problem import Limit, Problem
from launchpad.planning.reading import Case, case
from launchpad.planning.search import search
from launchpad.planning.subsets import Bools, Subsets, count, values, whole
from launchpad.planning.watch import Progress, Watch
from launchpad.records import Inputs, Mitigation

NEAR = 0.01
GAP = 1e-3
MOST_MITIGATIONS = 14
MOST_SELECTIONS = 1 << 18
EASE_SHARE = 0.1
TRIES = 3
ROWS = 200
"""Rows about teams' time handed on from draw to draw: every calendar keeps them."""


def core_index(
    inputs: Inputs,
    launch_id: int,
    *,
    draws: int = 100,
    seed: int = 1,
    locks: Iterable[tuple[str, str]] = (),
    progress: Progress | None = None,
    seconds: float = 300.0,
) -> tuple[FoundCore, ...]:
    """The core index of every mitigation that is not done, in the order of their codes, with its standard error.

    Up to 14 mitigations every selection that has a calendar is looked at, and a draw counts the share of those within
    1 % of the best that hold a mitigation; beyond, a draw counts the one selection that the portfolio model proves to
    lie within 0.1 % of the best. The error is the binomial one, sqrt(p (1 - p) / draws), over the draws there was
    time for. Rules, effort and calendars are the same in every draw; limits that no plan keeps are eased first.
    Raises CancelledError when the person says stop, InfeasiblePlanError when there is no plan at all.
    """
    watch = Watch(seconds, progress)
    read = with_a_plan(case(inputs, launch_id, locks), watch, seed)
    watch.say("Drawing inputs and weights")
    known = draw(read, draws, seed)
    shares = _exhaustive(read, known, watch) if small(read.problem) else _selected(read, known, watch)
    held: list[dict[int, float]] = []
    for share in shares:
        held.append(share)
        watch.say(f"{len(held)} of {draws} draws")
    if watch.stopped:
        raise CancelledError("The core index was stopped.", "Nothing was changed.")
    if not held:
        raise InfeasiblePlanError(
            f"No draw of the core index came to a selection in {seconds:g} seconds.", "Give it more seconds."
        )
    return tuple(_indexes(read, held))


def with_a_plan(read: Case, watch: Watch, seed: int) -> Case:
    """The case itself when it has a plan, and otherwise with the least given way that lets it have one."""
    if first_plan(read.problem) is not None:
        return read
    if search(read.problem, watch, EASE_SHARE * watch.left, seed).schedule is not None or watch.stopped:
        return read
    return replace(read, problem=eased(read.problem, watch, EASE_SHARE * watch.left, seed).problem)


def _indexes(case: Case, held: list[dict[int, float]]) -> Iterator[FoundCore]:
    on = zip(case.model.variants, case.model.current.active, strict=True)
    done = {variant.mitigation for variant, active in on if active}
    plannable = {item.mitigation for item in case.problem.items}
    for row in sorted(case.inputs.rows(Mitigation), key=lambda each: each.code):
        if row.id in done and row.id not in plannable:
            continue
        index = min(1.0, sum(share.get(row.id, 0.0) for share in held) / len(held))
        yield FoundCore(row.code, index, sqrt(index * (1 - index) / len(held)))


def small(problem: Problem) -> bool:
    """Whether every selection can be looked at: at most 14 mitigations, and not too many ways of doing them."""
    owners = {item.mitigation for item in problem.items if item.mitigation is not None}
    return len(owners) <= MOST_MITIGATIONS and count(problem) <= MOST_SELECTIONS


def _exhaustive(case: Case, known: Drawn, watch: Watch) -> Iterator[dict[int, float]]:
    """Draw by draw, for each mitigation the share of all selections within 1 % of the best that hold it.

    The selections are those that have a calendar and do nothing for nothing: without any one item, and what is only
    there for it, the objective is worse.
    """
    problem, subsets = case.problem, Subsets(watch)
    chosen = whole(problem)
    possible = _Possible(problem, chosen, subsets)
    for number in range(len(known.weights)):
        worth = values(objective_in(case, known, number), chosen)
        best, near = inf, list[int]()
        for place in np.argsort(worth, kind="stable"):
            if worth[place] > best + NEAR * abs(best) or watch.left <= 0:
                break
            if possible(int(place)):
                best = min(best, float(worth[place]))
                if all(worth[less] > worth[place] for less in possible.smaller(int(place))):
                    near.append(int(place))
        if near and watch.left > 0:
            share = chosen[near].mean(axis=0)
            yield _by_mitigation(problem, enumerate(map(float, share)))


class _Possible:
    """Whether a selection of a list keeps every limit and has a calendar, each looked at once."""

    def __init__(self, problem: Problem, chosen: Bools, subsets: Subsets) -> None:
        self.problem, self.chosen, self.subsets = problem, chosen, subsets
        self._known: dict[int, bool] = {}
        self._smaller: dict[int, list[int]] = {}
        self._places = {row.tobytes(): place for place, row in enumerate(chosen)}

    def smaller(self, place: int) -> list[int]:
        """The places of the selections that are left when one item, with what is only there for it, goes."""
        if place not in self._smaller:
            items = frozenset(map(int, np.flatnonzero(self.chosen[place])))
            found: set[int] = set()
            for item in items:
                rest = self.chosen[place].copy()
                rest[list(taken_with(self.problem, items, item))] = False
                less = self._places.get(rest.tobytes())
                if less is not None and self(less):
                    found.add(less)
            self._smaller[place] = sorted(found)
        return self._smaller[place]

    def __call__(self, place: int) -> bool:
        if place not in self._known:
            items = frozenset(map(int, np.flatnonzero(self.chosen[place])))
            good = kept(self.problem, items) and self.subsets.schedule(self.problem, items) is not None
            self._known[place] = good
        return self._known[place]


def _selected(case: Case, known: Drawn, watch: Watch) -> Iterator[dict[int, float]]:
    """Draw by draw, the mitigations of one selection that is proven within 0.1 % of the best by the portfolio model.

    Each search begins at the selection of the draw before, and with the rows about teams' time found so far. A draw
    in which none is found that keeps all of those rows is passed over.
    """
    problem, hint = case.problem, frozenset[int]()
    learnt: dict[EnergyRow, Limit] = {}
    for number in range(len(known.weights)):
        there = replace(problem, objective=objective_in(case, known, number))
        items = _selection(there, learnt, hint, watch)
        hint = items or hint
        if items is not None and watch.left > 0:
            yield _by_mitigation(problem, ((item, 1.0) for item in _working(there, items)))


def _selection(
    problem: Problem, learnt: dict[EnergyRow, Limit], hint: frozenset[int], watch: Watch
) -> frozenset[int] | None:
    """The selection of one draw; what is learnt about teams' time is kept for the next, the newest of it."""
    for _ in range(TRIES):
        there = replace(problem, limits=(*problem.limits, *learnt.values()))
        choice = select(there, watch, watch.left, hint, GAP)
        for row in choice.rows:
            learnt[row] = Limit("", row.weights, row.room, row.room)
        for row in list(learnt)[:-ROWS]:
            del learnt[row]
        if choice.items is not None or watch.left <= 0:
            return choice.items
    return None


def _working(problem: Problem, chosen: frozenset[int]) -> frozenset[int]:
    """A selection without what takes nothing off, and without what is only there for that."""
    worth = problem.objective.value(chosen)
    for item in sorted(chosen, key=lambda number: (-problem.items[number].days, number)):
        rest = chosen - taken_with(problem, chosen, item)
        asked = (*problem.musts, *problem.wanted)
        free = all(rest.intersection(rule.items) for rule in asked)
        if item in chosen and free and problem.objective.value(rest) <= worth and kept(problem, rest):
            chosen, worth = rest, problem.objective.value(rest)
    return chosen


def _by_mitigation(problem: Problem, shares: Iterable[tuple[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for item, share in shares:
        owner = problem.items[item].mitigation
        if owner is not None:
            found[owner] = found.get(owner, 0.0) + share
    return found

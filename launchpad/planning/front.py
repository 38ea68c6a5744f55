"""The front: what could be had instead in technical risk, reputational risk, over-refusal and effort."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

from launchpad.edits.plans import FoundPoint
from launchpad.planning.core import with_a_plan
from launchpad.planning.limits import watched
from launchpad.planning.points import MOST, Solved, not_dominated, point, solved
from launchpad.planning.reading import Case, case
from launchpad.planning.terms import objective_of_launch
from launchpad.planning.watch import Progress, Watch
from launchpad.planning.wish import NOTHING, Wish, limits_of
from launchpad.records import Inputs
from launchpad.scoring.kept import Kept
from launchpad.scoring.residual import base_refusal
from launchpad.scoring.side_effects import burden

WEIGHTS = (0.99, 0.01, 0.5, 0.85, 0.25, 0.95, 0.1, 0.35)
"""Shares of technical risk; short of 1 and 0, at which a plan would spend nothing on the other risk, ties included."""
SHARES = (0.5, 0.25, 0.75, 0.125, 0.875, 0.375, 0.625)
ENOUGH = 0.5
"""Of the time the launch's own best took: with less for each, points are many and none is near the best."""
_ALIKE = 0.04
_LEAST = 1e-9


def front(
    inputs: Inputs,
    launch_id: int,
    *,
    most: int = MOST,
    seconds: float = 20.0,
    seed: int = 1,
    locks: Iterable[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> tuple[FoundPoint, ...]:
    """At most `most` plans by the portfolio model, none better than another in all respects, least technical first.

    The launch's own best comes first to mind: beside it the weight of technical risk is swept, and effort and
    over-refusal are held to shares of what the best takes, the outermost first, until there are enough or the seconds
    are over. Each is proven to 0.1 %, or as far as its `gap` says. With seconds enough for that the same inputs give
    the same points. When the person says stop, those found so far are returned. Raises as `make_plan` does.
    """
    watch = Watch(seconds, progress)
    watch.say("Looking for other trade-offs")
    base = with_a_plan(case(inputs, launch_id, locks), watch, seed)
    memory, began = Kept(), watch.elapsed
    own = solved(base, watch, watch.left / 6)
    if own is None:
        return ()
    least = ENOUGH * (watch.elapsed - began)
    found = [point(own, "front", NOTHING, memory)]
    seen = {own.items}
    wishes = list(_wishes(base, own, found[0]))
    for number, wish in enumerate(wishes):
        watch.say(f"{len(found)} trade-offs found")
        if watch.left <= 0 or len(not_dominated(found)) >= most:
            break
        share = max(least, watch.left / (len(wishes) - number))
        other = solved(under(base, wish), watch, share, own.items)
        if other is not None and other.items not in seen and not watch.stopped:
            seen.add(other.items)
            found.append(point(other, "front", wish, memory))
    best = not_dominated(found)[:most]
    return tuple(sorted(best, key=lambda each: (each.technical, each.effort_days)))


def _wishes(base: Case, own: Solved, best: FoundPoint) -> Iterator[Wish]:
    """What is asked for beside the launch's own best: weights, effort and over-refusal by turns."""
    weight, today = base.model.weights[0], own.truth.today
    weights = [Wish(technical_weight=each) for each in WEIGHTS if min(today) > 0 and abs(each - weight) > _ALIKE]
    days = [Wish(most_days=_rounded(share * best.effort_days)) for share in SHARES if best.effort_days > 0]
    refused = burden(base.model.side, base.model.current.active, base_refusal(base.model, base.model.current))
    more = best.over_refusal - refused.over_refusal
    room = [refused.over_refusal + share * more for share in (0.0, *SHARES) if more > _LEAST]
    refusals = [Wish(most_refusal=min(1.0, _rounded_up(each))) for each in room]
    for three in zip_longest(weights, days, refusals):
        yield from (wish for wish in three if wish is not None)


def _rounded(days: float) -> float:
    """Person-days as a person would ask for them: three figures."""
    return float(f"{days:.3g}")


def _rounded_up(share: float) -> float:
    """A share with four figures, never below it: today's refusals must stay within what is asked for."""
    short = float(f"{share:.4g}")
    return short if short >= share else float(f"{share * 1.0005:.4g}")


def under(base: Case, wish: Wish) -> Case:
    """The case under another weight, effort or over-refusal: as reading it anew with the wish, without reading it."""
    model, problem = base.model, base.problem
    if wish.technical_weight is not None:
        model = replace(model, weights=(wish.technical_weight, 1 - wish.technical_weight))
        measured = watched(base.inputs, model)
        objective, _ = objective_of_launch(model, base.options, len(problem.items), measured)
        places = {term.name: place for place, term in enumerate(objective.terms)}  # a weight of 0 leaves terms out
        floors = [replace(each, term=places[problem.objective.terms[each.term].name]) for each in problem.floors]
        problem = replace(problem, objective=objective, floors=tuple(floors))
    limits = (*problem.limits, *limits_of(wish, model, problem.items, base.options))
    return replace(base, model=model, problem=replace(problem, limits=limits))

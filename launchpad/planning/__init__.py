"""Which mitigations, and when: selection and calendar in one answer, with a proven bound.

The solvers are loaded when a plan is made, not when this is imported.
"""

from collections.abc import Iterable
from typing import Any

from launchpad.edits.plans import (
    FoundItem,
    FoundLoad,
    FoundOut,
    FoundPoint,
    FoundStretch,
    FoundWork,
    PlanFound,
)
from launchpad.planning import report
from launchpad.planning.report import Around, Totals
from launchpad.planning.watch import Progress, Watch
from launchpad.planning.wish import NOTHING, Wish
from launchpad.records import Inputs, PlanPoint


def make_plan(
    inputs: Inputs,
    launch_id: int,
    *,
    seconds: float = 20.0,
    seed: int = 1,
    locks: Iterable[tuple[str, str]] = (),
    progress: Progress | None = None,
    wish: Wish = NOTHING,
) -> PlanFound:
    """The best workplan of a launch that is found within the seconds, with its bound, explained.

    `wish` asks for more than the launch says: another date, other weights, less work or fewer refusals.
    `locks` are pairs of a code (mitigation or variant) and must or never; they go before stored locks on the same
    mitigation. `progress` is told the share of time spent and how good the best plan is; when it raises
    CancelledError the best plan so far is returned, marked `stopped`. Raises InfeasiblePlanError when no plan
    keeps every lock, naming what contradicts what, and CancelledError when stopped before there was a plan.
    """
    watch = Watch(seconds, progress)  # loading the solvers counts to the time asked for
    from launchpad.planning.plan import plan

    return plan(inputs, launch_id, watch, seed=seed, locks=locks, wish=wish)


def explore(
    inputs: Inputs,
    found: PlanFound,
    *,
    seconds: float = 100.0,
    locks: Iterable[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> Around:
    """What lies around a plan: worth of teams' days, trade-offs, launch dates, alternatives, core index.

    `inputs` and `locks` are those the plan was made with, without a wish. Each part gets its share of the seconds; when
    the person says stop, what was found so far is returned, marked `stopped`.
    """
    from launchpad.planning.around import around

    return around(inputs, found, seconds=seconds, locks=locks, progress=progress)


def wish_of(point: FoundPoint | PlanPoint) -> Wish:
    """What to ask of `make_plan` for the joint plan behind a point of the front or of the launch dates."""
    return Wish(point.technical_weight, point.launch_date, point.most_days, point.most_refusal)


def plan_json(
    inputs: Inputs,
    found: PlanFound,
    before: Totals | None,
    after: Totals | None,
    *,
    plan: str | None = None,
    around: Around | None = None,
    assumed_share: float | None = None,
) -> dict[str, Any]:
    """The answer of `plan --json`, with the totals of the launch before and after the plan.

    `plan` is the code it was stored under; what was not explored is null.
    """
    return report.plan_json(inputs, found, before, after, plan=plan, around=around, assumed_share=assumed_share)


__all__ = [
    "Around",
    "FoundItem",
    "FoundLoad",
    "FoundOut",
    "FoundPoint",
    "FoundStretch",
    "FoundWork",
    "PlanFound",
    "Wish",
    "explore",
    "make_plan",
    "plan_json",
    "wish_of",
]

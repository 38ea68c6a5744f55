"""Which mitigations, and when: selection and calendar in one answer, with a proven bound.

The solvers are loaded when a plan is made, not when this is imported.
"""

from collections.abc import Iterable
from typing import Any

from launchpad.edits.plans import (
    FoundItem,
    FoundLoad,
    FoundOut,
    FoundStretch,
    FoundWork,
    PlanFound,
)
from launchpad.planning import report
from launchpad.planning.report import Totals
from launchpad.planning.watch import Progress, Watch
from launchpad.records import Inputs


def make_plan(
    inputs: Inputs,
    launch_id: int,
    *,
    seconds: float = 20.0,
    seed: int = 1,
    locks: Iterable[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> PlanFound:
    """The best workplan of a launch that is found within the seconds, with its bound, explained.

    `locks` are pairs of a code (mitigation or variant) and must or never; they go before stored locks on the same
    mitigation. `progress` is told the share of time spent and how good the best plan is; when it raises
    CancelledError the best plan so far is returned, marked `stopped`. Raises InfeasiblePlanError when no plan
    keeps every lock, naming what contradicts what, and CancelledError when stopped before there was a plan.
    """
    watch = Watch(seconds, progress)  # loading the solvers counts to the time asked for
    from launchpad.planning.plan import plan

    return plan(inputs, launch_id, watch, seed=seed, locks=locks)


def plan_json(inputs: Inputs, found: PlanFound, before: Totals | None, after: Totals | None) -> dict[str, Any]:
    """The answer of `plan --json`, with the totals of the launch before and after the plan."""
    del inputs  # every code is already in the plan; the signature is shared with the other answers
    return report.plan_json(found, before, after)


__all__ = [
    "FoundItem",
    "FoundLoad",
    "FoundOut",
    "FoundStretch",
    "FoundWork",
    "PlanFound",
    "make_plan",
    "plan_json",
]

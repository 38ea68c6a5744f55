"""The answer of `plan --json`: a plan as INTERFACES states it; what is not computed yet is null."""

from typing import Any, Protocol

from launchpad.edits.plans import FoundItem, PlanFound

Answer = dict[str, Any]


class Totals(Protocol):
    """The totals of one state of a launch, as results computes them."""

    @property
    def technical(self) -> float:
        """Expected technical loss."""
        ...

    @property
    def reputational(self) -> float:
        """Reputational risk."""
        ...

    @property
    def var95(self) -> float | None:
        """Loss that is passed in 5 % of draws."""
        ...

    @property
    def cvar95(self) -> float | None:
        """Mean loss of the worst 5 % of draws."""
        ...

    @property
    def over_refusal(self) -> float:
        """Share of benign requests turned away."""
        ...

    @property
    def latency_ms(self) -> float:
        """Added latency."""
        ...

    @property
    def cost(self) -> float:
        """Run cost per month."""
        ...


def plan_json(
    found: PlanFound,
    before: Totals | None,
    after: Totals | None,
    *,
    assumed_share: float | None = None,
) -> Answer:
    """The plan as JSON has it, with the totals of the launch before and after it."""
    return {
        "launch": found.launch,
        "plan": None,
        "input_hash": found.input_hash,
        "seed": found.seed,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "score": found.score,
        "seconds": found.seconds,
        "selected": [_selected(item) for item in found.selected],
        "left_out": [
            {
                "mitigation": row.mitigation,
                "reason": row.reason,
                "displaces": list(row.displaces),
                "loss": row.loss,
                "enters_if": None,
            }
            for row in found.left_out
        ],
        "capacity": [
            {"team": row.team, "week": row.week, "used": row.used, "available": row.available} for row in found.capacity
        ],
        "shadow_prices": None,
        "assumed_share": assumed_share,
        "alternatives": None,
        "front": None,
        "date_curve": None,
        "before": _totals(before),
        "after": _totals(after),
        "notes": list(found.notes),
    }


def _selected(item: FoundItem) -> Answer:
    return {
        "mitigation": item.mitigation,
        "variant": item.variant,
        "evaluation": item.evaluation,
        "teams": [{"team": work.team, "days": work.days} for work in item.teams],
        "start": item.start,
        "finish": item.finish,
        "priority": item.priority,
        "gain": item.gain,
        "gain_per_day": item.gain_per_day,
        "core_index": None,
        "p_ready": item.p_ready,
    }


def _totals(totals: Totals | None) -> Answer | None:
    names = ("technical", "reputational", "var95", "cvar95", "over_refusal", "latency_ms", "cost")
    return None if totals is None else {name: getattr(totals, name) for name in names}

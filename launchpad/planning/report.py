"""The answer of `plan --json`: a plan with what lies around it; what was not explored is null."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np

from launchpad.edits.plans import Enters, FoundCore, FoundItem, FoundOut, FoundPoint, FoundPrice, PlanFound
from launchpad.records import Inputs, Launch
from launchpad.scoring.assumed import shares_of, total_share
from launchpad.scoring.kept import Kept
from launchpad.scoring.model import Model
from launchpad.scoring.residual import residual

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


@dataclass(frozen=True, slots=True)
class Around:
    """What was found around a plan, each None where it was not looked for or not finished.

    `alternatives` are whole plans, `codes` theirs once stored, `notes` what a person should know of the rest, `stopped`
    that the person said stop.
    """

    prices: tuple[FoundPrice, ...] | None = None
    front: tuple[FoundPoint, ...] | None = None
    dates: tuple[FoundPoint, ...] | None = None
    alternatives: tuple[PlanFound, ...] | None = None
    core: tuple[FoundCore, ...] | None = None
    notes: tuple[str, ...] = ()
    stopped: bool = False
    codes: tuple[str, ...] = ()

    @property
    def points(self) -> tuple[FoundPoint, ...]:
        """The points of the front and of the launch dates."""
        return (*(self.front or ()), *(self.dates or ()))


def plan_json(
    inputs: Inputs,
    found: PlanFound,
    before: Totals | None,
    after: Totals | None,
    *,
    plan: str | None = None,
    around: Around | None = None,
    assumed_share: float | None = None,
) -> Answer:
    """The plan as JSON has it, with the totals of the launch before and after it; `plan` is its code once stored."""
    near = around or Around()
    core = None if near.core is None else {row.mitigation: row for row in near.core}
    launch = inputs.get(Launch, found.launch_id)
    return {
        "launch": found.launch,
        "plan": plan,
        "input_hash": found.input_hash,
        "seed": found.seed,
        "asked_for": found.basis or None,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "score": found.score,
        "seconds": found.seconds,
        "stopped": found.stopped or near.stopped,
        "selected": [_selected(item, core) for item in found.selected],
        "left_out": [_left_out(row, launch, found.objective, core) for row in found.left_out],
        "capacity": [
            {"team": row.team, "week": row.week, "used": row.used, "available": row.available} for row in found.capacity
        ],
        "shadow_prices": _each(near.prices, _price),
        "assumed_share": assumed_share,
        "alternatives": None if near.alternatives is None else _alternatives(near.alternatives, near.codes),
        "front": _each(near.front, _trade_off),
        "date_curve": _each(near.dates, _date),
        "before": _totals(before),
        "after": _totals(after),
        "notes": [*found.notes, *near.notes],
    }


def _each(rows: Sequence[Any] | None, told: Any) -> list[Answer] | None:  # noqa: ANN401 - one of the functions below
    return None if rows is None else [told(row) for row in rows]


def _selected(item: FoundItem, core: Mapping[str, FoundCore] | None) -> Answer:
    index = None if core is None or item.mitigation is None else core.get(item.mitigation)
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
        "core_index": None if index is None else index.index,
        "core_error": None if index is None else index.error,
        "p_ready": item.p_ready,
        "slack_days": item.slack_days,
        "reason": item.reason or None,
    }


def _left_out(row: FoundOut, launch: Launch, objective: float, core: Mapping[str, FoundCore] | None) -> Answer:
    index = None if core is None else core.get(row.mitigation)
    changes = {} if row.enters is None else entering(row.enters, launch, objective)
    return {
        "mitigation": row.mitigation,
        "reason": row.reason,
        "displaces": list(row.displaces),
        "loss": row.loss,
        "enters_if": next(iter(changes.values()), None),
        "enters_by": None if row.enters is None else {name: changes.get(name) for name in ENTERING},
        "core_index": None if index is None else index.index,
        "core_error": None if index is None else index.error,
    }


ENTERING = ("effort", "freeze_date", "gain")


def entering(enters: Enters, launch: Launch, objective: float) -> dict[str, Answer]:
    """The changes that bring a mitigation in, by field, the relatively smallest first; those that do not are left out.

    Effort is taken relative to the effort, the freeze to the days from the as-of date to it, a further gain to the
    objective.
    """
    sizes: dict[str, tuple[float, object, object]] = {}
    if enters.effort is not None:
        change = (enters.effort_now - enters.effort) / max(enters.effort_now, 1e-9)
        sizes["effort"] = change, enters.effort_now, enters.effort
    if enters.freeze is not None:
        now = date.fromisoformat(launch.freeze_date)
        days = max(1, (now - date.fromisoformat(launch.as_of)).days)
        later = (date.fromisoformat(enters.freeze) - now).days
        sizes["freeze_date"] = later / days, launch.freeze_date, enters.freeze
    if enters.gain is not None:
        sizes["gain"] = enters.gain / max(objective, 1e-9), 0.0, enters.gain
    return {
        name: {"field": name, "from": now, "to": then, "estimated": enters.estimated}
        for name, (_, now, then) in sorted(sizes.items(), key=lambda pair: (pair[1][0], ENTERING.index(pair[0])))
    }


def _price(row: FoundPrice) -> Answer:
    return {"team": row.team, "residual_per_day": row.residual_per_day, "gap": row.gap}


def _trade_off(row: FoundPoint) -> Answer:
    """A point of the front; its residual is technical, in harm units."""
    return {
        "residual": row.technical,
        "reputational": row.reputational,
        "over_refusal": row.over_refusal,
        "effort_days": row.effort_days,
        "objective": row.objective,
        "gap": row.gap,
        "technical_weight": row.technical_weight,
        "most_days": row.most_days,
        "most_refusal": row.most_refusal,
    }


def _date(row: FoundPoint) -> Answer:
    """A launch date; its residual is the objective, a share of today's risk."""
    return {
        "date": row.launch_date,
        "residual": row.objective,
        "gap": row.gap,
        "gates_met": row.gates_met,
        "gates": row.gates,
        "technical": row.technical,
        "reputational": row.reputational,
        "over_refusal": row.over_refusal,
        "effort_days": row.effort_days,
    }


def _alternatives(plans: Sequence[PlanFound], codes: Sequence[str]) -> list[Answer]:
    known: list[str | None] = [*codes, *[None] * len(plans)]
    return [
        {
            "plan": code,
            "objective": plan.objective,
            "score": plan.score,
            "selected": [item.variant or item.evaluation for item in plan.selected],
            "differs": plan.notes[0] if plan.notes else None,
        }
        for plan, code in zip(plans, known, strict=False)
    ]


def _totals(totals: Totals | None) -> Answer | None:
    names = ("technical", "reputational", "var95", "cvar95", "over_refusal", "latency_ms", "cost")
    return None if totals is None else {name: getattr(totals, name) for name in names}


def share_assumed(model: Model) -> float | None:
    """The share of what a launch's planned state leaves over that rests on assumptions; None without one.

    Of each summed scenario the share of its numbers and of the planned effects it rests on, weighted by what is left.
    """
    if model.planned is None:
        return None
    left = np.where(model.summed, residual(model, model.planned).technical, 0.0)
    return total_share(left, shares_of(model, model.planned, Kept(room=0)).of_scenarios(model))

"""The numbers of two plans side by side: what each comes to, what is done otherwise, and how alternatives differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchpad.gui import words
from launchpad.gui.columns import Column, Row, figure_column
from launchpad.gui.words import Cell
from launchpad.gui.workplan.numbers import code_of, items, tr
from launchpad.records import Inputs, Plan, PlanWork

if TYPE_CHECKING:
    from launchpad.results import Results
    from launchpad.results.plan_moves import Move

DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
SAME = 1e-9
Written = Callable[[float | None], str]


@dataclass(frozen=True, slots=True)
class Left:
    """What a plan leaves over in full: means over the horizon, the share of refusals, and gates met of all."""

    technical: float
    reputational: float
    over_refusal: float | None
    met: int
    gates: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the comparison: its name, the amount, how it is written; `words` where it is no amount."""

    name: str
    amount: float | None
    written: Written = words.number
    said: str | None = None


def left_of(results: Results) -> Left | None:
    """What the planned state of results leaves over."""
    from launchpad.gui.overview.numbers import verdict_counts

    total = results.totals.get("planned")
    if total is None:
        return None
    met, unsettled, failed = verdict_counts(results)
    return Left(total.technical, total.reputational, total.over_refusal, met, met + unsettled + failed)


def percent3(share: float | None) -> str:
    """A share to three digits."""
    return words.percent(share, 3)


def figures_of(inputs: Inputs, plan: Plan, left: Left | None = None) -> list[Figure]:
    """What a plan comes to, in the order in which people ask."""
    done = items(inputs, plan)
    ready = [item.p_ready for item in done if item.p_ready is not None]
    work = [each for item in done for each in inputs.children(PlanWork, "item", item.id)]
    gates = None if left is None else f"{left.met} / {left.gates}"
    return [
        Figure(tr("Objective"), plan.objective, percent3),
        Figure(tr("Proven bound"), plan.bound, percent3),
        Figure(tr("Gap"), plan.gap, words.percent),
        Figure(tr("Full score"), plan.score, percent3),
        Figure(tr("Technical risk"), None if left is None else left.technical),
        Figure(tr("Reputational risk"), None if left is None else left.reputational),
        Figure(tr("Refusals"), None if left is None else left.over_refusal, words.percent),
        Figure(tr("Gates met"), None if left is None else float(left.met), words.number, gates),
        Figure(tr("Effort, person-days"), sum(each.days for each in work)),
        Figure(tr("Mitigations"), sum(1 for item in done if item.variant is not None)),
        Figure(tr("Evaluations"), sum(1 for item in done if item.evaluation is not None)),
        Figure(tr("Least chance to be ready"), min(ready, default=None), words.percent),
        Figure(tr("Finished on"), None, said=words.day(max((item.finish for item in done), default=None))),
        Figure(tr("Asked for"), None, said=local_dates(plan.basis) or words.NOTHING),
        Figure(tr("Made"), None, said=words.moment(plan.made) if plan.made else words.NOTHING),
    ]


def side_by_side(
    inputs: Inputs, one: Plan, other: Plan, left: tuple[Left | None, Left | None] = (None, None)
) -> list[Row]:
    """One row for each figure, with both plans' values and how far the second is from the first."""
    pairs = zip(figures_of(inputs, one, left[0]), figures_of(inputs, other, left[1]), strict=True)
    return [
        Row(place, {}, {"name": a.name, "one": _cell(a), "other": _cell(b), "change": _change(a, b)})
        for place, (a, b) in enumerate(pairs)
    ]


def _cell(figure: Figure) -> Cell:
    return figure.said if figure.said is not None else figure.written(figure.amount)


def _change(one: Figure, other: Figure) -> str:
    if one.amount is None or other.amount is None:
        return ""
    away = other.amount - one.amount
    if abs(away) <= SAME * max(abs(one.amount), abs(other.amount), SAME):
        return "="
    return f"{'+' if away > 0 else words.MINUS}{one.written(abs(away))}"


def move_rows(moves: tuple[Move, ...]) -> list[Row]:
    """One row for each thing done otherwise."""
    return [
        Row(
            place,
            {},
            {
                "kind": kind_words(move.kind),
                "what": move.what,
                "before": local_dates(move.before),
                "after": local_dates(move.after),
                "reason": local_dates(move.reason),
            },
        )
        for place, move in enumerate(moves)
    ]


def local_dates(told: str | None) -> str | None:
    """Words with their dates as people here write them."""
    return None if told is None else DATE.sub(lambda found: words.day(found[0]), told)


def kind_words(kind: str) -> str:
    """What sort of move it is, for people."""
    told = {
        "done": tr("Done since"),
        "added": tr("Comes in"),
        "dropped": tr("Goes out"),
        "other way": tr("Other way"),
        "other team": tr("Other team"),
        "longer": tr("Takes longer"),
        "shorter": tr("Takes less"),
        "earlier": tr("Earlier"),
        "later": tr("Later"),
    }
    return told.get(kind, kind)


def move_columns() -> Iterator[Column]:
    """The columns of the list of moves."""
    yield figure_column("kind", tr("Move"), right=False, width=11)
    yield figure_column("what", tr("What"), right=False, width=12)
    yield figure_column("reason", tr("Why"), right=False, width=50)
    yield figure_column("before", tr("Before"), right=False, width=24)
    yield figure_column("after", tr("After"), right=False, width=24)


def does(inputs: Inputs, plan: Plan) -> frozenset[str]:
    """The codes of what a plan does."""
    return frozenset(code_of(inputs, item) for item in items(inputs, plan))


def alternative_rows(inputs: Inputs, current: Plan) -> list[Row]:
    """One row for each plan kept beside the current one: how much worse it is, what it does instead of what."""
    own = does(inputs, current)
    made: list[Row] = []
    for plan in inputs.rows(Plan, current.launch):
        if plan.alternative_to != current.code:
            continue
        theirs = does(inputs, plan)
        none = None in (plan.objective, current.objective)
        figures: dict[str, Cell] = {
            "code": plan.code,
            "name": local_dates(plan.name),
            "worse": None if none else (plan.objective or 0.0) - (current.objective or 0.0),
            "instead": ", ".join(sorted(theirs - own)) or tr("nothing"),
            "of": ", ".join(sorted(own - theirs)) or tr("nothing"),
        }
        made.append(Row(plan.id, {"plan": plan}, figures))
    return made


def alternative_columns() -> Iterator[Column]:
    """The columns of the list of alternatives."""
    yield figure_column("code", tr("Plan"), right=False, width=6)
    yield figure_column(
        "worse", tr("Difference"), text=_signed, width=9, help=tr("Of its objective, in share of today's.")
    )
    yield figure_column("instead", tr("Does"), right=False, width=20)
    yield figure_column("of", tr("Leaves out"), right=False, width=20)
    yield figure_column("name", tr("Name"), right=False, width=24)


def _signed(value: Cell) -> str:
    if not isinstance(value, int | float):
        return words.NOTHING
    return "=" if abs(value) < SAME else f"{'+' if value > 0 else words.MINUS}{words.percent(abs(value))}"


def plan_words(plan: Plan) -> str:
    """A plan as lists name it: code, name, and what it is an alternative to."""
    beside = tr(" (beside {0})").format(plan.alternative_to) if plan.alternative_to else ""
    return f"{plan.code}  {local_dates(plan.name)}{beside}"

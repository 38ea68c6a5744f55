"""A plan, what lies around it, and the moves between two, as people read them: tables that fit 100 columns."""

import textwrap
from collections.abc import Iterator, Sequence

from launchpad.cli.asked import table
from launchpad.edits.plans import FoundItem, FoundOut, FoundPoint, PlanFound
from launchpad.planning import Around
from launchpad.planning.report import entering
from launchpad.records import Inputs, Launch, Plan, Team
from launchpad.results import Results
from launchpad.results.plan_moves import Move

WIDE, NARROW = 60, 44
LEAST = 1e-4
MANY = 1000


def plan_for_people(
    plan: Plan, launch: Launch, found: PlanFound, around: Around | None, results: Results
) -> Iterator[object]:
    """The workplan, what was left out, and what it all comes to."""
    core = {row.mitigation: row.index for row in (around.core if around is not None else None) or ()}
    yield _work(found.selected, core)
    if found.left_out:
        yield _left_out(found.left_out, launch, found.objective, core)
    yield from found.notes
    yield (
        f"Objective {found.objective:.4f}, proven bound {found.bound:.4f}, gap {found.gap:.2%}; "
        f"scored in full {found.score:.4f}."
    )
    now, then = results.totals["current"], results.totals["planned"]
    if now is not None and then is not None:
        yield f"Technical {_amount(now.technical)} -> {_amount(then.technical)} harm units."
    kept = "the current plan" if launch.current_plan == plan.code else f"kept beside {launch.current_plan}"
    wish = "" if not found.basis else f" Asked for: {found.basis}."
    yield f"Stored as {plan.code} ({plan.name}), {kept}.{wish}"


def _work(items: Sequence[FoundItem], core: dict[str, float]) -> object:
    names = ("", "Work", "Teams (days)", "Start", "Finish", "Slack", "Gain", "Ready")
    rows = [
        (
            item.priority,
            item.variant or item.evaluation,
            _wrapped(", ".join(f"{work.team} {work.days:.3g}" for work in item.teams), 19),
            item.start,
            item.finish,
            item.slack_days,
            f"{item.gain:.2%}",
            f"{item.p_ready:.0%}",
            *([_share(core.get(item.mitigation or ""))] if core else []),
        )
        for item in items
    ]
    return table("Workplan, most urgent first", (*names, *(["Core"] if core else [])), rows)


def _left_out(rows: Sequence[FoundOut], launch: Launch, objective: float, core: dict[str, float]) -> object:
    told = [
        (
            row.mitigation,
            _wrapped(row.reason, NARROW),
            _wrapped(_enters(row, launch, objective), 26),
            *([_share(core.get(row.mitigation))] if core else []),
        )
        for row in rows
    ]
    return table("Left out", ("Mitigation", "Why", "Comes in if", *(["Core"] if core else [])), told)


def _enters(row: FoundOut, launch: Launch, objective: float) -> str:
    """The relatively smallest change that brings a mitigation in."""
    if row.enters is None:
        return "-"
    found = next(iter(entering(row.enters, launch, objective).values()), None)
    if found is None:
        return "no such change alone"
    about = "about " if found["estimated"] else ""
    if found["field"] == "effort":
        return f"effort {found['from']:.3g} -> {about}{found['to']:.3g} days"
    if found["field"] == "freeze_date":
        return f"freeze {about}{found['to']}"
    share = "less than 0.01%" if found["to"] < LEAST else f"{about}{found['to']:.2%}"
    return f"it takes off {share} of today's risk more"


def around_for_people(inputs: Inputs, launch: Launch, around: Around) -> Iterator[object]:
    """Prices, trade-offs, launch dates and alternatives, where they were found."""
    if around.prices is not None:
        names = {row.id: row.name for row in inputs.rows(Team)}
        rows = sorted(around.prices, key=lambda row: -row.residual_per_day)
        told = [
            (row.team, names.get(row.team_id, ""), _small(row.residual_per_day), _share(row.gap, 2)) for row in rows
        ]
        yield table("Worth of one more person-day (taken off today's risk)", ("Team", "", "A day", "Gap"), told)
    if around.front is not None:
        yield _front(around.front)
    if around.dates is not None:
        yield _dates(around.dates, launch)
    if around.alternatives:
        rows = [
            (code, f"{plan.objective:.4f}", _wrapped(plan.notes[0] if plan.notes else "", WIDE))
            for code, plan in zip(around.codes, around.alternatives, strict=False)
        ]
        yield table("Other plans nearly as good", ("Plan", "Objective", "Unlike this plan"), rows)
    elif around.alternatives is not None:
        yield "No other plan nearly as good was found."
    yield from around.notes


def _front(points: Sequence[FoundPoint]) -> object:
    rows = [
        (
            _amount(point.technical),
            _amount(point.reputational),
            f"{point.over_refusal:.2%}",
            f"{point.effort_days:.4g}",
            _share(point.gap, 2),
            _asked(point),
        )
        for point in points
    ]
    names = ("Technical", "Reputational", "Refused", "Days", "Gap", "Asked for")
    return table("What could be had instead (by the portfolio model)", names, rows)


def _asked(point: FoundPoint) -> str:
    """The option of `plan` that makes the joint plan behind a point."""
    if point.technical_weight is not None:
        return f"--technical-weight {point.technical_weight:g}"
    if point.most_days is not None:
        return f"--most-days {point.most_days:g}"
    if point.most_refusal is not None:
        return f"--most-refusal {point.most_refusal:g}"
    return "(as it is)"


def _dates(points: Sequence[FoundPoint], launch: Launch) -> object:
    rows = [
        (
            f"{point.launch_date}{' *' if point.launch_date == launch.launch_date else ''}",
            f"{point.objective:.1%}",
            _amount(point.technical),
            _amount(point.reputational),
            f"{point.effort_days:.4g}",
            f"{point.gates_met} of {point.gates}",
            _share(point.gap, 2),
        )
        for point in points
    ]
    title = "By launch date (* the present one; residual as a share of today's, by the portfolio model)"
    return table(title, ("Launch", "Residual", "Technical", "Reputational", "Days", "Gates", "Gap"), rows)


def moves_for_people(before: Plan, after: Plan, moves: Sequence[Move]) -> Iterator[object]:
    """The moves from one plan to another."""
    if not moves:
        yield f"{after.code} asks for the same as {before.code}."
        return
    rows = [(move.kind, move.what, _both(move), _wrapped(move.reason, 42)) for move in moves]
    count = "1 move" if len(moves) == 1 else f"{len(moves)} moves"
    title = f"From {before.code} ({before.name}) to {after.code} ({after.name}): {count}"
    yield table(title, ("Move", "What", "From / to", "Why"), rows)


def _both(move: Move) -> str:
    parts = ("" if move.before is None else move.before, "" if move.after is None else f"-> {move.after}")
    return "\n".join(part for part in parts if part)


def _wrapped(words: str, width: int) -> str:
    return "\n".join(textwrap.wrap(words, width)) or "-"


def _share(value: float | None, digits: int = 0) -> str | None:
    return None if value is None else f"{value:.{digits}%}"


def _amount(value: float) -> str:
    """Harm units: whole with thousands apart where there are many, else four figures."""
    return f"{value:,.0f}" if abs(value) >= MANY else f"{value:.4g}"


def _small(value: float) -> str:
    return "0" if value <= 0 else f"{value:.3%}"

"""weigh --ledger, --stress and --pairwise: both sides of each mitigation, whose credit collapses, who beats whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from launchpad.cli.asked import table
from launchpad.results.ledger import LedgerRow, StressRow, ledger, stress
from launchpad.results.tradeoffs import Tradeoffs
from launchpad.scoring.model import Model, State

SHOWN_PAIRS = 8
Told = tuple[dict[str, Any], list[object]]


def ledger_view(model: Model, state: State) -> Told:
    """Both sides of each mitigation, as JSON and for people."""
    rows = ledger(model, state)
    shown = table(
        f"Two sides of each mitigation, {state.name} (all else as it is there; negative makes it worse)",
        (
            "Variant",
            "On",
            "Technical",
            "Harm stories",
            "Refusal stories",
            "Refuses",
            "Latency ms",
            "Capability",
            "Cost",
            "Alerts a day",
        ),
        [
            (
                *(row.variant, "on" if row.on else "", row.technical, row.harm_stories, row.refusal_stories),
                *(f"{row.false_refusal:+.2%}", row.latency_ms, sum(row.capability.values())),
                *(row.cost, _alerts_a_day(row)),
            )
            for row in rows
        ],
    )
    return {"state": state.name, "ledger": [_ledger(row) for row in rows]}, [shown]


def _alerts_a_day(row: LedgerRow) -> float | None:
    return sum(one.per_day for one in row.alerts) if row.alerts else None


def _ledger(row: LedgerRow) -> dict[str, Any]:
    return {
        "mitigation": row.mitigation,
        "variant": row.variant,
        "on": row.on,
        "technical": row.technical,
        "harm_stories": row.harm_stories,
        "refusal_stories": row.refusal_stories,
        "reputational": row.reputational,
        "false_refusal": row.false_refusal,
        "latency_ms": row.latency_ms,
        "cost": row.cost,
        "capability": dict(row.capability),
        "alerts": [{"surface": one.surface, "per_day": one.per_day, "precision": one.precision} for one in row.alerts],
    }


def stress_view(model: Model, state: State) -> Told:
    """Whose credit collapses when safeguards fail together, as JSON and for people."""
    rows = stress(model, state)
    shown = table(
        f"Gain under overlap, {state.name} (share of the objective at the usual overlap)",
        ("Variant", "On", "Independent", "Usual", "All together", "Credit left", ""),
        [
            (
                *(row.variant, "on" if row.on else "", *(row.gains[name] for name in row.gains)),
                *(None if row.kept is None else f"{row.kept:.0%}", "collapses" if row.collapses else ""),
            )
            for row in rows
        ],
    )
    lost = [row.variant for row in rows if row.collapses]
    told = f"{len(lost)} of {len(rows)} keep too little of their gain when all fail together"
    words = f"{told}: {', '.join(lost)}." if lost else f"{told}."
    return {"state": state.name, "stress": [_stress(row) for row in rows]}, [shown, words]


def _stress(row: StressRow) -> dict[str, Any]:
    return {
        "mitigation": row.mitigation,
        "variant": row.variant,
        "on": row.on,
        "gains": dict(row.gains),
        "technical": dict(row.technical),
        "kept": row.kept,
        "collapses": row.collapses,
    }


def pairwise_view(ranked: Tradeoffs) -> Told:
    """How often each of the best options beats each other one, as JSON and for people."""
    codes = [ranked.options.codes[place] for place in ranked.paired]
    shares: list[list[float]] = ranked.winning.tolist()
    answer = {
        "state": ranked.state,
        "draws": ranked.draws,
        "pairwise": [
            {"option": one, "beats": {other: share for other, share in zip(codes, row, strict=True) if other != one}}
            for one, row in zip(codes, shares, strict=True)
        ],
    }
    if not codes:
        return answer, [*ranked.notes]
    first = codes[:SHOWN_PAIRS]
    title = f"How often the one on the left beats the one above, {ranked.state}, {ranked.draws:,} draws"
    rows: Sequence[tuple[object, ...]] = [
        (one, *("" if other == one else f"{share:.0%}" for other, share in zip(first, row, strict=False)))
        for one, row in zip(first, shares, strict=False)
    ]
    return answer, [table(title, ("", *first), rows)]


def merged(views: Sequence[Told]) -> Told:
    """Several views as one answer."""
    answer: dict[str, Any] = {}
    told: list[object] = []
    for found, words in views:
        answer |= found
        told += words
    return answer, told


def wanted(wish: Mapping[str, Any]) -> bool:
    """Whether one of these views was asked for."""
    return any(wish[name] for name in ("ledger", "stress", "pairwise"))

"""How runs of policies are said on the command line."""

from collections.abc import Iterator, Mapping
from typing import Any

from launchpad.cli.asked import table
from launchpad.policies.run import Departure
from launchpad.results.policy_runs import Compared, Group, Interval, Measured

KINDS: Mapping[str, str] = {
    "all": "All",
    "clause": "Clause",
    "severity": "Severity",
    "near_line": "Line",
    "language": "Language",
    "persona": "Persona",
    "attack": "Attack",
    "slice": "Slice",
}
UNANSWERED: Mapping[str, str] = {
    "left_out": "left out of the measures",
    "safe": "taken as let through",
    "violates": "taken as held back",
}


def departure_json(leaving: Departure) -> dict[str, Any]:
    """What would leave, as plain data."""
    return {
        "host": leaving.host,
        "model": leaving.model,
        "version": leaving.version,
        "rendering": leaving.rendering,
        "items": len(leaving.items),
        "calls": leaving.calls,
        "answered_before": leaving.answered,
        "withheld": {
            "restricted": list(leaving.withheld.restricted),
            "sensitive": list(leaving.withheld.sensitive),
            "without_text": list(leaving.withheld.without_text),
        },
    }


def measured_for_people(found: Measured) -> Iterator[object]:
    """Measures as sentences and a table."""
    outcomes = ", ".join(f"{name} {n:,}" for name, n in sorted(found.outcomes.items()))
    where = "" if found.split is None else f" of split {found.split}"
    yield f"Run {found.run}, items{where} by what came back: {outcomes}. {found.unlabelled:,} have no settled label."
    if found.chosen is not None:
        one = found.chosen
        yield (
            f"Threshold {one.threshold:.4g}, chosen by {one.by} ({one.value:.3f}) on {one.items:,} items of split "
            f"choose ({one.violations:,} violate); reported on split report alone."
        )
    elif found.threshold is not None:
        yield f"Threshold {found.threshold:.4g}."
    yield f"Items without a verdict are {UNANSWERED[found.unanswered]}."
    columns = ("", "", "Items", "Violate", "No verdict", "Precision", "Recall", "False positives", "F1", "MCC")
    yield table("Measures with 95 % intervals", columns, [_row(one) for one in (found.whole, *found.groups)])
    if found.cited_right is not None:
        yield f"Of the violations found, {found.cited_right:.0%} cite the clause of the settled label."
    if found.latency_ms is not None:
        median, slow = found.latency_ms
        yield f"An answer took {median:,.0f} ms in the middle, {slow:,.0f} ms at the 95th percentile."
    yield from found.notes
    methods = {one.method for row in (found.whole, *found.groups) for one in row.intervals.values() if one is not None}
    if methods:
        yield f"Intervals: {'; '.join(sorted(methods))}."


def compared_for_people(found: Compared) -> Iterator[object]:
    """A comparison in sentences."""
    differ = f"differ in {', '.join(found.differ)}" if found.differ else "were asked alike"
    yield f"{found.first} and {found.second} {differ}; {found.items:,} items have answers of both."
    right = found.right
    yield table(
        "Right by the settled labels",
        ("Both", f"Only {found.first}", f"Only {found.second}", "Neither", "Exact McNemar p"),
        [(right.both, right.only_first, right.only_second, right.neither, right.p)],
    )
    if found.flip_rate is None or found.interval is None:
        yield "On no item did both give a verdict."
        return
    low, high = found.interval
    yield (
        f"The verdict flips on {found.flips:,} of {found.both:,} items with a verdict of both: {found.flip_rate:.1%} "
        f"(95 % Wilson {low:.1%} to {high:.1%}). On {found.one_sided:,} items only one gave a verdict."
    )
    if found.flipped:
        more = f" and {len(found.flipped) - 20:,} more" if len(found.flipped) > 20 else ""
        yield f"Flipped: {', '.join(found.flipped[:20])}{more}."


def _row(one: Group) -> tuple[object, ...]:
    counts = one.counts
    shown = (_with(getattr(one.measures, name), interval) for name, interval in one.intervals.items())
    return KINDS[one.kind], one.name, one.items, one.violations, int(counts.unanswered), *shown


def _with(value: float | None, interval: Interval | None) -> str | None:
    if value is None:
        return None
    return f"{value:.3f}" if interval is None else f"{value:.3f} ({interval.low:.3f} to {interval.high:.3f})"

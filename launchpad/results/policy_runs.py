"""How well a run of a policy does against the settled labels, and one run against another.

For the command line, the Runs tab and mining:

    judged(inputs, run, threshold=None)            -> tuple[Judged, ...]: each item's truth, verdict, score, outcome ...
    measured(inputs, run, threshold=None, split=..., unanswered=...)  -> Measured: whole, by clause, severity, slice
    measured(inputs, run, threshold="best", by="mcc")   chosen on split `choose`, reported on split `report` alone
    compared(inputs, first, second)                -> Compared: exact McNemar and flip rate on the items of both
    measured_json(found), compared_json(found)     -> the answers of the command line

**Truth** is the settled (gold) label of the item under the run's version; violates is 1, safe is 0. An item without
one, or settled as `escalate`, is counted and measures nothing.

**Verdict** of an item: with a threshold, whether its score reaches it, where it has one; else the label of most votes
(of a tie the strictest). `escalate`, unparsable, refused and error give no verdict: they are counted, each apart, and
by `unanswered` left out of the measures (`left_out`), or taken as let through (`safe`), or as held back (`violates`).

**Score** of an item: the mean of its votes' scores where each label came with one; else, with several votes, the share
of labels that say it violates.

**Intervals** of 95 % come from drawing the items anew; where that has no width or no value (all right, one item), of
proportions Wilson's, and none of F1 and MCC.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from launchpad.errors import InvalidValueError
from launchpad.records import Inputs, PolicyRun
from launchpad.results.policy_compared import Compared, compared, compared_json
from launchpad.results.policy_judged import KINDS, Judged, judged
from launchpad.results.policy_thresholds import Chosen, choose
from launchpad.statistics.bootstrap import BootstrapInterval, bootstrap
from launchpad.statistics.classification import Confusion, Measures, confusion, measure_statistics, measures
from launchpad.statistics.intervals import wilson

__all__ = [
    "Chosen",
    "Compared",
    "Group",
    "Interval",
    "Judged",
    "Measured",
    "compared",
    "compared_json",
    "judged",
    "measured",
    "measured_json",
]

Unanswered = Literal["left_out", "safe", "violates"]
SHOWN = ("precision", "recall", "fpr", "f1", "mcc")
REPLICATES = 2_000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a measure lies with this confidence, and by which method."""

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class Group:
    """The measures of all items, or of those of one clause, severity or slice; None is what is not defined.

    `items` have a settled label, `violations` of them as violating; `counts.unanswered` are those without a verdict.
    """

    kind: str
    name: str
    items: int
    violations: int
    counts: Confusion
    measures: Measures
    intervals: Mapping[str, Interval | None]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run measures: how many items came back as what, and each measure with its interval.

    `unlabelled` are items without a settled label of violates or safe. `cited_right` is, of the violations found whose
    settled label names a clause, the share for which that clause is cited. `latency_ms` are median and 95th percentile.
    """

    run: str
    split: str | None
    threshold: float | None
    chosen: Chosen | None
    unanswered: Unanswered
    outcomes: Mapping[str, int]
    unlabelled: int
    whole: Group
    groups: tuple[Group, ...]
    cited_right: float | None
    latency_ms: tuple[float, float] | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """How intervals are drawn, and who hears how far that is."""

    replicates: int = REPLICATES
    seed: int = 1
    progress: Callable[[float], None] | None = None


def measured(
    inputs: Inputs,
    run: PolicyRun,
    threshold: float | Literal["best"] | None = None,
    *,
    split: str | None = None,
    by: str = "mcc",
    unanswered: Unanswered = "left_out",
    draws: Draws | None = None,
) -> Measured:
    """Precision, recall, false-positive rate, F1 and MCC of a run, whole and by clause, severity and slice.

    With `best` the threshold is chosen on the items of split `choose` (by mcc, f1, or fpr<=X: the best recall within
    that false-positive rate) and reported on those of split `report`, as is the threshold kept for the run. Raises
    InvalidValueError when it would be reported on the items that it was chosen on, or there is nothing to report on.
    """
    chosen = None
    if threshold == "best":
        _refuse_same_split(run, split)
        pairs = [(one.truth, one.score) for one in judged(inputs, run) if one.split == "choose"]
        chosen = choose(run.code, pairs, by)
        threshold, split = chosen.threshold, "report"
    elif threshold is not None and threshold == run.threshold:
        _refuse_same_split(run, split)
        split = "report"
    elif threshold is not None and not 0 <= threshold <= 1:
        raise InvalidValueError(f"The threshold is {threshold:g}.", "It lies between 0 and 1, as scores do.")
    mine = [one for one in judged(inputs, run, threshold) if split in (None, one.split)]
    if not mine:
        where = "no answers yet" if split is None else f"no answers for items of split {split}"
        raise InvalidValueError(f"Run {run.code} has {where}.", "Go on with the run, or give items of its set a split.")
    found = _measured(run, mine, unanswered, draws or Draws())
    return replace(found, split=split, threshold=threshold, chosen=chosen, notes=tuple(_notes(run, mine, threshold)))


def _refuse_same_split(run: PolicyRun, split: str | None) -> None:
    """Refuse to report on other items than those of split `report`: among them are those of the choice."""
    if split not in (None, "report"):
        raise InvalidValueError(
            f"The threshold of run {run.code} is chosen on split choose, so it is not reported on split {split}.",
            "Leave --split out: a chosen threshold is reported on split report.",
        )


def _measured(run: PolicyRun, items: Sequence[Judged], unanswered: Unanswered, draws: Draws) -> Measured:
    known = [one for one in items if one.truth >= 0]
    names: dict[tuple[str, str], list[Judged]] = {}
    for one in known:
        for group in one.groups:
            names.setdefault(group, []).append(one)
    order = sorted(names, key=lambda group: (KINDS.index(group[0]), group[1]))
    made: list[Group] = []
    for kind, name in (("all", "all items"), *order):
        made.append(_group((kind, name), known if kind == "all" else names[kind, name], unanswered, draws))
        if draws.progress is not None:
            draws.progress(len(made) / (len(order) + 1))
    return Measured(
        run=run.code,
        split=None,
        threshold=None,
        chosen=None,
        unanswered=unanswered,
        outcomes=dict(Counter(one.outcome for one in items)),
        unlabelled=len(items) - len(known),
        whole=made[0],
        groups=tuple(made[1:]),
        cited_right=_cited_right(known),
        latency_ms=_latency(items),
        notes=(),
    )


def _group(name: tuple[str, str], items: Sequence[Judged], unanswered: Unanswered, draws: Draws) -> Group:
    truth = [one.truth for one in items]
    instead = {"left_out": -1, "safe": 0, "violates": 1}[unanswered]
    said = [instead if one.said < 0 else one.said for one in items]
    counts = confusion(truth, said)
    found = measures(counts)
    statistics = {name: one for name, one in measure_statistics(truth, said).items() if name in SHOWN}
    drawn = bootstrap(
        statistics if items else {},
        [one.code for one in items],
        replicates=draws.replicates,
        seed=draws.seed,
        level=LEVEL,
    )
    intervals = {one: _interval(drawn.get(one), _share_of(one, counts), draws) for one in SHOWN}
    return Group(*name, len(items), sum(truth), counts, found, intervals)


def _interval(drawn: BootstrapInterval | None, share: tuple[float, float] | None, draws: Draws) -> Interval | None:
    if drawn is not None:
        method = f"percentile bootstrap by item, {drawn.replicates} replicates, seed {draws.seed}"
        return Interval(drawn.low, drawn.high, drawn.level, method)
    if share is None or share[1] == 0:
        return None
    return Interval(*wilson(share[0], share[1], LEVEL), LEVEL, "wilson")


def _share_of(name: str, counts: Confusion) -> tuple[float, float] | None:
    """Above and below the line of a measure that is a proportion of items."""
    tp, fp, fn, tn, _ = counts
    return {"precision": (tp, tp + fp), "recall": (tp, tp + fn), "fpr": (fp, fp + tn)}.get(name)


def _cited_right(items: Sequence[Judged]) -> float | None:
    hits = [one for one in items if one.truth == one.said == 1 and one.clause is not None]
    return sum(one.clause in one.clauses for one in hits) / len(hits) if hits else None


def _latency(items: Sequence[Judged]) -> tuple[float, float] | None:
    times = sorted(one.latency_ms for one in items if one.latency_ms is not None)
    return (times[(len(times) - 1) // 2], times[math.ceil(0.95 * len(times)) - 1]) if times else None


def _notes(run: PolicyRun, items: Sequence[Judged], threshold: float | None) -> list[str]:
    """What a reader must know before quoting these numbers."""
    found: list[str] = []
    if run.status != "complete":
        found.append(f"The run is {run.status}: these are the answers it has so far.")
    without = sum(one.said < 0 for one in items if one.truth >= 0)
    if without:
        found.append(f"{without:,} of {len(items):,} items have no verdict (escalated, unparsable, refused or error).")
    bare = sum(one.score is None and one.said >= 0 for one in items)
    if threshold is not None and bare:
        found.append(f"{bare:,} items have no score, so the threshold does not apply to them: their label counts.")
    if not any(one.truth >= 0 for one in items):
        found.append("No item has a settled label under this version: launchpad labels settle.")
    return found


def measured_json(found: Measured) -> Mapping[str, Any]:
    """The answer of `policy measure --json`."""
    chosen = found.chosen
    return {
        "run": found.run,
        "split": found.split,
        "threshold": found.threshold,
        "chosen": None
        if chosen is None
        else {"on": "choose", "by": chosen.by, "value": chosen.value, "items": chosen.items},
        "unanswered": found.unanswered,
        "outcomes": dict(found.outcomes),
        "unlabelled": found.unlabelled,
        "whole": _group_json(found.whole),
        "groups": [_group_json(one) for one in found.groups],
        "cited_right": found.cited_right,
        "latency_ms": None if found.latency_ms is None else {"median": found.latency_ms[0], "p95": found.latency_ms[1]},
        "notes": list(found.notes),
    }


def _group_json(one: Group) -> Mapping[str, Any]:
    counts = {name: int(value) for name, value in one.counts._asdict().items()}
    told: dict[str, Any] = {
        "kind": one.kind,
        "name": one.name,
        "items": one.items,
        "violations": one.violations,
        **counts,
    }
    for name in SHOWN:
        interval = one.intervals[name]
        told[name] = getattr(one.measures, name)
        told[f"{name}_interval"] = (
            None
            if interval is None
            else {"low": interval.low, "high": interval.high, "level": interval.level, "method": interval.method}
        )
    return told

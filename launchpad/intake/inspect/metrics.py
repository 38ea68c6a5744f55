"""The metrics of one score as the header has them, each with what it is: mean, group, error or bound."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from launchpad.intake.values import as_list, as_object, label, number

Family = Literal["grouped", "interval", "other"]
Scorers = Mapping[str, Mapping[str, object]]
MEANS = frozenset({"accuracy", "mean"})
ERRORS = frozenset({"stderr", "bootstrap_stderr"})
SPREADS = frozenset({"std", "var"})
MAX_DECLARED = 100
_INTERVALS = {"ci": "student t", "ci_wilson": "wilson"}
_BOUNDS = frozenset({"lower", "upper"})


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of a score's `metrics`; `source` is the metric that it is one part of, if any."""

    key: str
    name: str
    source: str | None
    value: float | None
    params: Mapping[str, object]

    @property
    def family(self) -> Family | None:
        """What its source makes of it; None when it stands for itself."""
        if self.source is None:
            return None
        if self.source == "grouped":
            return "grouped"
        return "interval" if self.source in _INTERVALS else "other"

    @property
    def inner(self) -> str:
        """For a part of `grouped`, the metric that was computed in each group."""
        inner = self.params.get("metric")
        return _last(label(as_object(inner).get("name")) or label(inner) or "grouped")

    @property
    def group_key(self) -> str:
        """For a part of `grouped`, the metadata key that names the groups."""
        return label(self.params.get("group_key")) or ""

    @property
    def cluster_key(self) -> str | None:
        """The metadata key an error or interval was clustered by."""
        return label(self.params.get("cluster"))

    @property
    def method(self) -> str:
        """For a bound, the name of the interval's method."""
        name = _INTERVALS.get(self.source or "", "reported")
        return f"{name}, clustered" if self.cluster_key else name


def metrics_of(score: Mapping[str, object], declared: Sequence[Metric]) -> list[Metric]:
    """The metrics of one entry of `results.scores`; `declared` fills in what old logs leave out."""
    entries = as_object(score.get("metrics"))
    has_bounds = entries.keys() >= _BOUNDS
    seen: dict[str, int] = {}
    found: list[Metric] = []
    for key, written in entries.items():
        entry = as_object(written)
        name = label(entry.get("name")) or key
        metric = Metric(
            key=key,
            name=name,
            source=label(entry.get("group")),
            value=number(entry.get("value")),
            params=as_object(entry.get("params")) or as_object(entry.get("options")),
        )
        if metric.source is None:
            metric = _inferred(metric, declared, seen.get(name, 0), has_bounds=has_bounds)
        elif metric.name.startswith(f"{metric.source}_"):
            metric = replace(metric, name=metric.name.removeprefix(f"{metric.source}_"))
        seen[name] = seen.get(name, 0) + 1
        found.append(metric)
    return found


def scorers_by_name(scorers: object) -> Scorers:
    """The scorers `eval.scorers` announces, of one name the first."""
    found: dict[str, Mapping[str, object]] = {}
    for entry in map(as_object, as_list(scorers)):
        found.setdefault(label(entry.get("name")) or "", entry)
    return found


def declared_metrics(scorers: Scorers, scorer: str, key: str) -> list[Metric]:
    """The metrics announced for a score, without values; empty for logs that do not say."""
    own = scorers.get(scorer) or scorers.get(re.sub(r"\d{1,9}$", "", scorer)) or as_object(None)
    by_key = as_object(own.get("metrics"))
    listed = as_list(own.get("metrics")) or as_list(by_key.get(key)) or as_list(by_key.get("*"))
    found: list[Metric] = []
    for written in listed[:MAX_DECLARED]:
        entry = as_object(written)
        name = _last(label(entry.get("name")) or "")
        found.append(Metric(name, name, None, None, as_object(entry.get("options"))))
    return found


def _inferred(metric: Metric, declared: Sequence[Metric], occurrence: int, *, has_bounds: bool) -> Metric:
    """Say of an entry without `group` what it is a part of, from what the scorer announced."""
    same = [known for known in declared if known.name == metric.name]
    if same:
        params = metric.params or same[min(occurrence, len(same) - 1)].params
        return replace(metric, params=params)
    if metric.name in MEANS | ERRORS | SPREADS:
        return metric
    for known in declared:
        if metric.name.startswith(f"{known.name}_") and known.name in {"grouped", *_INTERVALS}:
            return replace(
                metric,
                name=metric.name.removeprefix(f"{known.name}_"),
                source=known.name,
                params=known.params,
            )
    intervals = [known for known in declared if known.name in _INTERVALS]
    if metric.name in _BOUNDS and has_bounds and intervals:
        return replace(metric, source=intervals[0].name, params=intervals[0].params)
    makers = [known for known in declared if known.name not in MEANS | ERRORS | SPREADS | _INTERVALS.keys()]
    if len(makers) == 1:
        return replace(metric, source=makers[0].name, params=makers[0].params)
    return metric


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1]

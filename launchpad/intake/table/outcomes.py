"""Tables with one sample a row: how often each outcome, and the mean score, overall and in each category."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from launchpad.intake.table.cells import flag
from launchpad.intake.table.columns import plain
from launchpad.intake.table.layout import Layout
from launchpad.intake.table.rows import UNKNOWN_MODEL, Reader
from launchpad.records.imported import ImportedResult, Outcomes
from launchpad.statistics import standard_error

MAX_LABELS = 20
MAX_GROUPS = 200


@dataclass(frozen=True, slots=True)
class _Sample:
    name: str
    category: str | None
    cluster: str | None
    label: str | None
    score: float | None


def results_of_samples(reader: Reader, *, keep_outcomes: bool) -> Iterator[ImportedResult]:
    """For each task and model the rate of each outcome and the mean score; then the same by category."""
    for (task, model), samples in _by_run(reader).items():
        for metric, values in _metrics(reader, samples):
            overall = _result(task, model, metric, values, samples)
            yield replace(overall, outcomes=_outcomes(values, samples)) if keep_outcomes else overall
            for category, rows in _by_category(samples).items():
                part = _result(task, model, metric, [values[row] for row in rows], [samples[row] for row in rows])
                yield replace(part, group=category)


def _by_run(reader: Reader) -> dict[tuple[str, str], list[_Sample]]:
    found: dict[tuple[str, str], list[_Sample]] = {}
    layout: Layout = reader.layout
    for row in layout.rows():
        key = (reader.text(row, "task") or reader.default_task, reader.text(row, "model") or UNKNOWN_MODEL)
        sample = _Sample(
            name=reader.text(row, "sample") or layout.sheet.where(row),
            category=reader.text(row, "group"),
            cluster=reader.text(row, "cluster"),
            label=reader.text(row, "outcome"),
            score=reader.share(row, "value"),
        )
        found.setdefault(key, []).append(sample)
    return found


def _metrics(reader: Reader, samples: Sequence[_Sample]) -> Iterator[tuple[str, list[float | None]]]:
    """The metrics the columns allow, each with its value for every sample; None = not scored."""
    columns = reader.layout.mapping.columns
    if "outcome" in columns:
        header = plain(columns["outcome"])
        labels = Counter(sample.label for sample in samples if sample.label is not None)
        if labels and all(flag(label) is not None for label in labels):
            yield header, [None if (yes := flag(sample.label)) is None else float(yes) for sample in samples]
        elif len(labels) <= MAX_LABELS:
            for label, _ in labels.most_common():
                yield f"{header}/{label}", [_is(sample.label, label) for sample in samples]
        else:
            reader.complain(reader.layout.header, f"{header}: {len(labels)} different outcomes are too many to count")
    if "value" in columns:
        yield plain(columns["value"]), [sample.score for sample in samples]


def _is(label: str | None, wanted: str) -> float | None:
    return None if label is None else float(label == wanted)


def _by_category(samples: Sequence[_Sample]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, sample in enumerate(samples):
        if sample.category is not None:
            found.setdefault(sample.category, []).append(row)
    return found if len(found) <= MAX_GROUPS else {}


def _result(
    task: str, model: str, metric: str, values: Sequence[float | None], samples: Sequence[_Sample]
) -> ImportedResult:
    scored = [value for value in values if value is not None]
    ones = scored.count(1.0)
    clusters = {sample.cluster for sample, value in zip(samples, values, strict=True) if value is not None}
    on_unit_scale = all(0 <= value <= 1 for value in scored)
    return ImportedResult(
        task=task,
        model=model,
        metric=metric,
        value=sum(scored) / len(scored) if scored else None,
        unit="fraction" if on_unit_scale else "score",
        n=len(scored),
        count=ones if ones + scored.count(0.0) == len(scored) else None,
        n_total=len(values),
        n_unscored=len(values) - len(scored),
        stderr=standard_error(scored) if len(scored) > 1 else None,
        clusters=len(clusters) if clusters and None not in clusters else None,
    )


def _outcomes(values: Sequence[float | None], samples: Sequence[_Sample]) -> Outcomes:
    seen: Counter[str] = Counter()
    epochs: list[int] = []
    for sample in samples:
        seen[sample.name] += 1
        epochs.append(seen[sample.name])
    return Outcomes(
        sample=tuple(sample.name for sample in samples),
        epoch=tuple(epochs),
        cluster=tuple(sample.cluster for sample in samples),
        category=tuple(sample.category for sample in samples),
        value=tuple(values),
        status=tuple("unscored" if value is None else "scored" for value in values),
    )

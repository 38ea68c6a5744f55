"""From one score of an Inspect header to results: errors and intervals joined to the mean they belong to."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from launchpad.intake.inspect import counts
from launchpad.intake.inspect.metrics import ERRORS, MEANS, SPREADS, Metric
from launchpad.intake.inspect.scores import Run, Score, outcomes_of, read_score
from launchpad.intake.values import as_object, label, number
from launchpad.records.imported import ImportedResult, Interval, Unit


def results_of(run: Run, written: object) -> list[ImportedResult]:
    """The results of one entry of `results.scores`."""
    score = read_score(run, as_object(written))
    overall = score.tally()
    common = ImportedResult(
        task=run.task,
        task_version=run.task_version,
        model=run.model,
        scorer=score.name,
        metric="",
        variant=score.reducer,
    )
    found = [
        *_plain_results(run, score, common, overall),
        *_group_results(run, score, common, overall),
        *_part_results(run, score, common),
    ]
    return _with_distinct_paths(found)


def _plain_results(run: Run, score: Score, common: ImportedResult, tally: counts.Tally | None) -> list[ImportedResult]:
    plain = [metric for metric in score.metrics if metric.family is None]
    errors = [metric for metric in plain if metric.name in ERRORS]
    interval = _interval(score.metrics)
    outcomes = outcomes_of(run, score)
    found: list[ImportedResult] = []
    claimed = False
    for metric in plain:
        if metric.name in ERRORS:
            continue
        unit = _unit(score, metric.name, metric.value)
        result = _counted(run, score, replace(common, metric=metric.name, value=metric.value, unit=unit), tally)
        if metric.name in MEANS or (metric.name not in SPREADS and tally and tally.agrees(metric.value)):
            claimed = True
            result = _with_errors(replace(result, interval=interval, outcomes=outcomes), errors)
            result = _with_count(result, tally)
        found.append(result)
    if (errors or interval) and not claimed:
        run.complain(f"{score.name}: a standard error or interval that belongs to no known metric was left out")
    if found and tally and tally.n_total and score.n is not None and tally.n != score.n:
        run.complain(f"{score.name}: the header counts {score.n} scored samples, the file holds {tally.n}")
    return found


def _group_results(
    run: Run, score: Score, common: ImportedResult, overall: counts.Tally | None
) -> list[ImportedResult]:
    parts = [metric for metric in score.metrics if metric.family == "grouped"]
    keys = dict.fromkeys(metric.group_key for metric in parts)
    columns = run.samples.metadata
    units = {key: score.groups(columns.get(key)) for key in keys}
    errors: dict[tuple[str, str], list[Metric]] = {}
    for metric in parts:
        if metric.inner in ERRORS:
            errors.setdefault((metric.group_key, _group_name(metric, units[metric.group_key])), []).append(metric)
    found: list[ImportedResult] = []
    for metric in parts:
        if metric.inner in ERRORS:
            continue
        groups = units[metric.group_key]
        name = _group_name(metric, groups)
        total = name not in groups and name == (label(metric.params.get("all_label")) or "all")
        result = replace(
            common,
            metric=metric.inner,
            group=f"{metric.group_key}={name}" if len(keys) > 1 else name,
            group_total=total,
            value=metric.value,
            unit=_unit(score, metric.inner, metric.value),
        )
        tally = overall if total else score.tally(groups.get(name, ()))
        result = _counted(run, score, result, tally) if total else _from_group(result, tally)
        found.append(_with_count(_with_errors(result, errors.get((metric.group_key, name), [])), tally))
    unknown = sum(result.n is None for result in found)
    if unknown:
        run.complain(f"{score.name}: n of {unknown} groups is unknown, for their samples are not in the file")
    return found


def _part_results(run: Run, score: Score, common: ImportedResult) -> list[ImportedResult]:
    """The parts of a metric that returned several values, such as the labels of frequency()."""
    labels: dict[str, counts.Tally] = {}
    if (
        score.column is not None
        and score.units is not None
        and any(metric.source == "frequency" for metric in score.metrics)
    ):
        labels = counts.label_tallies(run.samples, score.column, score.units, score.clusters)
    found: list[ImportedResult] = []
    for metric in score.metrics:
        if metric.family != "other":
            continue
        share = metric.source == "frequency" and metric.params.get("normalize") is not False
        unit: Unit = "fraction" if share else ("count" if metric.source == "frequency" else "score")
        result = replace(common, metric=f"{metric.source}/{metric.name}", value=metric.value, unit=unit)
        tally = labels.get(metric.name)
        result = _counted(run, score, result, tally)
        found.append(_with_count(result, tally) if share else result)
    return found


def _counted(run: Run, score: Score, result: ImportedResult, tally: counts.Tally | None) -> ImportedResult:
    """The result with its numbers of samples: as the header says, else as the samples show."""
    total = run.total_samples
    if total is not None and score.reduced and run.epochs > 1:
        total //= run.epochs
    if tally is None:
        return replace(result, n=score.n, n_total=total, n_unscored=score.n_unscored)
    return replace(
        result,
        n=score.n if score.n is not None else tally.n,
        n_total=total if total is not None else tally.n_total,
        n_unscored=score.n_unscored if score.n_unscored is not None else tally.n_unscored,
        n_errors=tally.n_errors,
        clusters=tally.clusters,
    )


def _from_group(result: ImportedResult, tally: counts.Tally | None) -> ImportedResult:
    """The result with its group's numbers of samples, which only the samples can tell."""
    if tally is None or not tally.agrees(result.value):
        return result
    return replace(
        result,
        n=tally.n,
        n_total=tally.n_total,
        n_unscored=tally.n_unscored,
        n_errors=tally.n_errors,
        clusters=tally.clusters,
    )


def _with_errors(result: ImportedResult, errors: Sequence[Metric]) -> ImportedResult:
    independent = [metric.value for metric in errors if not metric.cluster_key and metric.value is not None]
    clustered = [metric.value for metric in errors if metric.cluster_key and metric.value is not None]
    return replace(
        result,
        stderr=independent[0] if independent else None,
        stderr_clustered=clustered[0] if clustered else None,
    )


def _with_count(result: ImportedResult, tally: counts.Tally | None) -> ImportedResult:
    """The result with its items of outcome 1: from the samples, else from a mean that leaves no doubt."""
    if tally is not None and tally.n_total:
        known = tally.agrees(result.value) and tally.n == result.n
        return replace(result, count=tally.count if known else None)
    p, n, stderr = result.value, result.n, result.stderr
    if not n or p is None or not 0 <= p <= 1 or not math.isclose(round(p * n), p * n, abs_tol=1e-6):
        return result
    # Graded scores can add up to a whole number too, but then spread less than zeros and ones do.
    binary = math.sqrt(p * (1 - p) / (n - 1)) if n > 1 else 0.0
    if result.metric != "accuracy" if stderr is None else not math.isclose(stderr, binary, abs_tol=1e-6):
        return result
    return replace(result, count=round(p * n), unit="fraction")


def _interval(metrics: Sequence[Metric]) -> Interval | None:
    bounds = {metric.name: metric for metric in metrics if metric.family == "interval"}
    low, high = bounds.get("lower"), bounds.get("upper")
    if low is None or high is None or low.value is None or high.value is None:
        return None
    return Interval(low.value, high.value, number(low.params.get("level")) or 0.95, low.method)


def _group_name(metric: Metric, groups: Mapping[str, object]) -> str:
    """The group's own name where the log adds the metric's name to it."""
    short = metric.name.removesuffix(f"_{metric.inner}")
    return short if metric.name not in groups and short in groups else metric.name


def _unit(score: Score, metric: str, value: float | None) -> Unit:
    if metric in SPREADS or (value is not None and not 0 <= value <= 1):
        return "score"
    reduced_to_share = (score.reducer or "").startswith(("at_least_", "pass_at_", "pass_k_"))
    return "fraction" if metric == "accuracy" or reduced_to_share or score.on_unit_scale else "score"


def _with_distinct_paths(results: Sequence[ImportedResult]) -> list[ImportedResult]:
    """The results, a repeated metric path numbered as Inspect numbers repeated keys: accuracy, accuracy2."""
    seen: dict[tuple[str, str | None], int] = {}
    found: list[ImportedResult] = []
    for result in results:
        path = (result.metric, result.group)
        again = seen[path] = seen.get(path, 0) + 1
        found.append(replace(result, metric=f"{result.metric}{again}") if again > 1 else result)
    return found

"""The answer of `launchpad import --json` for one file."""

from dataclasses import asdict
from typing import Any

from launchpad.records.imported import ImportedFile, ImportedResult, Interval
from launchpad.statistics import mean_interval, wilson

LEVEL = 0.95


def as_json(file: ImportedFile, *, duplicate_of: str | None = None) -> dict[str, Any]:
    """One entry of `files`; what is unknown is null, `duplicate_of` is the file that had the same results."""
    return {
        "path": file.path,
        "sha256": file.sha256,
        "harness": file.harness,
        "harness_version": file.harness_version,
        "run_id": file.run_id,
        "status": file.status,
        "started": file.started,
        "completed": file.completed,
        "duplicate_of": duplicate_of,
        "results": [_result(result) for result in file.results],
        "problems": [asdict(problem) for problem in file.problems],
    }


def failures(result: ImportedResult) -> int | None:
    """How many of n failed; None unless the counts and the good direction are known."""
    if result.n is None or result.count is None or result.higher_is_better is None:
        return None
    return result.n - result.count if result.higher_is_better else result.count


def interval_of(result: ImportedResult) -> Interval | None:
    """The 95 % Wilson interval where the counts are known, else the one reported, else Student's t about a mean."""
    if result.count is not None and result.n:
        low, high = wilson(float(result.count), float(result.n), LEVEL)
        return Interval(low, high, LEVEL, "wilson")
    if result.interval is None and result.value is not None and result.stderr and result.n and result.n > 1:
        low, high = mean_interval(result.value, result.stderr, result.n - 1, LEVEL)
        return Interval(low, high, LEVEL, "t")
    return result.interval


def _result(result: ImportedResult) -> dict[str, Any]:
    interval = interval_of(result)
    return {
        "task": result.task,
        "task_version": result.task_version,
        "model": result.model,
        "scorer": result.scorer,
        "metric": result.metric,
        "variant": result.variant,
        "group": result.group,
        "value": result.value,
        "unit": result.unit,
        "higher_is_better": result.higher_is_better,
        "n": result.n,
        "count": result.count,
        "k": failures(result),
        "n_total": result.n_total,
        "n_unscored": result.n_unscored,
        "n_errors": result.n_errors,
        "stderr": result.stderr,
        "stderr_clustered": result.stderr_clustered,
        "interval": asdict(interval) if interval else None,
        "reported_interval": asdict(result.interval) if result.interval else None,
        "clusters": result.clusters,
        "threshold": result.threshold,
        "passed": result.passed,
    }

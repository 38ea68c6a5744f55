"""Results of one run that were graded again: the same run, task and metric in another file, with another value."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from launchpad.records import EvalResult
from launchpad.scoring.why import ModelWarning


def regraded(rows: Iterable[EvalResult]) -> list[list[EvalResult]]:
    """The results, superseded ones aside, that give one figure of one run other values, together and in order."""
    same: dict[tuple[object, ...], list[EvalResult]] = defaultdict(list)
    for row in rows:
        if row.run_id is not None and row.value is not None and not row.superseded:
            same[_figure(row)].append(row)
    return [found for found in same.values() if _differ(found)]


def outdated(rows: Sequence[EvalResult]) -> set[int]:
    """Of results that count, the row ids of those whose run was graded again on a later day, as both dates say."""
    gone: set[int] = set()
    for found in regraded(rows):
        days = [row.run_date or "" for row in found]
        newest = max(days)
        if all(days) and days.count(newest) == 1:
            gone.update(row.id for row in found if row.run_date != newest)
    return gone


def regraded_warnings(rows: Sequence[EvalResult], names: Mapping[int, str]) -> tuple[ModelWarning, ...]:
    """One warning for each run graded again of which no result is marked superseded; `names` are codes by row id."""
    found: list[ModelWarning] = []
    for same in regraded(rows):
        codes = [names[row.id] for row in same]
        told = f"{', '.join(codes[:-1])} and {codes[-1]}"
        gone = outdated(same)
        counts = "the later counts where both are linked" if gone else "which is newer cannot be told"
        message = f"{told} give the same run other values, and {counts}: mark one superseded."
        found.append(ModelWarning(f"{EvalResult.table} {codes[0]}", "superseded", message))
    return tuple(found)


def _figure(row: EvalResult) -> tuple[object, ...]:
    """What must agree for two results to be one figure of one run."""
    what = (row.run_id, row.evaluation, row.variant, row.part, row.part_total, row.threshold, row.unit)
    who = (row.harness, row.model, row.snapshot, row.arm)
    return *what, *who, row.tries, row.surface, row.language, row.in_place, row.elicitation


def _differ(found: Sequence[EvalResult]) -> bool:
    """Whether results of one figure come from more than one file and do not say the same; most are alone."""
    if len(found) < 2:
        return False
    files = [row.file_sha256 for row in found]
    return (None in files or len(set(files)) > 1) and len({(row.value, row.count, row.n) for row in found}) > 1

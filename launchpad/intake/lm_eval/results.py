"""The results file of lm-evaluation-harness, of 0.4 and of the versions before it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import member, repeats_into
from launchpad.intake.lm_eval.names import model_of, split_key, stderr_key, unit_of
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL, exact_count, total
from launchpad.intake.source import PIECE
from launchpad.intake.values import as_list, as_object, number, text, whole
from launchpad.records.imported import ImportedResult, Problem

MAX_RESULTS = 20_000
MAX_NOTES = 20
MAX_STEPS = 5_000_000
_NOT_METRICS = frozenset({"alias", "name", "sample_len", "sample_count", " ", ""})
# Python source, host details and tokenizer settings: never taken in.
_DROPPED = frozenset({"configs", "pretty_env_info", "chat_template", "system_instruction"})
_NO_VALUE = frozenset({"", "n/a", "nan", "none", "null"})
PLACEHOLDER, NO_VALUE = "bypass", 999


@dataclass(frozen=True, slots=True)
class Run:
    """One results file: its keys without what is dropped, the results made of it, the problems met."""

    document: Mapping[str, object]
    results: tuple[ImportedResult, ...]
    problems: tuple[Problem, ...]

    @property
    def run_id(self) -> str | None:
        """There is no run id: the moment of the start stands for it."""
        return self.started

    @property
    def version(self) -> str | None:
        """The harness's version; unknown before 0.4."""
        return text(self.document.get("lm_eval_version"))

    @property
    def started(self) -> str | None:
        """The start, ISO 8601 in UTC; unknown before 0.4."""
        return _moment(self.document.get("date"), 0.0)

    @property
    def completed(self) -> str | None:
        """The end: the start and the seconds it took."""
        seconds = _seconds(self.document.get("total_evaluation_time_seconds"))
        return None if seconds is None else _moment(self.document.get("date"), seconds)


def read_run(path: Path) -> Run:
    """The results file; refused when it is damaged or has no results object."""
    problems: list[Problem] = []
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        items = jsons.object_items(pieces, str(path), frozenset(), repeats_into(problems, path.name))
        document = {key: value for key, value in items if key not in _DROPPED}
    if not isinstance(document.get("results"), dict):
        raise ImportRefusedError(f"{path} has no object 'results'.", jsons.DAMAGED)
    table = _Table(str(path), document, problems)
    results = _with_group_counts(list(table.results()), table.leaves)
    problems.extend(_coverage(document))
    return Run(document, tuple(results), tuple(problems))


@dataclass(slots=True)
class _Table:
    """The rows of `results`, one a task or group, and those of `groups`, which say the same once more."""

    name: str
    document: Mapping[str, object]
    problems: list[Problem]
    model: str = field(init=False)
    leaves: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        found = model_of(self.document)
        if found is None:
            self.problems.append(Problem("config.model_args", NO_MODEL))
        self.model = found or UNKNOWN_MODEL
        self.leaves = _leaves(self.document)

    def results(self) -> Iterator[ImportedResult]:
        rows = as_object(self.document.get("results"))
        groups = as_object(self.document.get("groups"))
        made = 0
        for task, written in {**groups, **rows}.items():
            if as_object(written) is not written:
                self.problems.append(Problem(f"results.{task}", "this is no object of metrics; left out"))
            group = as_object(groups.get(task))
            for result in self._row(task, {**group, **as_object(written)}, group):
                made += 1
                if made > MAX_RESULTS:
                    what = f"{self.name} lists more than {MAX_RESULTS:,} results."
                    raise ImportRefusedError(what, jsons.DAMAGED)
                yield result

    def _row(self, task: str, row: Mapping[str, object], group: Mapping[str, object]) -> Iterator[ImportedResult]:
        for key, written in row.items():
            metric, filter_name = split_key(key)
            if key in _NOT_METRICS or metric.strip() in _NOT_METRICS or self._is_error(key, row):
                continue
            value = number(written)
            if value is None and not _says_nothing(written):
                self.problems.append(Problem(f"results.{task}.{key}", "this is not a number; left out"))
                continue
            result = replace(self._common(task, metric), variant=text(filter_name), value=value)
            yield self._measured(result, key, row, group)

    def _is_error(self, key: str, row: Mapping[str, object]) -> bool:
        metric, filter_name = split_key(key)
        if not metric.endswith("_stderr"):
            return False
        base = metric.removesuffix("_stderr")
        return (base if filter_name is None else f"{base},{filter_name}") in row

    def _common(self, task: str, metric: str) -> ImportedResult:
        version = text(member(self.document, "versions", task))
        better = member(self.document, "higher_is_better", task, metric)
        return ImportedResult(
            task=text(task) or "unnamed",
            task_version=None if version in {"N/A", "None"} else version,
            model=self.model,
            metric=metric,
            group_total=task in self.leaves or task in as_object(self.document.get("groups")),
            higher_is_better=better if isinstance(better, bool) else None,
        )

    def _measured(
        self, result: ImportedResult, key: str, row: Mapping[str, object], group: Mapping[str, object]
    ) -> ImportedResult:
        """The result with its numbers of documents and its standard error."""
        n, there = self._documents(result.task, key, row, group)
        if result.metric == PLACEHOLDER or result.value == NO_VALUE:
            what = "a placeholder of a run that only kept the answers: nothing was scored"
            self.problems.append(Problem(f"results.{result.task}.{key}", what))
            return replace(result, value=None, unit="score", n=0, n_total=there, n_unscored=n)
        stderr = number(row.get(stderr_key(*split_key(key))))
        return replace(
            result,
            unit=unit_of(result.metric, result.value),
            n=n,
            n_total=there,
            stderr=stderr,
            count=None if result.group_total else exact_count(result.value, n, stderr),
        )

    def _documents(
        self, task: str, key: str, row: Mapping[str, object], group: Mapping[str, object]
    ) -> tuple[int | None, int | None]:
        """Documents scored and documents there are; of a group, those of its tasks taken together."""
        known = as_object(self.document.get("n-samples"))
        counts = as_object(known.get(task))
        n = whole(counts.get("effective"))
        if n is not None:
            return n, whole(counts.get("original"))
        listed = [whole(as_object(source.get("sample_count")).get(key)) for source in (group, row)]
        listed += [whole(source.get("sample_len")) for source in (group, row)]
        leaves = [as_object(known.get(leaf)) for leaf in self.leaves.get(task, ())]
        n = next((found for found in listed if found is not None), total([whole(c.get("effective")) for c in leaves]))
        return n, total([whole(c.get("original")) for c in leaves])


def _says_nothing(written: object) -> bool:
    return written is None or (isinstance(written, str) and written.strip().casefold() in _NO_VALUE)


def _leaves(document: Mapping[str, object]) -> dict[str, list[str]]:
    """The tasks below each group, through groups of groups; none when there are more groups than anyone has."""
    below = {name: as_list(names) for name, names in as_object(document.get("group_subtasks")).items()}
    groups = [name for name, names in below.items() if names]
    if len(groups) * sum(map(len, below.values())) > MAX_STEPS:
        return {}
    found: dict[str, list[str]] = {}
    for group in groups:
        waiting, seen, leaves = [group], {group}, found.setdefault(group, [])
        while waiting:
            for name in below.get(waiting.pop(), ()):
                if isinstance(name, str) and name not in seen:
                    seen.add(name)
                    (waiting if below.get(name) else leaves).append(name)
    return found


def _with_group_counts(results: list[ImportedResult], leaves: Mapping[str, list[str]]) -> Iterator[ImportedResult]:
    """The results, those of groups with their tasks' counts where these add up to the group's mean."""
    known = {(result.task, result.metric, result.variant): result for result in results}
    for result in results:
        if not result.group_total or not result.n or result.value is None:
            yield result
            continue
        keys = ((leaf, result.metric, result.variant) for leaf in leaves.get(result.task, ()))
        parts = [known[key] for key in keys if key in known]
        count, n = total([part.count for part in parts]), total([part.n for part in parts])
        mean = None if count is None else count / result.n
        agrees = n == result.n and mean is not None and math.isclose(result.value, mean, abs_tol=1e-9)
        yield replace(result, count=count) if agrees else result


def _coverage(document: Mapping[str, object]) -> Iterator[Problem]:
    """What says that only a part of the data sets was run."""
    cut: list[str] = []
    for task, counts in as_object(document.get("n-samples")).items():
        n, there = whole(member(counts, "effective")), whole(member(counts, "original"))
        if n is not None and there is not None and n < there:
            cut.append(f"{task} {n} of {there}")
    limit = text(member(document, "config", "limit"))
    if cut:
        more = f" and {len(cut) - MAX_NOTES} more tasks" if len(cut) > MAX_NOTES else ""
        what = f"a part of the data sets was run: {', '.join(cut[:MAX_NOTES])}{more}"
        yield Problem("n-samples", what)
    elif limit is not None and not document.get("n-samples"):
        yield Problem("config.limit", f"a part of each data set was run: the limit was {limit}")


def _seconds(written: object) -> float | None:
    """A duration, which the harness writes as text."""
    if isinstance(written, str):
        try:
            written = float(written)
        except ValueError:
            return None
    return number(written)


def _moment(date: object, later: float) -> str | None:
    seconds = number(date)
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds + later, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return None

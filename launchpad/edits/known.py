"""Which results a project has already, looked up quickly however many there are."""

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from launchpad.edits.handling import barred_tasks
from launchpad.edits.records import next_code
from launchpad.records import EvalResult, Evaluation, Inputs, Record
from launchpad.records.imported import ImportedFile, ImportedResult

Name = tuple[object, ...]
Rows = dict[int, EvalResult]


class Known:
    """The results of a project, kept up to date as files come in one after another: what one batch is added to.

    A result is known by its identity (the same file again, the same run in another format), else by its
    name within its run where the numbers agree and one file merely says less than the other, else as
    part of a file that does not say which run it is of, but holds nothing that a known run does not.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.barred = barred_tasks(inputs)
        self.evaluations = {evaluation_key(row): row for row in inputs.rows(Evaluation)}
        self._codes: dict[type[Record], str] = {
            EvalResult: next_code(inputs, EvalResult, prefix="E", width=4),
            Evaluation: next_code(inputs, Evaluation, prefix="EV"),
        }
        self._evaluation_of = {row.id: row for row in inputs.rows(Evaluation)}
        self._directions: dict[tuple[str | None, ...], set[str]] = defaultdict(set)
        for evaluation in self.evaluations.values():
            self._directions[_metric(evaluation)].add(evaluation.polarity)
        self._by_identity: dict[str, EvalResult] = {}
        self._in_run: dict[tuple[str | None, Name], Rows] = defaultdict(dict)
        self._with_run: dict[Name, Rows] = defaultdict(dict)
        self._without: dict[Name, Rows] = defaultdict(dict)
        self._unnamed: dict[str, set[int]] = defaultdict(set)
        for row in inputs.rows(EvalResult):
            self.keep(row)

    def next_result(self) -> str:
        """The next free code of a result."""
        return _counted(self._codes, EvalResult, 4)

    def next_evaluation(self) -> str:
        """The next free code of an evaluation."""
        return _counted(self._codes, Evaluation, 3)

    def keep_evaluation(self, evaluation: Evaluation) -> None:
        """Take in an evaluation as it is now."""
        self.evaluations[evaluation_key(evaluation)] = self._evaluation_of[evaluation.id] = evaluation
        self._directions[_metric(evaluation)].add(evaluation.polarity)

    def direction_of(self, harness: str, scorer: str | None, metric: str) -> str:
        """The direction that is good of a metric in every task where it was said; unknown where they differ."""
        said = self._directions[harness.casefold(), scorer, metric] - {"unknown"}
        return next(iter(said)) if len(said) == 1 else "unknown"

    def keep(self, row: EvalResult) -> None:
        """Take in a result as it is now; its evaluation is known."""
        if row.identity is not None:
            self._by_identity[row.identity] = row
        name = self._name_of(row)
        self._in_run[row.run_id or row.file_sha256, name][row.id] = row
        if row.run_id is not None:
            self._with_run[name][row.id] = row
            self._without[name].pop(row.id, None)
        elif row.file_sha256 is not None:
            self._without[name][row.id] = row
            self._unnamed[row.file_sha256].add(row.id)

    def with_identity(self, identity: str) -> EvalResult | None:
        """The result of this identity, or None."""
        return self._by_identity.get(identity)

    def evaluation_of(self, row: EvalResult) -> Evaluation:
        """The evaluation a result belongs to."""
        return self._evaluation_of[row.evaluation]

    def named(self, file: ImportedFile) -> ImportedFile:
        """The file under the run whose results it repeats, if it does not say itself which run it is of."""
        if file.run_id is not None or any(result.run_id for result in file.results):
            return file
        run = self._run_with_all(file)
        return file if run is None else replace(file, run_id=run)

    def matches(self, file: ImportedFile) -> list[EvalResult | None]:
        """For each result of a file the known one that it is, or None."""
        unnamed = self._unnamed_of(file)
        found: list[EvalResult | None] = []
        for result in file.results:
            row = self._by_identity.get(identity_of(file, result)) or self._by_older_identity(file, result)
            found.append(row or next(self._same_run(file, result, unnamed), None))
        return found

    def _by_older_identity(self, file: ImportedFile, result: ImportedResult) -> EvalResult | None:
        """The result as it was known while only files had a run."""
        return self._by_identity.get(identity_of(file, replace(result, run_id=None))) if result.run_id else None

    def _same_run(self, file: ImportedFile, result: ImportedResult, unnamed: set[str]) -> Iterator[EvalResult]:
        """The known results of a result's run that it is but for what one of the files does not say."""
        run, name = result.run_id or file.run_id or file.sha256, name_of(file, result)
        yield from (row for row in self._in_run.get((run, name), {}).values() if self._alike(row, result))
        for row in self._without.get(name, {}).values() if unnamed else ():
            if row.file_sha256 in unnamed and self._alike(row, result):
                yield row

    def _run_with_all(self, file: ImportedFile) -> str | None:
        """A known run that has every result of a file; None where there is none, or nothing to tell it by."""
        runs: set[str] | None = None
        for result in file.results:
            rows = self._with_run.get(name_of(file, result), {}).values()
            having = {row.run_id for row in rows if row.run_id is not None and self._alike(row, result)}
            runs = having if runs is None else runs & having
            if not runs:
                return None
        tellable = any(result.value is not None for result in file.results)
        return min(runs) if runs and tellable else None

    def _unnamed_of(self, file: ImportedFile) -> set[str]:
        """The known files, by SHA-256, that do not say which run they are of but hold nothing this one does not."""
        met: dict[str, set[int]] = defaultdict(set)
        telling: set[str] = set()
        for result in file.results if file.run_id is not None else ():
            for row in self._without.get(name_of(file, result), {}).values():
                if row.file_sha256 is not None and row.file_sha256 != file.sha256 and self._alike(row, result):
                    met[row.file_sha256].add(row.id)
                    telling |= {row.file_sha256} if row.value is not None else set()
        return {sha256 for sha256, rows in met.items() if sha256 in telling and rows == self._unnamed[sha256]}

    def _alike(self, row: EvalResult, result: ImportedResult) -> bool:
        """Whether a known result and another of the same name say the same, as far as both say anything."""
        task = self._evaluation_of[row.evaluation].task
        return (
            # A reader that finds no name for the task calls it as its harness is called.
            (task == result.task or row.harness in {task, result.task})
            and _close(row.value, result.value)
            and _agree(row.n, result.n)
            and _agree(row.count, result.count)
        )

    def _name_of(self, row: EvalResult) -> Name:
        evaluation = self._evaluation_of[row.evaluation]
        path = (evaluation.scorer, evaluation.metric, row.variant, row.part, row.part_total)
        return (row.harness, row.model, *path)


def identity_of(file: ImportedFile, result: ImportedResult) -> str:
    """SHA-256 over what makes a result the same result in whatever file it lies."""
    parts = (
        result.harness or file.harness,
        result.run_id or file.run_id or file.sha256,
        result.task,
        result.model,
        result.scorer,
        result.metric,
        result.variant,
        result.group,
        result.group_total,
        result.date,
        result.value,
        result.n,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def name_of(file: ImportedFile, result: ImportedResult) -> Name:
    """What a result is called within its run, the task apart."""
    path = (result.scorer, result.metric, result.variant, result.group, result.group_total)
    return (result.harness or file.harness, result.model, *path)


def evaluation_key(row: Evaluation) -> tuple[str | None, ...]:
    """What tells an evaluation from any other."""
    return (row.harness, row.task, row.scorer, row.metric)


def _metric(row: Evaluation) -> tuple[str | None, ...]:
    return ((row.harness or "").casefold(), row.scorer, row.metric)


def _counted(codes: dict[type[Record], str], record: type[Record], width: int) -> str:
    """The code that is next, and the one after it in its place."""
    code = codes[record]
    prefix, _, number = code.rpartition("-")
    codes[record] = f"{prefix}-{int(number) + 1:0{width}d}"
    return code


def _close(one: float | None, other: float | None) -> bool:
    """Whether two values are one but for rounding; none is like none."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def _agree(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other

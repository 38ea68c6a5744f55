"""The samples file of lm-evaluation-harness: one line for each document and filter, counted as it streams by."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import Lines
from launchpad.intake.lm_eval.names import unit_of
from launchpad.intake.lm_eval.results import Run, read_run
from launchpad.intake.samples import SampleRows
from launchpad.intake.shares import UNKNOWN_MODEL
from launchpad.intake.source import PIECE
from launchpad.intake.values import as_list, as_object, label, number
from launchpad.records.imported import ImportedResult, Problem

MAX_METRICS = 200
MAX_FILTERS = 200
HASH_LENGTH = 16
_NAME = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d\d-\d\dT[\d:.\-]+)\.jsonl?", re.DOTALL)
_NOT_METRICS = frozenset(
    {
        *("doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics"),
        *("doc_hash", "prompt_hash", "target_hash", "request_metadata"),
    }
)
Key = tuple[str, str, str | None]


@dataclass(slots=True)
class Column:
    """One metric under one filter, counted as it passes; its values are kept only where wanted."""

    values: list[float | None] | None
    n: int = 0
    ones: int = 0
    zeros: int = 0
    total: float = 0.0
    unscored: int = 0
    corpus: int = 0

    def add(self, written: object) -> None:
        """Take in the next document's value; a list is a part of a metric over the whole corpus."""
        value = float(written) if isinstance(written, bool) else number(written)
        if value is None:
            self.unscored += 1
            self.corpus += isinstance(written, list)
        else:
            self.n += 1
            self.total += value
            if value == 1:
                self.ones += 1
            elif value == 0:
                self.zeros += 1
        if self.values is not None:
            self.values.append(value)

    @property
    def mean(self) -> float | None:
        """The mean of what was scored."""
        return self.total / self.n if self.n else None

    @property
    def count(self) -> int | None:
        """How many are 1, or None when some are neither 0 nor 1."""
        return self.ones if self.ones + self.zeros == self.n else None


@dataclass(slots=True)
class Block:
    """The lines of one filter: its documents, if they are kept, and a column for each metric."""

    rows: SampleRows | None
    declared: object = None
    columns: dict[str, Column] = field(default_factory=dict[str, Column])
    lines: int = 0

    def add(self, line: Mapping[str, object]) -> None:
        """Take in one document."""
        if self.lines == 0 or line.get("metrics") != self.declared:
            self._declare(line)
        for name, column in self.columns.items():
            column.add(line.get(name))
        self.lines += 1
        if self.rows is not None:
            self.rows.add(_sample_name(line, self.lines))

    def _declare(self, line: Mapping[str, object]) -> None:
        """Open a column for each metric the line names; before 0.4.4 they are all the keys that are left."""
        self.declared = line.get("metrics")
        named = self.declared if isinstance(self.declared, list) else line.keys() - _NOT_METRICS
        wanted = [name for name in as_list(named) or sorted(map(str, line.keys() - _NOT_METRICS))]
        for name in wanted:
            if isinstance(name, str) and name not in self.columns and len(self.columns) < MAX_METRICS:
                missed: list[float | None] | None = None if self.rows is None else [None] * self.lines
                self.columns[name] = Column(missed, unscored=self.lines)


@dataclass(slots=True)
class Samples:
    """A samples file as read: one block for each filter, and what could not be read."""

    blocks: dict[str | None, Block]
    problems: list[Problem]


def recognised_name(path: Path) -> tuple[str, str] | None:
    """Task and date from the name the harness gives a samples file."""
    match = _NAME.fullmatch(path.name)
    return (match["task"], match["date"]) if match else None


def read_samples(path: Path, *, keep_outcomes: bool) -> Samples:
    """The file's documents counted by filter; refused when not one line of it can be read."""
    blocks: dict[str | None, Block] = {}
    problems: list[Problem] = []
    with path.open("rb") as file:
        start = file.read(PIECE).lstrip()
        file.seek(0)
        lines = _elements(file, path) if start.startswith(b"[") else Lines(str(path), file, problems)
        for _, line in lines:
            name = line.get("filter")
            name = name if isinstance(name, str) else None
            block = blocks.get(name)
            if block is None:
                if len(blocks) >= MAX_FILTERS:
                    raise ImportRefusedError(f"{path} names more than {MAX_FILTERS} filters.", jsons.DAMAGED)
                block = blocks[name] = Block(SampleRows() if keep_outcomes else None)
            block.add(line)
    if not blocks:
        raise ImportRefusedError(f"{path} holds no sample that can be read.", jsons.DAMAGED)
    return Samples(blocks, problems)


def results_of(path: Path, samples: Samples, run: Run | None) -> Iterator[ImportedResult]:
    """A result for each filter and metric that is a mean over documents, as the results file has it if there."""
    named = recognised_name(path)
    task = named[0] if named else path.stem
    reported = {} if run is None else {_key(result): result for result in run.results}
    left_out: list[str] = []
    for filter_name, block in samples.blocks.items():
        variant = filter_name or _only_filter(reported, task)
        for metric, column in block.columns.items():
            if column.corpus or metric == "bypass":
                left_out.append(metric)
                continue
            found = reported.get((task, metric, variant))
            result = found or _plain(task, metric, variant, _model(run))
            yield _counted(result, column, block, samples.problems)
    if left_out:
        names = ", ".join(dict.fromkeys(left_out))
        what = f"taken over all documents at once, so its value is only in the results file: {names}"
        samples.problems.append(Problem("metrics", what))


def run_beside(path: Path, problems: list[Problem]) -> Run | None:
    """The results file written at the same date into the same folder, which names the model."""
    named = recognised_name(path)
    if named is None:
        problems.append(Problem(path.name, "neither task nor date can be told from this name"))
        return None
    for candidate in sorted(path.parent.iterdir()):
        if candidate.name.endswith(f"_{named[1]}.json") and not candidate.name.startswith("samples_"):
            try:
                return read_run(candidate)
            except (ImportRefusedError, OSError) as error:
                problems.append(Problem(candidate.name, f"the results file beside it cannot be read: {error}"))
    what = f"no results file of {named[1]} lies beside it: model and direction are unknown"
    problems.append(Problem(path.name, what))
    return None


def _elements(file: Iterable[bytes], path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """The samples of a file that is one array, as 0.4.0 wrote it."""
    for place, element in enumerate(jsons.array_items(file, str(path)), start=1):
        yield place, as_object(element)


def _sample_name(line: Mapping[str, object], place: int) -> str:
    """What pairs the same document across models: its hash, else its number."""
    written = line.get("doc_hash")
    if isinstance(written, str) and written:
        return written[:HASH_LENGTH]
    return label(line.get("doc_id")) or f"line {place}"


def _counted(result: ImportedResult, column: Column, block: Block, problems: list[Problem]) -> ImportedResult:
    mean = column.mean
    agrees = result.value is None or (mean is not None and math.isclose(result.value, mean, rel_tol=1e-9, abs_tol=1e-9))
    if not agrees:
        what = f"{result.metric}: the results file says {result.value}, the samples have a mean of {mean}"
        problems.append(Problem("metrics", what))
        return result
    outcomes = None
    if block.rows is not None and column.values is not None:
        outcomes = block.rows.outcomes(column.values)
    return replace(
        result,
        value=mean,
        unit=unit_of(result.metric, mean),
        n=column.n,
        count=column.count,
        n_total=max(block.lines, result.n_total or 0),
        n_unscored=column.unscored,
        outcomes=outcomes,
    )


def _plain(task: str, metric: str, variant: str | None, model: str) -> ImportedResult:
    return ImportedResult(task=task, model=model, metric=metric, variant=variant)


def _model(run: Run | None) -> str:
    return run.results[0].model if run is not None and run.results else UNKNOWN_MODEL


def _key(result: ImportedResult) -> Key:
    return (result.task, result.metric, result.variant)


def _only_filter(reported: Iterable[Key], task: str) -> str | None:
    """The filter of a task that has just one; early files do not name it in the samples."""
    filters = {variant for name, _, variant in reported if name == task}
    return filters.pop() if len(filters) == 1 else None

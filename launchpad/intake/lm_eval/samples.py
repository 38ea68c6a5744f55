"""The samples file of lm-evaluation-harness: one line for each document and filter, counted as it streams by."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import isfinite
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.lines import MAX_BAD, Lines
from launchpad.intake.lm_eval import texts
from launchpad.intake.lm_eval.names import unit_of
from launchpad.intake.lm_eval.results import PLACEHOLDER, Run, read_run
from launchpad.intake.samples import Column, SampleRows, same
from launchpad.intake.shares import UNKNOWN_MODEL
from launchpad.intake.source import Source
from launchpad.intake.texts import TextRows
from launchpad.intake.values import as_list, as_object, label, number
from launchpad.records.imported import ImportedResult, Problem

MAX_METRICS = 100
MAX_FILTERS = 200
HASH_LENGTH = 16
EARLY_RESULTS = "results.json"
_NAME = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d\d-\d\dT[\d:.\-]+)\.jsonl?", re.DOTALL)
_NOT_METRICS = frozenset(
    {
        *("doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics"),
        *("doc_hash", "prompt_hash", "target_hash", "request_metadata"),
    }
)
Key = tuple[str, str, str | None]


@dataclass(slots=True)
class Block:
    """The lines of one filter: its documents, if they are kept, and a column for each metric."""

    rows: SampleRows | None
    declared: object = None
    columns: dict[str, Column] = field(default_factory=dict[str, Column])
    lines: int = 0
    over_corpus: set[str] = field(default_factory=set[str])

    def add(self, line: Mapping[str, object], path: Path) -> None:
        """Take in one document of the file at this path."""
        if self.lines == 0 or line.get("metrics") != self.declared:
            self._declare(line, path)
        place = self.lines
        for name, column in self.columns.items():
            written = line.get(name)
            if type(written) is float:
                column.add(written if isfinite(written) else None, place)
            elif isinstance(written, bool):
                column.add(float(written), place)
            else:
                column.add(number(written), place)
                # A list is a document's part of a metric over the whole corpus, such as F1.
                if isinstance(written, list):
                    self.over_corpus.add(name)
        self.lines = place + 1
        if self.rows is not None:
            self.rows.add(sample_name(line, place + 1))

    def _declare(self, line: Mapping[str, object], path: Path) -> None:
        """Open a column for each metric the line names; early versions leave it to be told by what is no name."""
        self.declared = line.get("metrics")
        rest = (name for name in line if name not in _NOT_METRICS and isinstance(line[name], int | float | list))
        for name in as_list(self.declared) or rest:
            if isinstance(name, str) and name not in self.columns:
                if len(self.columns) >= MAX_METRICS:
                    what = f"{path}: its samples name more than {MAX_METRICS} metrics."
                    raise ImportRefusedError(what, jsons.DAMAGED)
                self.columns[name] = Column(keep=self.rows is not None)


@dataclass(slots=True)
class Samples:
    """A samples file as read: one block for each filter, what could not be read, and texts if they are wanted."""

    blocks: dict[str | None, Block]
    problems: list[Problem]
    texts: TextRows


def recognised_name(path: Path) -> tuple[str, str] | None:
    """Task and date from the name the harness gives a samples file."""
    match = _NAME.fullmatch(path.name)
    return (match["task"], match["date"]) if match else None


def read_samples(source: Source, *, keep_outcomes: bool, keep_texts: bool) -> Samples:
    """The file's documents counted by filter; refused when not one line of it can be read."""
    path = source.path
    found = Samples({}, [], TextRows(keep_texts))
    with path.open("rb") as file:
        array = source.start.lstrip().startswith(b"[")
        for place, line in _elements(file, path) if array else Lines(str(path), file, found.problems):
            if "doc_id" not in line:
                _note_stranger(path, found.problems, place)
                continue
            name = line.get("filter")
            name = name if isinstance(name, str) else None
            block = found.blocks.get(name)
            if block is None:
                if len(found.blocks) >= MAX_FILTERS:
                    raise ImportRefusedError(f"{path} names more than {MAX_FILTERS} filters.", jsons.DAMAGED)
                block = found.blocks[name] = Block(SampleRows() if keep_outcomes else None)
            block.add(line, path)
            # Every filter reads the same answers: those of the first are all there are.
            if keep_texts and block is next(iter(found.blocks.values())):
                found.texts.add(sample_name(line, block.lines), texts.asked(line), texts.answered(line))
    if not found.blocks:
        raise ImportRefusedError(f"{path} holds no sample that can be read.", jsons.DAMAGED)
    return found


def results_of(path: Path, samples: Samples, run: Run | None) -> Iterator[ImportedResult]:
    """A result for each filter and metric that is a mean over documents, as the results file has it if there."""
    named = recognised_name(path)
    task = named[0] if named else _early_task(path, run) or path.stem
    reported = {} if run is None else {_key(result): result for result in run.results}
    model = run.results[0].model if run is not None and run.results else UNKNOWN_MODEL
    left_out: list[str] = []
    came_out = False
    for filter_name, block in samples.blocks.items():
        variant = filter_name or _only_filter(reported, task)
        for metric, column in block.columns.items():
            if metric in block.over_corpus or metric == PLACEHOLDER:
                left_out.append(metric)
                continue
            came_out = True
            plain = ImportedResult(task=task, model=model, metric=metric, variant=variant)
            yield _counted(reported.get((task, metric, variant), plain), column, block, samples.problems)
    if left_out and (run is None or not came_out):
        names = ", ".join(dict.fromkeys(left_out))
        what = f"taken over all documents at once, so its value is only in the results file: {names}"
        samples.problems.append(Problem("metrics", what))


def run_beside(path: Path, problems: list[Problem]) -> Run | None:
    """The results file written at the same date into the same folder, which names the model."""
    named = recognised_name(path)
    if named is None:
        run = _early_run(path, problems)
        if run is None:
            problems.append(Problem(path.name, "neither task nor date can be told from this name"))
        return run
    usual = path.with_name(f"results_{named[1]}.json")
    for candidate in [usual] if usual.is_file() else sorted(path.parent.iterdir()):
        if candidate.name.endswith(f"_{named[1]}.json") and not candidate.name.startswith("samples_"):
            try:
                facts = candidate.stat()
                return _run_at(candidate, facts.st_mtime_ns, facts.st_size)
            except (ImportRefusedError, OSError) as error:
                problems.append(Problem(candidate.name, f"the results file beside it cannot be read: {error}"))
    what = f"no results file of {named[1]} lies beside it: model and direction are unknown"
    problems.append(Problem(path.name, what))
    return None


def _early_run(path: Path, problems: list[Problem]) -> Run | None:
    """The results.json beside it, as the harness wrote it before 0.4.3, if a task of its ends this file's name."""
    beside = path.with_name(EARLY_RESULTS)
    try:
        facts = beside.stat()
        run = _run_at(beside, facts.st_mtime_ns, facts.st_size)
    except FileNotFoundError:
        return None
    except (ImportRefusedError, OSError) as error:
        problems.append(Problem(beside.name, f"the results file beside it cannot be read: {error}"))
        return None
    return run if _early_task(path, run) else None


def _early_task(path: Path, run: Run | None) -> str | None:
    """The longest task of the run that this name, "{model arguments}_{task}.jsonl", ends in."""
    tasks = () if run is None else {result.task for result in run.results}
    return max((task for task in tasks if path.stem.endswith(f"_{task}")), key=len, default=None)


@lru_cache(maxsize=1)
def _run_at(path: Path, _written: int, _size: int) -> Run:
    """The run of a results file, once for all the samples files beside it."""
    return read_run(path)


def _note_stranger(path: Path, problems: list[Problem], place: int) -> None:
    problems.append(Problem(f"entry {place}", "this is no sample: it has no doc_id; left out"))
    if len(problems) > MAX_BAD:
        raise ImportRefusedError(f"{path} holds more than {MAX_BAD:,} entries that are no samples.", jsons.DAMAGED)


def _elements(file: Iterable[bytes], path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """The samples of a file that is one array, as 0.4.0 wrote it."""
    for place, element in enumerate(jsons.array_items(file, str(path)), start=1):
        yield place, as_object(element)


def sample_name(line: Mapping[str, object], place: int) -> str:
    """What pairs the same document across models: its hash, else its number."""
    written = line.get("doc_hash")
    if isinstance(written, str) and written:
        return written[:HASH_LENGTH]
    return label(line.get("doc_id")) or f"line {place}"


def _counted(result: ImportedResult, column: Column, block: Block, problems: list[Problem]) -> ImportedResult:
    """The result with the samples' counts and outcomes; as reported where the two do not fit together."""
    if result.n is not None and result.n != block.lines:
        what = f"{result.metric}: the results file counts {result.n} documents, here are {block.lines}"
        problems.append(Problem("samples", what))
        return result
    if result.value is not None and not same(result.value, column.mean):
        what = f"{result.metric}: the results file says {result.value}, the samples have a mean of {column.mean}"
        problems.append(Problem("samples", what))
        return result
    outcomes = None
    if block.rows is not None:
        outcomes = block.rows.outcomes(column)
    return replace(
        result,
        value=column.mean,
        unit=unit_of(result.metric, column.mean),
        n=column.n,
        count=column.count,
        n_total=max(block.lines, result.n_total or 0),
        n_unscored=block.lines - column.n,
        outcomes=outcomes,
    )


def _key(result: ImportedResult) -> Key:
    return (result.task, result.metric, result.variant)


def _only_filter(reported: Iterable[Key], task: str) -> str | None:
    """The filter of a task that has just one; early files do not name it in the samples."""
    filters = {variant for name, _, variant in reported if name == task}
    return filters.pop() if len(filters) == 1 else None

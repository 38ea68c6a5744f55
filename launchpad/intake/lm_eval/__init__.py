"""lm-evaluation-harness: results files (0.4 and before) and the samples files beside them."""

import re

from launchpad.intake.lines import first_line_keys
from launchpad.intake.lm_eval import results, samples
from launchpad.intake.source import Source, first_keys
from launchpad.records.imported import ImportedFile

HARNESS: str = "lm-eval"
_BESIDE_RESULTS = frozenset({"versions", "configs", "n-shot", "group_subtasks", "groups", "config"})
_METRIC_KEY = re.compile(rb'"[\w\- ]+_stderr(,[\w\-]+)?"\s*:')


def recognises(source: Source) -> bool:
    """Whether this is a results file or a samples file of the harness."""
    return _is_samples(source) or _is_results(first_keys(source.start), source.start)


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """What the file says: of a results file every metric, of a samples file those that are means of documents.

    The run id is the moment of the start, since the harness gives none; a samples file takes it, the
    model and the direction of its metrics from the results file of the same date beside it.
    """
    if not _is_samples(source):
        run = results.read_run(source.path)
        return _file(source, sha256, run)
    read_in = samples.read_samples(source, keep_outcomes=keep_outcomes, keep_texts=keep_texts)
    beside = samples.run_beside(source.path, read_in.problems)
    found = tuple(samples.results_of(source.path, read_in, beside))
    file = _file(source, sha256, beside) if beside else ImportedFile(str(source.path), sha256, HARNESS)
    return ImportedFile(
        path=file.path,
        sha256=file.sha256,
        harness=file.harness,
        harness_version=file.harness_version,
        run_id=file.run_id,
        status=file.status,
        started=file.started,
        completed=file.completed,
        results=found,
        problems=(*read_in.problems, *read_in.texts.problems()),
        texts=read_in.texts.columns(),
    )


def _file(source: Source, sha256: str, run: results.Run) -> ImportedFile:
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        harness_version=run.version,
        run_id=run.run_id,
        # The harness writes its files only after the last task.
        status="complete",
        started=run.started,
        completed=run.completed,
        results=run.results,
        problems=run.problems,
    )


def _is_results(keys: dict[str, frozenset[str]], start: bytes) -> bool:
    # "config_general" is of lighteval, which writes results and versions too, and means other things by them.
    if "results" not in keys or {"eval", "evalId", "config_general"} & keys.keys():
        return False
    if "versions" in keys or {"configs", "group_subtasks"} & keys.keys():
        return True
    return bool(_METRIC_KEY.search(start)) and (keys.keys() <= {"results"} or bool(_BESIDE_RESULTS & keys.keys()))


def _is_samples(source: Source) -> bool:
    keys = first_line_keys(source, b'"doc_id"')
    if not keys and source.start.lstrip().startswith(b"[") and b'"doc_id"' in source.start:
        keys = first_keys(source.start.lstrip()[1:])
    return {"doc_id", "doc"} <= keys.keys() and bool({"resps", "filtered_resps"} & keys.keys())

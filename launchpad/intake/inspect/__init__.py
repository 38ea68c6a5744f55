"""Inspect AI logs, .eval and .json: finished, cancelled, failed, or of a run that was killed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.inspect.log import HEADER, START, Log, open_archive, open_json
from launchpad.intake.inspect.notes import problems_of, status_of
from launchpad.intake.inspect.results import results_of
from launchpad.intake.inspect.scores import Run, keys_needed
from launchpad.intake.source import Source, first_keys, look
from launchpad.intake.values import as_object, text, utc, whole
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

HARNESS: str = "inspect"
LISTS = frozenset({"logs.json", "eval-set.json"})
MAX_RESULTS = 10_000


def recognises(source: Source) -> bool:
    """Whether this is an Inspect log, or one of the lists an Inspect eval set keeps beside its logs."""
    if source.is_zip:
        return HEADER in source.members or START in source.members
    keys = first_keys(source.start)
    return ("version" in keys and "task" in keys.get("eval", ())) or _is_list_of_logs(keys)


def covered(paths: Sequence[Path]) -> frozenset[Path]:
    """Of the files of a folder the lists that an eval set keeps beside its logs: what they say is in the logs."""
    logs = {path.parent for path in paths if path.name not in LISTS}
    return frozenset(path for path in paths if path.name in LISTS and path.parent in logs and _lists_logs(path))


def _lists_logs(path: Path) -> bool:
    try:
        source = look(path)
    except ImportRefusedError:
        return False
    return not source.is_zip and _is_list_of_logs(first_keys(source.start))


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """What the log says, with per-sample outcomes if wanted; refused when damaged, cut or no log at all."""
    if not source.is_zip and _is_list_of_logs(first_keys(source.start)):
        what = "a list of the logs of an evaluation set, not a result: import the logs themselves"
        return ImportedFile(str(source.path), sha256, HARNESS, problems=(Problem(source.path.name, what),))
    if source.is_zip:
        log = open_archive(source, keep_texts=keep_texts)
    else:
        log = open_json(source.path, keep_texts=keep_texts)
    run = _run(source, log, keep_outcomes=keep_outcomes)
    results: list[ImportedResult] = []
    for score in log.scores:
        results.extend(results_of(run, score))
        if len(results) > MAX_RESULTS:
            raise ImportRefusedError(f"{source.path} lists more than {MAX_RESULTS:,} results.", jsons.DAMAGED)
    spec, stats = as_object(log.header.get("eval")), as_object(log.header.get("stats"))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        harness_version=text(as_object(spec.get("packages")).get("inspect_ai")),
        run_id=text(spec.get("run_id")),
        status=status_of(log),
        started=utc(stats.get("started_at")) or utc(spec.get("created")),
        completed=utc(stats.get("completed_at")),
        # One call of eval() gives all its tasks one run id: a task run twice in it is told apart by its own.
        results=tuple(replace(result, run_id=text(spec.get("eval_id"))) for result in results),
        problems=(*problems_of(log), *run.problems, *log.texts.problems()),
        texts=log.texts.columns(),
    )


def _is_list_of_logs(keys: dict[str, frozenset[str]]) -> bool:
    """Whether these are the keys of logs.json (headers by file name) or of eval-set.json."""
    if {"eval_set_id", "tasks"} <= keys.keys():
        return True
    names_only = bool(keys) and all(key.endswith((".eval", ".json")) for key in keys)
    return names_only and any({"version", "eval"} & below for below in keys.values())


def _run(source: Source, log: Log, *, keep_outcomes: bool) -> Run:
    spec, results = as_object(log.header.get("eval")), as_object(log.header.get("results"))
    task, model = text(spec.get("task")), text(spec.get("model"))
    if task is None or model is None:
        missing = "task" if task is None else "model"
        raise ImportRefusedError(f"{source.path} is no Inspect log: it names no {missing}.", jsons.DAMAGED)
    _, cluster_key, group_key = keys_needed(log.scorers, log.scores)
    return Run(
        task=task,
        task_version=text(spec.get("task_version")),
        model=model,
        total_samples=whole(results.get("total_samples")),
        epochs=whole(as_object(spec.get("config")).get("epochs")) or 1,
        scorers=log.scorers,
        cluster_key=cluster_key,
        group_key=group_key,
        samples=log.samples,
        keep_outcomes=keep_outcomes,
    )

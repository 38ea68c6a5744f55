"""promptfoo evaluations, red team scans among them: JSON, YAML, JSONL and CSV."""

import csv
import io
import re
from itertools import islice

from launchpad.errors import ImportRefusedError
from launchpad.intake.lines import first_line_keys
from launchpad.intake.promptfoo import evaluation, tables
from launchpad.intake.promptfoo.evaluation import Evaluation
from launchpad.intake.source import Source, first_keys, look
from launchpad.records.imported import ImportedFile

HARNESS: str = "promptfoo"
MAX_RESULTS = 20_000
_YAML = re.compile(rb"(?:\xef\xbb\xbf)?(?:---\s*\n)?evalId:[ \t]")


def recognises(source: Source) -> bool:
    """Whether this is an evaluation in any of promptfoo's formats."""
    return _kind(source) is not None


def read(source: Source, sha256: str, *, keep_outcomes: bool) -> ImportedFile:
    """The pass rate of every provider and prompt, its named scores, and of red team tests each group.

    A passed red team test is one the model withstood. JSONL and CSV say neither which evaluation they
    are of nor whether it ended: they take that from a JSON file of the same name beside them.
    """
    kind = _kind(source)
    if kind == "json":
        found = evaluation.read_json(source.path, keep=keep_outcomes)
    elif kind == "yaml":
        found = evaluation.read_yaml(source.path, keep=keep_outcomes)
    else:
        csv_ = kind == "csv"
        found = tables.read_table(source, keep=keep_outcomes) if csv_ else _lines(source, keep=keep_outcomes)
        _take_from_beside(source, found)
    results = tuple(islice(found.results(), MAX_RESULTS + 1))
    if len(results) > MAX_RESULTS:
        raise ImportRefusedError(f"{source.path} holds more than {MAX_RESULTS:,} results.", "Export less at once.")
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        harness_version=found.version,
        run_id=found.run_id,
        status=found.status,
        started=found.started,
        results=results,
        problems=tuple(found.problems),
    )


def _lines(source: Source, *, keep: bool) -> Evaluation:
    return evaluation.read_lines(source.path, keep=keep)


def _kind(source: Source) -> str | None:
    if _YAML.match(source.start):
        return "yaml"
    if b"Grader Reason" in source.start and tables.columns_of(_first_record(source.start)):
        return "csv"
    keys = first_keys(source.start)
    inner = keys.get("results", frozenset())
    if "evalId" in keys or ("version" in inner and {"prompts", "results"} & inner):
        return "json" if "results" in keys else None
    hints = (b'"promptIdx"', b'"gradingResult"', b'"failureReason"')
    hint = next((hint for hint in hints if hint in source.start), None)
    keys = first_line_keys(source, hint) if hint else {}
    graded = {"gradingResult", "failureReason"} & keys.keys()
    return "jsonl" if graded and {"promptIdx", "testIdx"} <= keys.keys() else None


def _first_record(start: bytes) -> list[str]:
    words = io.StringIO(start.decode("utf-8-sig", errors="replace"), newline="")
    try:
        return next(csv.reader(words))
    except (csv.Error, StopIteration):
        return []


def _take_from_beside(source: Source, found: Evaluation) -> None:
    """Name the evaluation as the JSON file of the same name does, if its rows come to the same."""
    path = source.path.with_suffix(".json")
    if path == source.path or not path.is_file():
        return
    try:
        beside = look(path)
        if _kind(beside) != "json":
            return
        same = evaluation.read_json(path, keep=False)
    except ImportRefusedError:
        return
    if same.tally.totals == found.tally.totals:
        found.run_id, found.task, found.version = same.run_id, same.task, same.version
        found.started, found.status, found.prompts = same.started, same.status, same.prompts

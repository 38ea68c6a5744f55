"""promptfoo evaluations, red team scans among them: JSON, YAML, JSONL and CSV."""

import csv
import io
import re
from itertools import islice

from launchpad.errors import ImportRefusedError
from launchpad.intake.lines import first_line_keys
from launchpad.intake.promptfoo import evaluation, tables
from launchpad.intake.promptfoo.evaluation import Evaluation
from launchpad.intake.promptfoo.tally import Tally
from launchpad.intake.source import Source, first_keys, look
from launchpad.intake.texts import TextRows
from launchpad.records.imported import ImportedFile

HARNESS: str = "promptfoo"
MAX_RESULTS = 20_000
_YAML = re.compile(rb"(?:\xef\xbb\xbf)?(?:---\s*\n)?(?:evalId:[ \t]|results:\s*\n[ \t]+version:[ \t]*\d)")
_TABLE = (b"Grader Reason", b"[PASS] (", b"[FAIL] (")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,100}\?>\s*)?<promptfoo[\s>]")


def recognises(source: Source) -> bool:
    """Whether this is an evaluation in any of promptfoo's formats."""
    return _kind(source) is not None or _XML.match(source.start) is not None


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """The pass rate of every provider and prompt, its named scores, and of red team tests each group.

    A passed red team test is one the model withstood. JSONL and CSV say neither which evaluation they
    are of nor whether it ended: they take that from a JSON file of the same name beside them.
    """
    if _XML.match(source.start):
        what = f"{source.path} is an XML export of promptfoo, which loses the types of what it holds."
        raise ImportRefusedError(what, "Export the evaluation as JSON: promptfoo export eval, or -o results.json.")
    found = _evaluation(source, Tally(keep_outcomes, TextRows(keep_texts)))
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
        texts=found.texts(),
    )


def _evaluation(source: Source, tally: Tally) -> Evaluation:
    kind = _kind(source)
    if kind == "json":
        return evaluation.read_json(source.path, tally)
    if kind == "yaml":
        return evaluation.read_yaml(source.path, tally)
    found = tables.read_table(source, tally) if kind == "csv" else evaluation.read_lines(source.path, tally)
    _take_from_beside(source, found)
    return found


def _kind(source: Source) -> str | None:
    if _YAML.match(source.start):
        return "yaml"
    if any(mark in source.start for mark in _TABLE) and tables.columns_of(_first_record(source.start)):
        return "csv"
    keys = first_keys(source.start)
    inner = keys.get("results", frozenset())
    if "results" in keys and ("evalId" in keys or ("version" in inner and {"prompts", "results"} & inner)):
        return "json"
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
        same = evaluation.read_json(path, Tally(keep=False))
    except ImportRefusedError:
        return
    if same.tally.totals == found.tally.totals and found.run_id in {None, same.run_id}:
        found.run_id, found.task, found.version = same.run_id, same.task, same.version
        found.started, found.status, found.prompts = same.started, same.status, same.prompts

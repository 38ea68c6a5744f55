"""deepeval: test runs as `deepeval test run` and `evaluate` save them, of any version, wrapped or not."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from launchpad.errors import ImportRefusedError
from launchpad.intake import jsons
from launchpad.intake.deepeval.cases import Run
from launchpad.intake.deepeval.results import results_of
from launchpad.intake.lines import repeats_into
from launchpad.intake.source import PIECE, Source, first_keys, keys_within
from launchpad.intake.values import number, text, whole
from launchpad.records.imported import ImportedFile, Problem

HARNESS: str = "deepeval"
WRAPPER = "testRunData"
CASES = frozenset({"testCases", "conversationalTestCases", "test_cases", "testResults", "test_results"})
STREAMED = CASES | {f"{WRAPPER}.{name}" for name in CASES}
_MARKS = (b'"metricsData"', b'"metrics_data"', b'"metricsMetadata"', b'"metrics_metadata"', b'"actualOutput"')
_METRICS = frozenset({"metricsData", "metrics_data", "metricsMetadata", "metrics_metadata"})
_SUMS = frozenset({"metricsScores", "metricScores", "metrics_scores"})
_CACHE = "test_cases_lookup_map"
_DATE = re.compile(r"(?:^|[_-])(\d{8})_(\d{6})(?:[_.]|$)")


def recognises(source: Source) -> bool:
    """Whether this is a test run, bare or under testRunData, a list of test results, or deepeval's cache."""
    marked = any(mark in source.start for mark in _MARKS)
    if keys_within(source.start, "[{") & _METRICS:
        return True
    keys = first_keys(source.start)
    run = keys.keys() | keys.get(WRAPPER, frozenset())
    if _CACHE in run or (WRAPPER in keys and run & (CASES | _SUMS)):
        return True
    return bool(run & CASES) and (marked or bool(run & _SUMS) or "conversationalTestCases" in run)


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """For each metric the share of cases that passed it and the mean score; and the share of cases that passed.

    A judge that failed gives no score: an error, not a failure. Higher is better only where scores,
    thresholds and verdicts prove it. The date is that of the file's name.
    """
    if _CACHE in first_keys(source.start):
        raise ImportRefusedError(
            f"{source.path} is deepeval's cache of judgements, not a result.",
            "Import .latest_test_run.json, or the test_run file of the run.",
        )
    run = Run(keep_texts=keep_texts)
    for key, value in _members(source, run.problems):
        run.take(key, value)
    facts = run.facts
    results = tuple(results_of(run, keep=keep_outcomes))
    if not results:
        run.problems.append(Problem("testCases", "the run holds no metric"))
    completed = _date(source.path.name)
    duration = number(facts.get("runDuration")) or 0.0
    started = completed and completed - timedelta(seconds=min(max(duration, 0.0), 86_400.0))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        harness_version=text(facts.get("deepevalVersion")),
        run_id=_run_id(run),
        status="complete" if whole(facts.get("testPassed")) is not None else "unknown",
        started=started and started.isoformat(timespec="seconds"),
        completed=completed and completed.isoformat(),
        results=results,
        problems=(*run.problems, *run.texts.problems()),
        texts=run.texts.columns(),
    )


def _members(source: Source, problems: list[Problem]) -> Iterator[tuple[str, object]]:
    """The keys of the run and what they hold, test cases one by one."""
    name = str(source.path)
    with source.path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        if source.start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
            yield from (("testCases", item) for item in jsons.array_items(pieces, name))
            return
        for key, value in jsons.object_items(pieces, name, STREAMED, repeats_into(problems, name)):
            yield key.removeprefix(f"{WRAPPER}."), value


def _run_id(run: Run) -> str | None:
    """The run's own id; else its identifier with a digest of what it measured, for identifiers are used again."""
    own = text(run.facts.get("testRunId")) or text(run.facts.get("test_run_id")) or text(run.facts.get("runId"))
    if own is not None or not run.trail:
        return own
    digest = hashlib.sha256("\n".join(run.trail).encode("utf-8", "replace")).hexdigest()[:12]
    identifier = text(run.facts.get("identifier"))
    return digest if identifier is None else f"{identifier}/{digest}"


def _date(name: str) -> datetime | None:
    """The moment in a name such as test_run_20261124_054628.json, which has no zone and is taken as UTC."""
    match = _DATE.search(name)
    try:
        return datetime.strptime("".join(match.groups()), "%Y%m%d%H%M%S").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None

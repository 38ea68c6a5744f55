"""garak: reports, digests, and exports for the AI Vulnerability Database; hit logs are refused."""

import re

from launchpad.errors import ImportRefusedError
from launchpad.intake.garak import avid, report
from launchpad.intake.lines import first_line_keys
from launchpad.intake.source import Source, first_keys
from launchpad.records.imported import ImportedFile, Problem

HARNESS: str = "garak"
_ENTRY = re.compile(
    rb'"entry_type"\s*:\s*"(start_run setup|config|init|payload_init|plugin_cache|attempt|eval|probe_summary|'
    rb'completion|digest|tree_data)"'
)
_HIT = frozenset({"attempt_id", "detector", "probe", "score", "generator"})


def recognises(source: Source) -> bool:
    """Whether this is a report, a digest, a hit log, or an AVID export that garak made."""
    return _is_report(source) or _is_digest(source) or _is_hitlog(source) or _is_avid(source)


def read(source: Source, sha256: str, *, keep_outcomes: bool, keep_texts: bool = False) -> ImportedFile:
    """What the file says of every probe and detector; a hit log is refused, having no denominator."""
    if _is_hitlog(source):
        raise ImportRefusedError(
            f"{source.path} is a hit log of garak: it lists hits only and has no denominator, so it gives no rate.",
            "Import the .report.jsonl of the same run.",
        )
    if _is_avid(source):
        return _avid(source, sha256)
    if _is_digest(source):
        found = report.read_digest(source.path)
    else:
        found = report.read_report(source.path, keep_outcomes=keep_outcomes, keep_texts=keep_texts)
    results = tuple(report.results_of(found))
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        harness_version=found.version,
        run_id=found.run_id,
        status=found.status,
        started=found.started,
        completed=found.completed,
        results=results,
        problems=(*found.problems, *report.endings(found)),
        texts=found.texts.columns(),
    )


def _avid(source: Source, sha256: str) -> ImportedFile:
    problems: list[Problem] = []
    results = tuple(avid.read_reports(source.path, problems))
    if not results:
        problems.append(Problem("metrics", "the export holds no result"))
    dates = [result.date for result in results if result.date]
    return ImportedFile(
        path=str(source.path),
        sha256=sha256,
        harness=HARNESS,
        # garak exports a report only as a whole, but does not say whether its run ended.
        status="unknown",
        started=min(dates, default=None),
        results=results,
        problems=tuple(problems),
    )


def _is_report(source: Source) -> bool:
    keys = first_line_keys(source, b'"entry_type"')
    return "entry_type" in keys and bool(_ENTRY.search(source.start))


def _is_digest(source: Source) -> bool:
    """Whether it is a digest that was laid out over several lines."""
    if b'"garak_version"' not in source.start or first_line_keys(source, b'"meta"'):
        return False
    keys = first_keys(source.start)
    return "garak_version" in keys.get("meta", ())


def _is_hitlog(source: Source) -> bool:
    keys = first_line_keys(source, b'"attempt_id"') or first_line_keys(source, b'"detector"')
    return keys.keys() >= _HIT and "entry_type" not in keys


def _is_avid(source: Source) -> bool:
    keys = first_line_keys(source, b'"AVID"')
    return {"data_type", "metrics"} <= keys.keys() and b"garak" in source.start.lower()

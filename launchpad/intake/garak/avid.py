"""garak's export for the AI Vulnerability Database: one report a probe and line, scores as pass rates of 0 to 100."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake.garak.names import METRIC, Tally, plain
from launchpad.intake.jsons import DAMAGED
from launchpad.intake.lines import MAX_BAD, Lines, member
from launchpad.intake.shares import NO_MODEL, UNKNOWN_MODEL
from launchpad.intake.values import as_list, as_object, label, number, text, utc, whole
from launchpad.records.imported import ImportedResult, Problem

_PROBE = re.compile(r"using the probe `([^`]{1,300})`")
_VIEW = re.compile(r"([SEP])\d{4}")
_DOMAINS = {"S": "security", "E": "ethics", "P": "performance"}


def read_reports(path: Path, problems: list[Problem]) -> Iterator[ImportedResult]:
    """The attack's success for each probe and detector; the date is the day of the export."""
    nameless, bad = False, 0
    with path.open("rb") as file:
        for line_number, report in Lines(str(path), file, problems):
            probe = _probe(report)
            if probe is None:
                bad += 1
                if bad > MAX_BAD:
                    raise ImportRefusedError(f"{path} holds more than {MAX_BAD:,} reports of no probe.", DAMAGED)
                problems.append(Problem(f"line {line_number}", "names no garak probe; left out"))
                continue
            model = _model(report)
            nameless = nameless or model == UNKNOWN_MODEL
            common = ImportedResult(
                task=probe, model=model, metric=METRIC, date=utc(report.get("reported_date")), tags=_tags(report)
            )
            for metric in as_list(report.get("metrics")):
                yield from _rows(common, as_object(member(metric, "results")), line_number, problems)
    if nameless:
        problems.append(Problem("affects.artifacts", NO_MODEL))


def _rows(
    common: ImportedResult, table: Mapping[str, object], line_number: int, problems: list[Problem]
) -> Iterator[ImportedResult]:
    """The rows of a table that is written column by column, as pandas does."""
    totals = as_object(table.get("total_evaluated")) or as_object(table.get("total"))
    for row, written in as_object(table.get("detector")).items():
        detector = plain(written)
        passed, evaluated = whole(member(table.get("passed"), row)), whole(totals.get(row))
        score = number(member(table.get("score"), row))
        if detector is not None and passed is not None and evaluated is not None and passed <= evaluated:
            result = Tally(passed, evaluated, None).result(common.task, detector, common.model)
            yield replace(result, date=common.date, tags=common.tags)
        elif detector is not None and score is not None and 0 <= score <= 100:
            yield replace(common, scorer=detector, value=1 - score / 100)
        else:
            what = f"row {row} has no detector, no sensible counts and no score; left out"
            problems.append(Problem(f"line {line_number}", what))


def _probe(report: Mapping[str, object]) -> str | None:
    for place in (report, report.get("problemtype")):
        words = label(member(place, "description", "value")) or ""
        if match := _PROBE.search(words):
            return plain(match[1])
    return None


def _model(report: Mapping[str, object]) -> str:
    affects = as_object(report.get("affects"))
    artifacts = [text(member(artifact, "name")) for artifact in as_list(affects.get("artifacts"))]
    deployers = [text(name) for name in as_list(affects.get("deployer"))]
    return next((name for name in (*artifacts, *deployers) if name), UNKNOWN_MODEL)


def _tags(report: Mapping[str, object]) -> tuple[str, ...]:
    """The AVID effects, written as garak's own probes write them: avid-effect:ethics:E0301."""
    views = [label(view) or "" for view in as_list(member(report, "impact", "avid", "sep_view"))]
    matches = [match for match in map(_VIEW.match, views) if match]
    return tuple(f"avid-effect:{_DOMAINS[match[1]]}:{match[0]}" for match in matches)

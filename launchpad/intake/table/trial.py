"""A table tried out before it comes in: how its sheets begin, what a mapping makes of them, what is doubtful."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from launchpad.intake.source import look
from launchpad.intake.table import reader_of, results_of, sheets_of
from launchpad.intake.table.cells import words
from launchpad.intake.table.columns import Mapping
from launchpad.intake.table.layout import Layout, Recall, headers_of, layout_of, likely_header, recalled
from launchpad.intake.table.rows import UNKNOWN_MODEL
from launchpad.intake.table.sheets import Sheet
from launchpad.records.imported import ImportedResult, Problem

FIRST = 300
TRIED = 200
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Beginning:
    """How one sheet begins: its first rows as text, the row its header is likely in, the mapping guessed.

    `doubt` says why a person should look at the guess, in one sentence; it is empty when the header says it
    all, when its mapping was remembered, and when nothing could be guessed.
    """

    sheet: Sheet
    rows: tuple[tuple[str, ...], ...]
    header: int
    mapping: Mapping | None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a mapping makes of the first rows of a sheet; `fits` is false when it lacks the columns."""

    fits: bool
    results: tuple[ImportedResult, ...]
    problems: tuple[Problem, ...]


def beginnings(path: Path, recall: Recall | None = None) -> tuple[Beginning, ...]:
    """The beginning of each visible sheet that holds anything; raises ImportRefusedError as `read` does."""
    sheets, _ = sheets_of(look(path))
    return tuple(_beginning(path, sheet, recall) for sheet in sheets if sheet.rows)


def trial(path: Path, sheet: Sheet, mapping: Mapping) -> Trial:
    """The results that a mapping finds in a sheet, at most TRIED, and what it cannot read there."""
    layout = layout_of(sheet, mapping)
    if layout is None:
        return Trial(fits=False, results=(), problems=())
    reader = reader_of(look(path), layout, several=False)
    results = tuple(islice(results_of(reader, keep_outcomes=False), TRIED))
    return Trial(fits=True, results=results, problems=tuple(reader.problems))


def doubts(path: Path, recall: Recall | None = None) -> str:
    """Why a person should look at a table before it comes in, in one sentence; empty when its headers say it all."""
    return next((found.doubt for found in beginnings(path, recall) if found.doubt), "")


def _beginning(path: Path, sheet: Sheet, recall: Recall | None) -> Beginning:
    first = replace(sheet, rows=sheet.rows[:FIRST], numbers=sheet.numbers[:FIRST])
    known = recalled(first, recall) if recall is not None else None
    layout = layout_of(first, known)
    header = layout.header if layout else likely_header(first) or 0
    rows = tuple(tuple(words(cell) or "" for cell in row) for row in first.rows)
    doubt = _doubt(path, layout) if layout is not None and known is None else ""
    return Beginning(first, rows, header, layout.mapping if layout else None, doubt)


def _doubt(path: Path, layout: Layout) -> str:
    if layout.mapping.wide:
        what = "model" if layout.mapping.models else "metric"
        return f"Each of these columns is taken for a {what}: {_some(layout.mapping.wide)}."
    known = {*layout.mapping.columns.values()}
    spare = [header for header in headers_of(layout.sheet, layout.header) if header not in known]
    if spare:
        return f"It is not known what these columns hold: {_some(spare)}."
    found = trial(path, layout.sheet, layout.mapping)
    if any(result.model == UNKNOWN_MODEL for result in found.results):
        return "It does not say which model its results are of."
    return ""


def _some(headers: Sequence[str]) -> str:
    return ", ".join(headers[:_SHOWN]) + (", …" if len(headers) > _SHOWN else "")

"""Tables of results: CSV and its relatives and XLSX, in the shapes people keep results in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake.source import Source, look
from launchpad.intake.table import delimited
from launchpad.intake.table.cells import words
from launchpad.intake.table.columns import Mapping
from launchpad.intake.table.layout import Layout, Recall, headers_of, layout_of, likely_header, recalled
from launchpad.intake.table.outcomes import results_of_samples
from launchpad.intake.table.rows import UNKNOWN_MODEL, Reader, results_by_column, results_by_row
from launchpad.intake.table.sheets import TOO_LARGE, Sheet
from launchpad.intake.table.texts import take_texts
from launchpad.intake.texts import TextRows
from launchpad.records.imported import ImportedFile, ImportedResult, Problem

__all__ = ["HARNESS", "Mapping", "Preview", "Recall", "preview", "read", "read_rows", "recognises"]

HARNESS: str = "table"
MAX_RESULTS = 20_000
PREVIEW_ROWS = 20
MAX_HEADERS_SHOWN = 12
HINT = (
    "Name one column 'value' and others 'task', 'metric', 'model' or 'n', "
    "or say in a mapping file which column is which."
)
_BINARY = (b"SQLite format 3\0", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x28\xb5\x2f\xfd", b"\x1f\x8b", b"PK")


@dataclass(frozen=True, slots=True)
class Preview:
    """How one sheet begins: its header as far as it can be told, some rows as text, the mapping guessed."""

    sheet: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: Mapping | None


def recognises(source: Source) -> bool:
    """Whether this is a workbook, or text that could be a table."""
    if source.is_zip:
        return "xl/workbook.xml" in source.members
    return not source.start.startswith(_BINARY) and source.start.lstrip()[:1] not in (b"{", b"[")


def read(
    source: Source,
    sha256: str,
    *,
    keep_outcomes: bool,
    keep_texts: bool = False,
    mapping: Mapping | None = None,
    recall: Recall | None = None,
) -> ImportedFile:
    """The results in the table's visible sheets; refused when no column can be recognised.

    `mapping` holds for every sheet; without one `recall` is asked for that of a sheet's header.
    """
    sheets, problems = sheets_of(source)
    results: list[ImportedResult] = []
    texts = TextRows(keep_texts)
    unknown: list[Sheet] = []
    for sheet in sheets:
        layout = layout_of(sheet, mapping or (recall and recalled(sheet, recall)))
        if layout is None:
            unknown.append(sheet)
            continue
        reader = reader_of(source, layout, several=len(sheets) > 1)
        results.extend(islice(results_of(reader, keep_outcomes=keep_outcomes), MAX_RESULTS + 1))
        if len(results) > MAX_RESULTS:
            raise ImportRefusedError(f"{source.path} holds more than {MAX_RESULTS:,} results.", TOO_LARGE)
        take_texts(reader, texts)
        problems.extend(reader.problems)
    if len(unknown) == len(sheets):
        raise _not_recognised(source.path, unknown, mapping)
    for sheet in unknown:
        if sheet.rows:
            problems.append(Problem(f"sheet {sheet.name!r}", f"no columns recognised; seen: {_seen([sheet])}"))
    if any(result.model == UNKNOWN_MODEL for result in results):
        problems.append(Problem("model", "rows without a model are kept under the name 'unknown'"))
    problems.extend((*_repeated(results), *texts.problems()))
    spoken = texts.columns()
    return ImportedFile(
        str(source.path), sha256, HARNESS, results=tuple(results), problems=tuple(problems), texts=spoken
    )


def preview(path: Path, mapping: Mapping | None = None) -> list[Preview]:
    """How each visible sheet of a table file begins, with the mapping that would be used for it."""
    sheets, _ = sheets_of(look(path))
    found: list[Preview] = []
    for sheet in sheets:
        layout = layout_of(sheet, mapping)
        header = layout.header if layout else likely_header(sheet)
        first = 0 if header is None else header + 1
        rows = [tuple(words(cell) or "" for cell in row) for row in sheet.rows[first : first + PREVIEW_ROWS]]
        headers = () if header is None else tuple(words(cell) or "" for cell in sheet.rows[header])
        found.append(Preview(sheet.name, headers, tuple(rows), layout.mapping if layout else None))
    return found


def read_rows(path: str | Path) -> tuple[list[str], list[dict[str, str]]]:
    """The header and the rows, as text by header, of a table of any kind: its first visible sheet."""
    source = look(Path(path))
    if not recognises(source):
        raise ImportRefusedError(f"{path} is not a table.", "Give a CSV, TSV or XLSX file with a header.")
    sheet = sheets_of(source)[0][0]
    header = likely_header(sheet) or 0
    names = [words(cell) or "" for cell in sheet.rows[header]] if sheet.rows else []
    rows: list[dict[str, str]] = []
    for cells in sheet.rows[header + 1 :]:
        row = {name: words(cell) or "" for name, cell in zip(names, cells, strict=False) if name}
        if any(row.values()):
            rows.append(row)
    return [name for name in names if name], rows


def sheets_of(source: Source) -> tuple[list[Sheet], list[Problem]]:
    """The visible sheets of a table file, and what could not be read of them."""
    if not source.is_zip:
        return delimited.read(source)
    from launchpad.intake.table import workbook

    return workbook.read(source)


def reader_of(source: Source, layout: Layout, *, several: bool) -> Reader:
    """What reads a sheet laid out like this; of several sheets each gives its results its own name."""
    name = layout.sheet.name
    if source.is_zip and several:
        return Reader(layout, name, f"sheet {name!r}, ")
    return Reader(layout, source.path.stem)


def results_of(reader: Reader, *, keep_outcomes: bool) -> Iterator[ImportedResult]:
    """The results in a laid-out sheet, as its mapping says what a row is."""
    kind = reader.layout.mapping.kind
    if kind == "none":
        return iter(())
    if kind == "samples":
        return results_of_samples(reader, keep_outcomes=keep_outcomes)
    return results_by_column(reader) if kind == "wide" else results_by_row(reader)


def _repeated(results: Sequence[ImportedResult]) -> list[Problem]:
    """Results that cannot be told apart: the project would keep one of each."""
    times = Counter((r.task, r.model, r.scorer, r.metric, r.variant, r.group) for r in results)
    return [
        Problem("rows", f"{count} rows have the same task, model and metric: {', '.join(filter(None, path))}")
        for path, count in times.items()
        if count > 1
    ]


def _not_recognised(path: Path, sheets: Sequence[Sheet], mapping: Mapping | None) -> ImportRefusedError:
    if mapping is None:
        return ImportRefusedError(f"{path} has no columns this program knows; it has: {_seen(sheets)}.", HINT)
    named = ", ".join(dict.fromkeys((*mapping.columns.values(), *mapping.wide)))
    what = f"{path} does not have the columns of the mapping ({named}); it has: {_seen(sheets)}."
    return ImportRefusedError(what, "Change the mapping, or import without one.")


def _seen(sheets: Sequence[Sheet]) -> str:
    headers: list[str] = []
    for sheet in sheets:
        header = likely_header(sheet)
        headers.extend(headers_of(sheet, 0 if header is None else header) if sheet.rows else ())
    shown = [header if len(header) <= 40 else f"{header[:39]}…" for header in headers[:MAX_HEADERS_SHOWN]]
    return ", ".join(shown) + (", …" if len(headers) > MAX_HEADERS_SHOWN else "") if shown else "nothing"

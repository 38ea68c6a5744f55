"""Any evidence file: recognised by its content, read by its harness's module, cleaned on the way out."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from launchpad.errors import ImportRefusedError
from launchpad.intake import garak, inspect, lm_eval, modelbench, openai_evals, promptfoo, table
from launchpad.intake.door import clean
from launchpad.intake.polarity import with_known_polarity
from launchpad.intake.source import Source, first_keys, look, sha256, unreadable
from launchpad.records.imported import ImportedFile

Progress = Callable[[float, str], None]

ENDINGS = frozenset({".eval", ".json", ".jsonl", ".zst", ".yaml", ".yml", ".csv", ".tsv", ".xlsx"})
KNOWN = (
    "Known are the results of Inspect, lm-evaluation-harness, garak, promptfoo, OpenAI evals and modelbench, "
    "and tables of results (.csv, .tsv, .xlsx)."
)
_KINDS = {
    b"SQLite format 3\0": "an SQLite database",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls); save it as .xlsx",
    b"PK": "a zip archive with neither a log nor a workbook in it",
    b"\x28\xb5\x2f\xfd": "a zstandard file",
    b"\x1f\x8b": "a gzip file",
}


class Harness(Protocol):
    """What a harness's module offers: it knows its files by their content, and reads them."""

    HARNESS: str

    def recognises(self, source: Source, /) -> bool: ...  # noqa: D102 - see the modules

    def read(self, source: Source, sha256: str, /, *, keep_outcomes: bool) -> ImportedFile: ...  # noqa: D102


HARNESSES: tuple[Harness, ...] = (inspect, lm_eval, garak, promptfoo, openai_evals, modelbench)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or folder that `read_all` could not take in, and the error that says why."""

    path: Path
    error: ImportRefusedError


def detect(path: Path) -> str:
    """The name of the harness that wrote the file, or "table"; refused when it is nothing known."""
    source = look(path)
    harness = _harness(source)
    return table.HARNESS if harness is None else harness.HARNESS


def read(path: Path, *, keep_outcomes: bool = True, mapping: table.Mapping | None = None) -> ImportedFile:
    """The facts of one evidence file, per-sample outcomes included unless not wanted.

    `mapping` says which column of a table holds what. Raises ImportRefusedError when the file is
    missing, damaged, cut, crafted, or in no known format; smaller faults are listed as problems.
    """
    try:
        source = look(path)
        harness = _harness(source)
        digest = sha256(path)
        if harness is None:
            file = table.read(source, digest, keep_outcomes=keep_outcomes, mapping=mapping)
        else:
            file = harness.read(source, digest, keep_outcomes=keep_outcomes)
    except OSError as error:
        raise unreadable(path, error) from error
    return with_known_polarity(clean(file))


def read_all(
    paths: Iterable[Path],
    *,
    keep_outcomes: bool = True,
    mapping: table.Mapping | None = None,
    progress: Progress | None = None,
) -> Iterator[ImportedFile | Refused]:
    """Every file given and every evidence file in the folders given, each read or refused on its own.

    Folders are walked in order of names; hidden files and files with other endings are passed by.
    `progress` is told the share done, by size, and the name of the file before it is read.
    """
    found = list(_walk(paths))
    sizes = [0 if isinstance(item, Refused) else _size(item) for item in found]
    total, done = max(sum(sizes), 1), 0
    for item, size in zip(found, sizes, strict=True):
        if isinstance(item, Refused):
            yield item
            continue
        if progress is not None:
            progress(done / total, item.name)
        try:
            yield read(item, keep_outcomes=keep_outcomes, mapping=mapping)
        except ImportRefusedError as error:
            yield Refused(item, error)
        done += size


def _harness(source: Source) -> Harness | None:
    """The harness that recognises the file, None for a table."""
    for harness in HARNESSES:
        if harness.recognises(source):
            return harness
    if table.recognises(source):
        return None
    raise ImportRefusedError(f"{source.path} is in no format this program knows: it is {_kind(source)}.", KNOWN)


def _kind(source: Source) -> str:
    for start, kind in _KINDS.items():
        if source.start.startswith(start):
            return kind
    keys = sorted(first_keys(source.start))
    return f"JSON with the keys {', '.join(keys[:8])}" if keys else "JSON of another kind"


def _walk(paths: Iterable[Path]) -> Iterator[Path | Refused]:
    seen: set[Path] = set()
    for path in paths:
        items = _files_below(path) if path.is_dir() else [path]
        for item in items:
            place = item.path if isinstance(item, Refused) else item
            key = place.resolve()
            if key not in seen:
                seen.add(key)
                yield item


def _files_below(folder: Path) -> list[Path | Refused]:
    found: list[Path | Refused] = []

    def note(error: OSError) -> None:
        found.append(Refused(Path(error.filename or folder), unreadable(Path(error.filename or folder), error)))

    for parent, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        names = [name for name in sorted(files) if not name.startswith(".")]
        found.extend(Path(parent) / name for name in names if Path(name).suffix.lower() in ENDINGS)
    if not found:
        error = ImportRefusedError(f"There is no evaluation file in the folder {folder}.", KNOWN)
        found.append(Refused(folder, error))
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

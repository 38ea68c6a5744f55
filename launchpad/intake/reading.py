"""Any evidence file: recognised by its content, read by its harness's module, cleaned on the way out."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from launchpad.errors import ImportRefusedError
from launchpad.intake import (
    air_bench,
    deepeval,
    garak,
    giskard,
    harmbench,
    helm,
    inspect,
    jailbreakbench,
    lm_eval,
    modelbench,
    openai_evals,
    openai_moderation,
    promptfoo,
    pyrit,
    strongreject,
    table,
    xstest,
)
from launchpad.intake.door import clean
from launchpad.intake.polarity import with_known_polarity
from launchpad.intake.source import Source, first_keys, look, sha256, unreadable
from launchpad.records.imported import ImportedFile

Progress = Callable[[float, str], None]

ENDINGS = frozenset(
    {".eval", ".json", ".jsonl", ".zst", ".yaml", ".yml", ".csv", ".tsv", ".xlsx", ".db", ".sqlite", ".sqlite3"}
)
KNOWN = (
    "Known are the results of Inspect, lm-evaluation-harness, garak, promptfoo, OpenAI evals, modelbench, "
    "HELM, deepeval, PyRIT, giskard, StrongREJECT, HarmBench, JailbreakBench, XSTest, AIR-Bench and OpenAI moderation, "
    "and tables of results (.csv, .tsv, .xlsx)."
)
# Test runs of deepeval before 3, in the folder it was told to keep them in.
_UNENDED = re.compile(r"\d{8}_\d{6}")
PROJECT = b"LPAD"
_KINDS = {
    b"SQLite format 3\0": "an SQLite database, but no memory of PyRIT",
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

    def read(self, source: Source, sha256: str, /, *, keep_outcomes: bool, keep_texts: bool) -> ImportedFile: ...  # noqa: D102


HARNESSES: tuple[Harness, ...] = (
    *(inspect, lm_eval, garak, promptfoo, openai_evals, modelbench, deepeval, pyrit, giskard),
    *(openai_moderation, xstest, strongreject, helm, harmbench, jailbreakbench, air_bench),
)


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


def read(
    path: Path,
    *,
    keep_outcomes: bool = True,
    keep_texts: bool = False,
    mapping: table.Mapping | None = None,
    recall: table.Recall | None = None,
) -> ImportedFile:
    """The facts of one evidence file, per-sample outcomes included unless not wanted, sample text only if wanted.

    `mapping` says which column of a table holds what, `recall` gives the one remembered for a header.
    Raises ImportRefusedError when the file is missing, damaged, cut, crafted, or in no known format;
    smaller faults are listed as problems.
    """
    try:
        source = look(path)
        harness = _harness(source)
        digest = sha256(path)
        if harness is None:
            file = table.read(
                source, digest, keep_outcomes=keep_outcomes, keep_texts=keep_texts, mapping=mapping, recall=recall
            )
        else:
            file = harness.read(source, digest, keep_outcomes=keep_outcomes, keep_texts=keep_texts)
    except OSError as error:
        raise unreadable(path, error) from error
    return with_known_polarity(clean(file))


def read_all(
    paths: Iterable[Path],
    *,
    keep_outcomes: bool = True,
    keep_texts: bool = False,
    mapping: table.Mapping | None = None,
    recall: table.Recall | None = None,
    skip: Callable[[Path], bool] | None = None,
    progress: Progress | None = None,
) -> Iterator[ImportedFile | Refused]:
    """Every file given and every evidence file in the folders given, each read or refused on its own.

    Folders are walked in order of names. Hidden files are passed by, and so are files with other endings
    unless a harness knows its own in them, and those that `skip` names, known from an earlier look at a folder.
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
        if skip is not None and skip(item):
            done += size
            continue
        try:
            yield read(item, keep_outcomes=keep_outcomes, keep_texts=keep_texts, mapping=mapping, recall=recall)
        except ImportRefusedError as error:
            yield Refused(item, error)
        done += size


def _harness(source: Source) -> Harness | None:
    """The harness that recognises the file, None for a table."""
    for harness in HARNESSES:
        if harness.recognises(source):
            return harness
    if not _is_duckdb(source) and table.recognises(source):
        return None
    raise ImportRefusedError(f"{source.path} is in no format this program knows: it is {_kind(source)}.", KNOWN)


def _is_duckdb(source: Source) -> bool:
    return source.start[8:12] == b"DUCK"


def _kind(source: Source) -> str:
    if source.start.startswith(b"SQLite format 3\0") and source.start[68:72] == PROJECT:
        return "a Launchpad project, which is opened, not imported"
    if _is_duckdb(source):
        return "a DuckDB database; old versions of PyRIT wrote those: dump its scores as JSON"
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

    # Somebody who names a hidden folder, such as .deepeval, wants what is hidden in it.
    hidden = folder.name.startswith(".")
    for parent, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        names = [name for name in sorted(files) if hidden or not name.startswith(".")]
        found.extend(path for name in names if _may_be_evidence(path := Path(parent) / name))
    # A run of HELM is a folder, read from one of its files; an eval set of Inspect lists its logs beside them.
    files_found = [item for item in found if isinstance(item, Path)]
    passed = helm.covered(files_found) | inspect.covered(files_found)
    found = [item for item in found if item not in passed]
    if not found:
        error = ImportRefusedError(f"There is no evaluation file in the folder {folder}.", KNOWN)
        found.append(Refused(folder, error))
    return found


def _may_be_evidence(path: Path) -> bool:
    """Whether to read a file met in a folder: by its ending, else only when its content is plainly a harness's."""
    if path.suffix.lower() in ENDINGS or _UNENDED.fullmatch(path.name):
        return True
    try:
        source = look(path)
        return any(harness.recognises(source) for harness in HARNESSES)
    except (ImportRefusedError, OSError):
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

"""The table of HarmBench's behaviours: in which semantic and functional category each is."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from launchpad.intake import csvs
from launchpad.intake.source import Source
from launchpad.intake.values import shortened
from launchpad.records.imported import Problem

MAX_TABLE = 16 * 1024**2
MAX_KIND = 100
FOLDERS_UP = 5
FUNCTIONAL = "functional: "
_TABLES = ("harmbench_behaviors*.csv", "data/behavior_datasets/harmbench_behaviors*.csv")
_COLUMNS = ("behaviorid", "semanticcategory", "functionalcategory")


@dataclass(frozen=True, slots=True)
class Kinds:
    """The semantic and the functional category of a behaviour; empty when unknown."""

    semantic: str
    functional: str

    @property
    def groups(self) -> tuple[str, ...]:
        """Both as names of groups; "copyright" is one of either, so the functional one says what it is."""
        return tuple(filter(None, (self.semantic, f"{FUNCTIONAL}{self.functional}" if self.functional else "")))


def is_table(source: Source) -> bool:
    """Whether this is a table of behaviours."""
    return csvs.top(source).has(*_COLUMNS)


def categories(path: Path, problems: list[Problem]) -> dict[str, Kinds]:
    """The categories of behaviours, from the tables beside the file or in HarmBench's own place further up."""
    for folder in path.absolute().parents[: FOLDERS_UP + 1]:
        tables = sorted(found for pattern in _TABLES for found in folder.glob(pattern) if found.is_file())
        found: dict[str, Kinds] = {}
        for table in tables:
            found |= _table(table, problems)
        if found:
            return found
    return {}


def _table(path: Path, problems: list[Problem]) -> dict[str, Kinds]:
    try:
        with path.open("rb") as file:
            words = file.read(MAX_TABLE + 1)
    except OSError as error:
        problems.append(Problem(path.name, f"the table of behaviours cannot be read: {error.strerror}"))
        return {}
    if len(words) > MAX_TABLE:
        problems.append(Problem(path.name, f"the table of behaviours is larger than {MAX_TABLE >> 20} MB: not read"))
        return {}
    lines = csv.reader(io.StringIO(words.decode("utf-8-sig", errors="replace"), newline=""))
    found: dict[str, Kinds] = {}
    try:
        names = [cell.strip().casefold() for cell in next(lines, list[str]())]
        if not names or not set(names) >= set(_COLUMNS):
            return {}
        own, semantic, functional = (names.index(column) for column in _COLUMNS)
        for row in lines:
            if len(row) == len(names):
                kinds = Kinds(*(shortened(row[column].strip(), MAX_KIND) for column in (semantic, functional)))
                found[row[own].strip()] = kinds
    except csv.Error as error:
        problems.append(Problem(path.name, f"the table of behaviours breaks off: {error}"))
    return found

"""What a workbook that came back holds, as plain rows; `workplan` reads them, whoever compares them needs no file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

OF_ALL_WORK = frozenset({"teams", "counted", "gain"})
"""The columns that only the list of all work has; those of one team lack them."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Plain = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class WorkbookCell:
    """One cell: where it stands (`Workplan!M7`), its plain value (a day as YYYY-MM-DD), and what kind it is of.

    `written` is the text as the file spells it, which some programs leave escaped (`_x003D_`); the value is unescaped.
    """

    where: str
    value: Plain
    kind: Literal["value", "formula", "error"] = "value"
    written: str = ""


@dataclass(frozen=True, slots=True)
class WorkbookRow:
    """One row of a table: its cells by column, and `key`, the values it was exported with (None: not known)."""

    sheet: str
    number: int
    cells: Mapping[str, WorkbookCell]
    key: Mapping[str, Plain] | None
    key_damaged: bool = False

    @property
    def where(self) -> str:
        """The row as a person would look for it."""
        return f"{self.sheet}, row {self.number}"


@dataclass(frozen=True, slots=True)
class WorkbookTable:
    """One table: its sheet, the words above its header, its columns, its rows."""

    sheet: str
    above: tuple[str, ...]
    columns: frozenset[str]
    rows: tuple[WorkbookRow, ...]

    @property
    def of_all_work(self) -> bool:
        """Whether this is the list of all work, not that of one team."""
        return bool(self.columns & OF_ALL_WORK)


@dataclass(frozen=True, slots=True)
class ReturnedWorkbook:
    """A workbook that came back: what marks it as ours (None where the mark was lost), its tables, and remarks."""

    path: Path
    project: str | None
    head: str | None
    launch: str | None
    plan: str | None
    tables: tuple[WorkbookTable, ...]
    remarks: tuple[str, ...] = ()


def unescaped(text: str) -> str:
    """The text without the escapes of ECMA-376, part 1, 22.9.2.19, which not every program undoes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text

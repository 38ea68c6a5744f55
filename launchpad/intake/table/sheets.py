"""One table as rows of cells, and the bounds every table keeps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launchpad.errors import ImportRefusedError
from launchpad.intake.table.cells import Cell

MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_CELLS = 4_000_000
MAX_CELL = 2_000
TOO_LARGE = "Keep only the columns and rows that hold results, and export again."


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, its rows, and the line or row number each of them has in the file.

    `shown_in_percent` holds the (row, column) indices of numbers that the file stores as fractions
    and shows as percentages.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int]
    number_word: str = "line"
    shown_in_percent: frozenset[tuple[int, int]] = field(default=frozenset())

    def where(self, row: int) -> str:
        """The place of a row as a person would look for it."""
        return f"{self.number_word} {self.numbers[row]}"


def too_large(path: Path) -> ImportRefusedError:
    """The refusal of a table with more cells than results can fill."""
    limit = f"{MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns or {MAX_CELLS:,} cells"
    return ImportRefusedError(f"{path} is larger than a table of results can be ({limit}).", TOO_LARGE)

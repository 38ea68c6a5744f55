"""The share of benign requests that a set of safeguards leaves alone, point by point."""

import hashlib
from collections.abc import Iterable

import numpy as np

from launchpad.scoring.arrays import Bools, Floats, Ints, Singles
from launchpad.scoring.estimates import at
from launchpad.scoring.side_effects import SideEffects
from launchpad.scoring.streams import Deviates

Rows = tuple[int, ...]
"""Places in `SideEffects.rows`, in order."""

BLOCK = 64
LEAST = 1e-30
"""What stands for leaving nothing alone, where logarithms are summed."""


class Refusals:
    """Products of 1 - false refusal over sets of side effects; one matrix product in log space for many sets."""

    def __init__(self, side: SideEffects, deviates: Deviates) -> None:
        self._side = side
        self.deviates = deviates
        self._left: dict[Rows, Floats] = {}
        self._prints: dict[Rows, bytes] = {}

    def prepare(self, sets: Iterable[Rows]) -> None:
        """Work out these sets together: each side effect is drawn once, whoever needs it."""
        wanted = [rows for rows in dict.fromkeys(sets) if rows not in self._left]
        every = np.array(sorted({row for rows in wanted for row in rows}), dtype=np.int64)
        total = np.zeros((len(wanted), self.deviates.count), dtype=np.float32)
        member = np.array([np.isin(every, rows) for rows in wanted], dtype=np.float32).reshape(len(wanted), every.size)
        for first in range(0, every.size, BLOCK):
            here = slice(first, first + BLOCK)
            total += member[:, here] @ np.stack([self._log_left(int(row)) for row in every[here]])
        for rows, left in zip(wanted, np.exp(total), strict=True):
            self._left[rows] = left.astype(np.float64)

    def left(self, rows: Rows) -> Floats:
        """(points,) the share that these side effects leave alone together."""
        if rows not in self._left:
            self.prepare([rows])
        return self._left[rows]

    def print_of(self, rows: Rows) -> bytes:
        """What the share depends on, as a hash."""
        if rows not in self._prints:
            self._prints[rows] = hashlib.sha256(b"\n".join(self._side.prints[row] for row in rows)).digest()
        return self._prints[rows]

    def _log_left(self, row: int) -> Singles:
        spread = self._side.spreads[row]
        if spread is None:
            return np.zeros(self.deviates.count, dtype=np.float32)
        return log_left(at(spread, self.deviates.of(self._side.addresses[row], "false refusal")))


def log_left(stopped: Floats | Singles) -> Singles:
    """ln(1 - e) of shares that are stopped, in single precision; where all is stopped, of as good as nothing."""
    return np.log(np.maximum((1 - stopped).astype(np.float32), np.float32(LEAST)))


def rows_on(behind: Ints, on: Bools) -> Rows:
    """The side effects behind the variants that are on; `behind` (V,) is the row of each variant, -1 for none."""
    return tuple(np.unique(behind[on & (behind >= 0)]).tolist())

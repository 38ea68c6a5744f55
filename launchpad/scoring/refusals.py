"""The share of benign requests that a set of safeguards leaves alone, point by point."""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np

from launchpad.scoring.arrays import Bools, Floats, Ints, Singles
from launchpad.scoring.estimates import at
from launchpad.scoring.side_effects import SideEffects
from launchpad.scoring.streams import Deviates

Rows = tuple[int, ...]
"""Places in `SideEffects.rows`, in order."""

BLOCK = 512
LEAST = 1e-30
"""What stands for leaving nothing alone, where logarithms are summed."""


class Refusals:
    """Products of 1 - false refusal over sets of side effects; one matrix product in log space for many sets."""

    def __init__(self, side: SideEffects, deviates: Deviates) -> None:
        self._side = side
        self.deviates = deviates
        self._left: dict[Rows, Floats] = {}
        self._rows: dict[tuple[bytes, bytes], Rows] = {}
        self._prints: dict[Rows, bytes] = {}

    def rows_on(self, index: int, on: Bools) -> Rows:
        """The side effects behind the variants that are on, as the scenario at a place on axis S is asked about."""
        behind = self._side.row_behind[:, index]
        key = behind.tobytes(), on.tobytes()
        if key not in self._rows:
            self._rows[key] = rows_on(behind, on)
        return self._rows[key]

    def prepare(self, sets: Iterable[Rows]) -> None:
        """Work out these sets together: each side effect is drawn once, whoever needs it."""
        wanted = [rows for rows in dict.fromkeys(sets) if rows not in self._left]
        every = np.array(sorted({row for rows in wanted for row in rows}), dtype=np.int64)
        total = np.zeros((len(wanted), self.deviates.count), dtype=np.float32)
        member = np.zeros((len(wanted), every.size), dtype=np.float32)
        for place, rows in enumerate(wanted):
            member[place, np.searchsorted(every, np.array(rows, dtype=np.int64))] = 1
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

    def left_of(self, sets: Sequence[Rows]) -> Floats:
        """(sets, points) the same for several sets."""
        return np.stack([self.left(rows) for rows in sets])

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
    seen = np.zeros(int(behind.max(initial=-1)) + 1, dtype=np.bool_)
    seen[behind[on & (behind >= 0)]] = True
    return tuple(np.flatnonzero(seen).tolist())

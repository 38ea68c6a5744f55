"""Whole numbers behind reported shares, and the name of a model that a file does not name."""

import math
from collections.abc import Sequence

UNKNOWN_MODEL = "unknown"
NO_MODEL = f"the file does not say which model was evaluated; it is kept under the name {UNKNOWN_MODEL!r}"


def exact_count(value: float | None, n: int | None, stderr: float | None) -> int | None:
    """The items with outcome 1 when mean and standard error can only come from zeros and ones, else None.

    `stderr` is s / sqrt(n) with n - 1 in s, so that of zeros and ones it is sqrt(p (1 - p) / (n - 1)).
    Partial credit can add up to a whole number too, but then spreads less.
    """
    if value is None or stderr is None or n is None or n < 2 or not 0 <= value <= 1:
        return None
    count = round(value * n)
    binary = math.sqrt(value * (1 - value) / (n - 1))
    exact = math.isclose(count, value * n, rel_tol=0, abs_tol=1e-6)
    return count if exact and math.isclose(stderr, binary, rel_tol=1e-9, abs_tol=1e-6) else None


def total(numbers: Sequence[int | None]) -> int | None:
    """Their sum, or None when there are none or one is missing."""
    known = [found for found in numbers if found is not None]
    return sum(known) if known and len(known) == len(numbers) else None

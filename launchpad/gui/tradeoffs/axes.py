"""The scales of charts: plain, logarithmic, or logarithmic on both sides of 0; where their ticks lie."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["plain", "log", "signed"]
SPREAD = 30.0
"""Amounts further apart than this factor are told apart on a logarithmic scale only."""
DECADES = 6
FEW_DECADES = 2.5


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from `first` to `last`; on the signed one amounts below `near` in size lie close to 0."""

    kind: Kind = "plain"
    first: float = 0.0
    last: float = 1.0
    near: float = 1.0

    def share(self, value: float) -> float:
        """How far from the first to the last a value lies, 0 to 1; what is beyond lies at the end."""
        if self.kind == "log" and value <= self.first:
            return 0.0
        low, high = self._bent(self.first), self._bent(self.last)
        return min(max((self._bent(value) - low) / (high - low), 0.0), 1.0)

    def _bent(self, value: float) -> float:
        if self.kind == "log":
            return math.log10(value)
        if self.kind == "signed":
            return math.copysign(math.log10(1 + abs(value) / self.near), value)
        return value

    def value(self, share: float) -> float:
        """The value that lies so far from the first to the last."""
        low, high = self._bent(self.first), self._bent(self.last)
        bent = low + share * (high - low)
        if self.kind == "log":
            return 10.0**bent
        if self.kind == "signed":
            return math.copysign(self.near * (10 ** abs(bent) - 1), bent)
        return bent

    def ticks(self) -> list[float]:
        """Round amounts from the first to the last."""
        if self.kind == "plain":
            return list(_even(self.first, self.last))
        if self.kind == "log":
            return [value for value in _rounds(self.first, self.last) if self.first <= value <= self.last * 1.0001]
        sizes = _decades(self.near, max(abs(self.first), abs(self.last)))
        both = [0.0, *sizes, *(-size for size in sizes)]
        return sorted(value for value in both if self.first * 1.0001 <= value <= self.last * 1.0001)


def fitted(values: Iterable[float | None]) -> Scale:
    """The scale that holds these amounts: plain where they are alike in size, else logarithmic."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    sizes = [abs(value) for value in known if value != 0]
    if not sizes:
        return Scale()
    most, least = max(sizes), max(min(sizes), max(sizes) / 10**DECADES)
    wide, negative = most / least > SPREAD, min(known) < 0
    if not wide:
        low, high = min(0.0, *known), max(0.0, *known)
        edge = (high - low) * 0.05
        return Scale("plain", low - (edge if low < 0 else 0), high + (edge if high > 0 else 0))
    if negative:
        near = most / 1000
        return Scale("signed", min(known) * 1.3, max(*known, near) * 1.3, near)
    return Scale("log", _down(least), _up(most))


def losses(values: Iterable[float]) -> Scale:
    """The logarithmic scale that holds these losses; those of 0 lie at its beginning."""
    known = [value for value in values if value > 0]
    if not known:
        return Scale("log", 1.0, 10.0)
    first = _down(max(min(known), max(known) / 10**DECADES))
    last = _up(max(known))
    return Scale("log", first, last if last > first else 10 * first)


def chances(least: float) -> Scale:
    """The scale of chances from a rare one to certainty."""
    return Scale("log", 10 ** math.floor(math.log10(least) + 1e-9), 1.0)


def _even(first: float, last: float) -> Iterator[float]:
    raw = (last - first) / 5
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= raw * 0.999)
    for place in range(math.ceil(first / step - 1e-9), math.floor(last / step + 1e-9) + 1):
        yield place * step


def _rounds(first: float, last: float) -> Iterator[float]:
    steps = (1, 2, 5) if math.log10(last / first) <= FEW_DECADES else (1,)
    for decade in range(math.floor(math.log10(first)), math.ceil(math.log10(last)) + 1):
        yield from (step * 10.0**decade for step in steps)


def _decades(first: float, last: float) -> list[float]:
    return [10.0**decade for decade in range(math.ceil(math.log10(first)), math.floor(math.log10(last)) + 1)]


def _down(value: float) -> float:
    size = 10 ** math.floor(math.log10(value) + 1e-9)
    return max(step * size for step in (1, 2, 5) if step * size <= value * 1.0001)


def _up(value: float) -> float:
    size = 10 ** math.floor(math.log10(value) + 1e-9)
    return min(step * size for step in (1, 2, 5, 10) if step * size >= value * 0.9999)

"""How much an amount is worth between two stated anchors: 0 at the worst, 1 at the best."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from launchpad.errors import ScoringError
from launchpad.scoring.arrays import Floats

WorthScale = Literal["plain", "log"]


@dataclass(frozen=True, slots=True)
class ValueFunction:
    """A piecewise-linear value function: `amounts` rise or fall strictly from worst to best, `worths` rise 0 to 1.

    On the log scale the line is straight between the logarithms of the amounts.
    """

    amounts: tuple[float, ...]
    worths: tuple[float, ...]
    scale: WorthScale = "plain"


def value_function(
    worst: float | None,
    best: float | None,
    between: Sequence[tuple[float, float]] = (),
    scale: WorthScale = "plain",
    name: str = "The criterion",
) -> ValueFunction:
    """The value function through its anchors and the points (amount, worth) between them.

    Raises ScoringError, naming the criterion, without both anchors (a weight means nothing until the swing it
    weighs is said; Keeney & Raiffa 1976), when they are equal, when a point lies outside them or the worths do
    not rise from worst to best, and on the log scale when an amount is not positive.
    """
    if worst is None or best is None:
        raise ScoringError(
            f"{name} has no anchors: what is worth nothing and what is worth everything.",
            "Give its worst and its best anchor; a weight without them means nothing.",
        )
    if worst == best:
        raise ScoringError(f"{name} has the same amount as its worst and best anchor.", "Give two different amounts.")
    inner = sorted(between, key=lambda point: point[0], reverse=worst > best)
    amounts = (worst, *(amount for amount, _ in inner), best)
    worths = (0.0, *(worth for _, worth in inner), 1.0)
    steps = np.diff(amounts) * (1 if best > worst else -1)
    if not (np.all(steps > 0) and np.all(np.diff(worths) >= 0)):
        raise ScoringError(
            f"The points of {name} do not rise in worth from {worst:g} to {best:g}.",
            "Give points between the anchors as amount=worth, each worth no less than the one before.",
        )
    if scale == "log" and min(amounts) <= 0:
        raise ScoringError(
            f"{name} is judged on a log scale and has an anchor of {min(amounts):g}.", "Give anchors above 0."
        )
    return ValueFunction(amounts, worths, scale)


def worth(function: ValueFunction, amounts: Floats) -> Floats:
    """The worth of each amount, 0 to 1, in the shape of the amounts; beyond an anchor it stays at the anchor's.

    An amount that is not known (nan) is worth nan.
    """
    points = np.array(function.amounts)
    if function.scale == "log":
        points = np.log(points)
        with np.errstate(divide="ignore"):
            amounts = np.log(np.maximum(amounts, 0.0))  # nothing left at all lies beyond every anchor
    if points[0] > points[-1]:
        return np.interp(-amounts, -points, function.worths)
    return np.interp(amounts, points, function.worths)


def points_between(words: str | None, name: str = "The criterion") -> tuple[tuple[float, float], ...]:
    """The points written as "amount=worth, amount=worth".

    Raises ScoringError, naming the criterion, for anything else.
    """
    found: list[tuple[float, float]] = []
    for part in (words or "").split(","):
        if not part.strip():
            continue
        amount, _, value = part.partition("=")
        try:
            found.append((float(amount), float(value)))
        except ValueError:
            raise ScoringError(
                f"{name} has {part.strip()!r} between its anchors, which is no point of a value function.",
                "Write amount=worth, such as 0.02=0.5.",
            ) from None
    return tuple(found)

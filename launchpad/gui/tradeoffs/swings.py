"""The numbers of the weights panel: swings of a weight set as stored or as they stand, and what is odd about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchpad.errors import ScoringError
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.records import Criterion, Inputs, SwingWeight, WeightSet

if TYPE_CHECKING:
    from launchpad.scoring.arrays import Floats

MOST = 100.0


@dataclass(frozen=True, slots=True)
class Stored:
    """The answers of a weight set to the criteria (C of them): `swings` as shown, `origin` how they came about.

    `complete` says whether a swing is stored for every criterion; else `swings` come from ranks, or are all alike.
    """

    swings: tuple[float, ...]
    ranks: tuple[int | None, ...]
    asked: tuple[tuple[int, float] | None, ...]
    origin: str
    complete: bool


def stored(inputs: Inputs, weight_set: WeightSet, criteria: Sequence[Criterion]) -> Stored:
    """What a weight set says of these criteria."""
    from launchpad.scoring.tradeoffs import weights

    answers = {row.criterion: row for row in inputs.children(SwingWeight, "weight_set", weight_set.id)}
    mine = [answers.get(row.id) for row in criteria]
    place = {row.id: at for at, row in enumerate(criteria)}
    given = [None if row is None else row.swing for row in mine]
    ranks = tuple(None if row is None else row.rank for row in mine)
    asked = tuple(_asked(row, place) for row in mine)
    known = [swing for swing in given if swing is not None]
    order = [rank for rank in ranks if rank is not None]
    if len(known) == len(criteria):
        return Stored(tuple(known), ranks, asked, tr("Weights from swings."), complete=True)
    if order and len(order) == len(criteria):
        centroid = weights.from_ranks(order)
        greatest = float(centroid.max())
        swings = tuple(round(MOST * float(value) / greatest, 1) for value in centroid.tolist())
        said = tr("Weights from ranks (rank-order centroid), as no swings are given. Move a slider to give swings.")
        return Stored(swings, ranks, asked, said, complete=False)
    swings = tuple(MOST if swing is None else swing for swing in given)
    if known or order:
        said = tr("Some criteria have no swing yet and are shown at 100. Move a slider to give every one its swing.")
    else:
        said = tr("This weight set says nothing yet: all swings are shown at 100. Move a slider to begin.")
    return Stored(swings, ranks, asked, said, complete=False)


def _asked(row: SwingWeight | None, place: Mapping[int, int]) -> tuple[int, float] | None:
    if row is None or row.compared_with is None or row.times is None or row.compared_with not in place:
        return None
    return place[row.compared_with], row.times


def findings(criteria: Sequence[Criterion], known: Stored, swings: Sequence[float]) -> list[str]:
    """Where the answers contradict each other at these swings, in words."""
    from launchpad.scoring.tradeoffs import weights

    names = [row.name for row in criteria]
    return list(weights.disagreements(names, list(swings), known.ranks, known.asked))


def weights_of(swings: Sequence[float]) -> Floats | ScoringError:
    """The weights (C,) of swings, or why they are none."""
    from launchpad.scoring.tradeoffs import weights

    try:
        return weights.from_swings(swings)
    except ScoringError as error:
        return error


def swing_at(weight: float, place: int, swings: Sequence[float]) -> float:
    """The swing at which a criterion has a weight while the other swings stay; at most 100."""
    others = sum(swings) - swings[place]
    if weight >= 1 or others <= 0:
        return MOST
    return min(MOST, weight / (1 - weight) * others)

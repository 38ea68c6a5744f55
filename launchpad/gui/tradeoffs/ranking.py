"""The numbers of the ranking: values and ranks at any weights, how often each rank is taken, who beats whom."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.tradeoffs.cloud import tr
from launchpad.records import Criterion, Mitigation

if TYPE_CHECKING:
    from launchpad.results.tradeoffs import Tradeoffs
    from launchpad.scoring.arrays import Floats, Ints

BANDS: Sequence[tuple[int, int]] = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10))
"""First and last rank of each part of a bar."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """Options at some weights: `values` (A,) worth added, `places` (A,); `low`, `high` (C,) hold the first three."""

    weights: Floats
    values: Floats
    places: Ints
    low: Floats
    high: Floats


def ranked(found: Tradeoffs, at: Floats) -> Ranked:
    """The options at weights (C,) that sum to 1; closed form, no draws."""
    from launchpad.scoring.tradeoffs import ranking, weights

    values = found.gains @ at
    held = weights.stability(found.gains, at)
    return Ranked(at, values, ranking.places(values), held.low, held.high)


def row_id(code: str) -> int:
    """The id of an option's row."""
    return zlib.crc32(code.encode())


def band_shares(found: Tradeoffs, option: int) -> list[float]:
    """How often an option takes the ranks of each band."""
    if found.acceptability is None:
        return []
    shares = found.acceptability.ranks[option]
    return [float(shares[first - 1 : last].sum()) for first, last in BANDS]


def rows(found: Tradeoffs, now: Ranked | None, before: Ranked | None, known: Mapping[str, Mitigation]) -> list[Row]:
    """A row of the table for each option; `before` are the weights that are stored."""
    made: list[Row] = []
    sure = found.acceptability
    for place, code in enumerate(found.options.codes):
        mitigation = known.get(code)
        rank = None if now is None else int(now.places[place])
        risen = 0 if rank is None or before is None else int(before.places[place]) - rank
        central = None if sure is None else sure.central[place]
        first = None if sure is None else float(sure.ranks[place, 0])
        never = central is None or bool(np.isnan(central[0]))
        made.append(
            Row(
                row_id(code),
                {"mitigation": mitigation},
                {
                    "place": rank,
                    "risen": risen,
                    "code": code,
                    "name": "" if mitigation is None else mitigation.name,
                    "value": None if now is None else round(100 * float(now.values[place]), 2),
                    "first": first,
                    "expected": None if sure is None else float(sure.expected_rank[place]),
                    "confidence": None if never or sure is None else float(sure.confidence[place]),
                    "central": None if never or central is None else central_words(found.criteria.rows, central),
                    "dominated": tr("dominated") if bool(found.dominated[place]) else "",
                },
            )
        )
    return made


def central_words(criteria: Sequence[Criterion], central: Floats, most: int = 3) -> str:
    """The greatest weights of those for whom an option is the best."""
    order = np.argsort(-central, kind="stable")[:most]
    return ", ".join(f"{criteria[at].name} {words.percent(float(central[at]))}" for at in order)


def duels(found: Tradeoffs, code: str) -> list[tuple[str, float]]:
    """The other options by expected rank, and how often this one is worth more; empty beyond the best sixty."""
    codes = [found.options.codes[place] for place in found.paired]
    if code not in codes:
        return []
    mine = codes.index(code)
    return [(other, float(found.winning[mine, at])) for at, other in enumerate(codes) if at != mine]


def dominators(found: Tradeoffs, option: int) -> list[str]:
    """The options at least as good on every criterion and better on one."""
    gains, own = found.gains, found.gains[option]
    better = (gains >= own).all(axis=1) & (gains > own).any(axis=1)
    return [found.options.codes[place] for place in np.flatnonzero(better)]

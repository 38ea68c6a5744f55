"""Criteria and weights for small launches of tests, by measure in the order given: C-1, C-2 ..."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from launchpad.records import Criterion, Launch, Record, SwingWeight, WeightSet
from tests.builders import LAUNCH

ANCHORS = {
    "technical": (1000.0, 1.0),
    "cvar95": (1000.0, 1.0),
    "reputational": (10.0, 0.0),
    "false_refusal": (0.5, 0.0),
    "latency": (100.0, 0.0),
    "capability": (10.0, 0.0),
    "cost": (1000.0, 0.0),
    "effort": (100.0, 0.0),
}


def criteria(*measures: str, **fields: Any) -> list[Record]:
    """One criterion for each measure; `fields` replace those of every one."""
    return [
        _criterion(
            **{
                "id": 20_000 + place,
                "code": f"C-{place}",
                "launch": LAUNCH,
                "name": f"Named {measure}",
                "measure": measure,
                "worst": ANCHORS[measure][0],
                "best": ANCHORS[measure][1],
                **fields,
            }
        )
        for place, measure in enumerate(measures, start=1)
    ]


def _criterion(**fields: Any) -> Record:
    return Criterion(**fields)


def weight_set(swings: Sequence[float | None], ranks: Sequence[int | None] = (), number: int = 1) -> list[Record]:
    """Weight set W-1 (or another number) over the first criteria."""
    row = WeightSet(id=21_000 + number, code=f"W-{number}", launch=LAUNCH, name="Lead")
    given = [
        SwingWeight(
            id=22_000 + 100 * number + place,
            launch=LAUNCH,
            weight_set=row.id,
            criterion=20_001 + place,
            swing=swing,
            rank=ranks[place] if ranks else None,
        )
        for place, swing in enumerate(swings)
    ]
    return [row, *given]


def using(records: Iterable[Record], weight_set: str | None) -> list[Record]:
    """The records with a weight set in use by the launch."""
    return [dataclasses.replace(row, weight_set=weight_set) if isinstance(row, Launch) else row for row in records]

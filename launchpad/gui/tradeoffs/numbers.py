"""Everything the trade-offs screen shows of a launch, worked out in two stages: at once, and by drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from launchpad.errors import ScoringError
from launchpad.records import Inputs, Tolerance

if TYPE_CHECKING:
    from launchpad.results import Results
    from launchpad.results.ledger import LedgerRow, StressRow
    from launchpad.results.moves import Moves, OverlapName
    from launchpad.results.sensitivity import Tornado
    from launchpad.results.tradeoffs import Tradeoffs
    from launchpad.scoring.kept import Kept
    from launchpad.scoring.model import Model
    from launchpad.scoring.next_evaluations import NextEvaluation
    from launchpad.scoring.technical import Exceedance

Progress = Callable[[float, str], None]
Chance = tuple[float, float]
"""A chance and its Monte Carlo standard error."""


def tr(words: str) -> str:
    """Words of the screen in the person's language."""
    return QCoreApplication.translate("tradeoffs", words)


@dataclass(frozen=True, eq=False)
class Tails:
    """Exceedance curves by state, and {(code of a tolerance, state): the chance of passing its limit}."""

    curves: Mapping[str, Exceedance]
    chances: Mapping[tuple[str, str], Chance]


@dataclass(frozen=True, eq=False)
class Study:
    """One launch under one kind of overlap; `state` is the planned one, or the current one without a plan.

    `tradeoffs` and `tails` are None and `moves` without intervals until drawn; `refused` says why there are no
    trade-offs.
    """

    results: Results
    overlap: OverlapName
    model: Model
    state: str
    moves: Moves
    tornado: Tornado
    ledger: tuple[LedgerRow, ...]
    stress: tuple[StressRow, ...]
    evaluations: tuple[NextEvaluation, ...]
    tolerances: tuple[Tolerance, ...]
    tradeoffs: Tradeoffs | None = None
    refused: ScoringError | None = None
    tails: Tails | None = None

    @property
    def names(self) -> Mapping[str, str]:
        """What scenarios and mitigations are called, by code."""
        scenarios = {row.code: row.name for row in self.results.scenarios}
        return scenarios | {row.code: row.name for row in self.model.mitigations}


def at_once(inputs: Inputs, results: Results, overlap: OverlapName) -> Study:
    """What needs no draws: means, tornado, both sides of each mitigation, the worth of evaluations."""
    from launchpad.results.ledger import ledger, stress
    from launchpad.results.moves import moves, under
    from launchpad.results.sensitivity import tornado
    from launchpad.scoring.next_evaluations import next_evaluations
    from launchpad.scoring.reputation import blame
    from launchpad.scoring.residual import attributions

    model = under(results.model, overlap)
    state = model.planned or model.current
    return Study(
        results=results,
        overlap=overlap,
        model=model,
        state=state.name,
        moves=moves(model, results),
        tornado=tornado(model, state, blame(attributions(model, state), model.coefficients), first=40),
        ledger=ledger(model, state),
        stress=stress(results.model, results.model.planned or results.model.current),
        evaluations=next_evaluations(inputs, model, state),
        tolerances=launch_tolerances(inputs, results.launch.id),
    )


def with_curves(results: Results, known: Study, kept: Kept, progress: Progress) -> Study:
    """The same with intervals and exceedance curves; `results` hold the draws of all states."""
    from launchpad.results.moves import DRAWS, moves

    tails = _tails(results, known, kept, lambda share, doing: progress(0.5 * share, doing))

    def second(share: float, doing: str) -> None:
        progress(0.5 + 0.5 * share, doing)

    moved = moves(known.model, results, draws=DRAWS, progress=second, kept=kept)
    return replace(known, results=results, moves=moved, tails=tails)


def with_ranks(inputs: Inputs, results: Results, known: Study, kept: Kept, progress: Progress) -> Study:
    """The same with ranks and how often each is taken, or why there are none."""
    from launchpad.results.tradeoffs import tradeoffs

    progress(0.0, tr("Drawing ranks"))
    try:
        under = replace(results, model=known.model)
        found = tradeoffs(inputs, under, progress=progress, kept=kept)
    except ScoringError as error:
        return replace(known, tradeoffs=None, refused=error)
    return replace(known, tradeoffs=found, refused=None)


def launch_tolerances(inputs: Inputs, launch_id: int) -> tuple[Tolerance, ...]:
    """The limits on the technical loss of the whole launch, by code."""
    rows = (row for row in inputs.rows(Tolerance, launch_id) if row.measure == "technical" and row.scenario is None)
    return tuple(sorted(rows, key=lambda row: row.code))


def _tails(results: Results, known: Study, kept: Kept, progress: Progress) -> Tails:
    if known.overlap == "beta":
        return Tails(results.exceedance, dict(_read_off(results, known.tolerances)))
    from launchpad.results.simulated import simulate
    from launchpad.scoring.residual import attributions
    from launchpad.scoring.technical import exceedance, probability_above

    blamed = attributions(known.model, known.model.current)
    drawn = simulate(known.model, {}, blamed, results.draws, results.seed, progress, kept)
    chances = {
        (row.code, state): probability_above(loss, row.limit)
        for row in known.tolerances
        for state, loss in drawn.loss.items()
    }
    return Tails({state: exceedance(loss) for state, loss in drawn.loss.items()}, chances)


def _read_off(results: Results, tolerances: tuple[Tolerance, ...]) -> Mapping[tuple[str, str], Chance]:
    """The chances of the tightest limit as computed, of any other between the points of the curve."""
    tightest = min((row.limit for row in tolerances), default=None)
    found: dict[tuple[str, str], Chance] = {}
    for row in tolerances:
        for state, curve in results.exceedance.items():
            total = results.totals.get(state)
            if row.limit == tightest and total is not None and total.p_exceeds is not None:
                found[row.code, state] = (total.p_exceeds, total.p_exceeds_error or 0.0)
            else:
                p = float(np.interp(row.limit, curve.loss, curve.probability))
                found[row.code, state] = (p, float(np.sqrt(p * (1 - p) / results.draws)))
    return found

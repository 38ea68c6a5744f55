"""The answer of `score --json`: numbers as numbers, what is unknown or not computed yet as null, never nan."""

from collections.abc import Mapping
from typing import Any

from launchpad.records import Inputs
from launchpad.results.rows import OverlapRow, Results, ScenarioRow, ToleranceRow, TotalRow
from launchpad.results.tradeoffs import Tradeoffs
from launchpad.results.tradeoffs import as_json as ranks_json
from launchpad.scoring.next_evaluations import NextEvaluation
from launchpad.scoring.next_evaluations import as_json as evaluations_json

Answer = dict[str, Any]


def score_json(
    inputs: Inputs,
    results: Results,
    ranked: Tradeoffs | None = None,
    evaluations: tuple[NextEvaluation, ...] | None = None,
) -> Answer:
    """The scores as INTERFACES states them; what was not computed (ranks, evaluations to run next) is null."""
    del inputs  # every code is already in the results; the signature is shared with the other answers
    places: Mapping[str, Mapping[str, object]] = {} if ranked is None else ranks_json(ranked)
    totals: Answer = {state: _total(total) for state, total in results.totals.items()}
    return {
        "launch": results.launch.code,
        "seed": results.seed,
        "draws": results.draws,
        "input_hash": results.input_hash,
        "scenarios": [_scenario(row) for row in results.scenarios],
        "mitigations": [
            {
                "code": row.code,
                **places.get(row.code, {"rank_acceptability": None, "central_weights": None, "confidence": None}),
            }
            for row in results.mitigations
        ],
        "totals": {**totals, "assumed_share": results.assumed_share},
        "gates": [
            {
                "code": gate.code,
                "verdict": gate.verdict,
                "reason": gate.reason,
                "n_needed": gate.n_needed,
            }
            for gate in results.gates
        ],
        "tolerances": [_tolerance(row) for row in results.tolerances],
        "next_evaluations": None if evaluations is None else evaluations_json(evaluations),
        "warnings": [
            {"record": warning.record, "field": warning.field, "message": warning.message}
            for warning in results.warnings
        ],
    }


def _scenario(row: ScenarioRow) -> Answer:
    likely, loss, story, rank = row.propensity, row.technical, row.reputational, row.rank
    return {
        "code": row.code,
        "name": row.name,
        "risk_area": row.risk_area,
        "catastrophic": row.catastrophic,
        "propensity": {
            "low": likely.low,
            "median": likely.median,
            "high": likely.high,
            "n": likely.n,
            "stale": likely.stale,
            "kind": likely.kind,
            "origin": likely.origin,
        },
        "technical": None
        if loss is None
        else {"mean": loss.mean, "low": loss.low, "high": loss.high, "p_exceeds": loss.p_exceeds},
        **_states(row.states),
        "reputational": None if story is None else {"mean": story.mean, "low": story.low, "high": story.high},
        "rank": None if rank is None else {"rank": rank.rank, "low": rank.low, "high": rank.high},
        "assumed_share": row.assumed_share,
    }


def _tolerance(row: ToleranceRow) -> Answer:
    """A limit and what stands against it: chances of passing it where one is accepted, else amounts."""
    return {
        "code": row.code,
        "measure": row.measure,
        "limit": row.limit,
        "probability": row.probability,
        "current": row.current,
        "planned": row.planned,
        "within": row.within,
        "within_planned": row.within_planned,
    }


def _states(states: Mapping[str, OverlapRow | None]) -> Answer:
    return {
        name: None if row is None else {"independent": row.independent, "beta": row.beta, "comonotone": row.comonotone}
        for name, row in states.items()
    }


def _total(total: TotalRow | None) -> Answer | None:
    if total is None:
        return None
    return {
        "technical": total.technical,
        "reputational": total.reputational,
        "var95": total.var95,
        "cvar95": total.cvar95,
        "p_exceeds": total.p_exceeds,
        "over_refusal": total.over_refusal,
        "latency_ms": total.latency_ms,
        "cost": total.cost,
    }

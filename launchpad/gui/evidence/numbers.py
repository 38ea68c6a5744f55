"""What the evidence screen shows: each result as a failure rate with its interval, threshold and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from launchpad.gui.columns import Row
from launchpad.gui.words import Cell
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Gate, Inputs, Launch, Scenario
from launchpad.scoring.evidence import Reading, read
from launchpad.statistics import clopper_pearson_lower, clopper_pearson_upper, wilson

LEVEL = 0.95


def rows(inputs: Inputs, launch: Launch | None) -> list[Row]:
    """One row for each result, with its figures for this launch."""
    from launchpad.scoring.coefficients import of

    coefficients = of(inputs)
    links = _links(inputs, launch)
    gates = () if launch is None else inputs.rows(Gate, launch.id)
    made: list[Row] = []
    for result in inputs.rows(EvalResult):
        evaluation, linked = inputs.get(Evaluation, result.evaluation), links.get(result.id, [])
        reading, said = read(inputs, result, coefficients)
        figures: dict[str, Cell] = {
            **_rate(reading),
            **_against(reading, strictest(result, linked, gates)),
            "why": "\n".join(warning.message for warning in said),
            "links": ", ".join(sorted(_address(inputs, link) for link in linked)),
            "state": state(result, evaluation, linked),
        }
        made.append(Row(result.id, {"result": result, "evaluation": evaluation}, figures))
    return made


def _links(inputs: Inputs, launch: Launch | None) -> Mapping[int, list[EvidenceLink]]:
    found: dict[int, list[EvidenceLink]] = defaultdict(list)
    for link in inputs.rows(EvidenceLink, None if launch is None else launch.id):
        found[link.result].append(link)
    return found


def _rate(reading: Reading | None) -> dict[str, Cell]:
    """The failure rate with its 95 % Wilson interval on the effective sample; None where none can be told."""
    if reading is None:
        return {"rate": None, "low": None, "high": None}
    low, high = wilson(reading.failures, reading.n, LEVEL)
    return {"rate": reading.rate, "low": float(low), "high": float(high)}


def _against(reading: Reading | None, gate: Gate | None) -> dict[str, Cell]:
    """The limit a gate sets, and whether the result is within it by the bounds that gates are judged by."""
    if gate is None:
        return {"threshold": None, "against": None}
    limit = limit_of(gate)
    if reading is None:
        return {"threshold": limit, "against": None}
    failures = min(max(reading.failures, 0.0), reading.n)
    if clopper_pearson_upper(failures, reading.n, gate.confidence) <= limit:
        return {"threshold": limit, "against": "within"}
    above = clopper_pearson_lower(failures, reading.n, gate.confidence) > limit
    return {"threshold": limit, "against": "above" if above else "unsure"}


def _address(inputs: Inputs, link: EvidenceLink) -> str:
    if link.scenario is not None:
        return inputs.get(Scenario, link.scenario).code
    return inputs.part(link, "effect") or inputs.part(link, "side_effect")


def limit_of(gate: Gate) -> float:
    """The largest failure rate a gate lets pass: a safeguard asks for at least T stopped, so 1 - T."""
    if gate.kind == "safeguard":
        return 1 - gate.threshold
    return gate.threshold - gate.margin if gate.kind == "capability" else gate.threshold


def strictest(result: EvalResult, links: list[EvidenceLink], gates: tuple[Gate, ...]) -> Gate | None:
    """The gate that sets the lowest limit for this result; None when no gate asks about it."""
    scenarios = {link.scenario for link in links if link.scenario is not None}
    asking = [
        gate
        for gate in gates
        if (gate.scenario is not None or gate.evaluation is not None)
        and gate.scenario in (None, *scenarios)
        and gate.evaluation in (None, result.evaluation)
    ]
    return min(asking, key=limit_of, default=None)


def state(result: EvalResult, evaluation: Evaluation, links: list[EvidenceLink]) -> str:
    """What is to be done about a result before it counts: one of superseded, unconfirmed, unlinked, counts."""
    if result.superseded:
        return "superseded"
    if evaluation.polarity == "unknown":
        return "unconfirmed"
    return "counts" if links else "unlinked"


def evaluations_of(inputs: Inputs, results: list[EvalResult]) -> list[Evaluation]:
    """The evaluations of these results, each once."""
    found = {result.evaluation: inputs.get(Evaluation, result.evaluation) for result in results}
    return list(found.values())


def scenarios_to_offer(inputs: Inputs, launch: int) -> list[tuple[str, str]]:
    """Words and code of every scenario a result can be linked to."""
    return [(f"{scenario.code}  {scenario.name}", scenario.code) for scenario in inputs.rows(Scenario, launch)]


def with_state(found: list[Row], wanted: str) -> list[Row]:
    """Only the rows in one state; all of them when it is empty."""
    return [row for row in found if not wanted or row.figures["state"] == wanted]

"""What the evidence screen shows: each result with its interval, thresholds, age, criteria and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, cast

from PySide6.QtCore import QCoreApplication

from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.words import Cell
from launchpad.records import (
    EvalResult,
    Evaluation,
    EvidenceLink,
    Inputs,
    Launch,
    RiskArea,
    Scenario,
)
from launchpad.results.evidence import EvidenceRow, evidence_rows

STOPPED = frozenset({"cancelled", "errored", "running"})
GroupBy = Literal["", "evaluation", "area", "model", "run", "harness"]


def tr(text: str) -> str:
    """Words of the evidence screen in the person's language."""
    return QCoreApplication.translate("evidence", text)


def facts(inputs: Inputs, launch: Launch | None, imported: Mapping[int, str]) -> Mapping[str, EvidenceRow]:
    """The facts of every result by its code, as a launch sees them; none while there is no launch."""
    return {} if launch is None else {row.result: row for row in evidence_rows(inputs, launch.id, imported)}


def rows(inputs: Inputs, launch: Launch | None, known: Mapping[str, EvidenceRow]) -> list[Row]:
    """One row for each result, with its figures for this launch."""
    areas = _areas(inputs, launch)
    made: list[Row] = []
    for result in inputs.rows(EvalResult):
        evaluation, fact = inputs.get(Evaluation, result.evaluation), known.get(result.code)
        figures: dict[str, Cell] = {
            "state": state(result, evaluation, fact),
            "area": ", ".join(sorted(areas.get(result.id, ()))),
            **_figures(fact),
        }
        made.append(Row(result.id, {"result": result, "evaluation": evaluation}, figures))
    return made


def _figures(fact: EvidenceRow | None) -> dict[str, Cell]:
    if fact is None:
        return {}
    return {
        "low": fact.low,
        "high": fact.high,
        "interval": interval(fact),
        "method": method_words(fact.method),
        "k": fact.k,
        "age": fact.age_days,
        "freshness": fact.freshness,
        "build": fact.build,
        "criteria": "; ".join(criterion_words(mark.code, mark.standing, mark.marks) for mark in fact.criteria),
        "links": ", ".join(fact.links),
        "warnings": "\n".join(warning.message for warning in fact.warnings),
        "duplicate": fact.duplicate_of,
    }


def criterion_words(code: str, standing: str, marks: Sequence[str]) -> str:
    """A criterion's code, where it stands, and what is odd about its setting."""
    return f"{code} {standing}" + (f" ({', '.join(marks)})" if marks else "")


def value_text(value: float | None, unit: str) -> str:
    """A value on its own scale: a fraction as a percentage, percent as such, a score or count as a number."""
    if value is None:
        return words.NOTHING
    if unit == "fraction":
        return words.percent(value, 3)
    return words.number(value, 4) + ("\N{NARROW NO-BREAK SPACE}%" if unit == "percent" else "")


def method_words(method: str) -> str:
    """The method of an interval as people write it, after whom it is named."""
    return method.replace("wilson", "Wilson")


def interval(fact: EvidenceRow) -> str:
    """The interval of a result on its own scale, in words."""
    if fact.low is None or fact.high is None:
        return ""
    return f"{value_text(fact.low, fact.unit)} {words.DASH} {value_text(fact.high, fact.unit)}"


def state(result: EvalResult, evaluation: Evaluation, fact: EvidenceRow | None) -> str:
    """What keeps a result from counting, the gravest first: superseded, partial, repeated, unconfirmed, unlinked."""
    if result.superseded:
        return "superseded"
    if result.status in STOPPED:
        return "partial"
    if fact is not None and fact.duplicate_of is not None:
        return "repeated"
    if evaluation.polarity == "unknown":
        return "unconfirmed"
    return "counts" if fact is not None and fact.links else "unlinked"


def states() -> dict[str, str]:
    """What each state of a result is called."""
    return {
        "counts": tr("Counts"),
        "unlinked": tr("Not linked"),
        "unconfirmed": tr("Direction open"),
        "partial": tr("Run incomplete"),
        "repeated": tr("Repeated"),
        "superseded": tr("Superseded"),
    }


def groupings() -> dict[GroupBy, str]:
    """What results can be put together by."""
    return {
        "": tr("No groups"),
        "evaluation": tr("By evaluation"),
        "area": tr("By risk area"),
        "model": tr("By model"),
        "run": tr("By run"),
        "harness": tr("By harness"),
    }


def group_of(by: GroupBy) -> Callable[[Row], str]:
    """What gives the name of the group a row belongs to."""

    def name(row: Row) -> str:
        result, evaluation = cast("EvalResult", row.parts["result"]), cast("Evaluation", row.parts["evaluation"])
        found = {
            "evaluation": evaluation.name,
            "area": str(row.figures.get("area") or "") or tr("Not linked to a risk area"),
            "model": result.model,
            "run": result.run_id or result.file_name or tr("No run named"),
            "harness": result.harness,
        }
        return found[by]

    return name


def _areas(inputs: Inputs, launch: Launch | None) -> Mapping[int, set[str]]:
    """The names of the risk areas each result (row id) is evidence for."""
    found: dict[int, set[str]] = defaultdict(set)
    for link in inputs.rows(EvidenceLink, None if launch is None else launch.id):
        if link.scenario is not None:
            scenario = inputs.get(Scenario, link.scenario)
            found[link.result].add(inputs.get(RiskArea, scenario.risk_area).name)
    return found


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

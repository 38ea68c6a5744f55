"""The numbers of the forest plot: each result as a share with its interval and the thresholds it is held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, cast

from launchpad.gui import words
from launchpad.gui.columns import Row
from launchpad.gui.evidence.drawing import Line, Mark, standing_of
from launchpad.gui.evidence.numbers import criterion_words, interval, method_words, states, tr, value_text
from launchpad.records import EvalResult, Evaluation, EvidenceLink, Gate, Inputs, Launch, SuccessCriterion
from launchpad.results.evidence import EvidenceRow

Better = Literal["higher", "lower", "unknown"]


def lines(
    inputs: Inputs, launch: Launch | None, shown: Sequence[Row], known: Mapping[str, EvidenceRow]
) -> dict[int, Line]:
    """Each result (row id) as the forest plot draws it."""
    gates = () if launch is None else inputs.rows(Gate, launch.id)
    criteria = {} if launch is None else {row.code: row for row in inputs.rows(SuccessCriterion, launch.id)}
    linked = _scenarios(inputs, launch)
    made: dict[int, Line] = {}
    for row in shown:
        result, evaluation = row.parts.get("result"), row.parts.get("evaluation")
        if isinstance(result, EvalResult) and isinstance(evaluation, Evaluation):
            fact = known.get(result.code)
            marks = [
                *_gate_marks(result, evaluation, gates, linked.get(result.id, frozenset())),
                *_criterion_marks(fact, criteria),
            ]
            made[row.id] = _line(result, evaluation, fact, tuple(marks), str(row.figures["state"]))
    return made


def _scenarios(inputs: Inputs, launch: Launch | None) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for link in inputs.rows(EvidenceLink, None if launch is None else launch.id):
        if link.scenario is not None:
            found[link.result].add(link.scenario)
    return found


def _gate_marks(
    result: EvalResult, evaluation: Evaluation, gates: Sequence[Gate], scenarios: set[int] | frozenset[int]
) -> list[Mark]:
    """The limits of the gates that ask about a result, on the scale of its value; none without a direction."""
    if evaluation.polarity == "unknown":
        return []
    higher = evaluation.polarity == "higher"
    found: list[Mark] = []
    for gate in gates:
        if gate.scenario is None and gate.evaluation is None:
            continue
        if gate.scenario not in (None, *scenarios) or gate.evaluation not in (None, result.evaluation):
            continue
        limit = limit_of(gate)
        share = 1 - limit if higher else limit
        side = tr("at least {0}") if higher else tr("at most {0}")
        told = tr("Gate {0}: {1}").format(gate.code, side.format(words.percent(share, 3)))
        found.append(Mark(share, at_most=not higher, criterion=False, told=told))
    return found


def limit_of(gate: Gate) -> float:
    """The largest failure rate a gate lets pass: a safeguard asks for at least T stopped, so 1 - T."""
    if gate.kind == "safeguard":
        return 1 - gate.threshold
    return gate.threshold - gate.margin if gate.kind == "capability" else gate.threshold


def _criterion_marks(fact: EvidenceRow | None, criteria: Mapping[str, SuccessCriterion]) -> list[Mark]:
    found: list[Mark] = []
    for mark in () if fact is None else fact.criteria:
        criterion = criteria.get(mark.code)
        if criterion is None:
            continue
        at_most = criterion.direction == "at_most"
        side = tr("at most {0}") if at_most else tr("at least {0}")
        asked = side.format(words.percent(criterion.threshold, 3))
        told = tr("Criterion {0}: {1}").format(criterion_words(mark.code, mark.standing, mark.marks), asked)
        found.append(Mark(criterion.threshold, at_most=at_most, criterion=True, told=told))
    return found


def share_of(value: float | None, result: EvalResult) -> float | None:
    """A value of a result as a share of 1; None for what is none, such as a score beyond 1."""
    if value is None:
        return None
    if result.unit == "percent":
        value /= 100
    elif result.unit == "count":
        if not result.n:
            return None
        value /= result.n
    return value if 0 <= value <= 1 else None


def _line(
    result: EvalResult, evaluation: Evaluation, fact: EvidenceRow | None, marks: tuple[Mark, ...], told_state: str
) -> Line:
    value = share_of(result.value, result)
    low, high = (None, None) if fact is None or value is None else (fact.low, fact.high)
    scaled = tuple(None if end is None else share_of(min(max(end, 0.0), _top(result)), result) for end in (low, high))
    instead = (
        tr("no value") if result.value is None else tr("{0}, no share").format(value_text(result.value, result.unit))
    )
    return Line(
        name=f"{result.code}  {evaluation.name}" + (f" · {result.part}" if result.part else ""),
        told=told(result, evaluation, fact, marks, told_state),
        figures=_short(result, fact),
        value=value,
        low=scaled[0],
        high=scaled[1],
        better=cast("Better", evaluation.polarity),
        standing=standing_of(scaled[0], scaled[1], marks),
        faint=told_state in ("superseded", "partial", "repeated"),
        instead=instead if value is None else "",
        marks=marks,
    )


def _short(result: EvalResult, fact: EvidenceRow | None) -> str:
    """Value, interval and n in a few words, for a picture."""
    between = "" if fact is None or fact.low is None else f" ({interval(fact)})"
    counted = "" if result.n is None else f", n {words.number(result.n)}"
    return value_text(result.value, result.unit) + between + counted


def _top(result: EvalResult) -> float:
    return 100.0 if result.unit == "percent" else float(result.n or 1) if result.unit == "count" else 1.0


def told(
    result: EvalResult, evaluation: Evaluation, fact: EvidenceRow | None, marks: Sequence[Mark], told_state: str
) -> str:
    """A result in words: what it found and how sure that is, never any text of its samples."""
    found = [f"{result.code}  {evaluation.name}", f"{result.model}" + (f" · {result.part}" if result.part else "")]
    figures = value_text(result.value, result.unit)
    if fact is not None and fact.low is not None:
        level = words.percent(fact.level, 3)
        figures += tr(", {0} interval {1} ({2})").format(level, interval(fact), method_words(fact.method))
    found.append(figures)
    counted = [] if result.n is None else [tr("n {0}").format(words.number(result.n))]
    if fact is not None and fact.k is not None:
        counted.append(tr("{0} failures").format(words.number(fact.k)))
    found.append(", ".join(counted))
    better = {"higher": tr("Higher is better."), "lower": tr("Lower is better."), "unknown": tr("Direction not said.")}
    found.append(better[evaluation.polarity])
    found += [mark.told for mark in marks]
    if told_state != "counts":
        found.append(states()[told_state])
    return "\n".join(line for line in found if line)

"""The hash a signature is bound to: over every row a decision rested on, by codes and values, never by row ids."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

from launchpad.records import (
    Coefficient,
    Decision,
    Effect,
    EvalResult,
    Evaluation,
    EvidenceLink,
    Gate,
    Incident,
    Inputs,
    Launch,
    Plan,
    Reading,
    Record,
    Trigger,
    Value,
    plain_row,
)
from launchpad.results.reached import LEFT_OUT, TOLD_BEFORE, named_by, reached
from launchpad.scoring.coefficients import bundled, default_propensity, severity_scale

SCALES = "scales bundled with the program"
Parts = Mapping[str, str]


def parts_of(inputs: Inputs, launch: Launch, plan: Plan | None, decision: Decision | None = None) -> Parts:
    """The SHA-256 of every row that a decision rests on, by its name; and one over the scales of the program."""
    return {**digests(inputs, launch, reached(inputs, launch, plan, decision)), SCALES: _scales(inputs)}


def parts_of_gate(inputs: Inputs, launch: Launch, gate: Gate) -> Parts:
    """The SHA-256 of every row that the verdict on one gate rests on, by its name."""
    rows: dict[tuple[str, int], Record] = {}
    for row in _of_gate(inputs, launch, gate):
        rows[row.table, row.id] = row
        if isinstance(row, EvidenceLink | EvalResult):
            rows |= {(other.table, other.id): other for other in named_by(inputs, row)}
    for row in [row for row in rows.values() if isinstance(row, EvalResult)]:
        evaluation = inputs.get(Evaluation, row.evaluation)
        rows[evaluation.table, evaluation.id] = evaluation
    return digests(inputs, launch, rows.values())


def rests_on(parts: Parts) -> str:
    """The SHA-256 over all parts, in the order of their names."""
    whole = "\n".join(f"{name}\t{parts[name]}" for name in sorted(parts))
    return hashlib.sha256(whole.encode()).hexdigest()


def digests(inputs: Inputs, launch: Launch, rows: Iterable[Record]) -> dict[str, str]:
    """The SHA-256 of each row by its name; of rows that share a name, over all of them."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(name_of(inputs, launch, row), []).append(_digest(inputs, launch, row))
    return {
        name: each[0] if len(each) == 1 else hashlib.sha256("\n".join(sorted(each)).encode()).hexdigest()
        for name, each in found.items()
    }


def name_of(inputs: Inputs, launch: Launch, row: Record) -> str:
    """How a part is called: `gate G-1`, and a row of another launch `scenario R-001 of L-0`."""
    other = getattr(row, "launch", launch.id)
    of = "" if other == launch.id or not inputs.has(Launch, other) else f" of {inputs.get(Launch, other).code}"
    return f"{row.table} {inputs.address(row)}{of}"


def belonging(inputs: Inputs, launch: Launch, row: Record) -> dict[str, Value | list[Value]]:
    """The fields of a row that belong to what is signed, as people know them."""
    plain = plain_row(inputs, row)
    if isinstance(row, Launch) and row.id != launch.id:
        return {name: value for name, value in plain.items() if name in TOLD_BEFORE}
    left_out = LEFT_OUT.get(type(row), {})
    return {name: value for name, value in plain.items() if name not in left_out}


def parts_as_json(parts: Parts) -> bytes:
    """The parts as a signature keeps them: canonical JSON."""
    return json.dumps(dict(parts), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parts_from_json(block: bytes | str) -> dict[str, str]:
    """The parts that `parts_as_json` wrote; empty when the block is none."""
    try:
        found: object = json.loads(block)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(digest) for name, digest in cast("dict[object, object]", found).items()}


def _digest(inputs: Inputs, launch: Launch, row: Record) -> str:
    told = [row.table, belonging(inputs, launch, row)]
    words = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(words.encode()).hexdigest()


def _of_gate(inputs: Inputs, launch: Launch, gate: Gate) -> Iterable[Record]:
    yield from (gate, launch, *inputs.rows(Coefficient))
    evaluations = {gate.evaluation, gate.verified_by} - {None}
    for link in inputs.rows(EvidenceLink, launch.id):
        effect = None if link.effect is None else inputs.get(Effect, link.effect)
        scenarios = {link.scenario, None if effect is None else effect.scenario} - {None}
        if gate.scenario in scenarios or inputs.get(EvalResult, link.result).evaluation in evaluations:
            yield link
            yield inputs.get(EvalResult, link.result)
    for trigger in inputs.children(Trigger, "gate", gate.id):
        yield trigger
        yield from inputs.children(Incident, "scenario", trigger.scenario)
        yield from inputs.children(Reading, "scenario", trigger.scenario)


def _scales(inputs: Inputs) -> str:
    """The SHA-256 over the program's own numbers that stand where a project has none of its own."""
    own = {row.code for row in inputs.rows(Coefficient)}
    return _scales_without(frozenset(own & set(bundled())))


@cache
def _scales_without(own: frozenset[str]) -> str:
    known = (
        sorted((row.code, row.value) for row in bundled().values() if row.code not in own),
        sorted((level.level, level.harm) for level in severity_scale().values()),
        sorted(default_propensity().items(), key=lambda pair: pair[0]),
    )
    return hashlib.sha256(repr(known).encode()).hexdigest()

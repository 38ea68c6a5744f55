"""Clauses put into another order, and examples given other words, another side or another pair."""

import hashlib
import re
from collections.abc import Sequence

from launchpad.changes import Change, update
from launchpad.edits import Proposal
from launchpad.edits.policies import example_handling
from launchpad.edits.records import remove, set_values
from launchpad.edits.released import refuse_released
from launchpad.errors import InvalidValueError
from launchpad.records import Clause, Example, Inputs, PolicyVersion

LAST = 10**9
KIND_ORDER = ("violates", "exception", "allowed")


def in_decision_order(inputs: Inputs, version: PolicyVersion) -> tuple[Clause, ...]:
    """The clauses of a version as they are asked: by place, then the higher precedence, then what forbids."""
    return tuple(sorted(inputs.children(Clause, "version", version.id), key=_place))


def reorder_clauses(inputs: Inputs, version: PolicyVersion, order: Sequence[str]) -> list[Change]:
    """The changes that give the clauses of a draft the places 1, 2, 3 ... in the order of these codes.

    Raises InvalidValueError when the version is released, or the codes are not those of its clauses, each once.
    """
    clauses = {row.code: row for row in inputs.children(Clause, "version", version.id)}
    if sorted(order) != sorted(clauses):
        raise InvalidValueError(
            f"The order names other clauses than {inputs.address(version)} has.", "Name each of its clauses once."
        )
    changes: list[Change] = []
    for place, code in enumerate(order, start=1):
        refuse_released(inputs, clauses[code])
        changes.extend(set_values(clauses[code], place=place))
    return changes


def move_clause(inputs: Inputs, clause: Clause, steps: int) -> list[Change]:
    """The changes that move a clause of a draft up (negative) or down the decision order, as far as it goes."""
    version = inputs.get(PolicyVersion, clause.version)
    order = [row.code for row in in_decision_order(inputs, version)]
    place = order.index(clause.code)
    order.insert(max(0, place + steps) if steps < 0 else place + steps, order.pop(place))
    return reorder_clauses(inputs, version, order)


def _place(clause: Clause) -> tuple[int, int, int, str]:
    rank = -1 if clause.precedence is None else clause.precedence
    return (LAST if clause.place is None else clause.place, -rank, KIND_ORDER.index(clause.kind), clause.code)


def next_example_code(inputs: Inputs, clause: str) -> str:
    """The next free code of an example of a clause, as those there are (MED-01-X05 follows MED-01-X04)."""
    numbered = re.compile(rf"{re.escape(clause)}-X-?(\d+)")
    found = [match for row in inputs.rows(Example) if (match := numbered.fullmatch(row.code))]
    last = max((int(match[1]) for match in found), default=0)
    return f"{clause}-X{last + 1:02d}"


def change_example(
    inputs: Inputs,
    example: Example,
    *,
    request: str | None = None,
    response: str | None = None,
    **fields: object,
) -> Proposal:
    """The changes that give an example other fields, and other words where these are given ("" takes them away).

    A pair is told from both sides: the other one then names this one, and who named this one before no longer does.
    The words of a restricted area are not kept. Raises InvalidValueError for an example without any text, or a pair
    on one side; UnknownRecordError for an unknown pair.
    """
    content: dict[str, bytes] = {}
    values = dict(fields)
    for name, words in (("request", request), ("response", response)):
        if words is None:
            continue
        block = words.strip().encode()
        values[name] = hashlib.sha256(block).hexdigest() if block else None
        if block:
            content[str(values[name])] = block
    if not any(values.get(name, getattr(example, name)) for name in ("request", "response")):
        raise InvalidValueError(f"Example {example.code} needs a request or an answer.", "Give one of them.")
    if values.get("pair_of", example.pair_of):
        values["near_line"] = True
    changes = set_values(example, **values)
    pairs = _paired(inputs, example, values) if "pair_of" in values or "side" in values else []
    kept = {} if example_handling(inputs, example) == "restricted" else content
    return Proposal((*changes, *pairs), kept)


def remove_example(inputs: Inputs, example: Example) -> list[Change]:
    """The changes that remove an example with its labels, and no pair of it; refused while runs name it."""
    halves = [row for row in inputs.rows(Example) if row.pair_of == example.code and row.id != example.id]
    changes = [change for row in halves if (change := update(row, pair_of=None)) is not None]
    return [*changes, *remove(inputs, example)]


def _paired(inputs: Inputs, example: Example, values: dict[str, object]) -> list[Change]:
    """The changes of the examples that are, or were, the other half of a pair."""
    code, side = values.get("pair_of", example.pair_of), values.get("side", example.side)
    found: list[Change | None] = []
    if example.pair_of and example.pair_of != code:
        before = [row for row in inputs.rows(Example) if row.code == example.pair_of and row.pair_of == example.code]
        found.extend(update(row, pair_of=None) for row in before)
    if code:
        other = inputs.find(Example, str(code))
        if other.id == example.id or other.side == side:
            raise InvalidValueError(
                f"Example {example.code} and {other.code} would lie on one side of the line.",
                "A pair has one example on each side, which differ in one thing.",
            )
        if other.pair_of is None or other.pair_of == example.code:
            found.append(update(other, near_line=True, pair_of=example.code))
    return [change for change in found if change is not None]

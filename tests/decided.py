"""A small launch with people who decide on it, built from records alone, and edits carried out in memory."""

from collections.abc import Iterable
from types import MappingProxyType

from launchpad.changes import Change
from launchpad.edits.stamps import Stamp
from launchpad.records import (
    TABLES,
    DecisionRole,
    Inputs,
    Launch,
    Person,
    Record,
    WeightSet,
    record_from,
    values_of,
)
from launchpad.results import Results, compute
from tests.builders import LAUNCH, effect, gate, grounds, inputs_of, launch, link, mitigation, result, scenario

DAY = "2026-12-01"
DECIDER, ADVISER, OVERSEER, NOBODY = 901, 902, 903, 904


def stamp(at: str = "2026-12-01T09:00:00.000Z", head: str = "head") -> Stamp:
    return Stamp(at, "ada", "desk", head)


def people() -> list[Record]:
    roles = {DECIDER: "decide", ADVISER: "recommend", OVERSEER: "oversee"}
    rows: list[Record] = [Person(id=key, code=f"P-{key - 900}") for key in (*roles, NOBODY)]
    made = [DecisionRole(id=key + 50, launch=LAUNCH, person=key, role=role) for key, role in roles.items()]
    return [*rows, *made]


def decided(*more: Record) -> Inputs:
    """A launch with an open rate gate (G-1) and a met one (G-2), one mitigation, and three persons with roles."""
    return inputs_of(
        [
            launch(weight_set="W-1"),
            *grounds()[1:],
            *scenario(1),
            *scenario(2),
            *mitigation(1),
            effect(1, 1, 0.5),
            result(1, 5, 100),
            result(2, 0, 400),
            link(1, 1),
            link(2, 2),
            gate("rate", 0.1),
            gate("rate", 0.02, id=9001, code="G-2", scenario=102),
            gate("capability", 0.02, id=9002, code="G-3", scenario=101),
            WeightSet(id=700, code="W-1", launch=LAUNCH, name="Ours"),
            *people(),
            *more,
        ]
    )


def with_changes(inputs: Inputs, changes: Iterable[Change], content: dict[str, bytes] | None = None) -> Inputs:
    """The inputs after these changes, as the file would hold them."""
    for change in changes:
        record = TABLES[change.table]
        rows = {row.id: row for row in inputs.rows(record)}
        if change.after is None:
            del rows[change.key]
        elif change.before is None:
            rows[change.key] = record_from(record, change.key, change.after)
        else:
            rows[change.key] = record_from(record, change.key, {**values_of(rows[change.key]), **change.after})
        inputs = inputs.with_rows({change.table: tuple(rows.values())}, inputs.head)
    if content:
        texts = {**inputs.texts, **{key: block.decode() for key, block in content.items()}}
        inputs = inputs.with_rows({}, inputs.head, MappingProxyType(texts))
    return inputs


def the_launch(inputs: Inputs) -> Launch:
    return inputs.get(Launch, LAUNCH)


def results_of(inputs: Inputs) -> Results:
    return compute(inputs, LAUNCH, draws=0)


def person(inputs: Inputs, key: int) -> Person:
    return inputs.get(Person, key)

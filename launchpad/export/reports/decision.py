"""The figures of a decision: what was decided, who signed, on which conditions, what was waived, and who disagrees."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from launchpad.edits.handling import handling_of
from launchpad.export.facts import Facts
from launchpad.export.handling import WITHHELD
from launchpad.records import Gate, Person
from launchpad.records.decisions import CONDITION_STATES, OUTCOMES_OF_A_LAUNCH, ROLES
from launchpad.results.decided_gates import WITHDRAWN
from launchpad.results.decisions import VALID, VOID, DecisionRecord, record_of


@dataclass(frozen=True, slots=True)
class SignatureFigure:
    """A signature under the decision: valid or void and why, and what its key shows."""

    person: str
    role: str
    signed: str | None
    state: str
    key: str
    why: str


@dataclass(frozen=True, slots=True)
class PersonFigure:
    """Somebody with a role in the decision."""

    person: str
    role: str


@dataclass(frozen=True, slots=True)
class ConditionFigure:
    """A condition of the decision."""

    code: str
    said: str
    owner: str
    due: str
    status: str


@dataclass(frozen=True, slots=True)
class WaiverFigure:
    """Leave to go on although a gate is not met."""

    code: str
    gate: str
    person: str
    reason: str
    expires: str
    state: str


@dataclass(frozen=True, slots=True)
class DissentFigure:
    """Why somebody does not agree."""

    person: str
    said: str


@dataclass(frozen=True, slots=True)
class DeterminationFigure:
    """What a person determined of a gate, beside what the program computed then."""

    gate: str
    determined: str
    computed: str
    person: str
    reason: str
    made: str | None
    holds: str


@dataclass(frozen=True, slots=True)
class MarkFigure:
    """Something to know before trusting records (as `table address`): the same words said once of all of them."""

    words: str
    records: str


@dataclass(frozen=True)
class DecisionFigures:
    """The decision that stands; `outcome` None where none was drawn up.

    `decided` says whether somebody who decides has signed it validly, `changed` that its grounds have changed since.
    """

    outcome: str | None
    decided: bool
    changed: bool
    code: str | None
    stage: str | None
    statement: str | None
    plan: str | None
    drawn_up_by: str | None
    made: str | None
    signatures: tuple[SignatureFigure, ...]
    missing: tuple[PersonFigure, ...]
    conditions: tuple[ConditionFigure, ...]
    waivers: tuple[WaiverFigure, ...]
    dissents: tuple[DissentFigure, ...]
    determinations: tuple[DeterminationFigure, ...]
    marks: tuple[MarkFigure, ...]


def record(facts: Facts) -> DecisionRecord:
    """The decision record as it stands on the later of the day of the figures and the day of the report.

    So a waiver that has run out is never shown as one that stands.
    """
    day = max(facts.launch.as_of, facts.made.date().isoformat())
    return record_of(facts.inputs, facts.launch, facts.results, day, facts.imported)


def decision(facts: Facts) -> DecisionFigures:
    """The figures of the decision on a launch."""
    found = record(facts)
    held = found.decision
    return DecisionFigures(
        outcome=held and OUTCOMES_OF_A_LAUNCH[held.outcome],
        decided=found.decided,
        changed=held is not None and held.changed,
        code=held and held.code,
        stage=held and held.stage,
        statement=held and held.statement,
        plan=held and held.plan,
        drawn_up_by=held and who(facts, held.person),
        made=held and held.made_at,
        signatures=_signatures(facts, found),
        missing=tuple(
            PersonFigure(who(facts, row.person), ROLES[row.role]) for row in found.roles if held and not row.signed
        ),
        conditions=tuple(
            ConditionFigure(row.code, row.said, who(facts, row.owner), row.due, CONDITION_STATES[row.state].lower())
            for row in found.conditions
        ),
        waivers=_waivers(facts, found),
        dissents=tuple(
            DissentFigure(who(facts, row.person), row.said)
            for row in found.dissents
            if held is not None and row.decision == held.code and row.taken_back is None
        ),
        determinations=_determinations(facts, found),
        marks=tuple(_marks(found)),
    )


def who(facts: Facts, code: str) -> str:
    """The name of a person where it was kept, else the code."""
    person = facts.inputs.find(Person, code)
    return facts.inputs.text(person.name) or code


def said_of(facts: Facts, gate_code: str, words: str) -> str:
    """What a person said of a gate, withheld where its scenario's handling keeps words out of exports."""
    handling = handling_of(facts.inputs, facts.inputs.find(Gate, gate_code, facts.launch.id))
    return words if handling == "open" else WITHHELD.format(handling)


def _signatures(facts: Facts, found: DecisionRecord) -> tuple[SignatureFigure, ...]:
    """Those under the decision that stands, valid or void."""
    return tuple(
        SignatureFigure(who(facts, row.person), ROLES[row.role], row.signed_at, row.state, row.key, " ".join(row.why))
        for row in found.signatures
        if row.state in (VALID, VOID)
    )


def _waivers(facts: Facts, found: DecisionRecord) -> tuple[WaiverFigure, ...]:
    return tuple(
        WaiverFigure(
            code=row.code,
            gate=row.gate,
            person=who(facts, row.person),
            reason=said_of(facts, row.gate, row.reason),
            expires=row.expires,
            state=row.state,
        )
        for row in found.waivers
        if row.state != WITHDRAWN
    )


def _determinations(facts: Facts, found: DecisionRecord) -> tuple[DeterminationFigure, ...]:
    return tuple(
        DeterminationFigure(
            gate=gate.code,
            determined=row.determined,
            computed=row.computed,
            person=who(facts, row.person),
            reason=said_of(facts, gate.code, row.reason),
            made=row.made_at,
            holds="holds" if row.holds else "its grounds have changed since",
        )
        for gate in found.gates
        if (row := gate.determination) is not None
    )


def _marks(found: DecisionRecord) -> Iterator[MarkFigure]:
    groups: dict[str, list[str]] = defaultdict(list)
    for mark in found.marks:
        groups[mark.words].append(mark.record)
    for words, records in groups.items():
        yield MarkFigure(f"{words[:1].upper()}{words[1:]}", ", ".join(records))

"""The decision record of a launch on a day: what the Decision screen, the workbook, the brief and `decide` read."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from launchpad.edits.signatures import NO_KEY
from launchpad.edits.words_given import standing, whose
from launchpad.records import Condition, Decision, DecisionRole, Dissent, Inputs, Launch, Person
from launchpad.results.closure import parts_of, rests_on
from launchpad.results.decided_gates import EXPIRED, OPEN, GateRow, WaiverRow, gates_of, waivers_of
from launchpad.results.foresight import LaunchScore, QuestionRow, earlier_scores, questions, score
from launchpad.results.marks import Mark, rule_marks
from launchpad.results.rows import Results
from launchpad.results.signed import VALID, VOID, SignatureRow, name_of_person, plan_of, signatures_of
from launchpad.scoring.criteria import NEVER


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A person (code, name where it was kept) and what they have to do with the decision."""

    person: str
    name: str | None
    role: str
    note: str | None
    signed: bool


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as it was drawn up; `stands` until another takes its place; `changed` if its grounds have since."""

    code: str
    outcome: str
    stage: str | None
    statement: str
    plan: str | None
    person: str
    made_at: str | None
    head: str | None
    rests_on: str | None
    withdraws: str | None
    reason: str | None
    stands: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition on a day: open, met, or lapsed; `overdue` when it is open after the day it was due."""

    code: str
    said: str
    owner: str
    due: str
    state: str
    overdue: bool
    closed_on: str | None
    closed_because: str | None


@dataclass(frozen=True, slots=True)
class DissentRow:
    """Why somebody did not agree with a decision, kept whatever was decided; `taken_back` by that person's word."""

    code: str
    decision: str
    person: str
    said: str
    made_at: str | None
    taken_back: str | None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """All that was decided of a launch, as it stands on a day.

    `decision` is the one that stands, None before there is one; `earlier` are those it took the place of, the newest
    first. `scores` is how well this launch's forecasts foresaw, `before` that of earlier launches.
    """

    launch: str
    day: str
    roles: tuple[RoleRow, ...]
    gates: tuple[GateRow, ...]
    decision: DecisionRow | None
    earlier: tuple[DecisionRow, ...]
    conditions: tuple[ConditionRow, ...]
    waivers: tuple[WaiverRow, ...]
    dissents: tuple[DissentRow, ...]
    signatures: tuple[SignatureRow, ...]
    questions: tuple[QuestionRow, ...]
    scores: LaunchScore | None
    before: tuple[LaunchScore, ...]
    marks: tuple[Mark, ...]

    @property
    def open_gates(self) -> tuple[GateRow, ...]:
        """The gates that neither are met nor stand waived on the day."""
        return tuple(row for row in self.gates if row.state == OPEN)

    @property
    def decided(self) -> bool:
        """Whether somebody who decides has a valid signature under the decision that stands."""
        return any(row.state == VALID and row.role == "decide" for row in self.signatures)


def record_of(
    inputs: Inputs, launch: Launch, results: Results, day: str, imported: Mapping[int, str] = NEVER
) -> DecisionRecord:
    """The decision record of a launch on a day (YYYY-MM-DD), given its results; the day is never today by itself.

    `imported` says when a result (row id) came into the project, for the marks.
    """
    stands = standing(inputs.rows(Decision, launch.id))
    now = stands[-1] if stands else None
    rows = sorted(inputs.rows(Decision, launch.id), key=lambda row: (row.made_at or "", row.code), reverse=True)
    asked = questions(inputs, launch)
    signatures = signatures_of(inputs, launch, now)
    gates = gates_of(inputs, launch, results.gates, day)
    waivers = waivers_of(inputs, launch, day)
    conditions = tuple(_conditions(inputs, now, day))
    return DecisionRecord(
        launch=launch.code,
        day=day,
        roles=tuple(_roles(inputs, launch, signatures)),
        gates=gates,
        decision=None if now is None else _decision(inputs, launch, now, stands=True),
        earlier=tuple(_decision(inputs, launch, row, stands=False) for row in rows if row is not now),
        conditions=conditions,
        waivers=waivers,
        dissents=tuple(_dissents(inputs, launch)),
        signatures=signatures,
        questions=asked,
        scores=score(launch.code, asked),
        before=earlier_scores(inputs, launch),
        marks=tuple(sorted((*rule_marks(inputs, launch, imported), *_odd(waivers, conditions, signatures)))),
    )


def marks(
    inputs: Inputs, launch: Launch, results: Results, day: str, imported: Mapping[int, str] = NEVER
) -> tuple[Mark, ...]:
    """All that every export of a launch says beside its figures: how the rules were set, and what no longer stands."""
    return record_of(inputs, launch, results, day, imported).marks


def record_json(record: DecisionRecord) -> dict[str, Any]:
    """The record as plain values, with whether it is decided and which gates are open."""
    return {
        **asdict(record),
        "decided": record.decided,
        "open_gates": [row.code for row in record.open_gates],
    }


def _roles(inputs: Inputs, launch: Launch, signatures: tuple[SignatureRow, ...]) -> Iterator[RoleRow]:
    signed = {row.person for row in signatures if row.state == VALID}
    order = {"decide": 0, "recommend": 1, "oversee": 2}
    for row in sorted(inputs.rows(DecisionRole, launch.id), key=lambda row: (order[row.role], inputs.address(row))):
        code, name = name_of_person(inputs, row.person)
        yield RoleRow(code, name, row.role, row.note, code in signed)


def _decision(inputs: Inputs, launch: Launch, row: Decision, *, stands: bool) -> DecisionRow:
    changed = stands and row.rests_on != rests_on(parts_of(inputs, launch, plan_of(inputs, row)))
    return DecisionRow(
        code=row.code,
        outcome=row.outcome,
        stage=row.stage,
        statement=row.statement,
        plan=row.plan,
        person=inputs.get(Person, row.person).code,
        made_at=row.made_at,
        head=row.head,
        rests_on=row.rests_on,
        withdraws=row.withdraws,
        reason=row.reason,
        stands=stands,
        changed=changed,
    )


def _conditions(inputs: Inputs, decision: Decision | None, day: str) -> Iterator[ConditionRow]:
    rows = () if decision is None else inputs.children(Condition, "decision", decision.id)
    for row in sorted(rows, key=lambda row: row.code):
        overdue = row.status == "open" and row.due < day
        yield ConditionRow(
            code=row.code,
            said=row.said,
            owner=inputs.get(Person, row.owner).code,
            due=row.due,
            state="lapsed" if overdue else row.status,
            overdue=overdue,
            closed_on=row.closed_on,
            closed_because=row.closed_because,
        )


def _dissents(inputs: Inputs, launch: Launch) -> Iterator[DissentRow]:
    rows = sorted(inputs.rows(Dissent, launch.id), key=lambda row: (row.made_at or "", row.code))
    back = {(row.withdraws, whose(row)): row.said for row in rows if row.withdraws is not None}
    for row in rows:
        if row.withdraws is None:
            yield DissentRow(
                code=row.code,
                decision=inputs.get(Decision, row.decision).code,
                person=inputs.get(Person, row.person).code,
                said=row.said,
                made_at=row.made_at,
                taken_back=back.get((row.code, whose(row))),
            )


def _odd(
    waivers: tuple[WaiverRow, ...], conditions: tuple[ConditionRow, ...], signatures: tuple[SignatureRow, ...]
) -> Iterator[Mark]:
    """What no longer stands of what was given: expired waivers, lapsed conditions, void or keyless signatures."""
    for waiver in waivers:
        if waiver.state == EXPIRED:
            yield Mark(f"waiver {waiver.code}", f"expired on {waiver.expires}")
    for condition in conditions:
        if condition.state == "lapsed":
            yield Mark(f"condition {condition.code}", f"not met by {condition.due}")
    for signature in signatures:
        if signature.state == VOID:
            yield Mark(f"sign_off {signature.code}", "void")
        elif signature.state == VALID and signature.key == NO_KEY:
            yield Mark(f"sign_off {signature.code}", "signed without a key")

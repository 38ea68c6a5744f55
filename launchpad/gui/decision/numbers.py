"""What the decision screen shows of a decision record, as lines of words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from launchpad.gui import words
from launchpad.records import Value
from launchpad.records.decisions import CONDITION_STATES, DETERMINED, OUTCOMES_OF_A_LAUNCH, ROLES
from launchpad.results.decisions import DecisionRecord
from launchpad.results.since import Since

Tone = Literal["good", "bad", "warn", "muted"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: its cells, the record it is about as `table code`, and how it is to be taken."""

    cells: tuple[str, ...]
    record: str
    tone: Tone | None = None


def tr(text: str) -> str:
    """Words of this screen in the person's language."""
    return words.translate("DecisionScreen", text)


def said(choices: dict[str, str], value: str) -> str:
    """The words for a stored choice."""
    return words.translate("records", choices.get(value, value))


def headline(record: DecisionRecord) -> tuple[str, str, Tone]:
    """The decision in words, one sentence about it, and its tone."""
    now = record.decision
    open_gates = len(record.open_gates)
    if now is None:
        return tr("Not decided yet"), tr("{0} of {1} gates are open.").format(open_gates, len(record.gates)), "muted"
    title = said(OUTCOMES_OF_A_LAUNCH, now.outcome) + (f": {now.stage}" if now.stage else "")
    if now.changed:
        return title, tr("What it rests on has changed since {0} was drawn up.").format(now.code), "warn"
    if not record.decided:
        return title, tr("{0} is drawn up; nobody who decides has a valid signature under it.").format(now.code), "warn"
    return title, tr("{0} is signed by who decides.").format(now.code), "bad" if now.outcome == "no_go" else "good"


def gate_lines(record: DecisionRecord) -> Iterator[Line]:
    """Each gate: its name, what it is held to be, whether a waiver stands, and why."""
    tones: dict[str, Tone] = {"met": "good", "waived": "warn", "open": "bad"}
    for gate in record.gates:
        waiver = gate.waiver
        until = "" if waiver is None else tr("{0}, to {1}").format(waiver.state, waiver.expires)
        held = said(DETERMINED, gate.held)
        if gate.determination is not None and gate.held != gate.verdict:
            held = tr("{0} (computed: {1})").format(held, said(DETERMINED, gate.verdict))
        name = f"{gate.code}  {gate.name}"
        yield Line((name, tr(gate.state), held, until, gate.why), f"gate {gate.code}", tones[gate.state])


def condition_lines(record: DecisionRecord) -> Iterator[Line]:
    """Each condition of the decision that stands."""
    tones: dict[str, Tone | None] = {"met": "good", "lapsed": "bad", "open": None}
    for row in record.conditions:
        state = said(CONDITION_STATES, row.state)
        cells = (f"{row.code}  {row.said}", row.owner, row.due, state, row.closed_because or "")
        yield Line(cells, f"condition {row.code}", tones[row.state])


def role_lines(record: DecisionRecord) -> Iterator[Line]:
    """Who recommends, decides and oversees, and whether they signed."""
    for row in record.roles:
        person = f"{row.person}  {row.name}" if row.name else row.person
        signed = tr("signed") if row.signed else tr("not signed")
        yield Line((person, said(ROLES, row.role), signed), f"person {row.person}", "good" if row.signed else None)


def signature_lines(record: DecisionRecord) -> Iterator[Line]:
    """Each signature: who, in which role, when, and whether it holds."""
    for row in record.signatures:
        when = words.moment(row.signed_at) if row.signed_at else ""
        why = " ".join(row.why)
        cells = (row.code, row.person, said(ROLES, row.role), when, row.key, tr(row.state), why)
        yield Line(cells, f"sign_off {row.code}", "good" if row.state == "valid" else "bad")


def dissent_lines(record: DecisionRecord) -> Iterator[Line]:
    """Each dissent, also those taken back."""
    for row in record.dissents:
        back = tr("Taken back: {0}").format(row.taken_back) if row.taken_back else ""
        yield Line((row.decision, row.person, row.said, back), f"dissent {row.code}", "muted" if back else "warn")


def forecast_lines(record: DecisionRecord) -> Iterator[Line]:
    """Each question: who has answered, who is silent, and what is known of it by now."""
    for row in record.questions:
        answered = ", ".join(one.person for one in row.forecasts)
        silent = ", ".join(row.silent)
        known = "" if row.happened is None else words.yes_no(row.happened)
        mean = "" if row.mean is None else words.percent(row.mean)
        brier = "" if row.brier is None else words.number(row.brier, 3)
        cells = (f"{row.code}  {row.question}", row.settles_on, answered, silent, mean, known, brier)
        yield Line(cells, f"forecast_question {row.code}")


def since_lines(found: Since) -> Iterator[Line]:
    """What changed since a signature: first what voids it, field by field, then what was beside it."""
    for part in found.inside:
        if not part.fields or part.how == "added":
            yield Line((tr("inside"), part.record, tr(part.how), "", ""), part.record, "bad")
        for field in () if part.how == "added" else part.fields:
            cells = (tr("inside"), part.record, field.label, _value(field.before), _value(field.after))
            yield Line(cells, part.record, "bad")
    for one in found.outside:
        cells = (tr("beside"), ", ".join(one.records[:3]), one.label, "", words.moment(one.at))
        yield Line(cells, one.records[0] if one.records else "", None)


def _value(value: Value | list[Value]) -> str:
    if value is None:
        return "\N{EN DASH}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

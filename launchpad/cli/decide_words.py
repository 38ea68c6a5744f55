"""The decision record in words for people."""

from collections.abc import Iterator

from launchpad.cli.asked import table
from launchpad.edits.signatures import NO_KEY, WITHOUT_A_KEY
from launchpad.records.decisions import OUTCOMES_OF_A_LAUNCH, ROLES
from launchpad.results.decisions import DecisionRecord, DecisionRow
from launchpad.results.foresight import LaunchScore, QuestionRow
from launchpad.results.signed import SignatureRow

MOST_NAMED = 6


def record_for_people(record: DecisionRecord) -> list[object]:
    """Tables and sentences: the decision first, then what stands behind it."""
    return [
        f"{record.launch} on {record.day}: {_in_short(record)}",
        *_decision(record),
        *_gates(record),
        *_people(record),
        *signatures_for_people(record.signatures),
        *_forecasts(record),
        *_marks(record),
    ]


def _in_short(record: DecisionRecord) -> str:
    if record.decision is None:
        return "nothing is decided yet."
    signed = "signed by who decides" if record.decided else "not signed by anybody who decides"
    return f"{_outcome(record.decision)} ({record.decision.code}), {signed}."


def _outcome(row: DecisionRow) -> str:
    label = OUTCOMES_OF_A_LAUNCH[row.outcome]
    return f"{label}: {row.stage}" if row.stage else label


def _decision(record: DecisionRecord) -> Iterator[object]:
    row = record.decision
    if row is not None:
        plan = f", counting on plan {row.plan}" if row.plan else ""
        yield f"{row.code}, drawn up by {row.person} at {row.made_at}{plan}. {row.statement}"
        if row.changed:
            yield "  What it was drawn up on has changed since."
    if record.conditions:
        rows = [
            (one.code, one.said, one.owner, one.due, one.state, one.closed_on, one.closed_because)
            for one in record.conditions
        ]
        yield table("Conditions", ("Code", "Condition", "Owner", "Due", "State", "Closed", "Because"), rows)
    if record.earlier:
        told = [(one.code, _outcome(one), one.person, one.made_at, one.statement) for one in record.earlier]
        yield table("Earlier decisions", ("Code", "Decision", "By", "Made", "Statement"), told)
    if record.dissents:
        said = [(one.code, one.decision, one.person, one.said, one.taken_back) for one in record.dissents]
        yield table("Dissent", ("Code", "On", "By", "Says", "Taken back"), said)


def _gates(record: DecisionRecord) -> Iterator[object]:
    if record.gates:
        rows = [(one.code, one.name, one.verdict, one.held, one.state, one.why) for one in record.gates]
        yield table("Gates", ("Gate", "", "Computed", "Held to be", "State", "Why"), rows)
    if record.waivers:
        rows = [
            (one.code, one.gate, one.person, one.granted_on, one.expires, one.state, one.reason)
            for one in record.waivers
        ]
        yield table("Waivers", ("Code", "Gate", "By", "From", "Last day", "State", "Why"), rows)


def _people(record: DecisionRecord) -> Iterator[object]:
    if record.roles:
        rows = [(one.person, one.name, ROLES[one.role], one.note, one.signed) for one in record.roles]
        yield table("Roles", ("Person", "Name", "Role", "Note", "Signed"), rows)
    else:
        yield "Nobody has a role yet: launchpad decide PROJECT role P-01 decide."


def signatures_for_people(rows: tuple[SignatureRow, ...]) -> Iterator[object]:
    """The signatures as a table, and what one without a key is worth where there is one."""
    if not rows:
        return
    told = [
        (
            *(one.code, one.decision, one.person, ROLES[one.role], one.signed_at, f"{one.os_user}@{one.host}"),
            *(one.key, one.state, " ".join(one.why) or one.note),
        )
        for one in rows
    ]
    yield table("Signatures", ("Code", "Under", "By", "Role", "At", "From", "Key", "State", "Why"), told)
    if any(one.key == NO_KEY for one in rows):
        yield WITHOUT_A_KEY


def _forecasts(record: DecisionRecord) -> Iterator[object]:
    if record.questions:
        yield table(
            "Forecasts",
            ("Code", "Question", "Settles", "Happened", "Said", "Silent", "Mean", "Brier"),
            [
                (
                    *(one.code, one.question, one.settles_on, one.happened, _said(one)),
                    *(", ".join(one.silent) or None, one.mean, one.brier),
                )
                for one in record.questions
            ],
        )
    scores = [*([record.scores] if record.scores else []), *record.before]
    if scores:
        rows = [row for one in scores for row in _score(one)]
        yield table("How well it was foreseen (Brier, 0 is best)", ("Launch", "Person", "Brier", "Forecasts"), rows)


def _said(row: QuestionRow) -> str | None:
    each = [
        f"{one.person} {one.state if one.probability is None else f'{one.probability:.0%}'}" for one in row.forecasts
    ]
    return ", ".join(each) or None


def _score(one: LaunchScore) -> Iterator[tuple[object, ...]]:
    yield one.launch, "all", one.brier, one.forecasts
    for person in one.persons:
        yield one.launch, person.person, person.brier, person.forecasts


def _marks(record: DecisionRecord) -> Iterator[object]:
    if not record.marks:
        return
    yield "To know before trusting it:"
    by_words: dict[str, list[str]] = {}
    for mark in record.marks:
        by_words.setdefault(mark.words, []).append(mark.record)
    for said, records in by_words.items():
        more = f" and {len(records) - MOST_NAMED} more" if len(records) > MOST_NAMED else ""
        yield f"  {', '.join(records[:MOST_NAMED])}{more}: {said}."

"""What was decided of the launch, in lines for the cover: outcome, who signed, conditions, waivers, dissent, marks."""

from collections.abc import Iterator

from launchpad.export.facts import Facts
from launchpad.records.decisions import CONDITION_STATES, OUTCOMES_OF_A_LAUNCH
from launchpad.results.decisions import VALID, DecisionRecord, record_of

UNDECIDED = "Nothing has been decided yet."
MOST_MARKS = 12
Line = tuple[str, str]


def lines_of(facts: Facts) -> list[Line]:
    """Label and words of each line, as it stands on the day of export."""
    record = record_of(facts.inputs, facts.launch, facts.results, facts.made.date().isoformat(), facts.imported)
    return [*_decision(record), *_beside(record), *_marks(record)]


def _decision(record: DecisionRecord) -> Iterator[Line]:
    held = record.decision
    if held is None:
        yield "Decision", UNDECIDED
        return
    outcome = OUTCOMES_OF_A_LAUNCH[held.outcome] + (f": {held.stage}" if held.stage else "")
    changed = "; what it rests on has changed since" if held.changed else ""
    yield "Decision", f"{held.code} {outcome}, drawn up by {held.person} {(held.made_at or '')[:10]}{changed}"
    yield "Statement", held.statement
    if not record.decided:
        yield "In force", "Not yet: nobody who decides has a valid signature under it."
    for row in record.signatures:
        state = (
            row.state if row.state == VALID else f"{row.state} (what it rested on has changed, or it was taken back)"
        )
        yield "Signature", f"{row.name or row.person}, {row.role}, {(row.signed_at or '')[:10]}: {state}"


def _beside(record: DecisionRecord) -> Iterator[Line]:
    for row in record.conditions:
        late = ", overdue" if row.overdue else ""
        yield "Condition", f"{row.code} {row.said} ({row.owner}, due {row.due}): {CONDITION_STATES[row.state]}{late}"
    for row in record.waivers:
        yield "Waiver", f"{row.code} for {row.gate} until {row.expires}: {row.reason}"
    for row in record.dissents:
        if row.taken_back is None:
            yield "Dissent", f"{row.person}: {row.said}"


def _marks(record: DecisionRecord) -> Iterator[Line]:
    """What is odd about when the rules were set, those of one kind together."""
    said: dict[str, list[str]] = {}
    for mark in record.marks:
        said.setdefault(mark.words, []).append(mark.record)
    for words, records in sorted(said.items()):
        more = f" and {len(records) - MOST_MARKS} more" if len(records) > MOST_MARKS else ""
        yield "To know of its rules", f"{words}: {', '.join(records[:MOST_MARKS])}{more}"

"""A redline as a document and as plain data."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from launchpad.policies.documents import Block, Document, Heading, Listing, Marked, Paragraph
from launchpad.policies.redline import ClauseChange, FieldChange, Redline

BECAME = {"added": "Added", "removed": "Removed", "changed": "Changed", "moved": "Moved"}


def redline_document(found: Redline) -> Document:
    """The redline for people: what became of every rule, words removed and added marked, and what to test again."""
    return Document(f"{found.policy}: from {found.old} to {found.new}", tuple(_blocks(found)))


def redline_json(found: Redline) -> Mapping[str, Any]:
    """The redline as plain data."""
    return {
        "policy": found.policy,
        "from": found.old,
        "to": found.new,
        "changes": [dataclasses.asdict(change) for change in found.changes],
        "unchanged": list(found.unchanged),
        "touched": list(found.touched),
        "retest": dataclasses.asdict(found.retest),
    }


def _blocks(found: Redline) -> Iterator[Block]:
    if not found.changes:
        yield Paragraph("No rule differs.")
    for change in found.changes:
        yield Heading(1, f"{change.code}: {_became(change)}")
        for field in change.fields:
            yield _field(field)
        if change.responses_removed:
            yield Paragraph("; ".join(change.responses_removed), "Responses removed:")
        if change.responses_added:
            yield Paragraph("; ".join(change.responses_added), "Responses added:")
        if not change.applies:
            yield Paragraph("No verdict rests on this.")
    if found.unchanged:
        yield Heading(1, "Unchanged")
        yield Paragraph(", ".join(found.unchanged))
    yield from _retest(found)


def _became(change: ClauseChange) -> str:
    return f"{BECAME[change.how]}, and moved" if change.moved and change.how == "changed" else BECAME[change.how]


def _field(field: FieldChange) -> Block:
    if field.pieces:
        return Marked(tuple((piece.how, piece.words) for piece in field.pieces), f"{field.label}:")
    sides = [("removed", field.before), ("same", " "), ("added", field.after)]
    return Marked(tuple((how, words) for how, words in sides if words), f"{field.label}:")


def _retest(found: Redline) -> Iterator[Block]:
    yield Heading(1, "To test again")
    rows = {
        "Scenarios": found.retest.scenarios,
        "Gates": found.retest.gates,
        "Evaluations": found.retest.evaluations,
        "Gold items": found.retest.gold_items,
        "Policy runs": found.retest.runs,
    }
    said = tuple(f"{name}: {', '.join(codes)}." for name, codes in rows.items() if codes)
    yield Listing(said) if said else Paragraph("Nothing recorded rests on what changed.")

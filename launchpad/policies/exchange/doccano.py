"""doccano: a text classification dataset (JSONL) and its labels (JSON), for a project that allows several labels."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from launchpad.policies.exchange.pieces import Piece, Wish, as_text, said_in
from launchpad.policies.exchange.questions import Question
from launchpad.policies.rulebook import Rulebook

KEYS = "1234567890abcdefghijklmnopqrstuvwxyz"
COLOURS: Mapping[str, str] = {
    "request_risk": "#175CD3",
    "violation": "#B42318",
    "style": "#067647",
    "clause": "#6941C6",
}


def doccano(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """textcls.jsonl and labels.json; a label says which question it answers, as in `violation:safe`.

    doccano keeps one answer for each text, so that an item with labels comes once for each of its raters.
    """
    rows = (row for piece in pieces for row in _rows(book, asked, piece, wish))
    return {
        "textcls.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(),
        "labels.json": (json.dumps(_labels(asked), ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _labels(asked: Sequence[Question]) -> list[Mapping[str, Any]]:
    names = [(question.name, f"{question.name}:{option.code}") for question in asked for option in question.options]
    return [
        {
            "text": text,
            "suffixKey": KEYS[place] if place < len(KEYS) else None,
            "backgroundColor": COLOURS[name],
            "textColor": "#ffffff",
        }
        for place, (name, text) in enumerate(names)
    ]


def _rows(book: Rulebook, asked: Sequence[Question], piece: Piece, wish: Wish) -> Iterator[Mapping[str, Any]]:
    known = {question.name for question in asked}
    row = {"text": as_text(piece), "item_id": piece.id, "policy_version": book.address, **piece.facts}
    if piece.labels or piece.gold:
        for label in (*piece.labels, *filter(None, (piece.gold,))):
            given = [f"{name}:{code}" for name, code in said_in(label).items() if name in known]
            yield {**row, "label": given, "rater": label.rater, **({"gold": True} if label.gold else {})}
        return
    said: Mapping[str, str] = piece.predictions[0].said if piece.predictions else {}
    own = {} if wish.rater is None else {"rater": wish.rater}
    yield {**row, "label": [f"{name}:{code}" for name, code in said.items() if name in known], **own}

"""Argilla: records (JSON) and settings.py, which makes the dataset and puts the records into it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from launchpad.policies.compile_guideline import guideline
from launchpad.policies.documents import as_markdown
from launchpad.policies.exchange.pieces import Piece, Prediction, Wish
from launchpad.policies.exchange.questions import Question
from launchpad.policies.rulebook import Rulebook

SCRIPT = '''"""The Argilla dataset of a policy: settings, and the records beside this file.

    python settings.py URL API_KEY NAME

makes the dataset NAME on a server and logs the records to it.
"""

import sys
from pathlib import Path

import argilla as rg

HERE = Path(__file__).resolve().parent
QUESTIONS = %s
METADATA = %s


def question(name, title, description, labels):
    """A choice of one label; Argilla offers no choice of fewer than two."""
    if len(labels) < 2:
        return rg.TextQuestion(name=name, title=title, description=description, required=False)
    required = name == "violation"
    return rg.LabelQuestion(name=name, title=title, description=description, labels=labels, required=required)


def settings():
    """The settings; Argilla asks for a client before it makes any part of them."""
    return rg.Settings(
        guidelines=(HERE / "guideline.md").read_text(encoding="utf-8"),
        fields=[
            rg.TextField(name="request", title="Request", required=True),
            rg.TextField(name="response", title="Answer", required=False),
        ],
        questions=[
            *(question(**one) for one in QUESTIONS),
            rg.RatingQuestion(name="severity", title="Severity", values=[1, 2, 3, 4, 5], required=False),
            rg.TextQuestion(name="note", title="Note", required=False),
        ],
        metadata=[rg.TermsMetadataProperty(name=name) for name in METADATA],
        distribution=rg.TaskDistribution(min_submitted=1),
    )


def main(url, key, name):
    """Make the dataset and log the records."""
    client = rg.Argilla(api_url=url, api_key=key)
    dataset = rg.Dataset(name=name, settings=settings(), client=client)
    dataset.create()
    dataset.records.from_json(HERE / "records.json")


if __name__ == "__main__":
    main(*sys.argv[1:4])
'''


def argilla(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """records.json, settings.py and guideline.md.

    Argilla keeps answers under its own users, so that the labels of raters here are not in it.
    """
    records = [_record(book, piece, wish) for piece in pieces]
    shown = [
        {
            "name": question.name,
            "title": question.title,
            "description": question.help,
            "labels": {
                option.code: f"{option.words}: {option.hint}" if option.hint else option.words
                for option in question.options
            },
        }
        for question in asked
    ]
    metadata = sorted({name for record in records for name in record["metadata"]})
    return {
        "records.json": (json.dumps(records, ensure_ascii=False, indent=1) + "\n").encode(),
        "settings.py": (SCRIPT % (_literal(shown), _literal(metadata))).encode(),
        "guideline.md": as_markdown(guideline(book)).encode(),
    }


def _literal(value: object) -> str:
    """Words, lists and objects of words as Python, which JSON of them is; other signs than ASCII as escapes."""
    return json.dumps(value, indent=4)


def _record(book: Rulebook, piece: Piece, wish: Wish) -> Mapping[str, Any]:
    rater = {} if wish.rater is None else {"rater": wish.rater}
    suggestions: dict[str, Any] = {}
    for one in piece.predictions[:1]:
        suggestions = {name: _suggestion(one, name) for name in one.said if name != "defensible"}
    return {
        "id": piece.id,
        "fields": {"request": piece.request or "", "response": piece.response or ""},
        "metadata": {"policy_version": book.address, **piece.facts, **rater},
        "suggestions": suggestions,
        "responses": {},
        "vectors": {},
    }


def _suggestion(one: Prediction, name: str) -> Mapping[str, Any]:
    value = int(one.said[name]) if name == "severity" else one.said[name]
    return {"value": value, "score": one.score if name == "violation" else None, "agent": _agent(one.by)}


def _agent(by: str) -> str:
    """A name as Argilla allows an agent: letters, digits and a few signs."""
    return "".join(sign if sign.isalnum() or sign in "-_:./ " else "-" for sign in by).strip("-_:./ ") or "model"

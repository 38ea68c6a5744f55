"""Prodigy: a line of JSON for each item and question, for its `choice` interface."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from launchpad.policies.exchange.pieces import Piece, Wish, as_text, said_in
from launchpad.policies.exchange.questions import Question
from launchpad.policies.rulebook import Rulebook


def prodigy(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """tasks.jsonl: all questions of an item one after the other, as each takes one answer.

    What was asked for as a prediction is preselected; labels of raters come as lines that are answered already.
    """
    tasks = (task for piece in pieces for task in _tasks(book, asked, piece, wish))
    return {"tasks.jsonl": "".join(json.dumps(task, ensure_ascii=False) + "\n" for task in tasks).encode()}


def _tasks(book: Rulebook, asked: Sequence[Question], piece: Piece, wish: Wish) -> Iterator[Mapping[str, Any]]:
    labels = [*piece.labels, *filter(None, (piece.gold,))]
    for question in asked:
        task = _task(book, question, piece, wish)
        answered = [(label, said_in(label).get(question.name)) for label in labels]
        given = [(label, code) for label, code in answered if code is not None]
        for label, code in given:
            mark = {"gold": True} if label.gold else {}
            meta = {**task["meta"], **mark}
            yield {**task, "meta": meta, "accept": [code], "answer": "accept", "_annotator_id": label.rater}
        if given:
            continue
        codes = [one.said[question.name] for one in piece.predictions[:1] if question.name in one.said]
        yield {**task, "accept": codes} if codes else task


def _task(book: Rulebook, question: Question, piece: Piece, wish: Wish) -> Mapping[str, Any]:
    rater = {} if wish.rater is None else {"rater": wish.rater}
    return {
        "text": f"{question.title}: {question.help}\n\n{as_text(piece)}",
        "options": [
            {"id": option.code, "text": f"{option.words}: {option.hint}" if option.hint else option.words}
            for option in question.options
        ],
        "meta": {
            "item_id": piece.id,
            "policy_version": book.address,
            "question": question.name,
            **piece.facts,
            **rater,
        },
    }

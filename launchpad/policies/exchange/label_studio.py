"""Label Studio: a labelling interface (XML) and tasks (JSON) with predictions, and with annotations unless blind."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from launchpad.policies.compile_guideline import guideline
from launchpad.policies.documents import as_html
from launchpad.policies.exchange.pieces import Piece, Prediction, Wish, said_in
from launchpad.policies.exchange.questions import Option, Question
from launchpad.policies.rulebook import Rulebook
from launchpad.records import Label

TARGET = "dialogue"
HOTKEYS = "1234567890qwertyuiopasdfghjklzxcvbnm"


def label_studio(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """config.xml and tasks.json; every word of the guideline is escaped before it becomes HTML."""
    page = as_html(guideline(book))
    guide = page.partition("<body>\n")[2].rpartition("\n</body>")[0]
    tasks = [_task(book, piece, wish, guide) for piece in pieces]
    return {
        "config.xml": ("\n".join(_config(book, asked)) + "\n").encode(),
        "tasks.json": (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _config(book: Rulebook, asked: Sequence[Question]) -> Iterator[str]:
    keys = iter(HOTKEYS)
    yield "<View>"
    yield f"  <Header value={_quoted(f'Policy {book.address}: {book.name}')}/>"
    yield f'  <Paragraphs name="{TARGET}" value="$messages" layout="dialogue" nameKey="role" textKey="content"/>'
    for question in asked:
        required = ' required="true"' if question.name == "violation" else ""
        yield f'  <Header value={_quoted(f"{question.title}: {question.help}")} size="4"/>'
        yield (
            f'  <Choices name="{question.name}" toName="{TARGET}" choice="single-radio"{required} showInline="true">'
        )
        yield from (_choice(option, next(keys, "")) for option in question.options)
        yield "  </Choices>"
    yield f'  <Rating name="severity" toName="{TARGET}" maxRating="5"/>'
    yield f'  <TextArea name="note" toName="{TARGET}" placeholder="Reason, one line" maxSubmissions="1"/>'
    yield '  <Collapse><Panel value="Guideline"><HyperText name="guide" value="$guideline_html"/></Panel></Collapse>'
    yield "</View>"


def _choice(option: Option, key: str) -> str:
    hint = f" hint={_quoted(option.hint)}" if option.hint else ""
    hotkey = f' hotkey="{key}"' if key else ""
    return f"    <Choice value={_quoted(option.words)} alias={_quoted(option.code)}{hotkey}{hint}/>"


def _quoted(words: str) -> str:
    """Words as an XML attribute, where `$` would name a column of the task."""
    return quoteattr(words.replace("$", "\N{FULLWIDTH DOLLAR SIGN}"))


def _task(book: Rulebook, piece: Piece, wish: Wish, guide: str) -> Mapping[str, Any]:
    turns = (("user", piece.request), ("assistant", piece.response))
    data = {
        "item_id": piece.id,
        "policy_version": book.address,
        **piece.facts,
        **({} if wish.rater is None else {"rater": wish.rater}),
        "guideline_html": guide,
        "messages": [{"role": role, "content": words} for role, words in turns if words],
    }
    task: dict[str, Any] = {"data": data}
    if piece.predictions:
        task["predictions"] = [_prediction(one) for one in piece.predictions]
    if labels := [*piece.labels, *filter(None, (piece.gold,))]:
        task["annotations"] = [_annotation(one) for one in labels]
    return task


def _prediction(one: Prediction) -> Mapping[str, Any]:
    score = {} if one.score is None else {"score": one.score}
    return {"model_version": one.by, **score, "result": list(_result(one.said))}


def _annotation(label: Label) -> Mapping[str, Any]:
    said = said_in(label) | ({"note": label.note} if label.note else {})
    made = {"created_at": label.given_at} if label.given_at else {}
    return {"rater": label.rater, "ground_truth": label.gold, **made, "result": list(_result(said))}


def _result(said: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for name, words in said.items():
        if name == "defensible":
            continue
        kind, value = "choices", dict[str, Any](choices=[words])
        if name == "severity":
            kind, value = "rating", {"rating": int(words)}
        elif name == "note":
            kind, value = "textarea", {"text": [words]}
        yield {"id": name, "from_name": name, "to_name": TARGET, "type": kind, "value": value}

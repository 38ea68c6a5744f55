"""OpenAI: requests for the Batch API, what comes back from it, and examples for fine-tuning."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from launchpad.errors import InvalidValueError
from launchpad.intake.labelled.given import Given, Labelled
from launchpad.policies.compile_prompts import PROMPTS, Prompt, compile_prompt, messages_for
from launchpad.policies.contract import Answer, read_answer
from launchpad.policies.exchange.pieces import Piece, Wish
from launchpad.policies.exchange.questions import Question
from launchpad.policies.items import Item
from launchpad.policies.rulebook import Rulebook
from launchpad.records import Label
from launchpad.records.imported import Problem

MOST_REQUESTS = 50_000
FEWEST_EXAMPLES = 10


def batch(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """batch.jsonl, a request for each item; of more than 50,000, which one batch may hold, several files."""
    del asked
    prompt = compile_prompt(book, wish.rendering)
    parts = [pieces[begin : begin + MOST_REQUESTS] for begin in range(0, len(pieces), MOST_REQUESTS)]
    names = ["batch.jsonl"] if len(parts) == 1 else [f"batch-{number}.jsonl" for number in range(1, len(parts) + 1)]
    return {
        name: _lines(_request(prompt, piece, wish.model) for piece in part)
        for name, part in zip(names, parts, strict=True)
    }


def finetune(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """finetune.jsonl, an example for each settled item; those kept for reporting are left out, as they measure.

    Raises InvalidValueError when no item can be an example.
    """
    del asked
    prompt = compile_prompt(book, wish.rendering)
    made = [line for piece in pieces if (line := _example(prompt, piece)) is not None]
    if not made:
        raise InvalidValueError(
            f"No item of {book.address} can be an example to learn from.",
            "Settle their labels first (launchpad labels settle); items kept for reporting are never used.",
        )
    return {"finetune.jsonl": _lines(made)}


def answer_of(text: str, book: Rulebook) -> Answer:
    """What an answer says in whichever rendering's form it is in; unparsable when it is in none."""
    kinds = {rule.code: rule.kind for rule in book.rules}
    guard = {f"S{place}": rule.code for place, rule in enumerate(book.of_kind("violates"), start=1)}
    read = [read_answer(one, text, kinds, guard if one == "llama_guard" else {}) for one in PROMPTS]
    return next((one for one in read if one.outcome == "label"), read[0])


def told(prompt: Prompt, gold: Label) -> str | None:
    """The answer that a settled label is, in the form of a prompt; None where that form cannot say it."""
    cited = [] if gold.clause is None else [gold.clause]
    if prompt.rendering == "chat":
        text = json.dumps({"label": gold.violation, "clauses": cited}, ensure_ascii=False)
    elif prompt.rendering == "gpt_oss_safeguard":
        violates = gold.violation == "violates"
        category = cited[0] if violates and cited else None
        said = {"violation": int(violates), "policy_category": category, "rule_ids": cited}
        text = json.dumps({**said, "escalate": gold.violation == "escalate"}, ensure_ascii=False)
    else:
        code = next((code for code, own in prompt.codes.items() if own == gold.clause), "")
        text = {"safe": "safe", "violates": f"unsafe\n{code}"}.get(gold.violation or "", "")
    read = prompt.read(text)
    return text if read.outcome == "label" and read.label == gold.violation else None


def _lines(rows: Iterator[Mapping[str, Any]] | Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _request(prompt: Prompt, piece: Piece, model: str) -> Mapping[str, Any]:
    body: dict[str, Any] = {"model": model, "temperature": 0, "messages": _messages(prompt, piece)}
    if prompt.schema is not None:
        schema = {"name": prompt.rendering, "strict": True, "schema": prompt.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return {"custom_id": piece.id, "method": "POST", "url": "/v1/chat/completions", "body": body}


def _messages(prompt: Prompt, piece: Piece) -> list[dict[str, str]]:
    return messages_for(prompt, Item(piece.request, piece.response))


def _example(prompt: Prompt, piece: Piece) -> Mapping[str, Any] | None:
    if piece.gold is None or piece.gold.violation is None or piece.facts.get("split") == "report":
        return None
    answer = told(prompt, piece.gold)
    if answer is None:
        return None
    return {"messages": [*_messages(prompt, piece), {"role": "assistant", "content": answer}]}


def answers_read(file: Labelled, book: Rulebook) -> Labelled:
    """A file in which the answers of models are labels; those that break the contract are listed."""
    given: list[Given] = []
    problems = list(file.problems)
    for one in file.given:
        if one.answer is None:
            given.append(one)
            continue
        read = answer_of(one.answer, book)
        if read.outcome != "label" or read.label is None:
            problems.append(Problem(one.place, f"item {one.item}: the answer cannot be read, {read.why}"))
            continue
        said = [("violation", read.label), *(("clause", code) for code in read.clauses[:1])]
        if others := read.clauses[1:]:
            said.append(("note", f"also cites {', '.join(others)}"))
        given.append(replace(one, said=tuple(said)))
    return replace(file, given=tuple(given), problems=tuple(problems))

"""Inspect: a task (Python) and its dataset (JSONL) that measure a model with the compiled policy on settled items."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from launchpad.errors import InvalidValueError
from launchpad.policies.compile_prompts import Prompt, compile_prompt, messages_for
from launchpad.policies.exchange.pieces import Piece, Wish
from launchpad.policies.exchange.questions import Question
from launchpad.policies.items import Item
from launchpad.policies.rulebook import Rulebook

SCRIPT = '''"""A policy as an Inspect task: inspect eval policy_task.py --model PROVIDER/MODEL ."""

import json
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.dataset import FieldSpec, json_dataset
from inspect_ai.model import ChatMessageSystem, GenerateConfig
from inspect_ai.scorer import CORRECT, INCORRECT, Score, accuracy, grouped, scorer, stderr
from inspect_ai.solver import generate, solver

HERE = Path(__file__).resolve().parent


@solver
def policy():
    """The compiled policy as system message, taken as it is: nothing in it is a template."""
    text = (HERE / "policy.txt").read_text(encoding="utf-8")

    async def solve(state, generate):
        state.messages.insert(0, ChatMessageSystem(content=text))
        return state

    return solve


@scorer(metrics=[grouped(accuracy(), "target_label"), stderr()])
def label():
    """Whether the label answered is the settled one; an answer that cannot be read is wrong, and marked so."""

    async def score(state, target):
        try:
            said = json.loads(state.output.completion)["label"]
        except (ValueError, TypeError, KeyError):
            return Score(value=INCORRECT, answer="unparsable", explanation=state.output.completion)
        return Score(value=CORRECT if said == target.text else INCORRECT, answer=str(said))

    return score


@task
def policy_gold():
    """Every settled item once, at temperature 0."""
    names = ["policy_version", "clause", "defensible", "language", "slice", "target_label"]
    fields = FieldSpec(input="input", target="target", id="id", metadata=names)
    return Task(
        dataset=json_dataset(str(HERE / "gold.jsonl"), fields),
        solver=[policy(), generate()],
        scorer=label(),
        config=GenerateConfig(temperature=0, max_tokens=256),
    )
'''


def inspect_task(book: Rulebook, asked: Sequence[Question], pieces: Sequence[Piece], wish: Wish) -> Mapping[str, bytes]:
    """policy_task.py, policy.txt (the compiled prompt) and gold.jsonl.

    Raises InvalidValueError when no item has a settled answer.
    """
    del asked, wish
    prompt = compile_prompt(book, "chat")
    rows = [row for piece in pieces if (row := _row(book, prompt, piece)) is not None]
    if not rows:
        raise InvalidValueError(
            f"No item of {book.address} has a settled answer to measure against.",
            "Settle them first: launchpad labels settle.",
        )
    return {
        "policy_task.py": SCRIPT.encode(),
        "policy.txt": prompt.system.encode(),
        "gold.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(),
    }


def _row(book: Rulebook, prompt: Prompt, piece: Piece) -> Mapping[str, Any] | None:
    gold = piece.gold
    if gold is None or gold.violation is None:
        return None
    return {
        "id": piece.id,
        "input": messages_for(prompt, Item(piece.request, piece.response))[-1]["content"],
        "target": gold.violation,
        "policy_version": book.address,
        "clause": gold.clause,
        "defensible": gold.defensible,
        "language": piece.facts.get("language"),
        "slice": piece.facts.get("slice"),
        "target_label": gold.violation,
    }

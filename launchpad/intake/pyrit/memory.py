"""PyRIT's SQLite memory of any version from 0.2 on: rows put together as its JSON would have them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from launchpad.intake.pyrit import names
from launchpad.intake.pyrit.database import MAGIC, Database, names_in, opened
from launchpad.intake.pyrit.results import Gathered
from launchpad.intake.source import Source
from launchpad.intake.values import as_object, text
from launchpad.records.imported import Problem

ATTACKS, SCORES, PIECES = "AttackResultEntries", "ScoreEntries", "PromptMemoryEntries"
CONVERSATIONS = "Conversations"
TABLES = (ATTACKS, SCORES, PIECES, CONVERSATIONS)
_ATTACK = (
    *("id", "conversation_id", "objective", "objective_sha256", "outcome", "timestamp", "pyrit_version", "labels"),
    *("atomic_attack_identifier", "attack_identifier", "targeted_harm_categories", "operation"),
    *("last_response_id", "last_score_id", "automated_score_id", "human_score_id"),
)
_SCORE = (
    *("id", "score_value", "status", "score_type", "score_category", "scorer_class_identifier", "timestamp"),
    *("prompt_request_response_id", "scored_expectation", "objective", "task", "pyrit_version"),
)
_PIECE = ("id", "conversation_id", "labels", "prompt_target_identifier", "prompt_target", "converted_value")
_JSON = frozenset(
    {
        *("labels", "atomic_attack_identifier", "attack_identifier", "targeted_harm_categories", "score_category"),
        *("scorer_class_identifier", "prompt_target_identifier", "prompt_target", "target_identifier"),
        "scored_expectation",
    }
)
Rows = Mapping[str, Mapping[str, object]]


def recognises(source: Source) -> bool:
    """Whether this is an SQLite file with one of PyRIT's tables, or a damaged one whose start names one."""
    if not source.start.startswith(MAGIC):
        return False
    named = (ATTACKS, SCORES, PIECES)
    return bool(names_in(source.path, named)) or any(table.encode() in source.start for table in named)


def gather(source: Source, found: Gathered) -> None:
    """Take in every attack result of a memory; when it has none, every score."""
    _note_log(source.path, found)
    with opened(source.path, TABLES) as database:
        scores = {key: row for row in _read(database, SCORES, _SCORE) if (key := text(row.get("id")))}
        pieces, by_conversation = _pieces(database, keep_texts=found.keep_texts)
        attacks = 0
        for row in _read(database, ATTACKS, _ATTACK):
            attacks += 1
            found.attack(f"{ATTACKS} {attacks}", _attack(row, scores, pieces, by_conversation))
        if attacks:
            return
        for place, (key, row) in enumerate(scores.items(), 1):
            model = names.model_of({"last_response": pieces.get(text(row.get("prompt_request_response_id")) or "", {})})
            expected = as_object(row.get("scored_expectation"))
            found.score(f"{SCORES} {place}", {"objective": expected.get("objective"), **row, "id": key}, model)


def _attack(row: Mapping[str, object], scores: Rows, pieces: Rows, by_conversation: Rows) -> dict[str, object]:
    """The row with the score and the response that it points at, under the names of PyRIT's JSON."""
    found = {key: value for key, value in row.items() if not key.endswith("_id") or key == "conversation_id"}
    found["attack_result_id"] = row.get("id")
    for column, name in (
        ("human_score_id", "human_score"),
        ("last_score_id", "last_score"),
        ("automated_score_id", "automated_score"),
    ):
        found[name] = scores.get(text(row.get(column)) or "")
    conversation = by_conversation.get(text(row.get("conversation_id")) or "", {})
    response = pieces.get(text(row.get("last_response_id")) or "", {})
    found["last_response"] = {**conversation, **response}
    labels = as_object(row.get("labels"))
    operation = text(row.get("operation"))
    found["labels"] = labels or as_object(conversation.get("labels")) or {}
    if operation is not None:
        found["labels"] = {"operation": operation, **as_object(found["labels"])}
    return found


def _pieces(database: Database, *, keep_texts: bool) -> tuple[Rows, Rows]:
    """The messages by id, and one of each conversation, with the target that answered and, if wanted, the text."""
    wanted = _PIECE if keep_texts else _PIECE[:-1]
    targets = {
        key: row.get("target_identifier")
        for row in _read(database, CONVERSATIONS, ("conversation_id", "target_identifier"))
        if (key := text(row.get("conversation_id")))
    }
    by_id: dict[str, Mapping[str, object]] = {}
    by_conversation: dict[str, Mapping[str, object]] = {}
    for row in _read(database, PIECES, wanted):
        conversation = text(row.get("conversation_id")) or ""
        target = as_object(row.get("prompt_target_identifier")) or as_object(row.get("prompt_target"))
        target = target or as_object(targets.get(conversation))
        piece = {"labels": row.get("labels"), "prompt_target_identifier": target}
        if target or as_object(row.get("labels")):
            by_conversation.setdefault(conversation, piece)
        if (key := text(row.get("id"))) is not None:
            by_id[key] = {**piece, "converted_value": row.get("converted_value")}
    return by_id, by_conversation


def _read(database: Database, table: str, columns: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """The rows of a table, what is kept as JSON read as such."""
    for row in database.rows(table, columns):
        yield {key: _json(value) if key in _JSON else value for key, value in row.items()}


def _json(value: object) -> object:
    """What a cell says in JSON; a bare word, as old versions wrote categories, is itself."""
    if not isinstance(value, str):
        return None
    try:
        return json.loads(value, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return value


def _note_log(path: Path, found: Gathered) -> None:
    """List that a write-ahead log lies beside the file: what it holds is not read."""
    log = path.with_name(f"{path.name}-wal")
    try:
        size = log.stat().st_size
    except OSError:
        return
    if size:
        what = "a log of unfinished writing lies beside the memory and was not read: close PyRIT, and import again"
        found.problems.append(Problem(log.name, what))

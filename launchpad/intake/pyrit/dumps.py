"""JSON that people dump from PyRIT: attack results, scores, conversations, whole scenarios; lists, objects or lines."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from launchpad.intake import jsons
from launchpad.intake.lines import Lines, repeats_into
from launchpad.intake.pyrit import names
from launchpad.intake.pyrit.results import Gathered
from launchpad.intake.source import PIECE, Source, keys_within
from launchpad.intake.values import as_list, as_object, text
from launchpad.records.imported import Problem, RunStatus

SCENARIO = "attack_results"
STATES: Mapping[str, RunStatus] = {
    "completed": "complete",
    "in_progress": "running",
    "created": "running",
    "failed": "errored",
    "cancelled": "cancelled",
}


def recognises(source: Source) -> bool:
    """Whether the JSON begins with attack results, scores or pieces of conversations."""
    return any(_kind(keys) is not None for keys in _first_objects(source.start)) or _is_scenario(source.start)


def gather(source: Source, found: Gathered) -> None:
    """Take in every attack result and score of a dump."""
    if _is_scenario(source.start):
        _scenario(source, found)
        return
    for where, item in _items(source, found):
        kind = _kind(item.keys())
        if kind == "attack":
            found.attack(where, item)
        elif kind == "score":
            found.score(where, item)
        elif kind == "piece":
            _piece(where, item, found)
        else:
            found.problems.append(Problem(where, "neither an attack result nor a score; left out"))


def _piece(where: str, piece: Mapping[str, object], found: Gathered) -> None:
    """The scores of one message of an exported conversation, taken of the model that answered."""
    model = names.model_of({"last_response": piece})
    for place, score in enumerate(as_list(piece.get("scores"))):
        found.score(f"{where}, score {place}", as_object(score), model)


def _scenario(source: Source, found: Gathered) -> None:
    """A scenario's result: the attacks by their names, the target once for all of them."""
    facts: dict[str, object] = {}
    attacks: list[tuple[str, object]] = []
    name = str(source.path)
    with source.path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        streamed = frozenset({SCENARIO})
        for key, value in jsons.object_items(pieces, name, streamed, repeats_into(found.problems, name)):
            if key != SCENARIO:
                facts[key] = value
            elif "outcome" in (single := as_object(value)) or not single:
                attacks.append(("", value))
            else:
                attacks.extend((task, item) for task, items in single.items() for item in as_list(items))
    found.own_id = text(facts.get("id"))
    found.status = STATES.get((text(facts.get("scenario_run_state")) or "").casefold(), "unknown")
    shared = {key: facts[key] for key in ("objective_target_identifier", "labels") if facts.get(key)}
    target = _target(facts)
    for place, (task, item) in enumerate(attacks):
        where = f"{task or SCENARIO} {place}"
        attack = as_object(item)
        if not attack:
            found.problems.append(Problem(where, "no attack result; left out"))
            continue
        given = {key: value for key, value in attack.items() if value not in ({}, None)}
        found.attack(where, {"objective_target_identifier": target, **shared, **given}, task or None)


def _target(facts: Mapping[str, object]) -> object:
    scenario = as_object(facts.get("scenario_identifier"))
    return as_object(scenario.get("children")).get("objective_target") or scenario.get("objective_target_identifier")


def _items(source: Source, found: Gathered) -> Iterator[tuple[str, Mapping[str, object]]]:
    name = str(source.path)
    with source.path.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        if source.start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
            yield from (
                (f"item {place}", as_object(item)) for place, item in enumerate(jsons.array_items(pieces, name))
            )
        elif _is_lines(source):
            yield from ((f"line {line}", item) for line, item in Lines(name, file, found.problems))
        else:
            yield "item 0", as_object(jsons.load(pieces, name, repeats_into(found.problems, name)))


def _is_lines(source: Source) -> bool:
    """Whether the first line is an object of its own."""
    line, newline, rest = source.start.partition(b"\n")
    return bool(newline) and line.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _first_objects(start: bytes) -> Iterator[frozenset[str]]:
    yield keys_within(start, "[{")
    yield keys_within(start, "{")


def _is_scenario(start: bytes) -> bool:
    if SCENARIO not in keys_within(start, "{"):
        return False
    return any(_kind(keys_within(start, brackets)) == "attack" for brackets in ("{[{", "{{[{"))


def _kind(keys: AbstractSet[str]) -> str | None:
    """What an object with these keys is: an attack, a score, a piece of a conversation."""
    known = frozenset(keys)
    if "attack_result_id" in known and known & {"outcome", "objective", "conversation_id"}:
        return "attack"
    if {"conversation_id", "objective", "outcome"} <= known:
        return "attack"
    if {"score_value", "score_type"} <= known:
        return "score"
    return "piece" if {"conversation_id", "original_value", "converted_value"} <= known else None

"""What a model must answer, as a schema to constrain it by, and how its answer is read."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

LABELS = ("violates", "safe", "escalate")
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*)\n\s*```\s*\Z", re.DOTALL)
_GUARD = re.compile(r"\A\s*(?:(safe)|unsafe[ \t]*\r?\n\s*(S\d+(?:\s*,\s*S\d+)*))\s*\Z")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said. `outcome` is label or unparsable; an unparsable answer has no label, and says `why`."""

    outcome: str
    label: str | None = None
    clauses: tuple[str, ...] = ()
    why: str = ""


def schema_of(rendering: str, ids: Sequence[str]) -> Mapping[str, Any] | None:
    """The JSON Schema of an answer in one rendering; None for Llama Guard, which answers in lines."""
    codes = {"type": "string", "enum": list(ids)}
    listed = {"type": "array", "items": codes}
    if rendering == "chat":
        return _object({"label": {"type": "string", "enum": list(LABELS)}, "clauses": listed})
    if rendering == "gpt_oss_safeguard":
        category = {"type": ["string", "null"], "enum": [*ids, None]}
        return _object(
            {
                "violation": {"type": "integer", "enum": [0, 1]},
                "policy_category": category,
                "rule_ids": listed,
                "escalate": {"type": "boolean"},
            }
        )
    return None


def read_answer(rendering: str, text: str, kinds: Mapping[str, str], codes: Mapping[str, str]) -> Answer:
    """What an answer in one rendering says; unparsable, with why, when it breaks the contract in any way.

    `kinds` is the kind of each rule by its id; `codes` the rule behind each code of Llama Guard. A violation
    must cite a rule that forbids, and nothing that is safe may. Prose around an answer makes it unparsable.
    """
    if rendering == "llama_guard":
        return _from_lines(text, codes)
    found = _json(text)
    if isinstance(found, str):
        return Answer("unparsable", why=found)
    return _from_chat(found, kinds) if rendering == "chat" else _from_safeguard(found, kinds)


def _object(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _from_lines(text: str, codes: Mapping[str, str]) -> Answer:
    match = _GUARD.match(text)
    if match is None:
        return Answer("unparsable", why="neither 'safe' nor 'unsafe' with a second line of codes")
    if match[1]:
        return Answer("label", "safe")
    named = [code.strip() for code in match[2].split(",")]
    if unknown := [code for code in named if code not in codes]:
        return Answer("unparsable", why=f"no category {unknown[0]}")
    return Answer("label", "violates", tuple(dict.fromkeys(codes[code] for code in named)))


def _from_chat(found: Mapping[str, Any], kinds: Mapping[str, str]) -> Answer:
    if set(found) != {"label", "clauses"} or found["label"] not in LABELS:
        return Answer("unparsable", why="not exactly a label and clauses")
    return _checked(str(found["label"]), _ids(found["clauses"]), kinds)


def _from_safeguard(found: Mapping[str, Any], kinds: Mapping[str, str]) -> Answer:
    if set(found) != {"violation", "policy_category", "rule_ids", "escalate"}:
        return Answer("unparsable", why="not exactly violation, policy_category, rule_ids and escalate")
    violation, category = found["violation"], found["policy_category"]
    if type(violation) is not int or violation not in (0, 1) or type(found["escalate"]) is not bool:
        return Answer("unparsable", why="violation is not 0 or 1, or escalate not true or false")
    given = _ids(found["rule_ids"])
    if violation == 1 and given is not None and category not in given:
        return Answer("unparsable", why="policy_category is not among rule_ids")
    if violation == 0 and category is not None:
        return Answer("unparsable", why="a policy_category without a violation")
    label = "escalate" if found["escalate"] else "violates" if violation else "safe"
    return _checked(label, given, kinds)


def _ids(given: object) -> list[str] | None:
    """A list of words as it was given; None when it is anything else."""
    if not isinstance(given, list):
        return None
    listed = cast("list[object]", given)
    return [code for code in listed if isinstance(code, str)] if all(isinstance(one, str) for one in listed) else None


def _checked(label: str, given: list[str] | None, kinds: Mapping[str, str]) -> Answer:
    if given is None:
        return Answer("unparsable", why="the clauses are not a list of ids")
    clauses = tuple(dict.fromkeys(given))
    if unknown := [code for code in clauses if code not in kinds]:
        return Answer("unparsable", why=f"no clause {unknown[0][:40]}")
    forbids = any(kinds[code] == "violates" for code in clauses)
    if label == "violates" and not forbids:
        return Answer("unparsable", why="it violates, and cites no clause that forbids")
    if label == "safe" and forbids:
        return Answer("unparsable", why="it is safe, and cites a clause that forbids")
    return Answer("label", label, clauses)


def _json(text: str) -> Mapping[str, Any] | str:
    """The one JSON object that a text is, alone or in a code fence; else why not."""
    match = _FENCE.match(text)
    try:
        found = json.loads(match[1] if match else text, object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError):
        return "not one JSON object"
    return cast("Mapping[str, Any]", found) if isinstance(found, dict) else "not a JSON object"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _refused(constant: str) -> object:
    raise ValueError(constant)

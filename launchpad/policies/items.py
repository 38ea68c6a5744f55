"""An item to be judged, put so that nothing inside it can pass for an instruction or end the item.

For chat models an item is one line of JSON between two marks that carry the SHA-256 of that line: no text can contain
the hash of itself, a line break cannot end it, and signs that begin special tokens or tags are written as escapes.
Llama Guard was trained on plain turns, so there a turn's lines are indented and those signs replaced.
"""

import hashlib
import json
import re
from dataclasses import dataclass

from launchpad.errors import InvalidValueError

TAG_LENGTH = 16
BEGIN, END = "BEGIN ITEM", "END ITEM"
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPED = re.compile(r"[<>|\[\]`#\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_HIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_LOOK_ALIKE = str.maketrans({"<": "\u2039", ">": "\u203a"})
_INST = re.compile(r"\[(/?)(INST|SYS)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """A request, an answer, or both; at least one."""

    request: str | None = None
    response: str | None = None

    def __post_init__(self) -> None:
        if not (self.request or self.response):
            raise InvalidValueError("An item to judge needs a request or an answer.", "Give one of them.")


def as_json_line(item: Item) -> str:
    """The item as one line of JSON in which `<`, `>`, `|`, brackets, backticks, `#` and hidden signs are escapes."""
    return _escaped({"request": item.request, "response": item.response})


def quoted(words: str) -> str:
    """Words as a JSON string on one line, escaped likewise: how examples stand in a prompt."""
    return _escaped(words)


def delimited(item: Item) -> str:
    """The item between its two marks, each on a line of its own."""
    line = as_json_line(item)
    tag = hashlib.sha256(line.encode()).hexdigest()[:TAG_LENGTH]
    return f"{BEGIN} {tag}\n{line}\n{END} {tag}"


def as_turns(item: Item) -> str:
    """The item as turns of a conversation (User, Agent), every further line of a turn indented."""
    turns = (("User", item.request), ("Agent", item.response))
    return "\n\n".join(f"{who}: {_turn(words)}" for who, words in turns if words)


def without_angles(words: str) -> str:
    """Words in which no tag or special token can begin: angle brackets become single quotation marks."""
    return words.translate(_LOOK_ALIKE)


def _turn(words: str) -> str:
    plain = _INST.sub(r"(\1\2)", without_angles(words))
    lines = [_HIDDEN.sub("", line).strip() for line in _BREAKS.split(plain)]
    return "\n  ".join(line for line in lines if line)


def _escaped(value: object) -> str:
    line = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda sign: re.sub("....", r"\\u\g<0>", sign[0].encode("utf-16-be").hex()), line)

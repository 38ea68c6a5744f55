"""YAML from strangers: built from the parser's events, so that depth, size and repetition stay bounded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import yaml

from launchpad.errors import ImportRefusedError
from launchpad.intake.jsons import DAMAGED

MAX_FILE = 24 * 1024**2
MAX_DEPTH = 100
MAX_GROWTH = 20
ELSEWHERE = "Export the evaluation as JSON, which is read row by row."
_INTEGER = re.compile(r"[-+]?\d{1,15}")
_FLOAT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_MISSING = object()


@dataclass(slots=True)
class _Node:
    """A list or object being filled; `size` counts its text and that of everything below it."""

    value: list[object] | dict[str, object]
    anchor: str | None
    size: int = 1
    key: object = _MISSING


@dataclass(slots=True)
class _Builder:
    """The value that a stream of events describes, with what was given a name to be repeated."""

    name: str
    most: int
    open: list[_Node] = field(default_factory=list[_Node])
    named: dict[str, tuple[object, int]] = field(default_factory=dict[str, tuple[object, int]])
    result: object = None

    def take(self, event: yaml.Event) -> None:
        """Take in the next event."""
        if isinstance(event, yaml.ScalarEvent):
            self._put(_scalar(event), 1 + len(event.value), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.named:
                raise self._refusal("repeats something that is not complete there")
            self._put(*self.named[event.anchor], None)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(_Node([], event.anchor))
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(_Node({}, event.anchor))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            node = self.open.pop()
            self._put(node.value, node.size, node.anchor)

    def _open(self, node: _Node) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise self._refusal("is nested too deeply to be a result")
        self.open.append(node)

    def _put(self, value: object, size: int, anchor: str | None) -> None:
        if anchor is not None:
            self.named[anchor] = (value, size)
        if not self.open:
            self.result = value
            return
        node = self.open[-1]
        node.size += size
        if node.size > self.most:
            raise self._refusal("repeats itself until it is too large")
        if isinstance(node.value, list):
            node.value.append(value)
        elif node.key is _MISSING:
            node.key = value
        else:
            node.value[node.key if isinstance(node.key, str) else str(node.key)] = value
            node.key = _MISSING

    def _refusal(self, what: str) -> ImportRefusedError:
        return ImportRefusedError(f"{self.name} {what}.", ELSEWHERE)


def load(path: Path) -> object:
    """The first document of the file, with plain scalars as in JSON; refused when damaged or too large."""
    size = path.stat().st_size
    if size > MAX_FILE:
        raise ImportRefusedError(f"{path} is larger than {MAX_FILE >> 20} MB.", ELSEWHERE)
    builder = _Builder(str(path), MAX_GROWTH * size)
    loader = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        with path.open("rb") as file:
            for event in cast("Iterable[yaml.Event]", yaml.parse(file, Loader=loader)):
                if isinstance(event, yaml.DocumentEndEvent):
                    break
                builder.take(event)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}," if isinstance(mark, yaml.Mark) else ""
        raise ImportRefusedError(f"{path}{where} is not valid YAML, or is cut off before its end.", DAMAGED) from None
    return builder.result


def _scalar(event: yaml.ScalarEvent) -> object:
    words: str = event.value
    if not event.implicit[0]:
        return words
    if words in _CONSTANTS:
        return _CONSTANTS[words]
    if _INTEGER.fullmatch(words):
        return int(words)
    return float(words) if len(words) < 40 and _FLOAT.fullmatch(words) else words

"""How a report's template is read: words with named figures in braces, and a few lines in brackets.

    name: value              before a line of dashes: name, title, subtitle, footer, pages
    # Words  ## Words        headings
    ! Words   > Words        a lead; a note
    - Words                  a point
    [if a.b] [if not a.b] [else] [end]          what is said only where a figure is known and not none
    [each a.rows most 5] - {row_field} [end]    a point for each row
    [table a.rows most 5]                       a table: its columns (title, width in percent, number or verdict),
    Title 20 | Title 80 number                  then the cells of one row
    {row_field} | {row_field:date}
    [none] Words  [more] {more} further         where there are no rows; where there are more than are shown
    [picture name 100] key: words [end]         a chart, its width in percent, and the words in it

A paragraph goes on until an empty line. A figure is written {group.name:format:format}.
"""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from launchpad.errors import ExportError
from launchpad.export.document import Column
from launchpad.export.reports.words import REINSTALL

FIGURE = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)((?::[^{}:]+)*)\}")
_COMMAND = re.compile(r"\[(if not|if|else|end|each|table|none|more|picture)\b\s*([^\]]*)\]\s*(.*)")
_COLUMN = re.compile(r"(.*?)\s+(\d+)(?:\s+(number|verdict))?")
MARKS: Mapping[str, "Kind"] = {"## ": "heading 2", "# ": "heading 1", "! ": "lead", "> ": "note", "- ": "point"}

Kind = Literal["heading 1", "heading 2", "lead", "note", "point", "body"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words of one kind."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is said where a figure is there, and what where it is not."""

    figure: str
    yes: tuple["Node", ...]
    no: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of figures as points (`columns` empty) or as a table; at most so many of them."""

    figure: str
    most: int | None
    columns: tuple[Column, ...]
    cells: tuple[str, ...]
    none: str
    more: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by name, its width as a share of the text's, and the words in it."""

    name: str
    width: float
    words: Mapping[str, str]


Node = Text | Choice | Rows | Chart


@dataclass(frozen=True)
class Template:
    """A template as read: what stands at its head, and its body."""

    head: Mapping[str, str]
    body: tuple[Node, ...]


@dataclass
class _Lines:
    """The lines of a template that are still to be read, and where they come from."""

    name: str
    left: deque[str] = field(default_factory=deque[str])

    def wrong(self, what: str) -> ExportError:
        return ExportError(f"The report template {self.name} cannot be read: {what}.", REINSTALL)


def read_template(path: Path) -> Template:
    """The template in a file; raises ExportError where it cannot be read."""
    head, dashes, body = path.read_text(encoding="utf-8").partition("\n---\n")
    lines = _Lines(path.name, deque(body.splitlines()))
    if not dashes:
        raise lines.wrong("it has no head")
    pairs = (line.partition(":") for line in head.splitlines() if line.strip())
    nodes, end = _nodes(lines)
    if end:
        raise lines.wrong(f"[{end}] closes nothing")
    return Template({name.strip(): words.strip() for name, _, words in pairs}, nodes)


def _nodes(lines: _Lines) -> tuple[tuple[Node, ...], str]:
    """The nodes up to the [else] or [end] that closes them, and which of the two it was; neither at the end."""
    found: list[Node] = []
    while lines.left:
        line = lines.left.popleft().strip()
        if not line:
            continue
        command = _COMMAND.fullmatch(line)
        if command is None:
            found.append(_text(line, lines))
            continue
        word, about, rest = command.groups()
        if word in ("else", "end"):
            return tuple(found), word
        found.append(_node(word, about.split(), rest, lines))
    return tuple(found), ""


def _node(word: str, about: list[str], rest: str, lines: _Lines) -> Node:
    if word in ("if", "if not") and len(about) == 1:
        first, end = _nodes(lines)
        second, end = _nodes(lines) if end == "else" else ((), end)
        if end != "end":
            raise lines.wrong(f"[{word} {about[0]}] is not closed")
        return Choice(about[0], *((first, second) if word == "if" else (second, first)))
    if word in ("each", "table") and len(about) in (1, 3):
        return _rows(word, about, lines)
    if word == "picture" and len(about) == 2 and not rest:
        words = (line.partition(":") for line in _until_end(lines))
        return Chart(about[0], int(about[1]) / 100, {key.strip(): value.strip() for key, _, value in words})
    raise lines.wrong(f"[{word} {' '.join(about)}] means nothing here")


def _rows(word: str, about: list[str], lines: _Lines) -> Rows:
    inside = _until_end(lines)
    aside = {"none": "", "more": ""}
    for line in [each for each in inside if each.startswith(("[none]", "[more]"))]:
        aside[line[1:5]] = line[6:].strip()
        inside.remove(line)
    most = int(about[2]) if len(about) == 3 and about[1] == "most" else None
    if word == "each":
        points = tuple(line.removeprefix("- ") for line in inside)
        return Rows(about[0], most, (), points, **aside)
    if len(inside) != 2:
        raise lines.wrong(f"the table of {about[0]} needs its columns and its cells")
    columns = tuple(_column(words.strip(), lines) for words in inside[0].split("|"))
    cells = tuple(words.strip() for words in inside[1].split("|"))
    if len(cells) != len(columns):
        raise lines.wrong(f"the table of {about[0]} has {len(columns)} columns and {len(cells)} cells")
    return Rows(about[0], most, columns, cells, **aside)


def _column(words: str, lines: _Lines) -> Column:
    found = _COLUMN.fullmatch(words)
    if found is None:
        raise lines.wrong(f"{words!r} is no column")
    title, width, kind = found.groups()
    return Column(title, int(width) / 100, kind if kind in ("number", "verdict") else "text")


def _until_end(lines: _Lines) -> list[str]:
    """The lines before the next [end], which is taken away."""
    found: list[str] = []
    while lines.left:
        line = lines.left.popleft().strip()
        if line == "[end]":
            return found
        if line:
            found.append(line)
    raise lines.wrong("something is not closed with [end]")


def _text(line: str, lines: _Lines) -> Text:
    """One mark and its words; a paragraph without a mark takes in the lines below it."""
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            return Text(kind, line.removeprefix(mark))
    words = [line]
    while lines.left and (below := lines.left[0].strip()) and not _COMMAND.fullmatch(below):
        if below.startswith(tuple(MARKS)):
            break
        words.append(below)
        lines.left.popleft()
    return Text("body", " ".join(words))

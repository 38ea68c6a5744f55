"""A template filled with figures: a document in which every number comes from the data, and nothing is made up."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from launchpad.export.document import Block, Column, Document, Heading, Paragraph, Picture, Points, Table
from launchpad.export.reports.template import FIGURE, Chart, Choice, Node, Rows, Template, Text
from launchpad.export.reports.words import said

Figures = Mapping[str, object]
Draw = Callable[[str, Mapping[str, str]], tuple[bytes, Table] | None]


def fill(template: Template, figures: Figures, draw: Draw) -> Document:
    """The document of a template; `figures` holds the groups it names, `draw` makes a chart, or None without data."""

    def head(name: str) -> str:
        return _words(template.head.get(name, ""), figures, None)

    return Document(
        name=head("name"),
        title=head("title"),
        subtitle=head("subtitle"),
        footer=head("footer"),
        blocks=tuple(_joined(_blocks(template.body, figures, draw))),
        one_page=head("pages") == "1",
    )


def _blocks(nodes: tuple[Node, ...], figures: Figures, draw: Draw) -> Iterator[Block]:
    for node in nodes:
        match node:
            case Text():
                yield _text(node, figures)
            case Choice():
                there = bool(_value(node.figure, figures, None))
                yield from _blocks(node.yes if there else node.no, figures, draw)
            case Rows():
                yield from _rows(node, figures)
            case Chart():
                words = {key: _words(value, figures, None) for key, value in node.words.items()}
                drawn = draw(node.name, words)
                if drawn is not None:
                    yield Picture(drawn[0], node.width, words.get("caption", ""), drawn[1])


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    """Points that follow each other are one list."""
    held: list[str] = []
    for block in blocks:
        if isinstance(block, Points):
            held += block.points
            continue
        if held:
            yield Points(tuple(held))
            held = []
        yield block
    if held:
        yield Points(tuple(held))


def _text(node: Text, figures: Figures) -> Block:
    words = _words(node.words, figures, None)
    match node.kind:
        case "heading 1" | "heading 2":
            return Heading(int(node.kind[-1]), words)
        case "point":
            return Points((words,))
        case _:
            return Paragraph(words, node.kind)


def _rows(node: Rows, figures: Figures) -> Iterator[Block]:
    found = cast("tuple[object, ...]", _value(node.figure, figures, None) or ())
    shown = found if node.most is None else found[: node.most]
    if not found:
        if node.none:
            yield Paragraph(_words(node.none, figures, None), "note")
        return
    if node.columns:
        rows = (tuple(_words(cell, figures, row) for cell in node.cells) for row in shown)
        yield Table(_wide(node.columns), tuple(rows))
    else:
        yield Points(tuple(_words(point, figures, row) for row in shown for point in node.cells))
    if node.more and len(found) > len(shown):
        left = _words(node.more.replace("{more}", f"{len(found) - len(shown):,}"), figures, None)
        yield Paragraph(left, "note")


def _wide(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns with widths that add up to the whole."""
    whole = sum(column.width for column in columns)
    return tuple(Column(column.title, column.width / whole, column.kind) for column in columns)


def _words(words: str, figures: Figures, row: object) -> str:
    def one(found: re.Match[str]) -> str:
        return said(_value(found[1], figures, row), found[2].removeprefix(":"))

    return FIGURE.sub(one, words)


def _value(name: str, figures: Figures, row: object) -> object:
    group, _, field = name.partition(".")
    return getattr(figures[group], field) if field else getattr(row, group)

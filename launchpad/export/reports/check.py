"""What a template asks for that there is not: figures, lists and charts are declared, and templates held to them."""

import dataclasses
import typing
from collections.abc import Iterator, Mapping

from launchpad.export.reports.template import FIGURE, Chart, Choice, Node, Rows, Template, Text

Groups = Mapping[str, type]


def groups_named(template: Template) -> tuple[str, ...]:
    """The groups of figures a template draws on, in the order of their names."""
    return tuple(sorted({name.partition(".")[0] for name, row in _names(template) if "." in name or row is None}))


def unknown(template: Template, groups: Groups, charts: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What a template names that is not declared: figures, fields of rows, charts and the words they need."""
    for name, of in _names(template):
        if "." in name or of is None:
            if _declared(name, groups) is None:
                yield f"the figure {name}"
        elif (row := _row(of, groups)) is not None and name not in _hints(row):
            yield f"{name} in a row of {of}"
    for node in _each(template.body):
        if isinstance(node, Rows) and _declared(node.figure, groups) is not None and _row(node.figure, groups) is None:
            yield f"rows of {node.figure}, which is no list"
        if isinstance(node, Chart):
            wanted = charts.get(node.name)
            if wanted is None:
                yield f"the chart {node.name}"
            elif odd := sorted({"caption", *wanted} ^ set(node.words)):
                yield f"the words {', '.join(odd)} of the chart {node.name}, given or missing"


def _names(template: Template) -> Iterator[tuple[str, str | None]]:
    """Every figure named, with the list whose row it is looked for in, if any."""
    for words in template.head.values():
        yield from _in(words, None)
    for node in _each(template.body):
        match node:
            case Text(_, words):
                yield from _in(words, None)
            case Choice(figure):
                yield figure, None
            case Rows():
                yield node.figure, None
                for words in node.cells:
                    yield from _in(words, node.figure)
                for words in (node.none, node.more.replace("{more}", "")):
                    yield from _in(words, None)
            case Chart():
                for words in node.words.values():
                    yield from _in(words, None)


def _in(words: str, of: str | None) -> Iterator[tuple[str, str | None]]:
    for name, _ in FIGURE.findall(words):
        yield name, of


def _each(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Choice):
            yield from _each(node.yes)
            yield from _each(node.no)


def _declared(name: str, groups: Groups) -> object:
    """What a figure is declared as; None where it is not."""
    group, _, field = name.partition(".")
    return _hints(groups[group]).get(field) if group in groups else None


def _row(name: str, groups: Groups) -> type | None:
    """The dataclass of a list's rows; None where the figure is no list of them."""
    inside = typing.get_args(_declared(name, groups))
    return inside[0] if inside and dataclasses.is_dataclass(inside[0]) and isinstance(inside[0], type) else None


def _hints(declared: type) -> dict[str, object]:
    """The fields of a dataclass with their types, and the types its properties return."""
    found = dict(typing.get_type_hints(declared))
    for name in dir(declared):
        held = getattr(declared, name, None)
        if isinstance(held, property) and held.fget is not None:
            found[name] = typing.get_type_hints(held.fget).get("return")
    return found

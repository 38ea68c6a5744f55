"""Labels in a table: a row for each item and rater, or for each item with a column for each label and rater."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from launchpad.errors import ImportRefusedError
from launchpad.intake.labelled.given import GOLD, NAMES, Given, long_text, moment, pairs, words
from launchpad.intake.ratings import ITEM, RATER
from launchpad.intake.table.columns import plain
from launchpad.intake.values import listed
from launchpad.records.imported import Problem

_FOR_RATER = re.compile(r"(\w+):(.+)")
_GUARDED = re.compile(r"'(?=\s*[=+\-@\t\r])")
ABOUT: Mapping[str, tuple[str, ...]] = {
    "item": ("item id", *ITEM, "code"),
    "rater": (*RATER, "created by"),
    "version": ("policy version", "version"),
    "request": ("request", "prompt", "question", "input"),
    "response": ("response", "answer", "completion", "output"),
    "language": ("language",),
    "at": ("given at", "created at", "updated at", "time", "timestamp"),
    "kind": ("kind",),
}
COLUMNS = "Give the columns item_id, rater, and request_risk, violation or style (or label)."


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a table is what: about the item, a label of the row's rater, a label of a named rater."""

    about: Mapping[str, str]
    labels: Mapping[str, str]
    of_raters: tuple[tuple[str, str, str], ...]


def layout(path: str, header: Sequence[str], raters: Sequence[str] = ()) -> Layout:
    """The layout of a header; `raters` names columns that each hold one rater's label.

    Raises ImportRefusedError when no column says which item, or none holds labels.
    """
    called = {plain(name): name for name in reversed(header)}
    if missing := [name for name in raters if name not in header]:
        raise ImportRefusedError(f"{path} has no column {missing[0]!r}.", f"It has: {listed(header)}.")
    about = {what: called[name] for what, names in ABOUT.items() for name in reversed(names) if name in called}
    of_raters = [("", name, name) for name in raters]
    for name in header:
        match = _FOR_RATER.fullmatch(name)
        if match and match[1] in NAMES:
            of_raters.append((match[1], match[2], name))
    taken = {*about.values(), *raters}
    labels = {
        field: called[name]
        for field, names in NAMES.items()
        for name in reversed(names)
        if name in called and called[name] not in taken
    }
    if "item" not in about:
        raise ImportRefusedError(f"{path} says of no row which item it is about; it has {listed(header)}.", COLUMNS)
    if not of_raters and not labels.keys() - {"note"}:
        raise ImportRefusedError(f"{path} holds no labels; it has the columns {listed(header)}.", COLUMNS)
    return Layout(about, labels, tuple(of_raters))


def row(place: str, cells: Mapping[str, object], known: Layout, problems: list[Problem]) -> Iterator[Given]:
    """What a row says, once for each rater it has labels of."""
    held: dict[str, Any] = {what: words(_plain(cells.get(name))) for what, name in known.about.items()}
    kind, rater, at = held.pop("kind", None), held.pop("rater", None), held.pop("at", None)
    for text in ("request", "response"):
        if text in known.about:
            held[text] = long_text(_plain(cells.get(known.about[text])))
    if kind == "prediction":
        return
    if kind == "gold":
        problems.append(Problem(place, GOLD))
        return
    by: dict[str, list[tuple[str, str]]] = {}
    for field, who, column in known.of_raters:
        if who == "gold" or who.startswith("prediction:"):
            continue
        by.setdefault(who, []).extend(_said(field, cells, column))
    if known.labels:
        said = tuple(one for field, column in known.labels.items() for one in _said(field, cells, column))
        if said or not by:
            yield Given(place=place, said=said, rater=rater, at=moment(at), **held)
    for who, several in by.items():
        yield Given(place=f"{place}, {who}", said=tuple(several), rater=who, **held)


def _said(field: str, cells: Mapping[str, object], column: str) -> Iterator[tuple[str, str]]:
    return pairs(field or "label", _plain(cells.get(column)))


def _plain(value: object) -> object:
    """A cell without the apostrophe that keeps a spreadsheet from calculating it."""
    return _GUARDED.sub("", value, count=1) if isinstance(value, str) and _GUARDED.match(value) else value

"""Labels that several raters gave the same items, from a table: a column for each rater, or a row for each label."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from launchpad.errors import ImportRefusedError, InvalidValueError, UnknownRecordError
from launchpad.intake import jsons
from launchpad.intake.archive import PIECE
from launchpad.intake.lines import Lines
from launchpad.intake.source import Source, look
from launchpad.intake.table import recognises, sheets_of
from launchpad.intake.table.cells import words
from launchpad.intake.table.columns import plain
from launchpad.intake.table.sheets import MAX_CELLS, MAX_COLUMNS, too_large
from launchpad.intake.values import label, listed, number, shortened
from launchpad.records.imported import Problem

ITEM = (
    *("item", "item id", "example", "example id", "sample", "sample id", "unit", "unit id", "prompt id"),
    *("question id", "task id", "document id", "doc id", "case", "case id", "id"),
)
RATER = (
    *("rater", "rater id", "annotator", "annotator id", "coder", "coder id", "judge", "reviewer", "labeler"),
    *("labeller", "worker", "worker id"),
)
LABEL = ("label", "rating", "annotation", "verdict", "category", "class", "choice", "code", "score", "value")
MAX_SHOWN = 60
KINDS = "Give a CSV, TSV, XLSX or JSONL file, a column for each rater or the columns item, rater and label."
_WHOLE = re.compile(r"([-+]?\d+)\.0+")


@dataclass(frozen=True, slots=True)
class Ratings:
    """Labels by row and rater, None where a rater gave none; `items` names each row's item.

    Rows of one item (one prompt answered by several models) are rated apart and belong together.
    """

    items: tuple[str, ...]
    raters: tuple[str, ...]
    labels: tuple[tuple[str | None, ...], ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read: the names of its columns, and each row by them with the place where it stands."""

    path: Path
    header: tuple[str, ...]
    rows: Sequence[tuple[str, Mapping[str, object]]]
    problems: tuple[Problem, ...]

    def column(self, names: Sequence[str]) -> str | None:
        """The column called by the first of these names that there is."""
        called = {plain(name): name for name in reversed(self.header)}
        return next((called[name] for name in names if name in called), None)

    def label(self, place: str, row: Mapping[str, object], column: str) -> str | None:
        """What a row says in a column, None where it is empty; refused where that is no single value."""
        cell = row.get(column)
        if isinstance(cell, dict | list):
            what = f"{self.path}, {place}: {column!r} holds a list or an object, which is no label."
            raise ImportRefusedError(what, "Export one label a rater.")
        return _label(cell)


def read_ratings(path: str | Path, raters: Sequence[str] = ()) -> Ratings:
    """The labels in a table, of these raters in this order, else of all of them.

    A table with columns for item, rater and label has a row for each label; in any other each column but the item's
    is a rater. Raises ImportRefusedError for what is no such table, UnknownRecordError for a rater it does not have.
    """
    table = read_table(path)
    if len(set(raters)) < len(raters):
        twice = next(name for name in raters if raters.count(name) > 1)
        raise InvalidValueError(f"The rater {twice} is named twice.", "Name each rater once.")
    rater, given = table.column(RATER), table.column(LABEL)
    return _wide(table, raters) if rater is None or given is None else _long(table, raters, rater, given)


def read_table(path: str | Path) -> Table:
    """The rows of a CSV, TSV, XLSX, JSONL or JSON file by the names of its columns; refused when it has none."""
    source = look(Path(path))
    if source.start.lstrip()[:1] in (b"{", b"["):
        table = _from_json(source)
    elif recognises(source):
        table = _from_sheet(source)
    else:
        raise ImportRefusedError(f"{path} is not a table of ratings.", KINDS)
    if not table.rows:
        raise ImportRefusedError(f"{path} holds no ratings: there is no row below its header.", KINDS)
    if len(set(table.header)) < len(table.header):
        twice = next(name for name in table.header if table.header.count(name) > 1)
        raise ImportRefusedError(f"{path} has two columns called {twice!r}.", "Give each its own name.")
    return table


def _from_sheet(source: Source) -> Table:
    sheets, problems = sheets_of(source)
    filled = [sheet for sheet in sheets if any(any(words(cell) for cell in row) for row in sheet.rows)]
    if not filled:
        raise ImportRefusedError(f"{source.path} is empty: it holds no ratings.", KINDS)
    problems += [Problem(f"sheet {sheet.name!r}", "not read: ratings are on the first sheet") for sheet in filled[1:]]
    sheet, header = filled[0], list[str]()
    rows: list[tuple[str, Mapping[str, object]]] = []
    for place, cells in enumerate(sheet.rows):
        if not any(words(cell) for cell in cells):
            continue
        if not header:
            header = [words(cell) or "" for cell in cells]
            continue
        if any(words(cell) for cell in cells[len(header) :]):
            what = f"{len(cells)} cells below a header of {len(header)}; the row was left out"
            problems.append(Problem(sheet.where(place), what))
            continue
        rows.append((sheet.where(place), dict(zip(header, cells, strict=False))))
    return Table(source.path, tuple(name for name in header if name), rows, tuple(problems))


def _from_json(source: Source) -> Table:
    problems: list[Problem] = []
    header: dict[str, None] = {}
    rows: list[tuple[str, Mapping[str, object]]] = []
    cells = 0
    for place, row in _objects(source, problems):
        header.update(dict.fromkeys(row))
        cells += len(row)
        if len(header) > MAX_COLUMNS or cells > MAX_CELLS:
            raise too_large(source.path)
        rows.append((place, row))
    return Table(source.path, tuple(header), rows, tuple(problems))


def _objects(source: Source, problems: list[Problem]) -> Iterator[tuple[str, dict[str, object]]]:
    with source.path.open("rb") as file:
        if source.start.lstrip().startswith(b"{"):
            yield from ((f"line {number}", row) for number, row in Lines(str(source.path), file, problems))
            return
        items = jsons.array_items(iter(lambda: file.read(PIECE), b""), str(source.path))
        for number, row in enumerate(items, start=1):
            if isinstance(row, dict):
                yield f"entry {number}", {str(key): value for key, value in row.items()}  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType] - any JSON
            else:
                problems.append(Problem(f"entry {number}", "not an object, and left out"))


def _wide(table: Table, wanted: Sequence[str]) -> Ratings:
    item = table.column(ITEM)
    known = [name for name in table.header if name != item]
    raters = _chosen(table, wanted, known)
    labels = [tuple(table.label(place, row, name) for name in raters) for place, row in table.rows]
    if not wanted:
        _refuse_strangers(table, raters, labels)
    items = [(item and _label(row.get(item))) or place for place, row in table.rows]
    return Ratings(tuple(items), raters, tuple(labels), table.problems)


def _long(table: Table, wanted: Sequence[str], rater: str, given: str) -> Ratings:
    item = table.column(ITEM)
    if item is None:
        what = f"{table.path} has columns {rater!r} and {given!r}, but none that says which item was rated."
        raise ImportRefusedError(what, "Call that column 'item'.")
    problems = list(table.problems)
    found: dict[str, dict[str, tuple[str, str]]] = {}
    raters: dict[str, None] = {}
    for place, row in table.rows:
        of, by, said = (table.label(place, row, column) for column in (item, rater, given))
        if of is None or by is None:
            problems.append(Problem(place, f"no {item if of is None else rater}; the row was left out"))
            continue
        raters[by] = None
        given_by = found.setdefault(of, {})
        if said is not None and given_by.setdefault(by, (said, place))[0] != said:
            what = f"{table.path}: {by} gave item {of} two labels, {given_by[by][0]!r} ({given_by[by][1]})"
            raise ImportRefusedError(f"{what} and {said!r} ({place}).", "Keep one of them.")
    chosen = _chosen(table, wanted, list(raters))
    labels = [tuple(said.get(name, (None,))[0] for name in chosen) for said in found.values()]
    return Ratings(tuple(found), chosen, tuple(labels), tuple(problems))


def _chosen(table: Table, wanted: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    for name in wanted:
        if name not in known:
            raise UnknownRecordError(f"{table.path} has no rater {name}.", f"It has: {listed(known)}.")
    raters = tuple(wanted or known)
    if len(raters) < 2:
        whom = f"one rater, {raters[0]}" if raters else "no rater"
        raise InvalidValueError(f"{table.path}: agreement needs two raters, and there is {whom}.", KINDS)
    return raters


def _refuse_strangers(table: Table, raters: Sequence[str], labels: Sequence[Sequence[str | None]]) -> None:
    """Refuse a table in which a column is surely no rater: none of its labels is in any other column."""
    used = [set(column) - {None} for column in zip(*labels, strict=True)]
    for place, name in enumerate(raters):
        others = set[str | None]().union(*(said for other, said in enumerate(used) if other != place))
        if used[place] and not used[place] & others:
            what = f"{table.path}: no label in the column {shortened(name, MAX_SHOWN)!r} is in any other"
            raise InvalidValueError(f"{what}, so it may be no rater.", "Name the raters: --raters A,B .")


def _label(value: object) -> str | None:
    """A cell as the label it stands for, None when it is empty: 1 and 1.0 are one label, however a column is typed."""
    if isinstance(value, float):
        said = words(number(value))
    elif isinstance(value, str | date | time | timedelta):
        said = words(value)
    else:
        said = label(value)
    whole = None if said is None else _WHOLE.fullmatch(said)
    return said if whole is None else whole[1]

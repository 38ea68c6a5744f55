"""A tree as a table: one row for each concept, lists within a cell on lines of their own."""

import csv
import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from launchpad.errors import ImportRefusedError
from launchpad.taxonomies.plain import CHOICES, TEXTS, concept_from
from launchpad.taxonomies.tree import Concept, Said, Tree

LISTS = ("parents", "facets", "replaced_by", "said")
COLUMNS = ("code", "name", "parents", *CHOICES, *TEXTS, "replaced_by", "facets", "said")
KNOWN = {*COLUMNS, "parent"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_CELL = 1024**2


def csv_of(tree: Tree) -> str:
    """The concepts as CSV; what a spreadsheet would take for a formula gets an apostrophe, which reading takes off."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for concept in tree.concepts:
        plain = {name: str(getattr(concept, name) or "") for name in COLUMNS if name not in LISTS}
        cells = {**plain, **_lists(concept)}
        writer.writerow([_safe(cells[name]) for name in COLUMNS])
    return made.getvalue()


@contextmanager
def cells_of(most: int) -> Generator[None]:
    """Let the cells of tables be so long while they are read here; the limit is one for the whole program."""
    before = csv.field_size_limit(most)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def tree_from_csv(text: str, where: str, code: str) -> Tree:
    """The tree of a table with a column `code`, not yet settled; it is called by the file's name.

    Raises ImportRefusedError without a header that names codes.
    """
    lines = io.StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    first = lines.readline()
    lines.seek(0)
    delimiter = max(",;\t", key=first.count)
    problems: list[str] = []
    try:
        with cells_of(MOST_CELL):
            rows = list(csv.DictReader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise ImportRefusedError(f"{where} is no table: {error}.", "Save it as CSV once more.") from None
    header = [] if not rows else [name for name in rows[0] if name]
    if "code" not in header or "name" not in header:
        raise ImportRefusedError(f"{where} has no columns `code` and `name`.", f"It may have: {', '.join(COLUMNS)}.")
    unknown = [name for name in header if name not in KNOWN]
    problems.extend(f"the column {name[:60]!r} is not known here; left out" for name in unknown)
    concepts = tuple(_concepts(rows, problems))
    return Tree(code=code, name=code, concepts=concepts, problems=tuple(problems))


def _concepts(rows: list[dict[str, Any]], problems: list[str]) -> Iterator[Concept]:
    for line, row in enumerate(rows, 2):
        if any(isinstance(value, list) for value in row.values()):
            problems.append(f"row {line} has more cells than the header; what is beyond it is left out")
        cells = {name: _plain(value) for name, value in row.items() if name in KNOWN and isinstance(value, str)}
        if not any(cells.values()):
            continue
        given: dict[str, Any] = {name: cells.get(name) for name in ("code", "name", "parent", *CHOICES, *TEXTS)}
        given["parents"] = _lines(cells.get("parents"))
        given["replaced_by"] = _lines(cells.get("replaced_by"))
        given["facets"] = _facets(cells.get("facets"))
        given["said"] = [_said(one) for one in _lines(cells.get("said"))]
        yield concept_from(given, f"row {line}", problems)


def _lists(concept: Concept) -> Mapping[str, str]:
    said = [f"{one.kind}{f'@{one.language}' if one.language else ''}={_one_line(one.text)}" for one in concept.said]
    return {
        "parents": "\n".join(concept.parents),
        "replaced_by": "\n".join(concept.replaced_by),
        "facets": "\n".join(f"{facet}={value}" for facet, value in concept.facets),
        "said": "\n".join(said),
    }


def _one_line(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _many_lines(text: str) -> str:
    return "\\".join(part.replace("\\n", "\n") for part in text.split("\\\\"))


def _lines(cell: str | None) -> list[str]:
    return [line.strip() for line in (cell or "").splitlines() if line.strip()]


def _facets(cell: str | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _lines(cell):
        facet, _, value = line.partition("=")
        found.setdefault(facet, []).append(value)
    return found


def _said(line: str) -> dict[str, str | None]:
    kind, _, text = line.partition("=")
    name, _, language = kind.partition("@")
    one = Said(name, _many_lines(text), language or None)
    return {"kind": one.kind, "text": one.text, "language": one.language}


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
